//! Finding things as assistive technology does, and acting on them as a person does.
//!
//! A [`Locator`] is a description, not an element: it is looked up anew for each action, so that
//! it outlives any rendering. An action waits until the thing is there, visible, and takes the
//! action; what stays away or stays in the way fails the test.

use crate::page::{PATIENCE, Page};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::key::Key;
use serde_json::{Value, json};
use std::fmt;
use std::time::Instant;

/// Computes roles and names in the page (`finder_agrees_with_chromium` compares them with the
/// browser's own).
pub const FINDER: &str = include_str!("find.js");

/// The key under which WebDriver gives elements (WebDriver §12.1).
const ELEMENT_KEY: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A description of one thing on the page.
#[derive(Clone)]
pub struct Locator<'a> {
    page: &'a Page,
    /// From the outermost: each is inside the one before it.
    steps: Vec<Value>,
}

impl<'a> Locator<'a> {
    pub(crate) fn anywhere(page: &'a Page) -> Self {
        Self { page, steps: Vec::new() }
    }

    /// Inside this, what has this role and this accessible name.
    pub fn find(&self, role: &str, name: &str) -> Self {
        self.then(json!({ "role": role, "name": name }))
    }

    /// Inside this, what has this role.
    pub fn any(&self, role: &str) -> Self {
        self.then(json!({ "role": role }))
    }

    /// Inside this, what has an accessible name that starts so, whatever its role.
    pub fn named(&self, start: &str) -> Self {
        self.then(json!({ "start": start }))
    }

    /// Inside this, a button.
    pub fn button(&self, name: &str) -> Self {
        self.find("button", name)
    }

    /// Inside this, a group.
    pub fn group(&self, name: &str) -> Self {
        self.find("group", name)
    }

    /// Inside this, a list.
    pub fn list(&self, name: &str) -> Self {
        self.find("list", name)
    }

    /// Inside this, a field for a line of text.
    pub fn text_field(&self, name: &str) -> Self {
        self.find("textbox", name)
    }

    /// Inside this, a field for a number.
    pub fn number_field(&self, name: &str) -> Self {
        self.find("spinbutton", name)
    }

    /// Inside this, a field to choose from.
    pub fn choice(&self, name: &str) -> Self {
        self.find("combobox", name)
    }

    fn then(&self, step: Value) -> Self {
        let mut longer = self.clone();
        longer.steps.push(step);
        longer
    }

    /// Clicks it.
    pub async fn click(&self) {
        self.act(async |element| element.click().await).await;
    }

    /// Replaces what is in it by this text, typed. What was there is selected and deleted by keys,
    /// because the page hears of those.
    pub async fn fill(&self, text: &str) {
        let (control, delete) = (char::from(Key::Control), char::from(Key::Backspace));
        let keys = format!("{control}a{control}{delete}{text}");
        self.act(async |element| element.send_keys(&keys).await).await;
    }

    /// Presses keys while it has the focus (see [`fantoccini::key::Key`]).
    pub async fn press(&self, keys: &str) {
        self.act(async |element| element.send_keys(keys).await).await;
    }

    /// Chooses the option with this label.
    pub async fn choose(&self, label: &str) {
        self.act(async |element| element.select_by_label(label).await).await;
    }

    /// The text that it shows.
    pub async fn text(&self) -> String {
        self.act(async |element| element.text().await).await
    }

    /// Its value, if it is a field.
    pub async fn value(&self) -> String {
        self.act(async |element| element.prop("value").await).await.unwrap_or_default()
    }

    /// Whether it takes input.
    pub async fn is_enabled(&self) -> bool {
        self.act(async |element| element.is_enabled().await).await
    }

    /// Its accessible name.
    pub async fn name(&self) -> String {
        let find_name = format!("{FINDER}\nreturn names(arguments[0]);");
        self.wait_for("one of it", async || {
            let names = self.page.run(&find_name, vec![json!(self.steps)]).await;
            let [name] = names.as_array()?.as_slice() else { return None };
            name.as_str().map(str::to_owned)
        })
        .await
    }

    /// The texts of all that this describes, in the page's order; none if there is none.
    pub async fn texts(&self) -> Vec<String> {
        let find_texts = format!("{FINDER}\nreturn find(arguments[0]).map((it) => it.innerText);");
        let texts = self.page.run(&find_texts, vec![json!(self.steps)]).await;
        let texts = texts.as_array().cloned().unwrap_or_default();
        texts.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// How many there are now.
    pub async fn count(&self) -> usize {
        self.elements().await.len()
    }

    /// Whether there is any now.
    pub async fn is_there(&self) -> bool {
        self.count().await > 0
    }

    /// Waits until it is there.
    pub async fn appears(&self) {
        self.wait_for("it", async || self.is_there().await.then_some(())).await;
    }

    /// Waits until its text contains this.
    pub async fn shows(&self, text: &str) {
        let what = format!("'{text}' in it");
        self.wait_for(&what, async || {
            self.texts().await.iter().any(|shown| shown.contains(text)).then_some(())
        })
        .await;
    }

    /// Looks it up and acts on it, until that works.
    async fn act<T>(&self, action: impl AsyncFn(&Element) -> Result<T, CmdError>) -> T {
        let start = Instant::now();
        loop {
            let obstacle = match self.elements().await.as_slice() {
                [] => "is not there".to_owned(),
                [element] => match action(element).await {
                    Ok(value) => return value,
                    // It was rendered anew, is disabled or covered: a person would try again.
                    Err(error) => error.to_string(),
                },
                several => format!("is not one but {}", several.len()),
            };
            assert!(start.elapsed() < PATIENCE, "{self} {obstacle}, for {PATIENCE:?}");
            self.page.pause().await;
        }
    }

    async fn wait_for<T>(&self, what: &str, look: impl AsyncFn() -> Option<T>) -> T {
        let start = Instant::now();
        loop {
            if let Some(found) = look().await {
                return found;
            }
            assert!(start.elapsed() < PATIENCE, "{self}: waited {PATIENCE:?} in vain for {what}");
            self.page.pause().await;
        }
    }

    async fn elements(&self) -> Vec<Element> {
        let find = format!("{FINDER}\nreturn find(arguments[0]);");
        let found = self.page.run(&find, vec![json!(self.steps)]).await;
        let found = found.as_array().cloned().unwrap_or_default();
        let ids = found.iter().filter_map(|element| element[ELEMENT_KEY].as_str());
        let client = self.page.client();
        ids.map(|id| Element::from_element_id(client.clone(), id.to_owned().into())).collect()
    }
}

/// Such as `button "Send transfer" in group "Alice"`.
impl fmt::Display for Locator<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.steps.iter().rev().enumerate() {
            if position > 0 {
                f.write_str(" in ")?;
            }
            match (step["role"].as_str(), step["name"].as_str(), step["start"].as_str()) {
                (Some(role), Some(name), _) => write!(f, "{role} \"{name}\"")?,
                (Some(role), None, _) => f.write_str(role)?,
                (None, _, start) => write!(f, "\"{}…\"", start.unwrap_or_default())?,
            }
        }
        Ok(())
    }
}
