//! Durations read off a record: computed, or named as not computable with what is missing. Never guessed.

use chrono::TimeDelta;
use serde::Serialize;

use crate::answer::Answer;
use crate::incident::Incident;
use crate::instant::Instant;

/// A duration, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Measure {
    /// Whole minutes, rounded down; `None` where it cannot be computed.
    pub minutes: Option<i64>,
    /// `1h 14min`, or what is missing.
    pub text: String,
    /// The properties that are needed and absent, or in disorder.
    pub missing: Vec<&'static str>,
}

/// The moments that durations lie between.
#[derive(Debug, Clone, PartialEq)]
pub struct Moments {
    /// When it began to hurt.
    pub started_at: Answer<Instant>,
    /// When it was first seen.
    pub detected_at: Answer<Instant>,
    /// When it was declared.
    pub declared_at: Instant,
    /// When it stopped hurting.
    pub mitigated_at: Option<Instant>,
    /// When it was over.
    pub resolved_at: Option<Instant>,
}

/// The durations of one incident.
///
/// Source of the words: S. Davidovič, "Incident Metrics in SRE", 2021; time to resolve as in the talk: end minus start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Measures {
    /// From the start to the first sight of it.
    pub time_to_detect: Measure,
    /// From the start to the declaration.
    pub time_to_declare: Measure,
    /// From the start to the mitigation.
    pub time_to_mitigate: Measure,
    /// From the start to the end: 12:59 to 14:13 is 1h 14min.
    pub time_to_resolve: Measure,
}

impl Measures {
    /// The durations of `incident`.
    pub fn of(incident: &Incident) -> Self {
        Self::between(&Moments {
            started_at: incident.started_at.clone(),
            detected_at: incident.detected_at.clone(),
            declared_at: incident.declared_at,
            mitigated_at: incident.mitigated_at,
            resolved_at: incident.resolved_at,
        })
    }

    /// The durations between these moments.
    pub fn between(moments: &Moments) -> Self {
        let start = || ("started_at", moments.started_at.clone());
        Self {
            time_to_detect: between(start(), ("detected_at", moments.detected_at.clone())),
            time_to_declare: between(start(), ("declared_at", Answer::Known(moments.declared_at))),
            time_to_mitigate: between(start(), ("mitigated_at", moments.mitigated_at.into())),
            time_to_resolve: between(start(), ("resolved_at", moments.resolved_at.into())),
        }
    }
}

type Named = (&'static str, Answer<Instant>);

fn between(from: Named, to: Named) -> Measure {
    let (Some(start), Some(end)) = (from.1.known(), to.1.known()) else {
        let open: Vec<&Named> = [&from, &to].into_iter().filter(|side| side.1.known().is_none()).collect();
        let why = |side: &&Named| format!("{} {}", side.0, side.1.word().unwrap_or("missing"));
        let text = format!("not computable: {}", open.iter().map(why).collect::<Vec<_>>().join(", "));
        return Measure { minutes: None, text, missing: open.iter().map(|side| side.0).collect() };
    };
    let elapsed = end.since(start);
    if elapsed < TimeDelta::zero() {
        let text = format!("not computable: {} lies before {}", to.0, from.0);
        return Measure { minutes: None, text, missing: vec![from.0, to.0] };
    }
    Measure { minutes: Some(elapsed.num_minutes()), text: words(elapsed), missing: vec![] }
}

/// A duration in words: `45s`, `14min`, `1h 14min`, `2d 3h 5min`. Seconds only below a minute.
pub fn words(elapsed: TimeDelta) -> String {
    let minutes = elapsed.num_minutes();
    if minutes == 0 {
        return format!("{}s", elapsed.num_seconds());
    }
    let parts = [(minutes / 1440, "d"), (minutes / 60 % 24, "h"), (minutes % 60, "min")];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(number, _)| *number != 0)
        .map(|(number, unit)| format!("{number}{unit}"))
        .collect();
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_people_say_them() {
        for (seconds, expected) in
            [(0, "0s"), (45, "45s"), (60, "1min"), (4440, "1h 14min"), (3600, "1h"), (183_900, "2d 3h 5min")]
        {
            assert_eq!(words(TimeDelta::seconds(seconds)), expected);
        }
    }

    #[test]
    fn what_cannot_be_computed_names_what_is_missing() {
        let at = |text: &str| Some(Instant::parse(text).unwrap());
        let noon = at("2023-03-27T12:59:00+02:00");
        let later = at("2023-03-27T14:13:00+02:00");
        for (start, end, minutes, text) in [
            (noon, later, Some(74), "1h 14min"),
            (noon, None, None, "not computable: end missing"),
            (None, None, None, "not computable: start missing, end missing"),
            (later, noon, None, "not computable: end lies before start"),
        ] {
            let measure = between(("start", start.into()), ("end", end.into()));
            assert_eq!((measure.minutes, measure.text.as_str()), (minutes, text));
        }
        let unknown = between(("start", Answer::Unknown), ("end", later.into()));
        assert_eq!(
            (unknown.text.as_str(), unknown.missing),
            ("not computable: start unknown", vec!["start"])
        );
    }
}
