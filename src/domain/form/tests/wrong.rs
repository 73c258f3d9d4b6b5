//! Wrong forms, one fault each: what is said, and about which words of the file.

use crate::form::parse::read;
use crate::form::schema::Severity;

/// A small good form.
pub(crate) const GOOD: &str = r#"form = "small"
version = 1
title = "Small"
owed_by = "grant"
audience = "panel"

[schedule]
every = "quarter"
opens = "end + 1d"
due = "end + 20wd"
closes = "due + 60d"

[[stage]]
id = "certify"
kind = "sign-off"
by = "partnership.chair"
not_also = ["preparer"]
statement = "I confirm it."

[[section]]
id = "project"
title = "{allocation.title}"
each = "allocation"

[[section.question]]
id = "spent"
type = "money"
label = "Spent"
required = true
over_time = "sum"

[[section.question]]
id = "items"
type = "split"
label = "Items"
of = "spent"

[[section.question]]
id = "people"
type = "count"
label = "People"
over_time = "sum"

[[section]]
id = "whole"
title = "Whole"

[[section.question]]
id = "total"
type = "calculated"
label = "Total"
value = "sum(project, spent)"

[[section.question]]
id = "status"
type = "choice"
label = "Status"
options = [{ id = "open", label = "Open" }, { id = "shut", label = "Shut" }]

[[measure]]
id = "share"
title = "Share"
in = "project"
of = "people"
per = "people"

[[check]]
id = "within"
in = "project"
rule = "spent <= allocation.amount"
severity = "warning"
at = ["spent"]
message = "You spent {spent}."
"#;

/// What is replaced, and by what.
pub(in crate::form) const FAULTS: [(&str, &str); 85] = [
    ("audience = \"panel\"", "audiense = \"panel\""),
    ("audience = \"panel\"", "audience = \"everyone\""),
    ("version = 1", "version = \"1\""),
    ("version = 1", "version = 0"),
    ("owed_by = \"grant\"\n", ""),
    ("title = \"Small\"", "title = “Small”"),
    ("title = \"Small\"", "title = \"Small\"\ntitle = \"Big\""),
    ("title = \"Small\"", "title = Small"),
    ("title = \"Small\"", "title = \"Small"),
    ("title = \"Small\"", "title = { en = \"Small\", fr = \"Petit\" }"),
    ("title = \"Small\"", "title = \"Small {grant.titel}\""),
    ("title = \"Small\"", "title = \"Small {spent}\""),
    ("title = \"Small\"", "title = \"Small {\""),
    ("title = \"Small\"", "title = \"\""),
    ("form = \"small\"", "form = \"Small form\""),
    ("opens = \"end + 1d\"", "opens = \"end + 1x\""),
    ("opens = \"end + 1d\"", "opens = \"due - 10wd\""),
    ("every = \"quarter\"", "every = \"qarter\""),
    (
        "closes = \"due + 60d\"",
        "closes = \"due + 60d\"\nescalate = [{ at = \"due\", too = \"x\" }]",
    ),
    ("[schedule]", "[[schedule]]"),
    ("[[stage]]", "[stage]"),
    ("kind = \"sign-off\"", "kind = \"signoff\""),
    ("by = \"partnership.chair\"", "by = \"The Chair\""),
    ("not_also = [\"preparer\"]", "not_also = [\"prepare\"]"),
    ("not_also = [\"preparer\"]", "not_also = \"preparer\""),
    ("statement = \"I confirm it.\"\n", ""),
    (
        "statement = \"I confirm it.\"",
        "statement = \"I, {grant.title}, confirm it.\"",
    ),
    ("kind = \"sign-off\"", "kind = \"review\""),
    ("each = \"allocation\"", "each = \"row\""),
    ("id = \"spent\"\n", ""),
    ("id = \"spent\"", "id = \"Spent-money\""),
    ("id = \"people\"", "id = \"spent\""),
    ("id = \"whole\"", "id = \"project\""),
    ("id = \"status\"", "id = \"sum\""),
    ("type = \"money\"", "type = \"mony\""),
    ("type = \"money\"\n", ""),
    ("label = \"Spent\"", "label = 5"),
    ("required = true", "required = \"yes\""),
    ("required = true", "max_words = 300"),
    ("required = true", "locked = true"),
    ("required = true", "from = \"total\""),
    ("required = true", "from = \"grant.title\""),
    ("required = true", "show_if = \"people\""),
    ("required = true", "show_if = \"1 < 2\""),
    ("required = true", "target = \"75\""),
    ("required = true", "benchmark = { value = \"much\", name = \"x\" }"),
    ("required = true\nover_time = \"sum\"", "required = true"),
    ("type = \"count\"", "type = \"percent\""),
    ("of = \"spent\"", "of = \"people\""),
    ("of = \"spent\"", "of = \"spent\"\nmax_rows = 1000"),
    ("type = \"split\"", "type = \"file\"\naccept = [\"exe\"]"),
    ("value = \"sum(project, spent)\"", "value = \"sum(project, spnet)\""),
    ("value = \"sum(project, spent)\"", "value = \"spent\""),
    ("value = \"sum(project, spent)\"", "value = \"total + £1\""),
    (
        "value = \"sum(project, spent)\"",
        "value = \"if status = \\\"opne\\\" then 1 else 2\"",
    ),
    (
        "value = \"sum(project, spent)\"",
        "value = \"sum(project, spent) * grant.amount\"",
    ),
    (
        "value = \"sum(project, spent)\"",
        "value = \"sum(project, spent)\"\nrequired = true",
    ),
    ("id = \"shut\"", "id = \"open\""),
    (
        "options = [{ id = \"open\", label = \"Open\" }, { id = \"shut\", label = \"Shut\" }]",
        "options = [\"open\", \"shut\"]",
    ),
    ("of = \"people\"", "of = \"items\""),
    ("per = \"people\"", "per = \"status\""),
    ("in = \"project\"\nrule", "in = \"projects\"\nrule"),
    ("in = \"project\"\nrule", "rule"),
    (
        "rule = \"spent <= allocation.amount\"",
        "rule = \"\"\"\nspent <=\n  alocation.amount\"\"\"",
    ),
    ("at = [\"spent\"]", "at = [\"spend\"]"),
    (
        "message = \"You spent {spent}.\"",
        "message = \"You spent {spent - alloc}.\"",
    ),
    ("rule = \"spent <= allocation.amount\"", "rule = \"spent <= spent\""),
    ("rule = \"spent <= allocation.amount\"", "rule = \"people < 0\""),
    (
        "rule = \"spent <= allocation.amount\"",
        "rule = \"£0 <= spent and spent < allocation.amount\"",
    ),
    ("required = true", "required = true\nshow_if = \"people < 0\""),
    ("required = true", "required = true\nshow_if = \"false\""),
    (
        "[[section]]\nid = \"project\"",
        "[[stage]]\nid = \"again\"\nkind = \"review\"\nby = \"partnership.chair\"\n\n[[section]]\nid = \"project\"",
    ),
    (
        "kind = \"sign-off\"\nby = \"partnership.chair\"\nnot_also = [\"preparer\"]\nstatement = \"I confirm it.\"",
        "kind = \"review\"\nby = \"partnership.chair\"",
    ),
    ("type = \"count\"", "type = \"count\"\ncounts = \"people\""),
    (
        "label = \"People\"",
        "label = “People”\nhint = \"of “one” kind\" # “note”\nrequired = ‘true’",
    ),
    ("required = true", "same_as = \"spent\""),
    ("required = true", "same_as = \"people\""),
    ("required = true", "money_is = \"spend\""),
    (
        "over_time = \"sum\"\n\n[[section.question]]\nid = \"items\"",
        "over_time = \"sum\"\nbaseline = { value = \"9\" }\n\n[[section.question]]\nid = \"items\"",
    ),
    ("required = true", "from = \"returns.small.spent\""),
    ("required = true", "from = \"returns.spent\""),
    (
        "label = \"Status\"",
        "label = \"Status\"\nfrom = \"returns.other.status\"",
    ),
    ("value = \"sum(project, spent)\"", "value = \"previous.spent\""),
    ("value = \"sum(project, spent)\"", "value = \"previous.status\""),
    ("value = \"sum(project, spent)\"", "value = \"project.amount\""),
];

