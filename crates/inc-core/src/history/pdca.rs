//! The facts of a PDCA: where it stands, whys, countermeasures with what came of them, acts, and every other property.

use serde_json::Value;

use super::differ::Found;
use super::incident::of_contested;
use super::{Fact, Happened, Kind, Recorded};
use crate::id::Uid;
use crate::news::contested;
use crate::pdca::Pdca;

/// Told by facts of their own.
const TOLD: [&str; 4] = ["occurrence", "non_detection", "contested", "schema"];

impl Recorded for Pdca {
    fn uid(&self) -> Uid {
        self.uid
    }

    fn facts(before: Option<&Self>, after: &Self) -> Vec<Fact> {
        let Some(before) = before else { return new(after) };
        let mut found = Found::default();
        found.items("whys", "", &whys(before), &whys(after));
        found.properties("", &value(before), &value(after), &TOLD);
        found.0.extend(of_contested(contested(&before.contested, &after.contested)));
        let (was, is) = (before.status().label(), after.status().label());
        if was != is {
            found.0.push(Fact::new(Kind::Changed, format!("{was} to {is}"), format!("status={is}")));
        }
        found.0
    }

    fn whole(&self) -> String {
        format!("{} ({})", self.title, self.status().label())
    }
}

fn new(pdca: &Pdca) -> Vec<Fact> {
    let begun = Fact::new(Kind::Added, format!("new PDCA: {}", pdca.whole()), "new");
    let mut found = Found(vec![begun.happened(Some(Happened::At(pdca.created_at)))]);
    found.items("whys", "", &[], &whys(pdca));
    let is = value(pdca);
    for list in ["contributing_factors", "countermeasures"] {
        let items = is.get(list).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        found.items(list, "", &[], items);
    }
    found.0.extend(of_contested(contested(&[], &pdca.contested)));
    found.0
}

/// Every why of both trees, each without those below it; the tree that it stands in is its own.
fn whys(pdca: &Pdca) -> Vec<Value> {
    pdca.whys().map(|node| serde_json::to_value(node.why).unwrap_or_default()).collect()
}

fn value(pdca: &Pdca) -> Value {
    serde_json::to_value(pdca).unwrap_or_default()
}
