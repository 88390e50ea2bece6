//! The built-in templates and a team's own, which win file by file; the engine that fills them in.
//!
//! A name that a template misspells, a loop without end and a report without end are errors that say where.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};
use inc_store::store::{Store, StoreError, TEMPLATES};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};
use serde::Serialize;

use super::format;
use crate::failure::Failure;

/// How many steps a template may take: a timeline of ten thousand entries takes an eighth of them.
const STEPS: u64 = 5_000_000;
/// How long a report may become, in bytes.
const BYTES: usize = 16 << 20;
/// How deeply templates may nest; an include counts for ten.
const NESTING: usize = 200;

/// Names each built-in template after its file.
macro_rules! built_in {
    ($($name:literal),* $(,)?) => {
        /// The templates that come with the programs, by file name.
        pub const BUILT_IN: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../../../templates/", $name)))),*];
    };
}
built_in![
    "a3.md.j2",
    "incident.md.j2",
    "overdue.md.j2",
    "pdca.md.j2",
    "severity-policy.md.j2",
    "stats.md.j2",
    "stats.svg.j2",
    "_act.md.j2",
    "_check.md.j2",
    "_contacts.md.j2",
    "_contested.md.j2",
    "_custom.md.j2",
    "_escalation.md.j2",
    "_evidence.md.j2",
    "_factors.md.j2",
    "_findings.md.j2",
    "_flow.md.j2",
    "_guidance.md.j2",
    "_missing.md.j2",
    "_properties.md.j2",
    "_summary.md.j2",
    "_timeline.md.j2",
    "_whys.md.j2",
];

type Own = dyn Fn(&str) -> Result<Option<String>, StoreError> + Send + Sync;

/// The templates of one repository.
pub struct Templates {
    engine: Environment<'static>,
    own: Arc<Own>,
    unreadable: Arc<Mutex<Option<StoreError>>>,
}

impl Templates {
    /// The templates of a repository: its own, else the built-in ones.
    pub fn of(store: &Store) -> Self {
        let store = Store::of(store.repository().clone());
        Self::with(move |name| store.template(name))
    }

    /// The built-in templates alone, for where there is no repository.
    pub fn built_in() -> Self {
        Self::with(|_| Ok(None))
    }

    /// The templates that `own` finds by file name, else the built-in ones.
    pub(super) fn with(
        own: impl Fn(&str) -> Result<Option<String>, StoreError> + Send + Sync + 'static,
    ) -> Self {
        let own: Arc<Own> = Arc::new(own);
        let unreadable = Arc::new(Mutex::new(None));
        let mut engine = Environment::new();
        engine.set_syntax(syntax());
        engine.set_undefined_behavior(UndefinedBehavior::Strict);
        engine.set_fuel(Some(STEPS));
        engine.set_recursion_limit(NESTING);
        engine.set_debug(true);
        format::install(&mut engine);
        let (finder, failed) = (Arc::clone(&own), Arc::clone(&unreadable));
        engine.set_loader(move |name| find(name, finder.as_ref(), &failed));
        Self { engine, own, unreadable }
    }

    /// Whether there is a template of this file name.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn has(&self, name: &str) -> Result<bool> {
        Ok(is_file_name(name) && (built_in(name).is_some() || (self.own)(name)?.is_some()))
    }

    /// Renders the template of this file name.
    ///
    /// # Errors
    /// A template that cannot be read, says something that is not there, or does not come to an end.
    pub fn render<V: Serialize>(&self, name: &str, view: &V) -> Result<String> {
        let mut page = Page(vec![]);
        let rendered = self
            .engine
            .get_template(name)
            .and_then(|template| template.render_captured_to(Value::from(Serde(view)), &mut page));
        if let Err(error) = rendered {
            return Err(self.failure(name, &error));
        }
        drop(rendered);
        let mut text = String::from_utf8(page.0).context("the report is no text")?;
        text.truncate(text.trim_end().len());
        text.push('\n');
        Ok(text)
    }

    /// The engine's error with the place where it happened, in the words of a template's author.
    fn failure(&self, document: &str, error: &Error) -> anyhow::Error {
        let unreadable = self.unreadable.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(error) = unreadable {
            return anyhow::Error::from(error).context("a template cannot be read");
        }
        let deepest = deepest(error);
        let name = deepest.name().unwrap_or(document);
        let place = self.place(name, deepest.line());
        let line = deepest.line().and_then(|line| Some((line, self.line(name, line)?)));
        let excerpt = line.map(|(line, text)| format!("\n{line:>6} | {text}")).unwrap_or_default();
        Failure::data(format!("{place}: {}{excerpt}", words(deepest)))
    }

    fn place(&self, name: &str, line: Option<usize>) -> String {
        let is_own = is_file_name(name) && matches!((self.own)(name), Ok(Some(_)));
        let file =
            if is_own { format!("{TEMPLATES}/{name}") } else { format!("the built-in template {name}") };
        line.map_or_else(|| file.clone(), |line| format!("{file}:{line}"))
    }

    fn line(&self, name: &str, line: usize) -> Option<String> {
        let own = if is_file_name(name) { (self.own)(name).ok().flatten() } else { None };
        let text = own.or_else(|| built_in(name).map(str::to_owned))?;
        text.lines().nth(line.checked_sub(1)?).map(|line| line.trim_end().to_owned())
    }
}

/// Lines of blocks leave no trace, so that templates can be indented and read.
fn syntax() -> SyntaxConfig {
    let mut syntax = SyntaxConfig::builder();
    syntax.trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true);
    syntax.build().unwrap_or_default()
}

fn built_in(name: &str) -> Option<&'static str> {
    BUILT_IN.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// A name without a path: templates lie in one folder and lead nowhere else.
fn is_file_name(name: &str) -> bool {
    !name.starts_with('.') && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))
}

fn find(name: &str, own: &Own, unreadable: &Mutex<Option<StoreError>>) -> Result<Option<String>, Error> {
    if !is_file_name(name) {
        return Ok(None);
    }
    match own(name) {
        Ok(Some(text)) => Ok(Some(text)),
        Ok(None) => Ok(built_in(name).map(str::to_owned)),
        Err(error) => {
            let words = error.to_string();
            *unreadable.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            Err(Error::new(ErrorKind::InvalidOperation, words))
        }
    }
}

/// The error in the innermost template: an include wraps that of the included one.
fn deepest(error: &Error) -> &Error {
    let mut deepest = error;
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<Error>() {
            deepest = error;
        }
        cause = error.source();
    }
    deepest
}

fn words(error: &Error) -> String {
    if error.kind() == ErrorKind::OutOfFuel {
        return format!("the template does not come to an end: stopped after {STEPS} steps");
    }
    if let Some(long) = std::error::Error::source(error).and_then(|cause| cause.downcast_ref::<io::Error>()) {
        return long.to_string();
    }
    match error.detail() {
        Some(detail) => format!("{}: {detail}", error.kind()),
        None => error.kind().to_string(),
    }
}

/// The page as far as it is written; it has an end.
struct Page(Vec<u8>);

impl io::Write for &mut Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > BYTES {
            return Err(io::Error::other(format!(
                "the report is longer than {} MiB: does the template repeat itself?",
                BYTES >> 20
            )));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
