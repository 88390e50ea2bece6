//! How each property of a record is merged, by its path without the ids of items.

/// How a value is merged that both sides changed, each in its own way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// One of the two stands, the other is kept under `contested`.
    Leaf,
    /// One of the two stands; the other is told elsewhere, or follows from the rest.
    Silent,
    /// Key by key; where the key itself is absent, nothing was asked for.
    Map,
    /// What either side added is in, what either side took out is out.
    Set,
    /// Item by item; this key of an item is what it goes by.
    Items(&'static str),
    /// Links: item by item, by their names.
    Links,
    /// A link: one of two addresses stands.
    Link,
    /// A countermeasure: key by key, and its checks by rules of their own.
    Cure,
}

/// The rule of a path such as `countermeasures[].acts[].targets`; what is not named is one value.
///
/// A property that is no list of items and no set, and has parts that only hold together (money, source, escalation,
/// the path of the root cause), is one value.
pub(super) fn rule(path: &str) -> Rule {
    match path {
        "team" | "summary" | "impact" | "impact.dora" | "impact.custom" | "custom" | "roles" => Rule::Map,
        "timeline[]" | "whys[]" | "contributing_factors[]" | "countermeasures[].team" => Rule::Map,
        "countermeasures[].acts[]" | "countermeasures[].acts[].targets[]" => Rule::Map,
        "countermeasures[].earlier_checks[]" => Rule::Map,
        "countermeasures[]" => Rule::Cure,
        "responders" | "alerts" | "pdcas" | "participants" | "contested" => Rule::Set,
        "impact.features" | "impact.countries" | "impact.third_parties" | "impact.data_losses" => Rule::Set,
        "impact.dora.reputation" | "timeline[].details" | "countermeasures[].root_causes" => Rule::Set,
        "links" | "timeline[].links" | "whys[].links" | "contributing_factors[].links" => Rule::Links,
        "links[]" | "timeline[].links[]" | "whys[].links[]" | "contributing_factors[].links[]" => Rule::Link,
        "timeline" => Rule::Items("id"),
        "whys" | "contributing_factors" | "countermeasures" => Rule::Items("uid"),
        "countermeasures[].acts" | "countermeasures[].acts[].targets" => Rule::Items("uid"),
        "countermeasures[].earlier_checks" => Rule::Items("uid"),
        // Views of the timeline and of the rest: `incident` settles them.
        "uid" | "status" | "severity" | "assessment" | "commander" | "mitigated_at" | "resolved_at" => {
            Rule::Silent
        }
        // Labels for people follow what they name: `labels` and `whys` see to it.
        "whys[].id" | "whys[].parent" | "whys[].root_cause" | "contributing_factors[].id" => Rule::Silent,
        // `check` sees to it.
        "countermeasures[].check" => Rule::Silent,
        "countermeasures[].id" | "countermeasures[].acts[].id" => Rule::Silent,
        path if path.starts_with("roles.") => Rule::Silent,
        _ => Rule::Leaf,
    }
}
