//! What pages, mails and components promise to whoever writes a template.

use super::*;
use serde_json::json;

fn of(pages: &[(&str, &str)], mails: &[(&str, &str)]) -> Wording {
    let owned = |files: &[(&str, &str)]| {
        files
            .iter()
            .map(|(name, source)| ((*name).to_owned(), (*source).to_owned()))
            .collect()
    };
    Wording::of(owned(pages), owned(mails)).unwrap()
}

fn page(source: &str, context: serde_json::Value) -> Result<String, WordingError> {
    of(&[("page.html", source)], &[]).page("page.html", context)
}

#[test]
fn every_shipped_template_parses() {
    Wording::new().unwrap();
}

#[test]
fn a_missing_name_is_an_error_that_says_where() {
    let error = page("<p>\n{{ provider.nme }}</p>", json!({"provider": {"name": "Hopeful"}})).unwrap_err();
    assert!(error.to_string().contains("page.html:2"), "{error}");
    page("{% if absent %}{% endif %}", json!({})).unwrap_err();
    page("{{ absent }}", json!({"absent": null})).unwrap_err();
    of(&[], &[]).page("no-such.html", json!({})).unwrap_err();
}

#[test]
fn text_is_escaped_in_pages_and_inside_components() {
    let html = page(r#"{{ t }}{{ govukTag({"text": t}) }}"#, json!({"t": "<b>"})).unwrap();
    assert_eq!(html, "&lt;b&gt;<strong class=\"govuk-tag\">\n  &lt;b&gt;\n</strong>");
}

#[test]
fn html_is_passed_to_a_component_by_a_set_block() {
    let source = r#"{% set inner %}<em>{{ t }}</em>{% endset %}{{ govukInsetText({"html": inner}) }}"#;
    let html = page(source, json!({"t": "&"})).unwrap();
    assert!(html.contains("<em>&amp;</em>"), "{html}");
}

#[test]
fn what_is_typed_into_a_text_area_keeps_its_spaces_and_lines() {
    let typed = "one\n  two\n\nthree";
    let source = r#"{% set area %}{{ govukTextarea({"name": "a", "label": {"text": "A"}, "value": v}) }}{% endset %}
        {{ govukFieldset({"legend": {"text": "L"}, "html": area}) }}"#;
    let html = page(source, json!({"v": typed})).unwrap();
    assert!(html.contains(&format!(">{typed}</textarea>")), "{html}");
}

#[test]
fn an_asset_is_named_by_its_content() {
    let html = page(r#"{{ "main.css" | asset }} {{ asset("early.js") }}"#, json!({})).unwrap();
    let (style, script) = html.split_once(' ').unwrap();
    assert!(static_file(style.trim_start_matches(STATIC_ROOT)).is_some(), "{style}");
    assert!(
        static_file(script.trim_start_matches(STATIC_ROOT)).is_some(),
        "{script}"
    );
    page(r#"{{ "none.css" | asset }}"#, json!({})).unwrap_err();
}

#[test]
fn a_mail_has_three_parts_and_only_its_html_is_escaped() {
    let wording = of(
        &[],
        &[
            ("layout.html", "<html>{% block body %}{% endblock %}</html>"),
            ("due/subject.txt", "\n Due: {{ grant }} \n"),
            ("due/body.txt", "For {{ grant }}.\n"),
            (
                "due/body.html",
                "{% extends \"layout.html\" %}{% block body %}<p>{{ grant }}</p>{% endblock %}",
            ),
        ],
    );
    let words = wording.mail("due", json!({"grant": "Bread & Roses"})).unwrap();
    assert_eq!(words.subject, "Due: Bread & Roses");
    assert_eq!(words.text, "For Bread & Roses.\n");
    assert_eq!(words.html, "<html><p>Bread &amp; Roses</p></html>");
    wording.mail("due", json!({"grant": "two\r\nBcc: lines"})).unwrap_err();
    wording.mail("absent", json!({})).unwrap_err();
}

#[test]
fn the_frame_has_no_script_or_style_of_its_own() {
    let html = Wording::new()
        .unwrap()
        .page(
            "base.html",
            json!({"page": {"title": "Money", "lang": "en", "csrf": "t", "nav": []}}),
        )
        .unwrap();
    assert!(html.contains("<title>Money – Countersign</title>"), "{html}");
    assert!(!html.contains("<style") && !html.contains(" style="), "{html}");
    assert_eq!(
        html.matches("<script").count(),
        html.matches("\"></script>").count(),
        "{html}"
    );
    assert!(!html.contains("cs-demo-bar") && !html.contains("<form"), "{html}");
}

#[test]
fn the_frame_shows_who_where_and_when() {
    let context = json!({
        "page": {
            "title": "Money", "lang": "cy", "csrf": "planted", "has_errors": true, "back": "/tasks",
            "nav": [{"text": "Returns", "href": "/office", "current": true}],
            "signed_in": "Jo <Bell>", "sign_out": "/leave",
        },
        "demo": {"date": "2018-04-03", "day_words": "Tuesday 3 April 2018", "next_event": "return opens"},
    });
    let html = Wording::new().unwrap().page("base.html", context).unwrap();
    for part in [
        "<html lang=\"cy\"",
        "<title>Error: Money – Countersign</title>",
        "href=\"/tasks\" class=\"govuk-back-link\"",
        "href=\"/office\"",
        "Jo &lt;Bell&gt;",
        "action=\"/leave\"",
        "action=\"/demo/next-day\"",
        "action=\"/demo/next-event\"",
        "Tuesday 3 April 2018",
    ] {
        assert!(html.contains(part), "{part} is not in {html}");
    }
    let token = "<input type=\"hidden\" name=\"csrf\" value=\"planted\">";
    assert_eq!(html.matches("<form").count(), html.matches(token).count());
}

#[test]
fn figures_name_their_columns_and_escape_their_cells() {
    let source = r#"{% from "macros.html" import figures %}{{ figures("Spent", head, rows) }}"#;
    let macros = PageFiles::get("macros.html").unwrap();
    let wording = of(
        &[
            ("macros.html", std::str::from_utf8(&macros.data).unwrap()),
            ("page.html", source),
        ],
        &[],
    );
    let context = json!({
        "head": [{"text": "Project"}, {"text": "Spent", "numeric": true}],
        "rows": [{"cells": ["<Hope>", "£1"]}, {"cells": ["All", {"html": "<b>£1</b>"}], "total": true}],
    });
    let html = wording.page("page.html", context).unwrap();
    for part in [
        "<th scope=\"row\">&lt;Hope&gt;</th>",
        "<td data-label=\"Spent\" class=\"cs-figures__number\">£1</td>",
        "<tr class=\"cs-figures__total\">",
        "<b>£1</b>",
    ] {
        assert!(html.contains(part), "{part} is not in {html}");
    }
}

#[test]
fn scripts_import_each_other_by_their_hashed_names() {
    for name in static_names().filter(|name| name.ends_with(".mjs")) {
        let script = std::str::from_utf8(static_file(name).unwrap()).unwrap();
        for import in script.lines().filter_map(|line| line.strip_prefix("import ")) {
            let imported = import.split("\"./").nth(1).and_then(|rest| rest.split('"').next());
            assert!(
                imported.is_some_and(|file| static_file(file).is_some()),
                "{name}: {import}"
            );
        }
    }
}

#[test]
fn a_figure_of_a_document_leads_where_the_page_says_and_nowhere_without() {
    let source = r#"{% from "document/blocks.html" import body %}{{ body(document, to) }}"#;
    let said = [
        json!({"text": "£5.00 ", "meaning": null}),
        json!({"text": "[e]", "meaning": "Approximate"}),
    ];
    let figure = json!({"piece": "figure", "value": "5.00", "said": said, "trail": "form=a&row=b%26c"});
    let document = json!({
        "blocks": [{"kind": "paragraph", "pieces": [{"piece": "text", "text": "Spent <"}, figure]}],
        "definitions": null,
        "marks": [],
    });
    let shown = |to: &str| {
        let mut pages = embedded_files::<PageFiles>();
        pages.push(("page.html".to_owned(), source.to_owned()));
        let wording = Wording::of(pages, vec![]).unwrap();
        wording
            .page("page.html", json!({"document": document, "to": to}))
            .unwrap()
            .trim()
            .to_owned()
    };
    let data = r#"<data value="5.00">£5.00 <abbr title="Approximate">[e]</abbr></data>"#;
    assert_eq!(shown(""), format!(r#"<p class="govuk-body">Spent &lt;{data}</p>"#));
    let led = format!(r#"<a class="govuk-link" href="/figures?form=a&amp;row=b%26c">{data}</a>"#);
    assert_eq!(
        shown("/figures"),
        format!(r#"<p class="govuk-body">Spent &lt;{led}</p>"#)
    );
}
