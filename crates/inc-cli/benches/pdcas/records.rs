//! PDCAs as a team leaves them over the years: two trees, countermeasures at every stage, acts with their targets.
//!
//! One cause in ten has a tag that others have too; one in eight says in nearly the same words what another says.

use std::fs;
use std::path::Path;

use inc_core::id::Uid;
use inc_core::instant::{Instant, Zone};
use inc_core::pdca::Pdca;
use inc_store::edit;
use inc_store::store::Record;
use serde_json::{Value, json};

use crate::beside::dice::Dice;

/// The clock of every run, after all the records.
pub const NOW: &str = "2024-01-05T12:00:00Z";

const PEOPLE: [&str; 6] =
    ["Mathieu Corbin", "Ada Lovelace", "Grace Hopper", "Jörg Müller", "Анна Иванова", "Jane Doe"];
const TEAMS: [&str; 7] = ["Platform", "Cards", "Ledger", "Onboarding", "SRE Backend", "Mobile", "Lending"];
const PLACES: [&str; 9] = [
    "staging",
    "production",
    "eu-west-3",
    "eu-central-1",
    "billing",
    "search",
    "ledger",
    "cards",
    "onboarding",
];
const TAGS: [&str; 12] = [
    "missing-alert",
    "no-limit",
    "untested-migration",
    "expired-certificate",
    "single-instance",
    "manual-step",
    "stale-cache",
    "noisy-neighbour",
    "no-timeout",
    "wrong-default",
    "no-canary",
    "unknown-owner",
];
const SUBJECTS: [&str; 14] = [
    "the deployment pipeline",
    "the autoscaling group",
    "the connection pool of the ledger",
    "the certificate of the gateway",
    "the migration of last week",
    "the queue of payment messages",
    "the cache in front of search",
    "the scheduler of nightly jobs",
    "the provider of text messages",
    "the dashboard of the on-call team",
    "the replica in the second region",
    "the limit on custom resources",
    "the webhook of the partner bank",
    "the feature flag of the new checkout",
];
const VERBS: [&str; 12] = [
    "was never tested with the load of a Monday morning",
    "has no alert below its hard limit",
    "retries without any pause and so doubles the load",
    "was changed by hand and differs from what is in git",
    "depends on one instance that nobody replaces",
    "keeps its old value until somebody restarts it",
    "is owned by a team that was split last year",
    "drops errors instead of handing them on",
    "uses the default timeout of sixty seconds",
    "was excluded from the checks of the build",
    "shows the mean and hides the slowest percent",
    "waits for a lock that the nightly job holds",
];
const WHENS: [&str; 10] = [
    "since the move to the new cluster",
    "whenever two releases overlap",
    "in every region but the first",
    "for customers with more than one account",
    "as soon as the disk is four fifths full",
    "after the clocks change in autumn",
    "because the runbook stops at that very step",
    "while the backup of the database runs",
    "although the review had asked about it",
    "unless someone looks at the graph by chance",
];

/// Makes a repository with so many PDCAs, uncommitted, and returns how many bytes they have.
pub fn write(top: &Path, count: usize) -> usize {
    fs::create_dir_all(top).expect("a folder");
    git2::Repository::init(top).expect("a repository");
    let zone = Zone::named("Europe/Paris").expect("a zone");
    let mut dice = Dice::default();
    let mut bytes = 0;
    for number in 0..count {
        let pdca: Pdca = serde_json::from_value(pdca(number, &mut dice, &zone)).expect("a PDCA");
        let text = edit::emit(Pdca::HEADER, &serde_json::to_value(&pdca).expect("JSON"));
        let folder = top.join(Pdca::FOLDER).join(pdca.id.year().unwrap_or("none"));
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join(format!("{}.yaml", pdca.id)), &text).expect("a record");
        bytes += text.len();
    }
    bytes
}

/// The draws and ids of one record.
struct Draw<'d> {
    dice: &'d mut Dice,
    zone: &'d Zone,
    begun: u64,
    minted: u128,
    acts: usize,
}

fn pdca(number: usize, dice: &mut Dice, zone: &Zone) -> Value {
    // Five years, up to the end of 2023.
    let begun = 1_546_300_800 + dice.below(5 * 365 * 86_400);
    let mut draw = Draw { dice, zone, begun, minted: number as u128 * 1000, acts: 0 };
    let subject = draw.dice.pick(&SUBJECTS);
    let id = format!("{}-{}-{number}", draw.day(0), subject.replace(' ', "-"));
    let (occurrence, non_detection) = (draw.tree("o", 1), draw.tree("n", 3));
    let countermeasures: Vec<Value> =
        (1..=4).map(|cause| draw.countermeasure(cause, &occurrence, &non_detection)).collect();
    let mut pdca = json!({
        "schema": 1, "id": id, "uid": draw.uid(), "title": format!("{subject} failed its users"),
        "source": {"kind": "red-bin", "ref": format!("BIN-{number}")},
        "owner": draw.dice.pick(&PEOPLE), "participants": [draw.dice.pick(&PEOPLE), draw.dice.pick(&PEOPLE)],
        "created_at": draw.zone.instant(instant(begun)).to_string(),
        "problem_statement": format!("From 12:59 to 14:13 {} of all requests failed: {}", number % 40, draw.cause()),
        "occurrence": occurrence, "non_detection": non_detection, "countermeasures": countermeasures,
    });
    if draw.dice.in_ten(6) {
        pdca["cft"] = json!(draw.dice.pick(&TEAMS));
    }
    if number % 40 == 7 {
        pdca["abandoned"] = json!("The system was switched off");
    }
    pdca
}

