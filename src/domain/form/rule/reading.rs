//! Resolves the names and the functions of a rule.
//!
//! Invariant: a rule that stands once for the return never reads what exists once for each allocation, except through
//! `sum` and its like.

use std::ops::Range;

use rust_decimal::prelude::ToPrimitive;

use super::eval::{Expr, Gather};
use super::names::{FUNCTIONS, register};
use super::suggestion::did_you_mean;
use super::syntax::{Node, NodeKind};
use super::types::{Checked, Checker, MONEY, NUMBER, TRUTH, Ty};
use super::{Name, RuleType, RuleValue, Where};

/// The most places that `round` keeps.
const MOST_PLACES: u32 = 10;

impl Checker<'_> {
    pub fn path(&mut self, path: &[(String, Range<usize>)]) -> Checked {
        let Some(((first, span), fields)) = path.split_first() else {
            return (Ty::Faulty, Expr::Value(RuleValue::Blank));
        };
        if let Some((_, extra)) = fields.get(1) {
            return self.refuse(extra.clone(), "A name has one dot at most.", "");
        }
        let field = fields.first();
        if self.names.questions.contains_key(first) {
            return self.question(first, span, field);
        }
        if let Some(section) = self.names.measures.get(first).cloned() {
            if let Some((_, span)) = field {
                let help = "A measure is read whole: leave out the dot and what follows.";
                return self.refuse(span.clone(), "A measure has no fields.", help);
            }
            return match self.reach(first, span, &section) {
                Some(in_row) => self.read(Name::Measure(first.clone()), RuleType::Number, in_row),
                None => (Ty::Faulty, Expr::Value(RuleValue::Blank)),
            };
        }
        if register(first).is_some() {
            return self.register(first, span, field);
        }
        let help = match self.names.sections.get(first) {
            Some(true) => {
                format!("`{first}` is a section: write sum({first}, …), count({first}) and so on.")
            }
            Some(false) => format!("`{first}` is a section: name one of its questions."),
            None => did_you_mean(first, self.names.roots()),
        };
        self.refuse(
            span.clone(),
            format!("There is no question, measure or fact called `{first}`."),
            help,
        )
    }

    fn question(&mut self, id: &str, span: &Range<usize>, field: Option<&(String, Range<usize>)>) -> Checked {
        let faulty = (Ty::Faulty, Expr::Value(RuleValue::Blank));
        let Some(known) = self.names.questions.get(id).cloned() else {
            return faulty;
        };
        let Some(in_row) = self.reach(id, span, &known.section) else {
            return faulty;
        };
        let Some(kind) = known.kind else {
            self.tainted = true;
            return faulty;
        };
        let id = id.to_owned();
        match field {
            None => self.read(Name::Question(id), kind, in_row),
            Some((field, _)) if known.ratio && field == "of" => {
                self.read(Name::Numerator(id), RuleType::Number, in_row)
            }
            Some((field, _)) if known.ratio && field == "per" => {
                self.read(Name::Denominator(id), RuleType::Number, in_row)
            }
            Some((field, span)) => {
                let help = if known.ratio {
                    "A ratio has `.of` and `.per`."
                } else {
                    ""
                };
                self.refuse(span.clone(), format!("`{id}` has no field `{field}`."), help)
            }
        }
    }

    /// Whether something of `section` is read from the row, or reports that it is out of reach.
    fn reach(&mut self, id: &str, span: &Range<usize>, section: &str) -> Option<bool> {
        if !self.names.repeats(section) {
            return Some(false);
        }
        if self.row.is_some() {
            return Some(true);
        }
        if self.place == Where::Allocation {
            return Some(false);
        }
        self.report(
            span.clone(),
            format!("`{id}` is asked once for each allocation, and this stands once for the return."),
            format!("Write sum({section}, {id}), or put this in section `{section}`."),
        );
        None
    }

    fn register(&mut self, root: &str, span: &Range<usize>, field: Option<&(String, Range<usize>)>) -> Checked {
        let Some((make, fields)) = register(root) else {
            return (Ty::Faulty, Expr::Value(RuleValue::Blank));
        };
        let list = fields
            .iter()
            .map(|(field, _)| format!("{root}.{field}"))
            .collect::<Vec<_>>();
        let Some((field, field_span)) = field else {
            let help = format!("Name one of its facts: {}.", list.join(", "));
            return self.refuse(span.clone(), format!("`{root}` alone is not a value."), help);
        };
        let Some((_, kind)) = fields.iter().find(|(name, _)| name == field) else {
            let mut help = did_you_mean(field, fields.iter().map(|(name, _)| *name));
            if help.is_empty() {
                help = format!("There are {}.", list.join(", "));
            }
            return self.refuse(field_span.clone(), format!("There is no `{root}.{field}`."), help);
        };
        let by_allocation = root == "allocation";
        if by_allocation && self.row.is_none() && self.place == Where::Whole {
            let whole = span.start..field_span.end;
            let message = format!("`{root}.{field}` belongs to one allocation, and this stands once for the return.");
            let help = format!("Write sum(…, {root}.{field}) over a section that repeats, or grant.allocated.");
            return self.refuse(whole, message, help);
        }
        self.read(make(field.clone()), *kind, by_allocation && self.row.is_some())
    }

    /// Text compared with a choice must be one of its options.
    pub fn known_option(&mut self, left: &Node, right: &Node) {
        for (one, other) in [(left, right), (right, left)] {
            let (NodeKind::Path(path), NodeKind::Text(text)) = (&one.kind, &other.kind) else {
                continue;
            };
            let Some(known) = path.first().and_then(|(id, _)| self.names.questions.get(id)) else {
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

    fn gather(&mut self, how: Gather, section: &Node, of: Option<&Node>) -> Checked {
        let id = match &section.kind {
            NodeKind::Path(path) if path.len() == 1 => path[0].0.clone(),
            _ => String::new(),
        };
        if !self.names.repeats(&id) {
            let repeating = self
                .names
                .sections
                .iter()
                .filter(|(_, repeats)| **repeats)
                .map(|(id, _)| id.as_str());
            let (message, help) = if self.names.sections.contains_key(&id) {
                (format!("Section `{id}` does not repeat."), String::new())
            } else {
                (
                    "This must be a section with each = \"allocation\".".to_owned(),
                    did_you_mean(&id, repeating),
                )
            };
            return self.refuse(section.span.clone(), message, help);
        }
        if self.row.is_some() {
            let message = "One section cannot be gone through inside another.";
            return self.refuse(
                section.span.clone(),
                message,
                "Put the inner part in a calculated question.",
            );
        }
        if !self.sections.contains(&id) {
            self.sections.push(id.clone());
        }
        self.row = Some(id.clone());
        let (ty, expr) = self.gathered(how, of);
        self.row = None;
        let of = expr.map(Box::new);
        (
            ty,
            Expr::Gather {
                how,
                section: id,
                of,
                money: ty == MONEY,
            },
        )
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
