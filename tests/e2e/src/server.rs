//! A static web server, as any host of the page would be.
//!
//! It answers each request on a connection and a thread of its own, so that none waits for another:
//! a browser that loads a page, while its service worker loads it too, opens many at once.

use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// How long a browser may take to say what it wants, or to take it.
const PATIENCE: Duration = Duration::from_secs(30);

/// Serves a folder until it is dropped.
pub struct Server {
    local: SocketAddr,
    address: String,
    stopped: Arc<AtomicBool>,
}

impl Server {
    /// Serves this folder on a free port of this machine.
    pub fn start(folder: PathBuf) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
        let listener = listener.expect("some port of this machine is free");
        let local = listener.local_addr().expect("it is bound");
        let stopped = Arc::new(AtomicBool::new(false));
        let (folder, ends) = (Arc::new(folder), stopped.clone());
        thread::spawn(move || {
            for stream in listener.incoming() {
                if ends.load(Ordering::SeqCst) {
                    return;
                }
                let folder = folder.clone();
                // A browser that has closed the connection needs no answer.
                thread::spawn(move || stream.and_then(|stream| answer(&folder, stream)));
            }
        });
        Self { local, address: format!("http://{local}/"), stopped }
    }

    /// The page's address.
    pub fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        // It looks when somebody knocks.
        drop(TcpStream::connect(self.local));
    }
}

/// Answers one request, and closes the connection.
fn answer(folder: &Path, stream: TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut lines = BufReader::new(&stream).lines();
    let request = lines.next().unwrap_or_else(|| Ok(String::new()))?;
    // What is asked for is in the first line; the others are read, or the browser would not hear.
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let url = request.split(' ').nth(1).unwrap_or_default();
    let file = file_of(url);
    let content = file.as_ref().and_then(|file| fs::read(folder.join(file)).ok());
    let status = if content.is_some() { "200 OK" } else { "404 Not Found" };
    let mime_type = mime_type(&file.unwrap_or_default());
    let content = content.unwrap_or_default();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {mime_type}\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n",
        content.len()
    );
    let mut stream = &stream;
    stream.write_all(head.as_bytes())?;
    stream.write_all(&content)
}

/// The file in the folder that an address means; none if it would leave the folder.
fn file_of(url: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next()?.strip_prefix('/')?;
    let file = PathBuf::from(if path.is_empty() { "index.html" } else { path });
    let stays = file.components().all(|part| matches!(part, Component::Normal(_)));
    stays.then_some(file)
}

fn mime_type(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        // Without this type a browser refuses to compile while it loads.
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        Some("png") => "image/png",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}
