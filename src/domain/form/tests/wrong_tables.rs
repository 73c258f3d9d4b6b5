//! Wrong forms with tables, cohorts, rows and plans, one fault each: what is said, and about which words of the file.

use super::wrong::said;
use crate::form::parse::read;

/// A small good form with tables.
pub(in crate::form) const GOOD: &str = include_str!("tables.toml");

/// What is replaced, and by what.
pub(in crate::form) const FAULTS: [(&str, &str); 65] = [
    ("rows = \"cohorts\"", "rows = \"cohort\""),
    ("rows = \"cohorts\"", "rows = 3"),
    ("rows = \"cohorts\"", "rows = \"lines\""),
    ("rows = \"cohorts\"\n", ""),
    ("rows = \"cohorts\"", "rows = \"cohorts\"\nmax_rows = 3"),
    (
        "rows = \"cohorts\"",
        "rows = [{ id = \"first\", label = \"First\" }, { id = \"first\", label = \"Again\" }]",
    ),
    ("rows = \"cohorts\"", "rows = \"cohorts\"\nrequired = true"),
    ("rows = \"lines\"", "rows = \"allocations\""),
    ("rows = \"lines\"", "rows = \"added\"\nmin_rows = 9\nmax_rows = 3"),
    ("rows = \"lines\"", "rows = \"added\"\nmax_rows = 201"),
    ("id = \"before\"", "id = \"in_all\""),
    ("id = \"before\"", "id = \"group\""),
    ("id = \"before\"", "id = \"reduction\""),
    ("id = \"before\"", "id = \"after\""),
    ("id = \"outcomes\"", "id = \"group\""),
    (
        "type = \"count\"\nlabel = \"Before\"",
        "type = \"file\"\nlabel = \"Before\"",
    ),
    (
        "type = \"count\"\nlabel = \"Before\"",
        "type = \"cuont\"\nlabel = \"Before\"",
    ),
    ("required = true", "required = true\ntotl = true"),
    ("required = true", "money_is = \"spent\""),
    ("required = true", "previous = \"show\""),
    ("label = \"Kinds\"", "label = \"Kinds\"\ntotal = true"),
    ("label = \"Kinds\"", "label = \"Kinds\"\nmin = 3"),
    ("label = \"Kinds\"", "label = \"Kinds\"\nmin = 2\nmax = 1"),
    ("value = \"before - after\"", "value = \"before - aftr\""),
    ("value = \"before - after\"", "value = \"fewer + 1\""),
    ("value = \"before - after\"", "value = \"in_all + 1\""),
    ("value = \"before - after\"", "value = \"sum(outcomes, before)\""),
    ("value = \"before - after\"", "value = \"line.amount\""),
    ("value = \"before - after\"", "value = \"row.number\""),
    ("value = \"before - after\"", "value = \"size.low\""),
    ("value = \"before - after\"", "value = \"before - previous.kinds\""),
    ("value = \"sum(outcomes, fewer)\"", "value = \"fewer\""),
    ("value = \"sum(outcomes, fewer)\"", "value = \"outcomes\""),
    ("value = \"sum(outcomes, fewer)\"", "value = \"outcomes.first\""),
    ("value = \"sum(outcomes, fewer)\"", "value = \"outcomes.frist.fewer\""),
    ("value = \"sum(outcomes, fewer)\"", "value = \"outcomes.first.fewr\""),
    ("value = \"sum(outcomes, fewer)\"", "value = \"referrals.atended\""),
    ("value = \"sum(outcomes, fewer)\"", "value = \"risks.first.budget\""),
    (
        "value = \"sum(outcomes, fewer)\"",
        "value = \"sum(lines, allocation.amount)\"",
    ),
    (
        "value = \"sum(outcomes, fewer)\"",
        "value = \"sum(project, sum(lines, spent))\"",
    ),
    ("value = \"sum(outcomes, fewer)\"", "value = \"sum(group, size)\""),
    (
        "value = \"sum(outcomes, fewer)\"",
        "value = \"sum(proposal, project.amount)\"",
    ),
    ("value = \"sum(outcomes, fewer)\"", "value = \"reduction\""),
    ("value = \"sum(outcomes, fewer)\"", "value = \"previous.outcomes\""),
    ("stages = [{ id = \"referred\", label = \"Referred\" }, ", "stages = ["),
    ("id = \"attended\", label", "id = \"referred\", label"),
    ("comment_when = \"no\"", "comment_when = \"never\""),
    ("decided_in = \"board\"", "decided_in = \"bord\""),
    ("label = \"Size\"", "label = \"Size\"\ndecided_in = \"board\""),
    (
        "label = \"Size\"",
        "label = \"Size\"\nshow_if = \"any(lines, spent > £1)\"",
    ),
    ("each = \"cohort\"", "each = \"cohrt\""),
    ("[[cohort]]\nid = \"second\"", "[[cohort]]\nid = \"first\""),
    ("named_by = \"name\"", "named_by = \"amount\""),
    ("named_by = \"name\"\n", ""),
    ("each = \"cohort\"", "each = \"cohort\"\nmax_rows = 3"),
    ("amount = \"amount\"", "amount = \"name\""),
    ("amount = \"amount\", ", ""),
    ("held_back_for = \"held_for\"", "held_back_for = \"name\""),
    ("held_back_for = \"held_for\"", "parts = \"lines\""),
    (
        "id = \"amount\"\ntype = \"money\"",
        "id = \"amount\"\ntype = \"money\"\nfrom = \"returns.other.amount\"",
    ),
    ("in = \"outcomes\"\nof", "in = \"outcome\"\nof"),
    ("of = \"fewer\"", "of = \"kinds\""),
    ("at = [\"after\"]", "at = [\"size\"]"),
    (
        "in = \"outcomes\"\nrule = \"after <= before\"",
        "in = \"outcomes\"\nrule = \"after < 0\"",
    ),
    ("owed_by = \"grant\"", "owed_by = \"provider\""),
];

#[test]
fn says_what_is_wrong_and_where() {
    assert_eq!(read(GOOD).problems, []);
    insta::assert_snapshot!(said(GOOD, &FAULTS));
}

#[test]
fn cohorts_must_be_there_to_be_asked_about_and_be_used_when_they_are_there() {
    let cohorts = "[[cohort]]\nid = \"first\"\ntitle = \"First\"\n\n[[cohort]]\nid = \"second\"\ntitle = \"Second\"\n";
    let without = GOOD.replace(cohorts, "");
    let said = |source: &str| -> Vec<String> {
        let problems = read(source).problems.into_iter();
        problems.map(|problem| problem.message).collect()
    };
    assert_eq!(said(&without), ["This form has no cohorts."; 2]);
    let unused = GOOD
        .replace("rows = \"cohorts\"", "rows = \"priorities\"")
        .replace("each = \"cohort\"", "each = \"project\"")
        .replace("{cohort.title}", "{grant.title}");
    assert_eq!(said(&unused), ["Nothing in this form is asked for each cohort."]);
}
