//! The measures of a fund that have a target, and whether it was reached.
//!
//! Invariant: a figure that must not be added up is judged project by project, and never as a whole.

use std::collections::{BTreeMap, HashMap};

use countersign_domain::answers::types::{Figure, FigureValue};
use countersign_domain::answers::{format, target_reached};
use countersign_domain::document::Source;
use countersign_domain::form::rule::RuleType;
use countersign_domain::form::schema::{Form, Kind, Target};
use countersign_domain::form::{Named, NamedOf};
use countersign_domain::ids::AllocationId;
use countersign_domain::measure::{Rules, Sum};
use countersign_domain::period::Period;

use super::super::super::ServiceError;
use super::Facts;
use super::given::{Given, Measured, given, together};
use crate::store::Connection;

/// A measure that has a target.
#[derive(Debug, Clone)]
pub struct Goal {
    /// What it is called.
    pub label: String,
    /// The form's title.
    pub form_title: String,
    /// What was promised, in words.
    pub target: String,
    /// The figure of all projects together; none while nothing is signed, or where it is listed.
    pub whole: Option<Reached>,
    /// How many projects have a figure.
    pub projects: usize,
    /// The projects of which it is otherwise than of the whole; all that have a figure where there is no whole.
    pub otherwise: Vec<(String, Reached)>,
}

/// A figure held against its target.
#[derive(Debug, Clone)]
pub struct Reached {
    /// The figure as people read it.
    pub shown: String,
    /// Whether it reaches the target; none when nobody can say.
    pub reached: Option<bool>,
    /// The signed figures under it.
    pub from: Source,
}

/// A measure with its target, and what is needed to judge it.
struct Judge<'a> {
    facts: &'a Facts,
    form: &'a Form,
    named: Named<'a>,
    target: &'a Target,
    window: Period,
    rules: Rules,
}

/// The measures with a target of every form of the year, in the order of the forms.
pub(super) async fn of(conn: &impl Connection, facts: &Facts) -> Result<Vec<Goal>, ServiceError> {
    let mut goals = Vec::new();
    for (form, window) in &facts.forms {
        for named in form.measures_named() {
            let Some(target) = named.target() else { continue };
            let judge = Judge {
                facts,
                form,
                target,
                window: *window,
                rules: Rules {
                    over_time: named.over_time,
                    over_providers: named.over_providers,
                },
                named,
            };
            let measured = Measured {
                fund: facts.fund,
                form: &form.id,
                measure: &judge.named.id,
                window: *window,
            };
            let given = given(conn, measured, judge.rules, false).await?;
            goals.push(judge.goal(&given));
        }
    }
    Ok(goals)
}

impl Judge<'_> {
    fn goal(&self, given: &[Given]) -> Goal {
        let mut projects: BTreeMap<AllocationId, Vec<&Given>> = BTreeMap::new();
        for one in given {
            if let Some(allocation) = one.allocation {
                projects.entry(allocation).or_default().push(one);
            }
        }
        let whole = self.reached(&together(given, self.rules), None);
        let verdict = whole.as_ref().map(|whole| whole.reached);
        let titles: HashMap<AllocationId, &str> = self
            .facts
            .allocations
            .iter()
            .map(|known| (known.id, known.title.as_str()))
            .collect();
        let each = projects.iter().filter_map(|(allocation, given)| {
            let reached = self.reached(&together(given.iter().copied(), self.rules), Some(*allocation))?;
            Some(((*titles.get(allocation)?).to_owned(), reached))
        });
        let each: Vec<(String, Reached)> = each.collect();
        let example = given.iter().find_map(|one| one.value);
        Goal {
            label: self.named.label().en.clone(),
            form_title: self.form.title.en.clone(),
            target: format::target(self.target, &example.unwrap_or(self.unit())),
            projects: each.len(),
            otherwise: each
                .into_iter()
                .filter(|(_, reached)| verdict.is_none_or(|whole| whole != reached.reached))
                .collect(),
            whole,
        }
    }

    /// A figure in the unit of the measure, so that its target has words before anything is signed.
    fn unit(&self) -> FigureValue {
        match self.named.of {
            NamedOf::Measure(_) => FigureValue::NotApplicable,
            NamedOf::Question(question) => match &question.kind {
                Kind::Money { .. } | Kind::Split { .. } => FigureValue::Money { pence: 0 },
                Kind::Calculated { value, .. } if value.kind() == RuleType::Money => FigureValue::Money { pence: 0 },
                Kind::Percent { .. } | Kind::Ratio { .. } => FigureValue::NotApplicable,
                _ => FigureValue::Count { count: 0 },
            },
        }
    }

    /// None when there is no figure, or none that may be added up.
    fn reached(&self, sum: &Sum, allocation: Option<AllocationId>) -> Option<Reached> {
        let value = sum.value.filter(|value| *value != FigureValue::Blank)?;
        let figure = Figure {
            measure: self.named.id.clone(),
            allocation: None,
            row: None,
            value,
            approximately: sum.approximately,
        };
        Some(Reached {
            shown: format::figure_of(self.form, &figure),
            reached: target_reached(self.target, &value),
            from: Source {
                fund: self.facts.fund,
                other_funds: Vec::new(),
                form: self.form.id.clone(),
                measure: self.named.id.clone(),
                within: self.window,
                ret: None,
                grant: None,
                allocations: allocation.into_iter().collect(),
                provider: None,
                row: None,
            },
        })
    }
}
