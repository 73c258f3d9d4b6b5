//! Works a return out: from what was typed and what the register says to tasks, findings and figures.
//!
//! Invariant: total and pure. The same form, register and draft give the same outcome, and no draft, however odd, stops it.
//! Hidden answers stay in the draft and out of everything else.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::board::{Board, Cell, to_money};
use super::figures::{figure_value, figures, is_figure, target_reached};
use super::findings::findings;
use super::order::in_order;
use super::read::read;
use super::shown::shown;
use super::types::{
    Answer, Draft, DraftAnswer, Evaluated, Finding, Mark, QuestionView, Register, SectionKey, SectionView, TaskStatus,
    Value,
};
use crate::form::rule::RuleValue;
use crate::form::schema::{Form, Kind, Question, Severity};

/// Everything that follows from a draft. Each question is worked out once, after those that it reads.
#[must_use]
pub fn evaluate(form: &Form, register: &Register, draft: &Draft) -> Evaluated {
    let mut board = Board::new(form, register, draft);
    for (section, question) in in_order(form, &board.spots) {
        for instance in board.instances_of(section) {
            let cell = work_out(&board, instance, question);
            board.cells[instance][question] = cell;
        }
    }
    let findings = findings(&board);
    let sections = section_views(&board, &findings);
    Evaluated {
        sections,
        figures: figures(&board),
        findings,
    }
}

fn work_out(board: &Board<'_>, instance: usize, at: usize) -> Cell {
    let question = board.question(instance, at);
    let view = board.view(instance);
    if question
        .show_if
        .as_ref()
        .is_some_and(|rule| rule.eval(&view) != RuleValue::Truth(true))
    {
        return Cell::hidden();
    }
    let untyped = |exact: RuleValue, answer: Answer| Cell {
        exact,
        answer,
        visible: true,
        note: None,
        problem: None,
        approximate: false,
    };
    if let Kind::Calculated { value, places, percent } = &question.kind {
        let exact = value.eval(&view);
        let answer = calculation(&exact, *places, *percent);
        return untyped(exact, answer);
    }
    let Some(draft) = board.drafted(instance, at) else {
        let answer = question
            .from
            .as_ref()
            .map_or(Answer::Blank, |from| prefill(&question.kind, &from.eval(&view)));
        return untyped(exact_of(question, &answer), answer);
    };
    let label = board.filled(&question.label.en, view.allocation);
    let read = read(question, &label, draft);
    let figure = figure_value(&question.kind, &read.answer).is_some_and(|value| is_figure(&value));
    Cell {
        visible: true,
        exact: exact_of(question, &read.answer),
        answer: read.answer,
        note: read.note,
        problem: read.problem,
        approximate: draft.approximately && question.may_be_approximate && figure,
    }
}

/// A calculated value as an answer, rounded as it is shown.
fn calculation(exact: &RuleValue, places: u32, percent: bool) -> Answer {
    match exact {
        RuleValue::Blank => Answer::Blank,
        RuleValue::NotApplicable => Answer::NotApplicable,
        RuleValue::Number(number) => {
            let rounded = super::format::rounded(*number, places);
            Answer::Given(if percent {
                Value::Percent(rounded)
            } else {
                Value::Number(rounded)
            })
        }
        RuleValue::Money(pence) => to_money(*pence).map_or(Answer::Blank, |money| Answer::Given(Value::Money(money))),
        RuleValue::Truth(truth) => Answer::Given(Value::YesNo(*truth)),
        RuleValue::Text(text) => Answer::Given(Value::Text(text.clone())),
        RuleValue::Date(date) => Answer::Given(Value::Date(*date)),
    }
}

/// What the register says, as an answer of this kind; blank when it says nothing that fits.
fn prefill(kind: &Kind, value: &RuleValue) -> Answer {
    let given = match (kind, value) {
        (_, RuleValue::NotApplicable) => return Answer::NotApplicable,
        (Kind::Money { .. }, RuleValue::Money(pence)) => to_money(*pence).map(Value::Money),
        (Kind::Count { .. }, RuleValue::Number(number)) => whole(*number).map(Value::Count),
        (Kind::Percent { places, .. }, RuleValue::Number(number)) => {
            Some(Value::Percent(super::format::rounded(*number, *places)))
        }
        (Kind::Text { .. } | Kind::Narrative { .. }, RuleValue::Text(text)) if !text.is_empty() => {
            Some(Value::Text(text.clone()))
        }
        (Kind::Choice { options }, RuleValue::Text(id)) if options.iter().any(|(option, _)| option == id) => {
            Some(Value::Choice(id.clone()))
        }
        (Kind::Date, RuleValue::Date(date)) => Some(Value::Date(*date)),
        (Kind::YesNo, RuleValue::Truth(truth)) => Some(Value::YesNo(*truth)),
        _ => None,
    };
    given.map_or(Answer::Blank, Answer::Given)
}

