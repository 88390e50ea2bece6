//! Plan: `pdca why`, `set`, `abandon`, `resume`; and which PDCA is meant.

use super::P;
use crate::support::TestRepo;

#[test]
fn whys_hang_below_each_other_in_both_trees() {
    let repo = TestRepo::with_pdca();
    let answer = repo
        .ok("pdca why --occurrence --format json --link", &["graph=https://g.example/1", P, "It lagged"])
        .json();
    assert_eq!((&answer["said"], &answer["pdca"]), (&"o1".into(), &P.into()));
    repo.ok("pdca why --occurrence", &["It ran out of memory"]).prints("o2\n");
    repo.ok("pdca why --under O1", &["890 CRDs"]).prints("o1.1\n");
    repo.ok("pdca why --under o1.1 --root-cause next", &["A test"]).prints("o1.1.1\n");
    repo.ok("pdca why --non-detection --root-cause rc7", &["No alert"]).prints("n1\n");
    assert_eq!(repo.commits()[0], "pdca: why n1 (RC7): No alert");
    repo.ok("pdca why --under n1 --root-cause next", &["Nobody asked"]).prints("n1.1\n");
    let view = repo.ok("pdca show --format json", &[]).json();
    for (place, value) in [
        ("/occurrence/0/why", "It lagged"),
        ("/occurrence/0/links/0/url", "https://g.example/1"),
        ("/occurrence/0/whys/0/whys/0/root_cause", "RC1"),
        ("/occurrence/1/id", "o2"),
        ("/non_detection/0/root_cause", "RC7"),
        ("/non_detection/0/whys/0/root_cause", "RC8"),
    ] {
        assert_eq!(view.pointer(place).and_then(|value| value.as_str()), Some(value), "{place}: {view}");
    }
}

#[test]
fn a_root_cause_is_tagged_and_moved() {
    let repo = TestRepo::with_pdca();
    repo.ok("pdca why --occurrence", &["It lagged"]);
    repo.ok("pdca why --tag O1 --root-cause", &["[rc 3]"]).prints("RC3\n");
    assert_eq!(repo.commits()[0], "pdca: root cause RC3 is o1");
    repo.ok("pdca why --tag o1 --root-cause RC3", &[])
        .prints("RC3\n")
        .says(&["o1 is RC3 already", "nothing to change"]);
    repo.fails(1, "pdca why --tag o1 --root-cause RC4", &[])
        .says(&["o1 is RC3 already", "--edit o1 --root-cause RC"]);
    repo.ok("pdca why --under o1", &["CRDs"])
        .says(&[&format!("move the label: pdca why {P} --tag o1.1 --root-cause RC3 --move")]);
    repo.fails(1, "pdca why --tag o1.1 --root-cause rc3", &[])
        .says(&["RC3 is o1 already: take RC4, or move"]);
    repo.ok("pdca why --tag o1.1 --root-cause rc3 --move", &[P])
        .prints("RC3\n")
        .says(&["o1 is no longer a root cause"]);
    repo.ok("pdca why --tag o1 --root-cause next", &[])
        .prints("RC4\n")
        .says(&["a root cause is mostly a leaf"]);
}

#[test]
fn whys_that_cannot_be_are_refused() {
    let repo = TestRepo::with_pdca();
    repo.ok("pdca why --occurrence", &["It lagged"]);
    for (line, said) in [
        ("pdca why --under o9 x", "there is no why `o9`; known are: o1"),
        ("pdca why --under nonsense x", "there is no why `nonsense`; known are: o1"),
        ("pdca why --tag o1 --root-cause first", "`first` is not the label of a root cause"),
        ("pdca why --tag o1", "--root-cause <RC>"),
        ("pdca why --under o1 --move x", "cannot be used with"),
        (
            "pdca why x",
            "<--occurrence|--non-detection|--under <WHY>|--tag <WHY>|--edit <WHY>|--remove <WHY>>",
        ),
        ("pdca why --occurrence --non-detection x", "cannot be used with"),
        ("pdca why --occurrence --under o1 x", "cannot be used with"),
        ("pdca why --occurrence", "1 or 2 arguments are wanted, 0 given"),
        ("pdca why --occurrence a b c", "unexpected value 'c'"),
        ("pdca why --occurrence --link x y", "x"),
        ("pdca why --occurrence --link x=javascript:y z", "not safe"),
    ] {
        repo.fails(2, line, &[]).prints("").says(&[said]);
    }
    repo.fails(2, "pdca why --occurrence", &[" "]).says(&["the text is empty"]);
    repo.fails(2, "pdca why --occurrence", &[P]).says(&["names a PDCA: the text is missing"]);
    repo.fails(2, "pdca why --occurrence", &["a\u{1b}b"]).says(&["control character"]);
}

