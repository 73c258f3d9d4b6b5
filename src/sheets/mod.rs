//! Workbooks and CSV files: bytes become sheets of cells, each with its place, and the other way round.
//!
//! Invariant: pure over bytes and bounded whatever they are. A cell keeps what stands in it, exactly; nothing is dropped
//! without being said, and what a column means is for whoever asked.

mod delimited;
mod packed;
mod text;
mod workbook;
mod write;

pub use countersign_domain::form::schema::Severity;
pub use delimited::guarded;
pub use write::{Page, Shape, Value, WriteError, write_csv, write_workbook};

/// The largest file that is read, in bytes.
pub const MAX_BYTES: usize = 10_000_000;
/// The most rows with something in them that a sheet may have, its headings included.
pub const MAX_ROWS: usize = 50_000;
/// The most cells with something in them that a file may have.
const MAX_CELLS: usize = 2_000_000;
/// The most characters of one cell, which is also what a spreadsheet program holds.
const MAX_CELL: usize = 32_767;
/// The most bytes that the cells of a file may come to: a workbook can name one long text in a million cells.
const MAX_TEXT: usize = 50_000_000;

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book {
    /// The name it came under, without folders.
    pub file: String,
    /// Its sheets; a CSV file is one without a name.
    pub sheets: Vec<Sheet>,
    /// What should be known about how it was read.
    pub remarks: Vec<SheetProblem>,
}

/// One sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// What is on its tab; none in a CSV file.
    pub name: Option<String>,
    /// The rows with something in them, in order.
    pub rows: Vec<Row>,
    /// The ranges that are merged into one cell, such as `B3:B5`, each with the row it begins in.
    pub merged: Vec<(u32, String)>,
}

/// A row with something in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// As a spreadsheet program counts: from 1, empty rows counted, a line break inside a cell not.
    pub number: u32,
    /// The cells that are not blank, from the left.
    pub cells: Vec<Cell>,
}

impl Row {
    /// The cell in this column, counted from nought; none when it is blank.
    pub fn cell(&self, column: u32) -> Option<&Cell> {
        let at = self.cells.binary_search_by_key(&column, |cell| cell.column).ok()?;
        self.cells.get(at)
    }
}

/// A cell that is not blank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Counted from nought.
    pub column: u32,
    /// What kind of thing the file says it is.
    pub kind: Kind,
    /// What stands there: text without blanks around it, a number as plain digits, a day as `2018-03-31`, `yes` or `no`.
    pub text: String,
}

/// What kind of thing the file says a cell holds. In a CSV file everything is text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// A number.
    Number,
    /// A day.
    Day,
    /// True or false.
    YesNo,
    /// Nothing that can be read.
    Fault(Fault),
}

/// Why a cell cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A formula whose result is not in the file.
    NotWorkedOut,
    /// A formula that came to an error.
    Error,
    /// A time of day, or a length of time.
    Time,
    /// A number too large, or no number.
    NotANumber,
    /// Longer than a cell may be.
    TooLong,
}

impl Fault {
    /// What is wrong, as the end of a sentence about the cell, and what to do.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Fault::NotWorkedOut => (
                "is a formula whose result is not in the file",
                "Open the file in a spreadsheet program and save it, or type the result in place of the formula.",
            ),
            Fault::Error => ("came to an error", "Mend the formula, or type its result in its place."),
            Fault::Time => ("has a time in it", "Give the day alone, like 31/03/2018."),
            Fault::NotANumber => ("is not a number that can be kept exactly", "Type it again."),
            Fault::TooLong => ("goes on for more than 32,767 characters", "Shorten it."),
        }
    }
}

/// What is wrong with a file, or should be known about it, before its cells are looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetProblem {
    /// Whether the file can be used as it is.
    pub severity: Severity,
    /// The sheet, when it is about one that has a name.
    pub sheet: Option<String>,
    /// The row, when it is about one.
    pub row: Option<u32>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl SheetProblem {
    fn error(message: impl Into<String>, help: &str) -> SheetProblem {
        SheetProblem {
            severity: Severity::Error,
            sheet: None,
            row: None,
            message: message.into(),
            help: help.to_owned(),
        }
    }

    fn on(mut self, sheet: Option<&str>, row: Option<u32>) -> SheetProblem {
        self.sheet = sheet.map(str::to_owned);
        self.row = row;
        self
    }
}

