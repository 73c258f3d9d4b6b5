//! The boxes of a register entry on its page, and what was typed into them as the columns of its table.
//!
//! Invariant: what was typed is read into the columns of the table and shown again from the same text.

use chrono::NaiveDate;
use serde::Serialize;

use super::super::super::Posted;
use super::options::{self, Item};
use super::specs::{Input, Of, Spec};
use crate::service::FieldProblem;
use crate::service::register::{Table, view::FundRegister};

const PARTS: [&str; 3] = ["day", "month", "year"];

fn part(column: &str, part: &str) -> String {
    format!("{column}-{part}")
}

/// The columns that were typed, and the names of all boxes.
pub fn read(specs: &[Spec], posted: &Posted) -> Vec<(String, Vec<String>)> {
    let all = |name: &str| {
        let sent = posted.0.iter().filter(|(field, _)| field == name);
        sent.map(|(_, value)| value.clone()).collect::<Vec<_>>()
    };
    let value = |spec: &Spec| match spec.input {
        Input::Day => vec![day(
            PARTS.map(|name| posted.get(&part(spec.column, name)).trim().to_owned())
        )],
        Input::Several => {
            let text = posted.get(spec.column);
            text.split(['\n', ';', ','])
                .map(|line| line.trim().to_owned())
                .collect()
        }
        _ => all(spec.column),
    };
    specs.iter().map(|spec| (spec.column.to_owned(), value(spec))).collect()
}

/// Three boxes as a day; what is no day is passed on as it was typed, for whoever says what is wrong with it.
fn day([day, month, year]: [String; 3]) -> String {
    if [&day, &month, &year].iter().all(|part| part.is_empty()) {
        return String::new();
    }
    let read = || {
        let year = Some(&year).filter(|year| year.len() == 4)?;
        NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
    };
    read().map_or_else(
        || format!("{day} {month} {year}").trim().to_owned(),
        |day| day.to_string(),
    )
}

/// What is wrong with boxes as they were filled in, in the words of the page; a service finds the same in a file's words.
pub fn mistyped(specs: &[Spec], table: &Table, cells: &[(String, Vec<String>)]) -> Vec<FieldProblem> {
    let needed = |spec: &Spec| {
        table
            .columns
            .iter()
            .any(|column| column.name == spec.column && column.needed)
    };
    let words = |spec: &Spec| {
        let typed = same(&found(cells, spec.column));
        match spec.input {
            Input::One(_) if typed.is_empty() && needed(spec) => Some(format!("Choose “{}”", spec.label)),
            _ if typed.is_empty() && needed(spec) => Some(format!("Fill in “{}”", spec.label)),
            Input::Day if !typed.is_empty() && typed.parse::<NaiveDate>().is_err() => {
                Some(format!("“{}” must be a real day, like 31 3 2019", spec.label))
            }
            _ => None,
        }
    };
    let problem = |spec: &Spec| {
        Some(FieldProblem {
            field: spec.column.to_owned(),
            message: words(spec)?,
        })
    };
    specs.iter().filter_map(problem).collect()
}

/// The names of all boxes of these.
pub fn names(specs: &[Spec]) -> Vec<String> {
    let of = |spec: &Spec| match spec.input {
        Input::Day => PARTS.iter().map(|name| part(spec.column, name)).collect(),
        _ => vec![spec.column.to_owned()],
    };
    specs.iter().flat_map(of).collect()
}

/// A box as the page has it.
#[derive(Debug, Serialize)]
pub struct Field {
    kind: &'static str,
    name: &'static str,
    label: &'static str,
    hint: String,
    value: String,
    parts: Vec<Part>,
    items: Vec<Item>,
    error: Option<String>,
    /// What it says by now, where somebody else has changed it.
    now: Option<String>,
}

#[derive(Debug, Serialize)]
struct Part {
    id: String,
    name: String,
    label: &'static str,
    width: u8,
    value: String,
}

/// What fills a page's boxes.
pub struct Filled<'a> {
    /// The columns' values, as a file has them.
    pub cells: &'a [(String, Vec<String>)],
    /// What was posted; days are shown again as they were typed.
    pub posted: Option<&'a Posted>,
    /// What is wrong.
    pub problems: &'a [FieldProblem],
    /// The values that stand by now, when others were shown.
    pub now: Option<&'a [(String, Vec<String>)]>,
}

impl Filled<'_> {
    fn cell(&self, column: &str) -> Vec<String> {
        found(self.cells, column)
    }
}

