//! Signed notes, as C2SP `signed-note` writes them and Go's checksum database reads them. Its
//! invariant: text is only ever handed out once a signature over exactly it has been checked.
//!
//! A note is its text, an empty line, and a line for each signature. Only Ed25519 is used.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use thiserror::Error;

use super::Digest;

/// The note form's number for Ed25519.
const ED25519: u8 = 1;
/// A longer note is not read.
const LONGEST: usize = 1_000_000;
/// A note with more signatures is not read, because each costs a check.
const MOST_SIGNATURES: usize = 100;

/// Why a note, a key or a name was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NoteError {
    /// A key's name is empty or has a space, a plus or a control character in it.
    #[error("a key's name must not be empty or have a space or a plus in it")]
    Name,
    /// The text does not end with a new line, or has a control character in it.
    #[error("a note's text must end with a new line and have no control characters")]
    Text,
    /// The key is not `name+hash+key`, is of another kind, or its hash is not that of the key.
    #[error("the verifier key is not a name, a hash and an Ed25519 key that agree")]
    Key,
    /// There is no empty line, or a signature line is not as it should be.
    #[error("the note is not a text and its signatures")]
    Malformed,
    /// No signature is by the key.
    #[error("the note is not signed by this key")]
    Unsigned,
    /// A signature by the key is not over this text.
    #[error("the signature does not match the text")]
    Signature,
}

/// A name and the secret key that signs for it.
pub struct NoteSigner {
    key: SigningKey,
    verifier: NoteVerifier,
}

impl NoteSigner {
    /// Signs as `name` with this key.
    ///
    /// # Errors
    /// When the name cannot stand in a note.
    pub fn new(name: &str, key: SigningKey) -> Result<Self, NoteError> {
        let verifier = NoteVerifier::new(name, key.verifying_key())?;
        Ok(Self { key, verifier })
    }

    /// Signs as `name` with the key of these 32 secret bytes.
    ///
    /// # Errors
    /// When the name cannot stand in a note.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, NoteError> {
        Self::new(name, SigningKey::from_bytes(seed))
    }

    /// What anybody needs to check its signatures.
    #[must_use]
    pub const fn verifier(&self) -> &NoteVerifier {
        &self.verifier
    }

    /// The text as a note with one signature.
    ///
    /// # Errors
    /// When the text does not end with a new line or holds a control character.
    pub fn sign(&self, text: &str) -> Result<String, NoteError> {
        if !is_text(text) {
            return Err(NoteError::Text);
        }
        let mut signature = Vec::with_capacity(68);
        signature.extend_from_slice(&self.verifier.hash);
        signature.extend_from_slice(&self.key.sign(text.as_bytes()).to_bytes());
        let (name, signature) = (&self.verifier.name, BASE64.encode(signature));
        Ok(format!("{text}\n— {name} {signature}\n"))
    }
}

/// Shows whose key it is and nothing of the key.
impl fmt::Debug for NoteSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NoteSigner({})", self.verifier.name)
    }
}

/// A name and the public key that its signatures are checked with. Its text is the verifier key:
/// `name+hash+key`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteVerifier {
    name: String,
    hash: [u8; 4],
    key: VerifyingKey,
}

impl NoteVerifier {
    /// Checks signatures by `name` with this key.
    ///
    /// # Errors
    /// When the name cannot stand in a note.
    pub fn new(name: &str, key: VerifyingKey) -> Result<Self, NoteError> {
        if !is_name(name) {
            return Err(NoteError::Name);
        }
        let digest = Digest::of_parts(&[name.as_bytes(), b"\n", &[ED25519], key.as_bytes()]);
        let [a, b, c, d, ..] = *digest.as_bytes();
        Ok(Self {
            name: name.to_owned(),
            hash: [a, b, c, d],
            key,
        })
    }

    /// The name that signs.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The note's text, once a signature by this key over it has been checked. Signatures by
    /// others are passed over.
    ///
    /// # Errors
    /// When the note is malformed, is not signed by this key, or such a signature is false.
    pub fn open<'a>(&self, note: &'a str) -> Result<&'a str, NoteError> {
        let (text, signatures) = take_apart(note)?;
        let mut signed = false;
        for line in signatures.lines() {
            let (name, signature) = signature_line(line)?;
            let (hash, signature) = signature.split_at(4);
            if name != self.name || hash != self.hash {
                continue;
            }
            let signature = Signature::from_slice(signature).map_err(|_| NoteError::Signature)?;
            self.key
                .verify_strict(text.as_bytes(), &signature)
                .map_err(|_| NoteError::Signature)?;
            signed = true;
        }
        if signed { Ok(text) } else { Err(NoteError::Unsigned) }
    }
}

impl fmt::Display for NoteVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hash = u32::from_be_bytes(self.hash);
        let mut key = vec![ED25519];
        key.extend_from_slice(self.key.as_bytes());
        write!(f, "{}+{hash:08x}+{}", self.name, BASE64.encode(key))
    }
}

impl FromStr for NoteVerifier {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(_), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(NoteError::Key);
        };
        let key = BASE64.decode(key).map_err(|_| NoteError::Key)?;
        let Some((&ED25519, key)) = key.split_first() else {
            return Err(NoteError::Key);
        };
        let key = key.try_into().map_err(|_| NoteError::Key)?;
        let key = VerifyingKey::from_bytes(key).map_err(|_| NoteError::Key)?;
        let verifier = Self::new(name, key)?;
        // The hash is the first thing that a mistyped key gets wrong.
        if verifier.to_string() == text {
            Ok(verifier)
        } else {
            Err(NoteError::Key)
        }
    }
}

/// The text with its last new line, and the signature lines.
fn take_apart(note: &str) -> Result<(&str, &str), NoteError> {
    if note.len() > LONGEST || !is_text(note) {
        return Err(NoteError::Malformed);
    }
    let gap = note.rfind("\n\n").ok_or(NoteError::Malformed)?;
    let (text, signatures) = (&note[..=gap], &note[gap + 2..]);
    let lines = signatures.lines().count();
    if lines == 0 || lines > MOST_SIGNATURES {
        return Err(NoteError::Malformed);
    }
    Ok((text, signatures))
}

/// A signature line's name, and its key's hash with the signature: at least five bytes.
fn signature_line(line: &str) -> Result<(&str, Vec<u8>), NoteError> {
    line.strip_prefix("— ")
        .and_then(|line| line.split_once(' '))
        .filter(|(name, _)| is_name(name))
        .and_then(|(name, signature)| Some((name, BASE64.decode(signature).ok()?)))
        .filter(|(_, signature)| signature.len() > 4)
        .ok_or(NoteError::Malformed)
}

fn is_name(name: &str) -> bool {
    let bad = |c: char| c.is_whitespace() || c.is_control() || c == '+';
    !name.is_empty() && !name.contains(bad)
}

fn is_text(text: &str) -> bool {
    text.ends_with('\n') && !text.contains(|c: char| c.is_ascii_control() && c != '\n')
}

#[cfg(test)]
mod tests;
