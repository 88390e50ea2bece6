//! Whether the sides are versions of one record, and which changes need no merge.

use serde_json::Value;

use super::Unmergeable;
use crate::id::Uid;

/// What tells one record from another.
pub(super) struct Identity<'r> {
    pub(super) schema: u64,
    pub(super) id: &'r str,
    pub(super) uid: String,
    /// What two people who added the same file must agree in: a name and the value.
    pub(super) story: Vec<(&'static str, String)>,
}

/// Errs unless the sides are versions of one record.
pub(super) fn check(
    base: Option<&Identity<'_>>,
    ours: &Identity<'_>,
    theirs: &Identity<'_>,
) -> Result<(), Unmergeable> {
    for side in base.into_iter().chain([theirs]) {
        if side.schema != ours.schema {
            return Err(Unmergeable::OtherRecord("schema"));
        }
        if side.id != ours.id {
            return Err(Unmergeable::OtherRecord("id"));
        }
        if base.is_some() && side.uid != ours.uid {
            return Err(Unmergeable::OtherRecord("uid"));
        }
    }
    if base.is_none() {
        let differing = ours.story.iter().zip(&theirs.story).find(|(ours, theirs)| ours != theirs);
        if let Some(((name, _), _)) = differing {
            return Err(Unmergeable::TwoStories(name));
        }
    }
    Ok(())
}

/// The side that stands where not both changed: the index of it, 0 for ours.
pub(super) fn unchanged<R: PartialEq>(base: Option<&R>, ours: &R, theirs: &R) -> Option<usize> {
    if ours == theirs || base == Some(theirs) {
        return Some(0);
    }
    (base == Some(ours)).then_some(1)
}

/// A record as plain data.
pub(super) fn value_of<R: serde::Serialize>(record: &R) -> Value {
    serde_json::to_value(record).unwrap_or_else(|_| unreachable!("a record is plain data with text keys"))
}

/// Plain data as a record again.
pub(super) fn record_of<R: serde::de::DeserializeOwned>(value: Value) -> Result<R, Unmergeable> {
    serde_json::from_value(value).map_err(|error| Unmergeable::NoRecord(error.to_string()))
}

/// A uid made from words, as of this moment: the same for the same words on every machine (FNV-1a, 128 bits).
pub(super) fn uid_of(words: &str, unix_millis: u64) -> Uid {
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013B;
    const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    let hash = words.bytes().fold(BASIS, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME));
    Uid::from_parts(unix_millis, hash >> 48)
}
