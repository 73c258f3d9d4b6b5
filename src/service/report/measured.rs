//! The figures that a report names: `form.measure`, found, called by their words, and defined once.
//!
//! Invariant: a name is a figure of one form in the version that the paper's returns have, or a problem that says which was
//! meant.

use countersign_domain::answers::format;
use countersign_domain::answers::types::FigureValue;
use countersign_domain::document::Definition;
use countersign_domain::form::rule::nearest;
use countersign_domain::form::schema::{AddUp, Each, Form, Kind, Question, TableRows, Words};
use countersign_domain::form::{Named, NamedOf, placeholder};
use countersign_domain::measure::Rules;

use super::material::Material;
use super::names::table_rows;
use super::people;

/// A figure that a report names.
pub(super) struct Measured<'m> {
    pub(super) form: &'m Form,
    pub(super) named: Named<'m>,
    /// What a heading calls it.
    pub(super) name: String,
}

/// What a figure's number is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    Money,
    Count,
    Number,
    Percent,
}

impl Material {
    /// The form of a name, and what the name says of it.
    pub(super) fn form_of<'a>(&self, literal: &'a str) -> Result<(&Form, &'a str), String> {
        let Some((id, rest)) = literal.split_once('.') else {
            return Err(format!(
                "‘{literal}’ names no figure: write the form’s id, a dot and the id of what is meant, like `{}.spent`.",
                self.forms.keys().next().map_or("form", String::as_str)
            ));
        };
        match self.forms.get(id) {
            Some(form) => Ok((form, rest)),
            None => Err(format!(
                "‘{id}’ is no form of this report.{}",
                meant(id, self.forms.keys().map(String::as_str), "")
            )),
        }
    }

    /// The figure of this name.
    pub(super) fn measured(&self, literal: &str) -> Result<Measured<'_>, String> {
        let (form, rest) = self.form_of(literal)?;
        let Some(named) = form.measures_named().find(|named| named.id == rest) else {
            return Err(self.unknown_measure(form, rest));
        };
        if !self.asked.named.get(&form.id).is_some_and(|named| named.contains(rest)) {
            return Err(format!(
                "‘{literal}’ is put together as the report is worked out: write it out in full, between quotes, so that it \
                 can be gathered before."
            ));
        }
        Ok(Measured {
            name: self.called(&named),
            form,
            named,
        })
    }

    fn unknown_measure(&self, form: &Form, rest: &str) -> String {
        let known: Vec<String> = form.measures_named().map(|named| named.id).collect();
        let question = form.question(rest).map(|(_, question)| question);
        let why = match question.map(|question| &question.kind) {
            Some(Kind::Table(_)) => format!("‘{rest}’ of ‘{}’ is a table: name one of its columns.", form.id),
            Some(_) => format!("The answer to ‘{rest}’ of ‘{}’ is not a figure.", form.id),
            None => format!("There is no figure ‘{rest}’ in the form ‘{}’.", form.id),
        };
        let prefix = format!("{}.", form.id);
        // A column's name is suggested also to somebody who wrote the column alone.
        let column = known
            .iter()
            .find(|id| id.split_once('.').is_some_and(|(_, column)| column == rest));
        match column {
            Some(column) => format!("{why} Did you mean ‘{prefix}{column}’?"),
            None => format!("{why}{}", meant(rest, known.iter().map(String::as_str), &prefix)),
        }
    }

    pub(super) fn called(&self, named: &Named<'_>) -> String {
        let own = self.words(named.label());
        match named.table {
            Some(table) => format!("{}: {own}", self.words(&table.label)),
            None => own,
        }
    }

    /// Words of a form, for all of its returns together.
    pub(super) fn words(&self, words: &Words) -> String {
        in_general(words, &self.fund.title, &self.windows.now.label())
    }
}

/// Words of a form for all of its returns together: what differs between them is called by its kind.
pub(in crate::service) fn in_general(words: &Words, fund: &str, period: &str) -> String {
    placeholder::fill(&words.en, |code| match code {
        "fund.title" => fund.to_owned(),
        "period.label" => period.to_owned(),
        "allocation.title" => "the project".to_owned(),
        other => {
            let (of, what) = other.split_once('.').unwrap_or(("", other));
            match what {
                "title" | "name" | "reference" => format!("the {of}"),
                what => format!("the {of}’s {}", what.replace('_', " ")),
            }
        }
    })
}

/// " Did you mean ‘x’?", or nothing.
pub(super) fn meant<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>, prefix: &str) -> String {
    nearest(typed, known).map_or_else(String::new, |name| format!(" Did you mean ‘{prefix}{name}’?"))
}

impl<'m> Measured<'m> {
    pub(super) fn rules(&self) -> Rules {
        Rules {
            over_time: self.named.over_time,
            over_providers: self.named.over_providers,
        }
    }

    pub(super) fn id(&self) -> &str {
        &self.named.id
    }

