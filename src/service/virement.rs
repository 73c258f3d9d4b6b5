//! virement: money moved between two allocations of a grant, recorded by one person and approved by another.
//!
//! Invariant: it changes both allocations together, under what they were when it was decided.

use chrono::{DateTime, Utc};
use countersign_domain::ids::{AllocationId, GrantId, VirementId};
use countersign_domain::money::Money;
use countersign_domain::quantity::{Reading, Sign, read_money};
use countersign_domain::register::{Grant, Person, Virement, VirementDecision, after_virement};
use countersign_domain::returns::Secret;
use countersign_domain::workflow::{COMMISSIONER, State};
use serde_json::json;
use uuid::Uuid;

use super::{Deps, FieldProblem, Officer, ServiceError, facts, notify, reason, record};
use crate::store::{WriteTx, register, register::get_allocation, returns};

/// The office that approves.
pub const TREASURER: &str = "commissioner.treasurer";

/// What an officer's form sends.
#[derive(Debug, Clone, Copy)]
pub struct Moving<'a> {
    /// The allocation that gives; none while none is selected.
    pub from: Option<AllocationId>,
    /// The allocation that is given to; none while none is selected.
    pub to: Option<AllocationId>,
    /// How much, as typed.
    pub amount: &'a str,
    /// The reason, as typed.
    pub why: &'a str,
}

/// Records a virement; it moves nothing until it is approved.
pub async fn record(
    deps: &Deps,
    officer: &Officer,
    grant: GrantId,
    moving: Moving<'_>,
    now: DateTime<Utc>,
) -> Result<VirementId, ServiceError> {
    let Moving { from, to, amount, why } = moving;
    let tx = deps.store.begin().await?;
    let grant = register::get_grant(&tx, grant).await?;
    officer.within(grant.fund)?;
    let offices = officer.offices_in(grant.fund);
    if !offices
        .iter()
        .any(|office| office == COMMISSIONER || office == TREASURER)
    {
        return Err(ServiceError::Refused(
            "Only the commissioner’s officers can record a virement.".to_owned(),
        ));
    }
    let allocations = register::allocations_of(&tx, grant.id).await?;
    let known = |id: Option<AllocationId>| id.and_then(|id| allocations.iter().find(|allocation| allocation.id == id));
    let mut problems = Vec::new();
    let mut problem = |field: &str, message: String| {
        problems.push(FieldProblem {
            field: field.to_owned(),
            message,
        });
    };
    let (from, to) = (known(from), known(to));
    if from.is_none() {
        problem("from", "Select the allocation that the money comes from".to_owned());
    }
    if to.is_none() {
        problem("to", "Select the allocation that the money goes to".to_owned());
    }
    if let (Some(from), Some(to)) = (from, to)
        && from.id == to.id
    {
        problem("to", "Select two different allocations".to_owned());
    }
    let amount = match read_money("Amount", amount, Sign::NonNegative) {
        Reading::Read { value, .. } if value > Money::ZERO => value,
        Reading::Read { .. } => {
            problem("amount", "The amount must be more than £0".to_owned());
            Money::ZERO
        }
        Reading::Blank => {
            problem("amount", "Enter the amount, like 440 or 440.00".to_owned());
            Money::ZERO
        }
        Reading::Ask { question: message, .. } | Reading::Refused { message } => {
            problem("amount", message);
            Money::ZERO
        }
    };
    if let Some(from) = from
        && amount > from.approved
    {
        problem("amount", format!("‘{}’ has {} to give", from.title, from.approved));
    }
    let why = match reason("reason", why, "Say why the money is moved") {
        Ok(why) => why,
        Err(ServiceError::Invalid(more)) => {
            problems.extend(more);
            String::new()
        }
        Err(other) => return Err(other),
    };
    let (Some(from), Some(to), true) = (from, to, problems.is_empty()) else {
        return Err(ServiceError::Invalid(problems));
    };
    // Pressed twice, it is one virement.
    let alike = register::virements_of(&tx, grant.id).await?.into_iter().find(|known| {
        known.decision.is_none()
            && (known.from, known.to, known.amount) == (from.id, to.id, amount)
            && known.recorded_by == officer.person.id
            && known.reason == why
    });
    if let Some(known) = alike {
        return Ok(known.id);
    }
    let virement = Virement {
        id: Uuid::new_v4().into(),
        grant: grant.id,
        from: from.id,
        to: to.id,
        amount,
        reason: why,
        recorded_by: officer.person.id,
        recorded_at: now,
        decision: None,
    };
    register::insert_virement(&tx, &virement).await?;
    let body = json!({
        "virement": virement.id.to_string(), "grant": grant.reference, "from": from.key, "to": to.key,
        "pence": amount.in_pence().to_string(), "reason": virement.reason, "by": officer.person.id.to_string(),
    });
    record::event(&tx, "record-virement", None, body, now).await?;
    tell_treasurer(deps, &tx, &officer.person, &grant, &virement, now).await?;
    tx.commit().await?;
    Ok(virement.id)
}

