//! Which texts are alike, without comparing each with each.
//!
//! Two sets of which four words of five are the same share one of their rarest words: of a text of n words, one of the
//! n/5 + 1 rarest. So a text is filed under these alone, and only what is filed under the same word is compared (the
//! prefix filter of Chaudhuri, Ganti and Kaushik, "A primitive operator for similarity joins", 2006). Where few words are in use
//! and each is common, the marks of the words rule out most of the rest at a glance.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};

use crate::pdca::rules::wording;

/// A word of a set, by its rank: the rarest first.
type Word = u32;

/// Texts, each set of words once.
#[derive(Debug, Default)]
pub(super) struct Collect {
    /// Each word with its number, in the order of their coming.
    words: HashMap<String, Word>,
    numbers: HashMap<Vec<Word>, usize>,
}

impl Collect {
    /// The number of this text, which others with the same words have too.
    pub(super) fn add(&mut self, text: &str) -> usize {
        let mut set = vec![];
        for word in wording::words(text) {
            let next = Word::try_from(self.words.len()).unwrap_or(Word::MAX);
            set.push(*self.words.entry(word).or_insert(next));
        }
        set.sort_unstable();
        set.dedup();
        let next = self.numbers.len();
        *self.numbers.entry(set).or_insert(next)
    }

    /// All of them, filed under their rarest words.
    pub(super) fn index(self) -> Texts {
        let ranks = self.ranks();
        let rank = |word: Word| ranks[word as usize];
        let mut texts = Texts { sets: vec![vec![]; self.numbers.len()], ..Texts::default() };
        texts.ranks = self.words.into_iter().map(|(word, number)| (word, rank(number))).collect();
        texts.filed = vec![vec![]; ranks.len()];
        texts.alike.resize_with(texts.sets.len(), OnceCell::new);
        for (set, number) in self.numbers {
            let mut set: Vec<Word> = set.into_iter().map(rank).collect();
            set.sort_unstable();
            texts.sets[number] = set;
        }
        for (number, set) in texts.sets.iter().enumerate() {
            for word in rarest(set, 0) {
                texts.filed[*word as usize].push(number);
            }
        }
        texts.marks = texts.sets.iter().map(|set| marks(set)).collect();
        let sets = texts.sets.iter().enumerate();
        texts.numbers = sets.map(|(number, set)| (set.clone(), number)).collect();
        texts
    }

    /// The rank of each word: in how few texts it is.
    fn ranks(&self) -> Vec<Word> {
        let mut frequency = vec![0usize; self.words.len()];
        for word in self.numbers.keys().flatten() {
            frequency[*word as usize] += 1;
        }
        let mut order: Vec<Word> = (0..).take(frequency.len()).collect();
        order.sort_by_key(|word| (frequency[*word as usize], *word));
        let mut ranks = vec![0; order.len()];
        for (rank, word) in (0..).zip(order) {
            ranks[word as usize] = rank;
        }
        ranks
    }
}

/// Texts by their words.
#[derive(Debug, Default)]
pub(super) struct Texts {
    /// The words of each text, the rarest first.
    sets: Vec<Vec<Word>>,
    numbers: HashMap<Vec<Word>, usize>,
    ranks: HashMap<String, Word>,
    /// The marks of each text.
    marks: Vec<u128>,
    /// Under each word the texts of which it is one of the rarest.
    filed: Vec<Vec<usize>>,
    /// What was found for a text before.
    alike: Vec<OnceCell<Vec<usize>>>,
}

impl Texts {
    /// How many words two texts have in common, and how many they have together.
    pub(super) fn in_common(&self, one: usize, other: usize) -> (usize, usize) {
        let (one, other) = (&self.sets[one], &self.sets[other]);
        let common = common(one, other);
        (common, one.len() + other.len() - common)
    }

