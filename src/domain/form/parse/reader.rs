//! Reads keys out of a table of the file, and notes what is wrong with them.
//!
//! Invariant: every key is either asked for or reported as unknown; a missing or mistyped key is reported once.

use std::ops::{Range, RangeInclusive};

use rust_decimal::Decimal;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Problem;
use super::text::{Text, one_of};
use crate::form::rule::{Names, Rule, RuleType, Where, did_you_mean, foregone};
use crate::form::schema::Severity;

/// What has been found while a file is read.
pub(crate) struct Reader<'a> {
    pub source: &'a str,
    pub problems: Vec<Problem>,
    pub names: Names,
    /// The form's id.
    pub form: String,
    /// The ids of the stages.
    pub stages: Vec<String>,
    /// Whether the return is owed once.
    pub once: bool,
    /// Whether it comes several times a year.
    pub often: bool,
    /// How many cohorts the form has.
    pub cohorts: usize,
    /// Whether a section or a table repeats for them.
    pub cohorts_used: bool,
    /// Every key that was asked for, by which the schema is held to the reader.
    #[cfg(test)]
    pub asked: std::collections::BTreeSet<(&'static str, String, &'static str)>,
    /// A rule that was not read because of something else in the file.
    unread: Option<Range<usize>>,
}

impl<'a> Reader<'a> {
    pub fn new(source: &'a str) -> Self {
        Self {
            source,
            problems: Vec::new(),
            names: Names::default(),
            form: String::new(),
            stages: Vec::new(),
            once: false,
            often: false,
            cohorts: 0,
            cohorts_used: false,
            #[cfg(test)]
            asked: std::collections::BTreeSet::new(),
            unread: None,
        }
    }

    /// Nothing of a form is left out in silence: a rule that was not read, and no error says why.
    pub fn nothing_unread(&mut self) {
        let sound = self.problems.iter().all(|problem| problem.severity != Severity::Error);
        if let Some(span) = self.unread.take().filter(|_| sound) {
            let message = "What this rule names is worked out, in the end, from this rule in the return before.";
            self.error(span, message, "Work one of them out from what is typed.");
        }
    }

    pub fn error(&mut self, span: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.note(Severity::Error, span, message.into(), help.into());
    }

    pub fn warn(&mut self, span: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.note(Severity::Warning, span, message.into(), help.into());
    }

    fn note(&mut self, severity: Severity, span: Range<usize>, message: String, help: String) {
        self.problems.push(Problem {
            severity,
            span,
            message,
            help: (!help.is_empty()).then_some(help),
        });
    }

    /// Whether so many errors stand that further rules are not read.
    pub fn is_full(&self) -> bool {
        let errors = self
            .problems
            .iter()
            .filter(|problem| problem.severity == Severity::Error);
        errors.count() >= super::MAX_ERRORS
    }

    /// Reads a rule; its problems are placed in the file.
    pub fn rule(&mut self, text: &Text, place: Where<'_>) -> Option<Rule> {
        if self.is_full() {
            return None;
        }
        match Rule::parse(&text.value, &self.names, place) {
            Ok(rule) => Some(rule),
            Err(problems) => {
                if problems.is_empty() {
                    self.unread.get_or_insert(text.span.clone());
                }
                for problem in problems {
                    let span = text.place(self.source, &problem.span);
                    self.error(span, problem.message, problem.help.unwrap_or_default());
                }
                None
            }
        }
    }

    /// Reads a rule that must be of some type and should depend on something.
    pub fn rule_of(&mut self, text: &Text, place: Where<'_>, wanted: &[RuleType]) -> Option<Rule> {
        let rule = self.rule(text, place)?;
        if !wanted.contains(&rule.kind()) {
            let words: Vec<&str> = wanted.iter().map(|kind| kind.words()).collect();
            let message = format!(
                "This rule must give {}, and gives {}.",
                words.join(" or "),
                rule.kind().words()
            );
            self.error(text.span.clone(), message, "");
            return None;
        }
        if rule.is_constant() {
            let message = "This rule comes out the same whatever is answered.";
            self.warn(text.span.clone(), message, "Name a question, or leave it out.");
        } else if rule.kind() == RuleType::Truth {
            self.foregone(text, place);
        }
        Some(rule)
    }

