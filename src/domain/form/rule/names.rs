//! The names that a rule may read: the questions and measures of its form, and the register.
//!
//! Invariant: a name is either here, with its type, or unknown; nothing is looked up at run time by guess.

use std::collections::BTreeMap;

use super::{Name, RuleType};

/// Where a rule stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Where {
    /// Once for the return: `allocation.*` and questions that repeat are out of reach, except through `sum(…)`.
    Whole,
    /// In a section that repeats for each allocation.
    Allocation,
}

/// What is known of a question or measure.
#[derive(Debug, Clone)]
pub struct Known {
    /// The section it is in.
    pub section: String,
    /// Its type; none when its own fault is reported elsewhere.
    pub kind: Option<RuleType>,
    /// A ratio question, with `.of` and `.per`.
    pub ratio: bool,
    /// The option ids of a choice.
    pub options: Vec<String>,
}

/// All the names of a form.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// By section id: whether it repeats for each allocation.
    pub sections: BTreeMap<String, bool>,
    /// By question id.
    pub questions: BTreeMap<String, Known>,
    /// By measure id: its section.
    pub measures: BTreeMap<String, String>,
}

type Make = fn(String) -> Name;
/// A part of the register, how to name one of its facts, and its facts with their types.
type Root = (&'static str, Make, &'static [(&'static str, RuleType)]);

const REGISTER: [Root; 5] = [
    (
        "fund",
        Name::Fund,
        &[("key", RuleType::Text), ("title", RuleType::Text)],
    ),
    (
        "grant",
        Name::Grant,
        &[
            ("amount", RuleType::Money),
            ("carried_forward", RuleType::Money),
            ("allocated", RuleType::Money),
            ("reference", RuleType::Text),
            ("title", RuleType::Text),
            ("starts_on", RuleType::Date),
            ("ends_on", RuleType::Date),
        ],
    ),
    ("provider", Name::Provider, &[("name", RuleType::Text)]),
    (
        "allocation",
        Name::Allocation,
        &[
            ("amount", RuleType::Money),
            ("uncovered", RuleType::Money),
            ("contract_total", RuleType::Money),
            ("key", RuleType::Text),
            ("title", RuleType::Text),
            ("provider", RuleType::Text),
        ],
    ),
    (
        "period",
        Name::Period,
        &[
            ("start", RuleType::Date),
            ("end", RuleType::Date),
            ("label", RuleType::Text),
        ],
    ),
];

/// The functions.
pub(super) const FUNCTIONS: [&str; 9] = ["sum", "count", "min", "max", "any", "all", "abs", "round", "is_blank"];

/// The functions that go through the rows of a section.
pub(super) const GATHERING: [&str; 6] = ["sum", "count", "min", "max", "any", "all"];

const KEYWORDS: [&str; 9] = ["and", "or", "not", "if", "then", "else", "true", "false", "blank"];

/// Whether the language or the register has this word for itself, so that no question or section may be called it.
pub fn is_reserved(word: &str) -> bool {
    KEYWORDS.contains(&word) || FUNCTIONS.contains(&word) || REGISTER.iter().any(|(root, ..)| *root == word)
}

/// The fields of a part of the register, and how to name one.
pub(super) fn register(root: &str) -> Option<(Make, &'static [(&'static str, RuleType)])> {
    REGISTER
        .iter()
        .find(|(name, ..)| *name == root)
        .map(|(_, make, fields)| (*make, *fields))
}

impl Names {
    /// Everything that may begin a name, for suggestions.
    pub(super) fn roots(&self) -> impl Iterator<Item = &str> {
        self.questions
            .keys()
            .chain(self.measures.keys())
            .map(String::as_str)
            .chain(REGISTER.iter().map(|(root, ..)| *root))
    }

    /// Whether this section repeats for each allocation.
    pub(super) fn repeats(&self, section: &str) -> bool {
        self.sections.get(section).copied().unwrap_or(false)
    }
}
