//! `inc demo`: the talk's incident, replayed by the programs themselves in a fresh repository.
//!
//! Each step runs this very program again with the arguments shown, so that the demo cannot show what does not work.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use inc_store::git::{GitError, Repository};
use serde::Serialize;

use crate::failure::Failure;
use crate::output::Format;
use crate::session::Session;

/// The incident that is replayed. Source: M. Corbin, "Effectively manage production incidents" (Qonto).
const INCIDENT: &str = "2023-03-27-staging-kubernetes-cluster-3-is-misbehaving";
/// The PDCA that learns from it.
const PDCA: &str = "2023-04-06-staging-kubernetes-cluster-3-is-misbehaving";
/// Who types.
const AUTHOR: &str = "Mathieu Corbin <mathieu@example.com>";

/// What `inc demo` is told.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// An empty or new folder for the repository; by default a fresh one in the folder for temporary files
    folder: Option<PathBuf>,
}

/// One command: when it is typed, what is said before it, and its words.
struct Step {
    at: &'static str,
    says: &'static str,
    words: &'static [&'static str],
}

const fn step(at: &'static str, says: &'static str, words: &'static [&'static str]) -> Step {
    Step { at, says, words }
}

const STEPS: &[Step] = &[
    step(
        "2023-03-27T12:59:00+02:00",
        "12:59  Alerts fire, developers complain. Anyone may declare; a title is enough.",
        &[
            "inc-declare",
            "Staging: Kubernetes cluster 3 is misbehaving",
            "--description",
            "The staging3 kubernetes cluster is misbehaving (timeouts, pods crashing...): a lot of features branches on this cluster are not working anymore.",
            "--environment",
            "staging",
            "--commander",
            "Mathieu Corbin",
            "--detected-via",
            "automatic-alert",
            "--alert",
            "97562",
            "--alert",
            "97563",
            "--alert",
            "97564",
            "--alert",
            "97565",
            "--link",
            "channel=https://qonto.slack.com/archives/C050DFJ932P",
        ],
    ),
    step(
        "2023-03-27T13:00:00+02:00",
        "The timeline, in the zone of the team.",
        &[
            "inc-timeline",
            "add",
            "--at",
            "12:59",
            "Incident created due to several alerts on this cluster and duty complains from developers.",
            "--detail",
            "Pods not being provisioned",
            "--detail",
            "External secret controller crashing",
            "--detail",
            "The cluster 3 is immediately disabled from branches placement API",
        ],
    ),
    step(
        "2023-03-27T13:11:00+02:00",
        "",
        &[
            "inc-timeline",
            "add",
            "--at",
            "13:10",
            "After investigations we found that crossplane was installed on this cluster and seems to be the root cause of the slowness. We decide to delete it",
        ],
    ),
    step(
        "2023-03-27T13:44:00+02:00",
        "",
        &["inc-timeline", "add", "Everything is deleted except 3 CRDs that are stuck"],
    ),
    step(
        "2023-03-27T14:02:00+02:00",
        "",
        &[
            "inc-timeline",
            "add",
            "--at",
            "2 min ago",
            "We noticed that the AWS ASG for cluster3 are full (60/60 instances deployed): we scale them to 80",
        ],
    ),
    step("2023-03-27T14:10:00+02:00", "", &["inc-timeline", "add", "The situation is now stable"]),
    step(
        "2023-03-27T14:11:00+02:00",
        "The impact; the severity follows from it by the policy, which also warns of what does not fit together.",
        &[
            "inc-severity",
            "assess",
            "--customer-impact",
            "XL",
            "--single-customer-impact",
            "S",
            "--customers",
            "0",
            "--money-at-risk",
            "0",
            "--transactions",
            "0",
            "--features",
            "none",
            "--countries",
            "n/a",
        ],
    ),
    step("2023-03-27T14:11:00+02:00", "", &["inc-severity", "explain"]),
    step(
        "2023-03-27T14:12:00+02:00",
        "Cause, impact and mitigation, in words.",
        &[
            "inc-edit",
            "--set",
            "summary.cause=- Crossplane was installed manually on the cluster and create latency on the kubernetes API server + made external-secrets crash\n- We reached the maximum number of nodes in the staging cluster3.",
            "--set",
            "summary.impact=Several developers had issues with their feature branches environments",
            "--set",
            "summary.mitigation=Deleting crossplane + scale the cluster",
            "--set",
            "root_cause=internal, system-failure, failure-of-it-systems-in-production",
            "--set",
            "team.stack=SRE Backend / Platform",
            "--set",
            "team.tech_team=SRE Platform Reliability",
        ],
    ),
    step(
        "2023-03-27T14:12:00+02:00",
        "Each step of its life asks for what it needs.",
        &["inc-status", "set", "mitigated", "--at", "14:10"],
    ),
    step("2023-03-27T14:13:00+02:00", "", &["inc-status", "set", "resolved"]),
    step(
        "2023-04-06T15:01:00+02:00",
        "Ten days later: the PDCA. Plan: the problem, and the two why-trees down to root causes.",
        &[
            "pdca",
            "new",
            "--incident",
            INCIDENT,
            "--owner",
            "Mathieu Corbin",
            "--problem",
            "The staging3 kubernetes cluster is misbehaving (timeouts, pods crashing and not scheduling...): a lot of features branches on this cluster are not working anymore.",
        ],
    ),
    step(
        "2023-04-06T15:02:00+02:00",
        "",
        &[
            "pdca",
            "why",
            "--occurrence",
            "The Kubernetes control plane API server was lagging and this caused some kubernetes controllers to crash (for example: without internal secrets, applications cannot be deployed anymore)",
        ],
    ),
    step(
        "2023-04-06T15:03:00+02:00",
        "",
        &[
            "pdca",
            "why",
            "--under",
            "o1",
            "Crossplane was installed on the staging3 for testing purposes and its installation (890 CRDs) caused the API server to generate timeouts and Prometheus to OOMkill (cardinality issue)",
        ],
    ),
    step(
        "2023-04-06T15:04:00+02:00",
        "",
        &[
            "pdca",
            "why",
            "--under",
            "o1.1",
            "--root-cause",
            "RC2",
            "Crossplane was deployed directly on staging to test its integration with a feature branch environment",
        ],
    ),
    step(
        "2023-04-06T15:05:00+02:00",
        "",
        &[
            "pdca",
            "why",
            "--non-detection",
            "We hit the maximum size of the general-purpose AWS autoscaling group: this prevented new pods to be scheduled",
        ],
    ),
    step(
        "2023-04-06T15:06:00+02:00",
        "",
        &[
            "pdca",
            "why",
            "--under",
            "n1",
            "We had a lot branches deployed on this cluster and we didn't detected that we hit the limit before it was too late",
        ],
    ),
    step(
        "2023-04-06T15:07:00+02:00",
        "",
        &[
            "pdca",
            "why",
            "--under",
            "n1.1",
            "--root-cause",
            "RC1",
            "We introduced a regression a few months ago on the metric that prevent us to reach 100%",
        ],
    ),
    step(
        "2023-04-06T15:08:00+02:00",
        "Do: a simple action against each root cause, with the check that shall prove it.",
        &[
            "pdca",
            "countermeasure",
            "Fix the alert for the problematic AWS autoscaling group",
            "--root-cause",
            "RC1",
            "--owner",
            "Mathieu Corbin",
            "--tech-team",
            "SRE Platform Reliability",
            "--check",
            "The alert was executed in staging to see its result",
            "--check-on",
            "2023-03-28",
        ],
    ),
    step(
        "2023-04-06T15:09:00+02:00",
        "",
        &[
            "pdca",
            "countermeasure",
            "Allow only some CRDs to be deployed",
            "--root-cause",
            "RC2",
            "--owner",
            "Mathieu Corbin",
            "--tech-team",
            "SRE Platform Reliability",
            "--check",
            "Create a CRD not in the list => it should be blocked",
            "--check-on",
            "2023-03-28",
        ],
    ),
    step("2023-04-06T15:10:00+02:00", "Check: proven, or not.", &["pdca", "check", "C1", "ok"]),
    step("2023-04-06T15:10:00+02:00", "", &["pdca", "check", "C2", "ok"]),
    step(
        "2023-04-06T15:19:00+02:00",
        "Act: what is proven is applied everywhere.",
        &[
            "pdca",
            "act",
            "C1",
            "Make sure that this alert exists and is correctly defined in all environments/all ASG",
        ],
    ),
    step(
        "2023-04-06T15:27:00+02:00",
        "",
        &["pdca", "act", "C2", "Deploy the configuration on all environments"],
    ),
    step("2023-04-06T15:28:00+02:00", "", &["inc-status", "set", INCIDENT, "postmortem-completed"]),
    step(
        "2023-04-06T15:28:00+02:00",
        "The status of a PDCA is derived, never typed.",
        &["pdca", "show", PDCA],
    ),
    step("2023-04-06T15:28:00+02:00", "The report, as Markdown.", &["inc-report", INCIDENT]),
];

