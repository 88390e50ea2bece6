//! All records on one shelf for the search, from the index as far as it is true.

use std::path::PathBuf;

use anyhow::Result;
use inc_core::incident::Incident;
use inc_core::pdca::Pdca;
use inc_core::search::Searchable;
use inc_core::search::shelf::Shelf;
use inc_core::text::clean;
use inc_store::index::{Entry, Files, Searched, Words};
use inc_store::store::Record;

use super::Session;
use super::progress::Bar;
use crate::failure::say;

/// The files of the index that the words come from.
pub struct WordFiles {
    incidents: Files,
    pdcas: Files,
}

/// The words of the records that are searched.
#[derive(Default)]
pub struct Library<'f> {
    incidents: Option<Words<'f>>,
    pdcas: Option<Words<'f>>,
}

/// A shelf, and which file each of its records is.
pub struct Shelved<'l> {
    /// The records.
    pub shelf: Shelf<'l>,
    places: Vec<(&'l Words<'l>, Entry)>,
}

impl Session {
    /// The files of the index that [`Session::library`] borrows from.
    ///
    /// # Errors
    /// No repository here.
    pub fn word_files(&self) -> Result<WordFiles> {
        let store = self.store()?;
        Ok(WordFiles {
            incidents: store.index_files::<Searched<Incident>>(),
            pdcas: store.index_files::<Searched<Pdca>>(),
        })
    }

    /// The words of all incidents, of all PDCAs, or of both, as they are now. What cannot be read is told on stderr, and
    /// the command ends with exit code 4.
    ///
    /// # Errors
    /// A folder that cannot be listed.
    pub fn library<'f>(&mut self, files: &'f WordFiles, incidents: bool, pdcas: bool) -> Result<Library<'f>> {
        let mut library = Library::default();
        if incidents {
            library.incidents = Some(self.words::<Incident>(&files.incidents)?);
        }
        if pdcas {
            library.pdcas = Some(self.words::<Pdca>(&files.pdcas)?);
        }
        Ok(library)
    }

    fn words<'f, R: Record + Searchable + Send>(&mut self, files: &'f Files) -> Result<Words<'f>> {
        let mut bar = Bar::new(R::NAME);
        let words = self.store()?.words::<R>(files, &mut |done, all| bar.tell(done, all));
        bar.end();
        let words = words?;
        for error in words.failures() {
            say(&clean(&format!("error: {error}")));
            self.problems += 1;
        }
        Ok(words)
    }

    /// The words of all incidents, where that costs next to nothing: no more than `most` have to be read. Nothing is said
    /// of those that cannot be.
    pub fn words_at_hand<'f>(&self, files: &'f WordFiles, most: usize) -> Option<Library<'f>> {
        let store = self.store().ok()?;
        let words = store.words_within::<Incident>(&files.incidents, most, &mut |_, _| {}).ok()??;
        Some(Library { incidents: Some(words), pdcas: None })
    }
}

impl<'f> Library<'f> {
    /// All of them on a shelf.
    pub fn shelved<'l>(&'l self) -> Shelved<'l>
    where
        'f: 'l,
    {
        let mut shelved = Shelved { shelf: Shelf::default(), places: vec![] };
        for words in self.incidents.iter().chain(&self.pdcas) {
            let entries = words.fill(&mut shelved.shelf);
            shelved.places.extend(entries.into_iter().map(|entry| (words, entry)));
        }
        shelved
    }
}

impl Shelved<'_> {
    /// The file of a record, from the top.
    pub fn path(&self, number: u32) -> PathBuf {
        let (words, entry) = &self.places[number as usize];
        words.path(*entry)
    }
}
