//! Rounds, award limits, the needs matrix, budget lines, what is proposed and held back, and what was changed in the
//! register.
//!
//! Invariant: a smallest award is never above the largest; a weight and an amount are never below nought; a change of the
//! register is only ever added.

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
        dialect::run(manager, TABLES).await?;
        dialect::run(manager, COLUMNS).await?;
        dialect::insert_only(manager, "register_changes").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // A column that a check of another names goes after that other.
        for (table, column) in ADDED.iter().rev() {
            dialect::run(manager, &format!("alter table {table} drop column {column}")).await?;
        }
        dialect::drop_tables(manager, &["register_changes", "budget_lines", "shares", "rounds"]).await
    }
}

/// The columns of [`COLUMNS`], in its order.
const ADDED: [(&str, &str); 12] = [
    ("funds", "total"),
    ("funds", "smallest_award"),
    ("funds", "largest_award"),
    ("grants", "round_id"),
    ("grants", "conditions"),
    ("grants", "held_back"),
    ("grants", "held_back_for"),
    ("allocations", "project"),
    ("allocations", "project_title"),
    ("allocations", "proposed"),
    ("allocations", "contract_ends_on"),
    ("allocations", "other_funding"),
];

/// A weight is whole, beside how many of its digits stand behind the point.
const TABLES: &str = "
create table rounds (
    id uuid not null constraint pk_rounds primary key,
    fund_id uuid not null constraint fk_rounds_fund references funds (id),
    key text not null,
    title text not null,
    opens_on date not null,
    closes_on date not null,
    smallest_award bigint,
    largest_award bigint,
    constraint uq_rounds_key unique (fund_id, key),
    constraint ck_rounds_dates check (opens_on <= closes_on),
    constraint ck_rounds_limits check (smallest_award >= 0 and largest_award >= 0 and smallest_award <= largest_award)
);
create table shares (
    fund_id uuid not null constraint fk_shares_fund references funds (id),
    organisation_id uuid not null constraint fk_shares_organisation references organisations (id),
    weight bigint not null constraint ck_shares_weight check (weight >= 0),
    places integer not null constraint ck_shares_places check (places between 0 and 6),
    position integer not null,
    constraint pk_shares primary key (fund_id, organisation_id)
);
create table budget_lines (
    id uuid not null constraint pk_budget_lines primary key,
    allocation_id uuid not null constraint fk_budget_lines_allocation references allocations (id),
    key text not null,
    title text not null,
    amount bigint constraint ck_budget_lines_amount check (amount >= 0),
    position integer not null,
    constraint uq_budget_lines_key unique (allocation_id, key)
);
create table register_changes (
    id {serial},
    fund_id uuid constraint fk_register_changes_fund references funds (id),
    person_id uuid constraint fk_register_changes_person references people (id),
    changed_at timestamptz not null,
    entity text not null,
    key text not null,
    was text,
    became text,
    constraint ck_register_changes_something check (was is not null or became is not null)
);
create index ix_register_changes_fund on register_changes (fund_id, id);
";

const COLUMNS: &str = "
alter table funds add column total bigint constraint ck_funds_total check (total >= 0);
alter table funds add column smallest_award bigint constraint ck_funds_smallest check (smallest_award >= 0);
alter table funds add column largest_award bigint constraint ck_funds_limits
    check (largest_award >= 0 and smallest_award <= largest_award);
alter table grants add column round_id uuid constraint fk_grants_round references rounds (id);
alter table grants add column conditions text;
alter table grants add column held_back bigint not null default 0 constraint ck_grants_held_back check (held_back >= 0);
alter table grants add column held_back_for text;
alter table allocations add column project text;
alter table allocations add column project_title text;
alter table allocations add column proposed bigint constraint ck_allocations_proposed check (proposed >= 0);
alter table allocations add column contract_ends_on date;
alter table allocations add column other_funding bigint constraint ck_allocations_other check (other_funding >= 0);
";