    /// Warns of comparisons that are settled before anything is answered.
    fn foregone(&mut self, text: &Text, place: Where<'_>) {
        for part in foregone(&text.value, &self.names, place) {
            let what = if part.whole { "rule" } else { "part of the rule" };
            let how = if part.always { "always" } else { "never" };
            let span = text.place(self.source, &part.span);
            let message = format!("This {what} {how} holds, whatever is answered.");
            self.warn(span, message, "Compare with another figure, or leave it out.");
        }
    }
}

/// A table of the file while it is read.
pub(crate) struct Thing<'a> {
    table: &'a DeTable<'a>,
    /// The heading, or the whole of an inline table.
    pub span: Range<usize>,
    what: &'static str,
    asked: Vec<&'static str>,
}

impl<'a> Thing<'a> {
    pub fn new(table: &'a DeTable<'a>, span: Range<usize>, what: &'static str) -> Self {
        Self {
            table,
            span,
            what,
            asked: Vec::new(),
        }
    }

    pub fn get(&mut self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.asked.push(key);
        self.table.get(key)
    }

    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Whether one of several tables has this key, before they are read.
    pub fn any_has(&self, several: &str, key: &str) -> bool {
        let tables = self.table.get(several).map(Spanned::get_ref);
        let Some(DeValue::Array(tables)) = tables else {
            return false;
        };
        let mut tables = tables.iter().map(Spanned::get_ref);
        tables.any(|table| matches!(table, DeValue::Table(table) if table.contains_key(key)))
    }

    /// Where the value of a key stands; the heading when there is none.
    pub fn place(&self, key: &str) -> Range<usize> {
        self.table.get(key).map_or(self.span.clone(), Spanned::span)
    }

    /// Reports a key that must be there.
    pub fn need(&self, reader: &mut Reader, key: &str) {
        if !self.has(key) {
            let message = format!("This {} has no `{key}`.", self.what);
            reader.error(self.span.clone(), message, format!("Add {key} = …"));
        }
    }

    pub fn text(&mut self, reader: &mut Reader, key: &'static str) -> Option<Text> {
        let value = self.get(key)?;
        text(value, key, reader)
    }

    pub fn needed_text(&mut self, reader: &mut Reader, key: &'static str) -> Option<Text> {
        self.need(reader, key);
        self.text(reader, key)
    }

    pub fn flag(&mut self, reader: &mut Reader, key: &'static str) -> bool {
        match self.get(key) {
            None => false,
            Some(value) => value.get_ref().as_bool().unwrap_or_else(|| {
                mistyped(
                    value,
                    key,
                    "true or false",
                    "Write true or false, without quotation marks.",
                    reader,
                );
                false
            }),
        }
    }

    pub fn whole(&mut self, reader: &mut Reader, key: &'static str, range: RangeInclusive<u32>) -> Option<u32> {
        let value = self.get(key)?;
        let Some(integer) = value.get_ref().as_integer() else {
            mistyped(
                value,
                key,
                "a whole number",
                "Write it without quotation marks.",
                reader,
            );
            return None;
        };
        let number = u32::from_str_radix(integer.as_str(), integer.radix()).ok();
        let found = number.filter(|number| range.contains(number));
        if found.is_none() {
            let message = format!(
                "`{key}` must be a whole number from {} to {}.",
                range.start(),
                range.end()
            );
            reader.error(value.span(), message, "");
        }
        found
    }

    /// A figure, in quotation marks or without.
    pub fn decimal(&mut self, reader: &mut Reader, key: &'static str) -> Option<Decimal> {
        let value = self.get(key)?;
        let written = match value.get_ref() {
            DeValue::String(text) => text.as_ref().to_owned(),
            DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str().to_owned(),
            DeValue::Float(float) => float.as_str().to_owned(),
            _ => String::new(),
        };
        let found = Decimal::from_str_exact(&written).ok();
        if found.is_none() {
            let message = format!("`{key}` must be a figure, like 34.4.");
            reader.error(value.span(), message, "Write digits, and a point for decimals.");
        }
        found
    }

