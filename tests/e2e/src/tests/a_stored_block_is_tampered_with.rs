use e2e::Page;
use fantoccini::key::Key;

/// The chain is searched, and a stored block is changed: its server refuses to start, is mended,
/// and is sent the block again. By pointer, and the search with keys alone.
pub async fn a_stored_block_is_tampered_with(page: &Page) {
    page.at_full_speed().await;
    page.leader().await;
    for amount in 1..=3 {
        page.pay("Alice", "Bob", amount).await;
    }
    page.find("tab", "Ledger").press(&char::from(Key::Right).to_string()).await;
    let explore = page.region("Explore");
    let enter: &str = &char::from(Key::Enter).to_string();

    let search = explore.find("searchbox", "Search the chain");
    search.fill("the moon").await;
    explore.shows("cannot be searched for").await;
    search.fill("Alice #1").await;
    explore.list("Found").named("Block 2, term").press(enter).await;
    explore.named("Block 2 on S").shows("Alice #1").await;
    explore.number_field("Balances after block").fill("2").await;
    explore.find("region", "Balances at any height").shows("101").await;

    let tamper = explore.find("region", "Tamper");
    tamper.choice("Server").choose("S3").await;
    tamper.number_field("Block to change").fill("2\n").await;
    tamper.text_field("New amount").fill("much").await;
    tamper.any("alert").shows("whole number").await;
    tamper.text_field("New amount").fill("50").await;
    tamper.shows("lacks work").await;
    tamper.list("The block and those after it").shows("its parent is gone").await;
    tamper.button("Crash S3 and write it to its disk").click().await;
    let became = tamper.group("What became of it");
    became.button("Restart S3 and see").press(enter).await;
    became.shows("S3 refuses to start").await;
    became.button("Remove it and all after it from S3's disk").press(enter).await;
    became.button("Restart S3 and see").press(enter).await;
    became.shows("S3 has block 2 again").await;
    page.is_safe().await;
}
