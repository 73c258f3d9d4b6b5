//! What every request passes before its handler: where it came from, how often, how large, and with which token.
//!
//! Invariant: a handler behind the gate sees a POST only whole, within its size, and with the token of the session
//! that it acts for. What was typed into a form that is turned back is not lost: it goes with the answer.

use std::sync::{Arc, PoisonError};

use hyper::body::Bytes;
use poem::http::header;
use poem::web::{Field, Form, Multipart};
use poem::{Body, Endpoint, FromRequest, Request, RequestBody, Response};
use tokio::io::AsyncReadExt;

use super::kept::{self, Again, Kept};
use super::posted::{Posted, PostedFile, PostedFiles};
use super::session::{self, Door};
use super::{Web, WebError, address, csrf, limits, log};
use crate::files;
use crate::service::session::SessionView;

/// How large the body of a route may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// A short form.
    Form,
    /// A section of a return.
    LongForm,
    /// A file.
    Upload,
}

impl Size {
    /// In bytes.
    pub fn most(self) -> usize {
        match self {
            Size::Form => limits::FORM,
            Size::LongForm => limits::LONG_FORM,
            Size::Upload => limits::UPLOAD,
        }
    }
}

/// A route behind the gate.
pub struct Gate<E> {
    pub(super) path: &'static str,
    pub(super) door: Door,
    pub(super) size: Size,
    pub(super) inner: E,
}

impl<E: Endpoint<Output = Response>> Endpoint for Gate<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        log::note_route(&request, self.path);
        if csrf::is_safe(request.method()) {
            return self.inner.call(request).await;
        }
        let web = Web::of(&request).clone();
        csrf::same_origin(request.headers(), &web.deps.base_url)?;
        // The demo is on this machine alone, and a script that plays it moves its clock often.
        if self.door == Door::Anyone && web.demo.is_none() {
            web.throttle.count(address::of(&request, &web.trusted_proxies))?;
        }
        let found = session::look_up(&request).await;
        let _uploading = match (self.size, &found) {
            (Size::Upload, Ok(Some(_))) => web.uploads.acquire().await.ok(),
            _ => None,
        };
        let action = request.original_uri().path().to_owned();
        let (posted, token) = self.admit(&web, &mut request, &action, found).await?;
        let as_kept = |again| Kept::of(&action, &posted, &token, again);
        self.inner
            .call(request)
            .await
            .map_err(|error| kept::with_typed(error, as_kept))
    }
}

impl<E> Gate<E> {
    /// Reads the body and checks the token; leaves the fields, the files and the session with the request. Answers what
    /// was posted, and the token that it came with.
    async fn admit(
        &self,
        web: &Web,
        request: &mut Request,
        action: &str,
        found: Result<Option<SessionView>, WebError>,
    ) -> Result<(Posted, String), WebError> {
        let let_in = found.as_ref().is_ok_and(|view| self.door.admits(view.as_ref()));
        let (fields, files) = match self.read(request, let_in).await {
            Ok(read) => read,
            // A file from somebody who is not signed in is not waited for, nor is what was typed beside it.
            Err(WebError::TooLarge { .. }) if !let_in && found.is_ok() => {
                return Err(WebError::SignedOut(self.door, None));
            }
            Err(error) => return Err(error),
        };
        let posted = Posted(Arc::new(fields));
        let given = posted.get(csrf::FIELD).to_owned();
        let kept = |csrf: &str, again| Kept::of(action, &posted, csrf, again);
        let view = match found {
            Ok(view) => view,
            Err(error) => return Err(WebError::Typed(Box::new(error), kept(&given, Again::Now))),
        };
        if !let_in {
            return Err(WebError::SignedOut(self.door, Some(kept(&given, Again::SignedIn))));
        }
        let of_session = view.as_ref().map_or_else(String::new, csrf::token_of);
        let anonymous = csrf::anonymous_token(web);
        let for_anyone = self.door == Door::Anyone;
        let right = csrf::is_token(&given, &of_session) || (for_anyone && csrf::is_token(&given, &anonymous));
        if !right {
            return Err(if csrf::of_two_returns(&given, &of_session) && !for_anyone {
                WebError::OtherReturn(kept(&given, Again::SignedIn))
            } else {
                let now = if for_anyone { &anonymous } else { &of_session };
                WebError::Stale(Some(kept(now, Again::Now)))
            });
        }
        if let Some(view) = view {
            request.set_data(view);
        }
        request.set_data(PostedFiles(Arc::new(files)));
        request.set_data(posted.clone());
        Ok((posted, given))
    }

