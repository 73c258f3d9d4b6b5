//! A return's answers as an officer reads them: of a frozen revision, or of the draft as it stands.
//!
//! Invariant: a revision is read from its document alone. What the register or the form says today can neither add to
//! nor take from what was submitted, and so from what is signed.

use countersign_domain::answers::types::{
    Answer, DraftAnswer, Evaluated, Figure, FileRef, Finding, QuestionView, Register, SectionView, Value,
};
use countersign_domain::form::schema::{Form, Kind, Question};
use countersign_domain::ids::PersonId;
use countersign_domain::money::Money;
use serde::Deserialize;

use super::table_read::TableRead;
use crate::web::as_typed;

/// The check that finds an answer missing.
pub const REQUIRED: &str = "~required";

/// All that was answered, with what the checks said of it.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Reading {
    /// The sections in order.
    pub sections: Vec<Section>,
    /// Errors and warnings, in the order of the form.
    pub findings: Vec<Finding>,
    /// The figures that go into reports.
    pub figures: Vec<Figure>,
    /// Everybody whose answers or explanations are in a revision; nobody yet for a draft.
    pub preparers: Vec<PersonId>,
}

/// A section, or a section for one allocation.
#[derive(Debug, Clone, Deserialize)]
pub struct Section {
    /// Its key, such as `project/asb`.
    pub key: String,
    /// The section of the form.
    pub section: String,
    /// The allocation's key.
    pub allocation: Option<String>,
    /// Title.
    pub title: String,
    /// What was shown and could be answered.
    pub answers: Vec<Answered>,
}

/// One question with its answer.
#[derive(Debug, Clone, Deserialize)]
pub struct Answered {
    /// The question's id.
    pub question: String,
    /// What is asked.
    pub label: String,
    /// What was typed.
    pub typed: Option<DraftAnswer>,
    /// What it was read as.
    pub read: Read,
    /// For people; empty when blank.
    pub shown: String,
    /// The words of a declaration.
    pub statement: Option<String>,
    /// The rows and columns of a table.
    #[serde(default)]
    pub table: Option<TableRead>,
}

/// As much of what an answer was read as, as cannot be shown in one line.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Read {
    /// Items and amounts.
    Split {
        /// In the order typed.
        rows: Vec<Item>,
    },
    /// Documents.
    Files,
    /// Anything that one line shows.
    #[serde(other)]
    OneLine,
}

/// An item of a split.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Item {
    /// What it is.
    pub item: String,
    /// Its amount.
    pub pence: Money,
}

impl Reading {
    /// Reads a revision's document.
    ///
    /// # Errors
    /// When the document is not one.
    pub fn of_document(document: &serde_json::Value) -> Result<Self, serde_json::Error> {
        Self::deserialize(document)
    }

    /// Reads the draft as it stands.
    pub fn of_draft(form: &Form, register: &Register, evaluated: &Evaluated) -> Self {
        Reading {
            sections: evaluated
                .sections
                .iter()
                .map(|view| section(form, register, view))
                .collect(),
            // What is merely not answered yet is counted, not listed: in a new draft that is nearly everything.
            findings: evaluated
                .findings
                .iter()
                .filter(|finding| finding.check != REQUIRED)
                .cloned()
                .collect(),
            figures: evaluated.figures.clone(),
            preparers: Vec::new(),
        }
    }

    /// The answer at a place.
    pub fn answer(&self, section: &str, question: &str) -> Option<(&Section, &Answered)> {
        let section = self.sections.iter().find(|known| known.key == section)?;
        let answer = section.answers.iter().find(|known| known.question == question)?;
        Some((section, answer))
    }

    /// Whether a document with this digest is among the answers.
    pub fn file(&self, digest: &str) -> Option<&FileRef> {
        self.sections
            .iter()
            .flat_map(|section| &section.answers)
            .flat_map(Answered::files)
            .find(|file| file.digest == digest)
    }
}

impl Answered {
    /// The documents given as the answer.
    pub fn files(&self) -> &[FileRef] {
        match (&self.read, &self.typed) {
            (Read::Files, Some(typed)) => &typed.files,
            _ => &[],
        }
    }

    /// The items of a split, and what they come to.
    pub fn items(&self) -> Option<(&[Item], Option<Money>)> {
        match &self.read {
            Read::Split { rows } if !rows.is_empty() => {
                Some((rows, Money::checked_sum(rows.iter().map(|row| row.pence))))
            }
            _ => None,
        }
    }

