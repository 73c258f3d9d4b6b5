//! How much, how fast and how often: bodies are counted as they come in, and tries by client address.
//!
//! Invariant: no body is read further than its route allows, whatever its headers say of it, and no slower than
//! [`LEAST_RATE`].

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use http_body_util::BodyExt;
use hyper::body::Bytes;
use poem::Body;
use tokio::time::Instant;

use super::WebError;
use super::address::counted_as;

/// The largest body of a short form, in bytes.
pub const FORM: usize = 64 * 1024;
/// The largest body of a section of a return, in bytes: its narratives are long.
pub const LONG_FORM: usize = 512 * 1024;
/// The largest body of an upload, in bytes. A file may have 20 MB; a larger one is read past and turned back beside its
/// question, with all that was typed around it. This is where reading past ends.
pub const UPLOAD: usize = 128 * 1024 * 1024;
/// How many uploads are held in memory at once.
pub const UPLOADS_AT_ONCE: usize = 8;

/// The slowest that a body may come in, in bytes a second.
pub const LEAST_RATE: u64 = 1024;
/// How long a body may take before its rate is judged.
pub const GRACE: Duration = Duration::from_secs(10);

/// Reads a body of at most `most` bytes.
///
/// # Errors
/// [`WebError::TooLarge`] when there is more: up to twice as much again is read and dropped first, since a browser
/// shows no answer that comes while it is still sending. [`WebError::TooSlow`] when it falls behind the least rate.
pub async fn read(body: Body, most: usize) -> Result<Bytes, WebError> {
    read_within(body, most, GRACE).await
}

async fn read_within(body: Body, most: usize, grace: Duration) -> Result<Bytes, WebError> {
    let mut body: http_body_util::combinators::BoxBody<Bytes, std::io::Error> = body.into();
    let began = Instant::now();
    let (mut kept, mut came) = (Vec::new(), 0usize);
    loop {
        let by = began + grace + Duration::from_secs(came as u64 / LEAST_RATE);
        let frame = match tokio::time::timeout_at(by, body.frame()).await {
            Err(_) => return Err(WebError::TooSlow),
            Ok(None) => break,
            Ok(Some(Err(_))) => return Err(WebError::Broken),
            Ok(Some(Ok(frame))) => frame,
        };
        let Some(data) = frame.data_ref() else { continue };
        came = came.saturating_add(data.len());
        if came <= most {
            kept.extend_from_slice(data);
        } else if came > most.saturating_mul(3) {
            break;
        }
    }
    if came > most {
        Err(WebError::TooLarge { most })
    } else {
        Ok(kept.into())
    }
}

/// What went wrong while a body was passed on piece by piece.
pub type Fault = Arc<Mutex<Option<WebError>>>;

/// A body that is passed on piece by piece, no more than `most` bytes and no slower than the least rate. When it is, it
/// ends in an error, and the cause is in the fault.
pub fn passed_on(body: Body, most: usize) -> (Body, Fault) {
    let fault = Fault::default();
    let body: http_body_util::combinators::BoxBody<Bytes, std::io::Error> = body.into();
    let began = Instant::now();
    let start = Some((body, 0usize, fault.clone()));
    let pieces = futures_util::stream::unfold(start, move |state| async move {
        let (mut body, came, fault) = state?;
        let failed = |error: WebError| {
            *fault.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            Some((Err(std::io::Error::other("the body was not read to its end")), None))
        };
        loop {
            let by = began + GRACE + Duration::from_secs(came as u64 / LEAST_RATE);
            let frame = match tokio::time::timeout_at(by, body.frame()).await {
                Err(_) => return failed(WebError::TooSlow),
                Ok(None) => return None,
                Ok(Some(Err(_))) => return failed(WebError::Broken),
                Ok(Some(Ok(frame))) => frame,
            };
            let Ok(data) = frame.into_data() else { continue };
            let came = came.saturating_add(data.len());
            if came > most {
                return failed(WebError::TooLarge { most });
            }
            return Some((Ok(data), Some((body, came, fault))));
        }
    });
    (Body::from_bytes_stream(pieces), fault)
}

/// Counts tries by client address, in memory: what must hold across replicas is counted in the database besides.
pub struct Throttle {
    tries: DefaultKeyedRateLimiter<IpAddr>,
}

/// Tries at a link or at signing in that one address may make at once, and again within a minute.
const TRIES_A_MINUTE: NonZeroU32 = NonZeroU32::new(30).expect("above nought");

impl Throttle {
    /// With nothing counted yet.
    pub fn new() -> Throttle {
        Throttle {
            tries: RateLimiter::keyed(Quota::per_minute(TRIES_A_MINUTE)),
        }
    }

    /// Counts a try.
    ///
    /// # Errors
    /// [`WebError::TooMany`] when the address has made too many.
    pub fn count(&self, client: IpAddr) -> Result<(), WebError> {
        self.tries
            .check_key(&counted_as(client))
            .map_err(|_| WebError::TooMany { minutes: 1 })
    }

    /// Forgets addresses that have been quiet for a while; to be called now and then.
    pub fn tidy(&self) {
        self.tries.retain_recent();
        self.tries.shrink_to_fit();
    }
}

impl Default for Throttle {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_body_is_read_up_to_its_limit() {
        let read = async |bytes: usize| read(Body::from_vec(vec![b'x'; bytes]), 1000).await;
        assert_eq!(read(1000).await.unwrap().len(), 1000);
        assert!(matches!(read(1001).await, Err(WebError::TooLarge { most: 1000 })));
        assert!(matches!(read(1_000_000).await, Err(WebError::TooLarge { .. })));
        assert!(read(0).await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_body_that_does_not_come_is_given_up() {
        let (mut ours, theirs) = tokio::io::duplex(64);
        let body = Body::from_async_read(theirs);
        tokio::io::AsyncWriteExt::write_all(&mut ours, b"a=").await.unwrap();
        assert!(matches!(
            read_within(body, 1000, Duration::ZERO).await,
            Err(WebError::TooSlow)
        ));
        drop(ours);
    }

    #[test]
    fn tries_are_counted_for_each_address() {
        let throttle = Throttle::new();
        let one: IpAddr = "203.0.113.1".parse().unwrap();
        let passed = (0..100).filter(|_| throttle.count(one).is_ok()).count();
        assert_eq!(passed, 30);
        throttle.count("203.0.113.2".parse().unwrap()).unwrap();
    }
}
