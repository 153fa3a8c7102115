//! What the tests ask of the cluster: through the page's own controls, and its `window.raftbank`.

use crate::locator::Locator;
use crate::page::Page;
use serde_json::Value;

impl Page {
    /// `window.raftbank.state()`.
    pub async fn state(&self) -> Value {
        self.run("return window.raftbank.state()", vec![]).await
    }

    /// Waits until the page runs, then lets time pass quickly.
    pub async fn at_full_speed(&self) {
        self.wait_until("the engine runs", async || {
            self.run("return Boolean(window.raftbank)", vec![]).await == true
        })
        .await;
        self.find("combobox", "Speed").choose("1×").await;
    }

    /// Waits until there is exactly one leader among the servers that are up, and gives its name.
    pub async fn leader(&self) -> String {
        self.wait_until("a server leads", async || self.leaders().await.len() == 1).await;
        self.leaders().await.pop().expect("there was just one")
    }

    /// Lets a client pay another, by its widget, and waits until the transfer is committed.
    pub async fn pay(&self, from: &str, to: &str, amount: u64) {
        let paid = self.committed(from).await;
        let client = self.group(from);
        client.choice("To").choose(to).await;
        client.number_field("Amount").fill(&amount.to_string()).await;
        client.button("Send transfer").click().await;
        let what = format!("{from}'s payment of {amount} to {to} is committed");
        self.wait_until(&what, async || self.committed(from).await > paid).await;
        client.list("Requests").shows("committed at height").await;
    }

    /// How many of a client's listed transfers are committed.
    pub async fn committed(&self, client: &str) -> usize {
        let state = self.state().await;
        let clients = state["clients"].as_array().cloned().unwrap_or_default();
        let it = clients.into_iter().find(|it| it["name"] == client).expect("the client is there");
        let requests = it["requests"].as_array().cloned().unwrap_or_default();
        requests.iter().filter(|request| request["status"] == "committed").count()
    }

    /// The highest height that some server knows to be committed.
    pub async fn height(&self) -> u64 {
        let state = self.state().await;
        let servers = state["servers"].as_array().cloned().unwrap_or_default();
        servers.iter().filter_map(|server| server["commit"].as_u64()).max().unwrap_or(0)
    }

    /// What an account holds by the server that knows the most; nothing if none is up.
    pub async fn balance(&self, account: &str) -> Option<u64> {
        let state = self.state().await;
        let servers = state["servers"].as_array()?.iter().filter(|server| server["up"] == true);
        let best = servers.max_by_key(|server| server["commit"].as_u64())?;
        best["balances"][account].as_u64()
    }

    /// Fails if a judge objects.
    pub async fn is_safe(&self) {
        let violations = self.state().await["safety"]["violations"].clone();
        assert_eq!(violations, serde_json::json!([]), "the judges object");
    }

    /// The place of a server in the picture.
    pub fn server(&self, id: &str) -> Locator<'_> {
        self.region("Cluster").named(&format!("Server {id},"))
    }

    async fn leaders(&self) -> Vec<String> {
        let state = self.state().await;
        let servers = state["servers"].as_array().cloned().unwrap_or_default();
        let leads = servers.iter().filter(|server| server["role"] == "leader");
        leads.filter_map(|server| server["id"].as_str()).map(str::to_owned).collect()
    }
}
