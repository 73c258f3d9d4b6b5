//! kin: the returns by which the counts of a paper may be told too: those that they are filled from, those that are filled
//! from them, and those before and after them.
//!
//! Invariant: all that earlier papers may have told of the same people is found by these and the paper's own; where no form
//! leads to another there are none.

use std::collections::{BTreeMap, BTreeSet};

use countersign_domain::ids::{GrantId, ReturnId};
use countersign_domain::measure::people::before;

use super::material::Material;
use crate::service::{Deps, ServiceError};
use crate::store::{Connection, gathered};

/// Finds them.
pub(super) async fn kin(
    deps: &Deps,
    read: &impl Connection,
    material: &Material,
) -> Result<Vec<ReturnId>, ServiceError> {
    let grants: BTreeSet<GrantId> = material.returns.iter().map(|held| held.ret.grant).collect();
    let grants: Vec<GrantId> = grants.into_iter().collect();
    let mut leads: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (id, version) in gathered::forms_of_grants(read, &grants).await? {
        let form = deps.forms.version(read, &id, version).await?;
        let people = form.asked().filter(|(_, question)| question.kind.counts_people());
        let mut to: BTreeSet<&str> = people
            .filter_map(|(_, question)| Some(question.roll_up.as_ref()?.form.as_str()))
            .collect();
        if !before(&form).is_empty() {
            to.insert(&id);
        }
        for other in to {
            leads.entry(id.clone()).or_default().insert(other.to_owned());
            leads.entry(other.to_owned()).or_default().insert(id.clone());
        }
    }
    let mut forms: BTreeSet<&str> = BTreeSet::new();
    let mut left: Vec<&str> = material.returns.iter().map(|held| held.ret.form.as_str()).collect();
    while let Some(form) = left.pop() {
        if let Some(others) = leads.get(form)
            && forms.insert(form)
        {
            left.extend(others.iter().map(String::as_str));
        }
    }
    if forms.is_empty() {
        return Ok(Vec::new());
    }
    let forms: Vec<&str> = forms.into_iter().collect();
    Ok(gathered::ids_of_grants(read, &grants, &forms).await?)
}
