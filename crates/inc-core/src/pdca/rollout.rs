//! Yokoten: whether what is proven is applied elsewhere, and whether what is applied elsewhere is proven.

use chrono::NaiveDate;
use serde::Serialize;

use super::{Act, ActStatus, CheckResult, Countermeasure, Pdca, Target, command};
use crate::text::Line;

/// How far a countermeasure that was checked OK has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Spread {
    /// An act is not through.
    Open,
    /// There is neither an act nor a reason why not.
    Unsaid,
    /// Every act is applied to all its targets.
    Applied,
    /// There is a reason why it is applied nowhere else.
    Declined,
}

/// Whose an act is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Asked<'a> {
    /// The name.
    pub owner: &'a Line,
    /// What it is the owner of.
    pub of: OwnerOf,
}

/// What a person owns who is asked about an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OwnerOf {
    /// The act itself.
    Act,
    /// The countermeasure that it applies.
    Countermeasure,
    /// The whole PDCA.
    Pdca,
}

impl Countermeasure {
    /// Its last check was OK: what it says is worth applying elsewhere.
    pub fn is_proven(&self) -> bool {
        self.result() == Some(CheckResult::Ok)
    }

    /// How far it has come, where it is proven.
    pub fn spread(&self) -> Option<Spread> {
        let is_through = || self.acts.iter().all(|act| act.status() == ActStatus::Done);
        self.is_proven().then(|| match () {
            () if self.no_act.is_some() => Spread::Declined,
            () if self.acts.is_empty() => Spread::Unsaid,
            () if is_through() => Spread::Applied,
            () => Spread::Open,
        })
    }

    /// Why it is not proven, in a few words; `None` where it is.
    pub fn why_unproven(&self) -> Option<String> {
        let on = |on: Option<NaiveDate>| on.map(|on| format!(" on {on}")).unwrap_or_default();
        match self.result() {
            Some(CheckResult::Ok) => None,
            Some(CheckResult::Ko) => {
                Some(format!("checked KO{}", on(self.check.as_ref().and_then(|check| check.on))))
            }
            None => Some(match self.earlier_checks.last() {
                None => "not checked".to_owned(),
                Some(last) => {
                    let why = last.superseded.as_ref().map(|why| format!(": {}", why.first_line()));
                    let why = why.unwrap_or_default();
                    format!("{}{}, which no longer counts{why}", lower(last.result), on(last.on))
                }
            }),
        }
    }

    /// Who is asked why it is applied nowhere: its owner, else the PDCA's.
    pub fn asked_in<'a>(&'a self, pdca: &'a Pdca) -> Option<Asked<'a>> {
        let own = self.owner.as_ref().map(|owner| Asked { owner, of: OwnerOf::Countermeasure });
        own.or(pdca.owner.as_ref().map(|owner| Asked { owner, of: OwnerOf::Pdca }))
    }

    /// What says where it is applied, and what says why nowhere.
    pub fn act_commands(&self, pdca: &Pdca) -> [String; 2] {
        [command::act(&pdca.id, self.id.as_str()), command::no_act(&pdca.id, self.id.as_str())]
    }
}

fn lower(result: CheckResult) -> &'static str {
    match result {
        CheckResult::Ok => "checked OK",
        CheckResult::Ko => "checked KO",
    }
}

impl Act {
    /// Who is asked for it: its owner, else the countermeasure's, else the PDCA's.
    pub fn asked_in<'a>(&'a self, of: &'a Countermeasure, pdca: &'a Pdca) -> Option<Asked<'a>> {
        let own = self.owner.as_ref().map(|owner| Asked { owner, of: OwnerOf::Act });
        own.or_else(|| of.asked_in(pdca))
    }

    /// Where it is not applied yet.
    pub fn open_targets(&self) -> impl Iterator<Item = &Target> {
        self.targets.iter().filter(|target| target.done_on.is_none())
    }

    /// Where it is applied.
    pub fn done_targets(&self) -> impl Iterator<Item = &Target> {
        self.targets.iter().filter(|target| target.done_on.is_some())
    }

    /// What ticks it, or its first open target; `None` where it is through.
    pub fn next_command(&self, pdca: &Pdca) -> Option<String> {
        let label = self.id.as_str();
        match self.open_targets().next() {
            Some(target) => Some(command::done_target(&pdca.id, label, target.name.as_str())),
            None => (self.status() != ActStatus::Done).then(|| command::done(&pdca.id, label)),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn cure(keys: Value) -> Countermeasure {
        let mut whole = json!({"id": "C1", "root_causes": ["RC1"], "title": "X"});
        whole.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
        serde_json::from_value(whole).unwrap()
    }

    #[test]
    fn how_far_it_has_come() {
        let ok = json!({"on": "2023-03-28", "result": "ok"});
        let act = |targets: Value| json!([{"id": "A1", "title": "X", "targets": targets}]);
        let (done, half) = (
            json!([{"name": "x", "done_on": "2023-04-01"}]),
            json!([{"name": "x", "done_on": "2023-04-01"}, {"name": "y"}]),
        );
        for (keys, expected) in [
            (json!({}), None),
            (json!({"check": {"result": "ko"}, "acts": act(half.clone())}), None),
            (json!({"check": ok}), Some(Spread::Unsaid)),
            (json!({"check": ok, "acts": act(half.clone())}), Some(Spread::Open)),
            (json!({"check": ok, "acts": act(json!([]))}), Some(Spread::Open)),
            (json!({"check": ok, "acts": act(done)}), Some(Spread::Applied)),
            (json!({"check": ok, "no_act": "Nowhere else"}), Some(Spread::Declined)),
            (json!({"check": ok, "no_act": "Nowhere else", "acts": act(half)}), Some(Spread::Declined)),
        ] {
            assert_eq!(cure(keys.clone()).spread(), expected, "{keys}");
        }
    }

    #[test]
    fn why_it_is_not_proven() {
        let earlier = json!([{"on": "2023-03-01", "result": "ok", "superseded": "The title changed"}]);
        for (keys, expected) in [
            (json!({"check": {"result": "ok"}, "earlier_checks": [{"result": "ko"}]}), None),
            (json!({}), Some("not checked")),
            (json!({"check": {"result": "ko"}}), Some("checked KO")),
            (
                json!({"check": {"result": "ko", "on": "2023-04-01"}, "earlier_checks": earlier}),
                Some("checked KO on 2023-04-01"),
            ),
            (
                json!({"earlier_checks": earlier}),
                Some("checked OK on 2023-03-01, which no longer counts: The title changed"),
            ),
        ] {
            assert_eq!(cure(keys.clone()).why_unproven().as_deref(), expected, "{keys}");
        }
    }
}
