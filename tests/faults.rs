//! What goes wrong, from outside: bad input, bad links, two at once, a mail server that is down, a database that does
//! not take writes, a process that is killed.
//!
//! Invariant: after every fault the state is as if it had not been, or as if all had gone well; nothing typed is lost.

#[allow(unused, reason = "each binary of tests uses a part of what they share")]
#[path = "support/outside.rs"]
mod outside;

#[path = "faults/amounts.rs"]
mod amounts;
#[path = "faults/codes.rs"]
mod codes;
#[path = "faults/disk.rs"]
mod disk;
#[path = "faults/kills.rs"]
mod kills;
#[path = "faults/links.rs"]
mod links;
#[path = "faults/post.rs"]
mod post;
#[path = "faults/requests.rs"]
mod requests;
#[path = "faults/signatures.rs"]
mod signatures;
#[path = "faults/uploads.rs"]
mod uploads;
