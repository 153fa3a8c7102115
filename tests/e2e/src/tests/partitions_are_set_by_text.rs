use e2e::Page;
use serde_json::{Value, json};

/// Groups in the original's form; what cannot be read changes nothing and says why.
pub async fn partitions_are_set_by_text(page: &Page) {
    page.at_full_speed().await;
    let field = page.text_field("Partition groups");
    field.fill("1;2-3-4-5").await;
    page.button("Apply partition").click().await;
    let groups = async || page.state().await["channel"]["groups"].clone();
    page.wait_until("the partition is there", async || groups().await == "S1;S2-S3-S4-S5").await;

    let wrong = [
        ("", "group"),
        ("S1;S9", "S9"),
        ("S1;S1-S2", "S1"),
        ("S1;;S2", "empty"),
        ("one;two", "one"),
    ];
    for (text, says) in wrong {
        field.fill(text).await;
        page.button("Apply partition").click().await;
        page.region("Cluster").any("alert").shows(says).await;
        assert_eq!(groups().await, json!("S1;S2-S3-S4-S5"), "'{text}' changed the partition");
    }

    page.button("Heal network").click().await;
    page.wait_until("the network is whole", async || matches!(groups().await, Value::Null)).await;
}
