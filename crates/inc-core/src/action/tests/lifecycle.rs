//! The lifecycle: each step with what it requires, the ways back, and the ways out.

use super::*;

fn step(to: Status) -> Move {
    Move { to, at: None, reason: None, force: false }
}

fn to(to: Status) -> Action {
    Action::Move(step(to))
}

fn because(to: Status, reason: &str) -> Action {
    Action::Move(Move { reason: Some(prose(reason)), ..step(to) })
}

fn pdca() -> Id {
    "2023-04-06-staging-kubernetes-cluster-3-is-misbehaving".parse().unwrap()
}

/// The seed's record at 14:12, before its first step.
fn written() -> Incident {
    let settings = set(&[
        ("summary.cause", "Crossplane was installed manually on the cluster"),
        ("summary.impact", "Several developers had issues"),
        ("summary.mitigation", "Deleting crossplane and scaling the cluster"),
        ("root_cause", "internal, system-failure, failure-of-it-systems-in-production"),
    ]);
    done(&done(&declared(), seed_impact()), settings)
}

/// The seed's record after its steps up to `status`.
fn reached(status: Status) -> Incident {
    let walk = |incident: Incident, clock: &str, action: Action| {
        let linked = [(pdca(), pdca::Status::ActDone)];
        at_desk(clock, &linked, |rules, stamp| incident.apply(action, rules, stamp)).unwrap().incident
    };
    let mut incident = walk(written(), "14:12", Action::Link(pdca()));
    for (next, clock, at) in [
        (Status::Mitigated, "14:12", Some(at("14:10"))),
        (Status::Resolved, "14:13", None),
        (Status::PostmortemCompleted, "14:20", None),
        (Status::Closed, "14:25", None),
    ] {
        if next <= status {
            incident = walk(incident, clock, Action::Move(Move { at, ..step(next) }));
        }
    }
    incident
}

#[test]
fn the_seeds_incident_walks_through() {
    let incident = reached(Status::Closed);
    assert_eq!(incident.status, Status::Closed);
    assert_eq!((incident.mitigated_at, incident.resolved_at), (Some(at("14:10")), Some(at("14:13"))));
    let told = incident.timeline.iter().filter(|entry| entry.kind == EntryKind::Status);
    let told: Vec<_> = told.map(|entry| (entry.at, entry.text.as_str())).collect();
    assert_eq!(
        told,
        [
            (at("14:10"), "Status investigating to mitigated"),
            (at("14:13"), "Status mitigated to resolved"),
            (at("14:20"), "Status resolved to postmortem-completed"),
            (at("14:25"), "Status postmortem-completed to closed"),
        ]
    );
}

/// The paths and conditions that are missing, each with the command that supplies it.
#[track_caller]
fn missing(incident: &Incident, step: Status) -> Vec<String> {
    let Refusal::Missing { missing, .. } = refused(incident, to(step), &["yet; missing:"]) else {
        panic!("refused for another reason")
    };
    for lack in &missing {
        assert!(lack.command.starts_with("inc-") || lack.command.starts_with("pdca "), "{lack:?}");
    }
    missing.into_iter().map(|lack| lack.what).collect()
}

const IMPACT: [&str; 7] = [
    "impact.customers",
    "impact.customer_impact",
    "impact.single_customer_impact",
    "impact.money_at_risk",
    "impact.transactions",
    "impact.features",
    "impact.countries",
];

#[test]
fn each_step_names_all_that_it_lacks() {
    assert_eq!(missing(&declared(), Status::Mitigated), ["summary.mitigation"]);

    let mut resolved = vec!["mitigated_at", "summary.mitigation"];
    resolved.extend(IMPACT);
    let lacks = missing(&declared(), Status::Resolved);
    assert_eq!(lacks[..9], resolved);
    assert_eq!(lacks[9], "a severity that is not provisional");
    assert_eq!(lacks.len(), 10);

    let mitigated = done(&done(&declared(), set(&[("summary.mitigation", "m")])), to(Status::Mitigated));
    assert_eq!(missing(&mitigated, Status::Resolved), lacks[2..]);

    let all = missing(&declared(), Status::Closed);
    assert_eq!(all[..2], ["mitigated_at", "summary.mitigation"]);
    assert!(all.contains(&"resolved_at".to_owned()) && all.contains(&"root_cause".to_owned()));
    assert_eq!(all.last().unwrap(), "a PDCA (the policy asks for one at SEV-1)");
    assert_eq!(
        all,
        missing(&declared(), Status::PostmortemCompleted),
        "no PDCA is linked that could be open"
    );
}

