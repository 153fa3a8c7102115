use e2e::Page;
use serde_json::json;

/// Nine servers, several of them asking for votes: no word in the picture lies on another, nor
/// outside of it, on a desk and on telephones.
pub async fn a_crowd_has_room(page: &Page) {
    page.at_full_speed().await;
    page.button("Pause").click().await;
    page.run(NINE, vec![]).await;
    page.wait_until("nine servers are there", async || {
        page.state().await["servers"].as_array().is_some_and(|servers| servers.len() == 9)
    })
    .await;
    assert_eq!(page.run(STAND, vec![]).await, json!(true), "several ask for votes at once");
    for (width, height) in [(1440, 900), (390, 844), (360, 740)] {
        page.with_room(width, height).await;
        page.wait_until("the picture has its form", async || {
            let narrow = page.run("return !!document.querySelector('.stage.narrow')", vec![]).await;
            narrow == json!(width < 500)
        })
        .await;
        // Servers take a moment to get to their places.
        page.wait_until(&format!("nothing overlaps, {width} pixels wide"), async || {
            page.run(OVERLAPS, vec![]).await == json!([])
        })
        .await;
    }
}

/// A cluster of nine, far apart, where nothing has happened yet.
const NINE: &str = "
    const run = raftbank.export();
    Object.assign(run, { actions: [], until: 0, steps: 0 });
    delete run.seal;
    run.config.servers = 9;
    return raftbank.load(run).then(() => raftbank.act('network delay=150ms-250ms'));";

/// Lets time pass until at least three ask for votes.
const STAND: &str = "
    return (async () => {
      for (let step = 0; step < 600; step++) {
        await raftbank.run(10);
        if (document.querySelectorAll('.pips').length >= 3) return true;
      }
      return false;
    })();";

/// What lies on what, or sticks out of the picture.
const OVERLAPS: &str = "
    const all = ['.picture .badge', '.picture .pips', '.picture .client-node', '.in-flight']
      .flatMap((part) => [...document.querySelectorAll(part)])
      .map((it) => [it.textContent.trim(), it.getBoundingClientRect()]);
    const picture = document.querySelector('.picture').getBoundingClientRect();
    const apart = (one, other) => one.right <= other.left + 1 || other.right <= one.left + 1
      || one.bottom <= other.top + 1 || other.bottom <= one.top + 1;
    return all.flatMap(([name, box], place) => [
      ...(box.left < picture.left - 1 || box.right > picture.right + 1 ? [`${name} sticks out`] : []),
      ...all.slice(place + 1).filter(([, other]) => !apart(box, other)).map(([other]) => `${name} on ${other}`),
    ]);";
