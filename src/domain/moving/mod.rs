//! A draft that is moved to another version of its form: where each answer goes, and what becomes of it.
//!
//! Invariant: no answer is lost: what cannot be placed, is no longer asked or cannot be read stays as it was typed.

mod destination;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use crate::answers::evaluate;
use crate::answers::types::{
    Answer, Draft, DraftAnswer, DraftSection, Evaluated, Finding, Mark, QuestionView, Register, SectionKey, SectionView,
};
use crate::form::schema::{Each, Form};
use destination::{Destination, destination};

/// A draft by section.
pub type Sections = BTreeMap<SectionKey, DraftSection>;

/// What becomes of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It was not asked for before, or did not have to be answered.
    NeedsAnswer,
    /// The newer form does not take what was typed.
    NotReadable,
    /// It is asked of something else now, so that it has to be given again.
    NotPlaced,
    /// It stands in another section.
    Moved,
    /// It is no longer asked.
    NotAsked,
    /// It stays where it is.
    Kept,
}

/// What becomes of one answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerMove {
    /// Where it stands afterwards.
    pub section: SectionKey,
    /// The question's id.
    pub question: String,
    /// What is asked.
    pub label: String,
    /// As it is shown today; empty when there is nothing.
    pub shown: String,
    /// What becomes of it.
    pub fate: Fate,
    /// The same, for people.
    pub words: String,
}

/// A draft as it becomes.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved {
    /// By section.
    pub sections: Sections,
    /// Each answer, those that want something done first.
    pub answers: Vec<AnswerMove>,
}

/// One stored answer, from where it stood to where it goes.
struct Step<'a> {
    from: SectionKey,
    to: SectionKey,
    id: &'a str,
    fate: Fate,
}

/// Moves a draft from one version of a form to another. `before` is the draft evaluated by the old one with its own
/// register, `register` what the new one reads.
#[must_use]
pub fn moved(old: &Form, new: &Form, before: &Evaluated, register: &Register, draft: &Draft) -> Moved {
    let (sections, steps) = placed(old, new, register, &draft.sections);
    let as_moved = Draft {
        sections,
        explanations: draft.explanations.clone(),
    };
    let after = evaluate(new, register, &as_moved);
    let mut answers: Vec<AnswerMove> = steps
        .iter()
        .filter(|step| draft.sections[&step.from].answers.get(step.id).is_some_and(is_typed))
        .map(|step| told(step, before, &after, new))
        .collect();
    answers.extend(needed(before, &after, &steps));
    answers.sort_by_key(|answer| answer.fate);
    Moved {
        sections: as_moved.sections,
        answers,
    }
}

/// Every stored answer in its place.
fn placed<'a>(old: &Form, new: &Form, register: &Register, sections: &'a Sections) -> (Sections, Vec<Step<'a>>) {
    let mut taken: BTreeSet<(SectionKey, &str)> = BTreeSet::new();
    let mut steps = Vec::new();
    let all = || {
        sections
            .iter()
            .flat_map(|(key, section)| section.answers.keys().map(move |id| (key, id.as_str())))
    };
    // What stays comes first, so that nothing is moved on top of it.
    let stays = |key: &SectionKey, id: &str| destination(old, new, register, sections, key, id) == Destination::Same;
    for (key, id) in all().filter(|(key, id)| stays(key, id)) {
        taken.insert((key.clone(), id));
        steps.push(Step {
            from: key.clone(),
            to: key.clone(),
            id,
            fate: Fate::Kept,
        });
    }
    for (key, id) in all() {
        let (to, fate) = match destination(old, new, register, sections, key, id) {
            Destination::Same => continue,
            Destination::To(to) if taken.insert((to.clone(), id)) => (to, Fate::Moved),
            Destination::To(_) | Destination::Several => (key.clone(), Fate::NotPlaced),
            Destination::Nowhere => (key.clone(), Fate::NotAsked),
        };
        steps.push(Step {
            from: key.clone(),
            to,
            id,
            fate,
        });
    }
    (placed_sections(&steps, new, sections), steps)
}

