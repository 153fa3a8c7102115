//! The page while time passes: no part is left behind, and all are of one moment once time stops.

use super::page::{Page, call, fire, labelled, settle, wait_for};
use raftbank::ui::view::timeline::SPEEDS;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlSelectElement;

/// Something of each part that a frame makes anew, as people see it.
const PARTS: [&str; 6] =
    [".clock", "#cluster .servers", "#clients", "#explored", "#inspector", "#log-events"];

fn texts(page: &Page) -> [String; PARTS.len()] {
    PARTS.map(|part| page.text(part))
}

#[wasm_bindgen_test]
async fn each_part_keeps_up_with_time_and_all_stop_at_one_moment() {
    let page = Page::first_visit().await;
    let speed: HtmlSelectElement = labelled(&page.root, "Speed").unchecked_into();
    let place = SPEEDS.iter().position(|(words, _)| *words == "1×").unwrap();
    speed.set_selected_index(place as i32);
    fire(&speed, "change");
    call("act", &["load 20/s".into()]);
    settle().await;

    // While time passes each part goes on, again and again.
    page.click("Play").await;
    for _ in 0..3 {
        let before = texts(&page);
        for (part, before) in PARTS.iter().zip(&before) {
            wait_for(&format!("{part} is made anew"), || page.text(part) != *before).await;
        }
    }

    // A command shows all at once: to make all anew changes nothing then. Wherever in a round it
    // comes, since frames do not wait for it.
    for _ in 0..8 {
        page.click("Pause").await;
        let stopped = texts(&page);
        page.run(0).await;
        for ((part, stopped), anew) in PARTS.iter().zip(&stopped).zip(&texts(&page)) {
            assert_eq!(stopped, anew, "{part} was left behind");
        }
        page.click("Play").await;
        let clock = page.text(".clock");
        wait_for("time passes", || page.text(".clock") != clock).await;
    }
}
