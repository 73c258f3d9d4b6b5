//! A first look over a form, to learn the names in it before any rule is read.
//!
//! Invariant: reports only what concerns several things at once: an id used twice, and names that depend on themselves.
//! Everything else is left to the second look.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::MAX_QUESTIONS;
use super::reader::Reader;
use crate::form::rule::{Known, Names, Rule, RuleType, Where, mentions};

/// What a question or measure depends on, and where to say so.
struct Node {
    needs: Vec<String>,
    span: Range<usize>,
}

#[derive(Default)]
struct Scan {
    names: Names,
    nodes: BTreeMap<String, Node>,
    /// The rules of calculated questions: where they stand, and their text.
    calculated: BTreeMap<String, (Where, String)>,
    /// The first question beyond the limit, which also bounds how deep calculations can lean on one another.
    too_many: Option<Range<usize>>,
}

/// The names; none when there are so many questions that the form is not read at all.
pub(super) fn scan(form: &DeTable, reader: &mut Reader) -> Option<Names> {
    let mut scan = Scan::default();
    for section in tables(form, "section") {
        let Some((id, span)) = string(section, "id") else {
            continue;
        };
        let repeats = section.contains_key("each");
        if scan.names.sections.contains_key(&id) {
            twice(&id, span, reader);
        } else {
            scan.names.sections.insert(id.clone(), repeats);
        }
        for question in tables(section, "question") {
            scan.question(question, &id, repeats, reader);
        }
    }
    if let Some(span) = scan.too_many {
        let message = format!("A form must have {MAX_QUESTIONS} questions or fewer.");
        reader.error(span, message, "Make two forms of it.");
        return None;
    }
    for measure in tables(form, "measure").into_iter().take(MAX_QUESTIONS) {
        scan.measure(measure, reader);
    }
    let ids: Vec<String> = scan.calculated.keys().cloned().collect();
    for id in ids {
        scan.settle(&id);
    }
    scan.cycles(reader);
    Some(scan.names)
}

fn twice(id: &str, span: Range<usize>, reader: &mut Reader) {
    reader.error(
        span,
        format!("The id `{id}` is used twice."),
        "Ids are permanent and each is used once.",
    );
}

impl Scan {
    fn add(&mut self, id: &str, node: Node, reader: &mut Reader) -> bool {
        if self.nodes.contains_key(id) {
            twice(id, node.span, reader);
            return false;
        }
        self.nodes.insert(id.to_owned(), node);
        true
    }

    fn question(&mut self, question: &DeTable, section: &str, repeats: bool, reader: &mut Reader) {
        let Some((id, mut span)) = string(question, "id") else {
            return;
        };
        if self.nodes.len() == MAX_QUESTIONS {
            self.too_many.get_or_insert(span);
            return;
        }
        let rules = ["value", "show_if"].map(|key| string(question, key));
        if let Some((_, place)) = rules.iter().flatten().next()
            && !self.nodes.contains_key(&id)
        {
            span = place.clone();
        }
        let needs = rules.iter().flatten().flat_map(|(text, _)| mentions(text)).collect();
        if !self.add(&id, Node { needs, span }, reader) {
            return;
        }
        let kind = string(question, "type").map(|(kind, _)| kind).unwrap_or_default();
        if let (true, Some((text, _))) = (kind == "calculated", &rules[0]) {
            let place = if repeats { Where::Allocation } else { Where::Whole };
            self.calculated.insert(id.clone(), (place, text.clone()));
        }
        let options = tables(question, "options")
            .into_iter()
            .filter_map(|option| string(option, "id"));
        let known = Known {
            section: section.to_owned(),
            kind: rule_type(&kind),
            ratio: kind == "ratio",
            options: options.map(|(id, _)| id).collect(),
        };
        self.names.questions.insert(id, known);
    }

    fn measure(&mut self, measure: &DeTable, reader: &mut Reader) {
        let Some((id, span)) = string(measure, "id") else {
            return;
        };
        let needs = ["of", "per"]
            .iter()
            .filter_map(|key| string(measure, key))
            .map(|(id, _)| id)
            .collect();
        if self.add(&id, Node { needs, span }, reader) {
            let section = string(measure, "in").map(|(section, _)| section).unwrap_or_default();
            self.names.measures.insert(id, section);
        }
    }

    /// Gives a calculated question its type, those that it is calculated from first.
    fn settle(&mut self, id: &str) {
        let Some((place, text)) = self.calculated.remove(id) else {
            return;
        };
        for needed in mentions(&text) {
            self.settle(&needed);
        }
        let kind = Rule::parse(&text, &self.names, place).ok().map(|rule| rule.kind());
        if let Some(known) = self.names.questions.get_mut(id) {
            known.kind = kind;
        }
    }

    fn cycles(&self, reader: &mut Reader) {
        let mut done: BTreeMap<&str, bool> = BTreeMap::new();
        for id in self.nodes.keys() {
            self.visit(id, &mut Vec::new(), &mut done, reader);
        }
    }

    /// Walks what `id` needs; `done` holds false for what is being walked, true for what has been.
    fn visit<'a>(
        &'a self,
        id: &'a str,
        path: &mut Vec<&'a str>,
        done: &mut BTreeMap<&'a str, bool>,
        reader: &mut Reader,
    ) {
        let Some(node) = self.nodes.get(id) else {
            return;
        };
        match done.get(id) {
            Some(true) => return,
            Some(false) => {
                let from = path.iter().position(|step| *step == id).unwrap_or(0);
                let steps: Vec<String> = path[from..]
                    .iter()
                    .chain([&id])
                    .map(|step| format!("`{step}`"))
                    .collect();
                let message = format!("`{id}` depends on itself: {}.", steps.join(" needs "));
                reader.error(node.span.clone(), message, "Break the circle in one of these rules.");
                return;
            }
            None => {}
        }
        done.insert(id, false);
        path.push(id);
        for needed in &node.needs {
            self.visit(needed, path, done, reader);
        }
        path.pop();
        done.insert(id, true);
    }
}

/// The type that an answer has in rules; a calculated question's follows from its rule.
fn rule_type(kind: &str) -> Option<RuleType> {
    Some(match kind {
        "text" | "narrative" | "choice" => RuleType::Text,
        "money" | "split" => RuleType::Money,
        "count" | "percent" | "ratio" | "file" => RuleType::Number,
        "date" => RuleType::Date,
        "yes_no" | "declaration" => RuleType::Truth,
        _ => return None,
    })
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
