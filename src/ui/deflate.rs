//! Compression by the browser, for links: see [`crate::sim::run::link`].

use super::browser;
use crate::sim::run::MAX_TEXT;
use crate::sim::run::link::{LinkError, Packed, pack, unpack};
use js_sys::{Array, Function, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ReadableStreamDefaultReader, ReadableWritablePair};

/// A run's JSON as a link's code.
pub async fn write(text: &str) -> Result<String, String> {
    let deflated = through("CompressionStream", text.as_bytes()).await;
    deflated.map(|bytes| pack(&bytes)).map_err(|trouble| trouble.explain())
}

/// The JSON in a link's code.
pub async fn read(code: &str) -> Result<String, String> {
    let bytes = match unpack(code).map_err(|error| error.to_string())? {
        Packed::Plain(text) => return Ok(text),
        Packed::Deflated(bytes) => bytes,
    };
    let text = through("DecompressionStream", &bytes).await.map_err(|trouble| trouble.explain())?;
    String::from_utf8(text).map_err(|_| LinkError::Damaged.to_string())
}

/// What keeps bytes from passing through the browser's streams.
enum Trouble {
    /// It has no such stream.
    Missing,
    /// They are not what they should be.
    Link(LinkError),
}

impl Trouble {
    fn explain(self) -> String {
        match self {
            Self::Missing => "this browser is too old to compress links (it needs one of 2023 or \
                              later). Use a file instead"
                .to_owned(),
            Self::Link(error) => error.to_string(),
        }
    }
}

impl From<JsValue> for Trouble {
    fn from(_: JsValue) -> Self {
        Self::Link(LinkError::Damaged)
    }
}

/// Sends bytes through a stream of this class, and stops where a run would be too large.
async fn through(class: &str, bytes: &[u8]) -> Result<Vec<u8>, Trouble> {
    let pair = stream(class).map_err(|_| Trouble::Missing)?;
    let blob = Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(bytes)))?;
    let passed = blob.stream().pipe_through(&pair);
    let reader: ReadableStreamDefaultReader = passed.get_reader().unchecked_into();
    let mut out = Vec::new();
    loop {
        let chunk = JsFuture::from(reader.read()).await?;
        if Reflect::get(&chunk, &"done".into())?.is_truthy() {
            return Ok(out);
        }
        let chunk: Uint8Array = Reflect::get(&chunk, &"value".into())?.unchecked_into();
        if out.len() + chunk.length() as usize > MAX_TEXT {
            let _ = JsFuture::from(reader.cancel()).await;
            return Err(Trouble::Link(LinkError::TooLarge));
        }
        out.extend_from_slice(&chunk.to_vec());
    }
}

/// Both classes have a readable and a writable end, which is all that a pipe asks for.
fn stream(class: &str) -> Result<ReadableWritablePair, JsValue> {
    let class: Function = Reflect::get(&browser::window(), &class.into())?.dyn_into()?;
    let stream = Reflect::construct(&class, &Array::of1(&"deflate-raw".into()))?;
    Ok(stream.unchecked_into())
}
