//! The kinds of figure: which words, places and range each allows, and what it says when a typed
//! figure does not fit.

use rust_decimal::Decimal;

use super::body::{Body, Exact, read_body};
use super::typed::{Minus, NotAFigure, Typed, take_apart};
use super::{Candidate, Reading, Sign};
use crate::money::{Money, group_thousands};

/// ±£100 billion.
const MOST_POUNDS: i64 = 100_000_000_000;
/// 10¹², for counts and decimals.
const MOST: i64 = 1_000_000_000_000;
const MOST_PERCENT: i64 = 1_000_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Money,
    Count,
    Decimal,
    Percent,
}

/// One question's kind of figure.
pub(super) struct Figure<'a> {
    kind: Kind,
    label: &'a str,
    places: u32,
    most: Decimal,
    sign: Sign,
}

impl<'a> Figure<'a> {
    pub fn money(label: &'a str, sign: Sign) -> Self {
        Self::new(Kind::Money, label, 2, MOST_POUNDS, sign)
    }

    pub fn count(label: &'a str) -> Self {
        Self::new(Kind::Count, label, 0, MOST, Sign::NonNegative)
    }

    pub fn decimal(label: &'a str, places: u32, sign: Sign) -> Self {
        Self::new(Kind::Decimal, label, places, MOST, sign)
    }

    pub fn percent(label: &'a str, places: u32, sign: Sign) -> Self {
        Self::new(Kind::Percent, label, places, MOST_PERCENT, sign)
    }

    fn new(kind: Kind, label: &'a str, places: u32, most: i64, sign: Sign) -> Self {
        Self {
            kind,
            label,
            places,
            most: Decimal::new(most, 0),
            sign,
        }
    }

    /// Reads what was typed as this kind of figure. Every value in the outcome has at most the
    /// figure's places and is within its range.
    pub fn read(&self, text: &str) -> Reading<Decimal> {
        match self.try_read(text) {
            Ok(reading) => reading,
            Err(message) => Reading::Refused { message },
        }
    }

    fn try_read(&self, text: &str) -> Result<Reading<Decimal>, String> {
        let typed = match take_apart(text) {
            Ok(Some(typed)) => typed,
            Ok(None) => return Ok(Reading::Blank),
            Err(NotAFigure) => return Err(self.not_a_figure()),
        };
        self.check_words(&typed)?;
        let minus = typed.minus != Minus::None;
        match read_body(&typed.digits, self.places == 0 && typed.power == 0) {
            Body::None => Err(self.not_a_figure()),
            Body::TooLong => Err(self.out_of_range()),
            Body::One { number, spaced } => {
                let places_typed = if typed.power == 0 && !typed.pence && self.kind != Kind::Count {
                    number.scale
                } else {
                    0
                };
                if places_typed > self.places {
                    return Err(self.too_many_places());
                }
                let value = self.fit(number, &typed, minus)?;
                Ok(if typed.minus == Minus::Trailing {
                    let plus = self.fit(number, &typed, false);
                    self.ask(&typed, vec![Ok(value), plus])?
                } else {
                    let told = spaced || typed.power != 0 || typed.pence || typed.minus == Minus::Brackets;
                    let note = told.then(|| format!("“{}” was read as {}", typed.quoted, self.show(value)));
                    Reading::Read { value, note }
                })
            }
            Body::Perhaps(numbers) => self.ask(
                &typed,
                numbers
                    .into_iter()
                    .map(|number| self.fit(number, &typed, minus))
                    .collect(),
            ),
        }
    }

    /// Refuses words and signs that this kind of figure does not take, and a sign with no figure.
    fn check_words(&self, typed: &Typed) -> Result<(), String> {
        if typed.foreign && self.kind == Kind::Money && !typed.pounds {
            return Err(format!("{} must be in pounds, like 1,250.50", self.label));
        }
        let out_of_place = match self.kind {
            Kind::Money => typed.percent || typed.foreign,
            Kind::Count | Kind::Decimal => typed.pounds || typed.pence || typed.foreign || typed.percent,
            Kind::Percent => typed.pounds || typed.pence || typed.foreign || typed.power != 0,
        };
        // £1.50p is as likely £1.50 as a slip, and 1k p is nothing.
        let odd_pence = typed.pence && (typed.pounds || typed.power != 0 || typed.digits.contains(['.', ',', ' ']));
        if out_of_place || odd_pence {
            return Err(self.not_a_figure());
        }
        if typed.digits.is_empty() {
            return Err(self.no_digits());
        }
        Ok(())
    }

