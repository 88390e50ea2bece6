//! PDCAs, and everything that may happen to one.

use inc_core::Stamp;
use inc_core::incident::Team;
use inc_core::pdca::action::{
    ActEdit, ActProperty, Action, CountermeasureEdit, CountermeasureProperty, End, NewAct, NewCheck,
    NewCountermeasure, NewPdca, NewWhy, Setting, Tag, WhyEdit, WhyParent, create,
};
use inc_core::pdca::{
    Act, Branch, CheckResult, Countermeasure, CountermeasureKind, Escalation, EscalationKind, Pdca, Source,
    SourceKind, Why,
};
use inc_core::span::Span;
use serde_json::json;

use super::chance::{Chance, known, now};
use super::settling::{contested, settlements};
use super::{Subject, table};

table! {
    Pdca, Action;
    "why", Action::AddWhy(_) => |pdca, chance| Action::AddWhy(why(pdca, chance));
    "root-cause", Action::TagRootCause { .. } => |pdca, chance| Action::TagRootCause {
        why: label(untagged(pdca), chance),
        root_cause: tag(chance),
        moving: chance.once_in(2),
    };
    "untag", Action::EditWhy { edit: WhyEdit { untag: true, .. }, .. } => |pdca, chance| Action::EditWhy {
        why: label(whys(pdca), chance),
        edit: WhyEdit { untag: true, ..WhyEdit::default() },
    };
    "edit-why", Action::EditWhy { .. } => |pdca, chance| {
        let mut edit = WhyEdit { more_links: chance.some(1, Chance::link), ..WhyEdit::default() };
        match chance.roll(4) {
            0 => edit.text = Some(chance.prose()),
            1 => edit.root_cause = Some(tag(chance)),
            2 => edit.parent = Some(chance.pick(&[WhyParent::Occurrence, WhyParent::NonDetection]).clone()),
            _ => edit.parent = Some(WhyParent::Under(label(whys(pdca), chance))),
        }
        Action::EditWhy { why: label(whys(pdca), chance), edit }
    };
    "remove-why", Action::RemoveWhy { .. } => |pdca, chance| Action::RemoveWhy {
        why: label(whys(pdca), chance),
        recursive: chance.once_in(2),
    };
    "factor", Action::AddFactor { .. } => |_, chance| Action::AddFactor {
        factor: chance.prose(),
        links: chance.some(1, Chance::link),
    };
    "edit-factor", Action::EditFactor { .. } => |pdca, chance| Action::EditFactor {
        factor: label(factors(pdca), chance),
        text: Some(chance.prose()),
        links: chance.some(1, Chance::link),
    };
    "remove-factor", Action::RemoveFactor { .. } => |pdca, chance| Action::RemoveFactor {
        factor: label(factors(pdca), chance),
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
            fewer_root_causes: vec![],
            clear: chance.some(1, |chance| *chance.pick(CountermeasureProperty::ALL)),
        }),
    };
    "undo-done", Action::UndoDone { .. } => |pdca, chance| Action::UndoDone {
        countermeasure: label(done(pdca), chance),
    };
    "remove-countermeasure", Action::RemoveCountermeasure { .. } => |pdca, chance| Action::RemoveCountermeasure {
        countermeasure: label(countermeasures(pdca), chance),
        recursive: true,
    };
    "done", Action::Done { .. } => |pdca, chance| Action::Done {
        countermeasure: label(countermeasures(pdca), chance),
        on: chance.maybe(Chance::day),
    };
    "check", Action::Check(_) => |pdca, chance| Action::Check(NewCheck {
        correct: chance.once_in(4),
        ..check(label(countermeasures(pdca), chance), chance)
    });
    "act", Action::AddAct(_) => |pdca, chance| Action::AddAct(NewAct {
        countermeasure: label(proven(pdca, false), chance),
        title: chance.line(),
        owner: chance.maybe(Chance::name),
        due: chance.maybe(Chance::day),
        targets: chance.some(3, Chance::line),
    });
    "amend-act", Action::AmendAct { .. } => |pdca, chance| {
        let act = label(acts(pdca), chance);
        let edit = ActEdit {
            title: chance.maybe(Chance::line),
            owner: chance.maybe(Chance::name),
            due: chance.maybe(Chance::day),
            more_targets: chance.some(2, Chance::line),
            fewer_targets: if chance.once_in(3) { target(pdca, &act, chance).into_iter().collect() } else { vec![] },
            clear: chance.some(1, |chance| *chance.pick(ActProperty::ALL)),
        };
        Action::AmendAct { act, edit }
    };
    "undo-act", Action::UndoAct { .. } => |pdca, chance| match &ticked(pdca)[..] {
        [] => Action::UndoAct { act: "none".into(), target: None },
        all => {
            let (act, target) = chance.pick(all).clone();
            Action::UndoAct { act, target: Some(target) }
        }
    };
    "remove-act", Action::RemoveAct { .. } => |pdca, chance| Action::RemoveAct {
        act: label(acts(pdca), chance),
        recursive: true,
    };
    "done-act", Action::DoneAct { .. } => |pdca, chance| {
        let act = label(acts(pdca), chance);
        let target = target(pdca, &act, chance);
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
    "settle", Action::Settle(_) => |pdca, chance| Action::Settle(settlements(&pdca.contested, chance));
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
        let tick = Action::DoneAct { act: "A1".into(), target: Some("production".into()), on: None };
        does(&mut self, tick, chance);
        for countermeasure in ["C1", "C2"] {
            does(&mut self, Action::Done { countermeasure: countermeasure.into(), on: None }, chance);
        }
        for _ in 0..2 {
            let links = chance.some(1, Chance::link);
            does(&mut self, Action::AddFactor { factor: chance.prose(), links }, chance);
        }
        let reason = chance.prose();
        does(&mut self, Action::NoAct { countermeasure: "C2".into(), reason }, chance);
        let how = chance.prose().to_string();
        self.contested = [
            ("whys[o1].why", json!("Too slow"), json!("Too late")),
            ("countermeasures[C1].check.how", json!(how), json!("Look at it")),
            ("countermeasures[C2].due", json!("2023-04-01"), json!(null)),
            ("owner", json!("Ada"), json!("Grace")),
        ]
        .into_iter()
        .map(|(path, ours, theirs)| contested(path, ours, theirs, chance))
        .collect();
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
const SETTINGS: [fn(&mut Chance) -> Setting; 9] = [
    |_| Setting::Title(known("Another: title")),
    |chance| Setting::Owner(chance.maybe(Chance::name)),
    |chance| Setting::Participants(chance.names()),
    |chance| Setting::MoreParticipants(chance.names()),
    |chance| Setting::Source(Source { kind: SourceKind::RedBin, reference: chance.maybe(Chance::line) }),
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

/// One of an act's targets, where it has some.
fn target(pdca: &Pdca, act: &str, chance: &mut Chance) -> Option<String> {
    let (_, act) = pdca.find_act(act)?;
    (!act.targets.is_empty()).then(|| chance.pick(&act.targets).name.to_string())
}

/// The countermeasures that are done.
fn done(pdca: &Pdca) -> Vec<String> {
    let done = pdca.countermeasures.iter().filter(|countermeasure| countermeasure.done_on.is_some());
    done.map(|countermeasure| countermeasure.id.to_string()).collect()
}

/// The targets that are ticked, each with its act.
fn ticked(pdca: &Pdca) -> Vec<(String, String)> {
    let of_act = |(_, act): (_, &Act)| -> Vec<(String, String)> {
        let ticked = act.targets.iter().filter(|target| target.done_on.is_some());
        ticked.map(|target| (act.id.to_string(), target.name.to_string())).collect()
    };
    pdca.acts().flat_map(of_act).collect()
}

fn factors(pdca: &Pdca) -> Vec<String> {
    pdca.contributing_factors.iter().map(|factor| factor.id.to_string()).collect()
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
        correct: false,
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
