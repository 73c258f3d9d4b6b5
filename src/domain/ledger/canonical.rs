//! JSON with one spelling, after RFC 8785, for whatever is hashed or signed. Its invariant: two
//! values that are equal have the same bytes, and the bytes read back as the same value.
//!
//! Only strings, whole numbers, true, false, null, lists and objects are taken. RFC 8785 writes
//! numbers as 64-bit floats, so a number with a fraction, or past ±(2⁵³ - 1), is refused: figures
//! go in as whole pence or as text.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use thiserror::Error;

use super::Digest;

/// The largest whole number that every JSON reader keeps exactly: 2⁵³ - 1.
pub const LARGEST: i64 = 9_007_199_254_740_991;

/// Lists and objects inside one another beyond this are refused.
pub const DEEPEST: usize = 100;

/// Why a value has no canonical form, or a text no value.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CanonicalError {
    /// A number with a fraction or an exponent.
    #[error("{0} is not a whole number: write it as text")]
    Fraction(Number),
    /// A whole number that not every reader keeps exactly.
    #[error("{0} is past ±{LARGEST}: write it as text")]
    TooLarge(Number),
    /// Lists and objects too deep inside one another.
    #[error("lists and objects are more than {DEEPEST} deep")]
    TooDeep,
    /// Not JSON, or a key that comes twice in one object.
    #[error("{0}")]
    NotJson(String),
}

/// The canonical text of the value.
///
/// # Errors
/// When it holds a fraction, a number past [`LARGEST`] either way, or is deeper than [`DEEPEST`].
pub fn canonical(value: &Value) -> Result<String, CanonicalError> {
    let mut out = String::new();
    write(value, &mut out, DEEPEST)?;
    Ok(out)
}

/// The SHA-256 digest of the value's canonical text.
///
/// # Errors
/// As [`canonical`].
pub fn digest(value: &Value) -> Result<Digest, CanonicalError> {
    canonical(value).map(|text| Digest::of(text.as_bytes()))
}

/// Reads JSON, refusing an object in which a key comes twice: readers differ in which one they
/// keep, so such a text has no one meaning.
///
/// # Errors
/// When the text is not JSON or a key comes twice, with the line and column.
pub fn parse_strict(text: &str) -> Result<Value, CanonicalError> {
    serde_json::from_str::<Strict>(text)
        .map(|strict| strict.0)
        .map_err(|error| CanonicalError::NotJson(error.to_string()))
}

fn write(value: &Value, out: &mut String, depth: usize) -> Result<(), CanonicalError> {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => write_number(number, out)?,
        Value::String(text) => write_string(text, out),
        Value::Array(items) => {
            let depth = depth.checked_sub(1).ok_or(CanonicalError::TooDeep)?;
            out.push('[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                write(item, out, depth)?;
            }
            out.push(']');
        }
        Value::Object(fields) => {
            let depth = depth.checked_sub(1).ok_or(CanonicalError::TooDeep)?;
            let mut fields: Vec<_> = fields.iter().collect();
            // RFC 8785 section 3.2.3: by UTF-16 code units, which is not the order of UTF-8.
            fields.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            out.push('{');
            for (place, (key, item)) in fields.into_iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                write_string(key, out);
                out.push(':');
                write(item, out, depth)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

fn write_number(number: &Number, out: &mut String) -> Result<(), CanonicalError> {
    if !(number.is_i64() || number.is_u64()) {
        return Err(CanonicalError::Fraction(number.clone()));
    }
    match number.as_i64() {
        Some(whole) if (-LARGEST..=LARGEST).contains(&whole) => {
            out.push_str(&whole.to_string());
            Ok(())
        }
        _ => Err(CanonicalError::TooLarge(number.clone())),
    }
}

/// RFC 8785 section 3.2.2.2: only the quote, the backslash and the controls are escaped.
fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            c if c < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}

/// A value read with every key checked.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("a number is not finite"))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = fields.next_key::<String>()? {
            if object.contains_key(&key) {
                return Err(de::Error::custom(format!("the key “{key}” comes twice")));
            }
            let Strict(item) = fields.next_value()?;
            object.insert(key, item);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_are_sorted_as_rfc_8785_sorts_them() {
        // The example of RFC 8785 section 3.2.3: the smiling face is a surrogate pair, and comes
        // before the Hebrew letter of the presentation block.
        let value = json!({
            "\u{20ac}": "Euro Sign", "\r": "Carriage Return", "\u{fb33}": "Hebrew Letter Dalet With Dagesh",
            "1": "One", "\u{1f600}": "Emoji: Grinning Face", "\u{80}": "Control", "\u{f6}": "Latin Small Letter O With Diaeresis"
        });
        let text = canonical(&value).unwrap();
        let order = ["Carriage Return", "One", "Control", "Latin", "Euro", "Emoji", "Hebrew"];
        let places: Vec<_> = order.iter().map(|word| text.find(word).unwrap()).collect();
        assert!(places.is_sorted(), "{text}");
    }

    #[test]
    fn strings_are_escaped_as_rfc_8785_escapes_them() {
        let value = json!({ "s": "\u{20ac}$\u{f}\nA'B\"\\\\\"/\u{7f}\u{8}\t\u{c}\r" });
        assert_eq!(
            canonical(&value).unwrap(),
            "{\"s\":\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\u{7f}\\b\\t\\f\\r\"}"
        );
        assert_eq!(
            canonical(&json!([null, true, false, -0, []])).unwrap(),
            "[null,true,false,0,[]]"
        );
    }

    #[test]
    fn fractions_and_large_numbers_are_refused() {
        for (text, large) in [
            ("0.5", false),
            ("1.0", false),
            ("1e2", false),
            ("-0", false),
            ("18446744073709551616", false),
            ("9007199254740992", true),
            ("-9007199254740992", true),
            ("18446744073709551615", true),
        ] {
            let error = canonical(&parse_strict(text).unwrap()).unwrap_err();
            assert_eq!(matches!(error, CanonicalError::TooLarge(_)), large, "{text}");
        }
        assert_eq!(canonical(&json!(LARGEST)).unwrap(), LARGEST.to_string());
        assert_eq!(canonical(&json!(-LARGEST)).unwrap(), format!("-{LARGEST}"));
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |depth: usize| (1..depth).fold(json!([]), |inner, _| json!([inner]));
        assert!(canonical(&nested(DEEPEST)).is_ok());
        assert_eq!(canonical(&nested(DEEPEST + 1)), Err(CanonicalError::TooDeep));
        assert!(parse_strict(&"[".repeat(100_000)).is_err());
    }

    #[test]
    fn a_key_that_comes_twice_is_refused_wherever_it_is() {
        let error = parse_strict("{\"spent\": 1,\n \"spent\": 1}").unwrap_err();
        assert_eq!(error.to_string(), "the key “spent” comes twice at line 2 column 8");
        assert!(parse_strict(r#"[{"a":{"b":1,"\u0062":2}}]"#).is_err());
        assert!(parse_strict(r#"{"a":{"b":1},"b":2}"#).is_ok());
        for wrong in ["", "{} {}", "{'a':1}", "[1,]", "nul", "\"\\ud800\"", "NaN"] {
            assert!(parse_strict(wrong).is_err(), "{wrong}");
        }
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (-LARGEST..=LARGEST).prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::vec((any::<String>(), inner), 0..5)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn reads_back_as_the_same_value_and_is_stable(value in any_value()) {
            let text = canonical(&value).unwrap();
            let again = parse_strict(&text).unwrap();
            prop_assert_eq!(&again, &value);
            prop_assert_eq!(canonical(&again).unwrap(), text);
        }
    }
}
