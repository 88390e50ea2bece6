//! The records at the root of this project: they read cleanly, and say what the talk says and nothing else.

use inc_core::SCHEMA;
use inc_core::id::Uid;
use inc_core::incident::Incident;
use inc_core::instant::Instant;
use inc_core::pdca::{Pdca, Status};
use inc_core::settings::Settings;
use inc_core::severity::{Assessment, Case, Policy};
use inc_store::store::{Record, Store};
use inc_store::yaml;
use serde::Serialize;
use serde_json::Value;

use crate::support::{ID, TestRepo};

/// The PDCA of the talk's incident.
const PDCA: &str = "2023-04-06-staging-kubernetes-cluster-3-is-misbehaving";

/// What the incident says, in the talk's own words.
const INCIDENT_SAYS: &[&str] = &[
    "Staging: Kubernetes cluster 3 is misbehaving",
    "We have performance issues and pods crashing on the staging 3 kubernetes cluster",
    "https://qonto.slack.com/archives/C050DFJ932P",
    "https://www.notion.so/Staging-Kubernetes-cluster-3-is-misbehaving-70d037b488c04f5e819e62c669dac715",
    "97562",
    "97563",
    "97564",
    "97565",
    "SRE Backend / Platform",
    "SRE Platform Reliability",
    "The staging3 kubernetes cluster is misbehaving (timeouts, pods crashing...): a lot of features branches on this cluster are not working anymore.",
    "Crossplane was installed manually on the cluster and create latency on the kubernetes API server + made external-secrets crash",
    "We reached the maximum number of nodes in the staging cluster3.",
    "Several developers had issues with their feature branches environments",
    "Deleting crossplane + scale the cluster",
    "incident created due to several alerts on this cluster + duty complains from developers.",
    "Pods not being provisioned",
    "External secret controller crashing",
    "The cluster 3 is immediately disabled from branches placement API",
    "after investigations we found that crossplane was installed on this cluster and seems to be the root cause of the slowness. We decide to delete it (delete crossplane namespace + delete the ~1000 crossplane CRD installed)",
    "everything is deleted except 3 CRDs that are stuck",
    "we noticed that the AWS ASG for cluster3 are full (60/60 instances deployed): we scale them to 80",
    "the situation is now stable",
];

/// What the PDCA says, in the talk's own words.
const PDCA_SAYS: &[&str] = &[
    "The staging3 kubernetes cluster is misbehaving (timeouts, pods crashing and not scheduling...): a lot of features branches on this cluster are not working anymore.",
    "The Kubernetes control plane API server was lagging and this caused some kubernetes controllers to crash: (for example: without internal secrets, applications cannot be deployed anymore).",
    "Crossplane was installed on the staging3 for testing purposes and its installation (890 CRDs) caused the API server to generate timeouts and Prometheus to OOMkill (cardinality issue).",
    "Crossplane was deployed directly on staging to test its integration with a feature branch environment.",
    "We hit the maximum size of the general-purpose AWS autoscaling group: this prevented new pods to be scheduled.",
    "We had a lot branches deployed on this cluster and we didn't detected that we hit the limit before it was too late.",
    "We introduced a regression a few months ago on the metric that prevent us to reach 100%",
    "PR to fix it",
    "Fix the alert for the problematic AWS autoscaling group",
    "Allow only some CRDs to be deployed",
    "The alert was executed in staging to see its result",
    "Create a CRD not in the list ⇒ it should be blocked",
    "Make sure that this alert exists and is correctly defined in all environments/all ASG",
    "Deploy the configuration on all environments",
];

/// All records of a kind, read strictly.
fn all<R: Record>(repo: &TestRepo) -> Vec<R> {
    let store = Store::open(&repo.top()).unwrap();
    let all = store.all::<R>().unwrap().into_iter();
    all.map(|loaded| loaded.unwrap_or_else(|error| panic!("{error}")).record).collect()
}

fn incident(repo: &TestRepo) -> Incident {
    all::<Incident>(repo).into_iter().find(|incident| incident.id.as_str() == ID).unwrap()
}

fn pdca(repo: &TestRepo) -> Pdca {
    all::<Pdca>(repo).into_iter().find(|pdca| pdca.id.as_str() == PDCA).unwrap()
}

/// Every text in a record.
fn texts(record: &impl Serialize) -> Vec<String> {
    fn gather(value: &Value, texts: &mut Vec<String>) {
        match value {
            Value::String(text) => texts.push(text.clone()),
            Value::Array(values) => values.iter().for_each(|value| gather(value, texts)),
            Value::Object(values) => values.values().for_each(|value| gather(value, texts)),
            _ => {}
        }
    }
    let mut texts = vec![];
    gather(&serde_json::to_value(record).unwrap(), &mut texts);
    texts
}

#[track_caller]
fn assert_says(record: &impl Serialize, said: &[&str]) {
    let texts = texts(record);
    for words in said {
        assert!(texts.iter().any(|text| text.contains(words)), "nothing says {words:?}");
    }
}

