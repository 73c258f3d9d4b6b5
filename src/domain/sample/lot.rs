//! Numbers that look drawn by lot and follow from a seed.
//!
//! Invariant: SplitMix64 (Steele, Lea and Flood, 2014): the same seed gives the same numbers for ever.

/// See the module.
#[derive(Debug, Clone)]
pub(super) struct Lot(u64);

impl Lot {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From `least` to `most`, both included; `least` when `most` is less.
    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        let drawn = self.next();
        match u64::try_from(most.saturating_sub(least)) {
            Ok(span) if most > least => {
                let within = if span == u64::MAX { drawn } else { drawn % (span + 1) };
                least.saturating_add(i64::try_from(within).unwrap_or(0))
            }
            _ => least,
        }
    }

    /// True so many times of a hundred.
    pub fn chance(&mut self, of_hundred: i64) -> bool {
        self.between(1, 100) <= of_hundred
    }

    /// An index into something of this length; 0 when it is empty.
    pub fn index(&mut self, length: usize) -> usize {
        let last = i64::try_from(length).unwrap_or(i64::MAX) - 1;
        usize::try_from(self.between(0, last)).unwrap_or(0)
    }

    /// One of several.
    pub fn one<'a, T: ?Sized>(&mut self, of: &'a [&'a T]) -> Option<&'a T> {
        of.get(self.index(of.len())).copied()
    }

    /// In another order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.index(at + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_the_published_numbers() {
        let mut lot = Lot::new(1_234_567);
        assert_eq!(
            [lot.next(), lot.next(), lot.next()],
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423
            ]
        );
    }

    #[test]
    fn stays_between() {
        let mut lot = Lot::new(5);
        let mut drawn: Vec<i64> = (0..200).map(|_| lot.between(-2, 2)).collect();
        drawn.sort_unstable();
        drawn.dedup();
        assert_eq!(drawn, [-2, -1, 0, 1, 2]);
        assert_eq!((lot.between(3, 3), lot.between(3, 1), lot.index(0)), (3, 3, 0));
    }
}
