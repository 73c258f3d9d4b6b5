//! The schema against the reader: the same keys for each type, no good form refused, and wrong ones refused.
//!
//! Invariant: the validator here knows every keyword that the schema uses and stops at one that it does not, so that
//! nothing in the schema goes unread.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::question::{TARGET, keys_of};
use super::{ID, KEBAB, OFFICE, json_schema};
use crate::form::parse::{COLUMN_TYPES, TYPES, keys_read, read};
use crate::form::schema::Severity;
use crate::form::tests::{EVERYTHING, wrong, wrong_tables};

const PARTNERSHIP: &str = include_str!("../../../../forms/s5-partnership/evaluation.toml");
const NEIGHBOURHOOD: &str = include_str!("../../../../tests/language/form.toml");
const GUIDE: &str = include_str!("../../../../docs/forms.md");

/// The worked form of the guide, alone and with each part that the guide shows.
fn of_the_guide() -> Vec<String> {
    let blocks = |language: &str| -> Vec<&str> {
        let parts = GUIDE.split(language).skip(1);
        parts.filter_map(|rest| rest.split("```").next()).collect()
    };
    let worked = blocks("```toml\n")[0];
    let mut forms = vec![worked.to_owned()];
    forms.extend(blocks("```part\n").iter().map(|part| format!("{worked}\n{part}")));
    forms
}

/// A form of every type of question and of column, each with what it needs.
fn every_type() -> String {
    let mut text = "form = \"types\"\nversion = 1\ntitle = \"T\"\nowed_by = \"grant\"\naudience = \"panel\"\n\
                    [schedule]\nevery = \"month\"\nopens = \"end\"\ndue = \"end + 9d\"\ncloses = \"due + 9d\"\n\
                    [[section]]\nid = \"s\"\ntitle = \"S\"\n"
        .to_owned();
    let needs = |kind: &str, as_column: bool| match kind {
        "ratio" => "of_label = \"O\"\nper_label = \"P\"\n",
        "choice" | "choices" => "options = [{ id = \"a\", label = \"A\" }, { id = \"b\", label = \"B\" }]\n",
        "split" => "of = \"q_money\"\n",
        "declaration" => "statement = \"I do.\"\n",
        "calculated" if as_column => "value = \"c_money + £1\"\n",
        "calculated" => "value = \"q_count + 1\"\n",
        "funnel" => "stages = [{ id = \"a\", label = \"A\" }, { id = \"b\", label = \"B\" }]\n",
        "checklist" => "items = [{ id = \"a\", label = \"A\" }]\n",
        _ => "",
    };
    for kind in TYPES.iter().filter(|kind| **kind != "matrix") {
        let needs = needs(kind, false);
        text += &format!("[[section.question]]\nid = \"q_{kind}\"\ntype = \"{kind}\"\nlabel = \"L\"\n{needs}");
    }
    text += "[[section.question]]\nid = \"in_pounds\"\ntype = \"calculated\"\nlabel = \"L\"\nvalue = \"q_money * 2\"\n";
    text += "[[section.question]]\nid = \"grid\"\ntype = \"matrix\"\nlabel = \"L\"\nrows = \"added\"\n";
    for kind in COLUMN_TYPES {
        let needs = needs(kind, true);
        text += &format!("[[section.question.column]]\nid = \"c_{kind}\"\ntype = \"{kind}\"\nlabel = \"L\"\n{needs}");
    }
    text
}

/// The definition of the schema for what the reader calls so.
fn defined(schema: &Value, what: &str, kind: &str) -> Option<BTreeSet<String>> {
    let keys = |value: &Value| -> BTreeSet<String> {
        value["properties"]
            .as_object()
            .map(|of| of.keys().cloned().collect())
            .unwrap_or_default()
    };
    let definition = match (what, kind) {
        ("question" | "column", kind) => return Some(keys_of(kind, what == "column").map(str::to_owned).collect()),
        ("form", _) => return Some(keys(schema)),
        ("step of escalation", _) => "escalation",
        ("stage", "given") => "funnel_stage",
        ("benchmark" | "baseline", _) => "aim",
        ("text in two languages", _) => return Some(keys(&schema["$defs"]["words"]["anyOf"][1])),
        ("comparison", _) => {
            return Some(keys(&schema["$defs"]["question"]["properties"]["same_as"]["anyOf"][1]));
        }
        (other, _) => other,
    };
    schema["$defs"].get(definition).map(keys)
}