    /// The question, of a figure that is asked.
    pub(super) fn question(&self) -> Option<&'m Question> {
        match self.named.of {
            NamedOf::Question(question) => Some(question),
            NamedOf::Measure(_) => None,
        }
    }

    pub(super) fn each(&self) -> Each {
        self.named.section.each
    }

    /// Where the rows of its table come from.
    pub(super) fn rows(&self) -> Option<&'m TableRows> {
        self.named.table.and_then(table_rows)
    }

    /// Of a row's key: that of what the section is for, and that of the row of a table.
    pub(super) fn row_parts<'r>(&self, row: Option<&'r str>) -> (Option<&'r str>, Option<&'r str>) {
        let repeats = matches!(self.each(), Each::Project | Each::Cohort | Each::Row);
        match (repeats, self.rows().is_some()) {
            (true, true) => match row.and_then(|row| row.split_once('/')) {
                Some((within, cell)) => (Some(within), Some(cell)),
                None => (row, None),
            },
            (true, false) => (row, None),
            (false, true) => (None, row),
            (false, false) => (None, None),
        }
    }

    /// Whether its answers count people, or follow from such counts.
    pub(super) fn tells_of_people(&self) -> bool {
        let own = self.question().is_some_and(|question| question.kind.counts_people());
        own || !people::under(self.form, self.id()).is_empty()
    }

    pub(super) fn of(&self) -> Of {
        match self.named.of {
            NamedOf::Measure(_) => Of::Percent,
            NamedOf::Question(question) => match &question.kind {
                Kind::Money { .. } | Kind::Split { .. } => Of::Money,
                Kind::Count { .. } | Kind::Range { .. } => Of::Count,
                Kind::Percent { .. } | Kind::Ratio { .. } => Of::Percent,
                Kind::Calculated { percent: true, .. } => Of::Percent,
                Kind::Calculated { value, .. } if value.kind() == countersign_domain::form::rule::RuleType::Money => {
                    Of::Money
                }
                _ => Of::Number,
            },
        }
    }

    /// Of a measure of two amounts of money.
    pub(super) fn over_money(&self) -> bool {
        let NamedOf::Measure(measure) = self.named.of else {
            return false;
        };
        let [of, _] = people::parts(measure);
        people::asked(self.form, &of).is_some_and(|part| matches!(part.kind, Kind::Money { .. }))
    }

    /// A value of the unit that its figures have, for words that show a goal.
    pub(super) fn unit_like(&self) -> FigureValue {
        match self.of() {
            Of::Money => FigureValue::Money { pence: 0 },
            Of::Count => FigureValue::Count { count: 0 },
            Of::Number | Of::Percent => FigureValue::Number {
                scaled: 0,
                places: 0,
                percent: self.of() == Of::Percent,
            },
        }
    }

    /// What it is, told once in a document.
    pub(super) fn definition(&self, material: &Material) -> Definition {
        let like = self.unit_like();
        let named = &self.named;
        let beside = [
            named
                .target()
                .map(|target| format!("Target: {}", lower(&format::target(target, &like)))),
            named.benchmark().map(|benchmark| format::benchmark(benchmark, &like)),
            named
                .baseline()
                .map(|baseline| format!("Baseline: {}", format::benchmark(baseline, &like))),
        ];
        Definition {
            name: self.name.clone(),
            unit: self.unit_words().to_owned(),
            adds: adds(self.rules()),
            from: format!("{} ({}), {}", material.words(&self.form.title), self.form.id, self.id()),
            beside: beside.into_iter().flatten().collect::<Vec<_>>().join("; "),
        }
    }

    fn unit_words(&self) -> &'static str {
        let people = self.question().is_some_and(|question| question.kind.counts_people());
        match (self.of(), people) {
            (Of::Money, _) => "pounds",
            (Of::Count, true) => "people",
            (Of::Count, false) => "whole number",
            (Of::Number, _) => "number",
            (Of::Percent, _) if self.over_money() => "percentage of 2 amounts",
            (Of::Percent, _) => match self.named.of {
                NamedOf::Measure(_) => "percentage of 2 counts",
                NamedOf::Question(question) if matches!(question.kind, Kind::Ratio { .. }) => "percentage of 2 counts",
                NamedOf::Question(_) => "percentage",
            },
        }
    }
}

fn lower(words: &str) -> String {
    let mut letters = words.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// How a measure adds up, in words.
fn adds(rules: Rules) -> String {
    match (rules.over_time, rules.over_providers) {
        (Some(AddUp::Sum), Some(AddUp::Sum)) => return "added over time, providers and projects".to_owned(),
        (Some(AddUp::List) | None, Some(AddUp::List) | None) => return "not added up".to_owned(),
        _ => {}
    }
    let over_time = match rules.over_time {
        Some(AddUp::Sum) => "added over time",
        Some(AddUp::Last) => "the latest of each provider and project",
        Some(AddUp::Max) => "the largest of each provider and project",
        Some(AddUp::List) | None => "not added over time",
    };
    let over_providers = match rules.over_providers {
        Some(AddUp::Sum) => "added over providers and projects",
        Some(AddUp::Last) => "the latest over providers and projects",
        Some(AddUp::Max) => "the largest over providers and projects",
        Some(AddUp::List) | None => "not added over providers and projects",
    };
    format!("{over_time}; {over_providers}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_figure_is_called_names_no_project_of_many() {
        let called = |en: &str| {
            let words = Words {
                en: en.to_owned(),
                cy: None,
            };
            in_general(&words, "Fund", "2017-18")
        };
        assert_eq!(called("Allocated to {allocation.title}"), "Allocated to the project");
        assert_eq!(called("{fund.title} in {period.label}"), "Fund in 2017-18");
        assert_eq!(called("Spent by {provider.name}"), "Spent by the provider");
    }

    #[test]
    fn one_rule_for_time_and_providers_is_said_once() {
        let said = |over_time, over_providers| {
            adds(Rules {
                over_time,
                over_providers,
            })
        };
        assert_eq!(
            said(Some(AddUp::Sum), Some(AddUp::Sum)),
            "added over time, providers and projects"
        );
        assert_eq!(said(None, Some(AddUp::List)), "not added up");
        assert_eq!(
            said(None, Some(AddUp::Sum)),
            "not added over time; added over providers and projects"
        );
    }
}
