//! The engine without a page.
fn main() {}
