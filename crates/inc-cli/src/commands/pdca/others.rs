//! The other records of a repository, for the rules that look over one PDCA's edge.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::Result;
use inc_core::id::Id;
use inc_core::incident::Incident;
use inc_core::pdca::rules::Others;
use inc_core::pdca::{Pdca, SourceKind};
use inc_store::store::Loaded;

use crate::session::Session;

/// All PDCAs and incidents that can be read, and which of the PDCAs are meant.
pub(super) struct Repository {
    pdcas: Vec<Loaded<Pdca>>,
    incidents: Vec<Loaded<Incident>>,
    unread: BTreeSet<Id>,
    named: BTreeSet<PathBuf>,
}

impl Repository {
    /// Reads them; `named` are the files of the PDCAs that are meant, where none is, all.
    ///
    /// Of what cannot be read, those that are meant and the incidents that they come from are errors, which
    /// `session.finish` sums up; the rest is warned about.
    pub(super) fn read(named: BTreeSet<PathBuf>, session: &mut Session) -> Result<Self> {
        let (pdcas, _) = session.all_where::<Pdca>(|path| is_meant(&named, path))?;
        let meant = pdcas.iter().filter(|loaded| is_meant(&named, &loaded.path));
        let sources: BTreeSet<&str> = meant.filter_map(|loaded| source(&loaded.record)).collect();
        let is_source = |path: &Path| named.is_empty() || sources.contains(stem(path));
        let (incidents, unread) = session.all_where::<Incident>(is_source)?;
        let unread = unread.iter().filter_map(|path| stem(path).parse().ok()).collect();
        Ok(Self { pdcas, incidents, unread, named })
    }

    /// The PDCAs that are meant.
    pub(super) fn meant(&self) -> Vec<&Loaded<Pdca>> {
        self.pdcas.iter().filter(|loaded| is_meant(&self.named, &loaded.path)).collect()
    }

    /// What the rules are given beside one PDCA.
    pub(super) fn others(&self) -> Others<'_> {
        let pdcas: Vec<&Pdca> = self.pdcas.iter().map(|loaded| &loaded.record).collect();
        let incidents = self.incidents.iter().map(|loaded| &loaded.record).collect();
        Others::of(&pdcas, incidents, self.unread.clone())
    }
}

fn is_meant(named: &BTreeSet<PathBuf>, path: &Path) -> bool {
    named.is_empty() || named.contains(path)
}

fn source(pdca: &Pdca) -> Option<&str> {
    let reference = pdca.source.reference.as_ref().filter(|_| pdca.source.kind == SourceKind::Incident);
    reference.map(|id| id.as_str())
}

fn stem(path: &Path) -> &str {
    path.file_stem().and_then(OsStr::to_str).unwrap_or_default()
}