/// Approves or refuses a virement; never by the person who recorded it.
pub async fn decide(
    deps: &Deps,
    officer: &Officer,
    id: VirementId,
    approve: bool,
    now: DateTime<Utc>,
) -> Result<GrantId, ServiceError> {
    let tx = deps.store.begin().await?;
    let virement = register::get_virement(&tx, id).await?;
    let grant = register::get_grant(&tx, virement.grant).await?;
    officer.within(grant.fund)?;
    let said = virement.decision.as_ref();
    if said.is_some_and(|said| said.by == officer.person.id && said.approved == approve) {
        return Ok(grant.id);
    }
    if let Err(why) = may_decide(officer, &grant, &virement) {
        return Err(ServiceError::Refused(why));
    }
    let decision = VirementDecision {
        approved: approve,
        by: officer.person.id,
        at: now,
    };
    register::decide_virement(&tx, id, &decision).await?;
    if approve {
        let from = get_allocation(&tx, virement.from).await?;
        let to = get_allocation(&tx, virement.to).await?;
        let (new_from, new_to) = after_virement(&from, &to, virement.amount).ok_or_else(|| {
            ServiceError::Conflict(format!("‘{}’ no longer has {} to give.", from.title, virement.amount))
        })?;
        for (new, was) in [(&new_from, &from), (&new_to, &to)] {
            register::set_allocation_amounts(&tx, new.id, new.approved, new.uncovered, was.approved, was.uncovered)
                .await?;
        }
    }
    let body = json!({
        "virement": id.to_string(), "approved": approve, "by": officer.person.id.to_string(),
    });
    record::event(&tx, "decide-virement", None, body, now).await?;
    tell(deps, &tx, officer, &grant, &virement, approve, now).await?;
    tx.commit().await?;
    Ok(grant.id)
}

/// Tells whoever can approve it that a virement waits for them.
pub(super) async fn tell_treasurer(
    deps: &Deps,
    tx: &WriteTx,
    by: &Person,
    grant: &Grant,
    virement: &Virement,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let from = get_allocation(tx, virement.from).await?.title;
    let to = get_allocation(tx, virement.to).await?.title;
    let today = facts::today(now);
    for holder in register::holders_of_office(tx, grant.fund, TREASURER).await? {
        if !holder.holds_on(today) || holder.person == by.id {
            continue;
        }
        let person = register::get_person(tx, holder.person).await?;
        let owed = notify::Owed {
            kind: "virement-waiting",
            dedupe: format!("virement-waiting:{}:{}", virement.id, person.id),
            to: &person,
            case: None,
            secret: Secret::None,
            priority: notify::USUAL,
            words: json!({
                "grant_title": grant.title,
                "from": from,
                "to": to,
                "amount": virement.amount.to_string(),
                "reason": virement.reason,
                "by": by.name,
                "office_url": format!("{}/office/grants/{}", deps.base_url, grant.id),
            }),
        };
        notify::write(deps, tx, owed, now).await?;
    }
    Ok(())
}

/// Tells whoever is waiting for it: the contacts of the grant's returns that are being filled in.
async fn tell(
    deps: &Deps,
    tx: &WriteTx,
    officer: &Officer,
    grant: &Grant,
    virement: &Virement,
    approved: bool,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let from = get_allocation(tx, virement.from).await?.title;
    let to = get_allocation(tx, virement.to).await?.title;
    for ret in returns::returns_of_grant(tx, grant.id).await? {
        if ret.state != State::Draft {
            continue;
        }
        let case = facts::case(deps, tx, ret.id).await?;
        for person in notify::contacts(tx, &case).await? {
            let owed = notify::Owed {
                kind: "virement-decision",
                dedupe: format!("virement:{}:{}:{}", virement.id, ret.id, person.id),
                to: &person,
                case: Some(&case),
                secret: Secret::None,
                priority: notify::USUAL,
                words: json!({
                    "from": from,
                    "to": to,
                    "amount": virement.amount.to_string(),
                    "decision_words": if approved { "approved" } else { "refused" },
                    "by": officer.person.name,
                }),
            };
            notify::write(deps, tx, owed, now).await?;
        }
    }
    Ok(())
}

/// Whether this officer may decide, or why not.
pub fn may_decide(officer: &Officer, grant: &Grant, virement: &Virement) -> Result<(), String> {
    if virement.decision.is_some() {
        return Err("This virement has been decided.".to_owned());
    }
    if !officer.offices_in(grant.fund).iter().any(|office| office == TREASURER) {
        return Err("Only the treasurer can approve a virement.".to_owned());
    }
    if virement.recorded_by == officer.person.id {
        return Err("You recorded this virement, so somebody else must approve it.".to_owned());
    }
    Ok(())
}
