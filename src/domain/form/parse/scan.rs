//! A first look over a form, to learn the names in it before any rule is read.
//!
//! Invariant: reports only what concerns several things at once: an id used twice, and names that depend on themselves.
//! Everything else is left to the second look.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::MAX_QUESTIONS;
use super::circles::{self, Node, Nodes};
use super::reader::Reader;
use super::table::{columns_of, shorthand};
use crate::form::rule::{Known, KnownMeasure, KnownRows, KnownTable, Names, Rule, RuleType, Where, nearest};
use crate::form::schema::{Each, TableKind};

/// A calculation: where it stands, and its rule.
#[derive(Clone)]
struct Calculation {
    section: String,
    table: Option<String>,
    rule: String,
}

#[derive(Default)]
struct Scan {
    names: Names,
    nodes: Nodes,
    calculated: BTreeMap<String, Calculation>,
    /// The columns that the form itself names, each with its table and its place.
    columns: Vec<(String, String, Range<usize>)>,
    /// Where the id of each table stands.
    tables: BTreeMap<String, Range<usize>>,
    cohorts: Vec<String>,
    questions: usize,
    /// The first question beyond the limit, which also bounds how deep calculations can lean on one another.
    too_many: Option<Range<usize>>,
}

/// The names; none when there are so many questions that the form is not read at all.
pub(super) fn scan(form: &DeTable, reader: &mut Reader) -> Option<Names> {
    let mut scan = Scan {
        cohorts: ids(form, "cohort"),
        ..Scan::default()
    };
    scan.names.one_allocation = string(form, "owed_by").is_some_and(|(by, _)| by == "allocation");
    for section in tables(form, "section") {
        let Some((id, span)) = string(section, "id") else {
            continue;
        };
        let each = string(section, "each").map_or(Each::Whole, |(each, _)| each_of(&each));
        if scan.names.sections.contains_key(&id) {
            twice(&id, span, reader);
        } else {
            scan.names.sections.insert(id.clone(), each);
        }
        for question in tables(section, "question") {
            scan.question(question, &id, reader);
        }
    }
    if let Some(span) = scan.too_many {
        let message = format!("A form must have {MAX_QUESTIONS} questions or fewer, the columns of tables among them.");
        reader.error(span, message, "Make two forms of it.");
        return None;
    }
    for measure in tables(form, "measure").into_iter().take(MAX_QUESTIONS) {
        scan.measure(measure, reader);
    }
    scan.two_meanings(reader);
    circles::resolve(&mut scan.nodes, &scan.names);
    let calculated = scan.calculated.clone();
    for id in calculated.keys() {
        scan.settle(id);
    }
    scan.settle_running(&calculated);
    circles::report(&scan.nodes, reader);
    Some(scan.names)
}

/// For what a section repeats. A word that is none of these is reported when the section is read, and taken until then
/// for the nearest, or for the commonest.
fn each_of(word: &str) -> Each {
    match nearest(word, ["allocation", "project", "cohort", "row"]) {
        Some("project") => Each::Project,
        Some("cohort") => Each::Cohort,
        Some("row") => Each::Row,
        _ => Each::Allocation,
    }
}

fn twice(id: &str, span: Range<usize>, reader: &mut Reader) {
    reader.error(
        span,
        format!("The id `{id}` is used twice."),
        "Ids are permanent and each is used once.",
    );
}

impl Scan {
    fn add(&mut self, id: &str, at: Range<usize>, node: Node, reader: &mut Reader) -> bool {
        if self.nodes.contains_key(id) {
            twice(id, at, reader);
            return false;
        }
        self.nodes.insert(id.to_owned(), node);
        true
    }

    fn counted(&mut self, span: &Range<usize>) -> bool {
        self.questions += 1;
        if self.questions > MAX_QUESTIONS {
            self.too_many.get_or_insert(span.clone());
        }
        self.questions <= MAX_QUESTIONS
    }

    fn question(&mut self, question: &DeTable, section: &str, reader: &mut Reader) {
        let Some((id, span)) = string(question, "id") else {
            return;
        };
        if !self.counted(&span) {
            return;
        }
        let node = node(question, None, span.clone());
        if !self.add(&id, span.clone(), node, reader) {
            return;
        }
        let kind = string(question, "type").map(|(kind, _)| kind).unwrap_or_default();
        if let Some(made_as) = super::table::made_as(&kind) {
            self.tables.insert(id.clone(), span);
            self.table(question, &id, section, made_as, reader);
            return;
        }
        self.calculation(question, &id, &kind, section, None);
        self.names.questions.insert(id, known(question, &kind, section));
    }

