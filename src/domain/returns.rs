//! Returns and what happens to them: the records of the way from due date to signature.
//!
//! Invariant: a revision, a signature and a ledger entry are never changed; a return changes only through
//! [`crate::workflow`], under its `version`.

pub mod standing;

use chrono::{DateTime, NaiveDate, Utc};

use crate::answers::types::SectionKey;
use crate::ids::{
    AllocationId, AssignmentId, CodeId, FundId, GrantId, LinkId, NoticeId, OrganisationId, PersonId, QueryId, ReturnId,
    SignatureId,
};
use crate::ledger::Digest;
use crate::period::Period;
use crate::workflow::State;

/// The obligation: this organisation owes this form for this period by this date.
#[derive(Debug, Clone, PartialEq)]
pub struct Return {
    /// Identity.
    pub id: ReturnId,
    /// What people quote, e.g. `PLY-2018-R1`.
    pub reference: String,
    /// The assignment it was planned from.
    pub assignment: AssignmentId,
    /// Form id.
    pub form: String,
    /// Pinned form version.
    pub form_version: u32,
    /// Fund.
    pub fund: FundId,
    /// Grant.
    pub grant: GrantId,
    /// For one allocation only.
    pub allocation: Option<AllocationId>,
    /// Who owes it.
    pub organisation: OrganisationId,
    /// The period.
    pub period: Period,
    /// Frozen: opens at the start of this day.
    pub opens_on: NaiveDate,
    /// Frozen: the last day on which it is on time.
    pub due_on: NaiveDate,
    /// Frozen: the last day on which it can be submitted.
    pub closes_on: NaiveDate,
    /// Where it stands.
    pub state: State,
    /// The latest revision, 0 before the first submission.
    pub revision: u32,
    /// The revision that was signed off last.
    pub signed_revision: Option<u32>,
    /// When the first revision was submitted: judged against `due_on`.
    pub first_submitted_at: Option<DateTime<Utc>>,
    /// Guards every change.
    pub version: i64,
}

impl Return {
    /// Whether it is late on this day: past its due date and never submitted. One that was sent back was on time or
    /// late by its first submission.
    pub fn overdue_on(&self, today: NaiveDate) -> bool {
        matches!(self.state, State::Scheduled | State::Draft)
            && self.first_submitted_at.is_none()
            && today > self.due_on
    }
}

/// One immutable submission.
#[derive(Debug, Clone, PartialEq)]
pub struct Revision {
    /// The return.
    pub return_id: ReturnId,
    /// From 1.
    pub number: u32,
    /// Canonical JSON.
    pub document: String,
    /// SHA-256 of `document`.
    pub digest: Digest,
    /// Who submitted it.
    pub submitted_by: PersonId,
    /// When.
    pub submitted_at: DateTime<Utc>,
}

/// A reviewer's question against a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// Identity.
    pub id: QueryId,
    /// The return.
    pub return_id: ReturnId,
    /// The revision it was asked of.
    pub revision: u32,
    /// Where: the section.
    pub section: SectionKey,
    /// Where: the question's id.
    pub question: String,
    /// What is asked.
    pub text: String,
    /// Who asks.
    pub asked_by: PersonId,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// The provider's answer.
    pub answer: Option<QueryAnswer>,
}

/// What was answered to a query.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryAnswer {
    /// The words.
    pub text: String,
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: DateTime<Utc>,
}

/// An act of the workflow upon a return, kept for good: who, what, when, why.
#[derive(Debug, Clone, PartialEq)]
pub struct Act {
    /// The return.
    pub return_id: ReturnId,
    /// The action's name, as in [`crate::workflow::Action::name`].
    pub action: String,
    /// The stage it was done in.
    pub stage: Option<String>,
    /// The revision it was done upon.
    pub revision: u32,
    /// Who; none for the scheduler.
    pub person: Option<PersonId>,
    /// When.
    pub at: DateTime<Utc>,
    /// The reason given, where one is asked.
    pub reason: Option<String>,
}

/// A named officer's signature over one revision.
#[derive(Debug, Clone, PartialEq)]
pub struct Signature {
    /// Identity.
    pub id: SignatureId,
    /// The return.
    pub return_id: ReturnId,
    /// The revision.
    pub revision: u32,
    /// The stage of the form.
    pub stage: String,
    /// Who.
    pub person: PersonId,
    /// The office held.
    pub office: String,
    /// True when signed as a deputy.
    pub as_deputy: bool,
    /// Name as typed.
    pub typed_name: String,
    /// Position as printed.
    pub position: String,
    /// The exact words agreed to.
    pub statement: String,
    /// The revision's digest.
    pub digest: Digest,
    /// How the person was known, e.g. `emailed code and authenticator`.
    pub known_by: String,
    /// When.
    pub signed_at: DateTime<Utc>,
    /// Voided by a correction: when and why.
    pub voided: Option<(DateTime<Utc>, String)>,
}

