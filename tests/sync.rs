//! `inc-sync`: clones come together over one bare remote, nothing is lost where they cannot, and nobody is forced.

mod after;
mod conflicts;
mod unread;

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{ID, Output, TestRepo, clones};

/// A repository with the incident, a bare remote of it, and a second clone.
struct Team {
    repo: TestRepo,
    there: PathBuf,
}

impl Team {
    fn new() -> Self {
        let repo = TestRepo::with_incident();
        let bare = clones::bare(&repo, "bare.git").display().to_string();
        repo.git(&["remote", "add", "origin", &bare]);
        repo.git(&["push", "--quiet", "-u", "origin", "main"]);
        let there = clone(&repo, "there");
        Self { repo, there }
    }

    fn here(&self) -> PathBuf {
        self.repo.top()
    }

    fn sync(&self, folder: &Path, words: &[&str]) -> Output {
        self.repo.run(&format!("inc-sync -C {}", folder.display()), words)
    }

    #[track_caller]
    fn syncs(&self, folder: &Path) -> Output {
        let output = self.sync(folder, &[]);
        assert_eq!(output.code, 0, "{output:?}");
        output
    }

    #[track_caller]
    fn add(&self, folder: &Path, text: &str) {
        self.repo.ok(&format!("inc-timeline add -C {}", folder.display()), &[ID, text]);
    }

    #[track_caller]
    fn git(&self, folder: &Path, line: &str) -> String {
        clones::gits(&self.repo, folder, line).stdout.trim().to_owned()
    }

    fn head(&self, folder: &Path) -> String {
        self.git(folder, "rev-parse HEAD")
    }

    fn story(&self, folder: &Path) -> String {
        self.repo.ok(&format!("inc-timeline list -C {}", folder.display()), &[ID]).stdout
    }

    /// Both change the same line of a file that is no record; the other clone has pushed.
    fn quarrel(&self) {
        for folder in [&self.there, &self.here()] {
            fs::write(folder.join("notes.txt"), folder.display().to_string()).unwrap();
            self.git(folder, "add notes.txt");
            self.git(folder, "commit --quiet --message=notes");
        }
        self.syncs(&self.there);
    }

    /// A hook of `here` that runs before each push, the first `times` of which it lets the other clone push first.
    fn outrun(&self, times: u32) {
        let hook = self.here().join(".git/hooks/pre-push");
        let (there, count) = (self.there.display(), self.repo.beside("count").display().to_string());
        // Two commits of one second and one text were one commit.
        let script = format!(
            "#!/bin/sh\nunset GIT_DIR\necho x >> {count}\nn=$(wc -l < {count})\n\
             if [ $n -le {times} ]; then cd {there} && git -c user.name=B -c user.email=b@x commit -q --allow-empty -m $n && git push -q; fi\n"
        );
        fs::create_dir_all(hook.parent().unwrap()).unwrap();
        fs::write(&hook, script).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(&hook, mode).unwrap();
    }
}

/// Another clone of the bare remote.
fn clone(repo: &TestRepo, name: &str) -> PathBuf {
    clones::clone(repo, &repo.beside("bare.git"), name)
}

#[test]
fn both_sides_append_and_come_together_without_a_question() {
    let team = Team::new();
    team.add(&team.there, "Pods are being killed");
    let first = team.syncs(&team.there);
    first
        .says(&["as records from now on"])
        .prints("nothing new from origin/main\npushed 1 commit to origin/main\n");
    team.add(&team.here(), "We scale the group");
    team.repo.ok("inc-edit --set summary.mitigation=scaled", &[]);
    team.repo.ok("inc-status set mitigated", &[]);
    let told = team.syncs(&team.here());
    told.prints(&format!(
        "1 commit came in from origin/main\n  {ID}: 1 new entry\npushed 4 commits to origin/main\n"
    ));
    let told = team.syncs(&team.there);
    assert!(!told.stderr.contains("from now on"), "{told:?}");
    told.prints(&format!(
        "4 commits came in from origin/main\n  {ID}: 2 new entries, status mitigated by Mathieu Corbin, also changed: summary\nnothing to push\n"
    ));
    assert_eq!(team.head(&team.here()), team.head(&team.there));
    let story = team.story(&team.there);
    assert!(story.contains("Pods are being killed") && story.contains("We scale the group"), "{story}");
    let merged = team.git(&team.here(), "log -1 --merges --format=%an,%cn");
    assert_eq!(merged, "Mathieu Corbin,Mathieu Corbin");
    team.syncs(&team.here()).prints("nothing new from origin/main\nnothing to push\n");
}

