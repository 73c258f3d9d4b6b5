//! The one place that reads the time.
//!
//! Invariant: nothing else in the program asks the system for the time; everything below is given `now`.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Duration, DurationRound, Utc};

/// Where `now` comes from. Cheap to clone; clones of a moved or set clock move together.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The system's time.
    System,
    /// The system's time moved by so many milliseconds: the demo's.
    Moved(Arc<AtomicI64>),
    /// Stands still at so many microseconds since 1970 until it is set: the tests'.
    Set(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that goes on from `start`.
    pub fn moved_to(start: DateTime<Utc>) -> Clock {
        let clock = Clock::Moved(Arc::new(AtomicI64::new(0)));
        clock.go_to(start);
        clock
    }

    /// A clock that stands still at `at`.
    pub fn set_at(at: DateTime<Utc>) -> Clock {
        Clock::Set(Arc::new(AtomicI64::new(at.timestamp_micros())))
    }

    /// The time, in whole microseconds: what both databases keep.
    #[allow(clippy::disallowed_methods, reason = "this is the one place")]
    pub fn now(&self) -> DateTime<Utc> {
        let now = match self {
            Clock::System => Utc::now(),
            Clock::Moved(millis) => Utc::now() + Duration::milliseconds(millis.load(Ordering::SeqCst)),
            Clock::Set(micros) => {
                DateTime::from_timestamp_micros(micros.load(Ordering::SeqCst)).unwrap_or(DateTime::UNIX_EPOCH)
            }
        };
        now.duration_trunc(Duration::microseconds(1)).unwrap_or(now)
    }

    /// Moves to `at`. The system's clock is not moved by anyone: then this does nothing.
    #[allow(clippy::disallowed_methods, reason = "this is the one place")]
    pub fn go_to(&self, at: DateTime<Utc>) {
        match self {
            Clock::System => {}
            Clock::Moved(millis) => millis.store((at - Utc::now()).num_milliseconds(), Ordering::SeqCst),
            Clock::Set(micros) => micros.store(at.timestamp_micros(), Ordering::SeqCst),
        }
    }
}
