//! The list as a table for people and as CSV.

use std::io::{IsTerminal, stdout};

use anyhow::{Context, Result};
use inc_core::incident::Kind;
use inc_core::instant::Zone;
use inc_core::query::{Cell, Column};
use inc_core::summary::Summary;
use inc_core::text::clean_line;
use unicode_width::UnicodeWidthStr;

use super::Rows;
use crate::output::{aligned, cut};
use crate::session::Out;

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
    /// Puts out the table, as wide as the terminal at most; whole where stdout is none. The rows are made twice, for
    /// the width of each column is known only after the last; on a terminal three times.
    ///
    /// # Errors
    /// A row that cannot be made; a stdout that is full or closed.
    pub fn table(&self, rows: &Rows<'_, '_>, out: &mut Out) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let header: Vec<String> = self.columns.iter().map(heading).collect();
        let widths = header.iter().map(|name| name.width()).collect();
        let mut most = self.widths(rows, widths, &[])?;
        let cuts = match width() {
            Some(width) => narrowed(&header, most.clone(), width),
            None => vec![],
        };
        let header: Vec<String> = header.iter().map(|name| name.to_uppercase()).collect();
        let header = shortened(header, &cuts);
        let widths: Vec<usize> = header.iter().map(|name| name.width()).collect();
        most = match cuts.is_empty() {
            true => most.iter().zip(&widths).map(|(cells, name)| *cells.max(name)).collect(),
            // A wide character that is cut may leave a cell narrower than its column might be.
            false => self.widths(rows, widths, &cuts)?,
        };
        out.line(&aligned(&header, &most))?;
        rows.each(|row| out.line(&aligned(&self.cells(row, &cuts), &most)))
    }

    /// How wide the widest cell of each column is, one of `widths` at least.
    fn widths(&self, rows: &Rows<'_, '_>, mut widths: Vec<usize>, cuts: &[usize]) -> Result<Vec<usize>> {
        rows.each(|row| {
            let cells = self.cells(row, cuts);
            widths.iter_mut().zip(cells).for_each(|(width, cell)| *width = cell.width().max(*width));
            Ok(())
        })?;
        Ok(widths)
    }

    fn cells(&self, summary: &Summary, cuts: &[usize]) -> Vec<String> {
        shortened(self.columns.iter().map(|column| self.cell(column, summary)).collect(), cuts)
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
pub(in crate::commands) fn width() -> Option<usize> {
    let is_terminal = stdout().is_terminal();
    let size = is_terminal.then(|| terminal_size::terminal_size_of(stdout())).flatten();
    size.map(|(width, _)| usize::from(width.0)).filter(|width| *width > 0)
}

/// Shortens cells until the table fits.
pub(in crate::commands) fn fit(header: &[String], cells: &mut [Vec<String>], most: usize) {
    let wide = |place: usize| {
        let cells = cells.iter().map(|row| row[place].width()).max().unwrap_or_default();
        cells.max(header[place].width())
    };
    let widths = narrowed(header, (0..header.len()).map(wide).collect(), most);
    for row in cells {
        *row = shortened(std::mem::take(row), &widths);
    }
}

/// How wide the columns may be for the table to fit: the widest gives way first, the id only where no other can.
fn narrowed(header: &[String], mut widths: Vec<usize>, most: usize) -> Vec<usize> {
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
    widths
}

/// The cells cut to these widths; as they are where there are none.
fn shortened(mut cells: Vec<String>, widths: &[usize]) -> Vec<String> {
    cells.iter_mut().zip(widths).for_each(|(cell, width)| *cell = cut(cell, *width));
    cells
}

/// How many lines of CSV are made at once.
const LINES: usize = 256;

/// Puts out the list as CSV (RFC 4180, lines end in LF) with a header; what is missing is empty, nothing else is
/// changed.
///
/// # Errors
/// A row that cannot be made; a stdout that is full or closed.
pub fn csv(columns: &[Column], rows: &Rows<'_, '_>, out: &mut Out) -> Result<()> {
    let mut lines = vec![columns.iter().map(ToString::to_string).collect()];
    rows.each(|row| {
        lines.push(columns.iter().map(|column| column.read(row).to_string()).collect::<Vec<_>>());
        if lines.len() < LINES {
            return Ok(());
        }
        out.put(&sheet(&std::mem::take(&mut lines))?)
    })?;
    out.put(&sheet(&lines)?)
}

fn sheet(lines: &[Vec<String>]) -> Result<String> {
    // A field that begins with `#` is quoted: some readers take its line for a comment.
    let mut writer = csv::WriterBuilder::new().comment(Some(b'#')).from_writer(vec![]);
    lines.iter().try_for_each(|line| writer.write_record(line))?;
    String::from_utf8(writer.into_inner().context("write the CSV")?).context("the CSV is no text")
}

#[cfg(test)]
mod tests {
    use super::*;

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
