//! The names that a rule may read: the questions, tables and measures of its form, and the register.
//!
//! Invariant: a name is either here, with its type, or unknown; nothing is looked up at run time by guess.

use std::collections::BTreeMap;

use super::{Name, RuleType};
use crate::form::schema::Each;

/// Where a rule stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Where<'a> {
    /// Once for the return: what repeats is out of reach, except through `sum(…)`.
    Whole,
    /// In a section that repeats for each allocation.
    Allocation,
    /// In a section that repeats for each project.
    Project,
    /// In a section that repeats for each cohort.
    Cohort,
    /// In this section, whose rows are added.
    Row(&'a str),
    /// In the rows of this table.
    Table(&'a str),
}

/// What is known of a question, or of the column of a table.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The section it is in.
    pub section: String,
    /// Its type; none when its own fault is reported elsewhere.
    pub kind: Option<RuleType>,
    /// A ratio, with `.of` and `.per`.
    pub ratio: bool,
    /// A range, which is read only as `.low` and `.high`.
    pub range: bool,
    /// A figure, so that `previous.` of it can be read.
    pub figure: bool,
    /// Its figures are never below nought.
    pub not_negative: bool,
    /// The option ids of a choice.
    pub options: Vec<String>,
}

/// Where the rows of a table come from, as far as rules care.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KnownRows {
    /// These ids.
    Given(Vec<String>),
    /// The cohorts of the form, with these ids.
    Cohorts(Vec<String>),
    /// The allocations of the grant.
    Allocations,
    /// The budget lines of an allocation.
    Lines,
    /// The priorities of the plan.
    Priorities,
    /// Added by the provider.
    Added,
}

impl KnownRows {
    /// The ids, where the form itself gives them.
    pub fn ids(&self) -> Option<&[String]> {
        match self {
            Self::Given(ids) | Self::Cohorts(ids) => Some(ids),
            Self::Allocations | Self::Lines | Self::Priorities | Self::Added => None,
        }
    }
}

/// What is known of a table.
#[derive(Debug, Clone)]
pub struct KnownTable {
    /// The section it is in.
    pub section: String,
    /// Its rows.
    pub rows: KnownRows,
    /// By column id.
    pub columns: BTreeMap<String, Known>,
    /// The column that `table.row` alone stands for: the number of a funnel's stage, the answer to a checklist's item.
    pub by_row: Option<&'static str>,
}

/// Where a measure is.
#[derive(Debug, Clone)]
pub struct KnownMeasure {
    /// The section.
    pub section: String,
    /// The table of that section, when it is of each row.
    pub table: Option<String>,
}

/// All the names of a form.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// By section id: for what it repeats.
    pub sections: BTreeMap<String, Each>,
    /// By question id; tables are apart.
    pub questions: BTreeMap<String, Known>,
    /// By the question id of the table.
    pub tables: BTreeMap<String, KnownTable>,
    /// By measure id.
    pub measures: BTreeMap<String, KnownMeasure>,
    /// Whether the return is owed for one allocation, which then can be read everywhere.
    pub one_allocation: bool,
}

type Make = fn(String) -> Name;
/// A part of the register, how to name one of its facts, and its facts with their types.
type Root = (&'static str, Make, &'static [(&'static str, RuleType)]);

use RuleType::{Date, Money, Number, Text};

const REGISTER: [Root; 9] = [
    (
        "fund",
        Name::Fund,
        &[
            ("key", Text),
            ("title", Text),
            ("smallest_award", Money),
            ("largest_award", Money),
        ],
    ),
    (
        "grant",
        Name::Grant,
        &[
            ("amount", Money),
            ("carried_forward", Money),
            ("allocated", Money),
            ("unallocated", Money),
            ("held_back", Money),
            ("held_back_for", Text),
            ("conditions", Text),
            ("reference", Text),
            ("title", Text),
            ("starts_on", Date),
            ("ends_on", Date),
        ],
    ),
    ("provider", Name::Provider, &[("name", Text)]),
    (
        "allocation",
        Name::Allocation,
        &[
            ("amount", Money),
            ("uncovered", Money),
            ("contract_total", Money),
            ("contract_ends_on", Date),
            ("other_funding", Money),
            ("key", Text),
            ("title", Text),
            ("provider", Text),
            ("project", Text),
            ("lines", Number),
        ],
    ),
    (
        "period",
        Name::Period,
        &[("start", Date), ("end", Date), ("label", Text), ("days", Number)],
    ),
    (
        "project",
        Name::Project,
        &[("key", Text), ("title", Text), ("provider", Text), ("amount", Money)],
    ),
    ("cohort", Name::Cohort, &[("key", Text), ("title", Text)]),
    ("line", Name::Line, &[("key", Text), ("title", Text), ("amount", Money)]),
    ("row", Name::Row, &[("number", Number)]),
];

/// What the last signed return said.
pub(super) const PREVIOUS: &str = "previous";

/// The functions.
pub(super) const FUNCTIONS: [&str; 9] = ["sum", "count", "min", "max", "any", "all", "abs", "round", "is_blank"];

/// The functions that go through the rows of a section or a table.
pub(super) const GATHERING: [&str; 6] = ["sum", "count", "min", "max", "any", "all"];

const KEYWORDS: [&str; 9] = ["and", "or", "not", "if", "then", "else", "true", "false", "blank"];

/// Facts of the register that stand only where something repeats: a form may call a section or a question by one of these
/// words, and then means its own.
const MAY_BE_AN_ID: [&str; 4] = ["project", "cohort", "line", "row"];

/// Whether the language or the register has this word for itself, so that no question or section may be called it.
pub fn is_reserved(word: &str) -> bool {
    let register = REGISTER.iter().any(|(root, ..)| *root == word) && !MAY_BE_AN_ID.contains(&word);
    KEYWORDS.contains(&word) || FUNCTIONS.contains(&word) || word == PREVIOUS || register
}

/// The fields of a part of the register, and how to name one.
pub(super) fn register(root: &str) -> Option<(Make, &'static [(&'static str, RuleType)])> {
    REGISTER
        .iter()
        .find(|(name, ..)| *name == root)
        .map(|(_, make, fields)| (*make, *fields))
}

/// "each allocation": for what something is asked, or stands.
pub(super) fn each_words(each: Each) -> &'static str {
    match each {
        Each::Whole => "the return",
        Each::Allocation => "each allocation",
        Each::Project => "each project",
        Each::Cohort => "each cohort",
        Each::Row => "each row",
    }
}