    /// How it is shown; a declaration with the words that were agreed to.
    pub fn words(&self) -> String {
        match (&self.statement, self.shown.is_empty()) {
            (Some(statement), false) => format!("{}: {statement}", self.shown),
            _ => self.shown.clone(),
        }
    }
}

fn section(form: &Form, register: &Register, view: &SectionView) -> Section {
    let of = &form.sections[view.section];
    let answers = view
        .questions
        .iter()
        .filter(|question| question.visible)
        .map(|view| answered(register, view, &of.questions[view.question]))
        .collect();
    Section {
        key: view.key.0.clone(),
        section: of.id.clone(),
        allocation: view.allocation.map(|at| register.allocations[at].key.clone()),
        title: view.title.clone(),
        answers,
    }
}

fn answered(register: &Register, view: &QuestionView, question: &Question) -> Answered {
    let read = match &view.answer {
        Answer::Given(Value::Split(rows)) => Read::Split {
            rows: rows
                .iter()
                .map(|(item, pence)| Item {
                    item: item.clone(),
                    pence: *pence,
                })
                .collect(),
        },
        Answer::Given(Value::Files(_)) => Read::Files,
        _ => Read::OneLine,
    };
    // A figure that could not be read is shown as it was typed, so that an officer sees what the contact sees.
    let typed = view
        .draft
        .as_ref()
        .map(|draft| as_typed::words(register, question, view, &draft.fields));
    let shown = match (&view.answer, typed) {
        (Answer::Blank, Some(typed)) if !typed.is_empty() => format!("“{typed}”"),
        _ => view.shown.clone(),
    };
    Answered {
        question: view.id.clone(),
        label: view.label.clone(),
        typed: view.draft.clone(),
        read,
        shown,
        statement: match &question.kind {
            Kind::Declaration { statement } => Some(statement.en.clone()),
            _ => None,
        },
        table: match &question.kind {
            Kind::Table(table) => TableRead::of_draft(table, view),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn document() -> serde_json::Value {
        json!({
            "revision": 1,
            "return": {"number": 2},
            "sections": [{
                "key": "project/asb", "section": "project", "allocation": "asb", "title": "Street team",
                "answers": [
                    {"question": "items", "label": "Items", "type": "split", "typed": null,
                     "read": {"is": "split", "rows": [{"item": "Vans", "pence": 70000}, {"item": "Fuel", "pence": -1000}]},
                     "shown": "Vans: £700.00; Fuel: -£10.00", "statement": null},
                    {"question": "spent", "label": "Spent", "type": "money", "typed": null,
                     "read": {"is": "money", "pence": 1648600}, "shown": "£16,486.00", "statement": null},
                    {"question": "sure", "label": "Declaration", "type": "declaration", "typed": null,
                     "read": {"is": "yes-no", "yes": true}, "shown": "Declared", "statement": "It is right."},
                    {"question": "story", "label": "Story", "type": "narrative", "typed": null,
                     "read": {"is": "blank"}, "shown": "", "statement": null},
                ],
            }],
            "findings": [],
            "figures": [{"measure": "spent", "allocation": "asb", "value": {"is": "money", "pence": 1648600},
                         "approximately": false}],
            "attachments": [], "preparers": [],
        })
    }

    #[test]
    fn a_revision_is_read_from_its_document() {
        let reading = Reading::of_document(&document()).unwrap();
        let (section, items) = reading.answer("project/asb", "items").unwrap();
        assert_eq!(section.allocation.as_deref(), Some("asb"));
        let (rows, sum) = items.items().unwrap();
        assert_eq!((rows.len(), sum), (2, Some(Money::pence(69000))));
        assert_eq!(reading.answer("project/asb", "spent").unwrap().1.words(), "£16,486.00");
        assert_eq!(
            reading.answer("project/asb", "sure").unwrap().1.words(),
            "Declared: It is right."
        );
        assert_eq!(reading.answer("project/asb", "story").unwrap().1.words(), "");
        assert!(reading.answer("money", "spent").is_none());
    }

    #[test]
    fn a_document_that_lacks_its_findings_is_not_shown_as_if_it_had_none() {
        let mut cut = document();
        cut.as_object_mut().unwrap().remove("findings");
        Reading::of_document(&cut).unwrap_err();
    }
}
