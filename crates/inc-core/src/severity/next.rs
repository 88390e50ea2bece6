//! What would change a judgement next: each input's nearest step that does, tried on the policy itself.

use serde::Serialize;

use super::case::Case;
use super::input::Input;
use super::{Policy, Severity, Unjudgeable};
use crate::answer::Answer;
use crate::impact::{Breadth, Depth, Impact};

/// A step of one input that changes the severity.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NextStep {
    /// `from 1000 transactions on`.
    pub words: String,
    /// What would hold then.
    pub severity: Severity,
    /// The impact that was tried; judged with the environment below, it gives that severity.
    #[serde(skip)]
    pub impact: Impact,
    /// The environment that was tried, where the step is another one than the case's.
    #[serde(skip)]
    pub environment: Option<String>,
}

impl std::fmt::Display for NextStep {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.words, self.severity)
    }
}

/// What would change the result next, each input by itself.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct NextSteps {
    /// What would make it worse.
    pub worse: Vec<NextStep>,
    /// What would make it milder.
    pub milder: Vec<NextStep>,
}

/// A step that may change the result.
struct Trial {
    words: String,
    impact: Impact,
    environment: Option<String>,
}

/// The steps of one input: upwards and downwards, the nearest first.
type Trials = (Vec<Trial>, Vec<Trial>);

impl Policy {
    /// What would make the severity worse or milder: of each input the next step that does, the others as they are.
    ///
    /// # Errors
    /// As [`Policy::judge`].
    pub fn next_steps(&self, case: &Case<'_>) -> Result<NextSteps, Unjudgeable> {
        let now = self.judge(case)?.severity;
        let mut steps = NextSteps::default();
        let first = |trials: Vec<Trial>, changes: fn(Severity, Severity) -> bool| {
            trials.into_iter().find_map(|trial| {
                let environment = trial.environment.as_deref().or(case.environment);
                let then =
                    self.judge(&Case { impact: &trial.impact, environment, ..case.clone() }).ok()?.severity;
                let Trial { words, impact, environment } = trial;
                changes(then, now).then_some(NextStep { words, severity: then, impact, environment })
            })
        };
        for (up, down) in self.trials(case)? {
            steps.worse.extend(first(up, |then, now| then < now));
            steps.milder.extend(first(down, |then, now| then > now));
        }
        for trial in self.other_environments(case) {
            let single = |trial: &Trial| {
                let Trial { words, impact, environment } = trial;
                vec![Trial { words: words.clone(), impact: impact.clone(), environment: environment.clone() }]
            };
            steps.worse.extend(first(single(&trial), |then, now| then < now));
            steps.milder.extend(first(single(&trial), |then, now| then > now));
        }
        Ok(steps)
    }

    /// The steps of each input.
    fn trials(&self, case: &Case<'_>) -> Result<Vec<Trials>, Unjudgeable> {
        let impact = case.impact;
        let with = |words: String, impact: Impact| Trial { words, impact, environment: None };
        let mut all = vec![];
        if let Some(band) = self.breadth(case) {
            let to = |words: &str, band: Breadth| {
                let customer_impact = Answer::Known(band);
                with(format!("{words} customer impact {band}"), Impact { customer_impact, ..impact.clone() })
            };
            let wider = Breadth::ALL.into_iter().filter(|other| *other > band);
            let narrower = Breadth::ALL.into_iter().rev().filter(|other| *other < band);
            all.push((
                wider.map(|band| on(to("from", band))).collect(),
                narrower.map(|band| to("down to", band)).collect(),
            ));
        }
        if let Answer::Known(band) = impact.single_customer_impact {
            let to = |words: &str, band: Depth| {
                let single_customer_impact = Answer::Known(band);
                let words = format!("{words} single-customer impact {band}");
                with(words, Impact { single_customer_impact, ..impact.clone() })
            };
            let deeper = Depth::ALL.into_iter().filter(|other| *other > band);
            let shallower = Depth::ALL.into_iter().rev().filter(|other| *other < band);
            all.push((
                deeper.map(|band| on(to("from", band))).collect(),
                shallower.map(|band| to("down to", band)).collect(),
            ));
        }
        for gauge in self.gauges() {
            let shown = gauge.read(case)?;
            let now = match &shown {
                Input::Known(value) => Some(value.unwrap_or(0.0)),
                Input::Unasked => Some(0.0),
                Input::Open(_) => None,
            };
            let above = gauge.floors.iter().filter(|floor| now.is_none_or(|now| floor.from > now));
            let up = above.map(|floor| with(gauge.words_from(floor.from), gauge.set(impact, floor.from)));
            let reached: Vec<f64> = gauge
                .floors
                .iter()
                .map(|floor| floor.from)
                .filter(|from| now.is_some_and(|now| *from <= now))
                .collect();
            let down = (0..reached.len()).rev().map(|n| {
                // Below a floor the one before it holds, and below the first none.
                let below = if n == 0 { 0.0 } else { reached[n - 1] };
                with(gauge.words_below(reached[n]), gauge.set(impact, below))
            });
            all.push((up.collect(), down.collect()));
        }
        Ok(all)
    }

    /// The environments that conditions name, and one that none names.
    fn other_environments(&self, case: &Case<'_>) -> Vec<Trial> {
        let mut names: Vec<&str> = vec![];
        for name in self.conditions.iter().flat_map(|condition| &condition.when.environment) {
            if !names.contains(&name.as_str()) {
                names.push(name.as_str());
            }
        }
        let is_named = |name: &str| names.iter().any(|one| one.eq_ignore_ascii_case(name));
        let mut trials: Vec<Trial> = names
            .iter()
            .filter(|name| case.environment.is_none_or(|here| !here.eq_ignore_ascii_case(name)))
            .map(|name| Trial {
                words: format!("in environment {name}"),
                impact: case.impact.clone(),
                environment: Some((*name).to_owned()),
            })
            .collect();
        if !names.is_empty() && case.environment.is_none_or(is_named) {
            trials.push(Trial {
                words: "in any other environment".to_owned(),
                impact: case.impact.clone(),
                environment: Some("\u{1f310} another".to_owned()),
            });
        }
        trials
    }
}

fn on(trial: Trial) -> Trial {
    Trial { words: format!("{} on", trial.words), ..trial }
}
