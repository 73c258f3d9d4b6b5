//! One answer, from the text as typed to a value of its question's kind.
//!
//! Invariant: nothing is guessed. What cannot be read is blank and says why; what can be read in two ways is asked about.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::format::{self, mid_sentence};
use super::read_choice::{choices, contact, range};
use super::reading::Read;
use super::types::{Answer, DraftAnswer, Mark, Register, Value};
use crate::form::schema::{Kind, Question};
use crate::money::Money;
use crate::quantity::{Reading, Sign, read_count, read_decimal, read_money, read_percent};

/// Reads what was typed for a question whose label, with its placeholders filled in, is `label`.
pub(super) fn read(question: &Question, label: &str, draft: &DraftAnswer, register: &Register) -> Read {
    let field = |name: &str| draft.fields.get(name).map_or("", String::as_str);
    let marked = match draft.mark {
        Mark::Given => None,
        Mark::NotKnown => Some((question.may_be_unknown, Answer::NotKnown, "not known yet")),
        Mark::NotApplicable => Some((question.may_be_inapplicable, Answer::NotApplicable, "not applicable")),
    };
    if let Some((offered, answer, words)) = marked {
        let typed = draft.fields.values().any(|text| !text.trim().is_empty()) || !draft.files.is_empty();
        return match (offered, typed) {
            (true, false) => Read::of(answer),
            (true, true) => Read::problem(format!("{label} must be a figure or “{words}”, not both")),
            (false, _) => Read::problem(format!("{label} cannot be “{words}”")),
        };
    }
    let value = field("value");
    match &question.kind {
        Kind::Text { max_chars } => text(label, value, *max_chars),
        Kind::Narrative { .. } => narrative(value),
        Kind::Money { .. } => Read::figure(read_money(label, value, Sign::Any), Value::Money),
        Kind::Count { .. } => Read::figure(read_count(label, value), Value::Count),
        Kind::Percent { places, .. } => Read::figure(read_percent(label, value, *places, Sign::Any), |percent| {
            Value::Percent(at_typed_places(percent, value, *places))
        }),
        Kind::Ratio {
            of_label, per_label, ..
        } => ratio((&of_label.en, field("of")), (&per_label.en, field("per"))),
        Kind::Date => date(label, field("day"), field("month"), field("year")),
        Kind::YesNo => match value.trim() {
            "" => Read::blank(),
            "yes" => Read::given(Value::YesNo(true)),
            "no" => Read::given(Value::YesNo(false)),
            _ => Read::problem(format!("Select yes or no for “{label}”")),
        },
        Kind::Choice { options } => match value.trim() {
            "" => Read::blank(),
            id if options.iter().any(|(option, _)| option == id) => Read::given(Value::Choice(id.to_owned())),
            _ => Read::problem(format!("Select one of the answers offered for “{label}”")),
        },
        Kind::Decimal { places, .. } => Read::figure(read_decimal(label, value, *places, Sign::Any), |number| {
            Value::Number(at_typed_places(number, value, *places))
        }),
        Kind::Range { .. } => range(label, value),
        Kind::Choices { options, min, max } => {
            let offered = options.iter().map(|(id, _)| id.as_str());
            choices(label, &draft.fields, offered, (*min, *max))
        }
        Kind::Priority { max } => {
            let offered = register.fund.priorities.iter().map(|(key, _)| key.as_str());
            choices(label, &draft.fields, offered, (0, *max))
        }
        Kind::Contact => contact(label, field("name"), field("email"), field("phone")),
        // A table is read cell by cell.
        Kind::Table(_) => Read::blank(),
        Kind::Split { max_rows, .. } => split(label, &draft.fields, *max_rows),
        Kind::File { max_files, .. } => {
            if draft.files.is_empty() {
                Read::blank()
            } else if draft.files.len() > *max_files as usize {
                Read::problem(format!("{label} must have no more than {max_files} files"))
            } else {
                Read::given(Value::Files(draft.files.clone()))
            }
        }
        Kind::Declaration { .. } => match value.trim() {
            "" => Read::blank(),
            "yes" => Read::given(Value::YesNo(true)),
            _ => Read::problem("Tick the box to make the declaration, or leave it empty".to_owned()),
        },
        // What is calculated is never typed; a draft that says otherwise is not listened to.
        Kind::Calculated { .. } => Read::blank(),
    }
}

fn text(label: &str, typed: &str, max_chars: u32) -> Read {
    let typed = typed.trim();
    let length = typed.chars().count();
    if typed.is_empty() {
        Read::blank()
    } else if length > max_chars as usize {
        Read::problem(format!(
            "{label} must be {max_chars} characters or fewer. You have used {length}."
        ))
    } else {
        Read::given(Value::Text(typed.to_owned()))
    }
}

fn narrative(typed: &str) -> Read {
    let typed = typed.replace("\r\n", "\n");
    match typed.trim() {
        "" => Read::blank(),
        typed => Read::given(Value::Text(typed.to_owned())),
    }
}

