//! Large files: as large as they may be, and larger.

use std::time::Instant;

use countersign::sheets::{self, MAX_ROWS};
use rust_xlsxwriter::Workbook;

use crate::making::{file, look};
use crate::outside::server::TestServer;

/// A workbook of organisations with this many rows, the headings included.
fn organisations(rows: usize) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("organisations").unwrap();
    sheet
        .write_string(0, 0, "key")
        .unwrap()
        .write_string(0, 1, "name")
        .unwrap();
    for row in 1..rows {
        let nth = u32::try_from(row).unwrap();
        sheet.write_string(nth, 0, format!("body-{row}")).unwrap();
        sheet
            .write_string(nth, 1, format!("Organisation number {row}"))
            .unwrap();
        sheet.write_number(nth, 7, 1.5).unwrap();
    }
    workbook.save_to_buffer().unwrap()
}

#[test]
fn fifty_thousand_rows_are_read_in_no_time() {
    let bytes = organisations(MAX_ROWS);
    let csv: String = (0..MAX_ROWS)
        .map(|row| format!("body-{row},Organisation number {row}\n"))
        .collect();
    for (name, bytes) in [("organisations.xlsx", bytes), ("organisations.csv", csv.into_bytes())] {
        let began = Instant::now();
        let book = sheets::read(&bytes, name).expect("it is read");
        assert_eq!(book.sheets[0].rows.len(), MAX_ROWS);
        // It takes less than one second, and ten on a machine that does something else.
        assert!(began.elapsed().as_secs() < 10, "{name}: {:?}", began.elapsed());
    }
}

#[test]
fn one_row_more_is_refused() {
    let problems = sheets::read(&organisations(MAX_ROWS + 1), "organisations.xlsx").expect_err("too many");
    assert!(problems[0].message.contains("more than 50,000 rows"), "{problems:?}");
    assert_eq!(problems[0].sheet.as_deref(), Some("organisations"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_thousand_rows_are_held_against_the_register() {
    let server = TestServer::sqlite().await;
    let rows = (0..MAX_ROWS - 1).map(|row| format!("body-{row},Organisation number {row}\n"));
    let csv: String = std::iter::once("key,name\n".to_owned()).chain(rows).collect();
    let looked = look(&server, vec![file("organisations.csv", csv)]).await;
    assert_eq!(looked.problems, []);
    assert_eq!(looked.changes.added.len(), MAX_ROWS - 1);
    server.finish().await;
}
