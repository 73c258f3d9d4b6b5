//! Wrong files, each wrong in one way, and what is said of them.

use rust_xlsxwriter::{Format, Formula};

use crate::making::{as_a_date, assert_begin, file, look, problems, rows, workbook};
use crate::outside::on_both;
use crate::outside::server::TestServer;

on_both!(
    windows_1252_is_read_and_said,
    merged_cells_are_named_with_their_range,
    formulas_count_as_their_results,
    dates_are_read_as_dates_and_as_text,
    pounds_are_read_in_text_and_in_numbers,
    headings_are_found_wherever_they_stand,
    a_missing_and_a_mistyped_column_are_said_once,
    the_same_grant_twice_names_both_rows,
    files_that_are_no_sheets_are_refused_in_words,
    a_file_says_which_table_it_holds,
    every_problem_is_said_at_once_in_the_order_of_the_rows,
);

const GRANT: [&str; 6] = ["reference", "fund", "title", "organisation", "starts_on", "ends_on"];

async fn windows_1252_is_read_and_said(server: TestServer) {
    let bytes = b"key;name\r\nsian;Si\xe2n \x96 Ty\xf4r\r\n".to_vec();
    let looked = look(&server, vec![file("organisations.csv", bytes)]).await;
    let said: Vec<String> = looked.problems.iter().map(ToString::to_string).collect();
    assert_begin(
        &said,
        &["organisations.csv: warning: The file is not UTF-8, so it was read as Windows-1252"],
    );
    assert!(looked.is_right());
    let added = &looked.changes.added[0];
    assert_eq!((added.table, added.key.as_str()), ("organisation", "sian"));
    assert!(
        added.values.iter().any(|value| value.becomes == "Siân – Tyôr"),
        "{added:?}"
    );
    server.finish().await;
}

async fn merged_cells_are_named_with_their_range(server: TestServer) {
    let bytes = workbook(&[("Organisations", &|sheet| {
        // Above the headings a title may be as wide as it likes.
        sheet
            .merge_range(0, 0, 0, 1, "Who we work with", &Format::new())
            .unwrap();
        sheet
            .write_string(1, 0, "key")
            .unwrap()
            .write_string(1, 1, "name")
            .unwrap();
        sheet
            .write_string(2, 0, "one")
            .unwrap()
            .write_string(3, 0, "two")
            .unwrap();
        sheet.merge_range(2, 1, 3, 1, "Both of them", &Format::new()).unwrap();
    })]);
    let said = problems(&server, vec![file("register.xlsx", bytes)]).await;
    assert_begin(
        &said,
        &["register.xlsx:Organisations:3: The cells B3:B4 are merged into one"],
    );
    server.finish().await;
}

async fn formulas_count_as_their_results(server: TestServer) {
    let bytes = workbook(&[("organisation", &|sheet| {
        rows(sheet, &[["key", "name"], ["one", ""], ["two", ""]]);
        sheet
            .write_formula(1, 1, Formula::new("=\"A\"&\" body\"").set_result("A body"))
            .unwrap();
        sheet
            .write_formula(2, 1, Formula::new("=1/0").set_result("#DIV/0!"))
            .unwrap();
    })]);
    let looked = look(&server, vec![file("register.xlsx", bytes)]).await;
    let said: Vec<String> = looked.problems.iter().map(ToString::to_string).collect();
    assert_begin(
        &said,
        &["register.xlsx:organisation:3:B (name): “#DIV/0!” came to an error. Mend the formula"],
    );
    server.finish().await;
}

async fn dates_are_read_as_dates_and_as_text(server: TestServer) {
    let grant = |reference: &'static str, from: &'static str, to: &'static str| {
        [reference, "community-safety-2017", "T", "safer-plymouth", from, to]
    };
    let bytes = workbook(&[("grants", &|sheet| {
        rows(
            sheet,
            &[
                GRANT,
                grant("D-1", "1 April 2018", "31/03/2019"),
                grant("D-2", "", "31.3.19"),
                grant("D-3", "04/13/2018", ""),
                grant("D-4", "", ""),
            ],
        );
        sheet.write_number_with_format(2, 4, 43_191.0, &as_a_date()).unwrap();
        sheet.write_number(3, 5, 43_555.0).unwrap();
        sheet.write_number_with_format(4, 4, 43_191.5, &as_a_date()).unwrap();
        sheet.write_number_with_format(4, 5, 43_555.0, &as_a_date()).unwrap();
        sheet.write_string(0, 6, "amount").unwrap();
        for row in 1..5 {
            sheet.write_number(row, 6, 100.0).unwrap();
        }
    })]);
    let said = problems(&server, vec![file("register.xlsx", bytes)]).await;
    assert_begin(
        &said,
        &[
            "register.xlsx:grants:3:F (ends_on): “31.3.19” leaves the century open. Write the year in full, like 2019.",
            "register.xlsx:grants:4:E (starts_on): “04/13/2018” has no such month: the day is written before the month. Did you mean 13/04/2018?",
            "register.xlsx:grants:4:F (ends_on): “43555” is a number, where a date belongs.",
            "register.xlsx:grants:5:E (starts_on): “2018-04-01 12:00” has a time in it. Give the day alone",
        ],
    );
    server.finish().await;
}

