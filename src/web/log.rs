//! One line for each request: method, route, status, time taken.
//!
//! Invariant: the route's pattern is logged, never the address itself: a link's address is its token. Nor is any
//! header, field or name of a person.

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use poem::Request;
use poem::http::{Method, StatusCode};
use uuid::Uuid;

/// Which route a request took, once it is known.
#[derive(Clone, Default)]
struct Route(Arc<OnceLock<&'static str>>);

/// A request that is being served.
pub(super) struct Line {
    /// What a person can quote of it.
    pub(super) reference: String,
    method: Method,
    route: Route,
    began: Instant,
}

impl Line {
    /// Begins with a request.
    pub(super) fn begin(request: &mut Request) -> Line {
        let route = Route::default();
        request.set_data(route.clone());
        let reference = Uuid::new_v4().simple().to_string()[..12].to_owned();
        Line {
            reference,
            method: request.method().clone(),
            route,
            began: Instant::now(),
        }
    }

    /// Ends with its answer.
    pub(super) fn end(self, status: StatusCode) {
        tracing::info!(
            request = %self.reference,
            method = %self.method,
            route = self.route.0.get().copied().unwrap_or("none"),
            status = status.as_u16(),
            ms = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX),
            "request"
        );
    }
}

/// Notes the route that a request took.
pub(super) fn note_route(request: &Request, path: &'static str) {
    if let Some(route) = request.data::<Route>() {
        let _ = route.0.set(path);
    }
}
