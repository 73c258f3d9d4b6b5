//! restated: figures that an earlier paper had otherwise, what they were, what they are, and why.
//!
//! Invariant: against the revision that the last earlier paper told; the reason is the one that was given when the return was
//! reopened.

use countersign_domain::answers::types::FigureValue;
use countersign_domain::document::{Block, Cell, Column, Raw, Row, Table};
use countersign_domain::ids::ReturnId;

use super::super::adding::added;
use super::super::material::{Datum, Held, Retold};
use super::super::measured::Measured;
use super::Telling;
use super::options::By;
use super::options::Options;
use super::subjects::group;
use super::table::{text, text_column};
use crate::wording::report::{Call, Returned};

impl Telling<'_> {
    pub(super) fn restated(&self, call: &Call) -> Result<Returned, String> {
        let options = Options::of(call, 0, &["title"])?;
        let material = self.material;
        let mut rows = Vec::new();
        for retold in &material.retold {
            let held = &material.returns[retold.held];
            for was in &retold.figures {
                let Some(named) = held.form.measures_named().find(|named| named.id == was.figure.measure) else {
                    continue;
                };
                let now = material.of_return(retold.held, &was.figure.measure).find(|datum| {
                    let figure = &datum.row.figure;
                    (&figure.allocation, &figure.row) == (&was.figure.allocation, &was.figure.row)
                });
                if now.is_some_and(|now| now.row.figure.value == was.figure.value) {
                    continue;
                }
                let measured = Measured {
                    name: material.called(&named),
                    form: &held.form,
                    named,
                };
                rows.push(self.one(held, retold, &measured, was, now));
            }
        }
        let notes = match rows.is_empty() {
            true => vec!["No figure of an earlier paper has been corrected since.".to_owned()],
            false => Vec::new(),
        };
        let mut columns = ["Return", "For", "Figure", "Was", "Now", "Because", "Told before in"]
            .map(text_column)
            .to_vec();
        for numeric in &mut columns[3..5] {
            *numeric = Column {
                numeric: true,
                ..numeric.clone()
            };
        }
        Ok(Returned::Blocks(vec![Block::Table(Table {
            caption: options.text("title")?.unwrap_or("Restated figures").to_owned(),
            columns,
            rows,
            coverage: None,
            notes,
        })]))
    }

    fn one(
        &self,
        held: &Held,
        retold: &Retold,
        measured: &Measured<'_>,
        was: &crate::store::figures::FigureRow,
        now: Option<&Datum>,
    ) -> Row<Raw> {
        let material = self.material;
        let before = Datum {
            at: usize::MAX,
            held: retold.held,
            row: was.clone(),
        };
        let subject = [By::Project, By::Row]
            .map(|by| group(material, measured, now.unwrap_or(&before), by).title)
            .join(", ");
        let cell = |data: &[&Datum]| Cell::Figure {
            figure: added(material, measured, data, held.ret.period, FigureValue::Blank).raw,
        };
        Row {
            cells: vec![
                text(format!("{}, {}", material.subject(held), material.period(held))),
                text(subject),
                text(measured.name.clone()),
                cell(&[&before]),
                cell(&now.into_iter().collect::<Vec<_>>()),
                text(self.why(held.ret.id)),
                text(retold.paper.clone()),
            ],
            total: false,
        }
    }

    /// Why a return was reopened last.
    fn why(&self, of: ReturnId) -> String {
        let mut acts = self.material.acts_of(of).rev();
        let last = acts.find(|act| act.action == "reopen");
        last.and_then(|act| act.reason.clone()).unwrap_or_default()
    }
}
