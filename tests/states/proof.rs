//! What must hold after a change that was committed, and after one that was refused.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::Change;
use super::ground::Ground;

/// How a repository stands before or after a change.
pub struct Standing {
    head: String,
    branch: String,
    /// What the user has under way.
    beside: Vec<String>,
    leftovers: Vec<PathBuf>,
}

impl Standing {
    pub fn of(ground: &Ground) -> Self {
        let branch = branch(ground);
        let beside = beside(ground, &branch);
        Self { head: ground.head(), branch, beside, leftovers: leftovers(ground) }
    }

    /// Since `before` there is one commit, which holds what git itself makes of the record, alone; all else is as it was.
    pub fn prove_one_commit(&self, before: &Self, ground: &Ground, change: Change, record: &str) {
        assert_ne!(self.head, before.head, "there is no new commit");
        assert_eq!(self.branch, before.branch, "what HEAD names");
        let touched = ground
            .git("diff-tree -r --root --raw --no-abbrev --no-commit-id --no-renames --no-ext-diff -z HEAD");
        let blob = ground.git_words(&["hash-object", "--path", record, "--", record]);
        let [what, path] = touched.trim_end_matches('\0').split('\0').collect::<Vec<_>>()[..] else {
            panic!("the commit touches not one file but {touched:?}");
        };
        assert_eq!(path, record, "what the commit touches");
        let what: Vec<_> = what.trim_start_matches(':').split(' ').collect();
        match what[4] {
            "M" if change == Change::Append => assert_eq!(what[1], what[0], "the record's mode"),
            letter => assert_eq!((letter, what[1]), ("A", "100644"), "the record's mode"),
        }
        assert_eq!(what[3], blob, "the blob in the commit");

        let of_record = |entry: &&String| entry.contains(record) && !entry.starts_with("file ");
        let shown: Vec<_> = self.beside.iter().filter(of_record).collect();
        let index = format!(" {} {} 0\t{record}", what[1], what[3]);
        assert!(
            matches!(shown[..], [entry] if entry.starts_with("index ") && entry.ends_with(&index)),
            "of the record git shows {shown:#?}"
        );
        // The index also knows the file's times: scripts that ask plumbing do not refresh it first.
        assert_eq!(
            ground.git_words(&["diff-files", "--name-only", "--", record]),
            "",
            "the record in the index"
        );
        let of_others = |entry: &&String| !entry.contains(record);
        let was: Vec<_> = before.beside.iter().filter(of_others).collect();
        let is: Vec<_> = self.beside.iter().filter(of_others).collect();
        let lost: Vec<_> = was.iter().filter(|entry| !is.contains(entry)).collect();
        let new: Vec<_> = is.iter().filter(|entry| !was.contains(entry)).collect();
        assert!(lost.is_empty() && new.is_empty(), "beside the record: was {lost:#?}\nand is {new:#?}");
        assert_eq!(self.leftovers, before.leftovers, "locks and temporary files");
    }

    /// The one commit since `before` says this, and is by these.
    pub fn prove_signed(&self, before: &Self, ground: &Ground, message: &str, by: &str) {
        let said = ground.git_words(&["log", "-1", "--format=%P%n%an <%ae> %aI, %cn <%ce> %cI%n%B"]);
        let expected = format!("{}\n{by}\n{message}", before.head);
        assert_eq!(said.trim_end(), expected.trim_end(), "parent, people and message");
    }

    /// The reflogs of HEAD and of the branch end in this commit.
    pub fn prove_reflog(&self, before: &Self, ground: &Ground, subject: &str) {
        let kind = if before.head.is_empty() { "commit (initial)" } else { "commit" };
        let expected = format!("{} {kind}: {subject}", self.head);
        for name in ["HEAD", &self.branch] {
            let last = ground.git_words(&["reflog", "show", "-1", "--no-abbrev", "--format=%H %gs", name]);
            assert_eq!(last, expected, "the reflog of {name}");
            if self.branch == "HEAD" {
                break;
            }
        }
    }

    /// The change ends with this exit code and these words, and nothing at all is changed.
    pub fn prove_refused(&self, ground: &Ground, change: Change, code: i32, words: &[&str]) {
        let files = everything(&ground.top_of_test());
        let output = ground.run(change);
        assert_eq!((output.code, output.stdout.as_str()), (code, ""), "{output:?}");
        for machine_words in ["panicked", "os error 0", "Some(", "None)", "NotFound"] {
            assert!(!output.stderr.contains(machine_words), "{output:?}");
        }
        output.says(&["error: "]).says(words);
        let files_now = everything(&ground.top_of_test());
        for (path, text) in &files {
            assert_eq!(files_now.get(path), Some(text), "{path}");
        }
        let new: Vec<_> = files_now.keys().filter(|path| !files.contains_key(*path)).collect();
        assert!(new.is_empty(), "new: {new:?}");
        let now = Self::of(ground);
        assert_eq!((now.head, now.branch), (self.head.clone(), self.branch.clone()));
        assert_eq!((now.beside, now.leftovers), (self.beside.clone(), self.leftovers.clone()));
    }
}

/// Git finds nothing wrong with the repository.
pub fn prove_whole(ground: &Ground) {
    let fsck = ground.command(&["fsck", "--strict", "--no-dangling", "--no-progress"]).output().unwrap();
    let words = [fsck.stdout, fsck.stderr].concat();
    assert!(fsck.status.success() && words.is_empty(), "fsck: {}", String::from_utf8_lossy(&words));
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

/// What the user has under way: staged, edited, untracked, ignored, flagged; the other refs; what the index file knows.
fn beside(ground: &Ground, branch: &str) -> Vec<String> {
    let mut entries = vec![];
    let diff = format!("\n{}", ground.ask("diff --cached --binary --no-ext-diff --no-textconv"));
    entries.extend(diff.split("\ndiff --git ").skip(1).map(|file| format!("staged {file}")));
    for (name, line) in [
        ("status", "status --porcelain=v2 -z --untracked-files=all --ignored --no-renames"),
        ("index", "ls-files --stage -v -z"),
    ] {
        let answer = ground.ask(line);
        let lines = answer.split('\0').filter(|entry| !entry.is_empty());
        entries.extend(lines.map(|entry| format!("{name} {entry}")));
    }
    let top = format!("{}/", ground.top.display());
    let is_file = |path: &str, text: &str| !path.contains("/.git/") && !text.ends_with(" no file");
    for (path, text) in everything(&ground.top).iter().filter(|(path, text)| is_file(path, text)) {
        entries.push(format!("file {} {text}", path.replacen(&top, "", 1)));
    }
    // A branch that stands for another goes where that one goes.
    let refs = ground.ask("for-each-ref --format=%(refname)%20%(objectname)%20%(symref)");
    let others = refs.lines().filter(|line| line.ends_with(' ') && !line.starts_with(&format!("{branch} ")));
    entries.extend(others.map(|line| format!("ref {line}")));
    entries.push(index_format(ground));
    entries
}

/// The version of the index, and which of the extensions that a user asks for it has.
pub fn index_format(ground: &Ground) -> String {
    let path = ground.index();
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
        // Git's own maintenance may go on in the background for a moment.
        let is_lock = name.ends_with(".lock") && name != "maintenance.lock";
        if temporary || is_lock || path.ends_with("inc/journal") {
            found.push(path.to_owned());
        }
        true
    });
    found.sort();
    found
}

/// Every file and folder below one, but for what a refused commit may leave: objects that nothing names, a message.
fn everything(folder: &Path) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    walk(folder, &mut |path| {
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
