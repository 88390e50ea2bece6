//! What a commit holds, and what it leaves alone.

use super::*;

#[test]
fn only_the_record_is_committed_whatever_else_is_staged_or_dirty() {
    let ground = Ground::new();
    ground.write("staged.txt", "staged\n");
    ground.write("other.txt", "staged\ntwo\n");
    ground.git("add staged.txt other.txt");
    ground.write("other.txt", "staged\ndirty\n");
    ground.write("untracked.txt", "?");
    ground.write("intended.txt", "!");
    ground.git("add -N intended.txt");
    ground.write("removed.txt", "");
    let before = (ground.staged(), ground.git("diff"));

    ground.write(RECORD, "title: two\n");
    let oid = commit(&ground.repository(), &[RECORD]);

    assert_eq!(oid, ground.git("rev-parse HEAD").trim());
    assert_eq!(ground.files_of_head(), [RECORD]);
    assert_eq!(ground.git(&format!("show HEAD:{RECORD}")), "title: two\n");
    assert_eq!((ground.staged(), ground.git("diff")), before);
    assert!(ground.git("status --porcelain").contains("?? untracked.txt"));
}

#[test]
fn a_staged_removal_and_a_staged_rename_stay_staged() {
    let ground = Ground::new();
    ground.write("a.txt", "a long enough text\n");
    ground.git("add a.txt");
    ground.git("commit -q -m a");
    ground.git("rm -q --cached other.txt");
    ground.git("mv a.txt b.txt");
    let before = ground.staged();
    ground.write(RECORD, "title: two\n");
    commit(&ground.repository(), &[RECORD]);
    assert_eq!(ground.staged(), before);
}

#[test]
fn a_record_staged_in_part_is_committed_whole() {
    let ground = Ground::new();
    ground.write(RECORD, "title: two\n");
    ground.git(&format!("add {RECORD}"));
    ground.write(RECORD, "title: two\nkind: drill\n");
    commit(&ground.repository(), &[RECORD]);
    assert_eq!(ground.git("status --porcelain"), "");
    assert_eq!(ground.git(&format!("show HEAD:{RECORD}")), "title: two\nkind: drill\n");
}

#[test]
fn the_message_arrives_as_written_with_its_trailers() {
    let ground = Ground::new();
    ground.git("config commit.cleanup strip");
    ground.git("config i18n.commitEncoding latin1");
    ground.git("config core.commentChar r");
    ground.write(RECORD, "title: é\n");
    commit(&ground.repository(), &[RECORD]);
    let body = ground.git("log -1 --format=%B%(trailers:key=Incident)");
    assert_eq!(body, "resolve x\n\n# not a comment\n\nIncident: x\nIncident: x\n\n");
}

#[test]
fn a_new_pdca_and_its_incident_make_one_commit() {
    let ground = Ground::new();
    ground.write(RECORD, "title: linked\n");
    ground.write("pdcas/2026/x.yaml", "title: new\n");
    commit(&ground.repository(), &[RECORD, "pdcas/2026/x.yaml"]);
    assert_eq!(ground.files_of_head(), [RECORD, "pdcas/2026/x.yaml"]);
    assert_eq!(ground.git("status --porcelain"), "");
}

#[test]
fn nothing_to_commit_is_no_error_and_no_commit() {
    let ground = Ground::new();
    let head = ground.git("rev-parse HEAD");
    ground.write("other.txt", "staged\n");
    ground.git("add other.txt");
    let before = ground.index();
    let repository = ground.repository();
    assert_eq!(try_commit(&repository, &[RECORD]).unwrap(), None);
    assert_eq!(try_commit(&repository, &[]).unwrap(), None);
    ground.git(&format!("rm -q --cached {RECORD}"));
    let removed = ground.index();
    assert_eq!(try_commit(&repository, &[RECORD]).unwrap(), None);
    assert_eq!(ground.index(), removed, "the user's removal stays staged");
    assert_ne!(before, removed);
    assert_eq!(ground.git("rev-parse HEAD"), head);
}

#[test]
fn the_first_commit_leaves_what_is_staged_beside_it() {
    let ground = Ground::unborn();
    ground.write("staged.txt", "staged\n");
    ground.git("add staged.txt");
    let before = ground.staged();
    ground.write(RECORD, "title: one\n");
    let repository = ground.repository();
    assert_eq!(repository.last_change(Path::new(RECORD)).unwrap(), None);
    commit(&repository, &[RECORD]);
    assert_eq!(ground.git("ls-tree -r --name-only HEAD"), format!("{RECORD}\n"));
    assert_eq!(ground.staged(), before);
    assert_eq!(ground.git("symbolic-ref HEAD"), "refs/heads/main\n");
}

#[test]
fn odd_names_mean_just_themselves() {
    let ground = Ground::new();
    let repository = ground.repository();
    let odd = [
        "incidents/a b.yaml",
        "incidents/*.yaml",
        "-rf.yaml",
        "--all",
        ":(top)x.yaml",
        "incidents/new\nline.yaml",
        "incidents/[ab]?.yaml",
        "incidents/\"quote\\.yaml",
        "incidents/é.yaml",
        "!x.yaml",
        " ",
    ];
    ground.write("incidents/bystander.yaml", "left alone\n");
    for name in odd {
        ground.write(name, "one\n");
        commit(&repository, &[name]);
        ground.write(name, "two\n");
        assert!(repository.has_edits(Path::new(name)).unwrap(), "{name:?}");
        commit(&repository, &[name]);
        assert_eq!(ground.files_of_head(), [name]);
        assert!(repository.is_tracked(Path::new(name)).unwrap(), "{name:?}");
        assert!(!repository.has_edits(Path::new(name)).unwrap(), "{name:?}");
        assert!(repository.last_change(Path::new(name)).unwrap().is_some(), "{name:?}");
    }
    assert_eq!(ground.git("status --porcelain"), "?? incidents/bystander.yaml\n");
}
