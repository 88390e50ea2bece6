//! How the repository stores its objects and refs.

use std::fs;

use super::ground::Ground;
use super::{Expect, RECORD, given, proof};

#[test]
fn with_reftable_a_change_is_kept() {
    given(|_| {}).init(&["--ref-format=reftable"]).kept();
}

#[test]
fn with_reftable_on_a_branch_without_commits_a_declaration_is_kept() {
    given(|ground| {
        ground.git("rm --quiet -r --cached --ignore-unmatch .");
        fs::remove_dir_all(ground.top.join("incidents")).unwrap();
    })
    .init(&["--ref-format=reftable"])
    .unborn()
    .append_refused(2, &["this repository has none yet"]);
}

#[test]
fn with_sha256_a_change_is_kept() {
    given(|_| {})
        .init(&["--object-format=sha256"])
        .then(|ground, _| assert_eq!(ground.head().len(), 64))
        .kept();
}

#[test]
fn with_reftable_and_sha256_on_a_detached_head_a_change_is_kept() {
    given(|ground| {
        ground.git("switch --quiet --detach");
    })
    .init(&["--ref-format=reftable", "--object-format=sha256"])
    .kept();
}

/// Clones the repository with these options, and goes on in the clone.
fn go_to_clone(ground: &mut Ground, options: &str) {
    ground.config("uploadpack.allowFilter", "true");
    let (from, clone) = (format!("file://{}", ground.top.display()), ground.beside("clone"));
    ground.git(&format!("clone --quiet {options} {from} {}", clone.display()));
    ground.go_to(&clone);
}

#[test]
fn in_a_shallow_clone_a_change_is_kept_and_it_stays_shallow() {
    given(|ground| {
        ground.edit_record("second");
        ground.commit_all();
        go_to_clone(ground, "--depth=1");
    })
    .then(|ground, _| assert_eq!(ground.git("rev-parse --is-shallow-repository"), "true"))
    .kept();
}

#[test]
fn in_a_partial_clone_whose_origin_is_gone_a_change_is_kept() {
    given(|ground| {
        ground.edit_record("second");
        ground.commit_all();
        go_to_clone(ground, "--filter=blob:none");
        // Whoever now asks for an object that is not here fails.
        fs::rename(ground.beside("repo"), ground.beside("gone")).unwrap();
    })
    .then(|ground, _| {
        let missing = ground.git("rev-list --objects --all --missing=print");
        assert!(missing.lines().any(|line| line.starts_with('?')), "{missing}");
    })
    .kept();
}

#[test]
fn in_a_clone_without_trees_whose_origin_is_gone_a_change_is_kept() {
    given(|ground| {
        ground.edit_record("second");
        ground.commit_all();
        go_to_clone(ground, "--filter=tree:0");
        fs::rename(ground.beside("repo"), ground.beside("gone")).unwrap();
    })
    .kept();
}

#[test]
fn in_a_clone_that_borrows_its_objects_a_change_is_kept_in_the_clone() {
    given(|ground| {
        let clone = ground.beside("clone");
        ground.git(&format!("clone --quiet --shared . {}", clone.display()));
        ground.go_to(&clone);
    })
    .then(|ground, _| {
        let head = ground.head();
        assert!(ground.git_path("objects").join(&head[..2]).join(&head[2..]).exists());
        assert!(!ground.beside("repo/.git/objects").join(&head[..2]).join(&head[2..]).exists());
    })
    .kept();
}

#[test]
fn with_packed_refs_and_objects_a_change_is_kept() {
    given(|ground| {
        ground.edit_record("second");
        ground.commit_all();
        ground.git("tag --annotate old --message old");
        ground.git("pack-refs --all --prune");
        ground.git("gc --quiet");
        ground.git("commit-graph write --reachable --changed-paths --no-progress");
        ground.git("multi-pack-index write --no-progress");
        assert!(!ground.git_path("refs/heads/main").exists());
    })
    .kept();
}

