//! What a form was posted with: its fields and its files.
//!
//! Invariant: as it came, in its order; the gate has read it before a handler sees it, within its limits.

use std::sync::Arc;

use hyper::body::Bytes;
use poem::{FromRequest, Request, RequestBody};

use super::{WebError, csrf};
/// The fields of a form as they were posted, in their order.
#[derive(Debug, Clone, Default)]
pub struct Posted(pub Arc<Vec<(String, String)>>);

impl Posted {
    /// The first value of a field; nothing when it was not sent.
    pub fn get(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(field, _)| field == name)
            .map_or("", |(_, value)| value)
    }

    /// Whether a field was sent at all.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(field, _)| field == name)
    }

    /// Refuses a form with fields that its page does not have.
    ///
    /// # Errors
    /// [`WebError::BadRequest`], naming none of them.
    pub fn only(&self, fields: &[&str]) -> Result<(), WebError> {
        let known = |name: &str| name == csrf::FIELD || fields.contains(&name);
        if self.0.iter().all(|(name, _)| known(name)) {
            Ok(())
        } else {
            Err(WebError::BadRequest(
                "This form holds something that its page does not have.",
            ))
        }
    }
}

impl<'a> FromRequest<'a> for Posted {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        Ok(request.data::<Posted>().cloned().unwrap_or_default())
    }
}

/// The files of a form as they were posted. The form's other fields are in [`Posted`].
#[derive(Clone, Default)]
pub struct PostedFiles(pub(super) Arc<Vec<PostedFile>>);

/// One file as it was posted.
#[derive(Clone)]
pub struct PostedFile {
    /// The field that it was sent in.
    pub field: String,
    /// As its sender calls it.
    pub name: String,
    /// What it holds.
    pub bytes: Bytes,
}

impl PostedFiles {
    /// The file of a field; none when nothing was chosen.
    pub fn get(&self, field: &str) -> Option<&PostedFile> {
        self.0.iter().find(|file| file.field == field && !file.name.is_empty())
    }
}

impl<'a> FromRequest<'a> for PostedFiles {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        Ok(request.data::<PostedFiles>().cloned().unwrap_or_default())
    }
}
