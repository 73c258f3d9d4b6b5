//! What a section's page is drawn from: the return, the section, what was typed and not saved, and the reader's language.
//!
//! Invariant: nothing here is changed by drawing it.

use countersign_domain::answers::types::{CellPlace, Finding, Place, QuestionView, SectionView};
use countersign_domain::form::schema::{Question, Section, Words};

use super::place::filled;
use super::section::{Typing, judged};
use crate::service::provider::ReturnPage;
use crate::web::said::{Language, Said};

/// See the module.
pub struct Sheet<'p> {
    /// The return.
    pub page: &'p ReturnPage,
    /// The section.
    pub section: &'p SectionView,
    /// What is not in the draft.
    pub typing: &'p Typing,
    /// In which the form's words are said.
    pub language: Language,
}

impl<'p> Sheet<'p> {
    /// The section as the form has it.
    pub fn form_section(&self) -> &'p Section {
        &self.page.form.sections[self.section.section]
    }

    /// A question as the form has it.
    pub fn question(&self, view: &QuestionView) -> &'p Question {
        &self.form_section().questions[view.question]
    }

    /// Words of the form, with the names of the register filled in.
    pub fn say(&self, words: &Words) -> Said {
        self.language.say(words, |text| {
            filled(text, &self.page.form, &self.page.register, self.section)
        })
    }

    /// What a question asks, or a section is called: the English is filled in already.
    pub fn say_filled(&self, words: &Words, english: &str) -> Said {
        match (self.language, &words.cy) {
            (Language::Welsh, Some(_)) => self.say(words),
            _ => Said::plain(english),
        }
    }

    /// What is found at a question itself, at a row of its table or at a cell, as far as anything is said yet.
    pub fn findings(&self, question: &str, cell: Option<(&str, Option<&str>)>) -> impl Iterator<Item = &'p Finding> {
        let wanted = Place {
            section: self.section.key.clone(),
            question: question.to_owned(),
            cell: cell.map(|(row, column)| CellPlace {
                row: row.to_owned(),
                column: column.map(str::to_owned),
            }),
        };
        let judged = judged(self.page, self.section) || self.typing.typed.contains_key(question);
        let all = self.page.evaluated.findings.iter();
        all.filter(move |finding| judged && finding.at.contains(&wanted))
    }
}
