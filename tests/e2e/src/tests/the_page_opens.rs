use e2e::Page;

/// The page opens and has something to show.
pub async fn the_page_opens(page: &Page) {
    let title = page.run("return document.title", vec![]).await;
    assert!(title.as_str().is_some_and(|title| title.contains("Raftbank")), "{title}");
    page.wait_until("the main part has content", async || !page.main().text().await.is_empty())
        .await;
}
