//! Which returns a paper is made from, and which of them are not in.
//!
//! Invariant: an excused return is named and not counted as missing.

use std::collections::HashMap;

use countersign_domain::form::schema::Form;
use countersign_domain::ids::OrganisationId;
use countersign_domain::period::Period;
use countersign_domain::report::Report;
use countersign_domain::returns::Return;
use countersign_domain::workflow::State;

use crate::service::report::across::Funds;
use crate::service::{Deps, ServiceError};
use crate::store::{Connection, register, returns};

/// How far the returns of a paper are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// Returns with signed figures.
    pub signed: usize,
    /// Returns that are owed, without the excused ones.
    pub expected: usize,
    /// Who has not signed which, in words.
    pub missing: Vec<String>,
    /// Who was excused from which, in words.
    pub excused: Vec<String>,
}

/// Whether a return of this form and period is one that a paper of this report and period is about.
pub(super) fn is_of(report: &Report, within: Period, ret: &Return) -> bool {
    let form = report.forms.is_empty() || report.forms.contains(&ret.form);
    form && within.start() <= ret.period.start() && ret.period.end() <= within.end()
}

/// The standing of these returns.
pub(super) async fn standing(
    deps: &Deps,
    conn: &impl Connection,
    report: &Report,
    paper: &countersign_domain::paper::Paper,
) -> Result<Standing, ServiceError> {
    let mut all = Vec::new();
    let mut providers: HashMap<OrganisationId, String> = HashMap::new();
    for fund in Funds::of(conn, paper.fund, report.across).await?.all() {
        all.extend(returns::returns_of_fund(conn, fund.id).await?);
        let organisations = register::organisations_of_fund(conn, fund.id).await?;
        providers.extend(organisations.into_iter().map(|one| (one.id, one.name)));
    }
    let mut standing = Standing::default();
    for ret in all.iter().filter(|ret| is_of(report, paper.period, ret)) {
        let form = deps.forms.version(conn, &ret.form, ret.form_version).await?;
        let provider = providers.get(&ret.organisation).map_or("", String::as_str);
        let words = in_words(provider, &form, ret);
        match (&ret.state, ret.signed_revision) {
            (State::Excused, _) => standing.excused.push(words),
            (_, Some(_)) => {
                standing.expected += 1;
                standing.signed += 1;
            }
            (_, None) => {
                standing.expected += 1;
                standing.missing.push(words);
            }
        }
    }
    Ok(standing)
}

fn in_words(provider: &str, form: &Form, ret: &Return) -> String {
    let period = form.schedule.period_label(ret.period);
    format!("{provider}: {}, {period} ({})", form.title.en, ret.reference)
}
