//! A server of a test's own: the real rooms over a real port, with a clock that the test sets and a mail server that
//! keeps what it is sent.
//!
//! Invariant: nothing in it is shared with another test, and [`TestServer::finish`] fails when something is left that
//! nobody answers for.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, TimeZone, Utc};
use countersign::app::App;
use countersign::clock::Clock;
use countersign::config::{Config, Mail as MailSettings, Smtp, Tls, Transport};
use countersign::scheduler::{self, Ticked};
use countersign::service::verify::verify;
use countersign::service::{forms, register};
use countersign::store::{notices, register as people, returns};
use countersign::web::server::{self, Limits};
use countersign::web::{Web, routes};
use countersign_domain::register::Person;
use countersign_domain::returns::{Notice, NoticeState, Return};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::browser::TestBrowser;
use super::mailbox::Mail;
use super::postgres::TestDatabase;
use super::sink::Sink;

/// The form of system S5.
pub const FORM: &str = include_str!("../../forms/s5-partnership/evaluation.toml");
/// Its fund, grant, people and offices.
pub const REGISTER: &str = include_str!("../../forms/s5-partnership/register.toml");
/// The day on which its return opens.
pub const OPENS: &str = "2018-04-03 09:00";

/// The server's key.
pub const KEY: [u8; 32] = *b"a key for the tests from outside";

/// See the module.
pub struct TestServer {
    /// Where it is found.
    pub base: String,
    pub app: App,
    pub web: Web,
    pub sink: Sink,
    /// Mails that may be left failed in the end.
    pub may_fail: usize,
    pub database: TestDatabase,
    clock: Clock,
    folder: TempDir,
    stop: watch::Sender<bool>,
    serving: JoinHandle<()>,
}

impl TestServer {
    /// Over SQLite, on the morning that the return opens, with the opening mails sent.
    pub async fn sqlite() -> Self {
        Self::over(TestDatabase::sqlite().await).await
    }

    /// The same over PostgreSQL.
    pub async fn postgres() -> Self {
        Self::over(TestDatabase::postgres().await).await
    }

    /// Over this database.
    pub async fn over(database: TestDatabase) -> Self {
        Self::of(database, &[FORM], REGISTER, OPENS).await
    }

    /// Over this database, with these forms and this register, at this time in London.
    pub async fn of(database: TestDatabase, published: &[&str], registered: &str, opens: &str) -> Self {
        Self::with_reports(database, published, registered, opens, None).await
    }

    /// The same, with a folder of reports of its own.
    pub async fn with_reports(
        database: TestDatabase,
        published: &[&str],
        registered: &str,
        opens: &str,
        reports: Option<PathBuf>,
    ) -> Self {
        if std::env::var_os("COUNTERSIGN_TEST_LOG").is_some() {
            countersign::log::start("warn", false);
        }
        let (folder, sink) = (TempDir::new().expect("a folder"), Sink::plain().await);
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let listen = listener.local_addr().expect("a bound listener has an address");
        let base = format!("http://{listen}");
        let config = Config {
            base_url: base.clone(),
            listen,
            database: database.url.clone(),
            files: folder.path().join("files"),
            key: KEY,
            contact: "The partnerships team, partnerships@commissioner.example.org".to_owned(),
            trusted_proxies: Vec::new(),
            tick_seconds: 5,
            housekeeping: "0 15 3 * * *".to_owned(),
            reports,
            mail: mail_to(&sink),
            log_level: "warn".to_owned(),
            log_json: false,
        };
        let app = App::open(&config).await.expect("the rooms are put together");
        let clock = Clock::set_at(moment(opens));
        for form in published {
            forms::publish(&app.deps, form, clock.now())
                .await
                .expect("the form is published");
        }
        let file = register::read(registered).expect("the register is read");
        register::load(&app.deps, &file, clock.now())
            .await
            .expect("the register is loaded");
        let (stop, mut stopped) = watch::channel(false);
        let web = Web::new(app.deps.clone(), app.files.clone(), clock.clone());
        let told = async move { drop(stopped.wait_for(|stop| *stop).await) };
        let serving = tokio::spawn(server::serve(
            listener,
            routes::app(web.clone()),
            Limits::default(),
            told,
        ));
        let server = TestServer {
            base,
            app,
            web,
            sink,
            may_fail: 0,
            database,
            clock,
            folder,
            stop,
            serving,
        };
        server.tick().await;
        server
    }

    /// A browser with no cookies.
    pub fn browser(&self) -> TestBrowser {
        TestBrowser::new(&self.base)
    }

