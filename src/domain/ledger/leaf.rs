//! A leaf of the ledger: that an event of the workflow happened, with a commitment to what it was.
//! Its invariant: a leaf tells nobody anything of the body that it commits to, so that body and
//! salt can be erased on request while every proof over the leaf still holds.

use chrono::{DateTime, NaiveDateTime, SubsecRound, Utc};
use serde_json::{Value, json};
use thiserror::Error;

use super::Digest;
use super::canonical::{CanonicalError, canonical, parse_strict};
use super::tree::leaf_hash;
use crate::ids::ReturnId;

/// The version of the leaf's form that is written here.
const VERSION: i64 = 1;
/// To the microsecond, which is what both databases keep.
const TIME: &str = "%Y-%m-%dT%H:%M:%S%.6fZ";

/// One event of the workflow, as the log keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventLeaf {
    event: String,
    return_id: Option<ReturnId>,
    revision: Option<u32>,
    at: DateTime<Utc>,
    commitment: Digest,
}

/// The text is not a leaf.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LeafError {
    /// It is not JSON that can be hashed.
    #[error(transparent)]
    Canonical(#[from] CanonicalError),
    /// It lacks a field, has one too many, or one is of the wrong kind.
    #[error("the leaf's “{0}” is not as it should be")]
    Field(&'static str),
    /// It says the same as a leaf in another spelling, which has another hash.
    #[error("the leaf is not in its one spelling")]
    Spelling,
}

/// The commitment to an event's body: SHA-256 of the salt and the body's canonical JSON. The salt
/// must be random and used once; without it nobody can test a guess at the body.
///
/// # Errors
/// When the body has no canonical JSON: it holds a fraction, or is too deep.
pub fn commit(salt: &[u8; 32], body: &Value) -> Result<Digest, CanonicalError> {
    let body = canonical(body)?;
    Ok(Digest::of_parts(&[salt, body.as_bytes()]))
}

impl EventLeaf {
    /// A leaf for an event that happened at this moment, kept to the microsecond. An event that
    /// concerns no return, or no revision of one, has none.
    #[must_use]
    pub fn new(
        event: &str,
        return_id: Option<ReturnId>,
        revision: Option<u32>,
        at: DateTime<Utc>,
        commitment: Digest,
    ) -> Self {
        Self {
            event: event.to_owned(),
            return_id,
            revision,
            at: at.trunc_subsecs(6),
            commitment,
        }
    }

    /// What happened: the action's name.
    #[must_use]
    pub fn event(&self) -> &str {
        &self.event
    }

    /// The return that it happened to.
    #[must_use]
    pub const fn return_id(&self) -> Option<ReturnId> {
        self.return_id
    }

    /// The revision that it happened to.
    #[must_use]
    pub const fn revision(&self) -> Option<u32> {
        self.revision
    }

    /// When, to the microsecond.
    #[must_use]
    pub const fn at(&self) -> DateTime<Utc> {
        self.at
    }

    /// What the body and its salt must hash to.
    #[must_use]
    pub const fn commitment(&self) -> Digest {
        self.commitment
    }

    /// The leaf's bytes, as text: canonical JSON.
    #[must_use]
    pub fn text(&self) -> String {
        let value = json!({
            "v": VERSION,
            "event": self.event,
            "return": self.return_id.map(|id| id.to_string()),
            "revision": self.revision,
            "at": self.at.format(TIME).to_string(),
            "commitment": self.commitment.to_string(),
        });
        canonical(&value).expect("strings and a small number always have a canonical form")
    }

    /// The leaf's hash in the tree.
    #[must_use]
    pub fn hash(&self) -> Digest {
        leaf_hash(self.text().as_bytes())
    }

    /// Whether this body, with this salt, is the one that was committed to.
    #[must_use]
    pub fn holds(&self, salt: &[u8; 32], body: &Value) -> bool {
        commit(salt, body) == Ok(self.commitment)
    }

    /// Reads a leaf back from its text.
    ///
    /// # Errors
    /// When the text is anything but what [`EventLeaf::text`] writes.
    pub fn parse(text: &str) -> Result<Self, LeafError> {
        let value = parse_strict(text)?;
        if value.get("v").and_then(Value::as_i64) != Some(VERSION) {
            return Err(LeafError::Field("v"));
        }
        let string = |name: &'static str| value.get(name).and_then(Value::as_str).ok_or(LeafError::Field(name));
        let return_id = match value.get("return") {
            Some(Value::Null) => None,
            _ => Some(string("return")?.parse().map_err(|_| LeafError::Field("return"))?),
        };
        let revision = match value.get("revision") {
            Some(Value::Null) => None,
            other => Some(
                other
                    .and_then(Value::as_u64)
                    .and_then(|number| u32::try_from(number).ok())
                    .ok_or(LeafError::Field("revision"))?,
            ),
        };
        let at = NaiveDateTime::parse_from_str(string("at")?, TIME)
            .map_err(|_| LeafError::Field("at"))?
            .and_utc();
        let commitment = string("commitment")?
            .parse()
            .map_err(|_| LeafError::Field("commitment"))?;
        let leaf = Self::new(string("event")?, return_id, revision, at, commitment);
        // Catches unknown fields, spaces, the order of keys and every other second spelling.
        if leaf.text() == text {
            Ok(leaf)
        } else {
            Err(LeafError::Spelling)
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn leaf() -> (EventLeaf, [u8; 32], Value) {
        let salt = [7; 32];
        let body = json!({ "actor": "A. Person", "figures": [42_824_600, null] });
        let commitment = commit(&salt, &body).unwrap();
        let at = "2018-04-27T14:05:06.123456789Z".parse().unwrap();
        let id = ReturnId::from(Uuid::from_u128(5));
        (EventLeaf::new("signed", Some(id), Some(2), at, commitment), salt, body)
    }

    #[test]
    fn is_canonical_json_and_reads_back() {
        let (leaf, ..) = leaf();
        let text = leaf.text();
        assert_eq!(
            text,
            format!(
                "{{\"at\":\"2018-04-27T14:05:06.123456Z\",\"commitment\":\"{}\",\"event\":\"signed\",\
                 \"return\":\"00000000-0000-0000-0000-000000000005\",\"revision\":2,\"v\":1}}",
                leaf.commitment()
            )
        );
        assert_eq!(EventLeaf::parse(&text), Ok(leaf.clone()));
        assert_eq!(leaf.hash(), leaf_hash(text.as_bytes()));
        let bare = EventLeaf::new("ticked", None, None, leaf.at(), leaf.commitment());
        assert!(bare.text().contains("\"return\":null,\"revision\":null"));
        assert_eq!(EventLeaf::parse(&bare.text()), Ok(bare));
    }

    #[test]
    fn holds_its_body_and_no_other() {
        let (leaf, salt, body) = leaf();
        assert!(leaf.holds(&salt, &body));
        assert!(!leaf.holds(&[8; 32], &body));
        assert!(!leaf.holds(&salt, &json!({ "actor": "A. Person", "figures": [42_824_601, null] })));
        assert!(!leaf.holds(&salt, &json!(0.5)));
    }

    #[test]
    fn any_other_spelling_is_refused() {
        let text = leaf().0.text();
        for wrong in [
            text.replace(",\"v\"", ", \"v\""),
            text.replace("\"v\":1", "\"v\":2"),
            text.replace("\"v\":1", "\"v\":1,\"w\":1"),
            text.replace("\"v\":1", "\"v\":1,\"v\":1"),
            text.replace("\"revision\":2", "\"revision\":-2"),
            text.replace("\"revision\":2", "\"revision\":2.0"),
            text.replace("\"revision\":2,", ""),
            text.replace("123456Z", "123456+00:00"),
            text.replace("123456Z", "1234567Z"),
            text.replace("0005\"", "0005 \""),
            text.replace("signed", "\\u0073igned"),
            String::new(),
        ] {
            assert!(EventLeaf::parse(&wrong).is_err(), "{wrong}");
        }
    }
}
