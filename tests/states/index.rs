//! How the index holds what it holds, and what it is told of other files.

use std::fs;

use super::ground::Ground;
use super::{given, proof};

#[test]
fn another_file_that_is_only_intended_stays_so() {
    given(|ground| {
        ground.write("intended.txt", "!\n");
        ground.git("add --intent-to-add intended.txt");
    })
    .kept();
}

#[test]
fn other_files_assumed_unchanged_or_skipped_stay_so() {
    given(|ground| {
        ground.git("update-index --assume-unchanged docs/a.md");
        ground.git("update-index --skip-worktree inc.yaml");
        ground.write("docs/a.md", "git does not look\n");
    })
    .kept();
}

/// Both changes are kept, and the index is in the form that holds `part` before and after.
fn kept_in_form(part: &'static str, set_up: impl Fn(&mut Ground) + 'static) {
    given(set_up)
        .then(move |ground, _| {
            let form = proof::index_format(ground);
            assert!(form.contains(part), "{form}");
        })
        .kept();
}

#[test]
fn a_split_index_stays_split() {
    kept_in_form("link", |ground| {
        ground.config("core.splitIndex", "true");
        ground.git("update-index --split-index");
    });
}

#[test]
fn an_index_of_version_4_stays_so() {
    kept_in_form("version 4", |ground| {
        ground.config("index.version", "4");
        ground.git("update-index --index-version 4");
    });
}

#[test]
fn an_index_of_version_4_that_no_setting_asks_for_stays_so() {
    kept_in_form("version 4", |ground| {
        ground.git("update-index --index-version 4");
    });
}

#[test]
fn the_untracked_cache_stays() {
    kept_in_form("UNTR", |ground| {
        ground.config("core.untrackedCache", "true");
        ground.git("update-index --force-untracked-cache");
    });
}

#[test]
fn an_index_without_a_checksum_stays_so() {
    given(|ground| {
        ground.config("index.skipHash", "true");
        ground.git("update-index --force-write-index");
    })
    .then(|ground, _| {
        let bytes = fs::read(ground.git_path("index")).unwrap();
        assert_eq!(bytes[bytes.len() - 20..], [0; 20]);
    })
    .kept();
}

#[test]
fn the_settings_for_many_files_are_no_hindrance() {
    given(|ground| {
        ground.config("feature.manyFiles", "true");
        ground.git("update-index --force-write-index");
    })
    .kept();
}

#[test]
fn settings_of_how_git_looks_at_files_are_no_hindrance() {
    for (name, value) in [
        ("core.fsmonitor", "false"),
        ("core.trustctime", "false"),
        ("core.checkStat", "minimal"),
        ("core.preloadIndex", "false"),
        ("index.threads", "true"),
    ] {
        given(move |ground| ground.config(name, value)).append_kept();
    }
}

#[test]
fn a_monitor_of_the_file_system_is_no_hindrance() {
    given(|ground| {
        let monitor = ground.beside("monitor");
        // Version 2: a token, and `/` for: look at everything.
        ground.script(&monitor, r"printf 'token\0/\0'");
        ground.config("core.fsmonitor", &monitor.display().to_string());
        ground.git("update-index --fsmonitor");
    })
    .kept();
}

#[test]
fn a_broken_index_is_refused_in_gits_words() {
    given(|ground| fs::write(ground.git_path("index"), "DIRC, or not").unwrap())
        .alone()
        .refused(3, &["index file"]);
}
