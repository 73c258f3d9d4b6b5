//! Answers that are picked or put together from parts: ranges, several choices, a person to ask.
//!
//! Invariant: as in [`super::reading`], nothing is guessed.

use std::collections::BTreeMap;

use super::format::{self, mid_sentence};
use super::reading::{RANGE, Read};
use super::types::Value;
use crate::quantity::{Reading, read_count};

/// The longest name, address or telephone number of a contact, in characters.
const LONGEST_PART: usize = 254;

/// "55-60", "55 to 60", "about 55–60"; one number is both ends. Kept as it was given.
pub(super) fn range(label: &str, typed: &str) -> Read {
    let text = typed.trim();
    let plain = text
        .to_lowercase()
        .replace(['\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}'], "-");
    let words: Vec<&str> = plain.split_whitespace().collect();
    let about = [
        "about",
        "approximately",
        "approx",
        "approx.",
        "around",
        "between",
        "from",
        "some",
    ];
    let bare = match words.split_first() {
        Some((first, rest)) if about.contains(first) && !rest.is_empty() => rest.join(" "),
        _ => words.join(" "),
    };
    let between = words.first() == Some(&"between");
    let ends = bare
        .split_once(" to ")
        .or_else(|| bare.split_once(" and ").filter(|_| between))
        .or_else(|| bare.split_once('-'));
    let (low, high) = match ends {
        Some((low, high)) => (low.trim(), high.trim()),
        None => (bare.as_str(), bare.as_str()),
    };
    match (read_count(label, low), read_count(label, high)) {
        (Reading::Blank, Reading::Blank) if ends.is_none() => Read::blank(),
        (Reading::Read { value: low, .. }, Reading::Read { value: high, .. }) if low > high => Read::of_check(
            RANGE,
            format!(
                "{label} must go from the smaller number to the larger. You entered {} to {}.",
                format::count(low),
                format::count(high)
            ),
        ),
        (Reading::Read { value: low, .. }, Reading::Read { value: high, .. }) => Read::given(Value::Range {
            low,
            high,
            text: text.to_owned(),
        }),
        (Reading::Ask { question, .. }, _) | (_, Reading::Ask { question, .. }) => Read::problem(question),
        _ => Read::problem(format!("{label} must be a number or a range, like 55 to 60")),
    }
}

/// Any of several: a field for each chosen option, with `yes`. Kept in the order in which they are offered.
pub(super) fn choices<'o>(
    label: &str,
    fields: &BTreeMap<String, String>,
    offered: impl Iterator<Item = &'o str>,
    (min, max): (u32, Option<u32>),
) -> Read {
    let chosen = |id: &str| fields.get(id).is_some_and(|text| text.trim() == "yes");
    let offered: Vec<&str> = offered.collect();
    let ids: Vec<String> = offered
        .iter()
        .filter(|id| chosen(id))
        .map(|id| (*id).to_owned())
        .collect();
    let strange = fields
        .iter()
        .any(|(id, text)| !text.trim().is_empty() && (text.trim() != "yes" || !offered.contains(&id.as_str())));
    let count = ids.len();
    let what = mid_sentence(label);
    if strange {
        Read::problem(format!("Select from the answers offered for “{label}”"))
    } else if count == 0 {
        Read::blank()
    } else if max == Some(1) && count > 1 {
        Read::problem(format!("Select only one for “{label}”"))
    } else if let Some(max) = max.filter(|max| count > *max as usize) {
        Read::problem(format!(
            "Select no more than {max} for “{label}”. You have selected {count}."
        ))
    } else if count < min as usize {
        Read::problem(format!("Select at least {min} of {what}. You have selected {count}."))
    } else {
        Read::given(Value::Choices(ids))
    }
}

/// A person to ask: a name with an address, a telephone number, or both.
pub(super) fn contact(label: &str, name: &str, email: &str, phone: &str) -> Read {
    let [name, email, phone] = [name, email, phone].map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "));
    if [&name, &email, &phone].iter().all(|part| part.is_empty()) {
        return Read::blank();
    }
    let mut problems = Vec::new();
    if name.is_empty() {
        problems.push(format!("Enter a name for “{label}”"));
    }
    if email.is_empty() && phone.is_empty() {
        problems.push(format!("Enter an email address or a telephone number for “{label}”"));
    }
    if !email.is_empty() && !is_address(&email) {
        problems.push("Enter an email address like name@example.org".to_owned());
    }
    if !phone.is_empty() && !is_phone(&phone) {
        problems.push("Enter a telephone number like 01632 960 001".to_owned());
    }
    if [&name, &email, &phone]
        .iter()
        .any(|part| part.chars().count() > LONGEST_PART)
    {
        problems.push(format!(
            "{label} must have {LONGEST_PART} characters or fewer in each part"
        ));
    }
    if problems.is_empty() {
        Read::given(Value::Contact { name, email, phone })
    } else {
        Read::problem(problems.join(". "))
    }
}

/// One `@` between a name and a host with a dot in it, and no space anywhere.
fn is_address(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else {
        return false;
    };
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"<>(),;:\"[]\\@".contains(c);
    let parts: Vec<&str> = host.split('.').collect();
    !name.is_empty()
        && name.chars().all(plain)
        && parts.len() > 1
        && parts.iter().all(|part| !part.is_empty() && part.chars().all(plain))
}

/// Seven to fifteen digits (ITU-T E.164 allows fifteen), with the marks that people put between them.
fn is_phone(text: &str) -> bool {
    let number = text.split(" ext").next().unwrap_or(text);
    let digits = number.chars().filter(char::is_ascii_digit).count();
    (7..=15).contains(&digits) && number.chars().all(|c| c.is_ascii_digit() || " +-()./".contains(c))
}
