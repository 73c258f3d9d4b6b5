//! The answers of a return as the office's and the officer's pages show them.
//!
//! Invariant: every finding is on the page once in full, and beside each question that it is about as a link to it.

use countersign_domain::answers::types::Finding;
use countersign_domain::answers::{Change, format};
use countersign_domain::form::schema::{Form, Kind, Severity};
use countersign_domain::returns::{Query, RowDecision};
use serde::Serialize;

use super::deciding::{self, DecidedView};
use super::reading::{Answered, Item, Reading, Section};
use super::words::{People, Said, anchor, size};
use super::{measures, tables};
use crate::web::grid::Grid;

/// A section.
#[derive(Debug, Serialize)]
pub struct SectionView {
    id: String,
    key: String,
    title: String,
    answers: Vec<AnswerView>,
}

/// An answer, or a measure worked out from answers.
#[derive(Debug, Default, Serialize)]
pub struct AnswerView {
    id: String,
    question: String,
    label: String,
    shown: String,
    files: Vec<FileView>,
    items: Vec<ItemView>,
    /// The rows and columns of a table, with what each cell said before.
    table: Option<Grid>,
    /// What was decided on its rows.
    decided: Vec<DecidedView>,
    notes: Vec<String>,
    findings: Vec<FindingLink>,
    change: Option<ChangeView>,
    queries: Vec<QueryView>,
    /// The form to ask about it; none for what is not asked of anybody.
    ask: Option<AskView>,
}

impl AnswerView {
    /// A figure that was worked out from answers.
    pub fn worked_out(id: String, measure: &str, label: String, shown: String, notes: Vec<String>) -> Self {
        AnswerView {
            id,
            question: measure.to_owned(),
            label,
            shown: worked_out_or_dash(shown),
            notes,
            ..AnswerView::default()
        }
    }
}

#[derive(Debug, Serialize)]
struct FileView {
    href: String,
    name: String,
    size: String,
}

#[derive(Debug, Serialize)]
struct ItemView {
    cells: [String; 2],
    total: bool,
}

#[derive(Debug, Serialize)]
struct FindingLink {
    href: String,
    text: String,
}

#[derive(Debug, Serialize)]
struct ChangeView {
    was: String,
    is: String,
    before: String,
    after: String,
}

/// A query with its answer.
#[derive(Debug, Serialize)]
pub struct QueryView {
    about: String,
    revision: u32,
    text: String,
    by: String,
    at: String,
    answer: Option<Said>,
}

/// The box in which a query is typed.
#[derive(Debug, Clone, Serialize)]
pub struct AskView {
    id: String,
    value: String,
    error: Option<String>,
}

/// A finding in full.
#[derive(Debug, Serialize)]
pub struct FindingView {
    id: String,
    severity: Severity,
    severity_words: &'static str,
    message: String,
    places: Vec<FindingLink>,
    explanation: Option<Said>,
    earlier: Option<String>,
}

/// A query that was typed and could not be kept.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Section.
    pub section: String,
    /// Question.
    pub question: String,
    /// As typed.
    pub text: String,
    /// What is wrong.
    pub error: String,
}

/// What stands beside the answers.
pub struct Beside<'a> {
    /// The form, for targets and benchmarks.
    pub form: &'a Form,
    /// The return's address.
    pub href: &'a str,
    /// Queries, oldest first.
    pub queries: &'a [Query],
    /// What changed since the revision before, and the two numbers.
    pub changes: &'a [Change],
    /// What was decided on the rows of tables.
    pub decisions: &'a [RowDecision],
    /// The revision shown, 0 for a draft.
    pub revision: u32,
    /// The query that was typed last, if it could not be kept.
    pub asked: Option<&'a Asked>,
    /// Names.
    pub people: &'a People,
}

/// The address within the page of a question.
pub fn question_anchor(section: &str, question: &str) -> String {
    anchor(&["q", section, question])
}

/// The address within the page of the box for a query.
pub fn ask_anchor(section: &str, question: &str) -> String {
    anchor(&["ask", section, question])
}

/// The sections of a reading.
pub fn sections(reading: &Reading, beside: &Beside<'_>) -> Vec<SectionView> {
    reading
        .sections
        .iter()
        .map(|section| {
            let answers = section.answers.iter();
            let answers = answers.map(|answer| answer_view(reading, section, answer, beside));
            SectionView {
                id: anchor(&["s", &section.key]),
                key: section.key.clone(),
                title: section.title.clone(),
                answers: answers.chain(measures::of_section(reading, section, beside)).collect(),
            }
        })
        .collect()
}

/// What is worked out is not "not answered" while something in it is missing: nobody answers it.
fn worked_out_or_dash(shown: String) -> String {
    if shown.is_empty() { "–".to_owned() } else { shown }
}

