//! What is made of an answer of each kind, as typed.

use super::paper::{messages, put, register_after_virement as register, say, shown};
use super::rules::small;
use crate::answers::evaluate;
use crate::answers::types::{Draft, Evaluated, Mark, SectionKey};

fn asked(kind: &str, fields: &[(&str, &str)]) -> Evaluated {
    let form = small(&format!(
        "[[section.question]]\nid = \"q\"\nlabel = \"The thing\"\n{kind}"
    ));
    let mut draft = Draft::default();
    put(&mut draft, "s", "q", fields);
    let mut register = register();
    register.fund.priorities = vec![
        ("safer".to_owned(), "Safer streets".to_owned()),
        ("victims".to_owned(), "Help for victims".to_owned()),
    ];
    evaluate(&form, &register, &draft)
}

#[test]
fn each_kind_is_read_or_refused_in_words() {
    let options =
        "type = \"choice\"\noptions = [{ id = \"a\", label = \"First\" }, { id = \"b\", label = \"Second\" }]";
    let ratio = "type = \"ratio\"\nof_label = \"People helped\"\nper_label = \"People asked\"";
    let date: fn(&'static str, &'static str, &'static str) -> Vec<(&'static str, &'static str)> =
        |day, month, year| vec![("day", day), ("month", month), ("year", year)];
    let split =
        "type = \"split\"\nof = \"m\"\nmax_rows = 2\n[[section.question]]\nid = \"m\"\ntype = \"money\"\nlabel = \"M\"";
    for (kind, fields, wanted, problem) in [
        ("type = \"money\"", vec![("value", "1.042m")], "£1,042,000.00", ""),
        ("type = \"money\"", vec![("value", "£")], "", "Enter an amount"),
        ("type = \"money\"", vec![("value", "1.000,00")], "", "Did you mean"),
        (
            "type = \"money\"",
            vec![("value", "-5")],
            "-£5.00",
            "The thing must be £0 or more",
        ),
        ("type = \"money\"\nnegative = true", vec![("value", "-5")], "-£5.00", ""),
        ("type = \"count\"", vec![("value", "2,067")], "2,067", ""),
        ("type = \"percent\"\nplaces = 2", vec![("value", "5.20 %")], "5.20%", ""),
        (
            "type = \"percent\"",
            vec![("value", "-5%")],
            "-5%",
            "must be 0% or more",
        ),
        (
            ratio,
            vec![("of", "9"), ("per", "7")],
            "129% (9 of 7)",
            "You entered 9 of 7",
        ),
        (ratio, vec![("of", "9")], "", "Enter people asked"),
        (
            ratio,
            vec![("of", "x"), ("per", "y")],
            "",
            "People helped must be a whole number",
        ),
        ("type = \"date\"", date("3", "April", "2018"), "3 April 2018", ""),
        ("type = \"date\"", date("30", "2", "2018"), "", "must be a real date"),
        (
            "type = \"date\"",
            date("3", "", ""),
            "",
            "must include a month and a year",
        ),
        ("type = \"date\"", date("3", "4", "18"), "", "a year of 4 numbers"),
        ("type = \"yes_no\"", vec![("value", "no")], "No", ""),
        ("type = \"yes_no\"", vec![("value", "perhaps")], "", "Select yes or no"),
        (options, vec![("value", "b")], "Second", ""),
        (options, vec![("value", "c")], "", "Select one of the answers"),
        (
            "type = \"text\"\nmax_chars = 3",
            vec![("value", " abcd ")],
            "",
            "3 characters or fewer. You have used 4.",
        ),
        (
            "type = \"narrative\"\nmax_words = 2",
            vec![("value", "one two\r\nthree")],
            "one two\nthree",
            "2 words or fewer",
        ),
        (
            "type = \"declaration\"\nstatement = \"I say so.\"",
            vec![("value", "yes")],
            "Declared",
            "",
        ),
        (
            split,
            vec![("0.item", "Rent"), ("0.amount", "10"), ("4.amount", "")],
            "Rent: £10.00; together £10.00",
            "",
        ),
        (split, vec![("0.amount", "10")], "", "Enter what the £10.00 was for"),
        (split, vec![("0.item", "Rent")], "", "Enter the amount for “Rent”"),
    ] {
        let kind = kind.replace("type = \"ratio\"", "type = \"ratio\"\nplaces = 0");
        let evaluated = asked(&kind, &fields);
        let said: Vec<&str> = evaluated
            .findings
            .iter()
            .map(|finding| finding.message.as_str())
            .collect();
        assert_eq!(shown(&evaluated, "s", "q"), wanted, "{kind} {fields:?} {said:?}");
        match problem {
            "" => assert_eq!(said, Vec::<&str>::new(), "{kind} {fields:?}"),
            problem => assert!(
                said.len() == 1 && said[0].contains(problem),
                "{kind} {fields:?} {said:?}"
            ),
        }
    }
}

#[test]
fn a_mark_and_a_figure_contradict_each_other() {
    let form = small(
        "[[section.question]]\nid = \"q\"\ntype = \"count\"\nlabel = \"Visits\"\nnot_known = true\nrequired = true",
    );
    let mut draft = Draft::default();
    say(&mut draft, "s", "q", "5");
    draft
        .sections
        .get_mut(&SectionKey("s".into()))
        .unwrap()
        .answers
        .get_mut("q")
        .unwrap()
        .mark = Mark::NotKnown;
    let evaluated = evaluate(&form, &register(), &draft);
    assert_eq!(
        messages(&evaluated, "~reading"),
        ["Visits must be a figure or “not known yet”, not both"]
    );
    assert_eq!(evaluated.findings.len(), 1, "not asked for twice");
}

#[test]
fn ranges_choices_and_contacts_are_read_or_refused_in_words() {
    let choices = "type = \"choices\"\nmin = 2\nmax = 2\noptions = [{ id = \"a\", label = \"First\" }, \
                   { id = \"b\", label = \"Second\" }, { id = \"c\", label = \"Third\" }]";
    let decimal = "type = \"decimal\"\nplaces = 1";
    let contact = |name, email, phone| vec![("name", name), ("email", email), ("phone", phone)];
    for (kind, fields, wanted, problem) in [
        (decimal, vec![("value", "2.5")], "2.5", ""),
        (decimal, vec![("value", "1,234")], "1,234", ""),
        (decimal, vec![("value", "2.55")], "", "no more than 1 decimal place"),
        (decimal, vec![("value", "-1")], "-1", "must be 0 or more"),
        ("type = \"range\"", vec![("value", " about 55–60 ")], "about 55–60", ""),
        ("type = \"range\"", vec![("value", "55 to 60")], "55 to 60", ""),
        (
            "type = \"range\"",
            vec![("value", "between 55 and 60")],
            "between 55 and 60",
            "",
        ),
        ("type = \"range\"", vec![("value", "1,250")], "1,250", ""),
        (
            "type = \"range\"",
            vec![("value", "60-55")],
            "",
            "from the smaller number to the larger",
        ),
        ("type = \"range\"", vec![("value", "55-")], "", "like 55 to 60"),
        ("type = \"range\"", vec![("value", "5-6-7")], "", "like 55 to 60"),
        (choices, vec![("c", "yes"), ("a", "yes"), ("b", "")], "First; Third", ""),
        (choices, vec![("a", "yes")], "", "Select at least 2"),
        (
            choices,
            vec![("a", "yes"), ("b", "yes"), ("c", "yes")],
            "",
            "Select no more than 2",
        ),
        (choices, vec![("d", "yes")], "", "Select from the answers offered"),
        (
            "type = \"priority\"\nmax = 1",
            vec![("safer", "yes")],
            "Safer streets",
            "",
        ),
        (
            "type = \"priority\"\nmax = 1",
            vec![("safer", "yes"), ("victims", "yes")],
            "",
            "Select only one",
        ),
        (
            "type = \"priority\"",
            vec![("other", "yes")],
            "",
            "Select from the answers offered",
        ),
        (
            "type = \"contact\"",
            contact("Jo  Moor", "jo@example.org", "01632 960 001"),
            "Jo Moor, jo@example.org, 01632 960 001",
            "",
        ),
        ("type = \"contact\"", contact("", "", ""), "", ""),
        (
            "type = \"contact\"",
            contact("Jo", "", ""),
            "",
            "Enter an email address or a telephone number",
        ),
        (
            "type = \"contact\"",
            contact("", "jo@example.org", ""),
            "",
            "Enter a name",
        ),
        (
            "type = \"contact\"",
            contact("Jo", "jo@example", ""),
            "",
            "like name@example.org",
        ),
        ("type = \"contact\"", contact("Jo", "", "960"), "", "like 01632 960 001"),
    ] {
        let evaluated = asked(kind, &fields);
        let said: Vec<&str> = evaluated
            .findings
            .iter()
            .map(|finding| finding.message.as_str())
            .collect();
        assert_eq!(shown(&evaluated, "s", "q"), wanted, "{kind} {fields:?} {said:?}");
        let found = said.iter().any(|said| said.contains(problem));
        assert_eq!(
            (said.len(), found || problem.is_empty()),
            (usize::from(!problem.is_empty()), true),
            "{fields:?} {said:?}"
        );
    }
    let wrong = asked("type = \"range\"", &[("value", "60-55")]);
    assert_eq!(wrong.findings[0].key, "~range@s/q");
}
