//! What types cannot check of a policy: everything rises with the harm, nothing contradicts, the examples hold.

use std::collections::BTreeMap;
use std::fmt;

use thiserror::Error;

use super::{Floor, Policy};
use crate::impact::{Breadth, Currency, Depth};
use crate::nearest;
use crate::severity::Severity;
use crate::text::clean_line;

/// Why a policy that reads well is no policy, and which value is to blame.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{path}: {problem}")]
pub struct PolicyError {
    /// The value to blame.
    pub path: Path,
    /// What is wrong, in one line.
    pub problem: String,
    /// What to do about it; may be empty.
    pub help: String,
}

/// The way to a value of a file, from its top.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Path(Vec<Step>);

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The value of a key.
    Key(String),
    /// An item of a list, counted from 0.
    Index(usize),
}

impl Path {
    /// The path to this key below it.
    pub fn key(&self, name: &str) -> Self {
        self.with(Step::Key(name.to_owned()))
    }

    /// The path to this item below it.
    pub fn index(&self, index: usize) -> Self {
        self.with(Step::Index(index))
    }

    fn with(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    /// The steps, from the top.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// What is wrong at this place.
    pub fn error(&self, problem: impl Into<String>, help: impl Into<String>) -> PolicyError {
        PolicyError { path: self.clone(), problem: problem.into(), help: help.into() }
    }
}

/// `floors.transactions[1].from`
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(name) if n == 0 => f.write_str(name)?,
                Step::Key(name) => write!(f, ".{name}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

impl Policy {
    /// Checks what types cannot: bands and floors that rise, a matrix that never gets milder as harm grows,
    /// dimensions and conditions that make sense, and examples that hold.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn check(&self) -> Result<(), PolicyError> {
        self.check_rules()?;
        match self.run_examples().into_iter().enumerate().find_map(|(n, run)| Some((n, run.failure()?))) {
            Some((n, why)) => Err(Path::default()
                .key("examples")
                .index(n)
                .key("expect")
                .error(why, "correct the example or the rule; `inc-severity test` runs them all")),
            None => Ok(()),
        }
    }

    /// As [`Policy::check`], but the examples may fail.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn check_rules(&self) -> Result<(), PolicyError> {
        let top = Path::default();
        self.check_bands(&top.key("customer_impact"))?;
        self.check_matrix(&top.key("matrix"))?;
        let at = top.key("floors");
        let money = &self.floors.money_at_risk;
        floors(&money.from, &at.key("money_at_risk").key("from"))?;
        rates(&money.rates, money.currency, &at.key("money_at_risk").key("rates"))?;
        floors(&self.floors.transactions, &at.key("transactions"))?;
        for (n, dimension) in self.dimensions.iter().enumerate() {
            let path = top.key("dimensions").index(n);
            dimension.check(&path)?;
            if self.dimensions[..n].iter().any(|before| before.input == dimension.input) {
                let problem = format!("the input `{}` has a dimension already", dimension.input);
                return Err(path.key("input").error(problem, "write its floors in one place"));
            }
        }
        let own = self.own_inputs();
        for (n, example) in self.examples.iter().enumerate() {
            if let Some(key) = example.impact.custom.keys().find(|key| !own.contains(&key.as_str())) {
                let place = top.key("examples").index(n).key("impact").key("custom").key(key);
                let problem = format!("no dimension has the input `custom.{}`", clean_line(key));
                return Err(place.error(problem, nearest::hint(key, &own)));
            }
        }
        let mut conditions = self.conditions.iter().enumerate();
        conditions.try_for_each(|(n, condition)| condition.check(&top.key("conditions").index(n)))
    }

    fn check_bands(&self, path: &Path) -> Result<(), PolicyError> {
        let bands = &self.customer_impact;
        let ends = [("NONE", &bands.none), ("S", &bands.s), ("M", &bands.m), ("L", &bands.l)];
        let mut below: Option<(&str, f64)> = None;
        for (name, band) in ends {
            let end = band.up_to_percent;
            let place = path.key(name).key("up_to_percent");
            // Also false for NaN.
            if !(0.0..=100.0).contains(&end) {
                return Err(
                    place.error(format!("band {name} ends at {end} %"), "a share lies between 0 and 100")
                );
            }
            if let Some((before, last)) = below
                && end <= last
            {
                return Err(place.error(
                    format!("band {name} ends at {end} %, and {before} before it at {last} %"),
                    "each band must end above the one before it",
                ));
            }
            below = Some((name, end));
        }
        Ok(())
    }

    fn check_matrix(&self, path: &Path) -> Result<(), PolicyError> {
        for breadth in Breadth::ALL {
            for depth in Depth::ALL {
                let cell = self.cell(breadth, depth);
                let wider =
                    Breadth::ALL.into_iter().filter(|wider| *wider > breadth).map(|wider| (wider, depth));
                let deeper =
                    Depth::ALL.into_iter().filter(|deeper| *deeper > depth).map(|deeper| (breadth, deeper));
                if let Some((b, d)) = wider.chain(deeper).find(|(b, d)| self.cell(*b, *d) > cell) {
                    return Err(path.key(b.name()).key(d.name()).error(
                        format!(
                            "cell {b} x {d} is {}, milder than {cell} of {breadth} x {depth}",
                            self.cell(b, d)
                        ),
                        "the matrix must get no milder to the right or downwards",
                    ));
                }
            }
        }
        Ok(())
    }
}

/// Refuses floors that do not rise, or get milder as they do.
pub(super) fn floors<T: PartialOrd + fmt::Display>(
    floors: &[Floor<T>],
    path: &Path,
) -> Result<(), PolicyError> {
    for (n, pair) in floors.windows(2).enumerate() {
        let place = path.index(n + 1);
        if pair[1].from <= pair[0].from {
            return Err(place.key("from").error(
                "the floor begins where the one before it does, or below",
                "write the floors in rising order, each value once",
            ));
        }
        if pair[1].level > pair[0].level {
            let (level, before): (Severity, Severity) = (pair[1].level, pair[0].level);
            return Err(place.key("level").error(
                format!("a higher value gives {level}, milder than {before} of the one before it"),
                "floors must get worse as they rise",
            ));
        }
    }
    Ok(())
}

/// Refuses rates that are no rates.
pub(super) fn rates(rates: &BTreeMap<Currency, f64>, into: Currency, path: &Path) -> Result<(), PolicyError> {
    for (currency, rate) in rates {
        let place = path.key(currency.as_str());
        if *currency == into {
            return Err(
                place.error(format!("{into} is the currency of the floors itself"), "remove the rate")
            );
        }
        if !(rate.is_finite() && *rate > 0.0 && *rate < 1e6) {
            return Err(place.error(
                format!("{rate} is no rate"),
                format!("write how many {into} one {currency} is worth, such as 0.92"),
            ));
        }
    }
    Ok(())
}
