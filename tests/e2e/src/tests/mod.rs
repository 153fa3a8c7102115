//! The tests, in the order in which they run.

mod finder_agrees_with_chromium;
mod the_page_opens;

use e2e::Page;
use std::pin::Pin;

/// A test of the page.
pub struct Test {
    pub name: &'static str,
    pub run: for<'a> fn(&'a Page) -> Pin<Box<dyn Future<Output = ()> + 'a>>,
}

/// Each test is the function of the same name in the module of that name.
macro_rules! tests {
    ($($name:ident),* $(,)?) => {
        &[$(Test { name: stringify!($name), run: |page| Box::pin($name::$name(page)) }),*]
    };
}

/// All tests.
pub const TESTS: &[Test] = tests![finder_agrees_with_chromium, the_page_opens];
