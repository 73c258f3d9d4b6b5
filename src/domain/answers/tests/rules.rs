//! What evaluation makes of blanks, hidden answers, odd text and forms of every kind.

use proptest::prelude::*;

use super::paper::{draft, finding, form, messages, register_after_virement as register, say, shown};
use crate::answers::evaluate;
use crate::answers::types::{Draft, Evaluated, Register, SectionKey};
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

pub fn small(body: &str) -> Form {
    parse(&format!("{HEAD}{body}")).unwrap_or_else(|problems| panic!("{problems:#?}"))
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
[[measure]]
id = "whole"
title = "Whole"
in = "s"
of = "much"
per = "much"
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
    let counted = |evaluated: &Evaluated, id: &str| evaluated.figures.iter().any(|figure| figure.measure == id);
    assert!(counted(&open, "much") && counted(&open, "whole"));
    assert!(!counted(&hidden, "much") && !counted(&hidden, "whole"));
    assert!(hidden.sections[0].questions[1].draft.is_some(), "kept");
    say(&mut draft, "s", "has", "");
    say(&mut draft, "s", "much", "");
    assert_eq!(
        evaluate(&form, &register(), &draft).findings,
        [],
        "a rule that touches a blank says nothing"
    );
}

#[test]
fn a_long_chain_of_calculations_is_worked_out_in_its_own_order() {
    let length = 300;
    let mut body = String::new();
    for n in (1..length).rev() {
        body += &format!(
            "[[section.question]]\nid = \"c{n}\"\ntype = \"calculated\"\nlabel = \"C\"\nvalue = \"c{} + 1\"\n",
            n - 1
        );
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
        draft
            .sections
            .get_mut(&SectionKey("s".into()))
            .unwrap()
            .answers
            .get_mut("used")
            .unwrap()
            .approximately = true;
    };
    used(&mut draft);
    let evaluated = evaluate(&form, &register(), &draft);
    let usage = |evaluated: &Evaluated| {
        let figure = evaluated
            .figures
            .iter()
            .find(|figure| figure.measure == "usage")
            .unwrap()
            .clone();
        crate::answers::format::figure_of(&form, &figure)
    };
    assert_eq!(usage(&evaluated), "Approximately 66.7% (£50.00 of £75.00)");
    assert_eq!(shown(&evaluated, "s", "used"), "Approximately £50.00");
    assert_eq!(finding(&evaluated, "most@return").message, "Only 66.67% was used.");
    say(&mut draft, "s", "given", "0");
    used(&mut draft);
    let nothing = evaluate(&form, &register(), &draft);
    assert_eq!(usage(&nothing), "Not applicable");
    assert_eq!(messages(&nothing, "most"), Vec::<&str>::new());
}

#[test]
fn personal_data_is_a_warning_that_does_not_repeat_it() {
    let mut draft = draft();
    say(
        &mut draft,
        "project/prevent",
        "case_study",
        "Write to jo.bloggs@example.org about this story.",
    );
    let evaluated = evaluate(&form(), &register(), &draft);
    let warning = finding(&evaluated, "~personal_data@project/prevent/case_study");
    assert!(
        warning
            .message
            .starts_with("A case study seems to hold an email address.")
    );
    assert!(!format!("{} {}", warning.message, warning.figures).contains("bloggs"));
}

#[test]
fn an_explanation_is_asked_again_when_any_row_that_was_added_up_changes() {
    let form = small(
        r#"
[[section.question]]
id = "note"
type = "text"
label = "Note"
[[section]]
id = "part"
title = "{allocation.title}"
each = "allocation"
[[section.question]]
id = "spent"
type = "money"
label = "Spent"
[[check]]
id = "most"
in = "part"
rule = "spent + spent <= sum(part, spent)"
severity = "warning"
at = ["spent"]
message = "More than half was spent on one project."
"#,
    );
    let mut draft = Draft::default();
    for allocation in &register().allocations {
        say(&mut draft, &format!("part/{}", allocation.key), "spent", "1");
    }
    say(&mut draft, "part/asb", "spent", "100");
    let figures = |draft: &Draft| {
        let evaluated = evaluate(&form, &register(), draft);
        assert_eq!(messages(&evaluated, "most").len(), 1);
        finding(&evaluated, "most@part/asb").figures.clone()
    };
    let before = figures(&draft);
    say(&mut draft, "part/prevent", "spent", "2");
    assert_ne!(figures(&draft), before);
}

#[test]
fn what_nobody_can_fill_in_is_not_listened_to() {
    let mut draft = draft();
    say(&mut draft, "money", "award", "1");
    say(&mut draft, "money", "total_spent", "1");
    let evaluated = evaluate(&form(), &register(), &draft);
    assert_eq!(shown(&evaluated, "money", "award"), "£400,568.00");
    assert_eq!(shown(&evaluated, "money", "total_spent"), "£428,246.00");
    let money = evaluated.section(&SectionKey("money".into())).unwrap();
    assert!(money.questions.iter().all(|question| question.draft.is_none()));
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

#[test]
fn a_period_is_called_what_its_form_calls_it_and_counts_its_days() {
    let form = small(
        "[[section.question]]\nid = \"when\"\ntype = \"text\"\nlabel = \"When\"\nfrom = \"period.label\"\nlocked = true\n",
    );
    let mut register = register();
    let when = |register: &Register| shown(&evaluate(&form, register, &Draft::default()), "s", "when").to_owned();
    assert_eq!(when(&register), "2017-18");
    register.period_label = Some("The first year".to_owned());
    assert_eq!(when(&register), "The first year");
    let days = small(
        "[[section.question]]\nid = \"nights\"\ntype = \"calculated\"\nlabel = \"Nights\"\nvalue = \"2 * period.days\"\n",
    );
    let evaluated = evaluate(&days, &register, &Draft::default());
    assert_eq!(
        shown(&evaluated, "s", "nights"),
        "730",
        "both of its last days are in it"
    );
    // A revision that was frozen before forms had such words is read all the same.
    let mut frozen = serde_json::to_value(&register).unwrap();
    frozen.as_object_mut().unwrap().remove("period_label");
    let read: Register = serde_json::from_value(frozen).unwrap();
    assert_eq!(read.period_words(), "2017-18");
}
