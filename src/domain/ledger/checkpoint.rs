//! Checkpoints, as C2SP `tlog-checkpoint` writes them: the text of a note that says how large the
//! ledger is and what its root is. Its invariant: a checkpoint has one text.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use thiserror::Error;

use super::Digest;
use super::note::{NoteError, NoteSigner, NoteVerifier};

/// The state of a ledger: whoever keeps one can show whether the ledger was rewritten since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    origin: String,
    size: u64,
    root: Digest,
    extensions: Vec<String>,
}

/// Why a checkpoint was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CheckpointError {
    /// The name of the ledger is empty or has a control character in it.
    #[error("a ledger's name must be one line and not empty")]
    Origin,
    /// The text is not an origin, a size and a root.
    #[error("the checkpoint is not a name, a size and a root, each on its line")]
    Malformed,
    /// The checkpoint is another ledger's.
    #[error("the checkpoint is another ledger's")]
    OtherLedger,
    /// The note that it came in does not open.
    #[error(transparent)]
    Note(#[from] NoteError),
}

impl Checkpoint {
    /// The checkpoint of the ledger named `origin` at `size` leaves.
    ///
    /// # Errors
    /// When the origin is empty or more than one line.
    pub fn new(origin: &str, size: u64, root: Digest) -> Result<Self, CheckpointError> {
        if origin.is_empty() || origin.contains(char::is_control) {
            return Err(CheckpointError::Origin);
        }
        Ok(Self {
            origin: origin.to_owned(),
            size,
            root,
            extensions: Vec::new(),
        })
    }

    /// The ledger's name.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// How many leaves it had.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The root over them.
    #[must_use]
    pub const fn root(&self) -> Digest {
        self.root
    }

    /// The text that is signed: origin, size and root, a line each, and whatever lines another
    /// implementation put after them.
    #[must_use]
    pub fn text(&self) -> String {
        let root = BASE64.encode(self.root.as_bytes());
        let mut text = format!("{}\n{}\n{root}\n", self.origin, self.size);
        for extension in &self.extensions {
            text.push_str(extension);
            text.push('\n');
        }
        text
    }

    /// Reads a checkpoint's text, which must have been checked as a note's already.
    ///
    /// # Errors
    /// When the text is not what [`Checkpoint::text`] writes.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let mut lines = text.split_terminator('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next()) else {
            return Err(CheckpointError::Malformed);
        };
        let size = size.parse().map_err(|_| CheckpointError::Malformed)?;
        let root = BASE64
            .decode(root)
            .ok()
            .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok())
            .ok_or(CheckpointError::Malformed)?;
        let mut checkpoint = Self::new(origin, size, root.into())?;
        checkpoint.extensions = lines.map(str::to_owned).collect();
        let blank = checkpoint.extensions.iter().any(String::is_empty);
        // Catches a size with a nought or a plus before it and a last line without its end.
        if blank || checkpoint.text() != text {
            return Err(CheckpointError::Malformed);
        }
        Ok(checkpoint)
    }

    /// The checkpoint as a signed note.
    ///
    /// # Errors
    /// When its text cannot stand in a note.
    pub fn sign(&self, signer: &NoteSigner) -> Result<String, CheckpointError> {
        Ok(signer.sign(&self.text())?)
    }

    /// The checkpoint in a signed note, once its signature and its origin have been checked.
    ///
    /// # Errors
    /// When the note is not signed by this key, or is another ledger's or not a checkpoint.
    pub fn open(note: &str, verifier: &NoteVerifier, origin: &str) -> Result<Self, CheckpointError> {
        let checkpoint = Self::parse(verifier.open(note)?)?;
        if checkpoint.origin == origin {
            Ok(checkpoint)
        } else {
            Err(CheckpointError::OtherLedger)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::tree::leaf_hash;

    const ORIGIN: &str = "returns.example.org/ledger";

    fn checkpoint() -> Checkpoint {
        Checkpoint::new(ORIGIN, 1, leaf_hash(b"")).unwrap()
    }

    #[test]
    fn is_three_lines() {
        let text = checkpoint().text();
        assert_eq!(
            text,
            "returns.example.org/ledger\n1\nbjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=\n"
        );
        assert_eq!(Checkpoint::parse(&text), Ok(checkpoint()));
    }

    #[test]
    fn goes_through_a_note_and_back() {
        let signer = NoteSigner::from_seed(ORIGIN, &[9; 32]).unwrap();
        let note = checkpoint().sign(&signer).unwrap();
        let verifier = signer.verifier();
        assert_eq!(Checkpoint::open(&note, verifier, ORIGIN), Ok(checkpoint()));
        let elsewhere = Checkpoint::open(&note, verifier, "elsewhere.example.org/ledger");
        assert_eq!(elsewhere, Err(CheckpointError::OtherLedger));
        let larger = note.replace("\n1\n", "\n2\n");
        assert_eq!(
            Checkpoint::open(&larger, verifier, ORIGIN),
            Err(CheckpointError::Note(NoteError::Signature))
        );
    }

    #[test]
    fn lines_of_others_are_kept() {
        let text = format!("{}a line of another's\n", checkpoint().text());
        assert_eq!(Checkpoint::parse(&text).unwrap().text(), text);
    }

    #[test]
    fn any_other_spelling_is_refused() {
        let text = checkpoint().text();
        for wrong in [
            text.replace("\n1\n", "\n01\n"),
            text.replace("\n1\n", "\n+1\n"),
            text.replace("\n1\n", "\n-1\n"),
            text.replace("\n1\n", "\n18446744073709551616\n"),
            text.replace("B0=", "B0"),
            text.replace("B0=", "B1="),
            text.replace("bjQ", ""),
            text.trim_end().to_owned(),
            format!("{text}\n"),
            format!("{text}\nextension\n"),
            format!("\n{text}"),
            String::new(),
        ] {
            assert!(Checkpoint::parse(&wrong).is_err(), "{wrong:?}");
        }
        assert!(Checkpoint::new("", 0, leaf_hash(b"")).is_err());
        assert!(Checkpoint::new("two\nlines", 0, leaf_hash(b"")).is_err());
    }
}
