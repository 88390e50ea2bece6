//! `pdca lint --explain` and `pdca coach --explain`: one rule, taught with a bad and a good example; or the list of the rules. Needs no repository.

use anyhow::Result;
use inc_core::nearest;
use inc_core::pdca::Level;
use inc_core::pdca::rules::{Rule, rules};
use inc_core::text::clean_line;
use serde::Serialize;

use crate::failure::Failure;
use crate::output::table;
use crate::session::Session;

/// The width of what is taught: half a terminal, so that it stands beside the record.
const WIDTH: usize = 60;

/// What `--format json` prints of a rule.
#[derive(Debug, Serialize)]
struct RuleView {
    code: &'static str,
    level: Level,
    title: &'static str,
    teaches: &'static str,
    bad: &'static str,
    good: &'static str,
}

impl From<&Rule> for RuleView {
    fn from(rule: &Rule) -> Self {
        Self {
            code: rule.code,
            level: rule.level,
            title: rule.title,
            teaches: rule.teaches,
            bad: rule.bad,
            good: rule.good,
        }
    }
}

pub(super) fn run(code: &str, session: &Session) -> Result<()> {
    if code.is_empty() {
        let views: Vec<RuleView> = rules().map(RuleView::from).collect();
        return session.answer(&views, || list(&views));
    }
    let view = view_of(code)?;
    session.answer(&view, || taught(&view))
}

/// What is taught of the rule with this code.
pub(super) fn lesson(code: &str) -> Result<String> {
    Ok(taught(&view_of(code)?))
}

fn view_of(code: &str) -> Result<RuleView> {
    let Some(rule) = rules().find(|rule| rule.code == code.trim().to_lowercase()) else {
        let codes: Vec<&str> = rules().map(|rule| rule.code).collect();
        let hint = match nearest::nearest(code, codes) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`pdca lint --explain` lists the rules".to_owned(),
        };
        return Err(Failure::usage(format!("no rule has the code `{}`; {hint}", clean_line(code))));
    };
    Ok(rule.into())
}

fn list(views: &[RuleView]) -> String {
    let cells =
        views.iter().map(|view| vec![view.code.to_owned(), view.level.to_string(), view.title.to_owned()]);
    table(&["code", "level", "finds"], cells)
}

fn taught(view: &RuleView) -> String {
    format!(
        "{} ({}): {}\n\n{}\n\nBad:\n{}\n\nGood:\n{}",
        view.code,
        view.level,
        view.title,
        wrapped(view.teaches),
        indented(view.bad),
        indented(view.good)
    )
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}

/// The text in lines of sixty characters at the most, where its words allow.
pub(super) fn wrapped(text: &str) -> String {
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.last_mut().map(|line| (line.chars().count(), line));
        match last {
            Some((0, line)) => line.push_str(word),
            Some((width, line)) if width + 1 + word.chars().count() <= WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}
