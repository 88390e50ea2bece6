//! Causes that came back: by the same tag, or in nearly the same words.
//!
//! That words are alike is a guess, and nothing else is read into them. A label such as RC1 belongs to its own PDCA; one
//! that is more than a number is the same tag everywhere.

mod likeness;
#[cfg(test)]
mod tests;
mod within;

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;

use super::{Branch, CheckResult, Countermeasure, Pdca, SourceKind, Why, label};
use crate::id::Uid;
use crate::text::Prose;
use likeness::Texts;

pub use within::Within;

/// How many of the earlier causes are told for one that came back.
pub const MOST_EARLIER: usize = 10;

/// A root cause of one PDCA.
#[derive(Debug)]
pub struct Cause<'a> {
    /// The record that it stands in.
    pub pdca: &'a Pdca,
    /// Its label, or the tag that is the same everywhere.
    pub label: &'a str,
    /// The tree that it is in.
    pub branch: Branch,
    /// The why that is tagged so.
    pub why: &'a Why,
    /// What was meant to cure it, whatever came of that.
    pub countermeasures: Vec<&'a Countermeasure>,
    /// Which of the texts are its words.
    text: usize,
}

/// A check OK that a countermeasure has had.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cure<'a> {
    /// The countermeasure.
    pub countermeasure: &'a Countermeasure,
    /// On which day; `None` where the record does not tell.
    pub on: Option<NaiveDate>,
    /// What showed it.
    pub evidence: Option<&'a Prose>,
}

/// All root causes of many PDCAs, found by their tags and words without comparing each with each.
#[derive(Debug, Default)]
pub struct Causes<'a> {
    all: Vec<Cause<'a>>,
    tags: HashMap<String, Vec<usize>>,
    texts: Texts,
    /// Which causes have a text.
    having: Vec<Vec<usize>>,
}

/// Which causes that came back are asked for; by default all.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// Begun on that day or later, the second time.
    pub since: Option<NaiveDate>,
    /// At most so long after the cure, or after the first PDCA where it was not cured.
    pub within: Option<Within>,
    /// One of the two stands in this PDCA.
    pub pdca: Option<Uid>,
}

/// A cause that was there before.
#[derive(Debug)]
pub struct Return<'c, 'a> {
    /// As it stands in the later PDCA.
    pub cause: &'c Cause<'a>,
    /// Those before it, [`MOST_EARLIER`] at most: first what had been cured, then the others, each the newest first.
    pub earlier: Vec<Earlier<'c, 'a>>,
    /// How many there are in all.
    pub count: usize,
}

impl Return<'_, '_> {
    /// It came back after a check OK.
    pub fn was_cured(&self) -> bool {
        self.earlier.first().is_some_and(|earlier| !earlier.cures.is_empty())
    }
}

/// A cause of before, beside the one that came back.
#[derive(Debug)]
pub struct Earlier<'c, 'a> {
    /// As it stood in the earlier PDCA.
    pub cause: &'c Cause<'a>,
    /// They have one tag; else only their words are alike, which is a guess.
    pub is_same_tag: bool,
    /// What had been checked OK when it came back; none where it was not cured then.
    pub cures: Vec<Cure<'a>>,
}

impl<'a> Cause<'a> {
    /// The day on which its PDCA was begun, under the record's own offset.
    pub fn begun(&self) -> NaiveDate {
        begun(self.pdca)
    }

    /// What was cured by that day: each countermeasure whose last check until then was OK.
    ///
    /// A check without a day counts as of the day on which its PDCA was begun.
    pub fn cures_by(&self, day: NaiveDate) -> Vec<Cure<'a>> {
        let last = |it: &'a Countermeasure| {
            let past = checks(it).filter(|(cure, _)| self.day_of(cure) <= day);
            let (cure, result) = past.max_by_key(|(cure, _)| self.day_of(cure))?;
            (result == CheckResult::Ok).then_some(cure)
        };
        self.countermeasures.iter().filter_map(|it| last(it)).collect()
    }

    /// The day on which a check of its countermeasures counts.
    pub fn day_of(&self, cure: &Cure<'_>) -> NaiveDate {
        cure.on.unwrap_or(self.begun())
    }

    /// Whether it stood in another PDCA before that one, and the two are not about one incident.
    pub(super) fn is_before(&self, pdca: &Pdca) -> bool {
        let is_same_story = pdca.source.kind == SourceKind::Incident && pdca.source == self.pdca.source;
        let is_earlier = self.pdca.created_at.unix_millis() < pdca.created_at.unix_millis();
        self.pdca.uid != pdca.uid && is_earlier && !is_same_story
    }
}

