//! gather: the queries of one paper, so many for each of its forms and none for each of its returns.
//!
//! Invariant: everything is read through one connection, and of the figures those that the report names, and what they
//! are made of.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use chrono::NaiveDate;
use countersign_domain::answers::format::date;
use countersign_domain::calendar::local_date;
use countersign_domain::form::schema::{Each, Form, OwedBy, Question};
use countersign_domain::form::uses::columns;
use countersign_domain::ids::{FundId, PersonId, ReturnId};
use countersign_domain::period::Period;
use countersign_domain::register::Virement;
use countersign_domain::returns::{Act, RowDecision};
use countersign_domain::workflow::State;

use super::behind::{behind, beneath_of};
use super::index::{ByReturn, Places};
use super::kept::kept;
use super::{Asked, Brief, Cleared, Datum, Held, Material, Retold, When, Windows};
use crate::service::report::across::Funds;
use crate::service::report::frozen::Frozen;
use crate::service::report::people;
use crate::service::{Deps, ServiceError};
use crate::store::figures::FigureRow;
use crate::store::{Connection, figures, gathered, papers, register, signatures};

/// Functions that read what was answered in words.
const READS_DOCUMENTS: [&str; 9] = [
    "answers",
    "section",
    "findings",
    "reconciliation",
    "decisions",
    "stories",
    "attachments",
    "checklist",
    "has",
];

/// Gathers what a paper of this report, fund and window needs. `provisional`: submitted figures that are not signed, too.
pub(in crate::service) async fn gather(
    deps: &Deps,
    fund: FundId,
    brief: Brief,
    (window, today): (Period, NaiveDate),
    cleared: &[Cleared],
    provisional: bool,
) -> Result<Material, ServiceError> {
    let read = deps.store.read();
    let funds = Funds::of(&read, fund, brief.across).await?;
    let windows = Windows::new(window);
    let returns = returns(deps, &read, (&funds, &brief), windows, provisional).await?;
    let forms = forms(deps, &read, &brief, &returns).await?;
    let ids: Vec<String> = forms.keys().cloned().collect();
    let asked = with_parts(Asked::of(&brief.source, &ids), &forms);
    let data = data(&read, &returns, &asked).await?;
    let documents = documents(&read, &returns, windows, &brief, &asked).await?;
    let behind = behind(deps, &read, &returns, &asked).await?;
    let of_now: Vec<ReturnId> = in_window(&returns, windows).map(|held| held.ret.id).collect();
    let kept = kept(&read, &funds).await?;
    let decisions = match asked.calls(&["decisions"]) {
        true => gathered::decisions_of_all(&read, &of_now).await?,
        false => Vec::new(),
    };
    let acts = gathered::acts_of_all(&read, &of_now, &["reopen", "excuse", "accept"]).await?;
    let retold = retold(&read, &returns, windows, &asked).await?;
    let extended = match asked.calls(&["on_time"]) {
        true => gathered::extended(&read, &of_now).await?.into_iter().collect(),
        false => HashMap::new(),
    };
    let signatures = match asked.calls(&["signatures"]) {
        true => signatures::signatures_of_all(&read, &of_now).await?,
        false => Vec::new(),
    };
    let mut material = Material {
        places: Places::of(&kept.grants, &kept.allocations, &returns),
        people: people_named(&read, &kept.virements, &decisions, &acts).await?,
        signatures_by: ByReturn::of(signatures.iter().map(|signature| signature.return_id)),
        signatures,
        acts_by: ByReturn::of(acts.iter().map(|act| act.return_id)),
        acts,
        grants: kept.grants,
        allocations: kept.allocations,
        lines: kept.lines,
        providers: kept.providers,
        offices: kept.offices,
        brief,
        asked,
        fund: funds.own,
        others: funds.others,
        windows,
        today,
        forms,
        returns,
        data,
        by_measure: HashMap::new(),
        by_return: HashMap::new(),
        by_reference: HashMap::new(),
        behind,
        documents,
        virements: kept.virements,
        decisions,
        cleared: cleared.iter().cloned().collect(),
        extended,
        retold,
        restated: HashSet::new(),
        rows: HashMap::new(),
    };
    material.index();
    Ok(material)
}

fn in_window(returns: &[Held], windows: Windows) -> impl Iterator<Item = &Held> {
    let now = returns.iter();
    now.filter(move |held| super::lies_in(held.ret.period, windows.now))
}

