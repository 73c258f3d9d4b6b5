//! The closing return of a partnership: what nobody saw in the paper is seen.

use super::paper::{
    at, draft, finding, form, messages, person, put, register, register_after_virement, say, shown, unsay,
};
use crate::answers::evaluate;
use crate::answers::format;
use crate::answers::types::{Explanation, Figure, FigureValue, Mark, SectionKey, TaskStatus};
use crate::form::schema::Severity;

fn key(text: &str) -> SectionKey {
    SectionKey(text.to_owned())
}

#[test]
fn the_allocations_are_440_over_and_say_so() {
    let evaluated = evaluate(&form(), &register(), &draft());
    let over = finding(&evaluated, "~uncovered@return");
    assert_eq!(over.severity, Severity::Error);
    assert_eq!(
        over.message,
        "The allocations come to £428,686.00. The grant and what was carried forward come to £428,246.00. \
         That is £440.00 too much. “Anti-social behaviour” has an increase of £440.00 that no virement covers: \
         ask the commissioner to record one."
    );
    let places: Vec<String> = over
        .at
        .iter()
        .map(|place| format!("{}:{}", place.section.0, place.question))
        .collect();
    assert_eq!(places, ["money:allocated_in_all", "project/asb:allocated"]);
    assert_eq!(shown(&evaluated, "money", "unallocated"), "-£440.00");
    assert_eq!(evaluated.section(&key("money")).unwrap().status, TaskStatus::HasErrors);
    assert!(!evaluated.figures.iter().any(|figure| figure.measure == "~unallocated"));
}

#[test]
fn a_virement_makes_allocations_and_spending_both_come_to_428_246() {
    let evaluated = evaluate(&form(), &register_after_virement(), &draft());
    assert_eq!(messages(&evaluated, "~uncovered"), Vec::<&str>::new());
    for question in ["available", "allocated_in_all", "total_spent"] {
        assert_eq!(shown(&evaluated, "money", question), "£428,246.00", "{question}");
    }
    assert_eq!(shown(&evaluated, "money", "variance"), "£0.00");
    assert_eq!(evaluated.section(&key("money")).unwrap().status, TaskStatus::Complete);
    assert!(evaluated.figures.contains(&Figure {
        measure: "~unallocated".into(),
        allocation: None,
        row: None,
        value: FigureValue::Money { pence: 0 },
        approximately: false,
    }));
    // The underspend is gone with the virement, and so is the question about it.
    let infrastructure = evaluated.section(&key("project/infrastructure")).unwrap();
    assert!(
        !infrastructure
            .questions
            .iter()
            .any(|view| view.id == "spending_note" && view.visible)
    );
}

#[test]
fn what_is_not_allocated_is_named_and_no_error() {
    let mut register = register_after_virement();
    register.allocations[7].amount = crate::money::Money::pence(3_756_000);
    let evaluated = evaluate(&form(), &register, &draft());
    assert_eq!(messages(&evaluated, "~uncovered"), Vec::<&str>::new());
    let left = evaluated
        .figures
        .iter()
        .find(|figure| figure.measure == "~unallocated")
        .unwrap();
    assert_eq!(format::figure(&left.value), "£1,000.00");
}

#[test]
fn items_that_do_not_come_to_what_was_spent_must_be_explained() {
    let evaluated = evaluate(&form(), &register(), &draft());
    let items = finding(&evaluated, "~split@project/asb/items");
    assert_eq!(items.severity, Severity::Warning);
    assert_eq!(
        items.message,
        "The items come to £16,535.00, £49.00 more than the £16,486.00 entered for “Amount spent in the year”."
    );
    assert_eq!(items.at.len(), 2);
    assert_eq!(evaluated.unexplained().count(), 1);
}

