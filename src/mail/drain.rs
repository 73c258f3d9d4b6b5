//! The drain: hands what is owed to the mail server, and writes down what became of it.
//!
//! Invariant: a notice is claimed under a lease before it is spoken of to a server, no transaction is open meanwhile,
//! and every claimed notice ends sent, queued for a later attempt, failed for all to see, or superseded. A process that
//! dies in between leaves its lease to run out, and the notice is sent again as the same bytes.

use chrono::{DateTime, TimeDelta, Utc};
use countersign_domain::returns::{Notice, NoticeState};
use lettre::message::Mailbox;
use std::future::Future;
use std::sync::Arc;
use tokio::time::Instant;

use super::compose::{ComposeError, compose};
use super::config::{MailConfig, MailConfigError, mailbox};
use super::transport::{Line, Post, Trouble};
use crate::secrets::Secrets;
use crate::service::outbox;
use crate::store::{Store, StoreError, notices};

/// How many letters are under way at once. One line takes about twenty a second; four are what servers let one sender
/// open.
const AT_ONCE: u64 = 4;

/// The most batches of one drain; what is left waits for the next.
const MOST_BATCHES: usize = 256;

/// What goes ahead of the cap: sign-in codes, for which somebody is waiting.
const URGENT: i32 = 0;

/// Among how many of the latest notices a code is looked for when the minute is full. One that is further back goes
/// first in the next minute.
const LATEST: u64 = 100;

/// How long a claim outlasts the longest conversation.
const LEASE_MARGIN: TimeDelta = TimeDelta::seconds(60);

/// Minutes from one attempt to the next; the last goes on.
const WAITS: [i64; 8] = [1, 2, 5, 15, 30, 60, 120, 240];

/// When attempts end, counted from the writing of the notice.
const GIVE_UP_AFTER: TimeDelta = TimeDelta::hours(72);

/// What one drain did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Drained {
    /// Accepted by the mail server.
    pub sent: u32,
    /// To be tried again.
    pub retried: u32,
    /// Given up, and shown to the officers.
    pub failed: u32,
    /// No longer owed when their turn came.
    pub superseded: u32,
}

/// Sends notices, as configured, in the name of one replica.
#[derive(Clone)]
pub struct Mailer {
    room: Arc<Room>,
}

struct Room {
    from: Mailbox,
    reply_to: Option<Mailbox>,
    post: Post,
    per_minute: u64,
    base_url: String,
    owner: String,
}

/// What became of one letter.
enum Outcome {
    Sent,
    Trouble(Trouble),
}

impl Mailer {
    /// Checks the configuration. `base_url` is where this server is found, for the links; `owner` names this replica in
    /// its leases.
    pub fn new(
        config: &MailConfig,
        base_url: impl Into<String>,
        owner: impl Into<String>,
    ) -> Result<Self, MailConfigError> {
        if config.per_minute == 0 {
            return Err(MailConfigError::Nought("per_minute"));
        }
        let room = Room {
            from: mailbox("from", &config.from)?,
            reply_to: config
                .reply_to
                .as_deref()
                .map(|value| mailbox("reply_to", value))
                .transpose()?,
            post: Post::new(config)?,
            per_minute: config.per_minute.into(),
            base_url: base_url.into(),
            owner: owner.into(),
        };
        Ok(Self { room: Arc::new(room) })
    }

    /// Sends what is owed at `now`, in order of urgency, until nothing is due, the minute is full, or no server can be
    /// reached.
    ///
    /// `still_owed` is asked of each notice just before it is sent; a notice that is not is superseded.
    pub async fn drain<F, Owed>(
        &self,
        store: &Store,
        secrets: &Secrets,
        now: DateTime<Utc>,
        still_owed: F,
    ) -> Result<Drained, StoreError>
    where
        F: Fn(Notice) -> Owed,
        Owed: Future<Output = Result<bool, StoreError>>,
    {
        let (mut drained, mut lines, begun) = (Drained::default(), Vec::new(), Instant::now());
        for _ in 0..MOST_BATCHES {
            let at = now + TimeDelta::from_std(begun.elapsed()).unwrap_or_default();
            let batch = self.claim(store, at).await?;
            if batch.is_empty() {
                break;
            }
            let mut owed = Vec::with_capacity(batch.len());
            for notice in batch {
                if still_owed(notice.clone()).await? {
                    owed.push(notice);
                } else {
                    let tx = store.begin().await?;
                    notices::supersede(&tx, notice.id).await?;
                    tx.commit().await?;
                    drained.superseded += 1;
                }
            }
            let reached = owed.is_empty() || self.send(store, secrets, owed, at, &mut lines, &mut drained).await?;
            if !reached {
                break;
            }
        }
        for line in lines {
            line.close().await;
        }
        Ok(drained)
    }

