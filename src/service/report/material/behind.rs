//! behind: the revisions through which a paper's counts of people are followed: its own, those beneath and those before.
//!
//! Invariant: a few queries for each step back, and none for each return; nothing is read where no figure of people that
//! the report names comes from another return.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use countersign_domain::answers::types::{Figure, Register};
use countersign_domain::form::schema::Form;
use countersign_domain::ids::ReturnId;
use countersign_domain::measure::people::{asked as question, before, leads_elsewhere};
use serde::Deserialize;

use super::{Asked, Held};
use crate::service::{Deps, ServiceError};
use crate::store::{Connection, gathered};

/// How many steps back: more than a fund has periods.
const STEPS: usize = 200;

/// A revision that counts are followed through.
pub(in crate::service::report) struct Behind {
    pub(in crate::service::report) form: Arc<Form>,
    /// Its figures.
    pub(in crate::service::report) figures: Vec<Figure>,
    /// What it froze.
    pub(in crate::service::report) register: Register,
}

/// What a revision's document says of it.
#[derive(Deserialize)]
struct Followed {
    register: Register,
    figures: Vec<Figure>,
}

/// A revision that is to be read.
struct Next {
    ret: ReturnId,
    revision: u32,
    reference: String,
    form: Arc<Form>,
}

/// The form and the measure of the returns beneath from which a question of people is filled.
pub(super) fn beneath_of<'f>(form: &'f Form, id: &str) -> Option<(&'f str, &'f str)> {
    let question = question(form, id).filter(|question| question.kind.counts_people())?;
    let of = question.roll_up.as_ref()?;
    Some((&of.form, &of.measure))
}

/// Reads them.
pub(super) async fn behind(
    deps: &Deps,
    read: &impl Connection,
    held: &[Held],
    asked: &Asked,
) -> Result<HashMap<String, Behind>, ServiceError> {
    let own = held.iter().filter(|held| {
        let named = asked.named.get(&held.ret.form);
        named.is_some_and(|named| named.iter().any(|id| leads_elsewhere(&held.form, id)))
    });
    let mut next: Vec<Next> = own
        .filter_map(|held| {
            Some(Next {
                ret: held.ret.id,
                revision: held.told?,
                reference: held.ret.reference.clone(),
                form: held.form.clone(),
            })
        })
        .collect();
    let told: HashMap<ReturnId, u32> = held.iter().filter_map(|held| Some((held.ret.id, held.told?))).collect();
    let mut all: HashMap<String, Behind> = HashMap::new();
    let mut looked_for: HashSet<String> = next.iter().map(|one| one.reference.clone()).collect();
    for _ in 0..STEPS {
        if next.is_empty() {
            break;
        }
        let mut wanted: BTreeSet<String> = BTreeSet::new();
        for (one, followed) in followed(read, next).await? {
            let further = further(deps, read, &one.form, &followed.register).await?;
            wanted.extend(further.into_iter().filter(|reference| !looked_for.contains(reference)));
            all.insert(
                one.reference,
                Behind {
                    form: one.form,
                    figures: followed.figures,
                    register: followed.register,
                },
            );
        }
        next = Vec::new();
        for ret in gathered::returns_quoted(read, &wanted.iter().map(String::as_str).collect::<Vec<_>>()).await? {
            if let Some(revision) = told.get(&ret.id).copied().or(ret.signed_revision) {
                next.push(Next {
                    form: deps.forms.version(read, &ret.form, ret.form_version).await?,
                    ret: ret.id,
                    revision,
                    reference: ret.reference,
                });
            }
        }
        looked_for.extend(wanted);
    }
    Ok(all)
}

async fn followed(read: &impl Connection, next: Vec<Next>) -> Result<Vec<(Next, Followed)>, ServiceError> {
    let pairs: Vec<(ReturnId, u32)> = next.iter().map(|one| (one.ret, one.revision)).collect();
    let mut by_return: HashMap<ReturnId, Next> = next.into_iter().map(|one| (one.ret, one)).collect();
    let mut all = Vec::with_capacity(pairs.len());
    for revision in gathered::revisions_of_all(read, &pairs).await? {
        if let Some(one) = by_return.remove(&revision.return_id) {
            let followed = serde_json::from_str(&revision.document).map_err(ServiceError::internal)?;
            all.push((one, followed));
        }
    }
    Ok(all)
}

/// The returns to which the figures of people lead from a return, but for those whose figure stands for itself there.
async fn further(
    deps: &Deps,
    read: &impl Connection,
    form: &Form,
    register: &Register,
) -> Result<Vec<String>, ServiceError> {
    let mut found = Vec::new();
    let stands = |form: &Form, id: &str| {
        let people = question(form, id).is_some_and(|question| question.kind.counts_people());
        people && !leads_elsewhere(form, id)
    };
    if let Some(previous) = &register.previous
        && before(form).iter().any(|id| !stands(form, id))
    {
        found.push(previous.reference.clone());
    }
    for (_, question) in form.asked().filter(|(_, question)| question.kind.counts_people()) {
        let Some(of) = &question.roll_up else { continue };
        let beneath = register.beneath.iter().filter(|beneath| beneath.form == of.form);
        if let Some(form) = deps.forms.latest(read, &of.form).await?
            && !stands(&form, &of.measure)
        {
            found.extend(beneath.map(|beneath| beneath.reference.clone()));
        }
    }
    Ok(found)
}