#[test]
fn what_came_in_is_a_view_too_with_contested_values_and_new_records() {
    let team = Team::new();
    for (folder, title) in [(&team.there, "One"), (&team.here(), "Two")] {
        let line = format!("inc-edit -C {} --set title={title}", folder.display());
        team.repo.ok(&line, &[ID]);
    }
    team.repo.ok(&format!("inc-declare -C {}", team.there.display()), &["Disk full"]);
    team.syncs(&team.there);
    let output = team.sync(&team.here(), &["--format", "json"]);
    let view = output.json();
    assert_eq!(view["received"]["commits"], 2, "{view}");
    assert_eq!(view["received"]["other_files"], 0, "{view}");
    let records = view["received"]["records"].as_array().unwrap();
    assert_eq!(records.len(), 2, "{view}");
    let news = records.iter().map(|record| record["news"].to_string()).collect::<String>();
    for words in ["new incident: Disk full", "contested: title ("] {
        assert!(news.contains(words), "{words}: {view}");
    }
    assert_eq!(
        (&view["sent"]["commits"], &view["waiting"], &view["tries"]),
        (&2.into(), &0.into(), &1.into())
    );
}

#[test]
fn who_is_outrun_fetches_and_tries_again_a_bounded_number_of_times() {
    let team = Team::new();
    team.add(&team.here(), "We scale the group");
    team.outrun(2);
    let view = team.sync(&team.here(), &["--format", "json"]).json();
    assert_eq!((&view["tries"], &view["waiting"]), (&3.into(), &0.into()), "{view}");
    assert_eq!(view["received"]["commits"], 2, "{view}");
    // More than eight times too, while there is time.
    let team = Team::new();
    team.add(&team.here(), "We scale the group");
    team.outrun(9);
    let view = team.sync(&team.here(), &["--format", "json"]).json();
    assert_eq!((&view["tries"], &view["waiting"]), (&10.into(), &0.into()), "{view}");
    let team = Team::new();
    team.add(&team.here(), "We scale the group");
    team.outrun(1000);
    let lost = team.sync(&team.here(), &["--retry-for", "0"]);
    assert_eq!(lost.code, 1, "{lost:?}");
    let lost = lost.says(&["others pushed first 8 times", "run `inc-sync` again"]);
    assert!(lost.stdout.starts_with("7 commits came in"), "{lost:?}");
    // Nothing of the others was overwritten: the eight are there.
    assert_eq!(team.git(&team.repo.beside("bare.git"), "rev-list --count main"), (2 + 8).to_string());
    assert!(team.story(&team.here()).contains("We scale the group"));
}

#[test]
fn a_hook_that_says_no_is_an_answer_and_no_race() {
    let team = Team::new();
    team.add(&team.here(), "We scale the group");
    let hook = team.repo.beside("bare.git/hooks/pre-receive");
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    fs::write(&hook, "#!/bin/sh\necho not on fridays >&2\nexit 1\n").unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(&hook, mode).unwrap();
    let output = team.sync(&team.here(), &[]);
    assert_eq!(output.code, 1, "{output:?}");
    output.says(&["refused", "1 commit waits to be pushed", "not on fridays"]);
}

