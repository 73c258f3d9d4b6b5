//! A document as a file for a spreadsheet.
//!
//! Invariant: a figure is written as the bare number that it is, and words can never be run as a formula. UTF-8 with a
//! byte order mark and CRLF, which is what spreadsheet programs open without asking.

use std::io;

use csv::{QuoteStyle, Terminator, Writer, WriterBuilder};

use super::{Block, Cell, Document, Table};
use crate::sheets::guarded as words;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The document as CSV: its parts one after another, with an empty line between them.
///
/// # Errors
/// Only when memory cannot be written to.
pub fn csv(document: &Document) -> io::Result<Vec<u8>> {
    let mut out = BYTE_ORDER_MARK.to_vec();
    out.extend(part(|lines| {
        lines.write_record([words(&document.title)])?;
        if !document.subtitle.is_empty() {
            lines.write_record([words(&document.subtitle)])?;
        }
        Ok(())
    })?);
    for block in &document.blocks {
        out.extend_from_slice(b"\r\n");
        out.extend(part(|lines| write_block(lines, block))?);
    }
    Ok(out)
}

fn part(write: impl FnOnce(&mut Writer<Vec<u8>>) -> csv::Result<()>) -> io::Result<Vec<u8>> {
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

fn write_block(lines: &mut Writer<Vec<u8>>, block: &Block) -> csv::Result<()> {
    match block {
        Block::Heading { text, .. } | Block::Paragraph { text } => lines.write_record([words(text)]),
        Block::Facts { facts } => facts
            .iter()
            .try_for_each(|fact| lines.write_record([words(&fact.name), written(&fact.value)])),
        Block::Table(table) => write_table(lines, table),
    }
}

fn write_table(lines: &mut Writer<Vec<u8>>, table: &Table) -> csv::Result<()> {
    lines.write_record([words(&table.caption)])?;
    lines.write_record(table.columns.iter().map(|column| words(&column.title)))?;
    for row in &table.rows {
        lines.write_record(row.cells.iter().map(written))?;
    }
    table
        .notes
        .iter()
        .try_for_each(|note| lines.write_record([words(note)]))
}

/// A figure as a bare number, words as words.
fn written(cell: &Cell) -> String {
    match cell.exact() {
        Some(figure) => figure.to_string(),
        None => words(cell.shown()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal::Decimal;

    fn lines(document: &Document) -> String {
        let bytes = csv(document).unwrap();
        let text = bytes.strip_prefix(BYTE_ORDER_MARK).expect("a byte order mark");
        String::from_utf8(text.to_vec()).unwrap()
    }

    fn one_cell(cell: Cell) -> String {
        let mut table = Table::new("T", &[("C", false)]);
        table.row(vec![cell]);
        let mut document = Document::new("D", "");
        document.table(table);
        lines(&document)
            .strip_prefix("\"D\"\r\n\r\n\"T\"\r\n\"C\"\r\n")
            .expect("title, caption, heading")
            .to_owned()
    }

    #[test]
    fn a_document_is_its_parts_one_after_another() {
        let mut document = Document::new("Evaluation", "April 2017 to March 2018");
        document.heading(2, "Money");
        document.facts([("Available", Cell::figure("£428,246.00", Decimal::new(42_824_600, 2)))]);
        let mut table = Table::new("Projects", &[("Project", false), ("Spent", true)]);
        table.row(vec![
            Cell::text("Drugs, alcohol"),
            Cell::figure("£160,200.00", Decimal::new(16_020_000, 2)),
        ]);
        table.note("All signed.");
        document.table(table);
        let expected = "\"Evaluation\"\r\n\"April 2017 to March 2018\"\r\n\r\n\"Money\"\r\n\r\n\"Available\",428246.00\r\n\r\n\
                        \"Projects\"\r\n\"Project\",\"Spent\"\r\n\"Drugs, alcohol\",160200.00\r\n\"All signed.\"\r\n";
        assert_eq!(lines(&document), expected);
    }

    #[test]
    fn words_never_begin_a_formula() {
        for hostile in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"] {
            let written = one_cell(Cell::text(hostile));
            let read = written.trim_start_matches('"');
            assert!(read.starts_with('\''), "{hostile:?} was written as {written:?}");
        }
        assert_eq!(
            one_cell(Cell::text("=cmd|' /C calc'!A0, \"x\"")),
            "\"'=cmd|' /C calc'!A0, \"\"x\"\"\"\r\n"
        );
        assert_eq!(one_cell(Cell::text("2 - 1 = 1")), "\"2 - 1 = 1\"\r\n");
        assert_eq!(one_cell(Cell::text("a;=1+1\t=1+1")), "\"a;=1+1\t=1+1\"\r\n");
    }

    #[test]
    fn a_negative_figure_stays_a_number() {
        assert_eq!(
            one_cell(Cell::figure("−£440.00", Decimal::new(-44_000, 2))),
            "-440.00\r\n"
        );
        assert_eq!(one_cell(Cell::figure("5.2%", Decimal::new(52, 1))), "5.2\r\n");
    }

    #[test]
    fn captions_headings_names_and_notes_are_words_too() {
        let mut document = Document::new("=title", "=subtitle");
        document.heading(2, "=heading");
        document.paragraph("=paragraph");
        document.facts([("=name", Cell::text("=value"))]);
        let mut table = Table::new("=caption", &[("=column", false)]);
        table.note("=note");
        document.table(table);
        let text = lines(&document);
        let fields = || text.split(['\n', ',']).map(|field| field.trim_start_matches('"'));
        assert!(!fields().any(|field| field.starts_with('=')), "{text}");
        assert_eq!(text.matches("'=").count(), 9);
    }
}
