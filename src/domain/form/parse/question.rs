//! Reads a question.
//!
//! Invariant: what a kind of question cannot have, it does not get: a target only where there is a figure, "approximately"
//! only for quantities, nothing to fill in where nothing is typed.

use super::head::Spelling;
use super::kind::{KEYS_OF_KINDS, TYPES, kind, target};
use super::reader::{Reader, Thing};
use crate::form::rule::{Name, Rule, RuleType, Where, did_you_mean};
use crate::form::schema::{AddUp, Benchmark, Kind, Question, Section, Target};

/// A question; none when its kind cannot be told.
pub(super) fn question(mut thing: Thing, place: Where, reader: &mut Reader) -> Option<Question> {
    let id = thing.id(reader, "id", Spelling::Rule);
    let label = thing.needed_words(reader, "label", place);
    let hint = thing.words(reader, "hint", place);
    let name = kind_name(&mut thing, reader)?;
    let kind = kind(&name, &mut thing, place, reader);
    let typed = !matches!(name.as_str(), "calculated");
    let required = typed && thing.flag(reader, "required");
    let show_if = thing
        .text(reader, "show_if")
        .and_then(|text| reader.rule_of(&text, place, &[RuleType::Truth]));
    let prefilled = prefill_type(&name);
    let from = prefilled.and_then(|wanted| from(&mut thing, wanted, place, reader));
    let locked = prefilled.is_some() && thing.flag(reader, "locked");
    if locked && !thing.has("from") {
        reader.error(
            thing.place("locked"),
            "A locked question must have `from`: nobody can fill it in.",
            "",
        );
    }
    let quantity = matches!(name.as_str(), "money" | "count" | "percent" | "ratio");
    let may_be_approximate = quantity && thing.flag(reader, "approximately");
    let answerable = typed && name != "declaration";
    let may_be_unknown = answerable && thing.flag(reader, "not_known");
    let may_be_inapplicable = answerable && thing.flag(reader, "not_applicable");
    let figure = quantity || kind.as_ref().is_some_and(is_calculated_figure);
    let (over_providers, over_time) = if figure {
        add_up(&mut thing, reader)
    } else {
        (None, None)
    };
    let listed = over_providers.is_none() && over_time.is_none();
    if listed && !thing.has("from") && matches!(name.as_str(), "money" | "count") {
        let message = format!("The figures of `{id}` will be listed in reports, never added up.");
        let help = "Add over_providers = \"sum\" and over_time = \"sum\" (or last, max, list).";
        reader.warn(thing.span.clone(), message, help);
    }
    let (target, benchmark) = if figure { aims(&mut thing, reader) } else { (None, None) };
    // A calculation that could not be read says nothing about which keys it may have.
    if kind.is_some() {
        let others: Vec<&str> = KEYS_OF_KINDS
            .iter()
            .copied()
            .chain(["required", "not_applicable"])
            .collect();
        thing.finish(reader, &others, &name);
    }
    Some(Question {
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
        same_as: None,
        money_is: None,
        roll_up: None,
        previous: false,
        total: false,
        decided_in: None,
        over_providers,
        over_time,
        target,
        benchmark,
        baseline: None,
    })
}

fn kind_name(thing: &mut Thing, reader: &mut Reader) -> Option<String> {
    let text = thing.needed_text(reader, "type")?;
    if TYPES.contains(&text.value.as_str()) {
        return Some(text.value);
    }
    let mut help = did_you_mean(&text.value, TYPES);
    if help.is_empty() {
        help = format!("The types are {}.", TYPES.join(", "));
    }
    reader.error(
        text.span,
        format!("There is no type of question called `{}`.", text.value),
        help,
    );
    None
}

/// What a prefilled answer of this kind must be; none for kinds that are not prefilled.
fn prefill_type(kind: &str) -> Option<RuleType> {
    Some(match kind {
        "text" | "narrative" => RuleType::Text,
        "money" => RuleType::Money,
        "count" | "percent" => RuleType::Number,
        "date" => RuleType::Date,
        "yes_no" => RuleType::Truth,
        _ => return None,
    })
}

fn from(thing: &mut Thing, wanted: RuleType, place: Where, reader: &mut Reader) -> Option<Rule> {
    let text = thing.text(reader, "from")?;
    let rule = reader.rule_of(&text, place, &[wanted])?;
    let answers = rule.reads().iter().find_map(|name| match name {
        Name::Question(id) | Name::Numerator(id) | Name::Denominator(id) | Name::Measure(id) => Some(id),
        _ => None,
    });
    if let Some(id) = answers {
        let message = format!("`from` reads the register, and `{id}` is answered in this form.");
        reader.error(text.span, message, "Make it a calculated question.");
        return None;
    }
    Some(rule)
}

fn is_calculated_figure(kind: &Kind) -> bool {
    matches!(kind, Kind::Calculated { value, .. } if matches!(value.kind(), RuleType::Number | RuleType::Money))
}

fn add_up(thing: &mut Thing, reader: &mut Reader) -> (Option<AddUp>, Option<AddUp>) {
    let ways = [
        ("sum", AddUp::Sum),
        ("last", AddUp::Last),
        ("max", AddUp::Max),
        ("list", AddUp::List),
    ];
    (
        thing.one_of(reader, "over_providers", &ways),
        thing.one_of(reader, "over_time", &ways),
    )
}

/// Target and benchmark.
pub(super) fn aims(thing: &mut Thing, reader: &mut Reader) -> (Option<Target>, Option<Benchmark>) {
    let target = thing.text(reader, "target").and_then(|text| target(&text, reader));
    let benchmark = thing.thing(reader, "benchmark", "benchmark").and_then(|mut table| {
        table.need(reader, "value");
        let value = table.decimal(reader, "value");
        let name = table.needed_words(reader, "name", Where::Whole);
        table.finish(reader, &[], "");
        Some(Benchmark { value: value?, name })
    });
    (target, benchmark)
}

/// The money question that each split of this section is of must be there.
pub(super) fn splits(questions: &[(Question, std::ops::Range<usize>)], reader: &mut Reader) {
    for (question, span) in questions {
        let Kind::Split { of, .. } = &question.kind else {
            continue;
        };
        let whole = questions.iter().map(|(other, _)| other).find(|other| other.id == *of);
        let is_money = |kind: &Kind| match kind {
            Kind::Money { .. } => true,
            Kind::Calculated { value, .. } => value.kind() == RuleType::Money,
            _ => false,
        };
        // A question with a fault of its own is known, and not among those that were read.
        let faulty = whole.is_none() && reader.names.questions.contains_key(of) && !elsewhere(of, question, reader);
        if of.is_empty() || faulty || whole.is_some_and(|other| is_money(&other.kind)) {
            continue;
        }
        let candidates = questions.iter().filter(|(other, _)| is_money(&other.kind));
        let help = did_you_mean(of, candidates.map(|(other, _)| other.id.as_str()));
        let message = format!("`{of}` is not a money question of this section.");
        reader.error(span.clone(), message, help);
    }
}

/// Whether `of` is a question of another section than this one's.
fn elsewhere(of: &str, question: &Question, reader: &Reader) -> bool {
    let section = |id: &str| reader.names.questions.get(id).map(|known| &known.section);
    section(of) != section(&question.id)
}

/// The question with this id, in a section.
pub(super) fn find<'a>(sections: &'a [Section], section: &str, id: &str) -> Option<&'a Question> {
    let section = sections.iter().find(|other| other.id == section)?;
    section.questions.iter().find(|question| question.id == id)
}
