//! The language of reports: what is composed, what is told, and what nobody typed may do.

mod hostile;
mod wrong;

use std::cell::RefCell;
use std::collections::BTreeMap;

use countersign_domain::answers::types::FigureValue;
use countersign_domain::document::{Block, Raw, Run, Told};
use countersign_domain::report::{Report, parse};

use super::prose::nothing;
use super::{Argument, Call, FUNCTIONS, Functions, Library, Problem, Returned, check, check_prose, compose};

const HEAD: &str = r#"+++
report = "test"
version = 1
title = "{fund.title}"
covers = "quarter"
audience = "internal"
forms = []

[[prose]]
id = "summary"
label = "Summary"
start = "Of it ((spent)) was spent."

[[figure]]
id = "spent"
of = "small.spent"

[[figure]]
id = "people_in_all"
of = "small.people"
+++
"#;

/// A report with this body.
#[track_caller]
fn report(body: &str) -> Report {
    parse(&format!("{HEAD}{body}"), "test").unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// The line of the file that a body begins on.
const FIRST: usize = 22;

/// Gives what it was told to, and keeps what it was asked.
#[derive(Default)]
struct Fixed {
    texts: BTreeMap<&'static str, String>,
    items: Vec<String>,
    asked: RefCell<Vec<Call>>,
}

impl Functions for Fixed {
    fn names(&self) -> &[&str] {
        &[
            "figure",
            "table",
            "fund",
            "period",
            "grant_list",
            "has",
            "story",
            "coverage",
        ]
    }

    fn call(&self, call: &Call) -> Result<Returned, String> {
        self.asked.borrow_mut().push(call.clone());
        let named = |argument: Option<&Argument>| match argument {
            Some(Argument::Text(text)) => text.clone(),
            other => format!("{other:?}"),
        };
        let first = named(call.positional.first());
        Ok(match call.name.as_str() {
            _ if first.contains("unknown") => return Err(format!("There is no figure `{first}`.")),
            "figure" => Returned::Figure(of(first.len())),
            "table" | "coverage" => Returned::Blocks(vec![Block::Facts { facts: Vec::new() }]),
            "has" => Returned::Flag(first == "there"),
            "grant_list" => Returned::Items(self.items.clone()),
            name => Returned::Text(self.texts.get(name).cloned().unwrap_or_else(|| name.to_uppercase())),
        })
    }
}

/// A count of so many.
fn of(count: usize) -> Raw {
    let count = i64::try_from(count).expect("a small count");
    Raw {
        told: Told::Value(FigureValue::Count { count }),
        ..nothing()
    }
}

#[track_caller]
fn composed_by(body: &str, prose: &[(&str, &str)], functions: &Fixed) -> Vec<Block<Raw>> {
    let prose = prose
        .iter()
        .map(|(id, text)| ((*id).to_owned(), (*text).to_owned()))
        .collect();
    compose(&report(body), &prose, functions).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

#[track_caller]
fn composed(body: &str) -> Vec<Block<Raw>> {
    composed_by(body, &[], &Fixed::default())
}

/// What is wrong with a report of this body, each with its place.
fn told(body: &str) -> Vec<String> {
    let found = compose(&report(body), &BTreeMap::new(), &Fixed::default());
    found.err().unwrap_or_default().iter().map(Problem::to_string).collect()
}

/// Blocks in short: `# heading`, `paragraph`, `- item`, `<figure>`, `**strong**`, `_stress_`, `|` for a line break.
fn short(blocks: &[Block<Raw>]) -> Vec<String> {
    let mut lines = Vec::new();
    for block in blocks {
        match block {
            Block::Heading { level, text } => lines.push(format!("{} {text}", "#".repeat(usize::from(*level)))),
            Block::Paragraph { runs } => lines.push(in_short(runs)),
            Block::List { ordered, items } => {
                let sign = if *ordered { '1' } else { '-' };
                lines.extend(items.iter().map(|runs| format!("{sign} {}", in_short(runs))));
            }
            Block::Facts { .. } => lines.push("<part>".to_owned()),
            other => lines.push(format!("{other:?}")),
        }
    }
    lines
}

fn in_short(runs: &[Run<Raw>]) -> String {
    let one = |run: &Run<Raw>| match run {
        Run::Text { text } => text.clone(),
        Run::Strong { text } => format!("**{text}**"),
        Run::Emphasis { text } => format!("_{text}_"),
        Run::Figure { figure } => match &figure.told {
            Told::Value(FigureValue::Count { count }) => format!("<{count}>"),
            other => format!("{other:?}"),
        },
        Run::Break => "|".to_owned(),
    };
    runs.iter().map(one).collect()
}

#[test]
fn markdown_becomes_blocks() {
    let body = "# One\n##### Five\nA *b* **c**\nd\\\ne  \nf\n\n- g\n  - h **i**\n- j\n\n  k\n\n1. l\n2. m\n\n7) n\n8) o\n\nLast\n----\n";
    assert_eq!(
        short(&composed(body)),
        [
            "## One",
            "#### Five",
            "A _b_ **c** d|e|f",
            "- g",
            "- h **i**",
            "- j|k",
            "1 l",
            "1 m",
            "7) n",
            "8) o",
            "## Last"
        ]
    );
}

#[test]
fn what_is_not_read_is_shown_as_it_was_typed() {
    let body = "[a](http://b) ![c](d) <b>e</b> &amp; `f` ~~g~~\n> h\n\n[i]: http://j\n\n~~~\nk\n~~~\n\n***\n\n    l *m*\n\n<script>n</script>\n\n```rust\no\n```\n\n\\[p\\]\n";
    assert_eq!(
        short(&composed(body)),
        [
            "[a](http://b) ![c](d) <b>e</b> &amp; `f` ~~g~~ > h",
            "[i]: http://j",
            "~~~ k ~~~",
            "***",
            "l _m_",
            "<script>n</script>",
            "```rust o ```",
            "[p]",
        ]
    );
}

#[test]
fn functions_stand_where_they_were_called() {
    let body = "## About {{ fund() }}\nOf it **{{ figure(\"small.spent\") }}** in {{ period() }}.\n{{ table([\"small.spent\"], by=\"project\", total=true) }}\nAfter.\n\n- {{ figure(\"a.b\") }} and {{ fund() }}\n";
    let functions = Fixed::default();
    let blocks = composed_by(body, &[], &functions);
    assert_eq!(
        short(&blocks),
        [
            "## About FUND",
            "Of it <11> in PERIOD.",
            "<part>",
            "After.",
            "- <3> and FUND"
        ]
    );
    let asked = functions.asked.borrow();
    let table = asked.iter().find(|call| call.name == "table").expect("a table");
    assert_eq!(
        table.positional,
        [Argument::List(vec![Argument::Text("small.spent".to_owned())])]
    );
    assert_eq!(table.named["total"], Argument::Flag(true));
}

#[test]
fn loops_branches_and_names_work() {
    let functions = Fixed {
        items: vec!["Bread & Roses".to_owned(), "Hope".to_owned()],
        ..Fixed::default()
    };
    let body = "{% set all = [\"a.b\", \"a.c\"] %}\n{% for grant in grant_list() %}\n    ### {{ loop.index }} {{ grant }}\n    {{ table(all, title=\"For \" ~ grant) }}\n    {{ coverage() }}\n{% endfor %}\n{% if has(\"there\") and not has(\"elsewhere\") %}\nYes, {{ grant_list() | join(\", \") }}: {{ grant_list() | length }}\n{% else %}\nNo\n{% endif %}\n{# A note: {{ nothing }} #}\n";
    assert_eq!(
        short(&composed_by(body, &[], &functions)),
        [
            "### 1 Bread & Roses",
            "<part>",
            "<part>",
            "### 2 Hope",
            "<part>",
            "<part>",
            "Yes, Bread & Roses, Hope: 2"
        ]
    );
    let asked = functions.asked.borrow();
    let title = asked.iter().filter_map(|call| call.named.get("title")).next();
    assert_eq!(title, Some(&Argument::Text("For Bread & Roses".to_owned())));
}

#[test]
fn what_a_commissioner_wrote_stands_where_the_report_shows_it() {
    let body = "## Summary\n{{ prose(\"summary\") }}\nAfter.\n";
    assert_eq!(
        short(&composed(body)),
        ["## Summary", "Of it <11> was spent.", "After."]
    );
    let written = "# Mine\nWe *spent* **((spent))** on (((people_in_all))).\n\n- ((spent))\n\n###### Deep";
    assert_eq!(
        short(&composed_by(body, &[("summary", written)], &Fixed::default())),
        [
            "## Summary",
            "### Mine",
            "We _spent_ <11> on (<12>).",
            "- <11>",
            "#### Deep",
            "After."
        ]
    );
    assert_eq!(
        short(&composed_by(body, &[("summary", "")], &Fixed::default())),
        ["## Summary", "After."]
    );
}

#[test]
fn a_text_of_ten_thousand_words_is_written_in_full() {
    let word = |number: usize| format!("word{number}{}", if number.is_multiple_of(100) { "\n\n" } else { " " });
    let text: String = (1..=10_000).map(word).collect();
    let blocks = composed_by("{{ prose(\"summary\") }}\n", &[("summary", &text)], &Fixed::default());
    assert_eq!(blocks.len(), 100);
    let words: usize = short(&blocks).iter().map(|line| line.split(' ').count()).sum();
    assert_eq!(words, 10_000);
    let test = report("{{ prose(\"summary\") }}\n");
    assert_eq!(check_prose(&test, &"word ".repeat(20_000)), []);
    let long = check_prose(&test, &"word ".repeat(20_001));
    assert_eq!(
        long[0].message,
        "This text has 20001 words, and may have 20000. Make it shorter."
    );
}

#[test]
fn every_function_is_known_by_one_name() {
    let mut names: Vec<&str> = FUNCTIONS.iter().map(|known| known.name).collect();
    names.sort_unstable();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all);
}

#[test]
fn a_folder_adds_reports_and_replaces_the_shipped_ones() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
    let own = format!("{HEAD}{{{{ prose(\"summary\") }}}}\n");
    write("test.md.j2", &own);
    write("notes.txt", "not a report");
    let state = own
        .replace("report = \"test\"", "report = \"returns-state\"")
        .replace("version = 1", "version = 9");
    write("returns-state.md.j2", &state);
    let library = Library::new(Some(folder.path())).unwrap_or_else(|problems| panic!("{problems:#?}"));
    assert_eq!(library.get("test").map(|report| report.version), Some(1));
    assert_eq!(library.get("returns-state").map(|report| report.version), Some(9));
    assert!(library.get("notes").is_none());
    assert!(
        library
            .list()
            .all(|listed| listed.file.is_some() || listed.report.version > 0)
    );

    write("broken.md.j2", "no head\n");
    write("test.md.j2", &format!("{HEAD}{{{{ tabel() }}}}\n"));
    let problems = Library::new(Some(folder.path())).expect_err("two wrong files");
    let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert!(said[0].contains("broken.md.j2:1:1: A report file begins"), "{said:#?}");
    assert!(
        said.iter()
            .any(|said| said.contains("test.md.j2:22:4: There is no function `tabel`. Did you mean `table`?")),
        "{said:#?}"
    );
    assert!(
        said.iter()
            .any(|said| said.contains("The text `summary` is shown nowhere.")),
        "{said:#?}"
    );
    let missing = Library::new(Some(&folder.path().join("missing"))).expect_err("no folder");
    assert!(
        missing[0].to_string().contains("The folder cannot be read"),
        "{missing:?}"
    );
}

