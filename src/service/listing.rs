//! Returns in lists: the lines of the office's first page, and the list that every number about returns leads to.
//!
//! Invariant: a list is of one fund, of which the officer holds an office; what is read grows with the lines that are shown,
//! never with the fund.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use countersign_domain::form::schema::{Form, Stage};
use countersign_domain::ids::{FundId, GrantId, OrganisationId, ReturnId};
use countersign_domain::period::Period;
use countersign_domain::register::Fund;
use countersign_domain::returns::Return;
use countersign_domain::returns::standing::{Standing, Which};
use countersign_domain::workflow::{Action, State};

use super::facts::today;
use super::{Deps, Officer, ServiceError, chase};
use crate::store::standing::Wanted;
use crate::store::{Connection, Page, notices, register, returns, standing};

/// The lines of one page of a list.
pub const PER_PAGE: u64 = 50;

/// The act by which more time was given.
const EXTEND: &str = "extend";

/// A return in a list.
#[derive(Debug, Clone)]
pub struct ReturnLine {
    /// The return.
    pub ret: Return,
    /// Who owes it.
    pub provider: String,
    /// The grant's title.
    pub grant: String,
    /// The form's title.
    pub form_title: String,
    /// The period, in words.
    pub period: String,
    /// Days past its due date, if it is late.
    pub late_days: Option<i64>,
    /// Whether this officer can do the next thing.
    pub mine: bool,
    /// The last thing sent or noted to get it in.
    pub last_chase: Option<String>,
    /// Why it was excused, if it is.
    pub excused: Option<String>,
    /// From when its due date was moved, to when, and why; if it was.
    pub extended: Option<String>,
}

/// What a list is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// The fund.
    pub fund: FundId,
    /// Of one form only.
    pub form: Option<String>,
    /// Of one period only.
    pub period: Option<Period>,
    /// Of periods that end within this only.
    pub ends: Option<Period>,
    /// Of grants that run within this only, if only for a day, and of periods that end by its last day.
    pub running: Option<Period>,
    /// Which of those.
    pub which: Which,
    /// Words of which each stands in the reference, the provider's name, the project's title or the grant's.
    pub words: String,
    /// Which page, from 1.
    pub page: u64,
}

impl Asked {
    /// All of a fund's.
    pub fn all(fund: FundId) -> Asked {
        Asked {
            fund,
            form: None,
            period: None,
            ends: None,
            running: None,
            which: Which::All,
            words: String::new(),
            page: 1,
        }
    }

    /// As the store is asked.
    fn wanted(&self) -> Wanted {
        let words = self.words.split_whitespace().map(str::to_lowercase);
        Wanted {
            form: self.form.clone(),
            period: self.period,
            ends: self.ends,
            running: self.running,
            which: self.which,
            words: words.collect(),
        }
    }
}

/// One page of a list.
#[derive(Debug, Clone)]
pub struct ListPage {
    /// The fund.
    pub fund: Fund,
    /// The title of the form that was asked for.
    pub form_title: Option<String>,
    /// The period that was asked for, in words.
    pub period_words: Option<String>,
    /// The lines of the page.
    pub lines: Vec<ReturnLine>,
    /// How many there are on all pages.
    pub total: u64,
    /// Which page it is, from 1.
    pub page: u64,
    /// How many pages there are, at least 1.
    pub pages: u64,
}

/// The returns of a fund that are asked for, one page of them. A page past the end is the last one.
///
/// # Errors
/// [`ServiceError::NotFound`] for whoever holds no office of the fund, and for a form that was never published.
pub async fn list(deps: &Deps, officer: &Officer, asked: &Asked, now: DateTime<Utc>) -> Result<ListPage, ServiceError> {
    officer.within(asked.fund)?;
    let (read, today) = (deps.store.read(), today(now));
    let fund = register::get_fund(&read, asked.fund).await?;
    let form = match &asked.form {
        Some(id) => Some(deps.forms.latest(&read, id).await?.ok_or(ServiceError::NotFound)?),
        None => None,
    };
    let wanted = asked.wanted();
    let page_at = |page: u64| Page {
        from: (page - 1) * PER_PAGE,
        size: PER_PAGE,
    };
    let mut page = asked.page.clamp(1, u64::from(u32::MAX));
    let (mut rows, total) = standing::page(&read, asked.fund, &wanted, today, page_at(page)).await?;
    let pages = total.div_ceil(PER_PAGE).max(1);
    if page > pages {
        page = pages;
        (rows, _) = standing::page(&read, asked.fund, &wanted, today, page_at(page)).await?;
    }
    let period_words = asked.period.map(|period| match &form {
        Some(form) => form.schedule.period_label(period),
        None => period.label(),
    });
    Ok(ListPage {
        lines: lines(deps, &read, officer, rows, today).await?,
        fund,
        form_title: form.map(|form| form.title.en.clone()),
        period_words,
        total,
        page,
        pages,
    })
}

