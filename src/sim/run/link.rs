//! A run as text in the fragment of an address: `#run=2.…`.
//!
//! The fragment never leaves the browser, so no server sees it, and none is needed. It holds
//! `key=value` pairs with `&` between them; `run` is the run as JSON, compressed with raw DEFLATE
//! (RFC 1951), in base64url (RFC 4648), behind the form's mark `2.`. Links of the first form had
//! no mark and were not compressed; they are still read.
//!
//! A browser compresses by itself, so the engine has code for that natively alone. What is here
//! for both is the envelope: [`unpack`] and [`pack`].
//!
//! # Caveats
//!
//! - A few hundred letters can inflate to gigabytes. Whoever inflates stops at
//!   [`MAX_TEXT`] and refuses the link.
//! - Some programs cut long addresses. A link of up to [`SHORT`] letters passes everywhere that
//!   we know; beyond [`LONGEST`] a file is the better way.

use super::{MAX_TEXT, RunError};
use std::fmt;

/// The key of the run among the pairs of a fragment.
pub const KEY: &str = "run";

/// Links of up to so many letters pass everywhere.
pub const SHORT: usize = 2_000;

/// The longest link, in letters, that is offered.
pub const LONGEST: usize = 30_000;

/// What marks the compressed form. A point is no letter of base64url.
const MARK: &str = "2.";

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// What a link's code holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Packed {
    /// The run's JSON.
    Plain(String),
    /// The run's JSON, compressed with raw DEFLATE.
    Deflated(Vec<u8>),
}

/// Why a link cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkError {
    /// There is no run in it.
    NoRun,
    /// It has a letter that no link has.
    Letter(char),
    /// It is of a form that is not known here.
    Form(String),
    /// A part of it is missing or altered.
    Damaged,
    /// It would inflate to more than a run may have.
    TooLarge,
    /// It is whole, but what it holds is no run.
    Run(RunError),
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRun => write!(f, "there is no '#{KEY}=' in it"),
            Self::Letter(letter) => write!(
                f,
                "it has a {letter:?}, which no link has. Copy the link again, whole, from where it \
                 was made"
            ),
            Self::Form(form) => write!(
                f,
                "it is of form '{form}', which this Raftbank does not know. Open it with a newer \
                 one: loading this page again may bring it"
            ),
            Self::Damaged => f.write_str(
                "a part of it is missing or altered: some programs cut long addresses. Copy it \
                 again, whole, from where it was made, or ask for the run as a file",
            ),
            Self::TooLarge => write!(
                f,
                "it inflates to more than the {} MB that a run may have; this is no run",
                MAX_TEXT >> 20
            ),
            Self::Run(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for LinkError {}

impl From<RunError> for LinkError {
    fn from(error: RunError) -> Self {
        Self::Run(error)
    }
}

/// The value of a key in an address's fragment.
pub fn parameter<'a>(address: &'a str, key: &str) -> Option<&'a str> {
    let (_, fragment) = address.split_once('#')?;
    let mut pairs = fragment.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(one, _)| *one == key).map(|(_, value)| value)
}

/// The code of a run that was compressed with raw DEFLATE.
pub fn pack(deflated: &[u8]) -> String {
    format!("{MARK}{}", encode(deflated))
}

/// What a code holds.
pub fn unpack(code: &str) -> Result<Packed, LinkError> {
    if let Some(code) = code.strip_prefix(MARK) {
        return decode(code).map(Packed::Deflated);
    }
    if let Some((form, _)) = code.split_once('.') {
        return Err(LinkError::Form(form.chars().take(8).collect()));
    }
    let text = String::from_utf8(decode(code)?).map_err(|_| LinkError::Damaged)?;
    Ok(Packed::Plain(text))
}

/// Bytes in the letters that an address takes.
fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let mut three = [0; 3];
        three[..chunk.len()].copy_from_slice(chunk);
        let bits = u32::from_be_bytes([0, three[0], three[1], three[2]]);
        for place in 0..=chunk.len() {
            let six = (bits >> (18 - 6 * place)) & 63;
            text.push(char::from(LETTERS[six as usize]));
        }
    }
    text
}

/// Reads what [`encode`] wrote, with or without filling.
fn decode(text: &str) -> Result<Vec<u8>, LinkError> {
    let text = text.trim_end_matches('=');
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    let (mut bits, mut held) = (0_u32, 0);
    for letter in text.chars() {
        bits = bits << 6 | value(letter).ok_or(LinkError::Letter(letter))?;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    // What is left over are the zeros of a last letter, never a whole one.
    if held >= 6 || bits != 0 {
        return Err(LinkError::Damaged);
    }
    Ok(bytes)
}

fn value(letter: char) -> Option<u32> {
    let place = match letter {
        'A'..='Z' => letter as u32 - 'A' as u32,
        'a'..='z' => letter as u32 - 'a' as u32 + 26,
        '0'..='9' => letter as u32 - '0' as u32 + 52,
        '-' => 62,
        '_' => 63,
        _ => return None,
    };
    Some(place)
}

#[cfg(not(target_arch = "wasm32"))]
pub use native::{read, write};

/// Compression where no browser does it.
#[cfg(not(target_arch = "wasm32"))]
mod native {
    use super::{LinkError, MAX_TEXT, Packed, pack, unpack};
    use crate::sim::Run;
    use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};

    /// The best that raw DEFLATE can do.
    const LEVEL: u8 = 10;

    /// A run as a link's code.
    pub fn write(run: &Run) -> String {
        pack(&miniz_oxide::deflate::compress_to_vec(run.to_json().as_bytes(), LEVEL))
    }

    /// Reads a run from a link's code.
    pub fn read(code: &str) -> Result<Run, LinkError> {
        let text = match unpack(code)? {
            Packed::Plain(text) => text,
            Packed::Deflated(bytes) => inflate(&bytes)?,
        };
        Ok(Run::from_json(&text)?)
    }

    fn inflate(bytes: &[u8]) -> Result<String, LinkError> {
        let text = decompress_to_vec_with_limit(bytes, MAX_TEXT);
        let text = text.map_err(|error| match error.status {
            TINFLStatus::HasMoreOutput => LinkError::TooLarge,
            _ => LinkError::Damaged,
        })?;
        String::from_utf8(text).map_err(|_| LinkError::Damaged)
    }
}
