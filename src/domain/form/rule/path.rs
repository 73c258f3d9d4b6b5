//! Resolves the names of a rule.
//!
//! Invariant: a rule reads only what can be seen from where it stands; what repeats for something else is read through
//! `sum` and its like.

use std::ops::Range;

use super::eval::Expr;
use super::names::{Known, KnownMeasure, KnownTable, PREVIOUS, each_words, register};
use super::suggestion::did_you_mean;
use super::types::{Checked, Checker, Ty};
use super::{Name, RuleType, RuleValue, Where};
use crate::form::schema::Each;

/// What raises no second problem.
const FAULTY: Checked = (Ty::Faulty, Expr::Value(RuleValue::Blank));

/// A name's first word, and where it stands.
struct Spoken<'s> {
    first: &'s str,
    span: &'s Range<usize>,
}

impl<'a> Checker<'a> {
    pub fn path(&mut self, path: &[(String, Range<usize>)]) -> Checked {
        let Some(((first, span), fields)) = path.split_first() else {
            return FAULTY;
        };
        if let Some((_, extra)) = fields.get(2) {
            return self.refuse(extra.clone(), "A name has two dots at most.", "");
        }
        if let Some((name, known, in_row)) = self.column(first) {
            return self.known(&Spoken { first, span }, name, known, in_row, fields);
        }
        if let Some(known) = self.names.questions.get(first) {
            let Some(in_row) = self.reach(first, span, &known.section, first) else {
                return FAULTY;
            };
            return self.known(
                &Spoken { first, span },
                Name::Question(first.clone()),
                known,
                in_row,
                fields,
            );
        }
        if let Some(table) = self.names.tables.get(first) {
            return self.cell(first, span, table, fields);
        }
        if let Some(measure) = self.names.measures.get(first) {
            if let Some((_, span)) = fields.first() {
                let help = "A measure is read whole: leave out the dot and what follows.";
                return self.refuse(span.clone(), "A measure has no fields.", help);
            }
            return match self.reach_measure(first, span, measure) {
                Some(in_row) => self.read(Name::Measure(first.clone()), RuleType::Number, in_row),
                None => FAULTY,
            };
        }
        if first == PREVIOUS {
            return self.previous(span, fields);
        }
        // A section may be called like a part of the register, and is meant when it stands alone.
        let section = fields.is_empty() && self.names.sections.contains_key(first);
        if register(first).is_some() && !section {
            return self.register(first, span, fields);
        }
        self.unknown(first, span)
    }

    fn unknown(&mut self, first: &str, span: &Range<usize>) -> Checked {
        let help = if self.names.sections.contains_key(first) {
            match self.names.each(first) {
                Each::Whole => format!("`{first}` is a section: name one of its questions."),
                _ => format!("`{first}` is a section: write sum({first}, …), count({first}) and so on."),
            }
        } else if let Some((table, known)) = self.names.table_with(first) {
            let cell = match known.rows.ids().and_then(<[String]>::first) {
                Some(row) => format!(", or of one row: {table}.{row}.{first}"),
                None => String::new(),
            };
            format!("`{first}` is a column of `{table}`: write sum({table}, {first}){cell}.")
        } else {
            let tables = [self.row, Some(self.place)].into_iter().flatten();
            let columns = tables.filter_map(|place| self.names.sight(place).table);
            let columns = columns.flat_map(|(_, table)| table.columns.keys().map(String::as_str));
            did_you_mean(first, columns.chain(self.names.roots()))
        };
        self.refuse(
            span.clone(),
            format!("There is no question, measure or fact called `{first}`."),
            help,
        )
    }

