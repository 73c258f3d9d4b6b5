//! A document as the template is given it: text, and how it is laid out.
//!
//! Invariant: every text of the document passes through [`fonts::writable`] on its way here, and nothing is left out.

use countersign_domain::answers::format;
use countersign_domain::document::chart::{self, Canvas};
use countersign_domain::document::{Block, Cell, Chart, Definition, Document, Fact, Run, Shown, Table};
use serde::Serialize;

use crate::columns::{self, Texts};
use crate::fonts;
use crate::parts::{Grid, GridColumn, GridPart, GridRow, Named, Part, Piece, Spread};

/// With as many headings a paper has a table of contents.
const CONTENTS: usize = 4;

/// A row with a longer cell may be broken over two pages, in letters.
const TALL: usize = 1_200;

/// A table that is no higher stays on one page, in tenths of a point: about a third of it.
const TOGETHER: u64 = 2_500;

/// The letters of what is looked up rather than read, in tenths of a point.
const FINE: u64 = 85;

/// The paper.
#[derive(Serialize)]
pub(crate) struct Laid {
    title: String,
    subtitle: String,
    readers: String,
    dated: String,
    watermark: Option<String>,
    contents: bool,
    /// Pages that stand upright or lie on their side.
    spreads: Vec<Spread>,
    lost: bool,
}

/// What has been laid out so far.
#[derive(Default)]
struct Setting {
    spreads: Vec<Spread>,
    charts: Vec<String>,
    /// The level of the heading before.
    level: u8,
    lost: bool,
}

impl Laid {
    /// The document laid out, and its charts.
    pub(crate) fn of(document: &Document<Shown>) -> (Self, Vec<String>) {
        let mut setting = Setting::default();
        for block in &document.blocks {
            setting.block(block);
        }
        setting.last_section(document);
        let headings = |spread: &Spread| {
            spread
                .parts
                .iter()
                .filter(|part| matches!(part, Part::Heading { .. }))
                .count()
        };
        let title = setting.text(&document.title);
        let laid = Self {
            title: if title.trim().is_empty() {
                "Untitled".to_owned()
            } else {
                title
            },
            subtitle: setting.text(&document.subtitle),
            readers: document.audience.readers().to_owned(),
            dated: format::date(document.dated),
            watermark: document.watermark.as_ref().map(|words| setting.text(words)),
            contents: setting.spreads.iter().map(headings).sum::<usize>() >= CONTENTS,
            lost: setting.lost,
            spreads: setting.spreads,
        };
        (laid, setting.charts)
    }
}