    /// The number as a value of this figure, or why it does not fit.
    fn fit(&self, number: Exact, typed: &Typed, minus: bool) -> Result<Decimal, String> {
        let mut number = number.times_ten_to(typed.power).trimmed();
        if typed.pence {
            number.scale += 2;
            number = number.trimmed();
        }
        if number.scale > self.places {
            return Err(self.too_many_places());
        }
        let mantissa = if minus { -number.mantissa } else { number.mantissa };
        let value = Decimal::try_from_i128_with_scale(mantissa, number.scale).map_err(|_| self.out_of_range())?;
        if value.is_sign_negative() && !value.is_zero() && self.sign == Sign::NonNegative {
            return Err(self.negative());
        }
        if value.abs() > self.most {
            return Err(self.out_of_range());
        }
        Ok(value)
    }

    /// A question over the candidates that fit, or the first refusal when none does.
    fn ask(&self, typed: &Typed, candidates: Vec<Result<Decimal, String>>) -> Result<Reading<Decimal>, String> {
        let mut fitting = Vec::new();
        let mut refusal = None;
        for candidate in candidates {
            match candidate {
                Ok(value) if fitting.iter().any(|c: &Candidate<_>| c.value == value) => {}
                Ok(value) => fitting.push(Candidate {
                    value,
                    text: self.show(value),
                }),
                Err(message) => refusal = refusal.or(Some(message)),
            }
        }
        if fitting.is_empty() {
            return Err(refusal.unwrap_or_else(|| self.not_a_figure()));
        }
        let meanings: Vec<&str> = fitting.iter().map(|c| c.text.as_str()).collect();
        Ok(Reading::Ask {
            question: format!(
                "You entered “{}”. Did you mean {}?",
                typed.quoted,
                meanings.join(" or ")
            ),
            candidates: fitting,
        })
    }

    /// The value as it is written here.
    fn show(&self, value: Decimal) -> String {
        match (self.kind, Money::from_decimal(value)) {
            (Kind::Money, Some(money)) => money.to_string(),
            (Kind::Percent, _) => format!("{}%", grouped(value)),
            _ => grouped(value),
        }
    }

    fn not_a_figure(&self) -> String {
        let label = self.label;
        match self.kind {
            Kind::Money => {
                format!("{label} must be an amount of money, like 1,250 or 1,250.50")
            }
            Kind::Count => format!("{label} must be a whole number, like 1,250"),
            Kind::Decimal if self.places == 0 => {
                format!("{label} must be a whole number, like 1,250")
            }
            Kind::Decimal => format!("{label} must be a number, like 1,250 or 12.5"),
            Kind::Percent if self.places == 0 => {
                format!("{label} must be a whole percentage, like 12 or 12%")
            }
            Kind::Percent => format!("{label} must be a percentage, like 12.5 or 12.5%"),
        }
    }

    fn no_digits(&self) -> String {
        let label = self.label;
        match self.kind {
            Kind::Money => format!("Enter an amount for “{label}”, like 1,250 or 1,250.50"),
            Kind::Percent => format!("Enter a percentage for “{label}”, like 12 or 12%"),
            Kind::Count | Kind::Decimal => format!("Enter a number for “{label}”, like 1,250"),
        }
    }

    fn too_many_places(&self) -> String {
        let label = self.label;
        match self.places {
            0 => self.not_a_figure(),
            1 => format!("{label} must have no more than 1 decimal place"),
            places => format!("{label} must have no more than {places} decimal places"),
        }
    }

    fn negative(&self) -> String {
        let label = self.label;
        match self.kind {
            Kind::Money => format!("{label} must be £0 or more"),
            Kind::Percent => format!("{label} must be 0% or more"),
            Kind::Count | Kind::Decimal => format!("{label} must be 0 or more"),
        }
    }

    fn out_of_range(&self) -> String {
        let (label, least) = (self.label, self.sign == Sign::Any);
        let most = match self.kind {
            Kind::Money => "£100 billion",
            Kind::Count | Kind::Decimal => "1,000,000,000,000",
            Kind::Percent => "1,000,000%",
        };
        if least {
            format!("{label} must be between -{most} and {most}")
        } else {
            format!("{label} must be {most} or less")
        }
    }
}

/// The number with commas between its thousands, and no noughts at its end behind the point.
fn grouped(value: Decimal) -> String {
    let text = value.abs().normalize().to_string();
    let sign = if value.is_sign_negative() && !value.is_zero() {
        "-"
    } else {
        ""
    };
    match text.split_once('.') {
        Some((whole, fraction)) => format!("{sign}{}.{fraction}", group_thousands(whole)),
        None => format!("{sign}{}", group_thousands(&text)),
    }
}
