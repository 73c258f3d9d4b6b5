//! Our rendering of each GOV.UK Frontend component against the fixtures that upstream ships with it.
//!
//! Two pieces of HTML are the same when they parse to the same tree, whatever the order of attributes and the amount
//! of white space.

#[path = "../build/nunjucks/mod.rs"]
mod nunjucks;

use countersign::wording::{Wording, component_names};
use scraper::{ElementRef, Html, Node};
use serde_json::Value;
use std::fmt::Write as _;
use std::path::PathBuf;

fn upstream(component: &str, file: &str) -> String {
    let path = PathBuf::from(env!("COUNTERSIGN_NODE_MODULES"))
        .join("govuk-frontend/dist/govuk/components")
        .join(component)
        .join(file);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The tree of a piece of HTML as text: one line a node, attributes in order, white space made one.
fn tree(html: &str) -> String {
    let document = Html::parse_fragment(html);
    let mut out = String::new();
    write_children(document.root_element(), 0, false, &mut out);
    out
}

fn write_children(parent: ElementRef<'_>, depth: usize, verbatim: bool, out: &mut String) {
    for child in parent.children() {
        match child.value() {
            Node::Text(text) => {
                let text: &str = text;
                let shown = if verbatim { text.to_owned() } else { one_space(text) };
                if !shown.is_empty() {
                    let _ = writeln!(out, "{:depth$}{shown:?}", "");
                }
            }
            Node::Element(element) => {
                let mut attributes: Vec<String> = element
                    .attrs()
                    .map(|(name, value)| format!(" {name}={:?}", one_space(value)))
                    .collect();
                attributes.sort();
                let _ = writeln!(out, "{:depth$}<{}{}>", "", element.name(), attributes.concat());
                if let Some(inner) = ElementRef::wrap(child) {
                    let verbatim = matches!(element.name(), "textarea" | "pre");
                    write_children(inner, depth + 1, verbatim, out);
                }
            }
            _ => {}
        }
    }
}

fn one_space(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_fixture_of_every_component_is_upstreams_markup() {
    let wording = Wording::new().unwrap();
    let mut checked = 0;
    let mut differing = Vec::new();
    for component in component_names() {
        let fixtures: Value = serde_json::from_str(&upstream(component, "fixtures.json")).unwrap();
        for fixture in fixtures["fixtures"].as_array().unwrap() {
            let name = format!("{component}: {}", fixture["name"].as_str().unwrap());
            let expected = tree(fixture["html"].as_str().unwrap());
            checked += 1;
            match wording.component(component, &fixture["options"]) {
                Ok(html) if tree(&html) == expected => {}
                Ok(html) => differing.push(format!("## {name}\n{}", first_difference(&expected, &tree(&html)))),
                Err(error) => differing.push(format!("## {name}\n{error}\n")),
            }
        }
    }
    assert!(checked > 500, "only {checked} fixtures were found");
    assert!(
        differing.is_empty(),
        "{} of {checked} differ\n{}",
        differing.len(),
        differing.join("\n")
    );
}

fn first_difference(expected: &str, ours: &str) -> String {
    let at = expected
        .lines()
        .zip(ours.lines())
        .take_while(|(left, right)| left == right)
        .count();
    let line = |text: &str| text.lines().nth(at).unwrap_or("(nothing)").to_owned();
    format!("line {at}\n  upstream {}\n  ours     {}\n", line(expected), line(ours))
}

#[test]
fn the_comparison_sees_a_changed_attribute_or_word_or_nesting() {
    let base = tree("<p id=a class='b  c'>One <b>two</b></p>");
    assert_eq!(base, tree("<p class=\"b c\" id=a>\n One\n <b> two</b></p>"));
    for other in [
        "<p id=b class='b c'>One <b>two</b></p>",
        "<p id=a class='b c'>One <b>too</b></p>",
        "<p id=a class='b c'>One two</p>",
    ] {
        assert_ne!(base, tree(other));
    }
}

#[test]
fn no_component_carries_the_crown() {
    for component in component_names() {
        let template = upstream(component, "template.njk");
        assert!(!template.contains("govukLogo"), "{component}");
    }
}

#[test]
fn nunjucks_is_respelt() {
    let respelt = |source: &str| nunjucks::transform(source).unwrap();
    assert_eq!(respelt("a {% from \"x.njk\" import y -%} b"), "a {# -#} b");
    assert_eq!(
        respelt("{{ f({ html: a.html, for: 'x + y', \"b-c\": null }) }}"),
        "{{ f({ \"html\": a.html, \"for\": 'x + y', \"b-c\": none }) }}"
    );
    assert_eq!(
        respelt("{% if a !== undefined and b === true %}{% elseif c.items.length %}{% endif %}"),
        "{% if a is defined and b == true %}{% elif c.items|length %}{% endif %}"
    );
    assert_eq!(
        respelt("{{ 'a + b' + c }} a + b {# a + b #}"),
        "{{ 'a + b' ~ c }} a + b {# a + b #}"
    );
    assert_eq!(
        respelt("{% for k, v in m %}{% endfor %}"),
        "{% for k, v in m |items %}{% endfor %}"
    );
    assert_eq!(respelt("{{ {a: {b: 1}} }}"), "{{ {\"a\": {\"b\": 1}} }}");
}

#[test]
fn what_a_loop_assigns_outlives_it() {
    let source = "{% set any = false %}{% for row in rows %}{% set own = 1 %}{% set any = true if row.any else any %}{% endfor %}{{ any }}";
    assert_eq!(
        nunjucks::transform(source).unwrap(),
        "{% set any = false %}{%- set any_kept = namespace(value=any) -%}{% for row in rows %}{% set own = 1 %}\
         {% set any_kept.value = true if row.any else any_kept.value %}{% endfor %}{%- set any = any_kept.value -%}{{ any }}"
    );
}

#[test]
fn a_template_that_is_cut_short_is_refused() {
    for source in ["{{ a", "{% if a", "{# a", "{{ 'a }}", "{{ f({ }}"] {
        nunjucks::transform(source).unwrap_err();
    }
}
