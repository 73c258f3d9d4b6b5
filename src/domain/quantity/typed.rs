//! Taking what was typed apart: sign, currency, multiplier, and the digits with their separators.
//! Nothing is thrown away silently: what is not understood makes the whole unreadable.

use unicode_normalization::UnicodeNormalization;

/// More than this many characters is not a figure, and is not looked at.
const LONGEST: usize = 120;

/// What was typed, taken apart. `digits` holds only ASCII digits, `,`, `.` and single spaces.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Typed {
    /// The text as typed without the space around it, for quoting in a question.
    pub quoted: String,
    /// How the sign was given.
    pub minus: Minus,
    /// Pounds were named: `£`, `GBP`, `pounds`.
    pub pounds: bool,
    /// Pence were named: `50p`.
    pub pence: bool,
    /// Another currency was named.
    pub foreign: bool,
    /// A per cent sign or its words followed.
    pub percent: bool,
    /// The power of ten that `k`, `m`, `bn` or their words stand for.
    pub power: u32,
    /// The digits and their separators, perhaps none.
    pub digits: String,
}

/// How a sign was typed.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Minus {
    /// None, or a plus.
    #[default]
    None,
    /// In front.
    Leading,
    /// Behind, as some ledgers print it: as likely a slip.
    Trailing,
    /// Brackets round the figure, as accounts print a negative.
    Brackets,
}

/// What a word behind the digits says.
enum Word {
    Pounds,
    Pence,
    Foreign,
    Percent,
    Power(u32),
}

/// Longest first, so that `million` is not taken for something ending in `n`.
const WORDS_BEHIND: [(&str, Word); 26] = [
    ("pounds sterling", Word::Pounds),
    ("pounds", Word::Pounds),
    ("pound", Word::Pounds),
    ("gbp", Word::Pounds),
    ("£", Word::Pounds),
    ("pence", Word::Pence),
    ("thousand", Word::Power(3)),
    ("million", Word::Power(6)),
    ("billion", Word::Power(9)),
    ("per cent", Word::Percent),
    ("percent", Word::Percent),
    ("%", Word::Percent),
    ("dollars", Word::Foreign),
    ("euros", Word::Foreign),
    ("euro", Word::Foreign),
    ("usd", Word::Foreign),
    ("eur", Word::Foreign),
    ("$", Word::Foreign),
    ("€", Word::Foreign),
    ("bn", Word::Power(9)),
    ("mn", Word::Power(6)),
    ("k", Word::Power(3)),
    ("m", Word::Power(6)),
    ("p", Word::Pence),
    ("¥", Word::Foreign),
    ("yen", Word::Foreign),
];

const WORDS_BEFORE: [(&str, Word); 7] = [
    ("gbp", Word::Pounds),
    ("£", Word::Pounds),
    ("usd", Word::Foreign),
    ("eur", Word::Foreign),
    ("$", Word::Foreign),
    ("€", Word::Foreign),
    ("¥", Word::Foreign),
];

/// Takes the text apart: `Ok(None)` when it is blank, `Err` when it is not a figure at all.
pub(super) fn take_apart(text: &str) -> Result<Option<Typed>, NotAFigure> {
    let trimmed = text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c));
    if trimmed.is_empty() {
        return Ok(None);
    }
    let plain = plain_text(trimmed)?;
    let mut typed = Typed {
        quoted: trimmed.to_owned(),
        ..Typed::default()
    };
    let mut rest = plain.trim();
    rest = typed.take_sign(rest)?;
    rest = typed.take_brackets(rest)?;
    rest = typed.take_before(rest)?;
    rest = typed.take_sign(rest)?;
    rest = typed.take_brackets(rest)?;
    if !(typed.pounds || typed.foreign) {
        rest = typed.take_before(rest)?;
    }
    rest = typed.take_behind(rest)?;
    if !rest.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.' | ' ')) {
        return Err(NotAFigure);
    }
    typed.digits = rest.to_owned();
    Ok(Some(typed))
}

/// The text is not a figure of any kind.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NotAFigure;