    /// The numbers of the texts that are alike to this one, itself among them unless it has no words.
    pub(super) fn alike_to(&self, number: usize) -> &[usize] {
        self.alike[number].get_or_init(|| self.search(&self.sets[number], 0))
    }

    /// The same for any text.
    pub(super) fn alike(&self, text: &str) -> Vec<usize> {
        let words: BTreeSet<String> = wording::words(text).into_iter().collect();
        let mut set: Vec<Word> = words.iter().filter_map(|word| self.ranks.get(word)).copied().collect();
        set.sort_unstable();
        match (words.len() - set.len(), self.numbers.get(&set)) {
            (0, Some(number)) => self.alike_to(*number).to_vec(),
            (unknown, _) => self.search(&set, unknown),
        }
    }

    /// What is alike to these words and so many more that are in no text.
    fn search(&self, set: &[Word], unknown: usize) -> Vec<usize> {
        let (all, marks) = (set.len() + unknown, marks(set));
        let filed = rarest(set, unknown).iter().flat_map(|word| &self.filed[*word as usize]);
        let mut near: Vec<usize> = filed
            .copied()
            .filter(|number| {
                let other = self.sets[*number].len();
                // Each mark that only one of them has is a word, at the least.
                let apart = (marks ^ self.marks[*number]).count_ones() as usize + unknown;
                let most = ((all + other).saturating_sub(apart) / 2).min(all).min(other);
                wording::alike_by(most, all, other)
            })
            .collect();
        near.sort_unstable();
        near.dedup();
        near.retain(|number| {
            let other = &self.sets[*number];
            wording::alike_by(common(set, other), all, other.len())
        });
        near
    }
}

/// A mark for each word, which others may have too: two texts with many different marks are not alike.
fn marks(set: &[Word]) -> u128 {
    set.iter().fold(0, |marks, word| marks | 1 << (word % u128::BITS))
}

/// The rarest words, of which what is alike has one: those that are in no text are the rarest of all.
fn rarest(set: &[Word], unknown: usize) -> &[Word] {
    let count = (set.len() + unknown) / 5 + 1;
    &set[..count.saturating_sub(unknown).min(set.len())]
}

/// How many words are in both; each is in order.
fn common(one: &[Word], other: &[Word]) -> usize {
    let (mut a, mut b, mut count) = (0, 0, 0);
    while let (Some(left), Some(right)) = (one.get(a), other.get(b)) {
        count += usize::from(left == right);
        a += usize::from(left <= right);
        b += usize::from(right <= left);
    }
    count
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn set_of(text: &str) -> BTreeSet<String> {
        wording::words(text).into_iter().collect()
    }

    fn alike(one: &BTreeSet<String>, other: &BTreeSet<String>) -> bool {
        wording::alike_by(one.intersection(other).count(), one.len(), other.len())
    }

    proptest! {
        /// What is found is what comparing each with each would find.
        #[test]
        fn nothing_that_is_alike_is_missed(
            texts in proptest::collection::vec(proptest::collection::vec("[a-h]{1,3}|[a-d]", 0..12), 1..30),
            asked in proptest::collection::vec("[a-j]", 0..12),
        ) {
            let mut collect = Collect::default();
            let numbers: Vec<usize> = texts.iter().map(|words| collect.add(&words.join(" "))).collect();
            let index = collect.index();
            let asked = asked.join(" ");
            let found = index.alike(&asked);
            for (words, number) in texts.iter().zip(&numbers) {
                let (asked, words) = (set_of(&asked), set_of(&words.join(" ")));
                prop_assert_eq!(alike(&asked, &words), found.contains(number));
                for (others, other) in texts.iter().zip(&numbers) {
                    let others = set_of(&others.join(" "));
                    prop_assert_eq!(alike(&words, &others), index.alike_to(*number).contains(other));
                    prop_assert_eq!(index.in_common(*number, *other), (words.intersection(&others).count(), words.union(&others).count()));
                }
            }
        }
    }
}
