//! Confidential incidents: the examples of docs/private.md run as they stand, and nothing private reaches the public
//! remote through `inc-sync` in any of its ways.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::support::{ID, Output, TestRepo};

/// A repository with a public remote and, after the example of the docs, a private branch with its own.
struct Vault {
    repo: TestRepo,
    /// The public remote.
    public: PathBuf,
    vault: PathBuf,
    /// The folder that is on `private`.
    private: PathBuf,
}

/// The examples of the docs, in their order.
fn examples() -> Vec<String> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/private.md");
    let docs = fs::read_to_string(docs).unwrap();
    docs.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

impl Vault {
    fn new() -> Self {
        let repo = TestRepo::with_incident();
        let [public, vault, private] = ["public.git", "vault.git", "private"].map(|name| repo.beside(name));
        let here = Self { repo, public, vault, private };
        for bare in [&here.public, &here.vault] {
            here.repo.git(&[
                "init",
                "--quiet",
                "--bare",
                "--initial-branch=main",
                &bare.display().to_string(),
            ]);
        }
        here.repo.git(&["remote", "add", "origin", &here.public.display().to_string()]);
        here.repo.git(&["push", "--quiet", "-u", "origin", "main"]);
        here.bash(&here.repo.top(), &examples()[0]);
        here
    }

    /// Runs lines of the docs in a folder, and returns what they print.
    #[track_caller]
    fn bash(&self, folder: &Path, lines: &str) -> Output {
        let output = self.tries(folder, lines);
        assert_eq!(output.code, 0, "{lines}: {output:?}");
        output
    }

    fn tries(&self, folder: &Path, lines: &str) -> Output {
        let mut bash = assert_cmd::Command::new("bash");
        bash.args(["-eu", "-o", "pipefail", "-c", lines]).current_dir(folder);
        bash.env_clear().envs(self.repo.environment()).env("INC_NOW", "2023-03-28T09:00:00+02:00");
        for (name, value) in [("NAME", "Ada"), ("EMAIL", "ada@example.com")] {
            bash.env(format!("GIT_AUTHOR_{name}"), value).env(format!("GIT_COMMITTER_{name}"), value);
        }
        bash.env("VAULT", &self.vault).env("MAIN", self.repo.top());
        bash.env("CASES", self.repo.beside("cases")).env("CASES_REMOTE", self.repo.beside("cases.git"));
        Output::of(bash.timeout(Duration::from_secs(60)))
    }

    /// Declares a confidential incident; its id.
    fn declare(&self) -> String {
        let declared = self.bash(&self.private, "inc-declare 'Somebody reads our mail'");
        declared.stdout.trim().to_owned()
    }

    /// Every object of the public remote is one that it had, or came from `main`: nothing private is in it.
    #[track_caller]
    fn is_tight(&self) {
        let ask = |folder: &Path, line: &str| self.bash(folder, line).stdout;
        let list = "git cat-file --batch-all-objects --batch-check='%(objectname)'";
        let there = ask(&self.public, list);
        let secret = ask(&self.private, "git rev-list --objects private ^main | cut -d' ' -f1");
        assert!(secret.lines().count() > 1, "there is something to hide");
        for object in secret.lines() {
            assert!(!there.contains(object), "{object} has reached the public remote");
        }
        assert_eq!(ask(&self.public, "git for-each-ref --format='%(refname)'"), "refs/heads/main\n");
    }

    /// `inc-sync` in the private folder says no.
    #[track_caller]
    fn refuses(&self, line: &str, words: &[&str]) {
        let output = self.tries(&self.private, line);
        assert_eq!((output.code, output.stdout.as_str()), (1, ""), "{line}: {output:?}");
        output.says(words);
        self.is_tight();
    }

    fn without_the_hook(&self) {
        fs::remove_file(self.repo.top().join(".git/hooks/pre-push")).unwrap();
    }
}

