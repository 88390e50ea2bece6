//! One pass over incidents: each is counted in its cell and let go.

use std::collections::HashMap;

use super::axis::{Axis, Key};
use super::group::Group;
use super::measured::{Hours, Measured};
use super::tally::{Tally, Values};
use super::working::Working;
use crate::instant::{Instant, Zone};
use crate::settings::BusinessHours;
use crate::summary::Summary;

/// Incidents as they are counted.
#[derive(Debug)]
pub struct Census {
    axes: Vec<Axis>,
    asked: Vec<(Measured, Hours)>,
    zone: Zone,
    working: Working,
    cells: HashMap<[i32; 2], Tally>,
    began: Option<(Instant, Instant)>,
}

/// Incidents, counted.
#[derive(Debug, Clone)]
pub struct Grid {
    /// By what: none, one or two groups.
    pub by: Vec<Group>,
    /// What was measured, in the order of each cell's figures.
    pub asked: Vec<(Measured, Hours)>,
    /// The values of each group, in their order.
    pub keys: Vec<Vec<Key>>,
    /// Each cell by its keys; those in which nothing was counted only where a group is of the calendar, or where it is
    /// the only one.
    pub cells: Vec<Cell>,
    /// All of them together.
    pub total: Tally,
    /// When the first and the last began.
    pub began: Option<(Instant, Instant)>,
}

/// One cell.
#[derive(Debug, Clone)]
pub struct Cell {
    /// Its keys, one a group.
    pub keys: Vec<Key>,
    /// What it holds.
    pub tally: Tally,
}

impl Census {
    /// A count by these groups of these durations; `depth` is how many parts of a root cause's path count.
    pub fn by(
        groups: &[Group],
        depth: Option<usize>,
        asked: Vec<(Measured, Hours)>,
        zone: &Zone,
        hours: &BusinessHours,
    ) -> Self {
        Self {
            axes: groups.iter().map(|group| Axis::of(*group, depth)).collect(),
            asked,
            zone: zone.clone(),
            working: Working::of(zone, hours),
            cells: HashMap::new(),
            began: None,
        }
    }

    /// Counts an incident.
    pub fn add(&mut self, of: &Summary) {
        let mut places = [0; 2];
        for (place, axis) in places.iter_mut().zip(&mut self.axes) {
            *place = axis.place(of, &self.zone);
        }
        let cell = self
            .cells
            .entry(places)
            .or_insert_with(|| Tally { count: 0, values: vec![Values::default(); self.asked.len()] });
        cell.count += 1;
        for (values, (measured, hours)) in cell.values.iter_mut().zip(&self.asked) {
            values.add(measured.read(of, *hours, &mut self.working));
        }
        let at = of.began_at();
        let (first, last) = self.began.unwrap_or((at, at));
        self.began = Some((first.min(at), last.max(at)));
    }

    /// What was counted.
    pub fn finish(mut self) -> Grid {
        let mut total = Tally::default();
        let mut counts = [HashMap::new(), HashMap::new()];
        for (places, tally) in &self.cells {
            total.join(tally);
            for (place, counts) in places.iter().zip(&mut counts) {
                *counts.entry(*place).or_default() += tally.count;
            }
        }
        let keys: Vec<Vec<(i32, Key)>> =
            self.axes.iter().zip(&counts).map(|(axis, counts)| axis.keys(counts)).collect();
        let cells = self.filled(&keys);
        Grid {
            by: self.axes.iter().map(|axis| axis.group).collect(),
            asked: self.asked,
            keys: keys.into_iter().map(|keys| keys.into_iter().map(|(_, key)| key).collect()).collect(),
            cells,
            total,
            began: self.began,
        }
    }

    /// The cells in the order of their keys.
    fn filled(&mut self, keys: &[Vec<(i32, Key)>]) -> Vec<Cell> {
        let with_empty = self.axes.len() == 1 || self.axes.iter().any(|axis| axis.group.is_period());
        let mut cells = vec![];
        let mut take = |places: [i32; 2], keys: Vec<Key>| {
            let tally = self.cells.remove(&places);
            if tally.is_some() || with_empty {
                cells.push(Cell { keys, tally: tally.unwrap_or_default() });
            }
        };
        match keys {
            [] => {}
            [only] => only.iter().for_each(|(place, key)| take([*place, 0], vec![key.clone()])),
            [first, second, ..] => {
                for (one, a) in first {
                    second.iter().for_each(|(two, b)| take([*one, *two], vec![a.clone(), b.clone()]));
                }
            }
        }
        cells
    }
}

impl Grid {
    /// How many there are with each value of the group at that place, in the order of its keys.
    pub fn counts(&self, place: usize) -> Vec<(&Key, usize)> {
        let mut sums: HashMap<&Key, usize> = HashMap::new();
        for cell in &self.cells {
            if let Some(key) = cell.keys.get(place) {
                *sums.entry(key).or_default() += cell.tally.count;
            }
        }
        let keys = self.keys.get(place).into_iter().flatten();
        keys.map(|key| (key, sums.get(key).copied().unwrap_or_default())).collect()
    }

    /// The groups by which nothing can be told, for nobody was asked.
    pub fn unasked(&self) -> impl Iterator<Item = Group> {
        let is_empty = |keys: &[Key]| matches!(keys, [Key::NotAsked]);
        self.by.iter().zip(&self.keys).filter(move |(_, keys)| is_empty(keys)).map(|(group, _)| *group)
    }
}
