//! What the mails say: the same in text and HTML, every value shown, one link at most.

use countersign::wording::{MailWords, Wording};
use scraper::{Html, Selector};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// What may be left out of a mail, and is then not spoken of.
const OPTIONAL: [&str; 7] = [
    "to_name",
    "contact_line",
    "working_days_left",
    "tasks",
    "link",
    "to_office",
    "commissioner",
];

/// What a mail about a return is given.
fn about_a_return(more: Value) -> Value {
    let mut context = json!({
        "to_name": "Zoë O’Neill",
        "form_title": "Community safety fund: final evaluation",
        "grant_title": "Community safety grant 2017-18",
        "grant_reference": "PLY-2017",
        "provider": "Harbour & Hope",
        "period": "1 April 2017 to 31 March 2018",
        "due_day": "Tuesday 1 May 2018",
        "reference": "PLY-2018-R1",
        "contact_line": "Questions go to Sam Price, 01632 960001.",
    });
    let (Value::Object(all), Value::Object(more)) = (&mut context, more) else {
        panic!("both are objects")
    };
    all.extend(more);
    context
}

/// The name of a sample, the mail's folder, and what it is given.
fn samples() -> Vec<(&'static str, &'static str, Value)> {
    let without = |context: Value, names: &[&str]| {
        let Value::Object(all) = context else {
            panic!("a context is an object")
        };
        Value::Object(
            all.into_iter()
                .filter(|(name, _)| !names.contains(&name.as_str()))
                .collect(),
        )
    };
    let receiver = json!({"commissioner": "Plymouth Commissioner’s Office"});
    let digest = "sha256 4f1c 90aa 72de 0b3c";
    vec![
        (
            "opened",
            "opened",
            about_a_return(json!({
                "commissioner": "Plymouth Commissioner’s Office", "working_days_left": "20 working days",
                "tasks": ["Money", "Harbour Street outreach", "Declaration"],
            })),
        ),
        ("opened-briefly", "opened", about_a_return(receiver)),
        (
            "reminder",
            "reminder",
            about_a_return(json!({
                "commissioner": "Plymouth Commissioner’s Office", "days_words": "in 2 working days (Tuesday 1 May 2018)",
            })),
        ),
        (
            "overdue",
            "overdue",
            about_a_return(json!({
                "commissioner": "Plymouth Commissioner’s Office", "late_words": "5 working days late",
            })),
        ),
        (
            "virement-waiting",
            "virement-waiting",
            json!({
                "to_name": "Zoë O’Neill", "grant_title": "Community safety grant 2017-18", "from": "Infrastructure",
                "to": "Anti-social behaviour", "amount": "£440.00", "reason": "One underspent, one overspent.",
                "by": "Sam Price", "office_url": "https://returns.example.org/office/grants/7",
                "contact_line": "Questions go to Sam Price, 01632 960001.",
            }),
        ),
        (
            "extended",
            "extended",
            without(
                about_a_return(json!({ "reason": "The accounts are late." })),
                &["grant_reference", "provider"],
            ),
        ),
        (
            "awaiting-review",
            "awaiting-review",
            without(
                about_a_return(json!({
                    "submitted_by": "Zoë O’Neill", "office_title": "Partnerships officer", "revision": "2",
                    "office_url": "https://returns.example.org/office/returns/7",
                })),
                &["grant_reference", "due_day", "reference"],
            ),
        ),
        (
            "escalation",
            "escalation",
            without(
                about_a_return(json!({
                    "late_words": "5 working days late", "chased": ["Reminder on 27 April 2018", "Phone call on 3 May 2018"],
                })),
                &["grant_reference", "reference"],
            ),
        ),
        (
            "escalation-to-the-lead",
            "escalation",
            without(
                about_a_return(json!({
                    "late_words": "1 working day late", "chased": [], "to_office": false,
                })),
                &["grant_reference", "reference", "contact_line"],
            ),
        ),
        (
            "receipt",
            "receipt",
            without(
                about_a_return(json!({
                    "revision": "2", "submitted_at_words": "27 April 2018 at 4:05pm", "digest": digest,
                    "submitted_by": "Zoë O’Neill", "next_words": "A reviewer reads it next.",
                })),
                &["due_day", "provider"],
            ),
        ),
        (
            "sent-back",
            "sent-back",
            without(
                about_a_return(json!({
                    "reviewer": "Alex Reed", "reason": "The items do not add up.\n\nSee the second project.",
                    "queries": [
                        {"question": "Spent in the year", "text": "Is VAT in this figure?"},
                        {"question": "One anonymised case study", "text": "Please leave out the street <and> the school."},
                    ],
                })),
                &["grant_reference", "provider", "due_day"],
            ),
        ),
        (
            "awaiting-signature",
            "awaiting-signature",
            without(
                about_a_return(json!({
                    "officer": "Robin Vale", "office_title": "Chair of the partnership", "reviewer": "Alex Reed",
                    "office_url": "https://grants.example.org/office/returns/1",
                })),
                &["to_name", "grant_reference", "reference", "due_day"],
            ),
        ),
        (
            "declined",
            "declined",
            without(
                about_a_return(json!({
                    "officer": "Robin Vale", "reason": "The overspend is not explained.", "link": true,
                })),
                &["grant_reference", "provider", "due_day"],
            ),
        ),
        (
            "declined-to-the-office",
            "declined",
            without(
                about_a_return(json!({
                    "officer": "Robin Vale", "reason": "The overspend is not explained.",
                })),
                &["grant_reference", "provider", "due_day", "contact_line"],
            ),
        ),
        (
            "signed",
            "signed",
            without(
                about_a_return(json!({
                    "signed_by": "Robin Vale", "position": "Chair of the partnership",
                    "signed_at_words": "4 May 2018 at 10am", "revision": "2", "digest": digest,
                })),
                &["grant_reference", "provider", "due_day"],
            ),
        ),
        (
            "sign-in-code",
            "sign-in-code",
            json!({"to_name": "Robin Vale", "minutes": "10"}),
        ),
        (
            "colleague-link",
            "colleague-link",
            without(
                about_a_return(json!({"from_name": "Sam Price"})),
                &["grant_reference", "provider"],
            ),
        ),
        (
            "virement-decision",
            "virement-decision",
            json!({
                "to_name": "Zoë O’Neill", "grant_title": "Community safety grant 2017-18", "from": "Training",
                "to": "Outreach", "amount": "£440.00", "decision_words": "approved", "by": "Alex Reed",
                "contact_line": "Questions go to Sam Price, 01632 960001.",
            }),
        ),
    ]
}

