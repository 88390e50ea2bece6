//! Records that are shared and that no program can read: all is done, each is named with what to do, and the code is 4.

use std::fs;

use super::{ID, Team};

impl Team {
    /// Gives the record's file another name there, and pushes that.
    fn rename_there(&self) {
        let file = |name: &str| format!("incidents/2023/{name}.yaml");
        self.git(&self.there, &format!("mv {} {}", file(ID), file("2023-03-27-by-hand")));
        self.git(&self.there, "commit --quiet --message=renamed");
        self.git(&self.there, "push --quiet");
    }

    /// Commits another text of the record here, without a program of ours.
    fn write_here(&self, text: &str) {
        fs::write(self.repo.path(ID), text).unwrap();
        self.git(&self.here(), "commit --quiet --all --message=by-hand");
    }
}

#[test]
fn a_record_that_was_renamed_by_hand_is_named_with_the_way_back() {
    let team = Team::new();
    team.rename_there();
    let output = team.sync(&team.here(), &["--format", "json"]);
    assert_eq!(output.code, 4, "{output:?}");
    let view = output.json();
    assert_eq!(view["received"]["commits"], 1, "{view}");
    let unread = &view["unreadable"][0];
    assert_eq!((&unread["way"], view["unreadable"].as_array().unwrap().len()), (&"received".into(), 1));
    assert_eq!(unread["file"], "incidents/2023/2023-03-27-by-hand.yaml");
    let way_back = format!("git mv incidents/2023/2023-03-27-by-hand.yaml incidents/2023/{ID}.yaml");
    assert!(unread["next"].as_str().unwrap().contains(&way_back), "{view}");
    output.says(&["incidents/2023/2023-03-27-by-hand.yaml, which came in: its id is ", &way_back]);
    assert_eq!(team.head(&team.here()), team.head(&team.there));
    // Nothing comes or goes: nothing is looked at.
    team.syncs(&team.here()).prints("nothing new from origin/main\nnothing to push\n");
    // What it says helps, and the other clone is told that all is well.
    team.git(&team.here(), &way_back["git ".len()..]);
    team.git(&team.here(), "commit --quiet --message=back");
    team.syncs(&team.here());
    team.syncs(&team.there);
    team.story(&team.there);
}

#[test]
fn what_we_push_and_cannot_be_read_is_named_too() {
    let team = Team::new();
    let text = fs::read_to_string(team.repo.path(ID)).unwrap();
    let marked = text.replace("status:", "<<<<<<< ours\nstatus:") + "=======\n>>>>>>> theirs\n";
    for (text, next) in [
        (text.replace("status: ", "status: ["), "mend it at line "),
        (marked, "`inc-merge resolve incidents/2023/"),
    ] {
        team.write_here(&text);
        let dry = team.sync(&team.here(), &["--dry-run"]);
        assert_eq!(dry.code, 4, "{dry:?}");
        let output = team.sync(&team.here(), &[]);
        assert_eq!(output.code, 4, "{output:?}");
        assert!(output.stdout.contains("pushed 1 commit to origin/main"), "{output:?}");
        output.says(&["1 record cannot be read; all else is done", "which was pushed: line ", next]);
        assert_eq!(team.git(&team.repo.beside("bare.git"), "rev-parse main"), team.head(&team.here()));
    }
    // With --sync, the change is done, and it is a warning.
    team.write_here("schema: [\n");
    let output = team.repo.ok("inc-declare --sync", &["Disk full"]);
    output.says(&["warning: 1 record cannot be read", ID]);
}
