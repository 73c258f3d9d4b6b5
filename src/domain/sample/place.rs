//! Where in a return something can be typed, and typing it there.
//!
//! Invariant: only what is shown and is not worked out or locked is a place.

use chrono::DateTime;
use uuid::Uuid;

use super::made::Made;
use crate::answers::types::{Answer, Draft, DraftAnswer, Evaluated, Mark, Place as Beside, SectionKey};
use crate::form::schema::{Form, Kind, Question, Table, TableRows};
use crate::ids::PersonId;

/// A question, the cell of a table, or a table to which rows can be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub section: SectionKey,
    /// Indices into the form's sections and the section's questions.
    pub at: (usize, usize),
    /// The question's id.
    pub question: String,
    /// Of a cell: the row's id, and an index into the columns.
    pub cell: Option<(String, usize)>,
    /// Whether there is an answer now.
    pub is_blank: bool,
}

impl Place {
    /// What is asked there.
    pub fn asked<'f>(&self, form: &'f Form) -> &'f Question {
        let question = self.whole(form);
        match (&question.kind, &self.cell) {
            (Kind::Table(table), Some((_, column))) => &table.columns[*column],
            _ => question,
        }
    }

    /// The question, of a cell its table.
    pub fn whole<'f>(&self, form: &'f Form) -> &'f Question {
        &form.sections[self.at.0].questions[self.at.1]
    }

    /// The table of a cell.
    pub fn table<'f>(&self, form: &'f Form) -> Option<&'f Table> {
        match (&self.whole(form).kind, &self.cell) {
            (Kind::Table(table), Some(_)) => Some(table),
            _ => None,
        }
    }

    /// Whether a finding stands beside it.
    pub fn is_beside(&self, form: &Form, beside: &Beside) -> bool {
        beside.section == self.section
            && beside.question == self.question
            && match (&beside.cell, &self.cell) {
                (None, _) => true,
                (Some(cell), Some((row, column))) => {
                    let id = self.table(form).map(|table| table.columns[*column].id.as_str());
                    cell.row == *row && (cell.column.is_none() || cell.column.as_deref() == id)
                }
                (Some(_), None) => false,
            }
    }

    /// What was typed there.
    pub fn typed<'d>(&self, form: &Form, draft: &'d Draft) -> Option<&'d str> {
        let answer = draft.sections.get(&self.section)?.answers.get(&self.question)?;
        answer.fields.get(&self.field(form, "value")).map(String::as_str)
    }

    /// The name of a field: of a cell `row.column`, or `row.column.part`.
    fn field(&self, form: &Form, part: &str) -> String {
        match (&self.cell, self.table(form)) {
            (Some((row, column)), Some(table)) => {
                let column = &table.columns[*column].id;
                match part {
                    "value" => format!("{row}.{column}"),
                    part => format!("{row}.{column}.{part}"),
                }
            }
            _ => part.to_owned(),
        }
    }

    /// Types something in the place of what stood there.
    pub fn put(&self, form: &Form, draft: &mut Draft, made: Made) {
        self.clear(form, draft);
        let section = draft.sections.entry(self.section.clone()).or_default();
        let answer = section.answers.entry(self.question.clone()).or_insert_with(nothing);
        for (part, text) in made.fields {
            answer.fields.insert(self.field(form, &part), text);
        }
        if self.cell.is_none() {
            answer.mark = made.mark;
            answer.approximately = made.approximately;
            answer.files = made.files;
            return;
        }
        let cell = self.field(form, "value");
        match made.mark {
            Mark::Given => {}
            Mark::NotKnown => drop(answer.fields.insert(format!("{cell}~mark"), "not-known".to_owned())),
            Mark::NotApplicable => drop(
                answer
                    .fields
                    .insert(format!("{cell}~mark"), "not-applicable".to_owned()),
            ),
        }
        if made.approximately {
            answer.fields.insert(format!("{cell}~approximately"), "yes".to_owned());
        }
    }

    /// Takes out what was typed there.
    pub fn clear(&self, form: &Form, draft: &mut Draft) {
        let Some(section) = draft.sections.get_mut(&self.section) else {
            return;
        };
        let Some(answer) = section.answers.get_mut(&self.question).filter(|_| self.cell.is_some()) else {
            section.answers.remove(&self.question);
            return;
        };
        let cell = self.field(form, "value");
        let of_it = |name: &str| {
            name.strip_prefix(&cell)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '~']))
        };
        answer.fields.retain(|name, _| !of_it(name));
    }
}

fn nothing() -> DraftAnswer {
    DraftAnswer {
        fields: std::collections::BTreeMap::new(),
        mark: Mark::Given,
        approximately: false,
        files: Vec::new(),
        by: PersonId::from(Uuid::nil()),
        at: DateTime::UNIX_EPOCH,
        version: 1,
    }
}

/// Whether somebody types its answer.
pub(super) fn is_typed(question: &Question) -> bool {
    !question.locked && !matches!(question.kind, Kind::Calculated { .. })
}

/// Everywhere that something can be typed now.
pub(super) fn places(form: &Form, evaluated: &Evaluated) -> Vec<Place> {
    let mut found = Vec::new();
    for section in &evaluated.sections {
        for view in section.questions.iter().filter(|view| view.visible) {
            let question = &form.sections[section.section].questions[view.question];
            let place = |cell: Option<(String, usize)>, answer: &Answer| Place {
                section: section.key.clone(),
                at: (section.section, view.question),
                question: question.id.clone(),
                cell,
                is_blank: *answer == Answer::Blank,
            };
            let (Kind::Table(table), Some(shown)) = (&question.kind, &view.table) else {
                if is_typed(question) {
                    found.push(place(None, &view.answer));
                }
                continue;
            };
            if matches!(table.rows, TableRows::Added { .. }) {
                let none = if shown.rows.is_empty() {
                    &Answer::Blank
                } else {
                    &Answer::NotKnown
                };
                found.push(place(None, none));
            }
            for row in &shown.rows {
                for (column, cell) in row.cells.iter().enumerate() {
                    if cell.visible && table.columns.get(column).is_some_and(is_typed) {
                        found.push(place(Some((row.id.clone(), column)), &cell.answer));
                    }
                }
            }
        }
    }
    found
}
