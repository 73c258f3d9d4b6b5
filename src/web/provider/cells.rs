//! What was typed into the cells of a table: one answer's fields, cell by cell.
//!
//! Invariant: no field of one cell is taken for another's, however alike their rows and columns are called.

use std::ops::Bound;

use countersign_domain::answers::Typed;
use countersign_domain::answers::types::{Mark, QuestionView};
use countersign_domain::form::schema::Table;

use super::boxes::prefilled;

/// What stands in a cell's boxes, with the fields that a question of its kind would have.
pub fn of_cell(now: &Typed, row: &str, column: &str) -> Typed {
    let prefix = format!("{row}.{column}");
    let mut typed = Typed::default();
    for (rest, text) in fields_of(now, &prefix) {
        match (rest, rest.strip_prefix('.')) {
            ("", _) => drop(typed.fields.insert("value".to_owned(), text.clone())),
            ("~approximately", _) => typed.approximately = text == "yes",
            ("~mark", _) => {
                typed.mark = match text.as_str() {
                    "not-known" => Mark::NotKnown,
                    "not-applicable" => Mark::NotApplicable,
                    _ => Mark::Given,
                }
            }
            (_, Some(part)) => drop(typed.fields.insert(part.to_owned(), text.clone())),
            _ => {}
        }
    }
    typed
}

/// The fields whose names begin so, by the rest of their names: those of a cell, and of cells whose columns begin alike.
fn fields_of<'t>(typed: &'t Typed, prefix: &'t str) -> impl Iterator<Item = (&'t str, &'t String)> {
    let from = typed
        .fields
        .range::<str, _>((Bound::Included(prefix), Bound::Unbounded));
    from.map_while(move |(field, text)| Some((field.strip_prefix(prefix)?, text)))
}

/// What stands in a table's boxes: what was typed, and in cells that were never sent what the register gives.
pub fn in_boxes(table: &Table, view: &QuestionView) -> Typed {
    let mut now = view.draft.as_ref().map(Typed::from).unwrap_or_default();
    let rows = view.table.as_ref().map_or(&[][..], |table| &table.rows);
    for row in rows {
        for (column, cell) in table.columns.iter().zip(&row.cells) {
            let prefix = format!("{}.{}", row.id, column.id);
            let given = (column.from.is_some() || column.roll_up.is_some()) && !column.locked;
            let sent = fields_of(&now, &prefix).any(|(rest, _)| rest.is_empty() || rest.starts_with(['.', '~']));
            if !given || sent {
                continue;
            }
            for (part, text) in prefilled(&cell.answer).fields {
                let field = if part == "value" {
                    prefix.clone()
                } else {
                    format!("{prefix}.{part}")
                };
                now.fields.insert(field, text);
            }
        }
    }
    now
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_has_its_own_fields_and_no_others() {
        let fields = [
            ("a.b", "1"),
            ("a.b.day", "2"),
            ("a.b~mark", "not-known"),
            ("a.bc", "3"),
            ("a.bc~approximately", "yes"),
            ("a1.b", "4"),
        ];
        let typed = Typed {
            fields: fields.map(|(name, text)| (name.to_owned(), text.to_owned())).into(),
            ..Typed::default()
        };
        let cell = of_cell(&typed, "a", "b");
        let expected = [("day".to_owned(), "2".to_owned()), ("value".to_owned(), "1".to_owned())];
        assert_eq!(cell.fields, expected.into());
        assert_eq!((cell.mark, cell.approximately), (Mark::NotKnown, false));
        assert!(of_cell(&typed, "a", "bc").approximately);
    }
}