#[test]
fn a_dry_run_changes_nothing() {
    let team = Team::new();
    team.add(&team.there, "Pods are being killed");
    team.syncs(&team.there);
    team.add(&team.here(), "We scale the group");
    team.repo.git(&["config", "--remove-section", "merge.inc"]);
    let bare = team.git(&team.repo.beside("bare.git"), "rev-parse main");
    let output = team.repo.assert_untouched(|_| team.sync(&team.here(), &["--dry-run"]));
    output.prints(&format!(
        "1 commit would come from origin/main\n  {ID}: 1 new entry\n1 commit would be pushed to origin/main\n"
    ));
    assert_eq!(team.git(&team.repo.beside("bare.git"), "rev-parse main"), bare);
    assert_eq!(team.repo.git(&["config", "merge.inc.driver"]), "");
}

#[test]
fn offline_tells_how_far_ahead_we_are() {
    let team = Team::new();
    for text in ["One", "Two", "Three"] {
        team.add(&team.here(), text);
    }
    let (bare, away) = (team.repo.beside("bare.git"), team.repo.beside("away.git"));
    fs::rename(&bare, &away).unwrap();
    for words in [&[][..], &["--dry-run"]] {
        let output = team.repo.assert_untouched(|_| team.sync(&team.here(), words));
        assert_eq!(output.code, 3, "{output:?}");
        output.says(&["cannot reach origin", "3 commits wait to be pushed"]);
    }
    let view = team.sync(&team.here(), &["--format", "json"]).json();
    assert_eq!((&view["reached"], &view["waiting"]), (&false.into(), &3.into()), "{view}");
    fs::rename(&away, &bare).unwrap();
    team.syncs(&team.here()).prints("nothing new from origin/main\npushed 3 commits to origin/main\n");
}

#[test]
fn a_conflict_is_left_as_git_leaves_it_and_continue_finishes() {
    let team = Team::new();
    team.quarrel();
    team.add(&team.here(), "We scale the group");
    let stopped = team.sync(&team.here(), &["--format", "json"]);
    assert_eq!(stopped.code, 1, "{stopped:?}");
    assert_eq!(stopped.json()["conflicts"][0], "notes.txt");
    stopped.says(&["notes.txt: settle it", "`inc-sync --continue`", "`inc-sync --abort`"]);
    assert!(fs::read_to_string(team.here().join("notes.txt")).unwrap().contains("<<<<<<<"));
    for words in [&[][..], &["--continue"], &["--dry-run"]] {
        let again = team.repo.assert_untouched(|_| team.sync(&team.here(), words));
        assert_eq!(again.code, 1, "{again:?}");
        again.says(&["notes.txt"]);
    }
    fs::write(team.here().join("notes.txt"), "both").unwrap();
    team.git(&team.here(), "add notes.txt");
    let done = team.sync(&team.here(), &["--continue"]);
    assert_eq!(done.code, 0, "{done:?}");
    done.prints("1 commit came in from origin/main\n  1 other file\npushed 3 commits to origin/main\n");
    team.syncs(&team.there);
    assert_eq!(team.head(&team.here()), team.head(&team.there));
}

#[test]
fn abort_gives_back_the_state_from_before() {
    for rebase in ["false", "true"] {
        let team = Team::new();
        team.quarrel();
        team.repo.git(&["config", "pull.rebase", rebase]);
        team.repo.assert_untouched(|_| {
            assert_eq!(team.sync(&team.here(), &[]).code, 1);
            let output = team.sync(&team.here(), &["--abort"]);
            assert_eq!(output.code, 0, "{output:?}");
        });
        for words in ["--abort", "--continue"] {
            let nothing = team.sync(&team.here(), &[words]);
            assert_eq!(nothing.code, 1, "{nothing:?}");
            nothing.says(&["no merge or rebase is under way"]);
        }
    }
}

