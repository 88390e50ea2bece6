//! Bytes that are borrowed from a file or owned: cells of one width, and texts one after the other.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A run of bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bytes<'a>(Cow<'a, [u8]>);

impl Bytes<'_> {
    /// All of them.
    pub fn as_slice(&self) -> &[u8] {
        &self.0
    }

    /// Adds bytes.
    pub fn extend(&mut self, more: &[u8]) {
        self.0.to_mut().extend_from_slice(more);
    }

    /// The piece of this width at a place; empty where there is none.
    pub fn piece(&self, width: usize, place: usize) -> &[u8] {
        place.checked_mul(width).and_then(|from| self.0.get(from..from + width)).unwrap_or_default()
    }

    /// The number at a place, the lowest byte first; 0 where there is none.
    pub fn cell(&self, width: usize, place: usize) -> u64 {
        let mut whole = [0; 8];
        let piece = self.piece(width, place);
        whole[..piece.len()].copy_from_slice(piece);
        u64::from_le_bytes(whole)
    }

    /// Adds a number of so many bytes.
    pub fn push_cell(&mut self, width: usize, number: u64) {
        self.extend(&number.to_le_bytes()[..width]);
    }

    /// The same with bytes of its own.
    pub fn owned<'b>(&self) -> Bytes<'b> {
        Bytes(Cow::Owned(self.0.to_vec()))
    }
}

impl Serialize for Bytes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Bytes<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <&[u8]>::deserialize(deserializer).map(|bytes| Self(Cow::Borrowed(bytes)))
    }
}

/// How many bytes tell where a text ends.
const END: usize = 4;

/// Texts one after the other, and where each ends.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Texts<'a> {
    #[serde(borrow)]
    ends: Bytes<'a>,
    #[serde(borrow)]
    bytes: Bytes<'a>,
}

impl Texts<'_> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.as_slice().len() / END
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds one. Together they may have 4 GiB.
    pub fn push(&mut self, text: &[u8]) {
        self.bytes.extend(text);
        self.ends.push_cell(END, self.bytes.as_slice().len() as u64);
    }

    /// The text at a place; empty where there is none.
    pub fn get(&self, place: usize) -> &[u8] {
        let end = |place| usize::try_from(self.ends.cell(END, place)).unwrap_or(0);
        let from = place.checked_sub(1).map_or(0, end);
        self.bytes.as_slice().get(from..end(place)).unwrap_or_default()
    }

    /// The same as text.
    pub fn text(&self, place: usize) -> &str {
        std::str::from_utf8(self.get(place)).unwrap_or_default()
    }

    /// The same with bytes of its own.
    pub fn owned<'b>(&self) -> Texts<'b> {
        Texts { ends: self.ends.owned(), bytes: self.bytes.owned() }
    }
}
