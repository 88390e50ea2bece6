//! PDCAs, and everything that may happen to one.

use inc_core::Stamp;
use inc_core::incident::Team;
use inc_core::pdca::action::{
    ActEdit, Action, CountermeasureEdit, End, NewAct, NewCheck, NewCountermeasure, NewPdca, NewWhy, Setting,
    Tag, WhyParent, create,
};
use inc_core::pdca::{
    Branch, CheckResult, Countermeasure, CountermeasureKind, Escalation, EscalationKind, Pdca, Source,
    SourceKind, Why,
};
use inc_core::span::Span;
use serde_json::json;

use super::chance::{Chance, known, now};
use super::{Subject, table};

table! {
    Pdca, Action;
    "why", Action::AddWhy(_) => |pdca, chance| Action::AddWhy(why(pdca, chance));
    "root-cause", Action::TagRootCause { .. } => |pdca, chance| Action::TagRootCause {
        why: label(untagged(pdca), chance),
        root_cause: tag(chance),
        moving: chance.once_in(2),
    };
    "end-why", Action::EndWhy { .. } => |pdca, chance| Action::EndWhy {
        why: label(leaves(pdca), chance),
        end: end(chance),
    };
    "not-applicable", Action::NotApplicable { .. } => |_, chance| Action::NotApplicable {
        branch: *chance.pick(&Branch::ALL),
        reason: chance.prose(),
    };
    "countermeasure", Action::AddCountermeasure(_) => |pdca, chance| Action::AddCountermeasure(countermeasure(pdca, chance));
    "amend", Action::Amend { .. } => |pdca, chance| Action::Amend {
        countermeasure: label(countermeasures(pdca), chance),
        edit: Box::new(CountermeasureEdit {
            title: chance.maybe(Chance::line),
            more_root_causes: chance.some(1, |chance| label(root_causes(pdca), chance)),
            kind: chance.maybe(kind),
            owner: chance.maybe(Chance::name),
            team: chance.maybe(team),
            timebox: chance.maybe(timebox),
            due: chance.maybe(Chance::day),
            check_how: chance.maybe(Chance::prose),
            check_on: chance.maybe(Chance::day),
        }),
    };
    "done", Action::Done { .. } => |pdca, chance| Action::Done {
        countermeasure: label(countermeasures(pdca), chance),
        on: chance.maybe(Chance::day),
    };
    "check", Action::Check(_) => |pdca, chance| Action::Check(check(label(countermeasures(pdca), chance), chance));
    "act", Action::AddAct(_) => |pdca, chance| Action::AddAct(NewAct {
        countermeasure: label(proven(pdca, false), chance),
        title: chance.line(),
        owner: chance.maybe(Chance::name),
        due: chance.maybe(Chance::day),
        targets: chance.some(3, Chance::line),
    });
    "amend-act", Action::AmendAct { .. } => |pdca, chance| Action::AmendAct {
        act: label(acts(pdca), chance),
        edit: ActEdit {
            title: chance.maybe(Chance::line),
            owner: chance.maybe(Chance::name),
            due: chance.maybe(Chance::day),
            more_targets: chance.some(2, Chance::line),
        },
    };
    "done-act", Action::DoneAct { .. } => |pdca, chance| {
        let act = label(acts(pdca), chance);
        let targets = pdca.find_act(&act).map(|(_, act)| act.targets.clone()).unwrap_or_default();
        let target = (!targets.is_empty()).then(|| chance.pick(&targets).name.to_string());
        Action::DoneAct { act, target, on: chance.maybe(Chance::day) }
    };
    "no-act", Action::NoAct { .. } => |pdca, chance| Action::NoAct {
        countermeasure: label(proven(pdca, true), chance),
        reason: chance.prose(),
    };
    "set", Action::Set(_) => |_, chance| {
        let mut settings = chance.some(2, setting);
        settings.push(setting(chance));
        Action::Set(settings)
    };
    "abandon", Action::Abandon { .. } => |_, chance| Action::Abandon { reason: chance.prose() };
    "resume", Action::Resume { .. } => |_, chance| Action::Resume { reason: chance.line() };
    "replace", Action::Replace(_) => |pdca, chance| Action::Replace(Box::new(edited(pdca, chance)));
}

impl Subject for Pdca {
    const SEED: &'static str = include_str!("seed-pdca.yaml");

    fn step(&self, action: Action, chance: &mut Chance) -> Option<Self> {
        let by = chance.name();
        let mut mint = || chance.uid();
        self.apply(action, &mut Stamp { at: now(), by, mint: &mut mint }).ok().map(|outcome| outcome.pdca)
    }

