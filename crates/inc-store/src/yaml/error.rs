//! Why a text could not be read, where, and what to do next.
//!
//! Holds words only; which words is decided in `check`, `syntax` and `explain`. Knows no file name
//! until `render` is given one.

use std::fmt;

use super::excerpt::excerpt;
use super::outline::Place;
use super::words::one_line;

/// How many characters of a problem or a help are shown.
const SHOWN: usize = 800;

/// Why a text could not be read as a record.
///
/// `line` and `column` are absent where no place is to blame: an empty text, one too large, a
/// missing key at the top.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError {
    /// The line to look at, counted from 1.
    pub line: Option<usize>,
    /// The column to look at, counted from 1 in characters.
    pub column: Option<usize>,
    /// The key concerned, such as `impact.customer_impact` or `timeline[3].at` (items count from 0).
    pub path: Option<String>,
    /// What is wrong, in one line.
    pub problem: String,
    /// What to do about it, in one line.
    pub help: Option<String>,
    /// The line concerned, with the place underlined; see [`excerpt`].
    pub excerpt: Option<Box<str>>,
}

impl ReadError {
    /// An error of the whole text.
    pub(super) fn of_file(problem: impl Into<String>) -> Self {
        Self { line: None, column: None, path: None, problem: problem.into(), help: None, excerpt: None }
    }

    /// An error at one place of `text`.
    pub(super) fn at(text: &str, place: Place, problem: impl Into<String>) -> Self {
        let shown = excerpt(text, place.line, place.column, place.width);
        Self {
            line: Some(place.line),
            column: Some(place.column),
            excerpt: Some(shown.into_boxed_str()).filter(|shown| !shown.is_empty()),
            ..Self::of_file(problem)
        }
    }

    pub(super) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    pub(super) fn path(self, path: impl Into<String>) -> Self {
        Self { path: Some(path.into()).filter(|path: &String| !path.is_empty()), ..self }
    }

    /// The whole report on `file`: place and problem, the line, the help. No final line end.
    ///
    /// Plain text, with every control character of the file replaced.
    pub fn render(&self, file: &str) -> String {
        let mut report = one_line(file, SHOWN);
        for number in [self.line, self.column].into_iter().flatten() {
            report.push_str(&format!(":{number}"));
        }
        report.push_str(&format!(": {}", self.statement()));
        if let Some(shown) = &self.excerpt {
            report.push_str(&format!("\n{shown}"));
        }
        if let Some(help) = &self.help {
            // Ready to type.
            let help = help.replace(super::check::RESOLVE, &format!("inc-merge resolve {file}"));
            let gutter = self.line.map_or(1, |line| line.to_string().len());
            let indent = " ".repeat(gutter + 1);
            report.push_str(&format!("\n{indent}help: {}", one_line(&help, SHOWN)));
        }
        report
    }

    /// The problem, with the path unless the problem names the key itself.
    fn statement(&self) -> String {
        let problem = one_line(&self.problem, SHOWN);
        match &self.path {
            Some(path) if !self.names(path) => format!("{problem} (at {})", one_line(path, SHOWN)),
            _ => problem,
        }
    }

    fn names(&self, path: &str) -> bool {
        let key = path.rsplit('.').next().unwrap_or(path);
        self.problem.contains(&format!("`{key}`")) || self.problem.contains(&format!("`{path}`"))
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.column) {
            (Some(line), Some(column)) => write!(f, "line {line}, column {column}: ")?,
            (Some(line), None) => write!(f, "line {line}: ")?,
            _ => {}
        }
        f.write_str(&self.statement())
    }
}

impl std::error::Error for ReadError {}
