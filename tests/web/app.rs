//! What people do with the bank, on the page.

use super::page::{Page, call, settle, storage, type_into};
use js_sys::Reflect;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

#[wasm_bindgen_test]
async fn a_transfer_is_sent_and_committed() {
    let page = Page::first_visit().await;
    page.send("Alice", "Bob", "25").await;
    assert!(page.requests("Alice").contains("pending"), "{}", page.requests("Alice"));
    page.run(2000).await;
    let state = page.state();
    let alice = state.clients.iter().find(|client| client.name == "Alice").unwrap();
    assert_eq!(alice.requests[0].status, "committed");
    let height = alice.requests[0].height.unwrap();
    assert!(page.requests("Alice").contains(&format!("committed at height {height}")));
    assert!(
        page.client("Bob")
            .query_selector(".balance")
            .unwrap()
            .unwrap()
            .text_content()
            .unwrap()
            .contains("125")
    );
    page.click_in(&page.client("Bob"), "Check balance").await;
    page.run(1000).await;
    assert!(page.requests("Bob").contains("125 at height"), "{}", page.requests("Bob"));
    page.assert_safe();
}

#[wasm_bindgen_test]
async fn another_leads_when_the_leader_crashes_and_the_old_one_returns_with_its_chain() {
    let page = Page::first_visit().await;
    page.send("Alice", "Bob", "5").await;
    page.run(2000).await;
    let old = page.leader();
    page.click(&format!("Crash {}", old.id)).await;
    assert!(!page.state().servers.iter().any(|server| server.id == old.id && server.up));
    page.run(4000).await;
    let new = page.leader();
    assert_ne!(new.id, old.id);
    assert!(new.term > old.term && new.commit >= old.commit);
    let label = format!("Server {}, leader, term {}, commit {}", new.id, new.term, new.commit);
    page.named(&page.root, "[data-server]", &label);
    assert!(page.text("[aria-label=Announcements]").contains("became leader"));
    page.click(&format!("Restart {}", old.id)).await;
    page.run(2000).await;
    let tips: Vec<_> = page.state().servers.into_iter().map(|server| server.tip_hash).collect();
    assert!(tips.iter().all(|tip| tip.is_some() && *tip == tips[0]), "{tips:?}");
    page.assert_safe();
}

#[wasm_bindgen_test]
async fn a_leader_in_a_minority_commits_nothing_until_the_network_heals() {
    let page = Page::first_visit().await;
    let leader = page.cut_off_the_leader().await;
    assert!(page.text(".stage").contains("no majority"), "{}", page.text(".stage"));
    page.send("Carol", "Alice", "7").await;
    page.run(6000).await;
    let state = page.state();
    let cut_off = state.servers.iter().find(|server| server.id == leader.id).unwrap();
    assert_eq!(cut_off.commit, leader.commit);
    let elected = page.leader();
    assert_ne!(elected.id, leader.id);
    page.click("Heal network").await;
    page.run(6000).await;
    assert!(page.requests("Carol").contains("committed at height"), "{}", page.requests("Carol"));
    let tips: Vec<_> = page.state().servers.into_iter().map(|server| server.tip_hash).collect();
    assert!(tips.iter().all(|tip| *tip == tips[0]), "{tips:?}");
    page.assert_safe();
}

#[wasm_bindgen_test]
async fn a_reload_loses_nothing() {
    let page = Page::first_visit().await;
    page.send("Alice", "Bob", "30").await;
    page.run(3000).await;
    let before = page.leader();
    // One more is under way when the power goes.
    page.send("Bob", "Carol", "40").await;
    drop(page);
    let page = Page::open().await;
    page.run(6000).await;
    let after = page.leader();
    assert!(after.commit > before.commit && after.term > before.term);
    assert!(page.requests("Bob").contains("committed at height"), "{}", page.requests("Bob"));
    assert!(page.client("Carol").text_content().unwrap().contains("140"));
    page.assert_safe();
}

#[wasm_bindgen_test]
async fn what_cannot_be_read_is_named_and_left_as_it_is() {
    let page = Page::first_visit().await;
    drop(page);
    storage().set_item("raftbank/S2/state", "{rubbish").unwrap();
    let page = Page::open().await;
    assert!(page.text(".banner").contains("raftbank/S2/state"), "{}", page.text(".banner"));
    page.named(&page.root, ".banner button", "Download a copy");
    assert_eq!(storage().get_item("raftbank/S2/state").unwrap().unwrap(), "{rubbish");
    page.run(4000).await;
    // The others go on without it.
    assert_ne!(page.leader().id, "S2");
    page.click("Start anew").await;
    page.run(4000).await;
    assert!(page.root.query_selector(".banner").unwrap().is_none());
    assert!(page.state().servers.iter().all(|server| server.up));
}

#[wasm_bindgen_test]
async fn bad_input_is_answered_where_it_was_made() {
    let page = Page::first_visit().await;
    for amount in ["", "0", "-3", "2.5", "18446744073709551616"] {
        page.send("Alice", "Bob", amount).await;
        let alert = page.client("Alice").query_selector("[role=alert]").unwrap();
        assert!(alert.is_some(), "an amount of '{amount}' was not answered");
    }
    page.send("Alice", "Bob", "150").await;
    assert!(page.client("Alice").query_selector("[role=alert]").unwrap().is_none());
    for groups in ["S1;S9", "S1;S1", "rubbish", ";"] {
        page.partition(groups).await;
        assert!(!page.text(".network [role=alert]").is_empty(), "{groups}");
    }
    type_into(&page.root, "Seed", "forty");
    settle().await;
    page.click("Reset").await;
    assert!(page.text("#seed-says").contains("whole number"));
    page.run(2000).await;
    assert!(page.requests("Alice").contains("refused: insufficient funds"));
    page.assert_safe();
}

#[wasm_bindgen_test]
async fn why_is_answered_and_stays_true_while_time_passes() {
    let page = Page::first_visit().await;
    let leader = page.cut_off_the_leader().await;
    call("act", &[format!("Alice: transfer Bob 7 via {}", leader.id).into()]);
    page.run(200).await;

    // Where the request is, and by what the leader is kept from committing its block.
    page.click("Why is Alice #1 waiting?").await;
    let panel = page.named(&page.root, "[role=group]", "Why is Alice #1 waiting?");
    let told = panel.text_content().unwrap();
    assert!(told.contains("which is not committed"), "{told}");
    assert!(told.contains(&format!("{} is cut off from", leader.id)), "{told}");
    assert!(told.contains("What would change it: Heal the network."), "{told}");

    // Another is elected, the client asks again, and the answer changes by itself.
    page.run(6000).await;
    let panel = page.named(&page.root, "[role=group]", "How was Alice #1 answered?");
    assert!(panel.text_content().unwrap().contains("committed at height"));
    page.named(&page.root, "button", "How was Alice #1 answered?");

    let why = Reflect::get(&call("why", &["Alice #1".into()]), &"headline".into()).unwrap();
    assert!(panel.text_content().unwrap().contains(&why.as_string().unwrap()), "{why:?}");

    // A moment is shown in the log.
    let moment = panel.query_selector("button.moment").unwrap().expect("it rests on moments");
    moment.unchecked_into::<HtmlElement>().click();
    settle().await;
    assert!(page.root.query_selector("#log .jumped").unwrap().is_some(), "the moment is marked");

    page.click("Close the answer").await;
    assert!(page.root.query_selector(".why").unwrap().is_none());
}
