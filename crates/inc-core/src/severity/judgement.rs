//! Judging an impact by the policy: each rule that was looked at, what is missing, and what would make it worse.

use std::fmt;

use serde::Serialize;

use super::{Assessment, Policy, Severity, Unknown};
use crate::answer::Answer;
use crate::impact::{Breadth, Depth, Impact, Money};

/// What a policy says of an impact, and how it came to it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Judgement {
    /// The answer.
    pub severity: Severity,
    /// Whether the answer may move when missing inputs come.
    pub provisional: bool,
    /// The answers that the missing inputs leave open: the worst and the mildest.
    pub between: (Severity, Severity),
    /// Each rule that was looked at, the cell of the matrix first.
    pub rules: Vec<Rule>,
    /// The rule that decided, in words.
    pub decided_by: String,
    /// The inputs that are missing or unusable, each with why.
    pub missing: Vec<String>,
    /// Contradictions between the inputs.
    pub warnings: Vec<String>,
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

impl From<&Judgement> for Assessment {
    fn from(judgement: &Judgement) -> Self {
        // The words are this module's own: one line, without control characters.
        let decided_by =
            judgement.decided_by.parse().unwrap_or_else(|_| unreachable!("our own words are a line"));
        Self {
            computed: judgement.severity,
            provisional: judgement.provisional,
            decided_by,
            overridden: None,
        }
    }
}

/// An input as the policy sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Input<T> {
    Known(T),
    /// Missing or unknown, and why.
    Open(&'static str),
}

impl<T: Copy> Input<T> {
    /// `none` and `n/a` say that nothing is touched, which is the mildest value.
    fn of(answer: &Answer<T>, mildest: T) -> Self {
        match answer {
            Answer::Known(value) => Self::Known(*value),
            Answer::None | Answer::NotApplicable => Self::Known(mildest),
            Answer::Unknown => Self::Open("unknown"),
            Answer::Missing => Self::Open("not asked"),
        }
    }

    fn or(self, assumed: T) -> T {
        match self {
            Self::Known(value) => value,
            Self::Open(_) => assumed,
        }
    }

    fn why_open(self) -> Option<&'static str> {
        match self {
            Self::Known(_) => None,
            Self::Open(why) => Some(why),
        }
    }
}

impl Policy {
    /// Judges an impact: the worst of the matrix's cell and the floors.
    pub fn judge(&self, impact: &Impact) -> Judgement {
        let breadth = self.breadth_of(impact);
        let depth = Input::of(&impact.single_customer_impact, Depth::S);
        let mut rules = self.rules(impact, self.unknown == Unknown::AssumeWorst);
        let severity = worst_of(&rules);
        let decider = rules.iter().position(|rule| rule.severity == Some(severity)).unwrap_or(0);
        rules[decider].decided = true;
        let missing = self.missing_inputs(impact, breadth, depth);
        Judgement {
            severity,
            provisional: !missing.is_empty(),
            between: (self.bound(impact, true), self.bound(impact, false)),
            decided_by: rules[decider].words.clone(),
            rules,
            missing,
            warnings: self.warnings(impact),
        }
    }

    /// Each rule applied, the cell first, with open inputs at their worst or at their mildest.
    fn rules(&self, impact: &Impact, worst_case: bool) -> Vec<Rule> {
        let depth = Input::of(&impact.single_customer_impact, Depth::S);
        vec![
            self.cell_rule(self.breadth_of(impact), depth, worst_case),
            self.money_rule(impact, worst_case),
            self.transactions_rule(impact, worst_case),
        ]
    }

    /// The severity that holds if every open input turns out at its worst, or at its mildest.
    fn bound(&self, impact: &Impact, worst_case: bool) -> Severity {
        worst_of(&self.rules(impact, worst_case))
    }

    /// The band of breadth that an impact has, given or read off the share of customers; `None` while it is open.
    pub fn breadth(&self, impact: &Impact) -> Option<Breadth> {
        match self.breadth_of(impact) {
            Input::Known(band) => Some(band),
            Input::Open(_) => None,
        }
    }