    /// Claims the next batch: what the minute still has room for, or the codes that go ahead of it.
    async fn claim(&self, store: &Store, at: DateTime<Utc>) -> Result<Vec<Notice>, StoreError> {
        let reader = store.read();
        let sent = notices::sent_since(&reader, at - TimeDelta::minutes(1)).await?;
        let mut limit = self.room.per_minute.saturating_sub(sent).min(AT_ONCE);
        if limit == 0 {
            let waits = |notice: &&Notice| {
                notice.priority <= URGENT && notice.state == NoticeState::Queued && notice.run_at <= at
            };
            let latest = notices::notices(&reader, None, LATEST).await?;
            limit = latest.iter().filter(waits).zip(0..AT_ONCE).map(|_| 1).sum();
        }
        if limit == 0 {
            return Ok(Vec::new());
        }
        // The most urgent come first, so a limit of that many codes claims codes.
        let lease = TimeDelta::from_std(self.room.post.longest()).unwrap_or(LEASE_MARGIN) + LEASE_MARGIN;
        store.claim_notices(&self.room.owner, at, lease, limit).await
    }

    /// Sends a batch side by side and writes down what became of each. False when no server could be reached.
    async fn send(
        &self,
        store: &Store,
        secrets: &Secrets,
        batch: Vec<Notice>,
        at: DateTime<Utc>,
        lines: &mut Vec<Line>,
        drained: &mut Drained,
    ) -> Result<bool, StoreError> {
        let mut under_way = Vec::with_capacity(batch.len());
        for notice in batch {
            // A task of its own, so that a row that brings the composer down brings down nothing else.
            let (room, secrets, letter, line) = (self.room.clone(), secrets.clone(), notice.clone(), lines.pop());
            under_way.push((
                notice,
                tokio::spawn(async move { room.deliver(&letter, &secrets, line).await }),
            ));
        }
        let (mut reached, mut first_error) = (false, None);
        for (notice, task) in under_way {
            let (outcome, line) = task.await.unwrap_or_else(|_| {
                (
                    Outcome::Trouble(Trouble::Never(
                        "The letter could not be made from this notice.".to_owned(),
                    )),
                    None,
                )
            });
            lines.extend(line);
            match &outcome {
                Outcome::Trouble(Trouble::Unreachable(said)) => {
                    tracing::warn!(said, "no line to the mail server")
                }
                Outcome::Sent | Outcome::Trouble(_) => reached = true,
            }
            if let Err(error) = self.record(store, &notice, outcome, at, drained).await {
                first_error.get_or_insert(error);
            }
        }
        first_error.map_or(Ok(reached), Err)
    }

    async fn record(
        &self,
        store: &Store,
        notice: &Notice,
        outcome: Outcome,
        at: DateTime<Utc>,
        drained: &mut Drained,
    ) -> Result<(), StoreError> {
        let owner = &self.room.owner;
        let said = match outcome {
            Outcome::Sent => {
                drained.sent += 1;
                return kept(notice, notices::mark_sent(store, notice.id, owner, at).await?);
            }
            Outcome::Trouble(Trouble::Unreachable(said) | Trouble::Later(said)) => {
                if let Some(next) = next_attempt(notice, at) {
                    drained.retried += 1;
                    return kept(notice, notices::mark_retry(store, notice.id, owner, next, &said).await?);
                }
                said
            }
            Outcome::Trouble(Trouble::Never(said)) => said,
        };
        tracing::warn!(notice = %notice.id, kind = notice.kind, "a notice was given up");
        drained.failed += 1;
        kept(notice, notices::mark_failed(store, notice.id, owner, at, &said).await?)
    }
}

/// Says in the log when the claim had run out meanwhile: then another replica has the last word on the notice.
fn kept(notice: &Notice, still_ours: bool) -> Result<(), StoreError> {
    if !still_ours {
        tracing::warn!(notice = %notice.id, "the claim on a notice was lost while it was being sent");
    }
    Ok(())
}

impl Room {
    /// Makes the letter and hands it over, on the line given or a new one. The line comes back if it is still good.
    async fn deliver(&self, notice: &Notice, secrets: &Secrets, line: Option<Line>) -> (Outcome, Option<Line>) {
        let letter = outbox::fill(notice, secrets, &self.base_url)
            .map_err(ComposeError::from)
            .and_then(|filled| compose(&filled, &self.from, self.reply_to.as_ref()));
        let letter = match letter {
            Ok(letter) => letter,
            Err(error) => return (Outcome::Trouble(Trouble::Never(error.to_string())), line),
        };
        let opened = match line {
            Some(line) => Ok(line),
            None => self.post.open().await,
        };
        let mut line = match opened {
            Ok(line) => line,
            Err(trouble) => return (Outcome::Trouble(trouble), None),
        };
        match line.send(&letter).await {
            Ok(()) => (Outcome::Sent, Some(line)),
            Err(trouble) => (Outcome::Trouble(trouble), None),
        }
    }
}

/// When a notice is tried again after an attempt at `at` that came to nothing; none when it is to be given up: after
/// 72 hours, but not before every wait was gone through, as when this server itself was down for days.
fn next_attempt(notice: &Notice, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let made = usize::try_from(notice.attempts).unwrap_or(0).max(1);
    let next = at + TimeDelta::minutes(WAITS.get(made - 1).or(WAITS.last()).copied().unwrap_or_default());
    (made < WAITS.len() || next <= notice.written_at + GIVE_UP_AFTER).then_some(next)
}
