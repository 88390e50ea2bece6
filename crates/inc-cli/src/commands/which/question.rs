//! What is asked: the options as filters, one after the other, with how many incidents each left.

use anyhow::Result;
use chrono::NaiveDate;
use inc_core::columns::Columns;
use inc_core::incident::Incident;
use inc_core::instant::{Zone, understand};
use inc_core::query::{Bound, Filter, Sieve, TeamField};
use inc_core::summary::Summary;
use inc_core::text::clean_line;
use inc_store::index::{Answer, Entry};
use minijinja::Environment;

use super::Which;
use super::expression::Condition;
use super::search::Search;
use crate::commands::arguments::past_day;
use crate::failure::Failure;
use crate::session::{Session, made};

/// Everything that an incident must be.
pub struct Question<'e> {
    tests: Vec<(Test<'e>, usize)>,
    zone: Zone,
    seen: usize,
}

enum Test<'e> {
    Filter(Filter),
    Condition(Condition<'e>),
    /// The last, for it needs the record itself.
    Search(Search),
}

impl<'e> Question<'e> {
    /// The question of these options.
    ///
    /// # Errors
    /// Bounds that leave nothing, texts that cannot be read.
    pub fn of(which: &'e Which, engine: &'e Environment<'e>, session: &Session) -> Result<Self> {
        let condition = which.condition.as_deref().map(|text| Condition::of(engine, text)).transpose()?;
        let filters = filters(which, session)?.into_iter().map(Test::Filter);
        let search = Search::of(&which.text, &which.regex)?.map(Test::Search);
        let tests = filters.chain(condition.map(Test::Condition)).chain(search);
        let zone = session.settings()?.timezone.clone();
        Ok(Self { tests: tests.map(|test| (test, 0)).collect(), zone, seen: 0 })
    }

    /// The first and the last day that are asked for, where they are.
    pub fn days(&self) -> (Option<NaiveDate>, Option<NaiveDate>) {
        let day = |bound: &Bound| match bound {
            Bound::Day(day) => *day,
            Bound::At(at) => self.zone.local(*at).date,
        };
        self.tests.iter().fold((None, None), |(since, until), (test, _)| match test {
            Test::Filter(Filter::Since(bound)) => (Some(day(bound)), until),
            Test::Filter(Filter::Until(bound)) => (since, Some(day(bound))),
            _ => (since, until),
        })
    }

    /// Hands on every incident that is meant, in the order of the files. A summary is made only of what passes the
    /// filters, and a record read only where a text is searched in it.
    ///
    /// # Errors
    /// A condition that cannot be told; a record that can no longer be read; what `take` makes of one.
    pub fn among<'a>(
        &mut self,
        answer: &Answer<'a, Summary>,
        session: &Session,
        mut take: impl FnMut(Entry) -> Result<()>,
    ) -> Result<()> {
        let zone = self.zone.clone();
        let tables = answer.tables();
        let (mut lefts, mut seen) = (vec![0; self.tests.len()], 0);
        let sieves =
            tables.map(|rows| self.tests.iter().map(|(test, _)| test.over(rows, &zone)).collect::<Vec<_>>());
        for entry in answer.entries() {
            let Some((table, row)) = answer.place(*entry) else { continue };
            seen += 1;
            let mut summary = None;
            let mut passes = true;
            for (((test, _), sieve), left) in self.tests.iter().zip(&sieves[table]).zip(&mut lefts) {
                passes = match (test, sieve) {
                    (_, Some(sieve)) => sieve(row),
                    (Test::Condition(condition), _) => {
                        let summary = match &summary {
                            Some(summary) => summary,
                            None => summary.insert(made(answer, *entry)?),
                        };
                        condition.holds(summary, &zone)?
                    }
                    (Test::Search(search), _) => {
                        search.finds(&session.store()?.load::<Incident>(&answer.path(*entry))?.record)
                    }
                    (Test::Filter(_), None) => true,
                };
                if !passes {
                    break;
                }
                *left += 1;
            }
            if passes {
                take(*entry)?;
            }
        }
        drop(sieves);
        self.seen += seen;
        self.tests.iter_mut().zip(lefts).for_each(|((_, left), now)| *left += now);
        Ok(())
    }

    /// Whether there was a record that could be read.
    pub fn has_seen_any(&self) -> bool {
        self.seen > 0
    }

    /// Why nothing is left: `12 incidents, 3 of them open, none of these with severity SEV-1`.
    pub fn why_none(&self) -> String {
        let mut words = match self.seen {
            0 => return "this repository has no incident that can be read".to_owned(),
            1 => "1 incident".to_owned(),
            n => format!("{n} incidents"),
        };
        let mut before = self.seen;
        for (test, left) in &self.tests {
            let asked = match test {
                Test::Filter(filter) => filter.words(),
                Test::Condition(condition) => condition.words(),
                Test::Search(search) => search.words(),
            };
            if *left == 0 {
                let these = if before == self.seen { "none" } else { "none of these" };
                return format!("{words}, {these} {asked}");
            }
            if *left < before {
                words = format!("{words}, {left} of them {asked}");
                before = *left;
            }
        }
        words
    }
}

