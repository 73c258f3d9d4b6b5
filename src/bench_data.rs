//! A database of made-up returns, for measuring what grows and what does not.
//!
//! Invariant: made in an empty database and nowhere else; the same number of returns gives the same rows. One fund is small
//! and the same whatever that number; the other has all the rest.

mod form;

use chrono::{DateTime, Days, NaiveDate, Utc};
use countersign_domain::calendar::Nation;
use countersign_domain::form::parse::parse;
use countersign_domain::ids::{FundId, GrantId, OrganisationId, PersonId};
use countersign_domain::money::Money;
use countersign_domain::period::{Period, PeriodKind};
use countersign_domain::register::{Allocation, Assignment, Fund, Grant, Holder, Limits, Office, Organisation, Person};
use uuid::Uuid;

use crate::store::made_up::{self, MadeUp};
use crate::store::{Store, StoreError, WriteTx, forms, register};
use form::{document, measures};

pub use form::FORM;

/// The key of the fund that is the same whatever the number of returns.
pub const SMALL: &str = "made-up-small";
/// The key of the fund with all the rest.
pub const LARGE: &str = "made-up-large";

/// Returns of the small fund: 8 projects in 40 quarters.
const OF_SMALL: u64 = 320;
/// Allocations in a grant, each of one project.
const PARTS: u64 = 8;
/// Projects that the allocations of a fund are of.
const PROJECTS: u64 = 100;
/// Returns in one transaction.
const AT_ONCE: u64 = 2_000;

