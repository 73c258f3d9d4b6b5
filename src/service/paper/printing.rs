//! Printing: a document's files, made where they hold nothing else up.
//!
//! Invariant: as many print at once as there is room for, and no more; whoever comes later waits their turn.

use std::sync::Arc;

use countersign_domain::document::Document;
use tokio::sync::Semaphore;

use super::print::{Format, Print};
use crate::service::ServiceError;

/// How many documents are printed at once. A long PDF takes a processor for a second and much memory.
const AT_ONCE: usize = 2;

/// The printer, with those who wait for it.
#[derive(Clone)]
pub struct Press {
    printer: Arc<dyn Print>,
    turns: Arc<Semaphore>,
}

impl Press {
    /// A press of this printer.
    pub fn new(printer: Arc<dyn Print>) -> Press {
        Press {
            printer,
            turns: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// What a document can be had as here.
    pub fn formats(&self) -> &'static [Format] {
        self.printer.formats()
    }

    /// The bytes of one format.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] in the printer's words; [`ServiceError::Internal`] when it broke off.
    pub async fn print(&self, document: &Arc<Document>, format: Format) -> Result<Vec<u8>, ServiceError> {
        let _turn = self.turns.acquire().await.map_err(ServiceError::internal)?;
        let (printer, document) = (self.printer.clone(), document.clone());
        tokio::task::spawn_blocking(move || printer.print(&document, format))
            .await
            .map_err(ServiceError::internal)?
            .map_err(ServiceError::Unavailable)
    }
}