/// Every check with a result, the oldest first.
fn checks(it: &Countermeasure) -> impl Iterator<Item = (Cure<'_>, CheckResult)> {
    let earlier = it.earlier_checks.iter().map(move |check| {
        (Cure { countermeasure: it, on: check.on, evidence: check.evidence.as_ref() }, check.result)
    });
    let last = it.check.iter().filter_map(move |check| {
        Some((Cure { countermeasure: it, on: check.on, evidence: check.evidence.as_ref() }, check.result?))
    });
    earlier.chain(last)
}

fn begun(pdca: &Pdca) -> NaiveDate {
    pdca.created_at.datetime().date_naive()
}

/// What a label is compared by in other PDCAs; `None` for a number, which belongs to its own.
fn tag_of(label: &str) -> Option<String> {
    label::spell_root_cause(label).is_none().then(|| label::fold(label))
}

impl<'a> Causes<'a> {
    /// The root causes of all these.
    pub fn of(pdcas: &[&'a Pdca]) -> Self {
        let mut texts = likeness::Collect::default();
        let mut causes = Self::default();
        for pdca in pdcas {
            for root in pdca.root_causes() {
                let label = root.label.as_str();
                if let Some(tag) = tag_of(label) {
                    causes.tags.entry(tag).or_default().push(causes.all.len());
                }
                let text = texts.add(root.why.why.as_str());
                causes.having.resize(causes.having.len().max(text + 1), vec![]);
                causes.having[text].push(causes.all.len());
                let countermeasures = pdca.countermeasures_for(label).collect();
                let (branch, why) = (root.branch, root.why);
                causes.all.push(Cause { pdca, label, branch, why, countermeasures, text });
            }
        }
        causes.texts = texts.index();
        causes
    }

    /// The causes that are the same as this one by their tag or their words, in the order of the records.
    pub(super) fn like(&self, label: &str, why: &str) -> Vec<&Cause<'a>> {
        self.numbers_like(label, &self.texts.alike(why)).into_iter().map(|n| &self.all[n]).collect()
    }

    fn numbers_like(&self, label: &str, texts: &[usize]) -> BTreeSet<usize> {
        let by_tag = tag_of(label).and_then(|tag| self.tags.get(&tag)).into_iter().flatten();
        texts.iter().flat_map(|text| &self.having[*text]).chain(by_tag).copied().collect()
    }

    /// How many words the two have in common, and how many they have together.
    pub fn in_common(&self, one: &Cause<'_>, other: &Cause<'_>) -> (usize, usize) {
        self.texts.in_common(one.text, other.text)
    }

    /// The causes that came back, those of the newest PDCA first.
    pub fn returns(&self, scope: &Scope) -> Vec<Return<'_, 'a>> {
        let mut all: Vec<Return<'_, 'a>> =
            self.all.iter().filter_map(|cause| self.return_of(cause, scope)).collect();
        all.sort_by_cached_key(|one| {
            Reverse((one.cause.pdca.created_at.unix_millis(), one.cause.pdca.id.clone()))
        });
        all
    }

    fn return_of<'c>(&'c self, cause: &'c Cause<'a>, scope: &Scope) -> Option<Return<'c, 'a>> {
        let day = cause.begun();
        if scope.since.is_some_and(|since| day < since) {
            return None;
        }
        let like = self.numbers_like(cause.label, self.texts.alike_to(cause.text));
        let before = like.into_iter().map(|n| &self.all[n]).filter(|earlier| earlier.is_before(cause.pdca));
        let before = before.filter(|earlier| scope.concerns(earlier.pdca, cause.pdca));
        let tag = tag_of(cause.label);
        let beside = before.map(|earlier| Earlier {
            is_same_tag: tag.is_some() && tag == tag_of(earlier.label),
            cures: earlier.cures_by(day),
            cause: earlier,
        });
        let mut earlier: Vec<Earlier<'c, 'a>> =
            beside.filter(|one| scope.within.is_none_or(|within| within.holds(one.since(), day))).collect();
        earlier.sort_by_key(|one| Reverse((!one.cures.is_empty(), one.since())));
        let count = earlier.len();
        earlier.truncate(MOST_EARLIER);
        (count > 0).then_some(Return { cause, earlier, count })
    }
}

impl Scope {
    fn concerns(&self, one: &Pdca, other: &Pdca) -> bool {
        self.pdca.is_none_or(|uid| uid == one.uid || uid == other.uid)
    }
}

impl Earlier<'_, '_> {
    /// The day of the last cure, or on which the PDCA was begun where there was none.
    pub fn since(&self) -> NaiveDate {
        let days = self.cures.iter().map(|cure| self.cause.day_of(cure));
        days.max().unwrap_or(self.cause.begun())
    }
}
