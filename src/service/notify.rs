//! notify: a mail is a row, written in the transaction that owes it.
//!
//! Invariant: rendered once, unique by its `dedupe`; a token or code is never in it, only the place where it goes.

use chrono::{DateTime, Utc};
use countersign_domain::ids::{LinkId, NoticeId, PersonId};
use countersign_domain::register::Person;
use countersign_domain::returns::{Link, Notice, NoticeState, Secret};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::case::Case;
use super::facts::today;
use super::outbox::without_places;
use super::{Deps, ServiceError};
use crate::secrets;
use crate::store::{Connection, StoreError, WriteTx, access, notices, register};
use countersign_domain::schedule::working_days_words;

/// How soon a notice goes, among those that are due.
pub const AT_ONCE: i32 = 0;
/// As everything else.
pub const USUAL: i32 = 10;

/// A notice to write.
pub struct Owed<'a> {
    /// The mail's kind.
    pub kind: &'a str,
    /// Unique for the duty.
    pub dedupe: String,
    /// To whom.
    pub to: &'a Person,
    /// What it is about.
    pub case: Option<&'a Case>,
    /// What is filled in when it is sent.
    pub secret: Secret,
    /// [`AT_ONCE`] or [`USUAL`].
    pub priority: i32,
    /// The mail's own words, beside those of the case.
    pub words: Value,
}

/// Writes a notice; false if the same duty has one already.
pub async fn write(deps: &Deps, tx: &WriteTx, owed: Owed<'_>, now: DateTime<Utc>) -> Result<bool, ServiceError> {
    let mut words = Map::new();
    words.insert("to_name".to_owned(), json!(owed.to.name));
    words.insert(
        "contact_line".to_owned(),
        json!(format!("Questions go to {}.", deps.contact_line)),
    );
    words.insert("office_url".to_owned(), json!(format!("{}/office", deps.base_url)));
    if let Some(case) = owed.case {
        words.extend(case_words(case, now));
    }
    if let Value::Object(own) = owed.words {
        words.extend(own);
    }
    words.values_mut().for_each(plain);
    let mail = deps.wording.mail(owed.kind, Value::Object(words))?;
    let id = Uuid::new_v4();
    let notice = Notice {
        id: NoticeId::from(id),
        kind: owed.kind.to_owned(),
        dedupe: owed.dedupe,
        person: owed.to.id,
        return_id: owed.case.map(|case| case.ret.id),
        to_name: owed.to.name.clone(),
        to_address: owed.to.email.clone(),
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
        message_id: format!("<{}@{}>", id.simple(), host(&deps.base_url)),
        dated: now,
        secret: owed.secret,
        priority: owed.priority,
        state: NoticeState::Queued,
        run_at: now,
        attempts: 0,
        last_error: None,
        sent_at: None,
        written_at: now,
    };
    let written = notices::insert_notice(tx, &notice).await?;
    if written && owed.priority == AT_ONCE {
        deps.wake.notify_one();
    }
    Ok(written)
}

