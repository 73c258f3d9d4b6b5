//! Rules, held against a second opinion: random rules that another program works out by the words of `docs/forms.md`.
//!
//! Invariant: the seed is fixed and in the message, so that a disagreement comes again.

#[path = "rules/generate.rs"]
mod generate;
#[path = "rules/given.rs"]
mod given;
#[path = "rules/lots.rs"]
mod lots;

use std::io::{BufWriter, Write};
use std::process::{Command, Stdio};

use countersign_domain::form::rule::{Rule, Where};

use given::Given;
use lots::Lots;

/// How many rules are worked out twice, unless `COUNTERSIGN_RULES` says otherwise.
const RULES: usize = 20_000;
/// Rules over the same values.
const TOGETHER: usize = 20;
const SEED: u64 = 20_261_122;

#[test]
fn a_second_opinion_agrees() {
    let wanted = match std::env::var("COUNTERSIGN_RULES") {
        Ok(number) => number.parse().expect("COUNTERSIGN_RULES is how many rules"),
        Err(_) => RULES,
    };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/rules/agree.py");
    let mut other = Command::new("python3")
        .args(["-I", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("this test needs python3, 3.9 or later, on the path");
    let mut to = BufWriter::new(other.stdin.take().expect("its input"));
    let names = given::names();
    let mut lots = Lots::of(SEED);
    let mut written = 0;
    while written < wanted {
        let given = Given::draw(&mut lots);
        let mut rules = Vec::new();
        for _ in 0..TOGETHER.min(wanted - written) {
            let inside = given.has_rows() && lots.chance(30);
            let place = if inside { Where::Allocation } else { Where::Whole };
            let source = generate::rule(&mut lots, place);
            let value = match Rule::parse(&source, &names, place) {
                Ok(rule) => given.work_out(&rule, place),
                Err(problems) => panic!("seed {SEED}: {source}: {problems:?}"),
            };
            rules.push((source, given::told(&value)));
        }
        written += rules.len();
        writeln!(to, "{}", given.told(&rules)).expect("it reads on");
    }
    drop(to.into_inner().expect("all is written"));
    let said = other.wait_with_output().expect("it ends");
    let words = String::from_utf8_lossy(&said.stdout);
    assert!(said.status.success(), "seed {SEED}: {words}");
    assert_eq!(words.trim(), format!("{wanted} rules, 0 differ"));
}
