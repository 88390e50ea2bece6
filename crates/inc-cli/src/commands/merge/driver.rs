//! `inc-merge driver`: three files in, one out; on any doubt it is git's own merge of the lines.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use inc_core::pdca::Pdca;
use inc_core::text::{clean, shell_arg};
use inc_store::file;
use inc_store::merge::{self, Clean, Revision, Texts};
use inc_store::store::Record;
use inc_store::yaml;

use super::team::Team;
use super::{FAILED, from};
use crate::failure::say;
use crate::session::Session;

/// What git gives: `%O %A %B %L %P`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What both sides started from; empty where both added the file
    base: PathBuf,
    /// Our side; the result goes here
    ours: PathBuf,
    /// Their side
    theirs: PathBuf,
    /// How long git's markers of a conflict are
    #[arg(default_value_t = 7)]
    marker: u32,
    /// What the file is called in the repository, for messages
    path: Option<PathBuf>,
}

/// Merges, or hands over to git.
pub(super) fn run(args: &Args, session: &Session) -> ExitCode {
    let name = args.path.as_deref().unwrap_or(&args.ours).display().to_string();
    let tell = |words: &str| say(&clean(&format!("{name}: {words}")));
    // A fault of ours is a doubt like any other.
    let merged = catch_unwind(AssertUnwindSafe(|| merged(args, session)));
    let merged =
        merged.unwrap_or_else(|_| Err("merge it: a fault of this program, please tell us".to_owned()));
    match merged {
        Ok((ours, clean)) => match merge::put(&from(session, &args.ours), &ours, &clean.text) {
            Ok(()) => {
                clean.remarks.iter().for_each(|remark| tell(remark));
                if clean.remarks.iter().any(|remark| remark.starts_with("contested: ")) {
                    tell(&how_to_settle(&name));
                }
                ExitCode::SUCCESS
            }
            Err(error) => {
                tell(&format!("cannot write the merged record: {error}"));
                ExitCode::from(FAILED)
            }
        },
        Err(why) => {
            tell(&format!("cannot {why}; git merges its lines"));
            by_git(args, session)
        }
    }
}

/// The command that settles what is contested in a file, as one remark more about it.
fn how_to_settle(file: &str) -> String {
    let path = Path::new(file);
    let edit = if path.starts_with(Pdca::FOLDER) { "pdca edit" } else { "inc-edit" };
    let id = path.file_stem().map(|stem| shell_arg(&stem.to_string_lossy())).unwrap_or_default();
    format!("contested: `{edit} {id} --settle` lists it, and settles it with PATH=ours or PATH=theirs")
}

/// Our side as it was read, and the merged text, by the team's rules (git runs a driver at the top of the work tree); or why not, as the end of "cannot …".
fn merged(args: &Args, session: &Session) -> Result<(String, Clean), String> {
    let [base, ours, theirs] =
        [&args.base, &args.ours, &args.theirs].map(|path| text_of(&from(session, path)));
    let (base, ours, theirs) = (base?, ours?, theirs?);
    let team = Team::at(session.dir());
    let texts = Texts { base: &base, ours: &ours, theirs: &theirs };
    let past = || args.path.as_deref().map_or_else(Vec::new, |path| past(path, session));
    let clean = merge::texts(texts, team.rules(&past)).map_err(|doubt| format!("merge {doubt}"))?;
    Ok((ours, clean))
}

/// Who edited the record; nobody, where git cannot tell: a merge waits for no answer that it can do without.
fn past(path: &Path, session: &Session) -> Vec<Revision> {
    let Ok(store) = session.store() else { return vec![] };
    store.repository().revisions(path).unwrap_or_default()
}

fn text_of(path: &Path) -> Result<String, String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Some(name) = path.file_name() else { return Err(format!("read {}: no file", path.display())) };
    file::read(folder, Path::new(name), yaml::MAX_BYTES as u64).map_err(|error| error.to_string())
}

/// Git's own merge of the lines, with markers in our side's file where it would ask.
fn by_git(args: &Args, session: &Session) -> ExitCode {
    let mut command = Command::new("git");
    command.current_dir(session.dir()).stdin(Stdio::null()).arg("merge-file");
    command.arg(format!("--marker-size={}", args.marker));
    for label in ["ours", "base", "theirs"] {
        command.args(["-L", label]);
    }
    let status = command.arg("--").args([&args.ours, &args.base, &args.theirs]).status();
    match status.map(|status| status.code()) {
        Ok(Some(0)) => ExitCode::SUCCESS,
        // How many conflicts there are; from 128 on it is a failure of git's.
        Ok(Some(1..=127)) => ExitCode::from(1),
        Ok(code) => {
            let how = code.map_or("was killed".to_owned(), |code| format!("failed with exit code {code}"));
            say(&format!("error: git merge-file {how}: both sides are as they were"));
            ExitCode::from(FAILED)
        }
        Err(error) => {
            say(&format!("error: cannot run git merge-file: {error}"));
            ExitCode::from(FAILED)
        }
    }
}
