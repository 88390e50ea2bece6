//! `--where` and `--format-template`: minijinja over the columns of one incident. A name that is no column is refused
//! before anything is read.

use std::collections::{BTreeMap, HashSet};

use anyhow::Result;
use inc_core::instant::Zone;
use inc_core::nearest;
use inc_core::query::{COLUMNS, Cell, Column, TeamField};
use inc_core::summary::Summary;
use inc_core::text::clean_line;
use minijinja::value::{Serde, Value, ValueKind};
use minijinja::{Environment, Error, Expression, Template, UndefinedBehavior, escape_formatter};

use crate::failure::Failure;

/// How many steps one incident may take.
const STEPS: u64 = 100_000;

/// The engine of both.
pub fn engine() -> Environment<'static> {
    let mut engine = Environment::new();
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    engine.set_fuel(Some(STEPS));
    engine.set_debug(true);
    engine.set_formatter(|out, state, value| match value.is_none() {
        true => Ok(()),
        false => escape_formatter(out, state, value),
    });
    engine
}

/// A condition on one incident.
pub struct Condition<'e> {
    text: &'e str,
    expression: Expression<'e, 'e>,
    names: Names,
}

impl<'e> Condition<'e> {
    /// Reads a condition.
    ///
    /// # Errors
    /// One that is misspelt, or names what is no column.
    pub fn of(engine: &'e Environment<'e>, text: &'e str) -> Result<Self> {
        let expression =
            engine.compile_expression(text).map_err(|error| failure("--where", text, &error, None))?;
        let names = Names::of("--where", engine, &expression.undeclared_variables(true))?;
        Ok(Self { text, expression, names })
    }

    /// Whether it holds.
    ///
    /// # Errors
    /// A comparison that cannot be made, or an answer that is neither yes nor no.
    pub fn holds(&self, summary: &Summary, zone: &Zone) -> Result<bool> {
        let of = Some(summary.id.as_str());
        let answer = self.expression.eval(self.names.values(summary, zone));
        let answer = answer.map_err(|error| failure("--where", self.text, &error, of))?;
        match answer.kind() {
            ValueKind::Bool | ValueKind::None => Ok(answer.is_true()),
            _ => Err(Failure::usage(format!(
                "--where: `{}` is `{}` for {}, not true or false: compare it, as in `severity == 'SEV-1'`",
                clean_line(self.text),
                clean_line(&answer.to_string()),
                summary.id
            ))),
        }
    }

    /// What it asks for, after "none".
    pub fn words(&self) -> String {
        format!("where {}", clean_line(self.text))
    }
}

/// A line for each incident.
pub struct Line<'e> {
    text: &'e str,
    template: Template<'e, 'e>,
    names: Names,
}

impl<'e> Line<'e> {
    /// Reads a template.
    ///
    /// # Errors
    /// One that is misspelt, or names what is no column.
    pub fn of(engine: &'e Environment<'e>, text: &'e str) -> Result<Self> {
        let option = "--format-template";
        let template = engine.template_from_str(text).map_err(|error| failure(option, text, &error, None))?;
        let names = Names::of(option, engine, &template.undeclared_variables(true))?;
        Ok(Self { text, template, names })
    }

    /// The line of one incident, safe for a terminal; tabs stay.
    ///
    /// # Errors
    /// What cannot be written.
    pub fn render(&self, summary: &Summary, zone: &Zone) -> Result<String> {
        let of = Some(summary.id.as_str());
        let line = self.template.render(self.names.values(summary, zone));
        let line = line.map_err(|error| failure("--format-template", self.text, &error, of))?;
        Ok(line.split('\t').map(clean_line).collect::<Vec<_>>().join("\t"))
    }
}

/// The columns that a text names.
struct Names(Vec<Column>);

impl Names {
    fn of(option: &str, engine: &Environment<'_>, named: &HashSet<String>) -> Result<Self> {
        let mut named: Vec<&String> = named.iter().collect();
        named.sort();
        let mut columns = vec![];
        for name in named {
            let first = name.split('.').next().unwrap_or_default();
            if engine.globals().any(|(global, _)| global == first) {
                continue;
            }
            columns.extend(columns_of(name).map_err(|words| Failure::usage(format!("{option}: {words}")))?);
        }
        Ok(Self(columns))
    }

    fn values(&self, summary: &Summary, zone: &Zone) -> Value {
        let mut flat: BTreeMap<String, Value> = BTreeMap::new();
        let mut nested: BTreeMap<&str, BTreeMap<String, Value>> = BTreeMap::new();
        for column in &self.0 {
            let (name, value) = (column.to_string(), value(column, summary, zone));
            match name.split_once('.') {
                Some(("team", field)) => {
                    nested.entry("team").or_default().insert(field.to_owned(), value);
                }
                Some((_, key)) => {
                    nested.entry("custom").or_default().insert(key.to_owned(), value);
                }
                None => {
                    flat.insert(name, value);
                }
            }
        }
        flat.extend(nested.into_iter().map(|(name, inner)| (name.to_owned(), Value::from(inner))));
        Value::from(flat)
    }
}

/// The columns that a name stands for: `title`, `title.upper`, `team.stack`, all of `team`, `custom.key.inner`.
fn columns_of(name: &str) -> Result<Vec<Column>, String> {
    let mut parts = name.split('.');
    let team = || COLUMNS.iter().filter(|known| known.name.starts_with("team."));
    match (parts.next().unwrap_or_default(), parts.next()) {
        ("team", None) => team().map(|known| known.name.parse()).collect(),
        ("team", Some(field)) => {
            field.parse::<TeamField>().and_then(|field| Ok(vec![format!("team.{}", field.name()).parse()?]))
        }
        ("custom", Some(key)) => Ok(vec![Column::Custom(key.to_owned())]),
        ("custom", None) => Err("`custom` alone is no column: write custom.KEY".to_owned()),
        (first, _) => first.parse().map(|column| vec![column]).map_err(|_| unknown(first)),
    }
}

fn unknown(name: &str) -> String {
    let names: Vec<&str> = COLUMNS.iter().map(|known| known.name).chain(["team", "custom"]).collect();
    format!("unknown name `{}`; {}", clean_line(name), nearest::hint(name, &names))
}

/// What an expression sees: a moment is text in the repository's zone; what is missing is none, and so is a moment
/// that nobody knows, which would be later than every other.
fn value(column: &Column, summary: &Summary, zone: &Zone) -> Value {
    match column.read(summary) {
        Cell::At(at) => Value::from(zone.instant(at).to_string()),
        Cell::Nothing => Value::from(()),
        Cell::Word(_) if column.to_string().ends_with("_at") => Value::from(()),
        cell => Value::from(Serde(&cell)),
    }
}

/// The engine's words, with the place below the text.
fn failure(option: &str, text: &str, error: &Error, of: Option<&str>) -> anyhow::Error {
    let words = match error.detail() {
        Some(detail) => format!("{}: {detail}", error.kind()),
        None => error.kind().to_string(),
    };
    let at = of.map(|id| format!(" for {id}")).unwrap_or_default();
    let place = error.range().filter(|range| text.is_char_boundary(range.start)).map(|range| {
        let column = text[..range.start].chars().count();
        format!(", at column {}\n  {}\n  {}^", column + 1, clean_line(text), " ".repeat(column))
    });
    Failure::usage(format!("{option}: {words}{at}{}", place.unwrap_or_default()))
}
