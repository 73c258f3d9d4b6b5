//! The tables of Countersign, one set of migrations for SQLite and PostgreSQL.
//!
//! Invariant: a migration that was released is never edited; each can be undone; each runs inside a transaction; none
//! names an entity, so that an old migration keeps its meaning when the code moves on.
//!
//! The tables are written as SQL, because the same words serve both databases: SQLite takes any type name, and what is
//! stored decides what is read back. The few places where the two differ are in `dialect`.

use sea_orm_migration::prelude::*;

pub use sea_orm_migration::MigratorTrait;

mod dialect;
mod m20261122_000001_register;
mod m20261122_000002_returns;
mod m20261122_000003_access;
mod m20261122_000004_notices;
mod m20261122_000005_ledger;
mod m20261122_000006_rounds;
mod m20261122_000007_figures;
mod m20261122_000008_decisions;
mod m20261122_000009_figures_of_forms;
mod m20261122_000010_papers;
mod m20261122_000011_on_time;

/// Every migration, oldest first.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_register::Migration),
            Box::new(m20261122_000002_returns::Migration),
            Box::new(m20261122_000003_access::Migration),
            Box::new(m20261122_000004_notices::Migration),
            Box::new(m20261122_000005_ledger::Migration),
            Box::new(m20261122_000006_rounds::Migration),
            Box::new(m20261122_000007_figures::Migration),
            Box::new(m20261122_000008_decisions::Migration),
            Box::new(m20261122_000009_figures_of_forms::Migration),
            Box::new(m20261122_000010_papers::Migration),
            Box::new(m20261122_000011_on_time::Migration),
        ]
    }
}

/// The names of every migration, oldest first: what a database is compared with.
#[must_use]
pub fn names() -> Vec<String> {
    Migrator::migrations()
        .iter()
        .map(|migration| migration.name().to_owned())
        .collect()
}
