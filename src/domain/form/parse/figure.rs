//! Reads what belongs to a figure: where it comes from, how it adds up, and what it stands beside.
//!
//! Invariant: a figure is filled in from the register or from returns beneath, never from answers of its own form: those
//! are calculated.

use super::kind::{Around, At, PEOPLE, SEVERITIES, target};
use super::reader::{Reader, Thing};
use super::text::Text;
use crate::form::rule::{Name, Rule, RuleType, Where};
use crate::form::schema::{AddUp, Benchmark, Kind, MoneyIs, RollUp, SameAs, Severity, Target};

/// The keys of a figure.
#[derive(Default)]
pub(super) struct Figured {
    pub over_providers: Option<AddUp>,
    pub over_time: Option<AddUp>,
    pub target: Option<Target>,
    pub benchmark: Option<Benchmark>,
    pub baseline: Option<Benchmark>,
    pub same_as: Option<SameAs>,
    pub money_is: Option<MoneyIs>,
    pub previous: bool,
    pub total: bool,
}

pub(super) fn figure(
    thing: &mut Thing,
    id: &str,
    name: &str,
    kind: Option<&Kind>,
    at: At<'_>,
    reader: &mut Reader,
) -> Figured {
    let (providers, time) = add_up(thing, reader);
    let (target, benchmark, baseline) = aims(thing, reader);
    let previous = previous(thing, reader);
    let is_percent = name == "percent" || matches!(kind, Some(Kind::Calculated { percent: true, .. }));
    let typed = matches!(name, "money" | "count" | "decimal" | "percent");
    let money = name == "money" || kind.is_some_and(is_money);
    Figured {
        over_providers: providers.or(at.table.and_then(|table| table.over_providers)),
        over_time: time.or(at.table.and_then(|table| table.over_time)),
        target,
        benchmark,
        baseline,
        same_as: if typed {
            same_as(thing, id, name, at.rules, reader)
        } else {
            None
        },
        money_is: if money {
            let ways = [("spent", MoneyIs::Spent), ("committed", MoneyIs::Committed)];
            thing.one_of(reader, "money_is", &ways)
        } else {
            None
        },
        previous,
        total: at.table.is_some() && !is_percent && thing.flag(reader, "total"),
    }
}

/// Warns of amounts and counts that no report can add up.
pub(super) fn listed(
    thing: &Thing,
    id: &str,
    name: &str,
    adds_up: (Option<AddUp>, Option<AddUp>),
    at: At<'_>,
    reader: &mut Reader,
) {
    let added = at.table.is_some_and(|table| table.added);
    let counted = matches!(name, "money" | "count" | "decimal" | "range");
    if adds_up != (None, None) || added || !counted || thing.has("from") {
        return;
    }
    let message = format!("The figures of `{id}` will be listed in reports, never added up.");
    let whose = if at.table.is_some() {
        ", here or on the table"
    } else {
        ""
    };
    let help = format!("Add over_providers = \"sum\" and over_time = \"sum\" (or last, max, list){whose}.");
    reader.warn(thing.span.clone(), message, help);
}

/// Warns of people who would be counted once for each period in which they came. Years are not put together in one
/// report, so a form that comes yearly is not warned of.
pub(super) fn twice_counted(thing: &mut Thing, kind: &Kind, over_time: Option<AddUp>, reader: &mut Reader) {
    let people = matches!(
        kind,
        Kind::Count { people: true } | Kind::Range { people: true } | Kind::Ratio { people: true, .. }
    );
    let added = over_time == Some(AddUp::Sum) && reader.often;
    if people && added && thing.one_of(reader, "counts", &PEOPLE) != Some(true) {
        let message = "Somebody who came in two periods will be counted twice when these are added up over time.";
        let help =
            "Use over_time = \"last\", \"max\" or \"list\", or counts = \"new people\" where only those are counted.";
        reader.warn(thing.place("over_time"), message, help);
    }
}

/// Whether the last signed figure is shown.
pub(super) fn previous(thing: &mut Thing, reader: &mut Reader) -> bool {
    let previous = thing.one_of(reader, "previous", &[("show", ())]).is_some();
    if previous && reader.once {
        let message = "This form is owed once: nothing was signed before to be shown.";
        reader.warn(thing.place("previous"), message, "Leave it out.");
    }
    previous
}

