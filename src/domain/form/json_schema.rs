//! The JSON Schema (draft 2020-12) of a form file, by which an editor completes keys and marks what cannot be.
//!
//! Invariant: it knows the keys that the reader knows, type for type, and refuses no form that the reader takes; what needs
//! the whole form to be told, such as whether a rule names a question, is the reader's alone.

mod question;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value, json};

use super::parse::{FILE_TYPES, MAX_QUESTIONS, MAX_ROWS};

/// Ids that rules name.
const ID: &str = "^[a-z][a-z0-9_]{0,63}$";
/// Ids that no rule names.
const KEBAB: &str = "^[a-z][a-z0-9_-]{0,63}$";
/// Keys of offices.
const OFFICE: &str = "^[a-z][a-z0-9_-]*(\\.[a-z][a-z0-9_-]*)*$";

/// The schema, as a JSON document.
#[must_use]
pub fn json_schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Countersign form",
        "description": "What a return asks, what is wrong with an answer, when it falls due and who signs it.",
        "type": "object",
        "properties": {
            "form": kebab("The form’s permanent id."),
            "version": whole(1, 1_000_000, "Counts from 1. A published version never changes: an edit needs the next number."),
            "title": words("What people call the form."),
            "owed_by": one_of(&["grant", "allocation", "provider"], "What one return is owed for."),
            "audience": one_of(&["internal", "panel", "public"], "How far the form’s figures may travel."),
            "schedule": { "$ref": "#/$defs/schedule" },
            "stage": list("stage", "What happens after submission, in order."),
            "cohort": list("cohort", "Groups of people that are told apart."),
            "section": list("section", "The tasks of the return, in order."),
            "measure": list("measure", "Percentages that are worked out of two questions or columns."),
            "check": list("check", "Rules that should hold."),
        },
        "required": ["form", "version", "title", "owed_by", "audience", "schedule", "section"],
        "additionalProperties": false,
        "$defs": definitions(),
    })
}

fn definitions() -> Value {
    let mut all = Map::new();
    let mut put = |name: &str, value: Value| all.insert(name.to_owned(), value);
    put("words", words_of());
    put("schedule", schedule());
    put("period", period());
    put("escalation", escalation());
    put("stage", stage());
    put(
        "cohort",
        table(
            "A group of people.",
            &[
                ("id", id("Permanent.")),
                ("title", words("What people call the group.")),
            ],
            &["id", "title"],
        ),
    );
    put("section", section());
    put("plan", plan());
    put("measure", measure());
    put("check", check());
    put("aim", aim());
    for (name, value) in question::definitions() {
        put(name, value);
    }
    Value::Object(all)
}

