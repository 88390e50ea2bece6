//! What must be true of every policy, tried on one: more harm is never milder, every cell and level can be reached.

use serde::Serialize;

use super::case::Case;
use super::{Policy, Severity};
use crate::answer::Answer;
use crate::impact::{Breadth, Depth, Impact, Percent};

/// One property, tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Property {
    /// What must be true.
    pub name: &'static str,
    /// How many cases were tried.
    pub tried: usize,
    /// The cases where it is not, in words.
    pub failures: Vec<String>,
}

impl Property {
    fn new(name: &'static str) -> Self {
        Self { name, tried: 0, failures: vec![] }
    }

    fn check(&mut self, holds: bool, words: impl FnOnce() -> String) {
        self.tried += 1;
        if !holds {
            self.failures.push(words());
        }
    }
}

impl Policy {
    /// Tries the properties: each pair of bands with each step of each gauge.
    pub fn try_properties(&self) -> Vec<Property> {
        vec![
            self.is_monotone(),
            self.reaches_every_band(),
            self.reaches_every_cell(),
            self.reaches_every_level(),
        ]
    }

    /// The impact of two bands and nothing else.
    fn at(&self, breadth: Breadth, depth: Depth) -> Impact {
        let mut impact = Impact {
            customer_impact: Answer::Known(breadth),
            single_customer_impact: Answer::Known(depth),
            ..Impact::default()
        };
        for gauge in self.gauges() {
            impact = gauge.set(&impact, 0.0);
        }
        impact
    }

    /// The severity of an impact in an environment that no condition names.
    fn severity(&self, impact: &Impact) -> Option<Severity> {
        // Nobody can name an environment so: a name has no line feed.
        let case = Case { environment: Some("\n"), ..Case::bare(impact) };
        self.judge(&case).ok().map(|judgement| judgement.severity)
    }

    fn is_monotone(&self) -> Property {
        let mut property = Property::new("more harm is never milder");
        let cells = Breadth::ALL.into_iter().flat_map(|breadth| Depth::ALL.map(|depth| (breadth, depth)));
        for (breadth, depth) in cells {
            let base = self.at(breadth, depth);
            let here = self.severity(&base);
            let wider = Breadth::ALL.into_iter().filter(|wider| *wider > breadth).map(|wider| (wider, depth));
            let deeper =
                Depth::ALL.into_iter().filter(|deeper| *deeper > depth).map(|deeper| (breadth, deeper));
            for (b, d) in wider.chain(deeper) {
                let there = self.severity(&self.at(b, d));
                property.check(there <= here, || format!("{b} x {d} is milder than {breadth} x {depth}"));
            }
            for gauge in self.gauges() {
                let mut last = here;
                for floor in &gauge.floors {
                    let there = self.severity(&gauge.set(&base, floor.from));
                    property.check(there <= last, || {
                        format!(
                            "{} gives something milder at {breadth} x {depth}",
                            gauge.words_from(floor.from)
                        )
                    });
                    last = there;
                }
            }
        }
        property
    }

    /// A band that no share of customers falls into can only be typed.
    fn reaches_every_band(&self) -> Property {
        let mut property = Property::new("every band of customer impact is reached by a share of customers");
        let bands = &self.customer_impact;
        let ends = [&bands.none, &bands.s, &bands.m, &bands.l].map(|band| band.up_to_percent);
        for (band, share) in Breadth::ALL.into_iter().zip(ends.into_iter().chain([100.0])) {
            let customers_percent = Percent::try_from(share).map_or(Answer::Missing, Answer::Known);
            let impact = Impact { customers_percent, ..Impact::default() };
            property.check(self.breadth(&Case::bare(&impact)) == Some(band), || {
                format!("no share of customers is band {band}: L ends at {} %", bands.l.up_to_percent)
            });
        }
        property
    }

    /// A cell that is never decisive, because a floor at zero hides it, is not what its author meant.
    fn reaches_every_cell(&self) -> Property {
        let mut property = Property::new("every cell of the matrix can decide");
        for breadth in Breadth::ALL {
            for depth in Depth::ALL {
                let (cell, got) = (self.cell(breadth, depth), self.severity(&self.at(breadth, depth)));
                property.check(got == Some(cell), || {
                    let got = got.map_or("nothing", Severity::name);
                    format!("{breadth} x {depth} says {cell}, but without any other harm {got} comes out")
                });
            }
        }
        property
    }

    fn reaches_every_level(&self) -> Property {
        let mut property = Property::new("every severity can come out");
        let mut found: Vec<Severity> = vec![];
        for breadth in Breadth::ALL {
            found.extend(Depth::ALL.into_iter().filter_map(|depth| self.severity(&self.at(breadth, depth))));
        }
        let base = self.at(Breadth::None, Depth::S);
        for gauge in self.gauges() {
            found
                .extend(gauge.floors.iter().filter_map(|floor| self.severity(&gauge.set(&base, floor.from))));
        }
        for severity in Severity::ALL {
            property.check(found.contains(&severity), || format!("nothing gives {severity}"));
        }
        property
    }
}
