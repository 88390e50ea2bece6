//! A path as text that loses nothing: for `serde`, whose own form refuses what is not UTF-8.
//!
//! Bytes that are no UTF-8, and `%`, are written `%XX`.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer, Serializer, de::Error};

/// For `#[serde(with = …)]`.
pub(crate) fn serialize<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&to_text(path))
}

/// For `#[serde(with = …)]`.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PathBuf, D::Error> {
    let text = String::deserialize(deserializer)?;
    from_text(&text)
        .ok_or_else(|| D::Error::custom("no path: `%` must be followed by two hexadecimal digits"))
}

fn to_text(path: &Path) -> String {
    let mut text = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        text.push_str(&chunk.valid().replace('%', "%25"));
        text.extend(chunk.invalid().iter().map(|byte| format!("%{byte:02X}")));
    }
    text
}

fn from_text(text: &str) -> Option<PathBuf> {
    let mut bytes = Vec::new();
    let mut parts = text.split('%');
    bytes.extend_from_slice(parts.next()?.as_bytes());
    for part in parts {
        bytes.push(u8::from_str_radix(part.get(..2)?, 16).ok()?);
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    path_of(bytes)
}

#[cfg(unix)]
fn path_of(bytes: Vec<u8>) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt;
    Some(std::ffi::OsString::from_vec(bytes).into())
}

#[cfg(not(unix))]
fn path_of(bytes: Vec<u8>) -> Option<PathBuf> {
    String::from_utf8(bytes).ok().map(PathBuf::from)
}

#[cfg(all(test, unix))]
mod tests {
    use super::{from_text, path_of, to_text};

    #[test]
    fn any_path_comes_back() {
        for bytes in [&b"/a b/\xC3\xA9"[..], b"/100%/x", b"/\xFF\xFE%41", b"%", b"/\xC3"] {
            let path = path_of(bytes.to_vec()).unwrap();
            assert_eq!(from_text(&to_text(&path)), Some(path.clone()), "{}", to_text(&path));
        }
        assert_eq!(from_text("/a%4"), None);
        assert_eq!(from_text("/a%zz"), None);
    }
}
