use e2e::Page;
use fantoccini::key::Key;

/// A transfer's way is drawn part by part, with each server's copy; a part leads to its moment.
pub async fn a_request_is_followed(page: &Page) {
    page.at_full_speed().await;
    page.leader().await;
    page.pay("Alice", "Bob", 5).await;

    // By pointer, from the client's list.
    page.named("Follow Alice #1").click().await;
    let explore = page.region("Explore");
    explore.shows("Alice #1 pays Bob 5").await;
    explore.shows("committed at height").await;
    let way = explore.list("Its way, part by part");
    way.shows("goes to a majority's disks").await;
    way.shows("mined it and has it on its disk").await;

    // By keys, from the tabs: the newest is followed, whichever that is.
    let keys = |key: Key| char::from(key).to_string();
    explore.find("tab", "Follow").press(&keys(Key::Home)).await;
    explore.find("tab", "Ledger").press(&keys(Key::Right)).await;
    explore.find("tab", "Chain").press(&keys(Key::Right)).await;
    explore.button("Always the newest").press(&keys(Key::Enter)).await;
    page.pay("Bob", "Carol", 7).await;
    explore.shows("Bob #1 pays Carol 7").await;

    explore.named("mining: show the moment").press(&keys(Key::Enter)).await;
    page.wait_until("the moment of the mining is shown", async || {
        page.state().await["looking_at_ms"].is_number()
    })
    .await;
    page.is_safe().await;
}
