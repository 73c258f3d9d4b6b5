//! remind: asks of every open return what is due to be sent and has not been sent.
//!
//! Invariant: at most the latest reminder that is due, once for each rule's day and person; none once the return is
//! submitted or excused. A week's outage makes one mail, not seven.

use chrono::{DateTime, NaiveDate, Utc};
use countersign_domain::calendar::local_date;
use countersign_domain::ids::ReturnId;
use countersign_domain::register::Person;
use countersign_domain::returns::{Notice, Secret};
use countersign_domain::schedule::{self, LEAD, late_news, reminder_due};
use countersign_domain::workflow::{Action, COMMISSIONER, State};
use serde_json::json;

use super::case::Case;
use super::facts::today;
use super::signin::CODE_MINUTES;
use super::{Deps, ServiceError, facts, link, notify};
use crate::store::{Connection, StoreError, WriteTx, access, notices, returns};

/// The returns that are open to their contacts.
pub async fn open_returns(deps: &Deps) -> Result<Vec<ReturnId>, ServiceError> {
    Ok(returns::open_returns(&deps.store.read())
        .await?
        .into_iter()
        .map(|ret| ret.id)
        .collect())
}

/// Writes what is due for one return; answers how many notices are new.
pub async fn remind(deps: &Deps, id: ReturnId, now: DateTime<Utc>) -> Result<u32, ServiceError> {
    let tx = facts::begin(deps, id).await?;
    let case = facts::case(deps, &tx, id).await?;
    if case.ret.state != State::Draft {
        return Ok(0);
    }
    let mut written = 0;
    // A return that was handed in once and sent back is not late: on time is judged by its first submission.
    let was_in = case.ret.first_submitted_at.is_some();
    if !was_in || today(now) <= case.ret.due_on {
        written += remind_contacts(deps, &tx, &case, now).await?;
    }
    written += escalate(deps, &tx, &case, now).await?;
    if written > 0 {
        tx.commit().await?;
    }
    Ok(written)
}

/// The day of the latest rule by which contacts are to be reminded by `today`.
///
/// The opening has a mail of its own. Where the return was opened late, as after an outage, that mail says what the
/// rules until then would have said.
pub async fn rule_due(conn: &impl Connection, case: &Case, today: NaiveDate) -> Result<Option<NaiveDate>, StoreError> {
    let due = reminder_due(&case.form.schedule, &facts::dates(&case.ret), case.fund.nation, today);
    let Some(day) = due.filter(|day| *day > case.ret.opens_on) else {
        return Ok(None);
    };
    let acts = returns::acts_of(conn, case.ret.id).await?;
    let opened = acts
        .iter()
        .find(|act| act.action == Action::Open.name())
        .map(|act| local_date(act.at));
    Ok(Some(day).filter(|day| opened.is_none_or(|opened| *day > opened)))
}

async fn remind_contacts(deps: &Deps, tx: &WriteTx, case: &Case, now: DateTime<Utc>) -> Result<u32, ServiceError> {
    let today = today(now);
    let Some(day) = rule_due(tx, case, today).await? else {
        return Ok(0);
    };
    let kind = if today > case.ret.due_on { "overdue" } else { "reminder" };
    let mut written = 0;
    for person in notify::contacts(tx, case).await? {
        let dedupe = format!("remind:{}:{day}:{}", case.ret.id, person.id);
        let link = notify::link_for(deps, tx, case, person.id, now).await?;
        let owed = notify::Owed {
            kind,
            dedupe,
            to: &person,
            case: Some(case),
            secret: Secret::Link(link),
            priority: notify::USUAL,
            words: json!({}),
        };
        written += u32::from(notify::write(deps, tx, owed, now).await?);
    }
    Ok(written)
}

/// Who is to hear that a return is overdue, and by the rule of which day.
///
/// A return that was handed in once is not late: on time is judged by its first submission.
pub fn escalations(case: &Case, today: NaiveDate) -> Vec<(String, NaiveDate)> {
    if case.ret.first_submitted_at.is_some() {
        return Vec::new();
    }
    let dates = facts::dates(&case.ret);
    late_news(&case.form.schedule, &dates, case.fund.nation, today)
}

