//! returns_state and on_time: where the returns of a paper's window stand, and which came in time.
//!
//! Invariant: on time is judged by the first submission, on London's day, against the due date as it was planned; who was
//! given more time or excused is named.

use std::collections::BTreeMap;

use countersign_domain::answers::format::date;
use countersign_domain::calendar::local_date;
use countersign_domain::document::{Block, Cell, Chart, Column, Drawn, Raw, Role, Row, Series, Table};
use countersign_domain::period::Period;
use countersign_domain::workflow::State;

use super::super::adding::whole;
use super::super::material::Held;
use super::Telling;
use super::options::Options;
use super::table::{text, text_column};
use crate::wording::report::{Call, Returned};

/// A heading, and which returns are counted under it.
type Counted<'c> = (&'c str, &'c dyn Fn(&Held) -> bool);

impl Telling<'_> {
    pub(super) fn returns_state(&self, call: &Call) -> Result<Returned, String> {
        let options = Options::of(call, 0, &["title"])?;
        let today = self.material.today;
        let table = self.counted(
            options.text("title")?.unwrap_or("Where the returns stand"),
            &[
                ("Expected", &|held| held.ret.state != State::Excused),
                ("Not open yet", &|held| held.ret.state == State::Scheduled),
                ("In draft", &|held| held.ret.state == State::Draft),
                ("In review", &|held| matches!(held.ret.state, State::InReview(_))),
                ("Waiting for signature", &|held| {
                    matches!(held.ret.state, State::InSignOff(_))
                }),
                ("Signed", &|held| held.ret.state == State::SignedOff),
                ("Late", &|held| held.ret.overdue_on(today)),
                ("Excused", &|held| held.ret.state == State::Excused),
            ],
        );
        Ok(Returned::Blocks(vec![Block::Table(table)]))
    }

    pub(super) fn on_time(&self, call: &Call) -> Result<Returned, String> {
        let options = Options::of(call, 0, &["title", "chart"])?;
        let today = self.material.today;
        let planned = |held: &Held| {
            let extended = self.material.extended.get(&held.ret.id);
            extended.copied().unwrap_or(held.ret.due_on)
        };
        let in_time = |held: &Held| {
            let first = held.ret.first_submitted_at.map(local_date);
            first.map(|first| first <= planned(held))
        };
        let owed = |held: &Held| held.ret.state != State::Excused;
        let title = options.text("title")?.unwrap_or("Returns that came in time");
        let mut table = self.counted(
            title,
            &[
                ("On time", &|held| owed(held) && in_time(held) == Some(true)),
                ("Late", &|held| owed(held) && in_time(held) == Some(false)),
                ("Overdue and not in", &|held| held.ret.overdue_on(today)),
                ("Not due yet", &|held| {
                    owed(held) && in_time(held).is_none() && !held.ret.overdue_on(today)
                }),
                ("Excused", &|held| held.ret.state == State::Excused),
            ],
        );
        table.notes.extend(self.given_more_time());
        if !options.flag("chart")? {
            return Ok(Returned::Blocks(vec![Block::Table(table)]));
        }
        let series = (2..table.columns.len()).map(|column| Series {
            column: column - 1,
            role: Role::Figures,
        });
        Ok(Returned::Blocks(vec![Block::Chart(Chart {
            drawn: Drawn::Stacked,
            title: title.to_owned(),
            series: series.collect(),
            table: points(table),
        })]))
    }

    /// Who was given more time; they are judged all the same by the day that was planned.
    fn given_more_time(&self) -> Option<String> {
        let material = self.material;
        let named: Vec<String> = material
            .returns_now(&material.brief.forms)
            .filter_map(|(_, held)| {
                let planned = material.extended.get(&held.ret.id)?;
                let (subject, period) = (material.subject(held), material.period(held));
                Some(format!(
                    "{subject}, {period} (from {} to {})",
                    date(*planned),
                    date(held.ret.due_on)
                ))
            })
            .collect();
        (!named.is_empty()).then(|| {
            format!(
                "Given more time, and judged by the day as planned: {}.",
                named.join("; ")
            )
        })
    }

    /// A row for each form and period, with so many returns under each heading.
    fn counted(&self, caption: &str, columns: &[Counted<'_>]) -> Table<Raw> {
        let material = self.material;
        let mut lines: BTreeMap<(String, Period), Vec<&Held>> = BTreeMap::new();
        for (_, held) in material.returns_now(&material.brief.forms) {
            let line = lines.entry((held.ret.form.clone(), held.ret.period)).or_default();
            line.push(held);
        }
        let count = |returns: &[&Held], counts: &dyn Fn(&Held) -> bool| Cell::Figure {
            figure: whole(returns.iter().filter(|held| counts(held)).count()),
        };
        let all: Vec<&Held> = lines.values().flatten().copied().collect();
        let several = lines.len() > 1;
        let mut rows: Vec<Row<Raw>> = lines
            .into_values()
            .map(|returns| {
                let mut cells = vec![
                    text(material.words(&returns[0].form.title)),
                    text(material.period(returns[0])),
                ];
                cells.extend(columns.iter().map(|(_, counts)| count(&returns, counts)));
                Row { cells, total: false }
            })
            .collect();
        if several {
            let mut cells = vec![text("Total".to_owned()), text(String::new())];
            cells.extend(columns.iter().map(|(_, counts)| count(&all, counts)));
            rows.push(Row { cells, total: true });
        }
        let mut headings = vec![text_column("Form"), text_column("Period")];
        headings.extend(columns.iter().map(|(title, _)| Column {
            title: (*title).to_owned(),
            numeric: true,
        }));
        Table {
            caption: caption.to_owned(),
            columns: headings,
            rows,
            coverage: Some(self.coverage_of_forms(&material.brief.forms)),
            notes: Vec::new(),
        }
    }
}

/// A chart's table names its points in the first column: form and period in one, and no total.
fn points(mut table: Table<Raw>) -> Table<Raw> {
    let words = |cell: &Cell<Raw>| match cell {
        Cell::Text { text } => text.clone(),
        Cell::Figure { .. } => String::new(),
    };
    table.columns.remove(1);
    table.columns[0].title = "Form and period".to_owned();
    table.rows.retain(|row| !row.total);
    for row in &mut table.rows {
        let period = row.cells.remove(1);
        row.cells[0] = text(format!("{}, {}", words(&row.cells[0]), words(&period)));
    }
    table
}
