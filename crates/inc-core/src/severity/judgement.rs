//! Judging a case by the policy: each rule that was looked at, what is missing, and the bounds that it leaves.

use serde::Serialize;
use thiserror::Error;

use super::case::Case;
use super::gauge::{Gauge, Shown};
use super::input::{Doubt, Input};
use super::policy::Holds;
use super::{Assessment, Condition, InputName, Policy, Severity, Unknown};
use crate::answer::Answer;
use crate::impact::{Breadth, Depth, Impact};
use crate::nearest;
use crate::text::{LINE_CHARS, clean_line};

/// What a policy says of a case, and how it came to it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Judgement {
    /// The answer.
    pub severity: Severity,
    /// Whether the answer may move when missing inputs come.
    pub provisional: bool,
    /// The answers that the missing inputs leave open: the worst and the mildest.
    pub between: (Severity, Severity),
    /// Each input that the policy looks at, as the case has it.
    pub inputs: Vec<Reading>,
    /// Each rule that was looked at, the cell of the matrix first, the conditions last.
    pub rules: Vec<Rule>,
    /// The rule that decided, in words; one line.
    pub decided_by: String,
    /// The inputs that are missing or unusable, each with why.
    pub missing: Vec<String>,
    /// Contradictions between the inputs.
    pub warnings: Vec<String>,
}

impl Judgement {
    /// The inputs that make it provisional: open ones that nothing else settles.
    pub fn open_inputs(&self) -> impl Iterator<Item = &Reading> {
        self.inputs.iter().filter(|input| {
            let open = input.open.as_ref().map(|why| format!("{} ({why})", input.name));
            open.is_some_and(|open| self.missing.contains(&open))
        })
    }
}

/// One input as the policy sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reading {
    /// What people read for it: `customer impact`.
    pub name: String,
    /// The property: `impact.customer_impact`.
    pub path: String,
    /// What the case says, in words; `none` where it does not apply.
    pub value: Option<String>,
    /// What the band means, where the input has bands.
    pub words: Option<String>,
    /// Why it is open: `not asked`, `unknown`, or what is wrong with it.
    pub open: Option<String>,
}

/// One rule of the policy, applied.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rule {
    /// `customer impact XL x single-customer impact S`, `money at risk 0 EUR`, …
    pub words: String,
    /// What it asks for; `None` where it asks for nothing.
    pub severity: Option<Severity>,
    /// Whether it decided.
    pub decided: bool,
}

/// Why a case cannot be judged: a value that the policy can neither use nor leave out.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{path}: {why}")]
pub struct Unjudgeable {
    /// The property.
    pub path: String,
    /// What is wrong with it, and what to do.
    pub why: String,
}

impl From<&Judgement> for Assessment {
    fn from(judgement: &Judgement) -> Self {
        let decided_by =
            judgement.decided_by.parse().unwrap_or_else(|_| unreachable!("cut to one line when judged"));
        Self {
            computed: judgement.severity,
            provisional: judgement.provisional,
            decided_by,
            overridden: None,
        }
    }
}

/// The inputs of a case, read once.
struct Inputs<'a> {
    breadth: Input<Breadth>,
    depth: Input<Depth>,
    gauges: Vec<(Gauge<'a>, Shown)>,
}

/// Rules applied, and what they come to.
struct Weighed {
    rules: Vec<Rule>,
    severity: Severity,
    decided_by: String,
}

impl Policy {
    /// Judges a case: the worst of the matrix's cell and the floors, within the bounds of the conditions.
    ///
    /// # Errors
    /// A value that can neither be used nor left out, such as money in a currency for which there is no rate.
    pub fn judge(&self, case: &Case<'_>) -> Result<Judgement, Unjudgeable> {
        let inputs = self.read(case)?;
        let doubt = if self.unknown == Unknown::AssumeWorst { Doubt::Worst } else { Doubt::Ignore };
        let weighed = self.weigh(case, &inputs, doubt);
        let missing = self.missing(case, &inputs);
        let bound = |doubt| self.weigh(case, &inputs, doubt).severity;
        Ok(Judgement {
            severity: weighed.severity,
            provisional: !missing.is_empty(),
            between: (bound(Doubt::Worst), bound(Doubt::Mildest)),
            inputs: self.readings(case, &inputs),
            rules: weighed.rules,
            decided_by: weighed.decided_by,
            missing,
            warnings: self.warnings(case),
        })
    }