    fn new(chance: &mut Chance) -> Self {
        let reference = "2023-03-27-staging-cluster-3";
        let new = NewPdca {
            title: known(["Staging: cluster 3 is misbehaving", "on", "Disk full"][chance.roll(3)]),
            source: Source { kind: SourceKind::Incident, reference: Some(known(reference)) },
            owner: chance.maybe(Chance::name),
            participants: chance.names(),
            cft: chance.maybe(Chance::line),
            problem_statement: chance.maybe(Chance::prose),
            context: chance.maybe(Chance::prose),
        };
        let by = chance.name();
        let mut stamp = Stamp { at: now(), by, mint: &mut || chance.uid() };
        let id = known("2023-04-06-staging-cluster-3");
        create(new, id, &mut stamp).unwrap_or_else(|error| panic!("{error}")).pdca
    }

    fn whole(mut self, chance: &mut Chance) -> Self {
        let does = |pdca: &mut Self, action: Action, chance: &mut Chance| {
            let next = pdca.step(action.clone(), chance);
            *pdca = next.unwrap_or_else(|| panic!("{action:?}"));
        };
        for (parent, root_cause) in [
            (WhyParent::Occurrence, None),
            (WhyParent::Under("o1".into()), Some(Tag::NextFree)),
            (WhyParent::Occurrence, Some(Tag::NextFree)),
            (WhyParent::NonDetection, Some(Tag::Named("RC7".into()))),
            (WhyParent::NonDetection, None),
        ] {
            let why =
                NewWhy { parent, why: chance.prose(), root_cause, end: None, links: vec![chance.link()] };
            does(&mut self, Action::AddWhy(why), chance);
        }
        for label in ["C1", "C2"] {
            let new = NewCountermeasure { team: team(chance), ..countermeasure(&self, chance) };
            does(&mut self, Action::AddCountermeasure(new), chance);
            let check = NewCheck { result: CheckResult::Ok, ..check(label.into(), chance) };
            does(&mut self, Action::Check(check), chance);
        }
        let act = NewAct {
            countermeasure: "C1".into(),
            title: chance.line(),
            owner: Some(chance.name()),
            due: Some(chance.day()),
            targets: vec![known("production"), known("no")],
        };
        does(&mut self, Action::AddAct(act), chance);
        let reason = chance.prose();
        does(&mut self, Action::NoAct { countermeasure: "C2".into(), reason }, chance);
        for setting in SETTINGS {
            does(&mut self, Action::Set(vec![setting(chance)]), chance);
        }
        self.custom.insert("ticket".into(), json!({"id": "OPS-12", "labels": ["a", "b: c"]}));
        self
    }

    fn typed_by_hand(&mut self, chance: &mut Chance) {
        fn strip(whys: &mut [Why], chance: &mut Chance) {
            for why in whys {
                if chance.once_in(3) {
                    why.uid = None;
                }
                strip(&mut why.whys, chance);
            }
        }
        if chance.once_in(4) {
            self.abandoned = Some(chance.prose());
        }
        strip(&mut self.occurrence, chance);
        strip(&mut self.non_detection, chance);
        for countermeasure in &mut self.countermeasures {
            let acts = countermeasure.acts.iter_mut();
            let uids = acts
                .flat_map(|act| act.targets.iter_mut().map(|target| &mut target.uid).chain([&mut act.uid]));
            for uid in uids.chain([&mut countermeasure.uid]) {
                if chance.once_in(3) {
                    *uid = None;
                }
            }
        }
    }
}

/// One maker for each setting.
const SETTINGS: [fn(&mut Chance) -> Setting; 7] = [
    |_| Setting::Title(known("Another: title")),
    |chance| Setting::Owner(chance.maybe(Chance::name)),
    |chance| Setting::Participants(chance.names()),
    |chance| Setting::Cft(chance.maybe(Chance::line)),
    |chance| Setting::ProblemStatement(chance.maybe(Chance::prose)),
    |chance| Setting::Context(chance.maybe(Chance::prose)),
    |chance| {
        let link = chance.maybe(|chance| chance.link().url);
        Setting::Escalation(chance.maybe(|_| Escalation { to: EscalationKind::A3, link }))
    },
];

fn setting(chance: &mut Chance) -> Setting {
    chance.pick(&SETTINGS)(chance)
}

fn label(labels: Vec<String>, chance: &mut Chance) -> String {
    if labels.is_empty() { "none".into() } else { chance.pick(&labels).clone() }
}

fn whys(pdca: &Pdca) -> Vec<String> {
    pdca.whys().map(|node| node.why.id.to_string()).collect()
}

