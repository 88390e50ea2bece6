//! What a merge left contested: in words for a report, a few lines for whoever looks at a record, and the list itself.

use inc_core::incident::Contested;
use inc_core::instant::Zone;
use inc_core::settle;
use inc_core::text::{clean_line, shell_arg};
use serde::Serialize;
use serde_json::Value;

use super::property::NOT_ASKED;

/// How many properties a warning names.
const NAMED: usize = 10;

/// How much of a value it shows, in characters.
const SHOWN: usize = 40;

/// A value that did not win a merge, in words.
#[derive(Debug, Clone, Serialize)]
pub struct ContestedView {
    /// Which property.
    pub path: String,
    /// What one side said.
    pub ours: String,
    /// What the other side said.
    pub theirs: String,
    /// Who and when, where known.
    pub by: Option<String>,
}

/// What `--settle` without a value prints with `--format json`.
#[derive(Debug, Serialize)]
pub struct ContestedList {
    /// The record.
    pub id: String,
    /// What waits to be settled.
    pub contested: Vec<Contested>,
}

/// What did not win a merge, for any record.
pub fn contested(contested: &[Contested], zone: &Zone) -> Vec<ContestedView> {
    contested.iter().map(|one| ContestedView::of(one, zone)).collect()
}

/// What is said wherever a record with such values is looked at; `edit` is the command that settles them.
pub fn remarks<R: Serialize>(record: &R, contested: &[Contested], zone: &Zone, edit: &str) -> Vec<String> {
    let mut lines = lines(record, contested, zone);
    let (count, first) = match lines.as_slice() {
        [] => return vec![],
        [_] => ("1 value is".to_owned(), contested[0].path.as_str()),
        several => (format!("{} values are", several.len()), "PATH"),
    };
    let more = lines.len().saturating_sub(NAMED);
    lines.truncate(NAMED);
    if more > 0 {
        lines.push(format!("… and {more} more: `{edit} --settle` lists them"));
    }
    let is_several = |one: &Contested| settle::candidates(contested, one.path.as_str()).len() > 1;
    let several = contested.iter().filter(|one| is_several(one)).count();
    let theirs = match (several, lines.len()) {
        (0, _) => shell_arg(&format!("{first}=theirs")),
        (_, 1) => shell_arg(&format!("{first}=theirs:1")),
        _ => format!("{first}=theirs, of several {first}=theirs:1"),
    };
    let ours = shell_arg(&format!("{first}=ours"));
    let head = format!("warning: {count} contested since a merge:");
    let end = format!("  settle: `{edit} --settle {ours}`, or {theirs}");
    let lines = lines.iter().map(|line| clean_line(&format!("  {line}")));
    [head].into_iter().chain(lines).chain([end]).collect()
}

/// A line for each property: what stands there now, and what does not; several of these with their numbers.
pub fn lines<R: Serialize>(record: &R, contested: &[Contested], zone: &Zone) -> Vec<String> {
    let mut paths: Vec<&str> = vec![];
    for one in contested {
        if !paths.contains(&one.path.as_str()) {
            paths.push(one.path.as_str());
        }
    }
    let of = |path: &&str| -> Vec<&Contested> {
        contested.iter().filter(|one| one.path.as_str() == *path).collect()
    };
    paths.iter().map(|path| line(record, &of(path), zone)).collect()
}

fn line<R: Serialize>(record: &R, of_one: &[&Contested], zone: &Zone) -> String {
    // One value that lost twice is one to choose.
    let of_one: Vec<&&Contested> = of_one
        .iter()
        .enumerate()
        .filter(|(at, one)| !of_one[..*at].iter().any(|other| other.theirs == one.theirs))
        .map(|(_, one)| one)
        .collect();
    let losers = of_one.iter().enumerate().map(|(at, one)| {
        let number = (of_one.len() > 1).then(|| format!("theirs:{}", at + 1));
        let by = one.by.as_ref().map(|by| format!("by {by}"));
        let on = one.at.map(|at| format!("on {}", zone.local(at)));
        let by: Vec<String> = by.into_iter().chain(on).collect();
        let by = (!by.is_empty()).then(|| by.join(" "));
        let aside: Vec<String> = number.into_iter().chain(by).collect();
        let aside = if aside.is_empty() { String::new() } else { format!(" ({})", aside.join(", ")) };
        format!("not {}{aside}", short(&one.theirs))
    });
    let losers: Vec<String> = losers.collect();
    let stands = short(&settle::standing(record, of_one[0]));
    format!("{}: stands {stands}; {}", shell_arg(of_one[0].path.as_str()), losers.join(", "))
}

