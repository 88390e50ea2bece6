//! A PDCA's summary as a row of columns. Nothing is asked of it without the rest, so that it has no cells.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{Cure, Rollout, Summary};
use crate::columns::{Moment, Row, Stored, Words};
use crate::id::{Id, Uid};
use crate::pdca::{ActStatus, CheckResult, CountermeasureStatus, Source, SourceKind, Status};
use crate::text::{Line, Title};

/// All but the id.
#[derive(Serialize, Deserialize)]
struct Rest<'a> {
    uid: u128,
    title: &'a str,
    kind: SourceKind,
    reference: Option<&'a str>,
    owner: u64,
    teams: Vec<u32>,
    created_at: Moment,
    status: Status,
    root_causes: u64,
    cures: Vec<StoredCure>,
    acts: Vec<(ActStatus, Option<Day>)>,
    contested: bool,
}

/// Status, the days due, done and checked, and what came out.
type StoredCure = (CountermeasureStatus, Option<Day>, Option<Day>, Option<Day>, Option<CheckResult>);

/// A day, counted from the year 1.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Day(i32);

impl Day {
    fn of(day: NaiveDate) -> Self {
        Self(day.num_days_from_ce())
    }

    /// `None` only where what should be a day is none.
    fn optional(day: Option<Self>) -> Option<Option<NaiveDate>> {
        day.map_or(Some(None), |day| NaiveDate::from_num_days_from_ce_opt(day.0).map(Some))
    }
}

impl Row for Summary {
    const WIDTHS: &'static [usize] = &[];

    fn id(&self) -> &Id {
        &self.id
    }

    fn store(&self, words: &mut Words<'_>) -> (Vec<u64>, Vec<u8>) {
        // Named one by one, so that what is added to a summary is not forgotten here.
        let Self {
            id: _,
            uid,
            title,
            source: Source { kind, reference },
            owner,
            teams,
            created_at,
            status,
            root_causes,
            countermeasures,
            acts,
            contested,
        } = self;
        let rest = Rest {
            uid: uid.bits(),
            title: title.as_str(),
            kind: *kind,
            reference: reference.as_ref().map(Line::as_str),
            owner: words.line(owner.as_ref()),
            teams: teams.iter().map(|team| words.number(team)).collect(),
            created_at: Moment::of(*created_at),
            status: *status,
            root_causes: *root_causes as u64,
            cures: countermeasures.iter().map(cure).collect(),
            acts: acts.iter().map(|Rollout { status, due }| (*status, due.map(Day::of))).collect(),
            contested: *contested,
        };
        let rest = postcard::to_stdvec(&rest).unwrap_or_else(|_| unreachable!("plain data, and room for it"));
        (vec![], rest)
    }

    fn read(stored: &Stored<'_>) -> Option<Self> {
        let rest: Rest<'_> = postcard::from_bytes(stored.rest).ok()?;
        let words = stored.words;
        let cures = rest.cures.into_iter().map(|(status, due, done_on, check_on, result)| {
            let (due, done_on) = (Day::optional(due)?, Day::optional(done_on)?);
            Some(Cure { status, due, done_on, check_on: Day::optional(check_on)?, result })
        });
        let acts =
            rest.acts.into_iter().map(|(status, due)| Some(Rollout { status, due: Day::optional(due)? }));
        Some(Self {
            id: Id::kept(stored.id),
            uid: Uid::of_bits(rest.uid),
            title: Title::kept(rest.title),
            source: Source { kind: rest.kind, reference: rest.reference.map(Line::kept) },
            owner: words.lined(rest.owner),
            teams: rest.teams.iter().map(|number| words.word(*number).to_owned()).collect(),
            created_at: rest.created_at.instant()?,
            status: rest.status,
            root_causes: usize::try_from(rest.root_causes).ok()?,
            countermeasures: cures.collect::<Option<_>>()?,
            acts: acts.collect::<Option<_>>()?,
            contested: rest.contested,
        })
    }
}

fn cure(cure: &Cure) -> (CountermeasureStatus, Option<Day>, Option<Day>, Option<Day>, Option<CheckResult>) {
    let Cure { status, due, done_on, check_on, result } = cure;
    (*status, due.map(Day::of), done_on.map(Day::of), check_on.map(Day::of), *result)
}
