use e2e::Page;
use fantoccini::key::Key;

/// Operations are read by pointer and by keys, and a stale read is shown and gone to.
pub async fn the_clients_history_shows_the_first_error(page: &Page) {
    page.at_full_speed().await;
    page.leader().await;
    page.pay("Alice", "Bob", 5).await;
    page.pay("Bob", "Carol", 3).await;
    page.button("Pause").click().await;
    page.button("Play").appears().await;
    let explore = page.region("Explore");
    explore.find("tab", "Client history").click().await;
    explore.shows("Linearizable so far").await;
    explore.button("Show all").click().await;

    // By pointer.
    let details = explore.find("status", "Operation");
    explore.named("Alice #1: pay Bob 5").click().await;
    details.shows("took effect at").await;
    details.named("took effect").click().await;
    let looks_back = async || page.state().await["looking_at_ms"].is_number();
    page.wait_until("the moment of its effect is shown", looks_back).await;
    page.button("Back to now").click().await;

    // By keys.
    let key = |key: Key| char::from(key).to_string();
    explore.named("Alice #1: pay Bob 5").press(&key(Key::Down)).await;
    details.shows("Bob #1: pay Carol 3").await;
    explore.named("Bob #1: pay Carol 3").press(&key(Key::Enter)).await;
    page.wait_until("the moment of its end is shown", looks_back).await;
    page.is_safe().await;

    // A leader that asks nobody whether it still leads tells what is no longer true.
    page.button("Scenario").press(&key(Key::Enter)).await;
    let search = page.find("dialog", "Scenarios").find("searchbox", "Search the scenarios");
    search.fill("a stale read").await;
    search.press(&key(Key::Enter)).await;
    let story = page.region("Story");
    story.shows("Step 1 of").await;
    explore.find("tab", "Client history").press(&key(Key::Enter)).await;
    page.wait_until("a promise is broken", async || page.run(THROUGH, vec![]).await == true).await;
    explore.shows("VIOLATED at").await;
    let jump = explore.button("Jump to the first error");
    jump.press(&key(Key::Enter)).await;
    details.shows("balance 0").await;
    page.wait_until("the operation is marked", async || {
        page.run("return !!document.querySelector('.operation.wrong')", vec![]).await == true
    })
    .await;
    page.button("Back to my bank").click().await;
    page.wait_until("the story is gone", async || !story.is_there().await).await;
}

/// Reads on in the story, guessing wherever it asks, until the verdict is no longer that all holds.
const THROUGH: &str = "
    const radios = [...document.querySelectorAll('.story input[type=radio]:not(:disabled)')];
    if (radios.length && !radios.some((radio) => radio.checked)) radios[0].click();
    const next = [...document.querySelectorAll('.story button')]
        .find((button) => button.textContent.trim() === 'Next' && !button.disabled);
    next?.click();
    return /VIOLATED/.test(document.querySelector('#explore').textContent);
";
