//! `pdca list`: all PDCAs at a glance.

use anyhow::Result;
use inc_core::instant::Instant;
use inc_core::pdca::{Pdca, Status};
use serde::Serialize;

use crate::failure::say;
use crate::output::table;
use crate::session::Session;

#[derive(Debug, clap::Args)]
pub(super) struct List {
    /// Only these statuses: plan-in-progress, plan-done, do-done, check-done, act-done, abandoned
    #[arg(long, value_name = "STATUS")]
    status: Vec<Status>,
    /// Only those that are not through
    #[arg(long, conflicts_with = "status")]
    open: bool,
    /// Only these owners; a part of the name is enough
    #[arg(long, value_name = "NAME")]
    owner: Vec<String>,
}

/// One line of the list; the array of them is what `--format json` prints.
#[derive(Debug, Serialize)]
struct Row {
    id: String,
    title: String,
    status: Status,
    owner: Option<String>,
    created_at: Instant,
    source: inc_core::pdca::Source,
    /// How many steps are open before the next status.
    open: usize,
    #[serde(skip)]
    created: String,
}

pub(super) fn run(list: List, session: &mut Session) -> Result<()> {
    let zone = session.settings()?.timezone.clone();
    let mut rows = vec![];
    for loaded in session.all::<Pdca>()? {
        let pdca = &loaded.record;
        let standing = pdca.standing();
        if list.passes(pdca, standing.status) {
            rows.push(Row {
                id: pdca.id.to_string(),
                title: pdca.title.to_string(),
                status: standing.status,
                owner: pdca.owner.as_ref().map(ToString::to_string),
                created_at: pdca.created_at,
                source: pdca.source.clone(),
                open: standing.open.iter().filter(|open| open.blocks).count(),
                created: zone.local(pdca.created_at).to_string(),
            });
        }
    }
    rows.sort_by(|a, b| (b.created_at.unix_millis(), &b.id).cmp(&(a.created_at.unix_millis(), &a.id)));
    session.answer(&rows, || text_of(&rows))?;
    if rows.is_empty() {
        say("no PDCA matches");
    }
    Ok(())
}

impl List {
    fn passes(&self, pdca: &Pdca, status: Status) -> bool {
        let owner = pdca.owner.as_ref().map(|owner| owner.as_str().to_lowercase()).unwrap_or_default();
        (self.status.is_empty() || self.status.contains(&status))
            && (!self.open || !status.is_closed())
            && (self.owner.is_empty() || self.owner.iter().any(|name| owner.contains(&name.to_lowercase())))
    }
}

fn text_of(rows: &[Row]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let cells = rows.iter().map(|row| {
        vec![
            row.status.to_string(),
            row.open.to_string(),
            row.created.clone(),
            row.owner.clone().unwrap_or_else(|| "-".to_owned()),
            row.id.clone(),
        ]
    });
    table(&["status", "open", "created", "owner", "id"], cells)
}