#[test]
fn a_share_typed_wrong_is_caught_and_one_rounded_is_not() {
    let evaluated = evaluate(&form(), &register(), &draft());
    assert_eq!(
        messages(&evaluated, "~percent"),
        [
            "You entered 28%. 160,200 of 552,500 is 29.0%.",
            "You entered 0.5%. 98,500 of 1,905,122 is 5.2%.",
        ]
    );
    let asked = |typed: &str| {
        let mut draft = draft();
        say(&mut draft, "project/drug-and-alcohol", "share", typed);
        messages(&evaluate(&form(), &register(), &draft), "~percent").len()
    };
    // The other project's share stays wrong throughout.
    assert_eq!(asked("5.2"), 1);
    assert_eq!(asked("5"), 1);
    assert_eq!(asked("5.0"), 2, "a place that was typed is compared");
    assert_eq!(asked("6%"), 2);
}

#[test]
fn a_ratio_over_nobody_is_not_applicable_and_never_nought() {
    let form = form();
    let evaluated = evaluate(&form, &register(), &draft());
    let section = "project/drug-and-alcohol";
    assert_eq!(shown(&evaluated, section, "returned_non_opiate"), "Not applicable");
    assert_eq!(shown(&evaluated, section, "returned_alcohol"), "0.0% (0 of 4)");
    assert_eq!(shown(&evaluated, section, "contact_opiate"), "25.0% (308 of 1,231)");
    assert_eq!(shown(&evaluated, section, "completed_both"), "42.9% (3 of 7)");
    assert_eq!(
        shown(&evaluated, "project/sexual-violence", "self_harm"),
        "71% (5 of 7)"
    );
    let (_, question) = form.question("contact_opiate").unwrap();
    let national = question.benchmark.as_ref().unwrap();
    assert_eq!(
        (national.value.to_string().as_str(), national.name.en.as_str()),
        ("21.9", "National average")
    );
    let figure = |id: &str| {
        evaluated
            .figures
            .iter()
            .find(|figure| figure.measure == id)
            .unwrap()
            .value
    };
    assert_eq!(figure("returned_non_opiate"), FigureValue::NotApplicable);
    assert_eq!(
        figure("contact_opiate"),
        FigureValue::Ratio {
            of: 308,
            per: 1_231,
            places: 1
        }
    );
    assert_eq!(
        figure("asb_change"),
        FigureValue::Number {
            scaled: -44,
            places: 1,
            percent: true
        }
    );
}

#[test]
fn a_missing_case_study_blocks() {
    let mut draft = draft();
    unsay(&mut draft, "project/prevent", "case_study");
    let evaluated = evaluate(&form(), &register_after_virement(), &draft);
    let missing = finding(&evaluated, "~required@project/prevent/case_study");
    assert_eq!(missing.message, "Enter a case study");
    assert!(evaluated.blocking().any(|finding| finding.key == missing.key));
    assert_eq!(
        evaluated.section(&key("project/prevent")).unwrap().status,
        TaskStatus::InProgress
    );
    assert_eq!(evaluated.findings_at(&key("project/prevent"), "case_study").count(), 1);
}

#[test]
fn put_right_and_explained_it_is_ready() {
    let mut draft = draft();
    say(&mut draft, "project/domestic-abuse", "share", "29%");
    say(&mut draft, "project/drug-and-alcohol", "share", "5.2%");
    let (form, register) = (form(), register_after_virement());
    let evaluated = evaluate(&form, &register, &draft);
    let errors: Vec<&str> = evaluated.blocking().map(|finding| finding.message.as_str()).collect();
    assert_eq!(errors, Vec::<&str>::new());
    assert!(!evaluated.ready());
    let warning = finding(&evaluated, "~split@project/asb/items");
    let explanation = |text: &str| Explanation {
        text: text.into(),
        figures: warning.figures.clone(),
        by: person(1),
        at: at(1),
    };
    draft
        .explanations
        .insert(warning.key.clone(), explanation("   .....  ok "));
    assert!(!evaluate(&form, &register, &draft).ready(), "ten letters at least");
    draft
        .explanations
        .insert(warning.key.clone(), explanation("One invoice was refunded in part."));
    let ready = evaluate(&form, &register, &draft);
    assert!(ready.ready());
    assert!(
        ready
            .sections
            .iter()
            .all(|section| section.status == TaskStatus::Complete)
    );

    say(&mut draft, "project/asb", "spent", "16,480");
    let changed = evaluate(&form, &register, &draft);
    let again = finding(&changed, "~split@project/asb/items");
    assert!(again.explanation.is_none());
    assert_eq!(
        again.earlier.as_ref().unwrap().text,
        "One invoice was refunded in part."
    );
}

