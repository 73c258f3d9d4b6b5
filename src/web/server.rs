//! The accept loop: how connections come in, how long they may dawdle, and how they are let go.
//!
//! Invariant: a client that sends nothing, or sends slowly, holds a place for a bounded time, and one address holds a
//! bounded number of places.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http_body_util::combinators::BoxBody;
use hyper::body::{Bytes, Incoming};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use poem::http::uri::Scheme;
use poem::web::{LocalAddr, RemoteAddr};
use poem::{Addr, Endpoint, Response};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::address::{Network, counted_as};

/// What connections are allowed.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Connections at once.
    pub connections: usize,
    /// Connections at once from one address; trusted proxies are not counted.
    pub connections_of_one: usize,
    /// How long a new connection may take to its first byte, and a request's headers to be whole.
    pub header_time: Duration,
    /// How long requests may still take once the server is told to stop.
    pub drain_time: Duration,
    /// Proxies in front of the server.
    pub trusted_proxies: Arc<[Network]>,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            connections: 1024,
            connections_of_one: 64,
            header_time: Duration::from_secs(10),
            drain_time: Duration::from_secs(10),
            trusted_proxies: Arc::from([]),
        }
    }
}

/// Serves until `stop` is done, then lets running requests end.
pub async fn serve<E>(listener: TcpListener, app: E, limits: Limits, stop: impl Future<Output = ()>)
where
    E: Endpoint<Output = Response> + 'static,
{
    let server = Arc::new(Server {
        app,
        places: Arc::new(Semaphore::new(limits.connections)),
        held: Arc::default(),
        limits,
    });
    let graceful = GracefulShutdown::new();
    let (open, closing) = watch::channel(());
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                if let Some(place) = server.place(peer) {
                    let server = server.clone();
                    let ends = (graceful.watcher(), closing.clone());
                    tokio::spawn(server.connection(stream, peer, place, ends));
                }
            }
            Err(error) => {
                // Out of file handles, most likely: without a rest this would spin.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    drop(listener);
    // Whoever has connected and asked nothing yet is not waited for.
    drop(open);
    if tokio::time::timeout(server.limits.drain_time, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("some requests were still running when the server stopped");
    }
}

struct Server<E> {
    app: E,
    limits: Limits,
    places: Arc<Semaphore>,
    held: Held,
}

type Held = Arc<Mutex<HashMap<IpAddr, usize>>>;

/// A connection's place; given back when dropped.
struct Place {
    _permit: OwnedSemaphorePermit,
    counted: Option<(IpAddr, Held)>,
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some((address, held)) = &self.counted {
            let mut held = held.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(count) = held.get_mut(address) {
                *count -= 1;
                if *count == 0 {
                    held.remove(address);
                }
            }
        }
    }
}

impl<E: Endpoint<Output = Response> + 'static> Server<E> {
    /// A place for a connection, or none when all, or all of this address, are taken.
    fn place(&self, peer: SocketAddr) -> Option<Place> {
        let permit = self.places.clone().try_acquire_owned().ok()?;
        if self
            .limits
            .trusted_proxies
            .iter()
            .any(|proxy| proxy.contains(peer.ip()))
        {
            return Some(Place {
                _permit: permit,
                counted: None,
            });
        }
        let address = counted_as(peer.ip());
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let count = held.entry(address).or_default();
        if *count >= self.limits.connections_of_one {
            return None;
        }
        *count += 1;
        Some(Place {
            _permit: permit,
            counted: Some((address, self.held.clone())),
        })
    }

    async fn connection(
        self: Arc<Self>,
        stream: TcpStream,
        peer: SocketAddr,
        place: Place,
        (watcher, mut closing): (Watcher, watch::Receiver<()>),
    ) {
        let Ok(local) = stream.local_addr() else { return };
        stream.set_nodelay(true).ok();
        let mut byte = [0; 1];
        let asked = tokio::select! {
            first_byte = tokio::time::timeout(self.limits.header_time, stream.peek(&mut byte)) => {
                matches!(first_byte, Ok(Ok(1)))
            }
            _ = closing.changed() => false,
        };
        if !asked {
            return;
        }
        let mut builder = auto::Builder::new(TokioExecutor::new()).http1_only();
        builder
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.header_time)
            .keep_alive(true)
            .max_buf_size(64 * 1024);
        let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
            let server = self.clone();
            async move {
                let local = LocalAddr(Addr::SocketAddr(local));
                let remote = RemoteAddr(Addr::SocketAddr(peer));
                let response = server
                    .app
                    .get_response((request, local, remote, Scheme::HTTP).into())
                    .await;
                Ok::<hyper::Response<BoxBody<Bytes, std::io::Error>>, Infallible>(response.into())
            }
        });
        let connection = watcher.watch(builder.serve_connection(TokioIo::new(stream), service).into_owned());
        // What ends a connection early is the client's affair.
        let _ = connection.await;
        drop(place);
    }
}
