//! Shared runs: links made natively and here, guests, damage, and how they are shown.

use super::page::{Page, call, document, settle, storage, type_into, wait_for};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, HtmlTextAreaElement};

/// A link that was made natively; `tests/runs.rs` makes it.
const GOLDEN: &str = include_str!("../golden/link.txt");

/// A link, as it was made before links were compressed.
fn plain_link(run: &JsValue) -> String {
    let text: String = js_sys::JSON::stringify(run).unwrap().into();
    let code = web_sys::window().unwrap().btoa(&text).unwrap();
    format!("#run={}", code.replace('+', "-").replace('/', "_").trim_end_matches('='))
}

fn everything_kept() -> Vec<(String, String)> {
    let storage = storage();
    let keys = (0..storage.length().unwrap()).map(|at| storage.key(at).unwrap().unwrap());
    let mut pairs: Vec<_> =
        keys.map(|key| (key.clone(), storage.get_item(&key).unwrap().unwrap())).collect();
    pairs.sort();
    pairs
}

/// Puts a link's fragment into the address, and waits until its run is shown.
async fn follow(page: &Page, fragment: &str) {
    web_sys::window().unwrap().location().set_hash(fragment).unwrap();
    wait_for("the shared run is shown", || is_there(page, ".guest:not(.opening)")).await;
    settle().await;
}

/// Takes the fragment out of the address again, as a test must that leaves the page.
async fn forget() {
    let window = web_sys::window().unwrap();
    let path = window.location().pathname().unwrap();
    window.history().unwrap().replace_state_with_url(&JsValue::NULL, "", Some(&path)).unwrap();
    settle().await;
}

fn is_there(page: &Page, selector: &str) -> bool {
    page.root.query_selector(selector).unwrap().is_some()
}

#[wasm_bindgen_test]
async fn a_guest_leaves_the_own_bank_as_it_was() {
    let page = Page::first_visit().await;
    page.send("Alice", "Bob", "25").await;
    page.run(3000).await;
    let shared = call("export", &[]);
    let link = plain_link(&shared);
    page.send("Bob", "Carol", "1").await;
    page.run(3000).await;
    let (own, kept) = (page.state(), everything_kept());

    web_sys::window().unwrap().location().set_hash(&link).unwrap();
    wait_for("the shared run is shown", || page.root.query_selector(".guest").unwrap().is_some())
        .await;
    assert!(page.text(".guest").contains("A shared run"), "{}", page.text(".guest"));
    let commit = page.leader().commit;
    assert!(commit < own.servers.iter().map(|one| one.commit).max().unwrap());
    page.send("Carol", "Alice", "9").await;
    page.run(3000).await;
    assert!(page.leader().commit > commit, "the guest lives");
    assert_eq!(everything_kept(), kept, "and touches nothing that is kept");

    page.click("Back to my bank").await;
    assert!(page.root.query_selector(".guest").unwrap().is_none());
    assert_eq!(web_sys::window().unwrap().location().hash().unwrap(), "");
    let back = page.state();
    assert_eq!(format!("{back:?}"), format!("{own:?}"));
    assert_eq!(everything_kept(), kept);
    page.run(3000).await;
    page.assert_safe();
}

#[wasm_bindgen_test]
async fn a_guest_can_be_kept_as_the_own_bank_after_a_second_press() {
    let page = Page::first_visit().await;
    page.send("Alice", "Bob", "25").await;
    page.run(3000).await;
    let link = plain_link(&call("export", &[]));
    drop(page);
    let page = Page::first_visit().await;
    web_sys::window().unwrap().location().set_hash(&link).unwrap();
    wait_for("the shared run is shown", || page.root.query_selector(".guest").unwrap().is_some())
        .await;
    page.click("Keep as my bank").await;
    page.click("Replace my bank").await;
    assert!(page.root.query_selector(".guest").unwrap().is_none());
    let commit = page.leader().commit;
    drop(page);
    let page = Page::open().await;
    page.run(6000).await;
    assert!(page.leader().commit >= commit);
    assert!(page.client("Bob").text_content().unwrap().contains("125"));
    page.assert_safe();
}

