//! What a sync tells: a view of what came in and went out, and its words.

use std::collections::BTreeMap;

use anyhow::Result;
use inc_core::incident::Incident;
use inc_core::news;
use inc_core::pdca::Pdca;
use inc_core::text::clean_line;
use inc_store::git::{ChangedFile, Repository, Upstream};
use inc_store::store::Record;
use inc_store::yaml;
use serde::Serialize;

use crate::failure::Failure;

/// What `inc-sync --format json` prints, also where it ends badly after the fetch was tried.
#[derive(Debug, Serialize)]
pub(super) struct Told {
    /// What was synced with: `origin/main`.
    upstream: String,
    /// Whether nothing was changed: all below is what would happen.
    dry_run: bool,
    /// Whether the other end was reached.
    pub(super) reached: bool,
    /// What came in.
    pub(super) received: Received,
    /// What went out.
    pub(super) sent: Sent,
    /// How many commits wait to be pushed.
    pub(super) waiting: usize,
    /// How often a push was tried.
    pub(super) tries: u32,
    /// The files with conflicts, from the top of the repository; then nothing was pushed.
    pub(super) conflicts: Vec<String>,
    /// Whether it ended before all was looked at: then nothing is said of what there is not.
    #[serde(skip)]
    pub(super) stopped: bool,
}

/// What came in.
#[derive(Debug, Default, Serialize)]
pub(super) struct Received {
    /// How many commits of others.
    pub(super) commits: usize,
    /// The records that they changed, by kind and id.
    records: Vec<RecordNews>,
    /// How many other files they changed.
    other_files: usize,
}

/// What went out.
#[derive(Debug, Default, Serialize)]
pub(super) struct Sent {
    /// How many commits, merges among them.
    pub(super) commits: usize,
}

/// What became of one record.
#[derive(Debug, Serialize)]
struct RecordNews {
    /// `incident` or `pdca`.
    kind: &'static str,
    id: String,
    /// In words, the most telling first.
    news: Vec<String>,
    /// Whether it can be read.
    readable: bool,
}

impl Told {
    pub(super) fn new(upstream: &Upstream, dry_run: bool) -> Self {
        Self {
            upstream: upstream.name.clone(),
            dry_run,
            reached: true,
            received: Received::default(),
            sent: Sent::default(),
            waiting: 0,
            tries: 0,
            conflicts: vec![],
            stopped: false,
        }
    }

    /// Tells what lies between two commits.
    pub(super) fn tell(&mut self, repository: &Repository, before: Option<&str>, after: &str) -> Result<()> {
        let files = repository.changed(before, after)?;
        let incidents = records::<Incident>(repository, &files, "incident", news::of_incident)?;
        let pdcas = records::<Pdca>(repository, &files, "pdca", news::of_pdca)?;
        let is_record =
            |file: &ChangedFile| file.is_record_in(Incident::FOLDER) || file.is_record_in(Pdca::FOLDER);
        self.received.other_files = files.iter().filter(|file| !is_record(file)).count();
        self.received.records =
            incidents.into_iter().chain(pdcas).filter(|record| !record.news.is_empty()).collect();
        Ok(())
    }

    /// Errs where a record that came in cannot be read.
    pub(super) fn unreadable(&self) -> Result<()> {
        let names: Vec<&str> = self
            .received
            .records
            .iter()
            .filter(|record| !record.readable)
            .map(|record| record.id.as_str())
            .collect();
        match names.is_empty() {
            true => Ok(()),
            false => Err(Failure::data(format!("came in and cannot be read: {}", names.join(", ")))),
        }
    }

    pub(super) fn words(&self) -> String {
        let mut lines = vec![];
        let name = clean_line(&self.upstream);
        let (came, go) = match self.dry_run {
            true => ("would come", "would be pushed"),
            false => ("came in", "pushed"),
        };
        match self.received.commits {
            0 if self.reached && !self.stopped && self.conflicts.is_empty() => {
                lines.push(format!("nothing new from {name}"))
            }
            0 => {}
            count => lines.push(format!("{} {came} from {name}", commits(count))),
        }
        lines.extend(self.received.records.iter().map(RecordNews::line));
        match self.received.other_files {
            0 => {}
            1 => lines.push("  1 other file".to_owned()),
            count => lines.push(format!("  {count} other files")),
        }
        let out = if self.dry_run { self.waiting } else { self.sent.commits };
        match out {
            0 if self.reached && !self.stopped && self.waiting == 0 && self.conflicts.is_empty() => {
                lines.push("nothing to push".to_owned());
            }
            0 => {}
            _ if !self.reached => {}
            count if self.dry_run => lines.push(format!("{} {go} to {name}", commits(count))),
            count => lines.push(format!("{go} {} to {name}", commits(count))),
        }
        lines.join("\n")
    }
}

impl RecordNews {
    fn line(&self) -> String {
        clean_indented(&format!("{}: {}", self.id, self.news.join(", ")))
    }
}

fn clean_indented(line: &str) -> String {
    format!("  {}", clean_line(line))
}

/// `1 commit`, `3 commits`.
pub(super) fn commits(count: usize) -> String {
    format!("{count} commit{}", if count == 1 { "" } else { "s" })
}

/// The two texts of a record, wherever its file lay.
#[derive(Default)]
struct Sides {
    before: Option<Vec<u8>>,
    after: Option<Vec<u8>>,
}

/// The news of all records of a kind among the files, by their names: a file that was moved is the same record.
fn records<R: Record>(
    repository: &Repository,
    files: &[ChangedFile],
    kind: &'static str,
    tell: fn(Option<&R>, &R) -> Vec<String>,
) -> Result<Vec<RecordNews>> {
    let files: Vec<ChangedFile> = files.iter().filter(|file| file.is_record_in(R::FOLDER)).cloned().collect();
    let mut sides: BTreeMap<String, Sides> = BTreeMap::new();
    for (file, (before, after)) in files.iter().zip(repository.texts(&files)?) {
        let name = file.path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let sides = sides.entry(name).or_default();
        sides.before = sides.before.take().or(before);
        sides.after = sides.after.take().or(after);
    }
    Ok(sides.into_iter().map(|(id, sides)| news_of(kind, id, &sides, tell)).collect())
}

fn news_of<R: Record>(
    kind: &'static str,
    id: String,
    sides: &Sides,
    tell: fn(Option<&R>, &R) -> Vec<String>,
) -> RecordNews {
    let before = sides.before.as_deref().map(read::<R>);
    let (news, readable) = match (before, sides.after.as_deref().map(read::<R>)) {
        (_, None) => (vec!["taken out".to_owned()], true),
        (_, Some(Err(why))) => (vec![format!("cannot be read: {why}")], false),
        (Some(Err(_)), Some(Ok(_))) => (vec!["can be read again".to_owned()], true),
        (Some(Ok(before)), Some(Ok(after))) => (tell(Some(&before), &after), true),
        (None, Some(Ok(after))) => (tell(None, &after), true),
    };
    RecordNews { kind, id, news, readable }
}

fn read<R: Record>(bytes: &[u8]) -> Result<R, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())?;
    yaml::read(text, inc_core::SCHEMA).map_err(|error| error.to_string())
}
