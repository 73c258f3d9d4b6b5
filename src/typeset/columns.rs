//! How wide the columns of a table are, how small its letters, and whether its page lies on its side.
//!
//! Invariant: no column is narrower than its longest word, so that nothing runs into its neighbour. A table for which no
//! page is wide enough is parted, and each part begins with the column that names the rows.

use crate::fonts::width;

/// The room within the margins, in tenths of a point: 174 mm upright, 261 mm on its side.
const UPRIGHT: u64 = 4_930;
const ON_ITS_SIDE: u64 = 7_400;

/// Beside the text of a cell, both sides together, in tenths of a point. As in the template.
const BESIDE: u64 = 100;

/// From one line of a cell to the next, and how much of that the last one does without, in hundredths of the size of its
/// letters; and what is above and below them, in tenths of a point. As in the template.
const LINE: u64 = 128;
const BETWEEN: u64 = 62;
const ABOVE_AND_BELOW: u64 = 80;

/// The sizes of letters that are tried, in tenths of a point: upright, and then on its side.
const SIZES: [(bool, u64); 5] = [(false, 95), (false, 85), (false, 75), (true, 85), (true, 75)];

/// Words longer than this may be broken, in letters.
const LONG: usize = 24;

/// A wider column than this gains nothing, in ems.
const WIDE_ENOUGH: u64 = 34;

/// A column that would like no more than this gets it before wider ones are thought of, in ems: names and dates stay on one
/// line.
const SLIGHT: u64 = 9;

/// One column's cells, as far as their width matters.
pub(crate) struct Texts<'a> {
    pub numeric: bool,
    pub heading: &'a str,
    pub cells: Vec<&'a str>,
}

/// How a table stands on its page.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    pub on_its_side: bool,
    /// The size of letters, in tenths of a point.
    pub size: u64,
    /// The columns of each part by number, with their widths in tenths of a point.
    pub parts: Vec<Vec<(usize, u64)>>,
}

/// What a column needs and what it would like, in tenths of a point.
#[derive(Clone, Copy)]
struct Need {
    least: u64,
    best: u64,
}

