//! The two ways to the database: a reader, and a transaction that writes.
//!
//! Invariant: a function that writes takes a [`WriteTx`], so that forgetting the transaction does not compile; one that
//! is dropped without `commit` leaves nothing behind.

use sea_orm::{DatabaseConnection, DatabaseTransaction};

use super::StoreError;

/// What a read needs: a [`Reader`], or the [`WriteTx`] in whose light it is to be seen.
pub trait Connection: sealed::Raw {}

pub(super) mod sealed {
    use sea_orm::ConnectionTrait;

    /// The library's own connection, out of sight of everybody else.
    pub trait Raw: Send + Sync {
        type Inner: ConnectionTrait + Send + Sync;
        fn raw(&self) -> &Self::Inner;
    }
}

/// Reads what has been committed. Cheap to clone.
#[derive(Clone)]
pub struct Reader(pub(super) DatabaseConnection);

/// A transaction that may write. Dropped, it is rolled back.
pub struct WriteTx(pub(super) DatabaseTransaction);

impl WriteTx {
    /// Makes everything written in it last.
    ///
    /// # Errors
    /// When the database cannot; then nothing of it lasts.
    pub async fn commit(self) -> Result<(), StoreError> {
        Ok(self.0.commit().await?)
    }

    /// Undoes everything written in it, and waits until that is done.
    ///
    /// # Errors
    /// When the database cannot be reached; nothing of it lasts all the same.
    pub async fn rollback(self) -> Result<(), StoreError> {
        Ok(self.0.rollback().await?)
    }
}

impl sealed::Raw for Reader {
    type Inner = DatabaseConnection;

    fn raw(&self) -> &DatabaseConnection {
        &self.0
    }
}

impl sealed::Raw for WriteTx {
    type Inner = DatabaseTransaction;

    fn raw(&self) -> &DatabaseTransaction {
        &self.0
    }
}

impl Connection for Reader {}
impl Connection for WriteTx {}