#[test]
fn with_an_empty_folder_where_the_ref_belongs_a_change_is_kept() {
    given(|ground| {
        ground.git("pack-refs --all --prune");
        fs::create_dir_all(ground.git_path("refs/heads/main/left/over")).unwrap();
    })
    .kept();
}

#[test]
fn with_a_replaced_commit_a_change_is_kept_on_the_true_one() {
    given(|ground| {
        ground.edit_record("second");
        ground.commit_all();
        // The history seems to begin here; the parent of the next commit is the true one.
        ground.git("replace --graft HEAD");
    })
    .then(|ground, _| {
        let shown = ground.git("cat-file -p HEAD");
        assert_eq!(shown.lines().filter(|line| line.starts_with("parent ")).count(), 1);
    })
    .append_kept();
}

#[test]
fn with_a_replaced_record_a_change_is_kept() {
    given(|ground| {
        let blob = ground.git_words(&["rev-parse", &format!("HEAD:{RECORD}")]);
        let other = ground.git("hash-object -w docs/a.md");
        ground.git(&format!("replace {blob} {other}"));
    })
    .kept();
}

#[test]
fn with_compression_and_packing_set_otherwise_a_change_is_kept() {
    for (name, value) in [
        ("core.compression", "0"),
        ("core.looseCompression", "9"),
        ("core.bigFileThreshold", "1"),
        ("core.sharedRepository", "group"),
        ("core.fsync", "none"),
        ("core.multiPackIndex", "false"),
        ("gc.auto", "1"),
    ] {
        given(move |ground| ground.config(name, value)).append_kept();
    }
}

#[test]
fn with_settings_of_each_work_tree_a_change_is_kept() {
    given(|ground| {
        ground.config("extensions.worktreeConfig", "true");
        ground.git("config set --worktree core.autocrlf input");
    })
    .kept();
}

#[test]
fn an_extension_that_git_does_not_know_is_refused() {
    given(|ground| {
        let config = ground.git_path("config");
        let text = fs::read_to_string(&config)
            .unwrap()
            .replace("repositoryformatversion = 0", "repositoryformatversion = 1");
        fs::write(config, text + "[extensions]\n\tunheardOf = true\n").unwrap();
    })
    .alone()
    .refused(3, &["unheardof"]);
}

#[test]
fn a_setting_that_git_cannot_read_is_refused() {
    given(|ground| {
        let config = ground.git_path("config");
        let text = fs::read_to_string(&config).unwrap();
        fs::write(config, text + "[core\n").unwrap();
    })
    .alone()
    .refused(3, &["config"]);
}

#[test]
fn a_history_that_is_broken_is_refused() {
    given(|ground| {
        let head = ground.head();
        fs::remove_file(ground.git_path("objects").join(&head[..2]).join(&head[2..])).unwrap();
    })
    .alone()
    .expect(Expect::Refused(3, &["HEAD"]), Expect::Refused(3, &["failed to unpack tree object"]));
}

/// What a power cut or a hand may leave of a branch.
const BROKEN_REFS: [&str; 3] = ["", "rubbish\n", "0000000000000000000000000000000000000000\n"];

fn break_ref(ground: &Ground, text: &str) {
    fs::write(ground.git_path("refs/heads/main"), text).unwrap();
}

#[test]
fn on_a_ref_that_holds_no_commit_a_declaration_is_refused() {
    for text in BROKEN_REFS {
        let state = given(move |ground| break_ref(ground, text));
        state.alone().expect(Expect::Untried, Expect::Refused(3, &["HEAD"]));
    }
}

#[test]
fn on_a_ref_that_holds_no_commit_a_change_is_refused() {
    for text in BROKEN_REFS {
        given(move |ground| break_ref(ground, text)).alone().refused(3, &["HEAD"]);
    }
}

#[test]
fn the_untouched_state_has_a_plain_index() {
    let ground = Ground::new(&[], None, false);
    assert_eq!(proof::index_format(&ground), "index of version 2 with []");
}
