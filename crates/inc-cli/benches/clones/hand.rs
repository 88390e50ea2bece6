//! Somebody who works in one clone: random changes by the real programs, each with a mark by which it is found again.

use std::fs;
use std::path::PathBuf;

use inc_core::pdca::Pdca;
use serde_json::Value;

use crate::dice::Dice;
use crate::record::Record;
use crate::team::{RECORDS, Team, file};

/// How a change shows in its record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Its token stays for good.
    Stays,
    /// The value of this property is the token, until somebody who saw it says another.
    Value(&'static str),
    /// The countermeasure with the token as its title is done.
    Done,
    /// The token is the evidence of the check of this countermeasure, by its title, until somebody who saw it tells
    /// of another; the shared one has no title.
    Check(String),
    /// The entries that its commit added stay.
    Entry,
}

/// A change that was made.
#[derive(Clone, Debug)]
pub struct Made {
    pub by: usize,
    pub token: String,
    pub mark: Mark,
    /// From the top of the clone.
    pub file: PathBuf,
    pub commit: String,
}

/// What to do.
struct Try {
    token: String,
    mark: Mark,
    file: PathBuf,
    program: &'static str,
    args: Vec<String>,
}

/// A countermeasure of one's own.
struct Own {
    pdca: String,
    token: String,
    done: bool,
}

pub struct Hand<'t> {
    number: usize,
    team: &'t Team,
    turn: usize,
    own: Vec<Own>,
}

impl<'t> Hand<'t> {
    pub fn new(number: usize, team: &'t Team) -> Self {
        Self { number, team, turn: 0, own: vec![] }
    }

    /// One change; what is refused, as a status that stands already, is drawn again.
    pub fn change(&mut self, dice: &mut Dice) -> Made {
        for _ in 0..50 {
            self.turn += 1;
            let Some(next) = self.draw(dice) else { continue };
            let Some(commit) = self.carried_out(&next) else { continue };
            let Try { token, mark, file, .. } = next;
            return Made { by: self.number, token, mark, file, commit };
        }
        panic!("clone {}: fifty changes in a row were refused", self.number);
    }

    fn carried_out(&mut self, next: &Try) -> Option<String> {
        if next.program == "git" {
            return self.by_hand(next);
        }
        let mut args: Vec<&str> = next.args.iter().map(String::as_str).collect();
        args.extend(["--format", "json"]);
        let output = self.team.run(self.number, next.program, &args);
        if !output.status.success() {
            let refused = matches!(output.status.code(), Some(1));
            assert!(refused, "{} {args:?}: {output:?}", next.program);
            return None;
        }
        if next.args[0] == "countermeasure" {
            self.own.push(Own { pdca: next.args[1].clone(), token: next.token.clone(), done: false });
        }
        let told: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        Some(told["commit"].as_str().expect("a change names its commit").to_owned())
    }

    /// A title, typed into the file and committed with git.
    fn by_hand(&self, next: &Try) -> Option<String> {
        let place = &self.team.places[self.number];
        let path = place.top.join(&next.file);
        let text = fs::read_to_string(&path).unwrap();
        let line = text.lines().find(|line| line.starts_with("title:"))?;
        fs::write(&path, text.replacen(line, &format!("title: {}", next.token), 1)).unwrap();
        let shown = next.file.display().to_string();
        place.git(&["commit", "--quiet", "--message=by hand", "--", &shown]);
        Some(place.git(&["rev-parse", "HEAD"]).trim().to_owned())
    }