#[test]
fn markers_in_a_record_are_not_committed() {
    let team = Team::new();
    team.quarrel();
    assert_eq!(team.sync(&team.here(), &[]).code, 1);
    fs::write(team.here().join("notes.txt"), "both").unwrap();
    let record = team.repo.path(ID);
    let text = fs::read_to_string(&record).unwrap();
    fs::write(&record, format!("<<<<<<< HEAD\n{text}=======\n>>>>>>> main\n")).unwrap();
    team.git(&team.here(), "add --all");
    let output = team.repo.assert_untouched(|_| team.sync(&team.here(), &["--continue"]));
    assert_eq!(output.code, 1, "{output:?}");
    output.says(&[ID, "`inc-merge resolve`", "take out the markers"]);
}

#[test]
fn it_rebases_where_the_users_git_says_so() {
    for setting in ["pull.rebase", "branch.main.rebase"] {
        let team = Team::new();
        team.add(&team.there, "Pods are being killed");
        team.syncs(&team.there);
        team.git(&team.here(), &format!("config {setting} true"));
        team.repo.run_with("inc-timeline add", &[ID, "We scale the group"], |command| {
            command.env("INC_AUTHOR", "Bob <bob@example.com>");
        });
        let told = team.syncs(&team.here());
        told.prints(&format!(
            "1 commit came in from origin/main\n  {ID}: 1 new entry\npushed 1 commit to origin/main\n"
        ));
        assert_eq!(team.git(&team.here(), "rev-list --count --merges HEAD"), "0");
        assert_eq!(team.git(&team.here(), "log -1 --format=%an"), "Bob");
        let story = team.story(&team.here());
        assert!(story.contains("Pods are being killed") && story.contains("We scale the group"), "{story}");
    }
    let team = Team::new();
    team.quarrel();
    team.git(&team.here(), "config pull.rebase true");
    assert_eq!(team.sync(&team.here(), &[]).code, 1);
    fs::write(team.here().join("notes.txt"), "both").unwrap();
    team.git(&team.here(), "add notes.txt");
    let done = team.sync(&team.here(), &["--continue"]);
    assert_eq!(done.code, 0, "{done:?}");
    done.prints("1 commit came in from origin/main\n  1 other file\npushed 1 commit to origin/main\n");
}

#[test]
fn what_the_user_has_staged_or_edited_stays_as_it_is() {
    let team = Team::new();
    team.add(&team.there, "Pods are being killed");
    team.syncs(&team.there);
    for name in ["dirty.txt", "staged.txt"] {
        fs::write(team.here().join(name), "old\n").unwrap();
    }
    team.git(&team.here(), "add dirty.txt");
    team.git(&team.here(), "commit --quiet --message=files");
    team.syncs(&team.here());
    fs::write(team.here().join("dirty.txt"), "new\n").unwrap();
    team.add(&team.there, "It is stable");
    team.syncs(&team.there);
    // A merge, with an edit of another file.
    team.add(&team.here(), "We scale the group");
    team.syncs(&team.here());
    assert_eq!(fs::read_to_string(team.here().join("dirty.txt")).unwrap(), "new\n");
    // Nothing of ours: git goes forward with other files staged.
    team.git(&team.here(), "add staged.txt");
    let before = team.git(&team.here(), "status --porcelain");
    assert!(before.contains("M dirty.txt") && before.contains("A  staged.txt"), "{before}");
    team.syncs(&team.there);
    team.add(&team.there, "It is over");
    team.syncs(&team.there);
    team.syncs(&team.here());
    assert_eq!(team.git(&team.here(), "status --porcelain"), before);
    // Git refuses to merge where the file itself has edits, and says which.
    team.add(&team.there, "Really");
    team.syncs(&team.there);
    team.git(&team.here(), "reset --quiet");
    let record = team.repo.path(ID);
    fs::write(&record, fs::read_to_string(&record).unwrap() + "# mine\n").unwrap();
    let refused = team.repo.assert_untouched(|_| team.sync(&team.here(), &[]));
    assert_eq!(refused.code, 1, "{refused:?}");
    // What could not come in is not called nothing.
    assert_eq!(refused.stdout, "", "{refused:?}");
    refused.says(&["nothing has changed", ID]);
}