#[test]
fn the_reader_and_the_schema_know_the_same_keys() {
    let schema = json_schema();
    let mut read: BTreeMap<(&str, String), BTreeSet<String>> = BTreeMap::new();
    let dated = EVERYTHING.replacen(
        "every  = \"financial-year\"",
        "dates = [{ from = 2026-04-01, to = 2026-06-30 }]",
        1,
    );
    for source in [
        EVERYTHING,
        &dated,
        wrong_tables::GOOD,
        wrong::GOOD,
        PARTNERSHIP,
        &every_type(),
    ] {
        for (what, kind, key) in keys_read(source) {
            read.entry((what, kind)).or_default().insert(key.to_owned());
        }
    }
    for ((what, kind), mut keys) in read {
        let mut known = defined(&schema, what, &kind).unwrap_or_else(|| panic!("no definition of a {what}"));
        if matches!((what, kind.as_str()), ("stage" | "row", "given")) {
            // The reader looks at it for items alone.
            keys.remove("comment_when");
            known.remove("comment_when");
        }
        assert_eq!(keys, known, "{kind} {what}");
    }
    for kind in TYPES {
        for key in keys_of(kind, false).chain(keys_of(kind, true)) {
            let value = &schema["$defs"]["question"]["properties"][key];
            let value = if key == "total" {
                &schema["$defs"]["column"]["properties"][key]
            } else {
                value
            };
            assert!(value["description"].is_string(), "{kind}: {key} is {value}");
        }
    }
}

#[test]
fn every_good_form_is_valid() {
    let guide = of_the_guide();
    assert!(guide.len() > 5, "{}", guide.len());
    for source in guide.iter().map(String::as_str).chain([NEIGHBOURHOOD]) {
        assert!(read(source).form.is_some(), "{:?}", read(source).problems);
        assert_eq!(problems(source), Some(Vec::new()));
    }
    for source in [EVERYTHING, wrong_tables::GOOD, wrong::GOOD, PARTNERSHIP, &every_type()] {
        assert!(read(source).form.is_some(), "{:?}", read(source).problems);
        assert_eq!(problems(source), Some(Vec::new()));
    }
}

#[test]
fn wrong_forms_are_refused_and_none_that_the_reader_takes() {
    let mut refused = 0;
    let faults = wrong::FAULTS.iter().map(|fault| (wrong::GOOD, fault));
    let faults = faults.chain(wrong_tables::FAULTS.iter().map(|fault| (wrong_tables::GOOD, fault)));
    for (good, (from, to)) in faults {
        let source = good.replacen(from, to, 1);
        // What is not TOML at all, no schema is asked about.
        let Some(found) = problems(&source) else { continue };
        let sound = read(&source)
            .problems
            .iter()
            .all(|problem| problem.severity == Severity::Warning);
        assert!(!sound || found.is_empty(), "{to} is good, and {found:?}");
        refused += usize::from(!found.is_empty());
    }
    assert!(refused >= 45, "{refused}");
}

/// What the schema says is wrong with a form; none when the text is not TOML.
fn problems(source: &str) -> Option<Vec<String>> {
    let table: toml::Table = toml::from_str(source).ok()?;
    let schema = json_schema();
    let mut found = Vec::new();
    validate(&schema, &schema, &as_json(&toml::Value::Table(table)), "", &mut found);
    Some(found)
}

fn as_json(value: &toml::Value) -> Value {
    match value {
        toml::Value::String(text) => json!(text),
        toml::Value::Integer(number) => json!(number),
        toml::Value::Float(number) => json!(number),
        toml::Value::Boolean(truth) => json!(truth),
        toml::Value::Datetime(date) => json!(date.to_string()),
        toml::Value::Array(list) => list.iter().map(as_json).collect(),
        toml::Value::Table(table) => {
            let keys = table.iter().map(|(key, value)| (key.clone(), as_json(value)));
            Value::Object(keys.collect())
        }
    }
}

fn is_valid(root: &Value, schema: &Value, value: &Value) -> bool {
    let mut found = Vec::new();
    validate(root, schema, value, "", &mut found);
    found.is_empty()
}

