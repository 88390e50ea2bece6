//! Figures over incidents, as `inc-stats --format json` prints them, and as pages and charts show them.

pub mod chart;
pub mod page;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use inc_core::incident::Kind;
use inc_core::instant::Instant;
use inc_core::stats::{
    Change, Grid, Group, Key, Learning, Measurement, Period, Share, Tally, Unit, change, share,
};
use serde::Serialize;

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Question {
    /// Nothing in particular.
    Overview,
    /// By groups.
    By,
    /// Against the period before.
    Trend,
    /// Root causes by their number.
    Pareto,
    /// What PDCAs make of them.
    Pdca,
}

/// Figures over incidents.
#[derive(Debug, Clone, Serialize)]
pub struct StatsView {
    /// What was asked for.
    pub question: Question,
    /// The day of the answer.
    pub today: NaiveDate,
    /// The zone in which months and days begin.
    pub timezone: String,
    /// The groups.
    pub by: Vec<&'static str>,
    /// How many parts of a root cause count; null for all.
    pub depth: Option<usize>,
    /// The figures of each kind that was asked for.
    pub kinds: Vec<KindView>,
    /// How many pass the filters and are of another kind.
    pub apart: Vec<ApartView>,
}

/// Incidents of a kind that was not asked for.
#[derive(Debug, Clone, Serialize)]
pub struct ApartView {
    /// The kind.
    pub kind: Kind,
    /// How many.
    pub count: usize,
}

/// The figures of one kind; what was not asked for is left out.
#[derive(Debug, Clone, Serialize)]
pub struct KindView {
    /// The kind.
    pub kind: Kind,
    /// How many, whatever their status.
    pub count: usize,
    /// How many of them people still work on.
    pub open: usize,
    /// How many of them were cancelled.
    pub cancelled: usize,
    /// When the first began.
    pub first_at: Option<Instant>,
    /// When the last began.
    pub last_at: Option<Instant>,
    /// The durations of all of them together.
    pub measures: Vec<MeasureView>,
    /// Counts by severity over the last twelve months.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severities: Option<SeveritiesView>,
    /// By the groups.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cells: Option<Vec<CellView>>,
    /// Each period against the one before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trend: Option<Vec<TrendView>>,
    /// Root causes, the most frequent first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pareto: Option<ParetoView>,
    /// What PDCAs make of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pdca: Option<LearningView>,
}

/// A duration of many incidents, in whole minutes; figures are null where it is known of none.
#[derive(Debug, Clone, Serialize)]
pub struct MeasureView {
    /// Which.
    pub measure: &'static str,
    /// `calendar` or `business`.
    pub hours: &'static str,
    /// Of how many it is known.
    pub n: usize,
    /// Half of them took no longer.
    pub median: Option<i64>,
    /// Nine in ten took no longer.
    pub p90: Option<i64>,
    /// The shortest.
    pub min: Option<i64>,
    /// The longest.
    pub max: Option<i64>,
    /// The mean, rounded.
    pub mean: Option<i64>,
    /// Of how many it could not be computed.
    pub uncomputable: usize,
    /// Why it could not, the most frequent first.
    pub missing: Vec<MissingView>,
}

/// Why a duration could not be computed.
#[derive(Debug, Clone, Serialize)]
pub struct MissingView {
    /// `resolved_at missing`.
    pub why: String,
    /// Of how many.
    pub count: usize,
}

/// One cell of a table.
#[derive(Debug, Clone, Serialize)]
pub struct CellView {
    /// The value of each group; null where nobody was asked.
    pub group: BTreeMap<&'static str, Option<String>>,
    /// The same in the order of the groups.
    #[serde(skip)]
    pub keys: Vec<Option<String>>,
    /// How many.
    pub count: usize,
    /// Their durations.
    pub measures: Vec<MeasureView>,
}

/// Counts by severity over the last twelve months.
#[derive(Debug, Clone, Serialize)]
pub struct SeveritiesView {
    /// The months, the present one last.
    pub months: Vec<String>,
    /// Each severity, the worst first.
    pub rows: Vec<SeverityCountView>,
}

/// One severity.
#[derive(Debug, Clone, Serialize)]
pub struct SeverityCountView {
    /// `SEV-1`.
    pub severity: String,
    /// How many, of whatever month.
    pub count: usize,
    /// How many of each of the months.
    pub by_month: Vec<usize>,
}

/// A period against the one before.
#[derive(Debug, Clone, Serialize)]
pub struct TrendView {
    /// `2023-03`, `2023-Q1`, `2023`.
    pub period: String,
    /// It is not over.
    pub so_far: bool,
    /// `--since` or `--until` cuts it.
    pub in_part: bool,
    /// How many.
    pub count: usize,
    /// How many more; null for the first period.
    pub change: Option<ChangeView>,
    /// The durations, each with the change of its median.
    pub measures: Vec<TrendMeasureView>,
}

