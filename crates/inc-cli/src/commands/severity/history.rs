//! `inc-severity history`: each change of an incident's severity, its peak, and the time spent in each.

use anyhow::Result;
use inc_core::incident::Contested;
use inc_core::severity::{History, Severity, SeverityChange, Until};
use inc_core::text::clean_line;
use serde::Serialize;

use super::line;
use crate::output::table;
use crate::session::Session;
use crate::view::SeverityView;

/// What `history --format json` prints.
#[derive(Debug, Serialize)]
struct HistoryView {
    incident: String,
    /// The zone in which the text shows the times.
    timezone: String,
    severity: SeverityView,
    /// Whether the incident is open, so that the time in its severity grows.
    so_far: bool,
    #[serde(flatten)]
    history: History,
    /// Values that did not win a merge, until someone settles them.
    contested: Vec<Contested>,
}

/// What the table says where an entry does not tell it.
const UNTOLD: &str = "-";

pub(super) fn run(incident: Option<&str>, session: &Session) -> Result<()> {
    let incident = session.load_incident(incident)?.record;
    let zone = &incident.timezone;
    let history = History::of(&incident, zone.instant(session.now()?));
    let view = HistoryView {
        incident: incident.id.to_string(),
        timezone: zone.name().to_owned(),
        severity: SeverityView::of(&incident, &session.policy_at_hand()?.levels),
        so_far: history.until == Until::Now,
        history,
        contested: incident.contested.clone(),
    };
    session.answer(&view, || {
        let clock = |at| zone.local(at).to_string();
        let history = &view.history;
        let mut lines = vec![
            format!("{} {}  {}", line(&view.severity), clean_line(&view.severity.label), view.incident),
            format!("at declaration: {}", clean_line(&history.at_declaration.text)),
            format!("peak: {}", clean_line(&history.peak.text)),
        ];
        lines.extend(history.remarks.iter().map(|remark| format!("remark: {}", clean_line(remark))));
        lines.push(String::new());
        lines.push(changes(&history.changes, clock));
        lines.push(String::new());
        let until = match (history.until, history.counted_until) {
            (Until::Now, _) => "so far".to_owned(),
            (Until::Resolved, Some(at)) => format!("to the resolution, {}", clock(at)),
            (Until::Cancelled, Some(at)) => format!("to the cancellation, {}", clock(at)),
            (_, None) => "to its end".to_owned(),
        };
        lines.push(format!("Time in each, from the declaration, {}, {until}:", clock(history.counted_from)));
        lines.extend(times(history));
        lines.join("\n")
    })
}

fn changes(changes: &[SeverityChange], clock: impl Fn(inc_core::instant::Instant) -> String) -> String {
    if changes.is_empty() {
        return "No change since the declaration.".to_owned();
    }
    let or = |text: Option<&str>| text.unwrap_or(UNTOLD).to_owned();
    let rows = changes.iter().map(|change| {
        // An entry that somebody typed may say in words what it does not say as data.
        let why = match (&change.reason, change.to) {
            (Some(reason), _) => Some(reason.as_str()),
            (None, None) => Some(change.text.as_str()),
            (None, Some(_)) => None,
        };
        vec![
            clock(change.at),
            or(change.from.map(Severity::name)),
            or(change.to.map(Severity::name)),
            or(change.how.map(|how| how.words())),
            or(change.by.as_ref().map(|by| by.as_str())),
            or(why),
        ]
    });
    table(&["time", "from", "to", "how", "by", "why"], rows)
}

/// The severities that held, with their times; what stands in the way is told once.
fn times(history: &History) -> Vec<String> {
    let held = |severity: Severity| {
        let told = history.changes.iter().flat_map(|change| [change.from, change.to]).flatten();
        told.chain([history.now]).any(|other| other == severity)
    };
    let mut lines: Vec<String> = history
        .spent
        .iter()
        .filter(|spent| spent.time.minutes.is_none() || held(spent.severity))
        .map(|spent| match spent.time.minutes {
            Some(_) => format!("  {}  {}", spent.severity, spent.time.text),
            None => format!("  {}", clean_line(&spent.time.text)),
        })
        .collect();
    lines.dedup();
    lines
}
