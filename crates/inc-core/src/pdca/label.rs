//! The short labels that people use (o1.1, RC2, C1, A1): how they compare, and which is the next free one.

/// The label as it is compared: without blanks around it, in lower case.
pub(crate) fn fold(label: &str) -> String {
    label.trim().to_lowercase()
}

/// Whether two labels are the same one for people: `c1` is `C1`.
pub(crate) fn same(one: &str, other: &str) -> bool {
    fold(one) == fold(other)
}

/// A root cause's label as we write it, `RC2`, from what people write: `rc2`, `RC 2`, `[RC 2]`, `2`.
///
/// `None` for anything but a number of at most nine digits.
pub(crate) fn spell_root_cause(text: &str) -> Option<String> {
    let inside = text.trim().trim_start_matches('[').trim_end_matches(']');
    let bare: String = fold(inside).chars().filter(|c| !matches!(c, ' ' | '-' | '_')).collect();
    let number = number(&bare, "rc").or_else(|| number(&bare, ""))?;
    Some(format!("RC{number}"))
}

/// What a root cause's label is compared by; one typed by hand may be no number.
pub(crate) fn root_cause_key(label: &str) -> String {
    spell_root_cause(label).unwrap_or_else(|| fold(label))
}

/// What root causes are sorted by: numbers first.
pub(crate) fn root_cause_order(label: &str) -> (u64, String) {
    let key = root_cause_key(label);
    (number(&key, "rc").unwrap_or(u64::MAX), key)
}

/// What labels are sorted by: their letters, then the number behind them, so that C2 comes before C10.
pub(super) fn order(label: &str) -> (String, u64) {
    let label = fold(label);
    let letters = label.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
    let number = number(&label, &letters).unwrap_or(u64::MAX);
    (letters, number)
}

/// The number after the prefix; more than nine digits are no number: nobody counts that far.
pub(crate) fn number(label: &str, prefix: &str) -> Option<u64> {
    let label = fold(label);
    let digits = label.strip_prefix(fold(prefix).as_str())?;
    let counts = (1..=9).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    if counts { digits.parse().ok() } else { None }
}

/// The label after the highest of `siblings` that is not among `taken`: a number is not given twice.
pub(crate) fn next<'a>(
    prefix: &str,
    siblings: impl Iterator<Item = &'a str>,
    taken: impl Fn(&str) -> bool,
) -> String {
    let mut number = siblings.filter_map(|label| number(label, prefix)).max().unwrap_or(0);
    loop {
        number += 1;
        let label = format!("{prefix}{number}");
        if !taken(&label) {
            return label;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_cause_is_written_one_way() {
        for (given, expected) in [
            ("RC2", Some("RC2")),
            ("rc2", Some("RC2")),
            ("[RC 2]", Some("RC2")),
            (" rc-02 ", Some("RC2")),
            ("2", Some("RC2")),
            ("RC", None),
            ("RC1234567890", None),
            ("RC٣", None),
            ("C1", None),
            ("", None),
        ] {
            assert_eq!(spell_root_cause(given).as_deref(), expected, "{given:?}");
        }
    }

    #[test]
    fn labels_are_sorted_as_people_count() {
        let mut labels = ["C10", "odd", "c2", "A3", "C1", "C99999999999", "", "o1.2"];
        labels.sort_by_key(|label| order(label));
        assert_eq!(labels, ["", "A3", "C1", "c2", "C10", "C99999999999", "o1.2", "odd"]);
    }

    #[test]
    fn the_next_label_is_a_new_one() {
        for (prefix, siblings, expected) in [
            ("C", vec![], "C1"),
            ("C", vec!["C1", "C7"], "C8"),
            ("C", vec!["c3", "odd", "C99999999999999999999"], "C4"),
            ("C", vec!["C999999999", "C1000000000"], "C1000000001"),
            ("o1.", vec!["o1.2", "o1.2.9", "O1.3"], "o1.4"),
        ] {
            let taken = |label: &str| siblings.iter().any(|other| same(other, label));
            assert_eq!(next(prefix, siblings.iter().copied(), taken), expected, "{siblings:?}");
        }
    }
}
