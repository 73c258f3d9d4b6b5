//! Where the bytes of a file stand for people: lines and columns.
//!
//! Invariant: lines and columns count from 1, columns in characters. A place costs the same wherever in the file it is,
//! so that a large file with a fault in every line is said as fast as it is read.

use std::ops::Range;

/// Characters are counted ahead to every so many bytes.
const BLOCK: usize = 256;

/// A text whose places can be asked for.
pub struct Places<'s> {
    source: &'s str,
    /// Where each line begins.
    lines: Vec<usize>,
    /// How many characters begin before each block.
    before: Vec<usize>,
}

/// A line and a column, and the bytes of the line without its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// The byte itself, between characters.
    pub at: usize,
    /// The line it is in.
    pub whole: Range<usize>,
}

impl<'s> Places<'s> {
    /// Goes through the text once.
    pub fn new(source: &'s str) -> Self {
        let ends = source.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let lines = std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect();
        let mut before = Vec::with_capacity(source.len() / BLOCK + 1);
        let mut counted = 0;
        for block in source.as_bytes().chunks(BLOCK) {
            before.push(counted);
            counted += characters(block);
        }
        Self { source, lines, before }
    }

    /// The place of a byte; the end of the text when it is past that.
    pub fn at(&self, byte: usize) -> Place {
        let at = self.source.floor_char_boundary(byte);
        let line = self.lines.partition_point(|begins| *begins <= at);
        let begins = self.lines.get(line.wrapping_sub(1)).copied().unwrap_or(0);
        let ends = self.lines.get(line).map_or(self.source.len(), |next| next - 1);
        Place {
            line,
            column: self.characters_before(at) - self.characters_before(begins) + 1,
            at,
            whole: begins..ends,
        }
    }

    /// How many characters begin before a byte.
    fn characters_before(&self, at: usize) -> usize {
        let block = at / BLOCK;
        let Some(counted) = self.before.get(block).or(self.before.last()) else {
            return 0;
        };
        let from = if block < self.before.len() {
            block * BLOCK
        } else {
            (self.before.len() - 1) * BLOCK
        };
        counted + characters(&self.source.as_bytes()[from..at])
    }
}

/// Characters begin with a byte that does not continue one.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0b1100_0000 != 0b1000_0000).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_of_an_odd_text_is_where_counting_finds_it() {
        let mut source = "é£\r\n\n".repeat(300);
        source += "last ‘line’ without an end";
        let places = Places::new(&source);
        for byte in 0..=source.len() + 3 {
            let place = places.at(byte);
            let at = source.floor_char_boundary(byte);
            let begins = source[..at].rfind('\n').map_or(0, |end| end + 1);
            assert_eq!(place.at, at);
            assert_eq!(place.line, source[..at].matches('\n').count() + 1, "{byte}");
            assert_eq!(place.column, source[begins..at].chars().count() + 1, "{byte}");
            assert_eq!(place.whole.start, begins, "{byte}");
            let ends = source[at..].find('\n').map_or(source.len(), |end| at + end);
            assert_eq!(place.whole.end, ends, "{byte}");
        }
        assert_eq!(Places::new("").at(9).column, 1);
    }
}
