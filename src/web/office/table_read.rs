//! A table as it was answered: of a revision's document, or of the draft as it stands.
//!
//! Invariant: what a cell says is what its question's page showed.

use countersign_domain::answers::types::{Answer, QuestionView, Value};
use countersign_domain::form::schema::Table;
use serde::Deserialize;

/// A table as it was shown.
#[derive(Debug, Clone, Deserialize)]
pub struct TableRead {
    /// Its columns, with the sum of each that has one.
    pub columns: Vec<ColumnRead>,
    /// Its rows.
    pub rows: Vec<RowRead>,
}

/// A column.
#[derive(Debug, Clone, Deserialize)]
pub struct ColumnRead {
    /// Its id.
    pub column: String,
    /// What it asks.
    pub label: String,
    /// Its sum, for people.
    pub total: Option<String>,
}

/// A row.
#[derive(Debug, Clone, Deserialize)]
pub struct RowRead {
    /// Its id.
    pub row: String,
    /// What it is called.
    pub label: String,
    /// The cells that are shown.
    pub cells: Vec<CellRead>,
}

/// A cell.
#[derive(Debug, Clone, Deserialize)]
pub struct CellRead {
    /// Of which column.
    pub column: String,
    /// As what it was read.
    pub read: CellKind,
    /// For people; empty when blank.
    pub shown: String,
}

/// As much of what a cell was read as, as decides how it is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum CellKind {
    /// Pounds.
    Money,
    /// A whole number.
    Count,
    /// A number.
    Number,
    /// A percentage.
    Percent,
    /// Two counts.
    Ratio,
    /// From so many to so many.
    Range,
    /// Words.
    #[serde(other)]
    Words,
}

impl CellKind {
    fn of(answer: &Answer) -> Self {
        match answer {
            Answer::Given(Value::Money(_)) => Self::Money,
            Answer::Given(Value::Count(_)) => Self::Count,
            Answer::Given(Value::Number(_)) => Self::Number,
            Answer::Given(Value::Percent(_)) => Self::Percent,
            Answer::Given(Value::Ratio { .. }) => Self::Ratio,
            Answer::Given(Value::Range { .. }) => Self::Range,
            _ => Self::Words,
        }
    }
}

impl TableRead {
    /// A table of the draft. A cell that cannot be read is shown as it was typed.
    pub fn of_draft(table: &Table, view: &QuestionView) -> Option<Self> {
        let shown = view.table.as_ref()?;
        let typed = |row: &str, column: &str| {
            let fields = &view.draft.as_ref()?.fields;
            let text = fields.get(&format!("{row}.{column}"))?.trim();
            (!text.is_empty()).then(|| format!("“{text}”"))
        };
        let rows = shown.rows.iter().map(|row| RowRead {
            row: row.id.clone(),
            label: row.label.clone(),
            cells: table
                .columns
                .iter()
                .zip(&row.cells)
                .filter(|(_, cell)| cell.visible)
                .map(|(column, cell)| CellRead {
                    column: column.id.clone(),
                    read: CellKind::of(&cell.answer),
                    shown: match &cell.answer {
                        Answer::Blank => typed(&row.id, &column.id).unwrap_or_default(),
                        _ => cell.shown.clone(),
                    },
                })
                .collect(),
        });
        let columns = table
            .columns
            .iter()
            .zip(&shown.totals)
            .map(|(column, total)| ColumnRead {
                column: column.id.clone(),
                label: column.label.en.clone(),
                total: total.clone(),
            });
        Some(TableRead {
            columns: columns.collect(),
            rows: rows.collect(),
        })
    }
}
