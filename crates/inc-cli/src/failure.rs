//! Why a command ends badly, and its exit code. The only place that knows exit codes.
//!
//! 0 done; 1 the answer is no; 2 usage; 3 the surroundings (no repository, I/O, git, lock); 4 invalid data.

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue};
use inc_core::action::Refusal;
use inc_core::field::FieldError;
use inc_core::id::IdError;
use inc_core::instant::TimeError;
use inc_core::pdca;
use inc_core::settle::Unsettled;
use inc_core::severity::Unjudgeable;
use inc_core::text::{TextError, clean, clean_line};
use inc_store::file::FileError;
use inc_store::git::GitError;
use inc_store::land::LandError;
use inc_store::store::StoreError;

/// A failure that a command names itself, with its exit code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    code: u8,
    message: String,
}

impl Failure {
    /// The answer is no.
    pub fn refused(message: impl Into<String>) -> anyhow::Error {
        Self { code: 1, message: message.into() }.into()
    }

    /// The arguments make no sense.
    pub fn usage(message: impl Into<String>) -> anyhow::Error {
        Self { code: 2, message: message.into() }.into()
    }

    /// Something around the program does not do its part.
    pub fn surroundings(message: impl Into<String>) -> anyhow::Error {
        Self { code: 3, message: message.into() }.into()
    }

    /// Data that cannot be read.
    pub fn data(message: impl Into<String>) -> anyhow::Error {
        Self { code: 4, message: message.into() }.into()
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

/// Says why a command failed, if it did, and returns its exit code. A closed pipe is no failure.
pub fn end(result: anyhow::Result<()>) -> ExitCode {
    let Err(error) = result else {
        return ExitCode::SUCCESS;
    };
    if error.chain().any(|cause| cause.is::<ClosedPipe>()) {
        return ExitCode::SUCCESS;
    }
    // The message may hold text from files and arguments.
    say(&clean(&format!("error: {}", words(&error))));
    ExitCode::from(code_of(&error))
}

/// The causes of an error in their order, none told twice: some messages end in what the system said already.
pub fn words(error: &anyhow::Error) -> String {
    let mut words = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if words.contains(&cause) {
            continue;
        }
        if !words.is_empty() {
            words.push_str(": ");
        }
        words.push_str(&cause);
    }
    words
}

/// The longest argument that a usage message repeats, in characters.
const SHOWN: usize = 80;

/// Prints clap's own message, help included, and returns its exit code.
pub fn of_usage(error: clap::Error) -> ExitCode {
    let error = shortened(error);
    match error.print() {
        Err(failed) if failed.kind() != ErrorKind::BrokenPipe => {
            say(&format!("error: write to stdout: {failed}"));
            ExitCode::from(3)
        }
        _ => ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2)),
    }
}

/// The same error, with the argument that it repeats cut to a line and safe for a terminal.
fn shortened(mut error: clap::Error) -> clap::Error {
    for kind in [ContextKind::InvalidValue, ContextKind::InvalidArg, ContextKind::InvalidSubcommand] {
        if let Some(ContextValue::String(given)) = error.get(kind) {
            let mut shown = clean_line(given);
            if let Some((end, _)) = shown.char_indices().nth(SHOWN) {
                shown.truncate(end);
                shown.push('…');
            }
            error.insert(kind, ContextValue::String(shown));
        }
    }
    error
}

/// One line or more on stderr; a closed or full stderr is nobody's problem.
pub fn say(text: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

/// Whoever read our stdout has seen enough. Any other pipe that breaks is a failure: something was not written.
#[derive(Debug)]
struct ClosedPipe;

impl std::fmt::Display for ClosedPipe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("stdout is closed")
    }
}

impl std::error::Error for ClosedPipe {}

/// What a failed write to stdout means: a closed pipe is no failure, a full disk is one.
pub fn of_stdout(error: io::Error) -> anyhow::Error {
    match error.kind() {
        ErrorKind::BrokenPipe => ClosedPipe.into(),
        _ => anyhow::Error::new(error).context("write to stdout"),
    }
}

/// The exit code of the first cause that has one.
fn code_of(error: &anyhow::Error) -> u8 {
    error.chain().find_map(known_code).unwrap_or(3)
}