fn answer_view(reading: &Reading, section: &Section, answer: &Answered, beside: &Beside<'_>) -> AnswerView {
    let (key, question) = (section.key.as_str(), answer.question.as_str());
    let here = |query: &&Query| query.section.0 == key && query.question == question;
    let asked = beside
        .asked
        .filter(|asked| asked.section == key && asked.question == question);
    AnswerView {
        id: question_anchor(key, question),
        question: question.to_owned(),
        label: answer.label.clone(),
        shown: match beside.form.question(question) {
            Some((_, of)) if matches!(of.kind, Kind::Calculated { .. }) => worked_out_or_dash(answer.words()),
            _ => answer.words(),
        },
        files: files(answer, beside.href),
        items: answer
            .items()
            .map_or_else(Vec::new, |(rows, sum)| items(rows, sum.map(format::money))),
        table: answer.table.as_ref().map(|table| table.grid(answer, key, beside)),
        decided: deciding::decided(answer, key, beside),
        notes: measures::notes(beside.form, question)
            .into_iter()
            .chain(tables::gone(answer, key, beside.changes))
            .collect(),
        findings: finding_links(&reading.findings, key, question),
        change: change(beside, key, question),
        queries: beside
            .queries
            .iter()
            .filter(here)
            .map(|query| query_view(query, &answer.label, beside.people))
            .collect(),
        ask: Some(AskView {
            id: ask_anchor(key, question),
            value: asked.map(|asked| asked.text.clone()).unwrap_or_default(),
            error: asked.map(|asked| asked.error.clone()),
        }),
    }
}

fn files(answer: &Answered, href: &str) -> Vec<FileView> {
    answer
        .files()
        .iter()
        .map(|file| FileView {
            href: format!("{href}/file/{}", file.digest),
            name: file.name.clone(),
            size: size(file.size),
        })
        .collect()
}

fn items(rows: &[Item], sum: Option<String>) -> Vec<ItemView> {
    let mut views: Vec<ItemView> = rows
        .iter()
        .map(|row| ItemView {
            cells: [row.item.clone(), format::money(row.pence)],
            total: false,
        })
        .collect();
    if let Some(sum) = sum {
        views.push(ItemView {
            cells: ["Together".to_owned(), sum],
            total: true,
        });
    }
    views
}

fn finding_links(findings: &[Finding], section: &str, question: &str) -> Vec<FindingLink> {
    findings
        .iter()
        .enumerate()
        .filter(|(_, finding)| {
            finding
                .at
                .iter()
                .any(|place| place.section.0 == section && place.question == question)
        })
        .map(|(at, finding)| FindingLink {
            href: format!("#{}", finding_anchor(at)),
            text: format!("{}: {}", severity_words(finding.severity), finding.message),
        })
        .collect()
}

fn change(beside: &Beside<'_>, section: &str, question: &str) -> Option<ChangeView> {
    let change = beside
        .changes
        .iter()
        .find(|change| change.section == section && change.question == question && change.cell.is_none())?;
    let or_nothing = |shown: &str| {
        if shown.is_empty() {
            "Not answered".to_owned()
        } else {
            shown.to_owned()
        }
    };
    Some(ChangeView {
        was: format!("In revision {}", beside.revision.saturating_sub(1)),
        is: format!("In revision {}", beside.revision),
        before: or_nothing(&change.before),
        after: or_nothing(&change.after),
    })
}

fn query_view(query: &Query, about: &str, people: &People) -> QueryView {
    let said = Said::new(&query.text, query.asked_by, query.asked_at, people);
    QueryView {
        about: about.to_owned(),
        revision: query.revision,
        text: said.text,
        by: said.by,
        at: said.at,
        answer: query
            .answer
            .as_ref()
            .map(|answer| Said::new(&answer.text, answer.by, answer.at, people)),
    }
}

/// All queries, each with what it is about.
pub fn queries(reading: &Reading, queries: &[Query], people: &People) -> Vec<QueryView> {
    queries
        .iter()
        .map(|query| {
            let about = reading.answer(&query.section.0, &query.question);
            let about = about.map_or_else(
                || "a question that is no longer asked".to_owned(),
                |(section, answer)| format!("{}: {}", section.title, answer.label),
            );
            query_view(query, &about, people)
        })
        .collect()
}

/// The findings in full.
pub fn findings(reading: &Reading, people: &People) -> Vec<FindingView> {
    let place = |section: &str, question: &str| {
        let (title, label) = reading.answer(section, question)?;
        Some(FindingLink {
            href: format!("#{}", question_anchor(section, question)),
            text: format!("{}: {}", title.title, label.label),
        })
    };
    reading
        .findings
        .iter()
        .enumerate()
        .map(|(at, finding)| FindingView {
            id: finding_anchor(at),
            severity: finding.severity,
            severity_words: severity_words(finding.severity),
            message: finding.message.clone(),
            places: finding
                .at
                .iter()
                .filter_map(|at| place(&at.section.0, &at.question))
                .collect(),
            explanation: finding
                .explanation
                .as_ref()
                .map(|given| Said::new(&given.text, given.by, given.at, people)),
            earlier: finding.earlier.as_ref().map(|given| given.text.clone()),
        })
        .collect()
}

fn finding_anchor(at: usize) -> String {
    format!("finding-{}", at + 1)
}

fn severity_words(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
    }
}