    fn breadth_of(&self, impact: &Impact) -> Input<Breadth> {
        // A band given as `n/a` does not speak against a share that is known.
        let share_decides =
            impact.customer_impact.known().is_none() && impact.customers_percent.known().is_some();
        if impact.customer_impact.is_settled() && !share_decides {
            return Input::of(&impact.customer_impact, Breadth::None);
        }
        match &impact.customers_percent {
            Answer::Known(percent) => Input::Known(self.breadth_at(percent.get())),
            Answer::None => Input::Known(Breadth::None),
            // A share that does not apply says nothing of a band that nobody knows.
            share if *share == Answer::Unknown || impact.customer_impact == Answer::Unknown => {
                Input::Open("unknown")
            }
            _ => Input::Open("not asked"),
        }
    }

    fn cell_rule(&self, breadth: Input<Breadth>, depth: Input<Depth>, worst_case: bool) -> Rule {
        let (worst, mildest) = ((Breadth::Xl, Depth::Xl), (Breadth::None, Depth::S));
        let assumed = if worst_case { worst } else { mildest };
        let words = |known: String, why: Option<&str>, assumed: &str| match why {
            None => known,
            Some(why) if worst_case => format!("({why}: worst case {assumed})"),
            Some(why) => format!("({why}: taken as {assumed})"),
        };
        let (wide, deep) = (breadth.or(assumed.0), depth.or(assumed.1));
        Rule {
            words: format!(
                "customer impact {} x single-customer impact {}",
                words(wide.to_string(), breadth.why_open(), wide.name()),
                words(deep.to_string(), depth.why_open(), deep.name()),
            ),
            severity: Some(self.cell(wide, deep)),
            decided: false,
        }
    }

    fn money_rule(&self, impact: &Impact, worst_case: bool) -> Rule {
        let floors = &self.floors.money_at_risk;
        let (words, severity) = match self.money_of(impact) {
            Ok(None) => ("money at risk: none".to_owned(), None),
            Ok(Some(money)) => floor_words("money at risk", &money, floors.at(money.amount)),
            Err(why) => open_words("money at risk", &why, floors.worst(), worst_case),
        };
        Rule { words, severity, decided: false }
    }

    fn transactions_rule(&self, impact: &Impact, worst_case: bool) -> Rule {
        let floors = &self.floors.transactions;
        let (words, severity) = match &impact.transactions {
            Answer::Known(count) => {
                let reached =
                    floors.iter().filter(|floor| count.get() >= floor.from).min_by_key(|floor| floor.level);
                floor_words("transactions", count, reached.map(|floor| (floor.from.to_string(), floor.level)))
            }
            Answer::None | Answer::NotApplicable => ("transactions: none".to_owned(), None),
            Answer::Unknown => open_words("transactions", "unknown", self.worst_transactions(), worst_case),
            Answer::Missing => open_words("transactions", "not asked", self.worst_transactions(), worst_case),
        };
        Rule { words, severity, decided: false }
    }

    fn worst_transactions(&self) -> Option<Severity> {
        self.floors.transactions.iter().map(|floor| floor.level).min()
    }

    /// The money that the floors can judge: `Ok(None)` for none, `Err` with the reason where they cannot.
    fn money_of(&self, impact: &Impact) -> Result<Option<Money>, String> {
        let floors = &self.floors.money_at_risk;
        match &impact.money_at_risk {
            Answer::Missing => Err("not asked".to_owned()),
            Answer::Unknown => Err("unknown".to_owned()),
            Answer::None | Answer::NotApplicable => Ok(None),
            Answer::Known(money) if money.amount == crate::impact::Amount::whole(0) => Ok(Some(*money)),
            Answer::Known(money) if money.currency == floors.currency => Ok(Some(*money)),
            Answer::Known(money) => {
                Err(format!("{money} is not in {}, the policy's currency", floors.currency))
            }
        }
    }

