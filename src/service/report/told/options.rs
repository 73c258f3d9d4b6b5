//! The arguments of a function of the report language, read and refused in the words of whoever writes reports.
//!
//! Invariant: an argument that is not known, or not of its kind, is never passed over.

use super::super::material::When;
use super::super::measured::meant;
use crate::wording::report::{Argument, Call};

/// What a table has a row for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    Project,
    Provider,
    Grant,
    Period,
    Row,
    Cohort,
    Return,
    Measure,
}

impl By {
    const ALL: [(&'static str, By); 8] = [
        ("project", By::Project),
        ("provider", By::Provider),
        ("grant", By::Grant),
        ("period", By::Period),
        ("row", By::Row),
        ("cohort", By::Cohort),
        ("return", By::Return),
        ("measure", By::Measure),
    ];

    /// The heading of the column that names the rows.
    pub(super) fn heading(self) -> &'static str {
        match self {
            By::Project => "Project",
            By::Provider => "Provider",
            By::Grant => "Grant",
            By::Period => "Period",
            By::Row => "Row",
            By::Cohort => "Cohort",
            By::Return => "Return",
            By::Measure => "Measure",
        }
    }
}

/// What stands beside a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beside {
    Previous,
    YearBefore,
    Baseline,
    Target,
    Benchmark,
}

impl Beside {
    const ALL: [(&'static str, Beside); 5] = [
        ("previous", Beside::Previous),
        ("year-before", Beside::YearBefore),
        ("baseline", Beside::Baseline),
        ("target", Beside::Target),
        ("benchmark", Beside::Benchmark),
    ];
}

/// The arguments of one call.
pub(super) struct Options<'c> {
    call: &'c Call,
}

impl<'c> Options<'c> {
    /// Refuses more arguments by place than there are, and names that the function does not have.
    pub(super) fn of(call: &'c Call, places: usize, names: &[&str]) -> Result<Self, String> {
        let function = &call.name;
        if call.positional.len() > places {
            let by_name = match names {
                [] => String::new(),
                names => format!(" Others have names: {}.", names.join(", ")),
            };
            return Err(format!(
                "`{function}` takes {places} argument{} by place.{by_name}",
                if places == 1 { "" } else { "s" }
            ));
        }
        for name in call.named.keys() {
            if !names.contains(&name.as_str()) {
                return Err(format!(
                    "`{function}` has no argument `{name}`.{}",
                    meant(name, names.iter().copied(), "")
                ));
            }
        }
        Ok(Self { call })
    }

    fn wrong(&self, name: &str, what: &str) -> String {
        format!("`{name}` of `{}` is {what}.", self.call.name)
    }

    /// The first argument by place: one text.
    pub(super) fn text_first(&self, what: &str) -> Result<&'c str, String> {
        match self.call.positional.first() {
            Some(Argument::Text(text)) => Ok(text),
            _ => Err(format!(
                "`{}` begins with {what}, as text between quotes.",
                self.call.name
            )),
        }
    }

    /// The first argument by place: one text or a list of them, at least one.
    pub(super) fn texts_first(&self, what: &str) -> Result<Vec<&'c str>, String> {
        let wrong = || format!("`{}` begins with {what}, as texts between quotes.", self.call.name);
        let found = match self.call.positional.first() {
            Some(Argument::Text(text)) => vec![text.as_str()],
            Some(Argument::List(items)) => texts(items).ok_or_else(wrong)?,
            _ => return Err(wrong()),
        };
        if found.is_empty() {
            return Err(wrong());
        }
        Ok(found)
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<&'c str>, String> {
        match self.call.named.get(name) {
            None => Ok(None),
            Some(Argument::Text(text)) => Ok(Some(text)),
            Some(_) => Err(self.wrong(name, "a text between quotes")),
        }
    }

    pub(super) fn flag(&self, name: &str) -> Result<bool, String> {
        match self.call.named.get(name) {
            None => Ok(false),
            Some(Argument::Flag(flag)) => Ok(*flag),
            Some(_) => Err(self.wrong(name, "`true` or `false`")),
        }
    }

    /// A list of texts, or one text for a list of one; none where it is not given.
    pub(super) fn texts(&self, name: &str) -> Result<Vec<&'c str>, String> {
        match self.call.named.get(name) {
            None => Ok(Vec::new()),
            Some(Argument::Text(text)) => Ok(vec![text]),
            Some(Argument::List(items)) => {
                texts(items).ok_or_else(|| self.wrong(name, "a list of texts, like `[\"one\", \"other\"]`"))
            }
            Some(_) => Err(self.wrong(name, "a list of texts, like `[\"one\", \"other\"]`")),
        }
    }

    /// What there is a row for; a row for each measure where nothing is said.
    pub(super) fn by(&self) -> Result<By, String> {
        let Some(word) = self.text("by")? else {
            return Ok(By::Measure);
        };
        self.one_of("by", word, &By::ALL)
    }

    pub(super) fn beside(&self) -> Result<Vec<Beside>, String> {
        let words = self.texts("compare")?;
        words
            .into_iter()
            .map(|word| self.one_of("compare", word, &Beside::ALL))
            .collect()
    }

    /// Whether there is a column for each period.
    pub(super) fn across_periods(&self) -> Result<bool, String> {
        match self.text("across")? {
            None => Ok(false),
            Some("period") => Ok(true),
            Some(_) => Err(self.wrong("across", "`\"period\"`, or is left out")),
        }
    }

    /// Of which of the paper's times: its own where nothing is said.
    pub(super) fn when(&self) -> Result<When, String> {
        let times = [("previous", When::Previous), ("year-before", When::YearBefore)];
        match self.text("period")? {
            None => Ok(When::Now),
            Some(word) => self.one_of("period", word, &times),
        }
    }

    fn one_of<T: Copy>(&self, name: &str, word: &str, known: &[(&str, T)]) -> Result<T, String> {
        let found = known.iter().find(|(id, _)| *id == word);
        found.map(|(_, value)| *value).ok_or_else(|| {
            let words: Vec<&str> = known.iter().map(|(id, _)| *id).collect();
            format!(
                "‘{word}’ is nothing that `{name}` of `{}` can be: it is one of {}.{}",
                self.call.name,
                words.join(", "),
                meant(word, words.iter().copied(), "")
            )
        })
    }
}

fn texts(items: &[Argument]) -> Option<Vec<&str>> {
    items.iter().map(text_of).collect()
}

fn text_of(item: &Argument) -> Option<&str> {
    match item {
        Argument::Text(text) => Some(text),
        _ => None,
    }
}
