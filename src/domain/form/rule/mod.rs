//! Rules: expressions over typed answers and the register, e.g. `spent <= allocation.amount`.
//!
//! Invariant: a [`Rule`] is typed and every name in it is known, so that evaluating it is total: it never panics, never
//! loops, and what cannot be determined is [`RuleValue::Blank`]. Figures are exact decimals; nothing is a float.
//!
//! The language: numbers, amounts (`£100`), `"text"` or `'text'`, `true`, `false`, `blank`; `+ - * /`;
//! `= != < <= > >=`; `and or not`; `if a then b else c`; `sum count min max any all` over a section that repeats
//! or a table; `abs round is_blank`. See `docs/forms.md`.

mod eval;
mod foregone;
mod lexer;
mod mention;
mod names;
mod path;
mod reading;
mod suggestion;
mod syntax;
mod terms;
#[cfg(test)]
mod tests;
mod types;

use std::ops::Range;

use chrono::NaiveDate;
use rust_decimal::Decimal;

pub use foregone::{Foregone, foregone};
pub use lexer::MAX_BYTES;
pub use mention::{Mention, mentions};
pub use names::{Known, KnownMeasure, KnownRows, KnownTable, Names, Where, is_reserved};
pub use suggestion::{did_you_mean, nearest};
pub use syntax::{MAX_DEPTH, MAX_OPERATORS};
pub use terms::Term;

/// What kind of value a rule gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleType {
    /// A plain number; a percentage is the number before its sign (29 for 29%).
    Number,
    /// Pounds and pence.
    Money,
    /// True or false.
    Truth,
    /// Text; a choice is the id of its option.
    Text,
    /// A calendar date.
    Date,
}

impl RuleType {
    /// For people: "a number", "pounds".
    pub fn words(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::Money => "pounds",
            Self::Truth => "true or false",
            Self::Text => "text",
            Self::Date => "a date",
        }
    }
}

/// The value of a rule.
#[derive(Debug, Clone, PartialEq)]
pub enum RuleValue {
    /// Cannot be determined: an answer is missing or not known yet, or a figure outgrew what can be counted exactly.
    Blank,
    /// Over nobody: a division by nought, or answers marked so.
    NotApplicable,
    /// A number.
    Number(Decimal),
    /// Pence; may have a fraction on the way.
    Money(Decimal),
    /// True or false.
    Truth(bool),
    /// Text.
    Text(String),
    /// A date.
    Date(NaiveDate),
}

/// A name that a rule reads. The fields are known to exist.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Name {
    /// A question, by id. A split reads as the sum of its rows, a file question as how many files there are, a ratio as
    /// its percentage (not rounded; not applicable when it is over nobody), choices and priorities as how many are chosen,
    /// a contact as its name.
    Question(String),
    /// The numerator of a ratio question: `engaged.of`. Of a ratio column, read within its row, `table.column`; as it is
    /// for the denominator and the ends of a range.
    Numerator(String),
    /// The denominator of a ratio question: `engaged.per`.
    Denominator(String),
    /// A measure, by id: its percentage, not rounded.
    Measure(String),
    /// `fund.key`, `fund.title`.
    Fund(String),
    /// `grant.amount` and the like.
    Grant(String),
    /// `provider.name`.
    Provider(String),
    /// `allocation.amount` and the like.
    Allocation(String),
    /// `period.start`, `period.end`, `period.label`, `period.days`.
    Period(String),
    /// `project.title` and the like, where a section repeats for each project.
    Project(String),
    /// `cohort.key`, `cohort.title`, where a section or a table repeats for each cohort.
    Cohort(String),
    /// `line.amount` and the like, in a table of budget lines.
    Line(String),
    /// `row.number`, where a section or a table has rows that are added.
    Row(String),
    /// The smaller end of a range: `size.low`.
    Low(String),
    /// The larger end of a range: `size.high`.
    High(String),
    /// One cell of a table whose rows the form gives: `table.row.column`, or `funnel.stage`.
    Cell {
        /// The table.
        table: String,
        /// The row.
        row: String,
        /// The column.
        column: String,
    },
    /// A column, read within a row of its table.
    Column {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// The last signed figure of a question, a measure or a column for the same subject: `previous.reached`; of a column,
    /// read within its row, it holds `table.column`.
    Previous(String),
}

/// Where a rule finds its values.
pub trait Scope {
    /// The value of a name. An answer that is hidden, missing, unreadable or "not known yet" is blank. Inside a section
    /// that repeats, a question of another section that repeats for the same is the one of the same subject; an
    /// allocation also sees what is asked of its project.
    fn value(&self, name: &Name) -> RuleValue;
    /// One scope for each time that this section repeats, or for each row of the table with this id, as the table stands
    /// where the rule does.
    fn rows(&self, section: &str) -> Vec<Box<dyn Scope + '_>>;
}

/// What is wrong with a rule, and where in its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleProblem {
    /// Bytes of the rule's text.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

fn problem(span: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> RuleProblem {
    let help = help.into();
    RuleProblem {
        span,
        message: message.into(),
        help: (!help.is_empty()).then_some(help),
    }
}

/// A rule that has been read and checked.
#[derive(Debug, Clone)]
pub struct Rule {
    source: String,
    kind: RuleType,
    reads: Vec<Name>,
    sections: Vec<String>,
    expr: eval::Expr,
}

impl Rule {
    /// Reads a rule standing at `place`. All that is wrong with its names and types is reported at once; the list is
    /// empty when the rule fails only through a name whose own fault is reported elsewhere.
    pub fn parse(source: &str, names: &Names, place: Where<'_>) -> Result<Self, Vec<RuleProblem>> {
        let node = syntax::parse(source).map_err(|problem| vec![problem])?;
        let typed = types::check(&node, names, place)?;
        Ok(Self {
            source: source.to_owned(),
            kind: typed.kind,
            reads: typed.reads,
            sections: typed.sections,
            expr: typed.expr,
        })
    }

    /// As written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// What kind of value it gives.
    pub fn kind(&self) -> RuleType {
        self.kind
    }

    /// Every name it reads, those inside `sum(…)` and its like too; each once.
    pub fn reads(&self) -> &[Name] {
        &self.reads
    }

    /// The sections and tables that it goes through in `sum(…)` and its like.
    pub fn gathers(&self) -> &[String] {
        &self.sections
    }

    /// Whether it comes out the same whatever is answered.
    pub fn is_constant(&self) -> bool {
        self.reads.is_empty() && self.sections.is_empty()
    }

    /// Its value. Total: a rule that touches a blank is blank, unless the blank makes no difference
    /// (`true or blank` is true).
    pub fn eval(&self, scope: &dyn Scope) -> RuleValue {
        eval::eval(&self.expr, scope, None)
    }
}
