//! One file for each verb of a return's way. A service opens the transaction, decides through the domain, writes
//! state, ledger leaf and notice together, and commits.
//!
//! Invariant: what is acknowledged is on disk; what is not committed has no effect, no mail and no ledger entry.

mod agreed;
pub mod case;
pub mod chase;
pub mod correct;
mod decide;
pub mod decisions;
pub mod enter;
pub mod facts;
pub mod forms;
pub mod link;
pub mod listing;
pub mod moving;
pub mod notify;
pub mod office;
pub mod open;
pub mod outbox;
pub mod paper;
pub mod people;
pub mod plan;
pub mod provider;
pub mod record;
pub mod register;
pub mod remind;
pub mod report;
pub mod review;
pub mod reviewers;
pub mod rows;
pub mod save;
pub mod session;
pub mod sign;
mod signed;
pub mod signin;
pub mod submit;
pub mod verify;
pub mod virement;

use std::sync::Arc;

use countersign_domain::ids::{FundId, LinkId, ReturnId};
use countersign_domain::register::{Holder, Person};
use countersign_domain::workflow::{COMMISSIONER, Refusal, Role};

use crate::secrets::Secrets;
use crate::store::{Store, StoreError};
use crate::wording::{Wording, WordingError};

/// What every service works with. Cheap to clone.
#[derive(Clone)]
pub struct Deps {
    /// The database.
    pub store: Store,
    /// Keys and tokens.
    pub secrets: Secrets,
    /// The words of mails.
    pub wording: Wording,
    /// The published forms, parsed once.
    pub forms: forms::Library,
    /// The reports that papers are made by.
    pub reports: crate::wording::report::Library,
    /// Where the server is reached, without a trailing slash. The only source of addresses in mails.
    pub base_url: Arc<str>,
    /// Who people can turn to, e.g. `the grants team, grants@example.org`.
    pub contact_line: Arc<str>,
    /// Wakes whoever sends mail: somebody is waiting for a code or a link.
    pub wake: Arc<tokio::sync::Notify>,
    /// Makes the files of papers.
    pub printer: paper::Press,
}

/// Why a service did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// Not allowed, in words for the person.
    #[error("{0}")]
    Refused(String),
    /// Not there, or not theirs: the two look the same.
    #[error("not found")]
    NotFound,
    /// Somebody else was quicker, in words for the person.
    #[error("{0}")]
    Conflict(String),
    /// What was typed cannot be taken; each with the field it belongs to.
    #[error("{} problems in what was typed", .0.len())]
    Invalid(Vec<FieldProblem>),
    /// Too often.
    #[error("too many tries")]
    TooMany {
        /// When to come back.
        retry_minutes: u32,
    },
    /// Not saved, for a reason of the machine; in words for the person.
    #[error("{0}")]
    Unavailable(String),
    /// A fault of ours.
    #[error("internal: {0}")]
    Internal(String),
}

/// What is wrong with one field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldProblem {
    /// The input's name.
    pub field: String,
    /// What to do.
    pub message: String,
}

impl ServiceError {
    /// One problem with one field.
    pub fn field(field: &str, message: impl Into<String>) -> ServiceError {
        ServiceError::Invalid(vec![FieldProblem {
            field: field.to_owned(),
            message: message.into(),
        }])
    }

    /// A fault of ours, with what it was.
    pub fn internal(what: impl std::fmt::Display) -> ServiceError {
        ServiceError::Internal(what.to_string())
    }
}

impl From<StoreError> for ServiceError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict { .. } => ServiceError::Conflict(
                "Somebody else changed this a moment ago. Look at it as it now stands, then try again.".to_owned(),
            ),
            StoreError::NotFound { .. } => ServiceError::NotFound,
            StoreError::Busy => ServiceError::Unavailable("The database is busy. Try again in a moment.".to_owned()),
            StoreError::Full => {
                ServiceError::Unavailable("The server’s disk is full, so nothing can be saved just now.".to_owned())
            }
            StoreError::Unavailable(_) => ServiceError::Unavailable(
                "The database cannot be reached just now. Try again in a few minutes.".to_owned(),
            ),
            other => ServiceError::Internal(other.to_string()),
        }
    }
}

impl From<Refusal> for ServiceError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::WrongState { .. } => ServiceError::Conflict(refusal.to_string()),
            other => ServiceError::Refused(other.to_string()),
        }
    }
}

impl From<WordingError> for ServiceError {
    fn from(error: WordingError) -> Self {
        ServiceError::Internal(error.to_string())
    }
}

/// A person who came through a link: one return, one person.
#[derive(Debug, Clone)]
pub struct Contact {
    /// Who.
    pub person: Person,
    /// Through which link.
    pub link: LinkId,
    /// To which return.
    pub return_id: ReturnId,
}

impl Contact {
    /// In what capacity they act.
    pub fn role(&self) -> Role {
        Role::Contact(self.person.id)
    }
}

/// A person signed in at the office, with the offices they hold today.
#[derive(Debug, Clone)]
pub struct Officer {
    /// Who.
    pub person: Person,
    /// What they hold today.
    pub holders: Vec<Holder>,
    /// Whether the second factor was given; without it nothing is shown.
    pub second_factor: bool,
}

impl Officer {
    /// The keys of the offices held in a fund.
    pub fn offices_in(&self, fund: FundId) -> Vec<String> {
        self.holders
            .iter()
            .filter(|holder| holder.fund == fund)
            .map(|holder| holder.office_key.clone())
            .collect()
    }

    /// In what capacity they act upon a return of this fund.
    pub fn role(&self, fund: FundId) -> Role {
        Role::Officer {
            person: self.person.id,
            offices: self.offices_in(fund),
        }
    }

    /// Refuses whoever has not given the second factor, or holds nothing in the fund: not theirs looks like not there.
    pub fn within(&self, fund: FundId) -> Result<(), ServiceError> {
        if self.second_factor && self.holders.iter().any(|holder| holder.fund == fund) {
            Ok(())
        } else {
            Err(ServiceError::NotFound)
        }
    }
}

impl Officer {
    /// Refuses whoever does not chase and review this fund's returns: a chair on the provider's side, for one.
    pub fn chases(&self, fund: FundId) -> Result<(), ServiceError> {
        self.within(fund)?;
        if self.offices_in(fund).iter().any(|office| office == COMMISSIONER) {
            return Ok(());
        }
        Err(ServiceError::Refused(
            "Only whoever reviews this fund’s returns can do this.".to_owned(),
        ))
    }
}

/// Cleans one line that a person typed: trimmed, composed, without control characters or direction overrides.
pub fn one_line(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let kept: String = text
        .nfc()
        .filter(|c| {
            !c.is_control()
                && !matches!(*c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        })
        .collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A reason that a person gave: some lines of text, or the field's problem.
pub fn reason(field: &str, text: &str, ask: &str) -> Result<String, ServiceError> {
    let text = text.trim().replace("\r\n", "\n");
    if text.is_empty() {
        return Err(ServiceError::field(field, ask));
    }
    if text.chars().count() > 4000 {
        return Err(ServiceError::field(field, "Use 4,000 characters or fewer"));
    }
    Ok(text.chars().filter(|c| *c == '\n' || !c.is_control()).collect())
}