    fn missing_inputs(&self, impact: &Impact, breadth: Input<Breadth>, depth: Input<Depth>) -> Vec<String> {
        let transactions = Input::of(&impact.transactions.map(|_| ()), ());
        let money = self.money_of(impact).err();
        [
            ("customer impact", breadth.why_open().map(str::to_owned)),
            ("single-customer impact", depth.why_open().map(str::to_owned)),
            ("money at risk", money),
            ("transactions", transactions.why_open().map(str::to_owned)),
        ]
        .into_iter()
        .filter_map(|(name, why)| why.map(|why| format!("{name} ({why})")))
        .collect()
    }

    fn warnings(&self, impact: &Impact) -> Vec<String> {
        let mut warnings = vec![];
        if let Answer::Known(band) = impact.customer_impact {
            match &impact.customers {
                Answer::Known(count) if count.get() == 0 && band > Breadth::None => warnings.push(format!(
                    "0 customers touched, and yet customer impact {band} ({}): one of them is wrong, or counts differently",
                    self.breadth_words(band)
                )),
                _ => {}
            }
            if let Answer::Known(percent) = impact.customers_percent {
                let read = self.breadth_at(percent.get());
                if read != band {
                    warnings.push(format!(
                        "{percent} % of customers is band {read}, and yet customer impact {band} is given; {band} is used"
                    ));
                }
            }
        }
        warnings
    }

    /// What would make the severity worse: each input's next step that does, tried on the policy itself.
    pub fn next_worse(&self, impact: &Impact) -> Vec<String> {
        let now = self.judge(impact).severity;
        let mut steps = vec![];
        let mut tries = |words: String, changed: Impact| {
            let then = self.judge(&changed).severity;
            if then < now {
                steps.push(format!("{words}: {then}"));
                return true;
            }
            false
        };
        if let Input::Known(band) = self.breadth_of(impact) {
            let wider = Breadth::ALL.into_iter().filter(|wider| *wider > band);
            wider
                .take_while(|wider| {
                    let customer_impact = Answer::Known(*wider);
                    !tries(
                        format!("from customer impact {wider} on"),
                        Impact { customer_impact, ..impact.clone() },
                    )
                })
                .count();
        }
        if let Answer::Known(band) = impact.single_customer_impact {
            let deeper = Depth::ALL.into_iter().filter(|deeper| *deeper > band);
            deeper
                .take_while(|deeper| {
                    let single_customer_impact = Answer::Known(*deeper);
                    let changed = Impact { single_customer_impact, ..impact.clone() };
                    !tries(format!("from single-customer impact {deeper} on"), changed)
                })
                .count();
        }
        for floor in &self.floors.money_at_risk.from {
            let currency = self.floors.money_at_risk.currency;
            let money_at_risk = Answer::Known(Money { amount: floor.from, currency });
            if tries(
                format!("from {} {currency} at risk on", floor.from),
                Impact { money_at_risk, ..impact.clone() },
            ) {
                break;
            }
        }
        for floor in &self.floors.transactions {
            let Ok(count) = floor.from.try_into() else { continue };
            let transactions = Answer::Known(count);
            if tries(
                format!("from {} transactions on", floor.from),
                Impact { transactions, ..impact.clone() },
            ) {
                break;
            }
        }
        steps
    }
}

fn worst_of(rules: &[Rule]) -> Severity {
    rules.iter().filter_map(|rule| rule.severity).min().unwrap_or(Severity::Sev4)
}

fn floor_words(
    name: &str,
    value: &dyn fmt::Display,
    reached: Option<(String, Severity)>,
) -> (String, Option<Severity>) {
    match reached {
        Some((from, level)) => (format!("{name} {value} (from {from} on: {level})"), Some(level)),
        None => (format!("{name} {value}"), None),
    }
}

fn open_words(
    name: &str,
    why: &str,
    worst: Option<Severity>,
    worst_case: bool,
) -> (String, Option<Severity>) {
    match worst {
        Some(level) if worst_case => (format!("{name} ({why}: worst case {level})"), Some(level)),
        _ => (format!("{name} ({why}: left out)"), None),
    }
}