#[test]
fn spending_more_than_allocated_is_a_warning_in_figures() {
    let mut draft = draft();
    say(&mut draft, "project/asb", "spent", "16,926");
    let evaluated = evaluate(&form(), &register_after_virement(), &draft);
    assert_eq!(
        messages(&evaluated, "~over_allocation"),
        ["£16,926.00 spent is £440.00 more than the £16,486.00 allocated to “Anti-social behaviour”."]
    );
    let total = finding(&evaluated, "spend_within_available@return");
    assert_eq!(total.severity, Severity::Error);
    assert_eq!(
        total.message,
        "The projects together spent £428,686.00. Only £428,246.00 was available, so that is £440.00 too much."
    );
    assert!(
        evaluated
            .findings
            .iter()
            .any(|f| f.key == "~required@project/asb/spending_note")
    );
}

#[test]
fn each_project_is_asked_its_own_questions() {
    let evaluated = evaluate(&form(), &register(), &draft());
    let asked = |section: &str, id: &str| {
        let section = evaluated.section(&key(section)).unwrap();
        section.questions.iter().any(|view| view.id == id && view.visible)
    };
    assert!(asked("project/asb", "members_engaged") && !asked("project/prevent", "members_engaged"));
    assert!(asked("project/domestic-abuse", "share") && !asked("project/asb", "share"));
    assert_eq!(
        evaluated.section(&key("project/asb")).unwrap().title,
        "Anti-social behaviour"
    );
    assert_eq!(
        shown(&evaluated, "project/domestic-abuse", "contract_total"),
        "£552,500.00"
    );
    let on_target = |id: &str| {
        let section = evaluated.section(&key("project/domestic-abuse")).unwrap();
        section.questions.iter().find(|view| view.id == id).unwrap().on_target
    };
    assert_eq!(on_target("engagement"), Some(true));
    assert_eq!(on_target("re_referral"), Some(true));
    assert_eq!(on_target("victims_supported"), None);
}

#[test]
fn an_empty_return_asks_for_everything_and_nothing_else() {
    let evaluated = evaluate(&form(), &register_after_virement(), &Default::default());
    assert!(evaluated.findings.iter().all(|finding| finding.check == "~required"));
    let status = |section: &str| evaluated.section(&key(section)).unwrap().status;
    assert_eq!(status("money"), TaskStatus::Complete);
    assert_eq!(status("project/asb"), TaskStatus::NotStarted);
    assert_eq!(shown(&evaluated, "money", "total_spent"), "");
}

#[test]
fn not_known_yet_is_an_answer_where_it_is_offered() {
    let mut draft = draft();
    put(&mut draft, "project/asb", "members_engaged", &[]);
    let mark = |draft: &mut crate::answers::types::Draft, id: &str| {
        draft
            .sections
            .get_mut(&key("project/asb"))
            .unwrap()
            .answers
            .get_mut(id)
            .unwrap()
            .mark = Mark::NotKnown;
    };
    mark(&mut draft, "members_engaged");
    mark(&mut draft, "spent");
    let evaluated = evaluate(&form(), &register_after_virement(), &draft);
    assert_eq!(shown(&evaluated, "project/asb", "members_engaged"), "Not known yet");
    assert!(
        !evaluated
            .findings
            .iter()
            .any(|f| f.key == "~required@project/asb/members_engaged")
    );
    assert!(messages(&evaluated, "~reading")[0].contains("cannot be “not known yet”"));
}

#[test]
fn the_return_for_2017_18_opens_on_3_april() {
    let schedule = form().schedule;
    let period = register().period;
    let anchors = crate::schedule_dates::Anchors {
        start: Some(period.start()),
        end: Some(period.end()),
        opens: None,
        due: None,
        closes: None,
    };
    let nation = crate::calendar::Nation::EnglandAndWales;
    let opens = crate::schedule_dates::resolve(&schedule.opens, anchors, nation).unwrap();
    assert_eq!(format::date(opens), "3 April 2018");
}
