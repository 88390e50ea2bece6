//! A summary as a row of columns, and what filters ask of the columns alone.

use serde::{Deserialize, Serialize};

use super::Summary;
use crate::answer::Answer;
use crate::columns::{Columns, Moment, Own, Row, Stored, Told, Words};
use crate::id::{Id, Uid};
use crate::incident::{Kind, Team};
use crate::instant::Instant;
use crate::measure::Moments;
use crate::severity::{Assessment, Override, Severity, Stay};
use crate::status::Status;
use crate::text::{Line, Prose, Title};

const STATUS: usize = 0;
const SEVERITY: usize = 1;
const KIND: usize = 2;
const FLAGS: usize = 3;
const ENVIRONMENT: usize = 4;
const COMMANDER: usize = 5;
const TEAM: usize = 6;
const DETECTED_VIA: usize = 10;
const ROOT_CAUSE: usize = 11;
const BEGAN: usize = 12;
const DECLARED: usize = 15;

/// What stands in the cell of flags.
const CONTESTED: u64 = 1;
const PROVISIONAL: u64 = 2;
const HAS_CUSTOM: u64 = 4;

/// All but id and cells. A text that is seldom the same as another's stands here, the others are words.
#[derive(Serialize, Deserialize)]
struct Rest<'a> {
    uid: u128,
    title: &'a str,
    reporter: u64,
    responders: Vec<u32>,
    computed: u8,
    decided_by: u32,
    #[serde(borrow)]
    decision: Option<Decision<'a>>,
    started_at: Told,
    detected_at: Told,
    declared_at: Moment,
    mitigated_at: Option<Moment>,
    resolved_at: Option<Moment>,
    #[serde(borrow)]
    stay: Result<[i64; 4], &'a str>,
    growing: Option<(u8, Moment)>,
    last_entry_at: Option<Moment>,
    entries: u64,
    pdcas: u64,
    #[serde(borrow)]
    custom: Vec<(&'a str, Own<'a>)>,
}

#[derive(Serialize, Deserialize)]
struct Decision<'a> {
    to: u8,
    reason: &'a str,
    by: u64,
    at: Option<Moment>,
}

impl Row for Summary {
    const WIDTHS: &'static [usize] = &[1, 1, 1, 1, 4, 4, 4, 4, 4, 4, 4, 4, 8, 4, 2, 8];

    fn id(&self) -> &Id {
        &self.id
    }

    fn store(&self, words: &mut Words<'_>) -> (Vec<u64>, Vec<u8>) {
        let cells = cells(self, words);
        let rest = rest(self, words);
        let rest = postcard::to_stdvec(&rest).unwrap_or_else(|_| unreachable!("plain data, and room for it"));
        (cells, rest)
    }

