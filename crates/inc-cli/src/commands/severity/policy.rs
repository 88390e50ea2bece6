//! `inc-severity policy`: the policy for people, as tables, Markdown or JSON.

use anyhow::Result;
use inc_core::severity::Policy;
use inc_core::text::clean_line;

use super::policy_file::PolicyFile;
use crate::failure::Failure;
use crate::output::{Format, table};
use crate::report::templates::Templates;
use crate::session::Session;
use crate::view::policy::{PolicyView, TableView};

/// The template of the Markdown.
const TEMPLATE: &str = "severity-policy.md.j2";

pub(super) fn run(file: &PolicyFile, markdown: bool, session: &Session) -> Result<()> {
    let given = file.read(session)?;
    if markdown && session.format() == Format::Json {
        return Err(Failure::usage("--markdown and --format json ask for two different answers: keep one"));
    }
    if markdown {
        let templates = match session.is_in_repository()? {
            true => Templates::of(session.store()?),
            false => Templates::built_in(),
        };
        let view = PolicyView::of(&given.policy, &given.from);
        return session.print(&templates.render(TEMPLATE, &view)?);
    }
    session.answer::<Policy>(&given.policy, || text_of(&PolicyView::of(&given.policy, &given.from)))
}

fn text_of(view: &PolicyView) -> String {
    let mut parts = vec![clean_line(&format!("Severity by {}", view.from))];
    parts.extend(view.tables.iter().map(|one| format!("{}\n{}", one.title, table_of(one))));
    let lines = view.conditions.iter().chain(&view.notes).map(|line| clean_line(line));
    parts.push(lines.collect::<Vec<_>>().join("\n"));
    parts.join("\n\n")
}

fn table_of(one: &TableView) -> String {
    let header: Vec<&str> = one.header.iter().map(String::as_str).collect();
    table(&header, one.rows.iter().cloned())
}