fn known_code(cause: &(dyn std::error::Error + 'static)) -> Option<u8> {
    if let Some(failure) = cause.downcast_ref::<Failure>() {
        return Some(failure.code);
    }
    if let Some(refusal) = cause.downcast_ref::<Refusal>() {
        return Some(match refusal {
            Refusal::Field(error) => of_field(error),
            Refusal::Unjudgeable(_) => 2,
            Refusal::Unsettled(why) => of_unsettled(why),
            _ => 1,
        });
    }
    if let Some(refusal) = cause.downcast_ref::<pdca::action::Refusal>() {
        return Some(of_pdca(refusal));
    }
    if let Some(error) = cause.downcast_ref::<FieldError>() {
        return Some(of_field(error));
    }
    // A value that stands in the record; one that was typed is a refusal.
    if cause.is::<Unjudgeable>() {
        return Some(4);
    }
    if let Some(error) = cause.downcast_ref::<StoreError>() {
        return Some(of_store(error));
    }
    if let Some(error) = cause.downcast_ref::<GitError>() {
        return Some(of_git(error));
    }
    let usage = cause.is::<TimeError>() || cause.is::<TextError>() || cause.is::<IdError>();
    if usage {
        return Some(2);
    }
    cause.is::<io::Error>().then_some(3)
}

/// A label that names nothing is a wrong argument; the rest is the PDCA's own no.
fn of_pdca(refusal: &pdca::action::Refusal) -> u8 {
    use pdca::action::Refusal;
    match refusal {
        Refusal::Unknown { .. } | Refusal::NotALabel { .. } | Refusal::NoRootCause { .. } => 2,
        Refusal::Source(_) | Refusal::Nothing { .. } => 2,
        Refusal::Unsettled(why) => of_unsettled(why),
        _ => 1,
    }
}

/// What was typed names nothing, or is no value; the rest is the record's own no.
fn of_unsettled(why: &Unsettled) -> u8 {
    match why {
        Unsettled::NotContested { .. } | Unsettled::Several { .. } | Unsettled::Twice(_) => 2,
        Unsettled::NoValue { is_typed: true, .. } => 2,
        _ => 1,
    }
}

fn of_field(error: &FieldError) -> u8 {
    match error {
        FieldError::Unknown { .. } | FieldError::Value { .. } | FieldError::Needed(_) => 2,
    }
}

fn of_store(error: &StoreError) -> u8 {
    match error {
        StoreError::Git(error) => of_git(error),
        StoreError::NotCommitted { source } => of_store(source),
        StoreError::File(error) => of_file(error),
        StoreError::Read { .. }
        | StoreError::Edit { .. }
        | StoreError::Misnamed { .. }
        | StoreError::Twice { .. } => 4,
        StoreError::NoSuch { .. } | StoreError::Ambiguous { .. } | StoreError::NotAnId { .. } => 2,
        StoreError::Land(error) => of_landing(error),
        StoreError::NotPutBack { error, .. } => of_store(error),
    }
}

fn of_landing(error: &LandError) -> u8 {
    match error {
        LandError::Git(error) => of_git(error),
        LandError::File(error) => of_file(error),
        LandError::Edits { .. } => 1,
        LandError::NotCommitted { source: error } | LandError::NotPutBack { error, .. } => of_landing(error),
        LandError::Unfinished { .. } | LandError::Open { .. } | LandError::Unsynced { .. } => 3,
    }
}

fn of_git(error: &GitError) -> u8 {
    match error {
        GitError::Blocked(_) | GitError::Ignored { .. } | GitError::CommitRefused { .. } => 1,
        GitError::AssumedUnchanged { .. } | GitError::Skipped { .. } | GitError::Unmerged { .. } => 1,
        GitError::NotCheckedOut { .. } | GitError::EditedSince { .. } => 1,
        GitError::File(error) => of_file(error),
        _ => 3,
    }
}

/// A thing that is no record is invalid data; a disk that does not do its part is not.
fn of_file(error: &FileError) -> u8 {
    match error {
        FileError::Folder { .. }
        | FileError::Special { .. }
        | FileError::TooLarge { .. }
        | FileError::NotUtf8 { .. }
        | FileError::DanglingLink { .. }
        | FileError::Outside { .. } => 4,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_stdout_may_be_closed() {
        let broken = || io::Error::from(ErrorKind::BrokenPipe);
        assert_eq!(end(Err(of_stdout(broken()))), ExitCode::SUCCESS);
        assert_eq!(end(Err(of_stdout(io::Error::from(ErrorKind::StorageFull)))), ExitCode::from(3));
        assert_eq!(end(Err(anyhow::Error::new(broken()).context("write report.md"))), ExitCode::from(3));
    }
}
