//! Which files differ between two commits, or a commit and the index, with both texts of the records among them.

use std::path::{Path, PathBuf};

use super::program::text_path;
use super::{GitError, Repository};

/// How many objects one `git cat-file` is asked for: its questions must fit into a pipe while nobody reads its answers.
const AT_ONCE: usize = 300;

/// A file that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedFile {
    /// From the top.
    pub path: PathBuf,
    /// Its object before, `None` where there was none.
    before: Option<String>,
    /// Its object after, `None` where there is none.
    after: Option<String>,
}

/// The bytes of a file before and after, `None` where there is none.
pub type Texts = (Option<Vec<u8>>, Option<Vec<u8>>);

impl Repository {
    /// The files that differ between two commits; without `before`, all of `after`.
    ///
    /// # Errors
    /// No `git` program, or commits that it does not have.
    pub fn changed(&self, before: Option<&str>, after: &str) -> Result<Vec<ChangedFile>, GitError> {
        let before = before.map_or_else(|| self.empty_tree(), |before| Ok(before.to_owned()))?;
        self.differing(&["diff-tree", "-r", "--raw", "-z", "--no-renames", "--no-abbrev", &before, after])
    }

    /// The files that differ between HEAD and the index.
    ///
    /// # Errors
    /// No `git` program, or one that fails.
    pub fn staged(&self) -> Result<Vec<ChangedFile>, GitError> {
        self.differing(&["diff-index", "--cached", "--raw", "-z", "--no-renames", "--no-abbrev", "HEAD"])
    }

    /// The texts of these files, in their order.
    ///
    /// # Errors
    /// No `git` program, or objects that it does not have.
    pub fn texts(&self, files: &[ChangedFile]) -> Result<Vec<Texts>, GitError> {
        let wanted: Vec<&String> =
            files.iter().flat_map(|file| file.before.iter().chain(&file.after)).collect();
        let mut contents = vec![];
        for part in wanted.chunks(AT_ONCE) {
            contents.extend(self.objects(part)?);
        }
        let mut contents = contents.into_iter();
        let mut next = |object: &Option<String>| object.as_ref().and_then(|_| contents.next());
        Ok(files.iter().map(|file| (next(&file.before), next(&file.after))).collect())
    }

    fn differing(&self, args: &[&str]) -> Result<Vec<ChangedFile>, GitError> {
        let mut command = self.git();
        let answer = self.program.read(command.args(args), b"")?;
        if !answer.success() {
            return Err(self.failure("diff", &answer));
        }
        let fields: Vec<&[u8]> = answer.stdout.split(|byte| *byte == 0).collect();
        Ok(fields.chunks_exact(2).filter_map(|pair| changed_file(pair[0], pair[1])).collect())
    }

    fn objects(&self, names: &[&String]) -> Result<Vec<Vec<u8>>, GitError> {
        let missing =
            || GitError::Failed { what: "cat-file", words: "an object of the history is missing".into() };
        self.objects_there(names)?.into_iter().map(|object| object.ok_or_else(missing)).collect()
    }

    /// The bytes of these objects, `None` for one that the clone does not have.
    pub(super) fn all_objects(&self, names: &[&String]) -> Result<Vec<Option<Vec<u8>>>, GitError> {
        let mut contents = vec![];
        for part in names.chunks(AT_ONCE) {
            contents.extend(self.objects_there(part)?);
        }
        Ok(contents)
    }

    fn objects_there(&self, names: &[&String]) -> Result<Vec<Option<Vec<u8>>>, GitError> {
        let mut command = self.git();
        command.args(["cat-file", "--batch"]);
        let questions: String = names.iter().map(|name| format!("{name}\n")).collect();
        let answer = self.program.read(command, questions.as_bytes())?;
        let cut = || GitError::Failed { what: "cat-file", words: "its answer is cut off".into() };
        let mut rest = answer.stdout.as_slice();
        let mut contents = vec![];
        for _ in names {
            let end = rest.iter().position(|byte| *byte == b'\n').ok_or_else(cut)?;
            let head = String::from_utf8_lossy(&rest[..end]).into_owned();
            if head.ends_with(" missing") {
                contents.push(None);
                rest = &rest[end + 1..];
                continue;
            }
            let size: usize = head.rsplit(' ').next().and_then(|size| size.parse().ok()).ok_or_else(cut)?;
            let body = rest.get(end + 1..end + 1 + size).ok_or_else(cut)?;
            contents.push(Some(body.to_vec()));
            rest = rest.get(end + size + 2..).ok_or_else(cut)?;
        }
        Ok(contents)
    }

    fn empty_tree(&self) -> Result<String, GitError> {
        self.asked("hash-object", &["hash-object", "-t", "tree", "--stdin"])
    }
}

/// `:100644 100644 OLD NEW M` and a path; links and submodules are files without a text.
pub(super) fn changed_file(head: &[u8], path: &[u8]) -> Option<ChangedFile> {
    let head = String::from_utf8_lossy(head).into_owned();
    let mut words = head.strip_prefix(':')?.split(' ');
    let modes = [words.next()?, words.next()?];
    let objects = [words.next()?, words.next()?];
    let object = |nth: usize| {
        let is_file = modes[nth].starts_with("100") && objects[nth].contains(|c| c != '0');
        is_file.then(|| objects[nth].to_owned())
    };
    Some(ChangedFile { path: text_path(path), before: object(0), after: object(1) })
}

impl ChangedFile {
    /// Whether it is a file afterwards.
    pub(super) fn is_there(&self) -> bool {
        self.after.is_some()
    }

    /// Whether it lies in a folder, and ends in `.yaml`, and is not hidden: then it is read as a record.
    pub fn is_record_in(&self, folder: &str) -> bool {
        let is_hidden = |path: &Path| path.iter().any(|part| part.to_string_lossy().starts_with('.'));
        self.path.starts_with(folder)
            && self.path.extension().is_some_and(|end| end == "yaml")
            && !is_hidden(&self.path)
    }
}
