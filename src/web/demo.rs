//! What the demo lets its pages do: move its clock, and say who one can be.
//!
//! Invariant: exists only in `demo`; where [`super::Web::demo`] is none, no page and no address of it is there.

pub mod pages;

use std::future::Future;
use std::pin::Pin;

use crate::service::ServiceError;

/// An answer that comes later, from a trait that can be an object.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The demo's own clock and its people.
pub trait DemoControl: Send + Sync {
    /// Moves to the next day and runs the real tick.
    fn next_day(&self) -> Later<'_, Result<(), ServiceError>>;
    /// Moves to the next day on which something happens, and runs the tick.
    fn next_event(&self) -> Later<'_, Result<(), ServiceError>>;
    /// What happened when the clock was last moved, such as `16 April 2018: a reminder`; empty before that.
    fn happened(&self) -> String;
    /// What the button to the next event says, such as `30 April 2018, a reminder`; none when nothing is ahead.
    fn next_event_words(&self) -> Option<String>;
    /// Who one can be.
    fn people(&self) -> Vec<DemoPerson>;
}

/// Somebody one can be in the demo.
#[derive(Debug, Clone)]
pub struct DemoPerson {
    /// Name.
    pub name: String,
    /// Whose grants they have to do with: a commissioner's name. People of one stand together.
    pub of: String,
    /// What they do, in words.
    pub role_words: String,
    /// Where their mail goes.
    pub address: String,
    /// Whether they sign in at the office.
    pub office: bool,
    /// The secret of their second factor.
    pub totp_secret: Option<Vec<u8>>,
}
