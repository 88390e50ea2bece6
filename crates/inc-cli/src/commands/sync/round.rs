//! The rounds of a sync: fetch, bring together, push; again, a bounded number of times, where others were faster.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;
use inc_core::text::clean;
use inc_store::git::{Fetched, Joined, Pushed, Repository, Signature, Upstream, Way, set_off};

use super::advice::conflict;
use super::locked;
use super::stopped::{self, GoneOn};
use super::told::{Told, commits};
use crate::commands::merge::CONTESTED;
use crate::failure::{Failure, say};

/// How often a push that others outrun is tried at the least: over a slow line a try takes seconds.
const ENOUGH: u32 = 8;
/// And at the most, however quick the other end is.
const MOST: u32 = 100;
/// How often a fetch is tried that another git of this clone keeps out.
const FETCHES: u32 = 8;
/// The longest wait, of which a random part is waited, after the first push that others outran. It halves with each
/// further one down to `SHORTEST`: those who have waited long go before those who have just come. The other way round,
/// as networks do it, whoever has just pushed goes first again and again, and some starve.
const FIRST: Duration = Duration::from_millis(800);
const SHORTEST: Duration = Duration::from_millis(50);
/// Who was outrun so short a time ago lets others go first: waits a random part of `YIELD` before the first try.
const CROWDED: Duration = Duration::from_secs(10);
const YIELD: Duration = Duration::from_secs(2);

/// What a sync works with.
pub(super) struct Round<'a> {
    pub(super) repository: &'a Repository,
    pub(super) upstream: &'a Upstream,
    pub(super) by: &'a Signature,
    pub(super) patience: Duration,
    /// How long a push is tried again where others push first.
    pub(super) retry_for: Duration,
    /// Whether git may ask at the terminal.
    pub(super) asks: bool,
    /// From where to where the branch was moved by what came in.
    pub(super) span: Option<(String, String)>,
    /// How histories are brought together, once that was asked.
    pub(super) way: Option<Way>,
}

/// What is left to do once what others have is here.
enum Left {
    Nothing,
    /// To push what the other end lacks, whose branch stands at this commit, or nowhere yet.
    Push(Option<String>),
}

