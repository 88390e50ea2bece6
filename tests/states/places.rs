//! Where the work tree, the git folder and the records lie.

use std::fs;
use std::os::unix::fs::symlink;

use super::ground::Ground;
use super::{Expect, RECORD, given, proof};

#[test]
fn in_a_linked_work_tree_a_change_is_kept_on_its_branch() {
    given(|ground| {
        ground.stage_and_edit_neighbours();
        ground.git("worktree add --quiet -b linked ../linked");
        ground.go_to(&ground.beside("linked"));
    })
    .then(|ground, _| {
        assert_eq!(ground.git("symbolic-ref HEAD"), "refs/heads/linked");
        assert_eq!(ground.git("log --format=%s main"), "first");
        let main = ground.beside("repo").display().to_string();
        let staged = ground.git(&format!("-C {main} diff --cached --name-only"));
        assert_eq!(staged, "added.txt\ngone.txt\npartly.txt\nstaged.txt");
    })
    .kept();
}

#[test]
fn in_a_linked_work_tree_on_no_branch_a_change_is_kept() {
    given(|ground| {
        ground.git("worktree add --quiet --detach ../linked");
        ground.go_to(&ground.beside("linked"));
    })
    .kept();
}

#[test]
fn in_two_work_trees_of_one_branch_a_change_is_kept() {
    given(|ground| {
        ground.git("worktree add --quiet --force ../linked main");
        ground.go_to(&ground.beside("linked"));
    })
    .kept();
}

#[test]
fn in_a_work_tree_of_a_bare_repository_a_change_is_kept() {
    given(|ground| {
        ground.git("clone --quiet --bare . ../bare.git");
        let bare = ground.beside("bare.git").display().to_string();
        ground.git(&format!("-C {bare} worktree add --quiet ../linked"));
        ground.go_to(&ground.beside("linked"));
    })
    .kept();
}

#[test]
fn in_a_bare_repository_a_change_is_refused() {
    given(|ground| {
        ground.git("clone --quiet --bare . ../bare.git");
        ground.from = ground.beside("bare.git");
    })
    .refused(3, &["bare repository", "go to a clone of it"]);
}

/// Goes on in a submodule `sub` that is a clone of the repository, inside a repository of its own.
fn go_to_submodule(ground: &mut Ground) {
    let outer = ground.beside("outer");
    ground.git(&format!("init --quiet --initial-branch=main {}", outer.display()));
    let repo = ground.top.display().to_string();
    ground.go_to(&outer);
    ground.git(&format!("submodule --quiet add {repo} sub"));
    ground.git("commit --quiet --message outer");
    ground.go_to(&outer.join("sub"));
}

#[test]
fn in_a_submodule_a_change_is_kept_there_and_not_outside() {
    given(go_to_submodule)
        .then(|ground, _| {
            let outer = ground.beside("outer").display().to_string();
            assert_eq!(ground.git(&format!("-C {outer} log --format=%s")), "outer");
            assert_eq!(ground.git(&format!("-C {outer} diff --cached")), "");
        })
        .kept();
}

#[test]
fn records_in_a_repository_inside_the_repository_are_refused() {
    given(|ground| {
        ground.git("rm --quiet -r --cached incidents");
        ground.git("commit --quiet --message apart");
        let inner = ground.top.join("incidents").display().to_string();
        ground.git(&format!("-C {inner} init --quiet --initial-branch=main --template="));
        ground.git(&format!("-C {inner} add --all"));
        ground.git(&format!("-C {inner} commit --quiet --message inner"));
        ground.options.push("--include-edits");
    })
    .alone()
    .refused(3, &["incidents"]);
}

#[test]
fn with_the_git_folder_elsewhere_a_change_is_kept() {
    given(|ground| {
        let git_dir = ground.beside("elsewhere");
        ground.git(&format!("init --quiet --separate-git-dir {}", git_dir.display()));
        assert!(ground.top.join(".git").is_file());
    })
    .kept();
}

#[test]
fn with_the_git_folder_inside_another_repository_a_change_is_kept_and_not_there() {
    given(|ground| {
        let outer = ground.beside("outer");
        ground.git(&format!("clone --quiet . {}", outer.display()));
        ground.git(&format!("init --quiet --separate-git-dir {}/elsewhere", outer.display()));
    })
    .then(|ground, _| {
        let outer = ground.beside("outer").display().to_string();
        assert_eq!(ground.git(&format!("-C {outer} log --format=%s")), "first");
    })
    .kept();
}

