//! report: a return as it was signed, papers and the state of a fund, added up from signed figures and nothing else.
//!
//! Invariant: every number comes from a figure row of a signed revision, or from that revision's frozen register;
//! what is missing is named, and of money nothing is said that the form does not ask for.

pub(in crate::service) mod across;
mod adding;
mod asked;
mod books;
pub mod composed;
mod frozen;
mod kin;
mod material;
mod measured;
mod measures;
mod money;
mod names;
mod people;
mod plan;
mod signed_return;
mod spent;
pub mod state;
mod stated;
mod told;
pub mod under;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use countersign_domain::answers::filled;
use countersign_domain::answers::types::{Figure, Finding, Register};
use countersign_domain::form::schema::OwedBy;
use countersign_domain::ids::{AllocationId, GrantId, PersonId, ReturnId};
use countersign_domain::returns::Return;
use countersign_domain::workflow::State;

use super::case::Case;
use super::{Deps, Officer, ServiceError, facts};
use crate::store::{Connection, figures, register, returns, revisions, signatures};
use frozen::Frozen;
pub(in crate::service) use measured::in_general;
use measures::measures;
use money::spending;
use names::Names;
use plan::planned;
pub use plan::{Planned, PlannedLine};
pub use signed_return::{FindingLine, MeasureLine, MoneyLine, SignedReturn, Spending, VirementLine};
pub use stated::{Amount, Line, Stated};

/// A return in a list: signed, or on its way.
#[derive(Debug, Clone)]
pub struct SignedLine {
    /// The return.
    pub ret: Return,
    /// The grant's title.
    pub grant: String,
    /// The project, of a return that is owed for one allocation.
    pub project: Option<String>,
    /// The form's title.
    pub form_title: String,
    /// The period, in words.
    pub period: String,
    /// Whether signed figures exist.
    pub signed: bool,
    /// When it was last signed, in words.
    pub signed_words: Option<String>,
}

/// The returns that an officer can read as they were signed, or will.
pub async fn signed_returns(
    deps: &Deps,
    officer: &Officer,
    now: DateTime<Utc>,
) -> Result<Vec<SignedLine>, ServiceError> {
    if !officer.second_factor {
        return Err(ServiceError::NotFound);
    }
    let read = deps.store.read();
    let mut lines = Vec::new();
    for fund in register::funds_of_officer(&read, officer.person.id, facts::today(now)).await? {
        let grants: HashMap<GrantId, String> = register::grants_of_fund(&read, fund.id)
            .await?
            .into_iter()
            .map(|grant| (grant.id, grant.title))
            .collect();
        let allocations: HashMap<AllocationId, String> = register::allocations_of_fund(&read, fund.id)
            .await?
            .into_iter()
            .map(|allocation| (allocation.id, allocation.title))
            .collect();
        let all = returns::returns_of_fund(&read, fund.id).await?;
        let signed_at = signed_at(&read, &all).await?;
        for ret in all.into_iter().filter(|ret| ret.state != State::Scheduled) {
            let form = deps.forms.version(&read, &ret.form, ret.form_version).await?;
            lines.push(SignedLine {
                grant: grants.get(&ret.grant).cloned().unwrap_or_default(),
                project: ret.allocation.and_then(|id| allocations.get(&id).cloned()),
                form_title: form.title.en.clone(),
                period: form.schedule.period_label(ret.period),
                signed: ret.signed_revision.is_some(),
                signed_words: signed_at.get(&ret.id).map(|at| super::notify::moment(*at)),
                ret,
            });
        }
    }
    Ok(lines)
}

/// When each return was last signed, of those that are.
async fn signed_at(conn: &impl Connection, all: &[Return]) -> Result<HashMap<ReturnId, DateTime<Utc>>, ServiceError> {
    let signed: HashMap<ReturnId, u32> = all
        .iter()
        .filter_map(|ret| Some((ret.id, ret.signed_revision?)))
        .collect();
    let ids: Vec<ReturnId> = signed.keys().copied().collect();
    let signatures = signatures::signatures_of_all(conn, &ids).await?;
    let of_signed = signatures
        .into_iter()
        .filter(|signature| signed.get(&signature.return_id) == Some(&signature.revision));
    let mut latest: HashMap<ReturnId, DateTime<Utc>> = HashMap::new();
    for signature in of_signed {
        let at = latest.entry(signature.return_id).or_insert(signature.signed_at);
        *at = signature.signed_at.max(*at);
    }
    Ok(latest)
}

