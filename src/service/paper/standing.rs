//! Which returns a paper is made from, and which of them are not in.
//!
//! Invariant: an excused return is named and not counted as missing; those that are signed are counted and not read.

use std::collections::{BTreeSet, HashMap};

use countersign_domain::form::schema::Form;
use countersign_domain::ids::OrganisationId;
use countersign_domain::report::Report;
use countersign_domain::returns::Return;
use countersign_domain::workflow::State;

use crate::service::report::across::Funds;
use crate::service::{Deps, ServiceError};
use crate::store::{Connection, gathered, register};

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

/// The standing of these returns.
pub(super) async fn standing(
    deps: &Deps,
    conn: &impl Connection,
    report: &Report,
    paper: &countersign_domain::paper::Paper,
) -> Result<Standing, ServiceError> {
    let mut standing = Standing::default();
    let mut others: Vec<Return> = Vec::new();
    for fund in Funds::of(conn, paper.fund, report.across).await?.all() {
        let signed = gathered::signed_within(conn, fund.id, &report.forms, paper.period).await?;
        standing.signed += usize::try_from(signed).map_err(ServiceError::internal)?;
        others.extend(gathered::unsigned_within(conn, fund.id, &report.forms, paper.period).await?);
    }
    let owing: BTreeSet<OrganisationId> = others.iter().map(|ret| ret.organisation).collect();
    let providers = register::organisations_named(conn, &owing).await?;
    let providers: HashMap<OrganisationId, String> = providers.into_iter().map(|one| (one.id, one.name)).collect();
    for ret in &others {
        let form = deps.forms.version(conn, &ret.form, ret.form_version).await?;
        let provider = providers.get(&ret.organisation).map_or("", String::as_str);
        let words = in_words(provider, &form, ret);
        match ret.state {
            State::Excused => standing.excused.push(words),
            _ => standing.missing.push(words),
        }
    }
    standing.expected = standing.signed + standing.missing.len();
    Ok(standing)
}

fn in_words(provider: &str, form: &Form, ret: &Return) -> String {
    let period = form.schedule.period_label(ret.period);
    format!("{provider}: {}, {period} ({})", form.title.en, ret.reference)
}
