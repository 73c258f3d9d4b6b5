//! A plan that every stage has agreed becomes the grant's allocations.
//!
//! Invariant: in the transaction of the last stage; a row has one allocation for ever, which a correction changes; together
//! the allocations never come to more than there is, and what is left is held back for what the plan says.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use countersign_domain::answers::format;
use countersign_domain::ids::AllocationId;
use countersign_domain::money::Money;
use countersign_domain::planned::{Agreed, Proposed, agreed, key_for};
use countersign_domain::register::{Allocation, BudgetLine, Change, Grant, Organisation, Person, Virement};
use serde_json::{Value, json};
use uuid::Uuid;

use super::case::Case;
use super::{Deps, ServiceError, facts, record};
use crate::store::planned::{PlannedRow, insert_planned_row, planned_rows_of};
use crate::store::{WriteTx, register};

/// What is being changed, by whom and when.
struct Work<'a> {
    tx: &'a WriteTx,
    case: &'a Case,
    by: &'a Person,
    now: DateTime<Utc>,
}

/// Makes the rows of a return's plan allocations of its grant; does nothing for a form without a plan.
pub(super) async fn allocate(
    deps: &Deps,
    tx: &WriteTx,
    case: &Case,
    by: &Person,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    if !case.form.sections.iter().any(|section| section.plan.is_some()) {
        return Ok(());
    }
    let answered = facts::answered(deps, tx, case.ret.id).await?;
    let Some(plan) = agreed(&case.form, &answered.evaluated) else {
        return Ok(());
    };
    let work = Work { tx, case, by, now };
    let grant = register::get_grant(tx, case.grant.id).await?;
    let allocations = work.allocations(&plan, &grant).await?;
    work.held_back(&plan, &grant).await?;
    let body = json!({ "grant": grant.reference, "allocations": allocations, "by": by.id.to_string() });
    record::event(tx, "agree-plan", Some((&case.ret, case.ret.revision)), body, now).await?;
    Ok(())
}

