//! One table of the index: rows in the order of their paths, each with the folder and the stamp of its file.

use inc_core::columns::{Bytes, Columns, Row, Texts};
use serde::{Deserialize, Serialize};

use super::stamp::WIDTH;

/// How many bytes the number of a folder or a row has.
const NUMBER: usize = 4;

/// Rows with their files.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Table<'a, R> {
    #[serde(borrow)]
    pub rows: Columns<'a, R>,
    /// The folders, from the top.
    #[serde(borrow)]
    pub folders: Texts<'a>,
    /// The folder of each row.
    #[serde(borrow)]
    folder_of: Bytes<'a>,
    #[serde(borrow)]
    stamps: Bytes<'a>,
    /// The rows of each folder in the order in which the system listed them, one folder after the other: as long as that
    /// stays, a row is found without a search.
    #[serde(borrow)]
    listed: Bytes<'a>,
    /// Where each folder's rows end in `listed`.
    #[serde(borrow)]
    ends: Bytes<'a>,
}

impl<R: Row> Default for Table<'_, R> {
    fn default() -> Self {
        Self::with(Columns::default())
    }
}

impl<'a, R: Row> Table<'a, R> {
    /// No row of a file yet; `rows` are empty.
    pub fn with(rows: Columns<'a, R>) -> Self {
        let (folders, folder_of) = (Texts::default(), Bytes::default());
        let (stamps, listed, ends) = (Bytes::default(), Bytes::default(), Bytes::default());
        Self { rows, folders, folder_of, stamps, listed, ends }
    }

    /// The table in the bytes of a file; an empty one where they hold none.
    pub fn of(bytes: &'a [u8]) -> Self {
        let table: Option<Self> = postcard::from_bytes(bytes).ok();
        table.filter(Self::is_whole).unwrap_or_default()
    }

    pub fn is_whole(&self) -> bool {
        let rows = self.rows.len();
        self.rows.is_whole()
            && self.folder_of.as_slice().len() == rows * NUMBER
            && self.stamps.as_slice().len() == rows * WIDTH
            && self.listed.as_slice().len() == rows * NUMBER
            && self.ends.as_slice().len() == self.folders.len() * NUMBER
    }

    /// The name of a row's file, without its ending.
    pub fn stem(&self, row: usize) -> &[u8] {
        self.rows.id_bytes(row)
    }

    /// The number of a row's folder.
    pub fn folder_of(&self, row: usize) -> usize {
        self.folder_of.cell(NUMBER, row) as usize
    }

    /// The path of a row's file from the top.
    pub fn path(&self, row: usize) -> String {
        format!("{}/{}.yaml", self.folders.text(self.folder_of(row)), self.rows.id(row))
    }

    /// The bytes of a row's stamp.
    pub fn stamp(&self, row: usize) -> &[u8] {
        self.stamps.piece(WIDTH, row)
    }

    /// The places in the order of listing that belong to a folder.
    pub fn places(&self, folder: usize) -> std::ops::Range<usize> {
        let end = |folder| self.ends.cell(NUMBER, folder) as usize;
        let from = folder.checked_sub(1).map_or(0, end);
        from..end(folder).clamp(from, self.rows.len().max(from))
    }

    /// The row at a place of that order.
    pub fn listed(&self, place: usize) -> usize {
        self.listed.cell(NUMBER, place) as usize
    }

    /// Notes the file of the row that was just added to `rows`.
    pub fn push_file(&mut self, folder: usize, stamp: &[u8]) {
        self.folder_of.push_cell(NUMBER, folder as u64);
        self.stamps.extend(stamp);
    }

    /// Notes in which order a folder's rows are listed; one folder after the other.
    pub fn push_order(&mut self, rows: impl Iterator<Item = usize>) {
        rows.for_each(|row| self.listed.push_cell(NUMBER, row as u64));
        self.ends.push_cell(NUMBER, (self.listed.as_slice().len() / NUMBER) as u64);
    }
}
