//! What the services read before they decide: the return with its form, its register and its answers.
//!
//! Invariant: one way to put a return together, so that what a provider sees, what is submitted and what an
//! officer reads come from the same evaluation.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use countersign_domain::answers::evaluate;
use countersign_domain::answers::types::{
    AllocationFacts, Draft, Evaluated, FundFacts, GrantFacts, LineFacts, ProviderFacts, Register, SectionKey,
};
use countersign_domain::calendar::local_date;
use countersign_domain::form::schema::{Form, OwedBy};
use countersign_domain::ids::{FundId, PersonId, ReturnId};
use countersign_domain::money::Money;
use countersign_domain::register::{Allocation, BudgetLine, Fund, Grant, Limits, Organisation};
use countersign_domain::returns::Return;
use countersign_domain::schedule::Dates;
use countersign_domain::workflow::{Hands, Refusal, State};

use super::case::Case;
use super::{Deps, ServiceError, signed};
use crate::store::{Connection, WriteTx, drafts, register, returns, revisions};

/// A case with the answers so far.
#[derive(Clone)]
pub struct Answered {
    /// The case.
    pub case: Case,
    /// What was typed.
    pub draft: Draft,
    /// The version of each section's document.
    pub versions: BTreeMap<SectionKey, i64>,
    /// The version of the explanations' document.
    pub explanations_version: i64,
    /// What follows from it.
    pub evaluated: Evaluated,
}

/// Begins a transaction in which nobody else changes this return: what is read in it still holds when it commits.
pub async fn begin(deps: &Deps, id: ReturnId) -> Result<WriteTx, ServiceError> {
    let tx = deps.store.begin().await?;
    returns::lock_return(&tx, id).await?;
    Ok(tx)
}

/// Loads a return with what it stands on.
pub async fn case(deps: &Deps, conn: &impl Connection, id: ReturnId) -> Result<Case, ServiceError> {
    let ret = returns::get_return(conn, id).await?;
    let form = deps.forms.version(conn, &ret.form, ret.form_version).await?;
    let fund = register::get_fund(conn, ret.fund).await?;
    let grant = register::get_grant(conn, ret.grant).await?;
    let allocations = register::allocations_of(conn, ret.grant).await?;
    let provider = register::get_organisation(conn, ret.organisation).await?;
    let commissioner = register::get_organisation(conn, fund.commissioner).await?;
    let lines = register::lines_of_grant(conn, ret.grant).await?;
    let limits = limits(conn, &fund, &grant).await?;
    let register = facts(&ret, &form, (&fund, limits), (&grant, &allocations, &lines), &provider)?;
    Ok(Case {
        ret,
        form,
        fund,
        grant,
        allocations,
        provider,
        commissioner,
        register,
    })
}

/// What a form may read of the register: of the allocations those that the return is owed for, which are all of the
/// grant's, the one, or the provider's own.
pub(super) fn facts(
    ret: &Return,
    form: &Form,
    (fund, limits): (&Fund, Limits),
    (grant, allocations, lines): (&Grant, &[Allocation], &[BudgetLine]),
    provider: &Organisation,
) -> Result<Register, ServiceError> {
    let allocations = allocations
        .iter()
        .filter(|allocation| match form.owed_by {
            OwedBy::Grant | OwedBy::Allocation => ret.allocation.is_none_or(|only| only == allocation.id),
            OwedBy::Provider => allocation.provider == ret.organisation,
        })
        .map(|allocation| {
            let amount = Money::checked_add(allocation.approved, allocation.uncovered)
                .ok_or_else(|| ServiceError::internal("an allocation is too large"))?;
            Ok(AllocationFacts {
                key: allocation.key.clone(),
                title: allocation.title.clone(),
                provider: allocation.provider_name.clone(),
                amount,
                uncovered: allocation.uncovered,
                contract_total: allocation.contract_total,
                priorities: allocation.priorities.clone(),
                project: allocation.project.clone().unwrap_or_else(|| allocation.key.clone()),
                project_title: allocation
                    .project_title
                    .clone()
                    .unwrap_or_else(|| allocation.title.clone()),
                contract_ends_on: allocation.contract_ends_on,
                other_funding: allocation.other_funding,
                lines: lines_of(lines, allocation),
            })
        })
        .collect::<Result<Vec<_>, ServiceError>>()?;
    Ok(Register {
        fund: FundFacts {
            key: fund.key.clone(),
            title: fund.title.clone(),
            priorities: fund.priorities.clone(),
            smallest_award: limits.smallest,
            largest_award: limits.largest,
        },
        grant: GrantFacts {
            reference: grant.reference.clone(),
            title: grant.title.clone(),
            amount: grant.amount,
            carried_forward: grant.carried_forward,
            starts_on: grant.starts_on,
            ends_on: grant.ends_on,
            conditions: grant.conditions.clone(),
            held_back: Some(grant.held_back).filter(|held| *held > Money::ZERO),
            held_back_for: grant.held_back_for.clone(),
        },
        provider: ProviderFacts {
            name: provider.name.clone(),
        },
        allocations,
        period: ret.period,
        previous: None,
        beneath: Vec::new(),
        period_label: form.schedule.own_label(ret.period).map(str::to_owned),
    })
}

