//! The classification: each criterion, and whether they make the incident major ((EU) 2024/1772, articles 6, 8 and 9).

mod points;

use super::tally::Tally;
use super::verdict::distinct;
use super::{Missing, Policy, Verdict};

use points::{Point, points};

/// Whether an incident is major, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Classification {
    /// By article 8(1).
    pub major: Verdict,
    /// In one line, with the article.
    pub why: String,
    /// Article 6 first, then the points of article 9 in their order.
    pub criteria: Vec<Criterion>,
    /// What the answer hangs on; empty where it is computed.
    pub missing: Vec<Missing>,
    /// What does not fit together, or was taken in a way that a reader should know.
    pub remarks: Vec<String>,
}

/// One criterion.
#[derive(Debug, Clone, PartialEq)]
pub struct Criterion {
    /// `critical-services`, `clients`, …: for programs.
    pub key: &'static str,
    /// `art. 9(1)`.
    pub article: &'static str,
    /// `clients, counterparts, transactions`.
    pub name: &'static str,
    /// Whether it is met.
    pub verdict: Verdict,
    /// The values that decided, each with its threshold; else what is missing.
    pub why: String,
    /// What it hangs on; empty where it is computed.
    pub missing: Vec<Missing>,
}

const ACCESS: &str = "malicious-access";

/// Article 8(1): critical services, and either malicious access or enough of the other thresholds.
struct Judged {
    critical: Verdict,
    access: Verdict,
    met: usize,
    open: usize,
    needed: usize,
}

impl Judged {
    fn of(points: &[Point<'_>], policy: &Policy) -> Self {
        let (critical, others) = points.split_first().expect("article 6 comes first");
        let access = others.iter().find(|point| point.key == ACCESS);
        let count =
            |verdict| others.iter().filter(|point| point.key != ACCESS && point.verdict() == verdict).count();
        Self {
            critical: critical.verdict(),
            access: access.map_or(Verdict::NotMet, Point::verdict),
            met: count(Verdict::Met),
            open: count(Verdict::NotComputable),
            needed: policy.needed.get() as usize,
        }
    }

    fn major(&self) -> Verdict {
        let enough = match () {
            () if self.met >= self.needed => Verdict::Met,
            () if self.met + self.open < self.needed => Verdict::NotMet,
            () => Verdict::NotComputable,
        };
        self.critical.and(self.access.or(enough))
    }

    fn why(&self, criteria: &[Criterion]) -> String {
        let open = || {
            let open = criteria.iter().filter(|one| one.verdict == Verdict::NotComputable);
            open.map(|one| one.name).collect::<Vec<_>>().join("; ")
        };
        let met = criteria[1..].iter().filter(|one| one.verdict == Verdict::Met && one.key != ACCESS);
        let met: Vec<&str> = met.map(|one| one.name).collect();
        let needed = self.needed;
        let count = match met.is_empty() {
            true => format!("no threshold met ({needed} needed)"),
            false => {
                let thresholds = if met.len() == 1 { "threshold" } else { "thresholds" };
                format!("{} {thresholds} met ({needed} needed): {}", met.len(), met.join("; "))
            }
        };
        match self.major() {
            Verdict::Met if self.access == Verdict::Met => {
                "critical services affected, and malicious access (art. 8(1)(a))".to_owned()
            }
            Verdict::Met => format!("critical services affected, and {count} (art. 8(1)(b))"),
            Verdict::NotMet if self.critical == Verdict::NotMet => {
                "no critical services affected (art. 8(1), art. 6)".to_owned()
            }
            Verdict::NotMet => format!("no malicious access, and {count} (art. 8(1))"),
            Verdict::NotComputable => {
                let decided = if self.access == Verdict::Met { "malicious access" } else { &count };
                // Where enough is met already, the open thresholds change nothing.
                let open = match self.access == Verdict::Met || self.met >= needed {
                    true => criteria[0].name.to_owned(),
                    false => open(),
                };
                format!("{decided} (art. 8(1)); open: {open}")
            }
        }
    }
}

impl Classification {
    pub(super) fn of(tally: &Tally, policy: &Policy) -> Self {
        let points = points(tally, policy);
        let judged = Judged::of(&points, policy);
        let criteria: Vec<Criterion> = points.iter().map(Point::in_words).collect();
        let major = judged.major();
        let is_enough = judged.access == Verdict::Met || judged.met >= judged.needed;
        let hangs_on = match (major, is_enough) {
            (Verdict::NotComputable, true) => &criteria[..1],
            (Verdict::NotComputable, false) => &criteria[..],
            _ => &[],
        };
        Self {
            major,
            why: judged.why(&criteria),
            missing: distinct(hangs_on.iter().flat_map(|one| &one.missing)),
            remarks: remarks(&criteria),
            criteria,
        }
    }

    /// The answer alone, without words.
    pub(super) fn verdict(tally: &Tally, policy: &Policy) -> Verdict {
        Judged::of(&points(tally, policy), policy).major()
    }
}

fn remarks(criteria: &[Criterion]) -> Vec<String> {
    let is = |key: &str, verdict| criteria.iter().any(|one| one.key == key && one.verdict == verdict);
    let mut remarks = vec![];
    if is("malicious-access", Verdict::Met) && !is("critical-services", Verdict::Met) {
        remarks.push(
            "by art. 6(c) a successful malicious access is itself among what makes services count as critical: look at \
             impact.dora.critical_services again"
                .to_owned(),
        );
    }
    if is("malicious-access", Verdict::Met) {
        remarks.push(
            "art. 9(5)(b) counts access that may result in data losses: impact.malicious_access is taken to mean such"
                .to_owned(),
        );
    }
    if is("data-losses", Verdict::Met) {
        remarks.push(
            "art. 9(5)(a) counts losses of data with an adverse impact on business objectives or regulatory \
             requirements: each one in impact.data_losses is taken to have it"
                .to_owned(),
        );
    }
    remarks
}
