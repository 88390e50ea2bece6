//! Every state of a repository: a change is committed as a git user expects, or refused with nothing changed.
//!
//! A state is a set-up and what is expected of it. Two changes meet it, one of a record that exists and one
//! declaration, and each in both ways of committing: the one that inc chooses, and through the user's git
//! (`INC_GIT=program`). `ground` is the repository and its neighbours, `proof` is what "as a git user expects" means.

mod branches;
mod contents;
mod environment;
mod formats;
mod ground;
mod hooks;
mod index;
mod operations;
mod owners;
mod places;
mod proof;
mod record;
mod rules;

use ground::Ground;
use proof::Standing;

use crate::support::{ID, TITLE};

/// What the programs take for the present.
const NOW: &str = "2023-03-27T14:00:00+02:00";
/// Who signs.
const AUTHOR: &str = "Mathieu Corbin <mathieu@example.com>";
/// The record that exists.
const RECORD: &str = "incidents/2023/2023-03-27-staging-kubernetes-cluster-3-is-misbehaving.yaml";
/// The record that a declaration adds.
const DECLARED: &str = "incidents/2023/2023-03-27-disk-full.yaml";

/// One of the two changes that meet each state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    /// `inc-timeline add`: a record that exists gets an entry.
    Append,
    /// `inc-declare`: there is a new record.
    Declare,
}

impl Change {
    /// The program with its words, before the options that a state adds.
    fn line(self) -> (&'static str, &'static [&'static str]) {
        match self {
            Self::Append => ("inc-timeline", &["add", ID, "All nodes are back"]),
            Self::Declare => ("inc-declare", &["Disk full"]),
        }
    }

    /// The message of the commit.
    fn message(self, id: &str) -> String {
        let subject = match self {
            Self::Append => "timeline: All nodes are back",
            Self::Declare => "declare: Disk full",
        };
        format!("{subject}\n\nIncident: {id}")
    }
}

/// What a change comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expect {
    /// Exit code 0, and all that `proof` asks for.
    Kept,
    /// This exit code, these words, and nothing changed.
    Refused(i32, &'static [&'static str]),
    /// The change is not tried.
    Untried,
}

/// A look at the repository after a change.
type Check = Box<dyn Fn(&Ground, Change)>;

/// A state under test.
struct State {
    init: &'static [&'static str],
    set_up: Box<dyn Fn(&mut Ground)>,
    then: Check,
    message: Box<dyn Fn(String) -> String>,
    remarks: &'static [&'static str],
    signed: String,
    reflog: bool,
    neighbours: bool,
    unborn: bool,
}

/// The state that `set_up` makes of a repository with one record in it.
fn given(set_up: impl Fn(&mut Ground) + 'static) -> State {
    State {
        init: &[],
        set_up: Box::new(set_up),
        then: Box::new(|_, _| {}),
        message: Box::new(|message| message),
        remarks: &[],
        signed: format!("{AUTHOR} {NOW}, {AUTHOR} {NOW}"),
        reflog: true,
        neighbours: true,
        unborn: false,
    }
}

