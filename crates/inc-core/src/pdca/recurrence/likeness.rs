//! Which texts are alike, without comparing each with each.
//!
//! Two sets of which four words of five are the same share one of their rarest words: of a text of n words, one of the
//! n/5 + 1 rarest. So a text is filed under these alone, and only what is filed under the same word is compared (the
//! prefix filter of Chaudhuri, Ganti and Kaushik, "A primitive operator for similarity joins", 2006).

use std::collections::{BTreeSet, HashMap};

use crate::pdca::rules::wording;

/// Texts, each set of words once.
#[derive(Debug, Default)]
pub(super) struct Collect {
    numbers: HashMap<BTreeSet<String>, usize>,
}

impl Collect {
    /// The number of this text, which others with the same words have too.
    pub(super) fn add(&mut self, text: &str) -> usize {
        let next = self.numbers.len();
        *self.numbers.entry(wording::set_of(text)).or_insert(next)
    }

    /// All of them, filed under their rarest words.
    pub(super) fn index(self) -> Texts {
        let mut sets = vec![BTreeSet::new(); self.numbers.len()];
        for (set, number) in self.numbers {
            sets[number] = set;
        }
        let mut texts = Texts { sets, ..Texts::default() };
        for word in texts.sets.iter().flatten() {
            *texts.frequency.entry(word.clone()).or_default() += 1;
        }
        for number in 0..texts.sets.len() {
            let rarest: Vec<String> =
                texts.rarest(&texts.sets[number]).into_iter().map(str::to_owned).collect();
            for word in rarest {
                texts.filed.entry(word).or_default().push(number);
            }
        }
        texts
    }
}

/// Texts by their words.
#[derive(Debug, Default)]
pub(super) struct Texts {
    sets: Vec<BTreeSet<String>>,
    /// In how many texts a word is.
    frequency: HashMap<String, usize>,
    filed: HashMap<String, Vec<usize>>,
}

impl Texts {
    /// The words of one text.
    pub(super) fn words(&self, number: usize) -> &BTreeSet<String> {
        &self.sets[number]
    }

    /// The numbers of the texts that are alike to these words.
    pub(super) fn alike(&self, words: &BTreeSet<String>) -> BTreeSet<usize> {
        let near: BTreeSet<usize> = self
            .rarest(words)
            .into_iter()
            .filter_map(|word| self.filed.get(word))
            .flatten()
            .copied()
            .collect();
        near.into_iter().filter(|number| wording::alike(words, &self.sets[*number])).collect()
    }

    /// The rarest words, of which what is alike has one: a word that is in no text is the rarest.
    fn rarest<'w>(&self, words: &'w BTreeSet<String>) -> Vec<&'w str> {
        let mut all: Vec<&str> = words.iter().map(String::as_str).collect();
        all.sort_by_key(|word| (self.frequency.get(*word).copied().unwrap_or_default(), *word));
        all.truncate(words.len() / 5 + 1);
        all
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// What is found is what comparing each with each would find.
        #[test]
        fn nothing_that_is_alike_is_missed(
            texts in proptest::collection::vec(proptest::collection::vec("[a-h]", 0..12), 1..30),
            asked in proptest::collection::vec("[a-j]", 0..12),
        ) {
            let mut collect = Collect::default();
            let numbers: Vec<usize> = texts.iter().map(|words| collect.add(&words.join(" "))).collect();
            let index = collect.index();
            let asked = wording::set_of(&asked.join(" "));
            let found = index.alike(&asked);
            for (words, number) in texts.iter().zip(numbers) {
                let words = wording::set_of(&words.join(" "));
                prop_assert_eq!(&words, index.words(number));
                prop_assert_eq!(wording::alike(&asked, &words), found.contains(&number));
            }
        }
    }
}
