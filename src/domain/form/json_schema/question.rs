//! The part of the schema that is about questions, columns and tables.
//!
//! Invariant: every type that the reader knows has its keys here, and no type has a key that means nothing for it.

use serde_json::{Map, Value, json};

use super::{aim_ref, file_types, flag, id, one_of, rule, table, text, whole, words};
use crate::form::parse::{COLUMN_TYPES, MAX_ROWS, TYPES};

/// The definitions of questions, columns and the rows of tables.
pub(super) fn definitions() -> [(&'static str, Value); 6] {
    let labelled = |what: &str| {
        table(
            what,
            &[("id", id("Permanent.")), ("label", words("What it is called."))],
            &["id", "label"],
        )
    };
    let mut option = labelled("One of the answers that are offered.");
    option["properties"]["id"] = super::kebab("Permanent.");
    let mut item = labelled("An item of a checklist.");
    item["properties"]["comment_when"] = one_of(&["yes", "no"], "The answer that wants a comment.");
    [
        ("question", asked("A question.", &TYPES, false)),
        (
            "column",
            asked("A column of a table: a question too.", &COLUMN_TYPES, true),
        ),
        ("option", option),
        ("row", labelled("A row of a table.")),
        ("funnel_stage", labelled("A stage of a funnel.")),
        ("item", item),
    ]
}

fn asked(description: &str, types: &[&str], column: bool) -> Value {
    let mut properties = Map::new();
    let mut cases = Vec::new();
    for kind in types {
        let keys: Vec<&str> = keys_of(kind, column).collect();
        for key in &keys {
            properties.insert((*key).to_owned(), value_of(key));
        }
        let mut then = json!({ "propertyNames": { "enum": keys } });
        let needed = needed_by(kind);
        if !needed.is_empty() {
            then["required"] = json!(needed);
        }
        if *kind == "decimal" {
            then["properties"] = json!({ "places": { "minimum": 1 } });
        }
        let case = json!({ "properties": { "type": { "const": kind } }, "required": ["type"] });
        cases.push(json!({ "if": case, "then": then }));
    }
    properties.insert("type".to_owned(), one_of(types, "What is answered."));
    json!({
        "description": description,
        "type": "object",
        "properties": properties,
        "required": ["id", "type", "label"],
        "additionalProperties": false,
        "allOf": cases,
    })
}

/// The keys of a type of question, or of column.
pub(super) fn keys_of(kind: &str, column: bool) -> impl Iterator<Item = &'static str> {
    let quantity = matches!(kind, "money" | "count" | "decimal" | "percent" | "range" | "ratio");
    let table = matches!(kind, "matrix" | "funnel" | "checklist" | "risk");
    let typed = !table && kind != "calculated";
    let figure = quantity || kind == "calculated";
    let filled_in = quantity && kind != "range" || matches!(kind, "text" | "narrative" | "date" | "yes_no");
    let compared = matches!(kind, "money" | "count" | "decimal" | "percent");
    let groups: [(bool, &[&str]); 11] = [
        (true, &["id", "type", "label", "hint", "show_if"]),
        (typed || kind == "funnel", &["required"]),
        (
            typed && kind != "declaration" || kind == "funnel",
            &["not_known", "not_applicable"],
        ),
        (quantity || kind == "funnel", &["approximately"]),
        (filled_in, &["from", "locked"]),
        (
            figure || matches!(kind, "matrix" | "funnel" | "risk"),
            &["over_providers", "over_time"],
        ),
        (figure || kind == "funnel", &["previous"]),
        (figure, &["target", "benchmark", "baseline"]),
        (compared, &["same_as"]),
        (matches!(kind, "money" | "calculated"), &["money_is"]),
        (figure && column && kind != "percent", &["total"]),
    ];
    let own = own_keys(kind);
    groups
        .into_iter()
        .filter(|(has, _)| *has)
        .flat_map(|(_, keys)| keys.iter().copied())
        .chain(own.iter().copied())
}

/// The keys that belong to the type alone.
fn own_keys(kind: &str) -> &'static [&'static str] {
    match kind {
        "text" => &["max_chars"],
        "narrative" => &["max_words", "personal_data"],
        "money" => &["negative"],
        "count" | "range" => &["counts"],
        "decimal" => &["places", "negative"],
        "percent" => &["places", "negative", "check", "severity"],
        "ratio" => &["of_label", "per_label", "places", "counts"],
        "choice" => &["options"],
        "choices" => &["options", "min", "max"],
        "priority" => &["max"],
        "split" => &["of", "severity", "max_rows"],
        "file" => &["accept", "max_files"],
        "declaration" => &["statement"],
        "calculated" => &["value", "places", "percent"],
        "matrix" => &["rows", "min_rows", "max_rows", "column", "turned", "decided_in"],
        "funnel" => &["stages", "counts"],
        "checklist" => &["items"],
        "risk" => &["min_rows", "max_rows", "decided_in"],
        _ => &[],
    }
}