#[test]
fn a_refusal_shows_what_to_type() {
    let refusal = refused(&declared(), to(Status::Closed), &[]).to_string();
    let id = "2023-03-27-staging-kubernetes-cluster-3-is-misbehaving";
    for line in [
        format!(
            "{id} cannot become closed yet; missing:\n  mitigated_at\n      inc-status set {id} mitigated --at TIME"
        ),
        format!("\n  resolved_at\n      inc-status set {id} resolved --at TIME\n"),
        format!("\n  impact.customer_impact\n      inc-severity assess {id} --customer-impact VALUE\n"),
        format!("\n  summary.cause\n      inc-edit {id} --set summary.cause=VALUE\n"),
        format!("\n      pdca new --incident {id} --problem TEXT"),
    ] {
        assert!(refusal.contains(&line), "{line}\nis not in\n{refusal}");
    }
}

#[test]
fn a_jump_asks_for_all_steps_and_passes_with_all() {
    let ready = done(&written(), Action::Link(pdca()));
    assert_eq!(missing(&ready, Status::PostmortemCompleted), ["mitigated_at", "resolved_at"]);
    refused(&ready, set(&[("mitigated_at", "14:10")]), &["inc-status set", "mitigated --at TIME"]);
    // As a record typed by hand may have them.
    let ready = Incident { mitigated_at: Some(at("14:10")), resolved_at: Some(at("14:13")), ..ready };
    assert_eq!(done(&ready, to(Status::PostmortemCompleted)).status, Status::PostmortemCompleted);
    let mitigated = Incident { mitigated_at: Some(at("14:10")), ..written() };
    let resolved = done(&mitigated, to(Status::Resolved));
    assert_eq!(resolved.resolved_at, Some(at("14:30")));
    assert_eq!(
        missing(&reached(Status::PostmortemCompleted), Status::Closed).len(),
        1,
        "its PDCA is not read"
    );
}

#[test]
fn force_needs_a_reason_and_is_recorded() {
    let forced = |reason: Option<&str>| {
        Action::Move(Move { force: true, reason: reason.map(prose), ..step(Status::Mitigated) })
    };
    refused(&declared(), forced(None), &["--force needs a reason: add --reason TEXT"]);
    refused(&declared(), because(Status::Mitigated, "it calmed"), &["missing:"]);
    let after = outcome(&declared(), forced(Some("it calmed")));
    assert_eq!(after.remarks, ["forced, without: summary.mitigation"]);
    assert_eq!(
        texts(&after.incident)[1],
        "Status investigating to mitigated (forced, without summary.mitigation): it calmed"
    );
    assert_eq!(after.incident.timeline[1].change.as_ref().unwrap().reason, Some(prose("it calmed")));
    let needless = Move { force: true, ..step(Status::Mitigated) };
    done(&done(&declared(), set(&[("summary.mitigation", "m")])), Action::Move(needless));
}

#[test]
fn going_back_needs_a_reason_and_takes_back_what_is_no_longer_true() {
    let (mitigated_at, resolved_at) = (Some(at("14:10")), Some(at("14:13")));
    for (from, back, expected, remarks) in [
        (Status::Resolved, Status::Investigating, (None, None), 2),
        (Status::Resolved, Status::Mitigated, (mitigated_at, None), 1),
        (Status::Mitigated, Status::Investigating, (None, None), 1),
        (Status::Closed, Status::Resolved, (mitigated_at, resolved_at), 0),
        (Status::Closed, Status::PostmortemCompleted, (mitigated_at, resolved_at), 0),
        (Status::PostmortemCompleted, Status::Investigating, (None, None), 2),
    ] {
        let incident = reached(from);
        refused(&incident, to(back), &["going back (reopening) needs a reason"]);
        let after = outcome(&incident, because(back, "it hurts again"));
        assert_eq!((after.incident.mitigated_at, after.incident.resolved_at), expected, "{from} to {back}");
        assert_eq!(after.remarks.len(), remarks, "{:?}", after.remarks);
        let last = after.incident.timeline.last().unwrap();
        assert_eq!(last.text.as_str(), format!("Status {from} to {back}: it hurts again"));
    }
}

#[test]
fn cancelling_needs_a_reason_and_so_does_taking_up_again() {
    for from in [Status::Investigating, Status::Resolved, Status::Closed] {
        let incident = reached(from);
        refused(&incident, to(Status::Cancelled), &["cancelling needs a reason"]);
        let cancelled = done(&incident, because(Status::Cancelled, "a false alarm"));
        assert_eq!(cancelled.status, Status::Cancelled);
        assert_eq!(cancelled.resolved_at, incident.resolved_at, "what happened stays told");
        refused(&cancelled, to(Status::Investigating), &["taking up a cancelled incident needs a reason"]);
        let again = done(&cancelled, because(Status::Investigating, "it was none"));
        assert_eq!((again.mitigated_at, again.resolved_at), (None, None));
    }
    let cancelled = done(&declared(), because(Status::Cancelled, "a false alarm"));
    refused(&cancelled, because(Status::Mitigated, "it was none"), &["missing:", "summary.mitigation"]);
}

