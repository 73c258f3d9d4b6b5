//! What was typed for a figure, found in the revision that froze it.
//!
//! Invariant: shown as it was typed, never as it was read; what was worked out was typed by nobody.

use countersign_domain::answers::format;
use countersign_domain::answers::types::{DraftAnswer, Figure, Mark};
use countersign_domain::form::schema::Form;
use serde_json::Value;

use super::super::people;

/// The answer that a figure was read from; of a measure, those of its two questions.
pub(super) fn typed_of(form: &Form, document: &Value, figure: &Figure) -> Option<String> {
    let Some(measure) = form.measure(&figure.measure) else {
        return typed(document, figure);
    };
    let part = |measure: String| {
        typed(
            document,
            &Figure {
                measure,
                ..figure.clone()
            },
        )
    };
    let [of, per] = people::parts(measure).map(part);
    Some(format!("{} of {}", of?, per?))
}

/// The answer that a figure was read from, as it was typed.
fn typed(document: &Value, figure: &Figure) -> Option<String> {
    let (question, column) = match figure.measure.split_once('.') {
        Some((question, column)) => (question, Some(column)),
        None => (figure.measure.as_str(), None),
    };
    document["sections"].as_array()?.iter().find_map(|section| {
        if section["allocation"].as_str() != figure.allocation.as_deref() {
            return None;
        }
        let within = section["key"].as_str()?.split_once('/').map(|(_, subject)| subject);
        let row = match (within.filter(|_| figure.allocation.is_none()), figure.row.as_deref()) {
            (Some(within), Some(row)) if row == within => None,
            (Some(within), Some(row)) => Some(row.strip_prefix(within)?.strip_prefix('/')?),
            (Some(_), None) => return None,
            (None, row) => row,
        };
        let answers = section["answers"].as_array()?;
        let answer = answers
            .iter()
            .find(|answer| answer["question"].as_str() == Some(question))?;
        let typed: DraftAnswer = serde_json::from_value(answer["typed"].clone()).ok()?;
        match column {
            Some(column) => cell(&typed, &format!("{}.{column}", row?)),
            None => whole(&typed),
        }
    })
}

/// What was typed for a question, in one line for each field.
fn whole(typed: &DraftAnswer) -> Option<String> {
    match typed.mark {
        Mark::NotKnown => return Some("Not known yet".to_owned()),
        Mark::NotApplicable => return Some("Not applicable".to_owned()),
        Mark::Given => {}
    }
    let field = |name: &str| typed.fields.get(name).map(String::as_str).unwrap_or_default();
    let text = match (field("of"), field("per")) {
        ("", "") => typed.fields.values().map(String::as_str).collect::<Vec<_>>().join("\n"),
        (of, per) => format!("{of} of {per}"),
    };
    said(text, typed.approximately)
}

/// What was typed into a cell of a table.
fn cell(typed: &DraftAnswer, name: &str) -> Option<String> {
    let marked = |mark: &str| typed.fields.get(&format!("{name}~{mark}")).map(String::as_str);
    match marked("mark") {
        Some("not-known") => return Some("Not known yet".to_owned()),
        Some("not-applicable") => return Some("Not applicable".to_owned()),
        _ => {}
    }
    let part = |part: &str| typed.fields.get(&format!("{name}.{part}"));
    let text = match (typed.fields.get(name), part("of"), part("per")) {
        (Some(text), ..) => text.clone(),
        (None, Some(of), Some(per)) => format!("{of} of {per}"),
        _ => return None,
    };
    said(text, marked("approximately").is_some())
}

fn said(text: String, approximately: bool) -> Option<String> {
    let text = text.trim().to_owned();
    (!text.is_empty()).then(|| format::approximately(text, approximately))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn figure(measure: &str, allocation: Option<&str>, row: Option<&str>) -> Figure {
        Figure {
            measure: measure.to_owned(),
            allocation: allocation.map(str::to_owned),
            row: row.map(str::to_owned),
            value: countersign_domain::answers::types::FigureValue::Blank,
            approximately: false,
        }
    }

    fn answer(question: &str, fields: Value, approximately: bool) -> Value {
        json!({ "question": question, "typed": {
            "fields": fields, "approximately": approximately, "version": 1, "at": "2018-04-03T09:00:00Z",
            "by": "018f0000-0000-7000-8000-000000000001",
        }})
    }

    #[test]
    fn an_answer_is_found_where_it_was_typed() {
        let document = json!({ "sections": [
            { "key": "money", "allocation": null, "answers": [
                answer("spent", json!({ "value": " 7,000 " }), true),
                answer("lines", json!({ "gps.spent": "6400", "gps.spent~approximately": "yes", "vans.spent~mark": "not-known" }), false),
                { "question": "left", "typed": null },
            ]},
            { "key": "project/asb", "allocation": "asb", "answers": [answer("took_up", json!({ "of": "5", "per": "7" }), false)] },
            { "key": "group/young", "allocation": null, "answers": [
                answer("seen", json!({ "value": "12" }), false),
                answer("steps", json!({ "first.many": "9" }), false),
            ]},
        ]});
        let typed = |measure, allocation, row| typed(&document, &figure(measure, allocation, row));
        let said = |text: &str| Some(text.to_owned());
        assert_eq!(typed("spent", None, None), said("Approximately 7,000"));
        assert_eq!(typed("lines.spent", None, Some("gps")), said("Approximately 6400"));
        assert_eq!(typed("lines.spent", None, Some("vans")), said("Not known yet"));
        assert_eq!(typed("took_up", Some("asb"), None), said("5 of 7"));
        assert_eq!(typed("took_up", Some("other"), None), None);
        assert_eq!(typed("seen", None, Some("young")), said("12"));
        assert_eq!(typed("seen", None, Some("old")), None);
        assert_eq!(typed("steps.many", None, Some("young/first")), said("9"));
        assert_eq!(typed("left", None, None), None, "worked out");
    }
}
