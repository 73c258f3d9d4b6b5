//! What is under a number: the signed figures that it adds up, each with its return, its revision and who signed it.
//!
//! Invariant: shown to officers of the fund alone; each figure is named by the words that its revision froze, and its answer is
//! shown as it was typed.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use countersign_domain::answers::format;
use countersign_domain::answers::types::{DraftAnswer, Figure, Mark};
use countersign_domain::document::Source;
use countersign_domain::form::schema::{AddUp, Form};
use countersign_domain::ids::{GrantId, OrganisationId, ReturnId};
use countersign_domain::returns::{Revision, Signature};
use serde_json::Value;

use super::super::{Deps, Officer, ServiceError};
use super::frozen::Frozen;
use super::names::Names;
use crate::store::{Connection, Page, figures, register, returns, revisions, signatures};

/// The figures of one page.
pub const PER_PAGE: u64 = 50;

/// The figures under a number, one page of them.
#[derive(Debug, Clone)]
pub struct Under {
    /// The fund's title.
    pub fund_title: String,
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

/// The signed figures under a number. A page past the end is the last one.
///
/// # Errors
/// [`ServiceError::NotFound`] for whoever holds no office of the fund, and for a form that was never published.
pub async fn under(deps: &Deps, officer: &Officer, source: &Source, page: u64) -> Result<Under, ServiceError> {
    officer.within(source.fund)?;
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
    let (mut rows, total) = figures::traced(&read, source, at(page)).await?;
    let pages = total.div_ceil(PER_PAGE).max(1);
    if page > pages {
        page = pages;
        (rows, _) = figures::traced(&read, source, at(page)).await?;
    }
    let named = latest.measures_named().find(|named| named.id == source.measure);
    Ok(Under {
        fund_title: register::get_fund(&read, source.fund).await?.title,
        form_title: latest.title.en.clone(),
        label: named.as_ref().map(|named| named.label().en.clone()),
        adds_up: named.map_or(LISTED, |named| adds_up(named.over_time, named.over_providers)),
        lines: lines(deps, &read, rows).await?,
        total,
        page,
        pages,
    })
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
    rows: Vec<figures::FigureRow>,
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
    let line = |row: figures::FigureRow| {
        let key = (row.return_id, row.revision);
        let (of, names) = (behind.get(&key)?, names.get(&key)?);
        let name = names.get(&row.figure);
        Some(UnderLine {
            return_id: row.return_id,
            reference: of.reference.clone(),
            provider: providers.get(&row.provider).cloned().unwrap_or_default(),
            grant: grants.get(&row.grant).cloned().unwrap_or_default(),
            of: name.map_or_else(|| names.whole(), |name| name.told.clone()),
            period: of.period.clone(),
            revision: row.revision,
            shown: format::figure_of(&of.form, &row.figure),
            typed: typed(&of.document, &row.figure),
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

/// The answer that a figure was read from, as it was typed.
fn typed(document: &Value, figure: &Figure) -> Option<String> {
    let (question, column) = match figure.measure.split_once('.') {
        Some((question, column)) => (question, Some(column)),
        None => (figure.measure.as_str(), None),
    };
    document["sections"].as_array()?.iter().find_map(|section| {
        if section["allocation"].as_str() != figure.allocation.as_deref() {
            return None;
        }
        let within = section["key"].as_str()?.split_once('/').map(|(_, subject)| subject);
        let row = match (within.filter(|_| figure.allocation.is_none()), figure.row.as_deref()) {
            (Some(within), Some(row)) if row == within => None,
            (Some(within), Some(row)) => Some(row.strip_prefix(within)?.strip_prefix('/')?),
            (Some(_), None) => return None,
            (None, row) => row,
        };
        let answers = section["answers"].as_array()?;
        let answer = answers
            .iter()
            .find(|answer| answer["question"].as_str() == Some(question))?;
        let typed: DraftAnswer = serde_json::from_value(answer["typed"].clone()).ok()?;
        match column {
            Some(column) => cell(&typed, &format!("{}.{column}", row?)),
            None => whole(&typed),
        }
    })
}

/// What was typed for a question, in one line for each field.
fn whole(typed: &DraftAnswer) -> Option<String> {
    match typed.mark {
        Mark::NotKnown => return Some("Not known yet".to_owned()),
        Mark::NotApplicable => return Some("Not applicable".to_owned()),
        Mark::Given => {}
    }
    let field = |name: &str| typed.fields.get(name).map(String::as_str).unwrap_or_default();
    let text = match (field("of"), field("per")) {
        ("", "") => typed.fields.values().map(String::as_str).collect::<Vec<_>>().join("\n"),
        (of, per) => format!("{of} of {per}"),
    };
    said(text, typed.approximately)
}

/// What was typed into a cell of a table.
fn cell(typed: &DraftAnswer, name: &str) -> Option<String> {
    let marked = |mark: &str| typed.fields.get(&format!("{name}~{mark}")).map(String::as_str);
    match marked("mark") {
        Some("not-known") => return Some("Not known yet".to_owned()),
        Some("not-applicable") => return Some("Not applicable".to_owned()),
        _ => {}
    }
    let part = |part: &str| typed.fields.get(&format!("{name}.{part}"));
    let text = match (typed.fields.get(name), part("of"), part("per")) {
        (Some(text), ..) => text.clone(),
        (None, Some(of), Some(per)) => format!("{of} of {per}"),
        _ => return None,
    };
    said(text, marked("approximately").is_some())
}

fn said(text: String, approximately: bool) -> Option<String> {
    let text = text.trim().to_owned();
    (!text.is_empty()).then(|| format::approximately(text, approximately))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn figure(measure: &str, allocation: Option<&str>, row: Option<&str>) -> Figure {
        Figure {
            measure: measure.to_owned(),
            allocation: allocation.map(str::to_owned),
            row: row.map(str::to_owned),
            value: countersign_domain::answers::types::FigureValue::Blank,
            approximately: false,
        }
    }

    fn answer(question: &str, fields: Value, approximately: bool) -> Value {
        json!({ "question": question, "typed": {
            "fields": fields, "approximately": approximately, "version": 1, "at": "2018-04-03T09:00:00Z",
            "by": "018f0000-0000-7000-8000-000000000001",
        }})
    }

    #[test]
    fn an_answer_is_found_where_it_was_typed() {
        let document = json!({ "sections": [
            { "key": "money", "allocation": null, "answers": [
                answer("spent", json!({ "value": " 7,000 " }), true),
                answer("lines", json!({ "gps.spent": "6400", "gps.spent~approximately": "yes", "vans.spent~mark": "not-known" }), false),
                { "question": "left", "typed": null },
            ]},
            { "key": "project/asb", "allocation": "asb", "answers": [answer("took_up", json!({ "of": "5", "per": "7" }), false)] },
            { "key": "group/young", "allocation": null, "answers": [
                answer("seen", json!({ "value": "12" }), false),
                answer("steps", json!({ "first.many": "9" }), false),
            ]},
        ]});
        let typed = |measure, allocation, row| typed(&document, &figure(measure, allocation, row));
        let said = |text: &str| Some(text.to_owned());
        assert_eq!(typed("spent", None, None), said("Approximately 7,000"));
        assert_eq!(typed("lines.spent", None, Some("gps")), said("Approximately 6400"));
        assert_eq!(typed("lines.spent", None, Some("vans")), said("Not known yet"));
        assert_eq!(typed("took_up", Some("asb"), None), said("5 of 7"));
        assert_eq!(typed("took_up", Some("other"), None), None);
        assert_eq!(typed("seen", None, Some("young")), said("12"));
        assert_eq!(typed("seen", None, Some("old")), None);
        assert_eq!(typed("steps.many", None, Some("young/first")), said("9"));
        assert_eq!(typed("left", None, None), None, "worked out");
    }
}
