//! What can go wrong in the store, told apart by what its user can do about it.
//!
//! Invariant: a lost race, a duplicate, a busy database and a full disk are never taken for one another; duplicates are
//! known by the constraint that refused them, never by looking first.

use sea_orm::sqlx::Error as SqlxError;
use sea_orm::sqlx::error::{DatabaseError, ErrorKind};
use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr};

use super::Constraint;

/// An error of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// What was read is no longer what is there: somebody else was first.
    #[error("{what} was changed by somebody else")]
    Conflict {
        /// What.
        what: &'static str,
    },
    /// There is no such row.
    #[error("there is no such {what}")]
    NotFound {
        /// What.
        what: &'static str,
    },
    /// There already is one.
    #[error("there already is one: {constraint:?}")]
    Duplicate {
        /// What refused it.
        constraint: Constraint,
    },
    /// A rule of the tables does not allow it; holds the rule's name where the database gives it.
    #[error("the tables do not allow it: {rule}")]
    Refused {
        /// The name of the check or reference.
        rule: String,
    },
    /// The row is kept as it was written: a trigger refused to change or remove it.
    #[error("the row is kept as it was written")]
    Kept,
    /// Another writer holds the database; the same call may succeed in a moment.
    #[error("the database is busy")]
    Busy,
    /// The disk is full; nothing was written.
    #[error("the disk is full")]
    Full,
    /// The database cannot be reached.
    #[error("the database cannot be reached")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The database was written by a newer version of the server.
    #[error("the database was made by a newer version of Countersign, which has {name}")]
    Newer {
        /// The first migration that this version does not know.
        name: String,
    },
    /// The address of the database is not one that can be opened, or its settings are not as they must be.
    #[error("the database cannot be used: {0}")]
    Unusable(String),
    /// A row holds what this version cannot read.
    #[error("{what} cannot be read: {why}")]
    Unreadable {
        /// What.
        what: &'static str,
        /// Why.
        why: String,
    },
    /// Anything else.
    #[error("the database failed")]
    Other(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl StoreError {
    /// Whether a duplicate was refused by this constraint.
    #[must_use]
    pub fn is_duplicate_of(&self, of: Constraint) -> bool {
        matches!(self, StoreError::Duplicate { constraint } if *constraint == of)
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match &error {
            DbErr::ConnectionAcquire(ConnAcquireErr::Timeout) => StoreError::Busy,
            DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed) => StoreError::Unavailable(Box::new(error)),
            DbErr::Conn(RuntimeErr::SqlxError(inner))
            | DbErr::Exec(RuntimeErr::SqlxError(inner))
            | DbErr::Query(RuntimeErr::SqlxError(inner)) => match classify(inner) {
                Some(known) => known,
                None if lost(inner) => StoreError::Unavailable(Box::new(error)),
                None => StoreError::Other(Box::new(error)),
            },
            DbErr::Conn(_) => StoreError::Unavailable(Box::new(error)),
            _ => StoreError::Other(Box::new(error)),
        }
    }
}

/// Whether the database was lost on the way, rather than refusing.
fn lost(error: &SqlxError) -> bool {
    match error {
        SqlxError::Io(_) | SqlxError::Tls(_) | SqlxError::PoolClosed | SqlxError::WorkerCrashed => true,
        SqlxError::Database(error) => error.code().is_some_and(|code| {
            if code.len() == 5 {
                // PostgreSQL's classes of connection failure, want of means, failure of its system, and of being shut
                // down; and a replica that takes no writes.
                let classes = ["08", "53", "57P", "58"];
                classes.iter().any(|class| code.starts_with(class)) || code == "25006"
            } else {
                // SQLite's of a file that cannot be read, written or opened, as on a disk with trouble.
                code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 8 | 10 | 14))
            }
        }),
        _ => false,
    }
}

fn classify(error: &SqlxError) -> Option<StoreError> {
    match error {
        SqlxError::PoolTimedOut => Some(StoreError::Busy),
        SqlxError::Database(error) => refusal(error.as_ref()),
        _ => None,
    }
}

fn refusal(error: &dyn DatabaseError) -> Option<StoreError> {
    let code = error.code().unwrap_or_default().into_owned();
    // Five characters are PostgreSQL's; SQLite's are result codes whose low byte is the kind.
    let known = if code.len() == 5 {
        match code.as_str() {
            "23001" => Some(StoreError::Kept),
            "40001" | "40P01" | "55P03" => Some(StoreError::Busy),
            "53100" => Some(StoreError::Full),
            _ => None,
        }
    } else {
        match code.parse::<u32>().ok() {
            Some(1811) => Some(StoreError::Kept),
            Some(code) if matches!(code & 0xff, 5 | 6) => Some(StoreError::Busy),
            Some(code) if code & 0xff == 13 => Some(StoreError::Full),
            _ => None,
        }
    };
    known.or_else(|| match error.kind() {
        ErrorKind::UniqueViolation => duplicate(error),
        ErrorKind::ForeignKeyViolation | ErrorKind::CheckViolation | ErrorKind::NotNullViolation => {
            let rule = error
                .constraint()
                .map_or_else(|| error.message().to_owned(), str::to_owned);
            Some(StoreError::Refused { rule })
        }
        _ => None,
    })
}

fn duplicate(error: &dyn DatabaseError) -> Option<StoreError> {
    let constraint = match error.constraint() {
        Some(name) => Constraint::by_name(name),
        None => error
            .message()
            .rsplit_once(": ")
            .and_then(|(_, columns)| Constraint::by_columns(columns)),
    };
    constraint.map(|constraint| StoreError::Duplicate { constraint })
}

#[cfg(test)]
mod tests {
    use sea_orm::ConnectionTrait;
    use tempfile::TempDir;

    use super::StoreError;
    use crate::store::Store;
    use crate::store::access::insert_attempt;

    async fn store(folder: &TempDir) -> Store {
        let url = format!("sqlite://{}", folder.path().join("x.db").display());
        Store::open(&url).await.unwrap()
    }

    #[tokio::test]
    async fn a_database_that_another_process_writes_is_busy() {
        let folder = TempDir::new().unwrap();
        let (one, other) = (store(&folder).await, store(&folder).await);
        one.migrate().await.unwrap();
        other
            .writer
            .execute_unprepared("pragma busy_timeout = 0")
            .await
            .unwrap();
        let tx = one.begin().await.unwrap();
        assert!(matches!(other.begin().await, Err(StoreError::Busy)));
        tx.commit().await.unwrap();
        assert!(other.begin().await.is_ok());
    }

    #[tokio::test]
    async fn a_full_disk_is_said_to_be_full_and_keeps_nothing() {
        let folder = TempDir::new().unwrap();
        let store = store(&folder).await;
        store.migrate().await.unwrap();
        // As many pages as it has now, which is what SQLite makes of a number that is too small.
        store
            .writer
            .execute_unprepared("pragma max_page_count = 1")
            .await
            .unwrap();
        let long = "x".repeat(100_000);
        let now = chrono::DateTime::UNIX_EPOCH;
        let tx = store.begin().await.unwrap();
        assert!(matches!(
            insert_attempt(&tx, "kind", &long, now).await,
            Err(StoreError::Full)
        ));
        drop(tx);
        store
            .writer
            .execute_unprepared("pragma max_page_count = 1000000")
            .await
            .unwrap();
        let tx = store.begin().await.unwrap();
        insert_attempt(&tx, "kind", &long, now).await.unwrap();
        tx.commit().await.unwrap();
    }
}