fn short(value: &Value) -> String {
    let words = settle::shown(value);
    match words.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", words[..end].trim_end_matches('…')),
        None => words,
    }
}

impl ContestedView {
    fn of(contested: &Contested, zone: &Zone) -> Self {
        let at = contested.at.map(|at| format!("on {}", zone.local(at)));
        let by: Vec<String> = contested.by.iter().map(ToString::to_string).chain(at).collect();
        Self {
            path: contested.path.to_string(),
            ours: whole(&contested.ours),
            theirs: whole(&contested.theirs),
            by: (!by.is_empty()).then(|| by.join(" ")),
        }
    }
}

/// A value as a report shows it, a text of any length.
fn whole(value: &Value) -> String {
    match value {
        Value::Null => NOT_ASKED.to_owned(),
        Value::String(text) => text.clone(),
        other => settle::shown(other),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_warning_is_a_count_a_line_each_and_the_command() {
        let record =
            json!({"title": "One", "impact": {"economic_impact": {"amount": 1200, "currency": "EUR"}}});
        let zone = Zone::named("Europe/Paris").unwrap();
        let all = |items: Value| -> Vec<Contested> { serde_json::from_value(items).unwrap() };
        let one = all(json!([{"path": "title", "ours": "One", "theirs": "Two", "by": "Ada"}]));
        assert_eq!(
            remarks(&record, &one, &zone, "inc-edit x"),
            [
                "warning: 1 value is contested since a merge:",
                "  title: stands One; not Two (by Ada)",
                "  settle: `inc-edit x --settle title=ours`, or title=theirs",
            ]
        );
        let three = all(json!([
            {"path": "impact.economic_impact", "ours": 1, "theirs": {"amount": 900, "currency": "USD"}},
            {"path": "cft", "ours": null, "theirs": "a", "at": "2023-03-27T12:00:00Z"},
            {"path": "cft", "ours": null, "theirs": "b".repeat(80)},
        ]));
        assert_eq!(
            remarks(&record, &three, &zone, "inc-edit x"),
            [
                "warning: 2 values are contested since a merge:",
                "  impact.economic_impact: stands 1200 EUR; not 900 USD",
                &format!(
                    "  cft: stands nothing; not a (theirs:1, on 2023-03-27 14:00), not {}… (theirs:2)",
                    "b".repeat(40)
                ),
                "  settle: `inc-edit x --settle PATH=ours`, or PATH=theirs, of several PATH=theirs:1",
            ]
        );
        // One of several values of one property needs its number, one value that lost twice needs none.
        for (last, word) in [("b", "cft=theirs:1"), ("a", "cft=theirs")] {
            let two = all(json!([
                {"path": "cft", "ours": null, "theirs": "a"}, {"path": "cft", "ours": null, "theirs": last}]));
            let told = remarks(&record, &two, &zone, "inc-edit x");
            assert_eq!(told[2], format!("  settle: `inc-edit x --settle cft=ours`, or {word}"));
            assert_eq!(told[1].contains("theirs:2"), last == "b", "{told:?}");
        }
        let many: Vec<Contested> =
            (0..12).flat_map(|n| all(json!([{"path": format!("custom.k{n}"), "theirs": n}]))).collect();
        let told = remarks(&record, &many, &zone, "inc-edit x");
        assert_eq!((told.len(), told[11].as_str()), (13, "  … and 2 more: `inc-edit x --settle` lists them"));
        assert!(remarks(&record, &[], &zone, "inc-edit x").is_empty());
    }
}