    fn read(stored: &Stored<'_>) -> Option<Self> {
        let rest: Rest<'_> = postcard::from_bytes(stored.rest).ok()?;
        let words = stored.words;
        let line = |column| words.answered(stored.cell(column), Line::kept);
        let flags = stored.cell(FLAGS);
        Some(Self {
            id: Id::kept(stored.id),
            uid: Uid::of_bits(rest.uid),
            title: Title::kept(rest.title),
            kind: *Kind::ALL.get(stored.cell(KIND) as usize)?,
            status: *Status::ALL.get(stored.cell(STATUS) as usize)?,
            severity: *Severity::ALL.get(stored.cell(SEVERITY) as usize)?,
            assessment: Assessment {
                computed: severity(rest.computed)?,
                provisional: flags & PROVISIONAL != 0,
                decided_by: Line::kept(words.word(rest.decided_by)),
                overridden: match &rest.decision {
                    Some(decision) => Some(decision.read(words)?),
                    None => None,
                },
            },
            environment: words.lined(stored.cell(ENVIRONMENT)),
            commander: words.lined(stored.cell(COMMANDER)),
            reporter: words.lined(rest.reporter),
            responders: rest.responders.iter().map(|number| words.word(*number).to_owned()).collect(),
            team: Team {
                department: line(TEAM),
                cft: line(TEAM + 1),
                stack: line(TEAM + 2),
                tech_team: line(TEAM + 3),
            },
            detected_via: line(DETECTED_VIA),
            root_cause: words
                .answered(stored.cell(ROOT_CAUSE), |path| path.lines().map(Line::kept).collect()),
            moments: Moments {
                started_at: rest.started_at.answer()?,
                detected_at: rest.detected_at.answer()?,
                declared_at: rest.declared_at.instant()?,
                mitigated_at: Moment::optional(rest.mitigated_at)?,
                resolved_at: Moment::optional(rest.resolved_at)?,
            },
            stay: Stay {
                seconds: rest.stay.map_err(str::to_owned),
                growing: match rest.growing {
                    Some((number, at)) => Some((severity(number)?, at.instant()?)),
                    None => None,
                },
            },
            last_entry_at: Moment::optional(rest.last_entry_at)?,
            entries: usize::try_from(rest.entries).ok()?,
            pdcas: usize::try_from(rest.pdcas).ok()?,
            contested: flags & CONTESTED != 0,
            custom: rest.custom.iter().map(|(key, value)| ((*key).to_owned(), value.value())).collect(),
        })
    }
}

fn cells(summary: &Summary, words: &mut Words<'_>) -> Vec<u64> {
    let flag = |holds: bool, flag: u64| if holds { flag } else { 0 };
    let flags = flag(summary.contested, CONTESTED)
        | flag(summary.assessment.provisional, PROVISIONAL)
        | flag(!summary.custom.is_empty(), HAS_CUSTOM);
    let (seconds, nanos, offset) = summary.began_at().parts();
    let Team { department, cft, stack, tech_team } = &summary.team;
    let line = |line: &Line| line.to_string();
    let path = |path: &Vec<Line>| path.iter().map(Line::as_str).collect::<Vec<_>>().join("\n");
    vec![
        u64::from(summary.status.number()),
        summary.severity as u64,
        summary.kind as u64,
        flags,
        words.line(summary.environment.as_ref()),
        words.line(summary.commander.as_ref()),
        words.answer(department, line),
        words.answer(cft, line),
        words.answer(stack, line),
        words.answer(tech_team, line),
        words.answer(&summary.detected_via, line),
        words.answer(&summary.root_cause, path),
        seconds.cast_unsigned(),
        u64::from(nanos),
        u64::from(offset.cast_unsigned()),
        summary.moments.declared_at.unix_millis().cast_unsigned(),
    ]
}

fn rest<'s>(summary: &'s Summary, words: &mut Words<'_>) -> Rest<'s> {
    // Named one by one, so that what is added to a summary is not forgotten here.
    let Summary {
        id: _,
        uid,
        title,
        kind: _,
        status: _,
        severity: _,
        assessment,
        environment: _,
        commander: _,
        reporter,
        responders,
        team: _,
        detected_via: _,
        root_cause: _,
        moments,
        stay,
        last_entry_at,
        entries,
        pdcas,
        contested: _,
        custom,
    } = summary;
    let Assessment { computed, provisional: _, decided_by, overridden } = assessment;
    let Moments { started_at, detected_at, declared_at, mitigated_at, resolved_at } = moments;
    Rest {
        uid: uid.bits(),
        title: title.as_str(),
        reporter: words.line(reporter.as_ref()),
        responders: responders.iter().map(|name| words.number(name)).collect(),
        computed: *computed as u8,
        decided_by: words.number(decided_by.as_str()),
        decision: overridden.as_ref().map(|decision| Decision::of(decision, words)),
        started_at: Told::of(started_at),
        detected_at: Told::of(detected_at),
        declared_at: Moment::of(*declared_at),
        mitigated_at: mitigated_at.map(Moment::of),
        resolved_at: resolved_at.map(Moment::of),
        stay: stay.seconds.as_ref().map(|seconds| *seconds).map_err(String::as_str),
        growing: stay.growing.map(|(severity, since)| (severity as u8, Moment::of(since))),
        last_entry_at: last_entry_at.map(Moment::of),
        entries: *entries as u64,
        pdcas: *pdcas as u64,
        custom: custom.iter().map(|(key, value)| (key.as_str(), Own::of(value))).collect(),
    }
}