/// How figures add up over providers, and over time.
pub(super) fn add_up(thing: &mut Thing, reader: &mut Reader) -> (Option<AddUp>, Option<AddUp>) {
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

/// Target, benchmark and baseline.
pub(super) fn aims(thing: &mut Thing, reader: &mut Reader) -> (Option<Target>, Option<Benchmark>, Option<Benchmark>) {
    let target = thing.text(reader, "target").and_then(|text| target(&text, reader));
    let [benchmark, baseline] = ["benchmark", "baseline"].map(|key| {
        let mut table = thing.thing(reader, key, key)?;
        table.need(reader, "value");
        let value = table.decimal(reader, "value");
        let name = table.needed_words(reader, "name", Where::Whole);
        table.finish(reader, &[], "");
        Some(Benchmark { value: value?, name })
    });
    (target, benchmark, baseline)
}

/// The figure that this one states again.
fn same_as(thing: &mut Thing, id: &str, name: &str, place: Where<'_>, reader: &mut Reader) -> Option<SameAs> {
    let written = thing.get("same_as")?;
    let (text, severity) = if written.get_ref().as_table().is_some() {
        let mut table = thing.thing(reader, "same_as", "comparison")?;
        let text = table.needed_text(reader, "rule");
        let severity = table.one_of(reader, "severity", &SEVERITIES);
        table.finish(reader, &[], "");
        (text?, severity.unwrap_or(Severity::Warning))
    } else {
        (thing.text(reader, "same_as")?, Severity::Warning)
    };
    let wanted = if name == "money" {
        RuleType::Money
    } else {
        RuleType::Number
    };
    let rule = reader.rule_of(&text, place, &[wanted])?;
    let itself = rule.reads().iter().any(|read| match read {
        Name::Question(other) => other == id,
        Name::Column { column, .. } => column == id,
        _ => false,
    });
    if itself {
        let message = format!("`{id}` is compared with itself here.");
        reader.error(text.span, message, "Name the other place where the figure stands.");
        return None;
    }
    Some(SameAs { rule, severity })
}

/// What a prefilled answer of this kind must be; none for kinds that the register does not fill in.
pub(super) fn prefill_type(kind: &str) -> Option<RuleType> {
    Some(match kind {
        "text" | "narrative" => RuleType::Text,
        "money" => RuleType::Money,
        "count" | "decimal" | "percent" => RuleType::Number,
        "date" => RuleType::Date,
        "yes_no" => RuleType::Truth,
        _ => return None,
    })
}

/// Whether figures of this kind can be put together from returns beneath.
pub(super) fn rolls_up(kind: &str) -> bool {
    matches!(kind, "money" | "count" | "decimal" | "ratio")
}

/// What fills a question in: a rule over the register, or the returns beneath.
pub(super) fn from(thing: &mut Thing, name: &str, at: At<'_>, reader: &mut Reader) -> (Option<Rule>, Option<RollUp>) {
    let wanted = prefill_type(name);
    if wanted.is_none() && !rolls_up(name) {
        return (None, None);
    }
    let Some(text) = thing.text(reader, "from") else {
        return (None, None);
    };
    if let Some(path) = text.value.strip_prefix("returns.") {
        return (None, roll_up(&text, path, name, at, reader));
    }
    let Some(wanted) = wanted else {
        let message = "The register has no figure of two counts.";
        let help = "Write from = \"returns.some-form.some_measure\", or leave it out.";
        reader.error(text.span, message, help);
        return (None, None);
    };
    (register(&text, wanted, at.rules, reader), None)
}

fn register(text: &Text, wanted: RuleType, place: Where<'_>, reader: &mut Reader) -> Option<Rule> {
    let rule = reader.rule_of(text, place, &[wanted])?;
    let answers = rule.reads().iter().find_map(|name| match name {
        Name::Question(id)
        | Name::Numerator(id)
        | Name::Denominator(id)
        | Name::Measure(id)
        | Name::Low(id)
        | Name::High(id) => Some(id.clone()),
        Name::Cell { table, row, column } => Some(format!("{table}.{row}.{column}")),
        Name::Column { column, .. } => Some(column.clone()),
        Name::Fund(_)
        | Name::Grant(_)
        | Name::Provider(_)
        | Name::Allocation(_)
        | Name::Period(_)
        | Name::Project(_)
        | Name::Cohort(_)
        | Name::Line(_)
        | Name::Row(_)
        | Name::Previous(_) => None,
    });
    if let Some(id) = answers {
        let message = format!("`from` reads the register, and `{id}` is answered in this form.");
        reader.error(text.span.clone(), message, "Make it a calculated question.");
        return None;
    }
    Some(rule)
}

/// `returns.<form>.<measure>`; `path` is what follows the first dot.
fn roll_up(text: &Text, path: &str, name: &str, at: At<'_>, reader: &mut Reader) -> Option<RollUp> {
    let own = reader.form.clone();
    let mut refuse = |message: &str, help: &str| {
        reader.error(text.span.clone(), message, help);
        None
    };
    if !rolls_up(name) {
        let message = "Only amounts, counts, decimal numbers and ratios are put together from other returns.";
        let help = if name == "percent" {
            "Ask for a ratio: its two counts can be added up."
        } else {
            ""
        };
        return refuse(message, help);
    }
    let added = matches!(at.rules, Where::Row(_)) || at.table.is_some_and(|Around { added, .. }| added);
    if added {
        let message = "Rows that are added have nothing beneath them to be filled in from.";
        return refuse(
            message,
            "Put the question where it is asked for an allocation, a project, a cohort or once.",
        );
    }
    let parts: Vec<&str> = path.split('.').collect();
    let spelt = |part: &str, hyphen: bool| {
        part.starts_with(|c: char| c.is_ascii_lowercase())
            && part
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || (hyphen && c == '-'))
    };
    let (form, measure) = match parts.as_slice() {
        [form, measure @ ..]
            if (1..=2).contains(&measure.len())
                && spelt(form, true)
                && measure.iter().all(|part| spelt(part, false)) =>
        {
            ((*form).to_owned(), measure.join("."))
        }
        _ => {
            let message = "This must name a form and a measure of it, or the column of a table.";
            return refuse(
                message,
                "Write returns.some-form.some_measure, or returns.some-form.table.column.",
            );
        }
    };
    if form == own {
        let message = "A return cannot be filled in from returns of its own form.";
        return refuse(message, "Name the form of the returns beneath it.");
    }
    Some(RollUp { form, measure })
}

/// Whether its figures are pounds, typed or worked out.
pub(super) fn is_money(kind: &Kind) -> bool {
    match kind {
        Kind::Money { .. } => true,
        Kind::Calculated { value, .. } => value.kind() == RuleType::Money,
        _ => false,
    }
}
