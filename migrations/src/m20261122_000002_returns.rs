//! Returns: the obligation, its drafts, revisions, figures, queries, acts, signatures and documents.
//!
//! Invariant: revisions and acts are only ever inserted; of a signature only its voiding may be written, once; of a figure
//! only its standing.

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
        dialect::run(manager, RETURNS).await?;
        dialect::run(manager, REVISIONS).await?;
        dialect::run(manager, FIGURES).await?;
        dialect::run(manager, HANDS).await?;
        dialect::insert_only(manager, "revisions").await?;
        dialect::insert_only(manager, "acts").await?;
        dialect::refuse_removal(manager, "signatures").await?;
        dialect::frozen(manager, "signatures", &SIGNED).await?;
        dialect::refuse_when(
            manager,
            "signatures",
            "voided",
            "old.voided_at is not null or new.voided_at is null",
        )
        .await?;
        dialect::frozen(manager, "figures", &MEASURED).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            "uploads",
            "signatures",
            "acts",
            "queries",
            "figures",
            "revisions",
            "preparers",
            "explanations",
            "draft_sections",
            "returns",
        ];
        dialect::drop_tables(manager, &tables).await
    }
}

/// What a signature says, which nothing may change.
const SIGNED: [&str; 13] = [
    "id",
    "return_id",
    "revision",
    "stage",
    "person_id",
    "office",
    "as_deputy",
    "typed_name",
    "position",
    "statement",
    "digest",
    "known_by",
    "signed_at",
];

/// What a figure says: all but its standing.
const MEASURED: [&str; 16] = [
    "return_id",
    "revision",
    "measure",
    "allocation_key",
    "kind",
    "value",
    "places",
    "numerator",
    "denominator",
    "approximately",
    "fund_id",
    "grant_id",
    "allocation_id",
    "provider_id",
    "period_start",
    "period_end",
];

const RETURNS: &str = "
create table returns (
    id uuid not null constraint pk_returns primary key,
    reference text not null constraint uq_returns_reference unique,
    assignment_id uuid not null constraint fk_returns_assignment references assignments (id),
    form text not null,
    form_version bigint not null,
    fund_id uuid not null constraint fk_returns_fund references funds (id),
    grant_id uuid not null constraint fk_returns_grant references grants (id),
    allocation_id uuid constraint fk_returns_allocation references allocations (id),
    organisation_id uuid not null constraint fk_returns_organisation references organisations (id),
    period_start date not null,
    period_end date not null,
    opens_on date not null,
    due_on date not null,
    closes_on date not null,
    state text not null constraint ck_returns_state check (state in ('scheduled', 'draft', 'signed-off', 'excused')
        or state like 'in-review:%' or state like 'in-sign-off:%'),
    revision bigint not null,
    signed_revision bigint,
    first_submitted_at timestamptz,
    version bigint not null,
    constraint uq_returns_period unique (assignment_id, period_start, period_end),
    constraint fk_returns_form foreign key (form, form_version) references forms (id, version),
    constraint ck_returns_period check (period_start <= period_end),
    constraint ck_returns_dates check (opens_on <= due_on and due_on <= closes_on),
    constraint ck_returns_revision check (revision >= 0 and (signed_revision is null or signed_revision <= revision))
);
create index ix_returns_fund on returns (fund_id, due_on);
create index ix_returns_grant on returns (grant_id, period_end);
create index ix_returns_form on returns (form, form_version);
create index ix_returns_state on returns (state, opens_on);
create table draft_sections (
    return_id uuid not null constraint fk_draft_sections_return references returns (id),
    section text not null,
    version bigint not null,
    document text not null,
    constraint pk_draft_sections primary key (return_id, section)
);
create table explanations (
    return_id uuid not null constraint pk_explanations primary key
        constraint fk_explanations_return references returns (id),
    version bigint not null,
    document text not null
);
create table preparers (
    return_id uuid not null constraint fk_preparers_return references returns (id),
    person_id uuid not null constraint fk_preparers_person references people (id),
    constraint pk_preparers primary key (return_id, person_id)
);
";

