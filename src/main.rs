//! The page's entry: Trunk builds it for WebAssembly, and it mounts the page.
//!
//! Natively there is no page, and it says how to open one.

#[cfg(target_arch = "wasm32")]
fn main() {
    let app = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.get_element_by_id("app"))
        .expect("index.html has an element for the page to mount in");
    wasm_bindgen_futures::spawn_local(async move {
        raftbank::ui::claim::settle().await;
        yew::Renderer::<raftbank::ui::app::App>::with_root(app).render();
    });
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    println!("This program is a web page. To build and open it: cargo xtask serve");
}
