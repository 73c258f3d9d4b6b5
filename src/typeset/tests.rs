//! Papers set and read back.

mod read;
mod sample;

use countersign_domain::document::{Block, Cell, Document, Run};

use crate::pdf;
use read::{pages, text};
use sample::{document, every_block, long};

/// Nothing in it is a letter of any alphabet that the faces have.
const STRANGE: [(&str, &str); 6] = [
    ("\u{4e2d}\u{6587}", "\u{fffd}\u{fffd}"),
    ("\u{1f680}", "\u{fffd}"),
    // Two people and a hand of one colour are a picture each.
    ("\u{1f469}\u{200d}\u{1f52c}", "\u{fffd}"),
    ("\u{1f44d}\u{1f3fd}", "\u{fffd}"),
    ("\u{e000}", "\u{fffd}"),
    ("a\u{202e}b\u{0}c", "ab\u{fffd}c"),
];

/// Without blanks: a reader of PDF does not know where lines and words end.
fn bare(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test]
fn every_block_is_set_and_says_what_it_says() {
    let bytes = pdf(&every_block()).unwrap();
    let text = text(&bytes);
    for said in [
        "Advocacy fund: final evaluation",
        "Anyone",
        "22 November 2026",
        "Of the grant of £20,000.00, £16,486.00 was spent.",
        "On this line",
        "And on the next",
        "First of two",
        "I was listened to.",
        "Told by Harbour Trust",
        "Advocacy hub",
        "[c]",
        "Returns signed: 31 of 34.",
        "Figures are of signed returns.",
        "Definitions",
        "Held back, because it could tell of single people",
    ] {
        assert!(bare(&text).contains(&bare(said)), "{said} is not in: {text}");
    }
}

#[test]
fn what_was_typed_is_never_markup() {
    let typed = [
        "#panic(\"x\")",
        "*bold* _stress_ `code` $x^2$ <label> @label",
        "= no heading",
        "// no comment /* none */ \\ ~ -- --- ...",
        "#image(\"/data.json\") #read(\"/etc/passwd\")",
        "[#] ] } { ) ( \"quoted\" 'so'",
        "{{ template }} ((figure)) <b>&amp;</b>",
        "=cmd|' /C calc'!A0",
    ];
    for words in typed {
        let mut paper = every_block();
        paper.title = words.to_owned();
        paper.watermark = Some(words.to_owned());
        for block in &mut paper.blocks {
            match block {
                Block::Heading { text, .. } => words.clone_into(text),
                Block::Paragraph { runs } => runs.push(Run::Strong { text: words.to_owned() }),
                Block::List { items, .. } => items.push(vec![Run::Text { text: words.to_owned() }]),
                Block::Story { title, text, source } => {
                    [title, text, source].into_iter().for_each(|it| words.clone_into(it))
                }
                Block::Facts { facts } => words.clone_into(&mut facts[0].name),
                Block::Table(table) => {
                    words.clone_into(&mut table.caption);
                    words.clone_into(&mut table.columns[1].title);
                    table.rows[0].cells[0] = Cell::Text { text: words.to_owned() };
                    table.notes.push(words.to_owned());
                }
                Block::Chart(chart) => {
                    words.clone_into(&mut chart.title);
                    chart.table.rows[0].cells[0] = Cell::Text { text: words.to_owned() };
                }
            }
        }
        let bytes = pdf(&paper).unwrap_or_else(|error| panic!("{words}: {error}"));
        let found = bare(&text(&bytes)).matches(&bare(words)).count();
        assert!(found >= 13, "{words}: {found} times");
    }
}

#[test]
fn the_same_paper_gives_the_same_bytes_and_another_gives_others() {
    let paper = every_block();
    let bytes = pdf(&paper).unwrap();
    assert_eq!(bytes, pdf(&paper).unwrap());
    let mut other = paper;
    other.subtitle.push('.');
    assert_ne!(bytes, pdf(&other).unwrap());
}

#[test]
fn it_says_that_it_is_accessible_and_what_it_is() {
    let read = lopdf::Document::load_mem(&pdf(&every_block()).unwrap()).unwrap();
    let root = read.catalog().unwrap();
    assert!(root.has(b"StructTreeRoot") && root.has(b"MarkInfo"));
    assert_eq!(root.get(b"Lang").unwrap().as_str().unwrap(), b"en-GB");
    let metadata = read
        .dereference(root.get(b"Metadata").unwrap())
        .unwrap()
        .1
        .as_stream()
        .unwrap();
    let metadata = String::from_utf8_lossy(&metadata.content).into_owned();
    assert!(metadata.contains("pdfuaid:part>1<"), "{metadata}");
    assert!(metadata.contains("Advocacy fund: final evaluation") && metadata.contains("2026-11-22T00:00:00"));
}

#[test]
fn a_watermark_is_on_every_page_and_none_where_there_is_none() {
    let mut paper = long(4);
    let words = "Internal: not for publication";
    assert!(pages(&pdf(&paper).unwrap()).iter().all(|page| !page.contains(words)));
    paper.watermark = Some(words.to_owned());
    let pages = pages(&pdf(&paper).unwrap());
    assert!(pages.len() > 3);
    for (page, number) in pages.iter().zip(1..) {
        // Above, beneath and behind; on the first page also for those to whom it is read out.
        assert_eq!(page.matches(words).count(), if number == 1 { 4 } else { 3 }, "{page}");
        assert!(page.contains(&format!("{number} of {}", pages.len())), "{page}");
    }
}

