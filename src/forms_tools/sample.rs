//! `forms sample`: made-up answers to a form, some that can be submitted and some that cannot, as JSON.
//!
//! Invariant: the same file and seed give the same document. When no valid answers are found that is said in the document,
//! with what stood in the way, and the command fails.

use std::io::{self, Write};
use std::path::Path;

use countersign_domain::answers::types::{Draft, Finding, Mark, Register};
use countersign_domain::form::schema::{Form, Severity};
use countersign_domain::sample::{broken, period, register, valid};
use serde_json::{Map, Value, json};

use super::form_of;

/// How often a valid set is looked for before giving up.
const TRIES: usize = 50;

/// Writes `count` samples, the first with this seed, each next with the next. True when valid answers were found for each.
pub fn say(path: &Path, seed: u64, count: u64, out: &mut impl Write) -> io::Result<Result<bool, String>> {
    let form = match form_of(path) {
        Ok(form) => form,
        Err(problem) => return Ok(Err(problem)),
    };
    let Some(period) = period(&form) else {
        return Ok(Err("This form names no period.\n".to_owned()));
    };
    let mut found = true;
    let mut samples = Vec::new();
    for seed in (0..count).map(|more| seed.wrapping_add(more)) {
        let register = register(&form, period, seed);
        let (sample, one) = sample(&form, &register, seed);
        found &= one;
        samples.push(sample);
    }
    let document = json!({ "form": form.id, "version": form.version, "samples": samples });
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)?;
    Ok(Ok(found))
}

fn sample(form: &Form, register: &Register, seed: u64) -> (Value, bool) {
    let mut sample = json!({ "seed": seed, "register": register });
    let draft = match valid(form, register, seed, TRIES) {
        Ok(draft) => draft,
        Err(none) => {
            sample["none_found"] = json!({ "tries": none.tries, "in_the_way": none.left });
            return (sample, false);
        }
    };
    sample["valid"] = answers(&draft);
    sample["invalid"] = match broken(form, register, &draft, seed) {
        Some(broken) => {
            let mut spoilt = answers(&broken.draft);
            spoilt["breaks"] = reason(broken.how, &broken.finding);
            spoilt
        }
        None => Value::Null,
    };
    (sample, true)
}

/// Answers as they are typed, by section and question, and the explanations of warnings.
fn answers(draft: &Draft) -> Value {
    let mut sections = Map::new();
    for (key, section) in &draft.sections {
        let mut questions = Map::new();
        for (id, answer) in &section.answers {
            let mut said = json!({ "fields": answer.fields });
            if answer.mark != Mark::Given {
                said["mark"] = json!(answer.mark);
            }
            if answer.approximately {
                said["approximately"] = json!(true);
            }
            if !answer.files.is_empty() {
                let names = answer.files.iter().map(|file| file.name.as_str());
                said["files"] = names.collect();
            }
            questions.insert(id.clone(), said);
        }
        sections.insert(key.0.clone(), Value::Object(questions));
    }
    let explanations = draft.explanations.iter();
    let explanations: Map<String, Value> = explanations.map(|(key, of)| (key.clone(), json!(of.text))).collect();
    json!({ "answers": sections, "explanations": explanations })
}

fn reason(how: &str, finding: &Finding) -> Value {
    let said = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning that is not explained",
    };
    json!({
        "how": how,
        "check": finding.check,
        "is": said,
        "message": finding.message,
        "at": finding.at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &str = "forms/s5-partnership/evaluation.toml";

    fn said(path: &str, seed: u64, count: u64) -> (Result<bool, String>, String) {
        let mut out = Vec::new();
        let said = say(Path::new(path), seed, count, &mut out).expect("written");
        (said, String::from_utf8(out).expect("text"))
    }

    #[test]
    fn each_seed_has_a_sample_and_the_same_one_again() {
        let (found, text) = said(FORM, 3, 2);
        assert_eq!(found, Ok(true));
        let json: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(
            (json["samples"][0]["seed"].as_u64(), json["samples"][1]["seed"].as_u64()),
            (Some(3), Some(4))
        );
        for sample in json["samples"].as_array().expect("a list") {
            assert!(sample["valid"]["answers"].is_object(), "{sample}");
            assert!(sample["invalid"]["breaks"]["message"].is_string(), "{sample}");
        }
        assert_eq!(said(FORM, 3, 2).1, text);
        assert_ne!(said(FORM, 5, 2).1, text);
    }

    #[test]
    fn a_form_without_an_answer_is_said_to_have_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("f.toml");
        let text = "form = \"f\"\nversion = 1\ntitle = \"F\"\nowed_by = \"grant\"\naudience = \"panel\"\n\
                    [schedule]\nevery = \"month\"\nopens = \"end\"\ndue = \"end + 20d\"\ncloses = \"due + 9d\"\n\
                    [[section]]\nid = \"s\"\ntitle = \"S\"\n\
                    [[section.question]]\nid = \"n\"\ntype = \"count\"\nlabel = \"N\"\nrequired = true\n\
                    [[check]]\nid = \"never\"\nrule = \"n > 5 and n < 3\"\nseverity = \"error\"\nat = [\"n\"]\n\
                    message = \"It cannot be {n}.\"\n";
        std::fs::write(&path, text).expect("written");
        let (found, text) = said(&path.display().to_string(), 1, 1);
        assert_eq!(found, Ok(false));
        let json: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(json["samples"][0]["none_found"]["tries"].as_u64(), Some(TRIES as u64));
    }
}
