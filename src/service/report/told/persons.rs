//! signatures and decisions: who answers for the figures, and what was decided on what was recommended.
//!
//! Invariant: a signature that was voided by a correction is not told; a decision is that on the revision that the paper tells.

use countersign_domain::answers::format;
use countersign_domain::calendar::local_date;
use countersign_domain::document::{Block, Row, Table};
use countersign_domain::returns::RowDecision;

use super::super::material::Held;
use super::Telling;
use super::options::Options;
use super::table::{text, text_column};
use crate::wording::report::{Call, Returned};

impl Telling<'_> {
    pub(super) fn signatures(&self, call: &Call) -> Result<Returned, String> {
        let options = Options::of(call, 0, &["title"])?;
        let material = self.material;
        let mut rows = Vec::new();
        for (_, held) in material.returns_now(&material.brief.forms) {
            let valid = material.signatures.iter().filter(|signature| {
                signature.return_id == held.ret.id
                    && Some(signature.revision) == held.ret.signed_revision
                    && signature.voided.is_none()
            });
            for signature in valid {
                let office = match signature.as_deputy {
                    true => format!("{} (as deputy)", signature.position),
                    false => signature.position.clone(),
                };
                rows.push(Row {
                    cells: vec![
                        text(material.words(&held.form.title)),
                        text(self.of(held)),
                        text(signature.typed_name.clone()),
                        text(office),
                        text(format::date(local_date(signature.signed_at))),
                        text(signature.revision.to_string()),
                    ],
                    total: false,
                });
            }
        }
        let notes = match rows.is_empty() {
            true => vec!["No return of this period is signed.".to_owned()],
            false => Vec::new(),
        };
        let columns = ["Form", "Return", "Signed by", "Position", "On", "Revision"];
        Ok(Returned::Blocks(vec![Block::Table(Table {
            caption: options.text("title")?.unwrap_or("Signatures").to_owned(),
            columns: columns.map(text_column).to_vec(),
            rows,
            coverage: None,
            notes,
        })]))
    }

    fn of(&self, held: &Held) -> String {
        format!("{}, {}", self.material.subject(held), self.material.period(held))
    }

    pub(super) fn decisions(&self, call: &Call) -> Result<Returned, String> {
        let options = Options::of(call, 1, &["title"])?;
        let literal = options.text_first("the table on whose rows an officer decides")?;
        let asked = self.question_of(literal)?;
        if asked.question.decided_in.is_none() {
            return Err(format!(
                "Nobody decides on the rows of ‘{literal}’: `answers` tells it."
            ));
        }
        let material = self.material;
        let mut rows = Vec::new();
        for (held, _, section, answer) in self.given(&asked) {
            for row in answer.table.iter().flat_map(|table| &table.rows) {
                let words = row
                    .cells
                    .iter()
                    .map(|cell| cell.shown.as_str())
                    .filter(|shown| !shown.is_empty());
                let told = words.collect::<Vec<_>>().join("\n");
                let last = material
                    .decisions
                    .iter()
                    .rfind(|made| is_on(made, held, &section.key, &answer.question, &row.row));
                let mut cells = vec![text(self.of(held)), text(told)];
                cells.extend(match last {
                    Some(made) => [
                        made.decision.words().to_owned(),
                        made.words.clone(),
                        material.person(made.by).to_owned(),
                        format::date(local_date(made.at)),
                    ]
                    .map(text),
                    None => ["Not decided", "", "", ""].map(|words| text(words.to_owned())),
                });
                rows.push(Row { cells, total: false });
            }
        }
        let title = options.text("title")?;
        let columns = ["Return", "Recommended", "Decision", "In words", "By", "On"];
        Ok(Returned::Blocks(vec![Block::Table(Table {
            caption: title.map_or_else(|| material.words(&asked.question.label), str::to_owned),
            columns: columns.map(text_column).to_vec(),
            rows,
            coverage: None,
            notes: Vec::new(),
        })]))
    }
}

fn is_on(made: &RowDecision, held: &Held, section: &str, question: &str, row: &str) -> bool {
    made.return_id == held.ret.id
        && Some(made.revision) == held.told
        && made.section.0 == section
        && made.question == question
        && made.row == row
}
