//! What git makes of two edits where it asks, in any style of its markers, comes to what the merge driver makes of them.

use git2::{MergeFileInput, MergeFileOptions};
use inc_core::incident::Incident;
use inc_core::pdca::Pdca;
use inc_core::settings::Settings;
use inc_core::severity::Policy;

use super::chance::Chance;
use super::merging::edited;
use super::{QUIET, Subject, cases, laid_out, record};
use crate::merge::resolve::{Left, from_index, from_markers};
use crate::merge::{Rules, Texts};

/// Git's own text of a conflict, `None` where it has none.
fn conflict(texts: Texts<'_>, diff3: bool) -> Option<String> {
    let mut sides = [MergeFileInput::new(), MergeFileInput::new(), MergeFileInput::new()];
    for (side, text) in sides.iter_mut().zip([texts.base, texts.ours, texts.theirs]) {
        side.content(text.as_bytes());
    }
    let mut options = MergeFileOptions::new();
    options.style_diff3(diff3);
    let result = git2::merge_file(&sides[0], &sides[1], &sides[2], Some(&mut options)).unwrap();
    (!result.is_automergeable()).then(|| String::from_utf8(result.content().to_vec()).unwrap())
}

/// Gives how many of a thousand conflicts were taken for edited by hand.
fn resolve<R: Subject>(usual: u64) -> u64 {
    let (policy, settings) = (Policy::default(), Settings::default());
    let rules = Rules { policy: Some(&policy), settings: &settings, past: crate::merge::Past(None) };
    let (mut all, mut taken_for_edited, mut from_base, mut from_none) = (0, 0, 0, 0);
    for seed in 0..cases(usual) {
        let mut chance = Chance::new(seed);
        let base = laid_out(record::<R>(&mut chance), QUIET, &mut chance);
        let ours = edited(&base, "# noted by Ada\n", &mut Chance::new(seed + 1_000_000_000));
        let theirs = edited(&base, "# noted by Bob\n", &mut Chance::new(seed + 2_000_000_000));
        let texts = Texts { base: &base.text, ours: &ours.text, theirs: &theirs.text };
        let Ok(wanted) = crate::merge::texts(texts, rules) else { continue };
        for diff3 in [false, true] {
            let Some(work) = conflict(texts, diff3) else { continue };
            all += 1;
            match from_index(&work, texts, rules) {
                Ok(clean) => assert_eq!(clean, wanted, "{seed}\n{work}"),
                Err(Left::Edited) => taken_for_edited += 1,
                Err(left) => panic!("{seed}: {left}\n{work}"),
            }
            let found = from_markers(&work, None, rules).is_ok();
            *(if diff3 { &mut from_base } else { &mut from_none }) += u64::from(found);
        }
    }
    println!(
        "{}: {all} conflicts, {taken_for_edited} taken for edited by hand; from the markers alone {from_base} came together with a base, {from_none} without",
        R::NAME
    );
    assert!(all > 10, "too few conflicts");
    taken_for_edited * 1000 / all
}

#[test]
fn what_git_leaves_comes_to_what_the_driver_makes() {
    assert!(resolve::<Incident>(40) < 100);
    assert!(resolve::<Pdca>(40) < 100);
}