#[test]
fn a_long_table_repeats_its_header_and_a_wide_one_loses_no_column() {
    let paper = document(vec![
        Block::Table(sample::table(5, 150)),
        Block::Table(sample::table(40, 3)),
    ]);
    let pages = pages(&pdf(&paper).unwrap());
    let first = pages.iter().take_while(|page| !page.contains("Part 1 of"));
    for page in first {
        assert!(page.contains("Column 4"), "{page}");
    }
    let whole = pages.join("\n");
    assert!((1..40).all(|nth| whole.contains(&format!("Column {nth}"))));
    assert!(whole.contains("Row 150") && whole.contains("Part 1 of"));
}

#[test]
fn a_small_table_and_its_notes_are_on_one_page_wherever_it_begins() {
    for above in 20..60 {
        let mut blocks = vec![sample::paragraph("Words above."); above];
        let mut table = sample::table(3, 9);
        table.caption = "What was spent".to_owned();
        table.notes = vec!["A note beneath it".to_owned()];
        blocks.push(Block::Table(table));
        let pages = pages(&pdf(&document(blocks)).unwrap());
        let with = |words: &str| pages.iter().position(|page| bare(page).contains(&bare(words)));
        let at = with("What was spent");
        assert!(at.is_some());
        assert_eq!([with("Row 9"), with("A note beneath it")], [at, at], "{above}");
    }
}

#[test]
fn letters_of_many_alphabets_are_written() {
    // Welsh, money, dashes, quotes, a box, Greek, Cyrillic, arrows, fractions.
    let written = "ŵ ŷ Ŵ Ŷ £ € – — “ ” ‘ ’ ☐ ☑ … α Ж → ½ ≥ é ñ ł";
    let paper = document(vec![sample::paragraph(written)]);
    let text = text(&pdf(&paper).unwrap());
    assert!(written.split(' ').all(|letter| text.contains(letter)), "{text}");
    assert!(!text.contains('\u{fffd}'), "{text}");
    // Arabic is written from right to left, so that its letters are read back in whatever order.
    let arabic = document(vec![sample::paragraph("\u{645}\u{631}\u{62d}\u{628}\u{627}")]);
    assert!(!read::text(&pdf(&arabic).unwrap()).contains('\u{fffd}'));
}

#[test]
fn what_cannot_be_written_is_seen_to_be_missing() {
    for (typed, shown) in STRANGE {
        let mut lost = false;
        assert_eq!(crate::fonts::writable(typed, &mut lost), shown, "{typed:?}");
        assert!(lost);
        let mut paper = every_block();
        paper.blocks.push(sample::paragraph(&format!("before{typed}after")));
        paper.title.push_str(typed);
        let text = text(&pdf(&paper).unwrap_or_else(|error| panic!("{typed:?}: {error}")));
        assert!(bare(&text).contains(&format!("before{shown}after")), "{text}");
        assert!(bare(&text).contains("standsforacharacter"), "{text}");
    }
    let mut lost = false;
    assert_eq!(
        crate::fonts::writable("plain\r\ntext\u{feff}", &mut lost),
        "plain\ntext"
    );
    assert!(!lost);
}

#[test]
fn every_character_that_a_face_has_can_be_written() {
    let mut lost = false;
    let all: Vec<char> = ('!'..='\u{2ffff}')
        .filter(|c| crate::fonts::writable(&c.to_string(), &mut lost) == c.to_string())
        .collect();
    assert!(all.len() > 5_000, "{}", all.len());
    let lines: Vec<Block> = all
        .chunks(40)
        .map(|line| sample::paragraph(&line.iter().map(|c| format!("{c} ")).collect::<String>()))
        .collect();
    let bytes = pdf(&document(lines)).unwrap();
    assert!(pages(&bytes).len() > 3);
}

#[test]
fn an_empty_paper_and_empty_parts_are_set() {
    let mut paper: Document = document(vec![]);
    paper.title = " ".to_owned();
    assert!(text(&pdf(&paper).unwrap()).contains("Untitled"));
    let mut table = sample::table(3, 0);
    table.caption.clear();
    let none = sample::table(0, 0);
    let nothing = Block::Paragraph { runs: vec![] };
    let heading = |text: &str| Block::Heading {
        level: 4,
        text: text.to_owned(),
    };
    let list = Block::List {
        ordered: false,
        items: vec![vec![], vec![Run::Break]],
    };
    let story = Block::Story {
        title: String::new(),
        text: String::new(),
        source: String::new(),
    };
    let facts = Block::Facts { facts: vec![] };
    let chart = sample::chart(countersign_domain::document::Drawn::Lines, 0);
    let blocks = vec![
        heading(""),
        heading("Deep"),
        nothing,
        list,
        story,
        facts,
        Block::Table(table),
        Block::Table(none),
        chart,
    ];
    let text = text(&pdf(&document(blocks)).unwrap());
    assert!(text.contains("Deep") && bare(&text).contains("Column2"), "{text}");
}

#[test]
fn contents_are_listed_from_four_headings_on() {
    let heading = |nth: usize| Block::Heading {
        level: 2,
        text: format!("Heading {nth}"),
    };
    let set = |count: usize| text(&pdf(&document((0..count).map(heading).collect())).unwrap());
    assert!(!set(3).contains("Contents"));
    assert!(set(4).contains("Contents"));
}

#[test]
fn a_word_without_end_stays_on_the_page() {
    let word = "x".repeat(3_000);
    let mut table = sample::table(3, 2);
    table.rows[0].cells[1] = Cell::Text { text: word.clone() };
    let paper = document(vec![sample::paragraph(&word), Block::Table(table)]);
    let bytes = pdf(&paper).unwrap();
    let found: usize = read::text(&bytes).matches('x').count();
    assert!(found >= 6_000, "{found}");
    for x in read::places(&bytes) {
        assert!(x < 842, "{x}");
    }
}
