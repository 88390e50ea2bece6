//! Which comments a merged text must have: a three-way merge of how often each stands in the sides.

use std::collections::BTreeMap;

use super::Texts;
use super::standing::Standing;

/// Each comment with how often it is to stand in the result, from those of the base, ours and theirs.
///
/// What both have stays, what either added is in; what one side took out is out only where the other left it alone, and
/// nothing is out where the data that one side took out `keeps`: its comments may be among them.
pub(super) fn wanted(sides: [&BTreeMap<String, usize>; 3], keeps: bool) -> BTreeMap<String, usize> {
    let [_, ours, theirs] = sides;
    let mut wanted = BTreeMap::new();
    for comment in ours.keys().chain(theirs.keys()) {
        let [base, ours, theirs] = sides.map(|side| side.get(comment).copied().unwrap_or_default());
        let count = match (base == ours, base == theirs) {
            _ if keeps => ours.max(theirs),
            (true, _) => theirs,
            (_, true) => ours,
            _ => ours.max(theirs),
        };
        if count > 0 {
            wanted.insert(comment.clone(), count);
        }
    }
    wanted
}

/// What is wanted and not there, each as often as it is missing.
pub(super) fn missing(has: &BTreeMap<String, usize>, wanted: &BTreeMap<String, usize>) -> Vec<String> {
    let lacking = wanted.iter().map(|(comment, count)| {
        (comment, count.saturating_sub(has.get(comment).copied().unwrap_or_default()))
    });
    lacking.flat_map(|(comment, count)| std::iter::repeat_n(comment.clone(), count)).collect()
}

/// The text with its comments where they stood, and with those that it lacks; what is told of those that could not
/// come to their places.
pub(super) fn placed(
    text: String,
    missing: Vec<String>,
    texts: Texts<'_>,
    holds: &dyn Fn(&str) -> bool,
) -> (String, Vec<String>) {
    let (text, missing, ends) = match Standing::of(text.clone(), texts, holds) {
        None => (text, missing, vec![]),
        Some(mut standing) => {
            let [missing, ends] = standing.bring(missing);
            standing.put_right();
            (standing.text, missing, ends)
        }
    };
    let ends = ends.iter().map(|comment| format!("moved, as what it stood at is gone: {comment}"));
    let last = missing.iter().map(|comment| format!("moved to the end of the file: {comment}"));
    (put_at_end(text, &missing), ends.chain(last).collect())
}

/// The text with these comments behind it: out of their places, but not gone.
fn put_at_end(mut text: String, comments: &[String]) -> String {
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    for comment in comments {
        if !text.ends_with('\n') {
            text.push_str(line_end);
        }
        text.push_str(comment);
        text.push_str(line_end);
    }
    text
}
