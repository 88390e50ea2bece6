//! `pdca overdue`: everything late or due soon over all PDCAs, as a table, a digest, JSON or a feed for calendars.

use std::collections::BTreeSet;

use anyhow::Result;
use chrono::NaiveDate;
use inc_core::pdca::{Agenda, Ahead, Due, Pdca, Step};
use inc_core::span::Span;
use inc_core::text::clean_line;
use inc_store::store::Loaded;

use super::counted::number;
use crate::failure::{Failure, say};
use crate::output::{Format, table};
use crate::report::calendar::{Event, calendar};
use crate::report::{OVERDUE, Templates};
use crate::session::Session;
use crate::view::overdue::{By, Group, NOBODY, OverdueView};

#[derive(Debug, clap::Args)]
pub(super) struct Overdue {
    /// Also what is due from today on within this time, in whole days: 7d, 2w; 0d is today
    #[arg(long, value_name = "TIME", value_parser = whole_days, allow_hyphen_values = true)]
    within: Option<u64>,
    /// Only what these people own; a part of the name is enough, and `nobody` is what has no owner
    #[arg(long, value_name = "NAME")]
    owner: Vec<String>,
    /// By what to sort and group
    #[arg(long, value_name = "WHAT", default_value = "owner")]
    by: By,
    /// How to print the answer
    // The same id as everywhere else, so that clap takes this one, which knows more formats.
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "text",
        help_heading = "Everywhere",
        value_parser = Format::of_days()
    )]
    format: Format,
}

pub(super) fn run(overdue: &Overdue, session: &mut Session) -> Result<()> {
    let now = session.now()?;
    let today = now.datetime().date_naive();
    let all = session.all::<Pdca>()?;
    let agenda = overdue.agenda(&all, today);
    let touched: BTreeSet<_> =
        agenda.due.iter().filter(|due| due.is_late()).map(|due| &due.step.pdca.id).collect();
    let place = format!("{} of {}", touched.len(), number(all.len(), "PDCA"));
    let events = || agenda.due.iter().map(|due| event(due, today)).collect::<Vec<Event>>();
    let feed = (overdue.format == Format::Ics).then(|| calendar("PDCA", &events(), now));
    let view = OverdueView::of(today, overdue.within, agenda.due, agenda.undated, overdue.by);
    match (feed, overdue.format) {
        (Some(feed), _) => session.print(&feed)?,
        (None, Format::Markdown) => {
            let templates = Templates::of(session.store()?);
            session.print(&templates.render(OVERDUE, &view.digest(overdue.by))?)?;
        }
        (None, _) => session.answer(&view, || text_of(&view, overdue.by))?,
    }
    overdue.remark(&view, &all);
    end(view.late, &place, overdue.format, session)
}

/// `7d`, `2w`: a length of time in whole days.
fn whole_days(text: &str) -> Result<u64, String> {
    let days = text.parse::<Span>()?.whole_days();
    days.ok_or_else(|| "a day has no hours here: give whole days or weeks, such as 7d or 2w".to_owned())
}

impl Overdue {
    fn agenda<'a>(&self, all: &'a [Loaded<Pdca>], today: NaiveDate) -> Agenda<'a> {
        let ahead = match (self.within, self.format) {
            (Some(days), _) => Ahead::Days(days),
            // A calendar is a look ahead.
            (None, Format::Ics) => Ahead::Everything,
            (None, _) => Ahead::Nothing,
        };
        let wanted = self.wanted();
        let mut agenda = Agenda::default();
        for loaded in all {
            let Agenda { due, undated } = loaded.record.agenda(today, ahead);
            agenda.due.extend(due.into_iter().filter(|due| is_wanted(&due.step, &wanted)));
            agenda.undated.extend(undated.into_iter().filter(|step| is_wanted(step, &wanted)));
        }
        agenda
    }

    /// The names that were given, in lower case.
    fn wanted(&self) -> Vec<String> {
        self.owner.iter().map(|name| name.to_lowercase()).collect()
    }

    /// Who has open steps, where those that were named have none, with a day or without.
    fn owned_by_others(&self, all: &[Loaded<Pdca>]) -> Option<String> {
        let wanted = self.wanted();
        let steps = || all.iter().flat_map(|loaded| loaded.record.open_steps());
        if wanted.is_empty() || steps().any(|step| is_wanted(&step, &wanted)) {
            return None;
        }
        let names: BTreeSet<&str> = steps().map(|step| owner_of(&step)).collect();
        let names: Vec<&str> = names.into_iter().collect();
        Some(match names.is_empty() {
            true => "nothing is open".to_owned(),
            false => format!("open steps are of: {}", names.join(", ")),
        })
    }

    /// What the answer does not say by itself.
    fn remark(&self, view: &OverdueView, all: &[Loaded<Pdca>]) {
        if !view.undated.is_empty() {
            let has = if view.undated.len() == 1 { "has" } else { "have" };
            let steps = number(view.undated.len(), "open step");
            let which = if self.format == Format::Markdown { "" } else { "; --format markdown tells which" };
            say(&format!("{steps} {has} no day, and cannot be late{which}"));
        }
        if let Some(others) = self.owned_by_others(all) {
            let names = self.owner.join(" or ");
            say(&clean_line(&format!("nothing open is owned by {names}; {others}")));
        } else if view.late == 0 {
            say(&match all.len() {
                0 => "no PDCA to look at".to_owned(),
                looked_at => format!("nothing is late in {}", number(looked_at, "PDCA")),
            });
        }
    }
}