fn mail(wording: &Wording, kind: &str, context: &Value) -> MailWords {
    wording.mail(kind, context).unwrap_or_else(|error| panic!("{error}"))
}

/// The words of the HTML as a reader sees them.
fn words_of_html(html: &str) -> Vec<String> {
    let page = Html::parse_document(html);
    let body = page.select(&Selector::parse("body").unwrap()).next().unwrap();
    body.text().flat_map(str::split_whitespace).map(str::to_owned).collect()
}

/// The words of the text; the hyphens before the items of a list are not words.
fn words_of_text(text: &str) -> Vec<String> {
    text.lines()
        .flat_map(|line| line.strip_prefix("- ").unwrap_or(line).split_whitespace())
        .map(str::to_owned)
        .collect()
}

/// Every text in a context, whatever it is in.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.split_whitespace().collect::<Vec<_>>().join(" ")],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(entries) => entries.values().flat_map(texts).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}

#[test]
fn text_and_html_say_the_same_and_all_of_it() {
    let wording = Wording::new().unwrap();
    for (name, kind, context) in samples() {
        let mail = mail(&wording, kind, &context);
        assert_eq!(words_of_text(&mail.text), words_of_html(&mail.html), "{name}");
        let (text, html) = (words_of_text(&mail.text).join(" "), words_of_html(&mail.html).join(" "));
        for value in texts(&context) {
            assert!(text.contains(&value), "{name}: the text leaves out ‘{value}’");
            assert!(html.contains(&value), "{name}: the HTML leaves out ‘{value}’");
        }
    }
}

#[test]
fn a_mail_has_one_link_at_most_and_what_is_filled_in_stands_in_both_parts() {
    let wording = Wording::new().unwrap();
    for (name, kind, context) in samples() {
        let mail = mail(&wording, kind, &context);
        let links = |words: &str| ["((link))", "((office))", "https://"].map(|link| words.matches(link).count());
        let in_text: usize = links(&mail.text).iter().sum();
        assert!(in_text <= 1, "{name}: {in_text} links");
        assert_eq!(mail.html.matches("href=").count(), in_text, "{name}");
        // In HTML it is both what is pressed and what is read.
        assert_eq!(links(&mail.html), links(&mail.text).map(|count| count * 2), "{name}");
        assert_eq!(
            mail.html.matches("((code))").count(),
            mail.text.matches("((code))").count(),
            "{name}"
        );
        let wants_link =
            ["opened", "reminder", "overdue", "sent-back", "colleague-link"].contains(&kind) || name == "declined";
        assert_eq!(mail.text.contains("((link))"), wants_link, "{name}");
        assert_eq!(mail.text.contains("((code))"), kind == "sign-in-code", "{name}");
        assert!(!mail.subject.contains("(("), "{name}");
    }
}

#[test]
fn a_mail_without_one_of_its_values_is_an_error() {
    let wording = Wording::new().unwrap();
    for (name, kind, context) in samples() {
        let given: &Map<String, Value> = context.as_object().unwrap();
        for left_out in given.keys().filter(|key| !OPTIONAL.contains(&key.as_str())) {
            let mut less = given.clone();
            less.remove(left_out);
            assert!(wording.mail(kind, &less).is_err(), "{name} without {left_out}");
        }
    }
}

#[test]
fn what_people_typed_stays_text() {
    let wording = Wording::new().unwrap();
    let (_, kind, mut context) = samples().into_iter().find(|(name, ..)| *name == "sent-back").unwrap();
    context["reason"] = json!("<script>alert(1)</script> {{ 7 * 7 }} <a href=\"https://example.org\">x</a>");
    let mail = mail(&wording, kind, &context);
    assert_eq!(words_of_text(&mail.text), words_of_html(&mail.html));
    assert!(mail.text.contains("{{ 7 * 7 }}") && mail.html.contains("{{ 7 * 7 }}"));
    assert!(!mail.html.contains("<script") && mail.html.matches("<a ").count() == 1);
}

#[test]
fn every_mail_has_a_sample_and_reads_as_reviewed() {
    let folders: BTreeSet<String> = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/mails"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    assert_eq!(
        folders,
        samples().into_iter().map(|(_, kind, _)| kind.to_owned()).collect()
    );
    let wording = Wording::new().unwrap();
    for (name, kind, context) in samples() {
        let mail = mail(&wording, kind, &context);
        insta::assert_snapshot!(name, format!("{}\n\n{}\n{}", mail.subject, mail.text, mail.html));
    }
}
