//! What can go wrong in the store, told apart by what its user can do about it.
//!
//! Invariant: a lost race, a duplicate, a busy database and a full disk are never taken for one another; duplicates are
//! known by the constraint that refused them, never by looking first.

use sea_orm::sqlx::Error as SqlxError;
use sea_orm::sqlx::error::{DatabaseError, ErrorKind};
use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr};

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

/// What may be there only once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Constraint {
    /// A row's own identity.
    Identity,
    /// An organisation's key.
    OrganisationKey,
    /// A person's address, in the form that tells people apart.
    PersonAddress,
    /// A fund's key.
    FundKey,
    /// An office's key within its fund.
    OfficeKey,
    /// A person's holding of an office from one day.
    Holder,
    /// A grant's reference.
    GrantReference,
    /// An allocation's key within its grant.
    AllocationKey,
    /// A contact of an assignment.
    Contact,
    /// A version of a form.
    FormVersion,
    /// A return's reference.
    ReturnReference,
    /// A return of an assignment for a period.
    ReturnPeriod,
    /// A revision's number.
    RevisionNumber,
    /// A figure of a revision.
    FigureOnce,
    /// A signature for a stage over a revision.
    SignatureOnce,
    /// A link's token.
    LinkToken,
    /// A session's token.
    SessionToken,
    /// A notice's Message-ID.
    NoticeMessageId,
    /// A notice's duty.
    NoticeDedupe,
    /// A place in the ledger.
    LedgerPosition,
    /// A checkpoint at a size of the ledger.
    CheckpointSize,
}

/// Each constraint by its name, which PostgreSQL reports, and its table and columns, which SQLite reports.
const NAMED: &[(Constraint, &str, &str, &[&str])] = &[
    (
        Constraint::OrganisationKey,
        "uq_organisations_key",
        "organisations",
        &["key"],
    ),
    (
        Constraint::PersonAddress,
        "uq_people_address_key",
        "people",
        &["address_key"],
    ),
    (Constraint::FundKey, "uq_funds_key", "funds", &["key"]),
    (
        Constraint::OfficeKey,
        "uq_offices_key",
        "offices",
        &["fund_id", "key"],
    ),
    (
        Constraint::Holder,
        "pk_holders",
        "holders",
        &["office_id", "person_id", "held_from"],
    ),
    (
        Constraint::GrantReference,
        "uq_grants_reference",
        "grants",
        &["reference"],
    ),
    (
        Constraint::AllocationKey,
        "uq_allocations_key",
        "allocations",
        &["grant_id", "key"],
    ),
    (
        Constraint::Contact,
        "pk_contacts",
        "contacts",
        &["assignment_id", "person_id"],
    ),
    (
        Constraint::FormVersion,
        "pk_forms",
        "forms",
        &["id", "version"],
    ),
    (
        Constraint::ReturnReference,
        "uq_returns_reference",
        "returns",
        &["reference"],
    ),
    (
        Constraint::ReturnPeriod,
        "uq_returns_period",
        "returns",
        &["assignment_id", "period_start", "period_end"],
    ),
    (
        Constraint::RevisionNumber,
        "pk_revisions",
        "revisions",
        &["return_id", "number"],
    ),
    (
        Constraint::FigureOnce,
        "pk_figures",
        "figures",
        &["return_id", "revision", "measure", "allocation_key"],
    ),
    (
        Constraint::SignatureOnce,
        "uq_signatures_once",
        "signatures",
        &["return_id", "revision", "stage"],
    ),
    (
        Constraint::LinkToken,
        "uq_links_token",
        "links",
        &["token_digest"],
    ),
    (
        Constraint::SessionToken,
        "pk_sessions",
        "sessions",
        &["digest"],
    ),
    (
        Constraint::NoticeMessageId,
        "uq_notices_message_id",
        "notices",
        &["message_id"],
    ),
    (
        Constraint::NoticeDedupe,
        "uq_notices_dedupe",
        "notices",
        &["dedupe"],
    ),
    (
        Constraint::LedgerPosition,
        "pk_ledger_leaves",
        "ledger_leaves",
        &["position"],
    ),
    (
        Constraint::CheckpointSize,
        "pk_checkpoints",
        "checkpoints",
        &["size"],
    ),
];

impl Constraint {
    /// Every constraint with its name, its table and its columns in order.
    #[must_use]
    pub fn named() -> &'static [(
        Constraint,
        &'static str,
        &'static str,
        &'static [&'static str],
    )] {
        NAMED
    }

    fn by_name(name: &str) -> Option<Self> {
        let named = NAMED
            .iter()
            .find(|(_, known, _, _)| *known == name)
            .map(|(constraint, ..)| *constraint);
        named.or_else(|| name.starts_with("pk_").then_some(Constraint::Identity))
    }

    /// From SQLite's list, such as `signatures.return_id, signatures.stage`.
    fn by_columns(list: &str) -> Option<Self> {
        let found = NAMED.iter().find(|(_, _, table, columns)| {
            let known: Vec<String> = columns
                .iter()
                .map(|column| format!("{table}.{column}"))
                .collect();
            known.join(", ") == list
        });
        let named = found.map(|(constraint, ..)| *constraint);
        named.or_else(|| {
            (!list.contains(',') && list.ends_with(".id")).then_some(Constraint::Identity)
        })
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match &error {
            DbErr::ConnectionAcquire(ConnAcquireErr::Timeout) => StoreError::Busy,
            DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed) => {
                StoreError::Unavailable(Box::new(error))
            }
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
        SqlxError::Io(_) | SqlxError::Tls(_) | SqlxError::PoolClosed | SqlxError::WorkerCrashed => {
            true
        }
        // PostgreSQL's classes of connection failure and of being shut down.
        SqlxError::Database(error) => error.code().is_some_and(|code| {
            code.len() == 5 && (code.starts_with("08") || code.starts_with("57P"))
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
        ErrorKind::ForeignKeyViolation
        | ErrorKind::CheckViolation
        | ErrorKind::NotNullViolation => {
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
