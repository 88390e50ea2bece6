//! "Did you mean": the known word nearest to one that is not known.

/// The word of `known` that `given` was most likely meant to be, or `None` where none is close.
///
/// Case and `_`/`-`/space are ignored. Close means: Damerau-Levenshtein similarity of 0.6 or more, or one
/// word beginning with the other (three letters at least).
pub fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let given = fold(given);
    let begins =
        |word: &str| given.chars().count() >= 3 && (word.starts_with(&given) || given.starts_with(word));
    known
        .into_iter()
        .map(|word| {
            let folded = fold(word);
            let likeness = strsim::normalized_damerau_levenshtein(&given, &folded);
            (word, if begins(&folded) { likeness.max(0.75) } else { likeness })
        })
        .filter(|(_, likeness)| *likeness >= 0.6)
        .fold(None, |best: Option<(&str, f64)>, next| match best {
            Some(best) if best.1 >= next.1 => Some(best),
            _ => Some(next),
        })
        .map(|(word, _)| word)
}

/// `; did you mean X?` where a known word is near, else the list of the known words.
pub fn hint(given: &str, known: &[&str]) -> String {
    match nearest(given, known.iter().copied()) {
        Some(word) => format!("did you mean `{word}`?"),
        None => format!("known are: {}", known.join(", ")),
    }
}

fn fold(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_word_that_was_meant() {
        let known = ["investigating", "mitigated", "resolved", "closed"];
        for (given, expected) in [
            ("mitigatd", Some("mitigated")),
            ("Resolved", Some("resolved")),
            ("invest", Some("investigating")),
            ("clsoed", Some("closed")),
            ("banana", None),
            ("", None),
        ] {
            assert_eq!(nearest(given, known), expected, "{given}");
        }
    }
}
