//! What the share dialog shows.

use super::address::{self, Display};
use super::words::thousands;
use crate::base::Rules;
use crate::sim::Run;
use crate::sim::run::link::{LONGEST, SHORT};
use crate::sim::run::{Look, Stamp};

/// The size of an embedded frame, in CSS pixels.
pub const FRAME: (u32, u32) = (640, 400);

/// What somebody who shares wishes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// The run's name; empty for none.
    pub name: String,
    /// A sentence above it; empty for none.
    pub caption: String,
    /// Whether it begins at its beginning, rather than at its end.
    pub from_beginning: bool,
}

/// A change of a wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WishEdit {
    /// Another name.
    Name(String),
    /// Another sentence.
    Caption(String),
    /// Another place to begin at.
    FromBeginning(bool),
}

/// The dialog.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    /// What was wished.
    pub wish: Wish,
    /// How far its making is.
    pub stage: Stage,
    /// What was copied last.
    pub copied: Option<Form>,
}

/// How far the making of a link is.
#[derive(Clone, Debug, PartialEq)]
pub enum Stage {
    /// The run is being replayed to seal it; so much of it is done, from 0 to 1.
    Sealing(f64),
    /// It is there.
    Ready(Ready),
}

/// What is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ready {
    /// The link, or nothing if the run is too large for one.
    pub link: Option<String>,
    /// How many letters the link has, or would have.
    pub letters: usize,
    /// The size of the file, in bytes.
    pub file_bytes: usize,
    /// What vouches for it, in words.
    pub seal: String,
}

/// The forms in which a link is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A link to the page.
    Link,
    /// A link for a lecture.
    Lecture,
    /// HTML with a frame, for another page.
    Embed,
}

impl Wish {
    /// The wish after a change.
    pub fn edited(&self, edit: WishEdit) -> Self {
        let mut after = self.clone();
        match edit {
            WishEdit::Name(name) => after.name = name,
            WishEdit::Caption(caption) => after.caption = caption,
            WishEdit::FromBeginning(from_beginning) => after.from_beginning = from_beginning,
        }
        after
    }

    /// The run as it is wished. What else it asks to look at stays.
    pub fn grant(&self, run: &Run) -> Run {
        let filled = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let from = self.from_beginning.then_some(Stamp::BEGINNING);
        let look = Look { from, caption: filled(&self.caption), ..run.look.clone() };
        Run { name: filled(&self.name), look, ..run.clone() }
    }
}

impl Ready {
    /// What is offered of a run, at the page's address, with its code for a link.
    pub fn of(run: &Run, code: &str, address: &str) -> Self {
        let link = address::write(address, Some(code), Display::Page);
        let seal = match run.seal {
            Some(seal) => {
                format!("Sealed with {seal}: whoever opens it can tell that it is the same.")
            }
            None => "It could not be repeated here exactly, so it carries no seal.".to_owned(),
        };
        let letters = link.len();
        let file_bytes = run.to_json().len();
        Self { link: Some(link).filter(|_| letters <= LONGEST), letters, file_bytes, seal }
    }

    /// What is to be said of the link's length.
    pub fn length(&self) -> String {
        let letters = thousands(self.letters as u64);
        if self.link.is_none() {
            format!(
                "This run is too large for a link: it would have {letters} letters, and most \
                 programs carry at most {}. Save it as a file of {} instead, and send that.",
                thousands(LONGEST as u64),
                bytes(self.file_bytes),
            )
        } else if self.letters > SHORT {
            format!(
                "{letters} letters. Some programs cut links beyond {}; a file is the surer way.",
                thousands(SHORT as u64)
            )
        } else {
            format!("{letters} letters: it passes everywhere.")
        }
    }

    /// The text of one of the forms; nothing if there is no link.
    pub fn text(&self, form: Form, name: &str) -> Option<String> {
        let link = self.link.as_ref()?;
        let shown = |display| address::write(link, address::run_code(link), display);
        Some(match form {
            Form::Link => link.clone(),
            Form::Lecture => shown(Display::Lecture),
            Form::Embed => {
                let (width, height) = FRAME;
                let title = if name.trim().is_empty() { "A run" } else { name.trim() };
                let title = escaped(&format!("{title} (Raftbank)"));
                let source = escaped(&shown(Display::Embed));
                format!(
                    "<iframe src=\"{source}\" title=\"{title}\" width=\"{width}\" \
                     height=\"{height}\" style=\"border:0;max-width:100%\" loading=\"lazy\" \
                     allow=\"clipboard-write\"></iframe>"
                )
            }
        })
    }
}

