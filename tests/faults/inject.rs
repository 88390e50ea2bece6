//! One fault at one point: strace around the program itself, or around one of the programs that it starts.
//!
//! To reach exactly one `git`, or one `inc-merge` that git starts, a shell script of that name stands first on the
//! PATH. It counts how often it is started, and puts strace before the real program when its turn has come. Where git
//! starts a git, that passes the same script (`GIT_EXEC_PATH`), which our own program never sees.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::case::Case;
use crate::points::{self, Point};
use crate::world::{Ended, World, programs};

/// What happens at a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The process dies before the call has any effect.
    Kill,
    /// So does all that runs, at once: a machine without power, a closed lid. For points below the program itself.
    Crash,
    /// The call fails with this error.
    Error(&'static str),
}

/// All of them.
pub const FAULTS: [Fault; 5] =
    [Fault::Kill, Fault::Crash, Fault::Error("EIO"), Fault::Error("ENOSPC"), Fault::Error("EINTR")];

impl Fault {
    pub fn name(self) -> &'static str {
        match self {
            Self::Kill => "kill",
            Self::Crash => "crash",
            Self::Error(name) => name,
        }
    }

    /// Whether it can be had at this point.
    pub fn fits(self, point: &Point) -> bool {
        self != Self::Crash || point.process > 0
    }

    /// Whether our own program dies of it.
    pub fn ends_us(self, point: &Point) -> bool {
        self == Self::Crash || (self == Self::Kill && point.process == 0)
    }
}

/// The programs that are reached where another one starts them.
const COUNTED: [&str; 2] = ["git", "inc-merge"];

/// The programs that the bed stands on.
pub struct Tools {
    git: PathBuf,
    /// Git's own programs, with our script in the place of `git`.
    core: PathBuf,
}

