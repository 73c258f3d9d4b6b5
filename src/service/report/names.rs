//! What a paper calls each figure of a revision, and for what it stands.
//!
//! Invariant: a figure is named by the words that its revision froze: its project, cohort or row, its column, its question.

use std::collections::HashMap;

use countersign_domain::answers::filled;
use countersign_domain::answers::types::{Figure, Finding, Register, SectionKey};
use countersign_domain::form::schema::{Each, Form, Kind, Measure, OwedBy, Question, TableRows};

use super::frozen::{Frozen, FrozenAnswer, FrozenRow, FrozenSection, FrozenTable};

/// What a figure is called.
pub(super) struct Name {
    /// For what it stands: its section’s subject, or the row of its table, or both.
    pub(super) told: String,
    /// The project, cohort or row that its section is for, or the whole of what was returned.
    pub(super) subject: String,
    /// The question, column or measure.
    pub(super) label: String,
    /// What the row of a table is called.
    pub(super) row: Option<String>,
}

/// A figure's measure, allocation and row.
type Key = (String, Option<String>, Option<String>);

/// The names of a revision's figures.
pub(super) struct Names<'a> {
    form: &'a Form,
    frozen: &'a Frozen,
    by_figure: HashMap<Key, Name>,
    order: HashMap<Key, usize>,
}

fn key_of(figure: &Figure) -> Key {
    (figure.measure.clone(), figure.allocation.clone(), figure.row.clone())
}

impl<'a> Names<'a> {
    pub(super) fn new(form: &'a Form, frozen: &'a Frozen) -> Self {
        let order = frozen.figures.iter().enumerate();
        let mut names = Self {
            form,
            frozen,
            by_figure: HashMap::new(),
            order: order.map(|(at, figure)| (key_of(figure), at)).collect(),
        };
        for section in &frozen.sections {
            names.name_section(section);
        }
        names
    }

    pub(super) fn get(&self, figure: &Figure) -> Option<&Name> {
        self.by_figure.get(&key_of(figure))
    }

    /// Where a figure stands in the form.
    pub(super) fn place(&self, figure: &Figure) -> usize {
        self.order.get(&key_of(figure)).copied().unwrap_or(usize::MAX)
    }

    /// What a finding is about.
    pub(super) fn of_finding(&self, finding: &Finding) -> String {
        let Some(place) = finding.at.first() else {
            return self.whole();
        };
        let sections = self.frozen.sections.iter();
        let Some(section) = sections.into_iter().find(|section| section.key == place.section.0) else {
            return self.whole();
        };
        let subject = self.subject(section);
        let row = place.cell.as_ref().and_then(|cell| {
            let answer = section
                .answers
                .iter()
                .find(|answer| answer.question == place.question)?;
            let row = answer.table.as_ref()?.rows.iter().find(|row| row.row == cell.row)?;
            Some((self.rows_of(&place.question)?, row))
        });
        match row {
            Some((TableRows::Allocations, row)) => row.label.clone(),
            Some((rows, row)) => of_row(&subject, called(row, rows), section),
            None => subject,
        }
    }

    fn name_section(&mut self, of: &FrozenSection) {
        let Some(section) = self.form.section(&of.section) else {
            return;
        };
        let subject = self.subject(of);
        let row = match section.each {
            Each::Whole | Each::Allocation => None,
            Each::Project | Each::Cohort | Each::Row => of.subject().map(str::to_owned),
        };
        let form = self.form;
        for measure in measures_of(form, &of.section, None) {
            let key = (measure.id.clone(), of.allocation.clone(), row.clone());
            self.put(key, &subject, measure.title.en.clone());
        }
        for answer in &of.answers {
            let key = (answer.question.clone(), of.allocation.clone(), row.clone());
            self.put(key, &subject, answer.label.clone());
            if let Some(table) = &answer.table {
                self.name_table(of, answer, table, (&subject, row.as_deref()));
            }
        }
    }

