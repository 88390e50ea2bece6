//! How answers look: formats, tables, colours. Text from outside is cleaned here before a terminal sees it.

use anstyle::{AnsiColor, Style};
use clap::ValueEnum;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use comfy_table::{ContentArrangement, Table, presets};
use inc_core::severity::Colour;
use inc_core::text::clean_line;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How to print an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people: text, a table or Markdown
    #[value(alias = "table")]
    Text,
    /// For programs
    Json,
    /// For a chat, a mail or a wiki
    #[value(alias = "md")]
    Markdown,
    /// For calendars: iCalendar
    #[value(alias = "ical")]
    Ics,
    /// For programs, one object a line
    Ndjson,
    /// For spreadsheets
    Csv,
    /// For reports and READMEs: a chart
    Svg,
}

impl Format {
    /// What `--format` takes in every program: `text` and `json`. `markdown` is understood as well: where the answer
    /// for people is Markdown, that is its name.
    ///
    /// A verb that has more formats declares a `--format` of its own, which clap takes in the place of this one.
    pub fn everywhere() -> impl TypedValueParser<Value = Self> {
        Self::only(&[Self::Text, Self::Json])
    }

    /// What `--format` takes in a program whose answer is a list of records.
    pub fn of_lists() -> impl TypedValueParser<Value = Self> {
        Self::only(&[Self::Text, Self::Json, Self::Ndjson, Self::Csv])
    }

    /// What `--format` takes where the answer is figures.
    pub fn of_figures() -> impl TypedValueParser<Value = Self> {
        Self::only(&[Self::Text, Self::Json, Self::Csv, Self::Markdown, Self::Svg])
    }

    /// What `--format` takes where the answer is a list of what was found.
    pub fn of_rows() -> impl TypedValueParser<Value = Self> {
        Self::only(&[Self::Text, Self::Json, Self::Ndjson])
    }

    /// What `--format` takes where the answer is a list of days.
    pub fn of_days() -> impl TypedValueParser<Value = Self> {
        Self::only(&[Self::Text, Self::Json, Self::Markdown, Self::Ics])
    }

    /// These formats; `markdown` is understood as well.
    fn only(shown: &[Self]) -> impl TypedValueParser<Value = Self> + use<> {
        let hidden = (!shown.contains(&Self::Markdown)).then_some(Self::Markdown);
        let hidden = hidden.and_then(|format| format.to_possible_value()).map(|value| value.hide(true));
        let shown = shown.iter().filter_map(Self::to_possible_value);
        let values: Vec<PossibleValue> = shown.chain(hidden).collect();
        PossibleValuesParser::new(values).try_map(|word| Self::from_str(&word, false))
    }
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

/// A line of a table whose columns are so wide, as [`table`] lays it out.
pub fn aligned(cells: &[String], widths: &[usize]) -> String {
    let mut line = String::new();
    for (cell, width) in cells.iter().zip(widths) {
        line.push_str(cell);
        line.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.width()) + 2));
    }
    line.truncate(line.trim_end().len());
    line
}

/// The text in so many columns of a terminal, `…` for what is left out.
pub fn cut(text: &str, most: usize) -> String {
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

/// A severity in its level's colour, where stdout shows colours.
pub fn coloured(colour: Colour, text: &str) -> String {
    let colour = match colour {
        Colour::Red => AnsiColor::Red,
        // A terminal of sixteen colours has no orange.
        Colour::Orange => AnsiColor::BrightRed,
        Colour::Yellow => AnsiColor::Yellow,
        Colour::Green => AnsiColor::Green,
        Colour::Blue => AnsiColor::Blue,
        Colour::Purple => AnsiColor::Magenta,
        Colour::Brown => AnsiColor::BrightYellow,
        Colour::Black => AnsiColor::BrightBlack,
        Colour::White => AnsiColor::White,
    };
    let style = Style::new().fg_color(Some(colour.into())).bold();
    format!("{style}{text}{style:#}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_alone_is_laid_out_as_in_a_table() {
        let rows =
            [["NAME", "WHAT", "ID"], ["数据库", "e\u{301}te", "a"], ["-", " x ", ""], ["👩‍🔧", "ﷺ", "b  "]];
        let rows = rows.map(|row| row.map(str::to_owned).to_vec());
        let widths: Vec<usize> =
            (0..3).map(|place| rows.iter().map(|row| row[place].width()).max().unwrap_or_default()).collect();
        let lines: Vec<String> = rows.iter().map(|row| aligned(row, &widths)).collect();
        let header: Vec<&str> = rows[0].iter().map(String::as_str).collect();
        assert_eq!(lines.join("\n"), table(&header, rows[1..].to_vec()));
    }

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
}
