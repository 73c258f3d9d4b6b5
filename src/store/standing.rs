//! Where a fund's returns stand: counted by form and period, and listed a page at a time.
//!
//! Invariant: a count and its list are of the same condition, which says what [`Which::holds`] says; no count reads a row for
//! each return.

use chrono::NaiveDate;
use countersign_domain::ids::FundId;
use countersign_domain::period::Period;
use countersign_domain::returns::Return;
use countersign_domain::returns::standing::{Standing, Tally, Which};
use sea_orm::sea_query::{Cond, Condition, Expr, ExprTrait, Func, LikeExpr, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};

use super::convert::{period, size};
use super::rows::returns::owed::{Column, Entity};
use super::{Connection, Page, StoreError, returns};

/// Which returns of a fund are wanted.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
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
    /// Words in lower case, each of which stands in the reference, the provider's name, the project's title or the grant's.
    pub words: Vec<String>,
}

impl Wanted {
    /// All of these.
    #[must_use]
    pub fn all(which: Which) -> Wanted {
        Wanted {
            form: None,
            period: None,
            ends: None,
            running: None,
            which,
            words: Vec::new(),
        }
    }
}

/// How many returns of a fund stand where, and how many came on time: for each form and period, by form and first day.
///
/// # Errors
/// When the database cannot be read.
pub async fn tallies(
    c: &impl Connection,
    fund: FundId,
    today: NaiveDate,
) -> Result<Vec<(String, Period, Tally)>, StoreError> {
    let mut select = Entity::find().filter(Column::FundId.eq(fund.uuid())).select_only();
    for column in [Column::Form, Column::PeriodStart, Column::PeriodEnd] {
        select = select.column(column).group_by(column).order_by_asc(column);
    }
    for (which, name) in COUNTED {
        let counted = Func::count(Expr::case(is(which, today), 1));
        select = select.expr_as(counted, name);
    }
    let late = Expr::case(is(Which::At(Standing::Late), today), Expr::col(Column::DueOn));
    select = select.expr_as(Func::min(late), "first_late");
    let rows = select.into_model::<Counted>().all(c.raw()).await?;
    rows.into_iter().map(|row| row.read(today)).collect()
}

/// How many of a fund's returns are wanted.
///
/// # Errors
/// When the database cannot be read.
pub async fn count(c: &impl Connection, fund: FundId, wanted: &Wanted, today: NaiveDate) -> Result<u64, StoreError> {
    Ok(find(fund, wanted, today).count(c.raw()).await?)
}

/// One page of a fund's returns that are wanted, and how many there are of them. Those that are due first come first; of
/// those that are done, the ones that were due last.
///
/// # Errors
/// When the database cannot be read.
pub async fn page(
    c: &impl Connection,
    fund: FundId,
    wanted: &Wanted,
    today: NaiveDate,
    page: Page,
) -> Result<(Vec<Return>, u64), StoreError> {
    let done = matches!(wanted.which, Which::At(Standing::Signed | Standing::Excused));
    let order = if done { Order::Desc } else { Order::Asc };
    let find = find(fund, wanted, today);
    let total = find.clone().count(c.raw()).await?;
    let rows = find
        .order_by(Column::DueOn, order)
        .order_by_asc(Column::Reference)
        .offset(page.from)
        .limit(page.size)
        .all(c.raw())
        .await?;
    Ok((returns::from_rows(rows)?, total))
}

fn find(fund: FundId, wanted: &Wanted, today: NaiveDate) -> Select<Entity> {
    let mut all = Cond::all()
        .add(Column::FundId.eq(fund.uuid()))
        .add(is(wanted.which, today));
    if let Some(form) = &wanted.form {
        all = all.add(Column::Form.eq(form.as_str()));
    }
    if let Some(period) = wanted.period {
        all = all
            .add(Column::PeriodStart.eq(period.start()))
            .add(Column::PeriodEnd.eq(period.end()));
    }
    if let Some(range) = wanted.ends {
        all = all.add(Column::PeriodEnd.between(range.start(), range.end()));
    }
    if let Some(range) = wanted.running {
        let running = Cond::all()
            .add(Expr::col("starts_on").lte(range.end()))
            .add(Expr::col("ends_on").gte(range.start()));
        all = all
            .add(Column::GrantId.in_subquery(ids("grants", running)))
            .add(Column::PeriodEnd.lte(range.end()));
    }
    for word in &wanted.words {
        all = all.add(said(word));
    }
    Entity::find().filter(all)
}

