//! What is looked for in every answer without a rule being written.
//!
//! Invariant: at most one finding of a kind for a question, each in words that say what to do.

use rust_decimal::Decimal;
use sha2::{Digest as _, Sha256};

use super::super::board::{At, Board, Cell, to_money};
use super::super::format::{self, mid_sentence};
use super::super::personal::kinds_in;
use super::super::types::{Answer, Value};
use super::{REQUIRED, Raised};
use crate::form::rule::{Name, Rule, RuleValue, Scope};
use crate::form::schema::{Kind, Question, Severity, Table, TableRows};
use crate::money::Money;

/// The findings of a question, or of a cell.
pub(super) fn look(board: &Board<'_>, at: At, out: &mut Vec<Raised>) {
    let looking = Looking {
        board,
        at,
        question: board.asked(at),
        cell: board.cell(at),
    };
    if looking.cell.visible {
        looking.look(out);
        out.extend(super::same::raised(board, at));
        out.extend(super::beneath::raised(board, at));
    }
}

struct Looking<'b> {
    board: &'b Board<'b>,
    at: At,
    question: &'b Question,
    cell: &'b Cell,
}

impl Looking<'_> {
    fn look(&self, out: &mut Vec<Raised>) {
        if let Some(problem) = &self.cell.problem {
            out.push(self.raise(self.cell.check, Severity::Error, problem.clone(), String::new()));
        } else if self.question.required && !self.answered() {
            out.push(self.raise(REQUIRED, Severity::Error, self.asking(), String::new()));
        }
        let Answer::Given(value) = &self.cell.answer else {
            return;
        };
        match (&self.question.kind, value) {
            (
                Kind::Narrative {
                    max_words,
                    personal_data_warn,
                },
                Value::Text(text),
            ) => {
                out.extend(max_words.and_then(|most| self.too_long(text, most)));
                out.extend(personal_data_warn.then(|| self.personal(text)).flatten());
            }
            (Kind::Money { negative: false }, Value::Money(money)) if money.is_negative() => {
                let message = format!("{} must be £0 or more", self.label());
                out.push(self.raise("~negative", Severity::Error, message, String::new()));
            }
            (Kind::Decimal { negative: false, .. }, Value::Number(number))
                if number.is_sign_negative() && !number.is_zero() =>
            {
                let message = format!("{} must be 0 or more", self.label());
                out.push(self.raise("~negative", Severity::Error, message, String::new()));
            }
            (
                Kind::Percent {
                    places,
                    negative,
                    check,
                    severity,
                },
                Value::Percent(typed),
            ) => {
                if !negative && typed.is_sign_negative() && !typed.is_zero() {
                    let message = format!("{} must be 0% or more", self.label());
                    out.push(self.raise("~negative", Severity::Error, message, String::new()));
                }
                let checked = check.as_ref();
                out.extend(checked.and_then(|check| self.against_calculation(*typed, check, *places, *severity)));
            }
            (Kind::Split { of, severity, .. }, Value::Split(rows)) => {
                out.extend(self.against_total(rows, of, *severity));
            }
            // What is worked out, as a funnel's shares are, nobody entered: what it is made of is looked at instead.
            (
                Kind::Ratio {
                    of_label, per_label, ..
                },
                Value::Ratio { of, per },
            ) if of > per && !self.question.locked => {
                let message = format!(
                    "{} must be no more than {}. You entered {} of {}.",
                    of_label.en,
                    mid_sentence(&per_label.en),
                    format::count(*of),
                    format::count(*per)
                );
                out.push(self.raise("~ratio", Severity::Error, message, format!("{of} of {per}")));
            }
            _ => {}
        }
    }

    fn raise(&self, check: &str, severity: Severity, message: String, figures: String) -> Raised {
        Raised::beside(self.board, check, severity, message, &[self.at]).tied_to(figures)
    }

    fn label(&self) -> String {
        self.board.label(self.at)
    }

    /// "Not known yet" and "not applicable" are answers where they are offered; a box for a declaration is one when ticked.
    fn answered(&self) -> bool {
        // A calculation is not asked of anybody, and what the register lacks is not theirs to fill in.
        self.cell.answer != Answer::Blank
            || self.question.locked
            || match &self.question.kind {
                Kind::Calculated { .. } => true,
                Kind::Table(table) => is_answered(self.board, self.at, table),
                _ => false,
            }
    }

    fn asking(&self) -> String {
        let label = self.label();
        if label.ends_with('?') && !matches!(self.question.kind, Kind::Declaration { .. }) {
            return format!("Answer the question “{label}”");
        }
        match &self.question.kind {
            Kind::YesNo => format!("Select yes or no for “{label}”"),
            Kind::Choice { .. } | Kind::Choices { .. } | Kind::Priority { .. } => {
                format!("Select {}", mid_sentence(&label))
            }
            Kind::File { .. } => format!("Select a file for “{label}”"),
            Kind::Declaration { .. } => "Tick the box to make the declaration".to_owned(),
            Kind::Text { .. }
            | Kind::Narrative { .. }
            | Kind::Money { .. }
            | Kind::Count { .. }
            | Kind::Percent { .. }
            | Kind::Decimal { .. }
            | Kind::Range { .. }
            | Kind::Contact
            | Kind::Table(_)
            | Kind::Ratio { .. }
            | Kind::Date
            | Kind::Split { .. }
            | Kind::Calculated { .. } => format!("Enter {}", mid_sentence(&label)),
        }
    }

    fn too_long(&self, text: &str, most: u32) -> Option<Raised> {
        let words = text.split_whitespace().count();
        (words > most as usize).then(|| {
            let most = format::count(i64::from(most));
            let used = format::count(i64::try_from(words).unwrap_or(i64::MAX));
            let message = format!("{} must be {most} words or fewer. You have used {used}.", self.label());
            self.raise("~words", Severity::Error, message, String::new())
        })
    }

    fn personal(&self, text: &str) -> Option<Raised> {
        let kinds = kinds_in(text);
        (!kinds.is_empty()).then(|| {
            let found = listed(&kinds);
            let message = format!(
                "{} seems to hold {found}. Take it out, or say why it does not identify anybody.",
                self.label()
            );
            // The text itself is tied by a print, so that the finding does not repeat what should not be published.
            let print: String = Sha256::digest(text.as_bytes())[..8]
                .iter()
                .map(|b| format!("{b:02x}"))
                .collect();
            self.raise(
                "~personal_data",
                Severity::Warning,
                message,
                format!("{}; {print}", kinds.join(", ")),
            )
        })
    }

    /// A typed percentage against its calculation, at the places that were typed.
    fn against_calculation(&self, typed: Decimal, check: &Rule, places: u32, severity: Severity) -> Option<Raised> {
        let view = self.board.view_at(self.at);
        let parts = share_of(check).and_then(|(of, per)| Some((plain(&view.value(of))?, plain(&view.value(per))?)));
        let entered = format::percent(typed, typed.scale());
        let figures = |calculated: &str| {
            format!(
                "{}={typed}; {}",
                self.question.id,
                super::checks::figures_of(&view, check)
            ) + &format!("; {calculated}")
        };
        let (message, calculated) = match check.eval(&view) {
            RuleValue::Number(calculated) => {
                if format::rounded(calculated, typed.scale().min(places)) == typed {
                    return None;
                }
                let right = format::percent(calculated, places);
                let message = match parts {
                    Some((of, per)) => format!("You entered {entered}. {of} of {per} is {right}."),
                    None => format!("You entered {entered}. The calculation gives {right}."),
                };
                (message, right)
            }
            RuleValue::NotApplicable => {
                let of = parts.map_or_else(String::new, |(of, per)| format!(" {of} of {per} is not a percentage."));
                let message = format!("You entered {entered}.{of} A share of nothing is not applicable, not nought.");
                (message, format::NOT_APPLICABLE.to_owned())
            }
            RuleValue::Blank | RuleValue::Money(_) | RuleValue::Truth(_) | RuleValue::Text(_) | RuleValue::Date(_) => {
                return None;
            }
        };
        let figures = figures(&calculated);
        Some(self.raise("~percent", severity, message, figures))
    }

    /// Items against the amount that they should come to.
    fn against_total(&self, rows: &[(String, Money)], of: &str, severity: Severity) -> Option<Raised> {
        let view = self.board.view_at(self.at);
        let Answer::Given(Value::Money(whole)) = view.cell(of)?.answer else {
            return None;
        };
        let items = Money::checked_sum(rows.iter().map(|(_, amount)| *amount))?;
        let difference = items.checked_sub(whole)?;
        if difference == Money::ZERO {
            return None;
        }
        let total = self.board.place(&view.seat, of)?;
        let label = self.board.label(total);
        let (size, than) = if difference.is_negative() {
            (difference.checked_neg()?, "less")
        } else {
            (difference, "more")
        };
        let message = format!("The items come to {items}, {size} {than} than the {whole} entered for “{label}”.");
        let figures = format!("{}={}; {of}={}", self.question.id, items.in_pence(), whole.in_pence());
        let mut raised = self.raise("~split", severity, message, figures);
        raised.at.push(self.board.named(total));
        Some(raised)
    }
}