/// Who is asked for it, or the word for none.
fn owner_of<'a>(step: &Step<'a>) -> &'a str {
    step.asked().map_or(NOBODY, |asked| asked.owner.as_str())
}

/// Whether somebody of the wanted ones owns it, in lower case; where nobody is named, everybody is wanted.
fn is_wanted(step: &Step<'_>, wanted: &[String]) -> bool {
    if wanted.is_empty() {
        return true;
    }
    let name = owner_of(step).to_lowercase();
    wanted.iter().any(|wanted| name.contains(wanted.as_str()))
}

/// A late one lasts through today: on a day of long ago nobody would see it.
fn event(due: &Due<'_>, today: NaiveDate) -> Event {
    let step = &due.step;
    let late = if due.is_late() { "late: " } else { "" };
    let note = step.asked_as().map(|note| format!(" ({note})")).unwrap_or_default();
    let owner = format!("{}{note}", owner_of(step));
    Event {
        key: format!("{}@inc", due.key()),
        day: due.day,
        last: if due.is_late() { today } else { due.day },
        summary: format!("{late}{}: {}", due.words(), step.title()),
        description: format!(
            "Due {}\nOwner: {owner}\nPDCA: {} ({})\n{}",
            due.day,
            step.pdca.title,
            step.pdca.id,
            due.command()
        ),
    }
}

fn text_of(view: &OverdueView, by: By) -> String {
    let groups = view.digest(by).groups;
    groups.iter().map(|group| group_text(group, by)).collect::<Vec<_>>().join("\n\n")
}

/// Titles come last: a long one then pushes nothing else away.
fn group_text(group: &Group<'_>, by: By) -> String {
    let columns: &[&str] = match by {
        By::Owner => &["due", "when", "what", "pdca", "title"],
        By::Day => &["when", "what", "owner", "pdca", "title"],
        By::Pdca => &["due", "when", "what", "owner", "title"],
    };
    let rows = group.items.iter().map(|item| {
        let (due, step) = (item.due, &item.due.step);
        let cell = |column: &&str| match (*column, &item.aside) {
            ("due", _) => due.due.to_string(),
            ("when", _) => due.when.clone(),
            ("what", _) => step.what.clone(),
            ("title", Some(aside)) if by == By::Owner => format!("{} ({aside})", step.title),
            ("title", _) => step.title.clone(),
            ("owner", aside) => aside.clone().unwrap_or_default(),
            _ => step.pdca.clone(),
        };
        columns.iter().map(cell).collect()
    });
    format!("{}: {}\n{}", clean_line(&group.name), group.counts, table(columns, rows))
}

/// What could not be read weighs more than what is late.
fn end(late: usize, place: &str, format: Format, session: &Session) -> Result<()> {
    let more =
        if format == Format::Markdown { "" } else { "; --format markdown tells what to type for each" };
    let said = format!("{late} late in {place}{more}");
    if late > 0 && session.unread() > 0 {
        say(&said);
    }
    session.finish()?;
    if late > 0 { Err(Failure::refused(said)) } else { Ok(()) }
}
