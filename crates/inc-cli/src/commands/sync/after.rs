//! `--sync`: what `inc-sync` does, after a change that has landed. It never fails that change.

use std::time::Duration;

use anyhow::Result;
use inc_core::text::clean;

use super::round::Round;
use super::told::Told;
use super::{destination, signature, stopped, tell_clone};
use crate::failure::{say, words};
use crate::session::Session;

/// How long a push is tried again where others push first: whoever changed a record waits for it.
const RETRY_FOR: Duration = Duration::from_secs(10);

/// Syncs, and tells on stderr what came of it.
pub fn after_change(session: &Session, patience: Duration) {
    match synced(session, patience) {
        Ok(()) => {}
        Err(error) => {
            let words = words(&error);
            // Where a command is to be typed first, it is among the words.
            let next = match (words.contains('`'), words.contains('\n')) {
                (true, _) => "",
                (false, false) => ": run `inc-sync`",
                (false, true) => "\nrun `inc-sync`",
            };
            say(&clean(&format!("recorded; not shared yet: {words}{next}")));
        }
    }
}

fn synced(session: &Session, patience: Duration) -> Result<()> {
    let repository = session.store()?.repository();
    let by = signature(session)?;
    stopped::refuse(repository)?;
    let upstream = destination(repository, None)?;
    let mut told = Told::new(&upstream, false);
    let mut round = Round {
        repository,
        upstream: &upstream,
        by: &by,
        patience,
        retry_for: RETRY_FOR,
        asks: session.is_interactive(),
        span: None,
        way: None,
    };
    tell_clone(repository)?;
    let end = round.run(None, &mut told);
    told.stopped = end.is_err();
    let story = told.words();
    if !story.is_empty() {
        say(&story);
    }
    told.contested().iter().for_each(|line| say(line));
    end?;
    if let Err(error) = told.unreadable() {
        say(&clean(&format!("warning: {}", words(&error))));
    }
    Ok(())
}