#[wasm_bindgen_test]
async fn a_link_made_natively_shows_the_same_events_here() {
    let page = Page::first_visit().await;
    follow(&page, &format!("#run={}", GOLDEN.trim_end())).await;
    let says = page.text(".guest");
    assert!(says.contains("A shared run: The leader crashes"), "{says}");
    assert!(says.contains("Sealed: all") && says.contains("events are as they were"), "{says}");
    assert_eq!(document().title(), "The leader crashes · Raftbank");
    page.click("Back to my bank").await;
    assert_eq!(document().title(), "Raftbank: a bank to break");
}

#[wasm_bindgen_test]
async fn what_is_shared_here_opens_as_it_was_and_looks_as_it_was_wished() {
    let page = Page::first_visit().await;
    page.send("Alice", "Bob", "25").await;
    page.run(3000).await;
    page.click("Share").await;
    wait_for("the link is made", || is_there(&page, ".made")).await;
    let link = || {
        let text = document().get_element_by_id("share-link").unwrap();
        text.unchecked_into::<HtmlTextAreaElement>().value()
    };
    // Each wish makes another link, a moment later.
    let wish = async |what: &str, wish: &dyn Fn()| {
        let before = link();
        wish();
        wait_for(&format!("the link has {what}"), || link() != before).await;
    };
    wish("its name", &|| type_into(&page.root, "Name", "<b>Friday</b>")).await;
    let hint = || type_into(&page.root, "What to watch for", "Bob & \"Alice\"");
    wish("what to watch for", &hint).await;
    let label = page.named(&page.root, "label", "Opens at the beginning, to be watched");
    wish("its beginning", &|| label.unchecked_ref::<HtmlElement>().click()).await;
    let link = link();
    let frame = document().get_element_by_id("share-embed-html").unwrap();
    let frame = frame.unchecked_into::<HtmlTextAreaElement>().value();
    assert!(frame.contains("title=\"&lt;b&gt;Friday&lt;/b&gt; (Raftbank)\""), "{frame}");
    page.click("Close").await;
    let own = page.state();

    follow(&page, &format!("#{}", link.split_once('#').unwrap().1)).await;
    let says = page.text(".guest");
    assert!(says.contains("A shared run: <b>Friday</b>"), "a name is shown as text: {says}");
    assert!(says.contains("Bob & \"Alice\"") && says.contains("Sealed: all"), "{says}");
    assert!(page.state().clients.iter().all(|client| client.requests.is_empty()), "it begins");
    page.run(9000).await;
    assert!(page.requests("Alice").contains("committed at height"), "{}", page.requests("Alice"));
    page.click("Back to my bank").await;
    assert_eq!(format!("{:?}", page.state()), format!("{own:?}"));
}

#[wasm_bindgen_test]
async fn a_damaged_link_says_what_to_do_and_changes_nothing() {
    let page = Page::first_visit().await;
    let own = page.state();
    let golden = GOLDEN.trim_end();
    let cut = golden[..golden.len() / 2].to_owned();
    let newer = golden.replacen("2.", "7.", 1);
    // 20 MB of spaces.
    let bomb = bomb().await;
    for (code, says) in [
        (cut.as_str(), "Copy it again, whole"),
        (newer.as_str(), "newer one"),
        (bomb.as_str(), "16 MB"),
        ("2.*", "no link has"),
        ("eyJ2ZXJzaW9uIjo5OX0", "version 99"),
    ] {
        web_sys::window().unwrap().location().set_hash(&format!("#run={code}")).unwrap();
        wait_for(says, || is_there(&page, ".banner")).await;
        let told = page.text(".banner");
        assert!(told.contains(says), "{says}: {told}");
        page.click_in(&page.root.query_selector(".banner").unwrap().unwrap(), "Dismiss").await;
        assert!(!is_there(&page, ".guest"));
    }
    forget().await;
    assert_eq!(format!("{:?}", page.state()), format!("{own:?}"));
    page.assert_safe();
}

