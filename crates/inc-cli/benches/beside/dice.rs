//! Draws that are the same on every run; Marsaglia's xorshift.

/// A seed, and what became of it.
pub struct Dice(u64);

impl Default for Dice {
    fn default() -> Self {
        Self(0x9E37_79B9_7F4A_7C15)
    }
}

impl From<u64> for Dice {
    /// Draws of their own for each number.
    fn from(seed: u64) -> Self {
        let mut dice = Self((Self::default().0 ^ (seed + 1).wrapping_mul(0xBF58_476D_1CE4_E5B9)) | 1);
        // The first draws of near seeds are near one another.
        for _ in 0..8 {
            dice.below(2);
        }
        dice
    }
}

impl Dice {
    /// A number below the end.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }

    /// One of these.
    pub fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len() as u64) as usize]
    }

    /// So many times of ten.
    pub fn in_ten(&mut self, times: u64) -> bool {
        self.below(10) < times
    }
}