    fn table(&mut self, table: &DeTable, id: &str, section: &str, made_as: TableKind, reader: &mut Reader) {
        let mut columns: BTreeMap<String, Known> = columns_of(made_as)
            .map(|(column, kind)| (column.to_owned(), preset(column, kind, section)))
            .collect();
        for column in tables(table, "column") {
            let Some((name, span)) = string(column, "id").filter(|_| made_as == TableKind::Matrix) else {
                continue;
            };
            if !self.counted(&span) {
                return;
            }
            let own = format!("{id}.{name}");
            if self.nodes.contains_key(&own) {
                reader.error(span, format!("The column `{name}` is given twice."), "");
                continue;
            }
            let kind = string(column, "type").map(|(kind, _)| kind).unwrap_or_default();
            self.nodes.insert(own.clone(), node(column, Some(id), span.clone()));
            if let Some(whole) = self.nodes.get_mut(id) {
                whole.needs.push(own.clone());
            }
            self.calculation(column, &own, &kind, section, Some(id));
            self.columns.push((id.to_owned(), name.clone(), span));
            columns.insert(name, known(column, &kind, section));
        }
        let known = KnownTable {
            section: section.to_owned(),
            rows: self.rows(table, made_as),
            columns,
            by_row: shorthand(made_as),
        };
        self.names.tables.insert(id.to_owned(), known);
    }

    fn rows(&self, table: &DeTable, made_as: TableKind) -> KnownRows {
        match made_as {
            TableKind::Funnel => return KnownRows::Given(ids(table, "stages")),
            TableKind::Checklist => return KnownRows::Given(ids(table, "items")),
            TableKind::Risk => return KnownRows::Added,
            TableKind::Matrix => {}
        }
        let Some((word, _)) = string(table, "rows") else {
            return KnownRows::Given(ids(table, "rows"));
        };
        match nearest(&word, ["cohorts", "allocations", "lines", "priorities"]) {
            Some("cohorts") => KnownRows::Cohorts(self.cohorts.clone()),
            Some("allocations") => KnownRows::Allocations,
            Some("lines") => KnownRows::Lines,
            Some("priorities") => KnownRows::Priorities,
            _ => KnownRows::Added,
        }
    }

    fn calculation(&mut self, question: &DeTable, id: &str, kind: &str, section: &str, table: Option<&str>) {
        if let (true, Some((rule, _))) = (kind == "calculated", string(question, "value")) {
            let (section, table) = (section.to_owned(), table.map(str::to_owned));
            let calculation = Calculation { section, table, rule };
            self.calculated.insert(id.to_owned(), calculation);
        }
    }

    fn measure(&mut self, measure: &DeTable, reader: &mut Reader) {
        let Some((id, span)) = string(measure, "id") else {
            return;
        };
        let place = string(measure, "in").map(|(place, _)| place).unwrap_or_default();
        let known = match self.names.tables.get(&place) {
            Some(table) => KnownMeasure {
                section: table.section.clone(),
                table: Some(place),
            },
            None => KnownMeasure {
                section: place,
                table: None,
            },
        };
        let parts = ["of", "per"].into_iter().filter_map(|key| string(measure, key));
        let needs = parts.map(|(part, _)| match &known.table {
            Some(table) => format!("{table}.{part}"),
            None => part,
        });
        let node = Node {
            rules: Vec::new(),
            needs: needs.collect(),
            table: None,
            span: span.clone(),
        };
        if self.add(&id, span, node, reader) {
            self.names.measures.insert(id, known);
        }
    }

    /// An id that a rule could take for two things.
    fn two_meanings(&self, reader: &mut Reader) {
        for (table, column, span) in &self.columns {
            let what = if self.names.questions.contains_key(column) || self.names.tables.contains_key(column) {
                "question"
            } else if self.names.measures.contains_key(column) {
                "measure"
            } else if self.names.sections.contains_key(column) {
                "section"
            } else {
                continue;
            };
            let message = format!("`{column}` is a column of `{table}` and the id of a {what} too.");
            reader.error(span.clone(), message, "Give the column another id.");
        }
        for (id, span) in &self.tables {
            if self.names.sections.contains_key(id) {
                let message = format!("`{id}` is a table and a section too.");
                reader.error(span.clone(), message, "Give the table another id.");
            }
        }
    }

    /// Gives a calculation its type, those that it is calculated from first.
    fn settle(&mut self, id: &str) {
        let Some(calculation) = self.calculated.remove(id) else {
            return;
        };
        let needs = self.nodes.get(id).map(|node| node.needs.clone()).unwrap_or_default();
        for needed in needs {
            self.settle(&needed);
            // A table stands for all of its columns.
            let columns = self
                .nodes
                .get(&needed)
                .filter(|_| self.names.tables.contains_key(&needed));
            for column in columns.map(|table| table.needs.clone()).unwrap_or_default() {
                self.settle(&column);
            }
        }
        self.give(id, self.kind(&calculation));
    }

