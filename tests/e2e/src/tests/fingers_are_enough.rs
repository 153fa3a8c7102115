use e2e::Page;
use serde_json::{Value, json};

/// With fingers alone: a server is dragged out of its group and back, two fingers zoom what has an
/// axis of time and one pans it, and the page still scrolls.
pub async fn fingers_are_enough(page: &Page) {
    page.with_room(390, 844).await;
    page.with_fingers().await;
    page.at_full_speed().await;
    page.leader().await;
    page.pay("Alice", "Bob", 5).await;
    page.button("Pause").click().await;
    page.button("Play").appears().await;

    let groups = async || {
        let state = page.state().await;
        state["channel"]["groups"].as_str().map_or(1, |groups| groups.split(';').count())
    };
    page.run("document.querySelector('.stage').scrollIntoView({ block: 'center' })", vec![]).await;
    let (x, y) = middle(page, "[data-server=S2]").await;
    page.swipe(&[((x, y), (x + 40.0, y - 90.0))]).await;
    page.wait_until("S2 stands alone", async || groups().await == 2).await;
    let (from, to) =
        (middle(page, "[data-server=S2]").await, middle(page, "[data-server=S3]").await);
    page.swipe(&[(from, (to.0 + 20.0, to.1))]).await;
    page.wait_until("S2 is back", async || groups().await == 1).await;

    for (tab, picture) in [("Space-time", ".space-time"), ("Client history", ".history-area")] {
        page.open_tab(tab).await;
        let explore = page.region("Explore");
        explore.button("Show all").click().await;
        page.run(
            "document.querySelector(arguments[0]).scrollIntoView({ block: 'center' })",
            vec![json!(picture)],
        )
        .await;
        let stretch = async || stretch(&page.run(STRETCH, vec![]).await);
        // On the axis: a finger on an event would read that one, in the place of the stretch.
        let (x, y) = spot(page, vec![json!(picture), json!(12)]).await;

        let (from, to) = stretch().await;
        page.swipe(&[((x - 30.0, y), (x - 90.0, y)), ((x + 30.0, y), (x + 90.0, y))]).await;
        page.wait_until("a third is seen", async || {
            let (nearer_from, nearer_to) = stretch().await;
            let part = (nearer_to - nearer_from) / (to - from);
            nearer_from > from && (0.3..0.37).contains(&part)
        })
        .await;

        let (from, to) = stretch().await;
        page.swipe(&[((x - 60.0, y), (x + 60.0, y))]).await;
        page.wait_until("what lies under the finger goes with it", async || {
            let part = (from - stretch().await.0) / (to - from);
            (0.3..0.6).contains(&part)
        })
        .await;

        let (seen, top) = (stretch().await, page.run(TOP, vec![]).await);
        page.swipe(&[((x, y), (x, y - 120.0))]).await;
        page.wait_until("the page scrolls", async || page.run(TOP, vec![]).await != top).await;
        assert_eq!(stretch().await, seen, "it was no pan");
    }
}

/// The middle of an element, in the window.
async fn middle(page: &Page, selector: &str) -> (f64, f64) {
    spot(page, vec![json!(selector)]).await
}

/// A place in an element, in the window: the element's middle, or so far below its upper edge.
async fn spot(page: &Page, of: Vec<Value>) -> (f64, f64) {
    let place = page.run(SPOT, of).await;
    (place[0].as_f64().unwrap_or(0.0), place[1].as_f64().unwrap_or(0.0))
}

/// The edges of the stretch that is seen, in seconds, from `… 1.2 s to 2.2 s …`.
fn stretch(words: &Value) -> (f64, f64) {
    let words = words.as_str().unwrap_or_default();
    let (before, after) = words.split_once(" s to ").unwrap_or_default();
    let last = |text: &str| text.rsplit(' ').next().unwrap_or_default().parse().unwrap_or(0.0);
    (last(before), after.split(' ').next().unwrap_or_default().parse().unwrap_or(0.0))
}

const STRETCH: &str =
    "return document.querySelector('#explore :is(.readout, .lanes-head .help)').textContent";

const TOP: &str = "return scrollY";

/// Waits until it stands still.
const SPOT: &str = "
    const spot = () => {
      const box = document.querySelector(arguments[0]).getBoundingClientRect();
      return [box.left + box.width / 2, box.top + (arguments[1] ?? box.height / 2)];
    };
    return (async () => {
      for (;;) {
        const before = spot();
        await new Promise((go) => setTimeout(go, 100));
        if (before.join() === spot().join()) return before;
      }
    })();";