/// The condition under which [`Which::holds`].
fn is(which: Which, today: NaiveDate) -> Condition {
    let state = |text: &str| Column::State.eq(text);
    let owed = Cond::all().add(Column::State.ne("excused"));
    let handed_in = || owed.clone().add(Column::FirstSubmittedOn.is_not_null());
    let planned = || {
        Expr::expr(Func::coalesce([
            Expr::col(Column::ExtendedFrom),
            Expr::col(Column::DueOn),
        ]))
    };
    let late = Cond::all()
        .add(Column::State.is_in(["scheduled", "draft"]))
        .add(Column::FirstSubmittedOn.is_null())
        .add(Column::DueOn.lt(today));
    match which {
        Which::At(Standing::Late) => late,
        Which::At(Standing::InReview) => Cond::all().add(Column::State.starts_with("in-review:")),
        Which::At(Standing::AwaitingSignature) => Cond::all().add(Column::State.starts_with("in-sign-off:")),
        Which::At(Standing::Draft) => Cond::all().add(state("draft")).add(late.not()),
        Which::At(Standing::NotOpen) => Cond::all().add(state("scheduled")).add(late.not()),
        Which::At(Standing::Signed) => Cond::all().add(state("signed-off")),
        Which::At(Standing::Excused) => Cond::all().add(state("excused")),
        Which::Expected => owed,
        Which::OnTime => handed_in().add(Expr::col(Column::FirstSubmittedOn).lte(planned())),
        Which::HandedInLate => handed_in().add(Expr::col(Column::FirstSubmittedOn).gt(planned())),
        Which::Judged => Cond::any().add(handed_in()).add(late),
        Which::Extended => owed.add(Column::ExtendedFrom.is_not_null()),
        Which::InFigures => owed.add(Column::SignedRevision.is_not_null()),
        Which::All => Cond::all(),
    }
}

/// Whether a word stands in what people call a return by.
fn said(word: &str) -> Condition {
    let mut pattern = String::from("%");
    for letter in word.chars() {
        if ['%', '_', '\\'].contains(&letter) {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    let has = |column: &'static str| {
        let lower = Expr::expr(Func::lower(Expr::col(column)));
        lower.like(LikeExpr::new(pattern.clone()).escape('\\'))
    };
    let project = Cond::any().add(has("title")).add(has("project_title"));
    Cond::any()
        .add(has("reference"))
        .add(Column::OrganisationId.in_subquery(ids("organisations", Cond::all().add(has("name")))))
        .add(Column::GrantId.in_subquery(ids("grants", Cond::all().add(has("title")))))
        .add(Column::AllocationId.in_subquery(ids("allocations", project)))
}

fn ids(table: &'static str, condition: Condition) -> SelectStatement {
    Query::select()
        .column("id")
        .from(table)
        .cond_where(condition)
        .to_owned()
}

/// What is counted of each form and period, and under which name it comes back.
const COUNTED: [(Which, &str); 11] = [
    (Which::At(Standing::Late), "late"),
    (Which::At(Standing::InReview), "in_review"),
    (Which::At(Standing::AwaitingSignature), "awaiting_signature"),
    (Which::At(Standing::Draft), "draft"),
    (Which::At(Standing::NotOpen), "not_open"),
    (Which::At(Standing::Signed), "signed"),
    (Which::At(Standing::Excused), "excused"),
    (Which::OnTime, "on_time"),
    (Which::HandedInLate, "handed_in_late"),
    (Which::Extended, "extended"),
    (Which::InFigures, "in_figures"),
];

#[derive(FromQueryResult)]
struct Counted {
    form: String,
    period_start: NaiveDate,
    period_end: NaiveDate,
    late: i64,
    first_late: Option<NaiveDate>,
    in_review: i64,
    awaiting_signature: i64,
    draft: i64,
    not_open: i64,
    signed: i64,
    excused: i64,
    on_time: i64,
    handed_in_late: i64,
    extended: i64,
    in_figures: i64,
}

impl Counted {
    fn read(self, today: NaiveDate) -> Result<(String, Period, Tally), StoreError> {
        let count = |number| size("a number of returns", number);
        let tally = Tally {
            late: count(self.late)?,
            longest_late: self.first_late.map(|due| (today - due).num_days()),
            in_review: count(self.in_review)?,
            awaiting_signature: count(self.awaiting_signature)?,
            draft: count(self.draft)?,
            not_open: count(self.not_open)?,
            signed: count(self.signed)?,
            excused: count(self.excused)?,
            on_time: count(self.on_time)?,
            handed_in_late: count(self.handed_in_late)?,
            extended: count(self.extended)?,
            in_figures: count(self.in_figures)?,
        };
        Ok((self.form, period(self.period_start, self.period_end)?, tally))
    }
}