/// The first lines of a list, without its count.
pub async fn first(
    deps: &Deps,
    conn: &impl Connection,
    officer: &Officer,
    asked: &Asked,
    many: u64,
    today: NaiveDate,
) -> Result<Vec<ReturnLine>, ServiceError> {
    let page = Page { from: 0, size: many };
    let (rows, _) = standing::page(conn, asked.fund, &asked.wanted(), today, page).await?;
    lines(deps, conn, officer, rows, today).await
}

/// The lines of these returns of one fund, with what is to be said of each.
async fn lines(
    deps: &Deps,
    conn: &impl Connection,
    officer: &Officer,
    rows: Vec<Return>,
    today: NaiveDate,
) -> Result<Vec<ReturnLine>, ServiceError> {
    let ids: Vec<ReturnId> = rows.iter().map(|ret| ret.id).collect();
    let providers: BTreeSet<OrganisationId> = rows.iter().map(|ret| ret.organisation).collect();
    let providers: HashMap<OrganisationId, String> = register::organisations_named(conn, &providers)
        .await?
        .into_iter()
        .map(|organisation| (organisation.id, organisation.name))
        .collect();
    let grants: BTreeSet<GrantId> = rows.iter().map(|ret| ret.grant).collect();
    let grants: HashMap<GrantId, String> = register::grants_named(conn, &grants)
        .await?
        .into_iter()
        .map(|grant| (grant.id, grant.title))
        .collect();
    let mut chases = last_chases(conn, &ids).await?;
    let mut reasons = reasons(conn, &ids).await?;
    let mut lines = Vec::with_capacity(rows.len());
    for ret in rows {
        let form = deps.forms.version(conn, &ret.form, ret.form_version).await?;
        let offices = officer.offices_in(ret.fund);
        let excused = reasons.remove(&(ret.id, Action::Excuse.name()));
        lines.push(ReturnLine {
            provider: providers.get(&ret.organisation).cloned().unwrap_or_default(),
            grant: grants.get(&ret.grant).cloned().unwrap_or_default(),
            form_title: form.title.en.clone(),
            period: form.schedule.period_label(ret.period),
            late_days: ret.overdue_on(today).then(|| (today - ret.due_on).num_days()),
            mine: stage_of(&form, &ret.state).is_some_and(|stage| offices.contains(&stage.by)),
            last_chase: chases.remove(&ret.id),
            excused: excused.filter(|_| ret.state == State::Excused),
            extended: reasons.remove(&(ret.id, EXTEND)),
            ret,
        });
    }
    Ok(lines)
}

/// The stage in which a return stands.
pub fn stage_of<'a>(form: &'a Form, state: &State) -> Option<&'a Stage> {
    match state {
        State::InReview(at) | State::InSignOff(at) => form.stages.get(*at),
        State::Scheduled | State::Draft | State::SignedOff | State::Excused => None,
    }
}

/// Why each of these returns was last excused, and last given more time, where it was.
async fn reasons(
    conn: &impl Connection,
    ids: &[ReturnId],
) -> Result<HashMap<(ReturnId, &'static str), String>, ServiceError> {
    let mut latest = HashMap::new();
    for action in [Action::Excuse.name(), EXTEND] {
        for act in returns::acts_named(conn, ids, action).await? {
            latest.insert((act.return_id, action), act.reason.unwrap_or_default());
        }
    }
    Ok(latest)
}

/// The last thing that was mailed or noted to get each of these returns in.
async fn last_chases(conn: &impl Connection, ids: &[ReturnId]) -> Result<HashMap<ReturnId, String>, ServiceError> {
    let mailed = notices::mailed_about(conn, ids, &["reminder", "overdue", "escalation"]).await?;
    let mailed = mailed.into_iter().map(|mail| {
        let what = match mail.kind.as_str() {
            "overdue" => "told that it is overdue",
            "escalation" => "told that it is late",
            _ => "reminded",
        };
        (mail.return_id, mail.written_at, format!("{} was {what}", mail.to_name))
    });
    let noted = returns::acts_named(conn, ids, chase::CHASE).await?;
    let noted = noted
        .into_iter()
        .map(|act| (act.return_id, act.at, act.reason.unwrap_or_default()));
    let mut latest: HashMap<ReturnId, (DateTime<Utc>, String)> = HashMap::new();
    for (id, at, words) in mailed.chain(noted) {
        if latest.get(&id).is_none_or(|(before, _)| *before <= at) {
            latest.insert(id, (at, words));
        }
    }
    let in_words = |(at, words): (DateTime<Utc>, String)| format!("{}: {words}", today(at).format("%-d %B"));
    Ok(latest.into_iter().map(|(id, last)| (id, in_words(last))).collect())
}

/// Every place in which a return can stand, as a list of one fund.
pub fn places(fund: FundId) -> impl Iterator<Item = (Standing, Asked)> {
    Standing::ALL.into_iter().map(move |standing| {
        let which = Which::At(standing);
        (
            standing,
            Asked {
                which,
                ..Asked::all(fund)
            },
        )
    })
}
