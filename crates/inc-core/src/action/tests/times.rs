//! Times that cannot be, as after a merge: told, and nothing is refused for them.

use super::*;

#[test]
fn what_another_clock_said_is_told() {
    let sound = done(&declared(), note(Some("14:10"), "It is stable"));
    assert_eq!(sound.odd_times(at("14:30")), Vec::<String>::new());
    // Clocks differ by some minutes.
    assert_eq!(sound.odd_times(at("14:06")), Vec::<String>::new());
    let odd = sound.odd_times(at("13:40"));
    let id = sound.timeline.last().unwrap().id.unwrap();
    assert_eq!(odd.len(), 1, "{odd:?}");
    for words in ["30min", "Mathieu Corbin", &format!("inc-timeline edit {} {id} --at TIME", sound.id)] {
        assert!(odd[0].contains(words), "{words}: {odd:?}");
    }
}

#[test]
fn steps_in_another_order_are_told() {
    let mut incident = declared();
    incident.started_at = Answer::Known(at("13:00"));
    incident.mitigated_at = Some(at("12:30"));
    incident.resolved_at = Some(at("14:00"));
    let odd = incident.odd_times(at("23:00"));
    assert_eq!(odd.len(), 1, "{odd:?}");
    assert!(odd[0].starts_with("mitigated_at (") && odd[0].contains("lies before started_at"), "{odd:?}");
}