impl Setting {
    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading { level, text } => self.heading(*level, text),
            Block::Paragraph { runs } => {
                let runs = self.runs(runs);
                self.upright(Part::Paragraph { runs });
            }
            Block::List { ordered, items } => {
                let items = items.iter().map(|runs| self.runs(runs)).collect();
                self.upright(Part::List {
                    ordered: *ordered,
                    items,
                });
            }
            Block::Story { title, text, source } => {
                let (title, lines, source) = (self.text(title), self.lines(text), self.text(source));
                self.upright(Part::Story { title, lines, source });
            }
            Block::Facts { facts } => {
                let facts = facts.iter().map(|fact| self.fact(fact)).collect();
                self.upright(Part::Facts { facts });
            }
            Block::Table(table) => self.table(table, &table.caption),
            Block::Chart(chart) => self.chart(chart),
        }
    }

    /// The title is none of the headings, and no level is left out on the way down: PDF/UA-1, 7.4.2.
    fn heading(&mut self, level: u8, text: &str) {
        let text = self.text(text);
        if text.trim().is_empty() {
            return;
        }
        self.level = level.saturating_sub(1).clamp(1, self.level + 1);
        self.upright(Part::Heading {
            level: self.level,
            text,
        });
    }

    fn chart(&mut self, drawn: &Chart) {
        let nth = self.charts.len();
        let drawing = chart::svg(drawn, Canvas::Page, &format!("chart-{nth}"));
        let drawing = fonts::writable(&drawing, &mut self.lost);
        self.charts.push(drawing);
        let (title, alt) = (self.text(&drawn.title), self.text(&chart::description(drawn)));
        self.upright(Part::Chart {
            title,
            file: format!("/chart-{nth}.svg"),
            alt,
        });
        // What the chart is called stands above it already.
        let caption = if drawn.table.caption == drawn.title {
            ""
        } else {
            &drawn.table.caption
        };
        self.table(&drawn.table, caption);
    }

    fn table(&mut self, table: &Table, caption: &str) {
        self.table_in(table, caption, u64::MAX);
    }

    /// A table in letters no larger than these, in tenths of a point.
    fn table_in(&mut self, table: &Table, caption: &str, largest: u64) {
        if table.columns.is_empty() {
            return;
        }
        let titles: Vec<String> = table.columns.iter().map(|column| self.text(&column.title)).collect();
        let blank = Cell::Text { text: String::new() };
        let rows: Vec<Vec<String>> = table
            .rows
            .iter()
            .map(|row| {
                (0..titles.len())
                    .map(|nth| self.text(shown(row.cells.get(nth).unwrap_or(&blank))))
                    .collect()
            })
            .collect();
        let texts: Vec<Texts<'_>> = (table.columns.iter().zip(&titles).enumerate())
            .map(|(nth, (column, heading))| Texts {
                numeric: column.numeric,
                heading,
                cells: rows.iter().filter_map(|row| row.get(nth).map(String::as_str)).collect(),
            })
            .collect();
        let layout = columns::layout(&texts, largest);
        let many = layout.parts.len();
        let high = |texts: &[String], widths: &[(usize, u64)]| {
            let cells: Vec<&str> = texts.iter().map(String::as_str).collect();
            columns::height(&cells, widths, layout.size)
        };
        let part = |(nth, widths): (usize, &Vec<(usize, u64)>)| GridPart {
            which: if many > 1 {
                format!("Part {} of {many}", nth + 1)
            } else {
                String::new()
            },
            together: high(&titles, widths) + rows.iter().map(|texts| high(texts, widths)).sum::<u64>() <= TOGETHER,
            columns: widths
                .iter()
                .map(|(column, width)| GridColumn {
                    title: columns::breakable(titles.get(*column).map_or("", String::as_str)),
                    numeric: table.columns.get(*column).is_some_and(|column| column.numeric),
                    width: *width,
                })
                .collect(),
            rows: (table.rows.iter().zip(&rows))
                .map(|(row, texts)| GridRow {
                    total: row.total,
                    tall: texts.iter().any(|text| text.chars().count() > TALL),
                    cells: widths
                        .iter()
                        .map(|(column, _)| split(texts.get(*column).map_or("", String::as_str)))
                        .collect(),
                })
                .collect(),
        };
        let parts = layout.parts.iter().enumerate().map(part).collect();
        let coverage = table.coverage.as_ref().map(|coverage| coverage.words().join(" "));
        let beneath = coverage
            .iter()
            .chain(&table.notes)
            .map(|note| self.text(note))
            .collect();
        let grid = Grid {
            caption: self.text(caption),
            size: layout.size,
            parts,
            beneath,
        };
        self.put(Part::Table(grid), layout.on_its_side);
    }

    /// What the figures are, and what the marks beside them mean.
    fn last_section(&mut self, document: &Document) {
        if !document.definitions.is_empty() {
            self.heading(2, "Definitions");
            let table = Definition::table(&document.definitions);
            self.table_in(&table, &table.caption, FINE);
        }
        let facts: Vec<Named> = document
            .marks_seen()
            .into_iter()
            .map(|mark| Named {
                name: mark.name().to_owned(),
                lines: vec![mark.meaning().to_owned()],
            })
            .collect();
        if !facts.is_empty() {
            self.heading(2, "Marks");
            self.upright(Part::Facts { facts });
        }
    }

    fn upright(&mut self, part: Part) {
        self.put(part, false);
    }

    /// Puts a part on a page of its kind. A heading goes where what it heads goes.
    fn put(&mut self, part: Part, on_its_side: bool) {
        if let Some(last) = self.spreads.last_mut() {
            if last.on_its_side == on_its_side {
                last.parts.push(part);
                return;
            }
            let kept = last
                .parts
                .iter()
                .rposition(|part| !matches!(part, Part::Heading { .. }))
                .map_or(0, |at| at + 1);
            let mut parts = if on_its_side {
                last.parts.split_off(kept)
            } else {
                vec![]
            };
            if last.parts.is_empty() {
                self.spreads.pop();
            }
            parts.push(part);
            self.spreads.push(Spread { on_its_side, parts });
            return;
        }
        self.spreads.push(Spread {
            on_its_side,
            parts: vec![part],
        });
    }

    fn text(&mut self, text: &str) -> String {
        fonts::writable(text, &mut self.lost)
    }

    fn lines(&mut self, text: &str) -> Vec<String> {
        split(&self.text(text))
    }

    fn fact(&mut self, fact: &Fact) -> Named {
        Named {
            name: columns::breakable(&self.text(&fact.name)),
            lines: self.lines(shown(&fact.value)),
        }
    }

    fn runs(&mut self, runs: &[Run]) -> Vec<Piece> {
        let mut out = Vec::new();
        for run in runs {
            let (how, text) = match run {
                Run::Text { text } => ("text", text.as_str()),
                Run::Strong { text } => ("strong", text.as_str()),
                Run::Emphasis { text } => ("emphasis", text.as_str()),
                Run::Figure { figure } => ("figure", figure.text.as_str()),
                Run::Break => ("break", ""),
            };
            for (nth, text) in self.lines(text).into_iter().enumerate() {
                if nth > 0 {
                    out.push(Piece {
                        how: "break",
                        text: String::new(),
                    });
                }
                out.push(Piece { how, text });
            }
        }
        out
    }
}

/// The lines of a text; one empty line for none.
fn split(text: &str) -> Vec<String> {
    text.split('\n').map(columns::breakable).collect()
}

fn shown(cell: &Cell) -> &str {
    match cell {
        Cell::Text { text } => text,
        Cell::Figure { figure } => &figure.text,
    }
}
