//! The page in its browser.

use crate::locator::Locator;
use fantoccini::error::CmdError;
use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder};
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, Instant};
use std::{env, fs};
use url::{ParseError, Url};

/// How long to wait for what should happen. Generous: a busy machine is slow, not wrong.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// How often to look whether it has.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// The window, in CSS pixels.
const WINDOW: (u32, u32) = (1280, 900);

/// How much of a failed page's text to print, in characters.
const REPORTED_TEXT_MAX: usize = 6000;

/// A browser of its own with the page in it.
pub struct Page {
    client: Client,
    address: String,
}

impl Page {
    /// Opens the page at this address in a new browser with a fresh profile.
    pub async fn open(driver: &str, address: &str) -> Self {
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities())
            .connect(driver)
            .await
            .unwrap_or_else(|error| panic!("no browser session: {error}"));
        let page = Self { client, address: address.to_owned() };
        page.resize(WINDOW.0, WINDOW.1).await;
        page.go(address).await;
        page
    }

    /// The address that the page was opened at.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Goes to an address, and waits until it has loaded.
    pub async fn go(&self, address: &str) {
        done("going to an address", self.client.goto(address).await);
    }

    /// Loads the page again, as a person who presses F5.
    pub async fn reload(&self) {
        done("reloading", self.client.refresh().await);
    }

    /// Gives the window this size, in CSS pixels.
    pub async fn resize(&self, width: u32, height: u32) {
        done("resizing", self.client.set_window_size(width, height).await);
    }

    /// Whatever has this role and this accessible name.
    pub fn find(&self, role: &str, name: &str) -> Locator<'_> {
        Locator::anywhere(self).find(role, name)
    }

    /// Whatever has an accessible name that starts so, whatever its role.
    pub fn named(&self, start: &str) -> Locator<'_> {
        Locator::anywhere(self).named(start)
    }

    /// The page's main part.
    pub fn main(&self) -> Locator<'_> {
        Locator::anywhere(self).any("main")
    }

    /// What the page insists on telling.
    pub fn alert(&self) -> Locator<'_> {
        Locator::anywhere(self).any("alert")
    }

    /// A landmark.
    pub fn region(&self, name: &str) -> Locator<'_> {
        self.find("region", name)
    }

    /// Controls that belong together.
    pub fn group(&self, name: &str) -> Locator<'_> {
        self.find("group", name)
    }

    /// A button.
    pub fn button(&self, name: &str) -> Locator<'_> {
        self.find("button", name)
    }

    /// A field for a line of text.
    pub fn text_field(&self, name: &str) -> Locator<'_> {
        self.find("textbox", name)
    }

    /// The dialog that is open.
    pub fn dialog(&self) -> Locator<'_> {
        Locator::anywhere(self).any("dialog")
    }

    /// Waits until the page tells of something that can wait.
    pub async fn tells(&self, text: &str) {
        self.wait_until(text, async || {
            let found = "return [...document.querySelectorAll('[role=status]')]
                           .some((it) => it.innerText.includes(arguments[0]))";
            self.run(found, vec![json!(text)]).await == true
        })
        .await;
    }

    /// Presses keys with the focus as it is.
    pub async fn type_keys(&self, keys: &str) {
        let active = done("finding the focus", self.client.active_element().await);
        done("pressing keys", active.send_keys(keys).await);
    }

    /// Waits until this holds, and fails if it does not for [`PATIENCE`].
    pub async fn wait_until(&self, what: &str, holds: impl AsyncFn() -> bool) {
        let start = Instant::now();
        while !holds().await {
            assert!(start.elapsed() < PATIENCE, "waited {PATIENCE:?} in vain until {what}");
            self.pause().await;
        }
    }

    /// A moment between two looks at the page.
    pub(crate) async fn pause(&self) {
        tokio::time::sleep(POLL_INTERVAL).await;
    }

    /// Runs JavaScript in the page: the body of a function, whose `arguments` are these. A promise
    /// is waited for.
    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        done("running a script", self.client.execute(script, arguments).await)
    }

    /// Errors that the page has logged on the console since this was last asked.
    pub async fn console_errors(&self) -> Vec<String> {
        let entries = self.client.issue_cmd(ConsoleLog).await.unwrap_or_default();
        let entries = entries.as_array().cloned().unwrap_or_default();
        let errors = entries.iter().filter(|entry| entry["level"] == "SEVERE");
        errors.map(|entry| entry["message"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Prints what the page shows, and keeps a picture of it. Nothing in here may panic: the
    /// browser may be what failed.
    pub async fn report(&self, test: &str) {
        println!("---- {test}: what the page showed");
        match self.client.execute("return document.body.innerText", vec![]).await {
            Ok(text) => {
                let text = text.as_str().unwrap_or_default();
                println!("{}", text.chars().take(REPORTED_TEXT_MAX).collect::<String>());
            }
            Err(error) => println!("(nothing to be had: {error})"),
        }
        for error in self.console_errors().await {
            println!("---- {test}: the console said {error}");
        }
        let folder = env::var("CARGO_TARGET_DIR").unwrap_or_else(|_| "target".to_owned());
        let picture = Path::new(&folder).join("e2e").join(format!("{test}.png"));
        if let Ok(image) = self.client.screenshot().await {
            let folder = picture.parent().expect("it was put into a folder");
            match fs::create_dir_all(folder).and_then(|()| fs::write(&picture, image)) {
                Ok(()) => println!("---- {test}: a picture is in {}", picture.display()),
                Err(error) => println!("---- {test}: the picture could not be kept: {error}"),
            }
        }
    }

    /// Runs a script at the beginning of each load of the page from now on, before the page's
    /// own. Returns what [`Page::forget_before_each_load`] takes.
    pub async fn before_each_load(&self, script: &str) -> Value {
        let source = json!({ "source": script });
        self.developer_tools("Page.addScriptToEvaluateOnNewDocument", source).await
    }

    /// Ends what [`Page::before_each_load`] began.
    pub async fn forget_before_each_load(&self, began: Value) {
        self.developer_tools("Page.removeScriptToEvaluateOnNewDocument", began).await;
    }

    /// A command of Chromium's developer tools (DevTools protocol).
    pub async fn developer_tools(&self, command: &str, parameters: Value) -> Value {
        let command = DeveloperTools { command: command.to_owned(), parameters };
        done("a developer tools' command", self.client.issue_cmd(command).await)
    }

    /// Closes the browser.
    pub async fn close(self) {
        // One that has crashed is closed already.
        let _ = self.client.close().await;
    }

    /// The browser's own commands, for what has no words here.
    pub fn client(&self) -> &Client {
        &self.client
    }
}

/// What a command to the browser gave; a browser that fails fails the test.
fn done<T>(what: &str, result: Result<T, CmdError>) -> T {
    result.unwrap_or_else(|error| panic!("{what} failed: {error}"))
}

/// What the browser is started with: what the tests inside the browser are, and its console's log.
fn capabilities() -> Capabilities {
    let shared = include_str!("../../../webdriver.json");
    let mut capabilities: Capabilities =
        serde_json::from_str(shared).expect("webdriver.json is an object");
    capabilities.insert("goog:loggingPrefs".to_owned(), json!({ "browser": "ALL" }));
    if let Ok(chrome) = env::var("CHROME") {
        capabilities["goog:chromeOptions"]["binary"] = chrome.into();
    }
    capabilities
}

/// Chromium's command that takes the console's entries.
#[derive(Debug)]
struct ConsoleLog;

impl WebDriverCompatibleCommand for ConsoleLog {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({ "type": "browser" }).to_string()))
    }
}

/// Chromium's command that reaches its developer tools.
#[derive(Debug)]
struct DeveloperTools {
    command: String,
    parameters: Value,
}

impl WebDriverCompatibleCommand for DeveloperTools {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        let body = json!({ "cmd": self.command, "params": self.parameters });
        (Method::POST, Some(body.to_string()))
    }
}
