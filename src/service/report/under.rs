//! What is under a number: the signed figures that it adds up, each with its return, its revision and who signed it.
//!
//! Invariant: shown to officers of its fund alone, and of several funds to those who hold an office in each; each figure is named by the words that its revision froze, and its answer is
//! shown as it was typed.

mod typed;

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use countersign_domain::answers::format;
use countersign_domain::document::Source;
use countersign_domain::form::schema::{AddUp, Form};
use countersign_domain::ids::{FundId, GrantId, OrganisationId, ReturnId};
use countersign_domain::paper::Input;
use countersign_domain::returns::{Revision, Signature};
use serde_json::Value;

use super::super::{Deps, Officer, ServiceError};
use super::frozen::Frozen;
use super::measured::in_general;
use super::names::Names;
use crate::store::figures::FigureRow;
use crate::store::{Connection, Page, figures, register, returns, revisions, signatures};
use typed::typed_of;

/// The figures of one page.
pub const PER_PAGE: u64 = 50;

/// The figures under a number, one page of them.
#[derive(Debug, Clone)]
pub struct Under {
    /// The titles of the funds, in the order of the question.
    pub funds: Vec<String>,
    /// The form's title.
    pub form_title: String,
    /// What the figures are called; none of a measure that the form no longer has.
    pub label: Option<String>,
    /// How they are added up, over time and then across projects, in words.
    pub adds_up: &'static str,
    /// Those of the page, by period.
    pub lines: Vec<UnderLine>,
    /// How many there are on all pages.
    pub total: u64,
    /// Which page it is, from 1.
    pub page: u64,
    /// How many pages there are, at least 1.
    pub pages: u64,
}

/// One signed figure.
#[derive(Debug, Clone)]
pub struct UnderLine {
    /// The return.
    pub return_id: ReturnId,
    /// What people quote.
    pub reference: String,
    /// Who delivers what it is of, or owes the return.
    pub provider: String,
    /// The grant's title.
    pub grant: String,
    /// The fund's title, where the number is of several.
    pub fund: Option<String>,
    /// For what it stands: a project, a row, the whole.
    pub of: String,
    /// The period in words.
    pub period: String,
    /// The revision that it was signed in.
    pub revision: u32,
    /// The figure as people read it.
    pub shown: String,
    /// The answer as it was typed; none of what was worked out or filled in.
    pub typed: Option<String>,
    /// Who signed that revision, in order.
    pub signed: Vec<Signature>,
}

/// The signed figures under a number. A page past the end is the last one. With `pinned`, those of the revisions that an
/// edition of a paper was made from, whatever has been signed since.
///
/// # Errors
/// [`ServiceError::NotFound`] for whoever holds no office of one of its funds, and for a form that was never published.
pub async fn under(
    deps: &Deps,
    officer: &Officer,
    source: &Source,
    page: u64,
    pinned: Option<&[Input]>,
) -> Result<Under, ServiceError> {
    for fund in source.funds() {
        officer.within(fund)?;
    }
    let read = deps.store.read();
    let latest = deps
        .forms
        .latest(&read, &source.form)
        .await?
        .ok_or(ServiceError::NotFound)?;
    let at = |page: u64| Page {
        from: (page - 1) * PER_PAGE,
        size: PER_PAGE,
    };
    let mut page = page.clamp(1, u64::from(u32::MAX));
    let (mut rows, total) = rows_under(&read, source, at(page), pinned).await?;
    let pages = total.div_ceil(PER_PAGE).max(1);
    if page > pages {
        page = pages;
        (rows, _) = rows_under(&read, source, at(page), pinned).await?;
    }
    let mut funds = Vec::new();
    for fund in source.funds() {
        funds.push((fund, register::get_fund(&read, fund).await?.title));
    }
    let named = latest.measures_named().find(|named| named.id == source.measure);
    let fund_title = funds.first().map_or("", |(_, title)| title.as_str());
    let label = |words| in_general(words, fund_title, &source.within.label());
    Ok(Under {
        form_title: latest.title.en.clone(),
        label: named.as_ref().map(|named| label(named.label())),
        adds_up: named.map_or(LISTED, |named| adds_up(named.over_time, named.over_providers)),
        lines: lines(deps, &read, rows, &funds).await?,
        funds: funds.into_iter().map(|(_, title)| title).collect(),
        total,
        page,
        pages,
    })
}

/// One page of the figures, and how many there are.
async fn rows_under(
    conn: &impl Connection,
    source: &Source,
    page: Page,
    pinned: Option<&[Input]>,
) -> Result<(Vec<FigureRow>, u64), ServiceError> {
    let Some(inputs) = pinned else {
        return Ok(figures::traced(conn, source, page).await?);
    };
    let told: Vec<(ReturnId, u32)> = inputs.iter().map(|input| (input.return_id, input.revision)).collect();
    let all = figures::of_revisions(conn, &told, Some(&[source.measure.as_str()])).await?;
    let mut under: Vec<FigureRow> = all.into_iter().filter(|row| is_under(source, row)).collect();
    under.sort_by(|one, next| order(one).cmp(&order(next)));
    let total = under.len() as u64;
    let (from, size) = (usize::try_from(page.from), usize::try_from(page.size));
    let some = under.into_iter().skip(from.unwrap_or(usize::MAX));
    Ok((some.take(size.unwrap_or(usize::MAX)).collect(), total))
}