#[test]
fn the_examples_of_the_docs_run_as_they_stand() {
    let vault = Vault::new();
    let examples = examples();
    assert_eq!(examples.len(), 5);
    vault.repo.ok("inc-timeline add --sync", &[ID, "Seen by everybody"]);
    let id = "2023-03-28-somebody-reads-our-mail";
    let told = vault.bash(&vault.private, &examples[1]);
    assert!(told.stdout.contains("nothing new from vault/private\nnothing to push\n"), "{told:?}");
    vault.is_tight();
    let in_vault = vault.bash(&vault.vault, "git log --format=%s private").stdout;
    assert!(in_vault.contains("The account of the build server is locked"), "{in_vault}");
    // What everybody writes is beside it.
    let story = vault.bash(&vault.private, &format!("inc-timeline list {ID}")).stdout;
    assert!(story.contains("Seen by everybody"), "{story}");
    // Published: the record is there, its history is not.
    let told = vault.bash(&vault.private, &format!("id={id}\n{}", examples[3]));
    assert!(told.stdout.contains("pushed 1 commit to origin/main"), "{told:?}");
    assert_eq!(vault.bash(&vault.public, "git log -1 --format=%s main").stdout, format!("publish {id}\n"));
    let subjects = vault.bash(&vault.public, "git log --format=%s main").stdout;
    assert!(!subjects.contains("private from here on") && !subjects.contains("build server"), "{subjects}");
    // Both go on, and come together in the private folder.
    vault.repo.ok("inc-timeline add", &[id, "The press has called"]);
    vault.bash(
        &vault.private,
        &format!("inc-timeline add {id} 'Not for the press' && git merge --no-edit main"),
    );
    let story = vault.bash(&vault.private, &format!("inc-timeline list {id}")).stdout;
    assert!(story.contains("The press has called") && story.contains("Not for the press"), "{story}");
    vault.repo.ok("inc-sync", &[]);
    let story = vault.bash(&vault.public, "git grep -h 'for the press' main || true").stdout;
    assert_eq!(story, "");
}

#[test]
fn a_colleague_finds_the_first_private_commit() {
    let vault = Vault::new();
    let folder = vault.repo.beside("colleague");
    let clone = format!("git clone --quiet {} {}/clone", vault.public.display(), folder.display());
    vault.bash(&vault.repo.top(), &clone);
    vault.bash(&folder.join("clone"), &examples()[2]);
    let told = vault.bash(&folder.join("private"), "inc-sync");
    assert!(told.stdout.contains("nothing new from vault/private"), "{told:?}");
    let first = |folder: &Path| vault.bash(folder, "git config private.first").stdout;
    assert_eq!(first(&folder.join("clone")), first(&vault.private));
}

#[test]
fn a_second_repository_runs_as_it_stands() {
    let vault = Vault::new();
    let bare = vault.repo.beside("cases.git").display().to_string();
    vault.repo.git(&["init", "--quiet", "--bare", &bare]);
    vault.bash(&vault.repo.top(), &examples()[4]);
    let there = vault.bash(Path::new(&bare), "git log --all --format=%s").stdout;
    assert!(there.contains("Somebody reads our mail, again"), "{there}");
    assert_eq!(vault.repo.git(&["log", "--all", "--format=%s", "--grep=again"]), "");
}

#[test]
fn no_way_of_inc_sync_brings_a_private_commit_to_the_public_remote() {
    let vault = Vault::new();
    vault.without_the_hook();
    let id = vault.declare();
    // Main is synced beside it, in each way, and nothing else goes along.
    vault.repo.ok("inc-timeline add --sync", &[ID, "One"]).says(&["pushed 1 commit to origin/main"]);
    vault.repo.ok("inc-timeline add", &[ID, "Two"]);
    vault.repo.ok("inc-sync --remote origin", &[]);
    vault.is_tight();
    let sent = "branch.private.pushRemote sends the branch private to vault";
    vault.refuses("inc-sync --remote origin", &[sent, "`inc-sync --remote vault`"]);
    vault.refuses("inc-sync --remote origin --dry-run", &[sent]);
    // An upstream that is set by mistake.
    vault.bash(&vault.private, "git branch --quiet --set-upstream-to=origin/main");
    vault.refuses("inc-sync", &[sent, "nothing goes to origin/main", "`git push -u vault private`"]);
    let change = vault.bash(&vault.private, &format!("inc-timeline add --sync {id} 'Still safe'"));
    change.says(&["recorded; not shared yet: ", sent]);
    vault.is_tight();
    // Without the setting, the other name is enough.
    vault.bash(&vault.private, "git config --unset branch.private.pushRemote");
    vault.refuses("inc-sync", &["has the upstream origin/main, of another name"]);
    vault.bash(&vault.private, "git config remote.origin.push refs/heads/main");
    vault.refuses("inc-sync --remote origin", &["remote.origin.push names what goes to origin"]);
    vault
        .bash(&vault.private, "git config --unset remote.origin.push && git config remote.pushDefault vault");
    vault.refuses("inc-sync", &["remote.pushDefault sends the branch private to vault"]);
    // Nobody is told to push it to the wrong one of two.
    vault.bash(&vault.private, "git config --unset remote.pushDefault && git branch --unset-upstream");
    let lost = vault.tries(&vault.private, "inc-sync");
    assert_eq!(lost.code, 3, "{lost:?}");
    lost.says(&["`git push -u REMOTE private`", "one of origin, vault"]);
    // And the vault gets it all in the end.
    vault.bash(&vault.private, "inc-sync --remote vault");
    let in_vault = vault.bash(&vault.vault, "git log --format=%s private").stdout;
    assert!(in_vault.contains("Still safe"), "{in_vault}");
    vault.is_tight();
}

