use e2e::Page;
use fantoccini::key::Key;

/// Whoever asks why is told what it rests on: by the page's buttons, and for scripts.
pub async fn why_is_answered(page: &Page) {
    page.at_full_speed().await;
    let leader = page.leader().await;
    page.pay("Alice", "Bob", 5).await;
    page.button("How was Alice #1 answered?").click().await;
    let answer = page.region("Inspector").find("group", "How was Alice #1 answered?");
    answer.shows("committed at height").await;
    answer.shows("made the majority").await;

    // Closing it, by its button or by a key, leads back to where it was asked.
    let focused = "return document.activeElement.getAttribute('aria-label')";
    for close in ["button", "key"] {
        match close {
            "button" => page.button("Close the answer").click().await,
            _ => page.type_keys(&char::from(Key::Escape).to_string()).await,
        }
        page.wait_until(&format!("the {close} has led back"), async || {
            page.run(focused, vec![]).await == "How was Alice #1 answered?"
        })
        .await;
        page.button("How was Alice #1 answered?").click().await;
        answer.appears().await;
    }

    // The answer on the page changes with the world.
    page.button(&format!("Why is {leader} the leader?")).click().await;
    let group = |name: String| page.region("Inspector").find("group", &name);
    group(format!("Why is {leader} the leader?")).shows("won the election").await;
    // The page has scrolled to the answer; the servers are at its top.
    page.run("window.scrollTo(0, 0)", vec![]).await;
    page.button(&format!("Crash {leader}")).click().await;
    group(format!("Why is {leader} down?")).shows(&format!("Restart {leader}.")).await;

    let script = "const why = window.raftbank.why(arguments[0]);
        let refused = '';
        try { window.raftbank.why('the moon'); } catch (error) { refused = error.message; }
        return { why, refused }";
    let told = page.run(script, vec![leader.clone().into()]).await;
    assert_eq!(told["why"]["claim"]["is"], "down", "{told}");
    assert_eq!(told["why"]["claim"]["server"], leader.as_str(), "{told}");
    let moments = told["why"]["reasons"][0]["moments"].as_array().map(Vec::len);
    assert!(moments >= Some(1), "{told}");
    assert!(told["refused"].as_str().is_some_and(|why| why.contains("no question")), "{told}");
    page.is_safe().await;
}
