//! Plan: whys and root causes.

use super::{NewWhy, Refusal, Tag, Told, WhyParent};
use crate::pdca::label;
use crate::pdca::{Branch, Pdca, Why, command};
use crate::text::{Line, brief, ours};

/// Where a why goes: first in a tree, or under the why of this place in the order of [`Pdca::whys`].
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    Top(Branch),
    Under(usize),
}

/// How many whys may stand one below another: six times what a PDCA needs. Each takes two levels of the file, and its links two
/// more; a file with more than 64 is not read.
const MOST_DEEP: usize = 30;

impl Pdca {
    pub(super) fn add_why(&mut self, new: NewWhy, told: &mut Told<'_, '_>) -> Result<String, Refusal> {
        let (place, id) = self.place_for(&new.parent, 1)?;
        let root_cause = match &new.root_cause {
            Some(tag) => Some(self.free_tag(tag, id.as_str())?),
            None => None,
        };
        let subject = match &root_cause {
            Some(root_cause) => format!("pdca: why {id} ({root_cause}): {}", brief(new.why.as_str())),
            None => format!("pdca: why {id}: {}", brief(new.why.as_str())),
        };
        told.said = Some(id.to_string());
        let mut why = Why {
            id,
            uid: None,
            why: new.why,
            root_cause,
            out_of_control: None,
            unknown: None,
            links: new.links,
            whys: vec![],
        };
        if let Some(end) = new.end {
            why.put_end(end);
        }
        self.plant(place, why, told);
        Ok(subject)
    }

    /// Where a why goes that has `height` whys one below another, itself counted; and its label there.
    pub(super) fn place_for(&self, parent: &WhyParent, height: usize) -> Result<(Place, Line), Refusal> {
        let (place, depth, prefix) = match parent {
            WhyParent::Occurrence => {
                (Place::Top(Branch::Occurrence), 0, Branch::Occurrence.prefix().to_owned())
            }
            WhyParent::NonDetection => {
                (Place::Top(Branch::NonDetection), 0, Branch::NonDetection.prefix().to_owned())
            }
            WhyParent::Under(given) => {
                let at = self.why_at(given)?;
                let depth = self.whys().nth(at).map_or(0, |node| node.depth + 1);
                (Place::Under(at), depth, format!("{}.", self.why_label(at)))
            }
        };
        if depth + height > MOST_DEEP {
            return Err(Refusal::TooDeep { most: MOST_DEEP, command: command::escalate(&self.id, "kaizen") });
        }
        let siblings: &[Why] = match place {
            Place::Top(branch) => self.branch(branch),
            Place::Under(at) => self.whys().nth(at).map_or(&[], |node| &node.why.whys),
        };
        let id = label::next(&prefix, siblings.iter().map(|why| why.id.as_str()), |label| {
            self.find_why(label).is_some()
        });
        let too_long = |_| Refusal::LabelTooLong {
            under: brief(prefix.trim_end_matches('.')),
            command: command::edit(&self.id),
        };
        Ok((place, id.parse().map_err(too_long)?))
    }

    pub(super) fn plant(&mut self, place: Place, why: Why, told: &mut Told<'_, '_>) {
        match place {
            Place::Top(branch) => self.begin_branch(branch, why, told),
            Place::Under(at) => self.hang(at, why, told),
        }
    }

    /// Hangs a why under another; below a root cause, the real one may be the new one.
    fn hang(&mut self, at: usize, why: Why, told: &mut Told<'_, '_>) {
        let (id, new, is_cause) = (self.id.clone(), why.id.clone(), why.root_cause.is_some());
        let Some(parent) = self.why_mut(at) else { return };
        if let Some(root_cause) = &parent.root_cause
            && !is_cause
        {
            told.remark(format!(
                "{}, which is {root_cause}, has a why below it now; if that is the root cause, move the label: {}",
                parent.id,
                command::move_tag(&id, new.as_str(), root_cause.as_str())
            ));
        }
        if let Some(was) = parent.take_end() {
            told.remark(format!("{} no longer ends there: {was}", parent.id));
        }
        parent.whys.push(why);
    }

