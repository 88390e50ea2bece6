//! A file of the index: what tells that it is whole and ours, and how it is put into its place.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use rustix::fs::{FileType, Stat, fstat, lstat};
use serde::Serialize;
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use super::Indexed;
use super::stamp::{Moment, has_aged, made_at};
use crate::store::Store;

/// What each file begins with.
const MAGIC: &[u8; 8] = b"incindex";
/// How what follows is laid out: to be counted up with every change of it.
const FORMAT: u32 = 2;
/// Magic, format, program, length, and the checksum of all these and the rest.
const HEADER: usize = 36;
/// More than this is no index of ours.
const MOST: u64 = 4 << 30;

/// The folder of the index of a work tree.
pub fn folder(store: &Store) -> PathBuf {
    store.repository().git_dir().join("inc").join("index")
}

/// The rest of a file that this very program could have written for this kind, whole.
pub fn read<R: Indexed>(path: &Path) -> Option<Vec<u8>> {
    let mut file = File::open(path).ok()?;
    let metadata = file.metadata().ok().filter(|it| it.is_file() && it.len() <= MOST)?;
    let length = usize::try_from(metadata.len()).ok()?.checked_sub(HEADER)?;
    let mut header = [0; HEADER];
    file.read_exact(&mut header).ok()?;
    let (told, checksum) = header.split_at(HEADER - 8);
    if told != head::<R>(length) {
        return None;
    }
    let mut rest = Vec::with_capacity(length);
    file.read_to_end(&mut rest).ok()?;
    (rest.len() == length && sum(told, &rest).to_le_bytes() == checksum).then_some(rest)
}

/// The header, short of the checksum.
fn head<R: Indexed>(length: usize) -> Vec<u8> {
    let program = concat!(env!("CARGO_PKG_VERSION"), " ", env!("INC_SOURCES"), " ");
    let program = xxh3_64(format!("{program}{} {}", inc_core::SOURCES, R::FILE).as_bytes());
    let mut head = MAGIC.to_vec();
    head.extend(FORMAT.to_le_bytes());
    head.extend(program.to_le_bytes());
    head.extend((length as u64).to_le_bytes());
    head
}

fn sum(head: &[u8], rest: &[u8]) -> u64 {
    let mut sum = Xxh3::new();
    sum.update(head);
    sum.update(rest);
    sum.digest()
}

/// Numbers the drafts of this process.
static DRAFTS: AtomicUsize = AtomicUsize::new(0);

/// A file in the index's folder that becomes one of the index, or goes again.
pub struct Draft {
    path: PathBuf,
    file: File,
    made: Stat,
    made_at: Moment,
}

impl Draft {
    /// Makes one; `None` where nothing can be written. Its time is that of the file system, whatever our clock says.
    pub fn begin(store: &Store) -> Option<Self> {
        let folder = folder(store);
        make(store, &folder).ok()?;
        let number = DRAFTS.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!("draft-{}-{number}", std::process::id()));
        // A process of the same number may have left one behind.
        let _ = fs::remove_file(&path);
        let file = File::options().read(true).write(true).create_new(true).open(&path).ok()?;
        let made = fstat(&file).ok()?;
        sweep(&folder, made_at(&made).0);
        Some(Self { path, file, made, made_at: made_at(&made) })
    }

    /// Whether what changes from the draft's beginning on will bear another time than this file has.
    pub fn is_sure_of(&self, stat: &Stat) -> bool {
        // Another file system may have another clock.
        let now = match stat.st_dev == self.made.st_dev {
            true => self.made_at,
            false => (self.made_at.0 - 2, 0),
        };
        has_aged(stat, now)
    }

    /// Writes a table and puts it in the place of the file `name`.
    pub fn put<R: Indexed>(mut self, name: &str, table: &impl Serialize) -> io::Result<()> {
        let written = self.write::<R>(table);
        let place = self.path.with_file_name(name);
        written.and_then(|()| fs::rename(&self.path, place))
    }

    fn write<R: Indexed>(&mut self, table: &impl Serialize) -> io::Result<()> {
        let mut out = Summing { out: BufWriter::with_capacity(1 << 16, &mut self.file), length: 0 };
        out.out.write_all(&[0; HEADER])?;
        postcard::to_io(table, &mut out).map_err(io::Error::other)?;
        let length = out.length;
        out.out.flush()?;
        drop(out);
        let head = head::<R>(length);
        let mut sum = Xxh3::new();
        sum.update(&head);
        self.file.seek(SeekFrom::Start(HEADER as u64))?;
        let mut piece = vec![0; 1 << 16];
        loop {
            match self.file.read(&mut piece)? {
                0 => break,
                n => sum.update(&piece[..n]),
            }
        }
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(&head)?;
        self.file.write_all(&sum.digest().to_le_bytes())
    }
}

/// How old a draft is that nobody writes any more, in seconds. Its process is not asked for: where work trees are shared
/// it may run on another machine.
const ABANDONED: i64 = 3600;

/// Removes the drafts of processes that died. One whose writer is only that slow is written in vain, and nothing is lost.
fn sweep(folder: &Path, now: i64) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_old = |stat: Stat| {
            FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile
                && now - made_at(&stat).0 > ABANDONED
        };
        if is_draft(&entry.file_name()) && lstat(entry.path()).is_ok_and(is_old) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// `draft-PID-N`.
fn is_draft(name: &OsStr) -> bool {
    let numbers = name.to_str().and_then(|name| name.strip_prefix("draft-")?.split_once('-'));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    numbers.is_some_and(|(process, number)| is_number(process) && is_number(number))
}

/// What was not renamed goes.
impl Drop for Draft {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// Counts what is written: the header, which stands first, tells how long the rest is.
struct Summing<W> {
    out: W,
    length: usize,
}

impl<W: Write> Write for Summing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.out.write(bytes)?;
        self.length += n;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Makes the folder, for all who share the repository.
fn make(store: &Store, folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    store.repository().make_folder(&store.repository().git_dir().join("inc"))?;
    store.repository().make_folder(folder)
}
