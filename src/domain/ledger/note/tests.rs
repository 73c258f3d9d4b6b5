//! The example that Go's `x/mod/sumdb/note` publishes, both ways, and everything that must not
//! verify.

use super::*;

const KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
/// Published as an example, so no secret: the kind of key, then its seed.
const SEED: &str = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const TEXT: &str = "If you think cryptography is the answer to your problem,\n\
                    then you don't know what your problem is.\n";
const SIGNATURE: &str =
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

fn published() -> String {
    format!("{TEXT}\n{SIGNATURE}")
}

fn verifier() -> NoteVerifier {
    KEY.parse().unwrap()
}

#[test]
fn the_published_note_opens() {
    assert_eq!(verifier().open(&published()), Ok(TEXT));
    assert_eq!(verifier().to_string(), KEY);
    assert_eq!(verifier().name(), "PeterNeumann");
}

#[test]
fn signing_gives_the_published_note() {
    let seed = BASE64.decode(SEED).unwrap();
    let seed: &[u8; 32] = seed[1..].try_into().unwrap();
    let signer = NoteSigner::from_seed("PeterNeumann", seed).unwrap();
    assert_eq!(signer.sign(TEXT).unwrap(), published());
    assert_eq!(signer.verifier().to_string(), KEY);
    assert_eq!(format!("{signer:?}"), "NoteSigner(PeterNeumann)");
}

#[test]
fn any_changed_byte_is_found() {
    let note = published();
    for at in 0..note.len() {
        let mut bytes = note.clone().into_bytes();
        bytes[at] ^= 1;
        if let Ok(changed) = String::from_utf8(bytes) {
            assert!(verifier().open(&changed).is_err(), "{changed}");
        }
        if note.is_char_boundary(at) {
            assert!(verifier().open(&note[..at]).is_err());
        }
    }
}

#[test]
fn others_signatures_are_passed_over() {
    let other = NoteSigner::from_seed("council.example/log", &[1; 32]).unwrap();
    let theirs = other.sign(TEXT).unwrap();
    let line = theirs.strip_prefix(TEXT).unwrap().trim_start();
    for note in [
        format!("{TEXT}\n{line}{SIGNATURE}"),
        format!("{TEXT}\n{SIGNATURE}{line}"),
    ] {
        assert_eq!(verifier().open(&note), Ok(TEXT));
        assert_eq!(other.verifier().open(&note), Ok(TEXT));
    }
    assert_eq!(verifier().open(&theirs), Err(NoteError::Unsigned));
    // The same name with another key is another signer.
    let namesake = NoteSigner::from_seed("PeterNeumann", &[2; 32]).unwrap();
    let forged = namesake.sign(TEXT).unwrap();
    assert_eq!(verifier().open(&forged), Err(NoteError::Unsigned));
}

#[test]
fn a_false_signature_spoils_the_note_even_beside_a_true_one() {
    let false_one = SIGNATURE.replace("ZJku", "ZJkv");
    let note = format!("{TEXT}\n{SIGNATURE}{false_one}");
    assert_eq!(verifier().open(&note), Err(NoteError::Signature));
}

#[test]
fn malformed_notes_are_refused() {
    for note in [
        String::new(),
        TEXT.to_owned(),
        format!("{TEXT}\n"),
        format!("{TEXT}{SIGNATURE}"),
        format!("{TEXT}\n{}", SIGNATURE.trim_end()),
        format!("{TEXT}\n{}", SIGNATURE.replace('—', "-")),
        format!("{TEXT}\n{}", SIGNATURE.replace("x08go", "x08")),
        format!("{TEXT}\n— PeterNeumann x08goA==\n"),
        format!("{TEXT}\n— Peter+Neumann x08go/ZJ\n{SIGNATURE}"),
        format!("{TEXT}\u{7}\n\n{SIGNATURE}"),
        format!("{TEXT}\r\n\r\n{SIGNATURE}"),
        format!("{TEXT}\n{}", SIGNATURE.repeat(MOST_SIGNATURES + 1)),
        format!("{}\n{SIGNATURE}", TEXT.repeat(11_000)),
    ] {
        let opened = verifier().open(&note);
        assert_eq!(opened, Err(NoteError::Malformed), "{:.300}", note);
    }
}

#[test]
fn mangled_keys_are_refused() {
    for start in 0..KEY.len() {
        assert!(KEY[start + 1..].parse::<NoteVerifier>().is_err());
        assert!(KEY[..start].parse::<NoteVerifier>().is_err());
        let mut bytes = KEY.as_bytes().to_vec();
        bytes[start] += 1;
        let mangled = String::from_utf8(bytes).unwrap();
        assert!(mangled.parse::<NoteVerifier>().is_err(), "{mangled}");
    }
}

#[test]
fn names_and_texts_that_could_be_misread_are_refused() {
    for name in ["", "a b", "a+b", "a\nb", "a\u{a0}b"] {
        let signer = NoteSigner::from_seed(name, &[1; 32]);
        assert_eq!(signer.err(), Some(NoteError::Name), "{name:?}");
    }
    let signer = NoteSigner::from_seed("council.example/log", &[1; 32]).unwrap();
    for text in ["", "no new line", "a tab\t\n"] {
        assert_eq!(signer.sign(text), Err(NoteError::Text), "{text:?}");
    }
}