fn whole(number: Decimal) -> Option<i64> {
    let number = number.normalize();
    (number.scale() == 0)
        .then(|| i64::try_from(number.mantissa()).ok())
        .flatten()
}

/// An answer as rules read it.
fn exact_of(question: &Question, answer: &Answer) -> RuleValue {
    let value = match answer {
        // "No files" is a count of files, not an absence of one.
        Answer::Blank if matches!(question.kind, Kind::File { .. }) => {
            return RuleValue::Number(Decimal::ZERO);
        }
        Answer::Blank | Answer::NotKnown => return RuleValue::Blank,
        Answer::NotApplicable => return RuleValue::NotApplicable,
        Answer::Given(value) => value,
    };
    match value {
        Value::Text(text) | Value::Choice(text) => RuleValue::Text(text.clone()),
        Value::Choices(_) | Value::Range { .. } | Value::Contact { .. } | Value::Table(_) => RuleValue::Blank,
        Value::Money(money) => RuleValue::Money(Decimal::from(money.in_pence())),
        Value::Count(count) => RuleValue::Number(Decimal::from(*count)),
        Value::Number(number) | Value::Percent(number) => RuleValue::Number(*number),
        Value::Ratio { of, per } => super::scope::share(Decimal::from(*of), Decimal::from(*per)),
        Value::Date(date) => RuleValue::Date(*date),
        Value::YesNo(truth) => RuleValue::Truth(*truth),
        Value::Split(rows) => RuleValue::Money(rows.iter().map(|(_, row)| Decimal::from(row.in_pence())).sum()),
        Value::Files(files) => RuleValue::Number(Decimal::from(files.len())),
    }
}

/// Whether anything was typed or chosen.
fn has_something(draft: &DraftAnswer) -> bool {
    draft.mark != Mark::Given || !draft.files.is_empty() || draft.fields.values().any(|text| !text.trim().is_empty())
}

#[derive(Default)]
struct Standing {
    errors: bool,
    missing: bool,
}

fn section_views(board: &Board<'_>, findings: &[Finding]) -> Vec<SectionView> {
    let mut standings: HashMap<&SectionKey, Standing> = HashMap::new();
    for finding in findings.iter().filter(|finding| finding.severity == Severity::Error) {
        for place in &finding.at {
            let standing = standings.entry(&place.section).or_default();
            if finding.check == super::findings::REQUIRED {
                standing.missing = true;
            } else {
                standing.errors = true;
            }
        }
    }
    let none = Standing::default();
    (0..board.instances.len())
        .map(|at| section_view(board, at, standings.get(&board.instances[at].key).unwrap_or(&none)))
        .collect()
}

fn section_view(board: &Board<'_>, at: usize, standing: &Standing) -> SectionView {
    let instance = &board.instances[at];
    let section = &board.form.sections[instance.section];
    let questions: Vec<QuestionView> = (0..section.questions.len())
        .map(|q| question_view(board, at, q))
        .collect();
    let typeable = |view: &&QuestionView| {
        let question = &section.questions[view.question];
        view.visible && !question.locked && !matches!(question.kind, Kind::Calculated { .. })
    };
    let to_type = questions.iter().filter(typeable).count() > 0;
    let typed = questions
        .iter()
        .filter(typeable)
        .any(|view| view.draft.as_ref().is_some_and(has_something));
    let status = if standing.errors {
        TaskStatus::HasErrors
    } else if to_type && !typed {
        TaskStatus::NotStarted
    } else if standing.missing {
        TaskStatus::InProgress
    } else {
        TaskStatus::Complete
    };
    SectionView {
        key: instance.key.clone(),
        section: instance.section,
        allocation: instance.allocation,
        subject: instance.key.0.split_once('/').map(|(_, subject)| subject.to_owned()),
        title: board.filled(&section.title.en, board.view(at).allocation),
        questions,
        status,
    }
}

fn question_view(board: &Board<'_>, at: usize, q: usize) -> QuestionView {
    let question = board.question(at, q);
    let cell = &board.cells[at][q];
    QuestionView {
        question: q,
        id: question.id.clone(),
        label: board.filled(&question.label.en, board.view(at).allocation),
        visible: cell.visible,
        draft: board.drafted(at, q).cloned(),
        answer: cell.answer.clone(),
        shown: super::format::approximately(shown(&question.kind, &cell.answer), cell.approximate),
        note: cell.note.clone(),
        on_target: question
            .target
            .as_ref()
            .and_then(|target| target_reached(target, &figure_value(&question.kind, &cell.answer)?)),
        previous: None,
        table: None,
    }
}