impl Test<'_> {
    /// A filter over rows; the others look at one incident at a time.
    fn over<'c>(&'c self, rows: &'c Columns<'c, Summary>, zone: &'c Zone) -> Option<Sieve<'c>> {
        match self {
            Self::Filter(filter) => Some(filter.over(rows, zone)),
            _ => None,
        }
    }
}

fn filters(which: &Which, session: &Session) -> Result<Vec<Filter>> {
    // An INC_NOW that is no instant is refused, whether or not a day is asked for.
    session.now()?;
    let mut filters = vec![];
    let mut add = |is_asked: bool, filter: Filter| filters.extend(is_asked.then_some(filter));
    add(!which.status.is_empty(), Filter::Status(which.status.clone()));
    add(which.open, Filter::Open);
    add(!which.severity.is_empty(), Filter::Severity(which.severity.clone()));
    add(!which.kind.is_empty(), Filter::Kind(which.kind.clone()));
    add(!which.environment.is_empty(), Filter::Environment(which.environment.clone()));
    add(!which.commander.is_empty(), Filter::Commander(which.commander.clone()));
    add(!which.detected_via.is_empty(), Filter::DetectedVia(which.detected_via.clone()));
    add(!which.root_cause.is_empty(), Filter::RootCause(which.root_cause.clone()));
    for (field, values) in grouped(&which.team) {
        add(true, Filter::Team(field, values));
    }
    for (key, values) in grouped(&which.custom) {
        add(true, Filter::Custom(key, values));
    }
    let (since, until) = bounds(which.since.as_deref(), which.until.as_deref(), session)?;
    filters.extend(since.map(Filter::Since));
    filters.extend(until.map(Filter::Until));
    Ok(filters)
}

/// Values of one name are alternatives, different names are not.
fn grouped<K: PartialEq + Clone>(pairs: &[(K, String)]) -> Vec<(K, Vec<String>)> {
    let mut groups: Vec<(K, Vec<String>)> = vec![];
    for (key, value) in pairs {
        match groups.iter_mut().find(|(known, _)| known == key) {
            Some((_, values)) => values.push(value.clone()),
            None => groups.push((key.clone(), vec![value.clone()])),
        }
    }
    groups
}

/// From when and until when.
///
/// # Errors
/// What is neither a day nor a time, and bounds that leave nothing.
pub fn bounds(
    since: Option<&str>,
    until: Option<&str>,
    session: &Session,
) -> Result<(Option<Bound>, Option<Bound>)> {
    let since = bound("--since", since, session)?;
    let until = bound("--until", until, session)?;
    in_order(since, until, &session.settings()?.timezone)?;
    Ok((since, until))
}

/// A day as other options take it, else a time as `inc-timeline add --at` takes it.
pub(in crate::commands) fn bound(
    option: &str,
    text: Option<&str>,
    session: &Session,
) -> Result<Option<Bound>> {
    let Some(text) = text else {
        return Ok(None);
    };
    let day = match past_day(option, text, session) {
        Ok(day) => return Ok(Some(Bound::Day(day))),
        Err(error) => error,
    };
    let zone = &session.settings()?.timezone;
    match understand(text, session.now()?, zone) {
        Ok(at) => {
            session.echo(option, at, zone);
            Ok(Some(Bound::At(at)))
        }
        Err(_) => Err(day),
    }
}

pub(in crate::commands) fn in_order(since: Option<Bound>, until: Option<Bound>, zone: &Zone) -> Result<()> {
    let (Some(since), Some(until)) = (since, until) else {
        return Ok(());
    };
    let day = |bound: Bound| match bound {
        Bound::Day(day) => day,
        Bound::At(at) => zone.local(at).date,
    };
    let is_before = match (since, until) {
        (Bound::At(since), Bound::At(until)) => until < since,
        (since, until) => day(until) < day(since),
    };
    match is_before {
        true => Err(Failure::usage(format!(
            "--until {} lies before --since {}: no day is left",
            until.words(),
            since.words()
        ))),
        false => Ok(()),
    }
}

/// `FIELD=VALUE` of the team.
pub fn parse_team(text: &str) -> Result<(TeamField, String), String> {
    let (field, value) = text.split_once('=').ok_or("write FIELD=VALUE, such as stack=crossplane")?;
    Ok((field.strip_prefix("team.").unwrap_or(field).parse()?, value.to_owned()))
}

/// `KEY=VALUE` of a team's own.
pub fn parse_custom(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("write KEY=VALUE, such as ticket=OPS-12")?;
    let key = key.strip_prefix("custom.").unwrap_or(key);
    match key.is_empty() {
        true => Err("the key is empty: write KEY=VALUE, such as ticket=OPS-12".to_owned()),
        false => Ok((key.to_owned(), value.to_owned())),
    }
}

/// `Software/Migration`, from the widest category.
pub fn parse_path(text: &str) -> Result<Vec<String>, String> {
    let parts: Vec<String> = text.split('/').map(|part| part.trim().to_owned()).collect();
    // `n/a` is an answer, not a path.
    if text.eq_ignore_ascii_case("n/a") {
        return Ok(vec![text.to_owned()]);
    }
    match parts.iter().any(String::is_empty) {
        true => Err(format!("`{}` has an empty part: write WIDE/NARROW", clean_line(text))),
        false => Ok(parts),
    }
}