    /// Types what goes on from a signed figure of itself, or of what was settled later, and all that needs it: as what its
    /// rule comes out again.
    fn settle_running(&mut self, calculated: &BTreeMap<String, Calculation>) {
        let mut left: Vec<_> = calculated.iter().collect();
        let mut before = left.len() + 1;
        while left.len() < before {
            before = left.len();
            left.retain(|(id, of)| {
                let guesses = [None, Some(RuleType::Number), Some(RuleType::Money)];
                let kind = guesses.into_iter().find_map(|guess| {
                    self.give(id, guess);
                    self.kind(of).filter(|kind| guess.is_none_or(|guess| guess == *kind))
                });
                self.give(id, kind);
                kind.is_none()
            });
        }
    }

    fn kind(&self, of: &Calculation) -> Option<RuleType> {
        let place = match &of.table {
            Some(table) => Where::Table(table),
            None => self.names.place(&of.section),
        };
        Rule::parse(&of.rule, &self.names, place).ok().map(|rule| rule.kind())
    }

    fn give(&mut self, id: &str, kind: Option<RuleType>) {
        let names = &mut self.names;
        let known = match id.split_once('.') {
            Some((table, column)) => names.tables.get_mut(table).and_then(|of| of.columns.get_mut(column)),
            None => names.questions.get_mut(id),
        };
        if let Some(known) = known {
            known.kind = kind;
            known.figure = matches!(kind, Some(RuleType::Number | RuleType::Money));
        }
    }
}

/// What a question or a column needs: the names in its rules.
fn node(question: &DeTable, table: Option<&str>, span: Range<usize>) -> Node {
    let rules = ["value", "show_if"].map(|key| string(question, key));
    let span = rules.iter().flatten().next().map_or(span, |(_, place)| place.clone());
    Node {
        rules: rules.into_iter().flatten().map(|(text, _)| text).collect(),
        needs: Vec::new(),
        table: table.map(str::to_owned),
        span,
    }
}

fn known(question: &DeTable, kind: &str, section: &str) -> Known {
    let options = tables(question, "options")
        .into_iter()
        .filter_map(|option| string(option, "id"));
    let negative = question
        .get("negative")
        .is_some_and(|flag| flag.get_ref().as_bool() == Some(true));
    Known {
        section: section.to_owned(),
        kind: rule_type(kind),
        ratio: kind == "ratio",
        range: kind == "range",
        figure: matches!(
            kind,
            "money" | "count" | "decimal" | "percent" | "ratio" | "range" | "split"
        ),
        not_negative: match kind {
            "count" | "ratio" | "file" | "choices" | "priority" => true,
            "money" | "decimal" | "percent" => !negative,
            _ => false,
        },
        // Several choices read as a number.
        options: if kind == "choice" {
            options.map(|(id, _)| id).collect()
        } else {
            Vec::new()
        },
    }
}

/// A column that comes with its kind of table.
fn preset(column: &str, kind: &str, section: &str) -> Known {
    Known {
        section: section.to_owned(),
        kind: rule_type(kind),
        ratio: kind == "ratio",
        figure: matches!(kind, "count" | "ratio" | "money"),
        not_negative: matches!(column, "number" | "share" | "budget"),
        ..Known::default()
    }
}

/// The type that an answer has in rules; a calculated question's follows from its rule.
fn rule_type(kind: &str) -> Option<RuleType> {
    Some(match kind {
        "text" | "narrative" | "choice" | "contact" => RuleType::Text,
        "money" | "split" => RuleType::Money,
        "count" | "decimal" | "percent" | "ratio" | "range" | "file" | "choices" | "priority" => RuleType::Number,
        "date" => RuleType::Date,
        "yes_no" | "declaration" => RuleType::Truth,
        _ => return None,
    })
}

fn ids(table: &DeTable, key: &str) -> Vec<String> {
    let things = tables(table, key).into_iter();
    things.filter_map(|thing| Some(string(thing, "id")?.0)).collect()
}

fn string(table: &DeTable, key: &str) -> Option<(String, Range<usize>)> {
    let value = table.get(key)?;
    Some((value.get_ref().as_str()?.to_owned(), value.span()))
}

fn tables<'a>(table: &'a DeTable<'a>, key: &str) -> Vec<&'a DeTable<'a>> {
    let list = table.get(key).and_then(|value| value.get_ref().as_array());
    list.into_iter()
        .flat_map(|list| list.iter())
        .filter_map(|item| match item.get_ref() {
            DeValue::Table(table) => Some(table),
            _ => None,
        })
        .collect()
}
