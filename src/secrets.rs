//! What only this server can know: link tokens, sign-in codes, session tokens and second factors.
//!
//! Invariant: no token or code is ever stored. Link tokens and sign-in codes are derived from the server's one key and
//! the identity of their row, so the mail that carries one has the same bytes at every attempt; the store keeps digests
//! at most. Comparisons take the same time whatever differs.
//!
//! The secret of a second factor is the exception: both sides must hold it, so it stands in a plain column of the
//! person's row, guarded as the database is. Who reads the database can pass for the second factor, but not sign in:
//! the emailed code needs the server's key, which the database does not hold.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use countersign_domain::ids::{CodeId, LinkId};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use std::fmt::{self, Write as _};
use subtle::ConstantTimeEq as _;
use totp_rs::{Algorithm, Builder, Secret, Totp};

/// Seconds that one code of a second factor stands for (RFC 6238, section 5.2).
pub const TOTP_STEP_SECONDS: i64 = 30;

/// Digits of a sign-in code.
const CODE_DIGITS: usize = 8;

/// Bytes of a new second factor's secret (RFC 4226, section 4, recommends 160 bits).
const TOTP_SECRET_BYTES: usize = 20;

/// The server's key, and what is derived from it.
#[derive(Clone)]
pub struct Secrets {
    key: [u8; 32],
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(…)")
    }
}

impl Secrets {
    /// Takes the key that the configuration holds.
    pub fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// The token of a link: 256 bits, in the alphabet of addresses.
    pub fn link_token(&self, link: LinkId) -> String {
        URL_SAFE_NO_PAD.encode(self.derive(b"link", link.uuid().as_bytes()))
    }

    /// The eight digits of a sign-in code.
    ///
    /// 128 bits are reduced to eight digits, so no code is likelier than another by more than one part in 2^101.
    pub fn code(&self, code: CodeId) -> String {
        let derived = self.derive(b"code", code.uuid().as_bytes());
        let wide = derived
            .iter()
            .take(16)
            .fold(0u128, |number, byte| (number << 8) | u128::from(*byte));
        format!("{:0width$}", wide % 10u128.pow(CODE_DIGITS as u32), width = CODE_DIGITS)
    }

    /// Whether what was typed is this code. Spaces and hyphens that people put between digits do not count.
    pub fn is_code(&self, code: CodeId, typed: &str) -> bool {
        same(&self.code(code), &digits(typed))
    }

    /// The seed of the Ed25519 key that signs the ledger's checkpoints.
    pub fn ledger_key(&self) -> [u8; 32] {
        self.derive(b"ledger", b"")
    }

    /// HMAC-SHA256 over what it is for and whose it is. The purposes are a closed set, none the beginning of another.
    fn derive(&self, purpose: &[u8], subject: &[u8]) -> [u8; 32] {
        // A key shorter than a block is filled up with noughts (RFC 2104, section 2).
        let mut block = [0; 64];
        block[..32].copy_from_slice(&self.key);
        let mut mac = Hmac::<Sha256>::new(&block.into());
        mac.update(purpose);
        mac.update(subject);
        mac.finalize().into_bytes().into()
    }
}