#[test]
fn where_there_is_nothing_to_sync_with_it_says_what_to_type() {
    TestRepo::without_git().fails(3, "inc-sync", &[]);
    let repo = TestRepo::with_incident();
    repo.fails(3, "inc-sync", &[]).says(&["git remote add origin URL"]);
    repo.git(&["remote", "add", "team", "/nowhere"]);
    repo.fails(3, "inc-sync", &[]).says(&["`git push -u team main`"]);
    repo.git(&["checkout", "--quiet", "--detach"]);
    repo.fails(1, "inc-sync", &[]).says(&["git switch"]);
    repo.fails(2, "inc-sync --abort --continue", &[]);
}

#[test]
fn a_record_that_cannot_be_read_is_named_after_all_else_is_done() {
    let team = Team::new();
    let record = team.there.join(format!("incidents/2023/{ID}.yaml"));
    fs::write(&record, "schema: [\n").unwrap();
    team.git(&team.there, "commit --quiet --all --message=broken");
    team.git(&team.there, "push --quiet");
    team.repo.declare("Disk full");
    let output = team.sync(&team.here(), &[]);
    assert_eq!(output.code, 4, "{output:?}");
    assert!(
        output.stdout.contains("cannot be read") && output.stdout.contains("pushed 2 commits"),
        "{output:?}"
    );
    output.says(&["1 record cannot be read; all else is done", "which came in: line "]);
}

#[test]
fn setup_tells_the_clone_of_the_driver() {
    let team = Team::new();
    let output = team.sync(&team.there, &["--setup"]);
    assert_eq!(output.code, 0, "{output:?}");
    assert!(team.git(&team.there, "config merge.inc.driver").contains("inc-merge"));
}

#[test]
fn four_clones_end_on_one_commit_with_everything() {
    let team = Team::new();
    let clones = [team.here(), team.there.clone(), clone(&team.repo, "third"), clone(&team.repo, "fourth")];
    // A small generator: the same order each time.
    let mut seed = 7u32;
    let mut random = move || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        seed >> 16
    };
    for turn in 0..10 {
        for (number, folder) in clones.iter().enumerate() {
            team.add(folder, &format!("n{number}t{turn}"));
            if random() % 3 == 0 {
                team.syncs(folder);
            }
        }
    }
    for folder in clones.iter().chain(&clones) {
        team.syncs(folder);
    }
    let story = team.story(&clones[0]);
    for word in (0..4).flat_map(|number| (0..10).map(move |turn| format!("n{number}t{turn}"))) {
        assert_eq!(story.matches(&word).count(), 1, "{word}: {story}");
    }
    for folder in &clones {
        assert_eq!(team.head(folder), team.head(&clones[0]));
        assert_eq!(team.git(folder, "status --porcelain"), "");
    }
}

#[test]
fn clones_that_push_at_once_all_get_through() {
    let team = Team::new();
    let clones = [team.here(), team.there.clone(), clone(&team.repo, "third"), clone(&team.repo, "fourth")];
    for (number, folder) in clones.iter().enumerate() {
        team.add(folder, &format!("from {number}"));
    }
    let environment = team.repo.environment();
    std::thread::scope(|scope| {
        for folder in &clones {
            let environment = environment.clone();
            scope.spawn(move || {
                let mut command = assert_cmd::Command::new(crate::support::programs().join("inc-sync"));
                let output = Output::of(command.env_clear().envs(environment).current_dir(folder));
                assert_eq!(output.code, 0, "{output:?}");
            });
        }
    });
    team.syncs(&team.here());
    let story = team.story(&team.here());
    assert!((0..4).all(|number| story.contains(&format!("from {number}"))), "{story}");
}

