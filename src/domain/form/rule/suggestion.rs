//! "Did you mean …?": the name nearest to a mistyped one.
//!
//! Invariant: bounded work, whatever the text; no suggestion rather than a far-fetched one.

/// Longer names are not compared: nobody mistypes those into another.
const LONGEST: usize = 64;

/// The candidate nearest to `typed`, when it is near enough to be what was meant.
pub fn nearest<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted: Vec<char> = typed.to_lowercase().chars().take(LONGEST + 1).collect();
    if wanted.is_empty() || wanted.len() > LONGEST {
        return None;
    }
    let allowed = (wanted.len() / 3).clamp(1, 3);
    candidates
        .into_iter()
        .map(|candidate| (distance(&wanted, &candidate.to_lowercase(), allowed), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

/// "Did you mean `x`?", or nothing.
pub fn did_you_mean<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    match nearest(typed, candidates) {
        Some(name) => format!("Did you mean `{name}`?"),
        None => String::new(),
    }
}

/// Insertions, deletions, changes and swaps of neighbours between two words; `-`, `_` and a space count as one letter.
/// Exact up to `allowed`; beyond that, something larger.
fn distance(a: &[char], b: &str, allowed: usize) -> usize {
    let b: Vec<char> = b.chars().take(LONGEST + 1).collect();
    let far = allowed + 1;
    if a.len().abs_diff(b.len()) > allowed {
        return far;
    }
    let joins = |c: char| matches!(c, '-' | '_' | ' ');
    let same = |x: char, y: char| x == y || (joins(x) && joins(y));
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 0..a.len() {
        let mut row = vec![far; b.len() + 1];
        row[0] = i + 1;
        // Cells further than `allowed` from the diagonal cannot lead to a distance within it.
        for j in i.saturating_sub(allowed)..(i + allowed + 1).min(b.len()) {
            let changed = last[j] + usize::from(!same(a[i], b[j]));
            let mut least = changed.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] {
                least = least.min(before[j - 1] + 1);
            }
            row[j + 1] = least;
        }
        before = last;
        last = row;
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_what_was_meant_and_nothing_far_fetched() {
        let names = ["spent", "completed", "in_treatment", "grant"];
        assert_eq!(nearest("spnet", names), Some("spent"));
        assert_eq!(nearest("Completd", names), Some("completed"));
        assert_eq!(nearest("in-treatment", names), Some("in_treatment"));
        assert_eq!(nearest("complet", names), Some("completed"));
        assert_eq!(nearest("in_treatmetn", names), Some("in_treatment"));
        assert_eq!(nearest("intreatmentt", names), Some("in_treatment"));
        assert_eq!(nearest("weather", names), None);
        assert_eq!(nearest("gra", names), None);
        assert_eq!(nearest("", names), None);
        assert_eq!(nearest(&"x".repeat(100_000), names), None);
    }
}