    /// The record that everybody works on, every other time.
    fn pick<'a>(&self, from: &'a [String], dice: &mut Dice) -> &'a str {
        let place = if dice.in_ten(5) { 0 } else { dice.below(RECORDS as u64) as usize };
        &from[place]
    }

    fn draw(&mut self, dice: &mut Dice) -> Option<Try> {
        let token = format!("c{}n{:04}", self.number, self.turn);
        let verb = dice.below(20);
        let team = self.team;
        if verb < 12 {
            let incident = self.pick(&team.records.0, dice);
            self.of_incident(verb, incident, token, dice)
        } else {
            let pdca = self.pick(&team.records.1, dice).to_owned();
            self.of_pdca(verb, &pdca, token)
        }
    }

    fn of_incident(&self, verb: u64, incident: &str, token: String, dice: &mut Dice) -> Option<Try> {
        let file = file("incidents", incident);
        let make = |program, mark, args: &[&str], token: &str| Try {
            token: token.to_owned(),
            mark,
            file: file.clone(),
            program,
            args: args.iter().map(ToString::to_string).collect(),
        };
        let number = (self.number * 10_000 + self.turn).to_string();
        let told = dice.pick(&["13:55", "14:03", "14:20", "14:41"]);
        Some(match verb {
            0..=2 => make("inc-timeline", Mark::Stays, &["add", incident, &token], &token),
            3 | 4 => make("inc-timeline", Mark::Stays, &["add", incident, &token, "--at", told], &token),
            5 => {
                let args = ["assess", incident, "--customers", &number];
                make("inc-severity", Mark::Value("impact.customers"), &args, &number)
            }
            6 => {
                let args = ["assess", incident, "--features", &token];
                make("inc-severity", Mark::Value("impact.features"), &args, &token)
            }
            7 => {
                let status = self.read(&file).text("status");
                let to = if status == "mitigated" { "investigating" } else { "mitigated" };
                make("inc-status", Mark::Entry, &["set", incident, to, "--reason", &token], &token)
            }
            8 => {
                make("inc-role", Mark::Value("commander"), &["assign", incident, "commander", &token], &token)
            }
            9 => make("inc-role", Mark::Stays, &["assign", incident, "responder", &token], &token),
            10 => make("git", Mark::Value("title"), &[], &token),
            _ => {
                let setting = format!("summary.cause={token}");
                make("inc-edit", Mark::Value("summary.cause"), &[incident, "--set", &setting], &token)
            }
        })
    }

    fn of_pdca(&mut self, verb: u64, pdca: &str, token: String) -> Option<Try> {
        let (mark, args): (Mark, Vec<&str>) = match verb {
            12 | 13 => (Mark::Stays, vec!["why", pdca, &token, "--occurrence"]),
            14 => (Mark::Stays, vec!["why", pdca, &token, "--under", "o1"]),
            15 => {
                let args = ["--root-cause", "RC1", "--check", "look", "--check-on", "today"];
                (Mark::Stays, [&["countermeasure", pdca, &token][..], &args].concat())
            }
            16 => (Mark::Stays, vec!["act", pdca, "C1", &token, "--target", "production"]),
            17 => (Mark::Check(String::new()), vec!["check", pdca, "C1", "ok", "--evidence", &token]),
            _ => return self.of_own(&token),
        };
        let args = args.iter().map(ToString::to_string).collect();
        let file = file("pdcas", pdca);
        Some(Try { token, mark, file, program: "pdca", args })
    }

    /// The next step of a countermeasure of one's own, whose label others may have moved.
    fn of_own(&mut self, token: &str) -> Option<Try> {
        let at = self.own.iter().position(|own| !own.done).or(self.own.len().checked_sub(1))?;
        let (pdca, title, done) = {
            let own = &self.own[at];
            (own.pdca.clone(), own.token.clone(), own.done)
        };
        let file = file("pdcas", &pdca);
        let Record::Pdca(record) = self.read(&file) else { return None };
        let label = label_of(&record, &title)?;
        self.own[at].done = true;
        let (mark, token, rest) = match done {
            false => (Mark::Done, title, vec!["done".to_owned(), pdca, label]),
            true => {
                let words = ["ok", "--evidence", token].map(ToOwned::to_owned);
                (
                    Mark::Check(title),
                    token.to_owned(),
                    [vec!["check".to_owned(), pdca, label], words.to_vec()].concat(),
                )
            }
        };
        Some(Try { token, mark, file, program: "pdca", args: rest })
    }

    fn read(&self, file: &std::path::Path) -> Record {
        let text = fs::read_to_string(self.team.places[self.number].top.join(file)).unwrap();
        Record::read(&text).unwrap_or_else(|why| panic!("{}: {why}", file.display()))
    }
}

fn label_of(pdca: &Pdca, title: &str) -> Option<String> {
    let mut all = pdca.countermeasures.iter();
    all.find(|one| one.title.to_string() == title).map(|one| one.id.to_string())
}
