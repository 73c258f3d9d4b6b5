//! The store, every test on both databases.
//!
//! Invariant: what is asserted of one database is asserted of the other; each test has a database of its own.

mod support;

/// One test, run on SQLite and on PostgreSQL. The body is given a [`support::postgres::TestDatabase`] with its tables.
macro_rules! both {
    ($name:ident, |$db:ident| $body:block) => {
        mod $name {
            use super::*;
            use crate::support::postgres::TestDatabase;

            async fn run($db: &TestDatabase) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let database = TestDatabase::sqlite().await;
                run(&database).await;
                database.remove().await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let database = TestDatabase::postgres().await;
                run(&database).await;
                database.remove().await;
            }
        }
    };
}

#[path = "store/access.rs"]
mod access;
#[path = "store/adding_up.rs"]
mod adding_up;
#[path = "store/changes.rs"]
mod changes;
#[path = "store/decisions.rs"]
mod decisions;
#[path = "store/drafts.rs"]
mod drafts;
#[path = "store/figures.rs"]
mod figures;
#[path = "store/finding.rs"]
mod finding;
#[path = "store/fixture.rs"]
mod fixture;
#[path = "store/kept.rs"]
mod kept;
#[path = "store/leases.rs"]
mod leases;
#[path = "store/ledger.rs"]
mod ledger;
#[path = "store/lots.rs"]
mod lots;
#[path = "store/made_up.rs"]
mod made_up;
#[path = "store/on_time.rs"]
mod on_time;
#[path = "store/outbox.rs"]
mod outbox;
#[path = "store/papers.rs"]
mod papers;
#[path = "store/register.rs"]
mod register;
#[path = "store/returns.rs"]
mod returns;
#[path = "store/revisions.rs"]
mod revisions;
#[path = "store/rounds.rs"]
mod rounds;
#[path = "store/schema.rs"]
mod schema;
#[path = "store/standing.rs"]
mod standing;
#[path = "store/transactions.rs"]
mod transactions;
