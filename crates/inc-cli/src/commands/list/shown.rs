//! The list as a table for people and as CSV.

use std::io::{IsTerminal, stdout};

use anyhow::{Context, Result};
use inc_core::incident::Kind;
use inc_core::instant::Zone;
use inc_core::query::{Cell, Column};
use inc_core::summary::Summary;
use inc_core::text::clean_line;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::output::table;

/// Below this a column is not narrowed as long as another is wider.
const NARROW: usize = 8;

/// What a table for people is made with.
pub struct Look<'a> {
    /// The columns that were asked for, in their order.
    pub columns: &'a [Column],
    /// Whether the kind is told before the id.
    pub kind_before_id: bool,
    /// The zone of its times.
    pub zone: &'a Zone,
}

impl Look<'_> {
    /// The table, as wide as the terminal at most; whole where stdout is none.
    pub fn table(&self, rows: &[&Summary]) -> String {
        if rows.is_empty() {
            return String::new();
        }
        let header: Vec<String> = self.columns.iter().map(heading).collect();
        let mut cells: Vec<Vec<String>> = rows
            .iter()
            .map(|row| self.columns.iter().map(|column| self.cell(column, row)).collect())
            .collect();
        if let Some(width) = width() {
            fit(&header, &mut cells, width);
        }
        table(&header.iter().map(String::as_str).collect::<Vec<_>>(), cells)
    }

    fn cell(&self, column: &Column, summary: &Summary) -> String {
        let text = match column.read(summary) {
            Cell::At(at) => self.zone.local(at).to_string(),
            cell => cell.to_string(),
        };
        let assessment = &summary.assessment;
        let text = match column.to_string().as_str() {
            "severity" if assessment.overridden.is_some() => format!("{text}!"),
            "severity" if assessment.provisional => format!("{text}?"),
            "id" if self.kind_before_id && summary.kind != Kind::Incident => {
                format!("[{}] {text}", summary.kind.name())
            }
            _ => text,
        };
        if text.is_empty() { "-".to_owned() } else { clean_line(&text) }
    }
}

/// `declared_at` is headed `declared`.
fn heading(column: &Column) -> String {
    let name = clean_line(&column.to_string());
    name.strip_suffix("_at").unwrap_or(&name).replace('_', " ")
}

/// The terminal's width, where stdout is one.
pub fn width() -> Option<usize> {
    let is_terminal = stdout().is_terminal();
    let size = is_terminal.then(|| terminal_size::terminal_size_of(stdout())).flatten();
    size.map(|(width, _)| usize::from(width.0)).filter(|width| *width > 0)
}

/// Shortens cells until the table fits: the widest column gives way first, the id only where no other can.
fn fit(header: &[String], cells: &mut [Vec<String>], most: usize) {
    let wide = |place: usize, cells: &[Vec<String>]| {
        let cells = cells.iter().map(|row| row[place].width()).max().unwrap_or_default();
        cells.max(header[place].width())
    };
    let mut widths: Vec<usize> = (0..header.len()).map(|place| wide(place, cells)).collect();
    let gaps = 2 * header.len().saturating_sub(1);
    while widths.iter().sum::<usize>() + gaps > most {
        let may = |place: &usize, least: usize| widths[*place] > least.max(header[*place].width());
        let places = 0..header.len();
        let spare = places.clone().filter(|place| header[*place] != "id" && may(place, NARROW));
        let any = places.filter(|place| may(place, 1));
        let Some(place) = spare.max_by_key(|place| widths[*place]).or(any.max_by_key(|place| widths[*place]))
        else {
            break;
        };
        widths[place] -= 1;
    }
    for row in cells {
        for (cell, width) in row.iter_mut().zip(&widths) {
            *cell = cut(cell, *width);
        }
    }
}

/// The text in so many columns of a terminal, `…` for what is left out.
fn cut(text: &str, most: usize) -> String {
    if text.width() <= most {
        return text.to_owned();
    }
    let mut short = String::new();
    let mut have = 1;
    for c in text.chars() {
        have += c.width().unwrap_or_default();
        if have > most {
            break;
        }
        short.push(c);
    }
    short.push('…');
    short
}

/// The list as CSV (RFC 4180, lines end in LF) with a header; what is missing is empty, nothing else is changed.
///
/// # Errors
/// None that can be met in memory.
pub fn csv(columns: &[Column], rows: &[&Summary]) -> Result<String> {
    // A field that begins with `#` is quoted: some readers take its line for a comment.
    let mut writer = csv::WriterBuilder::new().comment(Some(b'#')).from_writer(vec![]);
    writer.write_record(columns.iter().map(ToString::to_string))?;
    for row in rows {
        writer.write_record(columns.iter().map(|column| column.read(row).to_string()))?;
    }
    String::from_utf8(writer.into_inner().context("write the CSV")?).context("the CSV is no text")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_cut_by_what_a_terminal_shows() {
        for (text, most, expected) in [
            ("abc", 3, "abc"),
            ("abcd", 3, "ab…"),
            ("数据库", 6, "数据库"),
            ("数据库", 5, "数据…"),
            ("数据库", 4, "数…"),
            ("ab", 1, "…"),
        ] {
            assert_eq!(cut(text, most), expected);
        }
    }

    #[test]
    fn a_table_gives_way_where_it_is_widest_and_at_the_id_last() {
        let header = ["title", "id"].map(str::to_owned);
        let row = || vec!["a title of 21 columns".to_owned(), "2023-03-27-disk-full".to_owned()];
        for (most, expected) in [
            (80, ["a title of 21 columns", "2023-03-27-disk-full"]),
            (40, ["a title of 21 col…", "2023-03-27-disk-full"]),
            (26, ["a title…", "2023-03-27-disk…"]),
        ] {
            let mut cells = vec![row()];
            fit(&header, &mut cells, most);
            assert_eq!(cells[0], expected, "{most}");
        }
    }
}
