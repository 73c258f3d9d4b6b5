//! The typefaces, what they can write, and how wide it is.
//!
//! Invariant: no character vanishes. What no face has is written as the replacement character, and the paper says so.

use std::sync::LazyLock;

use typst::foundations::Bytes;
use typst::layout::Abs;
use typst::text::{Font, FontBook, FontInstance, FontVariant, FontVariations};
use typst::utils::LazyHash;

/// What stands for a character that no face has.
pub(crate) const LOST: char = '\u{fffd}';

/// The faces as the build script left them; text is measured in the first two and then in the fourth.
const FACES: [&[u8]; 5] = [
    include_bytes!(concat!(env!("OUT_DIR"), "/SourceSans3-Regular.ttf")),
    include_bytes!(concat!(env!("OUT_DIR"), "/SourceSans3-Bold.ttf")),
    include_bytes!(concat!(env!("OUT_DIR"), "/SourceSans3-It.ttf")),
    include_bytes!(concat!(env!("OUT_DIR"), "/DejaVuSans.ttf")),
    include_bytes!(concat!(env!("OUT_DIR"), "/DejaVuSans-Bold.ttf")),
];

/// The faces, read once.
pub(crate) struct Faces {
    pub book: LazyHash<FontBook>,
    pub fonts: Vec<Font>,
    plain: Vec<FontInstance>,
    strong: Vec<FontInstance>,
}

/// The faces of every paper.
pub(crate) static FONTS: LazyLock<Faces> = LazyLock::new(|| {
    let fonts: Vec<Font> = FACES.iter().flat_map(|face| Font::iter(Bytes::new(*face))).collect();
    let measured = |faces: [usize; 2]| {
        let found = faces.into_iter().filter_map(|nth| fonts.get(nth).cloned());
        found
            .map(|font| font.instantiate(FontVariant::default(), Abs::zero(), &FontVariations::default()))
            .collect()
    };
    Faces {
        book: LazyHash::new(FontBook::from_fonts(&fonts)),
        plain: measured([0, 3]),
        strong: measured([1, 4]),
        fonts,
    }
});

impl Faces {
    /// Whether the upright face of text, or the one that fills in for it, has the character.
    fn has(&self, c: char) -> bool {
        [0, 3]
            .into_iter()
            .filter_map(|nth| self.fonts.get(nth))
            .any(|font| font.info().coverage.contains(c.into()))
    }
}

/// Text as the faces can write it. `lost` becomes true when a character had to be replaced.
pub(crate) fn writable(text: &str, lost: &mut bool) -> String {
    let mut out = String::with_capacity(text.len());
    // Whether the character before is part of one picture with the next, and could not be written.
    let mut joined = false;
    let mut before = false;
    for c in text.chars() {
        let ignorable = matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}');
        match c {
            '\n' => out.push(c),
            '\t' | '\u{2028}' | '\u{2029}' | '\u{85}' => out.push(' '),
            '\r' => {}
            // Overrides of the direction of writing would have a figure read backwards.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            _ if ignorable => {
                joined = before && c == '\u{200d}';
                // Those between letters of a script that joins them are kept.
                if matches!(c, '\u{200c}'..='\u{200f}') && !before && FONTS.has(c) {
                    out.push(c);
                }
                continue;
            }
            _ if !of_private_use(c) && !c.is_control() && FONTS.has(c) => {
                out.push(c);
                (before, joined) = (false, false);
                continue;
            }
            _ => {
                let tone = before && matches!(c, '\u{1f3fb}'..='\u{1f3ff}');
                if !joined && !tone {
                    out.push(LOST);
                }
                *lost = true;
                (before, joined) = (true, false);
                continue;
            }
        }
        (before, joined) = (false, false);
    }
    out
}

/// What a face has there means nothing to anybody else.
const fn of_private_use(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}

/// How wide a text is on one line, in thousandths of its size; rather too wide, since no letters are drawn together.
pub(crate) fn width(text: &str, strong: bool) -> u64 {
    let faces = if strong { &FONTS.strong } else { &FONTS.plain };
    text.chars().map(|c| advance(faces, c)).sum()
}

fn advance(faces: &[FontInstance], c: char) -> u64 {
    let found = faces.iter().find_map(|face| {
        let face = face.ttf();
        let wide = face.glyph_hor_advance(face.glyph_index(c)?)?;
        Some(u64::from(wide) * 1_000 / u64::from(face.units_per_em().max(1)))
    });
    found.unwrap_or(1_000)
}
