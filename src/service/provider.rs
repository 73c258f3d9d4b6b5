//! What a contact sees of their return: one read, from which every provider page is drawn.
//!
//! Invariant: a contact sees the one return of their link, and nothing that they may not change is offered.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use countersign_domain::answers::types::{Draft, Evaluated, Register, SectionKey};
use countersign_domain::form::schema::{Form, Section};
use countersign_domain::ids::PersonId;
use countersign_domain::ledger::Digest;
use countersign_domain::register::Grant;
use countersign_domain::returns::{Act, Query, Return, Revision};
use countersign_domain::workflow::State;

use super::{Contact, Deps, ServiceError, facts};
use crate::store::{Connection, drafts, register, returns, revisions};

/// A return as its contact sees it.
#[derive(Clone)]
pub struct ReturnPage {
    /// The return.
    pub ret: Return,
    /// Its form.
    pub form: Arc<Form>,
    /// Its grant.
    pub grant: Grant,
    /// The name of who gives the money.
    pub commissioner: String,
    /// The name of who owes it.
    pub provider: String,
    /// What the form reads of the register.
    pub register: Register,
    /// What was typed.
    pub draft: Draft,
    /// What follows from it.
    pub evaluated: Evaluated,
    /// The version of each section's document.
    pub versions: BTreeMap<SectionKey, i64>,
    /// The reviewer's queries, oldest first.
    pub queries: Vec<Query>,
    /// What has happened.
    pub acts: Vec<Act>,
    /// Why it was sent back or declined, while it is back.
    pub sent_back_reason: Option<String>,
    /// Today in Europe/London.
    pub today: NaiveDate,
    /// Whether answers can be changed now.
    pub editable: bool,
    /// The latest revision.
    pub receipt: Option<Revision>,
    /// The names of everyone who has saved answers.
    pub preparers: BTreeMap<PersonId, String>,
}

impl ReturnPage {
    /// A print of the answers and the register as they stand: it travels with "check your answers", so that nothing is
    /// submitted that its submitter was not shown. Explanations are not in it: they come back with that page itself.
    pub fn print(&self) -> String {
        let told = serde_json::json!([self.draft.sections, self.register]);
        Digest::of(told.to_string().as_bytes()).to_string()
    }

    /// Whether this is the key of a row that was taken out.
    pub(super) fn is_taken_out(&self, key: &SectionKey) -> bool {
        row_of(&self.form, key).is_some() && self.draft.sections.get(key).is_some_and(|stored| stored.removed)
    }
}

/// The section of a row's key, and its number.
pub(super) fn row_of<'a>(form: &'a Form, key: &SectionKey) -> Option<(&'a Section, u32)> {
    let (section, subject) = form.section_of(&key.0)?;
    section.rows.as_ref()?;
    Some((section, subject?.parse().ok()?))
}

/// The return of a contact.
pub async fn home(deps: &Deps, contact: &Contact, now: DateTime<Utc>) -> Result<ReturnPage, ServiceError> {
    page(deps, &deps.store.read(), contact, now).await
}

/// The same, inside a transaction.
pub(super) async fn page(
    deps: &Deps,
    conn: &impl Connection,
    contact: &Contact,
    now: DateTime<Utc>,
) -> Result<ReturnPage, ServiceError> {
    let answered = facts::answered(deps, conn, contact.return_id).await?;
    let case = answered.case;
    let acts = returns::acts_of(conn, case.ret.id).await?;
    let receipt = match case.ret.revision {
        0 => None,
        number => Some(revisions::get_revision(conn, case.ret.id, number).await?),
    };
    let mut preparers = BTreeMap::new();
    for person in drafts::preparers(conn, case.ret.id).await? {
        preparers.insert(person, register::get_person(conn, person).await?.name);
    }
    let today = facts::today(now);
    let editable = case.ret.state == State::Draft && today <= case.ret.closes_on.max(late_until(&acts));
    Ok(ReturnPage {
        sent_back_reason: sent_back(&case.ret, &acts),
        queries: revisions::queries_of(conn, case.ret.id).await?,
        ret: case.ret,
        form: case.form,
        grant: case.grant,
        commissioner: case.commissioner.name,
        provider: case.provider.name,
        register: case.register,
        draft: answered.draft,
        evaluated: answered.evaluated,
        versions: answered.versions,
        acts,
        today,
        editable,
        receipt,
        preparers,
    })
}

/// A return that was sent back can be answered for 30 days, whenever it closes.
fn late_until(acts: &[Act]) -> NaiveDate {
    acts.iter()
        .rev()
        .find(|act| matches!(act.action.as_str(), "send-back" | "decline" | "reopen"))
        .map_or(NaiveDate::MIN, |act| facts::today(act.at) + chrono::Duration::days(30))
}

fn sent_back(ret: &Return, acts: &[Act]) -> Option<String> {
    if ret.state != State::Draft {
        return None;
    }
    acts.iter()
        .rev()
        .find(|act| matches!(act.action.as_str(), "send-back" | "decline" | "reopen"))
        .and_then(|act| act.reason.clone())
}
