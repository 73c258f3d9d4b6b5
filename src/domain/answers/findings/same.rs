//! One figure stated in two places.
//!
//! Invariant: speaks only when both are there and are of one kind; it says both, and where the other stands.

use super::super::board::{At, Board};
use super::Raised;
use super::checks::{named_by, said, spelt};
use crate::form::rule::{Name, Rule, RuleValue};
use crate::form::schema::Kind;

/// The finding, when the other place has another figure.
pub(super) fn raised(board: &Board<'_>, at: At) -> Option<Raised> {
    let same = board.asked(at).same_as.as_ref()?;
    let view = board.view_at(at);
    let here = board.cell(at).exact.clone();
    let there = same.rule.eval(&view);
    let differs = match (&here, &there) {
        (RuleValue::Money(one), RuleValue::Money(other)) | (RuleValue::Number(one), RuleValue::Number(other)) => {
            one != other
        }
        (RuleValue::Text(one), RuleValue::Text(other)) => one != other,
        (RuleValue::Date(one), RuleValue::Date(other)) => one != other,
        (RuleValue::Truth(one), RuleValue::Truth(other)) => one != other,
        _ => false,
    };
    if !differs {
        return None;
    }
    let other = only_name(&same.rule);
    let place = other.and_then(|name| named_by(&view, whole(name).as_ref().unwrap_or(name)));
    let called = match (place, other) {
        (Some(place), Some(name)) => format!("{}{}", board.label(place), part(board, place, name)),
        _ => called(&same.rule, other),
    };
    let message = format!(
        "You give {} here, and {} for “{called}”.",
        said(here.clone()),
        said(there.clone())
    );
    let figures = format!(
        "{}={}; {}={}",
        board.asked(at).id,
        said(here),
        same.rule.source(),
        said(there)
    );
    let places: Vec<At> = std::iter::once(at).chain(place.filter(|place| *place != at)).collect();
    Some(Raised::beside(board, "~same", same.severity, message, &places).tied_to(figures))
}

/// The name that a rule is, when it is nothing else.
fn only_name(rule: &Rule) -> Option<&Name> {
    match rule.reads() {
        [name] if spelt(name) == rule.source().trim() => Some(name),
        _ => None,
    }
}

/// The question of which a name reads a part.
fn whole(name: &Name) -> Option<Name> {
    match name {
        Name::Numerator(id) | Name::Denominator(id) | Name::Low(id) | Name::High(id) => {
            Some(Name::Question(id.clone()))
        }
        _ => None,
    }
}

/// Which of a ratio's counts a name reads, in the form's words; nothing for what is read whole.
fn part(board: &Board<'_>, place: At, name: &Name) -> String {
    match (&board.asked(place).kind, name) {
        (Kind::Ratio { of_label, .. }, Name::Numerator(_)) => format!(": {}", of_label.en),
        (Kind::Ratio { per_label, .. }, Name::Denominator(_)) => format!(": {}", per_label.en),
        _ => String::new(),
    }
}

/// What a figure of the register is called; of a longer rule, the rule as it is written.
fn called(rule: &Rule, name: Option<&Name>) -> String {
    let words = match name {
        Some(Name::Grant(field)) if field == "amount" => "the grant",
        Some(Name::Grant(field)) if field == "carried_forward" => "what was carried forward",
        Some(Name::Allocation(field)) if field == "amount" => "the allocation",
        Some(Name::Project(field)) if field == "amount" => "the project",
        Some(Name::Line(field)) if field == "amount" => "the budget line",
        Some(Name::Previous(_)) => "the last signed return",
        _ => rule.source().trim(),
    };
    words.to_owned()
}
