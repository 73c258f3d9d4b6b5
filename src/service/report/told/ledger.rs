//! A grant's money by project: what the register gave, beside what the returns spent and committed.
//!
//! Invariant: what is not known of one project is not known of the sum; nothing is left over while a return is awaited.

use countersign_domain::answers::types::FigureValue;
use countersign_domain::document::{Raw, Told};
use countersign_domain::form::schema::MoneyIs;
use countersign_domain::money::Money;
use countersign_domain::register::{Allocation, Grant, Reconciliation, reconcile};

use super::super::adding::{money, plain, source_of};
use super::super::material::{Datum, Material};
use super::super::spent::{Spent, spent};

/// A project of a grant, and its money.
pub(super) struct Line {
    pub(super) key: String,
    pub(super) title: String,
    pub(super) allocated: Option<Money>,
    pub(super) uncovered: Money,
    pub(super) spent: Option<Raw>,
    pub(super) committed: Option<Raw>,
    pub(super) left: Option<Raw>,
}

/// A grant, and its money.
pub(super) struct Books<'t> {
    pub(super) grant: &'t Grant,
    pub(super) sums: Reconciliation,
    pub(super) lines: Vec<Line>,
    pub(super) total: Line,
    /// The figures in what was spent of it.
    pub(super) spent: Vec<&'t Datum>,
    /// The figures in what was committed of it.
    pub(super) committed: Vec<&'t Datum>,
    /// The forms that it is of.
    pub(super) form: Option<String>,
}

/// Adds up a grant; none when its amounts are too large.
pub(super) fn books<'t>(material: &'t Material, grant: &'t Grant) -> Option<Books<'t>> {
    let allocations: Vec<Allocation> = material.allocations_of(grant.id).cloned().collect();
    let sums = reconcile(grant, &allocations)?;
    let spent = spent(material, grant, &allocations);
    let mut lines: Vec<Line> = Vec::new();
    for allocation in &allocations {
        let key = allocation.project_key();
        let amount = allocation.approved.checked_add(allocation.uncovered)?;
        match lines.iter_mut().find(|line| line.key == key) {
            Some(line) => {
                line.allocated = Some(line.allocated?.checked_add(amount)?);
                line.uncovered = line.uncovered.checked_add(allocation.uncovered)?;
            }
            None => lines.push(Line {
                key: key.to_owned(),
                title: allocation.project_words().to_owned(),
                allocated: Some(amount),
                uncovered: allocation.uncovered,
                spent: None,
                committed: None,
                left: None,
            }),
        }
    }
    for line in &mut lines {
        (line.spent, line.committed) = (spent.spent(&line.key), spent.committed(&line.key));
        line.left = left(line.allocated, &line.spent, &line.committed, spent.awaited(&line.key));
    }
    if let Some(whole) = spent.whole() {
        lines.push(Line {
            key: String::new(),
            title: "The grant as a whole".to_owned(),
            allocated: None,
            uncovered: Money::ZERO,
            spent: whole.0,
            committed: whole.1,
            left: None,
        });
    }
    let total = total(&lines, sums.allocated, &spent, material)?;
    Some(Books {
        grant,
        sums,
        total,
        lines,
        spent: spent.data(MoneyIs::Spent),
        committed: spent.data(MoneyIs::Committed),
        form: spent.form().map(str::to_owned),
    })
}

/// Allocated less spent and committed; not known while one of them is not, or while a return is awaited.
fn left(allocated: Option<Money>, spent: &Option<Raw>, committed: &Option<Raw>, awaited: bool) -> Option<Raw> {
    let allocated = allocated?;
    if spent.is_none() && committed.is_none() {
        return None;
    }
    let mut used = Money::ZERO;
    let mut raw = plain(FigureValue::NotKnown);
    for part in [spent, committed].into_iter().flatten() {
        let Some(part_amount) = amount(part) else {
            return Some(raw);
        };
        used = used.checked_add(part_amount)?;
        raw.approximately |= part.approximately;
        raw.provisional |= part.provisional;
        raw.restated |= part.restated;
    }
    if awaited {
        return Some(raw);
    }
    let left = allocated.checked_sub(used)?;
    raw.told = money(left).told;
    Some(raw)
}

/// The sums of a grant's lines: not known where one of them is not.
fn total(lines: &[Line], allocated: Money, spent: &Spent<'_>, material: &Material) -> Option<Line> {
    let sum = |is: MoneyIs, of: fn(&Line) -> Option<&Raw>| -> Option<Raw> {
        let parts: Vec<&Raw> = lines.iter().filter_map(of).collect();
        let mut raw = plain(FigureValue::NotKnown);
        raw.approximately = parts.iter().any(|part| part.approximately);
        raw.provisional = parts.iter().any(|part| part.provisional);
        raw.restated = parts.iter().any(|part| part.restated);
        if parts.is_empty() {
            return None;
        }
        let amounts: Option<Vec<Money>> = parts.into_iter().map(amount).collect();
        if let Some(sum) = amounts.and_then(Money::checked_sum) {
            raw.told = money(sum).told;
            raw.from = source_of(material, &spent.data(is));
        }
        Some(raw)
    };
    let all_spent = sum(MoneyIs::Spent, |line| line.spent.as_ref());
    let committed = sum(MoneyIs::Committed, |line| line.committed.as_ref());
    let awaited = lines.iter().any(|line| spent.awaited(&line.key));
    Some(Line {
        key: String::new(),
        title: "Total".to_owned(),
        allocated: Some(allocated),
        uncovered: Money::ZERO,
        left: left(Some(allocated), &all_spent, &committed, awaited),
        spent: all_spent,
        committed,
    })
}

/// The amount that a figure is, where it is one.
pub(super) fn amount(raw: &Raw) -> Option<Money> {
    match raw.told {
        Told::Value(FigureValue::Money { pence }) => Some(Money::pence(pence)),
        _ => None,
    }
}
