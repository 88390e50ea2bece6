//! What git makes of a file's bytes between the work tree and the repository.

use super::ground::Ground;
use super::{Change, DECLARED, Expect, RECORD, given};

/// Attributes for the records, committed, and the record checked out anew under them.
fn attributes(ground: &Ground, line: &str) {
    ground.write(".gitattributes", &format!("{line}\n"));
    ground.git("add --renormalize .");
    ground.commit_all();
    check_out_anew(ground);
}

fn check_out_anew(ground: &Ground) {
    ground.git("rm --quiet -r --cached .");
    ground.git("reset --quiet --hard");
}

/// The lines of the record that was changed which end in CR LF, and those that do not.
fn line_ends(ground: &Ground, change: Change) -> (usize, usize) {
    let text = ground.read(if change == Change::Append { RECORD } else { DECLARED });
    let crlf = text.matches("\r\n").count();
    (crlf, text.matches('\n').count() - crlf)
}

/// The record has CR LF in the work tree, all through, and none in the repository; a new one has none in either.
fn check_crlf(ground: &Ground, change: Change) {
    let (crlf, lf) = line_ends(ground, change);
    match change {
        Change::Append => assert!(crlf > 20 && lf == 0, "{crlf} {lf}"),
        Change::Declare => assert!(crlf == 0 || lf == 0, "{crlf} {lf}"),
    }
    let blob = ground.command(&["cat-file", "blob", &format!("HEAD:{RECORD}")]).output().unwrap().stdout;
    assert!(!blob.contains(&b'\r'));
}

#[test]
fn with_autocrlf_a_change_is_kept_with_the_line_ends_of_the_work_tree() {
    given(|ground| {
        ground.config("core.autocrlf", "true");
        check_out_anew(ground);
    })
    .then(check_crlf)
    .kept();
}

#[test]
fn with_autocrlf_input_a_change_is_kept() {
    given(|ground| ground.config("core.autocrlf", "input")).kept();
}

#[test]
fn with_autocrlf_input_a_record_with_cr_lf_in_the_work_tree_is_kept() {
    given(|ground| {
        ground.config("core.autocrlf", "input");
        ground.write(RECORD, &ground.read(RECORD).replace('\n', "\r\n"));
        ground.git("add incidents");
    })
    .then(check_crlf)
    .kept();
}

#[test]
fn a_record_committed_with_cr_lf_keeps_them() {
    given(|ground| {
        ground.write(RECORD, &ground.read(RECORD).replace('\n', "\r\n"));
        ground.commit_all();
    })
    .then(|ground, change| {
        if change == Change::Append {
            let (crlf, lf) = line_ends(ground, change);
            assert!(crlf > 20 && lf == 0, "{crlf} {lf}");
        }
    })
    .kept();
}

#[test]
fn with_safecrlf_a_new_record_that_would_change_on_the_way_is_refused() {
    given(|ground| {
        ground.config("core.autocrlf", "true");
        ground.config("core.safecrlf", "true");
        check_out_anew(ground);
    })
    .alone()
    .expect(Expect::Kept, Expect::Refused(3, &["LF would be replaced by CRLF"]));
}

#[test]
fn with_attributes_for_line_ends_a_change_is_kept() {
    for line in ["* text eol=crlf", "*.yaml eol=crlf", "* text=auto eol=crlf"] {
        given(move |ground| attributes(ground, line)).then(check_crlf).kept();
    }
    for line in ["* text=auto", "* -text", "*.yaml text eol=lf", "*.yaml binary"] {
        given(move |ground| attributes(ground, line)).append_kept();
    }
}

#[test]
fn with_attributes_outside_of_the_work_tree_a_change_is_kept() {
    given(|ground| {
        let info = ground.git_path("info");
        std::fs::create_dir_all(&info).unwrap();
        std::fs::write(info.join("attributes"), "*.yaml text eol=crlf\n").unwrap();
        check_out_anew(ground);
    })
    .then(check_crlf)
    .kept();
    given(|ground| {
        let file = ground.beside("attributes");
        std::fs::write(&file, "*.yaml text eol=crlf\n").unwrap();
        ground.config("core.attributesFile", &file.display().to_string());
        check_out_anew(ground);
    })
    .then(check_crlf)
    .kept();
}

#[test]
fn with_attributes_in_the_folder_of_the_records_a_change_is_kept() {
    given(|ground| {
        ground.write("incidents/.gitattributes", "*.yaml text eol=crlf\n");
        ground.commit_all();
        check_out_anew(ground);
    })
    .then(check_crlf)
    .kept();
}

#[test]
fn with_a_clean_filter_the_commit_holds_what_the_filter_makes() {
    given(|ground| {
        ground.config("filter.shout.clean", "sed 's/misbehaving/MISBEHAVING/'");
        ground.config("filter.shout.smudge", "sed 's/MISBEHAVING/misbehaving/'");
        attributes(ground, "incidents/** filter=shout");
    })
    .then(|ground, _| {
        assert!(ground.git_words(&["cat-file", "blob", &format!("HEAD:{RECORD}")]).contains("MISBEHAVING"));
        assert!(!ground.read(RECORD).contains("MISBEHAVING"));
    })
    .kept();
}