impl State {
    /// The repository is made by `git init` with these options.
    fn init(mut self, options: &'static [&'static str]) -> Self {
        self.init = options;
        self
    }

    /// There is no commit yet when the set-up begins; all files lie there untracked.
    fn unborn(mut self) -> Self {
        self.unborn = true;
        self
    }

    /// Nothing is staged or edited beside the record: the state does not allow it.
    fn alone(mut self) -> Self {
        self.neighbours = false;
        self
    }

    /// What else must hold after each change that is kept.
    fn then(mut self, check: impl Fn(&Ground, Change) + 'static) -> Self {
        self.then = Box::new(check);
        self
    }

    /// What a rule of the repository makes of the message.
    fn message(mut self, edited: impl Fn(String) -> String + 'static) -> Self {
        self.message = Box::new(edited);
        self
    }

    /// What stderr says of a change that is kept.
    fn remarks(mut self, words: &'static [&'static str]) -> Self {
        self.remarks = words;
        self
    }

    /// Author and committer with their dates, as `%an <%ae> %aI, %cn <%ce> %cI` shows them.
    fn signed(mut self, by: impl Into<String>) -> Self {
        self.signed = by.into();
        self
    }

    /// Git keeps no reflog here.
    fn without_reflog(mut self) -> Self {
        self.reflog = false;
        self
    }

    /// Both changes are committed.
    fn kept(self) {
        self.expect(Expect::Kept, Expect::Kept);
    }

    /// Both changes are refused.
    fn refused(self, code: i32, words: &'static [&'static str]) {
        self.expect(Expect::Refused(code, words), Expect::Refused(code, words));
    }

    /// The record that exists cannot be changed; a new one can be added.
    fn append_refused(self, code: i32, words: &'static [&'static str]) {
        self.expect(Expect::Refused(code, words), Expect::Kept);
    }

    /// Only the record that exists is of interest, and its change is committed.
    fn append_kept(self) {
        self.expect(Expect::Kept, Expect::Untried);
    }

    /// Meets the state with both changes in both ways.
    fn expect(self, append: Expect, declare: Expect) {
        for way in [None, Some("program")] {
            let mut ground = Ground::new(self.init, way, self.unborn);
            (self.set_up)(&mut ground);
            if self.neighbours {
                ground.stage_and_edit_neighbours();
            }
            let mut standing = Standing::of(&ground);
            for (change, expect) in [(Change::Append, append), (Change::Declare, declare)] {
                println!("INC_GIT={way:?}, {change:?}: {expect:?}"); // shown where it fails
                match expect {
                    Expect::Kept => standing = self.prove_kept(&ground, &standing, change),
                    Expect::Refused(code, words) => standing.prove_refused(&ground, change, code, words),
                    Expect::Untried => {}
                }
            }
            if [append, declare].contains(&Expect::Kept) {
                proof::prove_whole(&ground);
            }
        }
    }

    /// Makes the change, proves that it is kept as a git user expects, and returns how the repository then stands.
    fn prove_kept(&self, ground: &Ground, before: &Standing, change: Change) -> Standing {
        let output = ground.run(change);
        assert_eq!(output.code, 0, "{output:?}");
        let id = match change {
            Change::Append => ID.to_owned(),
            Change::Declare => output.stdout.trim_end().to_owned(),
        };
        let message = (self.message)(change.message(&id));
        let after = Standing::of(ground);
        after.prove_one_commit(before, ground, change, &proof::place(ground, &id));
        after.prove_signed(before, ground, &message, &self.signed);
        if self.reflog {
            after.prove_reflog(before, ground, message.lines().next().unwrap());
        }
        output.says(self.remarks).says(&[&format!("[commit {}]", &ground.head()[..10])]);
        (self.then)(ground, change);
        after
    }
}

#[test]
fn the_proof_sees_what_must_not_happen() {
    for (hook, sabotage) in [
        ("pre-commit", "git add untracked.txt"),
        ("pre-commit", "git update-index --chmod=+x incidents/*/*.yaml"),
        ("post-commit", "git reset --quiet"),
        ("post-commit", "echo by hand >> dirty.txt"),
        ("post-commit", "echo by hand >> incidents/2023/2023-03-27-staging-*.yaml"),
        ("post-commit", "git rm --quiet --cached incidents/*/*.yaml"),
        ("post-commit", "echo > .git/left.lock"),
        ("post-commit", "echo > .git/objects/tmp_obj_left"),
        ("post-commit", "git tag new"),
        ("post-commit", "touch -d 2001-01-01 incidents/2023/2023-03-27-staging-*.yaml"),
        ("post-commit", "git update-index --assume-unchanged docs/a.md"),
        ("post-commit", "git update-index --index-version 4"),
        ("post-commit", "git reflog delete HEAD@{0}"),
        ("post-commit", "git switch --quiet --detach"),
        ("commit-msg", "echo more >> \"$1\""),
    ] {
        let state = given(move |ground| ground.hook(hook, sabotage));
        let proof = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| state.append_kept()));
        assert!(proof.is_err(), "{sabotage}");
    }
}
