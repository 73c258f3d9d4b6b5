//! The five systems, and a sixth: the papers' own figures, entered through the pages.
//!
//! Invariant: nothing is done here but through pages, links in mails and the clock; the figures are looked up behind the
//! pages when all is signed.

#[allow(unused, reason = "each binary of tests uses a part of what they share")]
#[path = "support/outside.rs"]
mod outside;

#[allow(unused, reason = "each binary of tests uses a part of what they share")]
#[path = "../src/typeset/tests/read.rs"]
mod pdf;
#[allow(unused, reason = "each binary of tests uses a part of what they share")]
#[path = "formats/reading.rs"]
mod reading;

#[path = "systems/printed.rs"]
mod printed;
#[allow(unused, reason = "each binary of tests uses a part of what they share")]
#[path = "support/read_back.rs"]
mod read_back;
#[path = "systems/refuge.rs"]
mod refuge;
#[path = "systems/s1.rs"]
mod s1;
#[path = "systems/s2.rs"]
mod s2;
#[path = "systems/s3.rs"]
mod s3;
#[path = "systems/s4.rs"]
mod s4;
#[path = "systems/s5.rs"]
mod s5;
#[path = "systems/told.rs"]
mod told;
