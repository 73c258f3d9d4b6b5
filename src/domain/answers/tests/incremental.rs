//! A return that is kept worked out is at every moment what working it out from scratch makes of it.

use std::fmt::Write as _;
use std::sync::Arc;

use proptest::prelude::*;

use super::paper::{at, person, register_after_virement, say};
use super::rules::small;
use crate::answers::types::{Draft, DraftAnswer, DraftSection, Explanation, Mark, Register, SectionKey, TaskStatus};
use crate::answers::{Evaluation, evaluate};
use crate::form::schema::Form;

const EACH: [&str; 5] = ["", "allocation", "project", "cohort", "row"];

/// Two allocations of one project, and one of another.
fn register() -> Register {
    let mut register = register_after_virement();
    register.allocations.truncate(3);
    for allocation in &mut register.allocations[..2] {
        allocation.project = "both".into();
        allocation.project_title = "Both".into();
    }
    register
}

fn question(body: &mut String, id: &str, lines: &str) {
    let _ = writeln!(body, "[[section.question]]\nid = \"{id}\"\nlabel = \"{id}\"\n{lines}");
}

/// A form of sections that repeat in several ways, whose later questions read earlier ones.
fn form(sections: &[(usize, Vec<(u8, u8)>)]) -> Form {
    let mut body = String::from("[[section.question]]\nid = \"first\"\ntype = \"count\"\nlabel = \"First\"\n");
    let mut tail =
        String::from("[[cohort]]\nid = \"young\"\ntitle = \"Young\"\n[[cohort]]\nid = \"old\"\ntitle = \"Old\"\n");
    for (s, (each, questions)) in sections.iter().enumerate() {
        let name = format!("part{s}");
        let _ = writeln!(body, "[[section]]\nid = \"{name}\"\ntitle = \"{name}\"");
        match EACH[*each] {
            "" => {}
            "row" => {
                body += "each = \"row\"\nnamed_by = \"name\"\nmin_rows = 1\n"
                    .replace("name\"", &format!("n{s}\""))
                    .as_str()
            }
            each => {
                let _ = writeln!(body, "each = \"{each}\"");
            }
        }
        let named = if EACH[*each] == "row" {
            "type = \"text\""
        } else {
            "type = \"text\"\nshow_if = \"first > 3\""
        };
        question(&mut body, &format!("n{s}"), named);
        question(&mut body, &format!("c{s}"), "type = \"count\"\nrequired = true");
        let mut last = format!("c{s}");
        for (q, (kind, than)) in questions.iter().enumerate() {
            let id = format!("x{s}_{q}");
            let earlier = s.checked_sub(1).filter(|earlier| sections[*earlier].0 != 0);
            let lines = match (kind % 7, earlier) {
                (0, _) => format!("type = \"count\"\nshow_if = \"{last} > {than}\""),
                (1, _) => format!("type = \"calculated\"\nvalue = \"{last} + first\""),
                (2, Some(part)) => {
                    format!("type = \"calculated\"\nvalue = \"if any(part{part}, c{part} > 5) then {last} else 0\"")
                }
                (3, Some(part)) => format!("type = \"calculated\"\nvalue = \"count(part{part}) + {last}\""),
                (4, _) => format!("type = \"count\"\nsame_as = \"{last}\""),
                (5, _) => {
                    let columns = format!(
                        "[[section.question.column]]\nid = \"a{id}\"\ntype = \"count\"\nlabel = \"A\"\nrequired = true\n\
                         [[section.question.column]]\nid = \"b{id}\"\ntype = \"calculated\"\nlabel = \"B\"\nvalue = \"a{id} + {last}\"\n"
                    );
                    let rows = if than % 2 == 0 || EACH[*each] == "cohort" {
                        "added"
                    } else {
                        "cohorts"
                    };
                    question(
                        &mut body,
                        &format!("t{id}"),
                        &format!("type = \"matrix\"\nrows = \"{rows}\"\n{columns}"),
                    );
                    let counted = if than % 4 == 0 {
                        format!("count(t{id})")
                    } else {
                        format!("sum(t{id}, b{id})")
                    };
                    format!("type = \"calculated\"\nvalue = \"{counted} + 0\"")
                }
                _ => "type = \"count\"\napproximately = true".to_owned(),
            };
            question(&mut body, &id, &lines);
            let scope = if than % 3 == 0 {
                String::new()
            } else {
                format!("in = \"{name}\"\n")
            };
            let rule = if scope.is_empty() && *each != 0 {
                format!("all(part{s}, {id} < {than})")
            } else {
                format!("{id} < {than}")
            };
            let beside = if scope.is_empty() && *each != 0 { "first" } else { &last };
            let severity = if than % 2 == 0 { "warning" } else { "error" };
            let id_of_check = format!("k{s}_{q}");
            let _ = write!(
                tail,
                "[[check]]\nid = \"{id_of_check}\"\n{scope}rule = \"{rule}\"\nseverity = \"{severity}\"\nat = [\"{beside}\"]\nmessage = \"Too many.\"\n"
            );
            last = id;
        }
        let _ = write!(
            tail,
            "[[measure]]\nid = \"m{s}\"\ntitle = \"M\"\nin = \"{name}\"\nof = \"{last}\"\nper = \"c{s}\"\n"
        );
    }
    small(&(body + &tail))
}

