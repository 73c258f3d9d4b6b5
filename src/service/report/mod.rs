//! report: a grant's evaluation paper, added up from signed figures and nothing else.
//!
//! Invariant: every number comes from a figure row of a signed revision, or from that revision's frozen register;
//! what is missing is named.

mod frozen;
mod measures;
mod paper;

use chrono::{DateTime, Utc};
use countersign_domain::answers::types::{Figure, FigureValue, Finding, Register};
use countersign_domain::ids::{FundId, ReturnId};
use countersign_domain::money::Money;
use countersign_domain::returns::Return;
use countersign_domain::workflow::State;

use super::{Deps, Officer, ServiceError, facts};
use crate::store::{Connection, figures, register, returns, revisions, signatures};
use frozen::Frozen;
use measures::measures;
pub use paper::{Coverage, FindingLine, MeasureLine, Paper, ProjectLine, VirementLine};

/// A return that has a paper, or will have one.
#[derive(Debug, Clone)]
pub struct PaperLine {
    /// The return.
    pub ret: Return,
    /// The grant's title.
    pub grant: String,
    /// The form's title.
    pub form_title: String,
    /// The period, in words.
    pub period: String,
    /// Whether signed figures exist.
    pub signed: bool,
    /// When it was last signed, in words.
    pub signed_words: Option<String>,
}

/// The papers that an officer can read.
pub async fn papers(deps: &Deps, officer: &Officer, now: DateTime<Utc>) -> Result<Vec<PaperLine>, ServiceError> {
    if !officer.second_factor {
        return Err(ServiceError::NotFound);
    }
    let read = deps.store.read();
    let mut lines = Vec::new();
    for fund in register::funds_of_officer(&read, officer.person.id, facts::today(now)).await? {
        for ret in returns::returns_of_fund(&read, fund.id).await? {
            if ret.state == State::Scheduled {
                continue;
            }
            let grant = register::get_grant(&read, ret.grant).await?;
            let form = deps.forms.version(&read, &ret.form, ret.form_version).await?;
            let signed_words = match ret.signed_revision {
                Some(number) => signatures::signatures_of(&read, ret.id)
                    .await?
                    .into_iter()
                    .rfind(|signature| signature.revision == number)
                    .map(|signature| super::notify::moment(signature.signed_at)),
                None => None,
            };
            lines.push(PaperLine {
                grant: grant.title,
                form_title: form.title.en.clone(),
                period: form.schedule.period_label(ret.period),
                signed: ret.signed_revision.is_some(),
                signed_words,
                ret,
            });
        }
    }
    Ok(lines)
}

/// The paper of one return. Not found when it is not theirs; a conflict when nothing has been signed yet.
pub async fn evaluation(
    deps: &Deps,
    officer: &Officer,
    id: ReturnId,
    _now: DateTime<Utc>,
) -> Result<Paper, ServiceError> {
    let read = deps.store.read();
    let case = facts::case(deps, &read, id).await?;
    officer.within(case.fund.id)?;
    let Some(number) = case.ret.signed_revision else {
        return Err(ServiceError::Conflict(
            "This return has not been signed off, and a paper is made from signed figures only.".to_owned(),
        ));
    };
    let revision = revisions::get_revision(&read, id, number).await?;
    let frozen = Frozen::of(&revision)?;
    let figures: Vec<Figure> = figures::signed_figures(&read, case.fund.id, case.grant.id)
        .await?
        .into_iter()
        .filter(|row| row.return_id == id)
        .map(|row| row.figure)
        .collect();
    let projects = projects(&frozen.register, &figures);
    Ok(Paper {
        title: case.form.title.en.clone(),
        grant_title: case.grant.title.clone(),
        grant_reference: case.grant.reference.clone(),
        provider: case.provider.name.clone(),
        fund_title: case.fund.title.clone(),
        period: case.form.schedule.period_label(case.ret.period),
        coverage: coverage(&read, case.fund.id, &case.ret).await?,
        reconciliation: reconciliation(&frozen.register, &projects)?,
        measures: measures(&case.form, &frozen, &figures),
        findings: frozen
            .findings
            .iter()
            .map(|finding| finding_line(finding, &frozen.register))
            .collect(),
        virements: virements(&read, &case, revision.submitted_at).await?,
        signatures: signatures::signatures_of(&read, id)
            .await?
            .into_iter()
            .filter(|signature| signature.revision == number)
            .collect(),
        projects,
        revision: number,
        digest: revision.digest.to_string(),
        correction_under_way: case.ret.state != State::SignedOff,
    })
}

