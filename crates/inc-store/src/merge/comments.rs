//! Which comments a merged text must have: a three-way merge of how often each stands in the sides.

use std::collections::BTreeMap;

use super::Texts;
use crate::edit;

/// Each comment with how often it is to stand in the result; `None` where a text cannot be taken apart.
///
/// What both have stays, what either added is in; what one side took out is out only where the other left it alone, and
/// nothing is out where the data that one side took out `keeps`: its comments may be among them.
pub(super) fn wanted(texts: Texts<'_>, keeps: bool) -> Option<BTreeMap<String, usize>> {
    let base = if texts.base.trim().is_empty() { BTreeMap::new() } else { edit::comments_of(texts.base)? };
    let (ours, theirs) = (edit::comments_of(texts.ours)?, edit::comments_of(texts.theirs)?);
    let mut wanted = BTreeMap::new();
    for comment in ours.keys().chain(theirs.keys()) {
        let [base, ours, theirs] =
            [&base, &ours, &theirs].map(|side| side.get(comment).copied().unwrap_or_default());
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
    Some(wanted)
}

/// Whether nothing that is wanted is missing.
pub(super) fn covers(has: &BTreeMap<String, usize>, wanted: &BTreeMap<String, usize>) -> bool {
    wanted.iter().all(|(comment, count)| has.get(comment).is_some_and(|has| has >= count))
}
