//! How a text stands in an address.
//!
//! Invariant: whatever it says, it is read back as it was, and ends no part of the address.

use std::fmt::Write as _;

/// A text as a value in an address, or in the name of a file in a header (RFC 3986, section 2.1; RFC 8187, section 3.2).
#[must_use]
pub fn in_address(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing into a text does not fail.
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_any_text() {
        assert_eq!(in_address("a b&c=é~"), "a%20b%26c%3D%C3%A9~");
    }
}
