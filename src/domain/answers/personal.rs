//! Signs of personal data in what people write: an email address, a telephone number, an NHS number, a postcode,
//! a date of birth.
//!
//! Invariant: a hint and no more. It says what kind of thing it found and never repeats it, because what it says is
//! kept with the return.

/// What was found: the kinds in words, each once.
#[must_use]
pub(super) fn kinds_in(text: &str) -> Vec<&'static str> {
    let words: Vec<&str> = text
        .split_whitespace()
        .map(trimmed)
        .filter(|word| !word.is_empty())
        .collect();
    let numbers = long_numbers(text);
    let mut kinds = Vec::new();
    if words.iter().any(|word| is_email(word)) {
        kinds.push("an email address");
    }
    if numbers.iter().any(|digits| is_telephone(digits)) {
        kinds.push("a telephone number");
    }
    if numbers.iter().any(|digits| is_nhs_number(digits)) {
        kinds.push("an NHS number");
    }
    if has_postcode(&words) {
        kinds.push("a postcode");
    }
    if has_date_of_birth(&words) {
        kinds.push("a date of birth");
    }
    kinds
}

fn trimmed(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric() && c != '+')
}

fn is_email(word: &str) -> bool {
    word.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty()
            && host
                .split_once('.')
                .is_some_and(|(first, rest)| !first.is_empty() && !rest.is_empty())
    })
}

/// Runs of digits as people space them out (`01752 123 456`, `0117-496-0000`, `+44 (0)20 …`), of nine or more digits.
fn long_numbers(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut run = String::new();
    // A comma or a stop ends a run, so that figures listed in a sentence are not read as one number.
    for c in text.chars().chain(std::iter::once('\n')) {
        match c {
            '0'..='9' | '+' => run.push(c),
            ' ' | '-' | '(' | ')' | '\u{a0}' => {}
            _ => {
                if run.len() >= 9 {
                    found.push(std::mem::take(&mut run));
                } else {
                    run.clear();
                }
            }
        }
    }
    found
}

/// Ten or eleven digits from 0, or +44 and nine or ten more (Ofcom's national numbering plan).
fn is_telephone(run: &str) -> bool {
    let national = match run.strip_prefix("+44") {
        Some(rest) => format!("0{}", rest.trim_start_matches('0')),
        None => run.to_owned(),
    };
    let second = national.chars().nth(1);
    national.starts_with('0')
        && matches!(second, Some('1' | '2' | '3' | '7' | '8'))
        && matches!(national.len(), 10 | 11)
        && national.chars().all(|c| c.is_ascii_digit())
}

/// Ten digits whose last is the modulus 11 check of the others (NHS Data Dictionary).
fn is_nhs_number(run: &str) -> bool {
    let digits: Option<Vec<u32>> = run.chars().map(|c| c.to_digit(10)).collect();
    let Some(digits) = digits.filter(|digits| digits.len() == 10) else {
        return false;
    };
    let sum: u32 = digits
        .iter()
        .zip((2..=10).rev())
        .map(|(digit, weight)| digit * weight)
        .sum();
    digits.iter().any(|digit| *digit != digits[0]) && (11 - sum % 11) % 11 == digits[9]
}

/// A full postcode, in one word or two: `PL1 2AA`, `EC1A 1BB`.
fn has_postcode(words: &[&str]) -> bool {
    words.iter().any(|word| {
        word.len()
            .checked_sub(3)
            .is_some_and(|at| word.is_char_boundary(at) && is_outward(&word[..at]) && is_inward(&word[at..]))
    }) || words.windows(2).any(|pair| is_outward(pair[0]) && is_inward(pair[1]))
}

fn is_outward(part: &str) -> bool {
    let bytes = part.as_bytes();
    let letters = bytes.iter().take_while(|b| b.is_ascii_uppercase()).count();
    let rest = &bytes[letters.min(bytes.len())..];
    matches!(letters, 1 | 2)
        && match rest {
            [a] => a.is_ascii_digit(),
            [a, b] => a.is_ascii_digit() && (b.is_ascii_digit() || b.is_ascii_uppercase()),
            _ => false,
        }
}

fn is_inward(part: &str) -> bool {
    matches!(part.as_bytes(), [a, b, c]
        if a.is_ascii_digit() && b.is_ascii_uppercase() && c.is_ascii_uppercase())
}

/// A number soon after a word that says birth. A date alone is no sign: a case study is full of them.
fn has_date_of_birth(words: &[&str]) -> bool {
    words.iter().enumerate().any(|(at, word)| {
        let word = word.to_lowercase();
        let birth = matches!(word.as_str(), "dob" | "d.o.b" | "born" | "birth" | "birthday");
        birth
            && words[at + 1..].iter().take(5).any(|near| {
                near.chars().filter(char::is_ascii_digit).count() >= 4
                    && near.chars().all(|c| c.is_ascii_digit() || "/.-".contains(c))
            })
    })
}

#[cfg(test)]
mod tests {
    use super::kinds_in;

    #[test]
    fn finds_what_would_name_a_person() {
        for (text, kind) in [
            ("Write to (jo.bloggs@example.org).", "an email address"),
            ("Ring 01632 960 001 after six", "a telephone number"),
            ("ring +44 (0)1632 960001", "a telephone number"),
            ("NHS no. 943 476 5919", "an NHS number"),
            ("She lives at ZZ99 3VZ now", "a postcode"),
            ("flat 2, ZZ993VZ.", "a postcode"),
            ("born on 4 March 1984", "a date of birth"),
            ("DOB: 04/03/1984", "a date of birth"),
        ] {
            assert_eq!(kinds_in(text), [kind], "{text}");
        }
    }

    #[test]
    fn leaves_ordinary_writing_alone() {
        for text in [
            "In October 2017, 308 of 1,231 people were in contact; £1,905,122 was the whole.",
            "25,000 leaflets, 1,000 posters and 1,000 booklets were printed in 2013-14",
            "The group met at 6pm @ the centre. A PSPO and S106 money paid for it.",
            "The baby was born in the spring and the family has a home.",
            "1,322 3,500 5,000 1,000 1,879 3,000",
            "é@ 1 ǅ ß0 0é",
        ] {
            assert_eq!(kinds_in(text), Vec::<&str>::new(), "{text}");
        }
    }
}
