//! Decisions of a stage's officer on the rows of a return's tables; moves of drafts to another version of their form; and
//! which row of a plan became which allocation.
//!
//! Invariant: a decision is only ever inserted; of a move only its undoing is written, once; a row has one allocation for
//! ever.

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
        dialect::run(manager, DECISIONS).await?;
        dialect::run(manager, MOVES).await?;
        dialect::run(manager, PLANNED).await?;
        dialect::insert_only(manager, "decisions").await?;
        dialect::refuse_removal(manager, "draft_moves").await?;
        dialect::frozen(manager, "draft_moves", &MOVED).await?;
        dialect::refuse_when(
            manager,
            "draft_moves",
            "undone",
            "old.undone_at is not null or new.undone_at is null",
        )
        .await?;
        dialect::insert_only(manager, "planned_rows").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, "alter table allocations drop column provider_named").await?;
        dialect::drop_tables(manager, &["planned_rows", "draft_moves", "decisions"]).await
    }
}

/// What a move says, which nothing may change.
const MOVED: [&str; 8] = [
    "id",
    "return_id",
    "from_version",
    "to_version",
    "before",
    "after",
    "moved_by",
    "moved_at",
];

const DECISIONS: &str = "
create table decisions (
    return_id uuid not null,
    revision bigint not null,
    stage text not null,
    section text not null,
    question text not null,
    row_key text not null,
    decision text not null constraint ck_decisions_decision check (decision in ('agreed', 'not-agreed', 'noted')),
    words text not null,
    decided_by uuid not null constraint fk_decisions_decided_by references people (id),
    decided_at timestamptz not null,
    constraint pk_decisions primary key (return_id, revision, stage, section, question, row_key),
    constraint fk_decisions_revision foreign key (return_id, revision) references revisions (return_id, number)
);
";

/// `before` and `after` hold every section's document as it was, and as the move left it.
const MOVES: &str = "
create table draft_moves (
    id uuid not null constraint pk_draft_moves primary key,
    return_id uuid not null constraint fk_draft_moves_return references returns (id),
    from_version bigint not null,
    to_version bigint not null,
    before text not null,
    after text not null,
    moved_by uuid not null constraint fk_draft_moves_moved_by references people (id),
    moved_at timestamptz not null,
    undone_by uuid constraint fk_draft_moves_undone_by references people (id),
    undone_at timestamptz,
    constraint ck_draft_moves_versions check (from_version <> to_version),
    constraint ck_draft_moves_undone check ((undone_by is null) = (undone_at is null))
);
create index ix_draft_moves_return on draft_moves (return_id, moved_at);
";

/// A plan may name a provider that the register does not have: the allocation then keeps that name.
const PLANNED: &str = "
alter table allocations add column provider_named text;
create table planned_rows (
    return_id uuid not null constraint fk_planned_rows_return references returns (id),
    section text not null,
    row_key text not null,
    allocation_id uuid not null constraint uq_planned_rows_allocation unique
        constraint fk_planned_rows_allocation references allocations (id),
    constraint pk_planned_rows primary key (return_id, section, row_key)
);
";
