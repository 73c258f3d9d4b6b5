//! A fund with three services and a quarter that has ended, as the tests of papers find it.
//!
//! Invariant: one service has so few people that they must be held back, and a story that nobody outside may read until it
//! is cleared.

use std::collections::BTreeMap;

use countersign::service::save::{Sent, explain, save};
use countersign::service::submit::submit;
use countersign::service::{Contact, Officer, correct, provider, review};
use countersign::store::{access, register as stored, returns};
use countersign_domain::answers::types::SectionKey;
use countersign_domain::answers::{Typed, base_of};
use countersign_domain::returns::Return;

use crate::outside::browser::TestBrowser;
use crate::outside::people::Someone;
use crate::outside::postgres::TestDatabase;
use crate::outside::server::TestServer;

const FORM: &str = include_str!("quarter.toml");
const REGISTER: &str = include_str!("register.toml");
/// The morning after the quarter.
const OPENS: &str = "2026-07-01 09:00";

/// Fills the returns in.
pub const MINA: Someone = Someone {
    name: "Mina Roper",
    address: "mina.roper@trust.example.org",
};
/// Reviews, and prepares papers.
pub const HUGH: Someone = Someone {
    name: "Hugh Calder",
    address: "hugh.calder@council.example.org",
};
/// The same.
pub const IRIS: Someone = Someone {
    name: "Iris Bellamy",
    address: "iris.bellamy@council.example.org",
};
/// Holds an office of the fund, and none of the commissioner's.
pub const OWEN: Someone = Someone {
    name: "Owen Tasker",
    address: "owen.tasker@trust.example.org",
};

/// What the paper is called.
pub const TITLE: &str = "Harbour communities fund: what was done, April to June 2026";
/// The smallest service's own words.
pub const STORY: &str = "The quayside lantern kept by a grandmother was mended at the third visit.";
/// What each service helped and spent.
pub const FIGURES: [(&str, &str, &str); 3] = [
    ("kitchen", "41", "2,500.00"),
    ("walks", "26", "1,750.50"),
    ("letters", "3", "900.00"),
];

/// A fund.
pub struct Fund {
    pub server: TestServer,
}

/// One test on both kinds of database, over a fund whose returns are open.
macro_rules! on_both_funds {
    ($($name:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name($crate::fund::Fund::over($crate::outside::postgres::TestDatabase::sqlite().await).await).await;
            })+
        }
        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name($crate::fund::Fund::over($crate::outside::postgres::TestDatabase::postgres().await).await).await;
            })+
        }
    };
}
pub(crate) use on_both_funds;

impl Fund {
    pub async fn over(database: TestDatabase) -> Fund {
        Self::over_again(database, OPENS).await
    }

    /// Over a database that may have been used before, from this time in London.
    pub async fn over_again(database: TestDatabase, now: &str) -> Fund {
        let reports = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/papers/reports");
        let server = TestServer::with_reports(database, &[FORM], REGISTER, now, Some(reports.into())).await;
        Fund { server }
    }

    pub async fn ret(&self, project: &str) -> Return {
        let read = self.server.app.deps.store.read();
        let mut allocations = Vec::new();
        for fund in stored::all_funds(&read).await.unwrap() {
            allocations.extend(stored::allocations_of_fund(&read, fund.id).await.unwrap());
        }
        let of = allocations.iter().find(|one| one.key == project).expect("the project");
        let all = returns::returns_of_form(&read, "service-quarter").await.unwrap();
        all.into_iter()
            .find(|ret| ret.allocation == Some(of.id))
            .expect("the return")
    }

    async fn contact(&self, ret: &Return) -> Contact {
        let person = self.server.person(MINA.address).await;
        let links = access::links_of(&self.server.app.deps.store.read(), ret.id)
            .await
            .unwrap();
        Contact {
            link: links.iter().find(|link| link.person == person.id).expect("a link").id,
            person,
            return_id: ret.id,
        }
    }

    pub async fn officer(&self, who: Someone) -> Officer {
        let person = self.server.person(who.address).await;
        let read = self.server.app.deps.store.read();
        Officer {
            holders: stored::holders_of_person(&read, person.id).await.unwrap(),
            person,
            second_factor: true,
        }
    }

