//! Wrong heads, one fault each: what is said, where, and what to do.

use super::{GOOD, parse, told};

/// What is replaced in the good report, by what, and what is said of it.
const WRONG: [(&str, &str, &str); 40] = [
    (
        "version = 2",
        "version = 0",
        "3:11: `version` must be a whole number from 1 to 1000000.",
    ),
    (
        "version = 2",
        "version = \"2\"",
        "3:11: `version` must be a whole number, and is text. Write it without quotation marks.",
    ),
    (
        "version = 2\n",
        "",
        "1:1: This report has no `version`. Add version = …",
    ),
    (
        "report = \"yearly\"",
        "report = \"yearli\"",
        "2:10: This report is called `yearli`, and its file `yearly.md.j2`. Name the file yearli.md.j2, or the report yearly.",
    ),
    (
        "report = \"yearly\"",
        "report = \"A Year\"",
        "2:10: An id must be up to 64 lower-case letters, digits and _ or -, beginning with a letter. For example a_year.",
    ),
    (
        "report = \"yearly\"",
        "raport = \"yearly\"",
        "2:1: `raport` is not among the keys of this report. Did you mean `report`?",
    ),
    (
        "title = \"{fund.title}: {period}\"",
        "title = \"{fund.titel}\"",
        "4:11: There is no `fund.titel` that a title could have. Did you mean `fund.title`?",
    ),
    (
        "title = \"{fund.title}: {period}\"",
        "title = \"{x}\"",
        "4:11: There is no `x` that a title could have. A title may have {fund.title} and {period} in it.",
    ),
    (
        "title = \"{fund.title}: {period}\"",
        "title = \"a { b\"",
        "4:12: This brace has no partner. Write {{ or }} for a plain brace.",
    ),
    (
        "title = \"{fund.title}: {period}\"",
        "title = \" \"",
        "4:9: `title` is empty. Say it in words.",
    ),
    (
        "title = \"{fund.title}: {period}\"",
        "title = \"a\\nb\"",
        "4:9: `title` must be one line of plain text. Leave out line breaks and tabs.",
    ),
    (
        "title = \"{fund.title}: {period}\"",
        "title = “Year”",
        "4:9: A word processor has put its curly quotes here: on line 4. Use a plain text editor, and put text in straight quotation marks: \"…\".",
    ),
    (
        "title = \"{fund.title}: {period}\"",
        "title = Year",
        "4:9: Text must be in quotation marks. Write key = \"text\".",
    ),
    (
        "covers = \"financial-year\"",
        "covers = \"finacial-year\"",
        "5:10: `covers` must be `month`, `quarter`, `four-months`, `half-year`, `financial-year` or `once`, and is `finacial-year`. Did you mean `financial-year`?",
    ),
    (
        "covers = \"financial-year\"\n",
        "",
        "1:1: This report has no `covers`. Add covers = …",
    ),
    (
        "audience = \"panel\"",
        "audience = \"panels\"",
        "6:12: `audience` must be `internal`, `panel` or `public`, and is `panels`. Did you mean `panel`?",
    ),
    (
        "suppression = \"less-than-5\"\n",
        "",
        "6:12: This report leaves the commissioner's office and has no `suppression`. Add suppression = \"less-than-5\" or \"round-to-5\": how small counts of people are held back.",
    ),
    (
        "audience = \"panel\"",
        "audience = \"internal\"",
        "7:15: An internal report holds nothing back. Leave `suppression` out.",
    ),
    (
        "suppression = \"less-than-5\"",
        "suppression = \"less-than-10\"",
        "7:15: `suppression` must be `less-than-5` or `round-to-5`, and is `less-than-10`. Did you mean `less-than-5`?",
    ),
    (
        "forms = [\"small\", \"other\"]\n",
        "",
        "1:1: This report does not say which forms it is about. Add forms = [\"…\"] with their ids, or forms = [] for every form of the fund.",
    ),
    (
        "[\"small\", \"other\"]",
        "[\"small\", \"small\"]",
        "8:19: The form `small` is named twice.",
    ),
    (
        "[\"small\", \"other\"]",
        "[\"small\", \"The Other\"]",
        "8:19: `The Other` cannot be the id of a form. Write the id that the form's own file gives, like partnership-evaluation.",
    ),
    (
        "[\"small\", \"other\"]",
        "\"small\"",
        "8:9: `forms` must be a list, and is text. Write [\"…\", \"…\"].",
    ),
    (
        "[\"small\", \"other\"]",
        "[\"small\", 3]",
        "8:19: `forms` must be text, and is a number. Put it in quotation marks.",
    ),
    (
        "explain = 10",
        "explain = 0",
        "9:11: `explain` must be a whole number from 1 to 1000.",
    ),
    (
        "explain = 10",
        "explain = 10\nfond = \"x\"",
        "10:1: `fond` is not among the keys of this report.",
    ),
    ("id = \"summary\"", "", "11:1: This text has no `id`. Add id = …"),
    (
        "label = \"Summary\"\n",
        "",
        "11:1: This text has no `label`. Add label = …",
    ),
    (
        "label = \"Summary\"",
        "label = \"\"",
        "13:9: `label` is empty. Say it in words.",
    ),
    (
        "hint = \"What comes first.\"",
        "hints = \"What comes first.\"",
        "14:1: `hints` is not among the keys of this text. Did you mean `hint`?",
    ),
    (
        "start = \"Of it ((spent)) was spent.\"",
        "start = 3",
        "15:9: `start` must be text, and is a number. Put it in quotation marks.",
    ),
    (
        "[[prose]]\n",
        "[prose]\n",
        "11:1: `prose` must be a list, and is a table. Write [[prose]], with two brackets, for each of them.",
    ),
    (
        "[[figure]]\n",
        "[[figures]]\n",
        "17:3: `figures` is not among the keys of this report. Did you mean `figure`?",
    ),
    (
        "of = \"small.spent\"\n",
        "",
        "17:1: This figure has no `of`. Add of = …",
    ),
    (
        "of = \"small.spent\"",
        "of = \"spent\"",
        "19:6: `spent` does not say which form the figure is of. Write form.measure, like partnership-evaluation.spent.",
    ),
    (
        "of = \"small.spent\"",
        "of = \"smal.spent\"",
        "19:6: The form `smal` is not among `forms`. Did you mean `small`?",
    ),
    (
        "of = \"small.spent\"",
        "of = \"elsewhere.spent\"",
        "19:6: The form `elsewhere` is not among `forms`. Add \"elsewhere\" to forms, or name the figure spent of one that is there.",
    ),
    (
        "id = \"spent\"",
        "id = \"spent!\"",
        "18:6: An id must be up to 64 lower-case letters, digits and _ or -, beginning with a letter.",
    ),
    (
        "## Summary\n{{ prose(\"summary\") }}\n",
        " \n",
        "21:1: This report says nothing. Write what the paper says beneath the second line of +++.",
    ),
    (
        "## Summary",
        "## Sum\u{f0b7}mary",
        "21:7: A character stands here that has no meaning outside of its own font. Write a letter or a sign that every font has.",
    ),
];

#[test]
fn each_fault_is_told_with_its_place_and_what_to_do() {
    for (there, instead, said) in WRONG {
        assert!(GOOD.contains(there), "{there}");
        let found = parse(&GOOD.replacen(there, instead, 1), "yearly.md.j2").expect_err(said);
        let found = told(&found);
        assert!(found.contains(&said.to_owned()), "{instead}:\n{found:#?}\n{said}");
        let beside = found.iter().filter(|other| *other != said).count();
        // A key that is mistyped is also one that is missing.
        assert!(beside <= 1, "{instead}: {found:#?}");
    }
}
