//! HTML attributes from a map, by the rules of GOV.UK Frontend's own `govukAttributes` and `govukI18nAttributes`.
//!
//! Invariant: every value is escaped, unless it was marked safe before.

use super::html::{escape, is_absent};
use minijinja::Error;
use minijinja::value::{Value, ValueKind};
use std::fmt::Write as _;

/// Renders ` name="value"` for each pair of a map; text is passed through as it is.
///
/// A value may be a map of its own, `{"value": …, "optional": true}`: then it is left out when absent or false, and
/// stands without a value when true.
pub(super) fn attributes(given: &Value) -> Result<Value, Error> {
    if let Some(text) = given.as_str() {
        return Ok(Value::from_safe_string(text.to_owned()));
    }
    let mut html = String::new();
    if given.kind() == ValueKind::Map {
        for name in given.try_iter()? {
            let item = given.get_item(&name)?;
            let (value, optional) = if item.kind() == ValueKind::Map {
                (item.get_attr("value")?, is_true(&item.get_attr("optional")?))
            } else {
                (item, false)
            };
            let name = escape(&name);
            if optional && is_true(&value) {
                let _ = write!(html, " {name}");
            } else if !optional || !(is_absent(&value) || is_false(&value)) {
                let _ = write!(html, " {name}=\"{}\"", escape(&value));
            }
        }
    }
    Ok(Value::from_safe_string(html))
}

/// Renders the `data-i18n.…` attributes that carry a component's words to its script.
pub(super) fn i18n_attributes(params: &Value) -> Result<Value, Error> {
    let key = escape(&params.get_attr("key")?);
    let messages = params.get_attr("messages")?;
    let message = params.get_attr("message")?;
    let mut html = String::new();
    if messages.kind() == ValueKind::Map {
        for rule in messages.try_iter()? {
            let text = messages.get_item(&rule)?;
            let _ = write!(html, " data-i18n.{key}.{}=\"{}\"", escape(&rule), escape(&text));
        }
    } else if message.is_true() {
        let _ = write!(html, " data-i18n.{key}=\"{}\"", escape(&message));
    }
    Ok(Value::from_safe_string(html))
}

fn is_true(value: &Value) -> bool {
    value.kind() == ValueKind::Bool && value.is_true()
}

/// Nought is not false: it is a value that somebody typed.
fn is_false(value: &Value) -> bool {
    value.kind() == ValueKind::Bool && !value.is_true()
}

#[cfg(test)]
mod tests {
    use super::*;
    use minijinja::context;
    use minijinja::value::Serde;
    use serde_json::json;

    fn html(given: serde_json::Value) -> String {
        attributes(&Value::from(Serde(given))).unwrap().to_string()
    }

    #[test]
    fn values_are_escaped_and_safe_ones_are_not() {
        assert_eq!(
            html(json!({"title": "\"<a> & b'"})),
            " title=\"&quot;&lt;a&gt; &amp; b&#39;\""
        );
        let safe = context! { title => Value::from_safe_string("&pound;".to_owned()) };
        assert_eq!(attributes(&safe).unwrap().to_string(), " title=\"&pound;\"");
    }

    #[test]
    fn optional_values_are_left_out_or_bare() {
        let optional = |value| html(json!({"hidden": {"value": value, "optional": true}}));
        assert_eq!(optional(json!(true)), " hidden");
        assert_eq!(optional(json!(false)), "");
        assert_eq!(optional(json!(null)), "");
        assert_eq!(optional(json!("")), " hidden=\"\"");
        assert_eq!(optional(json!(0)), " hidden=\"0\"");
        assert_eq!(html(json!({"hidden": true})), " hidden=\"true\"");
        assert_eq!(html(json!({"hidden": null})), " hidden=\"\"");
    }

    #[test]
    fn text_and_nothing_are_passed_through() {
        assert_eq!(html(json!(" a=\"b\"")), " a=\"b\"");
        assert_eq!(html(json!(null)), "");
    }
}
