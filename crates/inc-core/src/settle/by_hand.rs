//! A contested value that somebody sets: that settles it, as what stood when it was contested stands no longer.

use serde::Serialize;
use serde_json::Value;

use super::{plain, shown, value_at};
use crate::incident::Contested;

/// What a change settled by setting it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Settled {
    /// The paths, each once, in the record's order.
    pub(crate) paths: Vec<String>,
    /// A remark of each.
    pub(crate) remarks: Vec<String>,
}

impl Settled {
    /// The first line of the commit, with what was settled.
    pub(crate) fn subject(&self, subject: String) -> String {
        match self.paths.is_empty() {
            true => subject,
            false => format!("{subject}; settles {}", self.paths.join(", ")),
        }
    }
}

/// What is contested in `known`, and has another value in `after` than it had in `before`.
pub(crate) fn by_hand<R: Serialize>(before: &R, after: &R, known: &[Contested]) -> Settled {
    let mut settled = Settled { paths: vec![], remarks: vec![] };
    if known.is_empty() {
        return settled;
    }
    let (before, after) = (plain(before), plain(after));
    for one in known {
        let path = one.path.as_str();
        let stands = value_at(&after, path);
        if value_at(&before, path) == stands || settled.paths.iter().any(|known| known == path) {
            continue;
        }
        settled.paths.push(path.to_owned());
        let others: Vec<String> = known
            .iter()
            .filter(|other| other.path == one.path && Some(&other.theirs) != stands)
            .map(|other| shown(&other.theirs))
            .collect();
        let not = if others.is_empty() { String::new() } else { format!(", not {}", others.join(" or ")) };
        let stands = shown(stands.unwrap_or(&Value::Null));
        settled.remarks.push(format!("settles {path}: {stands} stands{not}"));
    }
    settled
}

/// Takes off the list what a change settled by setting it.
pub(crate) fn drop_settled(contested: &mut Vec<Contested>, settled: &Settled) {
    contested.retain(|one| !settled.paths.iter().any(|path| path == one.path.as_str()));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_changed_is_settled_and_nothing_else() {
        let one = |path: &str, theirs: Value| Contested {
            path: path.parse().unwrap(),
            ours: json!("x"),
            theirs,
            by: None,
            at: None,
        };
        let known = [
            one("title", json!("b")),
            one("title", json!("c")),
            one("impact.customers", json!(1)),
            one("cft", Value::Null),
            one("items[C1].due", json!("z")),
        ];
        let words = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<_>>();
        let before = json!({"title": "a", "impact": {"customers": 2}, "items": [{"id": "C1", "due": "y"}]});
        let check = |change: fn(&mut Value), paths: &[&str], remarks: &[&str]| {
            let mut after = before.clone();
            change(&mut after);
            let settled = by_hand(&before, &after, &known);
            assert_eq!((settled.paths, settled.remarks), (words(paths), words(remarks)));
        };
        check(|_| {}, &[], &[]);
        check(|after| after["owner"] = json!("Ada"), &[], &[]);
        check(|after| after["title"] = json!("d"), &["title"], &["settles title: d stands, not b or c"]);
        check(|after| after["title"] = json!("b"), &["title"], &["settles title: b stands, not c"]);
        check(
            |after| {
                after["impact"] = json!({});
                after["cft"] = json!("Core");
            },
            &["impact.customers", "cft"],
            &["settles impact.customers: nothing stands, not 1", "settles cft: Core stands, not nothing"],
        );
        check(
            |after| after["items"][0]["due"] = json!("z"),
            &["items[C1].due"],
            &["settles items[C1].due: z stands"],
        );
    }
}