    pub fn one_of<T: Copy>(&mut self, reader: &mut Reader, key: &'static str, options: &[(&str, T)]) -> Option<T> {
        let text = self.text(reader, key)?;
        let found = options.iter().find(|(word, _)| *word == text.value);
        if found.is_none() {
            let words: Vec<&str> = options.iter().map(|(word, _)| *word).collect();
            let message = format!("`{key}` must be {}, and is `{}`.", one_of(&words), text.value);
            reader.error(text.span, message, did_you_mean(&text.value, words));
        }
        found.map(|(_, value)| *value)
    }

    /// A list of texts.
    pub fn texts(&mut self, reader: &mut Reader, key: &'static str) -> Vec<Text> {
        let Some(value) = self.get(key) else {
            return Vec::new();
        };
        match value.get_ref().as_array() {
            Some(list) => list.iter().filter_map(|item| text(item, key, reader)).collect(),
            None => {
                mistyped(value, key, "a list", "Write [\"…\", \"…\"].", reader);
                Vec::new()
            }
        }
    }

    /// A list of tables: `[[section]]`, or `[{ … }, { … }]`; at most [`super::MAX_QUESTIONS`].
    pub fn things(&mut self, reader: &mut Reader, key: &'static str, what: &'static str) -> Vec<Thing<'a>> {
        self.up_to(super::MAX_QUESTIONS, reader, key, what)
    }

    pub fn up_to(&mut self, most: usize, reader: &mut Reader, key: &'static str, what: &'static str) -> Vec<Thing<'a>> {
        let Some(value) = self.get(key) else {
            return Vec::new();
        };
        let Some(list) = value.get_ref().as_array() else {
            let written = &reader.source[value.span()];
            let heading = if written.starts_with('[') {
                written.trim_matches(['[', ']'])
            } else {
                key
            };
            let help = format!("Write [[{heading}]], with two brackets, for each of them.");
            mistyped(value, key, "a list", &help, reader);
            return Vec::new();
        };
        let mut things = Vec::new();
        for item in list.iter() {
            match item.get_ref().as_table() {
                Some(table) => things.push(Thing::new(table, item.span(), what)),
                None => mistyped(item, key, "a list of tables", "", reader),
            }
        }
        if let Some(extra) = things.get(most) {
            reader.error(
                extra.span.clone(),
                format!("There are more than {most} of `{key}`."),
                "",
            );
            things.truncate(most);
        }
        things
    }

    /// A table: `[schedule]`, or `{ … }`.
    pub fn thing(&mut self, reader: &mut Reader, key: &'static str, what: &'static str) -> Option<Thing<'a>> {
        let value = self.get(key)?;
        let table = value.get_ref().as_table();
        if table.is_none() {
            mistyped(
                value,
                key,
                "a table",
                &format!("Write [{key}] once, with single brackets."),
                reader,
            );
        }
        table.map(|table| Thing::new(table, value.span(), what))
    }

    /// Reports every key that was not asked for; `elsewhere` are keys that others of its kind may have.
    pub fn finish(self, reader: &mut Reader, elsewhere: &[&str], kind: &str) {
        #[cfg(test)]
        reader
            .asked
            .extend(self.asked.iter().map(|key| (self.what, kind.to_owned(), *key)));
        for key in self.table.keys() {
            let name = key.get_ref().as_ref();
            if self.asked.contains(&name) {
                continue;
            }
            let (message, help) = if elsewhere.contains(&name) {
                (
                    format!("`{name}` has no meaning for a {kind} {}.", self.what),
                    "Leave it out.".to_owned(),
                )
            } else {
                let candidates = self.asked.iter().copied().filter(|asked| !self.has(asked));
                (
                    format!("`{name}` is not among the keys of this {}.", self.what),
                    did_you_mean(name, candidates),
                )
            };
            reader.error(key.span(), message, help);
        }
    }
}

fn text(value: &Spanned<DeValue>, key: &str, reader: &mut Reader) -> Option<Text> {
    match value.get_ref().as_str() {
        Some(text) => Some(Text {
            value: text.to_owned(),
            span: value.span(),
        }),
        None => {
            mistyped(value, key, "text", "Put it in quotation marks.", reader);
            None
        }
    }
}

pub(super) fn mistyped(value: &Spanned<DeValue>, key: &str, wanted: &str, help: &str, reader: &mut Reader) {
    let found = match value.get_ref() {
        DeValue::String(_) => "text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    };
    reader.error(value.span(), format!("`{key}` must be {wanted}, and is {found}."), help);
}