#[test]
fn the_same_status_is_a_remark_and_its_time_can_be_corrected() {
    for status in [Status::Investigating, Status::Mitigated, Status::Resolved, Status::Closed] {
        let incident = reached(status);
        let after = outcome(&incident, to(status));
        assert_eq!(after.incident, incident, "{status}");
        assert!(after.remarks[0].ends_with(&format!("is {status} already")), "{:?}", after.remarks);
    }
    let move_at = |status: Status, clock: &str| Action::Move(Move { at: Some(at(clock)), ..step(status) });
    let resolved = reached(Status::Resolved);
    let after = outcome(&resolved, move_at(Status::Resolved, "14:15"));
    assert_eq!(after.incident.resolved_at, Some(at("14:15")));
    let told = |incident: &Incident| {
        let tells = |entry: &&Entry| entry.text.as_str() == "Status mitigated to resolved";
        incident.timeline.iter().find(tells).map(|entry| entry.at)
    };
    assert_eq!(told(&after.incident), Some(at("14:15")), "the timeline tells the same time");
    assert_eq!(after.subject, "status: resolved at 2023-03-27T14:15:00+02:00");
    refused(&resolved, move_at(Status::Resolved, "14:09"), &["resolved_at", "before mitigated_at"]);
    refused(&resolved, move_at(Status::Resolved, "14:36"), &["cannot lie in the future"]);
    refused(&reached(Status::Mitigated), move_at(Status::Mitigated, "12:58"), &["before started_at"]);
}

#[test]
fn a_step_keeps_an_instant_that_was_told_before() {
    let told = Incident { mitigated_at: Some(at("14:05")), ..written() };
    let moved = done(&told, to(Status::Mitigated));
    assert_eq!(moved.mitigated_at, Some(at("14:05")));
    assert!(moved.timeline.iter().any(|entry| entry.kind == EntryKind::Status && entry.at == at("14:05")));
    let given = Move { at: Some(at("14:07")), ..step(Status::Mitigated) };
    assert_eq!(done(&told, Action::Move(given)).mitigated_at, Some(at("14:07")));
}

#[test]
fn a_pdca_is_linked_once() {
    let once = done(&declared(), Action::Link(pdca()));
    assert_eq!(once.pdcas, [pdca()]);
    assert_eq!(done(&once, Action::Link(pdca())), once);
    let apart = done(&once, Action::Unlink(pdca()));
    assert_eq!(apart.pdcas, []);
    assert_eq!(done(&apart, Action::Unlink(pdca())), apart);
}

#[test]
fn a_step_never_lies_before_the_one_that_it_follows() {
    let reason = Some(prose("the alert fires again"));
    let back = Move { at: Some(at("14:25")), reason, ..step(Status::Investigating) };
    let reopened = done(&reached(Status::Resolved), Action::Move(back));
    let early = Move { at: Some(at("14:20")), ..step(Status::Mitigated) };
    refused(&reopened, Action::Move(early), &["this change", "before the last change of status", "14:25"]);
    let later = Move { at: Some(at("14:26")), ..step(Status::Mitigated) };
    assert_eq!(done(&reopened, Action::Move(later)).mitigated_at, Some(at("14:26")));
}

#[test]
fn a_corrected_instant_is_corrected_in_the_timeline_too() {
    let resolved = reached(Status::Resolved);
    let corrected = done(&resolved, set(&[("mitigated_at", "14:05"), ("declared_at", "13:01")]));
    let told = |text: &str| {
        corrected.timeline.iter().find(|entry| entry.text.as_str() == text).map(|entry| entry.at)
    };
    assert_eq!(told("Status investigating to mitigated"), Some(at("14:05")));
    assert_eq!(told("Incident declared"), Some(at("13:01")));
}

#[test]
fn a_correction_never_tells_the_changes_of_status_in_another_order() {
    let reason = || Some(prose("the alert fires again"));
    let back = Move { at: Some(at("14:20")), reason: reason(), ..step(Status::Investigating) };
    let reopened = done(&reached(Status::Resolved), Action::Move(back));
    let at_once = |clock: &str, status| Action::Move(Move { at: Some(at(clock)), ..step(status) });
    let again = done(&reopened, at_once("14:22", Status::Mitigated));
    refused(&again, set(&[("mitigated_at", "14:11")]), &["before an earlier change of status"]);
    assert_eq!(done(&again, set(&[("mitigated_at", "14:21")])).mitigated_at, Some(at("14:21")));
    refused(&again, set(&[("mitigated_at", "")]), &["mitigated_at stays while"]);
    refused(&reopened, set(&[("resolved_at", "14:25")]), &["inc-status set"]);
    let first = timeline::in_order(&again.timeline);
    let number = first.iter().position(|entry| entry.text.as_str() == "Status investigating to mitigated");
    let edit = |clock: &str| EntryEdit { at: Some(at(clock)), ..EntryEdit::default() };
    let pick = EntrySelector::Number(number.unwrap() + 1);
    let earlier = done(&again, Action::Amend(pick.clone(), edit("14:09")));
    assert_eq!(earlier.mitigated_at, again.mitigated_at, "the first life's time is its own");
    refused(&again, Action::Amend(pick, edit("14:21")), &["another"].map(|_| "change of status"));
}
