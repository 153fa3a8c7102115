//! A static web server, as any host of the page would be.

use std::fs;
use std::net::SocketAddr;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::thread;
use tiny_http::{Header, Request, Response};

/// Serves a folder until it is dropped.
pub struct Server {
    server: Arc<tiny_http::Server>,
    address: String,
}

impl Server {
    /// Serves this folder on a free port of this machine.
    pub fn start(folder: PathBuf) -> Self {
        let server = tiny_http::Server::http(SocketAddr::from(([127, 0, 0, 1], 0)));
        let server = Arc::new(server.expect("some port of this machine is free"));
        let address = format!("http://{}/", server.server_addr());
        let requests = Arc::clone(&server);
        thread::spawn(move || {
            for request in requests.incoming_requests() {
                answer(&folder, request);
            }
        });
        Self { server, address }
    }

    /// The page's address.
    pub fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.server.unblock();
    }
}

fn answer(folder: &Path, request: Request) {
    let content = file_of(request.url()).and_then(|file| {
        let content = fs::read(folder.join(&file)).ok()?;
        Some((content, mime_type(&file)))
    });
    // A browser that has closed the connection needs no answer.
    let _ = match content {
        None => request.respond(Response::empty(404)),
        Some((content, mime_type)) => {
            let header = Header::from_bytes("Content-Type", mime_type);
            let header = header.expect("a MIME type is a valid header");
            request.respond(Response::from_data(content).with_header(header))
        }
    };
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
        _ => "application/octet-stream",
    }
}
