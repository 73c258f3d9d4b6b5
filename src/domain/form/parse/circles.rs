//! What the calculations of a form need of one another, and the circles in that.
//!
//! Invariant: the walk is as deep as the form has questions, columns and measures at most, of which there are 500.

use std::collections::BTreeMap;
use std::ops::Range;

use super::reader::Reader;
use crate::form::rule::{Mention, Names, mentions};

/// A question, a column (`table.column`) or a measure: its rules, and where to say what is wrong with them.
pub(super) struct Node {
    /// The rules whose values it needs.
    pub rules: Vec<String>,
    /// What it needs by itself.
    pub needs: Vec<String>,
    /// The table whose column it is.
    pub table: Option<String>,
    pub span: Range<usize>,
}

/// By id.
pub(super) type Nodes = BTreeMap<String, Node>;

/// Adds to each node what its rules name.
pub(super) fn resolve(nodes: &mut Nodes, names: &Names) {
    let found: Vec<(String, Vec<String>)> = nodes
        .iter()
        .map(|(id, node)| {
            let named = node.rules.iter().flat_map(|rule| mentions(rule));
            let needs = named.flat_map(|mention| behind(&mention, node.table.as_deref(), nodes, names));
            (id.clone(), needs.collect())
        })
        .collect();
    for (id, needs) in found {
        if let Some(node) = nodes.get_mut(&id) {
            node.needs.extend(needs);
        }
    }
}

/// The nodes behind a name that stands in a rule, of a table's column or not.
fn behind(mention: &Mention, table: Option<&str>, nodes: &Nodes, names: &Names) -> Vec<String> {
    let is_column = |table: &&str| {
        let table = names.tables.get(*table);
        table.is_some_and(|table| table.columns.contains_key(&mention.first))
    };
    let within = mention.within.as_deref().filter(|id| names.tables.contains_key(*id));
    // A column that goes through its own table is refused where its rule is read.
    let gone_through = within.filter(|within| table != Some(*within));
    let mut needs: Vec<String> = gone_through.map(str::to_owned).into_iter().collect();
    if within.is_some_and(|table| is_column(&table)) {
        return needs;
    }
    match table.filter(is_column) {
        Some(table) => needs.push(format!("{table}.{}", mention.first)),
        None if nodes.contains_key(&mention.first) => needs.push(mention.first.clone()),
        None => {}
    }
    needs
}

/// Reports each circle once.
pub(super) fn report(nodes: &Nodes, reader: &mut Reader) {
    let mut done: BTreeMap<&str, bool> = BTreeMap::new();
    for id in nodes.keys() {
        visit(nodes, id, &mut Vec::new(), &mut done, reader);
    }
}

/// Walks what `id` needs; `done` holds false for what is being walked, true for what has been.
fn visit<'a>(
    nodes: &'a Nodes,
    id: &'a str,
    path: &mut Vec<&'a str>,
    done: &mut BTreeMap<&'a str, bool>,
    reader: &mut Reader,
) {
    let Some(node) = nodes.get(id) else {
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
        visit(nodes, needed, path, done, reader);
    }
    path.pop();
    done.insert(id, true);
}