/// The column as a spreadsheet program names it: nought is A, 26 is AA.
pub fn letters(column: u32) -> String {
    let mut rest = u64::from(column) + 1;
    let mut letters = Vec::new();
    while rest > 0 {
        let letter = u8::try_from((rest - 1) % 26).unwrap_or_default();
        letters.push(char::from(b'A' + letter));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// Reads a workbook (.xlsx) or a CSV file. Which of the two it is, its bytes say, not its name.
///
/// # Errors
/// Everything that keeps the file from being read at all.
pub fn read(bytes: &[u8], file_name: &str) -> Result<Book, Vec<SheetProblem>> {
    if let Some(problem) = refused(bytes) {
        return Err(vec![problem]);
    }
    // A browser may send the whole path.
    let file = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name).to_owned();
    let (sheets, remarks) = if bytes.starts_with(b"PK") {
        (workbook::sheets(bytes)?, vec![])
    } else {
        delimited::sheets(bytes)?
    };
    if sheets.iter().all(|sheet| sheet.rows.is_empty()) {
        return Err(vec![nothing_in_it()]);
    }
    Ok(Book { file, sheets, remarks })
}

fn nothing_in_it() -> SheetProblem {
    SheetProblem::error("There is nothing in the file.", "Check that it is the file you meant.")
}

/// What can be told from the length and the first bytes.
fn refused(bytes: &[u8]) -> Option<SheetProblem> {
    const WANTED: &str = "Save it as an Excel workbook (.xlsx) or as CSV.";
    if bytes.len() > MAX_BYTES {
        let help = "Take pictures and other sheets out of it, or split it into several files.";
        return Some(SheetProblem::error("The file is larger than 10 MB.", help));
    }
    if bytes.is_empty() {
        return Some(nothing_in_it());
    }
    // What Excel wrote until 2003, and what it wraps a workbook with a password in.
    if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        let message = "The file is a workbook in the older .xls form, or has a password, whatever its name ends in.";
        let help = "Open it, take off any password, and save it as an Excel workbook (.xlsx).";
        return Some(SheetProblem::error(message, help));
    }
    let begin = bytes.iter().position(|byte| !byte.is_ascii_whitespace());
    let begins = &bytes[begin.unwrap_or(0)..];
    if begins.starts_with(b"<") || begins.starts_with(b"\xef\xbb\xbf<") {
        let message = "The file is a web page or XML, whatever its name ends in.";
        return Some(SheetProblem::error(message, WANTED));
    }
    begins
        .starts_with(b"%PDF")
        .then(|| SheetProblem::error("The file is a PDF, whatever its name ends in.", WANTED))
}

/// Counts what is kept of a file, and says when it is too much.
#[derive(Default)]
struct Budget {
    cells: usize,
    text: usize,
}

impl Budget {
    /// Takes the cell into account.
    fn take(&mut self, cell: &Cell) -> Result<(), SheetProblem> {
        self.cells += 1;
        self.text += cell.text.len();
        if self.cells > MAX_CELLS || self.text > MAX_TEXT {
            return Err(SheetProblem::error(
                "The file holds more cells, or more text, than is read at once.",
                "Split it into several files.",
            ));
        }
        Ok(())
    }
}

/// A cell of text; too long a text is a fault and shows how it begins.
fn text_cell(column: u32, text: &str) -> Option<Cell> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if text.is_empty() {
        return None;
    }
    let too_long = text.char_indices().nth(MAX_CELL).is_some();
    let kept: String = text.chars().take(if too_long { 40 } else { MAX_CELL }).collect();
    Some(Cell {
        column,
        kind: if too_long {
            Kind::Fault(Fault::TooLong)
        } else {
            Kind::Text
        },
        text: kept,
    })
}

fn too_many_rows() -> SheetProblem {
    SheetProblem::error(
        "There are more than 50,000 rows with something in them.",
        "Split them over several files.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_spreadsheets_name_them() {
        for (column, name) in [
            (0, "A"),
            (25, "Z"),
            (26, "AA"),
            (701, "ZZ"),
            (702, "AAA"),
            (16_383, "XFD"),
        ] {
            assert_eq!(letters(column), name);
        }
    }

    #[test]
    fn a_cell_that_is_too_long_is_a_fault() {
        let most = "é".repeat(MAX_CELL);
        assert_eq!(text_cell(0, &most).map(|cell| cell.kind), Some(Kind::Text));
        let more = text_cell(0, &format!("{most}é")).expect("a cell");
        assert_eq!(more.kind, Kind::Fault(Fault::TooLong));
        assert_eq!(more.text.chars().count(), 40);
        assert_eq!(text_cell(0, " \u{a0}\u{feff}\n"), None);
    }
}