/// What the store keeps of a token: its SHA-256, as hexadecimal.
pub fn token_digest(token: &str) -> String {
    Sha256::digest(token)
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

/// A new token for a session's cookie: 256 random bits.
pub fn session_token() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// Whether two texts are the same, in a time that tells nothing but their lengths.
pub fn same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

/// 32 random bytes: what keeps a commitment of the ledger from being guessed.
pub fn salt() -> [u8; 32] {
    rand::random()
}

/// A new secret for a person's second factor.
pub fn new_totp_secret() -> Vec<u8> {
    rand::random::<[u8; TOTP_SECRET_BYTES]>().to_vec()
}

/// The six digits that an authenticator shows during a step.
pub fn totp_code_at_step(secret: &[u8], step: i64) -> String {
    let seconds = u64::try_from(step.saturating_mul(TOTP_STEP_SECONDS)).unwrap_or(0);
    totp(secret).generate(seconds).to_string()
}

/// The step that a moment falls in.
pub fn totp_step(now: DateTime<Utc>) -> i64 {
    now.timestamp().div_euclid(TOTP_STEP_SECONDS)
}

/// The step that a typed code belongs to: the present one, or the one before or after it, for clocks that differ.
///
/// A code is good once: whoever calls this must see to it that the step is later than the last one used.
pub fn totp_matching_step(secret: &[u8], code: &str, now: DateTime<Utc>) -> Option<i64> {
    let (code, present) = (digits(code), totp_step(now));
    [present, present - 1, present + 1]
        .into_iter()
        .find(|step| same(&totp_code_at_step(secret, *step), &code))
}

/// What an authenticator reads to learn a secret; `address` names the person in it.
pub fn totp_uri(secret: &[u8], address: &str) -> String {
    let secret = totp_base32(secret);
    format!(
        "otpauth://totp/Countersign:{}?secret={secret}&issuer=Countersign",
        percent(address)
    )
}

/// A secret in the letters that are typed into an authenticator by hand.
pub fn totp_base32(secret: &[u8]) -> String {
    Secret::from(secret.to_vec()).to_base32()
}

/// SHA-1, six digits, thirty seconds: what every authenticator reads.
fn totp(secret: &[u8]) -> Totp {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_step_duration(TOTP_STEP_SECONDS.unsigned_abs())
        .with_secret(secret.to_vec())
        .build_noncompliant()
}

fn digits(typed: &str) -> String {
    typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect()
}

fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    const RFC_SECRET: &[u8] = b"12345678901234567890";

    fn secrets() -> Secrets {
        Secrets::new([7; 32])
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn a_token_is_256_bits_and_depends_on_key_and_row() {
        let link = LinkId::from(Uuid::from_u128(1));
        let token = secrets().link_token(link);
        assert_eq!(URL_SAFE_NO_PAD.decode(&token).unwrap().len(), 32);
        assert_eq!(token, secrets().link_token(link));
        assert_ne!(token, secrets().link_token(LinkId::from(Uuid::from_u128(2))));
        assert_ne!(token, Secrets::new([8; 32]).link_token(link));
    }

    #[test]
    fn a_link_and_a_code_of_the_same_row_share_nothing() {
        let row = Uuid::from_u128(1);
        assert_ne!(
            secrets().derive(b"link", row.as_bytes()),
            secrets().derive(b"code", row.as_bytes())
        );
        assert_ne!(secrets().ledger_key(), [7; 32]);
    }

    #[test]
    fn the_key_shows_nowhere() {
        assert_eq!(format!("{:?}", secrets()), "Secrets(…)");
    }

    #[test]
    fn a_digest_is_plain_sha_256() {
        assert_eq!(
            token_digest("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn session_tokens_differ() {
        assert_ne!(session_token(), session_token());
        assert_eq!(session_token().len(), 43);
    }

    #[test]
    fn a_code_is_read_with_the_spaces_people_type() {
        let code = CodeId::from(Uuid::from_u128(3));
        let digits = secrets().code(code);
        assert!(secrets().is_code(code, &format!(" {} {} ", &digits[..4], &digits[4..])));
        assert!(!secrets().is_code(code, &digits[..7]));
        assert!(!secrets().is_code(code, ""));
    }

    /// RFC 6238, appendix B, with six of its eight digits.
    #[test]
    fn second_factors_are_those_of_the_standard() {
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")] {
            assert_eq!(totp_code_at_step(RFC_SECRET, seconds / 30), code);
            assert_eq!(totp_matching_step(RFC_SECRET, code, at(seconds)), Some(seconds / 30));
        }
    }

    #[test]
    fn one_step_of_skew_is_allowed_and_no_more() {
        let code = totp_code_at_step(RFC_SECRET, 100);
        for (step, matches) in [
            (98, None),
            (99, Some(100)),
            (100, Some(100)),
            (101, Some(100)),
            (102, None),
        ] {
            assert_eq!(
                totp_matching_step(RFC_SECRET, &code, at(step * 30 + 29)),
                matches,
                "in step {step}"
            );
        }
    }

    #[test]
    fn an_authenticator_reads_the_address() {
        assert_eq!(
            totp_uri(RFC_SECRET, "jo+x@example.org"),
            "otpauth://totp/Countersign:jo%2Bx%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Countersign"
        );
    }

    proptest! {
        #[test]
        fn codes_are_eight_digits(row in any::<u128>()) {
            let code = secrets().code(CodeId::from(Uuid::from_u128(row)));
            prop_assert!(code.len() == 8 && code.bytes().all(|digit| digit.is_ascii_digit()));
        }
    }
}
