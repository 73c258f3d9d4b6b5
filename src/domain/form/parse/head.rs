//! Reads the form itself: what it is, when it falls due, what happens after submission, and its sections.
//!
//! Invariant: one function for each table of the file; all of them are gone through, whatever is wrong with the others.

use toml::de::DeTable;

use super::ids::{Spelling, office};
use super::reader::{Reader, Thing};
use super::text::Text;
use super::{checks, dates, section};
use crate::form::rule::{Where, did_you_mean};
use crate::form::schema::{Audience, Every, Form, OwedBy, Party, Schedule, Stage, StageKind};
use crate::ledger::Digest;

pub(super) fn form(table: &DeTable, reader: &mut Reader, digest: Digest) -> Option<Form> {
    let mut thing = Thing::new(table, 0..0, "form");
    let id = thing.id(reader, "form", Spelling::Kebab);
    thing.need(reader, "version");
    let version = thing.whole(reader, "version", 1..=1_000_000);
    let title = thing.needed_words(reader, "title", Where::Whole);
    thing.need(reader, "owed_by");
    let owed_by = thing.one_of(
        reader,
        "owed_by",
        &[
            ("grant", OwedBy::Grant),
            ("allocation", OwedBy::Allocation),
            ("provider", OwedBy::Provider),
        ],
    );
    thing.need(reader, "audience");
    let audience = thing.one_of(
        reader,
        "audience",
        &[
            ("internal", Audience::Internal),
            ("panel", Audience::Panel),
            ("public", Audience::Public),
        ],
    );
    thing.need(reader, "schedule");
    let ahead = thing.any_has("section", "plan");
    let schedule = thing
        .thing(reader, "schedule", "schedule")
        .and_then(|table| dates::schedule(table, ahead, reader));
    let before = reader.problems.len();
    let stages = thing.things(reader, "stage", "stage");
    let stages = stages_of(stages, reader);
    // A stage with a fault may be the one that signs.
    if reader.problems.len() == before {
        unsigned(&thing, &stages, reader);
    }
    known_before_questions(&id, &stages, schedule.as_ref(), reader);
    let cohorts = section::cohorts(&mut thing, reader);
    let sections = section::sections(&mut thing, owed_by, reader);
    unused(&thing, reader);
    let measures = thing.things(reader, "measure", "measure");
    let measures = measures
        .into_iter()
        .filter_map(|table| checks::measure(table, &sections, reader))
        .collect();
    let tables = thing.things(reader, "check", "check");
    let checks = checks::checks(tables, reader);
    thing.finish(reader, &[], "");
    Some(Form {
        id,
        version: version?,
        title,
        owed_by: owed_by?,
        audience: audience?,
        schedule: schedule?,
        stages,
        cohorts,
        sections,
        measures,
        checks,
        digest,
    })
}

/// What questions are read by: the form's id, its stages, and how often it comes.
fn known_before_questions(id: &str, stages: &[Stage], schedule: Option<&Schedule>, reader: &mut Reader) {
    reader.form.push_str(id);
    reader.stages = stages.iter().map(|stage| stage.id.clone()).collect();
    if let Some(schedule) = schedule {
        (reader.once, reader.often) = match &schedule.every {
            Every::Month | Every::Quarter | Every::FourMonths | Every::HalfYear => (false, true),
            Every::FinancialYear => (false, false),
            Every::Once => (true, false),
            Every::Dates(periods) => (periods.len() == 1, periods.len() > 1),
        };
    }
}

/// Warns of cohorts that nothing is asked of.
fn unused(form: &Thing, reader: &mut Reader) {
    if reader.cohorts > 0 && !reader.cohorts_used {
        let message = "Nothing in this form is asked for each cohort.";
        let help = "Write each = \"cohort\" in a section or rows = \"cohorts\" in a table, or leave the cohorts out.";
        reader.warn(form.place("cohort"), message, help);
    }
}

/// Warns of a form that nobody signs.
fn unsigned(form: &Thing, stages: &[Stage], reader: &mut Reader) {
    if stages.iter().all(|stage| stage.kind != StageKind::SignOff) {
        let message = "Nobody signs returns of this form off.";
        let help = "Add [[stage]] with kind = \"sign-off\": figures count in reports once they are signed.";
        reader.warn(form.place("form"), message, help);
    }
}

fn stages_of(things: Vec<Thing>, reader: &mut Reader) -> Vec<Stage> {
    let mut stages: Vec<Stage> = Vec::new();
    let mut parties: Vec<Text> = Vec::new();
    for mut thing in things {
        let stage = stage(&mut thing, reader, &mut parties);
        if let Some(other) = stages.iter().find(|other| other.by == stage.by && !stage.by.is_empty()) {
            let message = format!("The office `{}` has stage `{}` already.", stage.by, other.id);
            let help = "Two stages are two pairs of eyes: name another office, or make one stage of them.";
            reader.warn(thing.place("by"), message, help);
        }
        if stages.iter().any(|other| other.id == stage.id) && !stage.id.is_empty() {
            reader.error(thing.place("id"), format!("The id `{}` is used twice.", stage.id), "");
        }
        thing.finish(reader, &[], "");
        stages.push(stage);
    }
    for party in parties {
        let known = || stages.iter().map(|stage| stage.id.as_str()).chain(["preparer"]);
        if !known().any(|id| id == party.value) {
            let message = format!("There is no stage called `{}`.", party.value);
            let help = did_you_mean(&party.value, known());
            reader.error(party.span, message, help);
        }
    }
    stages
}

fn stage(thing: &mut Thing, reader: &mut Reader, parties: &mut Vec<Text>) -> Stage {
    let id = thing.id(reader, "id", Spelling::Kebab);
    if id == "preparer" {
        reader.error(
            thing.place("id"),
            "`preparer` is whoever fills in the return, and cannot be a stage.",
            "",
        );
    }
    thing.need(reader, "kind");
    let kinds = [("review", StageKind::Review), ("sign-off", StageKind::SignOff)];
    let kind = thing.one_of(reader, "kind", &kinds);
    let by = office(thing, reader, "by");
    let named = thing.texts(reader, "not_also");
    let not_also = named
        .iter()
        .map(|party| match party.value.as_str() {
            "preparer" => Party::Preparer,
            stage => Party::Stage(stage.to_owned()),
        })
        .collect();
    parties.extend(named);
    let statement = thing.statement(reader);
    match kind {
        Some(StageKind::SignOff) => thing.need(reader, "statement"),
        Some(StageKind::Review) if statement.is_some() => {
            let message = "A review has no statement: only a sign-off has.";
            reader.error(thing.place("statement"), message, "");
        }
        Some(StageKind::Review) | None => {}
    }
    Stage {
        id,
        kind: kind.unwrap_or(StageKind::Review),
        by,
        not_also,
        statement,
    }
}
