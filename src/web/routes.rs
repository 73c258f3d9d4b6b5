//! Every address on one page: what answers it, whose it is, and how large a form it takes.
//!
//! Invariant: nothing is reached but through [`Gate`]; the list of routes that tests walk is made with the router.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use poem::endpoint::BoxEndpoint;
use poem::http::Method;
use poem::{Endpoint, EndpointExt, IntoEndpoint, Request, Response, Route, RouteMethod};

use super::error::{self, Asked};
use super::gate::{Gate, Size};
use super::session::Door;
use super::{Web, assets, headers, health, log, provider};
use crate::wording::STATIC_ROOT;

/// All routes.
fn table(web: &Web) -> Table {
    let table = Table::default()
        .get("/healthz", Door::Anyone, health::alive)
        .get("/readyz", Door::Anyone, health::ready)
        .get("/", Door::Anyone, provider::front);
    let _ = web;
    provider_routes(table)
}

/// A provider's pages. A section's key may hold one slash: `project/asb`.
fn provider_routes(table: Table) -> Table {
    table
        .form("/r/:token", Door::Anyone, provider::link::show, provider::link::enter)
}

/// One route, as tests see it.
#[derive(Debug, Clone)]
pub struct Line {
    /// The pattern.
    pub path: &'static str,
    /// GET (and HEAD), POST, or both.
    pub methods: Vec<Method>,
    /// Whose it is.
    pub door: Door,
    /// How large a form it takes.
    pub size: Size,
}

/// The routes of this room.
pub fn lines(web: &Web) -> Vec<Line> {
    table(web).lines
}

/// The routes as they are gathered.
#[derive(Default)]
struct Table {
    route: Route,
    lines: Vec<Line>,
}

impl Table {
    /// A page.
    fn get(self, path: &'static str, door: Door, show: impl IntoEndpoint<Endpoint: 'static>) -> Self {
        self.at(path, door, Size::Form, RouteMethod::new().get(show), vec![Method::GET])
    }

    /// A page with a short form.
    fn form(
        self,
        path: &'static str,
        door: Door,
        show: impl IntoEndpoint<Endpoint: 'static>,
        post: impl IntoEndpoint<Endpoint: 'static>,
    ) -> Self {
        self.at(path, door, Size::Form, RouteMethod::new().get(show).post(post), vec![Method::GET, Method::POST])
    }

    /// A page with long narratives.
    fn long_form(
        self,
        path: &'static str,
        door: Door,
        show: impl IntoEndpoint<Endpoint: 'static>,
        post: impl IntoEndpoint<Endpoint: 'static>,
    ) -> Self {
        self.at(path, door, Size::LongForm, RouteMethod::new().get(show).post(post), vec![Method::GET, Method::POST])
    }

    /// An act without a page of its own.
    fn post(self, path: &'static str, door: Door, size: Size, post: impl IntoEndpoint<Endpoint: 'static>) -> Self {
        self.at(path, door, size, RouteMethod::new().post(post), vec![Method::POST])
    }

    fn at(mut self, path: &'static str, door: Door, size: Size, inner: RouteMethod, methods: Vec<Method>) -> Self {
        self.route = self.route.at(path, Gate { path, door, size, inner });
        self.lines.push(Line { path, methods, door, size });
        self
    }
}

/// The whole room, as one endpoint that never fails.
pub fn app(web: Web) -> App {
    let inner = table(&web).route.nest(STATIC_ROOT, assets::Assets);
    App { web, inner: inner.map_to_response().boxed() }
}

/// See [`app`].
pub struct App {
    web: Web,
    inner: BoxEndpoint<'static, Response>,
}

impl Endpoint for App {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let line = log::Line::begin(&mut request);
        let asked = Asked::of(&request, &line.reference);
        request.set_data(self.web.clone());
        let mut response = match AssertUnwindSafe(self.inner.call(request)).catch_unwind().await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => error::answer(&self.web, &asked, error),
            Err(_) => error::panicked(&self.web, &asked),
        };
        headers::add(&mut response, &self.web.deps.base_url);
        line.end(response.status());
        Ok(response)
    }
}
