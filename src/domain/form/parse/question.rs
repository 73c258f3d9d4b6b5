//! Reads a question, or the column of a table, which is a question too.
//!
//! Invariant: what a kind of question cannot have, it does not get: a target only where there is a figure, "approximately"
//! only for quantities, nothing to fill in where nothing is typed.

use std::ops::Range;

use super::figure::{Figured, figure, from, is_money, listed, twice_counted};
use super::ids::Spelling;
use super::kind::{At, COLUMN_TYPES, KEYS_OF_KINDS, TYPES, kind};
use super::reader::{Reader, Thing};
use super::table::{made_as, table};
use super::text::Text;
use crate::form::rule::{Rule, RuleType, Where, did_you_mean, foregone};
use crate::form::schema::{Kind, MoneyIs, Question, Section};

/// A question, and where parts of it stand in the file.
pub(super) struct Asked {
    pub question: Question,
    /// What a split is of.
    of: Range<usize>,
    /// What the money is.
    money_is: Range<usize>,
}

/// A question; none when its kind cannot be told.
pub(super) fn question(mut thing: Thing, at: At<'_>, reader: &mut Reader) -> Option<Asked> {
    let id = thing.id(reader, "id", Spelling::Rule);
    let label = thing.needed_words(reader, "label", at.words);
    let hint = thing.words(reader, "hint", at.words);
    let types: &[&str] = if at.table.is_some() { &COLUMN_TYPES } else { &TYPES };
    let name = kind_name(&mut thing, types, reader)?;
    let tabled = made_as(&name);
    let kind = match tabled {
        Some(made_as) => Some(table(made_as, &id, &label, &mut thing, at.words, reader)),
        None => kind(&name, &mut thing, at, reader),
    };
    let typed = name != "calculated" && tabled.is_none();
    let required = typed && thing.flag(reader, "required");
    let show_if = thing.text(reader, "show_if");
    let show_if = show_if.and_then(|text| shown_if(&text, required, at.rules, reader));
    let (from, roll_up) = from(&mut thing, &name, at, reader);
    let locked = may_be_filled(&name) && locked(&mut thing, reader);
    let quantity = is_quantity(&name);
    let may_be_approximate = quantity && thing.flag(reader, "approximately");
    let answerable = typed && name != "declaration";
    let may_be_unknown = answerable && thing.flag(reader, "not_known");
    let may_be_inapplicable = answerable && thing.flag(reader, "not_applicable");
    let figure = match &kind {
        _ if quantity => figure(&mut thing, &id, &name, kind.as_ref(), at, reader),
        Some(of) if is_calculated_figure(of) => figure(&mut thing, &id, &name, Some(of), at, reader),
        _ => Figured::default(),
    };
    unwise(&mut thing, &id, &name, kind.as_ref(), &figure, at, reader);
    let decided_in = decided_in(&mut thing, &name, reader);
    let asked = (thing.place("of"), thing.place("money_is"));
    // A calculation that could not be read says nothing about which keys it may have.
    if kind.is_some() {
        thing.finish(reader, &KEYS_OF_KINDS, &name);
    }
    let question = Question {
        id,
        label,
        hint,
        kind: kind?,
        required,
        show_if,
        from,
        locked,
        may_be_approximate,
        may_be_unknown,
        may_be_inapplicable,
        same_as: figure.same_as,
        money_is: figure.money_is,
        roll_up,
        previous: figure.previous,
        total: figure.total,
        decided_in,
        over_providers: figure.over_providers,
        over_time: figure.over_time,
        target: figure.target,
        benchmark: figure.benchmark,
        baseline: figure.baseline,
    };
    Some(Asked {
        question,
        of: asked.0,
        money_is: asked.1,
    })
}

fn kind_name(thing: &mut Thing, types: &[&str], reader: &mut Reader) -> Option<String> {
    let text = thing.needed_text(reader, "type")?;
    if types.contains(&text.value.as_str()) {
        return Some(text.value);
    }
    let (message, help) = if TYPES.contains(&text.value.as_str()) {
        (
            format!("A column cannot be a {} question.", text.value),
            format!("A column may be {}.", types.join(", ")),
        )
    } else {
        let near = did_you_mean(&text.value, types.iter().copied());
        let help = if near.is_empty() {
            format!("The types are {}.", types.join(", "))
        } else {
            near
        };
        (format!("There is no type of question called `{}`.", text.value), help)
    };
    reader.error(text.span, message, help);
    None
}

