//! signatures and decisions: who accepted and who answers for the figures, and what was decided on what was recommended.
//!
//! Invariant: a signature that was voided by a correction is not told; a decision is that on the revision that the paper tells.

use std::collections::{BTreeMap, BTreeSet};

use countersign_domain::answers::format;
use countersign_domain::calendar::local_date;
use countersign_domain::document::{Block, Row, Table};
use countersign_domain::returns::{Act, RowDecision};

use super::super::material::Held;
use super::Telling;
use super::options::Options;
use super::table::{text, text_column};
use crate::wording::report::{Call, Returned};

impl Telling<'_> {
    pub(super) fn signatures(&self, call: &Call) -> Result<Returned, String> {
        let options = Options::of(call, 0, &["title", "stages"])?;
        let stages = options.flag("stages")?;
        let material = self.material;
        let mut rows = Vec::new();
        for (_, held) in material.returns_now(&material.brief.forms) {
            let mut acts: Vec<(usize, [String; 4])> = self.signed(held).collect();
            if stages {
                acts.extend(self.accepted(held));
            }
            acts.sort_by_key(|(stage, _)| *stage);
            rows.extend(acts.into_iter().map(|(_, [did, by, position, on])| {
                let mut cells = vec![material.words(&held.form.title), self.of(held)];
                cells.extend(stages.then_some(did));
                cells.extend([by, position, on]);
                Row {
                    cells: cells.into_iter().map(text).collect(),
                    total: false,
                }
            }));
        }
        let notes = match rows.is_empty() {
            true => vec!["No return of this period is signed.".to_owned()],
            false => Vec::new(),
        };
        let columns: &[&str] = match stages {
            true => &["Form", "Return", "Stage", "By", "Position", "On"],
            false => &["Form", "Return", "Signed by", "Position", "On"],
        };
        Ok(Returned::Blocks(vec![Block::Table(Table {
            caption: options.text("title")?.unwrap_or("Signatures").to_owned(),
            columns: columns.iter().copied().map(text_column).collect(),
            rows,
            coverage: None,
            notes,
        })]))
    }

    /// Who signed the revision that stands: the place of the stage, what was done, by whom, as what, when.
    fn signed<'s>(&'s self, held: &'s Held) -> impl Iterator<Item = (usize, [String; 4])> {
        let all = self.material.signatures_of(held);
        let valid =
            all.filter(|signature| Some(signature.revision) == held.ret.signed_revision && signature.voided.is_none());
        valid.map(|signature| {
            let position = match signature.as_deputy {
                true => format!("{} (as deputy)", signature.position),
                false => signature.position.clone(),
            };
            let on = format::date(local_date(signature.signed_at));
            let did = format!("Signed revision {}", signature.revision);
            (
                place(held, &signature.stage),
                [did, signature.typed_name.clone(), position, on],
            )
        })
    }

    /// Who accepted it in a stage of review; of a stage that it passed twice, who did so last.
    fn accepted<'s>(&'s self, held: &'s Held) -> impl Iterator<Item = (usize, [String; 4])> {
        let material = self.material;
        let of = |act: &&Act| act.action == "accept" && Some(act.revision) == held.ret.signed_revision;
        let mut last: BTreeMap<usize, &Act> = BTreeMap::new();
        for act in material.acts_of(held.ret.id).filter(of) {
            last.insert(place(held, act.stage.as_deref().unwrap_or_default()), act);
        }
        last.into_iter().map(|(stage, act)| {
            let office = held.form.stages.get(stage).map_or("", |stage| stage.by.as_str());
            let by = act.person.map_or("", |person| material.person(person));
            let words = [
                format!("Accepted revision {}", act.revision),
                by.to_owned(),
                material.office(held, office).to_owned(),
                format::date(local_date(act.at)),
            ];
            (stage, words)
        })
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
        let returns: BTreeSet<_> = self.given(&asked).map(|(held, ..)| held.ret.id).collect();
        let several = returns.len() > 1;
        let mut rows = Vec::new();
        for (held, _, section, answer) in self.given(&asked) {
            let Some(table) = &answer.table else { continue };
            let told = self.table_rows(held, section, (asked.question, &answer.question), table);
            for (row, told) in table.rows.iter().zip(told) {
                let last = material
                    .decisions
                    .iter()
                    .rfind(|made| is_on(made, held, &section.key, &answer.question, &row.row));
                let mut cells = told.cells;
                if several {
                    cells.insert(0, text(self.of(held)));
                }
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
        let mut columns = self.table_columns(asked.question);
        if several {
            columns.insert(0, text_column("Return"));
        }
        columns.extend(["Decision", "In words", "By", "On"].map(text_column));
        Ok(Returned::Blocks(vec![Block::Table(Table {
            caption: title.map_or_else(|| material.words(&asked.question.label), str::to_owned),
            columns,
            rows,
            coverage: None,
            notes: Vec::new(),
        })]))
    }
}

/// The place of a stage among those of its form.
fn place(held: &Held, stage: &str) -> usize {
    let mut stages = held.form.stages.iter();
    stages.position(|known| known.id == stage).unwrap_or(usize::MAX)
}

fn is_on(made: &RowDecision, held: &Held, section: &str, question: &str, row: &str) -> bool {
    made.return_id == held.ret.id
        && Some(made.revision) == held.told
        && made.section.0 == section
        && made.question == question
        && made.row == row
}
