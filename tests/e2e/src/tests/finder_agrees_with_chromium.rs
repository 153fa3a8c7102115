use e2e::{FINDER, Page};
use fantoccini::wd::WebDriverCompatibleCommand;
use http::Method;
use url::{ParseError, Url};

/// Something of each kind that the tests look for.
const SAMPLES: &str = r#"
    <main>
      <section aria-labelledby="title"><h2 id="title">The <b>Clu</b>ster</h2>
        <div tabindex="0" role="group" aria-label="Server S1, leader, term 3, commit 7">S1</div>
        <button>Crash <span aria-hidden="true">☠</span> S1</button>
        <button aria-label="Isolate S1">I</button>
        <button title="Heal network"><svg width="9" height="9"><path d="M0 0h9"/></svg></button>
        <svg role="img" width="9" height="9"><title>Messages in flight</title><path d=""/></svg>
      </section>
      <fieldset><legend>Alice</legend>
        <label>To <select><option>Bob</option><option>Carol</option></select></label>
        <label for="amount">Amount</label> <input id="amount" type="number">
        <input type="checkbox" aria-labelledby="follow"><span id="follow">Follow the log</span>
        <input type="range" aria-label="Speed">
        <input type="search" placeholder="Search">
        <textarea aria-label="Partition groups"></textarea>
        <ul aria-label="Requests"><li>#1 committed at height 4</li></ul>
      </fieldset>
      <div role="status" aria-label="News">S2 leads</div>
      <table><caption>Safety</caption><tr><th scope="row">Election</th><td>holds</td></tr></table>
      <a href="readme">Read <em>me</em></a>
    </main>"#;

/// The roles and names that the tests find things by are those that the browser tells assistive
/// technology.
pub async fn finder_agrees_with_chromium(page: &Page) {
    page.go("about:blank").await;
    page.run("document.body.innerHTML = arguments[0]", vec![SAMPLES.into()]).await;
    let ours = page
        .run(
            &format!(
                "{FINDER}
                 const all = find([{{}}]).filter((it) => !['generic'].includes(roleOf(it)));
                 return all.filter((it) => document.querySelector('main').contains(it) &&
                     !it.closest('svg :not(svg)') && it.tagName !== 'OPTION' || it.tagName === 'MAIN')
                   .map((it) => [it, roleOf(it), nameOf(it)]);"
            ),
            vec![],
        )
        .await;
    let ours = ours.as_array().expect("a list of elements");
    assert!(ours.len() > 15, "only {} elements were found", ours.len());
    for it in ours {
        let element = it[0].as_object().and_then(|element| element.values().next());
        let element = element.and_then(|id| id.as_str()).expect("an element's id");
        let role = computed(page, element, "computedrole").await;
        let name = computed(page, element, "computedlabel").await;
        let (our_role, our_name) = (it[1].as_str(), it[2].as_str());
        assert_eq!((our_role, our_name), (Some(role.as_str()), Some(name.as_str())));
    }
}

async fn computed(page: &Page, element: &str, what: &'static str) -> String {
    let command = Computed { element: element.to_owned(), what };
    let text = page.client().issue_cmd(command).await.expect("the browser knows its elements");
    text.as_str().expect("it is a text").to_owned()
}

/// The browser's own role or name of an element (WebDriver §12.4).
#[derive(Debug)]
struct Computed {
    element: String,
    what: &'static str,
}

impl WebDriverCompatibleCommand for Computed {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        let session = session.unwrap_or_default();
        base.join(&format!("session/{session}/element/{}/{}", self.element, self.what))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::GET, None)
    }
}
