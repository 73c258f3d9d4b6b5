//! coverage: of which returns a paper's figures are, and who is missing.
//!
//! Invariant: a return that was excused is not expected, and is named; one that is not signed is missing, whatever has been
//! submitted of it.

use std::collections::{BTreeMap, BTreeSet};

use countersign_domain::document::{Block, Cell, Coverage, Row, Table};
use countersign_domain::form::schema::{Form, Kind};
use countersign_domain::ids::AllocationId;
use countersign_domain::money::Money;
use countersign_domain::period::Period;
use countersign_domain::workflow::State;

use super::super::adding::whole;
use super::super::material::{Datum, Held, When};
use super::super::measured::Measured;
use super::Telling;
use super::options::Options;
use super::table::{text, text_column};
use crate::wording::report::{Call, Returned};

/// How many are named before the rest are counted.
const NAMED: usize = 40;

impl<'t> Telling<'t> {
    /// Of which returns these figures are, of the paper's own time or an earlier one.
    pub(super) fn coverage_of(&self, measures: &[(Measured<'_>, Vec<&Datum>)], when: When) -> Coverage {
        let forms: BTreeSet<String> = measures.iter().map(|(measured, _)| measured.form.id.clone()).collect();
        let provisional: BTreeSet<usize> = measures
            .iter()
            .flat_map(|(_, data)| data)
            .filter(|datum| self.material.held(datum).provisional)
            .map(|datum| datum.held)
            .collect();
        let forms: Vec<String> = forms.into_iter().collect();
        Coverage {
            provisional: provisional.len() as u64,
            ..self.coverage_in(&forms, when)
        }
    }

    /// Of which returns figures of these forms are; of every form where none is named.
    pub(super) fn coverage_of_forms(&self, forms: &[String]) -> Coverage {
        self.coverage_in(forms, When::Now)
    }

    fn coverage_in(&self, forms: &[String], when: When) -> Coverage {
        let material = self.material;
        let owed: Vec<&Held> = material.owed_in(forms, when).map(|(_, held)| held).collect();
        let several = owed.iter().map(|held| &held.ret.form).collect::<BTreeSet<_>>().len() > 1;
        let unsigned = owed.iter().filter(|held| held.ret.signed_revision.is_none());
        let excused = material
            .returns_in(forms, when)
            .filter(|(_, held)| held.ret.state == State::Excused);
        Coverage {
            signed: owed.iter().filter(|held| held.ret.signed_revision.is_some()).count() as u64,
            expected: owed.len() as u64,
            money: owed
                .iter()
                .any(|held| is_of_money(&held.form))
                .then(|| self.money_of(&owed))
                .flatten()
                .filter(|(_, all)| *all != Money::ZERO),
            missing: capped(unsigned.map(|held| self.missing(held, several)).collect()),
            excused: capped(excused.map(|(_, held)| self.excused(held)).collect()),
            named_under: None,
            provisional: owed.iter().filter(|held| held.provisional).count() as u64,
        }
    }

    /// Allocated to what every return is signed of, and to all.
    fn money_of(&self, owed: &[&Held]) -> Option<(Money, Money)> {
        let mut covered: BTreeMap<AllocationId, (Money, bool)> = BTreeMap::new();
        for held in owed {
            for allocation in self.material.owed_for(held) {
                let amount = allocation.approved.checked_add(allocation.uncovered)?;
                let known = covered.entry(allocation.id).or_insert((amount, true));
                known.1 &= held.ret.signed_revision.is_some();
            }
        }
        let signed = covered.values().filter(|(_, signed)| *signed);
        Some((
            Money::checked_sum(signed.map(|(amount, _)| *amount))?,
            Money::checked_sum(covered.values().map(|(amount, _)| *amount))?,
        ))
    }

    fn missing(&self, held: &Held, several: bool) -> String {
        let material = self.material;
        let form = match several {
            true => format!("{}: ", material.words(&held.form.title)),
            false => String::new(),
        };
        let stands = match held.ret.state {
            State::InReview(_) | State::InSignOff(_) => " (submitted, not signed)".to_owned(),
            _ if held.ret.first_submitted_at.is_some() => " (sent back)".to_owned(),
            _ if material.today <= held.ret.due_on => {
                format!(" (due {})", countersign_domain::answers::format::date(held.ret.due_on))
            }
            _ => String::new(),
        };
        format!("{form}{}, {}{stands}", material.subject(held), material.period(held))
    }

    fn excused(&self, held: &Held) -> String {
        let (subject, period) = (self.material.subject(held), self.material.period(held));
        let mut acts = self.material.acts_of(held.ret.id).rev();
        let reason = acts
            .find(|act| act.action == "excuse")
            .and_then(|act| act.reason.clone());
        match reason {
            // Why is the commissioner's own business.
            Some(reason) if !self.material.travels() => {
                format!("{subject}, {period}: {}", reason.trim_end_matches('.'))
            }
            _ => format!("{subject}, {period}"),
        }
    }

    pub(super) fn coverage(&self, call: &Call) -> Result<Returned, String> {
        let options = Options::of(call, 0, &["title"])?;
        let material = self.material;
        let mut lines: BTreeMap<(String, Period), Vec<&Held>> = BTreeMap::new();
        for (_, held) in material.returns_now(&material.brief.forms) {
            let line = lines.entry((held.ret.form.clone(), held.ret.period)).or_default();
            line.push(held);
        }
        let rows = lines.into_values().map(|returns| {
            let owed = || returns.iter().filter(|held| held.ret.state != State::Excused);
            let signed = owed().filter(|held| held.ret.signed_revision.is_some()).count();
            let missing = owed()
                .filter(|held| held.ret.signed_revision.is_none())
                .map(|held| material.subject(held));
            let excused = returns
                .iter()
                .filter(|held| held.ret.state == State::Excused)
                .map(|held| material.subject(held));
            let number = |count| Cell::Figure { figure: whole(count) };
            let words = |all: Vec<String>| match all.is_empty() {
                true => text("None".to_owned()),
                false => text(capped(all).join("; ")),
            };
            let mut cells = vec![
                text(material.words(&returns[0].form.title)),
                text(material.period(returns[0])),
                number(owed().count()),
                number(signed),
            ];
            cells.extend([words(missing.collect()), words(excused.collect())]);
            Row { cells, total: false }
        });
        let numeric = |title: &str| countersign_domain::document::Column {
            title: title.to_owned(),
            numeric: true,
        };
        Ok(Returned::Blocks(vec![Block::Table(Table {
            caption: options
                .text("title")?
                .unwrap_or("Returns that the figures are of")
                .to_owned(),
            columns: vec![
                text_column("Form"),
                text_column("Period"),
                numeric("Expected"),
                numeric("Signed"),
                text_column("Missing"),
                text_column("Excused"),
            ],
            rows: rows.collect(),
            coverage: Some(self.coverage_of_forms(&material.brief.forms)),
            notes: Vec::new(),
        })]))
    }
}

/// Whether a form asks for any amount.
fn is_of_money(form: &Form) -> bool {
    form.asked()
        .any(|(_, question)| matches!(question.kind, Kind::Money { .. } | Kind::Split { .. }))
}

fn capped(mut all: Vec<String>) -> Vec<String> {
    if all.len() > NAMED {
        let more = all.len() - NAMED;
        all.truncate(NAMED);
        all.push(format!("and {more} more"));
    }
    all
}
