//! What `pdca acts --by target` shows: each place, with what it still lacks.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use inc_core::pdca::rollout::{OwnerOf, Spread};
use inc_core::text::clean_line;
use serde::Serialize;

use super::rollouts::{ActRow, ActsView, NotProven, Proven};
use super::told::{not_proven_lines, owner_words};
use crate::output::table;

/// What `acts --by target --format json` prints.
#[derive(Debug, Serialize)]
pub(super) struct PlacesView<'v> {
    /// The day on which this was so.
    today: NaiveDate,
    /// By the names of the targets; last, under `null`, what names none.
    targets: Vec<Place<'v>>,
    /// As where it is not grouped by target.
    not_proven: &'v [NotProven],
}

/// One place.
#[derive(Debug, Serialize)]
struct Place<'v> {
    /// The target as the first record spells it; `null` for acts that name none, and for what has no act.
    target: Option<&'v str>,
    lacks: Vec<Lack<'v>>,
}

/// What a place lacks.
#[derive(Debug, Serialize)]
struct Lack<'v> {
    pdca: &'v str,
    countermeasure: &'v str,
    /// Of the countermeasure.
    title: &'v str,
    /// The act's label; `null` where there is none, and no reason why not.
    act: Option<&'v str>,
    act_title: Option<&'v str>,
    owner: Option<&'v str>,
    owner_of: Option<OwnerOf>,
    due: Option<NaiveDate>,
    late_days: Option<i64>,
    #[serde(skip)]
    due_words: String,
}

impl<'v> PlacesView<'v> {
    /// The same, by place: what is applied has none. Only the places that pass are told.
    pub(super) fn of(view: &'v ActsView, is_meant: impl Fn(&str) -> bool) -> Self {
        let mut targets: BTreeMap<String, Place<'v>> = BTreeMap::new();
        let mut nowhere = Place { target: None, lacks: vec![] };
        for row in view.proven.iter().filter(|row| matches!(row.state, Spread::Open | Spread::Unsaid)) {
            if row.acts.is_empty() {
                nowhere.lacks.push(Lack::unsaid(row));
            }
            for act in row.acts.iter().filter(|act| !act.is_through()) {
                if act.open.is_empty() {
                    nowhere.lacks.push(Lack::of(row, act));
                }
                for target in act.open.iter().filter(|target| is_meant(target)) {
                    let new = || Place { target: Some(target), lacks: vec![] };
                    targets.entry(target.to_lowercase()).or_insert_with(new).lacks.push(Lack::of(row, act));
                }
            }
        }
        let mut targets: Vec<Place<'v>> = targets.into_values().collect();
        if !nowhere.lacks.is_empty() {
            targets.push(nowhere);
        }
        Self { today: view.today, targets, not_proven: &view.not_proven }
    }
}

impl<'v> Lack<'v> {
    fn of(row: &'v Proven, act: &'v ActRow) -> Self {
        Self {
            pdca: &row.pdca,
            countermeasure: &row.countermeasure,
            title: &row.title,
            act: Some(&act.act),
            act_title: Some(&act.title),
            owner: act.owner.as_deref(),
            owner_of: act.owner_of,
            due: act.due,
            late_days: act.late_days,
            due_words: act.due_words(),
        }
    }

    fn unsaid(row: &'v Proven) -> Self {
        Self {
            pdca: &row.pdca,
            countermeasure: &row.countermeasure,
            title: &row.title,
            act: None,
            act_title: None,
            owner: row.owner.as_deref(),
            owner_of: row.owner_of,
            due: None,
            late_days: None,
            due_words: "no act".to_owned(),
        }
    }
}

/// A line for each that a place lacks.
pub(super) fn text_of(view: &PlacesView<'_>) -> String {
    let mut lines = vec![];
    let rows = view.targets.iter().flat_map(|place| place.lacks.iter().map(|lack| cells(place, lack)));
    if !view.targets.is_empty() {
        lines.push(table(&["target", "lacks", "title", "owner", "due", "pdca"], rows));
    }
    let below = not_proven_lines(view.not_proven, !view.targets.is_empty());
    lines.extend(below.iter().map(|line| clean_line(line)));
    lines.join("\n")
}

fn cells(place: &Place<'_>, lack: &Lack<'_>) -> Vec<String> {
    let lacks = match lack.act {
        Some(act) => format!("{act} of {}", lack.countermeasure),
        None => lack.countermeasure.to_owned(),
    };
    let target = match (place.target, lack.act) {
        (Some(target), _) => target,
        (None, Some(_)) => "(not named)",
        (None, None) => "(nobody said)",
    };
    vec![
        target.to_owned(),
        lacks,
        lack.act_title.unwrap_or(lack.title).to_owned(),
        owner_words(lack.owner, lack.owner_of),
        lack.due_words.strip_prefix("due ").unwrap_or(&lack.due_words).to_owned(),
        lack.pdca.to_owned(),
    ]
}