    pub(super) fn tag_root_cause(
        &mut self,
        given: &str,
        tag: &Tag,
        moving: bool,
        told: &mut Told<'_, '_>,
    ) -> Result<String, Refusal> {
        let at = self.why_at(given)?;
        let why = self.why_label(at);
        let has = self.whys().nth(at).and_then(|node| node.why.root_cause.clone());
        if let Some(has) = &has {
            return self.tagged_already(&why, has, tag, told);
        }
        let holder = match (moving, tag) {
            (true, Tag::Named(label)) => self.holder_of(&self.spell(label)?),
            _ => None,
        };
        let label = match holder {
            Some(holder) => {
                let label = self.why_mut(holder).and_then(|why| why.root_cause.take());
                let from = self.why_label(holder);
                told.remark(format!("{from} is no longer a root cause: its label is at {why} now"));
                let label = label.unwrap_or_else(|| unreachable!("the holder of a label has one"));
                self.retire_proofs_of(&label, &from, &why, told);
                label
            }
            None => self.free_tag(tag, &why)?,
        };
        told.said = Some(label.to_string());
        let subject = format!("pdca: root cause {label} is {why}");
        if let Some(why) = self.why_mut(at) {
            if !why.whys.is_empty() {
                told.remark(format!("{} has whys below it: a root cause is mostly a leaf", why.id));
            }
            if let Some(was) = why.take_end() {
                told.remark(format!("{} no longer ends there: {was}", why.id));
            }
            why.root_cause = Some(label);
        }
        Ok(subject)
    }

    /// The why has a label: the same again is no change, another would leave countermeasures behind.
    fn tagged_already(
        &self,
        why: &str,
        has: &Line,
        tag: &Tag,
        told: &mut Told<'_, '_>,
    ) -> Result<String, Refusal> {
        let same = match tag {
            Tag::NextFree => true,
            Tag::Named(label) => label::root_cause_key(label) == label::root_cause_key(has.as_str()),
        };
        if !same {
            return Err(Refusal::Tagged {
                why: why.to_owned(),
                root_cause: has.to_string(),
                command: command::edit_why(&self.id, why, "--root-cause RC"),
            });
        }
        told.said = Some(has.to_string());
        told.remark(format!("{why} is {has} already"));
        Ok(format!("pdca: root cause {has} is {why}"))
    }

    /// The label that `tag` asks for, where no why has it; `at` is the why that shall have it.
    pub(super) fn free_tag(&self, tag: &Tag, at: &str) -> Result<Line, Refusal> {
        let Tag::Named(given) = tag else { return Ok(ours(&self.next_root_cause())) };
        let label = self.spell(given)?;
        match self.holder_of(&label) {
            None => Ok(ours(&label)),
            Some(holder) => Err(Refusal::Taken {
                why: self.why_label(holder),
                next: self.next_root_cause(),
                command: command::move_tag(&self.id, at, &label),
                root_cause: label,
            }),
        }
    }

    fn spell(&self, given: &str) -> Result<String, Refusal> {
        label::spell_root_cause(given).ok_or_else(|| Refusal::NotALabel {
            given: crate::text::clean_line(given),
            next: self.next_root_cause(),
        })
    }

    /// Labels that only a countermeasure still names count as taken: its root cause may come back.
    fn next_root_cause(&self) -> String {
        let tagged = self.whys().filter_map(|node| node.why.root_cause.as_ref());
        let named = self.countermeasures.iter().flat_map(|countermeasure| &countermeasure.root_causes);
        let keys: Vec<String> =
            tagged.chain(named).map(|label| label::root_cause_key(label.as_str())).collect();
        let taken = |label: &str| keys.iter().any(|key| *key == label);
        label::next("RC", keys.iter().map(String::as_str), taken)
    }

    /// The place of the why that has this label.
    pub(super) fn holder_of(&self, root_cause: &str) -> Option<usize> {
        let key = label::root_cause_key(root_cause);
        self.whys().position(|node| {
            node.why.root_cause.as_ref().is_some_and(|label| label::root_cause_key(label.as_str()) == key)
        })
    }

    /// The why's place in the order of [`Pdca::whys`].
    pub(super) fn why_at(&self, given: &str) -> Result<usize, Refusal> {
        let known: Vec<&str> = self.whys().map(|node| node.why.id.as_str()).collect();
        let first = || command::why(&self.id, Branch::Occurrence.name());
        self.pick("why", given, &known, label::fold, first)
    }

    pub(super) fn why_label(&self, at: usize) -> String {
        self.whys().nth(at).map(|node| node.why.id.to_string()).unwrap_or_default()
    }

    pub(super) fn why_mut(&mut self, at: usize) -> Option<&mut Why> {
        let mut left = at;
        match nth_why(&mut self.occurrence, &mut left) {
            Some(why) => Some(why),
            None => nth_why(&mut self.non_detection, &mut left),
        }
    }
}

/// The why that `left` others come before, in the order of [`Pdca::whys`]; `left` loses those that were passed.
fn nth_why<'a>(whys: &'a mut [Why], left: &mut usize) -> Option<&'a mut Why> {
    for why in whys {
        if *left == 0 {
            return Some(why);
        }
        *left -= 1;
        if let Some(found) = nth_why(&mut why.whys, left) {
            return Some(found);
        }
    }
    None
}
