use e2e::Page;
use fantoccini::key::Key;
use serde_json::{Value, json};

/// `?` lists the keys; they do what the list says, and nothing in a field, in a dialog or once
/// they are switched off.
pub async fn the_keys_that_are_listed_work(page: &Page) {
    page.at_full_speed().await;
    page.leader().await;
    let server = async |place: usize| page.state().await["servers"][place].clone();
    let speed = async || page.find("combobox", "Speed").value().await;
    let is_alone = async || {
        let pressed = "return document.querySelector('[aria-label=\"Isolate S2\"]').ariaPressed";
        page.run(pressed, vec![]).await
    };
    // The focus is nowhere at first.
    page.run("document.activeElement.blur()", vec![]).await;

    page.type_keys("k").await;
    page.button("Play").appears().await;
    let now = page.state().await["now_ms"].clone();
    page.type_keys(".").await;
    page.wait_until("a step was made", async || page.state().await["now_ms"] != now).await;
    page.type_keys(",").await;
    page.wait_until("the past is shown", async || {
        page.state().await["looking_at_ms"] != Value::Null
    })
    .await;
    page.type_keys("0").await;
    page.wait_until("now is shown", async || page.state().await["looking_at_ms"] == Value::Null)
        .await;

    page.type_keys("2").await;
    page.region("Inspector").shows("Inside S2").await;
    page.type_keys("c").await;
    page.wait_until("S2 is down", async || server(1).await["up"] == false).await;
    page.type_keys("c").await;
    page.wait_until("S2 is up", async || server(1).await["up"] == true).await;
    page.type_keys("i").await;
    page.wait_until("S2 is alone", async || is_alone().await == "true").await;
    page.type_keys("h").await;
    page.wait_until("the network is whole", async || is_alone().await == "false").await;
    let before = speed().await;
    page.type_keys("-").await;
    page.wait_until("time is slower", async || speed().await != before).await;
    page.type_keys("+").await;
    page.wait_until("time is as before", async || speed().await == before).await;

    // In a field they are letters; the search has the focus at once, and is found by its key.
    page.type_keys("/").await;
    page.type_keys("chi").await;
    assert_eq!(page.find("searchbox", "Search").value().await, "chi");
    assert_eq!(server(1).await["up"], json!(true), "a letter in a field crashes nobody");
    page.run("document.activeElement.blur()", vec![]).await;
    page.type_keys("e").await;
    let arrow = char::from(Key::Right).to_string();
    page.type_keys(&arrow).await;
    page.wait_until("the second tab is open", async || {
        let open = "return document.activeElement.getAttribute('aria-selected') + ' '
                      + document.activeElement.innerText";
        page.run(open, vec![]).await == json!("true Chain")
    })
    .await;
    // The space bar belongs to the button that has the focus.
    page.button("Play").press(" ").await;
    page.button("Pause").appears().await;
    page.type_keys("k").await;
    page.button("Play").appears().await;

    page.type_keys("?").await;
    let list = page.find("dialog", "Keys");
    list.shows("Crash or restart the chosen server").await;
    page.type_keys("c").await;
    assert_eq!(server(1).await["up"], json!(true), "a dialog has its own keys");
    list.named("These keys work").click().await;
    page.type_keys(&char::from(Key::Escape).to_string()).await;
    page.wait_until("the list is closed", async || list.count().await == 0).await;
    page.type_keys("k").await;
    page.button("Keys").click().await;
    page.button("Play").appears().await;
    list.named("These keys work").click().await;
    list.button("Close").click().await;
    page.type_keys("k").await;
    page.button("Pause").appears().await;
    page.is_safe().await;
}
