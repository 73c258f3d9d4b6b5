//! The answers of a return as the office's and the officer's pages show them.
//!
//! Invariant: every finding is on the page once in full, and beside each question that it is about as a link to it.

use countersign_domain::answers::format;
use countersign_domain::answers::types::Finding;
use countersign_domain::form::schema::{Kind, Severity};
use countersign_domain::returns::Query;

use super::answer_view::{
    AnswerView, AskView, ChangeView, FileView, FindingLink, FindingView, ItemView, QueryView, SectionView,
    worked_out_or_dash,
};
use super::beside::{Beside, ask_anchor, question_anchor};
use super::deciding;
use super::reading::{Answered, Item, Reading, Section};
use super::words::{People, Said, anchor, size};
use super::{measures, tables};

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
