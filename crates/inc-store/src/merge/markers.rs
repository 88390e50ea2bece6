//! Git's conflict markers in a text: the sides between them. Text in, texts out; no file is touched.

use std::collections::BTreeMap;

use thiserror::Error;

use super::Texts;

/// What a text with conflict markers holds: each side whole, with the lines around the conflicts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sides {
    /// What both started from, where the text tells it (`diff3`, `zdiff3`); under `zdiff3`, and where git had merged
    /// lines already, it holds more than that.
    pub base: Option<String>,
    /// The side above `=======`.
    pub ours: String,
    /// The side below.
    pub theirs: String,
}

/// Markers that do not go together.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("its conflict markers are not whole: line {line} {why}")]
pub struct Broken {
    line: usize,
    why: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Around,
    Ours,
    Base,
    Theirs,
}

/// The sides of a text, or `None` where it has no markers.
///
/// # Errors
/// A marker out of its turn: somebody took out some of them.
pub fn sides(text: &str) -> Result<Option<Sides>, Broken> {
    let (mut part, mut count, mut bases) = (Part::Around, 0, 0);
    let [mut base, mut ours, mut theirs] = [const { String::new() }; 3];
    let mut last = 0;
    for (nth, line) in text.split_inclusive('\n').enumerate() {
        let broken = |why| Err(Broken { line: nth + 1, why });
        last = nth + 1;
        let next = match (marker(line), part) {
            (Some('<'), Part::Around) => Part::Ours,
            (Some('|'), Part::Ours) => Part::Base,
            (Some('='), Part::Ours | Part::Base) => Part::Theirs,
            (Some('>'), Part::Theirs) => Part::Around,
            (None, _) | (Some('=' | '|'), Part::Around) => {
                let kept = match part {
                    Part::Around => [true; 3],
                    _ => [part == Part::Base, part == Part::Ours, part == Part::Theirs],
                };
                for (side, _) in [&mut base, &mut ours, &mut theirs].into_iter().zip(kept).filter(|(_, k)| *k)
                {
                    side.push_str(line);
                }
                continue;
            }
            (Some('<'), _) => return broken("begins a conflict within another"),
            (Some('>'), _) => return broken("ends a conflict that has no second side"),
            _ => return broken("is a marker too many"),
        };
        count += usize::from(next == Part::Ours);
        bases += usize::from(next == Part::Base);
        part = next;
    }
    match (part, count) {
        (Part::Around, 0) => Ok(None),
        (Part::Around, _) => Ok(Some(Sides { base: (bases == count).then_some(base), ours, theirs })),
        _ => Err(Broken { line: last, why: "ends the file within a conflict" }),
    }
}

/// The first character of a marker line of git's; `=======` may be anybody's outside of a conflict.
fn marker(line: &str) -> Option<char> {
    let line = line.trim_end_matches(['\n', '\r']);
    let first = line.chars().next().filter(|first| "<|=>".contains(*first))?;
    let rest = line.trim_start_matches(first);
    let is_end = rest.is_empty() || rest.starts_with(' ') && first != '=';
    (line.len() - rest.len() == 7 && is_end).then_some(first)
}

/// Whether the sides can be what git wrote into the file of a conflict between these texts: each line of a side stands in
/// it as often as in its own version, give or take what git merged in from the other.
pub(super) fn are_of(sides: &Sides, texts: Texts<'_>) -> bool {
    let base = lines(texts.base);
    let [ours, theirs] = [lines(texts.ours), lines(texts.theirs)];
    is_of(&lines(&sides.ours), &base, &ours, &theirs) && is_of(&lines(&sides.theirs), &base, &theirs, &ours)
}

type Lines<'t> = BTreeMap<&'t str, usize>;

fn is_of(has: &Lines<'_>, base: &Lines<'_>, own: &Lines<'_>, other: &Lines<'_>) -> bool {
    let of = |lines: &Lines<'_>, line: &str| lines.get(line).copied().unwrap_or_default();
    has.keys().chain(own.keys()).all(|line| {
        let [has, base, own, other] = [has, base, own, other].map(|lines| of(lines, line));
        let (least, most) =
            (own.saturating_sub(base.saturating_sub(other)), own + other.saturating_sub(base));
        (least..=most).contains(&has)
    })
}

/// How often each line stands in a text, whatever ends it.
fn lines(text: &str) -> Lines<'_> {
    let mut lines = Lines::new();
    for line in text.lines() {
        *lines.entry(line).or_default() += 1;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        match sides(text) {
            Ok(None) => "none".to_owned(),
            Ok(Some(sides)) => format!("{:?} {:?} {:?}", sides.base, sides.ours, sides.theirs),
            Err(broken) => broken.to_string(),
        }
    }

    #[test]
    fn the_sides_stand_between_the_markers() {
        for (text, expected) in [
            ("a\nb\n", "none"),
            ("a\n=======\n", "none"),
            ("a: |\n  <<<<<<< x\n", "none"),
            ("<<<<<<<<< nested\n", "none"),
            ("a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> x y\nd\n", r#"None "a\nb\nd\n" "a\nc\nd\n""#),
            ("<<<<<<<\nb\n=======\n>>>>>>>\n", r#"None "b\n" """#),
            ("<<<<<<< a\r\nb\r\n=======\r\nc\r\n>>>>>>> x\r\n", r#"None "b\r\n" "c\r\n""#),
            ("<<<<<<< a\nb\n=======\nc\n>>>>>>> x", r#"None "b\n" "c\n""#),
            ("<<<<<<< a\nb\n||||||| o\nz\n=======\nc\n>>>>>>> x\ne\n", r#"Some("z\ne\n") "b\ne\n" "c\ne\n""#),
            (
                "<<<<<<< a\n||||||| o\nz\n=======\nc\n>>>>>>> x\n<<<<<<< a\n1\n=======\n2\n>>>>>>> x\n",
                r#"None "1\n" "c\n2\n""#,
            ),
            ("<<<<<<< a\nb\n", "its conflict markers are not whole: line 2 ends the file within a conflict"),
            (
                "<<<<<<< a\n<<<<<<< b\n",
                "its conflict markers are not whole: line 2 begins a conflict within another",
            ),
            (
                ">>>>>>> x\n",
                "its conflict markers are not whole: line 1 ends a conflict that has no second side",
            ),
            (
                "<<<<<<< a\nb\n=======\nc\n=======\nd\n>>>>>>> x\n",
                "its conflict markers are not whole: line 5 is a marker too many",
            ),
        ] {
            assert_eq!(told(text), expected, "{text}");
        }
    }

    #[test]
    fn a_line_that_no_version_explains_is_an_edit() {
        let texts = Texts { base: "a\nb\nz\n", ours: "a\nB\nz\nnew\n", theirs: "a\nb2\n" };
        let whole = "a\n<<<<<<< o\nB\n=======\nb2\n>>>>>>> t\nnew\n";
        let is_untouched = |text: &str| are_of(&sides(text).unwrap().unwrap(), texts);
        assert!(is_untouched(whole));
        assert!(is_untouched(&whole.replace('\n', "\r\n")));
        for edited in [
            whole.replace("new\n", "new\nmine\n"),
            whole.replace("new\n", ""),
            whole.replace("B\n", ""),
            whole.replace("b2\n", "b2\nb2\n"),
            whole.replace("a\n<", "<"),
            whole.replace("b2", "b3"),
        ] {
            assert!(!is_untouched(&edited), "{edited}");
        }
    }
}
