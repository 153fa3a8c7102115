use e2e::Page;
use fantoccini::key::Key;
use serde_json::{Value, json};

/// The picture as a drawing that stands by itself and holds the servers, and as a photograph.
pub async fn the_picture_is_saved(page: &Page) {
    page.at_full_speed().await;
    page.leader().await;
    let catch = "
        window.saved = {};
        const make = URL.createObjectURL;
        URL.createObjectURL = (blob) => { blob.text().then((text) => window.saved.text = text); return make(blob); };
        HTMLAnchorElement.prototype.click = function () { window.saved.name = this.download; window.saved.address = this.href; };";
    page.run(catch, vec![]).await;
    let saved =
        async |what: &str| page.run("return window.saved[arguments[0]]", vec![json!(what)]).await;
    let cluster = page.region("Cluster");

    cluster.button("SVG").press(&char::from(Key::Enter).to_string()).await;
    page.wait_until("the drawing is saved", async || saved("text").await.is_string()).await;
    let name = saved("name").await;
    let name = name.as_str().unwrap_or_default();
    assert!(name.starts_with("raftbank-") && name.ends_with("ms.svg"), "{name}");
    let parse = "
        const drawing = new DOMParser().parseFromString(window.saved.text, 'image/svg+xml');
        const texts = [...drawing.querySelectorAll('text')].map((it) => it.textContent);
        return {
          wrong: drawing.querySelector('parsererror')?.textContent ?? null,
          servers: ['S1', 'S2', 'S3', 'S4', 'S5'].every((name) => texts.includes(name)),
          caption: texts.at(-1),
          left: drawing.querySelectorAll('[class], [style]').length,
        };";
    let parsed = page.run(parse, vec![]).await;
    assert_eq!(parsed["wrong"], Value::Null);
    assert_eq!((&parsed["servers"], &parsed["left"]), (&json!(true), &json!(0)), "{parsed}");
    assert!(parsed["caption"].as_str().is_some_and(|it| it.contains("seed 42")), "{parsed}");

    cluster.button("PNG").click().await;
    page.wait_until("the photograph is saved", async || {
        let address = saved("address").await;
        address.as_str().is_some_and(|address| address.starts_with("data:image/png;base64,"))
    })
    .await;
}
