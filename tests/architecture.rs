//! The engine's layers, kept: imports point down only, and nothing in the engine can make two
//! runs of the same seed differ.
//!
//! One package means that the compiler does not enforce the modules' order, so this test reads
//! the sources and does. It knows paths that start with `crate` or `super`, written out or in
//! groups; a path by another name (`use crate as it`) it refuses altogether.

#[path = "architecture/rules.rs"]
mod rules;
#[path = "architecture/scan.rs"]
mod scan;

use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn the_sources_keep_the_architecture() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = rust_files(&root);
    assert!(files.len() > 10, "only {} sources were found", files.len());
    let mut violations = Vec::new();
    for file in files {
        let source = fs::read_to_string(&file).expect("a source is readable text");
        let name = file.strip_prefix(&root).expect("it was found below the root");
        let name = name.to_string_lossy().replace('\\', "/");
        violations.extend(rules::violations(&name, &source));
    }
    assert!(violations.is_empty(), "{} violations:\n{}", violations.len(), violations.join("\n"));
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("the sources are readable") {
        let path = entry.expect("the sources are readable").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}