fn needed_by(kind: &str) -> &'static [&'static str] {
    match kind {
        "ratio" => &["of_label", "per_label"],
        "choice" | "choices" => &["options"],
        "split" => &["of"],
        "declaration" => &["statement"],
        "calculated" => &["value"],
        "matrix" => &["rows", "column"],
        "funnel" => &["stages"],
        "checklist" => &["items"],
        _ => &[],
    }
}

/// What may stand under a key. One that is not known here may hold anything, and the tests find it.
fn value_of(key: &str) -> Value {
    match key {
        "id" => id("Permanent; rules call it by this."),
        "label" => words("What is asked."),
        "hint" => words("Words under the label."),
        "show_if" => rule("Shown only while this holds."),
        "required" => flag("It must be answered before the return is submitted."),
        "not_known" => flag("“Not known yet” is offered."),
        "not_applicable" => flag("“Not applicable” is offered."),
        "approximately" => flag("“Approximately” is offered."),
        "from" => rule("Fills it in: a rule over the register, or returns.some-form.some_measure."),
        "locked" => flag("What `from` filled in cannot be changed."),
        "over_providers" => add_up("How figures of several providers become one."),
        "over_time" => add_up("How figures of several periods become one."),
        "previous" => one_of(&["show"], "The last signed figure stands beside the box."),
        "benchmark" => aim_ref("What others reach."),
        "baseline" => aim_ref("Where it started."),
        "target" => target(),
        "same_as" => same_as(),
        "money_is" => one_of(
            &["spent", "committed"],
            "What the amount is in the books of its allocation.",
        ),
        "total" => flag("Its sum stands under the column."),
        _ => own_value(key),
    }
}

fn own_value(key: &str) -> Value {
    match key {
        "max_chars" => whole(1, 2_000, "Longest, in characters; 200 without."),
        "max_words" => whole(1, 10_000, "Longest, in words."),
        "personal_data" => one_of(&["warn"], "It is looked through for what gives a person away."),
        "negative" => flag("Less than nought makes sense."),
        "counts" => one_of(
            &["people", "new people"],
            "They are people: small numbers are held back from what is published. New people are in one period only.",
        ),
        "places" => whole(0, 4, "Decimal places."),
        "check" => rule("The calculation that the percentage is compared with."),
        "severity" => severity(),
        "of_label" => words("What the first count is of."),
        "per_label" => words("What the second count is of."),
        "options" => listed("option", 2, 500, "The answers that are offered."),
        "min" => whole(0, 200, "The fewest that are chosen; 0 without."),
        "max" => whole(1, 200, "The most that are chosen."),
        "of" => id("The money question of the same section that the items come to."),
        "min_rows" => whole(0, MAX_ROWS, "The fewest rows; 0 without."),
        "max_rows" => whole(1, MAX_ROWS, "The most rows."),
        "accept" => file_types(),
        "max_files" => whole(1, 20, "The most files; 5 without."),
        "statement" => words("The exact words that are agreed to."),
        "value" => rule("What it comes to."),
        "percent" => flag("Shown with a % sign."),
        "rows" => rows(),
        "column" => listed("column", 1, 500, "The columns, in order."),
        "turned" => flag("Rows across, columns down."),
        "decided_in" => super::kebab("The stage whose officer decides on each row."),
        "stages" => listed("funnel_stage", 2, 12, "The stages, each no larger than the one before."),
        "items" => listed("item", 1, 200, "The items."),
        _ => Value::Bool(true),
    }
}

fn listed(of: &str, least: u32, most: u32, description: &str) -> Value {
    json!({
        "type": "array",
        "items": { "$ref": format!("#/$defs/{of}") },
        "minItems": least,
        "maxItems": most,
        "description": description,
    })
}

fn rows() -> Value {
    let sources = one_of(
        &["cohorts", "allocations", "lines", "priorities", "added"],
        "Where they come from.",
    );
    json!({
        "description": "There is a row for each of these.",
        "anyOf": [sources, listed("row", 1, MAX_ROWS, "The rows themselves.")],
    })
}

fn add_up(description: &str) -> Value {
    one_of(&["sum", "last", "max", "list"], description)
}

pub(super) fn severity() -> Value {
    one_of(
        &["error", "warning"],
        "An error blocks submission, a warning has to be explained.",
    )
}

pub(super) fn target() -> Value {
    let mut target = text("What was promised, like >= 75 or < 20.");
    target["pattern"] = json!(TARGET);
    target
}

/// A comparison and a figure.
pub(super) const TARGET: &str = "^\\s*(>=|<=|>|<|=)\\s*[-+]?[0-9.]+\\s*$";

fn same_as() -> Value {
    let both = table(
        "The rule, and what a difference is.",
        &[("rule", rule("The other place.")), ("severity", severity())],
        &["rule"],
    );
    json!({
        "description": "The same figure, stated elsewhere.",
        "anyOf": [rule("The other place."), both],
    })
}