    /// A column with this id, of the table that is gone through or in which the rule stands.
    pub fn column(&self, id: &str) -> Option<(Name, &'a Known, bool)> {
        let of = |place: Where<'a>, in_row: bool| {
            let Where::Table(table) = place else {
                return None;
            };
            let known = self.names.tables.get(table)?.columns.get(id)?;
            let (table, column) = (table.to_owned(), id.to_owned());
            Some((Name::Column { table, column }, known, in_row))
        };
        self.row.and_then(|row| of(row, true)).or_else(|| of(self.place, false))
    }

    /// A question or a column, or one of its fields.
    fn known(
        &mut self,
        spoken: &Spoken<'_>,
        name: Name,
        known: &Known,
        in_row: bool,
        fields: &[(String, Range<usize>)],
    ) -> Checked {
        let id = spoken.first;
        let own = match &name {
            Name::Column { table, column } => format!("{table}.{column}"),
            _ => id.to_owned(),
        };
        let [(field, span)] = fields else {
            if let [_, (_, span)] = fields {
                return self.refuse(span.clone(), format!("`{id}` has no fields of fields."), "");
            }
            if known.range {
                let help = format!("Write {id}.low or {id}.high.");
                return self.refuse(spoken.span.clone(), format!("`{id}` is a range, with two ends."), help);
            }
            return match known.kind {
                Some(kind) => self.read(name, kind, in_row),
                None => self.taint(),
            };
        };
        let made = match field.as_str() {
            "of" if known.ratio => Name::Numerator(own),
            "per" if known.ratio => Name::Denominator(own),
            "low" if known.range => Name::Low(own),
            "high" if known.range => Name::High(own),
            _ => {
                let help = match (known.ratio, known.range) {
                    (true, _) => "A ratio has `.of` and `.per`.",
                    (_, true) => "A range has `.low` and `.high`.",
                    _ => "",
                };
                return self.refuse(span.clone(), format!("`{id}` has no field `{field}`."), help);
            }
        };
        self.read(made, RuleType::Number, in_row)
    }

    /// A name whose own fault is reported elsewhere.
    fn taint(&mut self) -> Checked {
        self.tainted = true;
        FAULTY
    }

    /// One cell of a table whose rows the form gives.
    fn cell(
        &mut self,
        id: &str,
        span: &Range<usize>,
        table: &'a KnownTable,
        fields: &[(String, Range<usize>)],
    ) -> Checked {
        let Some(in_row) = self.reach(id, span, &table.section, id) else {
            return FAULTY;
        };
        let any = table.columns.keys().next().map_or("…", String::as_str);
        let Some(((row, row_span), rest)) = fields.split_first() else {
            let help = format!("Write sum({id}, {any}), count({id}) and so on.");
            return self.refuse(
                span.clone(),
                format!("`{id}` is a table, and not a value by itself."),
                help,
            );
        };
        let Some(rows) = table.rows.ids() else {
            let help = format!("Write sum({id}, {any}) and the like.");
            let message = format!("The rows of `{id}` are not given by the form, so that none can be named.");
            return self.refuse(row_span.clone(), message, help);
        };
        if !rows.contains(row) {
            let mut help = did_you_mean(row, rows.iter().map(String::as_str));
            if help.is_empty() {
                help = format!("Its rows are {}.", rows.join(", "));
            }
            return self.refuse(row_span.clone(), format!("`{id}` has no row `{row}`."), help);
        }
        let (column, column_span) = match (rest.first(), table.by_row) {
            (Some((column, span)), _) => (column.as_str(), span),
            (None, Some(column)) => (column, row_span),
            (None, None) => {
                let columns: Vec<&str> = table.columns.keys().map(String::as_str).collect();
                let help = format!("Add one of its columns: {}.", columns.join(", "));
                return self.refuse(
                    row_span.clone(),
                    format!("`{id}.{row}` is a row, and not a value."),
                    help,
                );
            }
        };
        let Some(known) = table.columns.get(column) else {
            let help = did_you_mean(column, table.columns.keys().map(String::as_str));
            return self.refuse(column_span.clone(), format!("`{id}` has no column `{column}`."), help);
        };
        if known.range {
            let message = format!("`{column}` is a range, which is read only within its row.");
            return self.refuse(column_span.clone(), message, "");
        }
        let Some(kind) = known.kind else {
            return self.taint();
        };
        let [table, row, column] = [id, row, column].map(str::to_owned);
        self.read(Name::Cell { table, row, column }, kind, in_row)
    }

    /// The last signed figure of something, which must itself be in reach.
    fn previous(&mut self, span: &Range<usize>, fields: &[(String, Range<usize>)]) -> Checked {
        let [(id, id_span)] = fields else {
            let help = "Write previous. and the id of a question, a measure, or a column of this row.";
            return self.refuse(span.clone(), "`previous` is followed by one name.", help);
        };
        if let Some((Name::Column { table, column }, known, in_row)) = self.column(id) {
            return self.was(id_span, &format!("{table}.{column}"), known, in_row);
        }
        if let Some(known) = self.names.questions.get(id) {
            return match self.reach(id, id_span, &known.section, &format!("previous.{id}")) {
                Some(in_row) => self.was(id_span, id, known, in_row),
                None => FAULTY,
            };
        }
        if let Some(measure) = self.names.measures.get(id) {
            return match self.reach_measure(id, id_span, measure) {
                Some(in_row) => self.read(Name::Previous(id.clone()), RuleType::Number, in_row),
                None => FAULTY,
            };
        }
        if self.names.tables.contains_key(id) {
            let message = format!("`{id}` is a table: what was signed before is read within its rows.");
            return self.refuse(
                id_span.clone(),
                message,
                "Name one of its columns, in a rule of the table.",
            );
        }
        self.unknown(id, id_span)
    }

    fn was(&mut self, span: &Range<usize>, name: &str, known: &Known, in_row: bool) -> Checked {
        let Some(kind) = known.kind.filter(|_| !known.range) else {
            if known.range {
                return self.refuse(span.clone(), "What was signed before of a range is two figures.", "");
            }
            return self.taint();
        };
        if !known.figure {
            let message = "Only figures are kept from one return to the next.";
            return self.refuse(
                span.clone(),
                message,
                "Name a question for an amount, a count or a percentage.",
            );
        }
        self.read(Name::Previous(name.to_owned()), kind, in_row)
    }

    /// Whether something of `section` is read from the row, or reports that it is out of reach; `written` is how it would
    /// stand inside `sum(…)`.
    fn reach(&mut self, id: &str, span: &Range<usize>, section: &str, written: &str) -> Option<bool> {
        let each = self.names.each(section);
        if each == Each::Whole {
            return Some(false);
        }
        let (names, place) = (self.names, self.place);
        // What the rows of a table see beside their columns, the place where the table stands sees too.
        let row = self.row.filter(|row| !matches!(row, Where::Table(_)));
        if row.is_some_and(|row| names.sees(&names.sight(row), section)) {
            return Some(true);
        }
        let sight = names.sight(place);
        if names.sees(&sight, section) {
            return Some(false);
        }
        let message = format!(
            "`{id}` is asked once for {}, and this stands {}.",
            each_words(each),
            sight.words()
        );
        let help = if self.names.tables.contains_key(id) {
            format!("Put this in section `{section}`, or add up there in a calculated question what is needed here.")
        } else if self.row.is_some() {
            format!("Put this in section `{section}`.")
        } else {
            format!("Write sum({section}, {written}), or put this in section `{section}`.")
        };
        self.report(span.clone(), message, help);
        None
    }

    fn reach_measure(&mut self, id: &str, span: &Range<usize>, measure: &KnownMeasure) -> Option<bool> {
        let Some(table) = &measure.table else {
            return self.reach(id, span, &measure.section, id);
        };
        let here = |place: Option<Where<'_>>| place == Some(Where::Table(table));
        if here(self.row) {
            return Some(true);
        }
        if here(Some(self.place)) {
            return Some(false);
        }
        self.report(
            span.clone(),
            format!("`{id}` is worked out for each row of `{table}`."),
            format!("Write min({table}, {id}) and the like, or put this in = \"{table}\"."),
        );
        None
    }

    fn register(&mut self, root: &str, span: &Range<usize>, fields: &[(String, Range<usize>)]) -> Checked {
        let Some((make, facts)) = register(root) else {
            return FAULTY;
        };
        let list = facts
            .iter()
            .map(|(field, _)| format!("{root}.{field}"))
            .collect::<Vec<_>>();
        let Some((field, field_span)) = fields.first() else {
            let help = format!("Name one of its facts: {}.", list.join(", "));
            return self.refuse(span.clone(), format!("`{root}` alone is not a value."), help);
        };
        let Some((_, kind)) = facts.iter().find(|(name, _)| name == field) else {
            let mut help = did_you_mean(field, facts.iter().map(|(name, _)| *name));
            if help.is_empty() {
                help = format!("There are {}.", list.join(", "));
            }
            return self.refuse(field_span.clone(), format!("There is no `{root}.{field}`."), help);
        };
        if let Some((_, extra)) = fields.get(1) {
            return self.refuse(extra.clone(), format!("`{root}.{field}` has no fields."), "");
        }
        let (names, place) = (self.names, self.place);
        let row = self.row.map(|row| names.sight(row));
        if row.is_some_and(|row| row.row_has(root)) {
            let in_row = matches!(root, "allocation" | "project" | "cohort" | "line" | "row");
            return self.read(make(field.clone()), *kind, in_row);
        }
        let sight = names.sight(place);
        if sight.has(root) || (root == "allocation" && names.one_allocation) {
            return self.read(make(field.clone()), *kind, false);
        }
        let name = format!("{root}.{field}");
        let (of, help) = match root {
            "line" => ("one budget line", "Use it in a table with rows = \"lines\".".to_owned()),
            "row" => (
                "one row",
                "Use it where rows are added: each = \"row\", or rows = \"added\".".to_owned(),
            ),
            "cohort" => (
                "one cohort",
                "Use it with each = \"cohort\" or rows = \"cohorts\".".to_owned(),
            ),
            "project" => ("one project", "Use it in a section with each = \"project\".".to_owned()),
            _ => (
                "one allocation",
                format!("Write sum(…, {name}) over a section that repeats, or grant.allocated."),
            ),
        };
        let message = format!("`{name}` belongs to {of}, and this stands {}.", sight.words());
        self.refuse(span.start..field_span.end, message, help)
    }
}
