//! A table of answers to be read: the same for a provider, for the office and for whoever signs.
//!
//! Invariant: every line has a cell for every head.

use serde::Serialize;

use super::said::Said;

/// A table to be read.
#[derive(Debug, Default, Serialize)]
pub struct Grid {
    /// What stands above each column.
    pub heads: Vec<Said>,
    /// The lines.
    pub lines: Vec<Line>,
}

/// A line.
#[derive(Debug, Default, Serialize)]
pub struct Line {
    /// What names it.
    pub label: Said,
    /// One for each head.
    pub cells: Vec<Cell>,
    /// Whether it holds sums.
    pub total: bool,
}

/// A cell.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Cell {
    /// What it says; empty for nothing.
    pub text: String,
    /// Whether it is a figure, which lines up with the others.
    pub numeric: bool,
    /// Several lines of words.
    pub long: bool,
    /// What stands beside it.
    pub notes: Vec<String>,
    /// What it said before; none when that is the same or not known.
    pub was: Option<String>,
}

impl Grid {
    /// With a line of sums beneath, one for each head; none where there is no sum at all.
    #[must_use]
    pub fn with_totals(mut self, totals: &[Option<String>]) -> Self {
        if totals.iter().any(Option::is_some) && !self.lines.is_empty() {
            let cells = totals.iter().map(|total| Cell {
                text: total.clone().unwrap_or_default(),
                numeric: true,
                ..Cell::default()
            });
            self.lines.push(Line {
                label: Said::plain("Total"),
                cells: cells
                    .chain(std::iter::repeat(Cell::default()))
                    .take(self.heads.len())
                    .collect(),
                total: true,
            });
        }
        self
    }

    /// With its rows across and its columns down.
    #[must_use]
    pub fn turned(self) -> Self {
        let mut lines: Vec<Line> = self
            .heads
            .into_iter()
            .map(|label| Line {
                label,
                ..Line::default()
            })
            .collect();
        let mut heads = Vec::new();
        for line in self.lines {
            heads.push(line.label);
            for (into, cell) in lines.iter_mut().zip(line.cells) {
                into.cells.push(cell);
            }
        }
        Grid { heads, lines }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turning_keeps_every_cell_by_its_names() {
        let cell = |text: &str| Cell {
            text: text.to_owned(),
            ..Cell::default()
        };
        let line = |label: &str, texts: [&str; 2]| Line {
            label: Said::plain(label),
            cells: texts.map(cell).into(),
            total: false,
        };
        let grid = Grid {
            heads: vec![Said::plain("Before"), Said::plain("After")],
            lines: vec![line("First", ["88", "35"]), line("Second", ["267", "162"])],
        };
        let turned = grid.with_totals(&[Some("355".to_owned()), None]).turned();
        let heads: Vec<&str> = turned.heads.iter().map(|head| head.text.as_str()).collect();
        assert_eq!(heads, ["First", "Second", "Total"]);
        let texts = |at: usize| -> Vec<&str> { turned.lines[at].cells.iter().map(|cell| cell.text.as_str()).collect() };
        assert_eq!(
            (turned.lines[0].label.text.as_str(), texts(0)),
            ("Before", vec!["88", "267", "355"])
        );
        assert_eq!(
            (turned.lines[1].label.text.as_str(), texts(1)),
            ("After", vec!["35", "162", ""])
        );
    }
}
