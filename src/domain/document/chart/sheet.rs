//! The SVG as it is written: places in tenths of a pixel, and text that is escaped.
//!
//! Invariant: what is written is well-formed XML whatever the words are, and no text is smaller than [`SIZE`].

use std::fmt::Write as _;

/// Tenths in a pixel. Places are counted in tenths, so that they need no fractions.
pub(super) const TENTHS: i64 = 10;
/// The size of text, in tenths of a pixel.
pub(super) const SIZE: i64 = 130;
/// From one line of text to the next.
pub(super) const LINE: i64 = 165;
/// The colour of text and of what bounds a shape.
pub(super) const INK: &str = "#0b0c0c";

/// Where a text stands of its place.
#[derive(Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// An SVG element in the making.
pub(super) struct Sheet {
    pub width: i64,
    /// The height that the drawing should keep within.
    pub most: i64,
    /// How far down it is drawn.
    pub down: i64,
    id: String,
    defs: String,
    body: String,
}

impl Sheet {
    pub fn new(width: i64, most: i64, id: &str) -> Self {
        let id = id.to_owned();
        Self {
            width,
            most,
            down: 0,
            id,
            defs: String::new(),
            body: String::new(),
        }
    }

    /// What begins each identifier.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// A definition, such as a pattern.
    pub fn define(&mut self, definition: &str) {
        self.defs.push_str(definition);
    }

    /// A rectangle; `paint` is attributes of ours.
    pub fn rect(&mut self, (x, y): (i64, i64), (width, height): (i64, i64), paint: &str) {
        let (x, y, width, height) = (px(x), px(y), px(width), px(height));
        let _ = write!(
            self.body,
            r#"<rect x="{x}" y="{y}" width="{width}" height="{height}" {paint}/>"#
        );
    }