async fn escalate(deps: &Deps, tx: &WriteTx, case: &Case, now: DateTime<Utc>) -> Result<u32, ServiceError> {
    let owed = escalations(case, today(now));
    let mut written = 0;
    for (to, day) in owed {
        let chased = chased_words(tx, case).await?;
        for person in addressees(tx, case, &to, now).await? {
            let notice = notify::Owed {
                kind: "escalation",
                dedupe: format!("escalate:{}:{to}:{day}:{}", case.ret.id, person.id),
                to: &person,
                case: Some(case),
                secret: Secret::None,
                priority: notify::USUAL,
                words: json!({ "chased": chased, "to_office": to != LEAD }),
            };
            written += u32::from(notify::write(deps, tx, notice, now).await?);
        }
    }
    Ok(written)
}

/// Whom an escalation goes to: the provider's lead, or the holders of an office today.
pub async fn addressees(
    conn: &impl Connection,
    case: &Case,
    to: &str,
    now: DateTime<Utc>,
) -> Result<Vec<Person>, ServiceError> {
    if to == LEAD {
        let contacts = notify::contacts_and_lead(conn, case).await?;
        return Ok(contacts
            .into_iter()
            .filter(|(lead, _)| *lead)
            .map(|(_, person)| person)
            .collect());
    }
    let office = if to == schedule::COMMISSIONER { COMMISSIONER } else { to };
    let holders = notify::holders(conn, case, office, now).await?;
    Ok(holders.into_iter().map(|(_, person)| person).collect())
}

/// What has been sent about the return so far, oldest first, in words.
async fn chased_words(tx: &WriteTx, case: &Case) -> Result<Vec<String>, ServiceError> {
    let mut sent = notices::notices_of_return(tx, case.ret.id).await?;
    sent.sort_by_key(|notice| notice.written_at);
    Ok(sent
        .iter()
        .filter(|notice| matches!(notice.kind.as_str(), "opened" | "reminder" | "overdue"))
        .map(line)
        .collect())
}

fn line(notice: &Notice) -> String {
    let what = match notice.kind.as_str() {
        "opened" => "Opening mail",
        "reminder" => "Reminder",
        _ => "Overdue reminder",
    };
    format!(
        "{what} to {}, {}",
        notice.to_name,
        notify::day(today(notice.written_at))
    )
}

/// Whether a queued notice is still owed at the moment of its sending.
///
/// A reminder is not, once the return is no longer a draft, or a later reminder has been written; nor is the opening
/// mail then, as when the mail server was away for days: one that says how things stand now is enough.
pub async fn still_owed(deps: &Deps, notice: &Notice, now: DateTime<Utc>) -> Result<bool, StoreError> {
    // A sign-in code that has run out helps nobody.
    if matches!(notice.secret, Secret::Code(_)) && now - notice.written_at > chrono::Duration::minutes(CODE_MINUTES) {
        return Ok(false);
    }
    // Nor does a link that was taken back.
    if let Secret::Link(link) = notice.secret
        && access::get_link(&deps.store.read(), link).await?.revoked.is_some()
    {
        return Ok(false);
    }
    let Some(id) = notice.return_id else { return Ok(true) };
    if !matches!(notice.kind.as_str(), "opened" | "reminder" | "overdue" | "escalation") {
        return Ok(true);
    }
    let read = deps.store.read();
    let ret = returns::get_return(&read, id).await?;
    if ret.state != State::Draft {
        return Ok(false);
    }
    // A new link that an officer asked for is owed as long as the return is: no other mail holds that link.
    if notice.dedupe.starts_with(link::RESENT) {
        return Ok(true);
    }
    if notice.kind == "reminder" && today(now) > ret.due_on {
        return Ok(false);
    }
    // Nobody is late any more who was given more time meanwhile.
    if matches!(notice.kind.as_str(), "overdue" | "escalation") && today(now) <= ret.due_on {
        return Ok(false);
    }
    let later = notices::notices_of_return(&read, id).await?.into_iter().any(|other| {
        other.person == notice.person
            && matches!(other.kind.as_str(), "opened" | "reminder" | "overdue")
            && notice.kind != "escalation"
            && other.written_at > notice.written_at
    });
    Ok(!later)
}
