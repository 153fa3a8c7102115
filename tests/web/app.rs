//! The page, mounted in a browser and driven as people do: by names of buttons and fields.
//!
//! Virtual time is passed with `window.raftbank.run`, never waited for.

use gloo_timers::future::TimeoutFuture;
use js_sys::{Function, Promise, Reflect};
use raftbank::ui::app::App;
use serde::Deserialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Document, Element, HtmlElement, HtmlInputElement, HtmlSelectElement};

#[derive(Debug, Deserialize)]
pub struct State {
    pub now_ms: f64,
    looking_at_ms: Option<f64>,
    branch: String,
    live: bool,
    pub servers: Vec<Server>,
    pub clients: Vec<Client>,
    pub safety: Safety,
}

#[derive(Debug, Deserialize)]
pub struct Server {
    pub id: String,
    pub up: bool,
    pub role: String,
    pub term: u64,
    pub commit: u64,
    pub tip_hash: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Client {
    pub name: String,
    pub requests: Vec<Request>,
}

#[derive(Debug, Deserialize)]
pub struct Request {
    pub status: String,
    pub height: Option<u64>,
}

#[derive(Debug, Deserialize)]
pub struct Safety {
    pub violations: Vec<String>,
}

/// The page in the document; it leaves it when dropped.
pub struct Page {
    handle: Option<yew::AppHandle<App>>,
    pub root: Element,
}

impl Page {
    /// A first visit, paused, with a leader elected.
    pub async fn first_visit() -> Self {
        storage().clear().unwrap();
        let page = Self::open().await;
        page.click("Pause").await;
        page.run(3000).await;
        page
    }

    pub async fn open() -> Self {
        let root = document().create_element("div").unwrap();
        document().body().unwrap().append_child(&root).unwrap();
        let handle = yew::Renderer::<App>::with_root(root.clone()).render();
        let page = Self { handle: Some(handle), root };
        settle().await;
        page
    }

    pub async fn run(&self, ms: u32) {
        let promise: Promise = call("run", &[ms.into()]).unchecked_into();
        JsFuture::from(promise).await.unwrap();
        settle().await;
    }

    pub fn state(&self) -> State {
        serde_wasm_bindgen::from_value(call("state", &[])).unwrap()
    }

    pub fn leader(&self) -> Server {
        let leaders = self.state().servers.into_iter().filter(|server| server.role == "leader");
        leaders.max_by_key(|server| server.term).expect("somebody leads")
    }

    /// The element of this role with this accessible name, within another.
    pub fn named(&self, within: &Element, selector: &str, name: &str) -> Element {
        let all = within.query_selector_all(selector).unwrap();
        let mut elements =
            (0..all.length()).filter_map(|at| all.item(at)?.dyn_into::<Element>().ok());
        let found = elements.find(|element| {
            let label = element.get_attribute("aria-label");
            label.or_else(|| element.text_content()).is_some_and(|own| own.trim() == name)
        });
        found.unwrap_or_else(|| panic!("there is no {selector} '{name}'"))
    }

    pub async fn click(&self, name: &str) {
        self.click_in(&self.root, name).await;
    }

    pub async fn click_in(&self, within: &Element, name: &str) {
        self.named(within, "button", name).unchecked_into::<HtmlElement>().click();
        settle().await;
    }

    pub fn client(&self, name: &str) -> Element {
        self.named(&self.root, "[role=group]", name)
    }

    pub async fn send(&self, from: &str, to: &str, amount: &str) {
        let card = self.client(from);
        let select: HtmlSelectElement = labelled(&card, "To").unchecked_into();
        select.set_value(to);
        fire(&select, "change");
        type_into(&card, "Amount", amount);
        settle().await;
        self.click_in(&card, "Send transfer").await;
    }

    /// Puts the leader on one side of a partition, and all others on the other.
    async fn cut_off_the_leader(&self) -> Server {
        let leader = self.leader();
        let servers = self.state().servers.into_iter().map(|server| server.id);
        let others: Vec<String> = servers.filter(|id| *id != leader.id).collect();
        self.partition(&format!("{};{}", leader.id, others.join("-"))).await;
        leader
    }