    /// A line from place to place.
    pub fn line(&mut self, from: (i64, i64), to: (i64, i64), paint: &str) {
        let ((x1, y1), (x2, y2)) = ((px(from.0), px(from.1)), (px(to.0), px(to.1)));
        let _ = write!(self.body, r#"<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" {paint}/>"#);
    }

    /// A line through several places.
    pub fn path(&mut self, places: &[(i64, i64)], paint: &str) {
        let mut way = String::new();
        for (nth, (x, y)) in places.iter().enumerate() {
            let _ = write!(way, "{}{} {}", if nth == 0 { "M" } else { " L" }, px(*x), px(*y));
        }
        let _ = write!(self.body, r#"<path d="{way}" fill="none" {paint}/>"#);
    }

    /// A closed shape of several corners.
    pub fn polygon(&mut self, corners: &[(i64, i64)], paint: &str) {
        let corners: Vec<String> = corners.iter().map(|(x, y)| format!("{},{}", px(*x), px(*y))).collect();
        let _ = write!(self.body, r#"<polygon points="{}" {paint}/>"#, corners.join(" "));
    }

    /// A circle.
    pub fn circle(&mut self, (x, y): (i64, i64), radius: i64, paint: &str) {
        let _ = write!(
            self.body,
            r#"<circle cx="{}" cy="{}" r="{}" {paint}/>"#,
            px(x),
            px(y),
            px(radius)
        );
    }

    /// One line of text on its base line.
    pub fn text(&mut self, (x, y): (i64, i64), anchor: Anchor, text: &str) {
        self.write((x, y), anchor, "", text);
    }

    /// One line of text in strong letters.
    pub fn strong(&mut self, (x, y): (i64, i64), anchor: Anchor, text: &str) {
        self.write((x, y), anchor, r#" font-weight="bold""#, text);
    }

    fn write(&mut self, (x, y): (i64, i64), anchor: Anchor, weight: &str, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => r#" text-anchor="middle""#,
            Anchor::End => r#" text-anchor="end""#,
        };
        let (x, y, text) = (px(x), px(y), escaped(text));
        let _ = write!(self.body, r#"<text x="{x}" y="{y}"{anchor}{weight}>{text}</text>"#);
    }

    /// Text in strong letters below what there is, over at most two lines. What does not fit is shortened and told in full
    /// when it is pointed at.
    pub fn label(&mut self, text: &str) {
        let (lines, whole) = wrapped(text, self.width * 9 / 10, 2);
        if !whole {
            let _ = write!(self.body, "<g><title>{}</title>", escaped(text));
        }
        for line in &lines {
            self.down += LINE;
            self.strong((0, self.down - 35), Anchor::Start, line);
        }
        if !whole {
            self.body.push_str("</g>");
        }
    }

    /// Text below what there is, over as many lines as it needs.
    pub fn note(&mut self, text: &str) {
        for line in wrapped(text, self.width, usize::MAX).0 {
            self.down += LINE;
            self.text((0, self.down - 35), Anchor::Start, &line);
        }
    }

    /// Said in place of a drawing.
    pub fn nothing(&mut self, words: &str) {
        let (width, height) = (self.width - 10, 800);
        let paint = format!(r##"fill="#ffffff" stroke="{INK}" stroke-dasharray="4 4""##);
        self.rect((5, 5), (width, height), &paint);
        self.text((self.width / 2, 450), Anchor::Middle, words);
        self.down = height + 10;
    }

    /// The element, with its title and description.
    pub fn finish(self, title: &str, description: &str) -> String {
        let (width, height, id) = (px(self.width), px(self.down), &self.id);
        let (title, description, size) = (escaped(title), escaped(description), px(SIZE));
        let defs = if self.defs.is_empty() {
            String::new()
        } else {
            format!("<defs>{}</defs>", self.defs)
        };
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-labelledby="{id}-title {id}-desc" font-family="'Source Sans 3', 'DejaVu Sans', Arial, sans-serif" font-size="{size}" fill="{INK}"><title id="{id}-title">{title}</title><desc id="{id}-desc">{description}</desc>{defs}{}</svg>"#,
            self.body
        )
    }
}

/// Tenths as pixels: `12.5`, `7`.
pub(super) fn px(tenths: i64) -> String {
    let (sign, size) = (if tenths < 0 { "-" } else { "" }, tenths.unsigned_abs());
    match size % 10 {
        0 => format!("{sign}{}", size / 10),
        part => format!("{sign}{}.{part}", size / 10),
    }
}

/// Text for XML 1.0: what that cannot hold (section 2.2, Char) becomes the replacement character.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\r' | '\t' => out.push(' '),
            '\u{0}'..'\u{20}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// About how wide a text is, in tenths of a pixel: rather too wide, since the reader's typeface is not known.
pub(super) fn width(text: &str) -> i64 {
    let hundredths = |c: char| match c {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' | '[' | ']' | '(' | ')' | '/' => 34,
        'f' | 'r' | 't' | '-' => 36,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '—' => 90,
        c if c.is_ascii_uppercase() => 70,
        // Digits and pounds of DejaVu Sans, the widest that a reader is likely to have.
        c if c.is_ascii() || c < '\u{250}' => 64,
        c if c < '\u{1100}' => 70,
        _ => 100,
    };
    text.chars().map(hundredths).sum::<i64>() * SIZE / 100
}

/// The text in lines no wider than this, at most so many, and whether all of it is there.
pub(super) fn wrapped(text: &str, most: i64, lines: usize) -> (Vec<String>, bool) {
    let mut out: Vec<String> = Vec::new();
    let mut whole = true;
    let mut words: Vec<&str> = text.split_whitespace().rev().collect();
    let mut line = String::new();
    while let Some(word) = words.pop() {
        let longer = if line.is_empty() {
            word.to_owned()
        } else {
            format!("{line} {word}")
        };
        if width(&longer) <= most {
            line = longer;
        } else if line.is_empty() {
            // A word too long for a line is cut where the line ends.
            let cut = fitting(word, most).max(word.chars().next().map_or(0, char::len_utf8));
            line.push_str(&word[..cut]);
            words.extend(Some(&word[cut..]).filter(|rest| !rest.is_empty()));
            out.push(std::mem::take(&mut line));
        } else {
            words.push(word);
            out.push(std::mem::take(&mut line));
        }
    }
    out.extend(Some(line).filter(|line| !line.is_empty()));
    if out.len() > lines {
        whole = false;
        out.truncate(lines);
        if let Some(last) = out.last_mut() {
            let end = fitting(last, most - width("…"));
            last.truncate(end);
            last.truncate(last.trim_end().len());
            last.push('…');
        }
    }
    (out, whole)
}

/// The text on one line no wider than this, shortened if need be.
pub(super) fn shortened(text: &str, most: i64) -> String {
    wrapped(text, most, 1).0.into_iter().next().unwrap_or_default()
}

/// How many bytes of the text fit.
fn fitting(text: &str, most: i64) -> usize {
    let mut end = 0;
    for (at, c) in text.char_indices() {
        let next = at + c.len_utf8();
        if width(&text[..next]) > most {
            break;
        }
        end = next;
    }
    end
}
