//! Texts from which a merged one can be made: git's own merge of the lines, in process, and what lies near it.

use git2::{FileFavor, MergeFileInput, MergeFileOptions};

use super::Texts;

/// The texts to try, the best first, each made when it is asked for; `true` marks git's own merge without a conflict.
///
/// Where git would ask, the union comes first: it holds the very words of both sides.
pub(super) fn candidates(texts: Texts<'_>) -> impl Iterator<Item = (String, bool)> {
    let favors = [None, Some(FileFavor::Union), Some(FileFavor::Ours), Some(FileFavor::Theirs)];
    let merges = favors.into_iter().filter_map(move |favor| {
        let text = merged(texts, favor)?;
        Some((text, favor.is_none()))
    });
    merges.chain([texts.ours, texts.theirs].map(|text| (text.to_owned(), false)))
}

/// Git's merge of the lines; `None` where it would ask.
fn merged(texts: Texts<'_>, favor: Option<FileFavor>) -> Option<String> {
    let mut sides = [MergeFileInput::new(), MergeFileInput::new(), MergeFileInput::new()];
    for (side, text) in sides.iter_mut().zip([texts.base, texts.ours, texts.theirs]) {
        side.content(text.as_bytes());
    }
    let mut options = MergeFileOptions::new();
    if let Some(favor) = favor {
        options.favor(favor);
    }
    let result = git2::merge_file(&sides[0], &sides[1], &sides[2], Some(&mut options)).ok()?;
    if !result.is_automergeable() {
        return None;
    }
    String::from_utf8(result.content().to_vec()).ok()
}
