//! What was signed before a return, and beneath it: as far as its form asks, and no further than its provider may see.
//!
//! Invariant: only signed figures; a return that is not signed is named as missing, one that was excused is not owed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use countersign_domain::answers::types::{Beneath, BeneathFigure, Previous};
use countersign_domain::form::schema::OwedBy;
use countersign_domain::ids::{AllocationId, OrganisationId, ReturnId};
use countersign_domain::returns::Return;

use super::case::Case;
use super::{Deps, ServiceError};
use crate::store::figures::FigureRow;
use crate::store::{Connection, figures, register, returns};

/// Fills in what the form may read of signed returns.
pub(super) async fn fill(deps: &Deps, conn: &impl Connection, case: &mut Case) -> Result<(), ServiceError> {
    if case.form.looks_back() {
        case.register.previous = previous(conn, &case.ret).await?;
    }
    case.register.beneath = beneath(deps, conn, case).await?;
    Ok(())
}

/// The figures of the return that was signed last before this one.
async fn previous(conn: &impl Connection, of: &Return) -> Result<Option<Previous>, ServiceError> {
    let Some(last) = returns::last_signed_before(conn, of).await? else {
        return Ok(None);
    };
    let rows = figures::signed_of(conn, &[last.id], None).await?;
    Ok(Some(Previous {
        reference: last.reference,
        period: last.period,
        figures: rows.into_iter().map(|row| row.figure).collect(),
    }))
}

async fn beneath(deps: &Deps, conn: &impl Connection, case: &Case) -> Result<Vec<Beneath>, ServiceError> {
    let form = case.form.clone();
    let asked = form.rolled_up();
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let forms: Vec<&str> = asked.keys().copied().collect();
    let seen = Seen::of(case);
    let found: Vec<Return> = returns::returns_beneath(conn, &case.ret, &forms)
        .await?
        .into_iter()
        .filter(|ret| seen.shows(seen.key(ret.allocation), ret.organisation))
        .collect();
    let signed: Vec<ReturnId> = found
        .iter()
        .filter(|ret| ret.signed_revision.is_some())
        .map(|ret| ret.id)
        .collect();
    let measures: BTreeSet<&str> = asked.values().flatten().copied().collect();
    let measures: Vec<&str> = measures.into_iter().collect();
    let mut rows: HashMap<ReturnId, Vec<FigureRow>> = HashMap::new();
    for row in figures::signed_of(conn, &signed, Some(&measures)).await? {
        rows.entry(row.return_id).or_default().push(row);
    }
    let providers: HashMap<OrganisationId, String> = register::organisations_of_fund(conn, case.fund.id)
        .await?
        .into_iter()
        .map(|organisation| (organisation.id, organisation.name))
        .collect();
    let mut all = Vec::with_capacity(found.len());
    for ret in found {
        let own = deps.forms.version(conn, &ret.form, ret.form_version).await?;
        let asked = &asked[ret.form.as_str()];
        let allocation = seen.key(ret.allocation).map(str::to_owned);
        let figures = ret.signed_revision.map(|_| {
            let rows = rows.remove(&ret.id).unwrap_or_default();
            rows.into_iter()
                .map(|row| row.figure)
                .filter(|figure| asked.contains(figure.measure.as_str()))
                .filter(|figure| {
                    let subject = figure.allocation.as_deref().or(allocation.as_deref());
                    seen.shows(subject, ret.organisation)
                })
                .map(|figure| {
                    let (over_providers, over_time) = own.adds_up(&figure.measure);
                    BeneathFigure {
                        figure,
                        over_providers,
                        over_time,
                    }
                })
                .collect()
        });
        all.push(Beneath {
            provider: providers.get(&ret.organisation).cloned().unwrap_or_default(),
            form: ret.form,
            reference: ret.reference,
            allocation,
            period: ret.period,
            figures,
        });
    }
    Ok(all)
}

/// What of a grant the provider of a return may be shown: a return for the whole grant all of it, another what is about
/// its own allocations, or is its own.
struct Seen<'a> {
    keys: BTreeMap<AllocationId, &'a str>,
    own: BTreeSet<&'a str>,
    provider: OrganisationId,
    whole: bool,
}

impl<'a> Seen<'a> {
    fn of(case: &'a Case) -> Self {
        let keys = case
            .allocations
            .iter()
            .map(|allocation| (allocation.id, allocation.key.as_str()));
        let own = case.register.allocations.iter().map(|known| known.key.as_str());
        Self {
            keys: keys.collect(),
            own: own.collect(),
            provider: case.ret.organisation,
            whole: case.ret.allocation.is_none() && case.form.owed_by == OwedBy::Grant,
        }
    }

    fn key(&self, of: Option<AllocationId>) -> Option<&'a str> {
        self.keys.get(&of?).copied()
    }

    fn shows(&self, allocation: Option<&str>, provider: OrganisationId) -> bool {
        self.whole
            || match allocation {
                Some(key) => self.own.contains(key),
                None => provider == self.provider,
            }
    }
}