/// The limits that an award is held to: its round's, and where that has none its fund's.
async fn limits(conn: &impl Connection, fund: &Fund, grant: &Grant) -> Result<Limits, ServiceError> {
    let Some(round) = grant.round else {
        return Ok(fund.limits);
    };
    let rounds = register::rounds_of_fund(conn, fund.id).await?;
    let of_round = rounds.into_iter().find(|other| other.id == round);
    Ok(of_round.map_or(fund.limits, |round| Limits {
        smallest: round.limits.smallest.or(fund.limits.smallest),
        largest: round.limits.largest.or(fund.limits.largest),
    }))
}

fn lines_of(lines: &[BudgetLine], allocation: &Allocation) -> Vec<LineFacts> {
    lines
        .iter()
        .filter(|line| line.allocation == allocation.id)
        .map(|line| LineFacts {
            key: line.key.clone(),
            title: line.title.clone(),
            amount: line.amount,
        })
        .collect()
}

/// Loads a return with its answers, evaluated.
pub async fn answered(deps: &Deps, conn: &impl Connection, id: ReturnId) -> Result<Answered, ServiceError> {
    let mut case = case(deps, conn, id).await?;
    match frozen_register(conn, &case.ret).await? {
        Some(frozen) => case.register = frozen,
        None => signed::fill(deps, conn, &mut case).await?,
    }
    let mut draft = Draft::default();
    let mut versions = BTreeMap::new();
    for (key, version, section) in drafts::sections(conn, id).await? {
        versions.insert(key.clone(), version);
        draft.sections.insert(key, section);
    }
    let (explanations_version, explanations) = drafts::explanations(conn, id).await?;
    draft.explanations = explanations;
    let evaluated = evaluate(&case.form, &case.register, &draft);
    Ok(Answered {
        case,
        draft,
        versions,
        explanations_version,
        evaluated,
    })
}

/// What the register said when the revision was submitted that is now being judged, or has been signed: a virement
/// approved since does not change what a reviewer or an officer reads.
async fn frozen_register(conn: &impl Connection, ret: &Return) -> Result<Option<Register>, ServiceError> {
    match ret.state {
        State::InReview(_) | State::InSignOff(_) | State::SignedOff => {}
        State::Scheduled | State::Draft | State::Excused => return Ok(None),
    }
    let revision = revisions::get_revision(conn, ret.id, ret.revision).await?;
    let document: serde_json::Value = serde_json::from_str(&revision.document).map_err(ServiceError::internal)?;
    let register = document.get("register").cloned().unwrap_or_default();
    serde_json::from_value(register)
        .map(Some)
        .map_err(ServiceError::internal)
}

/// Who has had a hand in the return: its preparers, and who acted in which stage, on any of its revisions. Whoever sent
/// back the first revision has judged the return, and does not sign the second.
pub async fn hands(conn: &impl Connection, ret: &Return) -> Result<Hands, ServiceError> {
    let preparers = drafts::preparers(conn, ret.id).await?;
    let acted: Vec<(String, PersonId)> = returns::acts_of(conn, ret.id)
        .await?
        .into_iter()
        .filter_map(|act| Some((act.stage?, act.person?)))
        .collect();
    Ok(Hands { preparers, acted })
}

/// A refusal that names an office by its title, as people know it, where the domain knows its key.
pub async fn titled(conn: &impl Connection, fund: FundId, refusal: Refusal) -> Result<Refusal, ServiceError> {
    let Refusal::NotTheOffice { office: key } = refusal else {
        return Ok(refusal);
    };
    let known = register::offices_of_fund(conn, fund)
        .await?
        .into_iter()
        .find(|office| office.key == key);
    Ok(Refusal::NotTheOffice {
        office: known.map_or(key, |office| office.title),
    })
}

/// Today in Europe/London.
pub fn today(now: DateTime<Utc>) -> NaiveDate {
    local_date(now)
}

/// A return's frozen dates.
pub fn dates(ret: &Return) -> Dates {
    Dates {
        period: ret.period,
        opens_on: ret.opens_on,
        due_on: ret.due_on,
        closes_on: ret.closes_on,
    }
}
