//! `inc-role`.

use crate::support::{ID, TestRepo};

#[test]
fn roles_are_given_handed_over_and_left() {
    let repo = TestRepo::with_incident();
    repo.ok("inc-role assign commander", &["Ada Lovelace"])
        .prints("commander        Ada Lovelace\nreporter         Mathieu Corbin\n")
        .says(&["role: Ada Lovelace is commander [commit "]);
    assert_eq!(repo.message(), format!("role: Ada Lovelace is commander\n\nIncident: {ID}"));
    repo.ok("inc-role assign cluster-3 scribe", &["Grace \"Amazing\" Hopper"]);
    repo.ok("inc-role assign responder", &["Grace Hopper"]);
    repo.ok("inc-role assign responder", &["Alan Turing"]);
    repo.ok("inc-role assign commander", &["Alan Turing"]);
    repo.ok("inc-role show", &[]).prints(
        "commander        Alan Turing
scribe           Grace \"Amazing\" Hopper
responder        Grace Hopper
responder        Alan Turing
reporter         Mathieu Corbin
",
    );
    let view = repo.ok("inc-role release responder --format json", &["Grace Hopper"]).json();
    assert_eq!(view["commander"], "Alan Turing");
    assert_eq!(view["roles"]["scribe"], "Grace \"Amazing\" Hopper");
    assert_eq!(view["responders"], serde_json::json!(["Alan Turing"]));
    assert_eq!(view["commit"], repo.head());
    let entries = repo.ok("inc-timeline list --format json", &[]).json();
    let told = entries.as_array().unwrap().iter().filter(|entry| entry["kind"] == "role").count();
    assert_eq!(told, 6);
}

#[test]
fn the_same_again_changes_nothing() {
    let repo = TestRepo::with_incident();
    repo.ok("inc-role assign commander", &["Ada Lovelace"]);
    let head = repo.head();
    repo.ok("inc-role assign commander", &["Ada Lovelace"])
        .says(&["Ada Lovelace is commander already", "[nothing to change]"]);
    assert_eq!(repo.head(), head);
}

#[test]
fn who_leaves_need_not_be_named_where_one_holds_the_role() {
    let repo = TestRepo::with_incident();
    repo.ok("inc-role assign commander", &["Ada Lovelace"]);
    repo.ok("inc-role release commander", &[]).prints("reporter         Mathieu Corbin\n");
    assert!(repo.message().starts_with("role: Ada Lovelace is no longer commander\n"));
    repo.ok("inc-role assign commander", &["Ada Lovelace"]);
    repo.ok("inc-role release cluster-3 ic", &[]).prints("reporter         Mathieu Corbin\n");
    repo.fails(1, "inc-role release commander", &[]).says(&["nobody is commander of"]);
    repo.ok("inc-role assign scribe Bob", &[]);
    repo.ok("inc-role release scribe", &[]).prints("reporter         Mathieu Corbin\n");
    for name in ["Ada", "Bob"] {
        repo.ok("inc-role assign responder", &[name]);
    }
    let several = repo.fails(1, "inc-role release responder", &[]);
    several.says(&["which responder leaves? Name one of: Ada, Bob"]);
    repo.ok("inc-role release responder Ada", &[]);
    repo.ok("inc-role release cluster-3 responder", &[]).says(&["Bob is no longer responder"]);
    repo.fails(1, "inc-role release responder", &[]).says(&["nobody is responder of"]);
}

#[test]
fn what_cannot_be_is_refused() {
    let repo = TestRepo::with_incident();
    repo.ok("inc-role assign commander", &["Ada Lovelace"]);
    for (code, line, words, said) in [
        (1, "inc-role release responder", &["Ada"][..], "Ada is no responder of"),
        (1, "inc-role release scribe", &["Ada"], "nobody is scribe of"),
        (1, "inc-role release commander", &["Bob"], "is Ada Lovelace, not Bob"),
        (2, "inc-role assign", &["a role", "Bob"], "`a role` is not a role's name"),
        (2, "inc-role assign ../x Bob", &[], "`../x` is not a role's name"),
        (2, "inc-role assign scribe", &[""], "the text is empty"),
        (2, "inc-role assign scribe", &["a\nb"], "several lines"),
        (2, "inc-role assign scribe", &["a\u{1b}b"], "U+001B"),
        (2, "inc-role assign", &["Bob"], "2 or 3 arguments are wanted, 1 given: see --help"),
        (2, "inc-role assign a b c d", &[], "unexpected value"),
    ] {
        repo.fails(code, line, words).prints("").says(&[said]);
    }
}
