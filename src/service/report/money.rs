//! The money of a return: what was spent and committed, held against what it came out of.
//!
//! Invariant: what is not known of one place is named beside the sum that is without it.

use countersign_domain::answers::types::Figure;
use countersign_domain::form::schema::{Form, MoneyIs, OwedBy, TableRows};
use countersign_domain::money::Money;

use super::books::{Books, Entry, Subject, same_table, sum};
use super::frozen::Frozen;
use super::names::{Names, project, project_key, whole};
use super::plan::Planned;
use super::signed_return::{MoneyLine, Spending};
use super::stated::{Amount, Line, Stated};
use crate::service::ServiceError;

/// What a return says of money; none where its form asks for nothing spent, nothing committed and no plan.
pub(super) fn spending(
    form: &Form,
    frozen: &Frozen,
    names: &Names<'_>,
    figures: &[Figure],
    planned: Option<&Planned>,
) -> Result<Option<Spending>, ServiceError> {
    let books = Books::new(form, &frozen.register, figures);
    if books.marked.is_empty() && planned.is_none() {
        return Ok(None);
    }
    let lines = books.lines();
    Ok(Some(Spending {
        reconciliation: books.reconciliation(&lines, planned)?,
        spent: books.asks(MoneyIs::Spent),
        committed: books.asks(MoneyIs::Committed),
        left: books.left_is_known(),
        only_this_period: books.only_this_period(),
        parts: books.parts(names),
        lines,
    }))
}

