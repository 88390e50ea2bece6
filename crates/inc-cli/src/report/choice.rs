//! Which template lays a report out: the one that is asked for by name, built in or the repository's own.

use anyhow::Result;
use inc_core::nearest::nearest;
use inc_core::text::clean_line;
use inc_store::store::{Store, TEMPLATES};
use serde::Serialize;

use super::{BUILT_IN, Templates};
use crate::failure::Failure;
use crate::session::Session;

/// What a report is about. Its view has names that the templates of another do not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Document {
    /// An incident.
    Incident,
    /// A PDCA.
    Pdca,
}

impl Document {
    /// The built-in templates that know its view.
    fn built_in(self) -> &'static [&'static str] {
        match self {
            Self::Incident => &["incident"],
            Self::Pdca => &["a3", "pdca"],
        }
    }

    /// The template that is taken where none is named.
    fn usual(self) -> &'static str {
        match self {
            Self::Incident => "incident",
            Self::Pdca => "pdca",
        }
    }

    /// Whether a built-in template of this name is for something else.
    fn is_foreign(self, name: &str) -> bool {
        built_in().any(|known| known == name) && !self.built_in().contains(&name)
    }
}

/// JSON is laid out by no template.
///
/// # Errors
/// A template other than the usual one.
pub fn refuse_template(name: &str, document: Document) -> Result<()> {
    match name == document.usual() {
        true => Ok(()),
        false => Err(Failure::usage("--format json has no layout: leave out --template, or --format")),
    }
}

/// Lays a view out by the template of this name: `a3` is `a3.md.j2`, `page.html` is `page.html.j2`.
///
/// # Errors
/// A template that is not there, is for another sort of record, or cannot be rendered.
pub fn lay_out<V: Serialize>(session: &Session, document: Document, name: &str, view: &V) -> Result<String> {
    let templates = Templates::of(session.store()?);
    let file = if name.contains('.') { format!("{name}.j2") } else { format!("{name}.md.j2") };
    let known = known(session.store()?, document);
    if document.is_foreign(&short(&file)) {
        return Err(Failure::usage(format!(
            "{TEMPLATES}/{file} lays out another sort of record; there are: {}",
            known.join(", ")
        )));
    }
    if !templates.has(&file)? {
        return Err(Failure::usage(unknown(name, &file, &known)));
    }
    templates.render(&file, view)
}

fn unknown(name: &str, file: &str, known: &[String]) -> String {
    let near = nearest(name, known.iter().map(String::as_str));
    let there_are = match near {
        Some(near) => format!("did you mean `{near}`? There are"),
        None => "there are".to_owned(),
    };
    format!("no template {TEMPLATES}/{}; {there_are}: {}", clean_line(file), known.join(", "))
}

/// The documents that can be asked for, parts of them left out.
fn known(store: &Store, document: Document) -> Vec<String> {
    let own = std::fs::read_dir(store.top().join(TEMPLATES)).into_iter().flatten().flatten();
    let own = own.filter_map(|entry| entry.file_name().into_string().ok());
    let own = own.filter(|name| name.ends_with(".j2") && !name.starts_with('_'));
    let mut known: Vec<String> = built_in().chain(own.map(|file| clean_line(&short(&file)))).collect();
    known.retain(|name| !document.is_foreign(name));
    known.sort();
    known.dedup();
    known
}

/// The built-in documents by name.
fn built_in() -> impl Iterator<Item = String> {
    BUILT_IN.iter().map(|(file, _)| *file).filter(|file| !file.starts_with('_')).map(short)
}

/// `a3` for `a3.md.j2`, `page.html` for `page.html.j2`.
fn short(file: &str) -> String {
    let name = file.strip_suffix(".j2").unwrap_or(file);
    name.strip_suffix(".md").unwrap_or(name).to_owned()
}
