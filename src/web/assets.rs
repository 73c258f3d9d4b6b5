//! The style sheet, scripts and images that the binary carries.
//!
//! Invariant: an address holds the digest of its content, so an answer may be kept for ever; nothing but the embedded
//! files can be reached.

use crate::wording;
use poem::http::{Method, StatusCode, header};
use poem::{Endpoint, Request, Response, Result};

/// Serves the embedded files; to be nested at [`wording::STATIC_ROOT`].
#[derive(Debug, Clone, Copy)]
pub struct Assets;

impl Endpoint for Assets {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        Ok(answer(request.method(), request.uri().path()))
    }
}

fn answer(method: &Method, path: &str) -> Response {
    let name = path.rsplit('/').next().unwrap_or_default();
    let Some(content) = wording::static_file(name) else {
        return Response::builder().status(StatusCode::NOT_FOUND).finish();
    };
    if method != Method::GET && method != Method::HEAD {
        return Response::builder()
            .status(StatusCode::METHOD_NOT_ALLOWED)
            .header(header::ALLOW, "GET, HEAD")
            .finish();
    }
    let response = Response::builder()
        .header(header::CONTENT_TYPE, content_type(name))
        .header(header::CONTENT_LENGTH, content.len())
        .header(header::CACHE_CONTROL, "public, max-age=31536000, immutable")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    if method == Method::HEAD {
        response.finish()
    } else {
        response.body(content)
    }
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(response: &Response, name: header::HeaderName) -> &str {
        response.headers().get(name).unwrap().to_str().unwrap()
    }

    #[tokio::test]
    async fn every_file_is_served_for_ever_with_its_type() {
        let mut types = std::collections::BTreeSet::new();
        for name in wording::static_names() {
            let response = answer(&Method::GET, &format!("/assets/{name}"));
            assert_eq!(response.status(), StatusCode::OK);
            assert_eq!(
                header(&response, header::CACHE_CONTROL),
                "public, max-age=31536000, immutable"
            );
            assert_eq!(header(&response, header::X_CONTENT_TYPE_OPTIONS), "nosniff");
            types.insert(header(&response, header::CONTENT_TYPE).to_owned());
            let length: usize = header(&response, header::CONTENT_LENGTH).parse().unwrap();
            assert_eq!(response.into_body().into_vec().await.unwrap().len(), length);
        }
        let expected = [
            "image/svg+xml",
            "text/css; charset=utf-8",
            "text/javascript; charset=utf-8",
        ];
        assert_eq!(types.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    }

    #[tokio::test]
    async fn head_has_the_headers_of_get_and_no_body() {
        let name = wording::static_names().next().unwrap();
        let response = answer(&Method::HEAD, &format!("/assets/{name}"));
        assert_ne!(header(&response, header::CONTENT_LENGTH), "0");
        assert!(response.into_body().into_vec().await.unwrap().is_empty());
    }

    #[test]
    fn anything_else_is_refused() {
        let name = wording::static_names().next().unwrap();
        assert_eq!(
            answer(&Method::POST, &format!("/assets/{name}")).status(),
            StatusCode::METHOD_NOT_ALLOWED
        );
        for path in [
            "/assets/",
            "/assets/main.css",
            "/assets/../Cargo.toml",
            "/assets/%2e%2e/main.css",
        ] {
            assert_eq!(answer(&Method::GET, path).status(), StatusCode::NOT_FOUND, "{path}");
        }
    }
}