impl Tools {
    /// Finds them, or says in a line why there can be no faults here.
    pub fn find(folder: &Path) -> Result<Self, String> {
        let trial =
            ["-f", "-o", "/dev/null", "-e", "trace=fsync", "-e", "inject=fsync:error=EIO:when=1", "true"];
        match Command::new("strace").args(trial).stdin(Stdio::null()).output() {
            Err(_) => return Err("strace is not installed".into()),
            Ok(output) if !output.status.success() => {
                let why = String::from_utf8_lossy(&output.stderr).trim().replace('\n', "; ");
                return Err(format!("strace may not trace here: {why}"));
            }
            Ok(_) => {}
        }
        let path = std::env::var_os("PATH").unwrap_or_default();
        let git = std::env::split_paths(&path).map(|folder| folder.join("git")).find(|git| git.is_file());
        let git = git.ok_or("git is not installed")?;
        let own = Command::new(&git).arg("--exec-path").output().map_err(|error| error.to_string())?;
        let own = PathBuf::from(String::from_utf8_lossy(&own.stdout).trim());
        let core = folder.join("core");
        fs::create_dir(&core).unwrap();
        for entry in fs::read_dir(own).map_err(|error| error.to_string())?.map(Result::unwrap) {
            if entry.file_name() != "git" {
                symlink(entry.path(), core.join(entry.file_name())).unwrap();
            }
        }
        script(&core.join("git"), r#"exec "$INC_FAULTS_SCRIPT" "$@""#);
        for end in ["upload-pack", "receive-pack"] {
            let name = core.join(format!("git-{end}"));
            fs::remove_file(&name).unwrap();
            script(&name, &format!(r#"exec "$INC_FAULTS_SCRIPT" {end} "$@""#));
        }
        script(&core.join("counting"), &counting(&git, &core));
        Ok(Self { git, core })
    }

    /// The points of a change: those that two runs agree on, for chance may make one of them another.
    pub fn points(&self, case: &dyn Case, folder: &Path) -> Vec<Point> {
        let mut seen: Vec<Vec<Point>> = vec![];
        for nth in 0..9 {
            let points = self.listing(case, folder.with_extension(nth.to_string()));
            if seen.contains(&points) {
                return points;
            }
            seen.push(points);
        }
        let [.., one, other] = &seen[..] else { unreachable!("nine runs") };
        let differs = one.iter().zip(other).find(|(one, other)| one != other);
        panic!("{}: no two of nine runs make the same system calls: {differs:?}", case.name());
    }

    /// Runs the change under strace without a fault.
    fn listing(&self, case: &dyn Case, folder: PathBuf) -> Vec<Point> {
        let world = case.world().copy_to(folder);
        self.put_script(&world, None);
        let log = world.ctl("log");
        let traced = points::traced();
        let strace = ["strace", "-ff", "-ttt", "-y", "-s", "0", "-e", &format!("trace={traced}"), "-o"];
        let mut words: Vec<OsString> = strace.iter().map(OsString::from).collect();
        words.push(log.clone().into());
        let ended = self.run(case, &world, words, true);
        let as_expected = ended.code == Some(case.code());
        assert!(as_expected, "{} under strace: {}", case.name(), ended.words());
        let mut points = points::read(log.parent().unwrap(), "log", world.root(), &self.git);
        points.retain(|point| case.hurts(point));
        let _ = fs::remove_dir_all(world.root());
        points
    }

    /// Runs the change with a fault. An error in place of an end: chance made the run another, and this was hit.
    pub fn inject(
        &self,
        case: &dyn Case,
        world: &World,
        point: &Point,
        fault: Fault,
    ) -> Result<Ended, String> {
        let hit = world.ctl("hit");
        let kind = match fault {
            Fault::Kill | Fault::Crash => "signal=KILL".to_owned(),
            Fault::Error(name) => format!("error={name}"),
        };
        let call = &point.syscall;
        let mut strace: Vec<OsString> =
            ["strace", "-y", "-s", "0", "-o"].iter().map(OsString::from).collect();
        strace.push(hit.clone().into());
        if let Some(path) = &point.fork {
            // Forks cannot be told apart by a number: whoever of them touches this path is hit.
            strace.extend([
                "-f".into(),
                "-P".into(),
                path.replace('~', world.root().to_str().unwrap()).into(),
            ]);
        }
        for part in [format!("trace={call}"), format!("inject={call}:{kind}:when={}", point.nth)] {
            strace.extend(["-e".into(), part.into()]);
        }
        let ended = if point.process == 0 {
            self.run(case, world, strace, false)
        } else {
            self.put_script(world, Some((point.process, &strace, fault)));
            self.run(case, world, vec![], true)
        };
        points::was_hit(&hit, point, world.root()).map_err(|met| format!("{met}; {}", ended.words()))?;
        Ok(ended)
    }

    fn run(&self, case: &dyn Case, world: &World, before: Vec<OsString>, with_script: bool) -> Ended {
        let run = case.run();
        let first = if with_script { vec![world.ctl("bin")] } else { vec![] };
        let mut env = world.environment(run.now, &first);
        env.extend(run.env);
        let mut line: Vec<OsString> = run.line.iter().map(OsString::from).collect();
        // The program itself is not counted.
        line[0] = programs().join(run.line[0]).into();
        if run.line[0] == "git" {
            line[0] = self.git.clone().into();
            // Its children are looked for there before the PATH.
            env.push(("GIT_EXEC_PATH", self.core.clone().into()));
            env.push(("INC_FAULTS_SCRIPT", world.ctl("bin").join("git").into()));
        }
        world.run(&before.into_iter().chain(line).collect::<Vec<_>>(), &env)
    }

    /// Puts the programs that count in place, and what it does when the turn of the `nth` has come.
    fn put_script(&self, world: &World, at: Option<(usize, &[OsString], Fault)>) {
        let (nth, act) = at.map_or((0, String::new()), |(nth, strace, fault)| {
            let strace: Vec<String> =
                strace.iter().map(|word| format!("'{}'", word.to_str().unwrap())).collect();
            let strace = format!("{} \"$real\" \"$@\"", strace.join(" "));
            let act = if fault == Fault::Crash {
                // Whoever started it still waits for this very script when the whole group is ended.
                format!("{strace}\nkill -9 0")
            } else {
                format!("exec {strace}")
            };
            (nth, act)
        });
        let bin = world.ctl("bin");
        fs::create_dir_all(&bin).unwrap();
        // A script written just now may be "busy" while another thread starts a process: so it is always the same.
        for name in COUNTED {
            symlink(self.core.join("counting"), bin.join(name)).unwrap();
        }
        fs::write(world.ctl("turn"), format!("if [ $nth -eq {nth} ]; then\n:\n{act}\nfi\n")).unwrap();
    }
}

/// The programs that count how often they are started, in the folder above the one where they lie.
fn counting(git: &Path, core: &Path) -> String {
    format!(
        r#"ctl="${{0%/bin/*}}"
real='{git}'
[ "${{0##*/}}" = git ] || real='{ours}'/"${{0##*/}}"
nth=0
[ -f "$ctl/count" ] && read nth <"$ctl/count"
nth=$((nth + 1))
echo $nth >"$ctl/count"
export GIT_EXEC_PATH='{core}' INC_FAULTS_SCRIPT="$ctl/bin/git"
. "$ctl/turn"
exec "$real" "$@""#,
        git = git.display(),
        ours = programs().display(),
        core = core.display(),
    )
}

fn script(path: &Path, text: &str) {
    fs::write(path, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}
