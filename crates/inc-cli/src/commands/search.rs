//! `inc-search`: find records by their texts, the best first.

mod shown;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, ValueEnum};
use inc_core::incident::Incident;
use inc_core::instant::{Instant, Zone};
use inc_core::pdca::Pdca;
use inc_core::query::Bound;
use inc_core::search::Searchable;
use inc_core::search::excerpt::Marker;
use inc_core::search::query::Query;
use inc_core::search::rank::{Hit, rank};
use inc_core::text::clean_line;
use inc_store::store::Record;

use self::shown::{Look, Row, text};
use super::which::bounds;
use crate::failure::{Failure, say};
use crate::output::Format;
use crate::session::{Session, Shelved};

/// Search all incidents and PDCAs, the best match first
///
/// Titles, summaries, timelines, causes, PDCAs, names and a team's own keys are searched, without regard to case and
/// accents. Records that have every word come first, then those that have some. The last word finds words that begin
/// with it. A record that cannot be read is named on stderr, the others are searched, and the exit code is 4; it is 1
/// where nothing is found. docs/search.md tells how the ranking is made.
#[derive(Debug, Parser)]
#[command(
    name = "inc-search",
    after_help = "Example:
  inc-search connection pool
  inc-search \"connection pool\" timeout -redis
  inc-search OPS-12 --kind pdca --since 2023-01-01 --format json

  two words      records that have both, then those that have one
  \"two words\"    only where they follow each other
  -word          only where it is not; --without does the same for any word
  beg*           words that begin so"
)]
pub struct Args {
    /// What to look for
    #[arg(value_name = "WORDS")]
    words: Vec<String>,
    /// Only records that do not have this word or phrase; may be repeated
    #[arg(long, value_name = "WORDS", allow_hyphen_values = true)]
    without: Vec<String>,
    /// At most so many
    #[arg(long, value_name = "N", default_value = "10")]
    limit: NonZeroUsize,
    /// Only incidents, or only PDCAs
    #[arg(long, value_name = "KIND")]
    kind: Option<Kind>,
    /// Only what began then or later: 2023-03-27, monday, 7 days ago, 2023-03-27 12:59
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    since: Option<String>,
    /// Only what began then or earlier; a day is meant whole
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    until: Option<String>,
    /// Print the ids alone, one a line
    #[arg(short = '1', long, conflicts_with = "format")]
    ids: bool,
    /// How to print the answer
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "text",
        help_heading = "Everywhere",
        value_parser = Format::of_rows()
    )]
    format: Format,
}

/// What is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Incidents, drills and near misses
    Incident,
    /// PDCAs
    Pdca,
}

/// The program itself.
pub fn main(args: Vec<OsString>) -> ExitCode {
    crate::run_on(run, spelt_out(args))
}

/// The arguments with `-word` as `--without=word`: clap would take it for options, or options for words.
fn spelt_out(args: Vec<OsString>) -> Vec<OsString> {
    let mut is_value = false;
    let mut is_over = false;
    let each = args.into_iter().map(|arg| {
        let Some(text) = arg.to_str() else { return arg };
        is_over |= text == "--";
        if is_over || std::mem::take(&mut is_value) {
            return arg;
        }
        is_value = TAKE_A_VALUE.contains(&text);
        match text.strip_prefix('-') {
            Some("" | "1" | "h" | "V") | None => arg,
            Some(rest) if rest.starts_with(['-', 'C']) => arg,
            Some(rest) => format!("--without={rest}").into(),
        }
    });
    each.collect()
}

/// The options whose value is the next argument.
const TAKE_A_VALUE: &[&str] =
    &["--without", "--limit", "--kind", "--since", "--until", "--format", "--dir", "-C"];

/// Searches, and prints what was found.
///
/// # Errors
/// A query that makes no sense; nothing found; records that cannot be read (after the answer).
pub fn run(args: Args, session: &mut Session) -> Result<()> {
    let query = query(&args)?;
    session.now()?;
    let zone = session.settings()?.timezone.clone();
    let (since, until) = bounds(args.since.as_deref(), args.until.as_deref(), session)?;
    let files = session.word_files()?;
    let library =
        session.library(&files, args.kind != Some(Kind::Pdca), args.kind != Some(Kind::Incident))?;
    let shelved = library.shelved();
    let in_time = |number| is_between(shelved.shelf.book(number).began, since, until, &zone);
    let hits = rank(&query, &shelved.shelf, in_time);
    let width = (args.format == Format::Text).then(|| super::list::width().unwrap_or(shown::WIDTH));
    let look = Look { marker: Marker::of(&query), zone: &zone, width };
    let hits = Hits { query: &query, look, shelved: &shelved, hits: &hits };
    if args.ids {
        return hits.ids(args.limit.get(), session);
    }
    let rows = hits.rows(args.limit.get(), session)?;
    if rows.is_empty() {
        return hits.nothing(args.format, session);
    }
    match args.format {
        Format::Ndjson => session.print(&shown::lines(&rows)?)?,
        Format::Json => session.answer(&rows, String::new)?,
        _ => session.print(&text(&rows))?,
    }
    hits.tell_count(&rows);
    Ok(())
}

