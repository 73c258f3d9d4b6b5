//! A document as a file for a spreadsheet.
//!
//! Invariant: a figure is written as the bare number that it is, and words can never be run as a formula. What is to be
//! known of a number stands in a column of its own. UTF-8 with a byte order mark and CRLF, which is what spreadsheet
//! programs open without asking.

use std::io;

use countersign_domain::answers::format;
use countersign_domain::document::{Block, Cell, Definition, Document, Run, Table};
use csv::{QuoteStyle, Terminator, Writer, WriterBuilder};

use crate::sheets::guarded as words;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The document as CSV: its parts one after another, with an empty line between them.
///
/// # Errors
/// Only when memory cannot be written to.
pub fn csv(document: &Document) -> io::Result<Vec<u8>> {
    let mut out = BYTE_ORDER_MARK.to_vec();
    let mut first = true;
    let mut part = |write: &dyn Fn(&mut Writer<Vec<u8>>) -> csv::Result<()>| -> io::Result<()> {
        if !first {
            out.extend_from_slice(b"\r\n");
        }
        first = false;
        out.extend(lines(write)?);
        Ok(())
    };
    part(&|lines| opening(lines, document))?;
    for block in &document.blocks {
        part(&|lines| write_block(lines, block))?;
    }
    if !document.definitions.is_empty() {
        part(&|lines| definitions(lines, document))?;
    }
    let marks = document.marks();
    if !marks.is_empty() {
        part(&|lines| {
            lines.write_record(["Marks"])?;
            marks
                .iter()
                .try_for_each(|mark| lines.write_record([mark.name(), mark.meaning()]))
        })?;
    }
    Ok(out)
}

fn lines(write: impl FnOnce(&mut Writer<Vec<u8>>) -> csv::Result<()>) -> io::Result<Vec<u8>> {
    // Words are quoted, figures are not: a semicolon or a tab within words would part them where a spreadsheet program
    // takes those for the ends of cells too, and what follows could begin a formula.
    let mut lines = WriterBuilder::new()
        .quote_style(QuoteStyle::NonNumeric)
        .terminator(Terminator::CRLF)
        .flexible(true)
        .from_writer(Vec::new());
    write(&mut lines)?;
    lines.into_inner().map_err(csv::IntoInnerError::into_error)
}

fn opening(lines: &mut Writer<Vec<u8>>, document: &Document) -> csv::Result<()> {
    lines.write_record([words(&document.title)])?;
    if !document.subtitle.is_empty() {
        lines.write_record([words(&document.subtitle)])?;
    }
    if let Some(watermark) = &document.watermark {
        lines.write_record([words(watermark)])?;
    }
    lines.write_record(["For", document.audience.readers()])?;
    lines.write_record(["Date", &format::date(document.dated)])
}

fn write_block(lines: &mut Writer<Vec<u8>>, block: &Block) -> csv::Result<()> {
    match block {
        Block::Heading { text, .. } => lines.write_record([words(text)]),
        Block::Paragraph { runs } => in_words(lines, runs),
        Block::List { items, .. } => items.iter().try_for_each(|item| in_words(lines, item)),
        Block::Story { title, text, source } => [title, text, source]
            .into_iter()
            .try_for_each(|said| lines.write_record([words(said)])),
        Block::Facts { facts } => facts.iter().try_for_each(|fact| {
            let marks = marks_of(&fact.value);
            let cells = [words(&fact.name), written(&fact.value), marks];
            let told = if cells[2].is_empty() { &cells[..2] } else { &cells[..] };
            lines.write_record(told)
        }),
        Block::Table(table) => write_table(lines, table),
        Block::Chart(chart) => {
            // Mostly it is called as its table is.
            if chart.title != chart.table.caption {
                lines.write_record([words(&chart.title)])?;
            }
            write_table(lines, &chart.table)
        }
    }
}

fn in_words(lines: &mut Writer<Vec<u8>>, runs: &[Run]) -> csv::Result<()> {
    lines.write_record([words(&runs.iter().map(Run::words).collect::<String>())])
}

fn write_table(lines: &mut Writer<Vec<u8>>, table: &Table) -> csv::Result<()> {
    let marked = table
        .rows
        .iter()
        .flat_map(|row| &row.cells)
        .any(|cell| !marks_of(cell).is_empty());
    lines.write_record([words(&table.caption)])?;
    let titles = table.columns.iter().map(|column| words(&column.title));
    lines.write_record(titles.chain(marked.then(|| "Marks".to_owned())))?;
    for row in &table.rows {
        let marks = marked.then(|| {
            let of_each = table.columns.iter().zip(&row.cells).filter_map(|(column, cell)| {
                let marks = marks_of(cell);
                (!marks.is_empty()).then(|| format!("{} {marks}", column.title))
            });
            words(&of_each.collect::<Vec<_>>().join("; "))
        });
        lines.write_record(row.cells.iter().map(written).chain(marks))?;
    }
    let coverage = table.coverage.as_ref().map(|coverage| coverage.words().join(" "));
    coverage
        .iter()
        .chain(&table.notes)
        .try_for_each(|said| lines.write_record([words(said)]))
}

fn definitions(lines: &mut Writer<Vec<u8>>, document: &Document) -> csv::Result<()> {
    lines.write_record(["Definitions"])?;
    lines.write_record(Definition::HEADINGS)?;
    let mut definitions = document.definitions.iter();
    definitions.try_for_each(|of| lines.write_record(of.words().map(words)))
}

