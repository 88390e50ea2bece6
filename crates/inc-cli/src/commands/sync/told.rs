//! What a sync tells: a view of what came in and went out, and its words.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Result;
use inc_core::incident::Incident;
use inc_core::news;
use inc_core::pdca::Pdca;
use inc_core::text::clean_line;
use inc_store::git::{ChangedFile, Repository, Upstream};
use inc_store::store::Record;
use serde::Serialize;

use super::unread::{Unread, Way, read};
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
    /// The records among what came in and went out that cannot be read.
    unreadable: Vec<Unread>,
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
    /// Why not, where it cannot.
    #[serde(skip)]
    unread: Option<Unread>,
    /// Whether a value of it is contested that was not before.
    #[serde(skip)]
    contested: bool,
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
            unreadable: vec![],
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
        let unread = self.received.records.iter().filter_map(|record| record.unread.clone()).collect();
        self.note(unread);
        Ok(())
    }

    /// Looks at what is pushed, or would be: between two commits, whoever wrote it.
    pub(super) fn check_sent(
        &mut self,
        repository: &Repository,
        before: Option<&str>,
        after: &str,
    ) -> Result<()> {
        let files = repository.changed(before, after)?;
        let mut unread = sent::<Incident>(repository, &files)?;
        unread.extend(sent::<Pdca>(repository, &files)?);
        self.note(unread);
        Ok(())
    }

    /// Notes each file once.
    fn note(&mut self, unread: Vec<Unread>) {
        for one in unread {
            if !self.unreadable.iter().any(|known| known.file == one.file) {
                self.unreadable.push(one);
            }
        }
    }

    /// Errs where a record that came in or went out cannot be read.
    pub(super) fn unreadable(&self) -> Result<()> {
        let lines: Vec<String> = self.unreadable.iter().map(Unread::line).collect();
        let done = if self.dry_run { "" } else { "; all else is done" };
        match lines.len() {
            0 => Ok(()),
            1 => Err(Failure::data(format!("1 record cannot be read{done}:\n{}", lines[0]))),
            count => {
                Err(Failure::data(format!("{count} records cannot be read{done}:\n{}", lines.join("\n"))))
            }
        }
    }

    /// The command that lists what is contested, once for all records of a kind in which more is than before.
    pub(super) fn contested(&self) -> Vec<String> {
        let of = |edit: &str, is_pdca: bool| {
            let records = self.received.records.iter().filter(|record| record.contested && !self.dry_run);
            let ids = records.filter(|record| (record.kind == "pdca") == is_pdca);
            let ids: Vec<String> = ids.map(|record| clean_line(&record.id)).collect();
            match ids.as_slice() {
                [] => None,
                [id] => Some(format!("settle what is contested: `{edit} {id} --settle` lists it")),
                ids => Some(format!(
                    "settle what is contested: `{edit} ID --settle` lists it, of each of {}",
                    ids.join(", ")
                )),
            }
        };
        [of("inc-edit", false), of("pdca edit", true)].into_iter().flatten().collect()
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
    before: Option<(PathBuf, Vec<u8>)>,
    after: Option<(PathBuf, Vec<u8>)>,
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
        let of = |text: Option<Vec<u8>>| text.map(|text| (file.path.clone(), text));
        sides.before = sides.before.take().or(of(before));
        sides.after = sides.after.take().or(of(after));
    }
    Ok(sides.into_iter().map(|(id, sides)| news_of(kind, id, &sides, tell)).collect())
}

fn news_of<R: Record>(
    kind: &'static str,
    id: String,
    sides: &Sides,
    tell: fn(Option<&R>, &R) -> Vec<String>,
) -> RecordNews {
    let record = |side: &Option<(PathBuf, Vec<u8>)>| {
        side.as_ref().map(|(file, text)| read::<R>(file, text, Way::Received))
    };
    let (before, after) = (record(&sides.before), record(&sides.after));
    let mut told = RecordNews { kind, id, news: vec![], readable: true, unread: None, contested: false };
    match (before, after) {
        (_, None) => told.news = vec!["taken out".to_owned()],
        (_, Some(Err(unread))) => {
            told.news = vec![format!("cannot be read: {}", unread.why)];
            told.readable = false;
            told.unread = Some(*unread);
        }
        (Some(Err(_)), Some(Ok(_))) => told.news = vec!["can be read again".to_owned()],
        (before, Some(Ok(mut after))) => {
            let mut before = before.and_then(Result::ok);
            told.news = tell(before.as_ref(), &after);
            let known = before.as_mut().map_or(&[][..], |before| before.contested());
            told.contested = after.contested().iter().any(|one| !known.contains(one));
        }
    }
    told
}

/// The records of a kind among the files that cannot be read after the change.
fn sent<R: Record>(repository: &Repository, files: &[ChangedFile]) -> Result<Vec<Unread>> {
    let files: Vec<ChangedFile> = files.iter().filter(|file| file.is_record_in(R::FOLDER)).cloned().collect();
    let texts = repository.texts(&files)?;
    let after = files.iter().zip(texts).filter_map(|(file, (_, after))| Some((file, after?)));
    let unread = after.filter_map(|(file, text)| read::<R>(&file.path, &text, Way::Sent).err());
    Ok(unread.map(|unread| *unread).collect())
}
