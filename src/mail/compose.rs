//! From a notice to the bytes of a letter: text and HTML side by side.
//!
//! Invariant: the same notice gives the same bytes, whenever and wherever it is composed; and no notice, whatever its
//! row holds, gives bytes that a mail server could read as the end of the letter and the beginning of another.

use countersign_domain::returns::Notice;
use lettre::address::{Address, Envelope};
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart, SinglePart};
use std::time::SystemTime;
use unicode_normalization::UnicodeNormalization as _;

use crate::service::outbox::NoPlace;

/// The longest line that a mail server must take, without its end (RFC 5321, section 4.5.3.1.6).
const LONGEST_LINE: usize = 998;
/// The most characters of a name that are shown.
const LONGEST_NAME: usize = 120;
/// The first second of the year 10000, which no Date header can say.
const END_OF_DATES: i64 = 253_402_300_800;

/// Why a notice cannot become a letter. It never will: it is for a person to look at.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ComposeError {
    /// The address cannot be written in a header.
    #[error("The address is not one that mail can be sent to.")]
    Address,
    /// A control character where it would be read as something else.
    #[error("The {0} holds a character that cannot be mailed.")]
    Character(&'static str),
    /// The row says that it carries a link or a code, and its words have no place for it.
    #[error(transparent)]
    NoPlace(#[from] NoPlace),
    /// Not `<…@host>`.
    #[error("The Message-ID is not well formed.")]
    MessageId,
    /// A date that a header cannot say.
    #[error("The date is out of range.")]
    Date,
    /// What the parts came to could not be mailed safely.
    #[error("The letter does not come to bytes that can be mailed safely: {0}.")]
    Unsafe(String),
}

/// A letter as it goes to the mail server.
#[derive(Debug, Clone)]
pub(super) struct Letter {
    /// From whom and to whom, as the server is told.
    pub(super) envelope: Envelope,
    /// Every header and part.
    pub(super) bytes: Vec<u8>,
    /// The Message-ID up to its `@`: the name of its file, where mail goes to a folder.
    pub(super) name: String,
}

/// Makes the letter of a filled notice.
pub(super) fn compose(notice: &Notice, from: &Mailbox, reply_to: Option<&Mailbox>) -> Result<Letter, ComposeError> {
    let address: Address = notice.to_address.trim().parse().map_err(|_| ComposeError::Address)?;
    let name = Some(clean_name(&notice.to_name)).filter(|name| !name.is_empty());
    let envelope = Envelope::new(Some(from.email.clone()), vec![address.clone()]).map_err(|_| ComposeError::Address)?;
    if notice.subject.chars().any(char::is_control) {
        return Err(ComposeError::Character("subject"));
    }
    let parts = MultiPart::alternative()
        // Drawn from the notice, not at random: the bytes must be the same again.
        .boundary(format!("countersign-{}", notice.id.uuid().simple()))
        .singlepart(part(ContentType::TEXT_PLAIN, "text", &notice.text)?)
        .singlepart(part(ContentType::TEXT_HTML, "HTML", &notice.html)?);
    let mut message = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(name, address))
        .subject(notice.subject.clone())
        .message_id(Some(notice.message_id.clone()))
        .date(date_of(notice)?)
        // Asks holiday replies not to answer (RFC 3834, section 5).
        .raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ));
    if let Some(reply_to) = reply_to {
        message = message.reply_to(reply_to.clone());
    }
    let name = local_part(&notice.message_id)?.to_owned();
    let bytes = message
        .multipart(parts)
        .map_err(|error| ComposeError::Unsafe(error.to_string()))?
        .formatted();
    check(&bytes)?;
    Ok(Letter { envelope, bytes, name })
}

/// One part, quoted-printable always: its lines are short, and a lone full stop or a stray line end in the words is
/// never one on the wire.
fn part(kind: ContentType, named: &'static str, words: &str) -> Result<SinglePart, ComposeError> {
    let words = words.replace("\r\n", "\n");
    if words.contains(['\r', '\0']) {
        return Err(ComposeError::Character(named));
    }
    Ok(SinglePart::builder()
        .header(kind)
        .header(ContentTransferEncoding::QuotedPrintable)
        .body(words))
}

fn date_of(notice: &Notice) -> Result<SystemTime, ComposeError> {
    if (0..END_OF_DATES).contains(&notice.dated.timestamp()) {
        Ok(notice.dated.into())
    } else {
        Err(ComposeError::Date)
    }
}

/// `<local@host>`, of letters, digits, dots, hyphens and underscores: it is a header and may be a file's name.
fn local_part(message_id: &str) -> Result<&str, ComposeError> {
    let plain = |text: &str| {
        !text.is_empty()
            && text.len() <= 200
            && !text.starts_with('.')
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte))
    };
    message_id
        .strip_prefix('<')
        .and_then(|inner| inner.strip_suffix('>'))
        .and_then(|inner| inner.split_once('@'))
        .filter(|(local, host)| plain(local) && plain(host))
        .map(|(local, _)| local)
        .ok_or(ComposeError::MessageId)
}

/// A name as it may stand in a header: composed, on one line, without what steers or hides text, and not endless.
pub(super) fn clean_name(name: &str) -> String {
    let steers = |c: &char| matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    let kept: String = name
        .nfc()
        .map(|c| if c.is_control() { ' ' } else { c })
        .filter(|c| !steers(c))
        .collect();
    let words: Vec<&str> = kept.split_whitespace().collect();
    words.join(" ").chars().take(LONGEST_NAME).collect()
}

/// The last look before the bytes go out, whatever made them.
fn check(bytes: &[u8]) -> Result<(), ComposeError> {
    let mut line = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        let problem = match byte {
            0 => Some("a NUL"),
            b'\n' if before != Some(&b'\r') => Some("a line feed without a carriage return"),
            b'\r' if bytes.get(at + 1) != Some(&b'\n') => Some("a carriage return without a line feed"),
            128.. => Some("a byte that is not ASCII"),
            _ => None,
        };
        if let Some(problem) = problem {
            return Err(ComposeError::Unsafe(problem.to_owned()));
        }
        line = match byte {
            b'\n' => 0,
            b'\r' => line,
            _ => line + 1,
        };
        if line > LONGEST_LINE {
            return Err(ComposeError::Unsafe("a line of more than 998 characters".to_owned()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