/// Why there is no such database.
#[derive(Debug, thiserror::Error)]
pub enum BenchDataError {
    /// The database.
    #[error("the database {0}")]
    Store(#[from] StoreError),
    /// There is something in it.
    #[error("this database is not empty; name one that is, or a file that is not there yet")]
    NotEmpty,
    /// The made-up form or its dates.
    #[error("the made-up form cannot be used: {0}")]
    Form(String),
}

/// Makes so many signed returns of 25 figures, and says after each step how many there are.
///
/// # Errors
/// [`BenchDataError::NotEmpty`], or whatever the database says.
pub async fn make(store: &Store, returns: u64, say: impl Fn(u64)) -> Result<(), BenchDataError> {
    if !store.is_empty().await? {
        return Err(BenchDataError::NotEmpty);
    }
    store.migrate().await?;
    let tx = store.begin().await?;
    let cast = Cast::furnish(&tx).await?;
    publish(&tx).await?;
    tx.commit().await?;
    let aside = made_up::set_aside(store).await?;
    let small = returns.min(OF_SMALL);
    let mut first = 1;
    for (nth, key, many) in [(1, SMALL, small), (2, LARGE, returns - small)] {
        fund(store, &cast, (nth, key), (first, many), &say).await?;
        first += many;
    }
    made_up::settle(store, aside).await?;
    Ok(())
}

/// Who gives, who hands in and who signs.
struct Cast {
    commissioner: OrganisationId,
    preparer: PersonId,
    officer: PersonId,
}

impl Cast {
    async fn furnish(tx: &WriteTx) -> Result<Cast, StoreError> {
        let commissioner = Organisation {
            id: id(Kind::Organisation, 0),
            key: "made-up-commissioner".to_owned(),
            name: "Made-up commissioner".to_owned(),
        };
        register::insert_organisation(tx, &commissioner).await?;
        let person = |nth: u64, name: &str, email: &str| Person {
            id: id(Kind::Person, nth),
            name: name.to_owned(),
            email: email.to_owned(),
            organisation: commissioner.id,
            totp_secret: None,
            totp_last_step: None,
        };
        let preparer = person(1, "Made-up preparer", "preparer@example.org");
        let officer = person(2, "Made-up officer", "officer@example.org");
        for person in [&preparer, &officer] {
            register::insert_person(tx, person).await?;
        }
        Ok(Cast {
            commissioner: commissioner.id,
            preparer: preparer.id,
            officer: officer.id,
        })
    }
}

/// What an identity is of: no two kinds share one.
#[derive(Clone, Copy)]
enum Kind {
    Organisation = 1,
    Person,
    Fund,
    Office,
    Grant,
    Allocation,
    Assignment,
}

fn id<T: From<Uuid>>(kind: Kind, nth: u64) -> T {
    T::from(Uuid::from_u128((kind as u128) << 96 | u128::from(nth)))
}

/// A fund with as many grants, allocations and returns as it takes.
async fn fund(
    store: &Store,
    cast: &Cast,
    (nth, key): (u64, &str),
    (first, many): (u64, u64),
    say: &impl Fn(u64),
) -> Result<(), BenchDataError> {
    let periods = periods()?;
    let years = Period::new(periods[0].0.start(), periods[periods.len() - 1].0.end());
    let years = years.map_err(|why| BenchDataError::Form(why.to_string()))?;
    let parts = many.div_ceil(periods.len() as u64);
    let tx = store.begin().await?;
    let fund: FundId = id(Kind::Fund, nth);
    furnish_fund(&tx, cast, (nth, key), fund, years).await?;
    for grant in 0..parts.div_ceil(PARTS) {
        let allocations = PARTS.min(parts - grant * PARTS);
        furnish_grant(&tx, (fund, nth), grant, allocations, years).await?;
    }
    tx.commit().await?;
    let mut from = first;
    while from < first + many {
        let lot = MadeUp {
            fund,
            first,
            from,
            many: AT_ONCE.min(first + many - from),
            form_version: 1,
            periods: periods.clone(),
            measures: measures().collect(),
            document: document(key, years),
            preparer: cast.preparer,
            officer: cast.officer,
        };
        let tx = store.begin().await?;
        made_up::make(&tx, &lot).await?;
        tx.commit().await?;
        from += lot.many;
        say(from - 1);
    }
    Ok(())
}

async fn furnish_fund(
    tx: &WriteTx,
    cast: &Cast,
    (nth, key): (u64, &str),
    fund: FundId,
    years: Period,
) -> Result<(), StoreError> {
    let new = Fund {
        id: fund,
        key: key.to_owned(),
        title: key.replace('-', " "),
        commissioner: cast.commissioner,
        nation: Nation::EnglandAndWales,
        priorities: vec![("safer".to_owned(), "Safer streets".to_owned())],
        total: None,
        limits: Limits::default(),
    };
    register::insert_fund(tx, &new).await?;
    let office = Office {
        id: id(Kind::Office, nth),
        fund,
        key: "made-up.officer".to_owned(),
        title: "Made-up officer".to_owned(),
    };
    register::insert_office(tx, &office).await?;
    let holder = Holder {
        office: office.id,
        office_key: office.key,
        office_title: office.title,
        fund,
        person: cast.officer,
        from: years.start(),
        to: None,
        deputy: false,
    };
    register::insert_holder(tx, &holder).await
}

/// A grant to a provider of its own, all of it allocated.
async fn furnish_grant(
    tx: &WriteTx,
    (fund, nth): (FundId, u64),
    grant: u64,
    allocations: u64,
    years: Period,
) -> Result<(), StoreError> {
    let number = nth << 32 | grant;
    let provider = Organisation {
        id: id(Kind::Organisation, number),
        key: format!("made-up-{nth}-{grant}"),
        name: format!("Made-up provider {nth}-{grant}"),
    };
    register::insert_organisation(tx, &provider).await?;
    let grant_id: GrantId = id(Kind::Grant, number);
    let amount = Money::pence(i64::try_from(allocations).unwrap_or_default() * ALLOCATED);
    let new = Grant {
        id: grant_id,
        fund,
        round: None,
        organisation: provider.id,
        reference: format!("MADE-UP-{nth}-{grant}"),
        title: format!("Made-up grant {nth}-{grant}"),
        amount,
        carried_forward: Money::ZERO,
        starts_on: years.start(),
        ends_on: years.end(),
        conditions: None,
        held_back: Money::ZERO,
        held_back_for: None,
    };
    register::insert_grant(tx, &new).await?;
    for part in 0..allocations {
        let of_all = grant * PARTS + part;
        let allocation = Allocation {
            id: id(Kind::Allocation, nth << 32 | of_all),
            grant: grant_id,
            key: format!("part-{part}"),
            title: format!("Part {part}"),
            project: Some(format!("project-{}", of_all % PROJECTS)),
            project_title: Some(format!("Project {}", of_all % PROJECTS)),
            provider: provider.id,
            provider_name: provider.name.clone(),
            proposed: None,
            approved: Money::pence(ALLOCATED),
            uncovered: Money::ZERO,
            contract_total: None,
            contract_ends_on: None,
            other_funding: None,
            priorities: Vec::new(),
            position: i32::try_from(part).unwrap_or_default(),
        };
        register::insert_allocation(tx, &allocation).await?;
        let assignment = Assignment {
            id: id(Kind::Assignment, nth << 32 | of_all),
            form: FORM.to_owned(),
            grant: grant_id,
            allocation: Some(allocation.id),
            organisation: provider.id,
            from: years.start(),
            to: years.end(),
        };
        register::insert_assignment(tx, &assignment).await?;
    }
    Ok(())
}

/// Ten years of quarters, each due three weeks after it ends.
fn periods() -> Result<Vec<(Period, NaiveDate)>, BenchDataError> {
    let impossible = || BenchDataError::Form("its dates are not in the calendar".to_owned());
    let first = Period::financial_year(FIRST_YEAR).ok_or_else(impossible)?;
    let last = Period::financial_year(FIRST_YEAR + 9).ok_or_else(impossible)?;
    let years = Period::new(first.start(), last.end()).map_err(|why| BenchDataError::Form(why.to_string()))?;
    Period::each(PeriodKind::Quarter, years)
        .map(|period| {
            let due = period.end().checked_add_days(Days::new(21)).ok_or_else(impossible)?;
            Ok((period, due))
        })
        .collect()
}

async fn publish(tx: &WriteTx) -> Result<(), BenchDataError> {
    let source = form::source();
    let read = parse(&source).map_err(|problems| {
        let said: Vec<String> = problems.into_iter().map(|problem| problem.message).collect();
        BenchDataError::Form(said.join(" "))
    })?;
    forms::publish_form(
        tx,
        FORM,
        read.version,
        read.digest,
        &source,
        DateTime::<Utc>::UNIX_EPOCH,
    )
    .await?;
    Ok(())
}

/// The first of the financial years, by the year in which it begins.
const FIRST_YEAR: i32 = 2016;

/// What is allocated to each project, pence: a little more than it can have spent in ten years.
const ALLOCATED: i64 = 40_000_000;