#[test]
fn with_a_git_folder_that_is_a_symbolic_link_a_change_is_kept() {
    given(|ground| {
        fs::rename(ground.top.join(".git"), ground.beside("elsewhere")).unwrap();
        symlink("../elsewhere", ground.top.join(".git")).unwrap();
    })
    .kept();
}

#[test]
fn through_a_symbolic_link_to_the_repository_a_change_is_kept() {
    given(|ground| {
        symlink(&ground.top, ground.beside("link")).unwrap();
        ground.from = ground.beside("link/docs");
    })
    .kept();
}

#[test]
fn in_a_folder_with_an_odd_name_a_change_is_kept() {
    given(|ground| {
        let odd = ground.beside(" a 'b' \"c\" $d\n:(top)* é");
        fs::rename(&ground.top, &odd).unwrap();
        ground.go_to(&odd);
    })
    .kept();
}

#[test]
fn with_incidents_a_symbolic_link_inside_the_repository_a_change_is_kept_where_it_leads() {
    given(|ground| {
        ground.git("mv incidents records");
        symlink("records", ground.top.join("incidents")).unwrap();
        ground.commit_all();
    })
    .then(|ground, change| {
        let changed = ground.git("show --format= --name-only");
        assert!(changed.starts_with("records/2023/"), "{change:?}: {changed}");
        assert!(ground.top.join("incidents").is_symlink());
    })
    .kept();
}

#[test]
fn with_a_record_that_is_a_symbolic_link_inside_the_repository_its_file_is_changed() {
    given(|ground| {
        ground.git_words(&["mv", RECORD, "docs/record.yaml"]);
        symlink("../../docs/record.yaml", ground.top.join(RECORD)).unwrap_or_else(|_| {
            fs::create_dir_all(ground.top.join("incidents/2023")).unwrap();
            symlink("../../docs/record.yaml", ground.top.join(RECORD)).unwrap();
        });
        ground.commit_all();
    })
    .then(|ground, _| assert!(ground.top.join(RECORD).is_symlink()))
    .kept();
}

/// The records lie beside the repository, and a symbolic link leads there.
fn link_records_out(ground: &mut Ground) {
    fs::rename(ground.top.join("incidents"), ground.beside("records")).unwrap();
    symlink("../records", ground.top.join("incidents")).unwrap();
    ground.commit_all();
}

const OUTSIDE: &[&str] = &["is not a place for records", "use a path inside it"];

#[test]
fn with_incidents_a_symbolic_link_out_of_the_repository_a_declaration_is_refused() {
    given(link_records_out).expect(Expect::Untried, Expect::Refused(4, OUTSIDE));
}

#[test]
fn with_incidents_a_symbolic_link_out_of_the_repository_a_change_is_refused() {
    given(link_records_out).refused(4, OUTSIDE);
}

#[test]
fn in_a_sparse_checkout_that_holds_the_records_a_change_is_kept() {
    for options in ["--cone", "--cone --sparse-index", "--no-cone"] {
        given(move |ground| {
            ground.git(&format!("sparse-checkout set {options} incidents policies"));
            assert!(!ground.top.join("docs/a.md").exists());
        })
        .alone()
        .then(move |ground, _| {
            let is_sparse = proof::index_format(ground).contains("sdir");
            assert_eq!(is_sparse, options.contains("sparse-index"), "{options}");
            assert!(!ground.top.join("docs").exists());
        })
        .kept();
    }
}

/// The records are in the repository, but not in the work tree.
fn leave_records_out(ground: &Ground, options: &str) {
    ground.git(&format!("sparse-checkout set {options} docs"));
    assert!(!ground.top.join("incidents").exists());
}

#[test]
fn in_a_sparse_checkout_without_the_records_only_a_declaration_is_kept() {
    given(|ground| leave_records_out(ground, "--cone"))
        .append_refused(1, &["is in the repository but not in your sparse checkout"]);
}

#[test]
fn in_a_sparse_checkout_without_the_records_whose_index_is_sparse_a_declaration_is_kept() {
    given(|ground| leave_records_out(ground, "--cone --sparse-index")).expect(Expect::Untried, Expect::Kept);
}

#[test]
fn in_a_sparse_checkout_without_the_record_it_is_said_how_to_have_it() {
    given(|ground| {
        ground.git("sparse-checkout set --cone docs");
    })
    .append_refused(1, &["git sparse-checkout add incidents"]);
}