/// A figure as a bare number, words as words.
fn written(cell: &Cell) -> String {
    match cell {
        Cell::Text { text } => words(text),
        Cell::Figure { figure } => match figure.exact {
            Some(exact) => exact.number.to_string(),
            None => words(&figure.text),
        },
    }
}

/// The marks of a number, which are not in the number as it is written.
fn marks_of(cell: &Cell) -> String {
    match cell {
        Cell::Figure { figure } if figure.exact.is_some() => {
            let symbols = figure.marks.iter().filter_map(|mark| mark.symbol());
            symbols.collect::<Vec<_>>().join(" ")
        }
        Cell::Figure { .. } | Cell::Text { .. } => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::signed_return::lay;
    use super::*;
    use chrono::NaiveDate;
    use countersign_domain::document::{Exact, Mark, Shown, Unit};
    use rust_decimal::Decimal;

    fn document(title: &str, subtitle: &str, blocks: Vec<Block>) -> Document {
        lay::internal(title, subtitle, NaiveDate::from_ymd_opt(2018, 4, 3).unwrap(), blocks)
    }

    fn figure(number: Decimal, unit: Unit, marks: &[Mark]) -> Cell {
        let figure = Shown {
            text: format!("as read {number}"),
            exact: Some(Exact { number, unit }),
            marks: marks.to_vec(),
            from: None,
        };
        Cell::Figure { figure }
    }

    fn read(document: &Document) -> String {
        let bytes = csv(document).unwrap();
        let text = bytes.strip_prefix(BYTE_ORDER_MARK).expect("a byte order mark");
        String::from_utf8(text.to_vec()).unwrap()
    }

    fn one_cell(cell: Cell) -> String {
        let mut table = lay::table("T", &[("C", false)]);
        lay::row(&mut table, vec![cell]);
        let whole = read(&document("D", "", vec![Block::Table(table)]));
        let (_, after) = whole.split_once("\"T\"\r\n\"C\"\r\n").expect("caption and heading");
        after.to_owned()
    }

    #[test]
    fn a_document_is_its_parts_one_after_another() {
        let spent = |pence| figure(Decimal::new(pence, 2), Unit::Pounds, &[]);
        let mut table = lay::table("Projects", &[("Project", false), ("Spent", true)]);
        lay::row(&mut table, vec![lay::words("Drugs, alcohol"), spent(16_020_000)]);
        table.notes.push("All signed.".to_owned());
        let blocks = vec![
            lay::heading("Money"),
            lay::facts([("Available", spent(42_824_600))]),
            Block::Table(table),
        ];
        let expected = "\"Evaluation\"\r\n\"April 2017 to March 2018\"\r\n\"Internal: not for publication\"\r\n\
                        \"For\",\"The commissioner’s own staff\"\r\n\"Date\",\"3 April 2018\"\r\n\r\n\"Money\"\r\n\r\n\
                        \"Available\",428246.00\r\n\r\n\"Projects\"\r\n\"Project\",\"Spent\"\r\n\
                        \"Drugs, alcohol\",160200.00\r\n\"All signed.\"\r\n";
        assert_eq!(
            read(&document("Evaluation", "April 2017 to March 2018", blocks)),
            expected
        );
    }

    #[test]
    fn words_never_begin_a_formula() {
        for hostile in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"] {
            let written = one_cell(lay::words(hostile));
            let read = written.trim_start_matches('"');
            assert!(read.starts_with('\''), "{hostile:?} was written as {written:?}");
        }
        assert_eq!(
            one_cell(lay::words("=cmd|' /C calc'!A0, \"x\"")),
            "\"'=cmd|' /C calc'!A0, \"\"x\"\"\"\r\n"
        );
        assert_eq!(one_cell(lay::words("2 - 1 = 1")), "\"2 - 1 = 1\"\r\n");
        assert_eq!(one_cell(lay::words("a;=1+1\t=1+1")), "\"a;=1+1\t=1+1\"\r\n");
    }

    #[test]
    fn a_negative_figure_stays_a_number() {
        let owed = figure(Decimal::new(-44_000, 2), Unit::Pounds, &[]);
        assert_eq!(one_cell(owed), "-440.00\r\n");
        assert_eq!(one_cell(figure(Decimal::new(52, 1), Unit::Percent, &[])), "5.2\r\n");
    }

    #[test]
    fn a_marked_number_stays_a_number_and_its_marks_stand_beside_it() {
        let mut table = lay::table("T", &[("Project", false), ("Reached", true), ("Spent", true)]);
        let marked = figure(Decimal::from(250), Unit::Count, &[Mark::Approximate, Mark::Restated]);
        let plain = figure(Decimal::from(9), Unit::Pounds, &[]);
        lay::row(&mut table, vec![lay::words("A"), marked.clone(), plain.clone()]);
        lay::row(&mut table, vec![lay::words("B"), plain.clone(), plain]);
        let text = read(&document(
            "D",
            "",
            vec![Block::Table(table), lay::facts([("Reached", marked)])],
        ));
        let expected = "\"Project\",\"Reached\",\"Spent\",\"Marks\"\r\n\"A\",250,9,\"Reached [e] [r]\"\r\n\"B\",9,9,\"\"\r\n\r\n\
                        \"Reached\",250,\"[e] [r]\"\r\n";
        assert!(text.contains(expected), "{text}");
    }
}
