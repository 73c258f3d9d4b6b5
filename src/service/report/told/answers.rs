//! answers and checklist: what the returns answer beside their figures.
//!
//! Invariant: told as it was frozen with the revision; a number in it is a figure of that return, so that it can be held back
//! like any other, and what was written of people waits for its clearance.

use countersign_domain::answers::types::FigureValue;
use countersign_domain::document::{Block, Cell, Column, Raw, Row, Table};
use countersign_domain::form::schema::{Each, Form, Kind, Question, Table as FormTable, TableKind, TableRows};
use countersign_domain::form::uses::columns;

use super::super::adding::{added, money};
use super::super::frozen::{Frozen, FrozenAnswer, FrozenSection, FrozenTable};
use super::super::material::Held;
use super::super::measured::{Measured, meant};
use super::super::names::{Names, called, table_rows};
use super::Telling;
use super::options::Options;
use super::stories::story_place;
use super::table::{text, text_column};
use crate::wording::report::{Call, Returned};

/// A question that a report names.
pub(super) struct Asked<'t> {
    pub(super) form: &'t Form,
    pub(super) question: &'t Question,
}

/// Said instead of words that wait for their clearance.
pub(super) const NOT_CLEARED: &str = "Not cleared for this paper";

/// Whether an answer may tell of people, and waits for a clearance: it is told as a story, or may hold personal data.
pub(in crate::service::report) fn may_tell_of_people(question: &Question) -> bool {
    matches!(question.kind, Kind::Narrative { .. } | Kind::Contact)
        || columns(question).iter().any(|column| of_people(&column.kind))
}

/// Whether a table's rows are added and begin with words of their own, which name them.
fn names_itself(table: &FormTable) -> bool {
    let words = table.columns.first().map(|first| &first.kind);
    matches!(table.rows, TableRows::Added { .. }) && matches!(words, Some(Kind::Text { .. }))
}

/// What the rows of a table are, above their names.
fn heading(table: &FormTable) -> &'static str {
    match (table.made_as, &table.rows) {
        (TableKind::Checklist, _) => "Question",
        (TableKind::Funnel, _) => "Stage",
        (_, rows) => rows_heading(rows),
    }
}

/// The same, by where the rows come from.
pub(super) fn rows_heading(rows: &TableRows) -> &'static str {
    match rows {
        TableRows::Cohorts => "Cohort",
        TableRows::Allocations => "Project",
        TableRows::Lines => "Budget line",
        TableRows::Priorities => "Priority",
        TableRows::Fixed(_) | TableRows::Added { .. } => "Row",
    }
}

/// Whether these words are held back until they are cleared, wherever a report shows them.
fn of_people(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Narrative {
            personal_data_warn: true,
            ..
        } | Kind::Contact
    )
}

