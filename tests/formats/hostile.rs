//! Words stay words: none is markup, a formula, an instruction or a template in any format, and nothing private is in one.

use countersign::service::paper::print::Format;
use scraper::Html;

use crate::reading::{self, selector};
use crate::sample::{HOSTILE, document, printed, private};

fn page() -> (String, Html) {
    let source = String::from_utf8(printed(&document(), Format::Html)).unwrap();
    let page = Html::parse_document(&source);
    (source, page)
}

#[test]
fn the_page_is_without_faults() {
    let (_, page) = page();
    assert!(page.errors.is_empty(), "{:?}", page.errors);
    // The parser does find what is wrongly nested.
    assert!(
        !Html::parse_document("<!DOCTYPE html><p><table></p></div>")
            .errors
            .is_empty()
    );
}

#[test]
fn the_page_needs_nothing_and_runs_nothing() {
    let (source, page) = page();
    for forbidden in [
        "script", "iframe", "link", "img", "object", "form", "base", "[onload]", "[src]", "[style]",
    ] {
        assert_eq!(page.select(&selector(forbidden)).count(), 0, "{forbidden}");
    }
    for link in page.select(&selector("[href]")) {
        assert!(link.attr("href").unwrap().starts_with('#'), "{}", link.html());
    }
    let style = source
        .split("<style>")
        .nth(1)
        .and_then(|rest| rest.split("</style>").next())
        .unwrap();
    for forbidden in ["url(", "@import", "http:", "https:", "{{"] {
        assert!(!style.contains(forbidden), "{forbidden}");
    }
    let language = page.root_element().attr("lang");
    assert_eq!(language, Some("en-GB"));
    let ids: Vec<&str> = page
        .select(&selector("[id]"))
        .filter_map(|element| element.attr("id"))
        .collect();
    let mut once = ids.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), ids.len());
    for part in page.select(&selector(".cs-contents a")) {
        let to = part.attr("href").unwrap().trim_start_matches('#');
        assert!(ids.contains(&to), "{to}");
    }
}

#[test]
fn what_people_typed_is_text_wherever_it_stands() {
    let (_, page) = page();
    for (text, times) in HOSTILE.iter().map(|text| (text, 15)) {
        let shown = reading::words(page.root_element());
        assert!(shown.matches(text).count() >= times, "{text}");
    }
    for place in ["caption", "th", "td", "dt", "dd", "li", "p", "figcaption", "blockquote"] {
        let found = page
            .select(&selector(place))
            .any(|it| reading::words(it).trim().contains('<'));
        assert!(found, "no < in any {place}");
    }
    let json = String::from_utf8(printed(&document(), Format::Json)).unwrap();
    for text in HOSTILE {
        let text = serde_json::to_string(text).unwrap();
        assert!(json.contains(text.trim_matches('"')), "{text}");
    }
}

#[test]
fn no_cell_of_a_workbook_is_a_formula_or_leads_outside() {
    for (name, text) in reading::unpacked(&printed(&document(), Format::Xlsx)) {
        assert!(!text.contains("<f>") && !text.contains("<f "), "{name} has a formula");
        assert!(!text.contains("TargetMode=\"External\""), "{name} leads outside");
        if name.starts_with("xl/worksheets/sheet") {
            assert!(
                text.contains("Preview &amp;&amp; draft"),
                "{name} is printed without its watermark"
            );
            assert!(text.contains("paperSize=\"9\""), "{name}");
        }
    }
}

#[test]
fn what_looks_like_a_formula_does_not_become_one_when_its_cell_is_edited() {
    let files = reading::unpacked(&printed(&document(), Format::Xlsx));
    let file = |wanted: &str| &files.iter().find(|(name, _)| name == wanted).unwrap().1;
    let formats = file("xl/styles.xml").split("<cellXfs").nth(1).unwrap();
    let formats: Vec<&str> = formats.split("<xf ").skip(1).collect();
    let texts: Vec<String> = file("xl/sharedStrings.xml")
        .split("<si>")
        .skip(1)
        .map(|text| reading::words(Html::parse_fragment(text.split("</si>").next().unwrap()).root_element()))
        .collect();
    let mut guarded = 0;
    for (_, sheet) in files.iter().filter(|(name, _)| name.starts_with("xl/worksheets/sheet")) {
        for cell in sheet.split("<c ").skip(1).filter(|cell| cell.contains("t=\"s\"")) {
            let part = |from: &str, to: char| cell.split(from).nth(1).unwrap().split(to).next().unwrap();
            let text = &texts[part("<v>", '<').parse::<usize>().unwrap()];
            if text.starts_with(['=', '+', '@', '-']) {
                let format = formats[part("s=\"", '"').parse::<usize>().unwrap()];
                assert!(format.contains("quotePrefix=\"1\""), "{text}: {format}");
                guarded += 1;
            }
        }
    }
    assert!(guarded >= 40, "{guarded}");
}

#[test]
fn headings_of_a_workbook_stay_in_sight_and_are_printed_again() {
    let files = reading::unpacked(&printed(&document(), Format::Xlsx));
    let file = |wanted: &str| &files.iter().find(|(name, _)| name == wanted).unwrap().1;
    let sheet = file("xl/worksheets/sheet2.xml");
    assert!(
        sheet.contains("ySplit=\"3\"") && sheet.contains("state=\"frozen\""),
        "{sheet}"
    );
    let book = file("xl/workbook.xml");
    assert_eq!(book.matches("_xlnm.Print_Titles").count(), 4, "{book}");
    assert!(
        book.contains("1 Everything, project by") && book.contains("2 =Everything, project by"),
        "{book}"
    );
    assert!(file("docProps/core.xml").contains("<dc:title>Final evaluation &lt;2017-18&gt; &amp; after</dc:title>"));
}

#[test]
fn no_line_of_a_spreadsheet_begins_a_formula() {
    let begins = ['=', '+', '@', '\t', '\r'];
    let mut negative = 0;
    for cell in reading::lines(&printed(&document(), Format::Csv)).concat() {
        assert!(!cell.starts_with(begins), "{cell}");
        if cell.starts_with('-') {
            cell.parse::<rust_decimal::Decimal>().unwrap();
            negative += 1;
        }
    }
    assert_eq!(negative, 1);
}

#[test]
fn no_file_says_where_a_figure_comes_from() {
    for format in [Format::Html, Format::Xlsx, Format::Csv, Format::Json] {
        let bytes = printed(&document(), format);
        let texts = if format == Format::Xlsx {
            reading::unpacked(&bytes)
        } else {
            vec![(String::new(), String::from_utf8(bytes).unwrap())]
        };
        for (name, text) in texts {
            for id in private() {
                let plain = [id.hyphenated().to_string(), id.simple().to_string()];
                assert!(!plain.iter().any(|id| text.contains(id)), "{format:?} {name}");
            }
            assert!(!text.contains("secret_measure"), "{format:?} {name}");
        }
    }
}
