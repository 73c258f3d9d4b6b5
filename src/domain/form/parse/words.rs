//! Words for people: in English and Welsh, with placeholders, and messages with figures in them.
//!
//! Invariant: a placeholder in a title, label or hint names one fact of the register, and one in a message is a typed rule.

use toml::de::DeValue;

use super::reader::{Reader, Thing, mistyped};
use super::text::Text;
use crate::form::placeholder::{Piece, pieces};
use crate::form::rule::{Names, Rule, Where};
use crate::form::schema::{Message, MessagePart, Words};

impl Thing<'_> {
    /// Words with placeholders that name facts of the register.
    pub fn words(&mut self, reader: &mut Reader, key: &'static str, place: Where<'_>) -> Option<Words> {
        let (words, texts) = self.read_words(reader, key)?;
        for text in &texts {
            register_only(text, place, reader);
        }
        Some(words)
    }

    /// Words that must be there.
    pub fn needed_words(&mut self, reader: &mut Reader, key: &'static str, place: Where<'_>) -> Words {
        self.need(reader, key);
        self.words(reader, key, place).unwrap_or_default()
    }

    /// The exact words of a statement: nothing in them is filled in.
    pub fn statement(&mut self, reader: &mut Reader) -> Option<Words> {
        let (words, texts) = self.read_words(reader, "statement")?;
        for text in &texts {
            if let Some(at) = text.value.find(['{', '}']) {
                let span = text.place(reader.source, &(at..at + 1));
                let message = "A statement is agreed to word for word: it cannot have placeholders.";
                reader.error(span, message, "");
            }
        }
        Some(words)
    }

    /// Words in which nothing is filled in, because they are filled in elsewhere themselves.
    pub fn plain_words(&mut self, reader: &mut Reader, key: &'static str) -> Option<Words> {
        let (words, texts) = self.read_words(reader, key)?;
        for text in &texts {
            if let Some(at) = text.value.find(['{', '}']) {
                let span = text.place(reader.source, &(at..at + 1));
                let message = format!("`{key}` cannot have placeholders: it is shown as it is written.");
                reader.error(span, message, "Leave the braces out.");
            }
        }
        Some(words)
    }

    fn read_words(&mut self, reader: &mut Reader, key: &'static str) -> Option<(Words, Vec<Text>)> {
        let value = self.get(key)?;
        let (en, cy) = match value.get_ref() {
            DeValue::String(text) => (
                Text {
                    value: text.as_ref().to_owned(),
                    span: value.span(),
                },
                None,
            ),
            DeValue::Table(table) => {
                let mut both = Thing::new(table, value.span(), "text in two languages");
                let en = both.needed_text(reader, "en");
                let cy = both.text(reader, "cy");
                both.finish(reader, &[], "");
                (en?, cy)
            }
            _ => {
                let help = "Put it in quotation marks, or write { en = \"…\", cy = \"…\" }.";
                mistyped(value, key, "text", help, reader);
                return None;
            }
        };
        let words = Words {
            en: en.value.clone(),
            cy: cy.as_ref().map(|text| text.value.clone()),
        };
        let texts: Vec<Text> = std::iter::once(en).chain(cy).collect();
        for text in texts.iter().filter(|text| text.value.trim().is_empty()) {
            reader.error(
                text.span.clone(),
                format!("`{key}` is empty."),
                "Say it in words, or leave the key out.",
            );
        }
        Some((words, texts))
    }
}

fn cut(text: &Text, reader: &mut Reader) -> Vec<Piece> {
    pieces(&text.value).unwrap_or_else(|brace| {
        let span = text.place(reader.source, &brace);
        reader.error(span, "This brace has no partner.", "Write {{ or }} for a plain brace.");
        Vec::new()
    })
}

fn register_only(text: &Text, place: Where<'_>, reader: &mut Reader) {
    for piece in cut(text, reader) {
        let Piece::Code(code, at) = piece else {
            continue;
        };
        if reader.is_full() {
            break;
        }
        let span = text.place(reader.source, &at);
        let is_name = code
            .trim()
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'));
        // No question is known here: titles and labels stand before anything is answered.
        let register = Names {
            one_allocation: reader.names.one_allocation,
            ..Names::default()
        };
        let problem = match Rule::parse(&code, &register, place) {
            Ok(_) if is_name => continue,
            Ok(_) => None,
            Err(problems) => problems.into_iter().next(),
        };
        let help = "A placeholder here names a fact of the register, like {grant.title} or {period.label}.";
        match problem {
            Some(problem) if problem.help.is_some() => {
                reader.error(span, problem.message, problem.help.unwrap_or_default());
            }
            Some(problem) => reader.error(span, problem.message, help),
            None => reader.error(span, "A calculation cannot stand here.", help),
        }
    }
}

/// A message; the rules between its braces are read where the check stands.
pub(super) fn message(text: &Text, place: Where<'_>, reader: &mut Reader) -> Message {
    let mut parts = Vec::new();
    for piece in cut(text, reader) {
        if reader.is_full() {
            break;
        }
        match piece {
            Piece::Plain(plain) => parts.push(MessagePart::Text(plain)),
            Piece::Code(code, at) => match Rule::parse(&code, &reader.names, place) {
                Ok(rule) => parts.push(MessagePart::Value(rule)),
                Err(problems) => {
                    for problem in problems {
                        let inner = at.start + problem.span.start..at.start + problem.span.end;
                        let span = text.place(reader.source, &inner);
                        reader.error(span, problem.message, problem.help.unwrap_or_default());
                    }
                }
            },
        }
    }
    Message { parts }
}
