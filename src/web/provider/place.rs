//! Where a section and a question are: keys to addresses and back, and what stands above them.
//!
//! Invariant: an address that a page gives leads back to the same section.

use countersign_domain::answers::filled;
use countersign_domain::answers::types::{Place, SectionKey};

use crate::service::provider::ReturnPage;
use crate::web::said::{Language, Said};

/// A section's key from an address: `project` and, for one allocation, `asb`.
pub fn key(section: &str, subject: Option<&str>) -> SectionKey {
    SectionKey(match subject {
        Some(subject) => format!("{section}/{subject}"),
        None => section.to_owned(),
    })
}

/// The address of a section's page.
pub fn address(key: &SectionKey) -> String {
    format!("/return/section/{}", key.0)
}

/// The id of what a finding is about, within its section's page: a question, a row of its table, or a cell.
pub fn anchor(place: &Place) -> String {
    match &place.cell {
        None => place.question.clone(),
        Some(cell) => match &cell.column {
            None => format!("{}.{}", place.question, cell.row),
            Some(column) => format!("{}.{}.{column}", place.question, cell.row),
        },
    }
}

/// The grant and the period, as they stand above a page's title.
pub fn caption(page: &ReturnPage) -> String {
    let (grant, period) = (&page.grant.title, page.form.schedule.period_label(page.ret.period));
    if grant.contains(&period) {
        grant.clone()
    } else {
        format!("{grant}, {period}")
    }
}

/// What the return is called: the form's title, with the names of the register filled in.
pub fn title(page: &ReturnPage, language: Language) -> Said {
    language.say(&page.form.title, |title| {
        filled(title, &page.form, &page.register, None)
    })
}
