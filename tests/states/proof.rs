//! What must hold after a change that was committed, and after one that was refused.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::Change;
use super::ground::Ground;

/// A repository before a change.
pub struct Before {
    head: String,
    branch: String,
    beside: Vec<String>,
    leftovers: Vec<PathBuf>,
    mode: String,
}

impl Before {
    pub fn of(ground: &Ground) -> Self {
        Self {
            head: ground.head(),
            branch: branch(ground),
            beside: beside(ground),
            leftovers: leftovers(ground),
            mode: mode(ground, "HEAD", &place(ground, crate::support::ID)),
        }
    }

    /// One commit that touches the record alone, holding what git itself would have made of the file; all else as it was.
    pub fn prove_one_commit(&self, ground: &Ground, change: Change, id: &str) {
        let record = place(ground, id);
        let parents = ground.git("log -1 --format=%P");
        assert_eq!(parents, self.head, "the new commit's parents");
        assert_eq!(branch(ground), self.branch, "what HEAD names");
        let letter = if change == Change::Append && !self.mode.is_empty() { 'M' } else { 'A' };
        let touched =
            ground.git("diff-tree -r --root --no-commit-id --no-renames --no-ext-diff --name-status -z HEAD");
        assert_eq!(touched, format!("{letter}\0{record}\0"), "what the commit touches");
        if letter == 'M' {
            assert_eq!(mode(ground, "HEAD", &record), self.mode, "the record's mode");
        } else {
            assert_eq!(mode(ground, "HEAD", &record), "100644", "the record's mode");
        }
        let blob = ground.git_words(&["rev-parse", &format!("HEAD:{record}")]);
        assert_eq!(blob, ground.git_words(&["hash-object", "--path", &record, "--", &record]), "the blob");

        let shown = ground.git_words(&["status", "--porcelain", "--ignored", "--", &record]);
        assert_eq!(shown, "", "git status of the record");
        let without_record = |entries: Vec<String>| -> Vec<String> {
            entries.into_iter().filter(|entry| !entry.contains(&record)).collect()
        };
        let (was, is) = (without_record(self.beside.clone()), without_record(beside(ground)));
        let lost: Vec<_> = was.iter().filter(|entry| !is.contains(entry)).collect();
        let new: Vec<_> = is.iter().filter(|entry| !was.contains(entry)).collect();
        assert!(lost.is_empty() && new.is_empty(), "beside the record: was {lost:#?}\nand is {new:#?}");

        assert_eq!(leftovers(ground), self.leftovers, "locks and temporary files");
        let fsck = ground.command(&["fsck", "--strict", "--no-dangling", "--no-progress"]).output().unwrap();
        let words = [fsck.stdout, fsck.stderr].concat();
        assert!(fsck.status.success() && words.is_empty(), "fsck: {}", String::from_utf8_lossy(&words));
    }

    /// The reflogs of HEAD and of the branch end in this commit.
    pub fn prove_reflog(&self, ground: &Ground, subject: &str) {
        let kind = if self.head.is_empty() { "commit (initial)" } else { "commit" };
        let expected = format!("{} {kind}: {subject}", ground.head());
        for name in ["HEAD", &self.branch] {
            let last = ground.git_words(&["reflog", "show", "-1", "--no-abbrev", "--format=%H %gs", name]);
            assert_eq!(last, expected, "the reflog of {name}");
        }
    }
}

/// The commit says this, and is by these.
pub fn prove_signed(ground: &Ground, message: &str, by: &str) {
    let said = ground.git_words(&["log", "-1", "--format=%an <%ae> %aI, %cn <%ce> %cI%n%B"]);
    let (who, words) = said.split_once('\n').unwrap();
    assert_eq!((who, words.trim_end()), (by, message.trim_end()));
}

/// The change ends with this exit code and these words, and nothing at all is changed.
pub fn prove_refused(ground: &Ground, change: Change, code: i32, words: &[&str]) {
    let before = (everything(ground), beside(ground), ground.head(), leftovers(ground));
    let output = ground.run(change);
    assert_eq!((output.code, output.stdout.as_str()), (code, ""), "{output:?}");
    for machine_words in ["panicked", "os error 0", "Some(", "None)", "NotFound"] {
        assert!(!output.stderr.contains(machine_words), "{output:?}");
    }
    output.says(&["error: "]).says(words);
    let after = (everything(ground), beside(ground), ground.head(), leftovers(ground));
    for (path, text) in &before.0 {
        assert_eq!(after.0.get(path), Some(text), "{path}");
    }
    let new: Vec<_> = after.0.keys().filter(|path| !before.0.contains_key(*path)).collect();
    assert!(new.is_empty(), "new: {new:?}");
    assert_eq!((after.1, after.2, after.3), (before.1, before.2, before.3));
}

