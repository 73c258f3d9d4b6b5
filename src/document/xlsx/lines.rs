//! Words in cells: never run, parted where a cell would be too long, and as high as they need.
//!
//! Invariant: the parts of a text, one after another, are the text.

use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use crate::sheets::guarded;

/// The most of a text in one cell, in units of UTF-16: less than a cell holds, since a row can be no higher than a page.
const MOST: usize = 2_000;
/// The most lines of a text in one cell.
const MOST_LINES: usize = 20;
/// A line, and the highest that a row can be, in points.
const LINE: u32 = 16;
const HIGHEST: u32 = 409;

/// The format of a text, which does not become a formula when somebody edits the cell of what begins with “=”.
pub fn never_run(text: &str, format: Format) -> Format {
    if guarded(text) == text {
        format
    } else {
        format.set_quote_prefix()
    }
}

/// The parts of a text that fit into a cell each; at least one. A text is parted after a blank where it has one.
pub fn parts(text: &str) -> Vec<&str> {
    let (mut parts, mut rest) = (Vec::new(), text);
    while let Some(at) = too_far(rest) {
        let (fits, _) = rest.split_at(at);
        let end = fits
            .char_indices()
            .rev()
            .find(|(_, c)| c.is_whitespace())
            .map_or(at, |(at, c)| at + c.len_utf8());
        let (part, after) = rest.split_at(end);
        parts.push(part);
        rest = after;
    }
    parts.push(rest);
    parts
}

/// Where the text goes past what one cell takes.
fn too_far(text: &str) -> Option<usize> {
    let (mut length, mut lines) = (0, 1);
    for (at, c) in text.char_indices() {
        length += c.len_utf16();
        if length > MOST || lines > MOST_LINES {
            return Some(at);
        }
        lines += usize::from(c == '\n');
    }
    None
}

/// How wide a column is, in characters, and how many there are.
pub struct Across {
    /// All columns together.
    pub width: usize,
    /// The last column, counted from nought.
    pub last: u16,
}

impl Across {
    /// Writes words over the whole width, in as many rows as they need, and gives the row after them.
    pub fn write(&self, sheet: &mut Worksheet, mut row: u32, text: &str, format: &Format) -> Result<u32, XlsxError> {
        let wrapped = format.clone().set_text_wrap();
        for part in parts(text) {
            let format = never_run(part, wrapped.clone());
            if self.last == 0 {
                sheet.write_string_with_format(row, 0, part, &format)?;
            } else {
                sheet.merge_range(row, 0, row, self.last, part, &format)?;
            }
            // A spreadsheet program does not fit the height of what goes over several columns.
            sheet.set_row_height(row, self.height(part))?;
            row += 1;
        }
        Ok(row)
    }

    fn height(&self, text: &str) -> u32 {
        let width = self.width.max(1);
        high(
            text.split('\n')
                .map(|line| line.chars().count().div_ceil(width).max(1))
                .sum(),
        )
    }
}

/// How high so many lines are, in points.
fn high(lines: usize) -> u32 {
    u32::try_from(lines).map_or(HIGHEST, |lines| lines.saturating_mul(LINE).min(HIGHEST))
}

/// How many lines a text has in a column of this width. What is about as long as the column is wide may be broken before
/// its last word.
fn lines_in(text: &str, width: usize) -> usize {
    let room = (width - width / 8).max(1);
    let lines = text.split('\n').map(|line| match line.chars().count() {
        short if short + 2 <= width => 1,
        long => long.div_ceil(room).max(1),
    });
    lines.sum()
}

/// Makes rows as high as the words in them need, each given with the width of its column in characters: not every program
/// does that by itself.
pub fn fit<'t>(
    sheet: &mut Worksheet,
    row: u32,
    words: impl Iterator<Item = (&'t str, usize)>,
) -> Result<(), XlsxError> {
    let mut highest: Vec<u32> = Vec::new();
    for (text, width) in words {
        for (nth, part) in parts(text).into_iter().enumerate() {
            let high = high(lines_in(part, width));
            match highest.get_mut(nth) {
                Some(known) => *known = high.max(*known),
                None => highest.push(high),
            }
        }
    }
    for (row, high) in (row..).zip(highest) {
        if high > LINE {
            sheet.set_row_height(row, high)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_text_are_the_text() {
        let words = "word ".repeat(1_000);
        let unbroken = "😀".repeat(2_500);
        let lines = "a\n".repeat(50);
        for (text, expected) in [("", 1), ("short", 1), (&*words, 3), (&*unbroken, 3), (&*lines, 3)] {
            let parts = parts(text);
            assert_eq!(parts.concat(), text);
            assert_eq!(parts.len(), expected);
            assert!(parts.iter().all(|part| part.encode_utf16().count() <= MOST));
        }
        assert!(parts(&words)[0].ends_with(' '));
    }

    #[test]
    fn a_text_that_its_column_was_made_for_is_one_line() {
        assert_eq!(lines_in("October to December 2017", 26), 1);
        assert_eq!(lines_in("October to December 2017", 25), 2);
        assert_eq!(lines_in("", 12), 1);
        assert_eq!(lines_in("One\nTwo", 12), 2);
        assert_eq!(lines_in(&"word ".repeat(40), 62), 4);
    }
}
