use e2e::Page;
use serde_json::json;

/// `window.raftbank`: acting, running, exporting and loading a run that then repeats itself.
pub async fn scripts_use_the_page(page: &Page) {
    page.at_full_speed().await;
    page.button("Pause").click().await;
    let script = "const bank = window.raftbank;
        bank.act('Alice: transfer Bob 25');
        await bank.run(3000);
        bank.act('crash S1');
        bank.act('Bob: transfer Carol 3');
        await bank.run(3000);
        const run = bank.export();
        const before = JSON.stringify(bank.state());
        await bank.run(500);
        await bank.load(run);
        const after = JSON.stringify(bank.state());
        let refused = '';
        try { bank.act('crash S1'); } catch (error) { refused = error.message; }
        let unread = '';
        try { bank.act('explode S1'); } catch (error) { unread = error.message; }
        let broken = '';
        try { await bank.load({ version: 99 }); } catch (error) { broken = error.message; }
        return { before, after, refused, unread, broken }";
    let told = page.run(&format!("return (async () => {{ {script} }})()"), vec![]).await;
    assert_eq!(told["before"], told["after"], "a run that is loaded is the run that was exported");
    for (what, says) in [("refused", "S1 is down"), ("unread", "explode"), ("broken", "version")] {
        let message = told[what].as_str().unwrap_or_default();
        assert!(message.contains(says), "{what}: {message}");
    }
    assert_eq!(page.balance("Bob").await, Some(122), "{}", told["after"]);
    let state = page.state().await;
    assert_eq!(state["servers"][0]["up"], json!(false));
    page.is_safe().await;
}
