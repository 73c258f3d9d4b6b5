//! The outbox, and the leases by which replicas share the work.
//!
//! Invariant: the same duty never makes two notices; a notice is never removed.

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
        dialect::run(manager, NOTICES).await?;
        dialect::refuse_removal(manager, "notices").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::drop_tables(manager, &["leases", "notices"]).await
    }
}

const NOTICES: &str = "
create table notices (
    id uuid not null constraint pk_notices primary key,
    kind text not null,
    dedupe text not null constraint uq_notices_dedupe unique,
    person_id uuid not null constraint fk_notices_person references people (id),
    return_id uuid constraint fk_notices_return references returns (id),
    to_name text not null,
    to_address text not null,
    subject text not null,
    body_text text not null,
    body_html text not null,
    message_id text not null constraint uq_notices_message_id unique,
    dated timestamptz not null,
    secret_kind text not null constraint ck_notices_secret_kind check (secret_kind in ('none', 'link', 'code')),
    secret_id uuid,
    priority integer not null,
    state text not null constraint ck_notices_state check (state in ('queued', 'sent', 'failed', 'superseded')),
    run_at timestamptz not null,
    attempts integer not null,
    last_error text,
    sent_at timestamptz,
    written_at timestamptz not null,
    lease_owner text,
    lease_until timestamptz,
    constraint ck_notices_secret check ((secret_id is null) = (secret_kind = 'none')),
    constraint ck_notices_sent check ((sent_at is not null) = (state = 'sent'))
);
create index ix_notices_due on notices (state, priority, run_at);
create index ix_notices_person on notices (person_id, written_at);
create index ix_notices_return on notices (return_id, written_at);
create index ix_notices_sent on notices (sent_at);
create table leases (
    name text not null constraint pk_leases primary key,
    owner text not null,
    held_until timestamptz not null,
    epoch bigint not null
);
";