/// What can be seen from a place: what its section repeats for, that section where it has rows, and the table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sight<'a> {
    pub each: Each,
    pub section: Option<&'a str>,
    pub table: Option<(&'a str, &'a KnownTable)>,
}

impl Sight<'_> {
    /// For people: "for each cohort".
    pub fn words(&self) -> &'static str {
        match (&self.table, self.each) {
            (Some(_), _) => "in the rows of a table",
            (None, Each::Whole) => "once for the return",
            (None, Each::Allocation) => "once for each allocation",
            (None, Each::Project) => "once for each project",
            (None, Each::Cohort) => "once for each cohort",
            (None, Each::Row) => "once for each row",
        }
    }

    /// Whether a part of the register that exists once for each of something can be read here; true for the others.
    pub fn has(&self, root: &str) -> bool {
        let rows = self.table.map(|(_, table)| &table.rows);
        match root {
            "allocation" => self.each == Each::Allocation || rows == Some(&KnownRows::Allocations),
            "project" => self.each == Each::Project,
            "cohort" => self.each == Each::Cohort || matches!(rows, Some(KnownRows::Cohorts(_))),
            "line" => rows == Some(&KnownRows::Lines),
            "row" => self.each == Each::Row || rows == Some(&KnownRows::Added),
            _ => true,
        }
    }

    /// Whether the rows of the table themselves have it.
    pub fn row_has(&self, root: &str) -> bool {
        let rows = self.table.map(|(_, table)| &table.rows);
        match (root, rows) {
            ("allocation", Some(rows)) => *rows == KnownRows::Allocations,
            ("cohort", Some(rows)) => matches!(rows, KnownRows::Cohorts(_)),
            ("line", Some(rows)) => *rows == KnownRows::Lines,
            ("row", Some(rows)) => *rows == KnownRows::Added,
            (_, Some(_)) => false,
            (_, None) => self.has(root),
        }
    }
}

impl Names {
    /// Everything that may begin a name, for suggestions.
    pub(super) fn roots(&self) -> impl Iterator<Item = &str> {
        self.questions
            .keys()
            .chain(self.measures.keys())
            .chain(self.tables.keys())
            .map(String::as_str)
            .chain(REGISTER.iter().map(|(root, ..)| *root))
    }

    /// For what this section repeats.
    pub(super) fn each(&self, section: &str) -> Each {
        self.sections.get(section).copied().unwrap_or(Each::Whole)
    }

    /// The place of a rule that stands in this section.
    pub fn place<'a>(&self, section: &'a str) -> Where<'a> {
        Where::of(self.each(section), section)
    }

    /// Whether what is asked in a section can be read from this place.
    pub fn in_reach(&self, place: Where<'_>, section: &str) -> bool {
        self.sees(&self.sight(place), section)
    }

    /// "each cohort": for what a section is asked.
    pub fn each_words(&self, section: &str) -> &'static str {
        each_words(self.each(section))
    }

    pub(super) fn sight<'a>(&'a self, place: Where<'a>) -> Sight<'a> {
        let plain = |each| Sight {
            each,
            section: None,
            table: None,
        };
        match place {
            Where::Whole => plain(Each::Whole),
            Where::Allocation => plain(Each::Allocation),
            Where::Project => plain(Each::Project),
            Where::Cohort => plain(Each::Cohort),
            Where::Row(section) => Sight {
                section: Some(section),
                ..plain(Each::Row)
            },
            Where::Table(id) => match self.tables.get(id) {
                Some(table) => Sight {
                    each: self.each(&table.section),
                    section: Some(&table.section),
                    table: Some((id, table)),
                },
                None => plain(Each::Whole),
            },
        }
    }

    /// Whether what is asked in a section can be seen: it is asked once, or for the same subject.
    pub(super) fn sees(&self, from: &Sight<'_>, section: &str) -> bool {
        match self.each(section) {
            Each::Whole => true,
            Each::Row => from.each == Each::Row && from.section == Some(section),
            // An allocation pays for one project.
            Each::Project => matches!(from.each, Each::Project | Each::Allocation),
            each => from.each == each,
        }
    }

    /// The table that has this column, for a suggestion.
    pub(super) fn table_with(&self, column: &str) -> Option<(&str, &KnownTable)> {
        self.tables
            .iter()
            .find(|(_, table)| table.columns.contains_key(column))
            .map(|(id, table)| (id.as_str(), table))
    }
}

impl<'a> Where<'a> {
    /// The place of a rule in a section that repeats so.
    pub fn of(each: Each, section: &'a str) -> Self {
        match each {
            Each::Whole => Self::Whole,
            Each::Allocation => Self::Allocation,
            Each::Project => Self::Project,
            Each::Cohort => Self::Cohort,
            Each::Row => Self::Row(section),
        }
    }
}
