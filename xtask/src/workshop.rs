//! Where things are: the clone, its target folder, the user's cache, and the tools on PATH.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The place in which every child works.
pub struct Workshop {
    /// The clone's top folder.
    pub root: PathBuf,
    /// Where cargo builds.
    pub target: PathBuf,
    /// The browser's driver and the browser, once they were looked for.
    pub browser: Option<crate::browser::Browser>,
    /// The file of axe-core, once it was looked for.
    pub axe: Option<PathBuf>,
    /// Folders that children search before PATH: the tools that were found in the cache.
    folders: Vec<PathBuf>,
}

impl Workshop {
    /// The workshop of the clone that this program was built from.
    pub fn open() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = root.parent().expect("xtask is a folder of the clone").to_owned();
        let target = env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
        let target = root.join(target);
        Self { root, target, browser: None, axe: None, folders: Vec::new() }
    }

    /// Lets children find the programs in this folder, before any others of their names.
    pub fn add_folder(&mut self, folder: PathBuf) {
        if !self.folders.contains(&folder) {
            self.folders.push(folder);
        }
    }

    /// Where the optimised page is built for the tests (`trunk serve` has a place of its own).
    pub fn dist(&self) -> PathBuf {
        self.target.join("xtask").join("dist")
    }

    /// A command in the clone's top folder, with the tools on its PATH and no standard input.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).stdin(Stdio::null()).env("PATH", self.path());
        command
    }

    /// The cargo that runs this program.
    pub fn cargo(&self) -> Command {
        let cargo = env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        self.command(&cargo)
    }

    /// Trunk, held to what is on this machine.
    pub fn trunk(&self, task: &str) -> Command {
        let mut command = self.command("trunk");
        // RUSTFLAGS would silently replace the flags in .cargo/config.toml, simd128 with them.
        command.args([task, "--offline"]).env_remove("RUSTFLAGS");
        // Trunk reads NO_COLOR as true or false; to everyone else any value at all means true.
        if env::var_os("NO_COLOR").is_some() {
            command.env("NO_COLOR", "true");
        }
        command
    }

    fn path(&self) -> OsString {
        let inherited = env::var_os("PATH").unwrap_or_default();
        let folders = self.folders.iter().cloned().chain(env::split_paths(&inherited));
        env::join_paths(folders).unwrap_or(inherited)
    }
}

/// The program of this name on PATH.
pub fn find_on_path(name: &str) -> Option<PathBuf> {
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(&file)).find(|it| it.is_file())
}

/// The user's cache folder for Raftbank, outside any clone.
pub fn cache_folder() -> Result<PathBuf, String> {
    let under = |name: &str, rest: &str| {
        env::var_os(name).filter(|it| !it.is_empty()).map(|folder| PathBuf::from(folder).join(rest))
    };
    let folder = under("XDG_CACHE_HOME", "").or_else(|| match env::consts::OS {
        "windows" => under("LOCALAPPDATA", ""),
        "macos" => under("HOME", "Library/Caches"),
        _ => under("HOME", ".cache"),
    });
    let folder = folder.ok_or("no place for tools: set HOME or XDG_CACHE_HOME to a folder")?;
    Ok(folder.join("raftbank"))
}