async fn pounds_are_read_in_text_and_in_numbers(server: TestServer) {
    let bytes = workbook(&[("grant", &|sheet| {
        let grant = |reference: &'static str, amount: &'static str| {
            [
                reference,
                "community-safety-2017",
                "T",
                "safer-plymouth",
                "01/04/2018",
                "31/03/2019",
                amount,
            ]
        };
        let [a, b, c, d, e, f] = GRANT;
        rows(
            sheet,
            &[
                [a, b, c, d, e, f, "Amount (£)"],
                grant("P-1", "£1,234.50"),
                grant("P-2", ""),
                grant("P-3", "(440)"),
                grant("P-4", "1,20"),
                grant("P-5", ""),
                grant("P-6", "about 5"),
            ],
        );
        sheet
            .write_number_with_format(2, 6, 44_152.6, &Format::new().set_num_format("£#,##0"))
            .unwrap();
        sheet.write_number(5, 6, 0.125).unwrap();
    })]);
    let looked = look(&server, vec![file("register.xlsx", bytes)]).await;
    let said: Vec<String> = looked.problems.iter().map(ToString::to_string).collect();
    assert_begin(
        &said,
        &[
            "register.xlsx:grant:4:G (amount): ",
            "register.xlsx:grant:5:G (amount): You entered “1,20”. Did you mean £1.20 or £120.00?",
            "register.xlsx:grant:6:G (amount): ",
            "register.xlsx:grant:7:G (amount): ",
        ],
    );
    for (said, shown) in said.iter().zip(["(440)", "1,20", "0.125", "about 5"]) {
        assert!(said.contains(shown), "{said}");
    }
    let amounts: Vec<&str> = looked
        .changes
        .added
        .iter()
        .flat_map(|added| added.values.iter().filter(|value| value.column == "amount"))
        .map(|value| value.becomes.as_str())
        .collect();
    assert_eq!(amounts, ["£1,234.50", "£44,152.60"]);
    server.finish().await;
}

async fn headings_are_found_wherever_they_stand(server: TestServer) {
    let csv = "Our partners,,\n,,\n,NAME,Key\n,Trewin Trust,trewin\n,,\n,Penhale Centre,penhale\n";
    let looked = look(&server, vec![file("Organisations 2018.csv", csv)]).await;
    assert_eq!(looked.problems, []);
    let added: Vec<&str> = looked.changes.added.iter().map(|added| added.key.as_str()).collect();
    assert_eq!(added, ["trewin", "penhale"]);
    let said = problems(&server, vec![file("organisations.csv", "a,b\nc,d\n")]).await;
    assert_begin(
        &said,
        &["organisations.csv: There is no row of headings for `organisation`"],
    );
    server.finish().await;
}

async fn a_missing_and_a_mistyped_column_are_said_once(server: TestServer) {
    let csv = "key,name,emial,organisation,\na,A,a@example.org,opcc,\nb,B,b@example.org,opcc,stray\nc,C,c,opcc,stray\n";
    let said = problems(&server, vec![file("people.csv", csv)]).await;
    assert_begin(
        &said,
        &[
            "people.csv:1 (email): The column `email` is missing. Add a column headed `email`",
            "people.csv:1:C: `person` has no column “emial”. Did you mean `email`?",
            "people.csv:3:E: “stray” stands in column E, which has no heading.",
        ],
    );
    let twice = "key,name,Key\na,A,b\n";
    let said = problems(&server, vec![file("organisations.csv", twice)]).await;
    assert_begin(&said, &["organisations.csv:1:C (key): Two columns are headed `key`."]);
    server.finish().await;
}

async fn the_same_grant_twice_names_both_rows(server: TestServer) {
    let grants = "reference,fund,title,organisation,amount,starts_on,ends_on\n\
                  T-1,community-safety-2017,One,safer-plymouth,5,01/04/2018,31/03/2019\n\n\
                  T-1,community-safety-2017,One again,safer-plymouth,5,01/04/2018,31/03/2019\n";
    let said = problems(&server, vec![file("grants.csv", grants)]).await;
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(
        said[0].starts_with("grants.csv:2:A (reference): “T-1” is here more than once."),
        "{said:?}"
    );
    assert!(said[0].contains("The other is in row 4 of grants.csv."), "{said:?}");
    assert!(said[1].starts_with("grants.csv:4:A (reference): "), "{said:?}");
    assert!(said[1].contains("The other is in row 2 of grants.csv."), "{said:?}");
    // And when there is something else wrong with one of them.
    let grants = grants.replace("01/04/2018,31/03/2019\n\n", "01/04/18,31/03/2019\n\n");
    let said = problems(&server, vec![file("grants.csv", grants)]).await;
    let begins = [
        "grants.csv:2:A (reference): ",
        "grants.csv:2:F (starts_on): ",
        "grants.csv:4:A (reference): ",
    ];
    assert_begin(&said, &begins);
    server.finish().await;
}

