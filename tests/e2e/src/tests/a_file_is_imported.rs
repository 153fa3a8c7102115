use e2e::Page;
use fantoccini::Locator;
use std::{env, fs, process};

/// A run that was exported is imported again: the same moment, while the visitor's own bank waits.
/// A file that is none is told of, and changes nothing.
pub async fn a_file_is_imported(page: &Page) {
    page.at_full_speed().await;
    page.leader().await;
    page.pay("Alice", "Bob", 30).await;
    page.button("Pause").click().await;
    let exported = page.run("return JSON.stringify(raftbank.export())", vec![]).await;
    let exported = exported.as_str().expect("the run is text").to_owned();
    let before = page.state().await;
    page.button("Play").click().await;
    page.pay("Bob", "Carol", 5).await;
    page.button("Pause").click().await;

    choose_file(page, "no run at all").await;
    page.alert().shows("It is not a Raftbank run").await;
    // The next one is told of in its place.
    choose_file(page, "{\"version\":99}").await;
    page.alert().shows("It is written in version 99").await;
    page.button("Dismiss").click().await;

    choose_file(page, &exported).await;
    page.find("complementary", "Not your own bank").appears().await;
    let state = page.state().await;
    for part in ["now_ms", "servers", "clients", "channel"] {
        assert_eq!(state[part], before[part], "{part}");
    }
    page.button("Back to my bank").click().await;
    page.wait_until("the own bank is there", async || page.balance("Carol").await == Some(105))
        .await;
}

/// Imports a file that holds this text.
async fn choose_file(page: &Page, text: &str) {
    let path = env::temp_dir().join(format!("raftbank-e2e-{}.json", process::id()));
    fs::write(&path, text).expect("there is room for a small file");
    let field = page.client().find(Locator::Css("input[type=file]")).await;
    let path = path.to_str().expect("the folder's name is text");
    let chosen = field.expect("the page takes files").send_keys(path).await;
    chosen.expect("the field takes a file");
}