const REVISIONS: &str = "
create table revisions (
    return_id uuid not null constraint fk_revisions_return references returns (id),
    number bigint not null constraint ck_revisions_number check (number > 0),
    document text not null,
    digest text not null,
    submitted_by uuid not null constraint fk_revisions_submitted_by references people (id),
    submitted_at timestamptz not null,
    constraint pk_revisions primary key (return_id, number)
);
create table queries (
    id uuid not null constraint pk_queries primary key,
    return_id uuid not null,
    revision bigint not null,
    section text not null,
    question text not null,
    body text not null,
    asked_by uuid not null constraint fk_queries_asked_by references people (id),
    asked_at timestamptz not null,
    answer text,
    answered_by uuid constraint fk_queries_answered_by references people (id),
    answered_at timestamptz,
    constraint fk_queries_revision foreign key (return_id, revision) references revisions (return_id, number),
    constraint ck_queries_answered check ((answer is null) = (answered_by is null)
        and (answer is null) = (answered_at is null))
);
create index ix_queries_return on queries (return_id, asked_at);
";

/// The covering index answers \"this measure, by project and period\" without touching the table.
const FIGURES: &str = "
create table figures (
    return_id uuid not null,
    revision bigint not null,
    measure text not null,
    allocation_key text not null,
    kind text not null constraint ck_figures_kind check (kind in
        ('money', 'count', 'number', 'percent', 'ratio', 'not-applicable', 'not-known', 'blank')),
    value bigint,
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
    constraint pk_figures primary key (return_id, revision, measure, allocation_key),
    constraint fk_figures_revision foreign key (return_id, revision) references revisions (return_id, number),
    constraint ck_figures_value check ((value is not null) = (kind in ('money', 'count', 'number', 'percent'))),
    constraint ck_figures_ratio check ((numerator is not null) = (kind = 'ratio')
        and (denominator is not null) = (kind = 'ratio')),
    constraint ck_figures_places check ((places is not null) = (kind in ('number', 'percent', 'ratio')))
);
create index ix_figures_measure on figures (fund_id, measure, standing, period_start, grant_id, allocation_id, provider_id,
    period_end, kind, value, places, numerator, denominator, approximately, return_id, revision, allocation_key);
create index ix_figures_grant on figures (grant_id, standing, period_start);
";

const HANDS: &str = "
create table acts (
    id {serial},
    return_id uuid not null constraint fk_acts_return references returns (id),
    action text not null,
    stage text,
    revision bigint not null,
    person_id uuid constraint fk_acts_person references people (id),
    acted_at timestamptz not null,
    reason text
);
create index ix_acts_return on acts (return_id, id);
create table signatures (
    id uuid not null constraint pk_signatures primary key,
    return_id uuid not null,
    revision bigint not null,
    stage text not null,
    person_id uuid not null constraint fk_signatures_person references people (id),
    office text not null,
    as_deputy boolean not null,
    typed_name text not null,
    position text not null,
    statement text not null,
    digest text not null,
    known_by text not null,
    signed_at timestamptz not null,
    voided_at timestamptz,
    voided_reason text,
    constraint fk_signatures_revision foreign key (return_id, revision) references revisions (return_id, number),
    constraint uq_signatures_once unique (return_id, revision, stage),
    constraint ck_signatures_voided check ((voided_at is null) = (voided_reason is null))
);
create table uploads (
    return_id uuid not null constraint fk_uploads_return references returns (id),
    digest text not null,
    name text not null,
    size bigint not null constraint ck_uploads_size check (size >= 0),
    media text not null,
    uploaded_by uuid not null constraint fk_uploads_uploaded_by references people (id),
    uploaded_at timestamptz not null,
    constraint pk_uploads primary key (return_id, digest, name)
);
";