fn found(cells: &[(String, Vec<String>)], column: &str) -> Vec<String> {
    let cell = cells.iter().find(|(known, _)| known == column);
    cell.map(|(_, values)| values.clone()).unwrap_or_default()
}

/// The boxes of a page.
pub fn fields(specs: &[Spec], filled: &Filled<'_>, of: &FundRegister, grant: Option<&str>) -> Vec<Field> {
    specs.iter().map(|spec| field(spec, filled, of, grant)).collect()
}

fn field(spec: &Spec, filled: &Filled<'_>, of: &FundRegister, grant: Option<&str>) -> Field {
    let values = filled.cell(spec.column);
    let chosen = |from: Of| options::items(from, of, grant, &values);
    let items = match spec.input {
        Input::One(from) => chosen(from),
        Input::Any(from) => chosen(from).into_iter().filter(|item| !item.value.is_empty()).collect(),
        _ => Vec::new(),
    };
    let now = filled.now.map(|now| found(now, spec.column));
    let now = now.filter(|now| same(now) != same(&values)).map(|now| {
        let shown = options::shown(spec.input, of, grant, &now);
        if shown.is_empty() { "nothing".to_owned() } else { shown }
    });
    Field {
        kind: match spec.input {
            Input::Line | Input::Number => "line",
            Input::Lines | Input::Several => "lines",
            Input::Money => "money",
            Input::Day => "day",
            Input::One(_) => "one",
            Input::Any(_) => "any",
        },
        name: spec.column,
        label: spec.label,
        hint: spec.hint.to_owned(),
        parts: if spec.input == Input::Day {
            parts(spec, &values, filled.posted)
        } else {
            Vec::new()
        },
        value: values.join(if spec.input == Input::Several { "\n" } else { "" }),
        items,
        error: filled
            .problems
            .iter()
            .find(|problem| problem.field == spec.column)
            .map(|problem| problem.message.clone()),
        now,
    }
}

fn same(values: &[String]) -> String {
    values.iter().map(|value| value.trim()).collect::<Vec<_>>().join("; ")
}

fn parts(spec: &Spec, values: &[String], posted: Option<&Posted>) -> Vec<Part> {
    let day: Option<NaiveDate> = values.first().and_then(|value| value.parse().ok());
    let shown = |name: &str, format: &str| match (posted, day) {
        (Some(posted), _) => posted.get(&part(spec.column, name)).to_owned(),
        (None, Some(day)) => day.format(format).to_string(),
        (None, None) => String::new(),
    };
    [
        ("day", "Day", 2, "%-d"),
        ("month", "Month", 2, "%-m"),
        ("year", "Year", 4, "%Y"),
    ]
    .map(|(name, label, width, format)| Part {
        id: part(spec.column, name),
        name: part(spec.column, name),
        label,
        width,
        value: shown(name, format),
    })
    .into()
}

/// What stays of an entry, as facts.
pub fn facts(
    specs: &[Spec],
    cells: &[(String, Vec<String>)],
    of: &FundRegister,
    grant: Option<&str>,
) -> Vec<(String, String)> {
    let kept = specs.iter().filter(|spec| spec.stays);
    kept.map(|spec| {
        (
            spec.label.to_owned(),
            options::shown(spec.input, of, grant, &found(cells, spec.column)),
        )
    })
    .filter(|(_, value)| !value.is_empty())
    .collect()
}

/// A problem at the top of the page.
#[derive(Debug, Serialize)]
pub struct Problem {
    text: String,
    href: String,
}

/// The problems for the top of the page, each leading to its box.
pub fn summary(specs: &[Spec], problems: &[FieldProblem]) -> Vec<Problem> {
    let href = |field: &str| match specs.iter().find(|spec| spec.column == field) {
        Some(spec) if spec.input == Input::Day => format!("#{}", part(field, "day")),
        Some(_) => format!("#{field}"),
        None => "#entry".to_owned(),
    };
    problems
        .iter()
        .map(|problem| Problem {
            text: problem.message.clone(),
            href: href(&problem.field),
        })
        .collect()
}

/// A row's values as columns.
pub fn cells(table: &Table, values: Vec<String>) -> Vec<(String, Vec<String>)> {
    use crate::service::register::Kind;
    let split = |kind: Kind, value: String| match kind {
        Kind::List => value
            .split("; ")
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect(),
        _ => vec![value],
    };
    let columns = table.columns.iter().zip(values);
    columns
        .map(|(column, value)| (column.name.to_owned(), split(column.kind, value)))
        .collect()
}
