//! The office's pages: signing in, the lists, the state of a fund, one return, one grant, the papers, returns as they were
//! signed, the register, the published forms.
//!
//! Invariant: past signing in, every handler names [`OfficeSession`], so that nothing is shown before the second
//! factor, and every read goes through a service that is given the officer.

pub mod acts;
pub mod answer_view;
pub mod answers;
pub mod asked;
pub mod beside;
pub mod contacts;
pub mod deciding;
pub mod figures;
pub mod forms;
pub mod fund_view;
pub mod funds;
pub mod grant_view;
pub mod grants;
pub mod home;
pub mod home_view;
pub mod listing;
pub mod measures;
pub mod money_view;
pub mod moving;
pub mod numbers;
pub mod papers;
pub mod planned;
pub mod reading;
pub mod register;
pub mod reports;
pub mod return_view;
pub mod returns;
pub mod signin;
pub mod table_read;
pub mod tables;
pub mod timeline;
pub mod words;

use std::str::FromStr;

use countersign_domain::workflow::COMMISSIONER;

use super::view::Nav;
use super::{Frame, OfficeSession, Posted, WebError};
use crate::service::{ServiceError, decisions};

/// The parts of the office.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Returns.
    Returns,
    /// Papers, and returns as they were signed.
    Papers,
    /// The register.
    Register,
    /// The published forms.
    Forms,
}

/// The frame of an office page, with the office's navigation.
pub fn frame(session: &OfficeSession, part: Part, title: impl Into<String>) -> Frame {
    let nav = |text: &str, href: &str, of: Part| Nav {
        text: text.to_owned(),
        href: href.to_owned(),
        current: of == part,
    };
    let mut entries = vec![
        nav("Returns", "/office", Part::Returns),
        nav("Papers", "/office/papers", Part::Papers),
    ];
    // Only whoever reviews the returns of a fund changes anything of it.
    if session
        .officer
        .holders
        .iter()
        .any(|held| held.office_key == COMMISSIONER)
    {
        entries.push(nav("Register", "/office/register", Part::Register));
        entries.push(nav("Forms", "/office/forms", Part::Forms));
    }
    session.frame(title).nav(entries)
}

/// An identity from an address. One that cannot be read looks like one that is not there.
pub fn id<T: FromStr>(text: &str) -> Result<T, WebError> {
    text.parse().map_err(|_| ServiceError::NotFound.into())
}

/// What was posted to an act in which rows of tables may be decided on as well.
pub fn attempt_deciding(act: &str, posted: &Posted, fields: &[&str]) -> Result<forms::Attempt, WebError> {
    let names = posted.0.iter().map(|(name, _)| name.as_str());
    let rows = names.filter(|name| decisions::is_field(name));
    let all: Vec<&str> = fields.iter().copied().chain(rows).collect();
    attempt(act, posted, &all)
}

/// What was posted to an act, so that it can be shown again. Fields that the page does not have are refused.
pub fn attempt(act: &str, posted: &Posted, fields: &[&str]) -> Result<forms::Attempt, WebError> {
    posted.only(fields)?;
    let typed = fields
        .iter()
        .map(|field| ((*field).to_owned(), posted.get(field).to_owned()));
    Ok(forms::Attempt {
        act: act.to_owned(),
        fields: typed.collect(),
        problems: Vec::new(),
    })
}
