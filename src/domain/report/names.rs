//! The names that a report uses of its forms: `form.measure`, `form.question`, `form.section`.
//!
//! Invariant: a name that is not known is answered with the nearest one that is.

use super::Report;
use crate::form::rule::{did_you_mean, nearest};
use crate::form::schema::{Audience, Form, Kind, Question, TableKind};

/// What a name may be of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// A figure: a question's, a measure's or `table.column`.
    Measure,
    /// A section.
    Section,
    /// A question of any kind, tables included.
    Question,
    /// A question answered in several paragraphs.
    Story,
    /// A question answered with documents.
    Files,
    /// A table of yes and no.
    Checklist,
    /// A table on whose rows an officer decides.
    Decided,
}

impl Part {
    /// What a form is said not to have.
    const fn words(self) -> &'static str {
        match self {
            Self::Measure => "figure",
            Self::Section => "section",
            Self::Question => "question",
            Self::Story => "question that is answered in paragraphs,",
            Self::Files => "question that is answered with documents,",
            Self::Checklist => "checklist",
            Self::Decided => "table on which an officer decides,",
        }
    }

    fn fits(self, question: &Question) -> bool {
        match self {
            Self::Measure | Self::Section => false,
            Self::Question => true,
            Self::Story => matches!(question.kind, Kind::Narrative { .. }),
            Self::Files => matches!(question.kind, Kind::File { .. }),
            Self::Checklist => matches!(&question.kind, Kind::Table(table) if table.made_as == TableKind::Checklist),
            Self::Decided => question.decided_in.is_some(),
        }
    }

    /// The names of this part that a form has.
    fn names(self, form: &Form) -> Vec<String> {
        match self {
            Self::Measure => form.measures_named().map(|named| named.id).collect(),
            Self::Section => form.sections.iter().map(|section| section.id.clone()).collect(),
            _ => {
                let questions = form.sections.iter().flat_map(|section| &section.questions);
                let fitting = questions.filter(|question| self.fits(question));
                fitting.map(|question| question.id.clone()).collect()
            }
        }
    }
}

/// What is wrong with a name, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// What is wrong.
    pub message: String,
    /// What to do about it; may be empty.
    pub help: String,
}

impl Wrong {
    fn new(message: String, help: impl Into<String>) -> Self {
        Self {
            message,
            help: help.into(),
        }
    }
}

/// The form that `form.name` is of, where the report is about it and the form has that part. A form of the report's that is
/// not among `forms` is taken to be right: that it is missing, or may not travel as far as the report, is said once, of the
/// report's head. Where the head names no form, it is said here.
///
/// # Errors
/// Why it cannot be named.
pub fn find<'f>(part: Part, name: &str, report: &Report, forms: &[&'f Form]) -> Result<Option<&'f Form>, Wrong> {
    let about = |id: &str| report.forms.is_empty() || report.forms.iter().any(|known| known == id);
    let Some((id, rest)) = name.split_once('.').filter(|(_, rest)| !rest.is_empty()) else {
        let mine = forms.iter().filter(|form| about(&form.id));
        let having = mine.filter(|form| part.names(form).iter().any(|known| known == name));
        let help = having.map(|form| format!("Did you mean `{}.{name}`?", form.id)).next();
        let message = format!("`{name}` does not say which form it is of.");
        let usual = "Write the form's id, a full stop and the name, like partnership-evaluation.spent.";
        return Err(Wrong::new(message, help.unwrap_or_else(|| usual.to_owned())));
    };
    if !about(id) {
        let meant = did_you_mean(id, report.forms.iter().map(String::as_str));
        return Err(Wrong::new(
            format!("The form `{id}` is not among the report's `forms`."),
            meant,
        ));
    }
    let Some(form) = forms.iter().copied().find(|form| form.id == id) else {
        let unknown = report.forms.is_empty().then(|| {
            let meant = did_you_mean(id, forms.iter().map(|form| form.id.as_str()));
            Wrong::new(format!("There is no form `{id}`."), meant)
        });
        return unknown.map_or(Ok(None), Err);
    };
    let known = part.names(form);
    if !known.iter().any(|known| known == rest) {
        return Err(unknown(part, form, rest, &known));
    }
    if report.forms.is_empty() && report.audience > form.audience {
        let message = format!(
            "The figures of `{id}` are for {}, and this report is for {}.",
            who(form.audience),
            who(report.audience)
        );
        return Err(Wrong::new(
            message,
            "Leave them out, or narrow the report's `audience`.",
        ));
    }
    Ok(Some(form))
}

/// For whom, in words.
pub(super) const fn who(audience: Audience) -> &'static str {
    match audience {
        Audience::Internal => "the commissioner's own staff",
        Audience::Panel => "a panel",
        Audience::Public => "anyone",
    }
}

fn unknown(part: Part, form: &Form, name: &str, known: &[String]) -> Wrong {
    let id = &form.id;
    let asked = form.question(name).map(|(_, question)| question);
    let column = form.column(name);
    let message = format!("The form `{id}` has no {} `{name}`.", part.words());
    match (part, asked.map(|question| &question.kind)) {
        (Part::Measure, Some(Kind::Table(table))) => {
            let columns = table.columns.iter().filter(|column| column.kind.is_figure());
            let example = columns.map(|column| format!("{id}.{name}.{}", column.id)).next();
            let help = example.map_or_else(
                || format!("Show the table with answers(\"{id}.{name}\")."),
                |example| format!("Name a column of it, like {example}."),
            );
            Wrong::new(format!("`{name}` of `{id}` is a table, and no one figure."), help)
        }
        (Part::Measure, Some(_)) => {
            let message = format!("`{name}` of `{id}` is answered in words, and not with a figure.");
            Wrong::new(message, format!("Show it with answers(\"{id}.{name}\")."))
        }
        (Part::Measure, None) if column.is_some() => {
            let message = format!("`{name}` of `{id}` is answered in words, and not with a figure.");
            let table = name.split('.').next().unwrap_or_default();
            Wrong::new(message, format!("Show its table with answers(\"{id}.{table}\")."))
        }
        _ => match nearest(name, known.iter().map(String::as_str)) {
            Some(near) => Wrong::new(message, format!("Did you mean `{id}.{near}`?")),
            None => Wrong::new(message, ""),
        },
    }
}
