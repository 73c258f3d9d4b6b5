//! What is said of a question's kind, key by key.
//!
//! Invariant: as in [`super::facts`], every field is named, so that a new one is compared or does not compile.

use super::fact::{Facts, severity};
use crate::form::schema::{Kind, Table, TableRows};

/// What belongs to the kind; that it is another kind breaks, and is said as that.
pub(super) fn of_kind(kind: &Kind, facts: &mut Facts) {
    match kind {
        Kind::Text { max_chars } => facts.put("max_chars", max_chars),
        Kind::Narrative {
            max_words,
            personal_data_warn,
        } => {
            facts.maybe("max_words", *max_words);
            facts.yes("personal_data", *personal_data_warn);
        }
        Kind::Money { negative } => facts.yes("negative", *negative),
        Kind::Count { people } | Kind::Range { people } => facts.yes("counts people", *people),
        Kind::Percent {
            places,
            negative,
            check,
            severity: of,
        } => {
            facts.places(*places);
            facts.yes("negative", *negative);
            facts.rule("check", check.as_ref());
            facts.put("severity", severity(*of));
        }
        Kind::Decimal { places, negative } => {
            facts.places(*places);
            facts.yes("negative", *negative);
        }
        Kind::Ratio {
            of_label,
            per_label,
            places,
            people,
        } => {
            facts.words("of_label", of_label);
            facts.words("per_label", per_label);
            facts.places(*places);
            facts.yes("counts people", *people);
        }
        Kind::Date | Kind::YesNo | Kind::Contact => {}
        Kind::Choice { options } => facts.listed("option", options),
        Kind::Choices { options, min, max } => {
            facts.listed("option", options);
            facts.put("min", min);
            facts.maybe("max", *max);
        }
        Kind::Priority { max } => facts.maybe("max", *max),
        Kind::Table(table) => of_table(table, facts),
        Kind::Split {
            of,
            severity: on,
            max_rows,
        } => {
            facts.put("of", of);
            facts.put("severity", severity(*on));
            facts.put("max_rows", max_rows);
        }
        Kind::File { accept, max_files } => {
            facts.put("accept", accept.join(", "));
            facts.put("max_files", max_files);
        }
        Kind::Declaration { statement } => facts.words("statement", statement),
        Kind::Calculated {
            value,
            places,
            percent: _, // a calculation that becomes a percentage, or ceases to be one, breaks
        } => {
            facts.rule("value", Some(value));
            facts.places(*places);
        }
    }
}

fn of_table(table: &Table, facts: &mut Facts) {
    let Table {
        made_as: _,
        rows,
        columns: _,
        turned,
    } = table;
    match rows {
        TableRows::Fixed(rows) => {
            for row in rows {
                facts.words(&format!("row {}", row.id), &row.label);
                let when = row.comment_when.map(|yes| if yes { "yes" } else { "no" });
                facts.maybe(&format!("comment_when of row {}", row.id), when);
            }
        }
        TableRows::Added { min, max } => {
            facts.put("min_rows", min);
            facts.put("max_rows", max);
        }
        TableRows::Cohorts | TableRows::Allocations | TableRows::Lines | TableRows::Priorities => {}
    }
    facts.yes("turned", *turned);
}
