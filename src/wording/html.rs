//! How a value stands in HTML.
//!
//! Invariant: text is escaped unless it was marked safe; `true` and `false` are spelt as HTML does.

use minijinja::value::{Value, ValueKind};
use minijinja::{AutoEscape, Error, Output, State};

/// Prints a value into a template, escaped where the template is HTML.
///
/// The slash is left alone, unlike by minijinja's own rule: it means nothing in text or in a quoted attribute.
pub(super) fn print(out: &mut Output<'_>, state: &State<'_, '_>, value: &Value) -> Result<(), Error> {
    let written = if *state.auto_escape() == AutoEscape::Html {
        out.write_str(&escape(value))
    } else {
        out.write_str(&as_in_html(value).to_string())
    };
    written.map_err(Error::from)
}

/// The text of a value as it may stand in HTML. Nothing at all for a value that is absent.
pub(super) fn escape(value: &Value) -> String {
    if is_absent(value) {
        return String::new();
    }
    let text = as_in_html(value).to_string();
    if value.is_safe() {
        return text;
    }
    text.chars().fold(String::with_capacity(text.len()), |mut html, c| {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            _ => html.push(c),
        }
        html
    })
}

/// Whether there is no value at all.
pub(super) fn is_absent(value: &Value) -> bool {
    value.is_undefined() || value.is_none()
}

/// HTML spells `true` and `false` in small letters, unlike minijinja.
pub(super) fn as_in_html(value: &Value) -> Value {
    if value.kind() == ValueKind::Bool {
        Value::from(if value.is_true() { "true" } else { "false" })
    } else {
        value.clone()
    }
}