fn order(row: &FigureRow) -> impl Ord {
    (
        row.period.start(),
        row.return_id,
        row.figure.allocation.clone(),
        row.figure.row.clone(),
    )
}

/// Whether a figure is one of those that a number adds up: as [`figures::traced`] asks the database.
fn is_under(source: &Source, row: &FigureRow) -> bool {
    let wanted = source.row.as_deref();
    source.funds().any(|fund| fund == row.fund)
        && row.form == source.form
        && source.within.start() <= row.period.start()
        && row.period.end() <= source.within.end()
        && source.ret.is_none_or(|ret| ret == row.return_id)
        && source.grant.is_none_or(|grant| grant == row.grant)
        && source.provider.is_none_or(|provider| provider == row.provider)
        && wanted.is_none_or(|wanted| row.figure.row.as_deref() == Some(wanted))
        && (source.allocations.is_empty() || row.allocation.is_some_and(|own| source.allocations.contains(&own)))
}

const LISTED: &str = "They are listed, and never added up.";

fn adds_up(over_time: Option<AddUp>, over_providers: Option<AddUp>) -> &'static str {
    match (over_time, over_providers) {
        (Some(AddUp::Sum), Some(AddUp::Sum)) => "They are added up over time and across projects.",
        (Some(AddUp::Last), Some(AddUp::Sum)) => {
            "The latest of each project counts, and those are added up across projects."
        }
        (Some(AddUp::Max), Some(AddUp::Sum)) => {
            "The largest of each project counts, and those are added up across projects."
        }
        (Some(AddUp::Sum), _) => "They are added up over time, each project for itself.",
        (Some(AddUp::Last), _) => "The latest of each project counts, each for itself.",
        (Some(AddUp::Max), _) => "The largest of each project counts, each for itself.",
        (Some(AddUp::List) | None, _) => LISTED,
    }
}

/// A return whose figures are on the page, as far as they need it.
struct Behind {
    reference: String,
    period: String,
    form: Arc<Form>,
    frozen: Frozen,
    document: Value,
    signed: Vec<Signature>,
}

async fn lines(
    deps: &Deps,
    conn: &impl Connection,
    rows: Vec<FigureRow>,
    funds: &[(FundId, String)],
) -> Result<Vec<UnderLine>, ServiceError> {
    let providers: BTreeSet<OrganisationId> = rows.iter().map(|row| row.provider).collect();
    let providers = register::organisations_named(conn, &providers).await?;
    let providers: HashMap<_, _> = providers.into_iter().map(|known| (known.id, known.name)).collect();
    let grants: BTreeSet<GrantId> = rows.iter().map(|row| row.grant).collect();
    let grants = register::grants_named(conn, &grants).await?;
    let grants: HashMap<_, _> = grants.into_iter().map(|known| (known.id, known.title)).collect();
    let mut behind: HashMap<(ReturnId, u32), Behind> = HashMap::new();
    for row in &rows {
        if let Entry::Vacant(missing) = behind.entry((row.return_id, row.revision)) {
            missing.insert(one(deps, conn, row.return_id, row.revision).await?);
        }
    }
    let names: HashMap<(ReturnId, u32), Names<'_>> = behind
        .iter()
        .map(|(key, of)| (*key, Names::new(&of.form, &of.frozen)))
        .collect();
    let line = |row: FigureRow| {
        let key = (row.return_id, row.revision);
        let (of, names) = (behind.get(&key)?, names.get(&key)?);
        let name = names.get(&row.figure);
        Some(UnderLine {
            return_id: row.return_id,
            reference: of.reference.clone(),
            provider: providers.get(&row.provider).cloned().unwrap_or_default(),
            grant: grants.get(&row.grant).cloned().unwrap_or_default(),
            fund: funds
                .iter()
                .find(|(fund, _)| funds.len() > 1 && *fund == row.fund)
                .map(|(_, title)| title.clone()),
            of: name.map_or_else(|| names.whole(), |name| name.told.clone()),
            period: of.period.clone(),
            revision: row.revision,
            shown: format::figure_of(&of.form, &row.figure),
            typed: typed_of(&of.form, &of.document, &row.figure),
            signed: of.signed.clone(),
        })
    };
    Ok(rows.into_iter().filter_map(line).collect())
}

async fn one(deps: &Deps, conn: &impl Connection, id: ReturnId, number: u32) -> Result<Behind, ServiceError> {
    let ret = returns::get_return(conn, id).await?;
    let revision: Revision = revisions::get_revision(conn, id, number).await?;
    let document: Value = serde_json::from_str(&revision.document).map_err(ServiceError::internal)?;
    // A correction may have moved the return to another version of its form: this revision keeps its own.
    let version = document["form"]["version"]
        .as_u64()
        .and_then(|version| u32::try_from(version).ok());
    let form = deps
        .forms
        .version(conn, &ret.form, version.unwrap_or(ret.form_version))
        .await?;
    let signed = signatures::signatures_of(conn, id).await?;
    Ok(Behind {
        reference: ret.reference,
        period: form.schedule.period_label(ret.period),
        form,
        frozen: Frozen::of(&revision)?,
        document,
        signed: signed
            .into_iter()
            .filter(|signature| signature.revision == number)
            .collect(),
    })
}