impl Books<'_> {
    /// A line for each project, or each allocation; none where the form asks of the whole alone.
    fn lines(&self) -> Vec<MoneyLine> {
        let line = |subject: Subject, title: String, provider: String, allocated: Option<Money>| {
            let spent = self.amount(&subject, MoneyIs::Spent);
            let committed = self.amount(&subject, MoneyIs::Committed);
            self.line((title, provider), allocated, spent, committed)
        };
        let allocations = &self.register.allocations;
        if self.by_project() {
            let mut keys: Vec<&str> = Vec::new();
            for key in allocations.iter().map(|of| project_key(self.register, &of.key)) {
                if !keys.contains(&key) {
                    keys.push(key);
                }
            }
            return keys
                .into_iter()
                .map(|key| {
                    let (title, provider) = project(self.register, key);
                    let of_project = allocations
                        .iter()
                        .filter(|of| project_key(self.register, &of.key) == key);
                    let allocated = Money::checked_sum(of_project.map(|of| of.amount));
                    line(Subject::Project(key.to_owned()), title, provider, allocated)
                })
                .collect();
        }
        if !self.by_allocation() {
            return Vec::new();
        }
        let all = allocations.iter();
        all.map(|of| {
            let subject = Subject::Allocation(of.key.clone());
            line(subject, of.title.clone(), of.provider.clone(), Some(of.amount))
        })
        .collect()
    }

    fn line(
        &self,
        (title, of): (String, String),
        allocated: Option<Money>,
        spent: Amount,
        committed: Amount,
    ) -> MoneyLine {
        let left = allocated.filter(|_| self.left_is_known());
        MoneyLine {
            left: left.and_then(|allocated| left_of(allocated, spent, committed)),
            title,
            of,
            allocated,
            spent,
            committed,
        }
    }

    /// A line for each part of which an amount is stated: a budget line, a row, a cohort.
    fn parts(&self, names: &Names<'_>) -> Vec<MoneyLine> {
        let mut places: Vec<(&Entry<'_>, usize)> = Vec::new();
        for entry in self.entries.iter().filter(|entry| entry.part) {
            let place = names.place(entry.figure);
            match places
                .iter_mut()
                .find(|(other, _)| other.place == entry.place && same_table(other, entry))
            {
                Some((_, first)) => *first = place.min(*first),
                None => places.push((entry, place)),
            }
        }
        places.sort_by_key(|(_, place)| *place);
        places
            .into_iter()
            .map(|(entry, _)| {
                let here = |is: MoneyIs| {
                    let entries = self.entries.iter();
                    let found = entries.filter(move |other| {
                        other.part && other.is == is && other.place == entry.place && same_table(other, entry)
                    });
                    sum(found.map(|other| other.figure))
                };
                let name = names.get(entry.figure);
                let subject = name.map(|name| name.subject.clone()).unwrap_or_default();
                let row = name
                    .and_then(|name| name.row.clone())
                    .unwrap_or_else(|| subject.clone());
                let allocated = self.budget(entry);
                self.line(
                    (row, subject),
                    allocated,
                    here(MoneyIs::Spent),
                    here(MoneyIs::Committed),
                )
            })
            .collect()
    }

    /// What a budget line has in the register.
    fn budget(&self, entry: &Entry<'_>) -> Option<Money> {
        let marked = self.marked.iter().find(|marked| marked.id == entry.figure.measure)?;
        if marked.rows.is_none_or(|rows| *rows != TableRows::Lines) {
            return None;
        }
        let allocations = &self.register.allocations;
        let allocation = match &entry.figure.allocation {
            Some(key) => allocations.iter().find(|of| of.key == *key),
            None => allocations.first(),
        };
        let line = allocation?
            .lines
            .iter()
            .find(|line| Some(line.key.as_str()) == entry.place.1)?;
        line.amount
    }

    /// Awarded, carried forward, planned or allocated, spent, committed and what is left, as far as it was asked.
    fn reconciliation(&self, lines: &[MoneyLine], planned: Option<&Planned>) -> Result<Vec<Line>, ServiceError> {
        let too_large = || ServiceError::internal("the grant is too large to add up");
        let mut out = Vec::new();
        let allocations = &self.register.allocations;
        let allocated = Money::checked_sum(allocations.iter().map(|of| of.amount)).ok_or_else(too_large)?;
        let mut limit = allocated;
        if self.form.owed_by == OwedBy::Grant {
            let grant = &self.register.grant;
            limit = grant.amount.checked_add(grant.carried_forward).ok_or_else(too_large)?;
            out.push(Line::exact("Awarded", grant.amount));
            if grant.carried_forward != Money::ZERO {
                out.push(Line::exact(
                    "Carried forward from the year before",
                    grant.carried_forward,
                ));
                out.push(Line::exact("Available", limit));
            }
            if let Some(planned) = planned {
                out.extend(planned.lines(limit).ok_or_else(too_large)?);
            } else if !lines.is_empty() {
                let unallocated = limit.checked_sub(allocated).ok_or_else(too_large)?;
                out.push(Line::exact("Allocated to projects", allocated));
                out.push(Line::exact("Unallocated", unallocated));
                out.extend(grant.held_back.map(|held| Line::exact("Of this, held back", held)));
                limit = allocated;
            }
        } else {
            let whole = whole(self.form, self.register);
            out.push(Line::exact(format!("Allocated: {whole}"), allocated));
        }
        out.extend(self.totals(lines, limit).ok_or_else(too_large)?);
        Ok(out)
    }

    /// Spent, committed and left in all; none when they are too large to add up.
    fn totals(&self, lines: &[MoneyLine], limit: Money) -> Option<Vec<Line>> {
        let mut out = Vec::new();
        let mut total = |label: &str, is: MoneyIs, of: fn(&MoneyLine) -> Amount| {
            let whole = self.amount(&Subject::Whole, is);
            let (stated, missing) = match whole {
                Amount::Given(stated) => (stated, Vec::new()),
                Amount::NotGiven => (Stated::NOTHING, vec![whole_words(self)]),
                Amount::NotAsked => {
                    let given = lines.iter().filter_map(|line| of(line).given());
                    let missing = lines.iter().filter(|line| of(line) == Amount::NotGiven);
                    (Stated::sum(given)?, missing.map(|line| line.title.clone()).collect())
                }
            };
            if self.asks(is) {
                out.push(Line::of(label, stated, &missing));
            }
            Some((stated, missing))
        };
        let (spent, without_spent) = total("Spent", MoneyIs::Spent, |line| line.spent)?;
        let (committed, without_committed) = total("Committed", MoneyIs::Committed, |line| line.committed)?;
        if !self.left_is_known() {
            return Some(out);
        }
        let label = left_label(
            self.asks(MoneyIs::Committed),
            lines.is_empty() && self.form.owed_by == OwedBy::Grant,
        );
        if lines.is_empty() {
            if without_spent.is_empty() && without_committed.is_empty() {
                let used = Stated::plus(spent, committed)?;
                let left = limit.checked_sub(used.amount)?;
                out.push(Line::of(label, Stated { amount: left, ..used }, &[]));
            }
            return Some(out);
        }
        let left = Stated::sum(lines.iter().filter_map(|line| line.left))?;
        let unknown = lines.iter().filter(|line| line.left.is_none());
        let unknown: Vec<String> = unknown.map(|line| line.title.clone()).collect();
        out.push(Line::of(label, left, &unknown));
        Some(out)
    }
}

fn whole_words(books: &Books<'_>) -> String {
    whole(books.form, books.register)
}

fn left_label(committed: bool, of_grant: bool) -> &'static str {
    match (committed, of_grant) {
        (true, _) => "Neither spent nor committed",
        (false, true) => "Not spent",
        (false, false) => "Allocated and not spent",
    }
}

/// What an allocation leaves when what was spent and committed is taken off; none while one of them is not known.
fn left_of(allocated: Money, spent: Amount, committed: Amount) -> Option<Stated> {
    let used = match (spent, committed) {
        (Amount::NotGiven, _) | (_, Amount::NotGiven) | (Amount::NotAsked, Amount::NotAsked) => return None,
        (spent, committed) => {
            let given = [spent, committed].into_iter().filter_map(Amount::given);
            Stated::sum(given)?
        }
    };
    Some(Stated {
        amount: allocated.checked_sub(used.amount)?,
        ..used
    })
}
