//! The commits that touched a record's file, under each of the names that it had; and where the history stood at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use inc_core::instant::Instant;

use super::program::{literal, text, text_path};
use super::{GitError, Repository};

/// Begins a commit. What is told of it ends in NUL, which no name holds.
const COMMIT: u8 = 1;

/// Who, when and by whom a commit was signed, as [`Repository::touches`] takes it apart.
const FORMAT: &str = "--format=%x01%H%x00%P%x00%aN%x00%aI%x00%cN%x00%cI%x00";

/// A commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Its whole name.
    pub id: String,
    /// How many commits it is made from.
    parents: usize,
    /// The author's name, as `.mailmap` spells it.
    pub author: String,
    /// When the author made it; `None` for a date that no record could hold, such as one before 1970.
    pub authored_at: Option<Instant>,
    /// The committer's name.
    pub committer: String,
    /// When it was committed, in this history.
    pub committed_at: Option<Instant>,
    /// What git says of its signature, where that was asked.
    pub signature: Option<SignatureState>,
}

/// What git says of a commit's signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureState {
    /// There is none.
    Absent,
    /// It is good, by a key that is trusted.
    Good,
    /// It is good, by a key of which nobody says whose it is.
    Untrusted,
    /// It is not of this commit.
    Bad,
    /// It was good and has expired.
    Expired,
    /// Good, by a key that has expired since.
    ExpiredKey,
    /// Good, by a key that was revoked.
    RevokedKey,
    /// It cannot be checked: the key or the set-up for it is missing.
    Unchecked,
}

/// What a commit did to a record's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touch {
    /// The commit.
    pub commit: Commit,
    /// The file before and after it, once for each parent.
    pub sides: Vec<(Option<Blob>, Option<Blob>)>,
}

/// A version of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob {
    /// Where it lies, from the top.
    pub path: PathBuf,
    /// Its object.
    pub object: String,
}

impl Repository {
    /// The commits on the way to HEAD that touched one of these files, each after those that it is made from; no merge that
    /// took the file of one side as it was.
    ///
    /// # Errors
    /// No `git` program, or one that fails, as where nothing is committed.
    pub fn touches(&self, paths: &[PathBuf], signatures: bool) -> Result<Vec<Touch>, GitError> {
        let mut command = self.git();
        command.args(["log", "-z", "--date-order", "--full-history", "-m", "--raw", "--no-abbrev"]);
        command.args(["--no-renames", "--no-show-signature", "--no-color", "--no-notes"]);
        command.arg(if signatures { format!("{FORMAT}%G?") } else { FORMAT.to_owned() });
        command.args(["HEAD", "--"]).args(paths.iter().map(|path| literal(path)));
        let answer = self.program.read(command, b"")?;
        if !answer.success() {
            return Err(self.failure("log", &answer));
        }
        let mut touches: Vec<Touch> = vec![];
        let mut fields = answer.stdout.split(|byte| *byte == 0);
        while let Some(field) = fields.next() {
            let field = field.trim_ascii_start();
            if let Some((&COMMIT, id)) = field.split_first() {
                let mut next = || text(fields.next().unwrap_or_default());
                let commit = commit(text(id), &mut next);
                // A merge is told once for each parent.
                match touches.last_mut().filter(|last| last.commit.id == commit.id) {
                    Some(last) => last.sides.push((None, None)),
                    None => touches.push(Touch { commit, sides: vec![(None, None)] }),
                }
            } else if let (Some(touch), true) = (touches.last_mut(), field.starts_with(b":")) {
                let path = text_path(fields.next().unwrap_or_default());
                let (before, after) = blobs(&text(field), &path);
                if let Some(side) = touch.sides.last_mut() {
                    side.0 = side.0.take().or(before);
                    side.1 = side.1.take().or(after);
                }
            }
        }
        // A merge that differs from fewer than all its parents took the file of another as it was.
        touches.retain(|touch| touch.sides.len() >= touch.commit.parents);
        touches.reverse();
        if signatures {
            self.look_for_signatures(&mut touches)?;
        }
        Ok(touches)
    }

    /// Git calls a signature absent that it has no set-up to check: the commits themselves tell.
    fn look_for_signatures(&self, touches: &mut [Touch]) -> Result<(), GitError> {
        let doubtful = |touch: &&mut Touch| touch.commit.signature == Some(SignatureState::Absent);
        let mut unsigned: Vec<&mut Touch> = touches.iter_mut().filter(doubtful).collect();
        let names: Vec<String> = unsigned.iter().map(|touch| touch.commit.id.clone()).collect();
        let commits = self.all_objects(&names.iter().collect::<Vec<_>>())?;
        for (touch, commit) in unsigned.iter_mut().zip(commits) {
            let commit = text(&commit.unwrap_or_default());
            if commit.lines().take_while(|line| !line.is_empty()).any(|line| line.starts_with("gpgsig")) {
                touch.commit.signature = Some(SignatureState::Unchecked);
            }
        }
        Ok(())
    }

    /// The files that these commits took out, one of which may be another's earlier name.
    ///
    /// # Errors
    /// No `git` program, or one that fails.
    pub fn taken_out(&self, commits: &[&str]) -> Result<Vec<Blob>, GitError> {
        let mut command = self.git();
        command.args(["diff-tree", "--stdin", "-m", "-r", "-z", "--raw", "--no-renames", "--no-abbrev"]);
        command.args(["--no-commit-id", "--diff-filter=D"]);
        let questions: String = commits.iter().map(|name| format!("{name}\n")).collect();
        let answer = self.program.read(command, questions.as_bytes())?;
        if !answer.success() {
            return Err(self.failure("diff-tree", &answer));
        }
        let mut fields = answer.stdout.split(|byte| *byte == 0);
        let mut found = vec![];
        while let Some(field) = fields.next() {
            if field.trim_ascii_start().starts_with(b":") {
                let path = text_path(fields.next().unwrap_or_default());
                found.extend(blobs(&text(field.trim_ascii_start()), &path).0);
            }
        }
        Ok(found)
    }

