//! Where a section and a question are: keys to addresses and back, and words with the register's names in them.
//!
//! Invariant: an address that a page gives leads back to the same section.

use countersign_domain::answers::types::{Register, SectionKey};

use crate::service::provider::ReturnPage;

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

/// The grant and the period, as they stand above a page's title.
pub fn caption(page: &ReturnPage) -> String {
    let (grant, period) = (&page.grant.title, page.form.schedule.period_label(page.ret.period));
    if grant.contains(&period) {
        grant.clone()
    } else {
        format!("{grant}, {period}")
    }
}

/// Fills in the names of the register that a form's words may hold, such as `{allocation.provider}`.
pub fn filled(words: &str, register: &Register, allocation: Option<usize>) -> String {
    let allocation = allocation.and_then(|at| register.allocations.get(at));
    let mut filled = String::with_capacity(words.len());
    let mut rest = words;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            filled.push('{');
            rest = after;
            continue;
        };
        match name.trim() {
            "allocation.title" => filled.push_str(allocation.map_or("", |found| &found.title)),
            "allocation.provider" => filled.push_str(allocation.map_or("", |found| &found.provider)),
            "allocation.key" => filled.push_str(allocation.map_or("", |found| &found.key)),
            "allocation.amount" => {
                filled.push_str(&allocation.map_or(String::new(), |found| found.amount.to_string()));
            }
            "grant.title" => filled.push_str(&register.grant.title),
            "grant.reference" => filled.push_str(&register.grant.reference),
            "grant.amount" => filled.push_str(&register.grant.amount.to_string()),
            "fund.title" => filled.push_str(&register.fund.title),
            "provider.name" => filled.push_str(&register.provider.name),
            "period.label" => filled.push_str(&register.period_words()),
            _ => {}
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}