/// A table of the file: its keys, and which of them must be there.
fn table(description: &str, keys: &[(&str, Value)], required: &[&str]) -> Value {
    let properties: Map<String, Value> = keys
        .iter()
        .map(|(key, value)| ((*key).to_owned(), value.clone()))
        .collect();
    json!({
        "description": description,
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn text(description: &str) -> Value {
    json!({ "type": "string", "description": description })
}

fn flag(description: &str) -> Value {
    json!({ "type": "boolean", "description": description })
}

fn whole(least: u32, most: u32, description: &str) -> Value {
    json!({ "type": "integer", "minimum": least, "maximum": most, "description": description })
}

fn one_of(values: &[&str], description: &str) -> Value {
    json!({ "enum": values, "description": description })
}

fn id(description: &str) -> Value {
    json!({ "type": "string", "pattern": ID, "description": description })
}

fn kebab(description: &str) -> Value {
    json!({ "type": "string", "pattern": KEBAB, "description": description })
}

fn office(description: &str) -> Value {
    json!({ "type": "string", "pattern": OFFICE, "description": description })
}

fn words(description: &str) -> Value {
    json!({ "$ref": "#/$defs/words", "description": description })
}

fn rule(description: &str) -> Value {
    json!({ "type": "string", "minLength": 1, "maxLength": 4_000, "description": description })
}

fn list(of: &str, description: &str) -> Value {
    json!({
        "type": "array",
        "items": { "$ref": format!("#/$defs/{of}") },
        "maxItems": MAX_QUESTIONS,
        "description": description,
    })
}

fn words_of() -> Value {
    let both = table(
        "The same words in two languages.",
        &[("en", text("English.")), ("cy", text("Welsh."))],
        &["en"],
    );
    json!({
        "description": "Words that people read, in English or in English and Welsh.",
        "anyOf": [{ "type": "string", "minLength": 1 }, both],
    })
}

fn date(description: &str) -> Value {
    text(&format!(
        "{description} Like end + 20wd, 30 November after end, or a date."
    ))
}

fn schedule() -> Value {
    let keys = [
        (
            "every",
            one_of(
                &["month", "quarter", "four-months", "half-year", "financial-year", "once"],
                "How often the return comes round.",
            ),
        ),
        (
            "dates",
            json!({
                "type": "array",
                "items": { "$ref": "#/$defs/period" },
                "minItems": 1,
                "maxItems": 400,
                "description": "In place of every: the periods by their dates, in the order of time.",
            }),
        ),
        ("opens", date("When the return opens.")),
        ("due", date("The last day on which it is on time.")),
        ("closes", date("The last day on which it is taken.")),
        (
            "remind",
            json!({ "type": "array", "items": date("A day."), "maxItems": 50, "description": "When the contacts are written to." }),
        ),
        (
            "escalate",
            json!({
                "type": "array",
                "items": { "$ref": "#/$defs/escalation" },
                "maxItems": 50,
                "description": "Who else is told, and when.",
            }),
        ),
    ];
    let mut schedule = table("When the return falls due.", &keys, &["opens", "due", "closes"]);
    schedule["oneOf"] = json!([{ "required": ["every"] }, { "required": ["dates"] }]);
    schedule
}

fn period() -> Value {
    table(
        "A period by its first and last day.",
        &[
            ("from", text("The first day.")),
            ("to", text("The last day.")),
            ("label", words("What people call it.")),
            ("opens", date("When this return opens.")),
            ("due", date("Its own due day.")),
            ("closes", date("Its own close.")),
        ],
        &["from", "to"],
    )
}

fn escalation() -> Value {
    table(
        "Who is told of a late return.",
        &[
            ("at", date("When.")),
            ("to", office("provider.lead, commissioner, or the key of an office.")),
        ],
        &["at", "to"],
    )
}

fn stage() -> Value {
    let not_also = json!({
        "type": "array",
        "items": text("preparer, or the id of an earlier stage."),
        "description": "Who must not act in this stage.",
    });
    let keys = [
        ("id", kebab("Permanent.")),
        (
            "kind",
            one_of(&["review", "sign-off"], "Whether somebody reads, or signs."),
        ),
        ("by", office("The key of the office that acts, like partnership.chair.")),
        ("not_also", not_also),
        ("statement", words("The exact words that are signed.")),
    ];
    let mut stage = table("A stage after submission.", &keys, &["id", "kind", "by"]);
    stage["if"] = json!({ "properties": { "kind": { "const": "sign-off" } }, "required": ["kind"] });
    stage["then"] = json!({ "required": ["statement"] });
    stage["else"] = json!({ "properties": { "statement": false } });
    stage
}

fn section() -> Value {
    let keys = [
        ("id", id("Permanent.")),
        ("title", words("What the task is called.")),
        ("hint", words("Words above the questions.")),
        (
            "each",
            one_of(
                &["allocation", "project", "cohort", "row"],
                "For what it comes again; once without.",
            ),
        ),
        (
            "key",
            one_of(
                &["allocation.key", "allocation.id"],
                "How a task for each allocation is told apart.",
            ),
        ),
        (
            "named_by",
            id("The text question that names its rows on the task list."),
        ),
        ("min_rows", whole(0, MAX_ROWS, "The fewest rows; 0 without.")),
        ("max_rows", whole(1, MAX_ROWS, "The most rows; 20 without.")),
        ("plan", json!({ "$ref": "#/$defs/plan" })),
        ("question", list("question", "What is asked, in order.")),
    ];
    let mut section = table("A task of the return.", &keys, &["id", "title", "question"]);
    section["if"] = json!({ "properties": { "each": { "const": "row" } }, "required": ["each"] });
    section["then"] = json!({ "required": ["named_by"] });
    section["else"] =
        json!({ "properties": { "named_by": false, "min_rows": false, "max_rows": false, "plan": false } });
    section
}

fn plan() -> Value {
    table(
        "How the rows become the grant’s allocations: the ids of questions.",
        &[
            ("title", id("A text question: what the project is called.")),
            ("amount", id("A money question: what is proposed.")),
            ("provider", id("A text question: the organisation.")),
            ("priorities", id("A priority question.")),
            (
                "parts",
                id("A split, or a matrix with a column of text and one of money called amount."),
            ),
            ("contract_total", id("A money question.")),
            ("contract_ends_on", id("A date.")),
            ("other_funding", id("A money question.")),
            (
                "held_back_for",
                id("What a remainder is held back for: a text question that is asked once."),
            ),
        ],
        &["title", "amount"],
    )
}

fn measure() -> Value {
    table(
        "A percentage of two questions or columns.",
        &[
            ("id", id("Permanent; told apart from those of questions.")),
            ("title", words("What it is called.")),
            ("in", id("The section or table.")),
            ("of", id("The part.")),
            ("per", id("The whole.")),
            ("as", one_of(&["percent"], "All that there is.")),
            ("places", whole(0, 4, "Decimal places; 1 without.")),
            (
                "previous",
                one_of(&["show"], "The last signed percentage stands beside it."),
            ),
            ("target", question::target()),
            ("benchmark", aim_ref("What others reach.")),
            ("baseline", aim_ref("Where it started.")),
        ],
        &["id", "title", "in", "of", "per"],
    )
}

fn check() -> Value {
    let at = json!({
        "type": "array",
        "items": id("A question or column."),
        "minItems": 1,
        "description": "Beside which questions it is said.",
    });
    table(
        "A rule that should hold.",
        &[
            ("id", kebab("Permanent.")),
            (
                "in",
                id("The section or table that it stands in; without, once for the return."),
            ),
            ("rule", rule("What must hold.")),
            ("severity", question::severity()),
            ("at", at),
            ("message", text("What is said. {spent} stands for a figure.")),
        ],
        &["id", "rule", "severity", "at", "message"],
    )
}

fn aim() -> Value {
    let value = json!({
        "anyOf": [{ "type": "number" }, { "type": "string", "minLength": 1 }],
        "description": "In the figure’s own unit: 34.4, or \"34.4\".",
    });
    table(
        "A figure to stand beside.",
        &[("value", value), ("name", words("For example National average."))],
        &["value", "name"],
    )
}

fn aim_ref(description: &str) -> Value {
    json!({ "$ref": "#/$defs/aim", "description": description })
}

fn file_types() -> Value {
    json!({
        "type": "array",
        "items": { "enum": FILE_TYPES },
        "minItems": 1,
        "description": "Which documents are taken; pdf, docx and xlsx without.",
    })
}
