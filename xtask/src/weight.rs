//! What a visitor of the page downloads.

use std::fs;
use std::io::Write;
use std::path::Path;

/// The most that the page may weigh, compressed, in bytes: a little above what it weighs now, so
/// that it can only become lighter.
const LIMIT: usize = 597_000;

/// What it should weigh at most.
const AIM: usize = 150_000;

/// Brotli's best quality and its usual window: what static hosts precompress with.
const QUALITY: u32 = 11;
const WINDOW_BITS: u32 = 22;

/// Prints what each file of the page weighs, and fails if that is too much together.
pub fn weigh(dist: &Path) -> Result<(), String> {
    let cannot_read = |error| {
        format!("cannot read the built page in {}: {error}; build it first", dist.display())
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(dist).map_err(cannot_read)? {
        let path = entry.map_err(cannot_read)?.path();
        let bytes = fs::read(&path).map_err(cannot_read)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        files.push((name, bytes.len(), compressed_size(&bytes)));
    }
    files.sort_by_key(|(_, _, compressed)| std::cmp::Reverse(*compressed));

    println!("{:<48} {:>10} {:>10}", "KB", "raw", "brotli");
    let mut total = (0, 0);
    for (name, raw, compressed) in &files {
        print_row(name, *raw, *compressed);
        total = (total.0 + raw, total.1 + compressed);
    }
    print_row("together", total.0, total.1);
    judge(total.1)
}

fn print_row(name: &str, raw: usize, compressed: usize) {
    let kilobytes = |bytes| bytes as f64 / 1000.0;
    println!("{name:<48} {:>10.1} {:>10.1}", kilobytes(raw), kilobytes(compressed));
}

fn judge(total: usize) -> Result<(), String> {
    if total > LIMIT {
        return Err(format!("the page weighs {total} bytes compressed, and may {LIMIT}"));
    }
    if total > AIM {
        println!("The page is heavier than it should be: the aim is {AIM} bytes compressed.");
    }
    Ok(())
}

fn compressed_size(bytes: &[u8]) -> usize {
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 4096, QUALITY, WINDOW_BITS);
    writer.write_all(bytes).expect("memory takes all that is written");
    writer.into_inner().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_is_too_heavy_is_refused() {
        assert!(judge(LIMIT).is_ok());
        assert!(judge(LIMIT + 1).is_err());
    }

    #[test]
    fn what_repeats_weighs_little() {
        let size = compressed_size(&[7; 100_000]);
        assert!((1..100).contains(&size), "{size}");
    }
}
