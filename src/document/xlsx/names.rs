//! What sheets are called.
//!
//! Invariant: a name is one that spreadsheet programs take, and no two of a workbook are the same.

/// The most that a name may have, in units of UTF-16.
const MOST: usize = 31;

/// The name of the sheet of a table: its number, which keeps it apart from the others, and how its caption begins.
pub fn of_table(number: usize, caption: &str) -> String {
    let mut name = number.to_string();
    let plain: String = caption.chars().map(|c| if usable(c) { c } else { ' ' }).collect();
    for word in plain.split_whitespace() {
        let longer = format!("{name} {word}");
        if longer.encode_utf16().count() > MOST {
            break;
        }
        name = longer;
    }
    name
}

/// Whether a name may have it. An apostrophe may stand within one only, which is left out with less trouble.
fn usable(c: char) -> bool {
    !c.is_control() && !"[]:*?/\\'".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_xlsxwriter::utility::check_sheet_name;

    #[test]
    fn every_caption_makes_a_name_that_is_taken() {
        let names = [
            (1, "Spending by project", "1 Spending by project"),
            (2, "Spending: what/who [all]?", "2 Spending what who all"),
            (12, "", "12"),
            (3, "'quoted'", "3 quoted"),
            (
                4,
                "What was available and what became of it",
                "4 What was available and what",
            ),
            (5, "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀", "5"),
            (6, "a\u{1}b\nc", "6 a b c"),
        ];
        for (number, caption, name) in names {
            assert_eq!(of_table(number, caption), name);
            check_sheet_name(name).unwrap();
        }
    }
}
