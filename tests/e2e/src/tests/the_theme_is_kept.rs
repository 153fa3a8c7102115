use e2e::Page;
use serde_json::json;

/// The theme that was chosen is there again after a reload, before anything else is.
pub async fn the_theme_is_kept(page: &Page) {
    let ground =
        async || page.run("return getComputedStyle(document.body).backgroundColor", vec![]).await;
    page.prefer("light").await;
    page.button("Theme: system").click().await;
    page.button("Theme: light").click().await;
    page.button("Theme: dark").appears().await;
    let dark = ground().await;

    // Looks as soon as there is a body, long before the engine is there.
    let look = "new MutationObserver((_, it) => {
                  if (!document.body) return;
                  it.disconnect();
                  window.first = [document.documentElement.dataset.theme, Boolean(window.raftbank)];
                }).observe(document, { childList: true, subtree: true })";
    let began = page.before_each_load(look).await;
    page.reload().await;
    page.button("Theme: dark").appears().await;
    assert_eq!(page.run("return window.first", vec![]).await, json!(["dark", false]));
    assert_eq!(ground().await, dark);

    page.go(&format!("{}#view=lecture", page.address())).await;
    page.reload().await;
    page.button("Exit lecture").appears().await;
    assert_eq!(ground().await, dark, "in a lecture too");
    page.forget_before_each_load(began).await;
}
