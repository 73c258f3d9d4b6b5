//! What the tests about rows, decisions and plans stand on: a spending plan, its people, and how it is filled in.
//!
//! Invariant: every act is the service's own, done by somebody who holds what they act under.

use std::collections::BTreeMap;

use countersign::secrets::{totp_code_at_step, totp_step};
use countersign::service::decisions::Decided;
use countersign::service::provider::{self, ReturnPage};
use countersign::service::save::{Sent, save};
use countersign::service::sign::{Signing, sign};
use countersign::service::submit::{SubmitError, submit};
use countersign::service::{Contact, Officer, ServiceError, forms, register, review, rows};
use countersign::store::{access, register as stored, returns, revisions};
use countersign_domain::answers::types::SectionKey;
use countersign_domain::answers::{Typed, base_of};
use countersign_domain::returns::{Decision, Return};

use crate::outside::server::TestServer;

pub const FORM: &str = include_str!("plan/form.toml");
const REGISTER: &str = include_str!("plan/register.toml");

/// Fill it in.
pub const NELL: &str = "nell.carey@city.example.org";
pub const ODD: &str = "odd.larsen@city.example.org";
/// Act in its five stages, in order.
pub const STAGES: [&str; 5] = [
    "eve.adair@city.example.org",
    "bram.okoye@city.example.org",
    "sian.pugh@pcc.example.org",
    "carl.munday@pcc.example.org",
    "tess.vane@pcc.example.org",
];

/// A server with the plan's return open.
pub struct Planning {
    pub server: TestServer,
}

impl Planning {
    pub async fn begin(server: TestServer) -> Self {
        Self::with_form(server, FORM).await
    }

    /// The same with another form of that id.
    pub async fn with_form(server: TestServer, form: &str) -> Self {
        let deps = &server.app.deps;
        forms::publish(deps, form, server.now())
            .await
            .expect("the form is published");
        let file = register::read(REGISTER).expect("the register is read");
        register::load(deps, &file, server.now()).await.expect("it is loaded");
        server.tick().await;
        Self { server }
    }

    pub async fn ret(&self) -> Return {
        let read = self.server.app.deps.store.read();
        let all = returns::returns_of_form(&read, "spending-plan").await.unwrap();
        all.into_iter().next().expect("the plan is owed")
    }

    pub async fn contact(&self, address: &str) -> Contact {
        let (person, ret) = (self.server.person(address).await, self.ret().await);
        let links = access::links_of(&self.server.app.deps.store.read(), ret.id)
            .await
            .unwrap();
        let link = links.iter().find(|link| link.person == person.id).expect("a link").id;
        Contact {
            person,
            link,
            return_id: ret.id,
        }
    }

    pub async fn officer(&self, address: &str) -> Officer {
        let person = self.server.person(address).await;
        let read = self.server.app.deps.store.read();
        Officer {
            holders: stored::holders_of_person(&read, person.id).await.unwrap(),
            person,
            second_factor: true,
        }
    }

    pub async fn page(&self) -> ReturnPage {
        let contact = self.contact(NELL).await;
        provider::home(&self.server.app.deps, &contact, self.server.now())
            .await
            .unwrap()
    }

    /// What `save` makes of answers of one box each, typed by somebody who saw what stands.
    pub async fn try_save(&self, who: &str, key: &str, typed: &[(&str, Typed)]) -> Result<ReturnPage, ServiceError> {
        let key = SectionKey(key.to_owned());
        let page = self.page().await;
        let sent = Sent {
            base: page.draft.sections.get(&key).map(base_of).unwrap_or_default(),
            answers: typed
                .iter()
                .map(|(id, typed)| ((*id).to_owned(), typed.clone()))
                .collect(),
        };
        let contact = self.contact(who).await;
        let saved = save(&self.server.app.deps, &contact, &key, sent, self.server.now()).await?;
        assert!(saved.conflicts.is_empty());
        Ok(saved.page)
    }

    pub async fn say(&self, key: &str, typed: &[(&str, Typed)]) -> ReturnPage {
        self.try_save(NELL, key, typed).await.unwrap()
    }

