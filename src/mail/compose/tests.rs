//! The letters themselves: the same bytes again, and nothing that a server could misread.

use super::*;
use crate::secrets::Secrets;
use crate::service::outbox::fill;
use chrono::{TimeZone as _, Utc};
use countersign_domain::ids::{CodeId, LinkId, NoticeId, PersonId};
use countersign_domain::returns::{NoticeState, Secret};
use mail_parser::MessageParser;
use proptest::prelude::*;
use uuid::Uuid;

fn notice() -> Notice {
    let written = Utc.with_ymd_and_hms(2018, 4, 3, 8, 0, 0).unwrap();
    Notice {
        id: NoticeId::from(Uuid::from_u128(7)),
        kind: "opened".to_owned(),
        dedupe: "opened/7".to_owned(),
        person: PersonId::from(Uuid::from_u128(1)),
        return_id: None,
        to_name: "Zoë O’Neill".to_owned(),
        to_address: "zoe@example.org".to_owned(),
        subject: "A return is due – £428,246".to_owned(),
        text: "Open it here:\n((link))\n.\n£\n".to_owned(),
        html: "<p>Open it here: <a href=\"((link))\">((link))</a></p>".to_owned(),
        message_id: "<7.notice@grants.example.org>".to_owned(),
        dated: written,
        secret: Secret::Link(LinkId::from(Uuid::from_u128(9))),
        priority: 10,
        state: NoticeState::Queued,
        run_at: written,
        attempts: 1,
        last_error: None,
        sent_at: None,
        written_at: written,
    }
}

fn secrets() -> Secrets {
    Secrets::new([3; 32])
}

fn from() -> Mailbox {
    "Grants team <grants@example.org>".parse().unwrap()
}

fn letter(notice: &Notice) -> Result<Letter, ComposeError> {
    compose(
        &fill(notice, &secrets(), "https://grants.example.org/")?,
        &from(),
        Some(&"answers@example.org".parse().unwrap()),
    )
}

#[test]
fn a_letter_says_what_its_notice_says() {
    let bytes = letter(&notice()).unwrap().bytes;
    let mail = MessageParser::default().parse(&bytes).unwrap();
    let link = format!(
        "https://grants.example.org/r/{}",
        secrets().link_token(LinkId::from(Uuid::from_u128(9)))
    );
    assert_eq!(mail.subject(), Some("A return is due – £428,246"));
    assert_eq!(mail.to().unwrap().first().unwrap().name(), Some("Zoë O’Neill"));
    assert_eq!(
        mail.reply_to().unwrap().first().unwrap().address(),
        Some("answers@example.org")
    );
    assert_eq!(mail.message_id(), Some("7.notice@grants.example.org"));
    assert_eq!(mail.date().unwrap().to_rfc3339(), "2018-04-03T08:00:00Z");
    assert_eq!(mail.header_raw("Auto-Submitted").map(str::trim), Some("auto-generated"));
    assert_eq!(
        mail.body_text(0).unwrap().trim_end(),
        format!("Open it here:\r\n{link}\r\n.\r\n£")
    );
    assert!(
        mail.body_html(0)
            .unwrap()
            .contains(&format!("<a href=\"{link}\">{link}</a>"))
    );
}

#[test]
fn the_same_notice_is_the_same_bytes() {
    let mut later = notice();
    (later.attempts, later.last_error) = (5, Some("451 later".to_owned()));
    assert_eq!(letter(&notice()).unwrap().bytes, letter(&later).unwrap().bytes);
}

#[test]
fn a_code_is_put_in_and_an_office_address_too() {
    let code = CodeId::from(Uuid::from_u128(4));
    let words = "((code)) at ((office))".to_owned();
    let given = Notice {
        secret: Secret::Code(code),
        text: words.clone(),
        html: words,
        ..notice()
    };
    let filled = fill(&given, &secrets(), "https://grants.example.org").unwrap();
    assert_eq!(
        filled.text,
        format!("{} at https://grants.example.org/office", secrets().code(code))
    );
    assert_eq!(filled.html, filled.text);
}

