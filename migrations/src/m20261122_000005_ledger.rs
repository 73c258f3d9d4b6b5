//! The ledger: leaves, the frontier of the tree over them, and signed checkpoints.
//!
//! Invariant: leaves and checkpoints are only ever inserted; of a leaf only its salt and body may be erased, which the
//! tree does not notice because it is built over the commitment.

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
        dialect::run(manager, LEDGER).await?;
        dialect::refuse_removal(manager, "ledger_leaves").await?;
        dialect::frozen(manager, "ledger_leaves", &["position", "leaf", "hash"]).await?;
        dialect::refuse_when(
            manager,
            "ledger_leaves",
            "erased",
            "new.salt is not null or new.body is not null",
        )
        .await?;
        dialect::refuse_removal(manager, "ledger_head").await?;
        dialect::refuse_when(manager, "ledger_head", "shrunk", "new.size <= old.size").await?;
        dialect::insert_only(manager, "checkpoints").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::drop_tables(manager, &["checkpoints", "ledger_head", "ledger_leaves"]).await
    }
}

const LEDGER: &str = "
create table ledger_leaves (
    position bigint not null constraint pk_ledger_leaves primary key,
    leaf text not null,
    hash text not null,
    salt bytea,
    body text,
    constraint ck_ledger_leaves_erased check ((salt is null) = (body is null))
);
create table ledger_head (
    id bigint not null constraint pk_ledger_head primary key constraint ck_ledger_head_one check (id = 1),
    size bigint not null,
    frontier text not null
);
insert into ledger_head (id, size, frontier) values (1, 0, '');
create table checkpoints (
    size bigint not null constraint pk_checkpoints primary key,
    root text not null,
    note text not null,
    made_at timestamptz not null
);
";
