//! The books of a return: each amount that was spent or committed, and of what it is.
//!
//! Invariant: an amount is of a question or column that the form says is spent or committed, and of no other; what is not
//! known of one place is not known of the sum.

use countersign_domain::answers::types::{Figure, FigureValue, Register};
use countersign_domain::form::schema::{AddUp, Each, Form, Kind, MoneyIs, Question, TableRows};
use countersign_domain::money::Money;

use super::names::{project_key, table_rows};
use super::stated::{Amount, Stated};

/// A question or column whose amounts are spent or committed.
pub(super) struct Marked<'a> {
    /// As figures name it.
    pub(super) id: String,
    pub(super) is: MoneyIs,
    pub(super) each: Each,
    /// Where its table's rows come from.
    pub(super) rows: Option<&'a TableRows>,
    pub(super) over_time: Option<AddUp>,
}

/// Of what an amount is, as far as the books go.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Subject {
    /// All that the return is owed for.
    Whole,
    Project(String),
    Allocation(String),
}

/// An amount, of what it is, and the part of that which it is.
pub(super) struct Entry<'a> {
    pub(super) is: MoneyIs,
    pub(super) subject: Subject,
    /// A figure of a row, a cohort or a budget line.
    pub(super) part: bool,
    /// The place that both amounts of a part have in common.
    pub(super) place: (Option<&'a str>, Option<&'a str>),
    pub(super) figure: &'a Figure,
}

/// All that is needed to tell a return's money.
pub(super) struct Books<'a> {
    pub(super) form: &'a Form,
    pub(super) register: &'a Register,
    pub(super) marked: Vec<Marked<'a>>,
    pub(super) entries: Vec<Entry<'a>>,
}

/// The amounts of a form that are spent or committed.
pub(super) fn marked(form: &Form) -> Vec<Marked<'_>> {
    let mut all = Vec::new();
    for section in &form.sections {
        for question in &section.questions {
            let rows = table_rows(question);
            let mut put = |id: String, of: &Question| {
                all.extend(of.money_is.map(|is| Marked {
                    over_time: form.adds_up(&id).1,
                    id,
                    is,
                    each: section.each,
                    rows,
                }));
            };
            put(question.id.clone(), question);
            for column in columns(question) {
                put(format!("{}.{}", question.id, column.id), column);
            }
        }
    }
    all
}

fn columns(question: &Question) -> &[Question] {
    match &question.kind {
        Kind::Table(table) => &table.columns,
        _ => &[],
    }
}

impl<'a> Books<'a> {
    pub(super) fn new(form: &'a Form, register: &'a Register, figures: &'a [Figure]) -> Self {
        let mut books = Self {
            form,
            register,
            marked: marked(form),
            entries: Vec::new(),
        };
        books.entries = figures.iter().filter_map(|figure| books.entry(figure)).collect();
        books
    }

    fn entry(&self, figure: &'a Figure) -> Option<Entry<'a>> {
        let marked = self.marked.iter().find(|marked| marked.id == figure.measure)?;
        let row = figure.row.as_deref();
        let (within, cell) = match (marked.each, marked.rows) {
            (Each::Whole | Each::Allocation, Some(_)) => (None, row),
            (Each::Whole | Each::Allocation, None) => (None, None),
            (Each::Project | Each::Cohort | Each::Row, Some(_)) => row.and_then(|row| row.split_once('/')).unzip(),
            (Each::Project | Each::Cohort | Each::Row, None) => (row, None),
        };
        let of_section = match (marked.each, within, &figure.allocation) {
            (Each::Allocation, _, Some(allocation)) => Subject::Allocation(allocation.clone()),
            (Each::Project, Some(project), _) => Subject::Project(project.to_owned()),
            _ => Subject::Whole,
        };
        let grouped = matches!(marked.each, Each::Cohort | Each::Row);
        let (subject, part) = match (marked.rows, cell) {
            (Some(TableRows::Allocations), Some(row)) => (Subject::Allocation(row.to_owned()), grouped),
            (rows, _) => (of_section, grouped || rows.is_some()),
        };
        let (subject, part) = match subject {
            Subject::Allocation(key) if self.by_project() => {
                (Subject::Project(project_key(self.register, &key).to_owned()), true)
            }
            subject => (subject, part),
        };
        Some(Entry {
            is: marked.is,
            subject,
            part,
            place: (figure.allocation.as_deref(), row),
            figure,
        })
    }

    pub(super) fn asks(&self, is: MoneyIs) -> bool {
        self.marked.iter().any(|marked| marked.is == is)
    }

    /// Whether money is told for each project, which several allocations may pay for.
    pub(super) fn by_project(&self) -> bool {
        self.marked.iter().any(|marked| marked.each == Each::Project)
    }

    pub(super) fn by_allocation(&self) -> bool {
        let of_each = |marked: &Marked<'_>| {
            marked.each == Each::Allocation || marked.rows.is_some_and(|rows| *rows == TableRows::Allocations)
        };
        self.marked.iter().any(of_each)
    }

    /// What a return of one period can say is left: what it says was spent is all that was ever spent.
    pub(super) fn left_is_known(&self) -> bool {
        let (period, grant) = (self.register.period, &self.register.grant);
        let whole_grant = period.start() <= grant.starts_on && period.end() >= grant.ends_on;
        let to_date = |marked: &Marked<'_>| matches!(marked.over_time, Some(AddUp::Last | AddUp::Max));
        let mut spent = self.marked.iter().filter(|marked| marked.is == MoneyIs::Spent);
        self.asks(MoneyIs::Spent) && (whole_grant || spent.all(to_date))
    }

    /// Whether each period's spending is added to that of the others, and this one is not all of them.
    pub(super) fn only_this_period(&self) -> bool {
        let mut spent = self.marked.iter().filter(|marked| marked.is == MoneyIs::Spent);
        !self.left_is_known() && spent.any(|marked| marked.over_time == Some(AddUp::Sum))
    }

    /// What is stated of a subject as such, else what is stated of all its parts.
    pub(super) fn amount(&self, subject: &Subject, is: MoneyIs) -> Amount {
        let of = |part: bool| {
            let entries = self.entries.iter();
            let found = entries.filter(move |entry| entry.is == is && entry.part == part && entry.subject == *subject);
            sum(found.map(|entry| entry.figure))
        };
        match of(false) {
            given @ Amount::Given(_) => given,
            other => match of(true) {
                Amount::NotAsked => other,
                of_parts => of_parts,
            },
        }
    }
}

/// Two amounts of one row, and not of two tables whose rows are called alike.
pub(super) fn same_table(one: &Entry<'_>, other: &Entry<'_>) -> bool {
    let table = |entry: &Entry<'_>| entry.figure.measure.split_once('.').map(|(table, _)| table.to_owned());
    table(one) == table(other)
}

/// Figures together: what is not applicable is left out, and where one is missing there is no sum.
pub(super) fn sum<'f>(figures: impl Iterator<Item = &'f Figure>) -> Amount {
    let mut sum = Amount::NotAsked;
    for figure in figures {
        let FigureValue::Money { pence } = figure.value else {
            if figure.value != FigureValue::NotApplicable {
                return Amount::NotGiven;
            }
            continue;
        };
        let stated = Stated {
            amount: Money::pence(pence),
            approximately: figure.approximately,
        };
        let before = sum.given().unwrap_or(Stated::NOTHING);
        sum = Stated::plus(before, stated).map_or(Amount::NotGiven, Amount::Given);
    }
    sum
}