#[test]
fn a_notice_without_a_place_for_its_link_is_refused() {
    let text = Notice {
        text: "Nothing here".to_owned(),
        ..notice()
    };
    assert_eq!(letter(&text).unwrap_err(), ComposeError::NoPlace(NoPlace("text")));
    let html = Notice {
        html: "<p>Nothing here</p>".to_owned(),
        ..notice()
    };
    assert_eq!(letter(&html).unwrap_err(), ComposeError::NoPlace(NoPlace("HTML")));
}

#[test]
fn the_subject_never_carries_a_secret() {
    let sly = Notice {
        subject: "((link))".to_owned(),
        ..notice()
    };
    assert_eq!(
        fill(&sly, &secrets(), "https://grants.example.org").unwrap().subject,
        "((link))"
    );
}

#[test]
fn poison_is_refused_and_never_panics() {
    for subject in ["a\nBcc: all@example.org", "a\r\nb", "a\0b"] {
        let poisoned = Notice {
            subject: subject.to_owned(),
            ..notice()
        };
        assert_eq!(letter(&poisoned).unwrap_err(), ComposeError::Character("subject"));
    }
    for text in ["((link)) \r.\r", "((link)) \0"] {
        let poisoned = Notice {
            text: text.to_owned(),
            ..notice()
        };
        assert_eq!(letter(&poisoned).unwrap_err(), ComposeError::Character("text"));
    }
    for address in ["", "nobody", "a@b\r\nRCPT TO:<c@d>", "<a@b>", "a@b, c@d"] {
        let poisoned = Notice {
            to_address: address.to_owned(),
            ..notice()
        };
        assert_eq!(letter(&poisoned).unwrap_err(), ComposeError::Address, "{address}");
    }
    for id in [
        "7@host",
        "<7>",
        "<../7@host>",
        "<7/8@host>",
        "<7@host>\r\nX: y",
        "<.7@host>",
        "<7 8@host>",
    ] {
        let poisoned = Notice {
            message_id: id.to_owned(),
            ..notice()
        };
        assert_eq!(letter(&poisoned).unwrap_err(), ComposeError::MessageId, "{id}");
    }
    for year in [1969, 10_000] {
        let poisoned = Notice {
            dated: Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0).unwrap(),
            ..notice()
        };
        assert_eq!(letter(&poisoned).unwrap_err(), ComposeError::Date);
    }
}

#[test]
fn names_are_cleaned_not_refused() {
    assert_eq!(clean_name("  Jo\r\nBcc: x \u{202e}Bloggs\u{0}  "), "Jo Bcc: x Bloggs");
    assert_eq!(
        clean_name(&format!("e\u{301}{}", "\u{301}".repeat(100_000)))
            .chars()
            .count(),
        LONGEST_NAME
    );
    let poisoned = Notice {
        to_name: "Jo\nBcc: all@example.org".to_owned(),
        ..notice()
    };
    let bytes = letter(&poisoned).unwrap().bytes;
    assert!(MessageParser::default().parse(&bytes).unwrap().bcc().is_none());
}

#[test]
fn the_last_look_sees_what_a_server_could_misread() {
    assert_eq!(check(b"a\r\n.\r\nb\r\n"), Ok(()));
    for bytes in [&b"a\n.\nb"[..], b"a\r.\rb", b"a\0", "£".as_bytes(), &[b'a'; 999]] {
        assert!(check(bytes).is_err(), "{:?}", &bytes[..3.min(bytes.len())]);
    }
    assert_eq!(check(&[&[b'a'; 998][..], b"\r\n"].concat()), Ok(()));
}

proptest! {
    #[test]
    fn whatever_the_row_holds_a_letter_is_safe_or_refused(
        name in any::<String>(), subject in any::<String>(), text in any::<String>(), address in any::<String>(),
    ) {
        let whole = Notice {
            to_name: name,
            subject,
            text: format!("{text}((link))"),
            to_address: if address.len() % 2 == 0 { notice().to_address } else { address },
            ..notice()
        };
        if let Ok(letter) = letter(&whole) {
            prop_assert!(check(&letter.bytes).is_ok());
            prop_assert_eq!(letter.envelope.to().len(), 1);
        }
    }
}
