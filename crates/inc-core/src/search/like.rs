//! Which incidents are like one, and why; and what mitigated an incident.
//!
//! The words that tell most of a record (how often, by how rare) ask for the others that have them, as Lucene's
//! MoreLikeThis does, and so do the features that need no word: the same root cause, team, and way of being noticed.
//! How alike a record is, is its share of what the record itself would get.

use super::passage::Passage;
use super::rank::{K1, rarity, saturated};
use super::shelf::Shelf;
use super::{Card, counted};
use crate::answer::Answer;
use crate::incident::Incident;
use crate::instant::Instant;
use crate::status::Status;
use crate::text::Line;
use crate::timeline::{self, Entry, EntryKind};

/// How many words of a record are asked for.
const MOST: usize = 40;
/// Below this share nothing is alike.
pub const LEAST: f64 = 0.05;
/// How features are told from words, which never begin so.
const FEATURE: char = '=';
/// Words of many texts that tell nothing, even where few records make them look rare.
const EMPTY: &[&str] = &[
    "the",
    "and",
    "are",
    "was",
    "were",
    "for",
    "from",
    "with",
    "that",
    "this",
    "has",
    "have",
    "had",
    "not",
    "but",
    "all",
    "its",
    "our",
    "out",
    "into",
    "then",
    "than",
    "when",
    "who",
    "why",
    "how",
    "what",
    "been",
    "due",
    "again",
    "after",
    "before",
    "still",
    "now",
    "one",
    "some",
    "can",
    "cannot",
    "will",
    "does",
    "did",
    "they",
    "them",
    "there",
    "their",
    "status",
    "investigating",
    "mitigated",
    "resolved",
    "incident",
    "declared",
    "created",
];

/// What an incident has in common with others without a word.
pub fn features(incident: &Incident) -> Vec<String> {
    let mut features = vec![];
    let mut add =
        |name: &str, value: &str| features.push(format!("{FEATURE}{name}:{}", value.to_lowercase()));
    if let Answer::Known(path) = &incident.root_cause {
        add("root cause", &path.iter().map(Line::as_str).collect::<Vec<_>>().join(" / "));
    }
    let team = &incident.team;
    let parts =
        [("stack", &team.stack), ("tech team", &team.tech_team), ("detected via", &incident.detected_via)];
    for (name, part) in parts {
        part.known().into_iter().for_each(|value| add(name, value.as_str()));
    }
    features
}

/// A record that is like one.
#[derive(Debug, Clone, PartialEq)]
pub struct Alike {
    /// Its number on the shelf.
    pub number: u32,
    /// How alike, from 0 to 1.
    pub share: f64,
    /// The words that both have, those first that tell most.
    pub words: Vec<String>,
    /// What else both have: `root cause` and its value.
    pub features: Vec<(String, String)>,
}