#[test]
fn every_record_reads_and_every_program_takes_it() {
    let repo = TestRepo::of_the_project();
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
    for incident in all::<Incident>(&repo) {
        let id = incident.id.as_str();
        for line in
            ["inc-report", "inc-status show", "inc-timeline list", "inc-severity explain", "inc-role show"]
        {
            repo.ok(line, &[id]);
        }
    }
    for pdca in all::<Pdca>(&repo) {
        for line in ["pdca show", "pdca report"] {
            repo.ok(line, &[pdca.id.as_str()]);
        }
    }
    repo.ok("inc-list", &[]);
    repo.ok("pdca list", &[]);
    let settings = std::fs::read_to_string(repo.top().join("inc.yaml")).unwrap();
    let settings: Settings = yaml::read_unversioned(&settings).unwrap();
    assert_eq!(settings.timezone.name(), "Europe/Paris");
    assert_eq!((incident(&repo).schema, pdca(&repo).schema), (SCHEMA, SCHEMA));
}

#[test]
fn both_records_say_what_the_talk_says() {
    let repo = TestRepo::of_the_project();
    let (incident, pdca) = (incident(&repo), pdca(&repo));
    assert_says(&incident, INCIDENT_SAYS);
    assert_says(&pdca, PDCA_SAYS);
    // The properties table of the talk's page.
    let view = repo.ok("inc-report --format json", &[ID]).json();
    for (place, value) in [
        ("/status/label", "4 - post-mortem completed"),
        ("/measures/time_to_resolve/text", "1h 14min"),
        ("/commander", "Mathieu Corbin"),
        ("/detected_via", "automatic-alert"),
        ("/timezone", "Europe/Paris"),
        ("/environment", "staging"),
    ] {
        assert_eq!(view.pointer(place).and_then(Value::as_str), Some(value), "{place}");
    }
    let times: Vec<&str> =
        view["timeline"].as_array().unwrap().iter().map(|entry| entry["at"].as_str().unwrap()).collect();
    let time = |time: &str| format!("2023-03-27T{time}:00+02:00");
    assert_eq!(times, ["12:59", "12:59", "13:10", "13:44", "14:00", "14:10"].map(time));
    // What the page calls empty, no hand has filled.
    assert_eq!(view["responders"], serde_json::json!([]));
    assert!(incident.team.department.is_missing() && incident.team.cft.is_missing());
    assert_eq!(incident.pdcas.iter().map(|id| id.as_str()).collect::<Vec<_>>(), [PDCA]);
    assert_eq!(pdca.created_at.to_string(), "2023-04-06T15:01:00+02:00");
    let acts: Vec<String> = pdca.acts().map(|(_, act)| act.created_at.unwrap().to_string()).collect();
    assert_eq!(acts, ["2023-04-06T15:19:00+02:00", "2023-04-06T15:27:00+02:00"]);
    for (countermeasure, root_cause) in pdca.countermeasures.iter().zip(["RC1", "RC2"]) {
        assert_eq!(countermeasure.root_causes, [root_cause.parse().unwrap()]);
        let check = countermeasure.check.as_ref().unwrap();
        assert_eq!(check.on.unwrap().to_string(), "2023-03-28");
    }
}

#[test]
fn the_numbers_are_the_talks() {
    let repo = TestRepo::of_the_project();
    let (incident, pdca) = (incident(&repo), pdca(&repo));
    let view = repo.ok("inc-report --format json", &[ID]).json();
    assert_eq!(view["measures"]["time_to_resolve"]["minutes"], 74);
    let judgement = Policy::default().judge(&Case::of(&incident, &Settings::default())).unwrap();
    assert_eq!(judgement.severity.to_string(), "SEV-3");
    assert_eq!(incident.severity, judgement.severity);
    assert_eq!(incident.assessment, Assessment::from(&judgement));
    assert_eq!(pdca.status(), Status::CheckDone);
}

#[test]
fn every_uid_is_of_the_moment_that_its_item_tells() {
    let repo = TestRepo::of_the_project();
    let (incident, pdca) = (incident(&repo), pdca(&repo));
    let of = |uid: Uid, at: Instant, what: &str| {
        let ulid: ulid::Ulid = uid.to_string().parse().unwrap();
        assert_eq!(i64::try_from(ulid.timestamp_ms()).unwrap(), at.unix_millis(), "{what}");
        ulid
    };
    let mut all =
        vec![of(incident.uid, incident.declared_at, "incident"), of(pdca.uid, pdca.created_at, "PDCA")];
    for entry in &incident.timeline {
        all.push(of(entry.id.unwrap(), entry.at, entry.text.as_str()));
    }
    for node in pdca.whys() {
        all.push(of(node.why.uid.unwrap(), pdca.created_at, node.why.id.as_str()));
    }
    for countermeasure in &pdca.countermeasures {
        all.push(of(countermeasure.uid.unwrap(), pdca.created_at, countermeasure.id.as_str()));
    }
    for (_, act) in pdca.acts() {
        all.push(of(act.uid.unwrap(), act.created_at.unwrap(), act.id.as_str()));
    }
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), count, "two items share a uid");
}
