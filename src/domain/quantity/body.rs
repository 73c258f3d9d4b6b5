//! The digits and their separators: which numbers they can be. British separators, properly
//! placed, are one number; anything else that could be a number is a question.

/// An exact number: `mantissa` × 10^-`scale`, never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Exact {
    /// The digits without the point.
    pub mantissa: i128,
    /// How many of them are behind the point.
    pub scale: u32,
}

/// What the digits can be.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Body {
    /// One number. `spaced` when spaces separated its thousands.
    One { number: Exact, spaced: bool },
    /// Perhaps one of these, likeliest first.
    Perhaps(Vec<Exact>),
    /// More digits than any figure has.
    TooLong,
    /// No number.
    None,
}

/// More digits than this are refused before any arithmetic: it leaves room for a multiplier of 10⁹
/// in an `i128`, and is past every range.
const MOST_DIGITS: usize = 26;

/// Reads digits, `,`, `.` and spaces. `whole` says that the figure has no decimal places, where a
/// point before three digits is more likely a separator than a fraction.
pub(super) fn read_body(text: &str, whole: bool) -> Body {
    let text = text.trim();
    if !text.bytes().any(|b| b.is_ascii_digit()) {
        return Body::None;
    }
    if text.bytes().filter(u8::is_ascii_digit).count() > MOST_DIGITS {
        return Body::TooLong;
    }
    let count = |mark: char| text.matches(mark).count();
    match (count(' '), count(','), count('.')) {
        (0, 0, 0 | 1) => point_only(text, whole),
        (0, _, 0 | 1) if comma_after_point(text) => european(text),
        (0, 1, 0) => one_comma(text),
        (0, _, 0 | 1) => commas(text),
        (0, 0, _) => perhaps([grouped(text, '.', None)]),
        (0, 1, _) => european(text),
        (_, 0, 0 | 1) => spaces(text),
        (_, 1, 0) => perhaps([
            grouped(text, ' ', Some(',')),
            grouped(&text.replace(' ', ""), ',', None),
        ]),
        (_, _, 0 | 1) => spaced_commas(text),
        _ => Body::None,
    }
}

/// `1250`, `1250.50`, `.5`, `500.`; and for a whole figure `1.250`, which is asked about.
fn point_only(text: &str, whole: bool) -> Body {
    let Some(number) = exact(text) else {
        return Body::None;
    };
    if whole
        && text.contains('.')
        && let Some(thousands) = grouped(text, '.', None)
    {
        let literal = Some(number).filter(|n| n.is_whole());
        return perhaps([literal, Some(thousands)]);
    }
    Body::One { number, spaced: false }
}

/// `1,250` is one thing; `1,00` may be a decimal comma; `1,0000` may be a slip.
fn one_comma(text: &str) -> Body {
    if let Some(number) = grouped(text, ',', Some('.'))
        && !text.starts_with('0')
    {
        return Body::One { number, spaced: false };
    }
    if text.ends_with(',') {
        return perhaps([exact(&text.replace(',', ""))]);
    }
    perhaps([exact(&text.replace(',', ".")), exact(&text.replace(',', ""))])
}

/// `1,042,000.50`; `12,34,567` and `1,0000.50` are asked about.
fn commas(text: &str) -> Body {
    match grouped(text, ',', Some('.')) {
        Some(number) if !text.starts_with('0') => Body::One { number, spaced: false },
        _ => perhaps([exact(&text.replace(',', ""))]),
    }
}

/// `1 042 000.50`; `10 00` is asked about.
fn spaces(text: &str) -> Body {
    match grouped(text, ' ', Some('.')) {
        Some(number) if !text.starts_with('0') => Body::One { number, spaced: true },
        _ => perhaps([exact(&text.replace(' ', ""))]),
    }
}

/// `1, 042, 000`: asked about when taking the spaces out leaves a well written number.
fn spaced_commas(text: &str) -> Body {
    perhaps([grouped(&text.replace(' ', ""), ',', Some('.'))])
}

/// `1.000,00`, as most of the continent writes it: always asked about.
fn european(text: &str) -> Body {
    perhaps([grouped(text, '.', Some(','))])
}

fn perhaps(numbers: impl IntoIterator<Item = Option<Exact>>) -> Body {
    let mut found: Vec<Exact> = Vec::new();
    for number in numbers.into_iter().flatten() {
        if !found.iter().any(|other| other.equals(number)) {
            found.push(number);
        }
    }
    if found.is_empty() {
        Body::None
    } else {
        Body::Perhaps(found)
    }
}

fn comma_after_point(text: &str) -> bool {
    matches!((text.find('.'), text.rfind(',')), (Some(point), Some(comma)) if comma > point)
}

/// A number whose whole part is groups of three behind `separator`, the first of one to three
/// digits, with a fraction behind `point` if there is one.
fn grouped(text: &str, separator: char, point: Option<char>) -> Option<Exact> {
    let (whole, fraction) = match point.and_then(|point| text.split_once(point)) {
        Some((whole, fraction)) => (whole, fraction),
        None => (text, ""),
    };
    let mut groups = whole.split(separator);
    let first = groups.next()?;
    if !(1..=3).contains(&first.len()) || !groups.all(|group| group.len() == 3) {
        return None;
    }
    exact(&format!("{}.{fraction}", whole.replace(separator, "")))
}

/// Plain digits with at most one point, and at least one digit.
fn exact(text: &str) -> Option<Exact> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some(Exact {
        mantissa: digits.parse().ok()?,
        scale: u32::try_from(fraction.len()).ok()?,
    })
}

impl Exact {
    /// The same number without noughts at its end behind the point.
    pub fn trimmed(mut self) -> Self {
        while self.scale > 0 && self.mantissa % 10 == 0 {
            self.mantissa /= 10;
            self.scale -= 1;
        }
        self
    }

    /// The number times ten to the `power`; at most nine, for which every [`Exact`] has room.
    pub fn times_ten_to(self, power: u32) -> Self {
        if self.scale >= power {
            Self {
                scale: self.scale - power,
                ..self
            }
        } else {
            Self {
                mantissa: self.mantissa * 10_i128.pow(power - self.scale),
                scale: 0,
            }
        }
    }

    fn is_whole(self) -> bool {
        self.trimmed().scale == 0
    }

    fn equals(self, other: Self) -> bool {
        self.trimmed() == other.trimmed()
    }
}
