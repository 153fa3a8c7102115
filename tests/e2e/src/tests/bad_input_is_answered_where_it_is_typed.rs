use e2e::Page;

/// Amounts and seeds that make no sense are answered beside the field, and nothing is asked.
pub async fn bad_input_is_answered_where_it_is_typed(page: &Page) {
    page.at_full_speed().await;
    page.leader().await;
    let alice = page.group("Alice");
    let wrong = [
        ("", "missing"),
        ("0", "at least 1"),
        ("-5", "at least 1"),
        ("2.5", "fraction"),
        ("18446744073709551616", "too large"),
    ];
    for (text, says) in wrong {
        alice.number_field("Amount").fill(text).await;
        alice.button("Send transfer").click().await;
        alice.any("alert").shows(says).await;
    }
    let requests = page.state().await["clients"][0]["requests"].clone();
    assert_eq!(requests, serde_json::json!([]), "nothing was asked");

    // More than there is: the ledger decides, at the transfer's place in the chain.
    alice.number_field("Amount").fill("101").await;
    alice.shows("it may be refused").await;
    alice.button("Send transfer").click().await;
    alice.list("Requests").shows("refused: insufficient funds").await;
    assert_eq!(page.balance("Alice").await, Some(100));

    let height = page.height().await;
    page.text_field("Seed").fill("forty-two").await;
    page.region("Timeline").any("alert").shows("whole number").await;
    page.button("Reset").click().await;
    assert!(page.height().await >= height, "a seed that is no number resets nothing");
    page.is_safe().await;
}
