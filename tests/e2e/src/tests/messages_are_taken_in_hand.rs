use e2e::Page;
use fantoccini::key::Key;
use serde_json::{Value, json};

/// A message in flight is held, delayed, copied and dropped: with keys alone, then by the pointer.
pub async fn messages_are_taken_in_hand(page: &Page) {
    page.at_full_speed().await;
    page.leader().await;
    page.button("Pause").click().await;
    let key = |key: Key| char::from(key).to_string();
    let (enter, right, escape) = (key(Key::Enter), key(Key::Right), key(Key::Escape));
    let channel = async |what: &str| page.state().await["channel"][what].as_u64().unwrap_or(0);
    until_messages_fly(page).await;

    let messages = page.find("listbox", "Messages in flight");
    messages.press(&right).await;
    page.named("Message ").shows("Arrives in").await;
    messages.press(&enter).await;
    let card = page.named("Message ");
    card.button("Drop").appears().await;
    let before = arrival(page).await;
    card.button("Delay 100ms").press(&enter).await;
    page.wait_until("the message comes later", async || arrival(page).await > before + 99.0).await;
    let flying = channel("in_flight").await;
    card.button("Duplicate").press(&enter).await;
    page.wait_until("a copy flies too", async || channel("in_flight").await == flying + 1).await;
    let dropped = channel("dropped").await;
    card.button("Drop").press(&enter).await;
    page.wait_until("it is dropped", async || channel("dropped").await == dropped + 1).await;
    card.shows("removed by hand").await;
    card.button("Let go of the message").press(&escape).await;
    page.wait_until("the card is closed", async || !page.named("Message ").is_there().await).await;

    until_messages_fly(page).await;
    messages.press(&right).await;
    page.named("Message ").appears().await;
    let at = held_at(page).await;
    messages.press(&escape).await;
    page.wait_until("the hand is empty", async || !page.named("Message ").is_there().await).await;
    for kind in ["mouseMoved", "mousePressed", "mouseReleased"] {
        let (x, y) = (at["x"].clone(), at["y"].clone());
        let event = json!({ "type": kind, "x": x, "y": y, "button": if kind == "mouseMoved" { "none" } else { "left" }, "clickCount": 1 });
        page.developer_tools("Input.dispatchMouseEvent", event).await;
    }
    let dropped = channel("dropped").await;
    page.named("Message ").button("Drop").click().await;
    page.wait_until("it is dropped", async || channel("dropped").await == dropped + 1).await;
    page.named("Message ").button("Show in log").click().await;
    page.region("Log").shows("removed by hand").await;
    page.is_safe().await;
}

/// Lets time pass until several messages fly that do not arrive at once.
async fn until_messages_fly(page: &Page) {
    let pass = "await window.raftbank.run(1); return window.raftbank.state().channel.in_flight";
    let pass = format!("return (async () => {{ {pass} }})()");
    page.wait_until("messages fly", async || {
        page.run(&pass, vec![]).await.as_u64().unwrap_or(0) > 2
    })
    .await;
}

/// When the message in hand arrives, in virtual milliseconds from now.
async fn arrival(page: &Page) -> f64 {
    let text = page.named("Message ").text().await;
    let left = text.split_once("Arrives in ").and_then(|(_, rest)| rest.split_once(" ms"));
    left.and_then(|(number, _)| number.parse().ok()).unwrap_or(0.0)
}

/// Where the ring round the message in hand is, in the window.
async fn held_at(page: &Page) -> Value {
    let script = "
        const ring = document.getElementById('held');
        const box = ring.getBoundingClientRect();
        return { x: box.x + box.width / 2, y: box.y + box.height / 2, there: box.width };";
    page.wait_until("the ring is drawn", async || {
        page.run(script, vec![]).await["there"].as_f64().unwrap_or(0.0) > 0.0
    })
    .await;
    page.run("document.getElementById('held').scrollIntoView({ block: 'center' })", vec![]).await;
    page.run(script, vec![]).await
}