    /// Adds a row with a project; answers its section's key.
    pub async fn add(&self, title: &str, amount: &str) -> String {
        let contact = self.contact(NELL).await;
        let (key, _) = rows::add(&self.server.app.deps, &contact, "project", self.server.now())
            .await
            .unwrap();
        let typed = [
            ("project_title", Typed::value(title)),
            ("asked_for", Typed::value(amount)),
        ];
        self.say(&key.0, &typed).await;
        key.0
    }

    /// Submits what stands.
    pub async fn submit(&self) -> u32 {
        let (contact, page) = (self.contact(NELL).await, self.page().await);
        match submit(&self.server.app.deps, &contact, &page.print(), self.server.now()).await {
            Ok(submitted) => submitted.revision,
            Err(SubmitError::Blocked(page)) => panic!("blocked: {:#?}", page.evaluated.findings),
            Err(SubmitError::Changed(_)) => panic!("changed meanwhile"),
            Err(SubmitError::Service(error)) => panic!("{error:?}"),
        }
    }

    /// Accepts the revision that stands.
    pub async fn accept(&self, who: &str, decided: &[Decided]) -> Result<(), ServiceError> {
        let (officer, ret) = (self.officer(who).await, self.ret().await);
        let now = self.server.now();
        review::accept(&self.server.app.deps, &officer, ret.id, ret.revision, decided, now).await
    }

    /// Signs the revision that stands, with a fresh code.
    pub async fn sign(&self, who: &str, decided: &[Decided]) -> Result<(), ServiceError> {
        self.server.pass(30);
        let (officer, ret) = (self.officer(who).await, self.ret().await);
        let deps = &self.server.app.deps;
        let revision = revisions::get_revision(&deps.store.read(), ret.id, ret.revision)
            .await
            .unwrap();
        let secret = officer.person.totp_secret.clone().expect("an authenticator");
        let signing = Signing {
            revision: ret.revision,
            digest: revision.digest.to_string(),
            typed_name: officer.person.name.clone(),
            totp: totp_code_at_step(&secret, totp_step(self.server.now())),
            agreed: true,
            decisions: decided.to_vec(),
        };
        sign(deps, &officer, ret.id, &signing, self.server.now())
            .await
            .map(drop)
    }

    /// Does what is to be done in a stage, by whoever that is.
    pub async fn act(&self, stage: usize, who: &str, decided: &[Decided]) -> Result<(), ServiceError> {
        match stage {
            0 | 2 => self.accept(who, decided).await,
            _ => self.sign(who, decided).await,
        }
    }

    /// Through all five stages; no risk is to be decided on.
    pub async fn agreed(&self) {
        for (stage, who) in STAGES.into_iter().enumerate() {
            self.act(stage, who, &[]).await.unwrap();
        }
    }

    pub async fn finish(self) {
        self.server.finish().await;
    }
}

/// An answer of several fields.
pub fn fields(all: &[(&str, &str)]) -> Typed {
    Typed {
        fields: all
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect::<BTreeMap<_, _>>(),
        ..Typed::default()
    }
}

/// What the board says of a risk.
pub fn decided(row: &str, decision: Option<Decision>, words: &str) -> Decided {
    Decided {
        section: SectionKey("whole".to_owned()),
        question: "risks".to_owned(),
        row: row.to_owned(),
        decision,
        words: words.to_owned(),
    }
}

/// The register by which the partnership owes these forms of a year, and a contact of its own fills them in.
pub fn owed(forms: &[&str]) -> String {
    let assignments = forms.iter().map(|form| {
        format!(
            r#"
[[assignment]]
form = "{form}"
grant = "CITY-SAFE"
organisation = "partnership"
from = 2018-04-01
to = 2019-03-31
contacts = ["nell"]
"#
        )
    });
    assignments
        .chain([r#"
[[person]]
key = "nell"
name = "Nell Carey"
email = "nell.carey@city.example.org"
organisation = "partnership"
"#
        .to_owned()])
        .collect()
}
