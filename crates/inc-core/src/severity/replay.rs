//! What a policy would have said of past incidents, beside what was said: which move, and what cannot be judged.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Case, Judgement, Policy, Severity};
use crate::id::Id;
use crate::incident::Incident;
use crate::instant::Instant;
use crate::settings::Settings;

/// What came of judging incidents by a policy.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Replay {
    /// How many could be judged.
    pub judged: usize,
    /// How many of them would be worse.
    pub worse: usize,
    /// How many of them would be milder.
    pub milder: usize,
    /// How many are provisional by the policy, and were not so before.
    pub became_provisional: usize,
    /// What those lack, the most frequent first.
    pub lacks: Vec<Lack>,
    /// Those that move, worse or milder, the newest first.
    pub moves: Vec<Moved>,
    /// Those that cannot be judged, the newest first.
    pub unjudgeable: Vec<Unjudged>,
}

/// An incident whose severity would be another one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Moved {
    /// The incident.
    pub id: Id,
    /// When it was declared.
    pub declared_at: Instant,
    /// What was said.
    pub from: Said,
    /// What the policy says.
    pub to: Said,
    /// The rule that decides, in words.
    pub decided_by: String,
    /// What an override holds, where one stands: that stays, whatever the policy says.
    #[serde(rename = "override")]
    pub overridden: Option<Severity>,
}

/// What a policy says of an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Said {
    /// The severity.
    pub level: Severity,
    /// It rests on missing inputs.
    pub provisional: bool,
}

impl std::fmt::Display for Said {
    /// `SEV-1`, or `SEV-1?` where it is provisional.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", self.level, if self.provisional { "?" } else { "" })
    }
}

/// An input that a policy asks for, and how many incidents do not answer it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lack {
    /// What people read for it: `customer impact`.
    pub name: String,
    /// The property: `impact.customer_impact`.
    pub path: String,
    /// How many.
    pub count: usize,
}

/// An incident that cannot be judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unjudged {
    /// The incident.
    pub id: Id,
    /// When it was declared.
    pub declared_at: Instant,
    /// By the policy that it is compared with, not the one that is tried.
    pub by_other: bool,
    /// The property that stands in the way.
    pub path: String,
    /// What is wrong with it, and what to do.
    pub why: String,
}

impl Replay {
    /// Judges each incident by `policy`; what it had before is what `other` says, else what its record keeps as computed.
    ///
    /// Drills, near misses and cancelled incidents are judged too. One that lacks an input is judged as the policy
    /// judges what is not asked, and is provisional. The settings are those of today.
    pub fn of<'a>(
        incidents: impl IntoIterator<Item = &'a Incident>,
        policy: &Policy,
        other: Option<&Policy>,
        settings: &Settings,
    ) -> Self {
        let mut replay = Self::default();
        let mut lacks = BTreeMap::new();
        for incident in incidents {
            match compare(incident, policy, other, settings) {
                Ok((from, to)) => replay.count(incident, from, &to, &mut lacks),
                Err(unjudged) => replay.unjudgeable.push(unjudged),
            }
        }
        replay.lacks = lacks.into_iter().map(|((name, path), count)| Lack { name, path, count }).collect();
        // Stable: those of one count stay in the order of their names.
        replay.lacks.sort_by_key(|lack| std::cmp::Reverse(lack.count));
        replay.moves.sort_by(|a, b| newest_first((&a.declared_at, &a.id), (&b.declared_at, &b.id)));
        replay.unjudgeable.sort_by(|a, b| newest_first((&a.declared_at, &a.id), (&b.declared_at, &b.id)));
        replay
    }

    fn count(
        &mut self,
        incident: &Incident,
        from: Said,
        judgement: &Judgement,
        lacks: &mut BTreeMap<(String, String), usize>,
    ) {
        let to = Said::of(judgement);
        self.judged += 1;
        self.worse += usize::from(to.level < from.level);
        self.milder += usize::from(to.level > from.level);
        if to.provisional && !from.provisional {
            self.became_provisional += 1;
            for input in judgement.open_inputs() {
                *lacks.entry((input.name.clone(), input.path.clone())).or_default() += 1;
            }
        }
        if to.level != from.level {
            self.moves.push(Moved {
                id: incident.id.clone(),
                declared_at: incident.declared_at,
                from,
                to,
                decided_by: judgement.decided_by.clone(),
                overridden: incident.assessment.overridden.as_ref().map(|decision| decision.to),
            });
        }
    }
}

impl Said {
    fn of(judgement: &Judgement) -> Self {
        Self { level: judgement.severity, provisional: judgement.provisional }
    }
}

/// What was said of an incident, and what the policy says.
fn compare(
    incident: &Incident,
    policy: &Policy,
    other: Option<&Policy>,
    settings: &Settings,
) -> Result<(Said, Judgement), Unjudged> {
    let case = Case::of(incident, settings);
    let judge = |policy: &Policy, by_other: bool| {
        policy.judge(&case).map_err(|unjudgeable| Unjudged {
            id: incident.id.clone(),
            declared_at: incident.declared_at,
            by_other,
            path: unjudgeable.path,
            why: unjudgeable.why,
        })
    };
    let to = judge(policy, false)?;
    let from = match other {
        Some(other) => Said::of(&judge(other, true)?),
        None => Said { level: incident.assessment.computed, provisional: incident.assessment.provisional },
    };
    Ok((from, to))
}

fn newest_first(a: (&Instant, &Id), b: (&Instant, &Id)) -> std::cmp::Ordering {
    (b.0.unix_millis(), b.1).cmp(&(a.0.unix_millis(), a.1))
}

#[cfg(test)]
mod tests;