/// What `--format json` prints.
#[derive(Debug, Serialize)]
struct Left {
    folder: String,
    incident: &'static str,
    pdca: &'static str,
}

/// Replays the incident, and leaves the repository for the reader to explore.
///
/// # Errors
/// A folder that is not empty, lies in a repository or cannot be made; a step that fails.
pub fn run(args: Args, session: &Session) -> Result<()> {
    let folder = match args.folder {
        Some(folder) => {
            let folder = session.dir().join(folder);
            refuse_inside_a_repository(&folder)?;
            empty(folder)?
        }
        None => {
            refuse_inside_a_repository(&std::env::temp_dir())?;
            tempfile::Builder::new().prefix("inc-demo-").tempdir().context("make a temporary folder")?.keep()
        }
    };
    let quiet = session.format() == Format::Json;
    show(session, quiet, "$ inc init . --timezone Europe/Paris\n")?;
    step_in(&folder, "2023-03-27T12:00:00+02:00", &["init", ".", "--timezone", "Europe/Paris"], true)?;
    for step in STEPS {
        let says = if step.says.is_empty() { String::new() } else { format!("\n# {}\n", step.says) };
        show(session, quiet, &format!("{says}$ {}\n", shell(step.words)))?;
        step_in(&folder, step.at, step.words, quiet)?;
    }
    let shown = folder.display();
    show(
        session,
        quiet,
        &format!("\n# All of it is yours to explore; git has every step:\n$ cd {shown} && git log\n"),
    )?;
    match quiet {
        true => {
            session.answer(&Left { folder: shown.to_string(), incident: INCIDENT, pdca: PDCA }, String::new)
        }
        false => Ok(()),
    }
}