/// What an officer decides on a row of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// As recommended.
    Agreed,
    /// Not as recommended; the words say why.
    NotAgreed,
    /// Taken note of; nothing is asked.
    Noted,
}

impl Decision {
    /// Every decision.
    pub const ALL: [Decision; 3] = [Decision::Agreed, Decision::NotAgreed, Decision::Noted];

    /// The one word for it: in the ledger, in forms that are posted, in the store.
    pub fn name(self) -> &'static str {
        match self {
            Decision::Agreed => "agreed",
            Decision::NotAgreed => "not-agreed",
            Decision::Noted => "noted",
        }
    }

    /// The decision of this name.
    pub fn named(name: &str) -> Option<Decision> {
        Decision::ALL.into_iter().find(|decision| decision.name() == name)
    }

    /// For people.
    pub fn words(self) -> &'static str {
        match self {
            Decision::Agreed => "Agreed",
            Decision::NotAgreed => "Not agreed",
            Decision::Noted => "Noted",
        }
    }
}

/// What the officer of a stage decided on one row of a table of one revision.
#[derive(Debug, Clone, PartialEq)]
pub struct RowDecision {
    /// The return.
    pub return_id: ReturnId,
    /// The revision.
    pub revision: u32,
    /// The stage of the form.
    pub stage: String,
    /// Where the table stands.
    pub section: SectionKey,
    /// The table's id.
    pub question: String,
    /// The row's id.
    pub row: String,
    /// What was decided.
    pub decision: Decision,
    /// In the officer's words; may be empty.
    pub words: String,
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: DateTime<Utc>,
}

/// A link to one return for one person. The token is never stored: it is derived from the server's key.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// Identity.
    pub id: LinkId,
    /// The return.
    pub return_id: ReturnId,
    /// For whom.
    pub person: PersonId,
    /// When it was made.
    pub issued_at: DateTime<Utc>,
    /// Not good after this.
    pub expires_at: DateTime<Utc>,
    /// When and why it was revoked.
    pub revoked: Option<(DateTime<Utc>, String)>,
}

/// A one-time code mailed for signing in. The code is derived from the server's key, never stored.
#[derive(Debug, Clone, PartialEq)]
pub struct SignInCode {
    /// Identity.
    pub id: CodeId,
    /// For whom.
    pub person: PersonId,
    /// When it was made.
    pub issued_at: DateTime<Utc>,
    /// Not good after this.
    pub expires_at: DateTime<Utc>,
    /// Wrong tries so far.
    pub tries: i32,
    /// When it was used.
    pub used_at: Option<DateTime<Utc>>,
}

/// What a session is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionKind {
    /// One return, through a link.
    Provider(LinkId),
    /// Office pages; `true` once the second factor has been given.
    Office {
        /// Whether the second factor was given.
        second_factor: bool,
    },
}

/// A session, found by the digest of its cookie.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    /// SHA-256 of the cookie's token, hex.
    pub digest: String,
    /// Who.
    pub person: PersonId,
    /// For what.
    pub kind: SessionKind,
    /// Goes with every form.
    pub csrf: String,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it was last used.
    pub seen_at: DateTime<Utc>,
    /// Not good after this.
    pub expires_at: DateTime<Utc>,
}

/// What a notice holds that is filled in only as it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secret {
    /// Nothing.
    None,
    /// `((link))` is the address with the link's token.
    Link(LinkId),
    /// `((code))` is a sign-in code.
    Code(CodeId),
}

/// Where a notice stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeState {
    /// Waiting for its time, or for the next attempt.
    Queued,
    /// Accepted by the mail server.
    Sent,
    /// Given up: refused for good, or 72 hours of attempts.
    Failed,
    /// No longer owed when its turn came.
    Superseded,
}

/// A mail as a row: rendered once, with its Message-ID and date, sent by the drain.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// Identity.
    pub id: NoticeId,
    /// Which mail: a folder of `templates/mails`.
    pub kind: String,
    /// Unique: the same duty never makes two notices.
    pub dedupe: String,
    /// To whom.
    pub person: PersonId,
    /// About which return.
    pub return_id: Option<ReturnId>,
    /// Name in the To header.
    pub to_name: String,
    /// Address in the To header.
    pub to_address: String,
    /// Subject.
    pub subject: String,
    /// Plain text body.
    pub text: String,
    /// HTML body.
    pub html: String,
    /// `<…@host>`.
    pub message_id: String,
    /// The Date header.
    pub dated: DateTime<Utc>,
    /// What is filled in as it is sent.
    pub secret: Secret,
    /// 0 goes first (codes), 10 is usual.
    pub priority: i32,
    /// Where it stands.
    pub state: NoticeState,
    /// Not before this.
    pub run_at: DateTime<Utc>,
    /// Attempts so far.
    pub attempts: i32,
    /// What the mail server said last.
    pub last_error: Option<String>,
    /// When it was accepted.
    pub sent_at: Option<DateTime<Utc>>,
    /// When it was written.
    pub written_at: DateTime<Utc>,
}
