//! A section as it was posted, question by question.
//!
//! Invariant: what a person typed is passed on as typed. A field that a section's page cannot have is refused.
//!
//! Names: `a.<question>.<field>` holds what was typed, `mark.<question>` what was said instead of a figure,
//! `approx.<question>` that it is approximate, and `seen.<question>` what the page had shown. A question is part of
//! what was sent when any of these is there: a browser sends nothing for a box that is not ticked. `one.<question>` is
//! the one option that was chosen where several could be, and is kept as a field of its own. A table's cell is the
//! field `<row>.<column>`, or `<row>.<column>.<part>`; what is said of a cell is `<row>.<column>~mark` and
//! `<row>.<column>~approximately`.

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
/// Begins what the button says that takes a row out of a table: the table and the row follow.
const DROP: &str = "drop.";
/// The most boxes, those of tables included, that one section may send.
const MOST_FIELDS: usize = 20_000;

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
            ("one", None) if is_field(value) => drop(typed.fields.insert(value.clone(), "yes".to_owned())),
            ("one", Some(cell)) if is_field(&format!("{cell}.{value}")) => {
                typed.fields.insert(format!("{cell}.{value}"), "yes".to_owned());
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
    drop_row(&mut sent, posted.get(THEN));
    Ok(sent)
}

/// Takes out the row that a button was pressed for, with all that was typed into it.
fn drop_row(sent: &mut Sent, then: &str) {
    let Some((table, row)) = then.strip_prefix(DROP).and_then(|rest| rest.split_once('.')) else {
        return;
    };
    if let Some(typed) = sent.answers.get_mut(table) {
        typed.fields.retain(|field, _| field.split('.').next() != Some(row));
    }
}

/// The table from which a button takes a row out.
pub fn dropped(then: &str) -> Option<&str> {
    then.strip_prefix(DROP)?.split('.').next()
}

/// `value`, `of`, `month`, an option's id; a row and its column: `3.amount`; a part of a cell: `second.before.month`;
/// what is said of a cell: `arrests.before~mark`.
fn is_field(field: &str) -> bool {
    let (place, said) = match field.split_once('~') {
        Some((place, said)) => (place, Some(said)),
        None => (field, None),
    };
    let mut parts = place.split('.');
    let count = parts.clone().count();
    let known = match said {
        None => count <= 3,
        Some(said) => count == 2 && ["mark", "approximately"].contains(&said),
    };
    known && parts.all(is_word)
}

/// An id, or the number of a row.
fn is_word(text: &str) -> bool {
    let spelt = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-';
    let number = text.bytes().all(|byte| byte.is_ascii_digit());
    !text.is_empty() && text.len() <= if number { 3 } else { 64 } && text.bytes().all(spelt)
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
    fn cells_are_fields_of_their_table() {
        let sent = sent(&[
            ("seen.cells", "0.9f86d081884c7d65"),
            ("a.cells.first-cohort.before", "88"),
            ("a.cells.first-cohort.before~approximately", "yes"),
            ("a.cells.2.from.month", "4"),
            ("a.serves.safer_streets", "yes"),
            ("one.leads", "safer_streets"),
            ("one.cells.2.leads", "safer_streets"),
        ])
        .unwrap();
        let cells = &sent.answers["cells"].fields;
        assert_eq!(cells["first-cohort.before"], "88");
        assert_eq!(cells["first-cohort.before~approximately"], "yes");
        assert_eq!(cells["2.from.month"], "4");
        assert_eq!(sent.answers["serves"].fields["safer_streets"], "yes");
        assert_eq!(
            sent.answers["leads"].fields["safer_streets"], "yes",
            "the one that was chosen"
        );
        assert_eq!(cells["2.leads.safer_streets"], "yes");
    }

    #[test]
    fn a_row_is_taken_out_whole_and_alone() {
        let sent = sent(&[
            ("a.risks.1.theme", "Staff"),
            ("a.risks.1.budget~mark", "not-known"),
            ("a.risks.10.theme", "Vans"),
            ("a.others.1.theme", "Kept"),
            ("then", "drop.risks.1"),
        ])
        .unwrap();
        let left: Vec<&str> = sent.answers["risks"].fields.keys().map(String::as_str).collect();
        assert_eq!(left, ["10.theme"]);
        assert_eq!(sent.answers["others"].fields.len(), 1);
        assert_eq!(dropped("drop.risks.1"), Some("risks"));
    }

    #[test]
    fn what_a_page_cannot_send_is_refused() {
        for (name, value) in [
            ("state", "signed"),
            ("version", "9"),
            ("a.spent", "1"),
            ("a.spent.value.x.y.z", "1"),
            ("a.cells.one.before~excuse", "1"),
            ("a.cells.one~mark", "not-known"),
            ("a.cells..before", "1"),
            ("one.leads", "Safer streets"),
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
