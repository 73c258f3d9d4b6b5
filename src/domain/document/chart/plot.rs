//! What of a chart's table is drawn.
//!
//! Invariant: every series has a value for every point, if only one that says why there is none.

use rust_decimal::Decimal;

use super::super::{Cell, Chart, Drawn, Mark, Role, Shown, Unit};

/// The points and their series.
pub(super) struct Plot {
    /// What the points are: the heading of the first column.
    pub by: String,
    /// The points' names.
    pub names: Vec<String>,
    /// At least one.
    pub series: Vec<Drawing>,
    /// The unit of the first number; it decides how an axis is written.
    pub unit: Unit,
}

/// One series.
pub(super) struct Drawing {
    pub title: String,
    pub role: Role,
    /// Counts the series of its role from 0, and so decides how it looks.
    pub look: usize,
    pub values: Vec<Value>,
}

/// What is drawn at a point.
pub(super) struct Value {
    /// How far; none for a gap.
    pub number: Option<Decimal>,
    /// As the table has it.
    pub text: String,
    /// Why there is no number, in words; empty where there is one.
    pub why: &'static str,
}

impl Value {
    /// What is written at a gap: the symbol and what it means.
    pub fn gap(&self) -> String {
        match (self.text.as_str(), self.why) {
            (text, "") => text.to_owned(),
            ("", why) => why.to_owned(),
            (text, why) => format!("{text} {why}"),
        }
    }
}

impl Plot {
    /// Reads the table. Rows that add up others are not points; a series that names no column is left out. The parts of a
    /// bar are all of one role.
    pub fn of(chart: &Chart<Shown>) -> Self {
        let table = &chart.table;
        let rows: Vec<_> = table.rows.iter().filter(|row| !row.total).collect();
        let names = rows
            .iter()
            .map(|row| row.cells.first().map_or("", shown).replace('\n', " "));
        let mut series: Vec<Drawing> = Vec::new();
        for wanted in &chart.series {
            let Some(column) = table.columns.get(wanted.column) else {
                continue;
            };
            let role = if chart.drawn == Drawn::Stacked {
                Role::Figures
            } else {
                wanted.role
            };
            series.push(Drawing {
                title: column.title.clone(),
                role,
                look: series.iter().filter(|other| other.role == role).count(),
                values: rows.iter().map(|row| value(row.cells.get(wanted.column))).collect(),
            });
        }
        let units = rows.iter().flat_map(|row| &row.cells).filter_map(|cell| match cell {
            Cell::Figure { figure } => figure.exact.map(|exact| exact.unit),
            Cell::Text { .. } => None,
        });
        Self {
            by: table
                .columns
                .first()
                .map(|column| column.title.clone())
                .unwrap_or_default(),
            names: names.collect(),
            series,
            unit: units.into_iter().next().unwrap_or(Unit::Number),
        }
    }

    /// Whether there is no point, or none that has a number.
    pub fn is_empty(&self) -> bool {
        self.numbers().next().is_none()
    }

    /// Every number that is drawn.
    pub fn numbers(&self) -> impl Iterator<Item = Decimal> {
        self.series
            .iter()
            .flat_map(|series| &series.values)
            .filter_map(|value| value.number)
    }
}

fn shown(cell: &Cell<Shown>) -> &str {
    match cell {
        Cell::Text { text } => text,
        Cell::Figure { figure } => &figure.text,
    }
}

fn value(cell: Option<&Cell<Shown>>) -> Value {
    let (number, text, why) = match cell {
        Some(Cell::Figure { figure }) => {
            let number = figure.exact.map(|exact| exact.number);
            let why = if number.is_some() { "" } else { why(&figure.marks) };
            (number, figure.text.clone(), why)
        }
        Some(Cell::Text { text }) => (
            None,
            text.replace('\n', " "),
            if text.is_empty() { "no figure" } else { "" },
        ),
        None => (None, String::new(), "no figure"),
    };
    Value { number, text, why }
}

fn why(marks: &[Mark]) -> &'static str {
    let told = |mark: &Mark| match mark {
        Mark::Hidden => Some("held back"),
        Mark::NotApplicable => Some("not applicable"),
        Mark::NotKnown => Some("not known yet"),
        Mark::Blank => Some("not answered"),
        Mark::Approximate | Mark::Provisional | Mark::Restated | Mark::Rounded => None,
    };
    marks.iter().find_map(told).unwrap_or_default()
}
