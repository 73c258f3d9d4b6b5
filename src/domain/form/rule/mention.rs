//! The names in a rule's text, before it is known what they are.
//!
//! Invariant: total; a text that cannot be read mentions nothing.

use super::names::GATHERING;
use super::syntax::{self, Node, NodeKind as Kind};

/// A name as it stands in a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// Its first word.
    pub first: String,
    /// The words after its dots.
    pub fields: Vec<String>,
    /// The section or table inside whose `sum(…)` it stands.
    pub within: Option<String>,
}

/// Every name in a rule; what `sum(…)` and its like go through is among them. Lets calculated questions be put in order
/// before their types are known.
pub fn mentions(source: &str) -> Vec<Mention> {
    let mut found = Vec::new();
    if let Ok(node) = syntax::parse(source) {
        collect(&node, None, &mut found);
    }
    found
}

fn collect(node: &Node, within: Option<&str>, found: &mut Vec<Mention>) {
    match &node.kind {
        Kind::Path(path) => {
            let mut words = path.iter().map(|(word, _)| word.clone());
            found.extend(words.next().map(|first| Mention {
                first,
                fields: words.collect(),
                within: within.map(str::to_owned),
            }));
        }
        Kind::Negate(inner) | Kind::Not(inner) => collect(inner, within, found),
        Kind::Binary(_, left, right) => {
            collect(left, within, found);
            collect(right, within, found);
        }
        Kind::If(condition, yes, no) => {
            for part in [condition, yes, no] {
                collect(part, within, found);
            }
        }
        Kind::Call(function, _, arguments) => {
            let mut arguments = arguments.iter();
            let mut within = within;
            if GATHERING.contains(&function.as_str())
                && let Some(through) = arguments.next()
                && let Kind::Path(path) = &through.kind
                && let Some((id, _)) = path.first()
            {
                found.push(Mention {
                    first: String::new(),
                    fields: Vec::new(),
                    within: Some(id.clone()),
                });
                within = Some(id);
            }
            arguments.for_each(|argument| collect(argument, within, found));
        }
        Kind::Number(_) | Kind::Pounds(_) | Kind::Text(_) | Kind::Truth(_) | Kind::Blank => {}
    }
}