    /// Fills a return in and submits it.
    pub async fn submit(&self, project: &str, helped: &str, spent: &str, story: &str) {
        let answers = [("helped", helped), ("spent", spent), ("story", story)];
        let answers = answers.map(|(id, text)| (id.to_owned(), Typed::value(text)));
        self.submit_with(project, BTreeMap::from(answers)).await;
    }

    /// The same with these answers.
    async fn submit_with(&self, project: &str, answers: BTreeMap<String, Typed>) {
        let ret = self.ret(project).await;
        let (deps, contact, now) = (&self.server.app.deps, self.contact(&ret).await, self.server.now());
        let key = SectionKey("use".to_owned());
        let before = provider::home(deps, &contact, now).await.unwrap();
        let sent = Sent {
            base: before.draft.sections.get(&key).map(base_of).unwrap_or_default(),
            answers,
        };
        let saved = save(deps, &contact, &key, sent, now).await.unwrap();
        let why = |key: &str| (key.to_owned(), "It was looked at and is right.".to_owned());
        let warnings = saved.page.evaluated.findings.iter().map(|finding| why(&finding.key));
        explain(deps, &contact, &warnings.collect(), now).await.unwrap();
        let print = provider::home(deps, &contact, now).await.unwrap().print();
        assert!(
            submit(deps, &contact, &print, now).await.is_ok(),
            "{project} is submitted"
        );
    }

    /// The same, and the reviewer accepts it, which is all that it takes to sign it off.
    pub async fn sign(&self, project: &str, helped: &str, spent: &str, story: &str) {
        self.submit(project, helped, spent, story).await;
        self.accept(project).await;
    }

    /// The same with these answers.
    pub async fn sign_with(&self, project: &str, answers: BTreeMap<String, Typed>) {
        self.submit_with(project, answers).await;
        self.accept(project).await;
    }

    async fn accept(&self, project: &str) {
        let (ret, officer) = (self.ret(project).await, self.officer(HUGH).await);
        let deps = &self.server.app.deps;
        review::accept(deps, &officer, ret.id, ret.revision, &[], self.server.now())
            .await
            .unwrap();
    }

    /// All three, signed off as [`FIGURES`] has them, the smallest with its story.
    pub async fn sign_all(&self) {
        for (project, helped, spent) in FIGURES {
            let story = if project == "letters" { STORY } else { "" };
            self.sign(project, helped, spent, story).await;
        }
    }

    /// A signed return corrected and signed again.
    pub async fn correct(&self, project: &str, helped: &str, spent: &str, story: &str) {
        let (ret, officer) = (self.ret(project).await, self.officer(HUGH).await);
        let (deps, why) = (&self.server.app.deps, "Two invoices came in after the quarter.");
        correct::reopen(deps, &officer, ret.id, why, self.server.now())
            .await
            .unwrap();
        self.sign(project, helped, spent, story).await;
    }

    /// Somebody's browser with the quarter's paper open, begun if nobody has begun it.
    pub async fn at_the_paper(&self, who: Someone) -> TestBrowser {
        let mut browser = self.server.at_the_office(who).await;
        browser.follow("Papers").await;
        if browser.link(TITLE).is_some() {
            browser.follow(TITLE).await;
        } else {
            browser.follow("Harbour communities fund: what was done").await;
            browser
                .choose("Which period is it about?", "April to June 2026")
                .press("Begin paper")
                .await;
        }
        browser.must_see(&[TITLE, "What you write"]);
        browser
    }

    /// Publishes the paper that is open for an audience, with a fresh code.
    pub async fn publish(&self, browser: &mut TestBrowser, who: Someone, link: &str) {
        browser.follow(link).await;
        let code = self.server.authenticator(who).await;
        browser.fill("A fresh code from your authenticator app", &code);
        browser.press(link).await;
    }

    pub async fn finish(self) {
        self.server.finish().await;
    }
}

/// The whole text of what a workbook's parts say.
pub fn unzipped(bytes: &[u8]) -> String {
    use std::io::Read as _;
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a workbook");
    let mut all = String::new();
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).expect("a part");
        let mut text = Vec::new();
        part.read_to_end(&mut text).expect("the part is read");
        all.push_str(&String::from_utf8_lossy(&text));
    }
    all
}
