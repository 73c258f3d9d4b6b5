//! The web room's shell from outside: what every answer carries, who is let in, and what is turned back.
//!
//! Invariant: routes are taken from the router, so that a new one cannot be forgotten here.

#[allow(unused, reason = "each binary of tests uses a part of what they share")]
#[path = "support/outside.rs"]
mod outside;

#[path = "web_shell/answers.rs"]
mod answers;
#[path = "web_shell/connections.rs"]
mod connections;
#[path = "web_shell/entry.rs"]
mod entry;
#[path = "web_shell/guards.rs"]
mod guards;
#[path = "web_shell/kept.rs"]
mod kept;
#[path = "web_shell/limits.rs"]
mod limits;
