//! One pass over the incidents, one over the PDCAs where they are asked for, and the view of both.

use anyhow::Result;
use chrono::NaiveDate;
use inc_core::incident::{Incident, Kind};
use inc_core::stats::{Census, Grid, Group, Hours, Learning, Measured};
use inc_core::status::Status;
use inc_core::summary::Summary;

use crate::commands::which::{self, Which, engine};
use crate::failure::{Failure, say};
use crate::session::{Session, made};
use crate::view::stats::{ApartView, KindView, StatsView, Window};

pub use crate::view::stats::Question;

/// What is asked for.
pub struct Asked {
    pub question: Question,
    pub by: Vec<Group>,
    pub depth: Option<usize>,
    pub measures: Vec<(Measured, Hours)>,
    pub kinds: Vec<Kind>,
}

/// What is counted of one kind.
struct Count {
    census: Census,
    open: usize,
    cancelled: usize,
    learning: Option<Learning>,
}

/// The figures of the incidents that are meant.
pub fn view(which: &Which, asked: &Asked, session: &mut Session) -> Result<StatsView> {
    let engine = engine();
    let mut question = which::Question::of(which, &engine, session)?;
    let mut tables = Tables::of(asked, session)?;
    let files = session.store()?.index_files::<Incident>();
    let answer = session.ask::<Incident>(&files)?;
    question.among(&answer, session, |entry| {
        tables.take(&made(&answer, entry)?);
        Ok(())
    })?;
    let zone = session.settings()?.timezone.clone();
    let today = zone.local(session.now()?).date;
    if asked.question.looks_at_pdcas() {
        tables.learn(today, session)?;
    }
    let (since, until) = question.days();
    let window = Window { today, since, until };
    let apart = tables.apart();
    let mut kinds = tables.finish(asked, &window)?;
    for kind in &mut kinds {
        kind.first_at = kind.first_at.map(|at| zone.instant(at));
        kind.last_at = kind.last_at.map(|at| zone.instant(at));
    }
    if kinds.iter().all(|kind| kind.count == 0) {
        let names: Vec<&str> = asked.kinds.iter().map(|kind| kind.name()).collect();
        let also: Vec<String> =
            apart.iter().map(|it| format!("{} of kind {}", it.count, it.kind.name())).collect();
        match also.is_empty() {
            true => say(&format!("no incident matches: {}", question.why_none())),
            false => say(&format!(
                "none of kind {}, but {}: --kind asks for them",
                names.join(" or "),
                also.join(", ")
            )),
        }
    }
    Ok(StatsView {
        question: asked.question,
        today,
        timezone: zone.name().to_owned(),
        by: asked.by_names(),
        depth: asked.depth,
        kinds,
        apart,
    })
}

impl Asked {
    fn by_names(&self) -> Vec<&'static str> {
        match self.question {
            Question::Pdca | Question::Overview => vec![],
            _ => self.by.iter().map(|group| group.name()).collect(),
        }
    }
}

/// A count for each kind that is asked for, and how many there are of the others.
struct Tables {
    counts: Vec<(Kind, Count)>,
    others: [usize; Kind::ALL.len()],
}

impl Tables {
    fn of(asked: &Asked, session: &Session) -> Result<Self> {
        let settings = session.settings()?;
        let (zone, hours) = (&settings.timezone, &settings.business_hours);
        let count = || Count {
            census: Census::by(&asked.by, asked.depth, asked.measures.clone(), zone, hours),
            open: 0,
            cancelled: 0,
            learning: asked.question.looks_at_pdcas().then(Learning::default),
        };
        let counts = asked.kinds.iter().map(|kind| (*kind, count())).collect();
        Ok(Self { counts, others: [0; Kind::ALL.len()] })
    }

    fn take(&mut self, summary: &Summary) {
        let Some((_, count)) = self.counts.iter_mut().find(|(kind, _)| *kind == summary.kind) else {
            self.others[summary.kind as usize] += 1;
            return;
        };
        count.census.add(summary);
        count.open += usize::from(summary.status.is_open());
        count.cancelled += usize::from(summary.status == Status::Cancelled);
        if let Some(learning) = &mut count.learning {
            learning.add_incident(summary.id.as_str());
        }
    }

    fn learn(&mut self, today: NaiveDate, session: &mut Session) -> Result<()> {
        session.each_pdca(|pdca| {
            for (_, count) in &mut self.counts {
                if let Some(learning) = &mut count.learning {
                    learning.add_pdca(&pdca, today);
                }
            }
            Ok(())
        })
    }

    fn apart(&self) -> Vec<ApartView> {
        let each = Kind::ALL.into_iter().map(|kind| ApartView { kind, count: self.others[kind as usize] });
        each.filter(|apart| apart.count > 0).collect()
    }

    fn finish(self, asked: &Asked, window: &Window) -> Result<Vec<KindView>> {
        let each = self.counts.into_iter().map(|(kind, count)| {
            let Count { census, open, cancelled, learning } = count;
            let grid = census.finish();
            refuse_nothing_to_group(&grid, asked)?;
            let mut view = KindView::of(kind, asked.question, &grid, learning.as_ref(), window);
            (view.open, view.cancelled) = (open, cancelled);
            Ok(view)
        });
        each.collect()
    }
}

/// A table with one row that says nothing is no answer.
fn refuse_nothing_to_group(grid: &Grid, asked: &Asked) -> Result<()> {
    if asked.question != Question::By && asked.question != Question::Pareto {
        return Ok(());
    }
    let Some(group) = grid.unasked().next() else {
        return Ok(());
    };
    let whose = match grid.total.count {
        1 => "the 1 incident does not have".to_owned(),
        n => format!("none of the {n} incidents has"),
    };
    Err(Failure::refused(format!(
        "nothing to group: {whose} {group}; `inc-edit --set {}=… ID` supplies it",
        group.name()
    )))
}