/// Lays out a table of at least one column, in letters no larger than these.
pub(crate) fn layout(columns: &[Texts<'_>], largest: u64) -> Layout {
    for (on_its_side, size) in SIZES.into_iter().filter(|(_, size)| *size <= largest) {
        let room = if on_its_side { ON_ITS_SIDE } else { UPRIGHT };
        let needs: Vec<Need> = columns.iter().map(|column| need(column, size)).collect();
        if fits(&needs, room, on_its_side || size < 85) {
            let all: Vec<usize> = (0..columns.len()).collect();
            let parts = vec![shared(&all, &needs, room, size)];
            return Layout {
                on_its_side,
                size,
                parts,
            };
        }
    }
    let size = 75;
    let needs: Vec<Need> = columns.iter().map(|column| need(column, size)).collect();
    let parts = parted(&needs)
        .iter()
        .map(|part| shared(part, &needs, ON_ITS_SIDE, size))
        .collect();
    Layout {
        on_its_side: true,
        size,
        parts,
    }
}

/// Whether each column has what it needs; unless `tight` will do, also a fair part of what it would like.
fn fits(needs: &[Need], room: u64, tight: bool) -> bool {
    let least: u64 = needs.iter().map(|need| need.least).sum();
    let best: u64 = needs.iter().map(|need| need.best).sum();
    least <= room && (tight || best <= 3 * room)
}

fn need(column: &Texts<'_>, size: u64) -> Need {
    let points = |thousandths: u64| (thousandths * size).div_ceil(1_000) + BESIDE;
    let least_of = |text: &str, strong: bool| {
        // A figure stays on one line where it is of usual length.
        if column.numeric && text.chars().count() <= LONG {
            return width(text, strong);
        }
        let pieces = text.split_whitespace().flat_map(pieces);
        pieces.map(|piece| width(&piece, strong)).max().unwrap_or_default()
    };
    let heading = (column.heading.split_whitespace())
        .flat_map(pieces)
        .map(|piece| width(&piece, true))
        .max()
        .unwrap_or_default();
    // The row that adds up the others is in strong letters; every cell is measured as if it were there.
    let cells = column
        .cells
        .iter()
        .map(|text| least_of(text, true))
        .max()
        .unwrap_or_default();
    let lines = column.cells.iter().flat_map(|text| text.lines());
    let best = lines
        .map(|line| width(line, true))
        .max()
        .unwrap_or_default()
        .min(WIDE_ENOUGH * 1_000);
    let least = points(heading.max(cells));
    Need {
        least,
        best: points(best.max(on_two_lines(column.heading))).max(least),
    }
}

/// The width at which a heading stands on two lines: where they are least unlike.
fn on_two_lines(heading: &str) -> u64 {
    let ends = heading.match_indices(' ').map(|(at, _)| heading.split_at(at));
    let halves = ends.map(|(first, rest)| width(first, true).max(width(rest.trim_start(), true)));
    halves.min().unwrap_or_else(|| width(heading, true))
}

/// How high a row of these cells is in columns of these widths, in tenths of a point: about, and rather too high.
pub(crate) fn height(cells: &[&str], widths: &[(usize, u64)], size: u64) -> u64 {
    let lines = |text: &str, room: u64| -> u64 {
        let each = text.lines().map(|line| {
            let wide = width(line, true) * size * 11 / 10_000;
            wide.div_ceil(room.saturating_sub(BESIDE).max(1)).max(1)
        });
        each.sum()
    };
    let cells = widths
        .iter()
        .map(|(column, room)| lines(cells.get(*column).copied().unwrap_or_default(), *room));
    let lines = cells.max().unwrap_or_default().max(1);
    (lines * LINE - BETWEEN) * size / 100 + ABOVE_AND_BELOW
}

/// The needs with those columns that would like little getting all of it, the most modest first, while that takes no more
/// than half of what is to be shared.
fn with_slight_ones_whole(columns: &[usize], needs: &[Need], room: u64, size: u64) -> Vec<Need> {
    let mut whole = needs.to_vec();
    let own = |column: &usize| needs.get(*column).map(|need| (*column, *need));
    let least: u64 = columns.iter().filter_map(own).map(|(_, need)| need.least).sum();
    let mut slight: Vec<(usize, Need)> = columns.iter().filter_map(own).collect();
    slight.retain(|(_, need)| need.best <= SLIGHT * size + BESIDE);
    slight.sort_by_key(|(_, need)| need.best - need.least);
    let mut left = room.saturating_sub(least) / 2;
    for (column, need) in slight {
        let wanted = need.best - need.least;
        if let Some(own) = whole.get_mut(column).filter(|_| wanted <= left) {
            own.least = own.best;
            left -= wanted;
        }
    }
    whole
}

/// A word in the pieces that are never broken.
fn pieces(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    if letters.len() <= LONG {
        return vec![word.to_owned()];
    }
    letters.chunks(LONG / 2).map(|piece| piece.iter().collect()).collect()
}

/// The text with places in its longest words at which a line may end.
pub(crate) fn breakable(text: &str) -> String {
    if text.split_whitespace().all(|word| word.chars().count() <= LONG) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() * 5 / 4);
    for word in text.split_inclusive(char::is_whitespace) {
        let bare = word.trim_end_matches(char::is_whitespace);
        out.push_str(&pieces(bare).join("\u{200b}"));
        out.push_str(&word[bare.len()..]);
    }
    out
}

/// What each of these columns gets: what it needs, and its share of the rest by what it would like. What nobody wants is
/// not handed out, beyond making the first column a half wider.
fn shared(columns: &[usize], needs: &[Need], room: u64, size: u64) -> Vec<(usize, u64)> {
    let needs = with_slight_ones_whole(columns, needs, room, size);
    let of = |column: &usize| {
        needs.get(*column).copied().unwrap_or(Need {
            least: BESIDE,
            best: BESIDE,
        })
    };
    let least: u64 = columns.iter().map(|column| of(column).least).sum();
    let wanted: u64 = columns.iter().map(|column| of(column).best - of(column).least).sum();
    let rest = room.saturating_sub(least);
    let mut widths: Vec<(usize, u64)> = columns
        .iter()
        .map(|column| {
            let Need { least, best } = of(column);
            let share = if wanted <= rest {
                best - least
            } else {
                (best - least) * rest / wanted
            };
            (*column, least + share)
        })
        .collect();
    if let Some((_, first)) = widths.first_mut() {
        *first += rest.saturating_sub(wanted).min(*first / 2);
    }
    widths
}