    /// The texts of these objects, by their names; one that the clone lacks, or that is no text, stands with the reason.
    ///
    /// # Errors
    /// No `git` program, or one that fails.
    pub fn texts_of(
        &self,
        objects: &BTreeSet<String>,
    ) -> Result<BTreeMap<String, Result<String, String>>, GitError> {
        let names: Vec<&String> = objects.iter().collect();
        let contents = self.all_objects(&names)?;
        let read = |bytes: Option<Vec<u8>>| match bytes {
            None => Err("this clone does not have it".to_owned()),
            Some(bytes) => String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned()),
        };
        Ok(objects.iter().cloned().zip(contents.into_iter().map(read)).collect())
    }

    /// The last of the commits that touched one of these files, as the history stood then: of all that leads to HEAD what
    /// had been committed by this second. Where several histories had not come together yet, the newest of them.
    ///
    /// # Errors
    /// No `git` program, or one that fails.
    pub fn standing_at(&self, second: i64, paths: &[PathBuf]) -> Result<Option<String>, GitError> {
        let heads = self.heads_at(second)?;
        if heads.is_empty() {
            return Ok(None);
        }
        let mut command = self.git();
        command.args(["rev-list", "-1", "--date-order"]).args(&heads);
        command.arg("--").args(paths.iter().map(|path| literal(path)));
        let answer = self.program.read(command, b"")?;
        if !answer.success() {
            return Err(self.failure("rev-list", &answer));
        }
        Ok(Some(text(&answer.stdout).trim().to_owned()).filter(|name| !name.is_empty()))
    }

    /// The newest commits by this second: HEAD, or the parents by then of what came later.
    fn heads_at(&self, second: i64) -> Result<Vec<String>, GitError> {
        let mut command = self.git();
        let since = format!("--max-age={}", second.saturating_add(1));
        command.args(["rev-list", "--boundary", &since, "HEAD"]);
        let answer = self.program.read(command, b"")?;
        if !answer.success() {
            return Err(self.failure("rev-list", &answer));
        }
        let lines = text(&answer.stdout);
        if lines.is_empty() {
            return Ok(self.head()?.into_iter().collect());
        }
        Ok(lines.lines().filter_map(|line| line.strip_prefix('-')).map(str::to_owned).collect())
    }

    /// The object of a file in HEAD, or `None`.
    ///
    /// # Errors
    /// No `git` program.
    pub fn committed(&self, path: &Path) -> Result<Option<String>, GitError> {
        match path.to_str() {
            Some(path) => self.verified(&format!("HEAD:{path}")),
            None => Ok(None),
        }
    }

    /// Whether anything is committed on the branch.
    ///
    /// # Errors
    /// No `git` program.
    pub fn has_commits(&self) -> Result<bool, GitError> {
        Ok(self.head()?.is_some())
    }

    /// The commits whose parents a shallow clone does not have; none in a whole one.
    pub fn shallow_ends(&self) -> BTreeSet<String> {
        let file = fs::read_to_string(self.common_dir().join("shallow")).unwrap_or_default();
        file.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
    }
}

/// What `FORMAT` tells after the name.
fn commit(id: String, next: &mut impl FnMut() -> String) -> Commit {
    let (parents, author) = (next(), next());
    let authored_at = Instant::parse(&next()).ok();
    let committer = next();
    let committed_at = Instant::parse(&next()).ok();
    let signature = signature(next().trim_end());
    let parents = parents.split_whitespace().count();
    Commit { id, parents, author, authored_at, committer, committed_at, signature }
}

/// Git's letter; nothing where it was not asked.
fn signature(letter: &str) -> Option<SignatureState> {
    Some(match letter {
        "" => return None,
        "N" => SignatureState::Absent,
        "G" => SignatureState::Good,
        "U" => SignatureState::Untrusted,
        "B" => SignatureState::Bad,
        "X" => SignatureState::Expired,
        "Y" => SignatureState::ExpiredKey,
        "R" => SignatureState::RevokedKey,
        _ => SignatureState::Unchecked,
    })
}

/// `:100644 100644 OLD NEW M`; links and submodules are files without a text.
fn blobs(head: &str, path: &Path) -> (Option<Blob>, Option<Blob>) {
    let words: Vec<&str> = head.trim_start_matches(':').split(' ').collect();
    let [mode_before, mode_after, before, after, ..] = words.as_slice() else { return (None, None) };
    let blob = |mode: &str, object: &str| {
        let is_file = mode.starts_with("100") && object.contains(|c| c != '0');
        is_file.then(|| Blob { path: path.into(), object: object.to_owned() })
    };
    (blob(mode_before, before), blob(mode_after, after))
}

impl Commit {
    /// As much of its name as people are shown.
    pub fn short(&self) -> &str {
        self.id.get(..10).unwrap_or(&self.id)
    }
}

impl SignatureState {
    /// In a word or two, as tables and JSON say it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Absent => "none",
            Self::Good => "good",
            Self::Untrusted => "good, unknown key",
            Self::Bad => "bad",
            Self::Expired => "expired",
            Self::ExpiredKey => "expired key",
            Self::RevokedKey => "revoked key",
            Self::Unchecked => "cannot be checked",
        }
    }
}
