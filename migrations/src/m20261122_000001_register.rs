//! The register: organisations, people, funds and their offices, grants and their allocations, virements, forms, and who
//! owes what.
//!
//! Invariant: money is whole pence; a virement is decided by somebody other than who entered it; a published form is
//! never changed.

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
        dialect::create_refusal(manager).await?;
        dialect::run(manager, PARTIES).await?;
        dialect::run(manager, GRANTS).await?;
        dialect::run(manager, OWED).await?;
        dialect::insert_only(manager, "forms").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            "contacts",
            "assignments",
            "forms",
            "virements",
            "allocations",
            "grants",
            "holders",
            "offices",
            "funds",
            "people",
            "organisations",
        ];
        dialect::drop_tables(manager, &tables).await?;
        dialect::drop_refusal(manager).await
    }
}

const PARTIES: &str = "
create table organisations (
    id uuid not null constraint pk_organisations primary key,
    key text not null constraint uq_organisations_key unique,
    name text not null
);
create table people (
    id uuid not null constraint pk_people primary key,
    name text not null,
    email text not null,
    address_key text not null constraint uq_people_address_key unique,
    organisation_id uuid not null constraint fk_people_organisation references organisations (id),
    totp_secret bytea,
    totp_last_step bigint
);
create index ix_people_organisation on people (organisation_id);
create table funds (
    id uuid not null constraint pk_funds primary key,
    key text not null constraint uq_funds_key unique,
    title text not null,
    commissioner_id uuid not null constraint fk_funds_commissioner references organisations (id),
    nation text not null constraint ck_funds_nation
        check (nation in ('england-and-wales', 'scotland', 'northern-ireland')),
    priorities text not null
);
create table offices (
    id uuid not null constraint pk_offices primary key,
    fund_id uuid not null constraint fk_offices_fund references funds (id),
    key text not null,
    title text not null,
    constraint uq_offices_key unique (fund_id, key)
);
create table holders (
    office_id uuid not null constraint fk_holders_office references offices (id),
    person_id uuid not null constraint fk_holders_person references people (id),
    held_from date not null,
    held_to date,
    deputy boolean not null,
    constraint pk_holders primary key (office_id, person_id, held_from),
    constraint ck_holders_dates check (held_to is null or held_from <= held_to)
);
create index ix_holders_person on holders (person_id);
";

const GRANTS: &str = "
create table grants (
    id uuid not null constraint pk_grants primary key,
    fund_id uuid not null constraint fk_grants_fund references funds (id),
    organisation_id uuid not null constraint fk_grants_organisation references organisations (id),
    reference text not null constraint uq_grants_reference unique,
    title text not null,
    amount bigint not null,
    carried_forward bigint not null,
    starts_on date not null,
    ends_on date not null,
    constraint ck_grants_amounts check (amount >= 0 and carried_forward >= 0),
    constraint ck_grants_dates check (starts_on <= ends_on)
);
create index ix_grants_fund on grants (fund_id);
create table allocations (
    id uuid not null constraint pk_allocations primary key,
    grant_id uuid not null constraint fk_allocations_grant references grants (id),
    key text not null,
    title text not null,
    provider_id uuid not null constraint fk_allocations_provider references organisations (id),
    approved bigint not null,
    uncovered bigint not null,
    contract_total bigint,
    priorities text not null,
    position integer not null,
    constraint uq_allocations_key unique (grant_id, key),
    constraint ck_allocations_amounts check (approved >= 0 and uncovered >= 0)
);
create table virements (
    id uuid not null constraint pk_virements primary key,
    grant_id uuid not null constraint fk_virements_grant references grants (id),
    from_allocation_id uuid not null constraint fk_virements_from references allocations (id),
    to_allocation_id uuid not null constraint fk_virements_to references allocations (id),
    amount bigint not null constraint ck_virements_amount check (amount > 0),
    reason text not null,
    recorded_by uuid not null constraint fk_virements_recorded_by references people (id),
    recorded_at timestamptz not null,
    approved boolean,
    decided_by uuid constraint fk_virements_decided_by references people (id),
    decided_at timestamptz,
    constraint ck_virements_between check (from_allocation_id <> to_allocation_id),
    constraint ck_virements_decided check ((approved is null) = (decided_by is null)
        and (approved is null) = (decided_at is null)),
    constraint ck_virements_another check (decided_by <> recorded_by)
);
create index ix_virements_grant on virements (grant_id);
";

const OWED: &str = "
create table forms (
    id text not null,
    version bigint not null constraint ck_forms_version check (version > 0),
    digest text not null,
    source text not null,
    published_at timestamptz not null,
    constraint pk_forms primary key (id, version)
);
create table assignments (
    id uuid not null constraint pk_assignments primary key,
    form text not null,
    grant_id uuid not null constraint fk_assignments_grant references grants (id),
    allocation_id uuid constraint fk_assignments_allocation references allocations (id),
    organisation_id uuid not null constraint fk_assignments_organisation references organisations (id),
    owed_from date not null,
    owed_to date not null,
    constraint ck_assignments_dates check (owed_from <= owed_to)
);
create index ix_assignments_grant on assignments (grant_id);
create table contacts (
    assignment_id uuid not null constraint fk_contacts_assignment references assignments (id),
    person_id uuid not null constraint fk_contacts_person references people (id),
    lead boolean not null,
    constraint pk_contacts primary key (assignment_id, person_id)
);
create index ix_contacts_person on contacts (person_id);
";