#[test]
fn with_a_filter_that_keeps_the_content_elsewhere_the_commit_holds_the_pointer() {
    given(|ground| {
        let store = ground.beside("store");
        std::fs::create_dir(&store).unwrap();
        let clean = ground.beside("clean");
        ground.script(
            &clean,
            &format!(
                "cat > '{0}/new'\nsum=$(sha256sum < '{0}/new' | cut -c 1-64)\ncp '{0}/new' \"{0}/$sum\"\n\
                 echo version https://git-lfs.github.com/spec/v1\necho oid sha256:$sum",
                store.display()
            ),
        );
        let smudge = ground.beside("smudge");
        ground.script(&smudge, &format!("cat \"{}/$(sed -n 's/^oid sha256://p')\"", store.display()));
        for (name, value) in [
            ("filter.large.clean", clean.display().to_string()),
            ("filter.large.smudge", smudge.display().to_string()),
            ("filter.large.required", "true".into()),
        ] {
            ground.config(name, &value);
        }
        ground.write(".gitattributes", "incidents/** filter=large diff=large merge=large -text\n");
        ground.git("add --renormalize .");
        ground.commit_all();
    })
    .then(|ground, _| {
        let blob = ground.git_words(&["cat-file", "blob", &format!("HEAD:{RECORD}")]);
        assert!(blob.starts_with("version https://git-lfs.github.com/spec/v1\noid sha256:"), "{blob}");
    })
    .kept();
}

#[test]
fn with_a_required_filter_that_fails_a_change_is_refused() {
    given(|ground| {
        attributes(ground, "incidents/** filter=broken");
        ground.config("filter.broken.clean", "echo no key for the vault >&2; false");
        ground.config("filter.broken.smudge", "cat");
        ground.config("filter.broken.required", "true");
    })
    .alone()
    .expect(Expect::Untried, Expect::Refused(3, &["no key for the vault", "clean filter 'broken' failed"]));
}

#[test]
fn with_a_filter_that_is_not_required_and_fails_a_change_is_kept() {
    given(|ground| {
        attributes(ground, "incidents/** filter=broken");
        ground.config("filter.broken.clean", "false");
    })
    .alone()
    .kept();
}

#[test]
fn with_a_filter_that_nobody_has_set_up_a_change_is_kept() {
    given(|ground| attributes(ground, "*.yaml filter=lfs diff=lfs merge=lfs")).kept();
}

#[test]
fn with_ident_a_change_is_kept_and_the_repository_holds_no_expansion() {
    given(|ground| {
        ground.write(RECORD, &format!("# $Id$\n{}", ground.read(RECORD)));
        attributes(ground, "*.yaml ident");
        assert!(ground.read(RECORD).starts_with("# $Id: "), "{}", ground.read(RECORD));
    })
    .then(|ground, _| {
        let blob = ground.git_words(&["cat-file", "blob", &format!("HEAD:{RECORD}")]);
        assert!(blob.starts_with("# $Id$\n"), "{blob}");
    })
    .kept();
}

#[test]
fn with_another_encoding_of_the_same_bytes_a_change_is_kept() {
    given(|ground| attributes(ground, "*.yaml working-tree-encoding=ISO-8859-1")).kept();
}

#[test]
fn with_utf_16_in_the_work_tree_a_change_is_refused() {
    given(|ground| attributes(ground, "incidents/** working-tree-encoding=UTF-16LE-BOM"))
        .alone()
        .expect(Expect::Refused(4, &["is not UTF-8 text", "save it as UTF-8"]), Expect::Untried);
}

#[test]
fn with_utf_16_in_the_work_tree_a_declaration_is_refused() {
    given(|ground| attributes(ground, "incidents/** working-tree-encoding=UTF-16LE-BOM"))
        .alone()
        .expect(Expect::Untried, Expect::Refused(3, &["UTF-16LE"]));
}

#[test]
fn attributes_that_do_not_concern_the_bytes_do_not_matter() {
    for line in [
        "*.yaml export-ignore",
        "*.yaml export-subst",
        "*.yaml diff=yaml whitespace=trailing-space",
        "*.yaml -diff merge=union conflict-marker-size=40",
        "*.yaml linguist-generated -delta",
        "[attr]record text diff\nincidents/** record",
    ] {
        given(move |ground| attributes(ground, line)).append_kept();
    }
}

#[test]
fn a_record_that_git_takes_for_binary_is_kept() {
    given(|ground| {
        ground.write(".gitattributes", "*.yaml -diff -text\n");
        ground.config("diff.external", "false");
        ground.commit_all();
    })
    .kept();
}
