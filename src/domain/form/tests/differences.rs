//! What is said of two versions of a form.

use super::{EVERYTHING, good};
use crate::form::compare::{Difference, Sort, differences};

/// The whole form, changed in so many places, against itself.
fn said(changes: &[(&str, &str)]) -> Vec<Difference> {
    let mut text = EVERYTHING.replacen("version  = 3", "version  = 4", 1);
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    differences(&good(EVERYTHING), &good(&text))
}

#[test]
fn a_form_does_not_differ_from_itself() {
    assert_eq!(differences(&good(EVERYTHING), &good(EVERYTHING)), []);
    let only_number: Vec<String> = said(&[]).into_iter().map(|one| one.words).collect();
    assert_eq!(only_number, ["The form: `version` was 3 and is now 4."]);
}

#[test]
fn the_same_number_for_another_file_breaks() {
    let other = good(&EVERYTHING.replacen("closes = \"due + 60d\"", "closes = \"due + 61d\"", 1));
    let found = differences(&good(EVERYTHING), &other);
    assert_eq!(found[0].sort, Sort::Breaks);
    assert!(found[0].words.contains("Give the newer one version = 4."), "{found:?}");
}

#[test]
fn everything_that_differs_is_said_in_words() {
    let said = said(&[
        (
            "title    = { en = \"Return for {grant.title}\", cy = \"Ffurflen {grant.title}\" }",
            "title = \"Return\"",
        ),
        ("every  = \"financial-year\"", "every  = \"half-year\""),
        ("remind = [\"opens\", \"due - 10wd\", \"due + 1wd\"]\n", ""),
        ("not_also = [\"preparer\", \"review\"]", "not_also = [\"preparer\"]"),
        ("title = \"Second cohort\"", "title = \"Later cohort\""),
        ("id = \"name\"\ntype = \"text\"", "id = \"known_as\"\ntype = \"text\""),
        (
            "id = \"conflict\"\ntype = \"yes_no\"",
            "id = \"conflict\"\ntype = \"date\"\nrequired = true",
        ),
        ("type = \"contact\"", "type = \"contact\"\nrequired = true"),
        (
            "rule = \"spent <= allocation.amount\"",
            "rule = \"spent < allocation.amount\"",
        ),
        (
            "id = \"after\"\ntype = \"count\"",
            "id = \"after\"\ntype = \"count\"\nprevious = \"show\"",
        ),
        (
            "[[section.question]]\nid = \"asked\"",
            "[[section.question]]\nid = \"more\"\ntype = \"text\"\nlabel = \"More\"\nrequired = true\n\n\
             [[section.question]]\nid = \"asked\"",
        ),
    ]);
    let lines: Vec<String> = said
        .iter()
        .map(|one| format!("{:?}: {}", one.sort, one.words))
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn what_stands_elsewhere_has_moved() {
    let questions = |ids: [&str; 3]| {
        let asked = ids.map(|id| format!("[[section.question]]\nid = \"{id}\"\ntype = \"date\"\nlabel = \"{id}\"\n"));
        asked.join("")
    };
    let head = "form = \"f\"\nversion = 1\ntitle = \"F\"\nowed_by = \"grant\"\naudience = \"panel\"\n\
                [schedule]\nevery = \"month\"\nopens = \"end\"\ndue = \"end + 20d\"\ncloses = \"due + 9d\"\n";
    let section = |id: &str| format!("[[section]]\nid = \"{id}\"\ntitle = \"S\"\n");
    let old = format!(
        "{head}{}{}{}{}",
        section("one"),
        questions(["a", "b", "c"]),
        section("two"),
        questions(["d", "e", "f"])
    );
    let new = format!(
        "{head}{}{}{}each = \"allocation\"\n{}",
        section("two"),
        questions(["d", "f", "e"]),
        section("three"),
        questions(["a", "b", "c"])
    );
    let said = differences(&good(&old), &good(&new));
    let moved: Vec<&str> = said
        .iter()
        .filter(|one| one.sort == Sort::Moved)
        .map(|one| one.words.as_str())
        .collect();
    assert_eq!(moved.len(), 4, "{moved:#?}");
    assert!(moved[0].contains("moved from section `one` to section `three`. It comes once for each allocation"));
    assert_eq!(moved[3], "`e` in section `two` stands after `f` now.");
    let swapped = differences(&good(&new), &good(&new.replacen("version = 1", "version = 2", 1)));
    assert_eq!(swapped.len(), 1, "{swapped:#?}");
}

/// A line with its value changed in the ways that can be thought of.
fn other_values(line: &str) -> Vec<String> {
    let mut others = vec![String::new()];
    others.extend(
        ["quarter", "panel", "provider", "approver.of.it", "internal"].map(|word| {
            let key = line.split('=').next().unwrap_or_default();
            format!("{key}= \"{word}\"")
        }),
    );
    others.extend([
        line.replacen('"', "\"x", 1),
        line.replacen('1', "2", 1),
        line.replacen('2', "3", 1),
    ]);
    others.extend([
        line.replacen("sum", "max", 1),
        line.replacen("list", "last", 1),
        line.replacen("warning", "error", 1),
    ]);
    others.extend([
        line.replacen("error", "warning", 1),
        line.replacen("<", ">", 1),
        line.replacen('5', "6", 1),
    ]);
    others.extend([
        line.replacen("5", "4", 1),
        line.replacen(", \"", ", \"x", 1),
        line.replacen(" + ", " - ", 1),
    ]);
    others.retain(|other| other != line);
    others.sort();
    others.dedup();
    others
}

#[test]
fn no_change_of_one_line_goes_unsaid() {
    let old = good(EVERYTHING);
    let shown = |form: &crate::form::schema::Form| format!("{form:?}");
    let (before, mut tried) = (shown(&old), 0);
    let lines: Vec<&str> = EVERYTHING.lines().collect();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| line.contains(" = ")) {
        for other in other_values(line) {
            let mut changed = lines.clone();
            changed[at] = &other;
            let Some(mut new) = crate::form::parse::read(&changed.join("\n")).form else {
                continue;
            };
            // The print of the file is another, which says nothing about what the form says.
            new.digest = old.digest;
            if shown(&new) != before {
                tried += 1;
                assert!(!differences(&old, &new).is_empty(), "{line} -> {other}");
            }
        }
    }
    assert!(tried > 300, "{tried}");
}
