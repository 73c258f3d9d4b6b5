//! The order in which questions and the columns of tables are worked out, so that each comes after all that it reads.
//!
//! Invariant: every question and column of the form is in the order exactly once, and the work is linear in them and
//! in the names that their rules read.

use std::collections::{BTreeMap, HashMap, VecDeque};

use crate::form::rule::{Name, Rule};
use crate::form::schema::{Form, Kind, Question, Table, TableKind};

/// A question's place in the form: its section, and itself within it.
pub(super) type Spot = (usize, usize);

/// What is worked out at one time: a question, or a column of a table in every row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Node {
    pub spot: Spot,
    pub column: Option<usize>,
}

impl Node {
    pub fn of((section, question): Spot) -> Self {
        Self {
            spot: (section, question),
            column: None,
        }
    }

    pub fn column((section, question): Spot, column: usize) -> Self {
        Self {
            spot: (section, question),
            column: Some(column),
        }
    }
}

/// What a form is, as working it out needs it: made once for each form.
#[derive(Debug)]
pub(super) struct Layout {
    /// Where each question is, by id.
    pub spots: HashMap<String, Spot>,
    /// Every column, by its id; several tables may have one of the same id.
    columns: HashMap<String, Vec<Node>>,
    /// Each node after those that it reads; otherwise in the order of the form.
    pub order: Vec<Node>,
    /// By node: those that read it.
    pub feeds: HashMap<Node, Vec<Node>>,
}

impl Layout {
    pub fn new(form: &Form) -> Self {
        let mut layout = Self {
            spots: HashMap::new(),
            columns: HashMap::new(),
            order: Vec::new(),
            feeds: HashMap::new(),
        };
        for (s, section) in form.sections.iter().enumerate() {
            for (q, question) in section.questions.iter().enumerate() {
                layout.spots.insert(question.id.clone(), (s, q));
                for (c, column) in columns_of(question).iter().enumerate() {
                    let nodes = layout.columns.entry(column.id.clone()).or_default();
                    nodes.push(Node::column((s, q), c));
                }
            }
        }
        layout.put_in_order(form);
        layout
    }

    fn put_in_order(&mut self, form: &Form) {
        let mut waits: BTreeMap<Node, usize> = BTreeMap::new();
        let mut ready = VecDeque::new();
        for (s, section) in form.sections.iter().enumerate() {
            for (q, question) in section.questions.iter().enumerate() {
                let mut place = |layout: &mut Self, node: Node, read: Vec<Node>| {
                    if read.is_empty() {
                        ready.push_back(node);
                    } else {
                        waits.insert(node, read.len());
                    }
                    for source in read {
                        layout.feeds.entry(source).or_default().push(node);
                    }
                };
                let read = self.read_by(form, question);
                place(self, Node::of((s, q)), read);
                for (c, column) in columns_of(question).iter().enumerate() {
                    let read = self.read_by_column(form, (s, q), column);
                    place(self, Node::column((s, q), c), read);
                }
            }
        }
        while let Some(node) = ready.pop_front() {
            self.order.push(node);
            for fed in self.feeds.get(&node).into_iter().flatten() {
                if let Some(left) = waits.get_mut(fed) {
                    *left -= 1;
                    if *left == 0 {
                        waits.remove(fed);
                        ready.push_back(*fed);
                    }
                }
            }
        }
        // A form that was read has no circles; were there one, its questions read each other as blank.
        self.order.extend(waits.into_keys());
    }

    fn read_by(&self, form: &Form, question: &Question) -> Vec<Node> {
        once_each(
            rules_of(question)
                .flat_map(|rule| self.behind_rule(form, rule))
                .collect(),
        )
    }

