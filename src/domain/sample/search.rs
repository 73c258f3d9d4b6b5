//! Looks for answers that can be submitted: tries, works out what is wrong, and mends it.
//!
//! Invariant: bounded by the number of tries; when none is found, what stood in the way of the best one is said.

use std::collections::BTreeSet;

use chrono::DateTime;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::lot::Lot;
use super::made::{Stuff, made, words};
use super::place::{Place, places};
use crate::answers::evaluate;
use crate::answers::types::{Draft, DraftSection, Evaluated, Explanation, Finding, Register, SectionKey};
use crate::form::rule::{Name, Rule};
use crate::form::schema::{Form, Kind, TableKind};
use crate::ids::PersonId;

/// How often what a rule hides is looked for again.
const ROUNDS: usize = 8;
/// How many changes are tried to mend one set of answers.
const MENDS: usize = 120;
/// How many of a hundred questions are answered that need not be, try after try.
const ANSWERED: [i64; 4] = [75, 50, 20, 0];

/// A section, a question, and of a table the row and the column.
type Spot = (SectionKey, String, Option<(String, usize)>);

/// No set of answers was found that can be submitted. That does not mean that there is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no answers that can be submitted were found in {tries} tries; the best of them had this against it: {}", .left.join(" "))]
pub struct NoneFound {
    /// How many were tried.
    pub tries: usize,
    /// What was wrong with the best one, as its page would say it.
    pub left: Vec<String>,
}

/// Answers that can be submitted, each warning explained.
pub fn valid(form: &Form, register: &Register, seed: u64, tries: usize) -> Result<Draft, NoneFound> {
    let mut lot = Lot::new(seed);
    let mut best: Option<Vec<String>> = None;
    for attempt in 0..tries {
        let answered = ANSWERED[attempt % ANSWERED.len()];
        let mut draft = begun(form, &mut lot);
        fill(form, register, &mut draft, answered, &mut lot);
        mend(form, register, &mut draft, &mut lot);
        explain(form, register, &mut draft, &mut lot);
        let evaluated = evaluate(form, register, &draft);
        if evaluated.ready() {
            return Ok(draft);
        }
        let left: Vec<String> = evaluated.blocking().map(|finding| finding.message.clone()).collect();
        if best.as_ref().is_none_or(|best| left.len() < best.len()) {
            best = Some(left);
        }
    }
    Err(NoneFound {
        tries,
        left: best.unwrap_or_default(),
    })
}

/// Nothing answered; the rows of sections that have some are there.
fn begun(form: &Form, lot: &mut Lot) -> Draft {
    let mut draft = Draft::default();
    for section in &form.sections {
        let Some(rows) = &section.rows else { continue };
        for number in 1..=lot.between(i64::from(rows.min), i64::from(rows.max.min(rows.min + 2))) {
            let key = SectionKey(format!("{}/{number}", section.id));
            draft.sections.insert(key, DraftSection::default());
        }
    }
    draft
}

/// Answers what must be and some of the rest, and then what that has brought to light.
fn fill(form: &Form, register: &Register, draft: &mut Draft, answered: i64, lot: &mut Lot) {
    let mut seen: BTreeSet<Spot> = BTreeSet::new();
    for _ in 0..ROUNDS {
        let evaluated = evaluate(form, register, draft);
        let before = seen.len();
        for place in places(form, &evaluated) {
            let new = seen.insert((place.section.clone(), place.question.clone(), place.cell.clone()));
            if new && place.is_blank && (place.asked(form).required || lot.chance(answered)) {
                let stuff = Stuff {
                    register,
                    figures: &[],
                    most: most(form, draft, &place, &evaluated),
                };
                let made = made(place.asked(form), &stuff, lot);
                place.put(form, draft, made);
            }
        }
        if seen.len() == before {
            return;
        }
    }
}

/// The most that a count may be: of a funnel, what the stage before has.
fn most(form: &Form, draft: &Draft, place: &Place, evaluated: &Evaluated) -> i64 {
    const ANY: i64 = 1_000_000;
    let funnel = place.table(form).filter(|table| table.made_as == TableKind::Funnel);
    let (Some(_), Some((row, column))) = (funnel, &place.cell) else {
        return ANY;
    };
    let view = evaluated.section(&place.section);
    let view = view.and_then(|section| section.questions.iter().find(|view| view.id == place.question));
    let rows = view
        .and_then(|view| view.table.as_ref())
        .map_or(&[][..], |table| &table.rows);
    let above = rows.iter().take_while(|other| other.id != *row);
    let counts = above.filter_map(|other| {
        let cell = Some((other.id.clone(), *column));
        let other = Place { cell, ..place.clone() };
        other.typed(form, draft)?.parse().ok()
    });
    counts.min().unwrap_or(ANY)
}

