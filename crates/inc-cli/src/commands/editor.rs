//! Editing a whole record: in the user's editor, or from a file; taken over only if it is valid.
//!
//! What a person typed is never lost: a result that cannot be taken is kept in a file that is named.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use inc_core::action::Refusal;
use inc_core::pdca;
use inc_core::text::clean;
use inc_store::land::LandError;
use inc_store::store::{Loaded, Record, Saved, StoreError};
use inc_store::yaml;

use crate::failure::{self, Failure, say};
use crate::input::read_whole;
use crate::session::{Session, WriteOptions};

/// What the domain makes of an edited record.
pub struct Taken<R> {
    /// The edited record, with what follows from the edit.
    pub record: R,
    /// The first line of the commit.
    pub subject: String,
    /// What the user should know.
    pub remarks: Vec<String>,
}

/// What came of an edit.
pub struct Edited<R> {
    /// The record as it now is.
    pub record: R,
    /// Where it was written.
    pub saved: Saved,
    /// What the user was told.
    pub remarks: Vec<String>,
}

/// One edit of one record.
struct Edit<'a, R> {
    session: &'a Session,
    loaded: &'a Loaded<R>,
    options: &'a WriteOptions,
    decide: &'a dyn Fn(&R, R) -> Result<Taken<R>>,
}

/// Takes a record's new text from `file`, or from the user's editor.
///
/// `decide` is given the record as it is and as it was edited; `command` is what repeats the edit, for messages.
///
/// # Errors
/// A text that is no valid record, a refused change, a record that somebody else changed meanwhile, a failing editor.
pub fn edit<R: Record + Clone>(
    session: &Session,
    loaded: &Loaded<R>,
    file: Option<&Path>,
    command: &str,
    options: &WriteOptions,
    decide: &dyn Fn(&R, R) -> Result<Taken<R>>,
) -> Result<Edited<R>> {
    let edit = Edit { session, loaded, options, decide };
    match file {
        Some(file) if file == Path::new("-") => edit.take(&read_whole(file)?, Path::new("stdin")),
        Some(file) => edit.take(&read_whole(file)?, file),
        None => edit.in_editor(command),
    }
}

