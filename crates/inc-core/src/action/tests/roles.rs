//! Roles: taking, handing over and leaving them, each told in the timeline.

use super::*;
use crate::role::RoleName;

fn assign(role: &str, to: &str) -> Action {
    Action::Assign { role: role.parse().unwrap(), to: line(to) }
}

fn release(role: &str, who: Option<&str>) -> Action {
    Action::Release { role: role.parse().unwrap(), who: who.map(line) }
}

#[test]
fn each_change_of_a_role_is_told() {
    let mut incident = declared();
    for (action, subject, told) in [
        (
            assign("ic", "Jane"),
            "role: Jane is commander",
            Some("Mathieu Corbin hands over as commander to Jane"),
        ),
        (assign("commander", "Jane"), "role: Jane is commander", None),
        (assign("scribe", "Bob"), "role: Bob is scribe", Some("Bob is scribe")),
        (assign("scribe", "Ann"), "role: Ann is scribe", Some("Bob hands over as scribe to Ann")),
        (assign("responder", "Bob"), "role: Bob is responder", Some("Bob is responder")),
        (assign("responder", "Ann"), "role: Ann is responder", Some("Ann is responder")),
        (assign("responder", "Bob"), "role: Bob is responder", None),
        (
            release("responder", Some("Bob")),
            "role: Bob is no longer responder",
            Some("Bob is no longer responder"),
        ),
        (release("scribe", None), "role: Ann is no longer scribe", Some("Ann is no longer scribe")),
        (
            release("commander", Some("Jane")),
            "role: Jane is no longer commander",
            Some("Jane is no longer commander"),
        ),
    ] {
        let after = outcome(&incident, action);
        assert_eq!(after.subject, subject);
        let new = &texts(&after.incident)[incident.timeline.len()..];
        assert_eq!(new, told.as_slice(), "{subject}");
        assert_eq!(after.remarks.len(), usize::from(told.is_none()), "{:?}", after.remarks);
        incident = after.incident;
    }
    assert_eq!((incident.commander.clone(), incident.responders.clone()), (None, vec![line("Ann")]));
    assert!(incident.roles.is_empty());
    let changes: Vec<_> = incident.timeline.iter().filter_map(|entry| entry.change.clone()).collect();
    assert_eq!(
        changes[0],
        Change {
            of: line("commander"),
            from: Some(line("Mathieu Corbin")),
            to: Some(line("Jane")),
            how: None,
            reason: None
        }
    );
    assert_eq!(changes[1].from, None);
    assert_eq!(changes.last().unwrap().to, None);
}

#[test]
fn nobody_leaves_a_role_that_is_not_theirs() {
    let incident = done(&done(&declared(), assign("responder", "Ann")), assign("responder", "Eve"));
    for (action, words) in [
        (release("commander", Some("Jane")), "is Mathieu Corbin, not Jane"),
        (release("scribe", None), "nobody is scribe of 2023-03-27-"),
        (release("responder", None), "Name one of: Ann, Eve"),
        (release("responder", Some("Bob")), "Bob is no responder of 2023-03-27-"),
    ] {
        refused(&incident, action, &[words]);
    }
    refused(&declared(), release("responder", None), &["nobody is responder of"]);
}

#[test]
fn a_role_has_a_name_of_its_own() {
    for (text, words) in [
        ("reporter", "inc-edit --set reporter=NAME"),
        ("", "is not a role's name"),
        ("a b", "is not a role's name"),
    ] {
        assert!(text.parse::<Role>().unwrap_err().contains(words), "{text}");
    }
    assert_eq!("Scribe".parse::<Role>(), "scribe".parse());
    assert_eq!("Commander".parse(), Ok(Role::Commander));
    for held_elsewhere in ["commander", "responder", "ic"] {
        let read = serde_json::from_value::<RoleName>(held_elsewhere.into());
        assert!(read.unwrap_err().to_string().contains("has a key of its own"), "{held_elsewhere}");
    }
}
