//! findings: what the checks of the returns said, with what was explained, and what the paper itself found.
//!
//! Invariant: of a finding that tells of people, or quotes what was written, nothing leaves the commissioner's office but by
//! a named person's clearance.

use countersign_domain::answers::types::{Finding, SectionKey};
use countersign_domain::document::{Block, Row, Table};
use countersign_domain::form::schema::{Form, Kind, TableRows};
use countersign_domain::form::uses::columns;

use super::super::frozen::{Frozen, FrozenSection};
use super::super::material::{Datum, Held};
use super::super::measured::Measured;
use super::super::names::Names;
use super::super::people;
use super::Telling;
use super::answers::NOT_CLEARED;
use super::options::Options;
use super::table::{text, text_column};
use crate::wording::report::{Call, Returned};

/// What a paper found by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::service::report) struct Found {
    pub(super) message: String,
    /// As a return has it; none: unexplained.
    pub(super) explanation: Option<String>,
}

/// The place by which the words of a finding are cleared.
pub(in crate::service::report) fn finding_place(finding: &Finding) -> String {
    format!("finding:{}", finding.key)
}

/// Whether a finding tells of people, or of words that were written.
pub(in crate::service::report) fn needs_clearing(form: &Form, finding: &Finding) -> bool {
    let people = |id: &str| {
        let own = people::asked(form, id).is_some_and(|question| question.kind.counts_people());
        own || !people::under(form, id).is_empty()
    };
    finding.at.is_empty()
        || finding.at.iter().any(|place| {
            let Some((_, question)) = form.question(&place.question) else {
                return true;
            };
            let column = place.cell.as_ref().and_then(|cell| cell.column.as_ref());
            match (&question.kind, column) {
                (Kind::Table(_), Some(column)) => {
                    let id = format!("{}.{column}", question.id);
                    let figure = form.column(&id).is_some_and(|(.., column)| column.kind.is_figure());
                    !figure || people(&id)
                }
                (Kind::Table(_), None) => columns(question)
                    .iter()
                    .any(|column| people(&format!("{}.{}", question.id, column.id))),
                (kind, _) => !kind.is_figure() || people(&question.id),
            }
        })
}