fn projects(register: &Register, figures: &[Figure]) -> Vec<ProjectLine> {
    register
        .allocations
        .iter()
        .map(|allocation| {
            let spent = figures.iter().find_map(|figure| match figure.value {
                FigureValue::Money { pence }
                    if figure.measure == "spent" && figure.allocation.as_deref() == Some(&allocation.key) =>
                {
                    Some((Money::pence(pence), figure.approximately))
                }
                _ => None,
            });
            ProjectLine {
                title: allocation.title.clone(),
                provider: allocation.provider.clone(),
                allocated: allocation.amount,
                left: spent.and_then(|(spent, _)| allocation.amount.checked_sub(spent)),
                spent,
            }
        })
        .collect()
}

/// award + carried in = allocated + unallocated; allocated = spent + unspent.
fn reconciliation(register: &Register, projects: &[ProjectLine]) -> Result<Vec<(String, Money)>, ServiceError> {
    let too_large = || ServiceError::internal("the grant is too large to add up");
    let grant = &register.grant;
    let available = grant.amount.checked_add(grant.carried_forward).ok_or_else(too_large)?;
    let allocated = Money::checked_sum(projects.iter().map(|project| project.allocated)).ok_or_else(too_large)?;
    let spent =
        Money::checked_sum(projects.iter().filter_map(|project| Some(project.spent?.0))).ok_or_else(too_large)?;
    let left = Money::checked_sum(projects.iter().filter_map(|project| project.left)).ok_or_else(too_large)?;
    let line = |label: &str, amount: Money| (label.to_owned(), amount);
    let without: Vec<&str> = projects
        .iter()
        .filter(|project| project.spent.is_none())
        .map(|project| project.title.as_str())
        .collect();
    let of_all = |label: &str| match without.as_slice() {
        [] => label.to_owned(),
        missing => format!("{label}, without what is not known of {}", missing.join(", ")),
    };
    Ok(vec![
        line("Awarded", grant.amount),
        line("Carried forward from the year before", grant.carried_forward),
        line("Available", available),
        line("Allocated to projects", allocated),
        line("Unallocated", available.checked_sub(allocated).ok_or_else(too_large)?),
        line(&of_all("Spent"), spent),
        line(&of_all("Allocated and not spent"), left),
    ])
}

fn project_title(register: &Register, key: Option<&str>) -> String {
    key.and_then(|key| register.allocations.iter().find(|allocation| allocation.key == key))
        .map_or_else(
            || "The grant as a whole".to_owned(),
            |allocation| allocation.title.clone(),
        )
}

fn finding_line(finding: &Finding, register: &Register) -> FindingLine {
    let key = finding
        .at
        .first()
        .and_then(|place| place.section.0.split_once('/'))
        .map(|(_, key)| key);
    FindingLine {
        project: project_title(register, key),
        message: finding.message.clone(),
        explanation: finding.explanation.as_ref().map(|explanation| explanation.text.clone()),
    }
}

/// The returns of the same form and period in the fund: signed, expected, missing.
async fn coverage(conn: &impl Connection, fund: FundId, ret: &Return) -> Result<Coverage, ServiceError> {
    let alike: Vec<Return> = returns::returns_of_fund(conn, fund)
        .await?
        .into_iter()
        .filter(|other| other.form == ret.form && other.period == ret.period && other.state != State::Excused)
        .collect();
    Ok(Coverage {
        signed: alike.iter().filter(|other| other.signed_revision.is_some()).count(),
        expected: alike.len(),
        missing: alike
            .iter()
            .filter(|other| other.signed_revision.is_none())
            .map(|other| other.reference.clone())
            .collect(),
    })
}

/// The virements that the revision's allocations hold: those approved by the time it was submitted.
async fn virements(
    conn: &impl Connection,
    case: &facts::Case,
    until: DateTime<Utc>,
) -> Result<Vec<VirementLine>, ServiceError> {
    let title = |id| {
        case.allocations
            .iter()
            .find(|allocation| allocation.id == id)
            .map(|allocation| allocation.title.clone())
            .unwrap_or_default()
    };
    let mut lines = Vec::new();
    for virement in register::virements_of(conn, case.grant.id).await? {
        let Some(decision) = virement
            .decision
            .filter(|decision| decision.approved && decision.at <= until)
        else {
            continue;
        };
        lines.push(VirementLine {
            from: title(virement.from),
            to: title(virement.to),
            amount: virement.amount,
            reason: virement.reason,
            approved_by: register::get_person(conn, decision.by).await?.name,
        });
    }
    Ok(lines)
}