impl Work<'_> {
    /// Each row's allocation, new or changed; answers them as the ledger tells them.
    async fn allocations(&self, plan: &Agreed, grant: &Grant) -> Result<Vec<Value>, ServiceError> {
        let known = register::allocations_of(self.tx, grant.id).await?;
        let rows: BTreeMap<String, AllocationId> = planned_rows_of(self.tx, self.case.ret.id)
            .await?
            .into_iter()
            .filter(|row| row.section == plan.section)
            .map(|row| (row.row, row.allocation))
            .collect();
        let moved = net(&register::virements_of(self.tx, grant.id).await?)?;
        let organisations = register::all_organisations(self.tx).await?;
        let mut taken: BTreeSet<String> = known.iter().map(|allocation| allocation.key.clone()).collect();
        let mut position = known.iter().map(|allocation| allocation.position).max().unwrap_or(0);
        let mut told = Vec::new();
        for row in &plan.rows {
            let was = rows.get(&row.row).and_then(|id| known.iter().find(|one| one.id == *id));
            let becomes = match was {
                Some(was) => as_proposed(was.clone(), row, grant, &organisations, moved.get(&was.id).copied())?,
                None => {
                    position += 1;
                    let key = key_for(&row.title, &taken);
                    taken.insert(key.clone());
                    as_proposed(blank(grant, key, position), row, grant, &organisations, None)?
                }
            };
            self.put(plan, row, was, &becomes).await?;
            self.lines(&becomes, row).await?;
            told.push(as_told(row.row.as_str(), &becomes));
        }
        // A row that was taken out keeps its allocation, for what was reported of it; there is nothing in it any more.
        for (row, id) in rows
            .iter()
            .filter(|(row, _)| !plan.rows.iter().any(|one| one.row == **row))
        {
            let Some(was) = known.iter().find(|one| one.id == *id) else {
                continue;
            };
            let left = moved.get(id).copied().unwrap_or(Money::ZERO);
            let becomes = Allocation {
                proposed: Some(Money::ZERO),
                approved: not_below_nought(left, &was.title)?,
                ..was.clone()
            };
            register::update_allocation(self.tx, &becomes, was).await?;
            self.changed("allocation", &was.key, Some(words(was)), words(&becomes))
                .await?;
            told.push(as_told(row, &becomes));
        }
        Ok(told)
    }

    async fn put(
        &self,
        plan: &Agreed,
        row: &Proposed,
        was: Option<&Allocation>,
        becomes: &Allocation,
    ) -> Result<(), ServiceError> {
        match was {
            Some(was) => register::update_allocation(self.tx, becomes, was).await?,
            None => {
                register::insert_allocation(self.tx, becomes).await?;
                let planned = PlannedRow {
                    return_id: self.case.ret.id,
                    section: plan.section.clone(),
                    row: row.row.clone(),
                    allocation: becomes.id,
                };
                insert_planned_row(self.tx, &planned).await?;
            }
        }
        register::name_provider(self.tx, becomes).await?;
        if was != Some(becomes) {
            self.changed("allocation", &becomes.key, was.map(words), words(becomes))
                .await?;
        }
        Ok(())
    }

    /// The parts of a row as budget lines. One that the plan no longer has is kept, with nothing in it.
    async fn lines(&self, of: &Allocation, row: &Proposed) -> Result<(), ServiceError> {
        let all = register::lines_of_grant(self.tx, of.grant).await?;
        let mut known: Vec<BudgetLine> = all.into_iter().filter(|line| line.allocation == of.id).collect();
        let mut taken: BTreeSet<String> = known.iter().map(|line| line.key.clone()).collect();
        let mut position = known.iter().map(|line| line.position).max().unwrap_or(0);
        for (title, amount) in &row.parts {
            let at = known.iter().position(|line| line.title == *title);
            match at.map(|at| known.remove(at)) {
                Some(line) if line.amount == *amount => {}
                Some(line) => {
                    let becomes = BudgetLine {
                        amount: *amount,
                        ..line
                    };
                    register::update_line(self.tx, &becomes).await?;
                }
                None => {
                    position += 1;
                    let key = key_for(title, &taken);
                    taken.insert(key.clone());
                    let line = BudgetLine {
                        id: Uuid::new_v4().into(),
                        allocation: of.id,
                        key,
                        title: title.clone(),
                        amount: *amount,
                        position,
                    };
                    register::insert_line(self.tx, &line).await?;
                }
            }
        }
        for line in known.into_iter().filter(|line| line.amount != Some(Money::ZERO)) {
            let becomes = BudgetLine {
                amount: Some(Money::ZERO),
                ..line
            };
            register::update_line(self.tx, &becomes).await?;
        }
        Ok(())
    }

    /// What the allocations leave of the grant is held back, where the plan says for what.
    async fn held_back(&self, plan: &Agreed, grant: &Grant) -> Result<(), ServiceError> {
        let all = register::allocations_of(self.tx, grant.id).await?;
        let left = || {
            let together = Money::checked_sum(all.iter().flat_map(|one| [one.approved, one.uncovered]))?;
            let available = grant.amount.checked_add(grant.carried_forward)?;
            available.checked_sub(together)
        };
        let left = left().ok_or_else(|| ServiceError::internal("a grant is too large"))?;
        if left < Money::ZERO {
            let over = format::money(Money::pence(-left.in_pence()));
            return Err(ServiceError::Conflict(format!(
                "With this plan the allocations come to {over} more than the grant and what was carried forward. Nothing \
                 has been signed. Send the return back, or put the grant right first."
            )));
        }
        if !plan.asks_what_is_held_back {
            return Ok(());
        }
        let held_back_for = plan.held_back_for.clone().filter(|_| left > Money::ZERO);
        let becomes = Grant {
            held_back: if held_back_for.is_some() { left } else { Money::ZERO },
            held_back_for,
            ..grant.clone()
        };
        if becomes == *grant {
            return Ok(());
        }
        register::update_grant(self.tx, &becomes, grant).await?;
        let words = |of: &Grant| match &of.held_back_for {
            Some(what) => format!("{} held back for {what}", format::money(of.held_back)),
            None => "Nothing held back".to_owned(),
        };
        self.changed("grant", &grant.reference, Some(words(grant)), words(&becomes))
            .await
    }

    async fn changed(&self, entity: &str, key: &str, was: Option<String>, became: String) -> Result<(), ServiceError> {
        let change = Change {
            fund: Some(self.case.fund.id),
            person: Some(self.by.id),
            at: self.now,
            entity: entity.to_owned(),
            key: key.to_owned(),
            was,
            became: Some(became),
        };
        Ok(register::insert_change(self.tx, &change).await?)
    }
}

