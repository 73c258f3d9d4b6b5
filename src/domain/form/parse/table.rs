//! Reads tables: rows and columns as the form says, and the kinds of table whose columns are always the same.
//!
//! Invariant: a table comes out with rows from one source and with columns that fit a cell; a row's id is given once.

use super::figure::add_up;
use super::ids::Spelling;
use super::kind::{Around, At, PEOPLE};
use super::question::{one_of_each_money, question};
use super::reader::{Reader, Thing, mistyped};
use crate::form::rule::{Where, did_you_mean};
use crate::form::schema::{AddUp, Kind, Question, Table, TableKind, TableRow, TableRows, Words};

/// The most rows of a table, given or added.
pub const MAX_ROWS: u32 = 200;
/// The most that one added when the form does not say.
pub(super) const USUAL_ROWS: u32 = 20;
const MOST_STAGES: usize = 12;

/// The kinds of table, as they are written.
pub(super) fn made_as(kind: &str) -> Option<TableKind> {
    Some(match kind {
        "matrix" => TableKind::Matrix,
        "funnel" => TableKind::Funnel,
        "checklist" => TableKind::Checklist,
        "risk" => TableKind::Risk,
        _ => return None,
    })
}

/// The columns that come with a kind of table, and the type of each as it would be written.
pub(super) fn columns_of(made_as: TableKind) -> impl Iterator<Item = (&'static str, &'static str)> {
    let columns: &[(&str, &str)] = match made_as {
        TableKind::Matrix => &[],
        TableKind::Funnel => &[("number", "count"), ("share", "ratio")],
        TableKind::Checklist => &[("answer", "yes_no"), ("comment", "text")],
        TableKind::Risk => &[
            ("theme", "text"),
            ("concern", "narrative"),
            ("budget", "money"),
            ("recommendation", "text"),
        ],
    };
    columns.iter().copied()
}

/// The column that `table.row` stands for in rules.
pub(super) fn shorthand(made_as: TableKind) -> Option<&'static str> {
    match made_as {
        TableKind::Funnel => Some("number"),
        TableKind::Checklist => Some("answer"),
        TableKind::Matrix | TableKind::Risk => None,
    }
}

/// A table; what is wrong with it has been reported.
pub(super) fn table(
    made_as: TableKind,
    id: &str,
    label: &Words,
    thing: &mut Thing,
    place: Where<'_>,
    reader: &mut Reader,
) -> Kind {
    let welsh = label.cy.is_some();
    let (rows, columns, turned) = match made_as {
        TableKind::Matrix => matrix(id, thing, place, reader),
        TableKind::Funnel => {
            let rows = given(thing, "stages", 2..=MOST_STAGES, place, reader);
            (TableRows::Fixed(rows), funnel(thing, welsh, reader), false)
        }
        TableKind::Checklist => {
            let rows = given(thing, "items", 1..=200, place, reader);
            (TableRows::Fixed(rows), checklist(welsh), false)
        }
        TableKind::Risk => (added(thing, reader), risk(thing, welsh, reader), false),
    };
    Kind::Table(Table {
        made_as,
        rows,
        columns,
        turned,
    })
}

fn matrix(id: &str, thing: &mut Thing, place: Where<'_>, reader: &mut Reader) -> (TableRows, Vec<Question>, bool) {
    let rows = rows(thing, place, reader);
    let (over_providers, over_time) = add_up(thing, reader);
    let around = Around {
        added: matches!(rows, TableRows::Added { .. }),
        over_providers,
        over_time,
    };
    let at = At {
        rules: Where::Table(id),
        words: place,
        table: Some(around),
    };
    thing.need(reader, "column");
    let mut asked = Vec::new();
    for column in thing.things(reader, "column", "column") {
        asked.extend(question(column, at, reader));
    }
    one_of_each_money(&asked, "table", reader);
    let columns = asked.into_iter().map(|asked| asked.question).collect();
    (rows, columns, thing.flag(reader, "turned"))
}

