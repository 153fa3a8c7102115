use super::nobody_is_kept_out::TABS;
use e2e::Page;
use serde_json::json;

/// What is wider than the window, if the page can be scrolled sideways.
const SIDEWAYS: &str = "
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return [];
    const wide = [...document.body.querySelectorAll('*')].filter((it) =>
      it.getBoundingClientRect().right > root.clientWidth + 1);
    return [`${root.scrollWidth} of ${root.clientWidth}`,
      ...wide.slice(0, 8).map((it) => it.outerHTML.slice(0, 120))];";

/// What a finger must hit and is smaller than it, among the main controls.
const SMALL: &str = "
    const main = '.transport button, .transport select, .transfer button, .transfer select, '
      + '.transfer input, .server-row .actions button, [role=tab], .top button, .network button';
    return [...document.querySelectorAll(main)]
      .filter((it) => it.checkVisibility())
      .map((it) => [it, it.getBoundingClientRect()])
      .filter(([, box]) => box.height < 43.5 || box.width < 43.5)
      .map(([it, box]) => `${it.ariaLabel ?? (it.innerText || it.id)}: ${Math.round(box.width)} x ${Math.round(box.height)}`);";

/// True if the picture, with its clients, lies above the transport, and that in the window.
const PROJECTED: &str = "
    const box = (part) => document.querySelector(part).getBoundingClientRect();
    const clients = [...document.querySelectorAll('.client-node')].map((it) => it.getBoundingClientRect().bottom);
    return Math.max(box('.cluster').bottom, box('.stage').bottom, ...clients) <= box('.timeline').top
      && box('.timeline').bottom <= innerHeight;";

/// Nothing sticks out sideways on a phone, a tablet, a laptop at 200% or a wide screen, in light
/// and dark, in any tab; and on a phone the main controls are as large as a finger.
pub async fn the_page_fits_its_window(page: &Page) {
    page.at_full_speed().await;
    page.leader().await;
    page.pay("Alice", "Bob", 10).await;
    page.button("Pause").click().await;
    for scheme in ["light", "dark"] {
        page.prefer(scheme).await;
        // 640 is a screen of 1,280 at 200%.
        for width in [360, 640, 768, 1440] {
            page.with_room(width, 900).await;
            for tab in TABS {
                page.open_tab(tab).await;
                let sideways = page.run(SIDEWAYS, vec![]).await;
                assert_eq!(sideways, json!([]), "{tab}, {scheme}, {width} pixels wide");
            }
            if width < 500 {
                assert_eq!(page.run(SMALL, vec![]).await, json!([]), "too small for a finger");
            }
        }
    }
    // On a projector the picture ends above the transport, and all of it is there.
    page.go(&format!("{}#view=lecture", page.address())).await;
    page.reload().await;
    page.button("Exit lecture").appears().await;
    for (width, height) in [(1920, 1080), (1280, 720)] {
        page.with_room(width, height).await;
        page.wait_until("the picture ends above the transport", async || {
            page.run(PROJECTED, vec![]).await == json!(true)
        })
        .await;
    }
}
