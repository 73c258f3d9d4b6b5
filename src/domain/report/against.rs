//! A report held against the forms that it is about.
//!
//! Invariant: what passes names nothing of a form that is not there, and travels no further than its forms may.

use super::names::{Part, find, who};
use super::{Report, ReportProblem};
use crate::form::rule::did_you_mean;
use crate::form::schema::Form;

/// What is wrong with the head of a report, with the forms known: forms that are not there, an audience wider than a
/// form's, figures that no form gives. In the order of the file; none when all is well.
///
/// `forms` are those that there are, each once.
pub fn check_against(report: &Report, forms: &[&Form]) -> Vec<ReportProblem> {
    let mut problems = Vec::new();
    for (id, at) in report.forms.iter().zip(&report.forms_at) {
        let Some(form) = forms.iter().find(|form| form.id == *id) else {
            let meant = did_you_mean(id, forms.iter().map(|form| form.id.as_str()));
            problems.push(ReportProblem::new(*at, format!("There is no form `{id}`."), meant));
            continue;
        };
        if report.audience > form.audience {
            let message = format!(
                "This report is for {}, and the figures of `{id}` are for {}.",
                who(report.audience),
                who(form.audience)
            );
            let help = "Narrow `audience`, or leave the form out.";
            problems.push(ReportProblem::new(report.audience_at, message, help));
        }
    }
    for figure in &report.figures {
        if let Err(wrong) = find(Part::Measure, &figure.of, report, forms) {
            problems.push(ReportProblem::new(figure.at, wrong.message, wrong.help));
        }
    }
    problems.sort();
    problems
}