    fn read(&self, case: &Case<'_>) -> Result<Inputs<'_>, Unjudgeable> {
        let read = self.gauges().into_iter().map(|gauge| gauge.read(case).map(|shown| (gauge, shown)));
        Ok(Inputs {
            breadth: self.breadth_of(case),
            depth: Input::of(&case.impact.single_customer_impact, Depth::S),
            gauges: read.collect::<Result<_, _>>()?,
        })
    }

    /// Every rule, with open inputs as the doubt says; the rule that decides is marked.
    fn weigh(&self, case: &Case<'_>, inputs: &Inputs<'_>, doubt: Doubt) -> Weighed {
        let mut rules = self.harm_rules(inputs, doubt);
        let mut severity = rules.iter().filter_map(|rule| rule.severity).min().unwrap_or(Severity::Sev4);
        let mut decider = rules.iter().position(|rule| rule.severity == Some(severity)).unwrap_or(0);
        let mut decided_by = rules[decider].words.clone();
        // Caps before floors: where two conditions contradict each other, the worse counts.
        for is_cap in [true, false] {
            for condition in &self.conditions {
                let bound = if is_cap { condition.cap } else { condition.floor };
                let Some(bound) = bound else { continue };
                let (holds, open) = match condition.when.holds(case) {
                    Holds::Yes => (true, ""),
                    Holds::No => (false, ""),
                    Holds::Open if doubt == Doubt::Worst => (!is_cap, " (not asked)"),
                    Holds::Open => (is_cap && doubt == Doubt::Mildest, " (not asked)"),
                };
                let binds = holds && if is_cap { severity < bound } else { severity > bound };
                let never = if is_cap { "worse" } else { "milder" };
                let when = clean_line(&condition.when.words());
                let words = format!("{when}{open}: never {never} than {bound} ({})", condition.why);
                if binds {
                    decided_by = format!("{words}; without it {severity} by {decided_by}");
                    severity = bound;
                    decider = rules.len();
                }
                rules.push(Rule { words, severity: holds.then_some(bound), decided: false });
            }
        }
        rules[decider].decided = true;
        Weighed { rules, severity, decided_by: one_line(&decided_by) }
    }

    /// The band of breadth that a case has, given or read off the share of customers; `None` while it is open.
    pub fn breadth(&self, case: &Case<'_>) -> Option<Breadth> {
        self.breadth_of(case).known().copied()
    }

    pub(super) fn breadth_of(&self, case: &Case<'_>) -> Input<Breadth> {
        let impact = case.impact;
        if let Answer::Known(band) = impact.customer_impact {
            return Input::Known(band);
        }
        // A band given as `n/a` does not speak against a share that is known.
        if let Answer::Known(percent) = impact.customers_percent {
            return Input::Known(self.breadth_at(percent.get()));
        }
        match case.computed_share() {
            Some(Ok(share)) => return Input::Known(self.breadth_at(share)),
            Some(Err(why)) if !impact.customer_impact.is_settled() => return Input::Open(why),
            _ => {}
        }
        match (&impact.customer_impact, &impact.customers_percent) {
            (band, _) if band.is_settled() => Input::Known(Breadth::None),
            (_, Answer::None) => Input::Known(Breadth::None),
            // A share that does not apply says nothing of a band that nobody knows.
            (Answer::Unknown, _) | (_, Answer::Unknown) => Input::Open("unknown".to_owned()),
            _ => Input::Open("not asked".to_owned()),
        }
    }

    fn cell_rule(&self, breadth: &Input<Breadth>, depth: &Input<Depth>, doubt: Doubt) -> Rule {
        let assumed = match doubt {
            Doubt::Worst => (Breadth::Xl, Depth::Xl),
            Doubt::Mildest | Doubt::Ignore => (Breadth::None, Depth::S),
        };
        let words = |why: Option<&str>, band: &str| match why {
            None => band.to_owned(),
            Some(why) if doubt == Doubt::Worst => format!("({why}: worst case {band})"),
            Some(why) => format!("({why}: taken as {band})"),
        };
        let wide = breadth.known().copied().unwrap_or(assumed.0);
        let deep = depth.known().copied().unwrap_or(assumed.1);
        Rule {
            words: format!(
                "customer impact {} x single-customer impact {}",
                words(breadth.why_open(), wide.name()),
                words(depth.why_open(), deep.name()),
            ),
            severity: Some(self.cell(wide, deep)),
            decided: false,
        }
    }

    fn missing(&self, case: &Case<'_>, inputs: &Inputs<'_>) -> Vec<String> {
        let bands = [
            ("customer impact", inputs.breadth.why_open()),
            ("single-customer impact", inputs.depth.why_open()),
        ];
        let gauges = inputs.gauges.iter().map(|(gauge, shown)| (gauge.name.as_str(), shown.why_open()));
        let environment = self.asks_for_environment(case, inputs).then_some("not asked");
        bands
            .into_iter()
            .chain(gauges)
            .chain([("environment", environment)])
            .filter_map(|(name, why)| why.map(|why| format!("{name} ({why})")))
            .collect()
    }

    /// Whether the environment is not known, and some environment would change the result.
    fn asks_for_environment(&self, case: &Case<'_>, inputs: &Inputs<'_>) -> bool {
        let unbounded = |doubt| {
            let rules = self.harm_rules(inputs, doubt).into_iter();
            rules.filter_map(|rule| rule.severity).min().unwrap_or(Severity::Sev4)
        };
        let (worst, mildest) = (unbounded(Doubt::Worst), unbounded(Doubt::Mildest));
        let mut open = self.conditions.iter().filter(|condition| condition.when.holds(case) == Holds::Open);
        let binds = |condition: &Condition| {
            condition.cap.is_some_and(|cap| worst < cap)
                || condition.floor.is_some_and(|floor| mildest > floor)
        };
        // Where all harm is known, only the environment is left to move the result: also by undoing another condition's bound.
        let bound = |doubt| self.weigh(case, inputs, doubt).severity;
        let moves = || worst == mildest && bound(Doubt::Worst) != bound(Doubt::Mildest);
        open.clone().any(binds) || (open.next().is_some() && moves())
    }

    /// The cell and the floors, before any condition.
    fn harm_rules(&self, inputs: &Inputs<'_>, doubt: Doubt) -> Vec<Rule> {
        let mut rules = vec![self.cell_rule(&inputs.breadth, &inputs.depth, doubt)];
        rules.extend(inputs.gauges.iter().map(|(gauge, shown)| gauge.rule(shown, doubt)));
        rules
    }

    fn readings(&self, case: &Case<'_>, inputs: &Inputs<'_>) -> Vec<Reading> {
        let reading = |name: &str, path: String, value: Option<String>, words, open: Option<&str>| Reading {
            name: name.to_owned(),
            path,
            value,
            words,
            open: open.map(str::to_owned),
        };
        let breadth = inputs.breadth.known();
        let given = |band: &Breadth| match case.impact.customer_impact.known() {
            Some(_) => band.to_string(),
            None => match (case.impact.customers_percent.known(), case.computed_share()) {
                (Some(percent), _) => format!("{band}, read off {percent} % of customers"),
                (None, Some(Ok(share))) => format!("{band}, read off {}", self.share_words(case, share)),
                _ => band.to_string(),
            },
        };
        let depth = inputs.depth.known();
        let mut readings = vec![
            reading(
                "customer impact",
                "impact.customer_impact".to_owned(),
                breadth.map(given),
                breadth.map(|band| self.breadth_words(*band).to_string()),
                inputs.breadth.why_open(),
            ),
            reading(
                "single-customer impact",
                "impact.single_customer_impact".to_owned(),
                depth.map(ToString::to_string),
                depth.map(|band| self.depth_words(*band).to_string()),
                inputs.depth.why_open(),
            ),
        ];
        readings.extend(inputs.gauges.iter().map(|(gauge, shown)| {
            let value = match shown {
                Input::Known(value) => Some(value.map_or("none".to_owned(), |known| gauge.scale.show(known))),
                Input::Unasked => Some("not asked, and need not be".to_owned()),
                Input::Open(_) => None,
            };
            reading(&gauge.name, gauge.path(), value, None, shown.why_open())
        }));
        if self.conditions.iter().any(|condition| !condition.when.environment.is_empty()) {
            let open = case.environment.is_none().then_some("not asked");
            let value = case.environment.map(clean_line);
            readings.push(reading("environment", "environment".to_owned(), value, None, open));
        }
        readings
    }

    fn share_words(&self, case: &Case<'_>, share: f64) -> String {
        let count = case.impact.customers.known().map_or(0, |count| count.get());
        let base = case.customer_base.map_or(0, |base| base.get());
        format!("{count} of {base} customers ({} %)", four_places(share))
    }

    fn warnings(&self, case: &Case<'_>) -> Vec<String> {
        let impact = case.impact;
        let mut warnings = self.strange_inputs(case.impact);
        let share = case.computed_share();
        if let Some(Err(why)) = &share {
            warnings.push(format!("{why}: correct one of them"));
        }
        let share = share.and_then(Result::ok);
        if let Answer::Known(percent) = impact.customers_percent {
            let read = self.breadth_at(percent.get());
            if let Some(share) = share.filter(|share| self.breadth_at(*share) != read) {
                warnings.push(format!(
                    "{} are band {}, and yet {percent} % is given, which is band {read}",
                    self.share_words(case, share),
                    self.breadth_at(share)
                ));
            }
        }
        let Answer::Known(band) = impact.customer_impact else {
            return warnings;
        };
        if let Answer::Known(percent) = impact.customers_percent {
            let read = self.breadth_at(percent.get());
            if read != band {
                warnings.push(format!(
                    "{percent} % of customers is band {read}, and yet customer impact {band} is given; {band} is used"
                ));
            }
        }
        match (impact.customers.known(), share) {
            (Some(count), _) if count.get() == 0 && band > Breadth::None => warnings.push(format!(
                "0 customers touched, and yet customer impact {band} ({}): one of them is wrong, or counts differently",
                self.breadth_words(band)
            )),
            (_, Some(share)) if self.breadth_at(share) != band => warnings.push(format!(
                "{} are band {}, and yet customer impact {band} is given; {band} is used",
                self.share_words(case, share),
                self.breadth_at(share)
            )),
            _ => {}
        }
        warnings
    }

    /// A team's own inputs that the policy does not look at: likely a slip of the pen.
    fn strange_inputs(&self, impact: &Impact) -> Vec<String> {
        let known = self.own_inputs();
        let strange = impact.custom.keys().filter(|key| !known.contains(&key.as_str()));
        strange
            .map(|key| {
                let hint =
                    if known.is_empty() { "it has none".to_owned() } else { nearest::hint(key, &known) };
                format!("impact.custom.{} is no input of the policy; {hint}", clean_line(key))
            })
            .collect()
    }

    /// The names below `impact.custom` that the policy looks at.
    pub fn own_inputs(&self) -> Vec<&str> {
        self.dimensions
            .iter()
            .filter_map(|dimension| match &dimension.input {
                InputName::Custom(key) => Some(key.as_str()),
                _ => None,
            })
            .collect()
    }

    /// Whether what the policy looks at differs between two cases, so that a record must be judged again.
    pub fn sees_a_difference(&self, before: &Case<'_>, after: &Case<'_>) -> bool {
        let by_circumstances = !self.conditions.is_empty();
        before.impact != after.impact
            || (by_circumstances && (before.environment, before.kind) != (after.environment, after.kind))
            || (self.measures_duration() && before.elapsed != after.elapsed)
    }

    /// Whether the time from start to end is an input.
    pub fn measures_duration(&self) -> bool {
        self.dimensions.iter().any(|dimension| dimension.input == InputName::Duration)
    }
}

/// A share with at most four decimals: `15`, `1.0008`.
fn four_places(share: f64) -> String {
    ((share * 1e4).round() / 1e4).to_string()
}

/// At most one line's length: a team's words may be long.
fn one_line(words: &str) -> String {
    let mut line = clean_line(words);
    if let Some((end, _)) = line.char_indices().nth(LINE_CHARS - 1)
        && line.chars().count() > LINE_CHARS
    {
        line.truncate(end);
        line.push('…');
    }
    line
}