/// The records that are like these texts, the most alike first, of equals the newest; only such as `passes` lets through.
pub fn alike(
    passages: &[Passage<'_>],
    features: &[String],
    shelf: &Shelf<'_>,
    passes: impl Fn(u32) -> bool,
) -> Vec<Alike> {
    let (words, _) = counted(passages, features);
    let (asked, whole) = asked(words, shelf, &passes);
    let mut scores = vec![0.0; shelf.len()];
    let mut having: Vec<Vec<usize>> = vec![vec![]; shelf.len()];
    for (place, it) in asked.iter().enumerate() {
        for (number, count) in &it.found {
            scores[*number as usize] += it.worth * saturated(shelf, *number, f64::from(*count));
            having[*number as usize].push(place);
        }
    }
    let near = (0..).zip(scores.iter().zip(having));
    let near = near.filter(|(_, (score, _))| **score > 0.0 && **score >= LEAST * whole);
    let mut near: Vec<Alike> = near
        .filter(|(number, _)| passes(*number))
        .map(|(number, (score, having))| told(number, score / whole, &having, &asked))
        .collect();
    near.retain(|it| !it.words.is_empty());
    let newest = |it: &Alike| (shelf.book(it.number).began, shelf.book(it.number).id);
    near.sort_by(|a, b| b.share.total_cmp(&a.share).then_with(|| newest(b).cmp(&newest(a))));
    near
}

struct Asked {
    word: String,
    worth: f64,
    found: Vec<(u32, u32)>,
}

/// What is asked for: the words that tell most among those that others have, and every feature; and what a record would
/// get that has all the words that tell most, whoever else has them.
fn asked(words: Vec<(String, u32)>, shelf: &Shelf<'_>, passes: &impl Fn(u32) -> bool) -> (Vec<Asked>, f64) {
    let words = words.into_iter().filter(|(word, _)| is_telling(word));
    let mut all: Vec<Asked> = words
        .map(|(word, count)| {
            let found = shelf.find(&word);
            let count = f64::from(count);
            Asked { worth: rarity(shelf, found.len()) * count * (K1 + 1.0) / (count + K1), word, found }
        })
        .collect();
    all.sort_by(|a, b| b.worth.total_cmp(&a.worth).then_with(|| a.word.cmp(&b.word)));
    let (features, words): (Vec<Asked>, Vec<Asked>) =
        all.into_iter().partition(|it| it.word.starts_with(FEATURE));
    let most = words.iter().take(MOST).chain(&features);
    let whole = most.map(|it| it.worth * (K1 + 1.0)).sum();
    let shared = words.into_iter().filter(|it| it.found.iter().any(|(number, _)| passes(*number)));
    (shared.take(MOST).chain(features).collect(), whole)
}

fn is_telling(word: &str) -> bool {
    let has_letter = word.chars().any(char::is_alphabetic);
    word.starts_with(FEATURE) || has_letter && word.chars().count() > 2 && !EMPTY.contains(&word)
}

fn told(number: u32, share: f64, having: &[usize], asked: &[Asked]) -> Alike {
    let (features, words): (Vec<&str>, Vec<&str>) =
        having.iter().map(|place| asked[*place].word.as_str()).partition(|word| word.starts_with(FEATURE));
    let feature = |word: &&str| {
        let (name, value) = word.trim_start_matches(FEATURE).split_once(':')?;
        Some((name.to_owned(), value.to_owned()))
    };
    let whole = |word: &&&str| !words.iter().any(|other| other.len() > word.len() && is_part(word, other));
    Alike {
        number,
        share: share.min(1.0),
        words: words.iter().filter(whole).map(|word| (*word).to_owned()).collect(),
        features: features.iter().filter_map(feature).collect(),
    }
}

/// Whether a word is one of those that another joins.
fn is_part(word: &str, other: &str) -> bool {
    other.split(['-', '_', '.', '/', ':', '@']).any(|part| part == word)
}

/// What ended the harm of an incident, as far as the record tells.
#[derive(Debug, Clone, PartialEq)]
pub struct Mitigation<'a> {
    /// What was done.
    pub text: &'a str,
    /// When it was noted; `None` where the summary tells it.
    pub at: Option<Instant>,
}

/// What mitigated an incident: its summary of that; else the last action until it was mitigated, or resolved where it was
/// never called mitigated; else the reason that was given with that status.
pub fn mitigation(incident: &Incident) -> Option<Mitigation<'_>> {
    if let Some(told) = &incident.summary.mitigation {
        return Some(Mitigation { text: told.as_str(), at: None });
    }
    let entries = timeline::in_order(&incident.timeline);
    let over = [Status::Mitigated, Status::Resolved]
        .map(|status| entries.iter().position(|it| leads_to(it, status)));
    let over = over.into_iter().flatten().next();
    let upto = &entries[..over.unwrap_or(entries.len())];
    let until = incident.mitigated_at.or(incident.resolved_at);
    let in_time = |it: &&&Entry| until.is_none_or(|until| it.at.unix_millis() <= until.unix_millis());
    let action = upto.iter().rev().filter(in_time).find(|it| it.kind == EntryKind::Action);
    if let Some(entry) = action.filter(|_| over.is_some() || until.is_some()) {
        return Some(Mitigation { text: entry.text.as_str(), at: Some(entry.at) });
    }
    let entry = entries[over?];
    let reason = entry.change.as_ref().and_then(|change| change.reason.as_ref());
    reason.map(|reason| Mitigation { text: reason.as_str(), at: Some(entry.at) })
}

fn leads_to(entry: &Entry, status: Status) -> bool {
    let to = entry.change.as_ref().and_then(|change| change.to.as_ref());
    entry.kind == EntryKind::Status && to.is_some_and(|to| to.as_str() == status.name())
}

/// Whether a card is that of an incident.
pub fn is_incident(card: &Card) -> bool {
    card.kind == <Incident as super::Searchable>::KIND
}