/// The keywords of JSON Schema that the schema uses, and no others.
fn validate(root: &Value, schema: &Value, value: &Value, path: &str, found: &mut Vec<String>) {
    let Some(keywords) = schema.as_object() else {
        if schema == &json!(false) {
            found.push(format!("{path} must not be there"));
        }
        return;
    };
    let object = value.as_object();
    let list = |of: &Value| of.as_array().cloned().unwrap_or_default();
    for (keyword, of) in keywords {
        let number = of.as_u64().unwrap_or_default();
        let good = match keyword.as_str() {
            "$schema" | "$defs" | "title" | "description" | "then" | "else" => true,
            "$ref" => {
                let name = of
                    .as_str()
                    .and_then(|name| name.strip_prefix("#/$defs/"))
                    .expect("a definition");
                let definition = root["$defs"].get(name).unwrap_or_else(|| panic!("no {name}"));
                validate(root, definition, value, path, found);
                true
            }
            "type" => match of.as_str() {
                Some("object") => value.is_object(),
                Some("array") => value.is_array(),
                Some("string") => value.is_string(),
                Some("integer") => value.is_i64() || value.is_u64(),
                Some("number") => value.is_number(),
                Some("boolean") => value.is_boolean(),
                other => panic!("the type {other:?}"),
            },
            "const" => of == value,
            "enum" => list(of).contains(value),
            "minimum" => value
                .as_i64()
                .is_none_or(|it| it >= i64::try_from(number).expect("small")),
            "maximum" => value
                .as_i64()
                .is_none_or(|it| it <= i64::try_from(number).expect("small")),
            "minLength" => value.as_str().is_none_or(|it| it.chars().count() as u64 >= number),
            "maxLength" => value.as_str().is_none_or(|it| it.chars().count() as u64 <= number),
            "minItems" => value.as_array().is_none_or(|it| it.len() as u64 >= number),
            "maxItems" => value.as_array().is_none_or(|it| it.len() as u64 <= number),
            "pattern" => value
                .as_str()
                .is_none_or(|it| matches(of.as_str().expect("a pattern"), it)),
            "required" => {
                object.is_none_or(|it| list(of).iter().all(|key| it.contains_key(key.as_str().expect("a key"))))
            }
            "properties" => {
                for (key, schema) in of.as_object().expect("properties") {
                    if let Some(value) = object.and_then(|it| it.get(key)) {
                        validate(root, schema, value, &format!("{path}/{key}"), found);
                    }
                }
                true
            }
            "additionalProperties" => {
                assert_eq!(of, &json!(false));
                let known = keywords["properties"].as_object().expect("properties");
                object.is_none_or(|it| it.keys().all(|key| known.contains_key(key)))
            }
            "propertyNames" => object.is_none_or(|it| it.keys().all(|key| is_valid(root, of, &json!(key)))),
            "items" => {
                for (at, item) in value.as_array().into_iter().flatten().enumerate() {
                    validate(root, of, item, &format!("{path}/{at}"), found);
                }
                true
            }
            "anyOf" => list(of).iter().any(|one| is_valid(root, one, value)),
            "oneOf" => list(of).iter().filter(|one| is_valid(root, one, value)).count() == 1,
            "allOf" => {
                list(of).iter().for_each(|one| validate(root, one, value, path, found));
                true
            }
            "if" => {
                let branch = if is_valid(root, of, value) { "then" } else { "else" };
                if let Some(branch) = keywords.get(branch) {
                    validate(root, branch, value, path, found);
                }
                true
            }
            other => panic!("the keyword {other} is not known here"),
        };
        if !good {
            found.push(format!("{path}: {keyword} {of}"));
        }
    }
}

fn matches(pattern: &str, text: &str) -> bool {
    let spelt = |text: &str, more: &str| {
        text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.len() <= 64
            && text
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || more.contains(c))
    };
    match pattern {
        ID => spelt(text, "_"),
        KEBAB => spelt(text, "_-"),
        OFFICE => text.split('.').all(|part| spelt(part, "_-")),
        TARGET => {
            let text = text.trim();
            let signs = [">=", "<=", ">", "<", "="];
            let figure = signs.iter().find_map(|sign| text.strip_prefix(sign));
            figure.is_some_and(|figure| {
                let figure = figure.trim().trim_start_matches(['-', '+']);
                !figure.is_empty() && figure.chars().all(|c| c.is_ascii_digit() || c == '.')
            })
        }
        other => panic!("the pattern {other} is not known here"),
    }
}