    async fn partition(&self, groups: &str) {
        type_into(&self.root, "Partition groups", groups);
        settle().await;
        self.click("Apply partition").await;
    }

    /// Moves the slider to one of its thousand places.
    async fn slide(&self, place: u32) {
        let slider = self.named(&self.root, "input[type=range]", "Moment");
        let slider: HtmlInputElement = slider.unchecked_into();
        slider.set_value(&place.to_string());
        fire(&slider, "input");
        settle().await;
        // Far moments take more than a turn of the browser.
        self.run(0).await;
    }

    pub fn text(&self, selector: &str) -> String {
        let element = self.root.query_selector(selector).unwrap();
        let element = element.unwrap_or_else(|| panic!("there is no {selector}"));
        element.text_content().unwrap_or_default()
    }

    pub fn requests(&self, client: &str) -> String {
        let list = self.client(client).query_selector("[aria-label=Requests]").unwrap().unwrap();
        list.text_content().unwrap_or_default()
    }

    pub fn assert_safe(&self) {
        let violations = self.state().safety.violations;
        assert!(violations.is_empty(), "{violations:?}");
        assert_eq!(self.text(".safety .verdict"), "all hold");
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        if let Some(handle) = self.handle.take() {
            handle.destroy();
        }
        self.root.remove();
    }
}

pub fn document() -> Document {
    web_sys::window().unwrap().document().unwrap()
}

pub fn storage() -> web_sys::Storage {
    web_sys::window().unwrap().local_storage().unwrap().unwrap()
}

/// Lets the browser have its turn, in which components are drawn.
pub async fn settle() {
    TimeoutFuture::new(0).await;
    TimeoutFuture::new(0).await;
}

pub fn call(name: &str, arguments: &[JsValue]) -> JsValue {
    let object = Reflect::get(&web_sys::window().unwrap(), &"raftbank".into()).unwrap();
    let function: Function = Reflect::get(&object, &name.into()).unwrap().unchecked_into();
    function.apply(&object, &arguments.iter().collect()).unwrap()
}

pub fn labelled(within: &Element, label: &str) -> Element {
    let all = within.query_selector_all("label").unwrap();
    let mut labels = (0..all.length()).filter_map(|at| all.item(at)?.dyn_into::<Element>().ok());
    let found = labels.find(|one| one.text_content().is_some_and(|text| text.trim() == label));
    let id = found.and_then(|label| label.get_attribute("for"));
    let id = id.unwrap_or_else(|| panic!("there is no label '{label}'"));
    document().get_element_by_id(&id).unwrap()
}

pub fn type_into(within: &Element, label: &str, text: &str) {
    let input: HtmlInputElement = labelled(within, label).unchecked_into();
    input.set_value(text);
    fire(&input, "input");
}

pub(crate) fn fire(element: &Element, kind: &str) {
    let init = js_sys::Object::new();
    Reflect::set(&init, &"bubbles".into(), &true.into()).unwrap();
    let event = if kind == "input" { "InputEvent" } else { "Event" };
    let class: Function =
        Reflect::get(&web_sys::window().unwrap(), &event.into()).unwrap().unchecked_into();
    let arguments = js_sys::Array::of2(&kind.into(), &init);
    let event = Reflect::construct(&class, &arguments).unwrap();
    element.dispatch_event(event.unchecked_ref()).unwrap();
}

#[wasm_bindgen_test]
async fn a_transfer_is_sent_and_committed() {
    let page = Page::first_visit().await;
    page.send("Alice", "Bob", "25").await;
    assert!(page.requests("Alice").contains("pending"), "{}", page.requests("Alice"));
    page.run(2000).await;
    let state = page.state();
    let alice = state.clients.iter().find(|client| client.name == "Alice").unwrap();
    assert_eq!(alice.requests[0].status, "committed");
    let height = alice.requests[0].height.unwrap();
    assert!(page.requests("Alice").contains(&format!("committed at height {height}")));
    assert!(
        page.client("Bob")
            .query_selector(".balance")
            .unwrap()
            .unwrap()
            .text_content()
            .unwrap()
            .contains("125")
    );
    page.click_in(&page.client("Bob"), "Check balance").await;
    page.run(1000).await;
    assert!(page.requests("Bob").contains("125 at height"), "{}", page.requests("Bob"));
    page.assert_safe();
}

#[wasm_bindgen_test]
async fn another_leads_when_the_leader_crashes_and_the_old_one_returns_with_its_chain() {
    let page = Page::first_visit().await;
    page.send("Alice", "Bob", "5").await;
    page.run(2000).await;
    let old = page.leader();
    page.click(&format!("Crash {}", old.id)).await;
    assert!(!page.state().servers.iter().any(|server| server.id == old.id && server.up));
    page.run(4000).await;
    let new = page.leader();
    assert_ne!(new.id, old.id);
    assert!(new.term > old.term && new.commit >= old.commit);
    let label = format!("Server {}, leader, term {}, commit {}", new.id, new.term, new.commit);
    page.named(&page.root, "[data-server]", &label);
    assert!(page.text("[aria-label=Announcements]").contains("became leader"));
    page.click(&format!("Restart {}", old.id)).await;
    page.run(2000).await;
    let tips: Vec<_> = page.state().servers.into_iter().map(|server| server.tip_hash).collect();
    assert!(tips.iter().all(|tip| tip.is_some() && *tip == tips[0]), "{tips:?}");
    page.assert_safe();
}

#[wasm_bindgen_test]
async fn a_leader_in_a_minority_commits_nothing_until_the_network_heals() {
    let page = Page::first_visit().await;
    let leader = page.cut_off_the_leader().await;
    assert!(page.text(".stage").contains("no majority"), "{}", page.text(".stage"));
    page.send("Carol", "Alice", "7").await;
    page.run(6000).await;
    let state = page.state();
    let cut_off = state.servers.iter().find(|server| server.id == leader.id).unwrap();
    assert_eq!(cut_off.commit, leader.commit);
    let elected = page.leader();
    assert_ne!(elected.id, leader.id);
    page.click("Heal network").await;
    page.run(6000).await;
    assert!(page.requests("Carol").contains("committed at height"), "{}", page.requests("Carol"));
    let tips: Vec<_> = page.state().servers.into_iter().map(|server| server.tip_hash).collect();
    assert!(tips.iter().all(|tip| *tip == tips[0]), "{tips:?}");
    page.assert_safe();
}

#[wasm_bindgen_test]
async fn a_reload_loses_nothing() {
    let page = Page::first_visit().await;
    page.send("Alice", "Bob", "30").await;
    page.run(3000).await;
    let before = page.leader();
    // One more is under way when the power goes.
    page.send("Bob", "Carol", "40").await;
    drop(page);
    let page = Page::open().await;
    page.run(6000).await;
    let after = page.leader();
    assert!(after.commit > before.commit && after.term > before.term);
    assert!(page.requests("Bob").contains("committed at height"), "{}", page.requests("Bob"));
    assert!(page.client("Carol").text_content().unwrap().contains("140"));
    page.assert_safe();
}

#[wasm_bindgen_test]
async fn what_cannot_be_read_is_named_and_left_as_it_is() {
    let page = Page::first_visit().await;
    drop(page);
    storage().set_item("raftbank/S2/state", "{rubbish").unwrap();
    let page = Page::open().await;
    assert!(page.text(".banner").contains("raftbank/S2/state"), "{}", page.text(".banner"));
    page.named(&page.root, ".banner button", "Download a copy");
    assert_eq!(storage().get_item("raftbank/S2/state").unwrap().unwrap(), "{rubbish");
    page.run(4000).await;
    // The others go on without it.
    assert_ne!(page.leader().id, "S2");
    page.click("Start anew").await;
    page.run(4000).await;
    assert!(page.root.query_selector(".banner").unwrap().is_none());
    assert!(page.state().servers.iter().all(|server| server.up));
}

#[wasm_bindgen_test]
async fn bad_input_is_answered_where_it_was_made() {
    let page = Page::first_visit().await;
    for amount in ["", "0", "-3", "2.5", "18446744073709551616"] {
        page.send("Alice", "Bob", amount).await;
        let alert = page.client("Alice").query_selector("[role=alert]").unwrap();
        assert!(alert.is_some(), "an amount of '{amount}' was not answered");
    }
    page.send("Alice", "Bob", "150").await;
    assert!(page.client("Alice").query_selector("[role=alert]").unwrap().is_none());
    for groups in ["S1;S9", "S1;S1", "rubbish", ";"] {
        page.partition(groups).await;
        assert!(!page.text(".network [role=alert]").is_empty(), "{groups}");
    }
    type_into(&page.root, "Seed", "forty");
    settle().await;
    page.click("Reset").await;
    assert!(page.text("#seed-says").contains("whole number"));
    page.run(2000).await;
    assert!(page.requests("Alice").contains("refused: insufficient funds"));
    page.assert_safe();
}

#[wasm_bindgen_test]
async fn why_is_answered_and_stays_true_while_time_passes() {
    let page = Page::first_visit().await;
    let leader = page.cut_off_the_leader().await;
    call("act", &[format!("Alice: transfer Bob 7 via {}", leader.id).into()]);
    page.run(200).await;

    // Where the request is, and by what the leader is kept from committing its block.
    page.click("Why is Alice #1 waiting?").await;
    let panel = page.named(&page.root, "[role=group]", "Why is Alice #1 waiting?");
    let told = panel.text_content().unwrap();
    assert!(told.contains("which is not committed"), "{told}");
    assert!(told.contains(&format!("{} is cut off from", leader.id)), "{told}");
    assert!(told.contains("What would change it: Heal the network."), "{told}");

    // Another is elected, the client asks again, and the answer changes by itself.
    page.run(6000).await;
    let panel = page.named(&page.root, "[role=group]", "How was Alice #1 answered?");
    assert!(panel.text_content().unwrap().contains("committed at height"));
    page.named(&page.root, "button", "How was Alice #1 answered?");

    let why = Reflect::get(&call("why", &["Alice #1".into()]), &"headline".into()).unwrap();
    assert!(panel.text_content().unwrap().contains(&why.as_string().unwrap()), "{why:?}");

    // A moment is shown in the log.
    let moment = panel.query_selector("button.moment").unwrap().expect("it rests on moments");
    moment.unchecked_into::<HtmlElement>().click();
    settle().await;
    assert!(page.root.query_selector("#log .jumped").unwrap().is_some(), "the moment is marked");

    page.click("Close the answer").await;
    assert!(page.root.query_selector(".why").unwrap().is_none());
}

pub async fn wait_for(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..2000 {
        if holds() {
            return;
        }
        TimeoutFuture::new(5).await;
    }
    panic!("waited in vain until {what}");
}

/// All that the browser keeps for the page.
fn kept() -> Vec<(String, String)> {
    let storage = storage();
    let keys = (0..storage.length().unwrap()).filter_map(|place| storage.key(place).unwrap());
    let mut all: Vec<_> =
        keys.map(|key| (key.clone(), storage.get_item(&key).unwrap().unwrap())).collect();
    all.sort();
    all
}

fn held(page: &Page, client: &str) -> String {
    page.client(client).query_selector(".balance").unwrap().unwrap().text_content().unwrap()
}

#[wasm_bindgen_test]
async fn looking_at_the_past_changes_nothing() {
    let page = Page::first_visit().await;
    page.send("Alice", "Bob", "25").await;
    page.run(2000).await;
    let (before, now) = (kept(), page.state());
    assert!(held(&page, "Bob").contains("125"));
    page.slide(400).await;
    let past = page.state();
    assert_eq!(past.looking_at_ms, Some(past.now_ms));
    assert!((past.now_ms - now.now_ms * 0.4).abs() < 0.01, "{past:?}");
    assert!(held(&page, "Bob").contains("100"), "{}", held(&page, "Bob"));
    assert!(!page.requests("Alice").contains("committed"), "{}", page.requests("Alice"));
    assert!(page.text("#whereabouts").contains("Acting here starts a branch"));
    page.click("Step").await;
    page.click("Step back").await;
    page.click("Previous mark").await;
    page.click("Next mark").await;
    page.run(500).await;
    assert!(page.state().looking_at_ms.is_some());
    assert_eq!(kept(), before, "nothing that is kept has changed");
    page.click("Back to now").await;
    let again = page.state();
    assert_eq!((again.now_ms, again.looking_at_ms), (now.now_ms, None));
    assert_eq!(page.leader().tip_hash, now.servers[0].tip_hash);
    page.assert_safe();
}

#[wasm_bindgen_test]
async fn acting_in_the_past_begins_a_branch_that_can_become_the_live_one() {
    let page = Page::first_visit().await;
    page.send("Alice", "Bob", "25").await;
    page.run(2000).await;
    let (before, now) = (kept(), page.state());
    page.slide(400).await;
    page.send("Alice", "Carol", "60").await;
    assert_eq!((page.state().branch.as_str(), page.state().live), ("Branch 2", false));
    page.run(2000).await;
    assert!(held(&page, "Carol").contains("160"), "{}", held(&page, "Carol"));
    assert_eq!(kept(), before, "only the live branch is kept");

    page.click("Compare with Main").await;
    page.run(0).await;
    let differences = page.text(".differences");
    assert!(differences.contains("≠ differs") && differences.contains("160"), "{differences}");
    page.click("View Main").await;
    assert_eq!(page.state().now_ms, now.now_ms);
    assert!(held(&page, "Bob").contains("125") && held(&page, "Carol").contains("100"));

    page.click("Make live: Branch 2").await;
    assert_eq!(kept(), before, "it is asked first");
    let dialog = page.root.query_selector("dialog[open]").unwrap().unwrap();
    page.click_in(&dialog, "Make live").await;
    assert_ne!(kept(), before);
    assert!(!page.state().live, "Main is looked at, and is not live any more");
    page.assert_safe();
    drop(page);
    // What a reload brings back is the branch.
    let page = Page::open().await;
    page.run(6000).await;
    assert!(held(&page, "Carol").contains("160"), "{}", held(&page, "Carol"));
    assert!(page.state().live && page.state().branch == "Main");
    page.assert_safe();
}

#[wasm_bindgen_test]
async fn brackets_step_and_do_not_in_a_field() {
    let page = Page::first_visit().await;
    let now = page.state().now_ms;
    press(&document().body().unwrap(), "[").await;
    let before = page.state();
    assert!(before.looking_at_ms.is_some() && before.now_ms <= now);
    press(&document().body().unwrap(), "[").await;
    press(&document().body().unwrap(), "]").await;
    assert_eq!(page.state().now_ms, before.now_ms);
    press(&labelled(&page.root, "Partition groups"), "[").await;
    assert_eq!(page.state().now_ms, before.now_ms, "in a field it is a letter");
}

async fn press(element: &Element, key: &str) {
    let init = js_sys::Object::new();
    Reflect::set(&init, &"bubbles".into(), &true.into()).unwrap();
    Reflect::set(&init, &"key".into(), &key.into()).unwrap();
    let class: Function = Reflect::get(&web_sys::window().unwrap(), &"KeyboardEvent".into())
        .unwrap()
        .unchecked_into();
    let arguments = js_sys::Array::of2(&"keydown".into(), &init);
    let event = Reflect::construct(&class, &arguments).unwrap();
    element.dispatch_event(event.unchecked_ref()).unwrap();
    settle().await;
}
