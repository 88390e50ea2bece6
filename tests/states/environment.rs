//! What the surroundings hand down: variables of a git that started us, and the folder we are started in.

use std::fs;

use super::ground::Ground;
use super::{Expect, RECORD, given};

/// Another repository, with an index of its own, to which no variable may lead us.
fn foreign(ground: &Ground) -> String {
    let foreign = ground.beside("foreign");
    ground.git(&format!("clone --quiet . {}", foreign.display()));
    foreign.display().to_string()
}

#[test]
fn variables_that_name_another_repository_lead_to_no_other() {
    given(|ground| {
        let foreign = foreign(ground);
        for (name, below) in [
            ("GIT_DIR", "/.git"),
            ("GIT_WORK_TREE", ""),
            ("GIT_INDEX_FILE", "/.git/index"),
            ("GIT_COMMON_DIR", "/.git"),
            ("GIT_OBJECT_DIRECTORY", "/.git/objects"),
        ] {
            ground.set_env(name, format!("{foreign}{below}"));
        }
        ground.set_env("GIT_PREFIX", "docs/");
        ground.set_env("GIT_NAMESPACE", "other");
        ground.set_env("GIT_LITERAL_PATHSPECS", "1");
        ground.set_env("GIT_REFLOG_ACTION", "rebase");
    })
    .then(|ground, _| {
        let foreign = ground.beside("foreign").display().to_string();
        assert_eq!(ground.git(&format!("-C {foreign} log --format=%s")), "first");
        assert_eq!(ground.git(&format!("-C {foreign} status --porcelain")), "");
    })
    .kept();
}

#[test]
fn the_index_of_a_commit_that_is_being_made_is_left_alone() {
    given(|ground| {
        let other = ground.git_path("next-commit");
        fs::copy(ground.git_path("index"), &other).unwrap();
        ground.set_env("GIT_INDEX_FILE", other);
        ground.set_env("GIT_DIR", ".git");
    })
    .then(|ground, _| {
        let bytes = fs::read(ground.git_path("next-commit")).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(text.contains(RECORD) && !text.contains("disk-full"));
    })
    .kept();
}

#[test]
fn from_a_hook_after_the_users_commit_a_change_is_kept_as_a_commit_of_its_own() {
    for way in ["", "program"] {
        let ground = Ground::new(&[], None, false);
        let seen = ground.beside("seen").display().to_string();
        let guard = "[ -z \"$IN_HOOK\" ] || exit 0; export IN_HOOK=1";
        let add = format!("INC_GIT={way} inc-timeline add kubernetes 'deployed' > {seen} 2>&1");
        ground.hook("post-commit", &format!("{guard}\n{add}\n"));
        ground.stage_and_edit_neighbours();
        ground.git("commit --quiet --message deploy");
        let subjects = ground.git("log --format=%s");
        assert_eq!(subjects, "timeline: deployed\ndeploy\nfirst", "{:?}", fs::read_to_string(&seen));
        assert_eq!(ground.git("show --format= --name-only"), RECORD);
        assert_eq!(ground.git("diff --cached --name-only"), "");
        assert_eq!(ground.git("diff --name-only"), "dirty.txt\npartly.txt");
    }
}

#[test]
fn from_a_hook_that_holds_the_index_a_change_is_refused_and_the_users_commit_goes_on() {
    for way in ["", "program"] {
        let ground = Ground::new(&[], None, false);
        let seen = ground.beside("seen").display().to_string();
        let add = "inc-timeline add --lock-timeout 0 kubernetes deployed";
        ground.hook("pre-commit", &format!("INC_GIT={way} {add} > {seen} 2>&1; echo \"exit $?\" >> {seen}"));
        ground.write("dirty.txt", "edited\n");
        // With --all git holds the index from before its hooks until after them.
        ground.git("commit --quiet --all --message deploy");
        let seen = fs::read_to_string(seen).unwrap();
        assert!(seen.contains("index.lock") && seen.ends_with("exit 3\n"), "{seen}");
        assert_eq!(ground.git("log --format=%s"), "deploy\nfirst");
        assert_eq!(ground.git("show --format= --name-only"), "dirty.txt");
        assert_eq!(ground.git("status --porcelain"), "");
    }
}

