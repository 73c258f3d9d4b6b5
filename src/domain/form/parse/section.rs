//! Reads the sections, the cohorts, and how the rows of a section become a plan.
//!
//! Invariant: a section that has rows says which question names them; a plan names questions of the kinds that it needs.

use super::figure::is_money;
use super::ids::Spelling;
use super::kind::At;
use super::question::{one_of_each_money, question, splits};
use super::reader::{Reader, Thing};
use super::table::fewest_and_most;
use super::text::Text;
use crate::form::rule::{Where, did_you_mean};
use crate::form::schema::{Each, Kind, OwedBy, Plan, Question, Rows, Section, Words};

/// The most cohorts of a form.
const MOST_COHORTS: usize = 50;

/// The groups of people that are told apart.
pub(super) fn cohorts(form: &mut Thing, reader: &mut Reader) -> Vec<(String, Words)> {
    let mut found: Vec<(String, Words)> = Vec::new();
    for mut thing in form.things(reader, "cohort", "cohort") {
        let id = thing.id(reader, "id", Spelling::Rule);
        let title = thing.needed_words(reader, "title", Where::Whole);
        if found.iter().any(|(other, _)| *other == id) && !id.is_empty() {
            reader.error(thing.place("id"), format!("The cohort `{id}` is given twice."), "");
        }
        if found.len() == MOST_COHORTS {
            let message = format!("A form must have {MOST_COHORTS} cohorts or fewer.");
            reader.error(thing.span.clone(), message, "");
        }
        thing.finish(reader, &[], "");
        found.push((id, title));
    }
    reader.cohorts = found.len();
    found
}

/// The sections. Whether there is a plan that the form cannot have is said here too.
pub(super) fn sections(form: &mut Thing, owed_by: Option<OwedBy>, reader: &mut Reader) -> Vec<Section> {
    form.need(reader, "section");
    let mut found = Vec::new();
    let mut held: Vec<Text> = Vec::new();
    let mut plans = 0;
    for thing in form.things(reader, "section", "section") {
        let plan = thing.place("plan");
        let section = section(thing, &mut held, reader);
        if section.plan.is_some() {
            plans += 1;
            if plans > 1 {
                let message = "A form proposes one plan, and another section has one already.";
                reader.error(plan, message, "Keep one of them.");
            } else if owed_by.is_some_and(|by| by != OwedBy::Grant) {
                let message = "A plan is made for a whole grant, and this return is owed for a part of one.";
                reader.error(plan, message, "Write owed_by = \"grant\".");
            }
        }
        found.push(section);
    }
    for text in held {
        held_back_for(&text, &found, reader);
    }
    found
}

fn section(mut thing: Thing, held: &mut Vec<Text>, reader: &mut Reader) -> Section {
    let id = thing.id(reader, "id", Spelling::Rule);
    let kinds = [
        ("allocation", Each::Allocation),
        ("project", Each::Project),
        ("cohort", Each::Cohort),
        ("row", Each::Row),
    ];
    let each = thing.one_of(reader, "each", &kinds);
    // What is meant by a mistyped word, which has been reported, was guessed when the names were learnt.
    let guessed = reader.names.sections.get(&id).copied();
    let each = each.or(guessed.filter(|_| thing.has("each"))).unwrap_or(Each::Whole);
    if each == Each::Cohort {
        reader.cohorts_used = true;
        if reader.cohorts == 0 {
            reader.error(
                thing.place("each"),
                "This form has no cohorts.",
                "Add [[cohort]] to it.",
            );
        }
    }
    let place = Where::of(each, &id);
    let title = thing.needed_words(reader, "title", place);
    let hint = thing.words(reader, "hint", place);
    let keys = [("allocation.key", ()), ("allocation.id", ())];
    if thing.one_of(reader, "key", &keys).is_some() && each != Each::Allocation {
        reader.error(
            thing.place("key"),
            "`key` has no meaning for a section without each = \"allocation\".",
            "Leave it out.",
        );
    }
    thing.need(reader, "question");
    let at = At {
        rules: place,
        words: place,
        table: None,
    };
    let mut asked = Vec::new();
    for table in thing.things(reader, "question", "question") {
        asked.extend(question(table, at, reader));
    }
    splits(&asked, reader);
    one_of_each_money(&asked, "section", reader);
    let questions: Vec<Question> = asked.into_iter().map(|asked| asked.question).collect();
    let (mut rows, mut proposed) = (None, None);
    if each == Each::Row {
        rows = Some(added(&mut thing, &id, &questions, reader));
        proposed = plan(&mut thing, &id, &questions, held, reader);
    }
    if each != Each::Row {
        rowless(&mut thing, reader);
    }
    thing.finish(reader, &[], "");
    Section {
        id,
        title,
        hint,
        each,
        rows,
        plan: proposed,
        questions,
    }
}

