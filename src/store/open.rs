//! Opening the database: SQLite with one writer and a few readers, PostgreSQL with one pool.
//!
//! Invariant: what is committed is on disk (SQLite: `synchronous = FULL`); a writer waits its turn at `begin`, never in
//! the middle of a transaction; a reader of SQLite cannot write.

use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sea_orm::sqlx::{Connection as _, PgConnection};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, IsolationLevel, SqliteTransactionMode,
    Statement, TransactionOptions, TransactionTrait,
};

use super::{Reader, StoreError, WriteTx, lease};

/// SQLite before this may corrupt a database that is written while its log is being reset.
const OLDEST_SQLITE: [u32; 3] = [3, 51, 3];

/// How long a writer waits for another process's transaction.
const BUSY: Duration = Duration::from_secs(5);

/// How long anybody waits for a connection of the pool.
const ACQUIRE: Duration = Duration::from_secs(10);

const SQLITE_READERS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 10;

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pub(super) writer: DatabaseConnection,
    reader: DatabaseConnection,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("backend", &self.writer.get_database_backend())
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Opens `sqlite:…` (made when it is missing) or `postgres://…`. Makes no tables: see [`Store::migrate`].
    ///
    /// # Errors
    /// [`StoreError::Unusable`] for an address of another kind, a SQLite in memory, or a SQLite that is too old;
    /// [`StoreError::Unavailable`] when nobody answers.
    pub async fn open(url: &str) -> Result<Store, StoreError> {
        if url.starts_with("sqlite:") {
            open_sqlite(url).await
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            open_postgres(url).await
        } else {
            Err(StoreError::Unusable(
                "its address must begin with sqlite: or postgres://".to_owned(),
            ))
        }
    }

    /// Begins to write. On SQLite the turn is taken here; on PostgreSQL writers meet at the rows that they change.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when no turn came in time.
    pub async fn begin(&self) -> Result<WriteTx, StoreError> {
        let options = match self.backend() {
            DbBackend::Postgres => TransactionOptions {
                isolation_level: Some(IsolationLevel::ReadCommitted),
                ..TransactionOptions::default()
            },
            // A deferred transaction that reads first and then writes fails at once when another wrote in between.
            _ => TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..TransactionOptions::default()
            },
        };
        Ok(WriteTx(self.writer.begin_with_options(options).await?))
    }

    /// Reads what has been committed.
    #[must_use]
    pub fn read(&self) -> Reader {
        Reader(self.reader.clone())
    }

    /// Whether the database takes writes: makes one and rolls it back.
    ///
    /// # Errors
    /// Whatever a real write would meet.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let tx = self.begin().await?;
        lease::touch(&tx).await?;
        tx.rollback().await
    }

    /// Waits for what is under way, and closes.
    pub async fn close(self) {
        // Closing reports only that the other side had gone already, about which nothing is left to do.
        let _ = self.reader.close_by_ref().await;
        let _ = self.writer.close_by_ref().await;
    }

    pub(super) fn backend(&self) -> DbBackend {
        self.writer.get_database_backend()
    }
}

async fn open_sqlite(url: &str) -> Result<Store, StoreError> {
    if url.contains(":memory:") || url.contains("mode=memory") {
        return Err(StoreError::Unusable("a SQLite database must be a file".to_owned()));
    }
    let url = if url.contains('?') {
        url.to_owned()
    } else {
        format!("{url}?mode=rwc")
    };
    // The writer is opened first: it makes the file and turns the log on, which a reader may not.
    let writer = Database::connect(sqlite_options(&url, 1, false)).await?;
    check_sqlite(&writer).await?;
    let reader = Database::connect(sqlite_options(&url, SQLITE_READERS, true)).await?;
    Ok(Store { writer, reader })
}

fn sqlite_options(url: &str, connections: u32, reads_only: bool) -> ConnectOptions {
    let mut options = pool_options(url, connections);
    options
        .min_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .map_sqlx_sqlite_opts(move |sqlite| {
            let sqlite = sqlite
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(BUSY)
                // Without this, INSERT OR REPLACE would remove a row without its trigger being asked.
                .pragma("recursive_triggers", "ON")
                .pragma("trusted_schema", "OFF")
                .pragma("cache_size", "-32000")
                .pragma("temp_store", "memory");
            if reads_only {
                sqlite.pragma("query_only", "ON")
            } else {
                sqlite
            }
        })
        .map_sqlx_sqlite_pool_opts(move |pool| match reads_only {
            true => pool,
            false => pool.after_release(|connection, _| Box::pin(async { Ok(at_rest(connection).await) })),
        });
    options
}

/// Whether the writer comes back from its transaction; one that does not is closed, and another is opened.
///
/// When a disk fails, SQLite ends a transaction by itself, and whoever counts them above it goes on counting that one.
/// What is written next would be inside a transaction that nobody ends: acknowledged, and gone.
async fn at_rest(connection: &mut SqliteConnection) -> bool {
    // A transaction that is begun so is refused inside another. It waits behind a rollback that is still on its way.
    match connection.begin_with("BEGIN").await {
        Ok(tx) => tx.rollback().await.is_ok(),
        Err(_) => false,
    }
}

async fn open_postgres(url: &str) -> Result<Store, StoreError> {
    // A pool would try again until its time is up, and then say only that it was up. One attempt says why, and at once.
    let first = PgConnection::connect(url)
        .await
        .map_err(|error| StoreError::Unavailable(Box::new(error)))?;
    let _ = first.close().await;
    let pool = Database::connect(pool_options(url, POSTGRES_CONNECTIONS)).await?;
    Ok(Store {
        writer: pool.clone(),
        reader: pool,
    })
}

fn pool_options(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .acquire_timeout(ACQUIRE)
        .connect_timeout(ACQUIRE)
        .sqlx_logging(false);
    options
}

/// Asserts what the promises rest on, rather than trusting that the options were heard.
async fn check_sqlite(db: &DatabaseConnection) -> Result<(), StoreError> {
    let version = ask(db, "select sqlite_version()").await?;
    let numbers: Vec<u32> = version.split('.').filter_map(|number| number.parse().ok()).collect();
    if numbers.as_slice() < OLDEST_SQLITE.as_slice() {
        return Err(StoreError::Unusable(format!("SQLite {version} is too old")));
    }
    let settings = [
        ("select journal_mode from pragma_journal_mode", "wal"),
        ("select cast(synchronous as text) from pragma_synchronous", "2"),
        ("select cast(foreign_keys as text) from pragma_foreign_keys", "1"),
        (
            "select cast(recursive_triggers as text) from pragma_recursive_triggers",
            "1",
        ),
    ];
    for (question, must_be) in settings {
        let is = ask(db, question).await?;
        if is != must_be {
            return Err(StoreError::Unusable(format!(
                "{question} gives {is}, and must give {must_be}"
            )));
        }
    }
    Ok(())
}

async fn ask(db: &DatabaseConnection, question: &str) -> Result<String, StoreError> {
    let row = db
        .query_one_raw(Statement::from_string(DbBackend::Sqlite, question))
        .await?;
    let row = row.ok_or_else(|| StoreError::Unusable(format!("{question} gives nothing")))?;
    Ok(row.try_get_by_index::<String>(0)?)
}