/// Few letters that inflate to more than a run may have: blocks of DEFLATE that repeat a zero.
async fn bomb() -> String {
    let script = "(async () => {
        const zeros = new Blob([new Uint8Array(20_000_000)]).stream();
        const packed = zeros.pipeThrough(new CompressionStream('deflate-raw'));
        const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
        const text = btoa(String.fromCharCode(...bytes));
        return '2.' + text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
    })()";
    let promise: js_sys::Promise = js_sys::eval(script).unwrap().unchecked_into();
    wasm_bindgen_futures::JsFuture::from(promise).await.unwrap().as_string().unwrap()
}

#[wasm_bindgen_test]
async fn another_engines_run_is_shown_and_told_of() {
    let page = Page::first_visit().await;
    let run = call("export", &[]);
    let text: String = js_sys::JSON::stringify(&run).unwrap().into();
    let seal = format!(",\"seal\":{{\"events\":7,\"hash\":\"{}\"}}}}", "ab".repeat(32));
    let text = format!("{}{seal}", text.strip_suffix('}').unwrap());
    let code = web_sys::window().unwrap().btoa(&text).unwrap();
    follow(&page, &format!("#run={}", code.trim_end_matches('='))).await;
    let says = page.text(".guest [role=alert]");
    assert!(says.contains("Another version of Raftbank made it"), "{says}");
    assert!(says.contains("had 7 events, digest abababab"), "{says}");
    page.run(2000).await;
    page.click("Back to my bank").await;
    page.assert_safe();
}

#[wasm_bindgen_test]
async fn a_lecture_hides_the_rest_and_escape_leaves_it() {
    let page = Page::first_visit().await;
    page.click("Projector").await;
    assert!(!is_there(&page, ".log") && !is_there(&page, ".top") && is_there(&page, ".cluster"));
    assert_eq!(web_sys::window().unwrap().location().hash().unwrap(), "#view=lecture");
    let key = |name: &str| {
        let init = web_sys::KeyboardEventInit::new();
        init.set_key(name);
        init.set_bubbles(true);
        let class = web_sys::KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init);
        document().body().unwrap().dispatch_event(&class.unwrap()).unwrap();
    };
    page.named(&page.root, "button", "Play");
    key(" ");
    settle().await;
    page.named(&page.root, "button", "Pause");
    let before = page.state().now_ms;
    key("ArrowRight");
    settle().await;
    page.named(&page.root, "button", "Play");
    assert!(page.state().now_ms > before, "an arrow steps, and pauses");
    key("Escape");
    settle().await;
    assert!(is_there(&page, ".log") && is_there(&page, ".top"));
    assert_eq!(web_sys::window().unwrap().location().hash().unwrap(), "");
}

#[wasm_bindgen_test]
async fn a_frame_starts_paused_and_keeps_nothing() {
    storage().clear().unwrap();
    let window = web_sys::window().unwrap();
    let address = format!("#run={}&view=embed", GOLDEN.trim_end());
    window.history().unwrap().replace_state_with_url(&JsValue::NULL, "", Some(&address)).unwrap();
    let page = Page::open().await;
    wait_for("the shared run is shown", || page.text(".guest").contains("The leader")).await;
    page.named(&page.root, "button", "Play");
    let link = page.named(&page.root, "a", "Open in Raftbank");
    let target = link.get_attribute("href").unwrap();
    assert!(target.ends_with(&format!("#run={}", GOLDEN.trim_end())), "{target}");
    page.run(3000).await;
    assert!(!is_there(&page, ".log") && !is_there(&page, ".offer"));
    assert_eq!(everything_kept(), []);
    drop(page);
    forget().await;
    document().document_element().unwrap().remove_attribute("class").unwrap();
}