#[test]
fn two_syncs_in_one_clone_do_not_hurt_each_other() {
    let team = Team::new();
    for text in ["One", "Two"] {
        team.add(&team.there, text);
    }
    team.syncs(&team.there);
    team.add(&team.here(), "Three");
    let environment = team.repo.environment();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            let (environment, folder) = (environment.clone(), team.here());
            scope.spawn(move || {
                let mut command = assert_cmd::Command::new(crate::support::programs().join("inc-sync"));
                let output = Output::of(command.env_clear().envs(environment).current_dir(folder));
                assert_eq!(output.code, 0, "{output:?}");
            });
        }
    });
    assert_eq!(team.git(&team.here(), "rev-list --count --merges HEAD"), "1");
    assert_eq!(team.git(&team.repo.beside("bare.git"), "rev-parse main"), team.head(&team.here()));
}

#[test]
fn the_lock_is_free_while_the_network_is_waited_for_and_held_while_histories_are_joined() {
    let team = Team::new();
    team.add(&team.there, "Pods are being killed");
    team.syncs(&team.there);
    team.add(&team.here(), "We scale the group");
    let now = "INC_NOW=2023-03-27T15:00:00+02:00";
    let add = |timeout: u32| format!("{now} inc-timeline add {ID} --lock-timeout {timeout}");
    let log = team.repo.beside("log").display().to_string();
    // Before the push, a record can be written; during the merge, none.
    let hooks = [
        ("pre-push", format!("{} 'During the push' && echo written >> {log}", add(5))),
        ("pre-merge-commit", format!("{} 'During the merge' 2>/dev/null || echo kept out >> {log}", add(0))),
    ];
    for (name, script) in hooks {
        let hook = team.here().join(".git/hooks").join(name);
        fs::create_dir_all(hook.parent().unwrap()).unwrap();
        fs::write(&hook, format!("#!/bin/sh\n{script}\nexit 0\n")).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(&hook, mode).unwrap();
    }
    let told = team.syncs(&team.here());
    // What was written meanwhile did not come in, and waits.
    assert!(told.stdout.contains(&format!("{ID}: 1 new entry\n")), "{told:?}");
    assert_eq!(fs::read_to_string(&log).unwrap(), "kept out\nwritten\n");
    assert!(team.story(&team.here()).contains("During the push"));
}

#[test]
fn what_git_would_mix_up_is_refused_and_stays_staged() {
    let team = Team::new();
    team.add(&team.there, "Pods are being killed");
    team.syncs(&team.there);
    team.add(&team.here(), "We scale the group");
    fs::write(team.here().join("staged.txt"), "mine\n").unwrap();
    team.git(&team.here(), "add staged.txt");
    let refused = team.repo.assert_untouched(|_| team.sync(&team.here(), &["--format", "json"]));
    assert_eq!((refused.code, &refused.json()["waiting"]), (1, &1.into()), "{refused:?}");
    refused.says(&["nothing has changed", "staged.txt"]);
    // Somebody else's operation is theirs to finish.
    team.git(&team.here(), "reset --quiet");
    fs::write(team.here().join(".git/CHERRY_PICK_HEAD"), team.head(&team.here()) + "\n").unwrap();
    let blocked = team.sync(&team.here(), &[]);
    assert_eq!(blocked.code, 1, "{blocked:?}");
    blocked.says(&["`git cherry-pick --continue`"]);
}