/// The columns in parts that each fit a page on its side. The first column begins each of them.
fn parted(needs: &[Need]) -> Vec<Vec<usize>> {
    let first = needs.first().map_or(0, |need| need.least);
    let (mut parts, mut part, mut used) = (Vec::new(), vec![0], first);
    for (column, need) in needs.iter().enumerate().skip(1) {
        if part.len() > 1 && used + need.least > ON_ITS_SIDE {
            parts.push(std::mem::replace(&mut part, vec![0]));
            used = first;
        }
        part.push(column);
        used += need.least;
    }
    parts.push(part);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table<'a>(columns: &'a [(&'a str, bool, &'a str)]) -> Vec<Texts<'a>> {
        let column = |(heading, numeric, cell): &(&'a str, bool, &'a str)| Texts {
            numeric: *numeric,
            heading,
            cells: vec![cell],
        };
        columns.iter().map(column).collect()
    }

    fn whole(layout: &Layout) -> u64 {
        layout
            .parts
            .iter()
            .map(|part| part.iter().map(|(_, width)| width).sum())
            .max()
            .unwrap_or(0)
    }

    #[test]
    fn a_few_columns_stand_upright_in_full_size() {
        let laid = layout(
            &table(&[("Project", false, "Advocacy hub"), ("Spent", true, "£16,486.00")]),
            u64::MAX,
        );
        assert_eq!((laid.on_its_side, laid.size, laid.parts.len()), (false, 95, 1));
        assert!(
            whole(&laid) < UPRIGHT / 2,
            "figures stand near what they are of: {laid:?}"
        );
    }

    #[test]
    fn more_columns_are_smaller_then_on_their_side_then_parted() {
        let mut seen = Vec::new();
        for count in [6, 8, 11, 40] {
            let mut columns = vec![("Project", false, "Advocacy hub")];
            columns.extend(vec![("Committed", true, "£1,016,486.00"); count]);
            let laid = layout(&table(&columns), u64::MAX);
            let room = if laid.on_its_side { ON_ITS_SIDE } else { UPRIGHT };
            assert!(whole(&laid) <= room, "{laid:?}");
            assert!(
                laid.parts
                    .iter()
                    .all(|part| part.first().is_some_and(|(column, _)| *column == 0))
            );
            let named: usize = laid.parts.iter().map(|part| part.len() - 1).sum();
            assert_eq!(named, count, "each column stands in one part");
            seen.push((laid.on_its_side, laid.size < 95, laid.parts.len() > 1));
        }
        let expected = [
            (false, false, false),
            (false, true, false),
            (true, true, false),
            (true, true, true),
        ];
        assert_eq!(seen, expected);
    }

    #[test]
    fn a_long_word_may_be_broken_and_loses_nothing() {
        let address = "a".repeat(200);
        let shown = breakable(&format!("See {address} now"));
        assert_eq!(shown.replace('\u{200b}', ""), format!("See {address} now"));
        assert!(shown.split(['\u{200b}', ' ']).all(|piece| piece.len() <= LONG));
        let laid = layout(
            &table(&[("Where", false, &address), ("What", false, &address)]),
            u64::MAX,
        );
        assert!(whole(&laid) <= UPRIGHT && laid.parts.len() == 1);
    }

    #[test]
    fn a_heading_has_two_lines_and_a_date_one() {
        let points = |text: &str| width(text, true) * 95 / 1_000 + BESIDE;
        let long = "words that go on and on ".repeat(20);
        let laid = layout(
            &table(&[
                ("Return", false, &long),
                ("April to July 2017", true, "4"),
                ("On", false, "20 February 2018"),
                ("Finding", false, &long),
            ]),
            u64::MAX,
        );
        let [_, (_, period), (_, on), (_, finding)] = laid.parts[0][..] else {
            panic!("{laid:?}")
        };
        assert!(period >= points("April to"), "{laid:?}");
        assert!(on >= points("20 February 2018"), "{laid:?}");
        assert!(finding > 2 * on, "{laid:?}");
    }

    #[test]
    fn letters_are_no_larger_than_asked_and_a_row_is_as_high_as_its_longest_cell() {
        let columns = [("Figure", false, "Spent"), ("Unit", false, "pounds")];
        assert_eq!(layout(&table(&columns), 85).size, 85);
        let widths = [(0, 1_000), (1, 1_000)];
        let one = height(&["Spent", "pounds"], &widths, 95);
        let several = height(&["Spent", &"pounds and pence ".repeat(8)], &widths, 95);
        assert!(one < 150 && several > 4 * (one - ABOVE_AND_BELOW), "{one} {several}");
        assert_eq!(height(&["", ""], &widths, 95), one);
    }
}
