//! Plan: a why that is there is told better, or moved with all below it.

use super::{Refusal, Tag, Told, WhyEdit, WhyParent};
use crate::pdca::tree::each_why;
use crate::pdca::{CheckResult, Pdca, Why, command, label};
use crate::text::{LINE_CHARS, Line, Prose, brief, ours};

impl Pdca {
    pub(super) fn edit_why(
        &mut self,
        given: &str,
        edit: WhyEdit,
        told: &mut Told<'_, '_>,
    ) -> Result<String, Refusal> {
        let at = self.why_at(given)?;
        let was = self.why_label(at);
        let mut names = vec![];
        if let Some(text) = edit.text.clone() {
            self.reword(at, text, told);
            names.push("text");
        }
        if let Some(tag) = &edit.root_cause {
            self.relabel(at, tag, told)?;
            names.push("root_cause");
        }
        if edit.untag {
            self.untag(at, told)?;
            names.push("root_cause");
        }
        if self.edit_links(at, &edit)? {
            names.push("links");
        }
        let is_moved = edit.parent.is_some();
        let id = match &edit.parent {
            Some(parent) => self.move_why(at, parent, told)?,
            None => was.clone(),
        };
        told.said = Some(id.clone());
        match (names.is_empty(), is_moved) {
            (true, false) => {
                Err(Refusal::Nothing { command: command::edit_why(&self.id, &was, "--text TEXT") })
            }
            (true, true) => Ok(format!("pdca: move why {was}, now {id}")),
            (false, true) => Ok(format!("pdca: move why {was}, now {id}, and edit {}", names.join(", "))),
            (false, false) => Ok(format!("pdca: edit why {id}: {}", names.join(", "))),
        }
    }

    /// Takes evidence out and adds some; whether there was any to take or to add.
    fn edit_links(&mut self, at: usize, edit: &WhyEdit) -> Result<bool, Refusal> {
        let add = command::edit_why(&self.id, &self.why_label(at), "--link NAME=URL");
        let Some(why) = self.why_mut(at) else { unreachable!("the why was found") };
        for name in &edit.fewer_links {
            let known: Vec<&str> = why.links.iter().map(|link| link.name.as_str()).collect();
            if !known.iter().any(|known| label::same(known, name)) {
                return Err(Refusal::unknown(&format!("link of {}", why.id), name, &known, &add));
            }
            why.links.retain(|link| !label::same(link.name.as_str(), name));
        }
        why.links.extend(edit.more_links.iter().cloned());
        Ok(!edit.more_links.is_empty() || !edit.fewer_links.is_empty())
    }

    /// Other words may be another cause, and then a proof is not of it: whoever types knows which.
    fn reword(&mut self, at: usize, text: Prose, told: &mut Told<'_, '_>) {
        let Some(why) = self.why_mut(at) else { unreachable!("the why was found") };
        why.why = text;
        let Some(label) = why.root_cause.clone() else { return };
        for proven in self.proven_against(label.as_str()) {
            let cure = &self.countermeasures[proven].id;
            let next = command::amend(&self.id, cure.as_str(), "--check-on DAY");
            told.remark(format!(
                "{cure} was checked OK against the old words; if that is another cause now: {next}"
            ));
        }
    }

    /// The places of the countermeasures that are checked OK and answer this root cause.
    fn proven_against(&self, root_cause: &str) -> Vec<usize> {
        let key = label::root_cause_key(root_cause);
        let all = self.countermeasures.iter().enumerate();
        let proven = all.filter(|(_, cure)| {
            cure.result() == Some(CheckResult::Ok)
                && cure.root_causes.iter().any(|label| label::root_cause_key(label.as_str()) == key)
        });
        proven.map(|(at, _)| at).collect()
    }

    /// The label is another why's from now on: what was proven, was proven against the old one.
    pub(super) fn retire_proofs_of(
        &mut self,
        root_cause: &Line,
        was: &str,
        is: &str,
        told: &mut Told<'_, '_>,
    ) {
        let label = brief(root_cause.as_str());
        for at in self.proven_against(root_cause.as_str()) {
            self.retire(at, &format!("{label} is {} now, it was {}", brief(is), brief(was)), told);
        }
    }

