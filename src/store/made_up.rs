//! Made-up returns by the hundred thousand, for measuring: the database makes them itself out of numbers.
//!
//! Invariant: every table's constraints hold over them, and the same numbers make the same rows on both databases. No event of
//! the ledger stands behind them.

use chrono::{Days, NaiveDate};
use countersign_domain::ids::{FundId, PersonId};
use countersign_domain::ledger::Digest;
use countersign_domain::period::Period;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use super::connection::sealed::Raw;
use super::{Store, StoreError, WriteTx};

/// Returns are told apart from signatures, whose identities follow from the same number.
const RETURN: u64 = 1 << 60;
const SIGNATURE: u64 = 2 << 60;

/// What the returns are for and when, and who has handed them in and signed them.
#[derive(Debug, Clone)]
pub struct MadeUp {
    /// The fund: each of its assignments owes a return for each period.
    pub fund: FundId,
    /// The number of the fund's first return: references and identities follow from numbers, so that no two funds may share
    /// one.
    pub first: u64,
    /// The number to begin with now.
    pub from: u64,
    /// How many returns now.
    pub many: u64,
    /// The version of the assignments' form.
    pub form_version: u32,
    /// When they are for, and when they are due.
    pub periods: Vec<(Period, NaiveDate)>,
    /// What each tells.
    pub measures: Vec<(String, MadeUpKind)>,
    /// What the one revision of each says: the same of all, and no answer in it.
    pub document: String,
    /// Who handed them in.
    pub preparer: PersonId,
    /// Who signed them, and under which office and stage.
    pub officer: PersonId,
}

/// The kind of a made-up figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MadeUpKind {
    /// Pence.
    Money,
    /// A count.
    Count,
    /// A number with one place.
    Number,
    /// So many of so many.
    Ratio,
}

/// Makes the returns, signed, each with its revision, signature and figures.
///
/// # Errors
/// When the fund has too few assignments, or the numbers were used before; then nothing is made.
pub async fn make(tx: &WriteTx, of: &MadeUp) -> Result<(), StoreError> {
    let words = Words {
        of,
        backend: tx.raw().get_database_backend(),
    };
    let returns = tx.raw().execute_unprepared(&words.returns()).await?.rows_affected();
    if returns != of.many {
        return Err(StoreError::NotFound {
            what: "assignment for so many returns",
        });
    }
    for statement in [words.revisions(), words.signatures(), words.figures()] {
        tx.raw().execute_unprepared(&statement).await?;
    }
    Ok(())
}

/// What was set aside while returns are made, as the statements that bring it back.
#[derive(Debug)]
pub struct Aside(Vec<String>);

/// Sets aside what would be done row by row and is much quicker done at the end. PostgreSQL asks a trigger for each foreign
/// key of each figure, and keeps two indices beside the key; SQLite is quick enough as it is.
///
/// # Errors
/// When the database cannot be reached. One that is left before [`settle`] is of no use.
pub async fn set_aside(store: &Store) -> Result<Aside, StoreError> {
    let DbBackend::Postgres = store.backend() else {
        return Ok(Aside(Vec::new()));
    };
    let mut aside = Vec::new();
    for row in store
        .writer
        .query_all_raw(Statement::from_string(DbBackend::Postgres, TO_SET_ASIDE))
        .await?
    {
        let (drop, bring_back): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        store.writer.execute_unprepared(&drop).await?;
        aside.push(bring_back);
    }
    Ok(Aside(aside))
}

/// What drops a foreign key or an index of the figures, and what makes it again.
const TO_SET_ASIDE: &str = "
select format('alter table figures drop constraint %I', conname),
    format('alter table figures add constraint %I %s', conname, pg_get_constraintdef(oid))
from pg_constraint where conrelid = 'figures'::regclass and contype = 'f'
union all
select format('drop index %I', indexname), indexdef
from pg_indexes where schemaname = current_schema() and tablename = 'figures' and indexname like 'ix%'
";

/// Brings back what was set aside, and the database to where it comes by itself after a while: PostgreSQL knows how its
/// rows are spread.
///
/// # Errors
/// When the database cannot be reached, or a row breaks one of its rules.
pub async fn settle(store: &Store, aside: Aside) -> Result<(), StoreError> {
    for statement in aside.0 {
        store.writer.execute_unprepared(&statement).await?;
    }
    let sql = match store.backend() {
        DbBackend::Postgres => "vacuum analyze",
        _ => "pragma wal_checkpoint(truncate)",
    };
    store.writer.execute_unprepared(sql).await?;
    Ok(())
}

struct Words<'a> {
    of: &'a MadeUp,
    backend: DbBackend,
}

