//! What leaves the page as a file. Runs have a part of their own: see `share`.

use super::{Inner, Runtime};
use crate::base::ServerId;
use crate::disk::Disk;
use crate::disk::layout::server_prefix;
use crate::scenario::to_text;
use crate::sim::Simulation;
use crate::trace::Event;
use crate::ui::command::Download;
use crate::ui::view::diagram_svg::svg;
use crate::ui::view::from::diagram_of;
use crate::ui::view::timeline::clock;
use crate::ui::{browser, picture};
use serde_json::value::RawValue;
use std::fmt::Write as _;
use wasm_bindgen_futures::spawn_local;

impl Inner {
    /// Saves something as a file.
    pub(super) fn download(&mut self, what: &Download, runtime: &Runtime) {
        let (name, text) = match what {
            Download::Run => return self.export(runtime),
            Download::Drawing => return self.save_picture(false, runtime),
            Download::Photograph => return self.save_picture(true, runtime),
            Download::ServerLog(id) => {
                (format!("server_{id}.log"), server_log(self.simulation(), *id))
            }
            Download::ChannelLog => ("channel.log".to_owned(), channel_log(self.simulation())),
            Download::Persisted(id) => (format!("server_{id}_state.json"), self.persisted(*id)),
            Download::Diagram => {
                let diagram = diagram_of(&self.branches, &self.watch);
                ("space-time.svg".to_owned(), svg(&diagram))
            }
            Download::Key(key) => {
                let name = format!("{}.txt", key.replace('/', "_"));
                (name, browser::kept(key).unwrap_or_default())
            }
        };
        self.save_or_tell(browser::download(&name, &text).is_ok());
    }

    /// Saves the picture as it is now, with the moment and the run that it shows.
    fn save_picture(&mut self, photograph: bool, runtime: &Runtime) {
        let world = self.simulation().world();
        let (now, seed) = (world.now(), world.seed());
        let name = format!("raftbank-{}ms", now.0 / 1000);
        let drawing = picture::drawing(&format!("Raftbank · {} · seed {seed}", clock(now)));
        let Some(drawing) = drawing else { return };
        if !photograph {
            self.save_or_tell(browser::download(&format!("{name}.svg"), &drawing).is_ok());
            return;
        }
        let runtime = runtime.clone();
        spawn_local(async move {
            let saved = match picture::photograph(drawing).await {
                Ok(address) => browser::save(&address, &format!("{name}.png")).is_ok(),
                Err(_) => false,
            };
            runtime.with(|inner| {
                inner.save_or_tell(saved);
                inner.refresh();
            });
        });
    }

    fn save_or_tell(&mut self, saved: bool) {
        if !saved {
            self.notice = Some("The browser did not let the file be saved.".into());
        }
    }

    /// Shows the run so far as scenario text.
    pub(super) fn show_text(&mut self) {
        let reader = self.script.reader.as_ref();
        let claim = reader.map_or("What was done to this bank.", |reader| &reader.told().claim);
        match to_text(&self.tip().to_run(), claim) {
            Ok(text) => self.run_text = Some(text.into()),
            Err(why) => self.refuse(&format!("the run has no text: {why}")),
        }
    }

    /// What a key of a server holds: at the end of the live branch in the storage, which somebody
    /// may have changed, and at any other moment on the disk as it was.
    pub(super) fn kept(&self, key: &str) -> Option<String> {
        if self.branches.is_live_now() {
            let text = self.mirror.storage().read(key).ok().flatten();
            return text.map(|text| text.to_string());
        }
        let mut nodes = self.simulation().world().nodes();
        let (node, key) =
            nodes.find_map(|(id, node)| Some((node, key.strip_prefix(&server_prefix(id))?)))?;
        node.disk().image().get(key).map(|text| text.to_string())
    }

    /// A server's keys and values as one JSON object, a line for each. A value stands there as it is
    /// kept, to the letter, so that its checksum can be computed; one that is no JSON, as a text.
    fn persisted(&self, id: ServerId) -> String {
        let prefix = server_prefix(id);
        let keys: Vec<String> = if self.branches.is_live_now() {
            let keys = self.mirror.storage().keys().unwrap_or_default();
            keys.iter().filter(|key| key.starts_with(&prefix)).map(ToString::to_string).collect()
        } else {
            let node = self.simulation().world().node(id);
            let keys = node.into_iter().flat_map(|node| node.disk().image().keys());
            keys.map(|key| format!("{prefix}{key}")).collect()
        };
        let mut lines = Vec::new();
        for key in keys {
            if let Some(text) = self.kept(&key) {
                let whole = serde_json::from_str::<&RawValue>(&text).is_ok();
                let value = if whole { text } else { as_json(&text) };
                lines.push(format!("  {}: {value}", as_json(&key)));
            }
        }
        format!("{{\n{}\n}}\n", lines.join(",\n"))
    }
}

/// A text as JSON.
fn as_json(text: &str) -> String {
    serde_json::to_string(text).expect("a text can be written as JSON")
}

fn server_log(simulation: &Simulation, id: ServerId) -> String {
    lines(simulation, |event| event.what.server() == Some(id))
}

fn channel_log(simulation: &Simulation) -> String {
    lines(simulation, |event| event.what.passage().is_some())
}

fn lines(simulation: &Simulation, belongs: impl Fn(&Event) -> bool) -> String {
    let trace = simulation.trace();
    let mut text = String::new();
    if trace.forgotten() > 0 {
        let _ = writeln!(text, "# {} older events are no longer in memory", trace.forgotten());
    }
    for event in trace.iter().filter(|event| belongs(event)) {
        let _ = writeln!(text, "{event}");
    }
    text
}
