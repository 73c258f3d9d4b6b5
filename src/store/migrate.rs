//! Bringing the tables up to this version.
//!
//! Invariant: all pending migrations or none; two servers that start at once do it one after the other; a database made by
//! a newer version is left alone.

use countersign_migrations::{Migrator, MigratorTrait, names};
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use super::connection::sealed::Raw;
use super::{Store, StoreError};

/// Every server that migrates one PostgreSQL database takes this lock: the letters of `csign`.
const LOCK: i64 = 0x63_73_69_67_6e;

impl Store {
    /// Applies what is pending, in one transaction, and says how many that were.
    ///
    /// # Errors
    /// [`StoreError::Newer`] for a database of a newer version; then, and on any other error, nothing is changed.
    pub async fn migrate(&self) -> Result<u32, StoreError> {
        // SQLite's turn to write is its lock. PostgreSQL's lock goes with the transaction, and what another server
        // committed while this one waited is seen by the statements after it.
        let tx = self.begin().await?;
        if self.backend() == DbBackend::Postgres {
            tx.raw()
                .execute_unprepared(&format!("select pg_advisory_xact_lock({LOCK})"))
                .await?;
        }
        let pending = pending(tx.raw()).await?;
        Migrator::up(tx.raw(), None).await?;
        tx.commit().await?;
        Ok(pending)
    }

    /// How many migrations [`Store::migrate`] would apply. Changes nothing.
    ///
    /// # Errors
    /// [`StoreError::Newer`] for a database of a newer version.
    pub async fn pending_migrations(&self) -> Result<u32, StoreError> {
        pending(self.read().raw()).await
    }

    /// Whether there is no table in the database, whoever made it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn is_empty(&self) -> Result<bool, StoreError> {
        let sql = match self.backend() {
            DbBackend::Postgres => {
                "select 1 from information_schema.tables where table_schema not in ('pg_catalog', 'information_schema') limit 1"
            }
            _ => "select 1 from sqlite_master limit 1",
        };
        let reader = self.read();
        let found = reader
            .raw()
            .query_one_raw(Statement::from_string(self.backend(), sql))
            .await?;
        Ok(found.is_none())
    }

    /// Undoes every migration, and everything that was kept with it. For trying the way down, never for a live server.
    ///
    /// # Errors
    /// When a table cannot be dropped; then nothing is changed.
    pub async fn undo_migrations(&self) -> Result<(), StoreError> {
        let tx = self.begin().await?;
        Migrator::down(tx.raw(), None).await?;
        tx.commit().await
    }
}

async fn pending<C: ConnectionTrait>(db: &C) -> Result<u32, StoreError> {
    let applied = applied(db).await?;
    let known = names();
    if let Some(newer) = applied.iter().find(|applied| !known.contains(applied)) {
        return Err(StoreError::Newer { name: newer.clone() });
    }
    let pending = known.iter().filter(|name| !applied.contains(name)).count();
    Ok(u32::try_from(pending).unwrap_or(u32::MAX))
}

/// The names of the migrations that were applied; none where there is no table of them yet.
async fn applied<C: ConnectionTrait>(db: &C) -> Result<Vec<String>, StoreError> {
    let backend = db.get_database_backend();
    let is_there = match backend {
        DbBackend::Postgres => "select 1 where to_regclass('seaql_migrations') is not null",
        _ => "select 1 from sqlite_master where name = 'seaql_migrations'",
    };
    if db
        .query_one_raw(Statement::from_string(backend, is_there))
        .await?
        .is_none()
    {
        return Ok(Vec::new());
    }
    let all = Statement::from_string(backend, "select version from seaql_migrations order by version");
    let rows = db.query_all_raw(all).await?;
    Ok(rows
        .iter()
        .map(|row| row.try_get_by_index::<String>(0))
        .collect::<Result<_, _>>()?)
}
