//! The scheduler: what is due at `now` is done: plan, open, remind, send, and keep house.
//!
//! Invariant: a tick may come late, twice, or in two replicas at once; each duty is done once. One return's trouble
//! does not keep the others waiting.

use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, Utc};
use countersign_domain::ids::ReturnId;
use countersign_domain::schedule;
use countersign_domain::workflow::State;

use crate::mail::{Drained, Mailer};
use crate::service::{Deps, ServiceError, facts, open, plan, remind, submit};
use crate::store::{access, lease, notices, register, returns};

/// How long one replica keeps the tick to itself, in seconds.
const LEASE_SECONDS: i64 = 120;

/// What one tick did, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ticked {
    /// Returns planned.
    pub planned: u32,
    /// Returns opened.
    pub opened: u32,
    /// Reminders and escalations written.
    pub reminded: u32,
    /// Whether another replica holds the tick, so that only mail was sent.
    pub elsewhere: bool,
    /// What became of the mail.
    pub mail: Drained,
    /// What went wrong, assignment by assignment and return by return.
    pub troubles: Vec<String>,
}

/// Does what is due. Does nothing while another replica holds the tick.
pub async fn tick(deps: &Deps, mailer: &Mailer, replica: &str, now: DateTime<Utc>) -> Result<Ticked, ServiceError> {
    let mut done = Ticked::default();
    let ttl = chrono::Duration::seconds(LEASE_SECONDS);
    done.elsewhere = !lease::take(&deps.store, "tick", replica, now, ttl).await?;
    if !done.elsewhere {
        (done.planned, done.troubles) = plan::plan(deps, now).await?;
        for id in open::due(deps, now).await? {
            match open::open(deps, id, now).await {
                Ok(opened) => done.opened += u32::from(opened),
                Err(error) => trouble(&mut done, id, &error),
            }
        }
        for id in remind::open_returns(deps).await? {
            match remind::remind(deps, id, now).await {
                Ok(written) => done.reminded += written,
                Err(error) => trouble(&mut done, id, &error),
            }
        }
        for ret in returns::returns_in_stages(&deps.store.read()).await? {
            match submit::tell_new_holders(deps, ret.id, now).await {
                Ok(told) => done.reminded += told,
                Err(error) => trouble(&mut done, ret.id, &error),
            }
        }
    }
    done.mail = send(deps, mailer, now).await?;
    Ok(done)
}

/// One tick by hand, at a time that may be far from the one that a server goes by. Its lease is given back at once: one
/// until a day to come would keep every server from ticking until then.
pub async fn tick_once(deps: &Deps, mailer: &Mailer, by: &str, now: DateTime<Utc>) -> Result<Ticked, ServiceError> {
    let done = tick(deps, mailer, by, now).await;
    lease::release(&deps.store, "tick", by).await?;
    done
}

fn trouble(done: &mut Ticked, id: ReturnId, error: &ServiceError) {
    tracing::warn!(return_id = %id, %error, "a return could not be ticked");
    done.troubles.push(format!("{id}: {error}"));
}

/// Sends what is queued.
pub async fn send(deps: &Deps, mailer: &Mailer, now: DateTime<Utc>) -> Result<Drained, ServiceError> {
    let owed =
        |notice: countersign_domain::returns::Notice| async move { remind::still_owed(deps, &notice, now).await };
    Ok(mailer.drain(&deps.store, &deps.secrets, now, owed).await?)
}

/// What a tick at `now` would do, in words, without doing it.
pub async fn dry_run(deps: &Deps, now: DateTime<Utc>) -> Result<Vec<String>, ServiceError> {
    let read = deps.store.read();
    let today = facts::today(now);
    let mut lines = Vec::new();
    for ret in plan::would_plan(deps, now).await? {
        lines.push(format!("plan {}, which opens on {}", ret.reference, ret.opens_on));
        if ret.opens_on <= today {
            lines.push(format!("open {} and mail its contacts", ret.reference));
        }
    }
    for ret in returns::due_to_open(&read, today).await? {
        lines.push(format!("open {} and mail its contacts", ret.reference));
    }
    for ret in returns::open_returns(&read).await? {
        let case = facts::case(deps, &read, ret.id).await?;
        let sent = notices::notices_of_return(&read, ret.id).await?;
        let written = |duty: String| sent.iter().any(|notice| notice.dedupe.starts_with(&duty));
        if let Some(day) = remind::rule_due(&read, &case, today).await?
            && !written(format!("remind:{}:{day}:", ret.id))
        {
            lines.push(format!(
                "remind the contacts of {} (rule of {day}, due {})",
                ret.reference, ret.due_on
            ));
        }
        for (to, day) in remind::escalations(&case, today) {
            let somebody = !remind::addressees(&read, &case, &to, now).await?.is_empty();
            if somebody && !written(format!("escalate:{}:{to}:{day}:", ret.id)) {
                lines.push(format!("tell {to} that {} is overdue (rule of {day})", ret.reference));
            }
        }
    }
    let queued = notices::notices(&read, None, 10_000)
        .await?
        .into_iter()
        .filter(|notice| notice.state == countersign_domain::returns::NoticeState::Queued && notice.run_at <= now);
    for notice in queued {
        lines.push(format!("send “{}” to {}", notice.subject, notice.to_address));
    }
    Ok(lines)
}

