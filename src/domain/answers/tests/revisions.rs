//! The document of a submission: everything that was submitted, in one sequence of bytes.

use uuid::Uuid;

use super::paper::{at, draft, form, person, put, register, register_after_virement, say};
use crate::answers::types::{Draft, Explanation, FileRef, Register, SectionKey};
use crate::answers::{RevisionMeta, changes, document, evaluate, figures_of};
use crate::ids::ReturnId;
use crate::ledger::canonical;

fn meta(number: u32) -> RevisionMeta {
    RevisionMeta {
        return_id: ReturnId::from(Uuid::from_u128(7)),
        number,
        submitted_by: person(1),
        submitted_at: at(30),
        reason: (number > 1).then(|| "The shares were wrong".to_owned()),
    }
}

fn written(register: &Register, draft: &Draft, number: u32) -> serde_json::Value {
    let form = form();
    document(&form, register, draft, &evaluate(&form, register, draft), &meta(number))
}

#[test]
fn the_figures_come_back_from_the_document() {
    let (form, register, mut draft) = (form(), register(), draft());
    draft
        .sections
        .get_mut(&SectionKey("project/asb".into()))
        .and_then(|section| section.answers.get_mut("spent"))
        .unwrap()
        .approximately = true;
    let evaluated = evaluate(&form, &register, &draft);
    let document = document(&form, &register, &draft, &evaluated, &meta(1));
    let text = serde_json::to_string(&document).unwrap();
    let read: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(figures_of(&read).unwrap(), evaluated.figures);
    assert!(evaluated.figures.iter().any(|figure| figure.approximately));
    assert!(figures_of(&serde_json::json!({ "figures": [] })).is_err());
    assert!(figures_of(&serde_json::json!({ "revision": 1, "figures": [{ "measure": 1 }] })).is_err());
}

#[test]
fn the_document_is_canonical_and_whole() {
    let mut draft = draft();
    let file = FileRef {
        digest: "ab".repeat(32),
        name: "report.pdf".into(),
        size: 12,
        media: "application/pdf".into(),
    };
    put(&mut draft, "project/asb", "evidence", &[]);
    let asb = draft.sections.get_mut(&SectionKey("project/asb".into())).unwrap();
    asb.answers.get_mut("evidence").unwrap().files = vec![file.clone(), file];
    // An answer to a question that is not asked here stays in the draft.
    say(&mut draft, "project/asb", "share", "99.9");
    let document = written(&register(), &draft, 2);
    assert!(
        canonical::digest(&document).is_ok(),
        "no floats, no numbers that a double cannot hold"
    );
    assert_eq!(document["form"]["digest"], form().digest.to_string());
    assert_eq!(document["return"]["reason"], "The shares were wrong");
    assert_eq!(document["register"]["allocations"].as_array().unwrap().len(), 8);
    assert_eq!(document["attachments"].as_array().unwrap().len(), 1);
    assert_eq!(document["preparers"], serde_json::json!([person(1)]));
    let text = document.to_string();
    assert!(text.contains("1,231"), "as typed");
    assert!(!text.contains("99.9"), "hidden answers are not submitted");
    assert!(text.contains("That is £440.00 too much"), "findings travel");
    assert!(
        text.contains("nothing in them identifies"),
        "the words that were agreed to"
    );
    assert_eq!(written(&register(), &draft, 2), document, "the same for the same");
}

#[test]
fn changes_are_told_in_peoples_words() {
    let old = written(&register(), &draft(), 1);
    assert_eq!(changes(&old, &old), []);
    let mut draft = draft();
    say(&mut draft, "project/drug-and-alcohol", "share", "5.2%");
    say(&mut draft, "project/asb", "spent", "£16,486.00");
    let form = form();
    let after = register_after_virement();
    let warning = evaluate(&form, &after, &draft).unexplained().next().unwrap().clone();
    let text = "One invoice was refunded in part.".to_owned();
    let explanation = Explanation {
        text,
        figures: warning.figures,
        by: person(2),
        at: at(5),
    };
    draft.explanations.insert(warning.key, explanation);
    let new = written(&after, &draft, 2);
    let said: Vec<String> = changes(&old, &new)
        .into_iter()
        .map(|c| format!("{} {} [{}] -> [{}]", c.section, c.question, c.before, c.after))
        .collect();
    assert_eq!(
        said,
        [
            "money allocated_in_all [£428,686.00] -> [£428,246.00]",
            "money unallocated [-£440.00] -> [£0.00]",
            "project/drug-and-alcohol share [0.5%] -> [5.2%]",
            "project/infrastructure allocated [£39,000.00] -> [£38,560.00]",
            "project/infrastructure spending_note \
             [Less was needed than planned, and it covers what another project lacked.] -> []",
            "project/asb items [] -> [One invoice was refunded in part.]",
        ]
    );
    assert_eq!(new["preparers"], serde_json::json!([person(1), person(2)]));
}
