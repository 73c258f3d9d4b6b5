//! A section as it was posted, question by question.
//!
//! Invariant: what a person typed is passed on as typed. A field that a section's page cannot have is refused.
//!
//! Names: `a.<question>.<field>` holds what was typed, `mark.<question>` what was said instead of a figure,
//! `approx.<question>` that it is approximate, and `seen.<question>` what the page had shown. A question is part of
//! what was sent when any of these is there: a browser sends nothing for a box that is not ticked.

use countersign_domain::answers::Typed;
use countersign_domain::answers::types::Mark;

use super::super::{Posted, WebError, csrf};
use crate::service::save::Sent;

/// The field that says what happens after saving.
pub const THEN: &str = "then";
/// The field that says of which question a document is removed.
pub const FROM: &str = "from";
/// Begins the names of the boxes for answers to queries: the query's identity follows.
pub const ANSWER: &str = "answer.";
/// Begins the names of the boxes for documents; a form without documents sends their names alone.
pub const FILE: &str = "file.";
/// The most questions, rows of items included, that one section may send.
const MOST_FIELDS: usize = 5000;

/// Reads a posted section.
///
/// # Errors
/// [`WebError::BadRequest`] for anything that is not of a section's page.
pub fn read(posted: &Posted) -> Result<Sent, WebError> {
    let refused = || WebError::BadRequest("This form holds something that its page does not have.");
    if posted.0.len() > MOST_FIELDS {
        return Err(refused());
    }
    let mut sent = Sent::default();
    for (name, value) in posted.0.iter() {
        // What other buttons of the same page need travels with every post of it.
        if [csrf::FIELD, THEN, FROM].contains(&name.as_str()) || name.starts_with(ANSWER) || name.starts_with(FILE) {
            continue;
        }
        let (kind, rest) = name.split_once('.').ok_or_else(refused)?;
        let (question, field) = match rest.split_once('.') {
            Some((question, field)) => (question, Some(field)),
            None => (rest, None),
        };
        if question.is_empty() || question.len() > 100 {
            return Err(refused());
        }
        let typed: &mut Typed = sent.answers.entry(question.to_owned()).or_default();
        match (kind, field) {
            ("a", Some(field)) if is_field(field) => {
                // Browsers end lines with CR LF in what they send; what was typed has plain ones.
                typed.fields.insert(field.to_owned(), value.replace("\r\n", "\n"));
            }
            ("mark", None) => match value.as_str() {
                "not-known" => typed.mark = Mark::NotKnown,
                "not-applicable" if typed.mark == Mark::Given => typed.mark = Mark::NotApplicable,
                "not-applicable" | "" => {}
                _ => return Err(refused()),
            },
            ("approx", None) => typed.approximately = value == "yes",
            ("seen", None) => {
                let seen = value.parse().map_err(|_| refused())?;
                sent.base.insert(question.to_owned(), seen);
            }
            _ => return Err(refused()),
        }
    }
    Ok(sent)
}

/// `value`, `of`, `month`, or a row and its column: `3.amount`.
fn is_field(field: &str) -> bool {
    let word = |text: &str| !text.is_empty() && text.len() <= 20 && text.bytes().all(|byte| byte.is_ascii_lowercase());
    match field.split_once('.') {
        None => word(field),
        Some((row, column)) => row.len() <= 3 && row.parse::<u16>().is_ok() && word(column),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn sent(pairs: &[(&str, &str)]) -> Result<Sent, WebError> {
        let fields = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        read(&Posted(Arc::new(fields)))
    }

    #[test]
    fn what_was_typed_is_passed_on_as_typed() {
        let sent = sent(&[
            ("csrf", "t"),
            ("then", "continue"),
            ("seen.spent", "3.9f86d081884c7d65"),
            ("a.spent.value", " £1,042 "),
            ("approx.spent", "yes"),
            ("a.items.0.item", "Vans"),
            ("a.items.0.amount", "700"),
            ("a.story.value", "one\r\ntwo"),
            ("mark.users", "not-known"),
            ("file.evidence", "plan.pdf"),
            ("answer.0b0e", "It was a typing error."),
        ])
        .unwrap();
        assert_eq!(sent.answers["spent"].fields["value"], " £1,042 ");
        assert!(sent.answers["spent"].approximately);
        assert_eq!(sent.answers["items"].fields["0.amount"], "700");
        assert_eq!(sent.answers["story"].fields["value"], "one\ntwo");
        assert_eq!(sent.answers["users"].mark, Mark::NotKnown);
        assert!(
            !sent.answers.contains_key("evidence"),
            "a save must not touch documents"
        );
        assert_eq!(sent.base["spent"].to_string(), "3.9f86d081884c7d65");
    }

    #[test]
    fn a_box_that_is_not_ticked_is_part_of_what_was_sent() {
        let sent = sent(&[("seen.declared", "1.9f86d081884c7d65")]).unwrap();
        assert!(sent.answers["declared"].fields.is_empty());
    }

    #[test]
    fn what_a_page_cannot_send_is_refused() {
        for (name, value) in [
            ("state", "signed"),
            ("version", "9"),
            ("a.spent", "1"),
            ("a.spent.value.x", "1"),
            ("a.spent.Value", "1"),
            ("a..value", "1"),
            ("mark.spent", "excused"),
            ("seen.spent", "three"),
            ("b.spent.value", "1"),
            ("a.items.99999.amount", "1"),
        ] {
            assert!(sent(&[(name, value)]).is_err(), "{name}={value}");
        }
    }
}
