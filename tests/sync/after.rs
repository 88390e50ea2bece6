//! `--sync` after a change: in races, in conflicts, on each family of verbs, and where nothing changed.

use super::{ID, Team};

impl Team {
    /// The other end has all that is here.
    #[track_caller]
    fn is_shared(&self, after: &str) {
        let there = self.git(&self.repo.beside("bare.git"), "rev-parse main");
        assert_eq!(there, self.head(&self.here()), "after {after}");
    }

    /// A hook that runs once, before the first push from here, with the other clone's next change in it.
    fn meanwhile(&self, change: &str) {
        let hook = self.here().join(".git/hooks/pre-push");
        std::fs::create_dir_all(hook.parent().unwrap()).unwrap();
        let done = self.repo.beside("done").display().to_string();
        let script = format!(
            "unset GIT_DIR\n[ -e {done} ] && exit 0\n: > {done}\ncd {}\n{change}",
            self.there.display()
        );
        std::fs::rename(self.repo.script("hook", &script), hook).unwrap();
    }
}

#[test]
fn who_pushes_between_our_fetch_and_our_push_is_merged() {
    let team = Team::new();
    team.meanwhile(&format!("inc-timeline add --sync {ID} 'From there' >&2"));
    let output = team.repo.ok("inc-timeline add --sync", &[ID, "From here"]);
    assert_eq!(output.stdout.lines().count(), 1, "{output:?}");
    let output =
        output.says(&["1 commit came in from origin/main", "1 new entry", "pushed 2 commits to origin/main"]);
    assert!(!output.stderr.contains("not shared"), "{output:?}");
    team.is_shared("a race");
    let story = team.story(&team.here());
    assert!(story.contains("From there") && story.contains("From here"), "{story}");
}

#[test]
fn a_conflict_after_a_change_is_finished_by_continue() {
    let team = Team::new();
    team.quarrel();
    let output = team.repo.ok("inc-timeline add --sync", &[ID, "From here"]);
    assert_eq!(output.stdout.lines().count(), 1, "{output:?}");
    output.says(&[
        "recorded; not shared yet: conflicts wait",
        "notes.txt: settle it",
        "`inc-sync --continue`",
    ]);
    // The next change waits for the merge, and says what to finish; it is written nowhere.
    let next = team.repo.fails(1, "inc-timeline add --sync", &[ID, "Too early"]);
    next.says(&["merge"]);
    std::fs::write(team.here().join("notes.txt"), "both\n").unwrap();
    team.git(&team.here(), "add notes.txt");
    let gone_on = team.sync(&team.here(), &["--continue"]);
    assert_eq!(gone_on.code, 0, "{gone_on:?}");
    team.is_shared("--continue");
    assert!(team.story(&team.here()).contains("From here"));
}

#[test]
fn where_head_is_on_no_branch_the_change_stays_and_the_words_say_so() {
    let team = Team::new();
    team.git(&team.here(), "switch --quiet --detach");
    let output = team.repo.ok("inc-timeline add --sync", &[ID, "Nowhere"]);
    output.says(&["recorded; not shared yet: HEAD is on no branch", "`git switch BRANCH`"]);
    assert!(team.story(&team.here()).contains("Nowhere"));
}

#[test]
fn every_family_of_verbs_shares_its_change() {
    let team = Team::new();
    let mut pdca = String::new();
    for (line, words) in [
        ("inc-declare --sync", &["Disk full"][..]),
        ("inc-timeline add --sync", &[ID, "One"]),
        ("inc-timeline edit --sync --text Two", &[ID, "2"]),
        ("inc-timeline remove --sync", &[ID, "2"]),
        ("inc-severity assess --sync --customers 12", &[ID]),
        ("inc-severity override --sync --to SEV-1 --reason press", &[ID]),
        ("inc-role assign --sync", &[ID, "commander", "Ada"]),
        ("inc-role release --sync", &[ID, "commander"]),
        ("inc-edit --sync --set summary.mitigation=scaled", &[ID]),
        ("inc-status set --sync", &[ID, "mitigated"]),
        ("pdca new --sync --title Labels --from other --ref x", &[]),
        ("pdca why --sync --occurrence --root-cause RC1", &["PDCA", "It broke"]),
        ("pdca countermeasure --sync --root-cause RC1 --owner Ada", &["PDCA", "Mend it"]),
        ("pdca set --sync --owner Ada", &["PDCA"]),
        ("pdca abandon --sync --reason Twice", &["PDCA"]),
        ("pdca resume --sync --reason Once", &["PDCA"]),
    ] {
        let words: Vec<&str> =
            words.iter().map(|word| if *word == "PDCA" { pdca.as_str() } else { word }).collect();
        let before = team.head(&team.here());
        let output = team.repo.ok(line, &words);
        assert_ne!(team.head(&team.here()), before, "{line}");
        team.is_shared(line);
        if line.starts_with("pdca new") {
            pdca = output.stdout.trim().to_owned();
        }
        output.says(&["pushed 1 commit to origin/main"]);
    }
}

#[test]
fn where_nothing_changed_what_waits_is_shared_all_the_same() {
    let team = Team::new();
    team.repo.ok("inc-role assign --sync commander Ada", &[]);
    team.add(&team.here(), "Waits");
    let again = team.repo.ok("inc-role assign --sync commander Ada", &[]);
    again.says(&["[nothing to change]", "pushed 1 commit to origin/main"]);
    team.is_shared("nothing");
    let again = team.repo.ok("inc-role assign --sync commander Ada", &[]);
    again.says(&["[nothing to change]", "nothing to push"]);
}