/// A duration in one period.
#[derive(Debug, Clone, Serialize)]
pub struct TrendMeasureView {
    /// The figures.
    #[serde(flatten)]
    pub figures: MeasureView,
    /// How much longer the median is; null for the first period.
    pub change: Option<ChangeView>,
}

/// A change against the period before.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct ChangeView {
    /// By how much; null where one of the two figures is not known.
    pub by: Option<i64>,
    /// It rests on fewer than five on either side, and says nothing.
    pub too_few: bool,
}

/// Root causes by their number.
#[derive(Debug, Clone, Serialize)]
pub struct ParetoView {
    /// How many incidents have one, which the shares are of.
    pub known: usize,
    /// How many were answered `unknown`, `none` or `n/a`.
    pub words: BTreeMap<String, usize>,
    /// Of how many nobody was asked.
    pub not_asked: usize,
    /// The causes.
    pub causes: Vec<CauseView>,
}

/// One root cause.
#[derive(Debug, Clone, Serialize)]
pub struct CauseView {
    /// Its category, `wide > narrow`.
    pub root_cause: String,
    /// How many.
    pub count: usize,
    /// Their share of those with a known one.
    pub percent: f64,
    /// The share of this one and all before it.
    pub cumulative_percent: f64,
}

/// What PDCAs make of incidents.
#[derive(Debug, Clone, Serialize)]
pub struct LearningView {
    /// PDCAs of these incidents.
    pub pdcas: usize,
    /// PDCAs of anything else, which are left out.
    pub other_pdcas: usize,
    /// PDCAs of these that were given up: their checks and due days are left out.
    pub abandoned: usize,
    /// Each share with what it is of.
    pub shares: Vec<ShareView>,
    /// How many checks stand where.
    pub checks: ChecksView,
}

/// So many of so many.
#[derive(Debug, Clone, Serialize)]
pub struct ShareView {
    /// Its name.
    pub figure: &'static str,
    /// What it is, in words.
    #[serde(skip)]
    pub words: &'static str,
    /// Of how many it holds.
    pub count: usize,
    /// Of how many it is asked.
    pub of: usize,
    /// The share; null of none.
    pub percent: Option<f64>,
    /// Of how many it cannot be asked.
    pub left_out: usize,
}

/// How many checks stand where.
#[derive(Debug, Clone, Serialize)]
pub struct ChecksView {
    /// With a result.
    pub done: usize,
    /// Without one, and their day is to come.
    pub open: usize,
    /// Without one and without a day.
    pub undated: usize,
    /// Without one, and their day is past.
    pub overdue: usize,
}

/// The days that matter.
pub struct Window {
    /// The present one.
    pub today: NaiveDate,
    /// The first that is asked for.
    pub since: Option<NaiveDate>,
    /// The last that is asked for.
    pub until: Option<NaiveDate>,
}

impl Question {
    /// Whether PDCAs matter.
    pub fn looks_at_pdcas(self) -> bool {
        matches!(self, Self::Overview | Self::Pdca)
    }
}

impl KindView {
    /// The figures of one kind; how many are open and cancelled is added by who counted it.
    pub fn of(
        kind: Kind,
        question: Question,
        grid: &Grid,
        learning: Option<&Learning>,
        window: &Window,
    ) -> Self {
        let asked = |wanted: Question| (question == wanted).then_some(());
        Self {
            kind,
            count: grid.total.count,
            open: 0,
            cancelled: 0,
            first_at: grid.began.map(|(first, _)| first),
            last_at: grid.began.map(|(_, last)| last),
            measures: measures(&grid.total, grid),
            severities: asked(Question::Overview).map(|()| SeveritiesView::of(grid, window.today)),
            cells: asked(Question::By).map(|()| cells(grid)),
            trend: asked(Question::Trend).map(|()| trend(grid, window)),
            pareto: asked(Question::Pareto).map(|()| ParetoView::of(grid)),
            pdca: learning.map(LearningView::of),
        }
    }
}

fn measures(tally: &Tally, grid: &Grid) -> Vec<MeasureView> {
    tally.measurements(&grid.asked).iter().map(MeasureView::of).collect()
}

impl MeasureView {
    fn of(it: &Measurement) -> Self {
        let missing =
            it.hindered.iter().map(|(why, count)| MissingView { why: why.to_string(), count: *count });
        Self {
            measure: it.measured.name(),
            hours: it.hours.name(),
            n: it.known,
            median: it.spread.map(|spread| spread.median),
            p90: it.spread.map(|spread| spread.p90),
            min: it.spread.map(|spread| spread.min),
            max: it.spread.map(|spread| spread.max),
            mean: it.spread.map(|spread| spread.mean),
            uncomputable: it.uncomputable(),
            missing: missing.collect(),
        }
    }
}

/// A key for a program: null where nobody was asked.
fn text(key: &Key) -> Option<String> {
    (*key != Key::NotAsked).then(|| key.to_string())
}