impl Telling<'_> {
    pub(super) fn findings(&self, call: &Call) -> Result<Returned, String> {
        let options = Options::of(call, 0, &["title"])?;
        let material = self.material;
        let mut rows = Vec::new();
        for (_, held) in material.returns_now(&material.brief.forms) {
            let Some(frozen) = material.documents.get(&held.ret.id) else {
                continue;
            };
            let names = Names::new(&held.form, frozen);
            let ret = format!("{}, {}", material.subject(held), material.period(held));
            let (mut closed, mut about_closed) = (0_usize, Vec::new());
            for finding in &frozen.findings {
                let about = names.of_finding(finding);
                let open = !material.travels()
                    || !needs_clearing(&held.form, finding)
                    || material.is_cleared(held, &finding_place(finding));
                if !open {
                    closed += 1;
                    put(&mut about_closed, &about);
                    continue;
                }
                let explanation = finding.explanation.as_ref();
                let explanation = explanation.map_or("Unexplained", |explanation| &explanation.text);
                rows.push([ret.clone(), about, finding.message.clone(), explanation.to_owned()]);
            }
            if closed > 0 {
                let found = match closed {
                    1 => "1 finding".to_owned(),
                    many => format!("{many} findings"),
                };
                rows.push([ret, about_closed.join("; "), found, NOT_CLEARED.to_owned()]);
            }
        }
        for found in &self.known {
            let explanation = found.explanation.clone();
            let explanation = explanation.unwrap_or_else(|| "Unexplained".to_owned());
            rows.push([
                "This paper".to_owned(),
                String::new(),
                found.message.clone(),
                explanation,
            ]);
        }
        let mut notes = Vec::new();
        if rows.is_empty() {
            notes.push("No check of these returns found anything.".to_owned());
        }
        let rows = rows.into_iter().map(|cells| Row {
            cells: cells.into_iter().map(text).collect(),
            total: false,
        });
        Ok(Returned::Blocks(vec![Block::Table(Table {
            caption: options.text("title")?.unwrap_or("Findings").to_owned(),
            columns: ["Return", "About", "Finding", "Explanation"].map(text_column).to_vec(),
            rows: rows.collect(),
            coverage: None,
            notes,
        })]))
    }

    /// What the returns under a figure explain of it: of a finding about it, and where they say why it is as it is. Of people
    /// only what was cleared, where the paper leaves the commissioner's office.
    pub(super) fn explanations(&self, measured: &Measured<'_>, data: &[&Datum]) -> Vec<String> {
        let question = match measured.named.table {
            Some(table) => &table.id,
            None => measured.id(),
        };
        let material = self.material;
        let closed = material.travels() && measured.tells_of_people();
        let mut all: Vec<String> = Vec::new();
        for datum in data {
            let held = material.held(datum);
            let Some(frozen) = material.documents.get(&held.ret.id) else {
                continue;
            };
            let (within, cell) = measured.row_parts(datum.row.figure.row.as_deref());
            let subject = within.or(datum.row.figure.allocation.as_deref());
            for finding in &frozen.findings {
                let here = finding.at.iter().any(|place| {
                    place.question == *question
                        && same_section(&place.section, subject)
                        && place
                            .cell
                            .as_ref()
                            .is_none_or(|at| cell.is_none_or(|row| at.row == row))
                });
                let open = !closed || material.is_cleared(held, &finding_place(finding));
                if let Some(explanation) = finding.explanation.as_ref().filter(|_| here && open) {
                    put(&mut all, &explanation.text);
                }
            }
            if !closed {
                for words in notes_on(&held.form, frozen, question, subject) {
                    put(&mut all, words);
                }
            }
        }
        all
    }

    /// What a return of a whole grant says because of one of its figures.
    pub(super) fn notes_of(&self, held: &Held, figure: &str) -> Vec<String> {
        let frozen = self.material.documents.get(&held.ret.id);
        let notes = frozen
            .into_iter()
            .flat_map(|frozen| notes_on(&held.form, frozen, figure, None));
        notes.map(str::to_owned).collect()
    }

    /// What the return of a project says of a finding about its money.
    pub(super) fn explained_money(&self, held: &Held, subject: Option<&str>) -> Vec<String> {
        let Some(frozen) = self.material.documents.get(&held.ret.id) else {
            return Vec::new();
        };
        let mut all = Vec::new();
        let is_money = |question: &str| {
            held.form.question(question).is_some_and(|(_, question)| {
                question.money_is.is_some() || columns(question).iter().any(|column| column.money_is.is_some())
            })
        };
        for finding in &frozen.findings {
            let here = finding.at.iter().any(|place| {
                let by_rows = held.form.question(&place.question).is_some_and(|(_, question)| {
                    matches!(&question.kind, Kind::Table(table) if table.rows == TableRows::Allocations)
                });
                let of_row = place
                    .cell
                    .as_ref()
                    .is_none_or(|cell| !by_rows || subject.is_none_or(|subject| cell.row == subject));
                is_money(&place.question) && same_section(&place.section, subject) && of_row
            });
            if let Some(explanation) = finding.explanation.as_ref().filter(|_| here) {
                put(&mut all, &explanation.text);
            }
        }
        let money = held.form.asked().filter(|(_, question)| question.money_is.is_some());
        let money: Vec<&str> = money.map(|(_, question)| question.id.as_str()).collect();
        for question in money {
            for words in notes_on(&held.form, frozen, question, subject) {
                put(&mut all, words);
            }
        }
        all
    }
}

fn put(all: &mut Vec<String>, words: &str) {
    if !all.iter().any(|known| known == words) {
        all.push(words.to_owned());
    }
}

/// Whether a place is in the section of this subject, or in one that does not repeat.
fn same_section(section: &SectionKey, subject: Option<&str>) -> bool {
    match (section.0.split_once('/'), subject) {
        (Some((_, own)), Some(subject)) => own == subject,
        _ => true,
    }
}

/// What was written where a question is asked because of a figure: why less was spent than was allocated.
fn notes_on<'f>(
    form: &'f Form,
    frozen: &'f Frozen,
    figure: &'f str,
    subject: Option<&'f str>,
) -> impl Iterator<Item = &'f str> {
    use countersign_domain::form::rule::Name;
    let asked: Vec<&str> = form
        .asked()
        .filter(|(_, question)| matches!(question.kind, Kind::Narrative { .. }))
        .filter(|(_, question)| {
            let reads = question.show_if.iter().flat_map(|rule| rule.reads());
            let mut names = reads.filter_map(|name| match name {
                Name::Question(id) => Some(id.as_str()),
                _ => None,
            });
            names.any(|id| id == figure)
        })
        .map(|(_, question)| question.id.as_str())
        .collect();
    let here = move |section: &&FrozenSection| match (section.subject(), subject) {
        (Some(own), Some(subject)) => own == subject,
        _ => true,
    };
    frozen.sections.iter().filter(here).flat_map(move |section| {
        let answers = section.answers.iter();
        let found = answers.filter(|answer| asked.contains(&answer.question.as_str()) && !answer.shown.is_empty());
        found.map(|answer| answer.shown.as_str()).collect::<Vec<_>>()
    })
}