    /// The body's fields and files, of no more than its route allows, or than a form without files from a stranger.
    async fn read(&self, request: &mut Request, let_in: bool) -> Result<Parts, WebError> {
        let most = if let_in {
            self.size.most()
        } else {
            self.size.most().min(limits::LONG_FORM)
        };
        let stated = request
            .header(header::CONTENT_LENGTH)
            .and_then(|length| length.parse::<usize>().ok());
        if stated.is_some_and(|stated| stated > most.saturating_mul(3)) {
            return Err(WebError::TooLarge { most });
        }
        // What was turned back from an upload comes again as a plain form.
        if self.size == Size::Upload && is_multipart(request) {
            let (body, fault) = limits::passed_on(request.take_body(), most);
            return parts(request, body).await.map_err(|error| {
                let cause = fault.lock().unwrap_or_else(PoisonError::into_inner).take();
                cause.unwrap_or(error)
            });
        }
        let bytes = limits::read(request.take_body(), most.min(limits::LONG_FORM)).await?;
        Ok((pairs(request, bytes).await?, Vec::new()))
    }
}

fn is_multipart(request: &Request) -> bool {
    request
        .content_type()
        .is_some_and(|media| media.to_ascii_lowercase().starts_with("multipart/form-data"))
}

/// Fields and files.
type Parts = (Vec<(String, String)>, Vec<PostedFile>);

/// The fields of a plain form.
async fn pairs(request: &Request, bytes: Bytes) -> Result<Vec<(String, String)>, WebError> {
    let Form(fields) = Form::<Vec<(String, String)>>::from_request(request, &mut RequestBody::new(Body::from(bytes)))
        .await
        .map_err(|_| WebError::BadRequest("What was sent is not a form of ours."))?;
    Ok(fields)
}

/// The most bytes of files that one form may hold in memory: two files of the largest size.
const MOST_HELD: usize = 2 * files::LARGEST + 2;
/// The most parts that a form with files may have: every box of a section with large tables.
const MOST_PARTS: usize = 20_000;

/// The fields and the files of a form. Of a file that is too large only its beginning is kept, enough to see that it
/// is; the fields are kept whole, up to what a long form may hold.
async fn parts(request: &Request, body: Body) -> Result<Parts, WebError> {
    let wrong = || WebError::BadRequest("What was sent is not a form of ours.");
    let mut body = RequestBody::new(body);
    let (mut typed, mut held) = (0, 0);
    let mut parts = Multipart::from_request(request, &mut body).await.map_err(|_| wrong())?;
    let (mut fields, mut files) = (Vec::new(), Vec::new());
    while let Some(part) = parts.next_field().await.map_err(|_| wrong())? {
        let field = part.name().unwrap_or_default().to_owned();
        match part.file_name().map(str::to_owned) {
            _ if fields.len() + files.len() >= MOST_PARTS => return Err(wrong()),
            Some(name) => {
                let bytes: Vec<u8> = beginning(part).await.map_err(|_| wrong())?;
                held += bytes.len();
                if held > MOST_HELD {
                    // Read on to the end: a browser shows no answer that comes while it is still sending.
                    files.clear();
                } else {
                    let bytes = bytes.into();
                    files.push(PostedFile { field, name, bytes });
                }
            }
            None => {
                let mut text = Vec::new();
                let left = limits::LONG_FORM - typed;
                let reader = std::pin::pin!(part.into_async_read());
                reader
                    .take(left as u64 + 1)
                    .read_to_end(&mut text)
                    .await
                    .map_err(|_| wrong())?;
                if text.len() > left {
                    return Err(WebError::TooLarge {
                        most: limits::LONG_FORM,
                    });
                }
                typed += text.len();
                fields.push((field, String::from_utf8(text).map_err(|_| wrong())?));
            }
        }
    }
    if held > MOST_HELD {
        return Err(WebError::TooLarge { most: files::LARGEST });
    }
    Ok((fields, files))
}

/// A file's bytes, of no more than a file may have and one; the rest is read past.
async fn beginning(part: Field) -> std::io::Result<Vec<u8>> {
    let mut reader = std::pin::pin!(part.into_async_read());
    let mut kept = Vec::new();
    (&mut reader)
        .take(files::LARGEST as u64 + 1)
        .read_to_end(&mut kept)
        .await?;
    tokio::io::copy(&mut reader, &mut tokio::io::sink()).await?;
    Ok(kept)
}
