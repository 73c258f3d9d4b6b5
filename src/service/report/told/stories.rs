//! stories: what providers told in their own words, as far as a named person cleared it for the paper.
//!
//! Invariant: a story is internal until it is cleared; one that is not is counted and nothing of it is told.

use countersign_domain::document::{Block, Raw, Run};

use super::super::frozen::{FrozenAnswer, FrozenSection};
use super::super::names::Names;
use super::Telling;
use super::answers::Asked;
use super::options::Options;
use crate::wording::report::{Call, Returned};

/// The place by which a story is cleared.
pub(in crate::service::report) fn story_place(section: &FrozenSection, answer: &FrozenAnswer) -> String {
    format!("{}/{}", section.key, answer.question)
}

impl Telling<'_> {
    pub(super) fn stories(&self, call: &Call) -> Result<Returned, String> {
        let options = Options::of(call, 1, &["by"])?;
        let by_project = match options.text("by")? {
            None => false,
            Some("project") => true,
            Some(other) => {
                return Err(format!(
                    "‘{other}’ is nothing that `by` of `stories` can be: it is \"project\" or left out."
                ));
            }
        };
        let question = self.question_of(options.text_first("the question that is answered with a story")?)?;
        if !question.is_words() {
            return Err(format!(
                "‘{}’ is not answered in paragraphs: `answers` tells it.",
                question.question.id
            ));
        }
        let (mut blocks, mut waiting) = (Vec::new(), 0_usize);
        for (held, frozen, section, answer) in self.given(&question) {
            let cleared = self.material.is_cleared(held, &story_place(section, answer));
            if self.material.travels() && !cleared {
                waiting += 1;
                continue;
            }
            let names = Names::new(&held.form, frozen);
            let told_by = format!(
                "{}, {}",
                self.material.provider(held.ret.organisation),
                self.material.period(held)
            );
            blocks.push(Block::Story {
                title: match section.subject() {
                    Some(_) => names.subject(section),
                    None => answer.label.clone(),
                },
                text: answer.shown.clone(),
                source: match cleared {
                    true => format!("{told_by}; cleared for this paper"),
                    false => format!("{told_by}; not cleared"),
                },
            });
        }
        if by_project {
            blocks = one_after_another(blocks);
        }
        if waiting > 0 {
            blocks.push(paragraph(match waiting {
                1 => "1 story is not cleared for this paper.".to_owned(),
                many => format!("{many} stories are not cleared for this paper."),
            }));
        } else if blocks.is_empty() {
            blocks.push(paragraph("No signed return tells a story here.".to_owned()));
        }
        Ok(Returned::Blocks(blocks))
    }
}

/// Stories of the same title together, each where the first of them stood.
fn one_after_another(stories: Vec<Block<Raw>>) -> Vec<Block<Raw>> {
    let mut groups: Vec<(String, Vec<Block<Raw>>)> = Vec::new();
    for story in stories {
        let title = match &story {
            Block::Story { title, .. } => title.clone(),
            _ => String::new(),
        };
        match groups.iter_mut().find(|(known, _)| *known == title) {
            Some((_, group)) => group.push(story),
            None => groups.push((title, vec![story])),
        }
    }
    groups.into_iter().flat_map(|(_, group)| group).collect()
}

impl Asked<'_> {
    fn is_words(&self) -> bool {
        use countersign_domain::form::schema::Kind;
        matches!(self.question.kind, Kind::Narrative { .. })
    }
}

pub(super) fn paragraph(text: String) -> Block<Raw> {
    Block::Paragraph {
        runs: vec![Run::Text { text }],
    }
}
