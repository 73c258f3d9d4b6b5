//! What the build script made: the static files under their hashed names, and the component templates.
//!
//! A hashed name always stands for the same content, so whoever serves it may let it be kept for ever.

mod built {
    include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
}

pub(super) use built::COMPONENTS;

/// Where the static files are served from.
pub const STATIC_ROOT: &str = "/assets/";

/// The content of a static file, by the hashed name that its address ends with.
#[must_use]
pub fn static_file(hashed: &str) -> Option<&'static [u8]> {
    built::FILES
        .iter()
        .find(|(_, name, _)| *name == hashed)
        .map(|(_, _, content)| *content)
}

/// The hashed names of all static files.
pub fn static_names() -> impl Iterator<Item = &'static str> {
    built::FILES.iter().map(|(_, hashed, _)| *hashed)
}

/// The address of a static file by its plain name, such as `main.css`.
#[must_use]
pub fn static_address(plain: &str) -> Option<String> {
    built::FILES
        .iter()
        .find(|(name, _, _)| *name == plain)
        .map(|(_, hashed, _)| format!("{STATIC_ROOT}{hashed}"))
}