#[test]
fn settings_that_a_git_hands_down_hold() {
    given(|ground| {
        ground.unset_env("INC_AUTHOR");
        ground.set_env("GIT_CONFIG_COUNT", "2");
        ground.set_env("GIT_CONFIG_KEY_0", "user.name");
        ground.set_env("GIT_CONFIG_VALUE_0", "Grace");
        ground.set_env("GIT_CONFIG_KEY_1", "user.email");
        ground.set_env("GIT_CONFIG_VALUE_1", "grace@example.org");
    })
    .signed(format!("Grace <grace@example.org> {0}, Grace <grace@example.org> {0}", super::NOW))
    .kept();
}

#[test]
fn settings_of_git_minus_c_hold() {
    given(|ground| {
        ground.unset_env("INC_AUTHOR");
        ground.set_env("GIT_CONFIG_PARAMETERS", "'user.name'='Grace' 'user.email'='grace@example.org'");
    })
    .signed(format!("Grace <grace@example.org> {0}, Grace <grace@example.org> {0}", super::NOW))
    .kept();
}

#[test]
fn settings_of_the_home_folder_hold() {
    for name in ["home/.gitconfig", "home/.config/git/config"] {
        given(move |ground| {
            ground.unset_env("INC_AUTHOR");
            ground.unset_env("GIT_CONFIG_GLOBAL");
            let file = ground.beside(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(
                file,
                "[user]\n\tname = Grace\n\temail = grace@example.org\n[core]\n\tautocrlf = input\n",
            )
            .unwrap();
        })
        .signed(format!("Grace <grace@example.org> {0}, Grace <grace@example.org> {0}", super::NOW))
        .append_kept();
    }
}

#[test]
fn settings_that_another_file_includes_hold() {
    given(|ground| {
        let hooks = ground.beside("hooks");
        fs::create_dir(&hooks).unwrap();
        ground.script(&hooks.join("commit-msg"), "sed -i '1s/^/[ops] /' \"$1\"");
        let included = ground.beside("home/included");
        fs::write(&included, format!("[core]\n\thooksPath = {}\n", hooks.display())).unwrap();
        let condition = format!("includeIf.gitdir:{}/.path", ground.top.display());
        ground.config(&condition, &included.display().to_string());
    })
    .message(|message| format!("[ops] {message}"))
    .kept();
}

#[test]
fn from_a_folder_below_the_top_a_change_is_kept() {
    for folder in ["docs", "incidents/2023"] {
        given(move |ground| ground.from = ground.top.join(folder)).kept();
    }
}

#[test]
fn from_elsewhere_with_the_option_for_the_folder_a_change_is_kept() {
    given(|ground| {
        ground.from = ground.beside("home");
        ground.options.extend(["-C", "../repo/docs"]);
    })
    .kept();
}

#[test]
fn from_inside_the_git_folder_a_change_is_kept() {
    given(|ground| ground.from = ground.git_path("refs")).kept();
}

#[test]
fn from_a_folder_that_a_ceiling_keeps_from_the_repository_a_change_is_refused() {
    given(|ground| {
        ground.set_env("GIT_CEILING_DIRECTORIES", ground.top.clone());
        ground.from = ground.top.join("docs");
    })
    .refused(3, &["no git repository at or above", "inc init"]);
}

#[test]
fn with_pathspecs_that_ignore_case_only_the_record_is_committed() {
    given(|ground| ground.set_env("GIT_ICASE_PATHSPECS", "1")).kept();
}

#[test]
fn with_an_umask_that_closes_all_a_change_is_kept() {
    given(|ground| {
        ground.starter = ["/bin/sh", "-c", "umask 077; exec \"$@\"", "sh"].map(ToOwned::to_owned).into()
    })
    .kept();
}

#[test]
fn without_a_home_a_change_is_kept() {
    given(|ground| {
        for name in ["HOME", "GIT_CONFIG_GLOBAL", "TZ", "LC_ALL"] {
            ground.unset_env(name);
        }
    })
    .kept();
}

#[test]
fn without_a_git_on_the_path_a_change_is_refused() {
    given(|ground| ground.set_env("PATH", ground.beside("home")))
        .expect(Expect::Refused(3, &["git", "install git"]), Expect::Refused(3, &["git", "install git"]));
}