/// The next day on which the schedule does something, and what; none when nothing is ahead.
pub async fn next_event(
    deps: &Deps,
    now: DateTime<Utc>,
) -> Result<Option<(chrono::NaiveDate, &'static str)>, ServiceError> {
    let read = deps.store.read();
    let today = facts::today(now);
    let mut next: Option<(chrono::NaiveDate, &str)> = None;
    for fund in register::all_funds(&read).await? {
        for ret in returns::returns_of_fund(&read, fund.id).await? {
            if !matches!(ret.state, State::Scheduled | State::Draft) {
                continue;
            }
            let form = deps.forms.version(&read, &ret.form, ret.form_version).await?;
            let dates = facts::dates(&ret);
            let Some(day) = schedule::next_event(&form.schedule, &dates, fund.nation, today) else {
                continue;
            };
            if next.as_ref().is_none_or(|(known, _)| day < *known) {
                let what = if day == ret.opens_on {
                    "a return opens"
                } else {
                    "a reminder"
                };
                next = Some((day, what));
            }
        }
    }
    Ok(next)
}

/// Clears away what has had its day: tries that no longer count, sessions that have run out.
pub async fn keep_house(deps: &Deps, now: DateTime<Utc>) -> Result<(), ServiceError> {
    let tx = deps.store.begin().await?;
    access::forget_attempts_before(&tx, now - chrono::Duration::days(2)).await?;
    access::forget_sessions_before(&tx, now - chrono::Duration::days(2)).await?;
    tx.commit().await?;
    Ok(())
}

/// Ticks until told to stop.
pub async fn run(
    deps: Deps,
    mailer: Mailer,
    clock: crate::clock::Clock,
    every: Duration,
    housekeeping: String,
    mut stop: tokio::sync::watch::Receiver<bool>,
) {
    let replica = uuid::Uuid::new_v4().to_string();
    let mut kept = clock.now();
    loop {
        let now = clock.now();
        // A task of its own, so that a fault of ours in one tick does not end all that were to follow.
        let (for_tick, by, name) = (deps.clone(), mailer.clone(), replica.clone());
        let ticked = tokio::spawn(async move { tick(&for_tick, &by, &name, now).await });
        match ticked.await.unwrap_or_else(|fault| Err(ServiceError::internal(fault))) {
            Ok(done)
                if done
                    != (Ticked {
                        elsewhere: done.elsewhere,
                        ..Ticked::default()
                    }) =>
            {
                tracing::info!(?done, "tick")
            }
            Ok(_) => {}
            Err(error) => tracing::error!(%error, "the tick failed; the next one tries again"),
        }
        if housekeeping_due(&housekeeping, kept, now) {
            kept = now;
            if let Err(error) = keep_house(&deps, now).await {
                tracing::error!(%error, "housekeeping failed");
            }
        }
        if rest(&deps, &mailer, &clock, every, &mut stop).await {
            return;
        }
    }
}

/// Rests until the next tick, but sends what somebody is waiting for. True when it is time to stop.
///
/// A mail at once is written before its transaction commits, so that the wake may come a moment before the row is
/// there to be seen: a short pause, and the next tick for the rare rest.
async fn rest(
    deps: &Deps,
    mailer: &Mailer,
    clock: &crate::clock::Clock,
    every: Duration,
    stop: &mut tokio::sync::watch::Receiver<bool>,
) -> bool {
    let until = tokio::time::Instant::now() + every;
    loop {
        tokio::select! {
            () = tokio::time::sleep_until(until) => return false,
            _ = stop.changed() => return true,
            () = deps.wake.notified() => {
                tokio::time::sleep(Duration::from_millis(50)).await;
                if let Err(error) = send(deps, mailer, clock.now()).await {
                    tracing::error!(%error, "mail could not be sent; the next tick tries again");
                }
            }
        }
    }
}

/// Whether a housekeeping hour in Europe/London lies after `last` and not after `now`.
///
/// When the clocks go back an hour comes twice; keeping house twice does no harm.
fn housekeeping_due(line: &str, last: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    let Ok(lines) = cron::Schedule::from_str(line) else {
        return false;
    };
    let london = chrono_tz::Europe::London;
    lines
        .after(&last.with_timezone(&london))
        .next()
        .is_some_and(|next| next.with_timezone(&Utc) <= now)
}

#[cfg(test)]
mod tests {
    use super::housekeeping_due;

    fn at(text: &str) -> chrono::DateTime<chrono::Utc> {
        text.parse().expect("a time")
    }

    #[test]
    fn housekeeping_is_asked_as_due_and_not_yet_done() {
        let line = "0 15 3 * * *";
        assert!(!housekeeping_due(
            line,
            at("2026-03-28T03:20:00Z"),
            at("2026-03-28T23:00:00Z")
        ));
        assert!(housekeeping_due(
            line,
            at("2026-03-28T03:20:00Z"),
            at("2026-04-20T00:00:00Z")
        ));
        // 01:30 does not come on 29 March 2026; 03:15 comes at 02:15 universal time.
        assert!(housekeeping_due(
            line,
            at("2026-03-28T04:00:00Z"),
            at("2026-03-29T02:15:00Z")
        ));
    }
}
