//! The summaries of many records, one at a time: what lists and figures are made of. They come from the index as far as
//! it is true.

use anyhow::Result;
use inc_core::columns::Row;
use inc_core::incident::Incident;
use inc_core::pdca::{self, Pdca};
use inc_core::summary::Summary;
use inc_core::text::{clean, clean_line};
use inc_store::index::{Answer, Entry, Files, Indexed};
use inc_store::store::StoreError;

use super::Session;
use super::progress::Bar;
use crate::failure::{Failure, say};

impl Session {
    /// Hands on the summary of every incident that can be read, in the order of the files; the others are told on
    /// stderr, and the command ends with exit code 4.
    ///
    /// # Errors
    /// A folder that cannot be listed; what `take` makes of one.
    pub fn each_incident(&mut self, take: impl FnMut(Summary) -> Result<()>) -> Result<()> {
        self.each::<Incident>(take)
    }

    /// Hands on the summary of every PDCA that can be read, as [`Session::each_incident`].
    ///
    /// # Errors
    /// A folder that cannot be listed; what `take` makes of one.
    pub fn each_pdca(&mut self, take: impl FnMut(pdca::summary::Summary) -> Result<()>) -> Result<()> {
        self.each::<Pdca>(take)
    }

    fn each<R: Indexed>(&mut self, mut take: impl FnMut(R::Row) -> Result<()>) -> Result<()>
    where
        R::Row: Sync,
    {
        let files = self.store()?.index_files::<R>();
        let answer = self.ask::<R>(&files)?;
        let read = answer.entries().iter().filter(|entry| answer.place(**entry).is_some());
        read.copied().try_for_each(|entry| take(made(&answer, entry)?))
    }

    /// What is true of all records of a kind now; those that cannot be read, and the ids that several files have, are
    /// told on stderr, and the command ends with exit code 4. Of several files of one id the first counts. `files` are the index's, which the answer borrows from.
    ///
    /// # Errors
    /// A folder that cannot be listed.
    pub fn ask<'f, R: Indexed>(&mut self, files: &'f Files) -> Result<Answer<'f, R::Row>>
    where
        R::Row: Sync,
    {
        let mut answer = self.look::<R>(files)?;
        for (_, error) in answer.failures() {
            say(&clean(&format!("error: {error}")));
            self.problems += 1;
        }
        for (id, paths) in answer.only_first() {
            let error = StoreError::Twice { kind: R::NAME, id, paths };
            say(&clean(&format!("error: {error}")));
            self.twice += 1;
        }
        Ok(answer)
    }

    /// The same, and nothing is said of those that cannot be read.
    ///
    /// # Errors
    /// A folder that cannot be listed.
    pub fn look<'f, R: Indexed>(&self, files: &'f Files) -> Result<Answer<'f, R::Row>>
    where
        R::Row: Row + Sync,
    {
        let mut bar = Bar::new(R::NAME);
        let answer = self.store()?.ask::<R>(files, &mut |done, all| bar.tell(done, all));
        bar.end();
        Ok(answer?)
    }
}

/// The row of a record that could be read.
///
/// # Errors
/// A row that cannot be made out, which a checksum should have told.
pub fn made<R: Row>(answer: &Answer<'_, R>, entry: Entry) -> Result<R> {
    answer.row(entry).ok_or_else(|| {
        let path = clean_line(&answer.path(entry).to_string_lossy());
        Failure::data(format!("the index is damaged at {path}: run `inc index --rebuild`"))
    })
}