/// What a file of a run is called: by its name, and with the rules that it goes without.
pub fn file_name(name: Option<&str>, rules: Rules) -> String {
    // Other letters keep their case: the tables of all of Unicode weigh more than this page's pictures.
    let is_kept = |it: char| it.is_ascii_alphanumeric() || (!it.is_ascii() && !it.is_whitespace());
    let letters = name.unwrap_or("run").chars().map(|it| it.to_ascii_lowercase());
    let plain: String = letters.map(|it| if is_kept(it) { it } else { '-' }).collect();
    let words: Vec<&str> = plain.split('-').filter(|word| !word.is_empty()).collect();
    let slug: String = words.join("-").chars().take(60).collect();
    let slug = if slug.is_empty() { "run" } else { &slug };
    let off: Vec<&str> = rules.off().map(|rule| rule.name()).collect();
    match off.as_slice() {
        [] => format!("raftbank-{slug}.json"),
        few @ ([_] | [_, _]) => format!("raftbank-{slug}-without-{}.json", few.join("-and-")),
        many => format!("raftbank-{slug}-without-{}-rules.json", many.len()),
    }
}

/// The window's title: what is shown, and the rules that it goes without.
pub fn window_title(name: Option<&str>, rules: Rules) -> String {
    let off: Vec<&str> = rules.off().map(|rule| rule.name()).collect();
    let mark = match off.as_slice() {
        [] => String::new(),
        [one] => format!("[without {one}] "),
        many => format!("[without {} rules] ", many.len()),
    };
    match name {
        Some(name) => format!("{mark}{name} · Raftbank"),
        None => format!("{mark}Raftbank: a bank to break"),
    }
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('"', "&quot;");
    text.replace('<', "&lt;").replace('>', "&gt;")
}

fn bytes(count: usize) -> String {
    match count {
        0..10_000 => format!("{} bytes", thousands(count as u64)),
        10_000..1_000_000 => format!("{} KB", count / 1000),
        _ => format!("{}.{} MB", count / 1_000_000, count / 100_000 % 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Rule;
    use crate::sim::run::link;
    use crate::sim::{Config, Disks, Simulation};

    fn run() -> Run {
        Simulation::new(Config::default(), 1, Disks::default()).unwrap().to_run()
    }

    fn ready(code: &str) -> Ready {
        Ready::of(&run(), code, "https://example.org/bank/#run=old&view=lecture")
    }

    #[test]
    fn each_form_shows_the_same_run_in_its_own_way() {
        let ready = ready("2.abc");
        let text = |form| ready.text(form, "Fr\"iday <1>").unwrap();
        assert_eq!(text(Form::Link), "https://example.org/bank/#run=2.abc");
        assert_eq!(text(Form::Lecture), "https://example.org/bank/#run=2.abc&view=lecture");
        let frame = text(Form::Embed);
        assert!(frame.contains("src=\"https://example.org/bank/#run=2.abc&amp;view=embed\""));
        assert!(frame.contains("title=\"Fr&quot;iday &lt;1&gt; (Raftbank)\""), "{frame}");
        assert!(ready.text(Form::Embed, " ").unwrap().contains("title=\"A run (Raftbank)\""));
    }

    #[test]
    fn what_is_too_large_for_a_link_is_offered_as_a_file() {
        let large = ready(&"x".repeat(LONGEST));
        assert_eq!(large.link, None);
        assert_eq!(large.text(Form::Link, ""), None);
        let says = large.length();
        assert!(says.contains("30,030 letters") && says.contains("file"), "{says}");
        assert!(ready(&"x".repeat(SHORT)).length().contains("Some programs cut"));
        assert!(ready("x").length().contains("passes everywhere"));
    }

    #[test]
    fn wishes_enter_the_run() {
        let wish =
            Wish { name: " Friday ".to_owned(), caption: String::new(), from_beginning: true };
        let granted = wish.grant(&run());
        assert_eq!(granted.name.as_deref(), Some("Friday"));
        assert_eq!((granted.look.from, granted.look.caption), (Some(Stamp::BEGINNING), None));
        assert_eq!(link::read(&link::write(&wish.grant(&run()))), Ok(wish.grant(&run())));
        assert_eq!(Wish::default().grant(&run()), run());
    }

    #[test]
    fn a_run_without_a_rule_is_marked_in_its_files_and_titles() {
        let all = Rules::ALL_ON;
        let one = all.without(Rule::PersistentVote);
        let three = one.without(Rule::PreVote).without(Rule::CheckQuorum);
        assert_eq!(file_name(None, all), "raftbank-run.json");
        assert_eq!(file_name(Some("../Fri day/ÄÖ?"), all), "raftbank-fri-day-ÄÖ.json");
        assert_eq!(file_name(Some("///"), one), "raftbank-run-without-persistent-vote.json");
        assert_eq!(file_name(None, three), "raftbank-run-without-3-rules.json");
        assert_eq!(window_title(None, all), "Raftbank: a bank to break");
        let marked = window_title(Some("Friday"), one);
        assert_eq!(marked, "[without persistent-vote] Friday · Raftbank");
        assert!(window_title(None, three).starts_with("[without 3 rules] "));
    }

    #[test]
    fn numbers_are_for_people() {
        assert_eq!(thousands(7), "7");
        assert_eq!(thousands(1_234_567), "1,234,567");
        assert_eq!(bytes(1_250), "1,250 bytes");
        assert_eq!(bytes(123_456), "123 KB");
        assert_eq!(bytes(2_560_000), "2.5 MB");
    }
}
