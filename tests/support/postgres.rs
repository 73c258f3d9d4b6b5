//! A database of its own for each test, on both kinds of database.
//!
//! Invariant: a test that needs PostgreSQL and has none fails and says how to give it one; none is skipped.

use std::sync::atomic::{AtomicU32, Ordering};

use countersign::store::Store;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use tempfile::TempDir;

/// Where the address of a PostgreSQL server is that may make databases.
pub const VARIABLE: &str = "COUNTERSIGN_TEST_POSTGRES";

/// A database with its tables, made for one test.
pub struct TestDatabase {
    /// The store over it.
    pub store: Store,
    /// Its address.
    pub url: String,
    home: Home,
}

/// What is removed in the end.
enum Home {
    Folder(TempDir),
    Server { server: String, name: String },
}

impl TestDatabase {
    /// A SQLite file in a folder of its own, with its tables.
    pub async fn sqlite() -> Self {
        let database = Self::empty_sqlite().await;
        database.store.migrate().await.expect("the tables are made");
        database
    }

    /// A database of its own on the server, with its tables.
    pub async fn postgres() -> Self {
        let database = Self::empty_postgres().await;
        database.store.migrate().await.expect("the tables are made");
        database
    }

    /// A SQLite file without tables.
    pub async fn empty_sqlite() -> Self {
        let folder = TempDir::new().expect("a folder");
        let url = format!("sqlite://{}", folder.path().join("countersign.db").display());
        let store = Store::open(&url).await.expect("the file is opened");
        Self {
            store,
            url,
            home: Home::Folder(folder),
        }
    }

    /// A database on the server, without tables.
    pub async fn empty_postgres() -> Self {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let server = std::env::var(VARIABLE).unwrap_or_else(|_| {
            panic!(
                "{VARIABLE} is not set. It must be the address of a PostgreSQL server where databases may be made, such as \
                 postgres://postgres:secret@localhost:5432/postgres. `./test` starts one and sets it."
            )
        });
        let name = format!(
            "countersign_test_{}_{}",
            std::process::id(),
            MADE.fetch_add(1, Ordering::Relaxed)
        );
        let (before, _) = server.rsplit_once('/').expect("the address ends in a database's name");
        let url = format!("{before}/{name}");
        run(&server, &format!("create database {name}")).await;
        let store = Store::open(&url).await.expect("the database is opened");
        Self {
            store,
            url,
            home: Home::Server { server, name },
        }
    }

    /// A connection past the store, for what only somebody with the database in their hands can do.
    pub async fn behind_the_store(&self) -> DatabaseConnection {
        Database::connect(&self.url).await.expect("the database is opened")
    }

    /// Closes it and removes it.
    pub async fn remove(self) {
        self.store.close().await;
        match self.home {
            Home::Folder(folder) => folder.close().expect("the folder is removed"),
            Home::Server { server, name } => run(&server, &format!("drop database {name} with (force)")).await,
        }
    }
}

async fn run(server: &str, sql: &str) {
    let connection = Database::connect(server).await.expect("the server is there");
    connection.execute_unprepared(sql).await.expect("the server does it");
    connection.close().await.expect("the server lets go");
}
