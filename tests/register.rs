//! The register on its pages: read, changed, imported, exported, and forms moved to a newer version, on both databases.
//!
//! Invariant: nothing is done here but through pages, links in mails and the clock.

#[allow(unused, reason = "each binary of tests uses a part of what they share")]
#[path = "support/outside.rs"]
mod outside;

#[path = "register/contacts.rs"]
mod contacts;
#[path = "register/editing.rs"]
mod editing;
#[path = "register/guards.rs"]
mod guards;
#[path = "register/importing.rs"]
mod importing;
#[path = "register/moving.rs"]
mod moving;

use outside::browser::TestBrowser;
pub use outside::people::ANITA;
use outside::server::TestServer;

/// The fund.
pub const FUND: &str = "Community safety partnership fund 2017-18";

/// The reviewer on the page of the fund, and that page's address.
pub async fn at_the_fund(server: &TestServer) -> (TestBrowser, String) {
    let mut reviewer = server.at_the_office(ANITA).await;
    reviewer.follow("Register").await;
    reviewer.follow(FUND).await;
    let at = reviewer.path().to_owned();
    (reviewer, at)
}

/// A day into its three boxes.
pub fn day(browser: &mut TestBrowser, legend: &str, [day, month, year]: [&str; 3]) {
    for (part, text) in [("Day", day), ("Month", month), ("Year", year)] {
        browser.fill(&format!("{legend} > {part}"), text);
    }
}