/// The returns of the paper's own window, and of those that it is compared with.
async fn returns(
    deps: &Deps,
    read: &impl Connection,
    (funds, brief): (&Funds, &Brief),
    windows: Windows,
    provisional: bool,
) -> Result<Vec<Held>, ServiceError> {
    let words = Asked::of(&brief.source, &brief.forms);
    let (mut all, mut known): (Vec<Held>, HashSet<ReturnId>) = Default::default();
    for (when, word) in [
        (When::Now, None),
        (When::Previous, Some("previous")),
        (When::YearBefore, Some("year-before")),
    ] {
        let Some(within) = windows.of(when).filter(|_| word.is_none_or(|word| words.says(word))) else {
            continue;
        };
        let mut found = Vec::new();
        for fund in funds.all() {
            found.extend(gathered::returns_within(read, fund.id, &brief.forms, within).await?);
        }
        for ret in found {
            if !known.insert(ret.id) {
                continue;
            }
            let form = deps.forms.version(read, &ret.form, ret.form_version).await?;
            let submitted = matches!(ret.state, State::InReview(_) | State::InSignOff(_));
            let waiting = Some(ret.revision).filter(|_| provisional && submitted && ret.revision > 0);
            all.push(Held {
                told: ret.signed_revision.or(waiting),
                provisional: ret.signed_revision.is_none() && waiting.is_some(),
                form,
                ret,
            });
        }
    }
    Ok(all)
}

/// Each form of the report: in the latest version that a return has, else in the latest that was published.
async fn forms(
    deps: &Deps,
    read: &impl Connection,
    brief: &Brief,
    returns: &[Held],
) -> Result<BTreeMap<String, Arc<Form>>, ServiceError> {
    let mut forms: BTreeMap<String, Arc<Form>> = BTreeMap::new();
    for held in returns {
        let known = forms.entry(held.ret.form.clone()).or_insert_with(|| held.form.clone());
        if known.version < held.form.version {
            *known = held.form.clone();
        }
    }
    for id in &brief.forms {
        if !forms.contains_key(id)
            && let Some(latest) = deps.forms.latest(read, id).await?
        {
            forms.insert(id.clone(), latest);
        }
    }
    Ok(forms)
}

/// Adds what the named figures are made of: the parts of a measure, the counts of people under a calculation, the
/// columns of a table, the questions of a section, and the books where the report reconciles.
fn with_parts(mut asked: Asked, forms: &BTreeMap<String, Arc<Form>>) -> Asked {
    let reconciles = asked.calls(&["reconciliation"]);
    let mut beneath: Vec<(String, String)> = Vec::new();
    for (id, form) in forms {
        let named: Vec<String> = asked.named.get(id).into_iter().flatten().cloned().collect();
        let mut more: BTreeSet<String> = BTreeSet::new();
        for name in &named {
            if let Some((_, question)) = form.question(name) {
                more.extend(of_question(question));
            }
            if let Some(section) = form.section(name) {
                more.extend(section.questions.iter().flat_map(of_question));
            }
        }
        if reconciles && form.owed_by == OwedBy::Grant {
            // What becomes of money that is in no allocation is asked of the grant as a whole.
            let whole = form.sections.iter().filter(|section| section.each == Each::Whole);
            more.extend(
                whole
                    .flat_map(|section| &section.questions)
                    .map(|question| question.id.clone()),
            );
        }
        if reconciles {
            let money = form.sections.iter().flat_map(|section| &section.questions);
            more.extend(money.flat_map(|question| {
                let own = question.money_is.map(|_| question.id.clone());
                let of = columns(question).iter().filter(|column| column.money_is.is_some());
                own.into_iter()
                    .chain(of.map(|column| format!("{}.{}", question.id, column.id)))
            }));
        }
        let of_tables = form.measures.iter().filter(|measure| {
            let table = measure.table.as_ref();
            table.is_some_and(|table| named.contains(table)) || named.contains(&measure.section)
        });
        more.extend(of_tables.map(|measure| measure.id.clone()));
        more.extend(named);
        let under: Vec<String> = more.iter().flat_map(|name| people::under(form, name)).collect();
        more.extend(under);
        for (of, measure) in more.iter().filter_map(|name| beneath_of(form, name)) {
            beneath.push((of.to_owned(), measure.to_owned()));
        }
        for name in more {
            asked.name(id, &name);
        }
    }
    // What the figures of people are filled from, where the report reads those returns too.
    for (id, measure) in beneath {
        if let Some(form) = forms.get(&id) {
            let under = people::under(form, &measure);
            for name in under.into_iter().chain([measure]) {
                asked.name(&id, &name);
            }
        }
    }
    asked
}

fn of_question(question: &Question) -> impl Iterator<Item = String> {
    let of = columns(question).iter();
    std::iter::once(question.id.clone()).chain(of.map(|column| format!("{}.{}", question.id, column.id)))
}