/// One save: which section, which of its questions, and what is typed.
type Edit = (usize, usize, u8, String);

fn apply(form: &Form, keys: &[SectionKey], draft: &mut Draft, edit: &Edit) -> SectionKey {
    let (section, question, how, text) = edit;
    let of = &form.sections[section % form.sections.len()];
    let possible: Vec<&SectionKey> = keys
        .iter()
        .filter(|key| key.0.split('/').next() == Some(&of.id))
        .collect();
    let key = possible[usize::from(*how) % possible.len()].clone();
    let section: &mut DraftSection = draft.sections.entry(key.clone()).or_default();
    if *how % 16 == 15 {
        section.removed = !section.removed;
        return key;
    }
    let question = &of.questions[question % of.questions.len()];
    let column = match &question.kind {
        crate::form::schema::Kind::Table(table) => Some(table.columns[0].id.clone()),
        _ => None,
    };
    let answer = section
        .answers
        .entry(question.id.clone())
        .or_insert_with(|| DraftAnswer {
            fields: Default::default(),
            mark: Mark::Given,
            approximately: false,
            files: vec![],
            by: person(1),
            at: at(0),
            version: 0,
        });
    answer.version += 1;
    answer.approximately = how % 5 == 0;
    let field = match column {
        Some(column) => format!("{}.{column}", ["young", "old", "0", "1", "4"][usize::from(*how) % 5]),
        None => "value".to_owned(),
    };
    answer.fields.insert(field, text.clone());
    key
}

fn keys(form: &Form, register: &Register) -> Vec<SectionKey> {
    let mut keys: Vec<SectionKey> = evaluate(form, register, &Draft::default())
        .sections
        .into_iter()
        .map(|section| section.key)
        .collect();
    for section in form.sections.iter().filter(|section| section.rows.is_some()) {
        keys.extend((1..4).map(|row| SectionKey(format!("{}/{row}", section.id))));
    }
    keys
}

/// A figure in every box.
fn all_filled(form: &Form, keys: &[SectionKey]) -> Draft {
    let mut draft = Draft::default();
    for key in keys {
        let section = key.0.split('/').next().and_then(|id| form.section(id)).unwrap();
        for question in &section.questions {
            say(&mut draft, &key.0, &question.id, "3");
        }
    }
    draft
}

