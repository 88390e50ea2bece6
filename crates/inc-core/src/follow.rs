//! Following a timeline: which of its entries are new to somebody who was told the others, each told once.
//!
//! A timeline is looked at in two places, here and at the other end, which come together only later.

use std::collections::BTreeMap;

use crate::id::Uid;
use crate::timeline::{Entry, in_order};

/// Where a timeline was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the work tree.
    Here,
    /// On the branch at the other end.
    There,
}

/// What became of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// It was not told before.
    New,
    /// It was told with other words, time or evidence.
    Corrected,
}

/// What was told so far.
#[derive(Debug, Default)]
pub struct Follower {
    told: BTreeMap<Uid, Entry>,
    /// Entries typed by hand; they get their ids later, and are the same then.
    nameless: Vec<Entry>,
    /// How each place showed each entry last; `None` before the first look.
    here: Option<BTreeMap<Uid, Entry>>,
    there: Option<BTreeMap<Uid, Entry>>,
}

impl Follower {
    /// What to tell of a timeline, by time; it counts as told from then on. What was taken out is not told.
    pub fn look<'a>(&mut self, place: Place, timeline: &'a [Entry]) -> Vec<(Event, &'a Entry)> {
        let last = match place {
            Place::Here => &mut self.here,
            Place::There => &mut self.there,
        };
        let before = last.clone();
        let now = timeline.iter().filter_map(|entry| Some((entry.id?, entry.clone())));
        // An entry that is gone, as another branch is checked out, may come back as it was.
        last.get_or_insert_default().extend(now);
        let entries = in_order(timeline).into_iter();
        entries.filter_map(|entry| Some((self.judge(before.as_ref(), entry)?, entry))).collect()
    }

    fn judge(&mut self, before: Option<&BTreeMap<Uid, Entry>>, entry: &Entry) -> Option<Event> {
        let bare = Entry { id: None, ..entry.clone() };
        let Some(id) = entry.id else {
            let is_new = !self.nameless.contains(&bare);
            self.nameless.extend(is_new.then_some(bare));
            return is_new.then_some(Event::New);
        };
        match self.told.get(&id) {
            Some(told) if told == entry => return None,
            // The place may only be behind: at its first look, and where it shows the entry as it did before.
            Some(_) if before.is_none_or(|before| before.get(&id) == Some(entry)) => return None,
            Some(_) => {
                self.told.insert(id, entry.clone());
                return Some(Event::Corrected);
            }
            None => self.told.insert(id, entry.clone()),
        };
        (!self.nameless.contains(&bare)).then_some(Event::New)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timeline::EntryKind;

    fn entry(id: u128, text: &str) -> Entry {
        Entry {
            at: crate::instant::Instant::parse("2023-03-27T13:00:00+02:00").unwrap(),
            kind: EntryKind::Note,
            by: None,
            text: text.parse().unwrap(),
            change: None,
            details: vec![],
            links: vec![],
            id: (id > 0).then(|| Uid::from_parts(1, id)),
        }
    }

    #[track_caller]
    fn check(follower: &mut Follower, place: Place, timeline: &[(u128, &str)], expected: &[(Event, &str)]) {
        let timeline: Vec<Entry> = timeline.iter().map(|(id, text)| entry(*id, text)).collect();
        let told = follower.look(place, &timeline);
        let told: Vec<(Event, &str)> =
            told.into_iter().map(|(event, entry)| (event, entry.text.as_str())).collect();
        assert_eq!(told, expected);
    }

    #[test]
    fn each_entry_is_told_once_from_wherever_it_comes_first() {
        use Event::New;
        use Place::{Here, There};
        let mut all = Follower::default();
        check(&mut all, Here, &[(1, "a")], &[(New, "a")]);
        check(&mut all, There, &[(1, "a"), (2, "b")], &[(New, "b")]);
        check(&mut all, Here, &[(1, "a"), (2, "b"), (3, "c")], &[(New, "c")]);
        check(&mut all, There, &[(1, "a"), (2, "b"), (3, "c")], &[]);
        // Another branch is checked out, and this one again.
        check(&mut all, Here, &[(1, "a")], &[]);
        check(&mut all, Here, &[(1, "a"), (2, "b"), (3, "c")], &[]);
    }

    #[test]
    fn a_correction_is_told_once_and_who_is_behind_does_not_take_it_back() {
        use Event::{Corrected, New};
        use Place::{Here, There};
        let mut all = Follower::default();
        check(&mut all, Here, &[(1, "a")], &[(New, "a")]);
        check(&mut all, Here, &[(1, "b")], &[(Corrected, "b")]);
        check(&mut all, There, &[(1, "a")], &[]);
        check(&mut all, There, &[(1, "b")], &[]);
        check(&mut all, There, &[(1, "c")], &[(Corrected, "c")]);
        check(&mut all, Here, &[(1, "c")], &[]);
        check(&mut all, Here, &[(1, "a")], &[(Corrected, "a")]);
        // Written here, and corrected at the other end before anybody looked there.
        check(&mut all, Here, &[(1, "a"), (2, "x")], &[(New, "x")]);
        check(&mut all, There, &[(1, "c"), (2, "y")], &[(Corrected, "y")]);
    }

    #[test]
    fn an_entry_typed_by_hand_is_the_same_when_it_gets_its_id() {
        use Event::New;
        let mut all = Follower::default();
        check(&mut all, Place::Here, &[(0, "a")], &[(New, "a")]);
        check(&mut all, Place::Here, &[(0, "a"), (2, "b")], &[(New, "b")]);
        check(&mut all, Place::Here, &[(1, "a"), (2, "b")], &[]);
    }
}
