//! By what a file is known to be the same: size, times, inode and device; and how old it must be for that to be sure.

use rustix::fs::{FileType, Stat};

/// How many bytes a stamp has.
pub const WIDTH: usize = 48;

/// A file as `lstat` shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp([u8; WIDTH]);

/// A moment by the clock of a file system: seconds and nanoseconds.
pub type Moment = (i64, i64);

/// Two changes so near each other may bear one time: the kernel's clock ticks every 10 ms at the slowest.
const TICK_NANOS: i64 = 20_000_000;
/// The same where times are whole seconds, or every other second (FAT).
const COARSE_SECONDS: i64 = 3;

impl Stamp {
    /// A stamp that no file has: what was read while its file was too young to be sure of.
    pub const UNSURE: Self = Self([0; WIDTH]);

    /// The stamp of a plain file; `None` for anything else.
    pub fn of(stat: &Stat) -> Option<Self> {
        if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
            return None;
        }
        let mut bytes = [0; WIDTH];
        let (changed, moved) = times(stat);
        bytes[..8].copy_from_slice(&changed.0.to_le_bytes());
        bytes[8..16].copy_from_slice(&moved.0.to_le_bytes());
        bytes[16..20].copy_from_slice(&nanos(changed));
        bytes[20..24].copy_from_slice(&nanos(moved));
        bytes[24..32].copy_from_slice(&wide(stat.st_size));
        bytes[32..40].copy_from_slice(&wide(stat.st_ino));
        bytes[40..].copy_from_slice(&wide(stat.st_dev));
        Some(Self(bytes))
    }

    /// Its bytes, by which it is compared.
    pub fn bytes(&self) -> &[u8; WIDTH] {
        &self.0
    }
}

/// When the content changed, and when anything did.
fn times(stat: &Stat) -> (Moment, Moment) {
    ((signed(stat.st_mtime), signed(stat.st_mtime_nsec)), (signed(stat.st_ctime), signed(stat.st_ctime_nsec)))
}

/// Whether what changes from `now` on will bear another time than this file has.
///
/// A file from the future never has aged.
pub fn has_aged(stat: &Stat, now: Moment) -> bool {
    let (changed, moved) = times(stat);
    let is_coarse = changed.1 == 0 && moved.1 == 0;
    let latest = match is_coarse {
        true => (now.0 - COARSE_SECONDS, 0),
        false if now.1 >= TICK_NANOS => (now.0, now.1 - TICK_NANOS),
        false => (now.0 - 1, now.1 + 1_000_000_000 - TICK_NANOS),
    };
    changed < latest && moved < latest
}

/// The time that a file was made at.
pub fn made_at(stat: &Stat) -> Moment {
    times(stat).0
}

/// The fields of `stat` differ in width and sign between systems.
fn wide<T: TryInto<i128>>(number: T) -> [u8; 8] {
    let whole = number.try_into().unwrap_or_default();
    (whole as u64).to_le_bytes()
}

fn signed<T: TryInto<i64>>(number: T) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}

fn nanos(at: Moment) -> [u8; 4] {
    (at.1 as u32).to_le_bytes()
}
