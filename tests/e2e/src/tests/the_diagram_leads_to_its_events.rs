use e2e::Page;
use fantoccini::key::Key;

/// The diagram is read and zoomed, and an event in it leads to its moment, by pointer and by keys.
pub async fn the_diagram_leads_to_its_events(page: &Page) {
    page.at_full_speed().await;
    page.leader().await;
    page.pay("Alice", "Bob", 5).await;
    page.button("Pause").click().await;
    page.button("Play").appears().await;
    // More than the diagram shows at once, however quickly the payment was made.
    page.run("return raftbank.run(5000)", vec![]).await;
    let explore = page.region("Explore");
    explore.find("tab", "Space-time").click().await;
    let diagram = explore.find("application", "Space-time diagram");
    diagram.appears().await;
    let stretch = async || page.run(STRETCH, vec![]).await;

    // By pointer: buttons, the wheel, dragging, and a click on an event.
    let before = stretch().await;
    explore.button("Zoom out").click().await;
    page.wait_until("more is seen", async || stretch().await != before).await;
    let before = stretch().await;
    page.run(POINT, vec!["wheel".into()]).await;
    page.wait_until("less is seen", async || stretch().await != before).await;
    let before = stretch().await;
    page.run(POINT, vec!["drag".into()]).await;
    page.wait_until("another stretch is seen", async || stretch().await != before).await;
    explore.button("Follow now").click().await;
    page.wait_until("an event is pointed at", async || {
        page.run(POINT, vec!["hover".into()]).await == true
    })
    .await;
    page.run(POINT, vec!["click".into()]).await;
    page.wait_until("its moment is shown", async || {
        page.state().await["looking_at_ms"].is_number()
    })
    .await;
    page.button("Back to now").click().await;

    // By keys alone, from the tabs.
    let key = |key: Key| char::from(key).to_string();
    explore.find("tab", "Space-time").press(&key(Key::Tab)).await;
    let readout = explore.find("status", "Event");
    diagram.press(&key(Key::End)).await;
    page.wait_until("the last event is read", async || !readout.text().await.is_empty()).await;
    let last = readout.text().await;
    diagram.press(&key(Key::Left)).await;
    page.wait_until("the one before is read", async || readout.text().await != last).await;
    let before = readout.text().await;
    diagram.press(&key(Key::Up)).await;
    page.run("return new Promise((done) => setTimeout(done, 500))", vec![]).await;
    if readout.text().await == before {
        // There is none above the first one.
        diagram.press(&key(Key::Down)).await;
    }
    page.wait_until("another lane is read", async || readout.text().await != before).await;
    diagram.press(&key(Key::Enter)).await;
    page.wait_until("its moment is shown", async || {
        page.state().await["looking_at_ms"].is_number()
    })
    .await;
    diagram.press(&key(Key::Escape)).await;
    for keys in ["+", "-", "0", "f"] {
        let before = stretch().await;
        diagram.press(keys).await;
        page.wait_until("another stretch is seen", async || stretch().await != before).await;
    }

    // What is left out can be had.
    explore.find("checkbox", "votes").click().await;
    page.wait_until("they are left out", async || page.run(VOTES, vec![]).await == false).await;
    page.is_safe().await;
}

/// What is said of the stretch that is seen.
const STRETCH: &str = "return document.querySelector('.readout').textContent";

/// Whether votes are shown.
const VOTES: &str = "return document.querySelectorAll('.kinds input')[3].checked";

/// Moves a pointer over the diagram, from the newest events back, until one is read; or turns a
/// wheel there, drags it, or clicks where it is.
const POINT: &str = "
    const plot = document.querySelector('.space-time');
    const place = plot.getBoundingClientRect();
    const send = (kind, type, x, y, more) => plot.dispatchEvent(new kind(type, {
        bubbles: true, cancelable: true, clientX: place.left + x, clientY: place.top + y,
        pointerId: 1, pointerType: 'mouse', button: 0, ...more }));
    const read = () => !!document.querySelector('.readout [role=status]').textContent;
    const x = place.width * .96, y = place.height / 2;
    switch (arguments[0]) {
        case 'wheel': send(WheelEvent, 'wheel', x, y, { deltaY: -300, ctrlKey: true }); break;
        case 'drag':
            send(PointerEvent, 'pointerdown', x - 300, y);
            send(PointerEvent, 'pointermove', x - 200, y);
            send(PointerEvent, 'pointerup', x - 200, y);
            break;
        case 'hover':
            if (read()) return true;
            window.at = ((window.at ?? 0) + 37) % 9000;
            window.spot = [place.width * .94 - window.at % 600, 40 + (window.at * 7) % (place.height - 60)];
            send(PointerEvent, 'pointermove', ...window.spot);
            return false;
        case 'click':
            send(PointerEvent, 'pointerdown', ...window.spot);
            send(PointerEvent, 'pointerup', ...window.spot);
    }
    return true;
";
