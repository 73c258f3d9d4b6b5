//! What people type is text, whatever it looks like, and no report keeps a server busy for ever.

use countersign_domain::document::{Block, Run};

use super::*;

/// What could be markup, a template, a mark or a figure, if anybody took it for one.
const HOSTILE: [&str; 14] = [
    "# Heading",
    "- item\n- item",
    "**strong** _stress_",
    "<script>alert(1)</script>",
    "[a](javascript:alert(1))",
    "{{ fund() }}{% for x in [1] %}",
    "((spent))",
    "\u{100000}0\u{100001}",
    "\u{100100}\u{100110}",
    "=cmd|' /C calc'!A0",
    "&lt;b&gt; `code` ~~~",
    "1. one",
    "a  \nb\\\nc",
    "\u{202e}\u{0}\u{7f}",
];

/// All the words of the blocks, a line break for each break.
fn words(blocks: &[Block<Raw>]) -> String {
    let of = |runs: &[Run<Raw>]| -> String {
        let one = |run: &Run<Raw>| match run {
            Run::Text { text } | Run::Strong { text } | Run::Emphasis { text } => text.clone(),
            Run::Figure { .. } => "<figure>".to_owned(),
            Run::Break => "\n".to_owned(),
        };
        runs.iter().map(one).collect()
    };
    let all = blocks.iter().map(|block| match block {
        Block::Paragraph { runs } => of(runs),
        Block::Heading { text, .. } => text.clone(),
        Block::List { items, .. } => items.iter().map(|runs| of(runs)).collect(),
        other => format!("{other:?}"),
    });
    all.collect()
}

#[test]
fn a_value_is_text_wherever_it_stands() {
    for hostile in HOSTILE {
        let functions = Fixed {
            texts: BTreeMap::from([("story", hostile.to_owned())]),
            items: vec![hostile.to_owned()],
            ..Fixed::default()
        };
        let blocks = composed_by("{{ story() }}\n", &[], &functions);
        let [Block::Paragraph { runs }] = blocks.as_slice() else {
            panic!("{hostile:?}: {blocks:?}");
        };
        let plain = runs.iter().all(|run| matches!(run, Run::Text { .. } | Run::Break));
        assert!(plain, "{hostile:?}: {runs:?}");
        assert_eq!(words(&blocks), hostile);

        let body = "## A {{ story() }}\n\n- {{ story() }}\n\n**{{ story() }}** {% for one in grant_list() %}{{ one ~ \"!\" }}{% endfor %}\n";
        let blocks = composed_by(body, &[], &functions);
        assert!(
            matches!(
                blocks.as_slice(),
                [Block::Heading { level: 2, .. }, Block::List { ordered: false, items }, Block::Paragraph { .. }] if items.len() == 1
            ),
            "{hostile:?}: {blocks:?}"
        );
        let one_line = hostile.replace('\n', " ");
        assert_eq!(words(&blocks), format!("A {one_line}{hostile}{hostile} {hostile}!"));
    }
}

#[test]
fn a_commissioner_writes_no_template_and_no_marks() {
    let body = "{{ prose(\"summary\") }}\n";
    for typed in [
        "{{ fund() }}",
        "{% set x = 1 %}",
        "<b>x</b>",
        "[a](b)",
        "`((spent))`",
        "{# #}",
    ] {
        let blocks = composed_by(body, &[("summary", typed)], &Fixed::default());
        assert_eq!(words(&blocks), typed.replace("((spent))", "<figure>"), "{typed}");
    }
    let found = check_prose(&report(body), "One\nTwo \u{100000}0\u{100001}");
    assert_eq!(
        found[0].to_string(),
        "2:5: A character stands here that cannot be shown. Delete it and type the word again."
    );
    let found = check_prose(&report(body), "One \u{0}");
    assert_eq!((found[0].line, found[0].column), (1, 5));
    // A bullet of a word processor's own font is nobody's mark.
    assert_eq!(check_prose(&report(body), "\u{f0b7} One"), []);
}

#[test]
fn deep_and_odd_markdown_is_read_in_time() {
    let body = "{{ prose(\"summary\") }}\n";
    let deep = [
        ">".repeat(10_000),
        "> ".repeat(10_000),
        "- ".repeat(5_000),
        format!("{}x", "-     ".repeat(5_000)),
        (0..300).map(|depth| format!("{}- x\n", "  ".repeat(depth))).collect(),
        "*a ".repeat(15_000),
        "_*".repeat(30_000),
        "[".repeat(100_000),
        "(".repeat(100_000),
        "((".repeat(30_000),
        "((a".repeat(30_000),
        "`".repeat(100_000),
        "\\".repeat(100_000),
        "# ".repeat(15_000),
        "\n".repeat(100_000),
        format!("{}x", " ".repeat(100_000)),
        "1) a\n\n".repeat(10_000),
    ];
    for text in deep {
        let problems = check_prose(&report(body), &text);
        let opens = text.starts_with("((");
        assert!(
            opens || problems.iter().all(|problem| problem.message.contains("((")),
            "{problems:#?}"
        );
        if problems.is_empty() {
            composed_by(body, &[("summary", &text)], &Fixed::default());
        }
    }
}

#[test]
fn a_report_that_goes_round_for_ever_is_stopped() {
    let list = "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]";
    let deep: String = (0..6)
        .map(|number| format!("{{% for a{number} in {list} %}}"))
        .collect();
    let ends = "{% endfor %}".repeat(6);
    let body = format!("{deep}{{% if a0 == 2 %}}x{{% endif %}}{ends}\n");
    assert!(told(&body)[0].ends_with("This report goes round for too long. Go through fewer things at once."));
    let body = format!("{deep}{{{{ a0 }}}}{ends}\n");
    assert!(
        told(&body)[0].ends_with("becomes too long. Go through less, or make two reports of it."),
        "{:?}",
        told(&body)
    );
    let body = format!("{deep}{{% if has(\"there\") %}}x{{% endif %}}{ends}\n");
    assert!(told(&body)[0].ends_with("becomes too long. Go through less, or make two reports of it."));
    let body = format!("{deep}{}{ends}\n", "x".repeat(10_000));
    assert!(told(&body)[0].ends_with("becomes too long. Go through less, or make two reports of it."));
}

#[test]
fn a_file_of_a_million_bytes_is_read_whole() {
    let line = "A **line** of {{ fund() }} with &amp; [signs] and more of it, so that there is something to read.\n\n";
    let body = line.repeat(900_000 / line.len());
    let blocks = composed(&body);
    assert_eq!(blocks.len(), body.matches("fund").count());
    let brackets = format!("{{{{ {} }}}}", "fund(".repeat(150_000));
    let found = told(&brackets);
    assert!(
        found[0].contains("Brackets stand in brackets here, more than 20 deep."),
        "{:?}",
        &found[..1]
    );
    let tags = "{{ ".repeat(300_000);
    assert!(!told(&tags).is_empty());
    let quotes = format!("{{{{ {}", "\"".repeat(900_000));
    assert!(!told(&quotes).is_empty());
}
