//! The rounds of a sync: fetch, bring together, push; again, a bounded number of times, where others were faster.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::thread;
use std::time::Duration;

use anyhow::Result;
use inc_core::text::clean;
use inc_store::git::{Fetched, Joined, Pushed, Repository, Signature, Upstream, Way};

use super::stopped::{self, GoneOn};
use super::told::{Told, commits};
use super::{locked, upstream};
use crate::failure::{Failure, say};

/// How often a push is tried before somebody is asked to look.
const MOST: u32 = 8;
/// The longest wait doubles with each try, from twice this to `LONGEST`. Shorter ones were tried and starve more of
/// those who must merge: eight clones that push without a break keep two cores busy.
const FIRST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_secs(4);

/// What a sync works with.
pub(super) struct Round<'a> {
    pub(super) repository: &'a Repository,
    pub(super) upstream: &'a Upstream,
    /// The remote that was named instead of the upstream's.
    pub(super) remote: Option<&'a str>,
    pub(super) by: &'a Signature,
    pub(super) patience: Duration,
    /// Whether git may ask at the terminal.
    pub(super) asks: bool,
    /// From where to where the branch was moved by what came in.
    pub(super) span: Option<(String, String)>,
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
        for tries in 1..=MOST {
            self.fetch(told)?;
            self.bring_in(told)?;
            let waiting = self.waiting(&self.tip()?)?;
            if waiting == 0 {
                return Ok(());
            }
            told.tries = tries;
            match self.repository.push(self.upstream, self.asks)? {
                Pushed::Done => {
                    told.sent.commits = waiting;
                    return Ok(());
                }
                Pushed::Behind(_) if tries < MOST => thread::sleep(pause(tries)),
                // Nobody was faster: somebody died there, and git says which file to remove.
                Pushed::Behind(words) if words.contains(".lock") => {
                    return Err(Failure::refused(format!(
                        "the other end is locked; {} to be pushed: {words}",
                        wait(waiting)
                    )));
                }
                Pushed::Behind(_) => {}
                Pushed::Refused(words) => {
                    return Err(Failure::refused(format!(
                        "the push was refused; {} to be pushed: {words}",
                        wait(waiting)
                    )));
                }
                Pushed::Unreachable(words) => return Err(self.unreachable(&words)),
            }
        }
        Err(Failure::refused(format!(
            "others pushed first {MOST} times in a row: your changes are safe here; run `inc-sync` again"
        )))
    }

    fn fetch(&self, told: &mut Told) -> Result<()> {
        let mut said = String::new();
        for tries in 1..=MOST {
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
    fn bring_in(&mut self, told: &mut Told) -> Result<()> {
        let repository = self.repository;
        let Some(theirs) = repository.tip_of(self.upstream)? else { return Ok(()) };
        let lock = locked(repository, self.patience)?;
        // Somebody may have begun a merge, or left the branch, while the network was waited for.
        stopped::refuse(repository)?;
        if &upstream(repository, self.remote)? != self.upstream {
            return Err(Failure::refused(
                "somebody has switched the branch in the meantime: run `inc-sync` again",
            ));
        }
        let ours = self.tip()?;
        let behind = repository.count(&theirs, Some(&ours))?;
        if behind == 0 {
            return Ok(());
        }
        told.waiting = self.waiting(&ours)?;
        let way = match told.waiting {
            0 => Way::Forward,
            _ => Way::of(&repository.setup()?, &self.upstream.branch),
        };
        match repository.join(&lock, self.upstream, way, self.by)? {
            Joined::Done(words) => {
                say_words(&words);
                told.received.commits += behind;
                let before = self.span.take().map_or(ours, |(before, _)| before);
                self.span = Some((before, self.tip()?));
                Ok(())
            }
            Joined::Refused(words) => Err(Failure::refused(format!(
                "git does not bring in {}, and nothing has changed: {words}",
                self.upstream.name
            ))),
            Joined::Stopped(words) => {
                say_words(&words);
                let files = repository.unmerged()?;
                told.conflicts = files.iter().map(|file| file.display().to_string()).collect();
                Err(stopped::conflict(&files))
            }
        }
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

/// What git and the merge driver said.
pub(super) fn say_words(words: &str) {
    if !words.is_empty() {
        say(&clean(words));
    }
}

/// A random part of a wait that grows, so that those who collided do not meet again.
fn pause(tries: u32) -> Duration {
    let longest = FIRST.saturating_mul(1 << tries.min(10)).min(LONGEST);
    let part = RandomState::new().build_hasher().finish() % 1000;
    longest.mul_f64(0.25 + 0.75 * part as f64 / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_are_bounded() {
        for tries in 1..=MOST {
            let all: Vec<Duration> = (0..50).map(|_| pause(tries)).collect();
            assert!(all.iter().all(|pause| *pause >= FIRST / 2 && *pause <= LONGEST), "{all:?}");
            assert!(all.iter().any(|pause| *pause != all[0]), "no jitter: {all:?}");
        }
    }
}
