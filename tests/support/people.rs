//! The people of system S5, and how each of them gets in.
//!
//! Invariant: everybody comes in through the pages, with what their mailbox and their authenticator give them.

use std::net::Ipv4Addr;

use countersign::secrets::{totp_code_at_step, totp_step};

use super::browser::TestBrowser;
use super::server::TestServer;

/// Somebody of the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Someone {
    pub name: &'static str,
    pub address: &'static str,
}

const fn someone(name: &'static str, address: &'static str) -> Someone {
    Someone { name, address }
}

/// Fills in the return.
pub const MORWENNA: Someone = someone("Morwenna Tregear", "morwenna.tregear@partnership.example.org");
/// Fills it in too, and leads.
pub const PIERS: Someone = someone("Piers Holloway", "piers.holloway@partnership.example.org");
/// Reviews.
pub const ANITA: Someone = someone("Anita Deshmukh", "anita.deshmukh@commissioner.example.org");
/// Approves virements.
pub const GWEN: Someone = someone("Gwen Ashdown", "gwen.ashdown@commissioner.example.org");
/// Signs.
pub const TOBIAS: Someone = someone("Tobias Fenn", "tobias.fenn@partnership.example.org");
/// Signs in his place from 14 May to 8 June 2018.
pub const RUTH: Someone = someone("Ruth Okafor", "ruth.okafor@partnership.example.org");

impl TestServer {
    /// Somebody's browser, with no cookies. Everybody has a machine of their own, since tries are counted by address.
    pub fn browser_of(&self, who: Someone) -> TestBrowser {
        let letters = who.address.bytes();
        let number = letters.fold(1_u32, |number, letter| {
            number.wrapping_mul(31).wrapping_add(u32::from(letter))
        });
        let [_, b, c, d] = number.to_be_bytes();
        TestBrowser::at(&self.base, Ipv4Addr::new(127, b, c, d.clamp(2, 254)))
    }

    /// Somebody's browser with the return open, by the latest mail that brings a link.
    pub async fn at_the_return(&self, who: Someone) -> TestBrowser {
        let mails = self.mails_to(who.address).await;
        let link = mails
            .iter()
            .rev()
            .flat_map(|mail| mail.links())
            .find(|link| link.contains("/r/"));
        let mut browser = self.browser_of(who);
        browser
            .visit(&link.unwrap_or_else(|| panic!("{} has a link", who.name)))
            .await;
        browser.fill("Email address", who.address).press("Continue").await;
        assert_eq!((browser.status, browser.path()), (200, "/return"), "{}", browser.says());
        browser
    }

    /// Somebody's browser, signed in at the office.
    pub async fn at_the_office(&self, who: Someone) -> TestBrowser {
        let mut browser = self.half_way_in(who).await;
        let code = self.authenticator(who).await;
        browser.fill("Authenticator code", &code).press("Sign in").await;
        assert_eq!((browser.status, browser.path()), (200, "/office"), "{}", browser.says());
        browser
    }

    /// Somebody's browser with the mailed code given and the second factor still to give.
    pub async fn half_way_in(&self, who: Someone) -> TestBrowser {
        let mut browser = self.browser_of(who);
        browser.visit(&format!("{}/office", self.base)).await;
        browser
            .fill("Email address", who.address)
            .press("Email me a code")
            .await;
        let code = self.mail_to(who.address, "Your sign-in code").await.code();
        browser.fill("Code from the email", &code).press("Continue").await;
        assert_eq!(browser.path(), "/office/sign-in/second-factor", "{}", browser.says());
        browser
    }

    /// What somebody's authenticator shows, half a minute later than it last did.
    pub async fn authenticator(&self, who: Someone) -> String {
        self.pass(30);
        let secret = self.person(who.address).await.totp_secret;
        totp_code_at_step(
            &secret.unwrap_or_else(|| panic!("{} has no authenticator", who.name)),
            totp_step(self.now()),
        )
    }
}
