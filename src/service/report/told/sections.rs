//! section and attachments: all that a section of a return answers, and the documents that came with it.
//!
//! Invariant: in the order of the form, as it was frozen with the revision; of a document its name and the digest of its bytes.

use countersign_domain::answers::UNASSIGNED;
use countersign_domain::answers::types::{Figure, FigureValue};
use countersign_domain::document::{Block, Cell, Fact, Raw, Row, Table};
use countersign_domain::form::schema::{Each, Form, Kind, Section};
use countersign_domain::money::Money;

use super::super::adding::money;
use super::super::frozen::{Frozen, FrozenSection};
use super::super::material::Held;
use super::super::measured::meant;
use super::Telling;
use super::options::Options;
use super::stories::paragraph;
use super::table::{text, text_column};
use crate::wording::report::{Call, Returned};

impl Telling<'_> {
    pub(super) fn section(&self, call: &Call) -> Result<Returned, String> {
        let options = Options::of(call, 1, &["title"])?;
        let literal = options.text_first("the section that it shows")?;
        let (form, rest) = self.material.form_of(literal)?;
        let Some(section) = form.section(rest) else {
            let known = form.sections.iter().map(|section| section.id.as_str());
            let prefix = format!("{}.", form.id);
            return Err(format!(
                "There is no section ‘{rest}’ in the form ‘{}’.{}",
                form.id,
                meant(rest, known, &prefix)
            ));
        };
        let title = options.text("title")?;
        let mut blocks = self.sections(form, section, if title.is_some() { 4 } else { 3 });
        if blocks.is_empty() {
            let title = self.material.words(&section.title);
            blocks.push(paragraph(format!(
                "No signed return of this period has the part “{title}”."
            )));
        }
        if let Some(title) = title {
            blocks.insert(
                0,
                Block::Heading {
                    level: 3,
                    text: title.to_owned(),
                },
            );
        }
        Ok(Returned::Blocks(blocks))
    }

    fn sections(&self, form: &Form, section: &Section, level: u8) -> Vec<Block<Raw>> {
        let material = self.material;
        let forms = [form.id.clone()];
        let told: Vec<&Held> = material.returns_now(&forms).map(|(_, held)| held).collect();
        let documents = told
            .iter()
            .filter(|held| material.documents.contains_key(&held.ret.id))
            .count();
        let mut blocks = Vec::new();
        for held in told {
            let Some(frozen) = material.documents.get(&held.ret.id) else {
                continue;
            };
            for own in frozen.sections.iter().filter(|own| own.section == section.id) {
                let heading = match (documents > 1, section.each) {
                    (false, Each::Whole) => None,
                    (true, Each::Whole) => Some(self.return_words(held)),
                    (false, _) => Some(own.title.clone()),
                    (true, _) => Some(format!("{}: {}", self.return_words(held), own.title)),
                };
                blocks.extend(heading.map(|text| Block::Heading { level, text }));
                blocks.extend(self.one_section((held, frozen), section, own));
            }
        }
        blocks
    }

    /// The answers of one section of one return: its tables after what is no table.
    fn one_section(&self, (held, frozen): (&Held, &Frozen), section: &Section, own: &FrozenSection) -> Vec<Block<Raw>> {
        let (mut facts, mut tables) = (Vec::new(), Vec::new());
        for answer in &own.answers {
            let Some(question) = section.questions.iter().find(|question| question.id == answer.question) else {
                continue;
            };
            match &answer.table {
                Some(table) if table.rows.is_empty() => facts.push(Fact {
                    name: answer.label.clone(),
                    value: text("None".to_owned()),
                }),
                Some(table) => tables.push(Block::Table(Table {
                    caption: answer.label.clone(),
                    columns: self.table_columns(question),
                    rows: self.table_rows(held, own, (question, &answer.question), table),
                    coverage: None,
                    notes: Vec::new(),
                })),
                None if answer.shown.is_empty() => {}
                // It stands above the section already.
                None if section.each != Each::Whole && answer.shown == own.title => {}
                None => facts.push(Fact {
                    name: answer.label.clone(),
                    value: self.answer_cell(held, own, answer, question),
                }),
            }
        }
        facts.extend(unassigned(frozen, own));
        let mut blocks = Vec::new();
        if !facts.is_empty() {
            blocks.push(Block::Facts { facts });
        }
        blocks.extend(tables);
        blocks
    }

    pub(super) fn attachments(&self, call: &Call) -> Result<Returned, String> {
        let options = Options::of(call, 1, &["title"])?;
        let literal = options.text_first("the question that documents are handed in with")?;
        let question = self.question_of(literal)?;
        if !matches!(question.question.kind, Kind::File { .. }) {
            return Err(format!("‘{literal}’ is not answered with documents."));
        }
        let mut rows = Vec::new();
        for (held, frozen, _, answer) in self.given(&question) {
            for digest in answer.digests() {
                let Some(file) = frozen.attachments.iter().find(|file| file.digest == *digest) else {
                    continue;
                };
                let kilobytes = file.size.div_ceil(1024);
                rows.push(Row {
                    cells: vec![
                        text(self.return_words(held)),
                        text(file.name.clone()),
                        text(format!("{kilobytes} kB")),
                        text(file.digest.clone()),
                    ],
                    total: false,
                });
            }
        }
        let notes = match rows.is_empty() {
            true => vec!["No document was handed in.".to_owned()],
            false => Vec::new(),
        };
        Ok(Returned::Blocks(vec![Block::Table(Table {
            caption: options
                .text("title")?
                .map_or_else(|| self.material.words(&question.question.label), str::to_owned),
            columns: ["Return", "Document", "Size", "SHA-256"].map(text_column).to_vec(),
            rows,
            coverage: None,
            notes,
        })]))
    }
}

/// What the parts of a project of a plan leave of its amount, where they leave any.
fn unassigned(frozen: &Frozen, own: &FrozenSection) -> Option<Fact<Raw>> {
    let of = |figure: &&Figure| figure.measure == UNASSIGNED && figure.row.as_deref() == own.subject();
    let left = frozen.figures.iter().find(of).filter(|_| own.subject().is_some())?;
    let FigureValue::Money { pence: pence @ 1.. } = left.value else {
        return None;
    };
    Some(Fact {
        name: "Of the amount, not assigned to any part".to_owned(),
        value: Cell::Figure {
            figure: money(Money::pence(pence)),
        },
    })
}
