//! How answers look: formats, tables, colours. Text from outside is cleaned here before a terminal sees it.

use anstyle::{AnsiColor, Style};
use clap::ValueEnum;
use comfy_table::{ContentArrangement, Table, presets};
use inc_core::severity::Severity;
use inc_core::text::clean_line;

/// How to print an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people: text, a table or Markdown
    #[value(alias = "table", alias = "md", alias = "markdown")]
    Text,
    /// For programs
    Json,
}

/// A table as wide as it needs: the terminal may wrap its lines, but an id in it stays whole to be copied.
pub fn table(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(header.iter().map(|name| name.to_uppercase()));
    for row in rows {
        table.add_row(row.into_iter().map(|cell| clean_line(&cell)));
    }
    // Each cell is padded by one space, the first one needlessly.
    let lines: Vec<String> =
        table.lines().map(|line| line.strip_prefix(' ').unwrap_or(&line).trim_end().to_owned()).collect();
    lines.join("\n")
}

/// A severity in its colour, where stdout shows colours.
pub fn coloured(severity: Severity, text: &str) -> String {
    let colour = match severity {
        Severity::Sev1 => AnsiColor::Red,
        Severity::Sev2 => AnsiColor::BrightRed,
        Severity::Sev3 => AnsiColor::Yellow,
        Severity::Sev4 => AnsiColor::Green,
    };
    let style = Style::new().fg_color(Some(colour.into())).bold();
    format!("{style}{text}{style:#}")
}
