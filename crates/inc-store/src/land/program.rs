//! A commit made through the user's git: with their hooks, signing, filters and formats.
//!
//! It goes by git's plumbing rather than `git commit`, and in an index of our own: so every lock that a dead git can leave
//! lies in the scratch folder, and the user's index can be replaced before the branch moves. What `git commit --only`
//! does around that is done here in its order: `pre-commit`, `prepare-commit-msg`, `commit-msg`.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::recover::Underway;
use super::{FileChange, LandError, Signed};
use crate::file::FileError;
use crate::git::{GitError, refused};

/// All that it takes to make the commit.
pub(super) struct Program<'a> {
    underway: &'a Underway,
    signed: Signed<'a>,
    paths: Vec<PathBuf>,
    old: Option<String>,
}

impl<'a> Program<'a> {
    /// Checks all that speaks against a commit of these files.
    ///
    /// # Errors
    /// What git would refuse, and edits by hand that nobody committed.
    pub(super) fn of(
        underway: &'a Underway,
        signed: Signed<'a>,
        files: &[FileChange],
        old: Option<&str>,
    ) -> Result<Program<'a>, LandError> {
        let repository = &underway.repository;
        let paths = underway.paths();
        repository.vet(&paths, signed.author)?;
        for (file, path) in files.iter().zip(&paths) {
            if file.before.is_some() && !signed.include_edits && repository.has_edits(path)? {
                return Err(LandError::Edits { path: path.clone() });
            }
        }
        Ok(Program { underway, signed, paths, old: old.map(str::to_owned) })
    }

    /// Runs the hooks, writes the objects and the next index; returns the commit, or `None` where there is nothing to
    /// commit.
    pub(super) fn make(&mut self, message: &str) -> Result<Option<String>, LandError> {
        let repository = &self.underway.repository;
        let only = self.index_of_commit()?;
        let has_hooks = repository.may_have_hooks(self.signed.setup);
        if has_hooks {
            repository.run_hook("pre-commit", &[], &only)?;
        }
        let message = self.message(message, has_hooks, &only)?;
        let tree = repository.write_tree(&only)?;
        if let Some(old) = &self.old
            && repository.tree_of(old)? == tree
        {
            let files = self.underway.intent.files.iter().zip(&self.paths);
            let mut changed = files.filter(|(file, _)| file.before() != Some(file.after()));
            return match changed.next() {
                Some((_, path)) => Err(GitError::Unseen { path: path.clone() }.into()),
                None => Ok(None),
            };
        }
        let is_signed = self.signed.setup.is_on("commit.gpgsign", false);
        let (author, at) = (self.signed.author, self.signed.at);
        let commit = repository.commit_tree(&tree, self.old.as_deref(), &message, author, at, is_signed)?;
        self.write_index(&only)?;
        repository.sync_objects(&commit, &self.paths)?;
        Ok(Some(commit))
    }

    /// An index that holds the last commit and, of everything else, only the files of the change.
    fn index_of_commit(&self) -> Result<PathBuf, LandError> {
        let repository = &self.underway.repository;
        let only = self.underway.scratch.file("index.only");
        // The user's entries carry the dates by which git sees that a file is unchanged.
        self.copy_index(&only)?;
        repository.read_tree(self.old.as_deref(), &only)?;
        repository.stage(&self.paths, &only)?;
        let files = &self.underway.intent.files;
        match files.iter().find(|file| !file.is_in_place()) {
            Some(changed) => Err(FileError::ChangedMeanwhile { path: changed.place().to_owned() }.into()),
            None => Ok(only),
        }
    }

    /// The message after the hooks; its file is where `git commit` has it, as hooks know that place.
    fn message(&self, message: &str, has_hooks: bool, only: &Path) -> Result<String, LandError> {
        let repository = &self.underway.repository;
        let mut text = message.to_owned();
        if has_hooks {
            let file = repository.git_dir().join("COMMIT_EDITMSG");
            fs::write(&file, message).map_err(GitError::io("write", &file))?;
            repository.run_hook("prepare-commit-msg", &[file.as_os_str(), "message".as_ref()], only)?;
            repository.run_hook("commit-msg", &[file.as_os_str()], only)?;
            text = fs::read_to_string(&file).map_err(GitError::io("read", &file))?;
        }
        let text = git2::message_prettify(text, None).map_err(refused("stripspace"))?;
        match text.is_empty() {
            true => Err(GitError::CommitRefused { words: "the message is empty".to_owned() }.into()),
            false => Ok(text),
        }
    }

    /// The user's index with what was committed of these files; a hook may have had the last word on that.
    fn write_index(&self, only: &Path) -> Result<(), LandError> {
        let repository = &self.underway.repository;
        let next = self.underway.scratch.index();
        self.copy_index(&next)?;
        repository.copy_entries(&self.paths, only, &next)?;
        Ok(())
    }

    /// The copy is as old as the original: by that git knows which files may have changed since without a trace in
    /// their dates.
    fn copy_index(&self, to: &Path) -> Result<(), GitError> {
        let index = self.underway.repository.index_file();
        if index.symlink_metadata().is_err() {
            return Ok(());
        }
        let copy = || {
            fs::copy(&index, to)?;
            File::options().write(true).open(to)?.set_modified(fs::metadata(&index)?.modified()?)
        };
        copy().map_err(GitError::io("write", to))
    }
}