async fn data(read: &impl Connection, returns: &[Held], asked: &Asked) -> Result<Vec<Datum>, ServiceError> {
    let places: HashMap<ReturnId, usize> = returns.iter().enumerate().map(|(at, held)| (held.ret.id, at)).collect();
    let mut data = Vec::new();
    for (form, measures) in &asked.named {
        let measures: Vec<&str> = measures.iter().map(String::as_str).collect();
        let of_form = |held: &&Held| held.ret.form == *form;
        let signed: Vec<ReturnId> = returns
            .iter()
            .filter(of_form)
            .filter(|held| held.told.is_some() && !held.provisional)
            .map(|held| held.ret.id)
            .collect();
        let waiting: Vec<(ReturnId, u32)> = returns
            .iter()
            .filter(of_form)
            .filter(|held| held.provisional)
            .filter_map(|held| Some((held.ret.id, held.told?)))
            .collect();
        let mut rows: Vec<FigureRow> = figures::signed_of(read, &signed, Some(&measures)).await?;
        rows.extend(figures::of_revisions(read, &waiting, Some(&measures)).await?);
        data.extend(rows.into_iter().filter_map(|row| {
            let held = *places.get(&row.return_id)?;
            Some(Datum { at: 0, held, row })
        }));
    }
    Ok(data)
}

/// The documents of the window's revisions, of the forms whose words are read.
async fn documents(
    read: &impl Connection,
    returns: &[Held],
    windows: Windows,
    brief: &Brief,
    asked: &Asked,
) -> Result<HashMap<ReturnId, Frozen>, ServiceError> {
    let all = asked.calls(&["findings", "reconciliation"]) || brief.explain.is_some();
    if !all && !asked.calls(&READS_DOCUMENTS) && !asked.says("row") {
        return Ok(HashMap::new());
    }
    let wanted: Vec<(ReturnId, u32)> = in_window(returns, windows)
        .filter(|held| all || asked.named.contains_key(&held.ret.form))
        .filter_map(|held| Some((held.ret.id, held.told?)))
        .collect();
    let mut documents = HashMap::new();
    for revision in gathered::revisions_of_all(read, &wanted).await? {
        documents.insert(revision.return_id, Frozen::of(&revision)?);
    }
    Ok(documents)
}

/// The figures of the revisions that the last papers told of the window's returns, where another has been signed since.
async fn retold(
    read: &impl Connection,
    returns: &[Held],
    windows: Windows,
    asked: &Asked,
) -> Result<Vec<Retold>, ServiceError> {
    let corrected: HashMap<ReturnId, (usize, u32)> = returns
        .iter()
        .enumerate()
        .filter(|(_, held)| super::lies_in(held.ret.period, windows.now))
        .filter_map(|(at, held)| {
            Some((
                held.ret.id,
                (at, held.ret.signed_revision.filter(|number| *number > 1)?),
            ))
        })
        .collect();
    let ids: Vec<ReturnId> = corrected.keys().copied().collect();
    let mut all = Vec::new();
    let mut wanted: Vec<(ReturnId, u32)> = Vec::new();
    for told in papers::last_told(read, &ids).await? {
        let Some((held, signed)) = corrected.get(&told.return_id) else {
            continue;
        };
        if told.revision < *signed {
            wanted.push((told.return_id, told.revision));
            all.push(Retold {
                held: *held,
                paper: format!(
                    "{}, edition {}, published on {}",
                    told.edition.period.label(),
                    told.edition.number,
                    date(local_date(told.edition.published_at))
                ),
                figures: Vec::new(),
            });
        }
    }
    for row in figures::of_revisions(read, &wanted, None).await? {
        let form = corrected.get(&row.return_id).map(|(at, _)| &returns[*at].ret.form);
        let named = form.and_then(|form| asked.named.get(form));
        if named.is_none_or(|named| !named.contains(&row.figure.measure)) {
            continue;
        }
        if let Some(retold) = all
            .iter_mut()
            .find(|retold| returns[retold.held].ret.id == row.return_id)
        {
            retold.figures.push(row);
        }
    }
    Ok(all)
}

/// Names of the few who decided, recorded and accepted.
async fn people_named(
    read: &impl Connection,
    virements: &[Virement],
    decisions: &[RowDecision],
    acts: &[Act],
) -> Result<HashMap<PersonId, String>, ServiceError> {
    let recorded = virements.iter().map(|virement| virement.recorded_by);
    let approved = virements
        .iter()
        .filter_map(|virement| Some(virement.decision.as_ref()?.by));
    let decided = decisions.iter().map(|decision| decision.by);
    let accepted = acts.iter().filter(|act| act.action == "accept");
    let accepted = accepted.filter_map(|act| act.person);
    let named: BTreeSet<PersonId> = recorded.chain(approved).chain(decided).chain(accepted).collect();
    let mut names = HashMap::new();
    for id in named {
        names.insert(id, register::get_person(read, id).await?.name);
    }
    Ok(names)
}
