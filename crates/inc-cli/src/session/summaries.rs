//! The summaries of many records, one at a time: what lists and figures are made of.

use anyhow::Result;
use inc_core::incident::Incident;
use inc_core::pdca::{self, Pdca};
use inc_core::summary::Summary;

use super::Session;

impl Session {
    /// Hands on the summary of every incident that can be read, in the order of the files; the others are told on
    /// stderr, and the command ends with exit code 4.
    ///
    /// # Errors
    /// A folder that cannot be listed; what `take` makes of one.
    pub fn each_incident(&mut self, mut take: impl FnMut(Summary) -> Result<()>) -> Result<()> {
        self.all::<Incident>()?.iter().try_for_each(|loaded| take(Summary::of(&loaded.record)))
    }

    /// Hands on the summary of every PDCA that can be read, as [`Session::each_incident`].
    ///
    /// # Errors
    /// A folder that cannot be listed; what `take` makes of one.
    pub fn each_pdca(&mut self, mut take: impl FnMut(pdca::summary::Summary) -> Result<()>) -> Result<()> {
        self.all::<Pdca>()?.iter().try_for_each(|loaded| take(pdca::summary::Summary::of(&loaded.record)))
    }
}
