//! How much, how fast and how often: bodies are counted as they come in, and tries by client address.
//!
//! Invariant: no body is read further than its route allows, whatever its headers say of it, and no slower than
//! [`LEAST_RATE`].

use std::net::IpAddr;
use std::num::NonZeroU32;
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
/// The largest body of an upload, in bytes: a file of 20 MB and what is around it.
pub const UPLOAD: usize = 21 * 1024 * 1024;
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