#[test]
fn every_property_is_set() {
    let repo = TestRepo::with_pdca();
    let words =
        ["--problem", "It is slow: # very", "--context", "A story\nof two lines", "--title", "Cluster 3"];
    let more = [
        "--participant",
        "Grace",
        "--participant",
        "Alan",
        "--escalation",
        "a3",
        "--link",
        "https://a3.example/1",
    ];
    repo.ok("pdca set --owner Grace --cft Cards", &[&words[..], &more[..]].concat())
        .says(&["the incident's timeline is shown as the context already"]);
    assert_eq!(
        repo.commits()[0],
        "pdca: set title, owner, participants, cft, problem_statement, context, escalation"
    );
    repo.pdca_holds(&[
        "title: \"Cluster 3\"\n",
        "owner: Grace\nparticipants: [Grace, Alan]\n",
        "cft: Cards\nproblem_statement: \"It is slow: # very\"\n",
        "context: |-\n  A story\n  of two lines\n",
        "escalation:\n  to: a3\n  link: https://a3.example/1\n",
    ]);
    repo.ok("pdca set --escalation kaizen", &[P]);
    let report = repo.ok("pdca report", &[]).stdout;
    assert!(report.contains("> **Escalated to"), "{report}");
    repo.fails(2, "pdca set", &[]).says(&["what shall be set? Give --title, --owner"]);
    repo.fails(2, "pdca set --escalation kanban", &[]).says(&["unknown method `kanban`", "kaizen"]);
    repo.fails(2, "pdca set --link https://a.example", &[]).says(&["--escalation <METHOD>"]);
    repo.fails(2, "pdca set --problem", &[""]).says(&["empty"]);
}

#[test]
fn what_was_given_up_is_taken_up_again_before_it_is_worked_on() {
    let repo = TestRepo::with_pdca();
    repo.fails(1, "pdca resume --reason x", &[])
        .says(&["the PDCA is not abandoned but at `plan-in-progress`"]);
    repo.fails(2, "pdca abandon", &[]).says(&["--reason <TEXT>"]);
    repo.ok("pdca abandon --reason", &["The cluster is gone"]);
    assert_eq!(repo.commits()[0], "pdca: abandon: The cluster is gone");
    repo.stands("abandoned");
    repo.fails(1, "pdca why --occurrence", &[P, "x"])
        .says(&[&format!("the PDCA is abandoned: take it up again with `pdca resume {P} --reason TEXT`")]);
    // It is no longer the one that is meant.
    repo.fails(2, "pdca resume --reason x", &[])
        .says(&["which PDCA? None is open", "`pdca list` shows them"]);
    repo.ok("pdca resume --reason", &["It is back", P]).says(&["it had been abandoned: The cluster is gone"]);
    assert_eq!(repo.commits()[0], "pdca: resume: It is back");
    repo.stands("plan-in-progress");
}

#[test]
fn without_a_name_the_only_open_one_is_meant_and_several_are_listed() {
    let repo = TestRepo::new();
    repo.fails(2, "pdca show", &[]).says(&["which PDCA? None is open", "begin one with `pdca new`"]);
    repo.ok("pdca new --from other --title Labels", &[]);
    repo.ok("pdca set --owner Ada", &[])
        .says(&["PDCA: 2023-03-27-labels (the only one that is not through)"]);
    repo.ok("pdca new --from other --title Lids", &[]);
    for line in ["pdca show", "pdca report", "pdca set --owner Ada", "pdca done C1", "pdca edit"] {
        repo.fails(2, line, &[])
            .says(&["which PDCA? Name one; open are:\n  2023-03-27-labels\n  2023-03-27-lids"]);
    }
    repo.ok("pdca set lids --owner Ada", &[]);
    repo.ok("pdca abandon Labels --reason x", &[]);
    repo.ok("pdca set --owner Grace", &[]).says(&["PDCA: 2023-03-27-lids"]);
    repo.fails(2, "pdca show 2023-03-27-l", &[]).says(&["`2023-03-27-l` is part of 2 PDCA ids"]);
    repo.fails(2, "pdca show ../x", &[]).says(&["`../x` is not an id"]);
    repo.fails(2, "pdca show nothing", &[]).says(&["no PDCA `nothing`; there are:"]);
}