fn show(session: &Session, quiet: bool, text: &str) -> Result<()> {
    if quiet { Ok(()) } else { session.print(text) }
}

/// `inc init` takes the repository around a folder as it is: the demo's incident would end up in the user's own.
fn refuse_inside_a_repository(folder: &Path) -> Result<()> {
    let around = folder.ancestors().find(|around| around.exists()).unwrap_or(Path::new("."));
    match Repository::discover(around) {
        Ok(found) => Err(Failure::refused(format!(
            "{} lies in the repository {}: name a folder outside of it",
            folder.display(),
            found.top().display()
        ))),
        Err(GitError::NoRepository { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn empty(folder: PathBuf) -> Result<PathBuf> {
    match std::fs::read_dir(&folder) {
        Ok(entries) => match entries.count() {
            0 => Ok(folder),
            _ => Err(Failure::refused(format!(
                "{} is not empty: name an empty or a new folder",
                folder.display()
            ))),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            std::fs::create_dir_all(&folder).with_context(|| format!("create {}", folder.display()))?;
            Ok(folder)
        }
        Err(error) => Err(error).with_context(|| format!("open {}", folder.display())),
    }
}

/// Runs one of the programs as a person would, at that time, untouched by the user's own settings of git.
fn step_in(folder: &Path, at: &str, words: &[&str], quiet: bool) -> Result<()> {
    let (program, rest) = words.split_first().context("a step has words")?;
    let mut command = Command::new(std::env::current_exe().context("find this program")?);
    command
        .arg(program.trim_start_matches("inc-"))
        .args(rest)
        .current_dir(folder)
        .env("INC_NOW", at)
        .env("INC_AUTHOR", AUTHOR)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .env_remove("INC_INCIDENT")
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .stdin(Stdio::null());
    if quiet {
        command.stdout(Stdio::null()).stderr(Stdio::null());
    }
    std::io::stdout().flush().context("write to stdout")?;
    let status = command.status().with_context(|| format!("run {program}"))?;
    if !status.success() {
        return Err(Failure::surroundings(format!("the demo stops: {} ended with {status}", shell(words))));
    }
    Ok(())
}

/// The words as a person would type them in a shell.
fn shell(words: &[&str]) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@".contains(c);
    let word = |word: &&str| match !word.is_empty() && word.chars().all(plain) {
        true => (*word).to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    };
    words.iter().map(word).collect::<Vec<_>>().join(" ")
}
