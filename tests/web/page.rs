//! The page, mounted in a browser, to be driven as people do: by names of buttons and fields.
//!
//! Virtual time is passed with `window.raftbank.run`, never waited for.

use gloo_timers::future::TimeoutFuture;
use js_sys::{Function, Promise, Reflect};
use raftbank::ui::app::App;
use serde::Deserialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, Element, HtmlElement, HtmlInputElement, HtmlSelectElement};

#[derive(Debug, Deserialize)]
pub struct State {
    pub now_ms: f64,
    pub looking_at_ms: Option<f64>,
    pub branch: String,
    pub live: bool,
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
    pub async fn cut_off_the_leader(&self) -> Server {
        let leader = self.leader();
        let servers = self.state().servers.into_iter().map(|server| server.id);
        let others: Vec<String> = servers.filter(|id| *id != leader.id).collect();
        self.partition(&format!("{};{}", leader.id, others.join("-"))).await;
        leader
    }

    pub async fn partition(&self, groups: &str) {
        type_into(&self.root, "Partition groups", groups);
        settle().await;
        self.click("Apply partition").await;
    }

    /// Moves the slider to one of its thousand places.
    pub async fn slide(&self, place: u32) {
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

pub fn fire(element: &Element, kind: &str) {
    let init = js_sys::Object::new();
    Reflect::set(&init, &"bubbles".into(), &true.into()).unwrap();
    let event = if kind == "input" { "InputEvent" } else { "Event" };
    let class: Function =
        Reflect::get(&web_sys::window().unwrap(), &event.into()).unwrap().unchecked_into();
    let arguments = js_sys::Array::of2(&kind.into(), &init);
    let event = Reflect::construct(&class, &arguments).unwrap();
    element.dispatch_event(event.unchecked_ref()).unwrap();
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
