//! A policy's own examples: inputs, and the severity that they must give.

use serde::{Deserialize, Serialize};

use super::Policy;
use crate::impact::{Count, Impact};
use crate::incident::Kind;
use crate::severity::case::Case;
use crate::severity::{Judgement, Severity, Unjudgeable};
use crate::text::Line;

/// One example. It speaks only of what it names: a dimension that it leaves out does not apply, and no condition holds by an
/// environment that it does not give. The four inputs that every policy has are missing where it leaves them out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// What it is an example of.
    pub name: Line,
    /// The impact, as a record holds it.
    #[serde(default, skip_serializing_if = "Impact::is_empty")]
    pub impact: Impact,
    /// Where it happens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<Line>,
    /// An incident, a drill or a near miss.
    #[serde(default)]
    pub kind: Kind,
    /// How many customers there are in all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_base: Option<Count>,
    /// The severity that it must give.
    pub expect: Severity,
    /// Whether that must be provisional; either way where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provisional: Option<bool>,
}

impl Example {
    /// What the policy judges.
    pub fn case(&self) -> Case<'_> {
        Case {
            impact: &self.impact,
            environment: self.environment.as_ref().map(Line::as_str),
            kind: self.kind,
            elapsed: None,
            customer_base: self.customer_base,
            is_example: true,
        }
    }
}

/// An example with what the policy makes of it.
#[derive(Debug, Clone)]
pub struct ExampleRun<'a> {
    /// The example.
    pub example: &'a Example,
    /// What the policy says.
    pub judgement: Result<Judgement, Unjudgeable>,
}

impl ExampleRun<'_> {
    /// Why the example fails; `None` where it holds.
    pub fn failure(&self) -> Option<String> {
        let example = self.example;
        match &self.judgement {
            Err(why) => Some(format!("the example \"{}\" cannot be judged: {why}", example.name)),
            Ok(said) if said.severity != example.expect => Some(format!(
                "the example \"{}\" gives {}, not {}: decided by {}",
                example.name, said.severity, example.expect, said.decided_by
            )),
            Ok(said) if example.provisional.is_some_and(|expected| expected != said.provisional) => {
                let (is, not) = if said.provisional { ("", "not ") } else { ("not ", "") };
                Some(format!("the example \"{}\" is {is}provisional, and should be {not}so", example.name))
            }
            Ok(_) => None,
        }
    }
}

impl Policy {
    /// Every example, judged.
    pub fn run_examples(&self) -> Vec<ExampleRun<'_>> {
        let run = |example| ExampleRun { example, judgement: self.judge(&Example::case(example)) };
        self.examples.iter().map(run).collect()
    }
}