impl Round<'_> {
    /// Fetches, and tells what would come in and go out.
    pub(super) fn look(&self, told: &mut Told) -> Result<()> {
        let repository = self.repository;
        let reached = self.fetch(told);
        let ours = self.tip()?;
        told.waiting = self.waiting(&ours)?;
        let Some(theirs) = repository.tip_of(self.upstream)? else { return reached };
        told.received.commits = repository.count(&theirs, Some(&ours))?;
        if told.received.commits > 0 {
            let base = repository.base_of(&ours, &theirs)?;
            told.tell(repository, base.as_deref(), &theirs)?;
        }
        if told.waiting > 0 {
            let base = repository.base_of(&ours, &theirs)?;
            told.check_sent(repository, base.as_deref(), &ours)?;
        }
        reached
    }

    /// Syncs, and tells what came in and went out, however it ends.
    pub(super) fn run(&mut self, gone_on: Option<GoneOn>, told: &mut Told) -> Result<()> {
        if let Some(gone_on) = gone_on {
            told.received.commits += gone_on.commits;
            self.span = Some((gone_on.before, gone_on.after));
        }
        let end = self.rounds(told);
        if let Some((before, after)) = &self.span {
            told.tell(self.repository, Some(before), after)?;
        }
        // Where git stopped, HEAD may be in between, and what waits was counted before.
        if told.conflicts.is_empty() && self.repository.blocked().is_none() {
            told.waiting = self.waiting(&self.tip()?)?;
        }
        end
    }

    fn rounds(&mut self, told: &mut Told) -> Result<()> {
        if self.repository.was_outrun(CROWDED) {
            thread::sleep(part_of(YIELD));
        }
        let start = Instant::now();
        for tries in 1..=MOST {
            self.fetch(told)?;
            // From the fetch to the push every process counts: whoever takes longer is outrun.
            let Left::Push(theirs) = self.bring_in(told)? else { return Ok(()) };
            told.tries = tries;
            let pushed = self.repository.push(self.upstream, self.asks)?;
            if matches!(pushed, Pushed::Behind(_)) {
                self.repository.note_outrun();
            }
            match pushed {
                Pushed::Done => {
                    let tip = self.tip()?;
                    told.sent.commits = self.repository.count(&tip, theirs.as_deref())?;
                    told.check_sent(self.repository, theirs.as_deref(), &tip)?;
                    return Ok(());
                }
                Pushed::Behind(words) if words.contains(".lock") && tries >= ENOUGH => {
                    // Nobody was faster: somebody died there, and git says which file to remove.
                    return Err(Failure::refused(format!(
                        "the other end is locked; {} to be pushed: {words}",
                        wait(self.waiting(&self.tip()?)?)
                    )));
                }
                Pushed::Behind(_) if tries >= ENOUGH && start.elapsed() >= self.retry_for => break,
                Pushed::Behind(_) => thread::sleep(pause(tries)),
                Pushed::Refused(words) => {
                    return Err(Failure::refused(format!(
                        "the push was refused; {} to be pushed:{}",
                        wait(self.waiting(&self.tip()?)?),
                        set_off(&words)
                    )));
                }
                Pushed::Unreachable(words) => return Err(self.unreachable(&words)),
            }
        }
        Err(Failure::refused(format!(
            "others pushed first {} times in a row: your changes are safe here; run `inc-sync` again",
            told.tries
        )))
    }

    fn fetch(&self, told: &mut Told) -> Result<()> {
        let mut said = String::new();
        for tries in 1..=FETCHES {
            match self.repository.fetch(self.upstream, self.asks)? {
                Fetched::Done => return Ok(()),
                Fetched::Busy(words) => {
                    said = words;
                    thread::sleep(pause(tries));
                }
                Fetched::Unreachable(words) => {
                    told.reached = false;
                    return Err(self.unreachable(&words));
                }
            }
        }
        told.reached = false;
        Err(Failure::surroundings(format!(
            "another git fetches in this clone again and again, or has died: run `inc-sync` later; git says: {said}"
        )))
    }

    /// Brings in what the upstream has and we lack, under the lock.
    fn bring_in(&mut self, told: &mut Told) -> Result<Left> {
        let repository = self.repository;
        let Some(theirs) = repository.tip_of(self.upstream)? else { return Ok(Left::Push(None)) };
        let lock = locked(repository, self.patience)?;
        // Somebody may have begun a merge, or left the branch, while the network was waited for.
        stopped::refuse(repository)?;
        if !repository.is_on(self.upstream)? {
            return Err(Failure::refused(
                "somebody has switched the branch in the meantime: run `inc-sync` again",
            ));
        }
        let ours = self.tip()?;
        let (ahead, behind) = repository.apart(&ours, &theirs)?;
        let left = if ahead == 0 { Left::Nothing } else { Left::Push(Some(theirs)) };
        if behind == 0 {
            return Ok(left);
        }
        told.waiting = ahead;
        let way = if ahead == 0 { Way::Forward } else { self.way()? };
        match repository.join(&lock, self.upstream, way, self.by)? {
            Joined::Done(words) => {
                say_words(&words);
                told.received.commits += behind;
                let before = self.span.take().map_or(ours, |(before, _)| before);
                self.span = Some((before, self.tip()?));
                Ok(left)
            }
            Joined::Refused(words) => Err(Failure::refused(format!(
                "git does not bring in {}, and nothing has changed:{}",
                self.upstream.name,
                set_off(&words)
            ))),
            Joined::Stopped(words) => {
                say_words(&words);
                let files = repository.unmerged()?;
                told.conflicts = files.iter().map(|file| file.display().to_string()).collect();
                Err(conflict(repository, &files))
            }
        }
    }

    fn way(&mut self) -> Result<Way> {
        if self.way.is_none() {
            self.way = Some(Way::of(&self.repository.setup()?, &self.upstream.branch));
        }
        Ok(self.way.unwrap_or(Way::Merge))
    }

    fn tip(&self) -> Result<String> {
        let tip = self.repository.tip()?;
        tip.ok_or_else(|| Failure::refused("the branch has no commit any more: look at `git status`"))
    }

    /// How many commits of a tip the other end lacks, as far as we know.
    fn waiting(&self, tip: &str) -> Result<usize> {
        Ok(self.repository.count(tip, self.repository.tip_of(self.upstream)?.as_deref())?)
    }

    fn unreachable(&self, words: &str) -> anyhow::Error {
        let waiting = match self.tip().and_then(|tip| self.waiting(&tip)) {
            Ok(0) => "nothing waits to be pushed".to_owned(),
            Ok(count) => format!("{} to be pushed, and nothing is lost", wait(count)),
            Err(_) => "nothing is lost".to_owned(),
        };
        Failure::surroundings(format!("cannot reach {}: {words}\n{waiting}", self.upstream.remote))
    }
}

/// `1 commit waits`, `3 commits wait`.
fn wait(count: usize) -> String {
    format!("{} {}", commits(count), if count == 1 { "waits" } else { "wait" })
}

/// What git and the merge driver said, each once: what is contested stands in the story of what came in, and git's
/// rebase says twice what it could not apply.
pub(super) fn say_words(words: &str) {
    let mut told: Vec<String> = vec![];
    for line in words.lines().filter(|line| !line.contains(CONTESTED)) {
        let plain = line.trim().to_lowercase();
        let plain = plain.strip_prefix("error: ").unwrap_or(&plain).to_owned();
        if plain.is_empty() || !told.contains(&plain) {
            say(&clean(line));
        }
        told.push(plain);
    }
}

/// A wait that shrinks with each try.
fn pause(tries: u32) -> Duration {
    part_of((FIRST / (1 << (tries - 1).min(10))).max(SHORTEST))
}

/// A random part, so that those who collided do not meet again.
fn part_of(longest: Duration) -> Duration {
    let part = RandomState::new().build_hasher().finish() % 1000;
    longest.mul_f64(part as f64 / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_shrink_and_are_bounded() {
        let mut longest = FIRST;
        for tries in 1..=MOST {
            let all: Vec<Duration> = (0..50).map(|_| pause(tries)).collect();
            assert!(all.iter().all(|pause| *pause <= longest), "{tries}: {all:?}");
            assert!(all.iter().any(|pause| *pause != all[0]), "no jitter: {all:?}");
            longest = (longest / 2).max(SHORTEST);
        }
    }
}