/// Where the rows of a table come from.
fn rows(thing: &mut Thing, place: Where<'_>, reader: &mut Reader) -> TableRows {
    let nothing = TableRows::Fixed(Vec::new());
    thing.need(reader, "rows");
    let Some(value) = thing.get("rows") else {
        return nothing;
    };
    if value.get_ref().as_array().is_some() {
        return TableRows::Fixed(given(thing, "rows", 1..=200, place, reader));
    }
    if value.get_ref().as_str().is_none() {
        let help = "Write \"cohorts\", \"allocations\", \"lines\", \"priorities\" or \"added\", or list the rows.";
        mistyped(value, "rows", "text or a list", help, reader);
        return nothing;
    }
    let words = [
        ("cohorts", TableRows::Cohorts),
        ("allocations", TableRows::Allocations),
        ("lines", TableRows::Lines),
        ("priorities", TableRows::Priorities),
    ];
    let Some(text) = thing.text(reader, "rows") else {
        return nothing;
    };
    if text.value == "added" {
        return added(thing, reader);
    }
    let Some((_, found)) = words.iter().find(|(word, _)| *word == text.value) else {
        let message = format!("Rows cannot be `{}`.", text.value);
        let known = words.iter().map(|(word, _)| *word).chain(["added"]);
        let mut help = did_you_mean(&text.value, known);
        if help.is_empty() {
            help = "They are cohorts, allocations, lines, priorities, added, or a list.".to_owned();
        }
        reader.error(text.span, message, help);
        return nothing;
    };
    let refused = match found {
        TableRows::Cohorts if reader.cohorts == 0 => Some(("This form has no cohorts.", "Add [[cohort]] to it.")),
        TableRows::Cohorts if place == Where::Cohort => Some((
            "This section already comes once for each cohort.",
            "Ask the columns as questions of the section.",
        )),
        TableRows::Allocations if place == Where::Allocation => Some((
            "This section already comes once for each allocation.",
            "Ask the columns as questions of the section.",
        )),
        TableRows::Lines if place != Where::Allocation && !reader.names.one_allocation => Some((
            "Budget lines belong to one allocation.",
            "Put the table in a section with each = \"allocation\".",
        )),
        _ => None,
    };
    reader.cohorts_used |= *found == TableRows::Cohorts;
    if let Some((message, help)) = refused {
        reader.error(text.span, message, help);
    }
    found.clone()
}

fn added(thing: &mut Thing, reader: &mut Reader) -> TableRows {
    let (min, max) = fewest_and_most(thing, reader);
    TableRows::Added { min, max }
}

/// `min_rows` and `max_rows`.
pub(super) fn fewest_and_most(thing: &mut Thing, reader: &mut Reader) -> (u32, u32) {
    let min = thing.whole(reader, "min_rows", 0..=MAX_ROWS).unwrap_or(0);
    let given = thing.whole(reader, "max_rows", 1..=MAX_ROWS);
    let max = given.unwrap_or_else(|| USUAL_ROWS.max(min));
    if max < min {
        let message = format!("`max_rows` is {max} and `min_rows` is {min}.");
        reader.error(
            thing.place("max_rows"),
            message,
            "Ask for no more rows than may be added.",
        );
    }
    (min, max)
}

/// Rows that the form gives.
fn given(
    thing: &mut Thing,
    key: &'static str,
    range: std::ops::RangeInclusive<usize>,
    place: Where<'_>,
    reader: &mut Reader,
) -> Vec<TableRow> {
    let what = match key {
        "stages" => "stage",
        "items" => "item",
        _ => "row",
    };
    thing.need(reader, key);
    let before = reader.problems.len();
    let mut found: Vec<TableRow> = Vec::new();
    for mut row in thing.things(reader, key, what) {
        let id = row.id(reader, "id", Spelling::Rule);
        let label = row.needed_words(reader, "label", place);
        if found.iter().any(|other| other.id == id) && !id.is_empty() {
            reader.error(row.place("id"), format!("The {what} `{id}` is given twice."), "");
        }
        let comment_when = match key {
            "items" => row.one_of(reader, "comment_when", &[("yes", true), ("no", false)]),
            _ => None,
        };
        row.finish(reader, &["comment_when"], "given");
        found.push(TableRow {
            id,
            label,
            comment_when,
        });
    }
    if thing.has(key) && reader.problems.len() == before && !range.contains(&found.len()) {
        let message = format!(
            "`{key}` must be from {} to {}, and are {}.",
            range.start(),
            range.end(),
            found.len()
        );
        reader.error(thing.place(key), message, "");
    }
    found
}

