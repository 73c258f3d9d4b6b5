//! How far a return is: each stage is reached through the pages, by the people whose it is.
//!
//! Invariant: a later stage is reached through the ones before it.

use super::browser::TestBrowser;
use super::people::{ANITA, GWEN, MORWENNA, TOBIAS};
use super::server::TestServer;

/// The title of the grant.
pub const GRANT: &str = "Plymouth community safety grant 2017-18";
/// How the office calls the return.
pub const RETURN: &str = "Safer Plymouth: Partnership grant: evaluation of the year";
/// How a warning is explained.
pub const WHY: &str = "One invoice was refunded in part after the year had ended.";

impl TestServer {
    /// £440 goes from partnership infrastructure to anti-social behaviour: the reviewer records, the treasurer approves.
    pub async fn move_440(&self) {
        let mut reviewer = self.at_the_office(ANITA).await;
        reviewer.record_the_virement().await;
        let mut treasurer = self.at_the_office(GWEN).await;
        treasurer.follow(GRANT).await;
        treasurer.press("Approve").await;
        treasurer.must_see(&["All of the £428,246.00 available is allocated."]);
    }

    /// The return as the paper had it, put right, explained and ready to be submitted.
    pub async fn ready(&self) -> TestBrowser {
        let mut contact = self.at_the_return(MORWENNA).await;
        contact.fill_the_paper().await;
        contact.put_the_shares_right().await;
        self.move_440().await;
        contact.explain_all(WHY).await;
        assert_eq!(contact.errors(), Vec::<String>::new());
        contact
    }

    /// The same, submitted.
    pub async fn submitted(&self) -> TestBrowser {
        let mut contact = self.ready().await;
        contact.press("Submit return").await;
        assert_eq!(contact.path(), "/return/submitted", "{}", contact.says());
        contact
    }

    /// The same, accepted by the reviewer; answers the provider's browser and the reviewer's.
    pub async fn accepted(&self) -> (TestBrowser, TestBrowser) {
        let contact = self.submitted().await;
        let mut reviewer = self.at_the_office(ANITA).await;
        reviewer.follow(RETURN).await;
        reviewer.press("Accept revision 1").await;
        reviewer.must_see(&["Awaiting signature"]);
        (contact, reviewer)
    }

    /// The same, signed by the chair; answers the chair's browser.
    pub async fn signed(&self) -> TestBrowser {
        self.accepted().await;
        let mut chair = self.at_the_office(TOBIAS).await;
        chair.follow(RETURN).await;
        chair.follow("Read and sign").await;
        let code = self.authenticator(TOBIAS).await;
        chair.sign_as(TOBIAS.name, &code).await;
        chair.must_see(&["Signed by", TOBIAS.name]);
        chair
    }
}

impl TestBrowser {
    /// Records the virement of £440, from the office's first page.
    pub async fn record_the_virement(&mut self) {
        self.follow(GRANT).await;
        self.choose("From which project", "Partnership infrastructure");
        self.choose("To which project", "Anti-social behaviour and emerging local issues");
        self.fill("Amount", "440").fill(
            "Why the money moves",
            "An underspend covers an increase agreed in the year.",
        );
        self.press("Record virement").await;
        self.must_see(&["£440.00 from Partnership infrastructure to Anti-social behaviour and emerging local issues"]);
    }

    /// Fills in the form of the signing page and sends it.
    pub async fn sign_as(&mut self, name: &str, code: &str) {
        self.ready_to_sign(name, code);
        self.press("Sign revision").await;
    }

    /// Fills in the form of the signing page.
    pub fn ready_to_sign(&mut self, name: &str, code: &str) {
        self.tick("I have read this return.").fill("Your full name", name);
        self.fill("A fresh code from your authenticator app", code);
    }
}