impl Words<'_> {
    fn postgres(&self) -> bool {
        self.backend == DbBackend::Postgres
    }

    /// An identity from a number, or from an expression.
    fn id(&self, number: &str) -> String {
        match self.postgres() {
            true => format!("cast(lpad(to_hex({number}), 32, '0') as uuid)"),
            false => format!("unhex(printf('%032x', {number}))"),
        }
    }

    fn uuid(&self, id: uuid::Uuid) -> String {
        match self.postgres() {
            true => format!("cast('{id}' as uuid)"),
            false => format!("x'{}'", id.simple()),
        }
    }

    fn day(&self, day: NaiveDate) -> String {
        match self.postgres() {
            true => format!("cast('{day}' as date)"),
            false => format!("'{day}'"),
        }
    }

    /// Ten o'clock on a day, summer and winter.
    fn moment(&self, day: NaiveDate) -> String {
        match self.postgres() {
            true => format!("cast('{day} 10:00:00+00' as timestamptz)"),
            false => format!("'{day}T10:00:00+00:00'"),
        }
    }

    /// Every eleventh is handed in three days after its due day, the others on the day before it.
    fn periods(&self) -> String {
        let rows = self.of.periods.iter().enumerate().map(|(nth, (period, due))| {
            let prompt = due.checked_sub_days(Days::new(1)).unwrap_or(*due);
            let late = due.checked_add_days(Days::new(3)).unwrap_or(*due);
            let closes = due.checked_add_days(Days::new(60)).unwrap_or(*due);
            let opens = period.end().min(*due);
            let days = [period.start(), period.end(), opens, *due, closes, prompt, late].map(|day| self.day(day));
            let moments = [prompt, late].map(|day| self.moment(day));
            format!("({}, {}, {})", nth + 1, days.join(", "), moments.join(", "))
        });
        let rows: Vec<String> = rows.collect();
        format!(
            "periods(nth, starts, ends, opens, due, closes, prompt, late, prompt_at, late_at) as (values {})",
            rows.join(", ")
        )
    }

    fn returns(&self) -> String {
        let of = self.of;
        format!(
            "insert into returns (id, reference, assignment_id, form, form_version, fund_id, grant_id, allocation_id, \
                 organisation_id, period_start, period_end, opens_on, due_on, closes_on, state, revision, signed_revision, \
                 first_submitted_at, first_submitted_on, version) \
             with {periods}, owed as ( \
                 select a.*, row_number() over (order by a.id) - 1 as nth from assignments a \
                 where a.grant_id in (select id from grants where fund_id = {fund})), \
             numbered as ( \
                 select o.id as assignment_id, o.form, o.grant_id, o.allocation_id, o.organisation_id, p.*, \
                     {first} + o.nth * {each} + p.nth - 1 as num \
                 from owed o cross join periods p \
                 where o.nth >= ({from} - {first}) / {each} and o.nth <= ({from} + {many} - {first}) / {each}) \
             select {id}, 'M-' || num, assignment_id, form, {version}, {fund}, grant_id, allocation_id, organisation_id, \
                 starts, ends, opens, due, closes, 'signed-off', 1, 1, \
                 case when num % 11 = 0 then late_at else prompt_at end, \
                 case when num % 11 = 0 then late else prompt end, 1 \
             from numbered where num >= {from} and num < {from} + {many}",
            periods = self.periods(),
            fund = self.uuid(of.fund.uuid()),
            first = of.first,
            from = of.from,
            many = of.many,
            each = of.periods.len(),
            id = self.id(&format!("{RETURN} + num")),
            version = of.form_version,
        )
    }

    /// The returns that were made.
    fn made(&self) -> String {
        let from = self.id(&format!("{RETURN} + {}", self.of.from));
        let to = self.id(&format!("{RETURN} + {} + {}", self.of.from, self.of.many));
        format!(
            "(select r.*, cast(substr(r.reference, 3) as bigint) as num from returns r where r.id >= {from} and r.id < {to})"
        )
    }

    fn revisions(&self) -> String {
        format!(
            "insert into revisions (return_id, number, document, digest, submitted_by, submitted_at) \
             select id, 1, '{document}', '{digest}', {by}, first_submitted_at from {made} made",
            document = self.of.document.replace('\'', "''"),
            digest = Digest::of(self.of.document.as_bytes()),
            by = self.uuid(self.of.preparer.uuid()),
            made = self.made(),
        )
    }

    fn signatures(&self) -> String {
        format!(
            "insert into signatures (id, return_id, revision, stage, person_id, office, as_deputy, typed_name, position, \
                 statement, digest, known_by, signed_at) \
             select {id}, id, 1, 'sign', {by}, 'made-up.officer', false, 'Made Up', 'Officer', 'Made up.', '{digest}', \
                 'made up', first_submitted_at from {made} made",
            id = self.id(&format!("{SIGNATURE} + num")),
            by = self.uuid(self.of.officer.uuid()),
            digest = Digest::of(self.of.document.as_bytes()),
            made = self.made(),
        )
    }

    /// Values follow from the return's and the measure's number. One of 97 is not known yet, one of 53 approximate.
    fn figures(&self) -> String {
        let measures = self.of.measures.iter().enumerate().map(|(nth, (measure, kind))| {
            let kind = match kind {
                MadeUpKind::Money => "money",
                MadeUpKind::Count => "count",
                MadeUpKind::Number => "number",
                MadeUpKind::Ratio => "ratio",
            };
            format!("({}, '{measure}', '{kind}')", nth + 1)
        });
        let measures: Vec<String> = measures.collect();
        format!(
            "insert into figures (return_id, revision, form, measure, allocation_key, row_key, kind, value, places, numerator, \
                 denominator, approximately, standing, fund_id, grant_id, allocation_id, provider_id, period_start, period_end) \
             with measures(nth, measure, asked) as (values {measures}), \
             drawn as (select r.*, m.measure, m.asked, (r.num * 7919 + m.nth * 104729) % 99991 as n \
                 from {made} r cross join measures m), \
             said as (select drawn.*, case when n % 97 = 0 then 'not-known' else asked end as kind from drawn) \
             select id, 1, form, measure, '', '', kind, \
                 case kind when 'money' then n * 10 when 'count' then n % 200 when 'number' then n end, \
                 case when kind in ('number', 'ratio') then 1 end, \
                 case kind when 'ratio' then n % 60 end, \
                 case kind when 'ratio' then n % 60 + n % 17 + 1 end, \
                 n % 53 = 0, 'signed', fund_id, grant_id, allocation_id, organisation_id, period_start, period_end \
             from said",
            measures = measures.join(", "),
            made = self.made(),
        )
    }
}
