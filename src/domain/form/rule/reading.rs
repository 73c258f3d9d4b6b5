//! Resolves the functions of a rule.
//!
//! Invariant: nothing is gone through inside something else that is gone through, so that the work is bounded by the rows.

use std::ops::Range;

use rust_decimal::prelude::ToPrimitive;

use super::RuleType;
use super::Where;
use super::eval::{Expr, Gather};
use super::names::{FUNCTIONS, each_words};
use super::suggestion::did_you_mean;
use super::syntax::{Node, NodeKind};
use super::types::{Checked, Checker, MONEY, NUMBER, TRUTH, Ty};
use crate::form::schema::Each;

/// The most places that `round` keeps.
const MOST_PLACES: u32 = 10;

impl<'a> Checker<'a> {
    /// Text compared with a choice must be one of its options.
    pub fn known_option(&mut self, left: &Node, right: &Node) {
        for (one, other) in [(left, right), (right, left)] {
            let (NodeKind::Path(path), NodeKind::Text(text)) = (&one.kind, &other.kind) else {
                continue;
            };
            let Some((id, _)) = path.first() else {
                continue;
            };
            let column = self.column(id).map(|(_, known, _)| known);
            let Some(known) = column.or_else(|| self.names.questions.get(id)) else {
                continue;
            };
            if known.options.is_empty() || known.options.contains(text) {
                continue;
            }
            let mut help = did_you_mean(text, known.options.iter().map(String::as_str));
            if help.is_empty() {
                help = format!("Its options are {}.", known.options.join(", "));
            }
            let message = format!("`{text}` is not an option of this choice.");
            self.report(other.span.clone(), message, help);
        }
    }

    pub fn call(&mut self, name: &str, span: &Range<usize>, arguments: &[Node], whole: &Node) -> Checked {
        match (name, arguments) {
            ("abs", [inner]) => {
                let (ty, expr) = self.figure(inner);
                (ty, Expr::Abs(Box::new(expr)))
            }
            ("round", [inner, places]) => self.round(inner, places),
            ("is_blank", [inner]) => {
                let (ty, expr) = self.node(inner);
                if ty == Ty::Blank {
                    return self.refuse(inner.span.clone(), "Name a question here.", "");
                }
                (TRUTH, Expr::IsBlank(Box::new(expr)))
            }
            ("count", [section]) => self.gather(Gather::Count, section, None),
            ("count", [section, of]) => self.gather(Gather::Count, section, Some(of)),
            ("sum", [section, of]) => self.gather(Gather::Sum, section, Some(of)),
            ("min", [section, of]) => self.gather(Gather::Min, section, Some(of)),
            ("max", [section, of]) => self.gather(Gather::Max, section, Some(of)),
            ("any", [section, of]) => self.gather(Gather::Any, section, Some(of)),
            ("all", [section, of]) => self.gather(Gather::All, section, Some(of)),
            _ if FUNCTIONS.contains(&name) => {
                let usage = match name {
                    "abs" | "is_blank" => format!("Write {name}(value)."),
                    "round" => "Write round(value, 1).".to_owned(),
                    "count" => "Write count(section) or count(section, condition).".to_owned(),
                    "any" | "all" => format!("Write {name}(section, condition)."),
                    _ => format!("Write {name}(section, value)."),
                };
                let given = arguments.len();
                let plural = if given == 1 { "" } else { "s" };
                let message = format!("`{name}` cannot take {given} argument{plural}.");
                self.refuse(whole.span.clone(), message, usage)
            }
            _ => {
                let help = did_you_mean(name, FUNCTIONS);
                self.refuse(span.clone(), format!("There is no function called `{name}`."), help)
            }
        }
    }

    fn round(&mut self, inner: &Node, places: &Node) -> Checked {
        let (ty, expr) = self.figure(inner);
        let kept = match &places.kind {
            NodeKind::Number(number) if number.is_integer() => number.to_u32(),
            _ => None,
        };
        match kept.filter(|kept| *kept <= MOST_PLACES) {
            Some(kept) => (ty, Expr::Round(Box::new(expr), kept)),
            None => {
                let message = "The places to round to must be a whole number from 0 to 10.";
                self.refuse(places.span.clone(), message, "")
            }
        }
    }

    fn gather(&mut self, how: Gather, through: &Node, of: Option<&Node>) -> Checked {
        let id = match &through.kind {
            NodeKind::Path(path) if path.len() == 1 => path[0].0.as_str(),
            _ => "",
        };
        if self.row.is_some() {
            let message = "One section or table cannot be gone through inside another.";
            return self.refuse(
                through.span.clone(),
                message,
                "Put the inner part in a calculated question.",
            );
        }
        let row = match self.gone_through(id) {
            Ok(row) => row,
            Err((message, help)) => return self.refuse(through.span.clone(), message, help),
        };
        if !self.sections.iter().any(|other| other == id) {
            self.sections.push(id.to_owned());
        }
        self.row = Some(row);
        let (ty, expr) = self.gathered(how, of);
        self.row = None;
        let of = expr.map(Box::new);
        (
            ty,
            Expr::Gather {
                how,
                section: id.to_owned(),
                of,
                money: ty == MONEY,
            },
        )
    }

    /// Where the rows of this section or table stand; else what is wrong, and what to do.
    fn gone_through(&self, id: &str) -> Result<Where<'a>, (String, String)> {
        let names = self.names;
        if let Some((id, table)) = names.tables.get_key_value(id) {
            if self.place == Where::Table(id) {
                return Err((
                    format!("A column of `{id}` cannot go through the rows of `{id}`."),
                    "Put a calculated question after the table, or total = true on the column.".to_owned(),
                ));
            }
            let sight = names.sight(self.place);
            // A rule of the whole return has no subject to choose by, and goes through the rows of them all.
            if names.sees(&sight, &table.section) || self.place == Where::Whole {
                return Ok(Where::Table(id));
            }
            let section = &table.section;
            let each = each_words(names.each(section));
            let message = format!("`{id}` stands once for {each}, and this stands {}.", sight.words());
            let help =
                format!("Add it up in a calculated question of section `{section}`, and go through that section.");
            return Err((message, help));
        }
        match names.sections.get_key_value(id) {
            Some((_, Each::Whole)) => Err((format!("Section `{id}` does not repeat."), String::new())),
            Some((id, each)) => Ok(Where::of(*each, id)),
            None => {
                let repeating = names.sections.iter().filter(|(_, each)| **each != Each::Whole);
                let known = repeating.map(|(id, _)| id).chain(names.tables.keys());
                Err((
                    "This must be a section that repeats, or a table.".to_owned(),
                    did_you_mean(id, known.map(String::as_str)),
                ))
            }
        }
    }

    /// The type of the whole, and what is worked out for each row.
    fn gathered(&mut self, how: Gather, of: Option<&Node>) -> (Ty, Option<Expr>) {
        let Some(of) = of else {
            return (NUMBER, None);
        };
        match how {
            Gather::Any | Gather::All => (TRUTH, Some(self.wanted(of, TRUTH))),
            Gather::Count => (NUMBER, Some(self.wanted(of, TRUTH))),
            Gather::Sum => {
                let (ty, expr) = self.figure(of);
                (ty, Some(expr))
            }
            Gather::Min | Gather::Max => {
                let (ty, expr) = self.node(of);
                if ty.is_figure() || ty == Ty::Known(RuleType::Date) {
                    return (ty, Some(expr));
                }
                let message = format!("This must be a number, pounds or a date, and is {}.", ty.words());
                let (ty, expr) = self.refuse(of.span.clone(), message, "");
                (ty, Some(expr))
            }
        }
    }
}