fn cells(grid: &Grid) -> Vec<CellView> {
    let each = grid.cells.iter().map(|cell| {
        let names = grid.by.iter().map(|group| group.name());
        let keys: Vec<Option<String>> = cell.keys.iter().map(text).collect();
        CellView {
            group: names.zip(keys.clone()).collect(),
            keys,
            count: cell.tally.count,
            measures: measures(&cell.tally, grid),
        }
    });
    each.collect()
}

impl SeveritiesView {
    fn of(grid: &Grid, today: NaiveDate) -> Self {
        let last = Period::of(Unit::Month, today);
        let months: Vec<Key> = (-11..=0).map(|step| Key::Period(last.after(step))).collect();
        let rows = grid.counts(0).into_iter().map(|(severity, count)| {
            let mut by_month = vec![0; months.len()];
            for cell in grid.cells.iter().filter(|cell| cell.keys[0] == *severity) {
                if let Some(place) = months.iter().position(|month| *month == cell.keys[1]) {
                    by_month[place] = cell.tally.count;
                }
            }
            SeverityCountView { severity: severity.to_string(), count, by_month }
        });
        Self { rows: rows.collect(), months: months.iter().map(ToString::to_string).collect() }
    }
}

fn trend(grid: &Grid, window: &Window) -> Vec<TrendView> {
    let mut rows: Vec<TrendView> = vec![];
    for cell in &grid.cells {
        let Some(Key::Period(period)) = cell.keys.first() else {
            continue;
        };
        let before = rows.last();
        let (first, last) = (period.first_day(), period.last_day());
        let count = |count: usize| (i64::try_from(count).ok(), count);
        let figures = measures(&cell.tally, grid).into_iter().enumerate().map(|(place, figures)| {
            let before = before.and_then(|row| row.measures.get(place)).map(|it| &it.figures);
            let change = before.map(|it| change((it.median, it.n), (figures.median, figures.n)).into());
            TrendMeasureView { figures, change }
        });
        let row = TrendView {
            period: period.to_string(),
            so_far: first <= window.today && window.today <= last,
            in_part: window.since.is_some_and(|day| first < day && day <= last)
                || window.until.is_some_and(|day| first <= day && day < last),
            count: cell.tally.count,
            change: before.map(|row| change(count(row.count), count(cell.tally.count)).into()),
            measures: figures.collect(),
        };
        rows.push(row);
    }
    rows
}

impl From<Change> for ChangeView {
    fn from(change: Change) -> Self {
        Self { by: change.by, too_few: change.few }
    }
}

impl ParetoView {
    fn of(grid: &Grid) -> Self {
        debug_assert!(grid.by == [Group::RootCause]);
        let known: usize =
            grid.cells.iter().filter(|cell| cell.keys[0].is_known()).map(|it| it.tally.count).sum();
        let mut view = Self { known, words: BTreeMap::new(), not_asked: 0, causes: vec![] };
        let mut sum = 0;
        for cell in &grid.cells {
            let count = cell.tally.count;
            match &cell.keys[0] {
                Key::NotAsked => view.not_asked = count,
                Key::Word(word) => drop(view.words.insert((*word).to_owned(), count)),
                cause => {
                    sum += count;
                    let percent = |part| percent(part, known).unwrap_or_default();
                    view.causes.push(CauseView {
                        root_cause: cause.to_string(),
                        count,
                        percent: percent(count),
                        cumulative_percent: percent(sum),
                    });
                }
            }
        }
        view
    }
}

impl LearningView {
    fn of(learning: &Learning) -> Self {
        let shares = [
            ("with_pdca", "incidents with a PDCA", learning.with_pdca()),
            ("with_root_cause", "with a root cause", learning.with_root_cause()),
            ("with_proven_countermeasure", "with a proven countermeasure", learning.with_proven()),
            ("with_acts_done", "with all acts done", learning.with_acts_done()),
            ("countermeasures_on_time", "countermeasures done by their day", learning.on_time),
        ];
        Self {
            pdcas: learning.pdcas,
            other_pdcas: learning.other_pdcas,
            abandoned: learning.abandoned,
            shares: shares.map(|(figure, words, share)| ShareView::of(figure, words, share)).into(),
            checks: ChecksView {
                done: learning.checked,
                open: learning.open_checks,
                undated: learning.undated_checks,
                overdue: learning.overdue_checks,
            },
        }
    }
}

impl ShareView {
    fn of(figure: &'static str, words: &'static str, it: Share) -> Self {
        let percent = percent(it.count, it.of);
        Self { figure, words, count: it.count, of: it.of, percent, left_out: it.left_out }
    }
}

/// With one digit after the point, of which the nearest is taken.
fn percent(part: usize, of: usize) -> Option<f64> {
    let tenths = u32::try_from(share(part, of)?).ok()?;
    Some(f64::from(tenths) / 10.0)
}
