use e2e::Page;
use serde_json::{Value, json};

/// The engine stops on a bug: the page says what happened, gives the run, and leads back to
/// before it. What the browser keeps is as it was.
pub async fn a_bug_loses_nothing(page: &Page) {
    page.at_full_speed().await;
    let leader = page.leader().await;
    page.pay("Alice", "Bob", 30).await;
    page.button("Pause").click().await;
    let before = page.run("return Object.keys(localStorage)", vec![]).await;
    assert!(before.as_array().is_some_and(|keys| !keys.is_empty()), "the bank is kept");
    let height = page.height().await;

    // In a dialog, since what is open there must not be in the way.
    page.button("Settings").click().await;
    page.dialog().appears().await;
    let stop = "try { window.raftbank.panic('an invented reason'); } catch {}";
    page.run(stop, vec![]).await;
    page.alert().shows("The engine stopped on a bug").await;
    page.alert().shows("an invented reason").await;
    page.alert().shows("api.rs").await;
    assert_eq!(page.dialog().count().await, 0, "no dialog is above it");
    let errors = page.console_errors().await;
    assert!(errors.iter().any(|it| it.contains("an invented reason")), "{errors:?}");

    // The tab is alive, and gives the run.
    let catch = "URL.createObjectURL = (blob) => { blob.text().then((it) => window.saved = it);
                   return 'data:,'; }";
    page.run(catch, vec![]).await;
    page.alert().button("Save the run").click().await;
    page.wait_until("the run is saved", async || {
        page.run("return window.saved ?? null", vec![]).await != Value::Null
    })
    .await;
    let run = page.run("return JSON.parse(window.saved)", vec![]).await;
    assert_eq!(run["version"], json!(2));
    assert!(run["actions"].to_string().contains("submit"), "{}", run["actions"]);

    page.alert().button("Go back to before it").click().await;
    let guest = page.find("complementary", "Not your own bank");
    guest.shows("The run before the bug").await;
    guest.shows("an invented reason").await;
    page.button("Play").appears().await;
    let state = page.state().await;
    assert!(state["now_ms"].as_f64().is_some_and(|now| now > 0.0), "{state}");
    page.at_full_speed().await;
    page.button("Play").click().await;
    page.wait_until("what was done is done again", async || page.committed("Alice").await == 1)
        .await;
    page.button("Pause").click().await;
    let lost = "return arguments[0].filter((key) => localStorage.getItem(key) === null)";
    assert_eq!(page.run(lost, vec![before]).await, json!([]), "nothing that was kept is lost");

    guest.button("Back to my bank").click().await;
    page.at_full_speed().await;
    page.wait_until("the bank goes on", async || page.height().await >= height).await;
    page.wait_until("the money is there", async || page.balance("Bob").await == Some(130)).await;
    page.server(&leader).appears().await;
    page.is_safe().await;
}
