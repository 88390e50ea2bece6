//! Options that name people, teams or places: a part of the name is enough, in any case.

/// What a PDCA that tells no team is listed under, and found by.
pub(super) const NO_TEAM: &str = "no team";

/// Whether one of the names holds one of the parts; where none is wanted, all pass.
pub(super) fn passes<'a>(wanted: &[String], names: impl IntoIterator<Item = &'a str>) -> bool {
    let holds = |name: &str| wanted.iter().any(|part| name.to_lowercase().contains(&part.to_lowercase()));
    wanted.is_empty() || names.into_iter().any(holds)
}

/// The same of a team; one that is not told is named by its whole name, so that `--team team` does not mean it.
pub(super) fn passes_team(wanted: &[String], team: Option<&str>) -> bool {
    match team {
        Some(team) => passes(wanted, [team]),
        None => wanted.is_empty() || wanted.iter().any(|part| part.eq_ignore_ascii_case(NO_TEAM)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_enough_and_no_team_is_none() {
        let wanted =
            |parts: &[&str]| -> Vec<String> { parts.iter().map(|part| (*part).to_owned()).collect() };
        for (parts, team, expected) in [
            (&[][..], Some("SRE"), true),
            (&[], None, true),
            (&["sre"], Some("My SRE"), true),
            (&["sre", "cards"], Some("Cards"), true),
            (&["sre"], Some("Cards"), false),
            (&["sre"], None, false),
            (&["team"], None, false),
            (&["No Team"], None, true),
        ] {
            assert_eq!(passes_team(&wanted(parts), team), expected, "{parts:?} {team:?}");
        }
        assert!(passes(&[], []) && !passes(&wanted(&["a"]), []));
    }
}
