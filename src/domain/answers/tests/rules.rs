//! What evaluation makes of blanks, hidden answers, odd text and forms of every kind.

use proptest::prelude::*;

use super::paper::{draft, finding, form, messages, put, register_after_virement as register, say, shown};
use crate::answers::evaluate;
use crate::answers::types::{Draft, Evaluated, Mark, SectionKey};
use crate::form::parse::parse;
use crate::form::schema::Form;

const HEAD: &str = r#"
form = "small"
version = 1
title = "Small"
owed_by = "grant"
audience = "panel"
[schedule]
every = "financial-year"
opens = "end + 1d"
due = "end + 20wd"
closes = "due + 60d"
remind = ["opens"]
[[stage]]
id = "sign"
kind = "sign-off"
by = "partnership.chair"
statement = "It is right."
[[section]]
id = "s"
title = "Section"
"#;

fn small(body: &str) -> Form {
    parse(&format!("{HEAD}{body}")).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn asked(kind: &str, fields: &[(&str, &str)]) -> Evaluated {
    let form = small(&format!("[[section.question]]\nid = \"q\"\nlabel = \"The thing\"\n{kind}"));
    let mut draft = Draft::default();
    put(&mut draft, "s", "q", fields);
    evaluate(&form, &register(), &draft)
}

#[test]
fn each_kind_is_read_or_refused_in_words() {
    let options = "type = \"choice\"\noptions = [{ id = \"a\", label = \"First\" }, { id = \"b\", label = \"Second\" }]";
    let ratio = "type = \"ratio\"\nof_label = \"People helped\"\nper_label = \"People asked\"";
    let date: fn(&'static str, &'static str, &'static str) -> Vec<(&'static str, &'static str)> =
        |day, month, year| vec![("day", day), ("month", month), ("year", year)];
    let split = "type = \"split\"\nof = \"m\"\nmax_rows = 2\n[[section.question]]\nid = \"m\"\ntype = \"money\"\nlabel = \"M\"";
    for (kind, fields, wanted, problem) in [
        ("type = \"money\"", vec![("value", "1.042m")], "£1,042,000.00", ""),
        ("type = \"money\"", vec![("value", "£")], "", "Enter an amount"),
        ("type = \"money\"", vec![("value", "1.000,00")], "", "Did you mean"),
        ("type = \"money\"", vec![("value", "-5")], "-£5.00", "The thing must be £0 or more"),
        ("type = \"money\"\nnegative = true", vec![("value", "-5")], "-£5.00", ""),
        ("type = \"count\"", vec![("value", "2,067")], "2,067", ""),
        ("type = \"percent\"\nplaces = 2", vec![("value", "5.20 %")], "5.20%", ""),
        ("type = \"percent\"", vec![("value", "-5%")], "-5%", "must be 0% or more"),
        (ratio, vec![("of", "9"), ("per", "7")], "129% (9 of 7)", "You entered 9 of 7"),
        (ratio, vec![("of", "9")], "", "Enter people asked"),
        (ratio, vec![("of", "x"), ("per", "y")], "", "People helped must be a whole number"),
        ("type = \"date\"", date("3", "April", "2018"), "3 April 2018", ""),
        ("type = \"date\"", date("30", "2", "2018"), "", "must be a real date"),
        ("type = \"date\"", date("3", "", ""), "", "must include a month and a year"),
        ("type = \"date\"", date("3", "4", "18"), "", "a year of 4 numbers"),
        ("type = \"yes_no\"", vec![("value", "no")], "No", ""),
        ("type = \"yes_no\"", vec![("value", "perhaps")], "", "Select yes or no"),
        (options, vec![("value", "b")], "Second", ""),
        (options, vec![("value", "c")], "", "Select one of the answers"),
        ("type = \"text\"\nmax_chars = 3", vec![("value", " abcd ")], "", "3 characters or fewer. You have used 4."),
        ("type = \"narrative\"\nmax_words = 2", vec![("value", "one two\r\nthree")], "one two\nthree", "2 words or fewer"),
        ("type = \"declaration\"\nstatement = \"I say so.\"", vec![("value", "yes")], "Declared", ""),
        (split, vec![("0.item", "Rent"), ("0.amount", "10"), ("4.amount", "")], "Rent: £10.00; together £10.00", ""),
        (split, vec![("0.amount", "10")], "", "Enter what the £10.00 was for"),
        (split, vec![("0.item", "Rent")], "", "Enter the amount for “Rent”"),
    ] {
        let kind = kind.replace("type = \"ratio\"", "type = \"ratio\"\nplaces = 0");
        let evaluated = asked(&kind, &fields);
        let said: Vec<&str> = evaluated.findings.iter().map(|finding| finding.message.as_str()).collect();
        assert_eq!(shown(&evaluated, "s", "q"), wanted, "{kind} {fields:?} {said:?}");
        match problem {
            "" => assert_eq!(said, Vec::<&str>::new(), "{kind} {fields:?}"),
            problem => assert!(said.len() == 1 && said[0].contains(problem), "{kind} {fields:?} {said:?}"),
        }
    }
}

#[test]
fn a_mark_and_a_figure_contradict_each_other() {
    let form = small("[[section.question]]\nid = \"q\"\ntype = \"count\"\nlabel = \"Visits\"\nnot_known = true\nrequired = true");
    let mut draft = Draft::default();
    say(&mut draft, "s", "q", "5");
    draft.sections.get_mut(&SectionKey("s".into())).unwrap().answers.get_mut("q").unwrap().mark = Mark::NotKnown;
    let evaluated = evaluate(&form, &register(), &draft);
    assert_eq!(messages(&evaluated, "~reading"), ["Visits must be a figure or “not known yet”, not both"]);
    assert_eq!(evaluated.findings.len(), 1, "not asked for twice");
}

#[test]
fn hidden_answers_are_out_of_everything() {
    let form = small(
        r#"
[[section.question]]
id = "has"
type = "yes_no"
label = "Is there any?"
[[section.question]]
id = "much"
type = "money"
label = "How much?"
required = true
show_if = "has"
[[section.question]]
id = "twice"
type = "calculated"
label = "Twice that"
value = "much + much"
[[check]]
id = "small"
rule = "much < £10"
severity = "error"
at = ["much"]
message = "{much} is not less than £10."
"#,
    );
    let mut draft = Draft::default();
    say(&mut draft, "s", "has", "yes");
    say(&mut draft, "s", "much", "25");
    let open = evaluate(&form, &register(), &draft);
    assert_eq!(finding(&open, "small@return").message, "£25.00 is not less than £10.");
    assert_eq!(shown(&open, "s", "twice"), "£50.00");
    say(&mut draft, "s", "has", "no");
    let hidden = evaluate(&form, &register(), &draft);
    assert_eq!(hidden.findings, []);
    assert_eq!((shown(&hidden, "s", "twice"), shown(&hidden, "s", "much")), ("", ""));
    assert!(!hidden.figures.iter().any(|figure| figure.measure == "much"));
    assert!(hidden.sections[0].questions[1].draft.is_some(), "kept");
    say(&mut draft, "s", "has", "");
    say(&mut draft, "s", "much", "");
    assert_eq!(evaluate(&form, &register(), &draft).findings, [], "a rule that touches a blank says nothing");
}

#[test]
fn a_long_chain_of_calculations_is_worked_out_in_its_own_order() {
    let length = 300;
    let mut body = String::new();
    for n in (1..length).rev() {
        body += &format!("[[section.question]]\nid = \"c{n}\"\ntype = \"calculated\"\nlabel = \"C\"\nvalue = \"c{} + 1\"\n", n - 1);
    }
    body += "[[section.question]]\nid = \"c0\"\ntype = \"count\"\nlabel = \"C\"\n";
    let mut draft = Draft::default();
    say(&mut draft, "s", "c0", "1");
    let evaluated = evaluate(&small(&body), &register(), &draft);
    assert_eq!(shown(&evaluated, "s", &format!("c{}", length - 1)), length.to_string());
}

#[test]
fn measures_keep_both_numbers_and_know_their_units() {
    let form = small(
        r#"
[[section.question]]
id = "used"
type = "money"
label = "Used"
approximately = true
[[section.question]]
id = "given"
type = "money"
label = "Given"
[[measure]]
id = "usage"
title = "Usage"
in = "s"
of = "used"
per = "given"
places = 1
[[check]]
id = "most"
rule = "usage >= 90"
severity = "warning"
at = ["used"]
message = "Only {usage}% was used."
"#,
    );
    let mut draft = Draft::default();
    say(&mut draft, "s", "used", "50");
    say(&mut draft, "s", "given", "75");
    let used = |draft: &mut Draft| {
        draft.sections.get_mut(&SectionKey("s".into())).unwrap().answers.get_mut("used").unwrap().approximately = true;
    };
    used(&mut draft);
    let evaluated = evaluate(&form, &register(), &draft);
    let usage = |evaluated: &Evaluated| {
        let figure = evaluated.figures.iter().find(|figure| figure.measure == "usage").unwrap().clone();
        crate::answers::format::figure_of(&form, &figure)
    };
    assert_eq!(usage(&evaluated), "Approximately 66.7% (£50.00 of £75.00)");
    assert_eq!(shown(&evaluated, "s", "used"), "Approximately £50.00");
    assert_eq!(finding(&evaluated, "most@return").message, "Only 66.67% was used.");
    say(&mut draft, "s", "given", "0");
    used(&mut draft);
    let nothing = evaluate(&form, &register(), &draft);
    assert_eq!(usage(&nothing), "Approximately Not applicable");
    assert_eq!(messages(&nothing, "most"), Vec::<&str>::new());
}

#[test]
fn personal_data_is_a_warning_that_does_not_repeat_it() {
    let mut draft = draft();
    say(&mut draft, "project/prevent", "case_study", "Write to jo.bloggs@example.org about this story.");
    let evaluated = evaluate(&form(), &register(), &draft);
    let warning = finding(&evaluated, "~personal_data@project/prevent/case_study");
    assert!(warning.message.starts_with("A case study seems to hold an email address."));
    assert!(!format!("{} {}", warning.message, warning.figures).contains("bloggs"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_draft_stops_it(texts in prop::collection::vec(".{0,12}|[0-9£%.,-]{0,8}", 1..40)) {
        let form = form();
        let mut draft = draft();
        let mut text = texts.iter().cycle();
        for section in draft.sections.values_mut() {
            for answer in section.answers.values_mut() {
                for field in answer.fields.values_mut() {
                    field.clone_from(text.next().unwrap());
                }
            }
        }
        let evaluated = evaluate(&form, &register(), &draft);
        prop_assert_eq!(evaluated.sections.len(), 11);
        prop_assert!(evaluated.findings.iter().all(|finding| !finding.at.is_empty()));
        let mut keys: Vec<&str> = evaluated.findings.iter().map(|finding| finding.key.as_str()).collect();
        keys.sort_unstable();
        keys.dedup();
        prop_assert_eq!(keys.len(), evaluated.findings.len());
    }
}
