use e2e::Page;
use fantoccini::key::Key;

/// Links are cut, mended and made slow in the matrix: with keys alone, then by the pointer.
pub async fn links_are_cut_in_the_matrix(page: &Page) {
    page.at_full_speed().await;
    let key = |key: Key| char::from(key).to_string();
    let (enter, right, left) = (key(Key::Enter), key(Key::Right), key(Key::Left));
    page.find("tab", "Links").press(&enter).await;
    let tab = page.region("Explore");

    tab.named("S1 to S2: up, 10–30 ms, loss 0%").press(&enter).await;
    tab.named("S1 to S2: cut").press(&right).await;
    tab.named("S1 to S3: up").press(&enter).await;
    tab.named("S1 to S3: cut").press(&left).await;
    tab.named("S1 to S2: cut").press(&left).await;
    tab.button("Cut all from S1").press(&enter).await;
    tab.named("S1 to S5: cut").appears().await;
    tab.button("Mend all from S1").press(&enter).await;
    tab.named("S1 to S3: up").appears().await;

    tab.named("S2 to S3: up").click().await;
    tab.named("S2 to S3: up").click().await;
    tab.named("S2 to S3: cut").click().await;
    tab.named("S2 to S3: up").appears().await;
    tab.text_field("Shortest delay (ms)").fill("200").await;
    tab.text_field("Longest delay (ms)").fill("100").await;
    tab.button("Set").click().await;
    tab.any("alert").shows("must not be above").await;
    tab.text_field("Longest delay (ms)").fill("500").await;
    tab.text_field("Loss (%)").fill("10").await;
    tab.button("Set").click().await;
    tab.named("S2 to S3: up, 200–500 ms, loss 10%, its own settings").appears().await;
    tab.button("Like the others").click().await;
    tab.named("S2 to S3: up, 10–30 ms, loss 0%").appears().await;
    page.leader().await;
    page.is_safe().await;
}