impl<R: Record + Clone> Edit<'_, R> {
    /// Opens a copy of the record in the user's editor, and takes what comes back.
    fn in_editor(&self, command: &str) -> Result<Edited<R>> {
        let editor = editor(self.session)?;
        self.refuse_edits()?;
        let folder = self.session.store()?.repository().git_dir().join("inc");
        std::fs::create_dir_all(&folder).with_context(|| format!("create {}", folder.display()))?;
        // The ending lets editors colour it; the process id keeps two editors apart.
        let copy = folder.join(format!("{}.{}.yaml", self.loaded.record.id(), std::process::id()));
        std::fs::write(&copy, &self.loaded.text).with_context(|| format!("write {}", copy.display()))?;
        match self.until_valid(&editor, &copy) {
            Ok(edited) => {
                let _ = std::fs::remove_file(&copy);
                Ok(edited)
            }
            // An editor that left the copy alone has nothing to keep.
            Err(error) if std::fs::read_to_string(&copy).is_ok_and(|text| text == self.loaded.text) => {
                let _ = std::fs::remove_file(&copy);
                Err(error)
            }
            Err(error) => {
                let base = base_of(&copy);
                std::fs::write(&base, &self.loaded.text)
                    .with_context(|| format!("write {}", base.display()))?;
                let copy = copy.display();
                say(&clean(&format!("not taken over; your text is kept in {copy}")));
                say(&clean(&format!("mend it there, then run: {command} --file {copy}")));
                Err(error)
            }
        }
    }

    /// Known before anybody types: a file with edits that are not committed will be refused.
    fn refuse_edits(&self) -> Result<()> {
        let options = self.options;
        let repository = self.session.store()?.repository();
        if !options.no_commit && !options.include_edits && repository.has_edits(&self.loaded.path)? {
            return Err(StoreError::from(LandError::Edits { path: self.loaded.path.clone() }).into());
        }
        Ok(())
    }

    fn until_valid(&self, editor: &str, copy: &Path) -> Result<Edited<R>> {
        loop {
            open_editor(editor, copy)?;
            match self.take(&read_whole(copy)?, copy) {
                Err(error) if self.session.is_interactive() && is_the_texts_fault(&error) => {
                    say(&clean(&format!("error: {}", failure::words(&error))));
                    say("Edit again? [Y/n]");
                    let mut line = String::new();
                    std::io::stdin().read_line(&mut line).context("read the answer")?;
                    if line.trim().to_lowercase().starts_with('n') {
                        return Err(error);
                    }
                }
                other => return other,
            }
        }
    }

    /// Refuses a kept text that was begun on an older record: it would undo what came in since.
    fn check_base(&self, now: &Loaded<R>, source: &Path) -> Result<()> {
        let base = base_of(source);
        match std::fs::read_to_string(&base) {
            Ok(text) if text != now.text => Err(Failure::refused(format!(
                "{} has changed since this text was begun, and the text would undo that: carry over what \
                 `git diff --no-index {} {}` shows, then delete {} and run this again",
                now.path.display(),
                base.display(),
                self.session.store()?.top().join(&now.path).display(),
                base.display()
            ))),
            _ => Ok(()),
        }
    }

    /// Takes over the whole text of a record, if it is valid and the record has not changed since it was loaded.
    ///
    /// `source` is where the text stands, for what is said of its lines.
    fn take(&self, text: &str, source: &Path) -> Result<Edited<R>> {
        let (session, loaded) = (self.session, self.loaded);
        let writing = session.writing(self.options)?;
        let mut change = session.store()?.change(&writing, say)?;
        let now = session.store()?.load::<R>(&loaded.path)?;
        if now.text != loaded.text {
            return Err(Failure::refused(format!(
                "{} was changed by somebody else while you edited: nothing was overwritten",
                loaded.path.display()
            )));
        }
        self.check_base(&now, source)?;
        if text == now.text {
            say("nothing changed");
            let saved = Saved::default();
            return Ok(Edited { record: now.record, saved, remarks: vec![] });
        }
        let shown = |error| StoreError::Read { path: source.into(), error: Box::new(error) };
        let edited: R = yaml::read(text, inc_core::SCHEMA).map_err(shown)?;
        let taken = (self.decide)(&now.record, edited.clone())?;
        // What follows from the edit (a severity, ids of new entries) is put into the edited text in its turn.
        let follow = Loaded { path: now.path.clone(), text: text.to_owned(), record: edited };
        change.revise(&now, &follow, &taken.record)?;
        let saved = change.save(&taken.subject)?;
        session.tell(&taken.subject, &taken.remarks, &saved);
        let _ = std::fs::remove_file(base_of(source));
        Ok(Edited { record: taken.record, saved, remarks: taken.remarks })
    }
}

/// Where the record as it was lies, beside a kept text that was begun on it.
fn base_of(kept: &Path) -> PathBuf {
    kept.with_extension("base")
}

/// Whether another round in the editor can help.
fn is_the_texts_fault(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.is::<Refusal>()
            || cause.is::<pdca::action::Refusal>()
            || matches!(
                cause.downcast_ref::<StoreError>(),
                Some(StoreError::Read { .. } | StoreError::Edit { .. })
            )
    })
}

fn editor(session: &Session) -> Result<String> {
    let named = ["VISUAL", "EDITOR"].into_iter().filter_map(|name| std::env::var(name).ok());
    if let Some(editor) = named.into_iter().find(|editor| !editor.trim().is_empty()) {
        return Ok(editor);
    }
    if session.is_interactive() {
        return Ok("vi".to_owned());
    }
    Err(Failure::usage("no editor: set EDITOR or VISUAL, or give the new text with --file FILE"))
}

/// Runs the editor as git does: its command may have arguments, so a shell reads it; the file is never part of it.
fn open_editor(editor: &str, file: &Path) -> Result<()> {
    let status = Command::new("sh")
        .arg("-c")
        .arg(format!("{editor} \"$@\""))
        .arg("editor")
        .arg(file)
        .status()
        .with_context(|| format!("run the editor `{editor}`"))?;
    if !status.success() {
        return Err(Failure::refused(format!("the editor `{editor}` ended with {status}")));
    }
    Ok(())
}