#[test]
fn every_report_that_comes_with_the_program_is_right() {
    let library = Library::new(None).unwrap_or_else(|problems| panic!("{problems:#?}"));
    assert!(library.get("returns-state").is_some());
    for listed in library.list() {
        assert_eq!(check(&listed.report, None), []);
    }
}

/// The one block of this language in a document.
fn block(document: &str, language: &str) -> String {
    let path = format!("{}/docs/{document}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("the document");
    let (_, rest) = text.split_once(&format!("```{language}\n")).expect("a block");
    rest.split_once("```").expect("its end").0.to_owned()
}

#[test]
fn the_worked_report_is_right() {
    let form = countersign_domain::form::parse::parse(&block("forms.md", "toml")).expect("the worked form");
    let worked =
        parse(&block("reports.md", "report"), "outreach-year").unwrap_or_else(|problems| panic!("{problems:#?}"));
    assert_eq!(check(&worked, Some(&[&form])), []);
    let mistyped =
        block("reports.md", "report").replace("outreach-quarterly.engagement", "outreach-quarterly.engagment");
    let mistyped = parse(&mistyped, "outreach-year").unwrap_or_else(|problems| panic!("{problems:#?}"));
    assert_eq!(check(&mistyped, Some(&[&form])).len(), 1);
}

#[test]
fn every_function_and_option_is_explained() {
    let path = format!("{}/docs/reports.md", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("the document");
    for known in FUNCTIONS {
        let row = text
            .lines()
            .find(|line| line.starts_with('|') && line.contains(&format!("`{}(", known.name)));
        let row = row.unwrap_or_else(|| panic!("{} is not in the table of functions", known.name));
        let shared = ["table", "chart"].contains(&known.name);
        for option in known.options {
            assert!(
                shared || row.contains(&format!("`{option}`")),
                "{option} is not said of {}",
                known.name
            );
            let explained = text
                .lines()
                .any(|line| line.starts_with("| `") && line.contains(&format!("`{option}`")));
            assert!(explained, "{option} is not explained");
        }
    }
}
