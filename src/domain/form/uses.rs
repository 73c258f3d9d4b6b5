//! What a form asks for beside its answers: figures signed before, figures from beneath, decisions of an officer.
//!
//! Invariant: read off the form alone, so that what nobody asks for is neither fetched nor frozen.

use std::collections::{BTreeMap, BTreeSet};

use super::rule::{Name, Rule};
use super::schema::{AddUp, Form, Kind, MessagePart, Question, Section};

/// How a measure adds up across providers, and over time; none means listed.
pub type AddsUp = (Option<AddUp>, Option<AddUp>);

impl Form {
    /// Every question and, of a table, every column, with the section it stands in.
    pub fn asked(&self) -> impl Iterator<Item = (&Section, &Question)> {
        self.sections.iter().flat_map(|section| {
            section.questions.iter().flat_map(move |question| {
                std::iter::once((section, question))
                    .chain(columns(question).iter().map(move |column| (section, column)))
            })
        })
    }

    /// The measures that are filled from returns beneath, by the form of those returns.
    pub fn rolled_up(&self) -> BTreeMap<&str, BTreeSet<&str>> {
        let mut named: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (_, question) in self.asked() {
            if let Some(from) = &question.roll_up {
                named.entry(&from.form).or_default().insert(&from.measure);
            }
        }
        named
    }

    /// Whether anything is shown or worked out from what was signed before.
    pub fn looks_back(&self) -> bool {
        let reads = |rule: &Rule| rule.reads().iter().any(|name| matches!(name, Name::Previous(_)));
        let shown = self
            .asked()
            .any(|(_, question)| question.previous || rules(question).any(reads));
        shown
            || self.checks.iter().any(|check| {
                let told = check.message.parts.iter().any(|part| match part {
                    MessagePart::Value(rule) => reads(rule),
                    MessagePart::Text(_) => false,
                });
                reads(&check.rule) || told
            })
    }

    /// How the figures of a measure add up: a question's or a column's by its own rule, a named measure's count by count.
    pub fn adds_up(&self, measure: &str) -> AddsUp {
        let (id, column) = measure.split_once('.').unwrap_or((measure, ""));
        let of = |question: &Question| (question.over_providers, question.over_time);
        let asked = match self.question(id) {
            Some((_, question)) if column.is_empty() => Some(of(question)),
            Some((_, table)) => columns(table).iter().find(|known| known.id == column).map(of),
            None => None,
        };
        asked.unwrap_or_else(|| {
            let named = self.measures.iter().any(|known| known.id == measure);
            let counted = named.then_some(AddUp::Sum);
            (counted, counted)
        })
    }

    /// The tables on whose rows the officer of this stage decides, with their sections.
    pub fn decided_in<'a>(&'a self, stage: &'a str) -> impl Iterator<Item = (&'a Section, &'a Question)> {
        self.asked()
            .filter(move |(_, question)| question.decided_in.as_deref() == Some(stage))
    }

    /// The section that a key belongs to, `section` or `section/subject`, and its subject.
    pub fn section_of<'a>(&self, key: &'a str) -> Option<(&Section, Option<&'a str>)> {
        let (id, subject) = match key.split_once('/') {
            Some((id, subject)) => (id, Some(subject)),
            None => (key, None),
        };
        self.section(id).map(|section| (section, subject))
    }
}

/// The columns of a table; none for another question.
pub fn columns(question: &Question) -> &[Question] {
    match &question.kind {
        Kind::Table(table) => &table.columns,
        _ => &[],
    }
}

/// The rules of one question or column, those of a table's columns left out.
fn rules(question: &Question) -> impl Iterator<Item = &Rule> {
    let of_kind = match &question.kind {
        Kind::Percent { check, .. } => check.as_ref(),
        Kind::Calculated { value, .. } => Some(value),
        _ => None,
    };
    let same = question.same_as.as_ref().map(|same| &same.rule);
    [question.show_if.as_ref(), question.from.as_ref(), same, of_kind]
        .into_iter()
        .flatten()
}
