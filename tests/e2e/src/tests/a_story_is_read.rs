use e2e::Page;
use fantoccini::key::Key;

/// From the library to the last step and back to the own bank, with keys alone.
pub async fn a_story_is_read(page: &Page) {
    let enter: &str = &char::from(Key::Enter).to_string();
    let space: &str = &char::from(Key::Space).to_string();
    page.button("Scenario").press(enter).await;
    let dialog = page.find("dialog", "Scenarios");
    let search = dialog.find("searchbox", "Search the scenarios");
    search.fill("double spend nothing").await;
    dialog.shows("Nothing is found").await;
    search.fill("overdrawn").await;
    dialog.shows("1 scenario. Enter runs it.").await;
    search.press(enter).await;

    let story = page.region("Story");
    story.shows("Step 1 of 3").await;
    // The first step takes no time: it is over as soon as it has begun.
    page.button("Play").appears().await;
    let next = story.button("Next");
    next.press(enter).await;
    story.shows("Step 2 of 3").await;
    story.find("radio", "One is paid, one is refused").press(space).await;
    next.press(enter).await;
    next.press(enter).await;
    story.shows("Right.").await;
    next.press(enter).await;
    story.shows("Step 3 of 3").await;
    next.press(enter).await;
    story.shows("That was the story").await;
    page.is_safe().await;

    story.button("Back").press(enter).await;
    story.shows("Step 2 of 3").await;
    page.button("Back to my bank").press(enter).await;
    page.wait_until("the story is gone", async || !story.is_there().await).await;
}
