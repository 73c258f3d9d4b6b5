//! The values of an entry: read, or said to be missing or wrong.
//!
//! Invariant: nothing is guessed; a value that cannot be read is a problem of its column, and `None`.

use chrono::NaiveDate;
use countersign_domain::ids::{OrganisationId, PersonId};
use countersign_domain::money::Money;
use countersign_domain::quantity::{Reading, Sign, read_decimal, read_money};
use countersign_domain::register::{Allocation, Fund, Grant, address_key};
use rust_decimal::Decimal;

use super::super::known::one;
use super::super::problem::columns;
use super::{At, Resolving};
use crate::service::one_line;

/// The longest line that a name, a title or a key may be, in characters.
const LONGEST_LINE: usize = 300;
/// The longest text of several lines, in characters.
const LONGEST_TEXT: usize = 4_000;
/// Decimal places of a weight.
const WEIGHT_PLACES: u32 = 6;

/// What a column is called in a sentence: `Smallest award`.
fn label(column: &str) -> String {
    let words = column.replace('_', " ");
    let mut letters = words.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

impl Resolving {
    fn missing(&mut self, at: At, column: &'static str) {
        let known = columns(at.table).iter().find(|known| known.name == column);
        let help = known
            .map(|known| format!("Fill it in: {}.", known.words))
            .unwrap_or_default();
        self.problem(at, column, format!("`{column}` is missing."), &help);
    }

    /// A line of text that must be there.
    pub(super) fn text(&mut self, at: At, column: &'static str, typed: &str) -> Option<String> {
        let text = one_line(typed);
        if text.is_empty() {
            self.missing(at, column);
            return None;
        }
        if text.chars().count() > LONGEST_LINE {
            self.problem(
                at,
                column,
                format!("`{column}` is longer than {LONGEST_LINE} characters."),
                "Shorten it.",
            );
            return None;
        }
        Some(text)
    }

    /// A line of text that need not be there; the outer none is a problem.
    pub(super) fn may_text(&mut self, at: At, column: &'static str, typed: Option<&str>) -> Option<Option<String>> {
        match typed.map(one_line).filter(|text| !text.is_empty()) {
            None => Some(None),
            Some(text) => self.text(at, column, &text).map(Some),
        }
    }

    /// Several lines of text that need not be there.
    pub(super) fn may_lines(&mut self, at: At, column: &'static str, typed: Option<&str>) -> Option<Option<String>> {
        let text = typed
            .map(|typed| typed.trim().replace("\r\n", "\n"))
            .unwrap_or_default();
        let text: String = text.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
        if text.chars().count() > LONGEST_TEXT {
            self.problem(
                at,
                column,
                format!("`{column}` is longer than {LONGEST_TEXT} characters."),
                "Shorten it.",
            );
            return None;
        }
        Some(Some(text).filter(|text| !text.is_empty()))
    }

    /// A key that others may name.
    pub(super) fn key(&mut self, at: At, column: &'static str, typed: &str) -> Option<String> {
        let key = self.text(at, column, typed)?;
        if key.chars().any(|c| matches!(c, ';' | '"') || c.is_whitespace()) {
            self.problem(
                at,
                column,
                format!("“{key}” cannot be a key."),
                "Write it without spaces, semicolons and quotation marks, like safer-plymouth.",
            );
            return None;
        }
        Some(key)
    }

    /// A day that must be there.
    pub(super) fn day(&mut self, at: At, column: &'static str, typed: &str) -> Option<NaiveDate> {
        let typed = typed.trim();
        if typed.is_empty() {
            self.missing(at, column);
            return None;
        }
        // Read as it is written in full, so that 18-4-1 is no day of the year 18.
        let day = Some(typed)
            .filter(|typed| typed.len() == 10)
            .and_then(|typed| NaiveDate::parse_from_str(typed, "%Y-%m-%d").ok());
        if day.is_none() {
            self.problem(
                at,
                column,
                format!("“{typed}” is not a day."),
                "Write it like 2018-03-31.",
            );
        }
        day
    }

    /// A day that need not be there.
    pub(super) fn may_day(&mut self, at: At, column: &'static str, typed: Option<&str>) -> Option<Option<NaiveDate>> {
        match typed.map(str::trim).filter(|typed| !typed.is_empty()) {
            None => Some(None),
            Some(typed) => self.day(at, column, typed).map(Some),
        }
    }

    /// Two days of which the first is not after the last.
    pub(super) fn in_order(&mut self, at: At, column: &'static str, from: NaiveDate, to: NaiveDate) -> bool {
        if to < from {
            let day = |day: NaiveDate| day.format("%-d %B %Y");
            self.problem(
                at,
                column,
                format!("{} is before {}.", day(to), day(from)),
                "Put the first day first.",
            );
        }
        from <= to
    }

    /// An amount that need not be there.
    pub(super) fn money(&mut self, at: At, column: &'static str, typed: Option<&str>) -> Option<Option<Money>> {
        self.figure(
            at,
            column,
            read_money(&label(column), typed.unwrap_or_default(), Sign::NonNegative),
        )
    }

    /// A weight, which must be there.
    pub(super) fn weight(&mut self, at: At, column: &'static str, typed: &str) -> Option<Decimal> {
        let reading = read_decimal(&label(column), typed, WEIGHT_PLACES, Sign::NonNegative);
        let weight = self.figure(at, column, reading)?;
        if weight.is_none() {
            self.missing(at, column);
        }
        weight
    }

    fn figure<T>(&mut self, at: At, column: &'static str, reading: Reading<T>) -> Option<Option<T>> {
        match reading {
            Reading::Blank => Some(None),
            Reading::Read { value, .. } => Some(Some(value)),
            Reading::Ask { question: message, .. } | Reading::Refused { message } => {
                self.problem(at, column, message, "");
                None
            }
        }
    }

    /// Yes or no, where it is said.
    pub(super) fn yes_no(&mut self, at: At, column: &'static str, typed: Option<&str>) -> Option<Option<bool>> {
        match typed.unwrap_or_default().trim().to_lowercase().as_str() {
            "" => Some(None),
            "yes" | "y" | "true" => Some(Some(true)),
            "no" | "n" | "false" => Some(Some(false)),
            other => {
                self.problem(
                    at,
                    column,
                    format!("“{other}” is neither yes nor no."),
                    "Write yes or no.",
                );
                None
            }
        }
    }

    /// What an entry names that is in neither the file nor the register; nothing when it is here and wrong.
    fn unknown(&mut self, at: At, column: &'static str, table: &'static str, key: &str) {
        if !self.is_spoiled(table, key) {
            self.problem(
                at,
                column,
                format!("There is no {table} “{key}”, neither here nor in the register."),
                &format!("Add it to the table `{table}`, or mend the name."),
            );
        }
    }

    /// An organisation by its key.
    pub(super) fn organisation(&mut self, at: At, column: &'static str, typed: &str) -> Option<OrganisationId> {
        let key = self.text(at, column, typed)?;
        let found = self.known.organisations.get(&key).map(|found| found.id);
        if found.is_none() {
            self.unknown(at, column, "organisation", &key);
        }
        found
    }

    /// A person by the file's word for them, or by address.
    pub(super) fn person(&mut self, at: At, column: &'static str, typed: &str) -> Option<PersonId> {
        let word = self.text(at, column, typed)?;
        let address = self.addresses.get(&word).cloned().unwrap_or_else(|| address_key(&word));
        let found = self.known.people.get(&address).map(|found| found.id);
        if found.is_none() {
            self.unknown(at, column, "person", &word);
        }
        found
    }

    /// The fund of an entry: the one that it names, or the only one of the file.
    pub(super) fn fund_of(&mut self, at: At, typed: Option<&str>) -> Option<Fund> {
        let key = typed
            .map(one)
            .filter(|key| !key.is_empty())
            .or_else(|| self.only_fund.clone());
        let Some(key) = key else {
            self.problem(
                at,
                "fund",
                "It does not say which fund it belongs to.",
                "Fill in `fund` with the fund’s key.",
            );
            return None;
        };
        let found = self.known.funds.get(&key).cloned();
        if found.is_none() {
            self.unknown(at, "fund", "fund", &key);
        }
        found
    }

    /// A grant by its reference.
    pub(super) fn grant_of(&mut self, at: At, typed: &str) -> Option<Grant> {
        let reference = self.text(at, "grant", typed)?;
        let found = self.known.grants.get(&reference).cloned();
        if found.is_none() {
            self.unknown(at, "grant", "grant", &reference);
        }
        found
    }

    /// An allocation of a grant by its key.
    pub(super) fn allocation_of(
        &mut self,
        at: At,
        column: &'static str,
        grant: &Grant,
        typed: &str,
    ) -> Option<Allocation> {
        let key = self.text(at, column, typed)?;
        let found = self.known.allocations.get(&(grant.id, key.clone())).cloned();
        if found.is_none() && !self.is_spoiled("allocation", &format!("{}/{key}", grant.reference)) {
            self.problem(
                at,
                column,
                format!("The grant “{}” has no allocation “{key}”.", grant.reference),
                "Add it to the table `allocation`, or mend the name.",
            );
        }
        found
    }
}
