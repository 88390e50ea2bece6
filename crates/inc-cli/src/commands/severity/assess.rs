//! `inc-severity assess`: set what is given and judge again; a terminal is asked for what the policy misses.

use anyhow::{Context, Result};
use inc_core::action::Action;
use inc_core::field::Field;
use inc_core::incident::Incident;
use inc_core::severity::{Case, Policy, Reading};
use inc_core::text::clean_line;
use inquire::validator::Validation;
use inquire::{InquireError, Text};

use crate::failure::{Failure, say};
use crate::session::{Changed, Session, WriteOptions};

/// Sets the properties, or asks for those that are missing, and judges again.
pub(super) fn run(
    incident: Option<&str>,
    given: Vec<(Field, String)>,
    write: &WriteOptions,
    session: &Session,
) -> Result<Changed> {
    let (incident, given) = match given.is_empty() && session.is_interactive() {
        true => {
            let record = session.load_incident(incident)?.record;
            let given = ask(&record, session)?;
            // What was asked about is what is changed, though another incident was opened meanwhile.
            (Some(record.id.to_string()), given)
        }
        false => (incident.map(str::to_owned), given),
    };
    let settings: Vec<_> = given.into_iter().map(|(field, text)| (field, Some(text))).collect();
    let action = if settings.is_empty() { Action::Assess } else { Action::Set(settings) };
    session.change(incident.as_deref(), write, |_| Ok(action))
}

/// Asks for each input that the policy misses. No lock is held: people take their time.
fn ask(incident: &Incident, session: &Session) -> Result<Vec<(Field, String)>> {
    let policy = session.policy()?;
    let judgement = policy.judge(&Case::of(incident, session.settings()?))?;
    let open: Vec<&Reading> = judgement.open_inputs().collect();
    if open.is_empty() {
        say("nothing is missing: judged again as it is");
    } else {
        say(&format!(
            "{}: Enter leaves a question open; unknown, none and n/a are answers; Esc ends",
            incident.id
        ));
    }
    let mut answers = vec![];
    for input in open {
        let field: Field = input.path.parse()?;
        match ask_one(&field, input, incident, policy, session)? {
            Some(text) if text.trim().is_empty() => {}
            Some(text) => answers.push((field, text)),
            None => break,
        }
    }
    Ok(answers)
}

/// One question; `None` where the person has had enough.
fn ask_one(
    field: &Field,
    input: &Reading,
    incident: &Incident,
    policy: &Policy,
    session: &Session,
) -> Result<Option<String>> {
    let why = input.open.as_deref().unwrap_or_default();
    let question = clean_line(&format!("{} ({why}):", input.name));
    let help = help(field, policy);
    let reading = session.reading(&incident.timezone)?;
    // A value is tried once here, to be refused at once and by itself, and once more under the lock.
    let settings = session.settings()?;
    let valid = |text: &str| -> Result<(), String> {
        if text.trim().is_empty() {
            return Ok(());
        }
        let mut tried = incident.clone();
        field.set(&mut tried, text, &reading).map_err(|error| error.to_string())?;
        policy.judge(&Case::of(&tried, settings)).map_err(|error| error.to_string())?;
        Ok(())
    };
    loop {
        let mut prompt = Text::new(&question).with_validator(|text: &str| {
            Ok(if text.len() > LONGEST { Validation::Invalid("too long".into()) } else { Validation::Valid })
        });
        if let Some(help) = &help {
            prompt = prompt.with_help_message(help);
        }
        let text = match prompt.prompt_skippable() {
            Ok(Some(text)) => text,
            Ok(None) => return Ok(None),
            Err(InquireError::OperationInterrupted) => {
                return Err(Failure::refused("interrupted: nothing was written"));
            }
            Err(error) => return Err(error).context("ask on the terminal"),
        };
        match valid(&text) {
            Ok(()) => return Ok(Some(text)),
            Err(why) => say(&clean_line(&why)),
        }
    }
}

/// The longest answer, in bytes.
const LONGEST: usize = 1000;

/// What may be answered, in the policy's words.
fn help(field: &Field, policy: &Policy) -> Option<String> {
    use inc_core::impact::{Breadth, Depth};
    let help = match field {
        Field::CustomerImpact => {
            Breadth::ALL.map(|band| format!("{band}: {}", policy.breadth_words(band))).join("; ")
        }
        Field::SingleCustomerImpact => {
            Depth::ALL.map(|band| format!("{band}: {}", policy.depth_words(band))).join("; ")
        }
        Field::MoneyAtRisk => format!("12000 or 12000 {}", policy.floors.money_at_risk.currency),
        Field::Transactions => "a whole number".to_owned(),
        Field::Duration | Field::Downtime => "45min or 2h 30min".to_owned(),
        other => {
            let path = other.path();
            let mut dimensions = policy.dimensions.iter();
            let dimension = dimensions.find(|dimension| path == format!("impact.{}", dimension.input))?;
            match dimension.values.as_slice() {
                [] => return None,
                values => values.iter().map(|value| value.to_string()).collect::<Vec<_>>().join(", "),
            }
        }
    };
    Some(clean_line(&help))
}
