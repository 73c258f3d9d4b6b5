//! On time: the day on which a return was first handed in, and the due day that was frozen when it was planned, so that
//! returns are counted as on time or late without reading each.
//!
//! Invariant: days are London's, as everywhere; the first due day is written once, by the first extension.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let (day, due) = match manager.get_database_backend() {
            DbBackend::Postgres => (POSTGRES_DAY, POSTGRES_DUE),
            _ => (SQLITE_DAY, SQLITE_DUE),
        };
        dialect::run(manager, COLUMNS).await?;
        dialect::run(
            manager,
            &format!("update returns set first_submitted_on = {day} where first_submitted_at is not null"),
        )
        .await?;
        dialect::run(
            manager,
            &format!(
                "update returns set extended_from = (select {due} from acts a where a.return_id = returns.id \
                 and a.action = 'extend' order by a.id limit 1)"
            ),
        )
        .await?;
        dialect::refuse_when(
            manager,
            "returns",
            "extended",
            "old.extended_from is not null and new.extended_from is distinct from old.extended_from",
        )
        .await?;
        dialect::run(manager, COUNTED).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let trigger = match manager.get_database_backend() {
            DbBackend::Postgres => "drop trigger tr_returns_extended on returns",
            _ => "drop trigger tr_returns_extended",
        };
        dialect::run(manager, trigger).await?;
        dialect::run(manager, UNDONE).await
    }
}

/// `extended_from` is the due day as it was planned, of a return that was given more time.
const COLUMNS: &str = "
alter table returns add column extended_from date;
alter table returns add column first_submitted_on date;
";

/// Answers how many returns of each form and period stand where, and how many of them are late, without touching the table.
const COUNTED: &str = "
drop index ix_returns_window;
create index ix_returns_window on returns (fund_id, form, period_start, period_end, state, due_on, extended_from,
    first_submitted_on, signed_revision, id);
";

const UNDONE: &str = "
drop index ix_returns_window;
create index ix_returns_window on returns (fund_id, form, period_start, period_end);
alter table returns drop column first_submitted_on;
alter table returns drop column extended_from;
";

const POSTGRES_DAY: &str = "(first_submitted_at at time zone 'Europe/London')::date";

/// SQLite knows no time zones. Clocks go forward on the last Sunday of March and back on that of October, at one o'clock
/// UTC: Summer Time Act 1972, as amended by the Summer Time Order 2002.
const SQLITE_DAY: &str = "date(first_submitted_at, case
    when datetime(first_submitted_at) >= datetime(date(first_submitted_at, 'start of year', '+2 months', '+24 days', 'weekday 0'), '+1 hour')
    and datetime(first_submitted_at) < datetime(date(first_submitted_at, 'start of year', '+9 months', '+24 days', 'weekday 0'), '+1 hour')
    then '+1 hour' else '+0 hours' end)";

/// The act of an extension says which day was given instead of which other: `Due 14 June 2018 instead of 31 May 2018: …`.
const POSTGRES_DUE: &str =
    "to_date(substring(a.reason from ' instead of ([0-9]{1,2} [A-Z][a-z]+ [0-9]{4}):'), 'DD FMMonth YYYY')";

/// As above. The words from `instead of ` to the colon are cut into day, month and year.
const SQLITE_DUE: &str = "(select printf('%s-%02d-%02d', substr(told, -4),
    (instr('JanFebMarAprMayJunJulAugSepOctNovDec', substr(told, instr(told, ' ') + 1, 3)) + 2) / 3,
    cast(substr(told, 1, instr(told, ' ') - 1) as integer))
    from (select substr(rest, 1, instr(rest, ':') - 1) as told
    from (select substr(a.reason, instr(a.reason, ' instead of ') + 12) as rest)))";
