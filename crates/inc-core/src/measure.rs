//! Durations read off a record: computed, or named as not computable with what is missing. Never guessed.

use std::fmt;

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
    /// From the first sight of it to the declaration: until somebody took it up.
    pub time_to_acknowledge: Measure,
    /// From the start to the declaration.
    pub time_to_declare: Measure,
    /// From the start to the mitigation.
    pub time_to_mitigate: Measure,
    /// From the start to the end: 12:59 to 14:13 is 1h 14min.
    pub time_to_resolve: Measure,
}

/// Which duration; see [`Measures`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the fields of Measures say it")]
pub enum TimeTo {
    Detect,
    Acknowledge,
    Declare,
    Mitigate,
    Resolve,
}

/// Why a duration cannot be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Obstacle {
    /// A moment is not there: which, and `missing` or `unknown`; two where both are not.
    Absent((&'static str, &'static str), Option<(&'static str, &'static str)>),
    /// The first lies before the second.
    Disorder(&'static str, &'static str),
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
        let measure = |which: TimeTo| Measure::of(which.ends(moments));
        Self {
            time_to_detect: measure(TimeTo::Detect),
            time_to_acknowledge: measure(TimeTo::Acknowledge),
            time_to_declare: measure(TimeTo::Declare),
            time_to_mitigate: measure(TimeTo::Mitigate),
            time_to_resolve: measure(TimeTo::Resolve),
        }
    }
}

impl TimeTo {
    /// Every duration.
    pub const ALL: [Self; 5] =
        [Self::Detect, Self::Acknowledge, Self::Declare, Self::Mitigate, Self::Resolve];

    /// Its name in files, views and arguments.
    pub fn name(self) -> &'static str {
        match self {
            Self::Detect => "time_to_detect",
            Self::Acknowledge => "time_to_acknowledge",
            Self::Declare => "time_to_declare",
            Self::Mitigate => "time_to_mitigate",
            Self::Resolve => "time_to_resolve",
        }
    }

    /// The two moments that it lies between.
    ///
    /// # Errors
    /// What stands in the way.
    pub fn ends(self, moments: &Moments) -> Result<(Instant, Instant), Obstacle> {
        let answer = |name, answer: &Answer<Instant>| {
            answer.known().copied().ok_or((name, answer.word().unwrap_or("missing")))
        };
        let given = |name, at: Option<Instant>| at.ok_or((name, "missing"));
        let start = || ("started_at", answer("started_at", &moments.started_at));
        let detected = || ("detected_at", answer("detected_at", &moments.detected_at));
        let declared = || ("declared_at", Ok(moments.declared_at));
        let (from, to) = match self {
            Self::Detect => (start(), detected()),
            Self::Acknowledge => (detected(), declared()),
            Self::Declare => (start(), declared()),
            Self::Mitigate => (start(), ("mitigated_at", given("mitigated_at", moments.mitigated_at))),
            Self::Resolve => (start(), ("resolved_at", given("resolved_at", moments.resolved_at))),
        };
        between(from, to)
    }
}

type Named = (&'static str, Result<Instant, (&'static str, &'static str)>);

fn between(from: Named, to: Named) -> Result<(Instant, Instant), Obstacle> {
    match (from.1, to.1) {
        (Ok(start), Ok(end)) if end.since(&start) < TimeDelta::zero() => {
            Err(Obstacle::Disorder(to.0, from.0))
        }
        (Ok(start), Ok(end)) => Ok((start, end)),
        (Err(first), second) => Err(Obstacle::Absent(first, second.err())),
        (Ok(_), Err(second)) => Err(Obstacle::Absent(second, None)),
    }
}

impl Measure {
    fn of(ends: Result<(Instant, Instant), Obstacle>) -> Self {
        match ends {
            Ok((start, end)) => {
                let elapsed = end.since(&start);
                Self { minutes: Some(elapsed.num_minutes()), text: words(elapsed), missing: vec![] }
            }
            Err(obstacle) => {
                let text = format!("not computable: {obstacle}");
                Self { minutes: None, text, missing: obstacle.missing() }
            }
        }
    }
}

impl Obstacle {
    /// The properties that are needed and absent, or in disorder.
    pub fn missing(self) -> Vec<&'static str> {
        match self {
            Self::Absent(first, second) => {
                std::iter::once(first).chain(second).map(|(name, _)| name).collect()
            }
            Self::Disorder(to, from) => vec![from, to],
        }
    }
}

/// `started_at unknown, resolved_at missing`.
impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent((name, why), None) => write!(f, "{name} {why}"),
            Self::Absent((name, why), Some((other, also))) => write!(f, "{name} {why}, {other} {also}"),
            Self::Disorder(to, from) => write!(f, "{to} lies before {from}"),
        }
    }
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
        let at = |text: &str| Ok(Instant::parse(text).unwrap());
        let (noon, later) = (at("2023-03-27T12:59:00+02:00"), at("2023-03-27T14:13:00+02:00"));
        let (no_start, no_end) = (Err(("start", "unknown")), Err(("end", "missing")));
        for (start, end, minutes, text, missing) in [
            (noon, later, Some(74), "1h 14min", &[][..]),
            (noon, no_end, None, "not computable: end missing", &["end"]),
            (no_start, no_end, None, "not computable: start unknown, end missing", &["start", "end"]),
            (no_start, later, None, "not computable: start unknown", &["start"]),
            (later, noon, None, "not computable: end lies before start", &["start", "end"]),
        ] {
            let measure = Measure::of(between(("start", start), ("end", end)));
            assert_eq!((measure.minutes, measure.text.as_str()), (minutes, text));
            assert_eq!(measure.missing, missing);
        }
    }

    #[test]
    fn it_is_acknowledged_from_the_first_sight_on() {
        let at = |text: &str| Instant::parse(text).unwrap();
        let mut moments = Moments {
            started_at: Answer::Unknown,
            detected_at: Answer::Known(at("2023-03-27T12:59:00+02:00")),
            declared_at: at("2023-03-27T13:04:00+02:00"),
            mitigated_at: None,
            resolved_at: None,
        };
        let measures = Measures::between(&moments);
        assert_eq!(measures.time_to_acknowledge.minutes, Some(5));
        assert_eq!(measures.time_to_declare.text, "not computable: started_at unknown");
        moments.detected_at = Answer::Missing;
        let measure = Measures::between(&moments).time_to_acknowledge;
        assert_eq!((measure.minutes, measure.missing), (None, vec!["detected_at"]));
    }
}