/// Words that people typed hold no places to be filled: a reviewer who types `((link))` mails those letters.
fn plain(words: &mut Value) {
    match words {
        Value::String(text) => *text = without_places(text),
        Value::Array(list) => list.iter_mut().for_each(plain),
        Value::Object(map) => map.values_mut().for_each(plain),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn host(base_url: &str) -> &str {
    let rest = base_url.split("://").nth(1).unwrap_or(base_url);
    rest.split(['/', ':']).next().unwrap_or(rest)
}

/// The words about a return that every mail may use.
fn case_words(case: &Case, now: DateTime<Utc>) -> Map<String, Value> {
    let ret = &case.ret;
    let today = today(now);
    let words = json!({
        "form_title": case.title(),
        "grant_title": case.grant.title,
        "grant_reference": case.grant.reference,
        "provider": case.provider.name,
        "commissioner": case.commissioner.name,
        "period": case.register.period_words(),
        "opens_day": day(ret.opens_on),
        "due_day": day(ret.due_on),
        "closes_day": day(ret.closes_on),
        "reference": ret.reference,
        "days_words": working_days_words(ret.due_on, today, case.fund.nation),
        "late_words": working_days_words(ret.due_on, today, case.fund.nation),
    });
    match words {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// A day as people write it: Tuesday 1 May 2018.
pub fn day(date: chrono::NaiveDate) -> String {
    date.format("%A %-d %B %Y").to_string()
}

/// A moment as people write it, in Europe/London: 3 April 2018 at 9:05am.
pub fn moment(at: DateTime<Utc>) -> String {
    let local = at.with_timezone(&chrono_tz::Europe::London);
    local.format("%-d %B %Y at %-I:%M%P").to_string()
}

/// A link of a person to a return that lives as long as a new one would, or a new one.
pub async fn link_for(
    deps: &Deps,
    tx: &WriteTx,
    case: &Case,
    person: PersonId,
    now: DateTime<Utc>,
) -> Result<LinkId, ServiceError> {
    let until = good_until(case, now);
    let live = access::links_of(tx, case.ret.id)
        .await?
        .into_iter()
        .find(|link| link.person == person && link.revoked.is_none() && link.expires_at >= until);
    match live {
        Some(link) => Ok(link.id),
        None => new_link(deps, tx, case, person, now).await,
    }
}

/// How long a link that is mailed now is good: until 30 days after the return closes and at least 30 days from now,
/// so that a return sent back late, or given more time, can still be answered.
fn good_until(case: &Case, now: DateTime<Utc>) -> DateTime<Utc> {
    let after_close = case.ret.closes_on.and_time(chrono::NaiveTime::MIN).and_utc() + chrono::Duration::days(31);
    after_close.max(now + chrono::Duration::days(30))
}

/// Whether the latest link of a person was taken back. Then nothing but an officer's own hand sends them another.
pub fn taken_back(links: &[Link], person: PersonId) -> bool {
    links
        .iter()
        .rfind(|link| link.person == person)
        .is_some_and(|link| link.revoked.is_some())
}

/// A new link for a person to a return.
pub async fn new_link(
    deps: &Deps,
    tx: &WriteTx,
    case: &Case,
    person: PersonId,
    now: DateTime<Utc>,
) -> Result<LinkId, ServiceError> {
    let id = LinkId::from(Uuid::new_v4());
    let link = Link {
        id,
        return_id: case.ret.id,
        person,
        issued_at: now,
        expires_at: good_until(case, now),
        revoked: None,
    };
    let token = deps.secrets.link_token(id);
    access::insert_link(tx, &link, &secrets::token_digest(&token)).await?;
    Ok(id)
}

/// The contacts of the return who are written to: each person once, and nobody whose link was taken back.
pub async fn contacts(conn: &impl Connection, case: &Case) -> Result<Vec<Person>, StoreError> {
    Ok(contacts_and_lead(conn, case)
        .await?
        .into_iter()
        .map(|(_, person)| person)
        .collect())
}

/// The same, each with whether they are the provider's lead.
pub async fn contacts_and_lead(conn: &impl Connection, case: &Case) -> Result<Vec<(bool, Person)>, StoreError> {
    let links = access::links_of(conn, case.ret.id).await?;
    let contacts = register::contacts_of(conn, case.ret.assignment).await?.into_iter();
    let kept = contacts.filter(|(contact, _)| !taken_back(&links, contact.person));
    Ok(kept.map(|(contact, person)| (contact.lead, person)).collect())
}

/// Who holds an office of the fund today, deputies included.
pub async fn holders(
    conn: &impl Connection,
    case: &Case,
    office: &str,
    now: DateTime<Utc>,
) -> Result<Vec<(countersign_domain::register::Holder, Person)>, StoreError> {
    let today = today(now);
    let mut found = Vec::new();
    for holder in register::holders_of_office(conn, case.fund.id, office).await? {
        if holder.holds_on(today) {
            let person = register::get_person(conn, holder.person).await?;
            found.push((holder, person));
        }
    }
    Ok(found)
}
