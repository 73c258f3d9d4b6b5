//! What a revision froze: the register, the findings, the words of the questions.
//!
//! Invariant: read from the revision's document alone, so that what has changed since changes no paper.

use std::collections::HashMap;

use countersign_domain::answers::types::{Finding, Register};
use countersign_domain::returns::Revision;

use crate::service::ServiceError;

/// What a revision froze of the register, the checks and the questions' words.
pub(super) struct Frozen {
    pub(super) register: Register,
    pub(super) findings: Vec<Finding>,
    /// By section and question.
    pub(super) labels: HashMap<(String, String), String>,
}

impl Frozen {
    pub(super) fn of(revision: &Revision) -> Result<Frozen, ServiceError> {
        let document: serde_json::Value = serde_json::from_str(&revision.document).map_err(ServiceError::internal)?;
        let part = |name: &str| document.get(name).cloned().unwrap_or_default();
        Ok(Frozen {
            register: serde_json::from_value(part("register")).map_err(ServiceError::internal)?,
            findings: serde_json::from_value(part("findings")).map_err(ServiceError::internal)?,
            labels: labels(&document),
        })
    }
}

/// The questions' labels as they were shown, placeholders filled in.
fn labels(document: &serde_json::Value) -> HashMap<(String, String), String> {
    let list = |value: &serde_json::Value, name: &str| value[name].as_array().cloned().unwrap_or_default();
    let text = |value: &serde_json::Value, name: &str| value[name].as_str().unwrap_or_default().to_owned();
    list(document, "sections")
        .iter()
        .flat_map(|section| {
            let key = text(section, "key");
            list(section, "answers")
                .iter()
                .map(|answer| ((key.clone(), text(answer, "question")), text(answer, "label")))
                .collect::<Vec<_>>()
        })
        .collect()
}