    /// A column waits for its table, which says whether it is shown; a funnel's shares wait for its numbers.
    fn read_by_column(&self, form: &Form, spot: Spot, column: &Question) -> Vec<Node> {
        let mut read: Vec<Node> = rules_of(column).flat_map(|rule| self.behind_rule(form, rule)).collect();
        read.push(Node::of(spot));
        let question = &form.sections[spot.0].questions[spot.1];
        if let Some((_, numbers)) =
            shares(question).filter(|(shares, _)| question_column(question, *shares) == Some(&column.id))
        {
            read.push(Node::column(spot, numbers));
        }
        read.retain(|node| {
            node.spot != spot
                || node
                    .column
                    .is_none_or(|other| question_column(question, other) != Some(&column.id))
        });
        once_each(read)
    }

    /// What a rule reads; a table that it goes through too, because rows may be added to that.
    pub fn behind_rule(&self, form: &Form, rule: &Rule) -> Vec<Node> {
        let tables = rule
            .gathers()
            .iter()
            .filter_map(|id| self.spots.get(id))
            .map(|spot| Node::of(*spot));
        let read = rule.reads().iter().flat_map(|name| self.behind(form, name));
        tables.chain(read).collect()
    }

    /// The questions and columns whose answers make a name's value.
    fn behind(&self, form: &Form, name: &Name) -> Vec<Node> {
        match name {
            Name::Question(id) | Name::Numerator(id) | Name::Denominator(id) | Name::Low(id) | Name::High(id) => {
                self.named(id)
            }
            Name::Cell { table, column, .. } | Name::Column { table, column } => self.in_table(table, column),
            Name::Measure(id) => form
                .measures
                .iter()
                .filter(|measure| measure.id == *id)
                .flat_map(|measure| [&measure.of, &measure.per])
                .flat_map(|id| self.named(id))
                .collect(),
            Name::Fund(_)
            | Name::Grant(_)
            | Name::Provider(_)
            | Name::Allocation(_)
            | Name::Period(_)
            | Name::Project(_)
            | Name::Cohort(_)
            | Name::Line(_)
            | Name::Row(_)
            | Name::Previous(_) => Vec::new(),
        }
    }

    /// A question, a column as `table.column`, or every column of that id.
    pub fn named(&self, id: &str) -> Vec<Node> {
        match (self.spots.get(id), id.split_once('.')) {
            (Some(spot), _) => vec![Node::of(*spot)],
            (None, Some((table, column))) => self.in_table(table, column),
            (None, None) => self.columns.get(id).cloned().unwrap_or_default(),
        }
    }

    fn in_table(&self, table: &str, column: &str) -> Vec<Node> {
        let Some(spot) = self.spots.get(table) else {
            return Vec::new();
        };
        let columns = self.columns.get(column).into_iter().flatten();
        columns.filter(|node| node.spot == *spot).copied().collect()
    }
}

fn once_each(mut nodes: Vec<Node>) -> Vec<Node> {
    nodes.sort_unstable();
    nodes.dedup();
    nodes
}

/// The table that a question is.
pub(super) fn table_of(question: &Question) -> Option<&Table> {
    match &question.kind {
        Kind::Table(table) => Some(table),
        _ => None,
    }
}

/// The columns of a question that is a table.
pub(super) fn columns_of(question: &Question) -> &[Question] {
    table_of(question).map_or(&[], |table| &table.columns)
}

fn question_column(question: &Question, at: usize) -> Option<&String> {
    columns_of(question).get(at).map(|column| &column.id)
}

/// Of a funnel: the column with each stage's share of the one before, and the column with the numbers.
pub(super) fn shares(question: &Question) -> Option<(usize, usize)> {
    let table = table_of(question).filter(|table| table.made_as == TableKind::Funnel)?;
    let at = |id: &str| table.columns.iter().position(|column| column.id == id);
    Some((at("share")?, at("number")?))
}

/// The rules that decide what a question is and whether it is shown. What a percentage or an amount is checked against
/// is not among them: it is looked at when everything is worked out.
pub(super) fn rules_of(question: &Question) -> impl Iterator<Item = &Rule> {
    let value = match &question.kind {
        Kind::Calculated { value, .. } => Some(value),
        _ => None,
    };
    question.show_if.iter().chain(&question.from).chain(value)
}
