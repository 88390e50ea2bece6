//! `inc-severity test`: a policy's own examples, and the properties that every policy must have.

use anyhow::Result;
use inc_core::severity::{ExampleRun, Property, Severity};
use inc_core::text::clean_line;
use serde::Serialize;

use super::policy_file::PolicyFile;
use crate::failure::Failure;
use crate::session::Session;

/// What `test --format json` prints.
#[derive(Debug, Serialize)]
struct Tested {
    policy: String,
    examples: Vec<ExampleView>,
    properties: Vec<Property>,
    failures: usize,
}

/// One example and what came of it.
#[derive(Debug, Serialize)]
struct ExampleView {
    name: String,
    expect: Severity,
    /// What the policy says; `null` where it cannot judge the example.
    got: Option<Severity>,
    provisional: Option<bool>,
    decided_by: Option<String>,
    /// Why it fails; `null` where it holds.
    failure: Option<String>,
}

pub(super) fn run(file: &PolicyFile, session: &Session) -> Result<()> {
    let given = file.read_to_test(session)?;
    let examples: Vec<ExampleView> = given.policy.run_examples().iter().map(view).collect();
    let properties = given.policy.try_properties();
    let failed = examples.iter().filter(|example| example.failure.is_some()).count();
    let broken = properties.iter().filter(|property| !property.failures.is_empty()).count();
    let tested = Tested { policy: given.from, examples, properties, failures: failed + broken };
    session.answer(&tested, || text_of(&tested))?;
    match tested.failures {
        0 => Ok(()),
        _ => Err(Failure::refused(clean_line(&format!(
            "{}: {failed} of {} examples and {broken} of {} properties fail",
            tested.policy,
            tested.examples.len(),
            tested.properties.len()
        )))),
    }
}

fn view(run: &ExampleRun<'_>) -> ExampleView {
    let judgement = run.judgement.as_ref().ok();
    ExampleView {
        name: run.example.name.to_string(),
        expect: run.example.expect,
        got: judgement.map(|judgement| judgement.severity),
        provisional: judgement.map(|judgement| judgement.provisional),
        decided_by: judgement.map(|judgement| judgement.decided_by.clone()),
        failure: run.failure(),
    }
}

fn text_of(tested: &Tested) -> String {
    let mut lines = vec![clean_line(&tested.policy)];
    for example in &tested.examples {
        lines.push(match &example.failure {
            None => clean_line(&format!("ok    {}: {}", example.name, example.expect)),
            Some(why) => clean_line(&format!("FAIL  {why}")),
        });
    }
    if tested.examples.is_empty() {
        lines.push("      no examples: add some below `examples:`".to_owned());
    }
    for property in &tested.properties {
        let mark = if property.failures.is_empty() { "ok  " } else { "FAIL" };
        lines.push(format!("{mark}  {} ({} cases)", property.name, property.tried));
        let shown = property.failures.iter().take(SHOWN);
        lines.extend(shown.map(|why| format!("        {}", clean_line(why))));
        if let Some(more) = property.failures.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            lines.push(format!("        and {more} more"));
        }
    }
    lines.join("\n")
}

/// How many failures of one property are told; one mistake may cause many.
const SHOWN: usize = 5;