fn instant(seconds: u64) -> Instant {
    Instant::from_unix(i64::try_from(seconds).expect("a time")).expect("a time")
}

impl Draw<'_> {
    fn uid(&mut self) -> String {
        self.minted += 1;
        Uid::from_parts(self.begun * 1000, self.minted).to_string()
    }

    /// So many days after the beginning.
    fn day(&self, after: u64) -> String {
        self.zone.local(instant(self.begun + after * 86_400)).date.to_string()
    }

    /// A cause of its own: few words, which all have, in an order that nearly none shares.
    fn cause(&mut self) -> String {
        let (one, other) = (self.dice.pick(&SUBJECTS), self.dice.pick(&SUBJECTS));
        format!(
            "{one} {} {}, and {other} {}",
            self.dice.pick(&VERBS),
            self.dice.pick(&WHENS),
            self.dice.pick(&VERBS)
        )
    }

    /// A cause as others have it, but for a word at its end.
    fn known_cause(&mut self) -> String {
        let known = self.dice.below(60) as usize;
        let end = self.dice.pick(&["", " again", " too"]);
        let of = |parts: &[&'static str]| parts[known % parts.len()];
        format!("{} {} {}{end}", of(&SUBJECTS), of(&VERBS), of(&WHENS))
    }

    /// A why on the way to a cause.
    fn why(&mut self, id: &str) -> Value {
        let why = format!("{} {}", self.dice.pick(&SUBJECTS), self.dice.pick(&VERBS));
        json!({"id": id, "uid": self.uid(), "why": why})
    }

    /// A tree of five whys, of which two are root causes, the first with this number.
    fn tree(&mut self, prefix: &str, first: usize) -> Value {
        let mut top = self.why(&format!("{prefix}1"));
        let mut middle = self.why(&format!("{prefix}1.1"));
        let leaf = |draw: &mut Self, id: String, number: usize| {
            let known = draw.dice.below(8) == 0;
            let why = if known { draw.known_cause() } else { draw.cause() };
            let mut leaf = json!({"id": id, "uid": draw.uid(), "why": why});
            let tag = draw.dice.pick(&TAGS);
            leaf["root_cause"] = if draw.dice.in_ten(1) { json!(tag) } else { json!(format!("RC{number}")) };
            leaf
        };
        middle["whys"] = json!([leaf(self, format!("{prefix}1.1.1"), first)]);
        let mut out = self.why(&format!("{prefix}1.3"));
        out["out_of_control"] = json!("It is the provider's own hardware");
        top["whys"] = json!([middle, leaf(self, format!("{prefix}1.2"), first + 1), out]);
        json!([top])
    }

    /// The n-th one, against the causes with this place in both trees.
    fn countermeasure(&mut self, n: usize, occurrence: &Value, non_detection: &Value) -> Value {
        let places = ["/0/whys/0/whys/0", "/0/whys/0/whys/0", "/0/whys/1", "/0/whys/1"];
        let label = |tree: &Value| tree.pointer(places[n - 1]).expect("a cause")["root_cause"].clone();
        let detects = n.is_multiple_of(2);
        let tree = if detects { non_detection } else { occurrence };
        let mut it = json!({
            "id": format!("C{n}"), "uid": self.uid(), "root_causes": [label(tree)],
            "title": format!("Make sure that {} is watched and bounded", self.dice.pick(&SUBJECTS)),
            "type": if detects { "detect" } else { "prevent" },
            "owner": self.dice.pick(&PEOPLE), "team": {"tech_team": self.dice.pick(&TEAMS)}, "due": self.day(14),
            "check": {"how": "Provoke it in staging, and wait for the alert", "on": self.day(20)},
        });
        let stage = self.dice.below(10);
        if stage > 1 {
            it["done_on"] = json!(self.day(12));
        }
        if stage > 3 {
            it["check"]["result"] = json!(if stage == 4 { "ko" } else { "ok" });
            it["check"]["evidence"] = json!("The alert fired after four minutes");
        }
        match stage {
            6 => it["no_act"] = json!("No other system has it"),
            7.. => it["acts"] = json!([self.act()]),
            _ => {}
        }
        it
    }

    fn act(&mut self) -> Value {
        self.acts += 1;
        let (first, count) = (self.dice.below(PLACES.len() as u64) as usize, 2 + self.dice.below(4) as usize);
        let targets: Vec<Value> = (0..count)
            .map(|n| {
                let mut target = json!({"name": PLACES[(first + n) % PLACES.len()], "uid": self.uid()});
                if self.dice.in_ten(7) {
                    target["done_on"] = json!(self.day(30));
                }
                target
            })
            .collect();
        json!({
            "id": format!("A{}", self.acts), "uid": self.uid(), "title": "The same for every system that could fail so",
            "owner": self.dice.pick(&PEOPLE), "due": self.day(60), "targets": targets,
        })
    }
}
