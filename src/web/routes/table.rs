//! The table that routes are gathered in.
//!
//! Invariant: nothing is put in it but behind [`Gate`]; the list of routes that tests walk is made with the router.

use poem::http::Method;
use poem::{IntoEndpoint, Route, RouteMethod};

use super::super::gate::{Gate, Size};
use super::super::session::Door;

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

/// The routes as they are gathered.
#[derive(Default)]
pub(super) struct Table {
    pub(super) route: Route,
    pub(super) lines: Vec<Line>,
}

impl Table {
    /// A page.
    pub(super) fn get(self, path: &'static str, door: Door, show: impl IntoEndpoint<Endpoint: 'static>) -> Self {
        self.at(path, door, Size::Form, RouteMethod::new().get(show), vec![Method::GET])
    }

    /// A page with a short form.
    pub(super) fn form(
        self,
        path: &'static str,
        door: Door,
        show: impl IntoEndpoint<Endpoint: 'static>,
        post: impl IntoEndpoint<Endpoint: 'static>,
    ) -> Self {
        self.at(
            path,
            door,
            Size::Form,
            RouteMethod::new().get(show).post(post),
            vec![Method::GET, Method::POST],
        )
    }

    /// A page with long narratives.
    pub(super) fn long_form(
        self,
        path: &'static str,
        door: Door,
        show: impl IntoEndpoint<Endpoint: 'static>,
        post: impl IntoEndpoint<Endpoint: 'static>,
    ) -> Self {
        self.at(
            path,
            door,
            Size::LongForm,
            RouteMethod::new().get(show).post(post),
            vec![Method::GET, Method::POST],
        )
    }

    /// A page with a form that brings a file.
    pub(super) fn upload(
        self,
        path: &'static str,
        door: Door,
        show: impl IntoEndpoint<Endpoint: 'static>,
        post: impl IntoEndpoint<Endpoint: 'static>,
    ) -> Self {
        let inner = RouteMethod::new().get(show).post(post);
        self.at(path, door, Size::Upload, inner, vec![Method::GET, Method::POST])
    }

    /// An act without a page of its own.
    pub(super) fn post(
        self,
        path: &'static str,
        door: Door,
        size: Size,
        post: impl IntoEndpoint<Endpoint: 'static>,
    ) -> Self {
        self.at(path, door, size, RouteMethod::new().post(post), vec![Method::POST])
    }

    fn at(mut self, path: &'static str, door: Door, size: Size, inner: RouteMethod, methods: Vec<Method>) -> Self {
        self.route = self.route.at(
            path,
            Gate {
                path,
                door,
                size,
                inner,
            },
        );
        self.lines.push(Line {
            path,
            methods,
            door,
            size,
        });
        self
    }
}
