//! How a page is put together: its frame, and what the page itself shows.
//!
//! Invariant: every page has the same frame, so that a title, a token and a way back are never forgotten.

use poem::http::{StatusCode, header};
use poem::{Body, Response};
use serde::Serialize;
use serde_json::{Value, json};

use super::{Web, WebError};
use crate::wording::WordingError;

/// What is around a page's content.
#[derive(Debug, Clone, Serialize)]
pub struct Frame {
    title: String,
    lang: &'static str,
    csrf: String,
    nav: Vec<Nav>,
    back: Option<String>,
    signed_in: Option<String>,
    sign_out: Option<&'static str>,
    has_errors: bool,
    #[serde(skip)]
    status: StatusCode,
}

/// One entry of the navigation at the top.
#[derive(Debug, Clone, Serialize)]
pub struct Nav {
    /// What it says.
    pub text: String,
    /// Where it leads.
    pub href: String,
    /// Whether the page is within it.
    pub current: bool,
}

impl Frame {
    /// A page with a title and the token that its forms carry.
    pub fn new(title: impl Into<String>, csrf: &str) -> Frame {
        Frame {
            title: title.into(),
            lang: "en",
            csrf: csrf.to_owned(),
            nav: Vec::new(),
            back: None,
            signed_in: None,
            sign_out: None,
            has_errors: false,
            status: StatusCode::OK,
        }
    }

    /// With a link back.
    #[must_use]
    pub fn back(mut self, to: impl Into<String>) -> Frame {
        self.back = Some(to.into());
        self
    }

    /// With the name of who is signed in, and the address that signs them out.
    #[must_use]
    pub fn signed_in(mut self, name: &str, sign_out: &'static str) -> Frame {
        self.signed_in = Some(name.to_owned());
        self.sign_out = Some(sign_out);
        self
    }

    /// With navigation.
    #[must_use]
    pub fn nav(mut self, nav: Vec<Nav>) -> Frame {
        self.nav = nav;
        self
    }

    /// Says in the title that something needs to be put right.
    #[must_use]
    pub fn has_errors(mut self, has_errors: bool) -> Frame {
        self.has_errors = has_errors;
        self
    }

    /// With another status than 200.
    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Frame {
        self.status = status;
        self
    }
}

impl Web {
    /// Renders a page by its path under `templates/pages`, with `context` (a map) beside `page`, `demo` and `preview`.
    ///
    /// # Errors
    /// When the template names something that is not there.
    pub fn page(&self, frame: Frame, template: &str, context: impl Serialize) -> Result<Response, WebError> {
        let status = frame.status;
        let html = self
            .deps
            .wording
            .page(template, self.framed(frame, template, context)?)?;
        Ok(Response::builder()
            .status(status)
            .header(header::CONTENT_TYPE, "text/html; charset=utf-8")
            .body(Body::from_string(html)))
    }

    fn framed(&self, frame: Frame, template: &str, context: impl Serialize) -> Result<Value, WebError> {
        let wrong = |problem: String| WordingError {
            name: template.to_owned(),
            problem,
        };
        let mut whole = match serde_json::to_value(context).map_err(|error| wrong(error.to_string()))? {
            Value::Object(map) => map,
            Value::Null => serde_json::Map::new(),
            _ => return Err(wrong("what a page shows must be a map".to_owned()).into()),
        };
        let frame = serde_json::to_value(frame).map_err(|error| wrong(error.to_string()))?;
        whole.insert("page".to_owned(), frame);
        whole.insert("demo".to_owned(), self.demo_bar());
        whole.insert("preview".to_owned(), Value::Bool(self.preview.is_some()));
        Ok(Value::Object(whole))
    }

    fn demo_bar(&self) -> Value {
        self.demo.as_ref().map_or(Value::Null, |demo| {
            let today = countersign_domain::calendar::local_date(self.now());
            json!({
                "date": today.to_string(),
                "day_words": today.format("%A %-d %B %Y").to_string(),
                "next_event": demo.next_event_words(),
            })
        })
    }
}
