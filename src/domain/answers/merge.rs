//! Two people in one section: what a save changes and where it collides.
//!
//! Invariant: a stored answer is replaced only by somebody who saw it. What was saved meanwhile by another
//! person stays, and what was typed against it is handed back beside it.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};

use super::types::{DraftAnswer, DraftSection, FileRef, Mark};
use crate::ids::PersonId;

/// What a person sent for one question.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// As typed, by field; see [`DraftAnswer::fields`].
    pub fields: BTreeMap<String, String>,
    /// Whether a figure was given.
    pub mark: Mark,
    /// "Approximately" was ticked.
    pub approximately: bool,
    /// The documents that the answer now has.
    pub files: Vec<FileRef>,
}

/// What a page showed for one question: which version, and a print of what stood there. It travels with the
/// page as text (`3.9f86d081884c7d65`), so that nothing need be remembered about pages that were sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    version: u32,
    print: String,
}

/// What a page showed, by question id. A question that is missing was seen as never answered.
pub type Base = BTreeMap<String, Seen>;

/// A save, taken together with what was stored meanwhile.
#[derive(Debug, Clone, PartialEq)]
pub struct Merged {
    /// The section to store.
    pub section: DraftSection,
    /// The questions whose stored answer now differs from before.
    pub changed: Vec<String>,
    /// The questions where another person's answer stayed.
    pub conflicts: Vec<Conflict>,
}

/// One question that two people answered differently.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// The question's id.
    pub question: String,
    /// What is stored and stays.
    pub theirs: DraftAnswer,
    /// What this person typed; shown beside it, and stored when sent again from a page that shows `theirs`.
    pub yours: Typed,
}

impl Typed {
    /// A plain answer of one field.
    #[must_use]
    pub fn value(text: &str) -> Self {
        Self {
            fields: BTreeMap::from([("value".to_owned(), text.to_owned())]),
            ..Self::default()
        }
    }

    /// Two answers have one print exactly when a person would see the same. An empty box is no answer, so it
    /// leaves no mark.
    fn print(&self) -> String {
        let mut hash = Sha256::new();
        let mut add = |kind: u8, text: &str| {
            hash.update([kind]);
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        };
        for (name, text) in self.fields.iter().filter(|(_, text)| !text.is_empty()) {
            add(b'n', name);
            add(b't', text);
        }
        match self.mark {
            Mark::Given => {}
            Mark::NotKnown => add(b'm', "not-known"),
            Mark::NotApplicable => add(b'm', "not-applicable"),
        }
        if self.approximately {
            add(b'a', "");
        }
        for file in &self.files {
            add(b'd', &file.digest);
            add(b'f', &file.name);
        }
        hash.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl From<&DraftAnswer> for Typed {
    fn from(answer: &DraftAnswer) -> Self {
        Self {
            fields: answer.fields.clone(),
            mark: answer.mark,
            approximately: answer.approximately,
            files: answer.files.clone(),
        }
    }
}

impl Seen {
    /// A stored answer, or none yet.
    #[must_use]
    pub fn of(answer: Option<&DraftAnswer>) -> Self {
        answer.map_or_else(
            || Self::prefilled(&Typed::default()),
            |answer| Self {
                version: answer.version,
                print: Typed::from(answer).print(),
            },
        )
    }

    /// A value from the register, shown in the box though nobody has typed it. Sending it back untouched stores
    /// nothing; emptying the box stores an empty answer.
    #[must_use]
    pub fn prefilled(shown: &Typed) -> Self {
        Self {
            version: 0,
            print: shown.print(),
        }
    }
}

/// `version.print`.
impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.version, self.print)
    }
}

/// The text that came back with a page is not one that a page carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the version of an answer")]
pub struct NotSeen;

impl FromStr for Seen {
    type Err = NotSeen;

    fn from_str(text: &str) -> Result<Self, NotSeen> {
        let (version, print) = text.split_once('.').ok_or(NotSeen)?;
        let hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
        if print.len() != 16 || !print.chars().all(hex) || !version.chars().all(|c| c.is_ascii_digit()) {
            return Err(NotSeen);
        }
        Ok(Self {
            version: version.parse().map_err(|_| NotSeen)?,
            print: print.to_owned(),
        })
    }
}

/// What a page that shows this section carries.
#[must_use]
pub fn base_of(section: &DraftSection) -> Base {
    section
        .answers
        .iter()
        .map(|(id, answer)| (id.clone(), Seen::of(Some(answer))))
        .collect()
}

/// Takes a save together with what is stored, question by question. `base` is what the page showed, `typed` what came
/// back from it, and `by` and `at` who saved it and when. Questions that the page did not send stay as they are.
#[must_use]
pub fn merge(
    base: &Base,
    stored: &DraftSection,
    typed: &BTreeMap<String, Typed>,
    by: PersonId,
    at: DateTime<Utc>,
) -> Merged {
    let mut merged = Merged {
        section: stored.clone(),
        changed: Vec::new(),
        conflicts: Vec::new(),
    };
    let never = Seen::of(None);
    for (id, yours) in typed {
        let seen = base.get(id).unwrap_or(&never);
        let theirs = stored.answers.get(id);
        let now = Seen::of(theirs);
        let print = yours.print();
        let untouched = print == seen.print;
        let same_already = theirs.is_some() && print == now.print;
        if untouched || same_already {
            continue;
        }
        match theirs {
            Some(theirs) if seen.version != now.version && seen.print != now.print => {
                merged.conflicts.push(Conflict {
                    question: id.clone(),
                    theirs: theirs.clone(),
                    yours: yours.clone(),
                });
            }
            Some(_) | None => {
                merged.changed.push(id.clone());
                let answer = DraftAnswer {
                    fields: yours.fields.clone(),
                    mark: yours.mark,
                    approximately: yours.approximately,
                    files: yours.files.clone(),
                    by,
                    at,
                    version: now.version.saturating_add(1),
                };
                merged.section.answers.insert(id.clone(), answer);
            }
        }
    }
    merged
}