fn untagged(pdca: &Pdca) -> Vec<String> {
    let whys = pdca.whys().filter(|node| node.why.root_cause.is_none());
    whys.map(|node| node.why.id.to_string()).collect()
}

fn leaves(pdca: &Pdca) -> Vec<String> {
    let whys = pdca.whys().filter(|node| node.why.root_cause.is_none() && node.why.whys.is_empty());
    whys.map(|node| node.why.id.to_string()).collect()
}

fn root_causes(pdca: &Pdca) -> Vec<String> {
    pdca.root_causes().iter().map(|cause| cause.label.to_string()).collect()
}

fn countermeasures(pdca: &Pdca) -> Vec<String> {
    pdca.countermeasures.iter().map(|countermeasure| countermeasure.id.to_string()).collect()
}

/// Countermeasures that may have an act, or the reason for none.
fn proven(pdca: &Pdca, bare: bool) -> Vec<String> {
    let may = |c: &&Countermeasure| c.result() == Some(CheckResult::Ok) && (!bare || c.acts.is_empty());
    pdca.countermeasures.iter().filter(may).map(|countermeasure| countermeasure.id.to_string()).collect()
}

fn acts(pdca: &Pdca) -> Vec<String> {
    pdca.acts().map(|(_, act)| act.id.to_string()).collect()
}

fn tag(chance: &mut Chance) -> Tag {
    if chance.once_in(2) { Tag::NextFree } else { Tag::Named(format!("RC{}", 1 + chance.roll(4))) }
}

fn why(pdca: &Pdca, chance: &mut Chance) -> NewWhy {
    let parent = match chance.roll(4) {
        0 => WhyParent::Occurrence,
        1 => WhyParent::NonDetection,
        _ => WhyParent::Under(label(whys(pdca), chance)),
    };
    let root_cause = chance.maybe(tag);
    let end = if root_cause.is_none() { chance.maybe(end) } else { None };
    NewWhy { parent, why: chance.prose(), root_cause, end, links: chance.some(2, Chance::link) }
}

fn end(chance: &mut Chance) -> End {
    if chance.once_in(2) { End::OutOfControl(chance.prose()) } else { End::Unknown(chance.prose()) }
}

fn kind(chance: &mut Chance) -> CountermeasureKind {
    *chance.pick(CountermeasureKind::ALL)
}

fn timebox(chance: &mut Chance) -> Span {
    Span::hours(1 + u64::from(chance.once_in(2)) * 71)
}

fn countermeasure(pdca: &Pdca, chance: &mut Chance) -> NewCountermeasure {
    NewCountermeasure {
        title: chance.line(),
        root_causes: vec![label(root_causes(pdca), chance)],
        kind: chance.maybe(kind),
        owner: chance.maybe(Chance::name),
        team: chance.maybe(team).unwrap_or_default(),
        timebox: chance.maybe(timebox),
        due: chance.maybe(Chance::day),
        check_how: chance.maybe(Chance::prose),
        check_on: chance.maybe(Chance::day),
    }
}

fn check(countermeasure: String, chance: &mut Chance) -> NewCheck {
    NewCheck {
        countermeasure,
        result: *chance.pick(&[CheckResult::Ok, CheckResult::Ok, CheckResult::Ko]),
        on: chance.maybe(Chance::day),
        evidence: chance.maybe(Chance::prose),
        by: chance.maybe(Chance::name),
        how: chance.maybe(Chance::prose),
    }
}

fn team(chance: &mut Chance) -> Team {
    let word =
        |chance: &mut Chance| known(["SRE", "none", "unknown", "Platform: Reliability"][chance.roll(4)]);
    Team { department: word(chance), stack: word(chance), ..Team::default() }
}

/// The record as a person might leave it in an editor.
fn edited(pdca: &Pdca, chance: &mut Chance) -> Pdca {
    let mut edited = pdca.clone();
    for _ in 0..=chance.roll(3) {
        match chance.roll(5) {
            0 if !edited.countermeasures.is_empty() => {
                let index = chance.roll(edited.countermeasures.len());
                edited.countermeasures.remove(index);
            }
            1 if !edited.occurrence.is_empty() => {
                let index = chance.roll(edited.occurrence.len());
                edited.occurrence[index].why = chance.prose();
            }
            2 => edited.cft = Some(chance.line()),
            3 => drop(edited.custom.insert("added".into(), json!([{"name": "x", "at": [1, 2]}, "no"]))),
            _ => edited.participants = chance.names(),
        }
    }
    edited
}