/// What belongs to rows has no meaning where none are added.
fn rowless(thing: &mut Thing, reader: &mut Reader) {
    for key in ["named_by", "min_rows", "max_rows", "plan"] {
        if thing.get(key).is_some() {
            let message = format!("`{key}` has no meaning for a section without each = \"row\".");
            reader.error(thing.place(key), message, "Add each = \"row\", or leave it out.");
        }
    }
}

/// Which question names the rows, and how many there may be.
fn added(thing: &mut Thing, section: &str, questions: &[Question], reader: &mut Reader) -> Rows {
    let named = thing.needed_text(reader, "named_by");
    let (min, max) = fewest_and_most(thing, reader);
    let named_by = named.map(|text| role(&text, section, questions, is_text, "a text question", reader));
    Rows {
        named_by: named_by.unwrap_or_default(),
        min,
        max,
    }
}

fn is_text(kind: &Kind) -> bool {
    matches!(kind, Kind::Text { .. })
}

/// A question of the section that must be of some kind; its id, whatever is wrong with it.
fn role(
    text: &Text,
    section: &str,
    questions: &[Question],
    fits: fn(&Kind) -> bool,
    wanted: &str,
    reader: &mut Reader,
) -> String {
    let found = questions.iter().find(|question| question.id == text.value);
    // A question with a fault of its own is known, and not among those that were read.
    let names = &reader.names;
    let known = names.questions.get(&text.value).map(|known| known.section.as_str());
    let faulty = found.is_none() && known == Some(section);
    if !faulty && !found.is_some_and(|question| fits(&question.kind)) {
        let candidates = questions.iter().filter(|question| fits(&question.kind));
        let ids: Vec<&str> = candidates.map(|question| question.id.as_str()).collect();
        let mut help = did_you_mean(&text.value, ids.iter().copied());
        if help.is_empty() && !ids.is_empty() {
            help = format!("It may be {}.", ids.join(" or "));
        }
        let message = format!("`{}` is not {wanted} of this section.", text.value);
        reader.error(text.span.clone(), message, help);
    }
    text.value.clone()
}

/// How the rows become allocations.
fn plan(
    thing: &mut Thing,
    section: &str,
    questions: &[Question],
    held: &mut Vec<Text>,
    reader: &mut Reader,
) -> Option<Plan> {
    let mut plan = thing.thing(reader, "plan", "plan")?;
    plan.need(reader, "title");
    plan.need(reader, "amount");
    let mut named = |key: &'static str, fits: fn(&Kind) -> bool, wanted: &str| {
        let text = plan.text(reader, key)?;
        Some(role(&text, section, questions, fits, wanted, reader))
    };
    let title = named("title", is_text, "a text question");
    let amount = named("amount", is_money, "a money question");
    let provider = named("provider", is_text, "a text question");
    let is_priority = |kind: &Kind| matches!(kind, Kind::Priority { .. });
    let priorities = named("priorities", is_priority, "a priority question");
    let whole = "a split, or a matrix with a column of text and one of money called `amount`,";
    let parts = named("parts", has_parts, whole);
    let contract_total = named("contract_total", is_money, "a money question");
    let contract_ends_on = named("contract_ends_on", |kind| matches!(kind, Kind::Date), "a date");
    let other_funding = named("other_funding", is_money, "a money question");
    let held_back_for = plan.text(reader, "held_back_for");
    held.extend(held_back_for.clone());
    plan.finish(reader, &[], "");
    Some(Plan {
        title: title?,
        amount: amount?,
        provider,
        priorities,
        parts,
        contract_total,
        contract_ends_on,
        other_funding,
        held_back_for: held_back_for.map(|text| text.value),
    })
}

fn has_parts(kind: &Kind) -> bool {
    match kind {
        Kind::Split { .. } => true,
        Kind::Table(table) => table.part_columns().is_some(),
        _ => false,
    }
}

/// What a remainder is held back for is asked once, in words.
fn held_back_for(text: &Text, sections: &[Section], reader: &mut Reader) {
    let words = |question: &&Question| matches!(question.kind, Kind::Text { .. } | Kind::Narrative { .. });
    let once = sections.iter().filter(|section| section.each == Each::Whole);
    let candidates: Vec<&str> = once
        .flat_map(|section| section.questions.iter().filter(words))
        .map(|question| question.id.as_str())
        .collect();
    if candidates.contains(&text.value.as_str()) {
        return;
    }
    let message = format!(
        "`{}` is not a text or narrative question that is asked once.",
        text.value
    );
    reader.error(text.span.clone(), message, did_you_mean(&text.value, candidates));
}