#[test]
fn who_wants_an_upstream_of_another_name_says_so_as_to_git() {
    let vault = Vault::new();
    let here = vault.repo.top();
    vault.bash(&here, "git switch --quiet --track -c mine origin/main");
    vault.bash(&here, &format!("inc-timeline add {ID} 'Mine'"));
    let refused = vault.tries(&here, "inc-sync");
    assert_eq!(refused.code, 1, "{refused:?}");
    refused.says(&["`git config push.default upstream`"]);
    let told = vault.bash(&here, "git config push.default upstream && inc-sync");
    assert!(told.stdout.contains("pushed 1 commit to origin/main"), "{told:?}");
}

#[test]
fn a_remote_that_is_named_overrides_what_holds_for_all_branches() {
    let vault = Vault::new();
    let here = vault.repo.top();
    vault.bash(&here, &format!("git config remote.pushDefault vault; inc-timeline add {ID} 'Mine'"));
    let refused = vault.tries(&here, "inc-sync");
    assert_eq!(refused.code, 1, "{refused:?}");
    refused.says(&["remote.pushDefault sends the branch main to vault"]);
    let told = vault.bash(&here, "inc-sync --remote origin");
    assert!(told.stdout.contains("pushed 1 commit to origin/main"), "{told:?}");
}

#[test]
fn git_itself_asks_only_the_hook_where_a_push_names_its_branch() {
    let vault = Vault::new();
    vault.without_the_hook();
    let id = vault.declare();
    // Without a name, the settings hold.
    vault.bash(&vault.private, "git push --quiet");
    vault.is_tight();
    vault.bash(&vault.private, "git push --quiet origin private");
    let leaked = vault.bash(&vault.public, "git log --format=%B --all").stdout;
    assert!(leaked.contains(&id), "{leaked}");
}

#[test]
fn the_hook_of_the_docs_refuses_private_commits_under_any_name() {
    let vault = Vault::new();
    vault.declare();
    for push in [
        "git push origin private",
        "git push origin HEAD:refs/heads/main",
        "git push origin $(git rev-parse HEAD):refs/heads/x",
        "git push --all origin",
        "git push --mirror origin",
        "git tag leak && git push origin leak",
        "git tag -a -m leak leak2 && git push --tags origin",
        "git push \"$(git remote get-url origin)\" private",
        "git config branch.private.pushRemote origin; inc-sync --remote origin",
    ] {
        let output = vault.tries(&vault.private, push);
        assert_ne!(output.code, 0, "{push}: {output:?}");
        output.says(&["it goes to the vault only"]);
        vault.is_tight();
    }
    // A merge into main is refused with all that is in it; the vault and main itself go on.
    vault.bash(&vault.repo.top(), "git merge --quiet --no-edit private");
    let merged = vault.tries(&vault.repo.top(), "inc-sync");
    assert_eq!(merged.code, 1, "{merged:?}");
    merged.says(&["the push was refused", "refs/heads/main is private"]);
    vault.bash(&vault.repo.top(), "git reset --quiet --hard origin/main");
    vault.repo.ok("inc-timeline add --sync", &[ID, "Fine"]).says(&["pushed 1 commit to origin/main"]);
    vault.bash(&vault.private, "git config branch.private.pushRemote vault; inc-sync");
    vault.bash(&vault.repo.top(), "git push --quiet origin main:old && git push --quiet origin :old");
    vault.is_tight();
}