#[test]
fn a_change_with_sync_is_shared_and_its_answer_stays_the_same() {
    let team = Team::new();
    team.add(&team.there, "Pods are being killed");
    team.syncs(&team.there);
    let output = team.repo.ok("inc-timeline add --sync --format json", &[ID, "We scale the group"]);
    assert_eq!(output.json()["entry"]["text"], "We scale the group");
    let output = output.says(&["1 commit came in from origin/main", "pushed 2 commits to origin/main"]);
    assert!(!output.stderr.contains("not shared"), "{output:?}");
    let declared = team.repo.ok("inc-declare --sync", &["Disk full"]);
    declared.says(&["pushed 1 commit"]).prints("2023-03-27-disk-full\n");
    assert_eq!(team.git(&team.repo.beside("bare.git"), "rev-parse main"), team.head(&team.here()));
    // Without the option nothing leaves.
    team.add(&team.here(), "Stays here");
    assert_ne!(team.git(&team.repo.beside("bare.git"), "rev-parse main"), team.head(&team.here()));
    team.repo.fails(2, "inc-timeline add --sync --no-commit", &[ID, "x"]);
    // A refused change shares nothing.
    team.repo.fails(1, "inc-status set --sync", &[ID, "closed"]);
    assert_ne!(team.git(&team.repo.beside("bare.git"), "rev-parse main"), team.head(&team.here()));
}

#[test]
fn a_sync_that_fails_does_not_fail_the_change() {
    let team = Team::new();
    let bare = team.repo.beside("bare.git");
    fs::rename(&bare, team.repo.beside("away.git")).unwrap();
    let output = team.repo.ok("inc-timeline add --sync", &[ID, "One"]);
    assert_eq!(output.stdout.lines().count(), 1, "{output:?}");
    output.says(&[
        "recorded; not shared yet: cannot reach origin",
        "1 commit waits to be pushed",
        "run `inc-sync`",
    ]);
    fs::rename(team.repo.beside("away.git"), &bare).unwrap();
    team.quarrel();
    let output = team.repo.ok("inc-edit --sync --set team.cft=Ada", &[ID]);
    output.says(&["recorded; not shared yet: ", "notes.txt: settle it", "`inc-sync --continue`"]);
    assert!(team.git(&team.here(), "show HEAD").contains("cft: Ada"));
    let lone = TestRepo::with_incident();
    let output = lone.ok("inc-role assign commander Ada --sync", &[]);
    output.says(&["recorded; not shared yet: there is no remote", "git remote add origin"]);
}

#[test]
fn another_remote_carries_the_branch_while_the_forge_is_down() {
    let team = Team::new();
    let stick = team.repo.beside("stick.git").display().to_string();
    team.repo.git(&["init", "--quiet", "--bare", &stick]);
    for folder in [&team.here(), &team.there] {
        team.git(folder, &format!("remote add usb {stick}"));
    }
    fs::rename(team.repo.beside("bare.git"), team.repo.beside("away.git")).unwrap();
    team.add(&team.here(), "One");
    let anew = team.sync(&team.here(), &["--remote", "usb"]);
    assert_eq!(anew.code, 0, "{anew:?}");
    anew.prints("nothing new from usb/main\npushed 3 commits to usb/main\n");
    team.add(&team.there, "Two");
    let both = team.sync(&team.there, &["--remote", "usb", "--format", "json"]);
    assert_eq!(both.code, 0, "{both:?}");
    assert_eq!(
        (&both.json()["upstream"], &both.json()["received"]["commits"]),
        (&"usb/main".into(), &1.into())
    );
    assert_eq!(team.sync(&team.here(), &["--remote", "usb"]).code, 0);
    assert_eq!(team.head(&team.here()), team.head(&team.there));
    // The upstream is what it was, and gets it all when it is back.
    fs::rename(team.repo.beside("away.git"), team.repo.beside("bare.git")).unwrap();
    team.syncs(&team.here()).prints("nothing new from origin/main\npushed 3 commits to origin/main\n");
    let unknown = team.repo.fails(2, "inc-sync --remote ubs", &[]);
    unknown.says(&["`ubs` is no remote here", "did you mean `usb`?", "git remote add"]);
    team.repo.fails(2, "inc-sync --remote elsewhere", &[]).says(&["known are: origin, usb"]);
}
