//! What must be looked at again when an answer changes: which cells, and which findings.
//!
//! Invariant: made from the form alone, once. It may name more than depends on a change and never less.

use std::collections::{HashMap, HashSet};

use super::order::{Layout, Node, Spot, columns_of, rules_of};
use crate::form::rule::Rule;
use crate::form::schema::{Check, Form, Kind, MessagePart, Question};

/// Findings that are looked for together, or figures that are made together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Unit {
    /// What is built in for a question and its cells.
    Question(Spot),
    /// A check of the form, by its index.
    Check(usize),
    /// The figures of the measures of a section.
    Measures(usize),
}

/// Whoever reads an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Reader {
    Node(Node),
    Unit(Unit),
}

/// Who reads what.
#[derive(Debug)]
pub(super) struct Graph {
    /// Where each node comes in the order.
    pub position: HashMap<Node, usize>,
    /// By node: the findings that look at it.
    units: HashMap<Node, Vec<Unit>>,
    /// The readers that go through all instances of a section.
    gathering: HashSet<(Reader, usize)>,
}

impl Graph {
    pub fn new(form: &Form, layout: &Layout) -> Self {
        let mut graph = Self {
            position: layout.order.iter().enumerate().map(|(at, node)| (*node, at)).collect(),
            units: HashMap::new(),
            gathering: HashSet::new(),
        };
        for (s, section) in form.sections.iter().enumerate() {
            for (q, question) in section.questions.iter().enumerate() {
                graph.add_question(form, layout, (s, q), question);
            }
            graph.add_money(s, &section.questions);
            if let Some(plan) = &section.plan
                && let Some(parts) = plan.parts.as_ref().and_then(|id| layout.spots.get(id))
            {
                graph.looks(Unit::Question(*parts), layout.named(&plan.amount));
            }
        }
        for (c, check) in form.checks.iter().enumerate() {
            graph.add_check(form, layout, c, check);
        }
        for measure in &form.measures {
            let section = form.sections.iter().position(|section| section.id == measure.section);
            for id in [&measure.of, &measure.per] {
                section
                    .into_iter()
                    .for_each(|section| graph.looks(Unit::Measures(section), layout.named(id)));
            }
        }
        for units in graph.units.values_mut() {
            units.sort_unstable();
            units.dedup();
        }
        graph
    }

    /// The findings that look at a node.
    pub fn units(&self, node: Node) -> &[Unit] {
        self.units.get(&node).map_or(&[], Vec::as_slice)
    }

    /// Whether a reader goes through all instances of a section.
    pub fn gathers(&self, reader: Reader, section: usize) -> bool {
        self.gathering.contains(&(reader, section))
    }

    fn looks(&mut self, unit: Unit, nodes: Vec<Node>) {
        for node in nodes {
            self.units.entry(node).or_default().push(unit);
        }
    }

    fn reads(&mut self, form: &Form, layout: &Layout, unit: Unit, rule: &Rule) {
        self.looks(unit, layout.behind_rule(form, rule));
        self.goes_through(form, Reader::Unit(unit), rule);
    }

    fn goes_through(&mut self, form: &Form, reader: Reader, rule: &Rule) {
        for id in rule.gathers() {
            let section = form.sections.iter().position(|section| section.id == *id);
            self.gathering.extend(section.map(|section| (reader, section)));
        }
    }

    fn add_question(&mut self, form: &Form, layout: &Layout, spot: Spot, question: &Question) {
        let unit = Unit::Question(spot);
        let columns = columns_of(question).iter().enumerate();
        let columns = columns.map(|(c, column)| (Node::column(spot, c), column));
        for (node, asked) in std::iter::once((Node::of(spot), question)).chain(columns) {
            self.looks(unit, vec![node]);
            for rule in rules_of(asked) {
                self.goes_through(form, Reader::Node(node), rule);
            }
            match &asked.kind {
                Kind::Percent { check: Some(rule), .. } => self.reads(form, layout, unit, rule),
                Kind::Split { of, .. } => self.looks(unit, layout.named(of)),
                _ => {}
            }
            if let Some(same) = &asked.same_as {
                self.reads(form, layout, unit, &same.rule);
            }
        }
    }

    /// What is spent and what is committed are looked at together.
    fn add_money(&mut self, section: usize, questions: &[Question]) {
        let in_books: Vec<Spot> = questions
            .iter()
            .enumerate()
            .filter(|(_, question)| question.money_is.is_some())
            .map(|(q, _)| (section, q))
            .collect();
        for spot in &in_books {
            self.looks(Unit::Question(*spot), in_books.iter().copied().map(Node::of).collect());
        }
    }

    fn add_check(&mut self, form: &Form, layout: &Layout, at: usize, check: &Check) {
        let unit = Unit::Check(at);
        self.reads(form, layout, unit, &check.rule);
        for part in &check.message.parts {
            if let MessagePart::Value(rule) = part {
                self.reads(form, layout, unit, rule);
            }
        }
        let table = check.table.iter().flat_map(|table| layout.named(table)).collect();
        self.looks(unit, table);
        self.looks(unit, check.at.iter().flat_map(|id| layout.named(id)).collect());
    }
}
