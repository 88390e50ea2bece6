//! One table of the index: the rows of one folder after the other, each with the stamp of its file.
//!
//! A folder's rows stand in the order in which the system listed its files, for that is how they are looked at: as long
//! as it stays, each is found beside the one before, without a search and in memory that is at hand.

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
    /// Where each folder's rows end. What stands behind the last end is of no folder, and true of no file.
    #[serde(borrow)]
    ends: Bytes<'a>,
    #[serde(borrow)]
    stamps: Bytes<'a>,
    /// The rows in the order of their paths.
    #[serde(borrow)]
    by_path: Bytes<'a>,
}

impl<R: Row> Default for Table<'_, R> {
    fn default() -> Self {
        Self::with(Columns::default())
    }
}

impl<'a, R: Row> Table<'a, R> {
    /// No row of a file yet; `rows` are empty.
    pub fn with(rows: Columns<'a, R>) -> Self {
        let (folders, ends) = (Texts::default(), Bytes::default());
        let (stamps, by_path) = (Bytes::default(), Bytes::default());
        Self { rows, folders, ends, stamps, by_path }
    }

    /// The table in the bytes of a file; an empty one where they hold none.
    pub fn of(bytes: &'a [u8]) -> Self {
        let table: Option<Self> = postcard::from_bytes(bytes).ok();
        table.filter(Self::is_whole).unwrap_or_default()
    }

    pub fn is_whole(&self) -> bool {
        let rows = self.rows.len();
        self.rows.is_whole()
            && self.stamps.as_slice().len() == rows * WIDTH
            && self.by_path.as_slice().len() == rows * NUMBER
            && self.ends.as_slice().len() == self.folders.len() * NUMBER
    }

    /// The name of a row's file, without its ending.
    pub fn stem(&self, row: usize) -> &[u8] {
        self.rows.id_bytes(row)
    }

    /// The number of a row's folder; one that no folder has, where it is of none.
    pub fn folder_of(&self, row: usize) -> usize {
        let count = self.folders.len();
        (0..count).find(|folder| row < self.end(*folder)).unwrap_or(count)
    }

    fn end(&self, folder: usize) -> usize {
        self.ends.cell(NUMBER, folder) as usize
    }

    /// The path of a row's file from the top.
    pub fn path(&self, row: usize) -> String {
        format!("{}/{}.yaml", self.folders.text(self.folder_of(row)), self.rows.id(row))
    }

    /// The bytes of a row's stamp.
    pub fn stamp(&self, row: usize) -> &[u8] {
        self.stamps.piece(WIDTH, row)
    }

    /// The rows of a folder.
    pub fn rows_of(&self, folder: usize) -> std::ops::Range<usize> {
        let from = folder.checked_sub(1).map_or(0, |before| self.end(before));
        from..self.end(folder).clamp(from, self.rows.len().max(from))
    }

    /// The row at a place in the order of the paths.
    pub fn by_path(&self, place: usize) -> usize {
        self.by_path.cell(NUMBER, place) as usize
    }

    /// Notes the file of the row that was just added to `rows`.
    pub fn push_file(&mut self, stamp: &[u8]) {
        self.stamps.extend(stamp);
    }

    /// Notes that the rows since the folder before are of this one.
    pub fn push_folder(&mut self, path: &[u8]) {
        self.folders.push(path);
        self.ends.push_cell(NUMBER, self.rows.len() as u64);
    }

    /// Notes, last, the rows in the order of their paths.
    pub fn push_order(&mut self, rows: impl Iterator<Item = usize>) {
        rows.for_each(|row| self.by_path.push_cell(NUMBER, row as u64));
    }
}
