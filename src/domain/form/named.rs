//! Every figure that a form can give, by its id, and how it adds up.
//!
//! Invariant: one for each question, column and measure whose answers are figures, in the order of the form; the ids are
//! those under which figures are kept: a question's, a measure's, or `table.column`.

use super::rule::RuleType;
use super::schema::{AddUp, Benchmark, Form, Kind, Measure, Question, Section, Target, Words};

/// A figure that a form can give.
#[derive(Debug, Clone)]
pub struct Named<'a> {
    /// Its id.
    pub id: String,
    /// The section it is asked or worked out in.
    pub section: &'a Section,
    /// The table it is a column or a measure of.
    pub table: Option<&'a Question>,
    /// What it is.
    pub of: NamedOf<'a>,
    /// How it adds up across providers; none means listed. A measure follows its two questions where they agree.
    pub over_providers: Option<AddUp>,
    /// How it adds up over time.
    pub over_time: Option<AddUp>,
}

/// What a named figure is.
#[derive(Debug, Clone, Copy)]
pub enum NamedOf<'a> {
    /// A question, or a column.
    Question(&'a Question),
    /// A measure.
    Measure(&'a Measure),
}

impl<'a> Named<'a> {
    /// What it is called.
    pub fn label(&self) -> &'a Words {
        match self.of {
            NamedOf::Question(question) => &question.label,
            NamedOf::Measure(measure) => &measure.title,
        }
    }

    /// What was promised.
    pub fn target(&self) -> Option<&'a Target> {
        match self.of {
            NamedOf::Question(question) => question.target.as_ref(),
            NamedOf::Measure(measure) => measure.target.as_ref(),
        }
    }

    /// What others reach.
    pub fn benchmark(&self) -> Option<&'a Benchmark> {
        match self.of {
            NamedOf::Question(question) => question.benchmark.as_ref(),
            NamedOf::Measure(measure) => measure.benchmark.as_ref(),
        }
    }

    /// Where it started.
    pub fn baseline(&self) -> Option<&'a Benchmark> {
        match self.of {
            NamedOf::Question(question) => question.baseline.as_ref(),
            NamedOf::Measure(measure) => measure.baseline.as_ref(),
        }
    }
}

impl Kind {
    /// Whether its answers are figures.
    pub fn is_figure(&self) -> bool {
        match self {
            Self::Money { .. }
            | Self::Count { .. }
            | Self::Percent { .. }
            | Self::Decimal { .. }
            | Self::Range { .. }
            | Self::Ratio { .. }
            | Self::Split { .. } => true,
            Self::Calculated { value, .. } => matches!(value.kind(), RuleType::Number | RuleType::Money),
            Self::Text { .. }
            | Self::Narrative { .. }
            | Self::Date
            | Self::YesNo
            | Self::Choice { .. }
            | Self::Choices { .. }
            | Self::Priority { .. }
            | Self::Contact
            | Self::Table(_)
            | Self::File { .. }
            | Self::Declaration { .. } => false,
        }
    }

    /// Whether it counts people, so that small numbers are held back from what is published.
    pub fn counts_people(&self) -> bool {
        matches!(
            self,
            Self::Count { people: true } | Self::Range { people: true } | Self::Ratio { people: true, .. }
        )
    }
}

impl Form {
    /// The section, the table's question and the column, for `table.column`.
    pub fn column(&self, name: &str) -> Option<(&Section, &Question, &Question)> {
        let (table, column) = name.split_once('.')?;
        let (section, question) = self.question(table)?;
        let Kind::Table(table) = &question.kind else {
            return None;
        };
        let column = table.columns.iter().find(|other| other.id == column)?;
        Some((section, question, column))
    }

    /// The measure with this id.
    pub fn measure(&self, id: &str) -> Option<&Measure> {
        self.measures.iter().find(|measure| measure.id == id)
    }

    /// Every figure that the form can give: for each section its questions, with the columns and measures of a table after
    /// it, and then the section's measures.
    pub fn measures_named(&self) -> impl Iterator<Item = Named<'_>> {
        self.sections.iter().flat_map(move |section| {
            let asked = section.questions.iter().flat_map(move |question| match &question.kind {
                Kind::Table(table) => {
                    let columns = table.columns.iter().filter(|column| column.kind.is_figure());
                    let columns = columns.map(|column| {
                        let id = format!("{}.{}", question.id, column.id);
                        asked(id, section, Some(question), column)
                    });
                    columns.chain(self.measured(section, Some(question))).collect()
                }
                kind if kind.is_figure() => vec![asked(question.id.clone(), section, None, question)],
                _ => Vec::new(),
            });
            asked.chain(self.measured(section, None))
        })
    }

    /// The measures of a section, or of a table in it.
    fn measured<'a>(&'a self, section: &'a Section, table: Option<&'a Question>) -> Vec<Named<'a>> {
        let id = table.map(|table| table.id.as_str());
        let here = |measure: &&Measure| measure.section == section.id && measure.table.as_deref() == id;
        let found = self.measures.iter().filter(here);
        found.map(|measure| self.worked_out(measure, section, table)).collect()
    }

    fn worked_out<'a>(&'a self, measure: &'a Measure, section: &'a Section, table: Option<&'a Question>) -> Named<'a> {
        let part = |id: &str| match table {
            Some(table) => self.column(&format!("{}.{id}", table.id)).map(|(.., column)| column),
            None => self.question(id).map(|(_, question)| question),
        };
        let parts = [part(&measure.of), part(&measure.per)];
        let agreed = |way: fn(&Question) -> Option<AddUp>| {
            let [of, per] = parts.map(|question| question.and_then(way));
            of.filter(|_| of == per)
        };
        Named {
            id: measure.id.clone(),
            section,
            table,
            of: NamedOf::Measure(measure),
            over_providers: agreed(|question| question.over_providers),
            over_time: agreed(|question| question.over_time),
        }
    }
}

fn asked<'a>(id: String, section: &'a Section, table: Option<&'a Question>, question: &'a Question) -> Named<'a> {
    Named {
        id,
        section,
        table,
        of: NamedOf::Question(question),
        over_providers: question.over_providers,
        over_time: question.over_time,
    }
}