async fn files_that_are_no_sheets_are_refused_in_words(server: TestServer) {
    let empty_sheet = workbook(&[("grant", &|_| {})]);
    let notes = workbook(&[("Notes", &|sheet| rows(sheet, &[["Remember the milk"]]))]);
    let slip = workbook(&[("grnat", &|sheet| rows(sheet, &[["reference"]]))]);
    for (name, bytes, expected) in [
        ("grants.csv", vec![], "There is nothing in the file."),
        (
            "grants.csv",
            b"\xef\xbb\xbf\r\n ,,\r\n".to_vec(),
            "There is nothing in the file.",
        ),
        ("grants.xlsx", empty_sheet, "There is nothing in the file."),
        (
            "grants.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more".to_vec(),
            "older .xls form",
        ),
        (
            "grants.xlsx",
            b"<html><table><tr><td>reference</td></tr></table></html>".to_vec(),
            "a web page",
        ),
        ("grants.csv", b"%PDF-1.7".to_vec(), "a PDF"),
        ("grants.csv", b"reference,\0\n".to_vec(), "not text"),
        (
            "grants.xlsx",
            b"PK\x03\x04 and no more".to_vec(),
            "another kind of file or damaged",
        ),
        ("grants.csv", vec![b'a'; 10_000_001], "larger than 10 MB"),
        (
            "grants.csv",
            b"reference,title\nT-1,\"One\nT-2,Two\n".to_vec(),
            "A quotation mark in row 2 is opened and never closed.",
        ),
        ("notes.csv", b"reference\nT-1\n".to_vec(), "does not say which table"),
        ("register.xlsx", notes, "There is no table of the register in the file."),
        ("register.xlsx", slip, "If it is the table `grant`, name it so."),
    ] {
        let looked = look(&server, vec![file(name, bytes)]).await;
        let said: Vec<String> = looked.problems.iter().map(ToString::to_string).collect();
        assert!(
            said.iter()
                .any(|said| said.starts_with(name) && said.contains(expected)),
            "{expected}: {said:?}"
        );
        assert!(!looked.is_right(), "{expected}");
        assert!(looked.changes.added.is_empty(), "{expected}");
    }
    server.finish().await;
}

async fn a_file_says_which_table_it_holds(server: TestServer) {
    let csv = "key,name\ntrewin,Trewin Trust\n";
    let told = |table: &str| {
        let mut upload = file("from finance.csv", csv);
        upload.table = Some(table.to_owned());
        vec![upload]
    };
    assert_eq!(look(&server, told("Organisations")).await.problems, []);
    let said = problems(&server, told("organisms")).await;
    assert_begin(
        &said,
        &["from finance.csv: There is no table “organisms” in a register. The tables are organisation, "],
    );
    // A workbook with one sheet that a program named by itself, and one with another beside it that is no table.
    let alone = workbook(&[("Sheet1", &|sheet| {
        rows(sheet, &[["key", "name"], ["trewin", "Trewin Trust"]])
    })]);
    let mut upload = file("from finance.xlsx", alone);
    upload.table = Some("organisation".to_owned());
    assert_eq!(look(&server, vec![upload]).await.changes.added.len(), 1);
    let beside = workbook(&[
        ("Read me", &|sheet| rows(sheet, &[["Anything"]])),
        ("Notes", &|sheet| rows(sheet, &[["Anything"]])),
        ("ORGANISATIONS", &|sheet| {
            rows(sheet, &[["key", "name"], ["trewin", "Trewin Trust"]])
        }),
    ]);
    let looked = look(&server, vec![file("register.xlsx", beside)]).await;
    let said: Vec<String> = looked.problems.iter().map(ToString::to_string).collect();
    assert_begin(
        &said,
        &["register.xlsx:Notes: warning: The sheet “Notes” is named like no table of the register"],
    );
    assert_eq!(looked.changes.added.len(), 1);
    server.finish().await;
}

async fn every_problem_is_said_at_once_in_the_order_of_the_rows(server: TestServer) {
    let people = "key,name,email,organisation\nann,Ann,ann at work,opcc\nbob,,bob@example.org,nowhere\n";
    let holders = "fund,office,person,from,deputy\n\
                   community-safety-2017,partnership.chair,bob,31/02/2018,perhaps\n\
                   community-safety-2017,partnership.char,nobody@example.org,01/04/2018,no\n";
    let said = problems(&server, vec![file("people.csv", people), file("holders.csv", holders)]).await;
    assert_begin(
        &said,
        &[
            "people.csv:2:C (email): ",
            "people.csv:3:B (name): ",
            "people.csv:3:D (organisation): ",
            "holders.csv:2:D (from): “31/02/2018” is not a day of the calendar.",
            "holders.csv:2:E (deputy): “perhaps” is neither yes nor no.",
            "holders.csv:3:B (office): ",
            "holders.csv:3:C (person): ",
        ],
    );
    server.finish().await;
}