/// One return as it was signed. Not found when it is not theirs; a conflict when nothing has been signed yet.
pub async fn signed_return(deps: &Deps, officer: &Officer, id: ReturnId) -> Result<SignedReturn, ServiceError> {
    let read = deps.store.read();
    let case = facts::case(deps, &read, id).await?;
    officer.within(case.fund.id)?;
    let Some(number) = case.ret.signed_revision else {
        return Err(ServiceError::Conflict(
            "This return has not been signed off, and only what was signed is shown here.".to_owned(),
        ));
    };
    let revision = revisions::get_revision(&read, id, number).await?;
    let frozen = Frozen::of(&revision)?;
    let figures: Vec<Figure> = figures::signed_of(&read, &[id], None)
        .await?
        .into_iter()
        .map(|row| row.figure)
        .collect();
    let (form, register) = (&case.form, &frozen.register);
    let names = Names::new(form, &frozen);
    let planned = planned(form, &frozen, &figures);
    let spending = spending(form, &frozen, &names, &figures, planned.as_ref())?;
    let spent = spending.as_ref().is_some_and(|money| money.spent || money.committed);
    Ok(SignedReturn {
        title: filled(&form.title.en, form, register, None),
        grant_title: register.grant.title.clone(),
        grant_reference: register.grant.reference.clone(),
        project: (form.owed_by == OwedBy::Allocation).then(|| names.whole()),
        awarded_to: register::get_organisation(&read, case.grant.organisation).await?.name,
        provider: register.provider.name.clone(),
        fund_title: register.fund.title.clone(),
        period: register.period_words(),
        measures: measures(form, &names, &figures),
        findings: frozen
            .findings
            .iter()
            .map(|finding| finding_line(finding, &names))
            .collect(),
        virements: if spent {
            virements(&read, &case, register, revision.submitted_at).await?
        } else {
            Vec::new()
        },
        signatures: signatures::signatures_of(&read, id)
            .await?
            .into_iter()
            .filter(|signature| signature.revision == number)
            .collect(),
        spending,
        planned,
        revision: number,
        digest: revision.digest.to_string(),
        correction_under_way: case.ret.state != State::SignedOff,
    })
}

fn finding_line(finding: &Finding, names: &Names<'_>) -> FindingLine {
    FindingLine {
        subject: names.of_finding(finding),
        message: finding.message.clone(),
        explanation: finding.explanation.as_ref().map(|explanation| explanation.text.clone()),
    }
}

/// The virements that the revision's allocations hold: those approved by the time it was submitted, to or from one of
/// them.
async fn virements(
    conn: &impl Connection,
    case: &Case,
    frozen: &Register,
    until: DateTime<Utc>,
) -> Result<Vec<VirementLine>, ServiceError> {
    let of = |id| case.allocations.iter().find(|allocation| allocation.id == id);
    let title = |id| of(id).map(|allocation| allocation.title.clone()).unwrap_or_default();
    let told = |id| of(id).is_some_and(|found| frozen.allocations.iter().any(|told| told.key == found.key));
    let all = register::virements_of(conn, case.grant.id).await?;
    let approved: Vec<_> = all
        .into_iter()
        .filter(|virement| told(virement.from) || told(virement.to))
        .filter_map(|virement| {
            let decision = virement.decision.clone()?;
            (decision.approved && decision.at <= until).then_some((virement, decision.by))
        })
        .collect();
    let mut approvers: HashMap<PersonId, String> = HashMap::new();
    let mut lines = Vec::with_capacity(approved.len());
    for (virement, by) in approved {
        // One treasurer or two decide on all of a grant's.
        let approved_by = match approvers.get(&by) {
            Some(name) => name.clone(),
            None => {
                let name = register::get_person(conn, by).await?.name;
                approvers.insert(by, name.clone());
                name
            }
        };
        lines.push(VirementLine {
            from: title(virement.from),
            to: title(virement.to),
            amount: virement.amount,
            reason: virement.reason,
            approved_by,
        });
    }
    Ok(lines)
}