    /// Gives a why a label, or another one; countermeasures that name the old one go along.
    fn relabel(&mut self, at: usize, tag: &Tag, told: &mut Told<'_, '_>) -> Result<(), Refusal> {
        let id = self.why_label(at);
        let has = self.whys().nth(at).and_then(|node| node.why.root_cause.clone());
        let Some(was) = has else {
            return self.tag_root_cause(&id, tag, false, told).map(|_| ());
        };
        if matches!(tag, Tag::Named(label) if label::root_cause_key(label) == label::root_cause_key(was.as_str()))
        {
            return Ok(());
        }
        let label = self.free_tag(tag, &id)?;
        let key = label::root_cause_key(was.as_str());
        // A label that a hand gave to two whys stays with the other one, and so do its countermeasures.
        let is_single = self
            .root_causes()
            .iter()
            .filter(|cause| label::root_cause_key(cause.label.as_str()) == key)
            .count()
            == 1;
        for countermeasure in &mut self.countermeasures {
            for named in &mut countermeasure.root_causes {
                if is_single && label::root_cause_key(named.as_str()) == key {
                    told.remarks.push(format!("{} answers {label} now, which was {was}", countermeasure.id));
                    *named = label.clone();
                }
            }
        }
        if let Some(why) = self.why_mut(at) {
            why.root_cause = Some(label);
        }
        Ok(())
    }

    /// The why is no root cause, and its branch does not end there.
    fn untag(&mut self, at: usize, told: &mut Told<'_, '_>) -> Result<(), Refusal> {
        let id = self.why_label(at);
        let has = self.whys().nth(at).and_then(|node| node.why.root_cause.clone());
        if let Some(label) = &has {
            let cures: Vec<&str> =
                self.countermeasures_for(label.as_str()).map(|cure| cure.id.as_str()).collect();
            if !cures.is_empty() {
                return Err(Refusal::Answered {
                    root_cause: label.to_string(),
                    cures: cures.join(", "),
                    command: command::move_tag(&self.id, "WHY", label.as_str()),
                });
            }
        }
        let Some(why) = self.why_mut(at) else { unreachable!("the why was found") };
        why.root_cause = None;
        if let Some(was) = why.take_end() {
            told.remark(format!("{id} no longer ends there: {was}"));
        }
        Ok(())
    }

    /// Hangs a why, with all below it, under another one or at the top of a tree; returns its new label.
    fn move_why(
        &mut self,
        at: usize,
        parent: &WhyParent,
        told: &mut Told<'_, '_>,
    ) -> Result<String, Refusal> {
        let was = self.why_label(at);
        let Some(mut why) = self.whys().nth(at).map(|node| node.why.clone()) else {
            unreachable!("the why was found")
        };
        if let WhyParent::Under(label) = parent {
            let under = self.why_label(self.why_at(label)?);
            let mut subtree = vec![why.clone()];
            let mut is_below = false;
            each_why(&mut subtree, &mut |why| is_below |= label::same(why.id.as_str(), &under));
            if is_below {
                return Err(Refusal::Cycle { why: was, under });
            }
        }
        self.take_why(at);
        let (place, id) = self.place_for(parent, height(&why))?;
        let count = rename(&mut why, &was, id.as_str());
        self.plant(place, why, told);
        if count > 1 {
            told.remark(format!("{was} is {id} now, and so are the {} below it", count - 1));
        }
        Ok(id.to_string())
    }
}

/// How many whys stand one below another, this one counted.
fn height(why: &Why) -> usize {
    1 + why.whys.iter().map(height).max().unwrap_or(0)
}

/// Gives a why its new label, and those below it theirs, as far as they were made from it; tells how many those are.
fn rename(why: &mut Why, was: &str, is: &str) -> usize {
    let mut count = 0;
    each_why(std::slice::from_mut(why), &mut |why| {
        let rest = why.id.as_str().strip_prefix(was).map(str::to_owned);
        if let Some(rest) = rest.filter(|rest| rest.is_empty() || rest.starts_with('.'))
            && format!("{is}{rest}").len() <= LINE_CHARS
        {
            why.id = ours(&format!("{is}{rest}"));
            count += 1;
        }
    });
    count
}
