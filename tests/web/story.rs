//! The story panel, the library and the editor, driven as people do.

use super::page::{Page, fire, settle, type_into, wait_for};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, HtmlElement, HtmlTextAreaElement};

impl Page {
    fn story(&self) -> Element {
        self.named(&self.root, "section", "Story")
    }

    fn story_text(&self) -> String {
        self.story().text_content().unwrap_or_default()
    }

    async fn run_scenario(&self, title: &str) {
        self.click("Scenario").await;
        self.click(&format!("Run {title}")).await;
    }

    async fn next(&self) {
        self.click_in(&self.story(), "Next").await;
    }

    fn has(&self, selector: &str) -> bool {
        self.root.query_selector(selector).unwrap().is_some()
    }

    async fn write(&self, text: &str) {
        let area = self.named(&self.root, "textarea", "Scenario text");
        area.unchecked_ref::<HtmlTextAreaElement>().set_value(text);
        fire(&area, "input");
        settle().await;
    }
}

#[wasm_bindgen_test]
async fn a_story_is_read_predicted_and_gone_back_in() {
    let page = Page::first_visit().await;
    page.send("Alice", "Bob", "25").await;
    page.run(2000).await;
    let own = format!("{:?}", page.state());

    page.run_scenario("The leader crashes").await;
    assert!(page.story_text().contains("Step 1 of 5"), "{}", page.story_text());
    assert!(page.text(".guest").contains("The leader crashes"), "{}", page.text(".guest"));
    page.next().await;
    page.named(&page.root, "button", "Play");
    page.next().await;
    page.next().await;
    assert!(page.state().servers.iter().any(|server| server.id == "S1" && !server.up));

    // The third step asks, and gives nothing away before.
    page.next().await;
    assert!(page.story_text().contains("Step 3 of 5"), "{}", page.story_text());
    assert!(!page.has(".truth"));
    let radios = page.story().query_selector_all("input[type=radio]").unwrap();
    assert_eq!(radios.length(), 3);
    let last: HtmlElement = radios.item(2).unwrap().unchecked_into();
    last.click();
    settle().await;
    page.next().await;
    page.next().await;
    assert!(page.text(".truth").contains("Right."), "{}", page.text(".truth"));
    assert!(page.text(".truth").contains("Judged by 'S3 leads'"), "{}", page.text(".truth"));
    assert_eq!(page.leader().id, "S3");

    // Back to the second step, in which S1 is up.
    page.click_in(&page.story(), "Back").await;
    assert!(page.story_text().contains("Step 2 of 5"), "{}", page.story_text());
    assert!(page.state().servers.iter().all(|server| server.up));
    page.assert_safe();

    // Who acts leaves the story, and finds back.
    page.click("Crash S2").await;
    assert!(page.story_text().contains("You took over"), "{}", page.story_text());
    page.click_in(&page.story(), "Back").await;
    assert!(page.story_text().contains("Step 2 of 5"), "{}", page.story_text());
    assert!(page.state().servers.iter().all(|server| server.up));

    page.click("Back to my bank").await;
    assert!(!page.has("#story"));
    assert_eq!(format!("{:?}", page.state()), own);
}

#[wasm_bindgen_test]
async fn a_task_is_graded_and_its_solution_shown() {
    let page = Page::first_visit().await;
    page.run_scenario("Two leaders at once").await;
    assert!(page.story_text().contains("10.0 s of virtual time left"), "{}", page.story_text());
    type_into(&page.story(), "Action", "pause");
    settle().await;
    page.click_in(&page.story(), "Do it").await;
    assert!(page.text("#story-action-says").contains("a server, S1 to S9"));
    type_into(&page.story(), "Action", "pause S1");
    settle().await;
    page.click_in(&page.story(), "Do it").await;
    page.run(3000).await;
    assert!(page.story_text().contains("Reached at"), "{}", page.story_text());

    page.click_in(&page.story(), "Try again").await;
    page.run(11_000).await;
    assert!(page.story_text().contains("Failed: 10s went by"), "{}", page.story_text());

    page.click_in(&page.story(), "Show a solution").await;
    page.next().await;
    assert!(page.story_text().contains("One solution. Reached at"), "{}", page.story_text());
}

