//! Ways in: links, sessions, sign-in codes, and the attempts that limits count.
//!
//! Invariant: no token and no code is in any column; only digests are.

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
        dialect::run(manager, ACCESS).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::drop_tables(manager, &["attempts", "sign_in_codes", "sessions", "links"]).await
    }
}

const ACCESS: &str = "
create table links (
    id uuid not null constraint pk_links primary key,
    return_id uuid not null constraint fk_links_return references returns (id),
    person_id uuid not null constraint fk_links_person references people (id),
    token_digest text not null constraint uq_links_token unique,
    issued_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    revoked_reason text,
    constraint ck_links_revoked check ((revoked_at is null) = (revoked_reason is null))
);
create index ix_links_return on links (return_id);
create table sessions (
    digest text not null constraint pk_sessions primary key,
    person_id uuid not null constraint fk_sessions_person references people (id),
    kind text not null constraint ck_sessions_kind check (kind in ('provider', 'office', 'office-second-factor')),
    link_id uuid constraint fk_sessions_link references links (id),
    csrf text not null,
    started_at timestamptz not null,
    seen_at timestamptz not null,
    expires_at timestamptz not null,
    constraint ck_sessions_link check ((link_id is not null) = (kind = 'provider'))
);
create index ix_sessions_link on sessions (link_id);
create index ix_sessions_expires on sessions (expires_at);
create table sign_in_codes (
    id uuid not null constraint pk_sign_in_codes primary key,
    person_id uuid not null constraint fk_sign_in_codes_person references people (id),
    issued_at timestamptz not null,
    expires_at timestamptz not null,
    tries integer not null,
    used_at timestamptz
);
create index ix_sign_in_codes_person on sign_in_codes (person_id, issued_at);
create table attempts (
    id {serial},
    kind text not null,
    subject text not null,
    attempted_at timestamptz not null
);
create index ix_attempts_subject on attempts (kind, subject, attempted_at);
create index ix_attempts_at on attempts (attempted_at);
";