/// What approved virements brought to each allocation since it was agreed, less what they took.
fn net(virements: &[Virement]) -> Result<HashMap<AllocationId, Money>, ServiceError> {
    let mut moved: HashMap<AllocationId, Money> = HashMap::new();
    let approved = |virement: &&Virement| virement.decision.as_ref().is_some_and(|decision| decision.approved);
    for virement in virements.iter().filter(approved) {
        let less = Money::pence(-virement.amount.in_pence());
        for (id, amount) in [(virement.to, virement.amount), (virement.from, less)] {
            let sum = moved.entry(id).or_insert(Money::ZERO);
            *sum = sum
                .checked_add(amount)
                .ok_or_else(|| ServiceError::internal("virements are too large"))?;
        }
    }
    Ok(moved)
}

fn blank(grant: &Grant, key: String, position: i32) -> Allocation {
    Allocation {
        id: Uuid::new_v4().into(),
        grant: grant.id,
        key,
        title: String::new(),
        project: None,
        project_title: None,
        provider: grant.organisation,
        provider_name: String::new(),
        proposed: None,
        approved: Money::ZERO,
        uncovered: Money::ZERO,
        contract_total: None,
        contract_ends_on: None,
        other_funding: None,
        priorities: Vec::new(),
        position,
    }
}

/// An allocation as its row proposes it, with what virements moved since. Its provider is the organisation of that name,
/// where the register has it; else whoever has the grant, under the name that the plan gives.
fn as_proposed(
    was: Allocation,
    row: &Proposed,
    grant: &Grant,
    organisations: &[Organisation],
    moved: Option<Money>,
) -> Result<Allocation, ServiceError> {
    let approved = row
        .amount
        .checked_add(moved.unwrap_or(Money::ZERO))
        .ok_or_else(|| ServiceError::internal("an allocation is too large"))?;
    let plain = |name: &str| name.trim().to_lowercase().replace(['’', '‘'], "'");
    let own = organisations.iter().find(|one| one.id == grant.organisation);
    let named = row.provider.as_deref().unwrap_or_default();
    let known = organisations.iter().find(|one| plain(&one.name) == plain(named));
    let (provider, provider_name) = match (known, own) {
        (Some(known), _) => (known.id, known.name.clone()),
        (None, Some(own)) if named.is_empty() => (own.id, own.name.clone()),
        (None, _) => (grant.organisation, named.to_owned()),
    };
    Ok(Allocation {
        title: row.title.clone(),
        provider,
        provider_name,
        proposed: Some(row.amount),
        approved: not_below_nought(approved, &row.title)?,
        contract_total: row.contract_total,
        contract_ends_on: row.contract_ends_on,
        other_funding: row.other_funding,
        priorities: row.priorities.clone(),
        ..was
    })
}

fn not_below_nought(approved: Money, title: &str) -> Result<Money, ServiceError> {
    if approved >= Money::ZERO {
        return Ok(approved);
    }
    Err(ServiceError::Conflict(format!(
        "“{title}” would come to less than nothing, because virements have taken more from it than the plan now gives. \
         Nothing has been signed. Send the return back."
    )))
}

/// An allocation in words, for the record of what was changed.
fn words(of: &Allocation) -> String {
    format!("{}: {}, {}", of.title, format::money(of.approved), of.provider_name)
}

fn as_told(row: &str, of: &Allocation) -> Value {
    json!({ "row": row, "allocation": of.key, "title": of.title, "approved": of.approved.in_pence() })
}
