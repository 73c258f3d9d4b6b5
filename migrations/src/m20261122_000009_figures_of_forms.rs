//! Figures by form: two forms of one fund may each have a measure of the same name.
//!
//! Invariant: every figure that was there is kept as it was, with the form of its return; of a figure only its standing may
//! be written.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, SET_ASIDE).await?;
        dialect::run(manager, &TABLE.replace("{form}", "form text not null,")).await?;
        dialect::run(manager, BY_FORM).await?;
        dialect::run(
            manager,
            &format!(
                "insert into figures ({BEFORE}, form) \
                 select {BEFORE}, (select r.form from returns r where r.id = return_id) from figures_before"
            ),
        )
        .await?;
        dialect::drop_tables(manager, &["figures_before"]).await?;
        dialect::frozen(manager, "figures", &frozen(&["form"])).await?;
        dialect::run(manager, WITHIN).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, "drop index ix_returns_window").await?;
        dialect::run(manager, SET_ASIDE).await?;
        dialect::run(manager, &TABLE.replace("{form}", "")).await?;
        dialect::run(manager, BY_MEASURE).await?;
        dialect::run(
            manager,
            &format!("insert into figures ({BEFORE}) select {BEFORE} from figures_before"),
        )
        .await?;
        dialect::drop_tables(manager, &["figures_before"]).await?;
        dialect::frozen(manager, "figures", &frozen(&[])).await
    }
}

/// The columns that both tables have.
const BEFORE: &str = "return_id, revision, measure, allocation_key, row_key, kind, value, upper, places, numerator, \
    denominator, approximately, standing, fund_id, grant_id, allocation_id, provider_id, period_start, period_end";

/// What a figure says, and nothing may change: all but its standing.
fn frozen<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let same = BEFORE.split(", ").filter(|column| *column != "standing");
    same.chain(more.iter().copied()).collect()
}

/// SQLite adds no column that must be filled and has no default, so that the rows are set aside and the table is made
/// again. Nothing refers to it.
const SET_ASIDE: &str = "
create table figures_before as select * from figures;
drop table figures;
";

const TABLE: &str = "
create table figures (
    return_id uuid not null,
    revision bigint not null,
    {form}
    measure text not null,
    allocation_key text not null,
    row_key text not null default '',
    kind text not null constraint ck_figures_kind check (kind in
        ('money', 'count', 'number', 'percent', 'ratio', 'range', 'not-applicable', 'not-known', 'blank')),
    value bigint,
    upper bigint,
    places bigint,
    numerator bigint,
    denominator bigint,
    approximately boolean not null,
    standing text not null constraint ck_figures_standing check (standing in ('submitted', 'signed', 'superseded')),
    fund_id uuid not null constraint fk_figures_fund references funds (id),
    grant_id uuid not null constraint fk_figures_grant references grants (id),
    allocation_id uuid constraint fk_figures_allocation references allocations (id),
    provider_id uuid not null constraint fk_figures_provider references organisations (id),
    period_start date not null,
    period_end date not null,
    constraint pk_figures primary key (return_id, revision, measure, allocation_key, row_key),
    constraint fk_figures_revision foreign key (return_id, revision) references revisions (return_id, number),
    constraint ck_figures_value check ((value is not null) = (kind in ('money', 'count', 'number', 'percent', 'range'))),
    constraint ck_figures_range check ((upper is not null) = (kind = 'range') and (upper is null or value <= upper)),
    constraint ck_figures_ratio check ((numerator is not null) = (kind = 'ratio')
        and (denominator is not null) = (kind = 'ratio')),
    constraint ck_figures_places check ((places is not null) = (kind in ('number', 'percent', 'ratio')))
);
create index ix_figures_grant on figures (grant_id, standing, period_start);
";

/// Answers \"this measure of this form, by period and project\" without touching the table, and in the order in which it is
/// asked, so that a sum needs no room to sort in.
const BY_FORM: &str = "
create index ix_figures_measure on figures (fund_id, form, measure, standing, period_start, period_end, grant_id,
    allocation_id, provider_id, kind, places, value, upper, numerator, denominator, approximately, return_id, revision,
    allocation_key, row_key);
";

const BY_MEASURE: &str = "
create index ix_figures_measure on figures (fund_id, measure, standing, period_start, grant_id, allocation_id, provider_id,
    period_end, kind, value, upper, places, numerator, denominator, approximately, return_id, revision, allocation_key,
    row_key);
";

/// Every figure of a paper is found by the returns of its period, however many other years there are.
const WITHIN: &str = "
create index ix_returns_window on returns (fund_id, form, period_start, period_end);
";