impl<'a> Decision<'a> {
    fn of(decision: &'a Override, words: &mut Words<'_>) -> Self {
        let Override { to, reason, by, at } = decision;
        let by = words.line(by.as_ref());
        Self { to: *to as u8, reason: reason.as_str(), by, at: at.map(Moment::of) }
    }

    fn read(&self, words: &Words<'_>) -> Option<Override> {
        Some(Override {
            to: severity(self.to)?,
            reason: Prose::kept(self.reason),
            by: words.lined(self.by),
            at: Moment::optional(self.at)?,
        })
    }
}

fn severity(number: u8) -> Option<Severity> {
    Severity::ALL.get(usize::from(number)).copied()
}

/// What filters ask of a row.
impl Columns<'_, Summary> {
    /// Where in its life it is.
    pub fn status(&self, row: usize) -> Option<Status> {
        Status::ALL.get(self.cell(STATUS, row) as usize).copied()
    }

    /// The severity that holds.
    pub fn severity(&self, row: usize) -> Option<Severity> {
        Severity::ALL.get(self.cell(SEVERITY, row) as usize).copied()
    }

    /// An incident, a drill or a near miss.
    pub fn kind(&self, row: usize) -> Option<Kind> {
        Kind::ALL.get(self.cell(KIND, row) as usize).copied()
    }

    /// When it began, else when it was declared.
    pub fn began_at(&self, row: usize) -> Option<Instant> {
        let nanos = u32::try_from(self.cell(BEGAN + 1, row)).ok()?;
        let offset = u16::try_from(self.cell(BEGAN + 2, row)).ok()?.cast_signed();
        Instant::of_parts(self.began_seconds(row), nanos, offset)
    }

    /// The same in whole seconds since 1970, which costs nothing to tell.
    pub(crate) fn began_seconds(&self, row: usize) -> i64 {
        self.cell(BEGAN, row).cast_signed()
    }

    /// When it was declared, in milliseconds since 1970: what a list is in order of.
    pub fn declared_millis(&self, row: usize) -> i64 {
        self.cell(DECLARED, row).cast_signed()
    }

    /// Whether it has keys of the team's own.
    pub(crate) fn has_custom(&self, row: usize) -> bool {
        self.cell(FLAGS, row) & HAS_CUSTOM != 0
    }

    /// Whether values of a merge wait to be settled.
    pub fn contested(&self, row: usize) -> bool {
        self.cell(FLAGS, row) & CONTESTED != 0
    }

    /// Where it happens.
    pub fn environment(&self, row: usize) -> Option<&str> {
        self.words().told(self.cell(ENVIRONMENT, row)).known().copied()
    }

    /// The incident commander.
    pub fn commander(&self, row: usize) -> Option<&str> {
        self.words().told(self.cell(COMMANDER, row)).known().copied()
    }

    /// How it was noticed.
    pub fn detected_via(&self, row: usize) -> Answer<&str> {
        self.words().told(self.cell(DETECTED_VIA, row))
    }
}

/// A column of words, for a filter that looks at each word once.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Worded {
    Environment,
    Commander,
    Team(usize),
    DetectedVia,
    RootCause,
}

impl Columns<'_, Summary> {
    /// The number of a row's word, as [`Words::told`] takes it.
    pub(crate) fn worded(&self, column: Worded, row: usize) -> u64 {
        let column = match column {
            Worded::Environment => ENVIRONMENT,
            Worded::Commander => COMMANDER,
            Worded::Team(field) => TEAM + field,
            Worded::DetectedVia => DETECTED_VIA,
            Worded::RootCause => ROOT_CAUSE,
        };
        self.cell(column, row)
    }
}