/// The two names of a rule that is one thing as a percentage of another, `x / y * 100`.
fn share_of(rule: &Rule) -> Option<(&Name, &Name)> {
    let source: String = rule.source().split_whitespace().collect();
    let quotient = source.strip_suffix("*100").or_else(|| source.strip_prefix("100*"))?;
    let quotient = quotient
        .strip_prefix('(')
        .and_then(|inner| inner.strip_suffix(')'))
        .unwrap_or(quotient);
    let (of, per) = quotient.split_once('/')?;
    let named = |text: &str| rule.reads().iter().find(|name| super::checks::spelt(name) == text);
    Some((named(of)?, named(per)?))
}

/// "98,500", "98,500.50": the number on its own, for a sentence that sets two side by side.
pub(super) fn plain(value: &RuleValue) -> Option<String> {
    match value {
        RuleValue::Number(number) => Some(format::number(number.normalize())),
        RuleValue::Money(pence) => {
            let money = to_money(*pence)?;
            let pounds = money.to_decimal();
            let places = if pounds.fract().is_zero() { 0 } else { 2 };
            Some(format::number(format::rounded(pounds, places)))
        }
        RuleValue::Blank | RuleValue::NotApplicable | RuleValue::Truth(_) | RuleValue::Text(_) | RuleValue::Date(_) => {
            None
        }
    }
}

fn listed(kinds: &[&str]) -> String {
    match kinds {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// Whether a table has what its own `required` asks for: an answer in one of its cells. Columns that are required ask
/// for themselves, and a table without rows that anybody can add has nothing to fill in.
fn is_answered(board: &Board<'_>, at: At, table: &Table) -> bool {
    let Some(grid) = board.grid(at.instance, at.question) else {
        return true;
    };
    let is_added = matches!(table.rows, TableRows::Added { .. });
    if grid.rows.is_empty() {
        return !is_added;
    }
    let typeable = |column: usize| {
        let question = &table.columns[column];
        !question.locked && !matches!(question.kind, Kind::Calculated { .. })
    };
    let given = |(column, cell): (usize, &Cell)| typeable(column) && cell.answer != Answer::Blank;
    table.columns.iter().any(|column| column.required)
        || grid.cells.iter().any(|cells| cells.iter().enumerate().any(given))
}
