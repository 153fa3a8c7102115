use e2e::{Page, Server};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// A newer version is offered and not forced; whatever version is there opens without a network,
/// with the bank as it was.
pub async fn the_page_opens_without_a_network(page: &Page) {
    let folder = copy_of_the_page();
    let server = Server::start(folder.clone());
    page.go(server.address()).await;
    page.at_full_speed().await;
    page.leader().await;
    page.pay("Alice", "Bob", 7).await;
    is_kept(page, 1).await;

    mark(&folder, "second");
    page.reload().await;
    page.tells("A new version is ready.").await;
    assert_eq!(version(page).await, json!(null), "the new version is not forced");
    page.leader().await;
    page.button("Load it").click().await;
    page.wait_until("the new version is shown", async || version(page).await == "second").await;
    page.at_full_speed().await;
    page.leader().await;
    page.wait_until("the bank is there again", async || page.balance("Bob").await == Some(107))
        .await;
    is_kept(page, 2).await;

    drop(server);
    page.reload().await;
    page.at_full_speed().await;
    page.leader().await;
    assert_eq!(version(page).await, json!("second"));
    page.pay("Bob", "Carol", 5).await;
    assert_eq!(page.balance("Carol").await, Some(105));
    // That the server is gone is what this is about.
    page.console_errors().await;
    let _ = fs::remove_dir_all(folder);
}

/// Waits until so many versions of the page are kept whole.
async fn is_kept(page: &Page, versions: usize) {
    let count = "return (async () => {
                   let whole = 0;
                   for (const name of await caches.keys()) {
                     const cache = await caches.open(name);
                     whole += Boolean(await cache.match(location.href.split('#')[0])) ;
                   }
                   return whole;
                 })()";
    page.wait_until(&format!("{versions} versions are kept"), async || {
        page.run(count, vec![]).await == json!(versions)
    })
    .await;
}

async fn version(page: &Page) -> serde_json::Value {
    let mark = "return document.querySelector('meta[name=version]')?.content ?? null";
    page.run(mark, vec![]).await
}

/// A copy of the built page that may be changed.
fn copy_of_the_page() -> PathBuf {
    let dist = PathBuf::from(env::args().nth(1).expect("the tests run with the page's folder"));
    let folder = env::temp_dir().join(format!("raftbank-e2e-{}", std::process::id()));
    copy(&dist, &folder);
    folder
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("there is room for a copy");
    for entry in fs::read_dir(from).expect("the built page is there") {
        let path = entry.expect("the built page can be listed").path();
        let copied = to.join(path.file_name().expect("what is listed has a name"));
        if path.is_dir() {
            copy(&path, &copied);
        } else {
            fs::copy(&path, copied).expect("there is room for a copy");
        }
    }
}

/// Makes another version of the page.
fn mark(folder: &Path, version: &str) {
    let index = folder.join("index.html");
    let text = fs::read_to_string(&index).expect("the page has an index");
    let mark = format!("<meta name=\"version\" content=\"{version}\"></head>");
    fs::write(&index, text.replace("</head>", &mark)).expect("there is room for it");
}
