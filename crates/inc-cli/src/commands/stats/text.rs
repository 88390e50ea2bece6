//! The page for a terminal: at most sixty columns wide, so that it fits beside whatever else is open.

use inc_core::text::clean_line;
use unicode_width::UnicodeWidthStr;

use crate::output::cut;
use crate::view::stats::page::{Page, Table};

/// How wide it gets.
const WIDTH: usize = 60;
/// A name is not cut below this.
const NARROW: usize = 8;

/// The page as text.
pub fn of(page: &Page) -> String {
    let head = std::iter::once(&page.title).chain(&page.lines).map(|line| clean_line(line));
    let mut blocks = vec![head.collect::<Vec<_>>().join("\n")];
    for part in &page.parts {
        blocks.push(clean_line(&part.headline));
        blocks.extend(part.tables.iter().map(table));
    }
    blocks.join("\n\n")
}

fn table(table: &Table) -> String {
    let mut lines: Vec<String> = vec![cut(&clean_line(&table.title), WIDTH)];
    let header: Vec<String> = table.columns.iter().map(|column| column.name.to_uppercase()).collect();
    // What is read from left to right keeps its case: a period `2023-Q1 to 2023-Q4`.
    let header = header
        .into_iter()
        .zip(&table.columns)
        .map(|(upper, column)| if column.name.contains(" to ") { column.name.clone() } else { upper });
    let rows = table.rows.iter().map(|row| row.iter().map(|cell| clean_line(cell)).collect());
    let rows: Vec<Vec<String>> = std::iter::once(header.collect()).chain(rows).collect();
    let widths = widths(&rows, table);
    lines.extend(rows.iter().map(|row| line(row, &widths, table)));
    lines.extend(table.notes.iter().flat_map(|note| wrap(&clean_line(note))));
    lines.join("\n")
}

/// How wide each column is: names give way, numbers do not.
fn widths(rows: &[Vec<String>], table: &Table) -> Vec<usize> {
    let wide = |place: usize| rows.iter().map(|row| row[place].width()).max().unwrap_or_default();
    let mut widths: Vec<usize> = (0..table.columns.len()).map(wide).collect();
    let gaps = 2 * widths.len().saturating_sub(1);
    while widths.iter().sum::<usize>() + gaps > WIDTH {
        let names = (0..widths.len()).filter(|place| !table.columns[*place].right && widths[*place] > NARROW);
        let Some(place) = names.max_by_key(|place| widths[*place]) else {
            break;
        };
        widths[place] -= 1;
    }
    widths
}

fn line(row: &[String], widths: &[usize], table: &Table) -> String {
    let cells = row.iter().zip(widths).zip(&table.columns).map(|((cell, width), column)| {
        let cell = cut(cell, *width);
        let pad = " ".repeat(width.saturating_sub(cell.width()));
        if column.right { pad + &cell } else { cell + &pad }
    });
    cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
}

/// A note on as many lines as it needs; what follows the first is indented.
fn wrap(note: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in note.split(' ') {
        let last = lines.len() - 1;
        if !lines[last].is_empty() && lines[last].width() + 1 + word.width() > WIDTH {
            lines.push(format!("  {word}"));
        } else {
            let space = if lines[last].is_empty() { "" } else { " " };
            lines[last] = format!("{}{space}{word}", lines[last]);
        }
    }
    lines
}
