//! The one room that names poem: addresses, guards and pages.
//!
//! Invariant: a handler extracts, calls one service function and replies; it decides nothing.

pub mod address;
pub mod as_typed;
pub mod assets;
pub mod csrf;
pub mod demo;
pub mod error;
pub mod gate;
pub mod grid;
pub mod headers;
pub mod health;
pub mod kept;
pub mod limits;
pub mod log;
pub mod office;
pub mod officer;
pub mod onward;
pub mod posted;
pub mod preview;
pub mod provider;
pub mod routes;
pub mod said;
pub mod server;
pub mod session;
pub mod view;

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::clock::Clock;
use crate::files::Files;
use crate::service::Deps;

pub use error::WebError;
pub use posted::Posted;
pub use session::{HalfOfficeSession, OfficeSession, ProviderSession};
pub use view::Frame;

/// What a handler answers: a page, or what is turned into the error page in one place.
pub type Reply = Result<poem::Response, WebError>;

/// What every handler works with. Cheap to clone.
#[derive(Clone)]
pub struct Web {
    /// What the services work with.
    pub deps: Deps,
    /// Where uploads are kept.
    pub files: Files,
    /// Where `now` comes from.
    pub clock: Clock,
    /// The counts of tries, by client address.
    pub throttle: Arc<limits::Throttle>,
    /// How many uploads may be read into memory at once.
    pub uploads: Arc<tokio::sync::Semaphore>,
    /// Proxies whose word about the client's address is taken.
    pub trusted_proxies: Arc<[address::Network]>,
    /// Set in the demo, and only there.
    pub demo: Option<Arc<dyn demo::DemoControl>>,
    /// Set while a form is previewed, and only then.
    pub preview: Option<Arc<preview::Preview>>,
}

impl Web {
    /// A room without a demo that trusts no proxy.
    pub fn new(deps: Deps, files: Files, clock: Clock) -> Web {
        Web {
            deps,
            files,
            clock,
            throttle: Arc::new(limits::Throttle::new()),
            uploads: Arc::new(tokio::sync::Semaphore::new(limits::UPLOADS_AT_ONCE)),
            trusted_proxies: Arc::from([]),
            demo: None,
            preview: None,
        }
    }

    /// Believes these proxies about who is behind them.
    #[must_use]
    pub fn behind(mut self, proxies: Vec<address::Network>) -> Web {
        self.trusted_proxies = proxies.into();
        self
    }

    /// Shows the demo's pages and bar.
    #[must_use]
    pub fn with_demo(mut self, demo: Arc<dyn demo::DemoControl>) -> Web {
        self.demo = Some(demo);
        self
    }

    /// Lets whoever comes to the preview's address in, and says on every page that nothing is kept.
    #[must_use]
    pub fn with_preview(mut self, preview: preview::Preview) -> Web {
        self.preview = Some(Arc::new(preview));
        self
    }

    /// The time.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }
}
