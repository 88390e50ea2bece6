//! What PDCAs make of incidents.

use super::*;
use crate::pdca::summary::Summary as PdcaSummary;

const TODAY: &str = "2023-04-10";

/// A PDCA of an incident; a countermeasure is `status due done_on check_on result`, `-` where there is none.
fn pdca(of: &str, status: &str, root_causes: usize, cures: &[&str], acts: &[&str]) -> PdcaSummary {
    let cures = cures.iter().map(|cure| {
        let words: Vec<Option<&str>> =
            cure.split(' ').map(|word| Some(word).filter(|it| *it != "-")).collect();
        serde_json::json!({
            "status": words[0], "due": words[1], "done_on": words[2], "check_on": words[3], "result": words[4]
        })
    });
    let source = match of {
        "" => serde_json::json!({"kind": "red-bin"}),
        id => serde_json::json!({"kind": "incident", "ref": id}),
    };
    serde_json::from_value(serde_json::json!({
        "id": "2023-04-01-x", "uid": "01GWH7Q3M8Z0V8T3J4K5N6P7R9", "title": "x", "source": source, "owner": null,
        "teams": [], "created_at": "2023-04-01T12:00:00Z", "status": status, "root_causes": root_causes,
        "countermeasures": cures.collect::<Vec<_>>(),
        "acts": acts.iter().map(|it| serde_json::json!({"status": it, "due": null})).collect::<Vec<_>>(),
        "contested": false,
    }))
    .unwrap()
}

fn learning(incidents: &[&str], pdcas: &[PdcaSummary]) -> Learning {
    let mut learning = Learning::default();
    incidents.iter().for_each(|id| learning.add_incident(id));
    pdcas.iter().for_each(|pdca| learning.add_pdca(pdca, TODAY.parse().unwrap()));
    learning
}

fn share(share: Share) -> (usize, usize, usize) {
    (share.count, share.of, share.left_out)
}

#[test]
fn incidents_are_counted_once_whatever_number_of_pdcas_they_have() {
    let of = learning(
        &["a", "b", "c", "d"],
        &[
            pdca("a", "plan-in-progress", 0, &[], &[]),
            pdca("a", "act-done", 2, &["applied - - - ok"], &["done"]),
            pdca("b", "check-done", 1, &["check-ko - - - ko", "check-ok - - - ok"], &["done", "partly"]),
            pdca("c", "plan-done", 1, &["planned - - - -"], &[]),
            pdca("elsewhere", "act-done", 1, &["applied - - - ok"], &["done"]),
            pdca("", "act-done", 1, &["applied - - - ok"], &["done"]),
        ],
    );
    assert_eq!((of.pdcas, of.other_pdcas), (4, 2));
    assert_eq!(share(of.with_pdca()), (3, 4, 0));
    assert_eq!(share(of.with_root_cause()), (3, 4, 0));
    assert_eq!(share(of.with_proven()), (2, 4, 0));
    assert_eq!(share(of.with_acts_done()), (1, 2, 2));
}

#[test]
fn days_are_judged_only_where_they_are_known() {
    let of = learning(
        &["a"],
        &[
            pdca(
                "a",
                "plan-done",
                1,
                &[
                    "done 2023-04-05 2023-04-05 2023-04-09 -",
                    "done 2023-04-05 2023-04-06 2023-04-10 -",
                    "planned 2023-04-09 - - -",
                    "planned 2023-04-10 - 2023-05-01 -",
                    "planned - - - -",
                    "check-ok 2023-04-01 - 2023-04-02 ok",
                ],
                &[],
            ),
            pdca("a", "abandoned", 1, &["planned 2023-04-01 - 2023-04-01 -"], &[]),
        ],
    );
    assert_eq!(share(of.on_time), (1, 3, 3));
    assert_eq!((of.checked, of.open_checks, of.undated_checks, of.overdue_checks), (1, 2, 2, 1));
    assert_eq!(of.abandoned, 1);
}

#[test]
fn without_incidents_there_is_no_share() {
    let of = learning(&[], &[]);
    assert_eq!(share(of.with_root_cause()), (0, 0, 0));
    assert_eq!(share(of.with_acts_done()), (0, 0, 0));
}
