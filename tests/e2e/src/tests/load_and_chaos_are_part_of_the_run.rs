use e2e::Page;
use fantoccini::key::Key;

/// Load and chaos are switched on by pointer and by keys; the switches show the moment that is
/// looked at, and what is on goes on after a reload.
pub async fn load_and_chaos_are_part_of_the_run(page: &Page) {
    page.at_full_speed().await;
    page.leader().await;
    let traffic = page.group("Traffic");
    traffic.choice("Load").choose("20 a second").await;
    page.wait_until("clients ask by themselves", async || {
        page.state().await["clients"][0]["requests"].as_array().is_some_and(|all| all.len() > 3)
    })
    .await;
    assert_eq!(page.state().await["load"], 20.0);

    // By keys: a letter chooses in a list.
    traffic.choice("Chaos").press("h").await;
    page.wait_until("chaos is on", async || page.state().await["chaos"] == "hostile").await;
    traffic.shows("nothing lasts").await;
    let acted = "return (async () => (await raftbank.run(20000)).now_ms)()";
    page.run(acted, vec![]).await;
    page.is_safe().await;

    // In the past both are as they were: off.
    page.button("Pause").click().await;
    page.find("slider", "Moment").press(&char::from(Key::Home).to_string()).await;
    page.wait_until("the switch shows the beginning", async || {
        traffic.choice("Load").value().await == "off"
    })
    .await;
    page.button("Back to now").click().await;
    page.wait_until("and the end", async || traffic.choice("Load").value().await != "off").await;

    page.reload().await;
    page.at_full_speed().await;
    page.wait_until("both go on after a reload", async || {
        let state = page.state().await;
        state["load"] == 20.0 && state["chaos"] == "hostile"
    })
    .await;
    let traffic = page.group("Traffic");
    traffic.choice("Chaos").press("o").await;
    traffic.choice("Load").choose("off").await;
    page.wait_until("everything is answered and all servers run", async || {
        let state = page.state().await;
        let up = state["servers"].as_array().expect("servers").iter().all(|it| it["up"] == true);
        let pending = |client: &serde_json::Value| {
            let requests = client["requests"].as_array().expect("requests").iter();
            requests.filter(|request| request["status"] == "pending").count()
        };
        let clients = state["clients"].as_array().expect("clients");
        up && clients.iter().map(pending).sum::<usize>() == 0
    })
    .await;
    page.is_safe().await;
}
