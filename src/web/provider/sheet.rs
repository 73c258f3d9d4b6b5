//! What a section's page is drawn from: the return, the section, what was typed and not saved, and the reader's language.
//!
//! Invariant: nothing here is changed by drawing it.

use std::collections::HashMap;

use countersign_domain::answers::filled;
use countersign_domain::answers::types::{Finding, QuestionView, SectionView};
use countersign_domain::form::schema::{Question, Section, Words};

use super::place::anchor;
use super::typing::{Typing, judged};
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
    /// What is found in the section, by the id of what it is about.
    found: HashMap<String, Vec<&'p Finding>>,
}

impl<'p> Sheet<'p> {
    /// Of a section.
    pub fn new(page: &'p ReturnPage, section: &'p SectionView, typing: &'p Typing, language: Language) -> Self {
        let mut found: HashMap<String, Vec<&Finding>> = HashMap::new();
        for finding in &page.evaluated.findings {
            for place in finding.at.iter().filter(|place| place.section == section.key) {
                found.entry(anchor(place)).or_default().push(finding);
            }
        }
        Sheet {
            page,
            section,
            typing,
            language,
            found,
        }
    }

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
            filled(text, &self.page.form, &self.page.register, Some(&self.section.key))
        })
    }

    /// What a question asks, or a section is called: the English is filled in already.
    pub fn say_filled(&self, words: &Words, english: &str) -> Said {
        match (self.language, &words.cy) {
            (Language::Welsh, Some(_)) => self.say(words),
            _ => Said::plain(english),
        }
    }

    /// What is found at a question itself, at a row of its table or at a cell, by its id, as far as anything is said yet.
    pub fn findings(&self, question: &str, id: &str) -> &[&'p Finding] {
        let judged = judged(self.page, self.section) || self.typing.typed.contains_key(question);
        let found = self.found.get(id).filter(|_| judged);
        found.map_or(&[], Vec::as_slice)
    }
}
