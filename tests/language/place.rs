//! The server of these tests: one grant, one return, one contact.

use crate::outside::browser::TestBrowser;
use crate::outside::people::Someone;
use crate::outside::postgres::TestDatabase;
use crate::outside::server::TestServer;

const FORM: &str = include_str!("form.toml");
const REGISTER: &str = include_str!("register.toml");
/// The first day on which the return of April to September 2026 is open.
const OPENS: &str = "2026-10-01 09:00";

/// Fills in the return.
pub const BETHAN: Someone = Someone {
    name: "Bethan Pryce",
    address: "bethan.pryce@alliance.example.org",
};

/// A server with the form, and its contact's browser on the task list.
pub async fn at_the_return() -> (TestServer, TestBrowser) {
    let server = TestServer::of(TestDatabase::sqlite().await, &[FORM], REGISTER, OPENS).await;
    let browser = server.at_the_return(BETHAN).await;
    (server, browser)
}

/// The page of a section.
pub async fn open(browser: &mut TestBrowser, key: &str) {
    browser.visit(&format!("/return/section/{key}")).await;
    assert_eq!(browser.status, 200, "{}", browser.says());
}
