//! Files as people would make them, and what an import says of them.

use countersign::service::register::import::{self, Looked, Upload};
use rust_xlsxwriter::{Format, Workbook, Worksheet};

use crate::outside::server::TestServer;

/// A file to be imported.
pub fn file(name: &str, bytes: impl Into<Vec<u8>>) -> Upload {
    Upload {
        name: name.to_owned(),
        bytes: bytes.into(),
        table: None,
    }
}

/// A sheet by its name and what writes it.
type Written<'a> = (&'a str, &'a dyn Fn(&mut Worksheet));

/// A workbook.
pub fn workbook(sheets: &[Written<'_>]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    for (name, write) in sheets {
        let sheet = workbook.add_worksheet();
        sheet.set_name(*name).unwrap();
        write(sheet);
    }
    workbook.save_to_buffer().unwrap()
}

/// Writes rows of text from the top.
pub fn rows<const N: usize>(sheet: &mut Worksheet, rows: &[[&str; N]]) {
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
            sheet.write_string(row, column, *cell).unwrap();
        }
    }
}

/// How a spreadsheet program shows a date.
pub fn as_a_date() -> Format {
    Format::new().set_num_format("dd/mm/yyyy")
}

/// What an import would do.
pub async fn look(server: &TestServer, uploads: Vec<Upload>) -> Looked {
    import::look(&server.app.deps, None, uploads, server.now())
        .await
        .expect("it is looked at")
}

/// What is wrong with it, one problem a line.
pub async fn problems(server: &TestServer, uploads: Vec<Upload>) -> Vec<String> {
    let looked = look(server, uploads).await;
    looked.problems.iter().map(ToString::to_string).collect()
}

/// Fails unless these are all the problems, each by how it begins.
#[track_caller]
pub fn assert_begin(problems: &[String], expected: &[&str]) {
    let right = problems.len() == expected.len()
        && problems
            .iter()
            .zip(expected)
            .all(|(problem, begin)| problem.starts_with(begin));
    assert!(
        right,
        "found\n{}\nexpected\n{}",
        problems.join("\n"),
        expected.join("\n")
    );
}
