//! Texts from which a merged one can be made: git's own merge of the lines, in process, and what lies near it.

use git2::{MergeFileInput, MergeFileOptions};

use super::Texts;

/// The texts to try, the best first, each once; `true` marks git's own merge without a conflict.
pub(super) fn candidates(texts: Texts<'_>) -> Vec<(String, bool)> {
    let mut found: Vec<(String, bool)> = vec![];
    let mut add = |text: Option<String>, is_clean: bool| {
        if let Some(text) = text
            && !found.iter().any(|(known, _)| *known == text)
        {
            found.push((text, is_clean));
        }
    };
    add(merged(texts, None), true);
    add(merged(texts, Some(git2::FileFavor::Union)), false);
    add(merged(texts, Some(git2::FileFavor::Ours)), false);
    add(merged(texts, Some(git2::FileFavor::Theirs)), false);
    add(Some(texts.ours.to_owned()), false);
    add(Some(texts.theirs.to_owned()), false);
    found
}

/// Git's merge of the lines; `None` where it would ask.
fn merged(texts: Texts<'_>, favor: Option<git2::FileFavor>) -> Option<String> {
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