impl<'t> Telling<'t> {
    /// The question of this name.
    pub(super) fn question_of(&self, literal: &str) -> Result<Asked<'t>, String> {
        let (form, rest) = self.material.form_of(literal)?;
        match form.question(rest) {
            Some((_, question)) => Ok(Asked { form, question }),
            None => {
                let known = form.sections.iter().flat_map(|section| &section.questions);
                let prefix = format!("{}.", form.id);
                Err(format!(
                    "There is no question ‘{rest}’ in the form ‘{}’.{}",
                    form.id,
                    meant(rest, known.map(|question| question.id.as_str()), &prefix)
                ))
            }
        }
    }

    /// Where the question was answered: by return, then section.
    pub(super) fn given(
        &self,
        asked: &Asked<'t>,
    ) -> impl Iterator<Item = (&'t Held, &'t Frozen, &'t FrozenSection, &'t FrozenAnswer)> {
        let (material, id) = (self.material, asked.question.id.clone());
        let forms = [asked.form.id.clone()];
        let returns: Vec<&'t Held> = material.returns_now(&forms).map(|(_, held)| held).collect();
        returns.into_iter().flat_map(move |held| {
            let frozen = material.documents.get(&held.ret.id);
            let id = id.clone();
            frozen.into_iter().flat_map(move |frozen| {
                let id = id.clone();
                frozen.sections.iter().flat_map(move |section| {
                    let id = id.clone();
                    let answers = section.answers.iter().filter(move |answer| answer.question == id);
                    answers
                        .filter(|answer| !answer.shown.is_empty() || answer.table.is_some())
                        .map(move |answer| (held, frozen, section, answer))
                })
            })
        })
    }

    pub(super) fn answers(&self, call: &Call) -> Result<Returned, String> {
        let options = Options::of(call, 1, &["title", "heading", "by"])?;
        let question = self.question_of(options.text_first("the question whose answers it shows")?)?;
        let side_by_side = match options.text("by")? {
            None => false,
            Some("return") => true,
            Some(other) => {
                return Err(format!(
                    "‘{other}’ is nothing that `by` of `answers` can be: it is \"return\" or left out."
                ));
            }
        };
        let title = options.text("title")?;
        let title = title.map_or_else(|| self.material.words(&question.question.label), str::to_owned);
        let mut blocks = match &question.question.kind {
            Kind::Table(_) => self.answered_tables(&question, &title, side_by_side),
            Kind::Split { .. } => vec![self.itemised(&question, title)],
            _ => vec![self.answered(&question, title)],
        };
        if let Some(heading) = options.text("heading")? {
            for block in &mut blocks {
                if let Block::Table(table) = block
                    && let Some(column) = table.columns.get_mut(usize::from(side_by_side))
                {
                    heading.clone_into(&mut column.title);
                }
            }
        }
        Ok(Returned::Blocks(blocks))
    }

    pub(super) fn checklist(&self, call: &Call) -> Result<Returned, String> {
        let options = Options::of(call, 1, &["title"])?;
        let literal = options.text_first("the checklist that it shows")?;
        let question = self.question_of(literal)?;
        match &question.question.kind {
            Kind::Table(table) if table.made_as == TableKind::Checklist => self.answers(call),
            _ => Err(format!("‘{literal}’ is not a checklist: `answers` tells it.")),
        }
    }

    /// One answer for each return, in a table.
    fn answered(&self, asked: &Asked<'t>, title: String) -> Block<Raw> {
        let numeric = asked.question.kind.is_figure();
        let several = asked
            .form
            .question(&asked.question.id)
            .is_some_and(|(section, _)| section.each != Each::Whole);
        let rows: Vec<Row<Raw>> = self
            .given(asked)
            .map(|(held, frozen, section, answer)| {
                let mut cells = vec![text(self.return_words(held))];
                if several {
                    cells.push(text(Names::new(&held.form, frozen).subject(section)));
                }
                cells.push(self.answer_cell(held, section, answer, asked.question));
                Row { cells, total: false }
            })
            .collect();
        let mut headings = vec![text_column("Return")];
        if several {
            headings.push(text_column("For"));
        }
        headings.push(Column {
            title: self.material.words(&asked.question.label),
            numeric,
        });
        Block::Table(Table {
            caption: title,
            columns: headings,
            rows,
            coverage: Some(self.coverage_of_forms(std::slice::from_ref(&asked.form.id))),
            notes: Vec::new(),
        })
    }

    /// The items that amounts were split into.
    fn itemised(&self, asked: &Asked<'t>, title: String) -> Block<Raw> {
        let mut rows = Vec::new();
        for (held, frozen, section, answer) in self.given(asked) {
            let of = Names::new(&held.form, frozen).subject(section);
            rows.extend(answer.items().map(|(item, amount)| {
                let figure = Cell::Figure { figure: money(amount) };
                let cells = vec![
                    text(self.return_words(held)),
                    text(of.clone()),
                    text(item.to_owned()),
                    figure,
                ];
                Row { cells, total: false }
            }));
        }
        let mut columns = ["Return", "For", "Item", "Amount"].map(text_column).to_vec();
        columns[3].numeric = true;
        Block::Table(Table {
            caption: title,
            columns,
            rows,
            coverage: Some(self.coverage_of_forms(std::slice::from_ref(&asked.form.id))),
            notes: Vec::new(),
        })
    }

    pub(super) fn return_words(&self, held: &Held) -> String {
        let shown = format!("{}, {}", self.material.subject(held), self.material.period(held));
        match held.provisional {
            true => format!("{shown} (submitted, not signed)"),
            false => shown,
        }
    }

    /// A table as each return has it, or one of all of them.
    fn answered_tables(&self, asked: &Asked<'t>, title: &str, side_by_side: bool) -> Vec<Block<Raw>> {
        let mut blocks = Vec::new();
        let mut together: Vec<Row<Raw>> = Vec::new();
        let coverage = self.coverage_of_forms(std::slice::from_ref(&asked.form.id));
        let with_rows = |answer: &FrozenAnswer| answer.table.as_ref().is_some_and(|table| !table.rows.is_empty());
        let several = self.given(asked).filter(|(.., answer)| with_rows(answer)).count() > 1;
        for (held, frozen, section, answer) in self.given(asked) {
            let Some(table) = &answer.table else { continue };
            let rows = self.table_rows(held, section, (asked.question, &answer.question), table);
            if side_by_side {
                together.extend(rows.into_iter().map(|mut row| {
                    row.cells.insert(0, text(self.return_words(held)));
                    row
                }));
                continue;
            }
            if rows.is_empty() {
                continue;
            }
            blocks.push(Block::Table(Table {
                caption: match several {
                    true => format!("{title}, {}", self.told_in(held, frozen, section)),
                    false => title.to_owned(),
                },
                columns: self.table_columns(asked.question),
                rows,
                coverage: Some(coverage.clone()),
                notes: Vec::new(),
            }));
        }
        if side_by_side || blocks.is_empty() {
            let mut columns = self.table_columns(asked.question);
            if side_by_side {
                columns.insert(0, text_column("Return"));
            }
            blocks.push(Block::Table(Table {
                caption: title.to_owned(),
                columns,
                rows: together,
                coverage: Some(coverage),
                notes: Vec::new(),
            }));
        }
        blocks
    }

    /// The return, and what the section is for where that is something else.
    fn told_in(&self, held: &Held, frozen: &Frozen, section: &FrozenSection) -> String {
        let (of, subject) = (self.return_words(held), Names::new(&held.form, frozen).subject(section));
        match subject == self.material.subject(held) {
            true => of,
            false => format!("{of}: {subject}"),
        }
    }

    pub(super) fn table_columns(&self, question: &Question) -> Vec<Column> {
        let mut all: Vec<Column> = match &question.kind {
            Kind::Table(table) if names_itself(table) => Vec::new(),
            Kind::Table(table) => vec![text_column(heading(table))],
            _ => vec![text_column("Row")],
        };
        all.extend(columns(question).iter().map(|column| Column {
            title: self.material.words(&column.label),
            numeric: column.kind.is_figure(),
        }));
        all
    }

    pub(super) fn table_rows(
        &self,
        held: &Held,
        section: &FrozenSection,
        (question, id): (&Question, &str),
        table: &FrozenTable,
    ) -> Vec<Row<Raw>> {
        let added_rows = table_rows(question);
        let rows = table.rows.iter().map(|row| {
            let name = match added_rows {
                Some(rows) => called(row, rows).to_owned(),
                None => row.label.clone(),
            };
            let mut cells = match &question.kind {
                Kind::Table(table) if names_itself(table) => Vec::new(),
                _ => vec![text(name)],
            };
            let key = self.row_key(held, section, &row.row);
            for column in columns(question) {
                let shown = row.cells.iter().find(|cell| cell.column == column.id);
                cells.push(match shown {
                    None => text(String::new()),
                    Some(cell) if column.kind.is_figure() => {
                        let measure = format!("{id}.{}", column.id);
                        self.own_figure(held, &measure, section, key.as_deref())
                            .unwrap_or_else(|| text(cell.shown.clone()))
                    }
                    Some(cell) => {
                        text(self.cleared_words(held, &column.kind, &format!("{}/{id}", section.key), &cell.shown))
                    }
                });
            }
            Row { cells, total: false }
        });
        rows.collect()
    }

    /// The key of a table's row in a section: under that of what the section is for, where that is no allocation.
    fn row_key(&self, held: &Held, section: &FrozenSection, row: &str) -> Option<String> {
        let each = held
            .form
            .section(&section.section)
            .map_or(Each::Whole, |section| section.each);
        match (each, section.subject()) {
            (Each::Project | Each::Cohort | Each::Row, Some(within)) => Some(format!("{within}/{row}")),
            _ => Some(row.to_owned()),
        }
    }

    /// The figure of this return that an answer is.
    fn own_figure(&self, held: &Held, measure: &str, section: &FrozenSection, row: Option<&str>) -> Option<Cell<Raw>> {
        let material = self.material;
        let at = material.returns.iter().position(|other| other.ret.id == held.ret.id)?;
        let named = held.form.measures_named().find(|named| named.id == measure)?;
        let datum = material.of_return(at, measure).find(|datum| {
            let figure = &datum.row.figure;
            figure.allocation == section.allocation && figure.row.as_deref() == row
        })?;
        let measured = Measured {
            form: &held.form,
            name: String::new(),
            named,
        };
        let one = added(material, &measured, &[datum], held.ret.period, FigureValue::Blank);
        Some(Cell::Figure { figure: one.raw })
    }

    pub(super) fn answer_cell(
        &self,
        held: &Held,
        section: &FrozenSection,
        answer: &FrozenAnswer,
        question: &Question,
    ) -> Cell<Raw> {
        if question.kind.is_figure() {
            let each = held
                .form
                .section(&section.section)
                .map_or(Each::Whole, |section| section.each);
            let row = match each {
                Each::Project | Each::Cohort | Each::Row => section.subject(),
                Each::Whole | Each::Allocation => None,
            };
            if let Some(cell) = self.own_figure(held, &question.id, section, row) {
                return cell;
            }
        }
        text(self.cleared_words(held, &question.kind, &story_place(section, answer), &answer.shown))
    }

    /// Words as they were given, unless they may tell of people and were not cleared.
    fn cleared_words(&self, held: &Held, kind: &Kind, place: &str, shown: &str) -> String {
        match of_people(kind) && self.material.travels() && !shown.is_empty() && !self.material.is_cleared(held, place)
        {
            true => NOT_CLEARED.to_owned(),
            false => shown.to_owned(),
        }
    }
}
