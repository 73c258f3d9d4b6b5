//! An outbox of a test's own, with the key and the ways to empty it. Its clock is whatever the test says.

use crate::sink::{Sink, USER};
use chrono::{DateTime, Utc};
use countersign::mail::{Drained, MailConfig, MailConfigError, Mailer, Tls, TransportConfig};
use countersign::secrets::Secrets;
use countersign::store::{Store, notices, register};
use countersign_domain::ids::{LinkId, NoticeId, OrganisationId, PersonId};
use countersign_domain::register::{Organisation, Person};
use countersign_domain::returns::{Notice, NoticeState, Secret};
use std::path::PathBuf;
use tempfile::TempDir;
use uuid::Uuid;

/// When every test begins: 3 April 2018, 8 in the morning.
pub const NOW: DateTime<Utc> = DateTime::from_timestamp(1_522_742_400, 0).unwrap();

/// To whom everything is addressed.
const PERSON: Uuid = Uuid::from_u128(1);

pub struct Outbox {
    pub store: Store,
    pub secrets: Secrets,
    folder: TempDir,
}

impl Outbox {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&format!("sqlite://{}", folder.path().join("test.db").display()))
            .await
            .unwrap();
        store.migrate().await.unwrap();
        seed(&store).await;
        Self {
            store,
            secrets: Secrets::new([5; 32]),
            folder,
        }
    }

    /// Writes a notice as the transaction that owes it would.
    pub async fn owe(&self, notice: &Notice) {
        let tx = self.store.begin().await.unwrap();
        assert!(notices::insert_notice(&tx, notice).await.unwrap());
        tx.commit().await.unwrap();
    }

    pub async fn get(&self, n: u128) -> Notice {
        notices::get_notice(&self.store.read(), NoticeId::from(Uuid::from_u128(n)))
            .await
            .unwrap()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn try_mailer(&self, config: &MailConfig) -> Result<Mailer, MailConfigError> {
        Mailer::new(config, "https://grants.example.org", "one")
    }

    pub fn mailer(&self, config: &MailConfig, owner: &str) -> Mailer {
        Mailer::new(config, "https://grants.example.org", owner).unwrap()
    }

    /// One drain by a mailer of its own, everything still owed.
    pub async fn drain(&self, config: &MailConfig, now: DateTime<Utc>) -> Drained {
        let mailer = self.mailer(config, "one");
        mailer
            .drain(&self.store, &self.secrets, now, |_| async { Ok(true) })
            .await
            .unwrap()
    }

    /// Encrypted, signed in, and trusting the sink's own authority.
    pub fn secure(&self, sink: &Sink, when: Tls, with: &str) -> MailConfig {
        let mut config = smtp(sink);
        let path = self.path("authority.pem");
        sink.write_authority(&path);
        if let TransportConfig::Smtp {
            tls,
            username,
            password,
            ca_file,
            ..
        } = &mut config.transport
        {
            *tls = when;
            (*username, *password, *ca_file) = (Some(USER.to_owned()), Some(with.to_owned()), Some(path));
        }
        config
    }
}

/// What a drain did that sent so many and nothing else.
pub fn sent(sent: u32) -> Drained {
    Drained {
        sent,
        ..Drained::default()
    }
}

pub fn config(transport: TransportConfig) -> MailConfig {
    MailConfig {
        from: "Grants team <grants@example.org>".to_owned(),
        reply_to: None,
        transport,
        per_minute: 10_000,
        hello_name: "countersign.example.org".to_owned(),
    }
}

/// To the sink, unencrypted.
pub fn smtp(sink: &Sink) -> MailConfig {
    config(TransportConfig::Smtp {
        host: "127.0.0.1".to_owned(),
        port: sink.port,
        tls: Tls::None,
        username: None,
        password: None,
        ca_file: None,
        timeout_seconds: 20,
    })
}

pub fn link(n: u128) -> LinkId {
    LinkId::from(Uuid::from_u128(1_000 + n))
}

/// The `n`-th notice, to `p<n>@example.org`.
pub fn named(n: u128) -> Notice {
    Notice {
        id: NoticeId::from(Uuid::from_u128(n)),
        kind: "opened".to_owned(),
        dedupe: format!("opened/{n}"),
        person: PersonId::from(PERSON),
        return_id: None,
        to_name: format!("Person {n}"),
        to_address: format!("p{n}@example.org"),
        subject: format!("Return {n} is open"),
        text: format!("Return {n}\n((link))\n.\nThat is all.\n"),
        html: format!("<p>Return {n}</p><p><a href=\"((link))\">((link))</a></p>"),
        message_id: format!("<{n}.notice@grants.example.org>"),
        dated: NOW,
        secret: Secret::Link(link(n)),
        priority: 10,
        state: NoticeState::Queued,
        run_at: NOW,
        attempts: 0,
        last_error: None,
        sent_at: None,
        written_at: NOW,
    }
}

/// The one person to whom every notice goes.
async fn seed(store: &Store) {
    let organisation = Organisation {
        id: OrganisationId::from(PERSON),
        key: "one".to_owned(),
        name: "One".to_owned(),
    };
    let person = Person {
        id: PersonId::from(PERSON),
        name: "One".to_owned(),
        email: "one@example.org".to_owned(),
        organisation: organisation.id,
        totp_secret: None,
        totp_last_step: None,
    };
    let tx = store.begin().await.unwrap();
    register::insert_organisation(&tx, &organisation).await.unwrap();
    register::insert_person(&tx, &person).await.unwrap();
    tx.commit().await.unwrap();
}