fn placed_sections(steps: &[Step<'_>], new: &Form, sections: &Sections) -> Sections {
    let mut out = Sections::new();
    for (key, section) in sections {
        // A row that was added is there though nothing was typed in it.
        let asked = new.section_of(&key.0).is_some();
        if asked || section.answers.is_empty() {
            let empty = DraftSection {
                answers: BTreeMap::new(),
                removed: section.removed,
            };
            out.insert(key.clone(), empty);
        }
    }
    for step in steps {
        let from = &sections[&step.from];
        let Some(answer) = from.answers.get(step.id) else {
            continue;
        };
        let into = out.entry(step.to.clone()).or_insert_with(|| DraftSection {
            answers: BTreeMap::new(),
            removed: from.removed,
        });
        into.answers.insert(step.id.to_owned(), answer.clone());
    }
    out
}

/// Takes a move back: the draft as it was before, with what was answered since put where the old version asks it.
#[must_use]
pub fn moved_back(
    old: &Form,
    new: &Form,
    register: &Register,
    before: &Sections,
    after: &Sections,
    now: &Sections,
) -> (Sections, Vec<AnswerMove>) {
    let (mut out, mut answers) = (before.clone(), Vec::new());
    for (key, section) in now {
        let was = after.get(key);
        if was.is_none_or(|was| was.removed != section.removed) && old.section_of(&key.0).is_some() {
            out.entry(key.clone()).or_default().removed = section.removed;
        }
        for (id, answer) in &section.answers {
            if was.and_then(|was| was.answers.get(id)) == Some(answer) {
                continue;
            }
            let to = match destination(new, old, register, now, key, id) {
                Destination::To(to) => to,
                Destination::Same | Destination::Several | Destination::Nowhere => key.clone(),
            };
            let asked = old.question(id).map_or_else(|| new.question(id), Some);
            let label = asked.map_or_else(|| id.clone(), |(_, question)| question.label.en.clone());
            answers.push(AnswerMove {
                words: format!("“{label}” was answered since, and keeps that answer."),
                section: to.clone(),
                question: id.clone(),
                label,
                shown: String::new(),
                fate: if to == *key { Fate::Kept } else { Fate::Moved },
            });
            out.entry(to).or_default().answers.insert(id.clone(), answer.clone());
        }
    }
    (out, answers)
}

/// Whether there is anything in an answer.
fn is_typed(answer: &DraftAnswer) -> bool {
    answer.mark != Mark::Given || !answer.files.is_empty() || answer.fields.values().any(|text| !text.trim().is_empty())
}

fn view<'a>(of: &'a Evaluated, key: &SectionKey, id: &str) -> Option<(&'a SectionView, &'a QuestionView)> {
    let section = of.sections.iter().find(|section| section.key == *key)?;
    Some((section, section.questions.iter().find(|question| question.id == id)?))
}

fn is_at(finding: &Finding, check: &str, key: &SectionKey, id: &str) -> bool {
    finding.check == check && finding.at.iter().any(|at| at.section == *key && at.question == id)
}

fn told(step: &Step<'_>, before: &Evaluated, after: &Evaluated, new: &Form) -> AnswerMove {
    let was = view(before, &step.from, step.id).map(|(_, question)| question);
    let is = view(after, &step.to, step.id);
    let asked = is.map(|(_, question)| question).or(was);
    let label = asked.map_or_else(|| step.id.to_owned(), |question| question.label.clone());
    let shown = was.map_or_else(String::new, |question| question.shown.clone());
    let refused = after
        .findings
        .iter()
        .find(|finding| is_at(finding, "~reading", &step.to, step.id))
        .filter(|_| {
            !before
                .findings
                .iter()
                .any(|known| is_at(known, "~reading", &step.from, step.id))
        });
    let read = was.is_some_and(|question| question.answer != Answer::Blank);
    let lost = is.is_some_and(|(_, question)| question.visible && question.answer == Answer::Blank) && read;
    let fate = match step.fate {
        Fate::Kept | Fate::Moved if refused.is_some() || lost => Fate::NotReadable,
        other => other,
    };
    let words = match fate {
        Fate::Kept | Fate::NeedsAnswer => format!("“{label}” keeps its answer."),
        Fate::Moved => {
            let title = is.map_or("", |(section, _)| section.title.as_str());
            format!("“{label}” moves to “{title}” with its answer.")
        }
        Fate::NotAsked => format!("“{label}” is no longer asked. What was typed is kept, and goes into no report."),
        Fate::NotPlaced => {
            let each = new.question(step.id).map_or(Each::Whole, |(section, _)| section.each);
            format!(
                "“{label}” is now asked {}, so that it has to be answered again. What was typed is kept.",
                each_words(each)
            )
        }
        Fate::NotReadable => {
            let why = refused.map_or("", |finding| finding.message.as_str());
            format!("“{label}” cannot be read as it was typed. It is kept in its box. {why}")
                .trim_end()
                .to_owned()
        }
    };
    AnswerMove {
        section: step.to.clone(),
        question: step.id.to_owned(),
        label,
        shown,
        fate,
        words,
    }
}

fn each_words(each: Each) -> &'static str {
    match each {
        Each::Whole => "once for the return",
        Each::Allocation => "for each allocation",
        Each::Project => "for each project",
        Each::Cohort => "for each cohort",
        Each::Row => "in each row",
    }
}

/// What has to be answered that did not have to be.
fn needed(before: &Evaluated, after: &Evaluated, steps: &[Step<'_>]) -> Vec<AnswerMove> {
    let mut seen: BTreeSet<(SectionKey, String)> = BTreeSet::new();
    let mut all = Vec::new();
    for place in after
        .findings
        .iter()
        .filter(|finding| finding.check == "~required")
        .flat_map(|finding| &finding.at)
    {
        let from = steps
            .iter()
            .find(|step| step.to == place.section && step.id == place.question)
            .map_or(&place.section, |step| &step.from);
        let asked_before = before
            .findings
            .iter()
            .any(|finding| is_at(finding, "~required", from, &place.question));
        let Some((section, question)) = view(after, &place.section, &place.question) else {
            continue;
        };
        if asked_before || !seen.insert((place.section.clone(), place.question.clone())) {
            continue;
        }
        all.push(AnswerMove {
            section: place.section.clone(),
            question: place.question.clone(),
            label: question.label.clone(),
            shown: String::new(),
            fate: Fate::NeedsAnswer,
            words: format!("“{}” in “{}” needs an answer.", question.label, section.title),
        });
    }
    all
}