fn same(evaluation: &Evaluation, form: &Form, register: &Register, draft: &Draft) -> Result<(), TestCaseError> {
    let (kept, fresh) = (evaluation.evaluated(), evaluate(form, register, draft));
    prop_assert_eq!(&kept.findings, &fresh.findings);
    prop_assert_eq!(&kept.figures, &fresh.figures);
    prop_assert_eq!(format!("{:#?}", kept.sections), format!("{:#?}", fresh.sections));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn kept_worked_out_is_worked_out_from_scratch(
        sections in prop::collection::vec((0_usize..5, prop::collection::vec((any::<u8>(), 0_u8..12), 1..5)), 1..5),
        filled in any::<bool>(),
        edits in prop::collection::vec((any::<usize>(), any::<usize>(), any::<u8>(), "[0-9]{0,2}|x"), 1..25),
    ) {
        let (form, register) = (Arc::new(form(&sections)), register());
        let keys = keys(&form, &register);
        let mut draft = if filled { all_filled(&form, &keys) } else { Draft::default() };
        let mut evaluation = Evaluation::new(Arc::clone(&form), register.clone(), draft.clone());
        for edit in &edits {
            let key = apply(&form, &keys, &mut draft, edit);
            evaluation.save(&key, draft.sections[&key].clone());
            same(&evaluation, &form, &register, &draft)?;
        }
        let explained: std::collections::BTreeMap<String, Explanation> = evaluation
            .evaluated()
            .findings
            .iter()
            .map(|finding| {
                let text = "It was counted by hand.".to_owned();
                let figures = finding.figures.clone();
                (finding.key.clone(), Explanation { text, figures, by: person(1), at: at(1) })
            })
            .collect();
        draft.explanations.clone_from(&explained);
        evaluation.explain(explained);
        same(&evaluation, &form, &register, &draft)?;
    }
}

#[test]
fn the_paper_is_kept_as_it_is_worked_out() {
    let (form, register) = (Arc::new(super::paper::form()), register_after_virement());
    let mut draft = super::paper::draft();
    let mut evaluation = Evaluation::new(Arc::clone(&form), register.clone(), draft.clone());
    for (section, question, text) in [
        ("project/asb", "spent", "16,926"),
        ("project/asb", "spent", "16,486"),
        ("project/domestic-abuse", "share", "29%"),
        ("project/prevent", "case_study", ""),
        ("project/prevent", "spent", "x"),
    ] {
        say(&mut draft, section, question, text);
        let key = SectionKey(section.into());
        evaluation.save(&key, draft.sections[&key].clone());
        same(&evaluation, &form, &register, &draft).unwrap();
    }
}

#[test]
fn a_finding_that_moves_to_another_section_is_no_longer_counted_in_the_first() {
    let form = Arc::new(small(
        r#"
[[section.question]]
id = "first"
type = "count"
label = "First"
[[section]]
id = "later"
title = "Later"
[[section.question]]
id = "asked"
type = "count"
label = "Asked"
[[section.question]]
id = "why"
type = "text"
label = "Why"
show_if = "asked > 3"
[[check]]
id = "few"
rule = "asked < 3"
severity = "error"
at = ["why"]
message = "Too many."
"#,
    ));
    let (register, mut draft) = (register(), Draft::default());
    say(&mut draft, "s", "first", "1");
    say(&mut draft, "later", "asked", "3");
    let mut evaluation = Evaluation::new(Arc::clone(&form), register.clone(), draft.clone());
    assert_eq!(evaluation.evaluated().sections[0].status, TaskStatus::HasErrors);
    say(&mut draft, "later", "asked", "4");
    let key = SectionKey("later".into());
    evaluation.save(&key, draft.sections[&key].clone());
    same(&evaluation, &form, &register, &draft).unwrap();
}

#[test]
fn a_save_leaves_what_does_not_depend_on_it_alone() {
    let mut body = String::new();
    for q in 0..10 {
        question(&mut body, &format!("note{q}"), "type = \"text\"");
    }
    for s in 0..49 {
        let _ = writeln!(body, "[[section]]\nid = \"part{s}\"\ntitle = \"Part\"");
        for q in 0..9 {
            question(&mut body, &format!("p{s}_{q}"), "type = \"count\"");
        }
        question(
            &mut body,
            &format!("twice{s}"),
            &format!("type = \"calculated\"\nvalue = \"p{s}_0 + p{s}_1\""),
        );
    }
    let form = Arc::new(small(&body));
    let mut draft = Draft::default();
    let mut evaluation = Evaluation::new(Arc::clone(&form), register(), draft.clone());
    let whole = evaluation.worked_out();
    assert_eq!(whole, 500);
    say(&mut draft, "part7", "p7_0", "12");
    let key = SectionKey("part7".into());
    evaluation.save(&key, draft.sections[&key].clone());
    assert_eq!(
        evaluation.worked_out() - whole,
        2,
        "the count, and what is calculated from it"
    );
    evaluation.save(&key, draft.sections[&key].clone());
    assert_eq!(evaluation.worked_out() - whole, 2, "nothing changed");
}