fn query(args: &Args) -> Result<Query> {
    Query::of(&args.words, &args.without).map_err(|error| Failure::usage(error.to_string()))
}

fn is_between(began: i64, since: Option<Bound>, until: Option<Bound>, zone: &Zone) -> bool {
    if since.is_none() && until.is_none() {
        return true;
    }
    let Ok(began) = Instant::from_unix_millis(began) else {
        return false;
    };
    let after = since.is_none_or(|since| match since {
        Bound::Day(day) => zone.local(began).date >= day,
        Bound::At(at) => began >= at,
    });
    after
        && until.is_none_or(|until| match until {
            Bound::Day(day) => zone.local(began).date <= day,
            Bound::At(at) => began <= at,
        })
}

/// What was found.
struct Hits<'h> {
    query: &'h Query,
    look: Look<'h>,
    shelved: &'h Shelved<'h>,
    hits: &'h [Hit],
}

impl Hits<'_> {
    /// The best of them, read for what is shown of them; of phrases it is only then known whether they are there.
    fn rows(&self, limit: usize, session: &Session) -> Result<Vec<Row>> {
        let mut rows = vec![];
        for hit in self.hits {
            if rows.len() == limit {
                break;
            }
            let row = self.row(hit, session)?;
            rows.extend(row.map(|row| row.at(rows.len() + 1)));
        }
        Ok(rows)
    }

    fn row(&self, hit: &Hit, session: &Session) -> Result<Option<Row>> {
        let path = self.shelved.path(hit.number);
        if self.shelved.shelf.book(hit.number).kind == Incident::KIND {
            let record = session.store()?.load::<Incident>(&path)?.record;
            let kind = record.kind.name();
            return Ok(self.made(&record, hit, kind, record.title.as_str()));
        }
        let record = session.store()?.load::<Pdca>(&path)?.record;
        Ok(self.made(&record, hit, "pdca", record.title.as_str()))
    }

    fn made<R: Record + Searchable>(
        &self,
        record: &R,
        hit: &Hit,
        kind: &'static str,
        title: &str,
    ) -> Option<Row> {
        let passages = record.passages();
        let is_found = !self.query.needs_texts() || self.query.holds(passages.iter().map(|it| &*it.text));
        is_found.then(|| Row::of(&self.look, kind, Record::id(record).as_str(), title, hit, &passages))
    }

    fn ids(&self, limit: usize, session: &Session) -> Result<()> {
        let mut told = BTreeSet::new();
        let mut text = String::new();
        for hit in self.hits {
            if told.len() == limit {
                break;
            }
            let is_found = !self.query.needs_texts() || self.row(hit, session)?.is_some();
            let id = self.shelved.shelf.book(hit.number).id;
            // An incident and its PDCA may have one id.
            if is_found && told.insert(id) {
                text += id;
                text.push('\n');
            }
        }
        match told.is_empty() {
            true => self.nothing(Format::Text, session),
            false => session.print(&text),
        }
    }

    /// How much more there is, and where the whole of the query was not found.
    fn tell_count(&self, rows: &[Row]) {
        if self.query.needs_texts() {
            return;
        }
        let all = self.hits.iter().filter(|hit| hit.has_all).count();
        let some = self.hits.len() - all;
        let is_one_word = self.query.wanted.iter().filter(|it| !it.is_extra).count() == 1;
        let records = |n: usize| if n == 1 { "1 record".to_owned() } else { format!("{n} records") };
        let told = match (all, some) {
            (0, some) => format!("no record has every word; {} some of them", have(&records(some), some)),
            (all, 0) if all == rows.len() => return,
            (all, 0) if is_one_word => have(&records(all), all) + " it",
            (all, 0) => have(&records(all), all) + " every word",
            (all, some) if is_one_word => {
                format!(
                    "{} it as it stands, {} a part of it",
                    have(&records(all), all),
                    have(&some.to_string(), some)
                )
            }
            (all, some) => format!(
                "{} every word, {} more some of them",
                have(&records(all), all),
                have(&some.to_string(), some)
            ),
        };
        say(&told);
    }

    /// Nothing was found: what is near.
    fn nothing(&self, format: Format, session: &Session) -> Result<()> {
        if format == Format::Json {
            session.print("[]")?;
        }
        let mut words = match self.query.needs_texts() {
            true if !self.hits.is_empty() => {
                "no record has it as it stands; without quotation marks the words are found anywhere"
                    .to_owned()
            }
            _ => "no record has any of this".to_owned(),
        };
        let shelf = &self.shelved.shelf;
        let unknown =
            self.query.wanted.iter().filter(|it| !it.is_extra && shelf.find(&it.term.text).is_empty());
        let near: Vec<String> = unknown.filter_map(|it| shelf.nearest(&it.term.text)).collect();
        if !near.is_empty() {
            words += &format!("; did you mean `{}`?", clean_line(&near.join(" ")));
        }
        if session.unread() > 0 {
            // The answer may be among what could not be read.
            say(&words);
            return Ok(());
        }
        Err(Failure::refused(words))
    }
}

fn have(who: &str, many: usize) -> String {
    format!("{who} {}", if many == 1 { "has" } else { "have" })
}