/// What is said of each of these faults in a good form.
pub(super) fn said(good: &str, faults: &[(&str, &str)]) -> String {
    let mut said = String::new();
    for (from, to) in faults {
        assert!(good.contains(from), "{from}");
        let source = good.replacen(from, to, 1);
        said += &format!("{} -> {}\n", from.trim_end(), to.trim_end());
        let problems = read(&source).problems;
        assert!(!problems.is_empty(), "{to}");
        for problem in problems {
            let before = &source[..problem.span.start];
            let line = before.matches('\n').count() + 1;
            let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
            let sign = if problem.severity == Severity::Error {
                ""
            } else {
                "(warning) "
            };
            let marked = &source[problem.span];
            let help = problem.help.map(|help| format!(" {help}")).unwrap_or_default();
            said += &format!("    {line}:{column} [{marked}] {sign}{}{help}\n", problem.message);
        }
    }
    said
}

#[test]
fn says_what_is_wrong_and_where() {
    assert_eq!(read(GOOD).problems, []);
    insta::assert_snapshot!(said(GOOD, &FAULTS));
}

#[test]
fn new_people_are_not_warned_of_when_periods_add_up() {
    let of = |whom: &str| {
        read(&GOOD.replace("type = \"count\"", &format!("type = \"count\"\ncounts = \"{whom}\""))).problems
    };
    assert_eq!(of("people").len(), 1, "who comes twice");
    assert_eq!(of("new people"), []);
}

/// Each is the other of the return before: neither is ever a figure.
const EACH_OTHER: &str = r#"
[[section]]
id = "to_date"
title = "To date"

[[section.question]]
id = "one"
type = "calculated"
label = "One"
value = "previous.other"

[[section.question]]
id = "other"
type = "calculated"
label = "Other"
value = "previous.one"
"#;

#[test]
fn no_question_is_left_out_in_silence() {
    let parsed = read(&(GOOD.to_owned() + EACH_OTHER));
    assert!(parsed.form.is_none());
    let messages: Vec<&str> = parsed.problems.iter().map(|problem| problem.message.as_str()).collect();
    let expected = "What this rule names is worked out, in the end, from this rule in the return before.";
    assert_eq!(messages, [expected]);
}

#[test]
fn all_problems_are_said_at_once() {
    let source = GOOD
        .replace("audience = \"panel\"", "audience = \"everyone\"")
        .replace("type = \"money\"", "type = \"mony\"")
        .replace("value = \"sum(project, spent)\"", "value = \"totl\"")
        .replace("at = [\"spent\"]", "at = [\"spend\"]");
    let messages: Vec<String> = read(&source)
        .problems
        .into_iter()
        .map(|problem| problem.message)
        .collect();
    assert_eq!(messages.len(), 4, "{messages:#?}");
}