/// A column that comes with a kind of table.
fn column(id: &str, en: &str, cy: Option<&str>, kind: Kind, required: bool) -> Question {
    Question {
        id: id.to_owned(),
        label: Words {
            en: en.to_owned(),
            cy: cy.map(str::to_owned),
        },
        hint: None,
        kind,
        required,
        show_if: None,
        from: None,
        locked: false,
        may_be_approximate: false,
        may_be_unknown: false,
        may_be_inapplicable: false,
        same_as: None,
        money_is: None,
        roll_up: None,
        previous: false,
        total: false,
        decided_in: None,
        over_providers: None,
        over_time: None,
        target: None,
        benchmark: None,
        baseline: None,
    }
}

/// The number at each stage, and its share of the stage before. The share is locked: it is worked out.
fn funnel(thing: &mut Thing, welsh: bool, reader: &mut Reader) -> Vec<Question> {
    let people = thing.one_of(reader, "counts", &PEOPLE).is_some();
    let (over_providers, over_time) = add_up(thing, reader);
    let kind = Kind::Count { people };
    super::figure::twice_counted(thing, &kind, over_time, reader);
    let number = Question {
        required: thing.flag(reader, "required"),
        may_be_approximate: thing.flag(reader, "approximately"),
        may_be_unknown: thing.flag(reader, "not_known"),
        may_be_inapplicable: thing.flag(reader, "not_applicable"),
        previous: thing.one_of(reader, "previous", &[("show", ())]).is_some(),
        over_providers,
        over_time,
        ..column("number", "Number", welsh.then_some("Nifer"), kind, false)
    };
    let label = |en: &str, cy: &str| Words {
        en: en.to_owned(),
        cy: welsh.then(|| cy.to_owned()),
    };
    let kind = Kind::Ratio {
        of_label: label("At this stage", "Ar y cam hwn"),
        per_label: label("At the stage before", "Ar y cam blaenorol"),
        places: 1,
        people,
    };
    let share = Question {
        locked: true,
        over_providers,
        over_time,
        ..column(
            "share",
            "Of the stage before",
            welsh.then_some("O’r cam blaenorol"),
            kind,
            false,
        )
    };
    vec![number, share]
}

const COMMENT: u32 = 500;

fn checklist(welsh: bool) -> Vec<Question> {
    let comment = Kind::Text { max_chars: COMMENT };
    vec![
        column("answer", "Answer", welsh.then_some("Ateb"), Kind::YesNo, true),
        column("comment", "Comment", welsh.then_some("Sylw"), comment, false),
    ]
}

fn risk(thing: &mut Thing, welsh: bool, reader: &mut Reader) -> Vec<Question> {
    let (over_providers, over_time): (Option<AddUp>, Option<AddUp>) = add_up(thing, reader);
    let line = || Kind::Text { max_chars: 200 };
    let concern = Kind::Narrative {
        max_words: Some(200),
        personal_data_warn: false,
    };
    let budget = Question {
        total: true,
        over_providers,
        over_time,
        ..column(
            "budget",
            "Budget",
            welsh.then_some("Cyllideb"),
            Kind::Money { negative: false },
            false,
        )
    };
    let advice = Kind::Text { max_chars: COMMENT };
    vec![
        column("theme", "Theme", welsh.then_some("Thema"), line(), true),
        column("concern", "Concern", welsh.then_some("Pryder"), concern, true),
        budget,
        column(
            "recommendation",
            "Recommendation",
            welsh.then_some("Argymhelliad"),
            advice,
            true,
        ),
    ]
}
