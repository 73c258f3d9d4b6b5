//! The documents, held against what they describe: the worked form is read, and every setting and every column of the
//! register is explained.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use countersign::forms_tools::render::render;
use countersign::service::register::{TABLES, pages};
use countersign::sheets;
use countersign_domain::calendar::Nation;
use countersign_domain::form::parse;
use countersign_domain::schedule::timetable::{Asked, timetable};
use countersign_domain::schedule_dates::{Anchors, resolve};

fn document(path: &str) -> String {
    std::fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The blocks of this language in a document.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let opening = format!("```{language}\n");
    text.split(&opening)
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn the_worked_form_has_no_error_and_no_warning_but_those_it_means() {
    let forms = blocks(&document("docs/forms.md"), "toml");
    assert_eq!(forms.len(), 1);
    let read = parse::read(&forms[0]);
    let problems: Vec<String> = read.problems.iter().map(|problem| problem.message.clone()).collect();
    assert_eq!(problems, [""; 0]);
    assert!(read.form.is_some());
}

#[test]
fn every_part_of_a_form_that_is_shown_fits_the_worked_form() {
    let text = document("docs/forms.md");
    let form = &blocks(&text, "toml")[0];
    let parts = blocks(&text, "part");
    assert!(parts.len() >= 5, "{} parts", parts.len());
    for part in &parts {
        let read = parse::read(&format!("{form}\n{part}"));
        let problems: Vec<String> = read.problems.iter().map(|problem| problem.message.clone()).collect();
        assert_eq!(problems, [""; 0], "{part}");
        assert!(read.form.is_some());
    }
}

#[test]
fn what_forms_check_says_is_what_it_is_said_to_say() {
    let text = document("docs/forms.md");
    let mistyped = blocks(&text, "toml")[0].replace("<= allocation.amount", "<= alocation.amount");
    let said = render("my-form.toml", &mistyped, &parse::read(&mistyped).problems);
    assert!(text.contains(&format!("```\n{}\n```", said.trim_end())), "{said}");
}

#[test]
fn what_forms_dates_says_is_what_it_is_said_to_say() {
    let text = document("docs/forms.md");
    let form = parse::parse(&blocks(&text, "toml")[0]).expect("the worked form");
    let asked = Asked {
        from: NaiveDate::from_ymd_opt(2026, 10, 1).expect("a date"),
        to: None,
        most: 1,
        grant: None,
        nation: Nation::EnglandAndWales,
    };
    let said = timetable(&form, &asked).expect("dates").to_string();
    assert!(text.contains(&format!("```\n{}\n```", said.trim_end())), "{said}");
}

#[test]
fn every_schedule_that_is_shown_has_no_error_and_no_warning() {
    let text = document("docs/forms.md");
    let form = &blocks(&text, "toml")[0];
    let (head, rest) = form.split_once("[schedule]\n").expect("a schedule");
    let after = rest.find("\n[[").expect("the table after it");
    let schedules = blocks(&text, "schedule");
    assert_eq!(schedules.len(), 2);
    for schedule in schedules {
        let problems = parse::read(&format!("{head}{schedule}{}", &rest[after..])).problems;
        let problems: Vec<String> = problems.into_iter().map(|problem| problem.message).collect();
        assert_eq!(problems, [""; 0], "{schedule}");
    }
}

#[test]
fn the_days_of_the_year_are_those_that_are_said() {
    let text = document("docs/forms.md");
    let (_, table) = text
        .split_once("| | for the year to 31 March 2026 |\n|---|---|\n")
        .expect("the table");
    let anchors = Anchors {
        start: NaiveDate::from_ymd_opt(2025, 4, 1),
        end: NaiveDate::from_ymd_opt(2026, 3, 31),
        ..Anchors::default()
    };
    let mut rows = 0;
    for line in table.lines().take_while(|line| line.starts_with('|')) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let rule = cells[1].trim_matches('`').parse().expect("a rule");
        let date = resolve(&rule, anchors, Nation::EnglandAndWales).expect("a date");
        assert_eq!(date.format("%-d %B %Y").to_string(), cells[2], "{line}");
        rows += 1;
    }
    assert_eq!(rows, 6);
}

#[test]
fn every_type_of_question_and_of_file_is_explained() {
    let text = document("docs/forms.md");
    // The types are named in the message that refuses another one.
    let wrong = blocks(&text, "toml")[0].replace("type = \"calculated\"", "type = \"zzzzzzzz\"");
    let problems = parse::read(&wrong).problems;
    let help = problems
        .iter()
        .filter_map(|problem| problem.help.as_deref())
        .find(|help| help.starts_with("The types are "));
    let types: Vec<&str> = help
        .unwrap()
        .trim_start_matches("The types are ")
        .trim_end_matches('.')
        .split(", ")
        .collect();
    assert!(types.len() > 10, "{types:?}");
    for name in types {
        assert!(
            text.contains(&format!("\n| `{name}` |")),
            "{name} is not in the table of types"
        );
    }
    for name in parse::FILE_TYPES {
        let listed = text
            .lines()
            .find(|line| line.starts_with("`accept` may name "))
            .unwrap();
        assert!(
            listed.split([' ', ',', '.']).any(|word| word == name),
            "{name} is not said to be accepted"
        );
    }
}

#[test]
fn every_key_of_a_form_is_explained() {
    let (form, text) = (
        document("src/domain/form/tests/everything.toml"),
        document("docs/forms.md"),
    );
    let keys: BTreeSet<&str> = form
        .lines()
        .filter_map(|line| Some(line.split_once(" = ")?.0.trim()))
        .filter(|key| key.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
        .collect();
    assert!(keys.len() > 50, "{keys:?}");
    let missing: Vec<&&str> = keys.iter().filter(|key| !text.contains(&format!("`{key}"))).collect();
    assert!(missing.is_empty(), "not explained in docs/forms.md: {missing:?}");
}

#[test]
fn every_setting_is_explained() {
    let (settings, text) = (document("config/countersign.toml"), document("docs/running.md"));
    let named = settings.lines().filter_map(|line| {
        let (key, _) = line.trim_start_matches("# ").split_once(" = ")?;
        key.chars().all(|c| c.is_ascii_lowercase() || c == '_').then_some(key)
    });
    let mut found = 0;
    for key in named {
        found += 1;
        assert!(
            text.contains(&format!("`{key}`")),
            "{key} is not explained in docs/running.md"
        );
    }
    assert!(found > 15, "{found} settings were found");
}

#[test]
fn every_table_and_column_of_the_register_is_explained() {
    let text = document("docs/register.md");
    let mut expected = String::new();
    for table in TABLES {
        expected += &format!(
            "### `{}`\n\n{}\n\n| column | needed | kind | what it is |\n|---|---|---|---|\n",
            table.name, table.words
        );
        for column in table.columns {
            let needed = if column.needed { "yes" } else { "" };
            let kind = pages::kind_words(column.kind);
            expected += &format!("| `{}` | {needed} | {kind} | {} |\n", column.name, column.words);
        }
        expected += "\n";
    }
    let (_, tables) = text.split_once("## Tables and columns\n\n").expect("the heading");
    assert!(
        tables.trim_end() == expected.trim_end(),
        "the tables must be\n{expected}"
    );
}

#[test]
fn the_limits_of_an_import_are_those_it_keeps() {
    let text = document("docs/register.md");
    assert_eq!((sheets::MAX_BYTES, sheets::MAX_ROWS), (10_000_000, 50_000));
    assert!(text.contains("A file may be 10 MB, and a sheet may have 50,000 rows."));
}
