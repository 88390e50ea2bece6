//! What to type next: the commands that refusals and [`super::Standing`] point to, all in one place.

use crate::id::Id;
use crate::text::shell_arg as arg;

pub(super) fn problem(id: &Id) -> String {
    format!("pdca set {id} --problem TEXT")
}

pub(super) fn escalate(id: &Id, method: &str) -> String {
    format!("pdca set {id} --escalation {method}")
}

pub(super) fn why(id: &Id, branch: &str) -> String {
    format!("pdca why {id} --{branch} TEXT")
}

pub(super) fn why_under(id: &Id, parent: &str) -> String {
    format!("pdca why {id} --under {} TEXT", arg(parent))
}

pub(super) fn tag(id: &Id, why: &str, root_cause: &str) -> String {
    format!("pdca why {id} --tag {} --root-cause {}", arg(why), arg(root_cause))
}

pub(super) fn move_tag(id: &Id, why: &str, root_cause: &str) -> String {
    format!("{} --move", tag(id, why, root_cause))
}

pub(super) fn end(id: &Id, why: &str, option: &str) -> String {
    format!("pdca why {id} --tag {} {option} REASON", arg(why))
}

pub(super) fn na(id: &Id, branch: &str) -> String {
    format!("pdca why {id} --{branch} --na REASON")
}

pub(super) fn participant(id: &Id) -> String {
    format!("pdca set {id} --add-participant NAME")
}

pub(super) fn edit_why(id: &Id, why: &str, what: &str) -> String {
    format!("pdca why {id} --edit {} {what}", arg(why))
}

/// A why that is evidence becomes a link of the why above it: two changes, each whole.
pub(super) fn make_link(id: &Id, why: &str, above: &str) -> String {
    format!("{} && {}", edit_why(id, above, "--link NAME=URL"), remove(id, "why", why))
}

pub(super) fn remove(id: &Id, verb: &str, label: &str) -> String {
    format!("pdca {verb} {id} --remove {}", arg(label))
}

pub(super) fn remove_all(id: &Id, verb: &str, label: &str) -> String {
    format!("{} --recursive", remove(id, verb, label))
}

pub(super) fn factor(id: &Id) -> String {
    format!("pdca factor {id} TEXT")
}

pub(super) fn edit_factor(id: &Id, factor: &str) -> String {
    format!("pdca factor {id} --edit {} --text TEXT", arg(factor))
}

pub(super) fn link(id: &Id, incident: &Id) -> String {
    format!("pdca link {id} {incident}")
}

pub(super) fn unlink(id: &Id, incident: &Id) -> String {
    format!("{} --remove", link(id, incident))
}

pub(super) fn countermeasure(id: &Id, root_cause: &str) -> String {
    format!(
        "pdca countermeasure {id} TITLE --root-cause {} --owner NAME --check HOW --check-on DAY",
        arg(root_cause)
    )
}

pub(super) fn amend(id: &Id, countermeasure: &str, what: &str) -> String {
    format!("pdca countermeasure {id} --edit {} {what}", arg(countermeasure))
}

pub(super) fn done(id: &Id, label: &str) -> String {
    format!("pdca done {id} {}", arg(label))
}

pub(super) fn show(id: &Id) -> String {
    format!("pdca show {id}")
}

pub(super) fn done_target(id: &Id, act: &str, target: &str) -> String {
    format!("{} --target {}", done(id, act), arg(target))
}

pub(super) fn check(id: &Id, countermeasure: &str) -> String {
    format!("pdca check {id} {} ok --evidence TEXT", arg(countermeasure))
}

pub(super) fn result(id: &Id, countermeasure: &str) -> String {
    format!("pdca check {id} {} ok", arg(countermeasure))
}

pub(super) fn act(id: &Id, countermeasure: &str) -> String {
    format!("pdca act {id} {} TITLE --target NAME", arg(countermeasure))
}

pub(super) fn amend_act(id: &Id, act: &str) -> String {
    format!("pdca act {id} --edit {} --target NAME", arg(act))
}

pub(super) fn act_owner(id: &Id, act: &str) -> String {
    format!("pdca act {id} --edit {} --owner NAME", arg(act))
}

pub(super) fn act_due(id: &Id, act: &str) -> String {
    format!("pdca act {id} --edit {} --due DAY", arg(act))
}

pub(super) fn no_act(id: &Id, countermeasure: &str) -> String {
    format!("pdca act {id} {} --none REASON", arg(countermeasure))
}

pub(super) fn resume(id: &Id) -> String {
    format!("pdca resume {id} --reason TEXT")
}

pub(super) fn edit(id: &Id) -> String {
    format!("pdca edit {id}")
}

#[cfg(test)]
mod tests {
    use super::arg;

    #[test]
    fn an_argument_is_quoted_where_a_shell_would_take_it_apart() {
        for (given, expected) in [
            ("o1.1", "o1.1"),
            ("production/eu-west-3", "production/eu-west-3"),
            ("all environments", "'all environments'"),
            ("it's $HOME", r"'it'\''s $HOME'"),
            ("-x", "'-x'"),
            ("", "''"),
        ] {
            assert_eq!(arg(given), expected);
        }
    }
}
