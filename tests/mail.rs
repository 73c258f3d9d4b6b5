//! The mail room against a mail server that misbehaves: what is owed arrives, once where that can be known, and what
//! cannot arrive is shown. What the mails say is tested here too.

#[path = "mail/arrival.rs"]
mod arrival;
#[path = "mail/faults.rs"]
mod faults;
#[path = "mail/outbox.rs"]
mod outbox;
#[path = "support/sink.rs"]
mod sink;
#[path = "mail/turns.rs"]
mod turns;
#[path = "mail/words.rs"]
mod words;