/// Warns of figures that no report can add up, and of those that it would add up wrongly.
fn unwise(
    thing: &mut Thing,
    id: &str,
    name: &str,
    kind: Option<&Kind>,
    figure: &Figured,
    at: At<'_>,
    reader: &mut Reader,
) {
    listed(thing, id, name, (figure.over_providers, figure.over_time), at, reader);
    if let Some(kind) = kind {
        twice_counted(thing, kind, figure.over_time, reader);
    }
}

fn locked(thing: &mut Thing, reader: &mut Reader) -> bool {
    let locked = thing.flag(reader, "locked");
    if locked && !thing.has("from") {
        let message = "A locked question must have `from`: nobody can fill it in.";
        reader.error(thing.place("locked"), message, "");
    }
    locked
}

/// The kinds that the register, or the returns beneath, can fill in.
fn may_be_filled(kind: &str) -> bool {
    super::figure::prefill_type(kind).is_some() || super::figure::rolls_up(kind)
}

fn is_quantity(kind: &str) -> bool {
    matches!(kind, "money" | "count" | "decimal" | "percent" | "range" | "ratio")
}

fn is_calculated_figure(kind: &Kind) -> bool {
    matches!(kind, Kind::Calculated { value, .. } if matches!(value.kind(), RuleType::Number | RuleType::Money))
}

fn shown_if(text: &Text, required: bool, place: Where<'_>, reader: &mut Reader) -> Option<Rule> {
    let rule = reader.rule_of(text, place, &[RuleType::Truth])?;
    let settled = foregone(&text.value, &reader.names, place);
    if required && settled.iter().any(|part| part.whole && !part.always) {
        let message = "This question must be answered and is never shown.";
        reader.warn(text.span.clone(), message, "Change the rule, or take the question out.");
    }
    Some(rule)
}

/// The stage whose officer decides on each row of a table.
fn decided_in(thing: &mut Thing, kind: &str, reader: &mut Reader) -> Option<String> {
    if !matches!(kind, "matrix" | "risk") {
        return None;
    }
    let text = thing.text(reader, "decided_in")?;
    if !reader.stages.contains(&text.value) {
        let message = format!("There is no stage called `{}`.", text.value);
        let mut help = did_you_mean(&text.value, reader.stages.iter().map(String::as_str));
        if help.is_empty() && !reader.stages.is_empty() {
            help = format!("The stages are {}.", reader.stages.join(", "));
        }
        reader.error(text.span, message, help);
        return None;
    }
    Some(text.value)
}

/// Only one amount of a place may be what was spent, and one what is committed: a section, or a table.
pub(super) fn one_of_each_money(asked: &[Asked], what: &str, reader: &mut Reader) {
    for (is, word) in [(MoneyIs::Spent, "spent"), (MoneyIs::Committed, "committed")] {
        let mut found = asked.iter().filter(|asked| asked.question.money_is == Some(is));
        let first = found.next().map(|first| first.question.id.clone());
        for again in found {
            let message = format!("This {what} has two amounts that are said to be {word}.");
            let help = first.as_ref().map(|id| format!("The other one is `{id}`."));
            reader.error(again.money_is.clone(), message, help.unwrap_or_default());
        }
    }
}

/// The money question that each split of this section is of must be there.
pub(super) fn splits(asked: &[Asked], reader: &mut Reader) {
    for Asked { question, of: span, .. } in asked {
        let Kind::Split { of, .. } = &question.kind else {
            continue;
        };
        let others = || asked.iter().map(|asked| &asked.question);
        let whole = others().find(|other| other.id == *of);
        // A question with a fault of its own is known, and not among those that were read.
        let faulty = whole.is_none() && reader.names.questions.contains_key(of) && !elsewhere(of, question, reader);
        if of.is_empty() || faulty || whole.is_some_and(|other| is_money(&other.kind)) {
            continue;
        }
        let candidates = others().filter(|other| is_money(&other.kind));
        let help = did_you_mean(of, candidates.map(|other| other.id.as_str()));
        let message = format!("`{of}` is not a money question of this section.");
        reader.error(span.clone(), message, help);
    }
}

/// Whether `of` is a question of another section than this one's.
fn elsewhere(of: &str, question: &Question, reader: &Reader) -> bool {
    let section = |id: &str| reader.names.questions.get(id).map(|known| &known.section);
    section(of) != section(&question.id)
}

/// The question with this id, in a section; or the column, in a table of it.
pub(super) fn find<'a>(sections: &'a [Section], section: &str, table: Option<&str>, id: &str) -> Option<&'a Question> {
    let section = sections.iter().find(|other| other.id == section)?;
    let Some(table) = table else {
        return section.questions.iter().find(|question| question.id == id);
    };
    let table = section.questions.iter().find(|question| question.id == table)?;
    match &table.kind {
        Kind::Table(table) => table.columns.iter().find(|column| column.id == id),
        _ => None,
    }
}