impl Typed {
    fn take_sign<'a>(&mut self, rest: &'a str) -> Result<&'a str, NotAFigure> {
        let Some(sign) = rest.chars().next().filter(|c| matches!(c, '-' | '+')) else {
            return Ok(rest);
        };
        if self.minus != Minus::None {
            return Err(NotAFigure);
        }
        if sign == '-' {
            self.minus = Minus::Leading;
        }
        let rest = rest[1..].trim_start();
        if rest.starts_with(['-', '+']) {
            return Err(NotAFigure);
        }
        Ok(rest)
    }

    fn take_brackets<'a>(&mut self, rest: &'a str) -> Result<&'a str, NotAFigure> {
        let Some(inside) = rest.strip_prefix('(') else {
            return Ok(rest);
        };
        let inside = inside.strip_suffix(')').ok_or(NotAFigure)?;
        if self.minus != Minus::None {
            return Err(NotAFigure);
        }
        self.minus = Minus::Brackets;
        Ok(inside.trim())
    }

    fn take_before<'a>(&mut self, rest: &'a str) -> Result<&'a str, NotAFigure> {
        for (word, meaning) in &WORDS_BEFORE {
            if let Some(after) = rest.strip_prefix(word) {
                self.note(meaning)?;
                return Ok(after.trim_start());
            }
        }
        Ok(rest)
    }

    /// Words behind the digits, from the last inwards: `1.2 million pounds`, `500-`.
    fn take_behind<'a>(&mut self, mut rest: &'a str) -> Result<&'a str, NotAFigure> {
        if let Some(before) = rest.strip_suffix('-') {
            if self.minus != Minus::None {
                return Err(NotAFigure);
            }
            self.minus = Minus::Trailing;
            rest = before.trim_end();
        }
        let mut currency_behind = false;
        'words: loop {
            for (word, meaning) in &WORDS_BEHIND {
                if let Some(before) = rest.strip_suffix(word) {
                    // `12k pounds` yes, `12 pounds k` no: the multiplier is nearest the digits.
                    if self.power != 0 {
                        return Err(NotAFigure);
                    }
                    let currency = matches!(meaning, Word::Pounds | Word::Foreign);
                    if currency && std::mem::replace(&mut currency_behind, true) {
                        return Err(NotAFigure);
                    }
                    self.note(meaning)?;
                    rest = before.trim_end();
                    continue 'words;
                }
            }
            return Ok(rest);
        }
    }

    /// Notes a word once. Pounds may be named on both sides: `£500 GBP`.
    fn note(&mut self, word: &Word) -> Result<(), NotAFigure> {
        let fresh = match word {
            Word::Pounds => {
                self.pounds = true;
                true
            }
            Word::Pence => !std::mem::replace(&mut self.pence, true),
            Word::Foreign => {
                self.foreign = true;
                true
            }
            Word::Percent => !std::mem::replace(&mut self.percent, true),
            Word::Power(power) => std::mem::replace(&mut self.power, *power) == 0,
        };
        if fresh { Ok(()) } else { Err(NotAFigure) }
    }
}

/// Lower case, full-width forms made plain, one kind of minus and one kind of space.
fn plain_text(text: &str) -> Result<String, NotAFigure> {
    if text.chars().take(LONGEST + 1).count() > LONGEST {
        return Err(NotAFigure);
    }
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            // A tab or a new line inside is two cells or two lines, not a thousands separator.
            _ if c.is_control() => return Err(NotAFigure),
            _ if c.is_ascii() => plain.push(c.to_ascii_lowercase()),
            '\u{2212}' | '\u{2010}'..='\u{2013}' => plain.push('-'),
            '£' | '€' | '¥' => plain.push(c),
            _ if c.is_whitespace() => plain.push(' '),
            _ if is_full_width(c) => plain.extend(c.nfkc().map(|n| n.to_ascii_lowercase())),
            // Normalising more would turn 10² into 102 and ½ into 1⁄2.
            _ => return Err(NotAFigure),
        }
    }
    Ok(plain)
}

const fn is_full_width(c: char) -> bool {
    matches!(c, '\u{FF00}'..='\u{FFEF}')
}

/// Marks that a paste from a document or spreadsheet leaves around a figure. Inside one they could
/// make it look other than it is read, so there they are refused with every other stranger.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}