    /// The time.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Does what is due now, and sends what is owed.
    pub async fn tick(&self) -> Ticked {
        let done = scheduler::tick(&self.app.deps, &self.app.mailer, "test", self.now())
            .await
            .expect("the tick is done");
        assert_eq!(done.troubles, Vec::<String>::new());
        done
    }

    /// Goes to this time in London, like `2018-04-16 09:00`, and ticks once.
    pub async fn advance_to(&self, at: &str) -> Ticked {
        let at = moment(at);
        assert!(at >= self.now(), "the clock does not go back");
        self.clock.go_to(at);
        self.tick().await
    }

    /// Time passes, and nothing is done.
    pub fn pass(&self, seconds: i64) {
        self.clock.go_to(self.now() + chrono::Duration::seconds(seconds));
    }

    /// Every mail so far, oldest first.
    pub fn mails(&self) -> Vec<Mail> {
        self.sink
            .messages()
            .iter()
            .map(|received| Mail::read(&received.bytes))
            .collect()
    }

    /// Sends what is owed; answers every mail to this address so far.
    pub async fn mails_to(&self, address: &str) -> Vec<Mail> {
        self.tick().await;
        self.mails().into_iter().filter(|mail| mail.to == address).collect()
    }

    /// The latest mail to this address whose subject begins so.
    pub async fn mail_to(&self, address: &str, subject: &str) -> Mail {
        let mails = self.mails_to(address).await;
        let subjects: Vec<&String> = mails.iter().map(|mail| &mail.subject).collect();
        let found = mails.iter().rfind(|mail| mail.subject.starts_with(subject));
        found
            .cloned()
            .unwrap_or_else(|| panic!("no “{subject}” to {address} among {subjects:?}"))
    }

    /// The one return of the grant.
    pub async fn the_return(&self) -> Return {
        let read = self.app.deps.store.read();
        let mut found = returns::returns_of_form(&read, "partnership-evaluation")
            .await
            .expect("the returns are read");
        assert_eq!(found.len(), 1);
        found.remove(0)
    }

    /// A person of the register.
    pub async fn person(&self, address: &str) -> Person {
        let read = self.app.deps.store.read();
        let found = people::person_by_address(&read, address)
            .await
            .expect("the register is read");
        found.unwrap_or_else(|| panic!("nobody has {address}"))
    }

    /// Every notice that was ever written.
    pub async fn notices(&self) -> Vec<Notice> {
        notices::notices(&self.app.deps.store.read(), None, 100_000)
            .await
            .expect("the notices are read")
    }

    /// Sends what is owed, stops, and fails when something is left that nobody answers for.
    pub async fn finish(self) {
        self.tick().await;
        let notices = self.notices().await;
        let queued: Vec<&String> = notices
            .iter()
            .filter(|notice| notice.state == NoticeState::Queued)
            .map(|notice| &notice.subject)
            .collect();
        assert!(queued.is_empty(), "still queued: {queued:?}");
        let failed: Vec<&Notice> = notices
            .iter()
            .filter(|notice| notice.state == NoticeState::Failed)
            .collect();
        assert_eq!(failed.len(), self.may_fail, "failed: {failed:?}");
        let found = verify(&self.app.deps).await.expect("the database is read");
        assert_eq!(found.problems, Vec::<String>::new());
        only_documents(&self.folder.path().join("files"));
        self.stop().await.remove().await;
    }

    /// Stops; the database is left.
    pub async fn stop(self) -> TestDatabase {
        self.stop.send_replace(true);
        let ended = tokio::time::timeout(Duration::from_secs(30), self.serving).await;
        ended
            .expect("the server lets its clients go")
            .expect("the server did not panic");
        self.app.deps.store.close().await;
        self.database
    }
}

fn mail_to(sink: &Sink) -> MailSettings {
    MailSettings {
        from: "Grant returns <returns@commissioner.example.org>".to_owned(),
        reply_to: None,
        per_minute: 100_000,
        transport: Transport::Smtp(Smtp {
            host: "127.0.0.1".to_owned(),
            port: sink.port,
            tls: Tls::None,
            username: None,
            password: None,
            ca_file: None,
            timeout_seconds: 20,
        }),
    }
}

/// A time in London.
pub fn moment(text: &str) -> DateTime<Utc> {
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a day and a time");
    chrono_tz::Europe::London
        .from_local_datetime(&local)
        .single()
        .expect("an hour that there was")
        .with_timezone(&Utc)
}

/// Fails unless a folder holds documents under their digests and nothing else.
fn only_documents(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            only_documents(&path);
            continue;
        }
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        assert!(
            name.len() >= 60 && name.bytes().all(|byte| byte.is_ascii_hexdigit()),
            "{} was left",
            path.display()
        );
    }
}
