//! Papers: their prose, the stories that were cleared for them, and their editions as they were published.
//!
//! Invariant: an edition, its inputs and its files are only ever inserted; of a clearance only its withdrawal is written,
//! once; a paper keeps its report, fund and period for ever.

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
        dialect::run(manager, PAPERS).await?;
        dialect::run(manager, PUBLICATIONS).await?;
        dialect::refuse_removal(manager, "papers").await?;
        dialect::frozen(manager, "papers", &BEGUN).await?;
        dialect::refuse_removal(manager, "clearances").await?;
        dialect::frozen(manager, "clearances", &CLEARED).await?;
        dialect::refuse_when(
            manager,
            "clearances",
            "withdrawn",
            "old.withdrawn_at is not null or new.withdrawn_at is null",
        )
        .await?;
        dialect::insert_only(manager, "publications").await?;
        dialect::insert_only(manager, "publication_inputs").await?;
        dialect::insert_only(manager, "publication_files").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            "publication_files",
            "publication_inputs",
            "publications",
            "clearances",
            "papers",
        ];
        dialect::drop_tables(manager, &tables).await
    }
}

/// What a paper is of.
const BEGUN: [&str; 7] = [
    "id",
    "report",
    "fund_id",
    "period_start",
    "period_end",
    "begun_by",
    "begun_at",
];

/// What a clearance says, which nothing may change.
const CLEARED: [&str; 7] = [
    "paper_id",
    "return_id",
    "revision",
    "place",
    "nth",
    "cleared_by",
    "cleared_at",
];

/// A clearance that was withdrawn may be given again: that is the next row of the same place.
const PAPERS: &str = "
create table papers (
    id uuid not null constraint pk_papers primary key,
    report text not null,
    fund_id uuid not null constraint fk_papers_fund references funds (id),
    period_start date not null,
    period_end date not null,
    prose text not null,
    begun_by uuid not null constraint fk_papers_begun_by references people (id),
    begun_at timestamptz not null,
    version bigint not null,
    state text not null constraint ck_papers_state check (state in ('draft', 'published')),
    constraint uq_papers_period unique (fund_id, report, period_start, period_end),
    constraint ck_papers_period check (period_start <= period_end)
);
create table clearances (
    paper_id uuid not null constraint fk_clearances_paper references papers (id),
    return_id uuid not null,
    revision bigint not null,
    place text not null,
    nth bigint not null constraint ck_clearances_nth check (nth > 0),
    cleared_by uuid not null constraint fk_clearances_cleared_by references people (id),
    cleared_at timestamptz not null,
    withdrawn_by uuid constraint fk_clearances_withdrawn_by references people (id),
    withdrawn_at timestamptz,
    constraint pk_clearances primary key (paper_id, return_id, revision, place, nth),
    constraint fk_clearances_revision foreign key (return_id, revision) references revisions (return_id, number),
    constraint ck_clearances_withdrawn check ((withdrawn_by is null) = (withdrawn_at is null))
);
";

/// `document` is canonical JSON and `digest` that of its bytes; `released` says what it told of counts of people.
const PUBLICATIONS: &str = "
create table publications (
    id uuid not null constraint pk_publications primary key,
    paper_id uuid not null constraint fk_publications_paper references papers (id),
    edition bigint not null constraint ck_publications_edition check (edition > 0),
    report text not null,
    report_version bigint not null,
    report_digest text not null,
    fund_id uuid not null constraint fk_publications_fund references funds (id),
    period_start date not null,
    period_end date not null,
    audience text not null constraint ck_publications_audience check (audience in ('internal', 'panel', 'public')),
    policy text,
    prose text not null,
    document text not null,
    digest text not null,
    released text not null,
    published_by uuid not null constraint fk_publications_published_by references people (id),
    published_at timestamptz not null,
    constraint uq_publications_edition unique (paper_id, edition),
    constraint ck_publications_period check (period_start <= period_end),
    constraint ck_publications_policy check (policy is not null or audience = 'internal')
);
create index ix_publications_fund on publications (fund_id, published_at);
create table publication_inputs (
    publication_id uuid not null constraint fk_publication_inputs_publication references publications (id),
    return_id uuid not null,
    revision bigint not null,
    digest text not null,
    constraint pk_publication_inputs primary key (publication_id, return_id),
    constraint fk_publication_inputs_revision foreign key (return_id, revision) references revisions (return_id, number)
);
create index ix_publication_inputs_return on publication_inputs (return_id, publication_id);
create table publication_files (
    publication_id uuid not null constraint fk_publication_files_publication references publications (id),
    format text not null,
    media text not null,
    name text not null,
    size bigint not null constraint ck_publication_files_size check (size >= 0),
    bytes bytea not null,
    digest text not null,
    constraint pk_publication_files primary key (publication_id, format)
);
";