#[wasm_bindgen_test]
async fn a_scenario_is_written_and_a_run_read_as_text() {
    let page = Page::first_visit().await;
    let own = format!("{:?}", page.state());
    page.click("Scenario").await;
    page.click("Write a scenario").await;
    page.write("# A claim.\ncluster servers=3\nexplode").await;
    let says = page.text("#editor-says");
    assert!(says.contains("line 3, column 1: expected 'title', 'cluster'"), "{says}");
    assert_eq!(page.text(".margin .wrong"), "3");
    page.click_in(&page.named(&page.root, "dialog", "Write a scenario"), "Run").await;
    assert_eq!(format!("{:?}", page.state()), own, "nothing has changed");
    let area: HtmlTextAreaElement =
        page.named(&page.root, "textarea", "Scenario text").unchecked_into();
    assert_eq!((area.selection_start(), area.selection_end()), (Ok(Some(29)), Ok(Some(36))));

    page.write("# My own.\ncluster servers=3 leader=S2\ncrash S1\nrun 1s").await;
    page.click_in(&page.named(&page.root, "dialog", "Write a scenario"), "Run").await;
    wait_for("the story is there", || page.has("#story")).await;
    page.next().await;
    assert!(page.story_text().contains("My own."), "{}", page.story_text());
    assert_eq!(page.leader().id, "S2");
    assert!(!page.state().servers[0].up);

    page.click("Scenario").await;
    page.click("Show this run as text").await;
    let text: HtmlTextAreaElement =
        page.named(&page.root, "textarea", "Run as text").unchecked_into();
    let text = text.value();
    assert!(text.starts_with("# My own.\ncluster servers=3 "), "{text}");
    assert!(text.contains("\ncrash S1\nrun 1s\ncheck\n"), "{text}");
    page.click("Edit it").await;
    page.click_in(&page.named(&page.root, "dialog", "Write a scenario"), "Run").await;
    page.next().await;
    assert!(!page.state().servers[0].up);
}

#[wasm_bindgen_test]
async fn the_library_is_searched() {
    let page = Page::first_visit().await;
    page.click("Scenario").await;
    let search = page.named(&page.root, "input", "Search the scenarios");
    search.unchecked_ref::<web_sys::HtmlInputElement>().set_value("figure 7");
    fire(&search, "input");
    settle().await;
    assert!(page.text(".library-search").contains("1 scenario. Enter runs it."));
    let form = page.root.query_selector(".library-search").unwrap().unwrap();
    fire(&form, "submit");
    settle().await;
    assert!(page.story_text().contains("Figure 7"), "{}", page.story_text());
    page.next().await;
    page.assert_safe();
}

#[wasm_bindgen_test]
async fn a_long_scenario_leaves_the_page_alive() {
    let page = Page::first_visit().await;
    let own = format!("{:?}", page.state());
    let write_and_run = async |lines: &str| {
        page.click("Scenario").await;
        page.click("Write a scenario").await;
        page.write(&format!("# It takes long.\ncluster servers=9 leader=S1\n{lines}")).await;
        page.click_in(&page.named(&page.root, "dialog", "Write a scenario"), "Run").await;
    };

    // It is seen how far it is, and who does not want to wait changes nothing.
    write_and_run("load 200/s\nrun 3600s").await;
    wait_for("it is under way", || page.has(".opening")).await;
    assert!(page.text(".opening").contains("Playing the scenario"), "{}", page.text(".opening"));
    page.click_in(&page.root.query_selector(".opening").unwrap().unwrap(), "Cancel").await;
    wait_for("it is given up", || !page.has(".opening")).await;
    assert_eq!(format!("{:?}", page.state()), own, "nothing has changed");

    // One that cannot be played to its end says so as ever.
    write_and_run("load 200/s\nrun 5s\nexpect S2 leads").await;
    wait_for("it is refused", || page.text("#timeline").contains("cannot be played")).await;
    assert!(page.text("#timeline").contains("line 5, column 1: 'S2 leads' is not so"));
    assert_eq!(format!("{:?}", page.state()), own, "nothing has changed");

    write_and_run("load 200/s\nrun 5s").await;
    wait_for("the story is there", || page.has("#story")).await;
    assert_eq!(page.leader().id, "S1");
    page.next().await;
    wait_for("it is at its end", || page.state().now_ms > 5_000.0).await;
    page.assert_safe();
}