/// Keeps the places that were typed, because a percentage is compared with its calculation at those: 5.0 says more than 5.
fn at_typed_places(percent: Decimal, typed: &str, places: u32) -> Decimal {
    let after_point = typed.rsplit_once('.').map_or("", |(_, after)| after);
    let typed_places = after_point.chars().take_while(|c| c.is_numeric()).count();
    let wanted = u32::try_from(typed_places).unwrap_or(places).min(places);
    format::rounded(percent, wanted.max(percent.scale().min(places)))
}

fn ratio(of: (&str, &str), per: (&str, &str)) -> Read {
    let (read_of, read_per) = (read_count(of.0, of.1), read_count(per.0, per.1));
    match (read_of, read_per) {
        (Reading::Blank, Reading::Blank) => Read::blank(),
        (Reading::Blank, Reading::Read { .. }) => Read::problem(format!("Enter {}", mid_sentence(of.0))),
        (Reading::Read { .. }, Reading::Blank) => Read::problem(format!("Enter {}", mid_sentence(per.0))),
        (
            Reading::Read { value: of, note },
            Reading::Read {
                value: per,
                note: other,
            },
        ) => Read {
            note: [note, other]
                .into_iter()
                .flatten()
                .reduce(|one, two| format!("{one}. {two}")),
            ..Read::given(Value::Ratio { of, per })
        },
        (of, per) => {
            let said = |reading| Read::figure(reading, Value::Count).problem;
            Read {
                problem: [said(of), said(per)]
                    .into_iter()
                    .flatten()
                    .reduce(|one, two| format!("{one}. {two}")),
                ..Read::blank()
            }
        }
    }
}

fn date(label: &str, day: &str, month: &str, year: &str) -> Read {
    let parts = [
        ("a day", day.trim()),
        ("a month", month.trim()),
        ("a year", year.trim()),
    ];
    if parts.iter().all(|(_, typed)| typed.is_empty()) {
        return Read::blank();
    }
    let missing: Vec<&str> = parts
        .iter()
        .filter(|(_, typed)| typed.is_empty())
        .map(|(part, _)| *part)
        .collect();
    if !missing.is_empty() {
        return Read::problem(format!("{label} must include {}", missing.join(" and ")));
    }
    if parts[2].1.chars().count() != 4 {
        return Read::problem(format!("{label} must have a year of 4 numbers, like 2018"));
    }
    let read = || {
        let year = whole(parts[2].1)?;
        let month = whole(parts[1].1).or_else(|| format::month_named(parts[1].1))?;
        NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, whole(parts[0].1)?)
    };
    read().map_or_else(
        || Read::problem(format!("{label} must be a real date, like 27 3 2018")),
        |date| Read::given(Value::Date(date)),
    )
}

fn whole(typed: &str) -> Option<u32> {
    typed
        .chars()
        .all(|c| c.is_ascii_digit())
        .then(|| typed.parse().ok())
        .flatten()
}

/// Rows `0.item` and `0.amount`, and so on; rows with nothing in them are passed over.
fn split(label: &str, fields: &BTreeMap<String, String>, max_rows: u32) -> Read {
    let numbers: BTreeSet<u32> = fields
        .keys()
        .filter_map(|name| name.split_once('.')?.0.parse().ok())
        .collect();
    let (mut rows, mut notes, mut problems) = (Vec::new(), Vec::new(), Vec::new());
    for number in numbers {
        let field = |part: &str| fields.get(&format!("{number}.{part}")).map_or("", |text| text.trim());
        let (item, amount) = (field("item"), field("amount"));
        let name = if item.is_empty() {
            format!("Amount {} of “{label}”", u64::from(number) + 1)
        } else {
            format!("Amount for “{item}”")
        };
        match (item, read_money(&name, amount, Sign::Any)) {
            ("", Reading::Blank) => {}
            ("", Reading::Read { value, .. }) => problems.push(format!("Enter what the {value} was for")),
            (_, Reading::Blank) => problems.push(format!("Enter the amount for “{item}”")),
            (_, Reading::Read { value, note }) => {
                rows.push((item.to_owned(), value));
                notes.extend(note);
            }
            (_, Reading::Ask { question, .. }) => problems.push(question),
            (_, Reading::Refused { message }) => problems.push(message),
        }
    }
    if rows.len() + problems.len() > max_rows as usize {
        problems.insert(0, format!("{label} must have no more than {max_rows} rows"));
    }
    if Money::checked_sum(rows.iter().map(|(_, amount)| *amount)).is_none() {
        problems.push(format!("{label} must come to less than £100 billion"));
    }
    if !problems.is_empty() {
        Read::problem(problems.join(". "))
    } else if rows.is_empty() {
        Read::blank()
    } else {
        let note = (!notes.is_empty()).then(|| notes.join(". "));
        Read {
            note,
            ..Read::given(Value::Split(rows))
        }
    }
}