    fn name_table(&mut self, of: &FrozenSection, answer: &FrozenAnswer, table: &FrozenTable, at: (&str, Option<&str>)) {
        let (form, (subject, within)) = (self.form, at);
        let Some(rows) = self.rows_of(&answer.question) else {
            return;
        };
        let (section, register) = (SectionKey(of.key.clone()), &self.frozen.register);
        let columns = table.columns.iter().map(|column| {
            let label = filled(&column.label, form, register, Some(&section));
            (format!("{}.{}", answer.question, column.column), label)
        });
        let measures = measures_of(form, &of.section, Some(&answer.question));
        let measures = measures.map(|measure| (measure.id.clone(), measure.title.en.clone()));
        let named: Vec<(String, String)> = columns.chain(measures).collect();
        for row in &table.rows {
            let place = within.map_or_else(|| row.row.clone(), |within| format!("{within}/{}", row.row));
            for (id, label) in &named {
                let key = (id.clone(), of.allocation.clone(), Some(place.clone()));
                let (label, name) = (format!("{}: {label}", answer.label), called(row, rows));
                let told = match rows {
                    TableRows::Allocations => name.to_owned(),
                    _ => of_row(subject, name, of),
                };
                self.by_figure.insert(
                    key,
                    Name {
                        told,
                        subject: subject.to_owned(),
                        label,
                        row: Some(name.to_owned()),
                    },
                );
            }
        }
    }

    fn put(&mut self, key: Key, subject: &str, label: String) {
        let name = Name {
            told: subject.to_owned(),
            subject: subject.to_owned(),
            label,
            row: None,
        };
        self.by_figure.insert(key, name);
    }

    fn rows_of(&self, question: &str) -> Option<&'a TableRows> {
        table_rows(self.form.question(question)?.1)
    }

    /// What a section is for.
    pub(super) fn subject(&self, of: &FrozenSection) -> String {
        let register = &self.frozen.register;
        let each = self
            .form
            .section(&of.section)
            .map_or(Each::Whole, |section| section.each);
        let found = of.subject().and_then(|key| match each {
            Each::Whole => None,
            Each::Allocation => allocation_title(register, key),
            Each::Project => Some(project(register, key).0),
            Each::Cohort => {
                let mut cohorts = self.form.cohorts.iter();
                cohorts.find(|(id, _)| id == key).map(|(_, title)| title.en.clone())
            }
            Each::Row => Some(of.title.clone()),
        });
        found.unwrap_or_else(|| self.whole())
    }

    /// What a return is of, as a whole.
    pub(super) fn whole(&self) -> String {
        whole(self.form, &self.frozen.register)
    }
}

/// What a return is of, as a whole.
pub(super) fn whole(form: &Form, register: &Register) -> String {
    match form.owed_by {
        OwedBy::Grant => "The grant as a whole".to_owned(),
        OwedBy::Allocation => register
            .allocations
            .first()
            .map_or_else(|| "The project as a whole".to_owned(), |only| only.title.clone()),
        OwedBy::Provider => format!("All projects of {}", register.provider.name),
    }
}

fn allocation_title(register: &Register, key: &str) -> Option<String> {
    let mut allocations = register.allocations.iter();
    allocations.find(|of| of.key == key).map(|of| of.title.clone())
}

/// A project's title and its providers, each once.
pub(super) fn project(register: &Register, key: &str) -> (String, String) {
    let of_project = register
        .allocations
        .iter()
        .filter(|of| project_key(register, &of.key) == key);
    let mut providers: Vec<&str> = Vec::new();
    let mut title = None;
    for of in of_project {
        title = title.or(Some(match of.project_title.as_str() {
            "" => &of.title,
            named => named,
        }));
        if !providers.contains(&of.provider.as_str()) {
            providers.push(&of.provider);
        }
    }
    (title.unwrap_or(key).to_owned(), providers.join(", "))
}

/// The key of the project that an allocation pays for. A register that was frozen before projects had keys of their own
/// names none.
pub(super) fn project_key<'a>(register: &'a Register, allocation: &'a str) -> &'a str {
    let mut allocations = register.allocations.iter();
    match allocations.find(|of| of.key == allocation) {
        Some(of) if !of.project.is_empty() => &of.project,
        _ => allocation,
    }
}

/// Where the rows of a table come from; none for a question that is no table.
pub(super) fn table_rows(question: &Question) -> Option<&TableRows> {
    match &question.kind {
        Kind::Table(table) => Some(&table.rows),
        _ => None,
    }
}

/// A row within what its section is for; the return as a whole goes without saying.
fn of_row(subject: &str, row: &str, section: &FrozenSection) -> String {
    match section.subject() {
        Some(_) => format!("{subject}: {row}"),
        None => row.to_owned(),
    }
}

pub(super) fn called<'r>(row: &'r FrozenRow, rows: &TableRows) -> &'r str {
    row.called(matches!(rows, TableRows::Added { .. }))
}

/// The measures of a section, or of a table in it.
fn measures_of<'a>(form: &'a Form, section: &str, table: Option<&str>) -> impl Iterator<Item = &'a Measure> {
    let measures = form.measures.iter();
    measures.filter(move |measure| measure.section == section && measure.table.as_deref() == table)
}