/// Where the record really lies, from the top.
pub fn place(ground: &Ground, id: &str) -> String {
    let path = ground.top.join(format!("incidents/{}/{id}.yaml", &id[..4]));
    let path = path.canonicalize().unwrap_or(path);
    path.strip_prefix(&ground.top).unwrap_or(&path).display().to_string()
}

/// The branch that HEAD leads to, or `HEAD`.
fn branch(ground: &Ground) -> String {
    match ground.ask("symbolic-ref --quiet HEAD") {
        name if name.is_empty() => "HEAD".to_owned(),
        name => name,
    }
}

fn mode(ground: &Ground, commit: &str, path: &str) -> String {
    let line = ground.command(&["ls-tree", commit, "--", path]).output().unwrap().stdout;
    String::from_utf8_lossy(&line).split_whitespace().next().unwrap_or_default().to_owned()
}

/// What the user has under way: staged, edited, untracked, ignored, flagged; the other refs; what the index file knows.
fn beside(ground: &Ground) -> Vec<String> {
    let mut entries = vec![];
    for (name, line) in [
        ("staged", "diff --cached --binary --no-ext-diff --no-textconv"),
        ("edited", "diff --binary --no-ext-diff --no-textconv"),
    ] {
        let diff = format!("\n{}", ground.ask(line));
        entries.extend(diff.split("\ndiff --git ").skip(1).map(|file| format!("{name} {file}")));
    }
    for line in
        ["status --porcelain=v2 -z --untracked-files=all --ignored --no-renames", "ls-files --stage -v -z"]
    {
        entries.extend(ground.ask(line).split('\0').map(|entry| format!("{} {entry}", &line[..6])));
    }
    let branch = format!("{} ", branch(ground));
    let refs = ground.ask("for-each-ref --format=%(refname)%20%(objectname)%20%(symref)");
    let others = refs.lines().filter(|line| !line.starts_with(&branch) && line.split(' ').count() == 3);
    entries.extend(others.filter(|line| line.ends_with(' ')).map(ToOwned::to_owned));
    entries.push(index_format(ground));
    entries
}

/// The version of the index, and which of the extensions that a user asks for it has.
pub fn index_format(ground: &Ground) -> String {
    let path = ground.top.join(ground.ask("rev-parse --git-path index"));
    let bytes = fs::read(path).unwrap_or_default();
    let has = |name: &&&str| bytes.windows(4).any(|four| four == name.as_bytes());
    let extensions: Vec<_> = ["link", "sdir", "UNTR", "FSMN"].iter().filter(has).collect();
    // Version 3 is version 2 with a flag that some entry needs, such as that it is only intended.
    let version = if bytes.get(7) == Some(&4) { 4 } else { 2 };
    format!("index of version {version} with {extensions:?}")
}

/// Lock files, and what a writer that goes on or died leaves, in the whole of the test's folder.
fn leftovers(ground: &Ground) -> Vec<PathBuf> {
    let mut found = vec![];
    walk(&ground.top_of_test(), &mut |path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let temporary = ["tmp_", ".tmp", "next-index", "incoming"].iter().any(|part| name.starts_with(part));
        if temporary || name.ends_with(".lock") || path.ends_with("inc/journal") {
            found.push(path.to_owned());
        }
        true
    });
    found.sort();
    found
}

/// Every file and folder of the test, but for what a refused commit may leave: objects that nothing names, a message.
fn everything(ground: &Ground) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    walk(&ground.top_of_test(), &mut |path| {
        // The index may be written anew with the same entries, which `beside` compares.
        let passing = ["objects", "index", "COMMIT_EDITMSG", "inc"].iter().any(|name| path.ends_with(name));
        let shared = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("sharedindex."));
        if passing || shared {
            return false;
        }
        let metadata = path.symlink_metadata().unwrap();
        let text = if metadata.is_symlink() {
            format!("-> {}", fs::read_link(path).unwrap().display())
        } else if metadata.is_file() {
            String::from_utf8_lossy(&fs::read(path).unwrap_or_default()).into_owned()
        } else {
            "no file".to_owned()
        };
        all.insert(path.display().to_string(), format!("{:o} {text}", metadata.permissions().mode()));
        true
    });
    all
}

/// Calls `visit` for everything below a folder; where it says no, what is below is left out.
fn walk(folder: &Path, visit: &mut dyn FnMut(&Path) -> bool) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if visit(&path) && path.is_dir() && !path.is_symlink() {
            walk(&path, visit);
        }
    }
}