/// Changes answers until nothing is wrong with them, or for so long.
fn mend(form: &Form, register: &Register, draft: &mut Draft, lot: &mut Lot) {
    let mut evaluated = evaluate(form, register, draft);
    for _ in 0..MENDS {
        let wrong: Vec<&Finding> = evaluated.blocking().collect();
        if wrong.is_empty() {
            return;
        }
        let finding = wrong[lot.index(wrong.len())];
        let involved = involved(form, &evaluated, finding);
        if involved.is_empty() {
            continue;
        }
        let place = &involved[lot.index(involved.len())];
        let mut changed = draft.clone();
        if !place.asked(form).required && lot.chance(15) {
            place.clear(form, &mut changed);
        } else {
            let stuff = Stuff {
                register,
                figures: &figures_in(finding),
                most: most(form, draft, place, &evaluated),
            };
            place.put(form, &mut changed, made(place.asked(form), &stuff, lot));
        }
        let now = evaluate(form, register, &changed);
        let (before, after) = (wrong.len(), now.blocking().count());
        if after < before || (after == before && lot.chance(50)) {
            *draft = changed;
            evaluated = now;
        }
    }
}

/// The places by which a finding can be mended: those beside it, and those that its rule reads.
pub(super) fn involved(form: &Form, evaluated: &Evaluated, finding: &Finding) -> Vec<Place> {
    let mut ids: BTreeSet<&str> = BTreeSet::new();
    for check in form.checks.iter().filter(|check| check.id == finding.check) {
        ids.extend(read_by(form, &check.rule));
    }
    for beside in &finding.at {
        let asked = form.question(&beside.question).map(|(_, question)| question);
        let column = beside.cell.as_ref().and_then(|cell| cell.column.as_ref());
        let asked = match (asked.map(|of| &of.kind), column) {
            (Some(Kind::Table(table)), Some(column)) => table.columns.iter().find(|of| of.id == *column),
            _ => asked,
        };
        let Some(asked) = asked else { continue };
        ids.extend(asked.same_as.iter().flat_map(|same| read_by(form, &same.rule)));
        if let Kind::Percent { check: Some(rule), .. } | Kind::Calculated { value: rule, .. } = &asked.kind {
            ids.extend(read_by(form, rule));
        }
    }
    let named = |place: &Place| ids.contains(place.question.as_str()) || ids.contains(place.asked(form).id.as_str());
    let beside = |place: &Place| finding.at.iter().any(|at| place.is_beside(form, at));
    let all = places(form, evaluated).into_iter();
    all.filter(|place| beside(place) || named(place)).collect()
}

/// The questions and columns that a rule reads, and those that what it reads is worked out of.
fn read_by<'f>(form: &'f Form, rule: &'f Rule) -> BTreeSet<&'f str> {
    let mut found = BTreeSet::new();
    let mut rules = vec![rule];
    while let Some(rule) = rules.pop() {
        for name in rule.reads() {
            let id = match name {
                Name::Question(id)
                | Name::Numerator(id)
                | Name::Denominator(id)
                | Name::Low(id)
                | Name::High(id)
                | Name::Cell { column: id, .. }
                | Name::Column { column: id, .. } => id.rsplit('.').next().unwrap_or(id),
                Name::Measure(id) => {
                    let measure = form.measures.iter().find(|measure| measure.id == *id);
                    found.extend(measure.into_iter().flat_map(|of| [of.of.as_str(), of.per.as_str()]));
                    continue;
                }
                _ => continue,
            };
            if !found.insert(id) {
                continue;
            }
            let asked = form
                .asked()
                .map(|(_, question)| question)
                .find(|question| question.id == id);
            if let Some(Kind::Calculated { value, .. }) = asked.map(|question| &question.kind) {
                rules.push(value);
            }
        }
    }
    found
}

/// The figures that a finding speaks of: what is wanted is often one of them.
pub(super) fn figures_in(finding: &Finding) -> Vec<Decimal> {
    let mut found = vec![Decimal::ZERO];
    let text = finding.message.replace(',', "");
    for word in text.split(|c: char| !(c.is_ascii_digit() || c == '.')) {
        found.extend(Decimal::from_str_exact(word.trim_matches('.')));
    }
    found
}

/// Explains every warning.
fn explain(form: &Form, register: &Register, draft: &mut Draft, lot: &mut Lot) {
    for finding in evaluate(form, register, draft).unexplained() {
        let explanation = Explanation {
            text: words(8, lot),
            figures: finding.figures.clone(),
            by: PersonId::from(Uuid::nil()),
            at: DateTime::UNIX_EPOCH,
        };
        draft.explanations.insert(finding.key.clone(), explanation);
    }
}
