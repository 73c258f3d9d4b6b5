//! A return as it stands, for pages and services.
//!
//! Invariant: what stands here follows from the form, the register and the draft, and from nothing else.

use serde::Serialize;

use super::{Answer, DraftAnswer, Figure, Finding, SectionKey};

/// Everything that follows from a draft: readings, calculations, findings, figures.
#[derive(Debug, Clone)]
pub struct Evaluated {
    /// The tasks in order.
    pub sections: Vec<SectionView>,
    /// Errors and warnings, in the order of the form.
    pub findings: Vec<Finding>,
    /// The figures, one for each measure and subject.
    pub figures: Vec<Figure>,
}

/// One task.
#[derive(Debug, Clone)]
pub struct SectionView {
    /// Its key.
    pub key: SectionKey,
    /// The section of the form: an index into `form.sections`.
    pub section: usize,
    /// The allocation: an index into `register.allocations`.
    pub allocation: Option<usize>,
    /// What it is for: the key of an allocation, a project, a cohort or a row; none for a section that does not repeat.
    pub subject: Option<String>,
    /// Title with placeholders filled in.
    pub title: String,
    /// Questions in order; hidden ones too.
    pub questions: Vec<QuestionView>,
    /// How far it is.
    pub status: TaskStatus,
}

/// How far a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TaskStatus {
    /// Nothing typed.
    NotStarted,
    /// Something typed; something required is missing.
    InProgress,
    /// An error stands in it.
    HasErrors,
    /// All required answers given and no error stands.
    Complete,
}

/// One question as it stands.
#[derive(Debug, Clone)]
pub struct QuestionView {
    /// The question: an index into the section's questions.
    pub question: usize,
    /// Its id.
    pub id: String,
    /// Label with placeholders filled in.
    pub label: String,
    /// Whether it is shown now.
    pub visible: bool,
    /// What was typed.
    pub draft: Option<DraftAnswer>,
    /// What it was read as (prefilled and calculated values too).
    pub answer: Answer,
    /// For people: "£16,486.00", "25.0% (308 of 1,231)", "Not applicable", "" when blank.
    pub shown: String,
    /// How something unusual was read, e.g. "Read as £1,042,000.00".
    pub note: Option<String>,
    /// Whether the target was reached, where there is one and a figure.
    pub on_target: Option<bool>,
    /// The last signed figure of it, for people, where the form shows that: "214 (April to June 2026)".
    pub previous: Option<String>,
    /// The rows and cells of a table.
    pub table: Option<TableView>,
}

/// A table as it stands.
#[derive(Debug, Clone)]
pub struct TableView {
    /// The rows in order.
    pub rows: Vec<RowView>,
    /// The sum under each column that has one, for people.
    pub totals: Vec<Option<String>>,
}

/// A row of a table.
#[derive(Debug, Clone)]
pub struct RowView {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub label: String,
    /// One for each column.
    pub cells: Vec<CellView>,
}

/// A cell of a table.
#[derive(Debug, Clone)]
pub struct CellView {
    /// Whether it is shown now.
    pub visible: bool,
    /// What it was read as.
    pub answer: Answer,
    /// For people.
    pub shown: String,
    /// How something unusual was read.
    pub note: Option<String>,
    /// Whether the target was reached.
    pub on_target: Option<bool>,
    /// The last signed figure of it.
    pub previous: Option<String>,
}
