use e2e::Page;
use serde_json::{Value, json};

/// Keys tampered with while the page was closed are named, kept, and cost nobody else anything.
pub async fn what_cannot_be_read_is_named(page: &Page) {
    page.at_full_speed().await;
    page.leader().await;
    page.pay("Alice", "Bob", 30).await;
    page.button("Pause").click().await;

    // A block of one server: that server does not start; the others go on.
    let edit = "const text = localStorage.getItem(arguments[0]);
                localStorage.setItem(arguments[0], text.replace('30', '31'));
                return localStorage.getItem(arguments[0]) !== text";
    let keys = "return Object.keys(localStorage).filter((key) =>
                  key.startsWith('raftbank/S2/block/') && localStorage.getItem(key).includes('30'))";
    let keys = page.run(keys, vec![]).await;
    let key = keys[0].clone();
    assert_eq!(page.run(edit, vec![key.clone()]).await, json!(true), "{keys}");
    page.reload().await;
    page.at_full_speed().await;
    page.leader().await;
    let state = page.state().await;
    assert_eq!(state["servers"][1]["up"], json!(false), "{state}");
    page.main().shows("block/").await;
    page.pay("Alice", "Bob", 1).await;

    // The cluster's settings: the page says so, keeps what is there, and offers to start anew.
    page.run("localStorage.setItem('raftbank/cluster', '{\"rubbish\":1}')", vec![]).await;
    page.reload().await;
    page.alert().shows("raftbank/cluster").await;
    let kept = async |key: &str| {
        page.run("return localStorage.getItem(arguments[0])", vec![json!(key)]).await
    };
    assert_eq!(kept("raftbank/cluster").await, json!("{\"rubbish\":1}"));
    assert_ne!(kept("raftbank/S1/block/1").await, Value::Null);
    page.button("Start anew").click().await;
    page.at_full_speed().await;
    page.leader().await;
    page.pay("Alice", "Bob", 10).await;
    page.is_safe().await;
}
