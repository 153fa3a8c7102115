use e2e::Page;
use serde_json::{Value, json};

/// Who asks for less motion gets no transition; messages still stand where they are.
pub async fn motion_can_be_reduced(page: &Page) {
    let media = json!({ "features": [{ "name": "prefers-reduced-motion", "value": "reduce" }] });
    page.developer_tools("Emulation.setEmulatedMedia", media).await;
    page.at_full_speed().await;
    page.leader().await;
    page.group("Alice").button("Send transfer").click().await;
    page.wait_until("something is in flight", async || {
        page.button("Step").click().await;
        page.state().await["channel"]["in_flight"].as_u64() > Some(1)
    })
    .await;
    let moving = "return [...document.querySelectorAll('*')].filter((it) => {
                    const style = getComputedStyle(it);
                    return style.transitionDuration !== '0s' || style.animationName !== 'none';
                  }).map((it) => it.outerHTML.slice(0, 80))";
    assert_eq!(page.run(moving, vec![]).await, json!([]));
    let places = "return [...document.querySelectorAll('.stage .mark')]
                    .map((it) => it.getBoundingClientRect()).filter((it) => it.width > 0)
                    .map((it) => Math.round(it.x) + ' ' + Math.round(it.y))";
    let before = page.run(places, vec![]).await;
    assert!(before.as_array().is_some_and(|it| !it.is_empty()), "messages are drawn");
    page.wait_until("they stand elsewhere after a while", async || {
        page.button("Step").click().await;
        let now = page.run(places, vec![]).await;
        now != Value::Null && now != before
    })
    .await;
}
