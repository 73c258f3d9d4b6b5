//! The funds that a paper tells of: its own, and where its report goes across funds those of the same commissioner.
//!
//! Invariant: the paper's own fund is always among them, and comes first; a fund of another commissioner never is.

use countersign_domain::ids::FundId;
use countersign_domain::register::Fund;

use crate::service::ServiceError;
use crate::store::{Connection, register};

/// The funds of a paper.
#[derive(Debug, Clone)]
pub(in crate::service) struct Funds {
    /// The one that the paper was begun for.
    pub(in crate::service) own: Fund,
    /// The others that its report tells of, by title.
    pub(in crate::service) others: Vec<Fund>,
}

impl Funds {
    /// Those of a paper that was begun for this fund.
    pub(in crate::service) async fn of(
        conn: &impl Connection,
        fund: FundId,
        across: bool,
    ) -> Result<Self, ServiceError> {
        let own = register::get_fund(conn, fund).await?;
        let mut others = match across {
            true => register::all_funds(conn).await?,
            false => Vec::new(),
        };
        others.retain(|other| other.id != own.id && other.commissioner == own.commissioner);
        Ok(Self { own, others })
    }

    /// All of them, the paper's own first.
    pub(in crate::service) fn all(&self) -> impl Iterator<Item = &Fund> {
        std::iter::once(&self.own).chain(&self.others)
    }
}
