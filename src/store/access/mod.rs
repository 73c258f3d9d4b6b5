//! Ways in: links, sessions, sign-in codes, and the attempts that limits count.
//!
//! Invariant: no token and no code is ever kept, only digests; whether something is still good is a question about `now`.

mod attempts;
mod codes;
mod links;
mod sessions;

pub use attempts::{attempts_since, forget_attempts_before, forget_attempts_of, insert_attempt};
pub use codes::{codes_since, count_try, insert_code, live_codes, use_code};
pub use links::{find_link, get_link, insert_link, links_of, revoke_link};
pub use sessions::{
    end_session, end_sessions_of_link, end_sessions_of_person, find_session, forget_sessions_before, insert_session,
    raise_session, touch_session,
};
