//! One fault at one point: strace around the program itself, or around one of the `git` that it starts.
//!
//! To reach exactly one `git` a shell script of that name stands first on the PATH. It counts how often it is
//! started, and puts strace before the real program when its turn has come. Where git starts a git, that passes the
//! same script (`GIT_EXEC_PATH`), which our own program never sees.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::points::{self, Point};
use crate::scenario::Template;
use crate::world::{Ended, World};

/// What happens at a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The process dies before the call has any effect.
    Kill,
    /// So does our program, at once: a machine without power, a closed lid. For points in a `git` only.
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
        script(&core.join("counting-git"), &counting_git(&git, &core));
        Ok(Self { git, core })
    }

    /// The points of a change: those that two runs agree on, for chance may make one of them another.
    pub fn points(&self, template: &Template, folder: &Path) -> Vec<Point> {
        let mut seen: Vec<Vec<Point>> = vec![];
        for nth in 0..9 {
            let points = self.listing(template, folder.with_extension(nth.to_string()));
            if seen.contains(&points) {
                return points;
            }
            seen.push(points);
        }
        panic!("{}: no two of nine runs make the same system calls", template.scenario.name());
    }

    /// Runs the change under strace without a fault.
    fn listing(&self, template: &Template, folder: PathBuf) -> Vec<Point> {
        let world = template.world.copy_to(folder);
        self.put_script(&world, None);
        let log = world.ctl("log");
        let traced = points::traced();
        let strace = ["strace", "-ff", "-ttt", "-y", "-s", "0", "-e", &format!("trace={traced}"), "-o"];
        let mut words: Vec<OsString> = strace.iter().map(OsString::from).collect();
        words.push(log.clone().into());
        let ended = self.run(template, &world, words, true);
        assert!(ended.ok(), "{} under strace: {}", template.scenario.name(), ended.words());
        let points = points::read(log.parent().unwrap(), "log", world.root(), &self.git);
        let _ = fs::remove_dir_all(world.root());
        points
    }

    /// Runs the change with a fault. An error in place of an end: chance made the run another, and this was hit.
    pub fn inject(
        &self,
        template: &Template,
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
            self.run(template, world, strace, false)
        } else {
            self.put_script(world, Some((point.process, &strace, fault)));
            self.run(template, world, vec![], true)
        };
        points::was_hit(&hit, point, world.root()).map_err(|met| format!("{met}; {}", ended.words()))?;
        Ok(ended)
    }

    fn run(&self, template: &Template, world: &World, before: Vec<OsString>, with_script: bool) -> Ended {
        let scenario = template.scenario;
        let (line, now) = scenario.change();
        let first = if with_script { vec![world.ctl("bin")] } else { vec![] };
        let mut env = world.environment(now, &first);
        env.extend(scenario.way.1.map(|way| ("INC_GIT", way.into())));
        let words: Vec<OsString> = before.into_iter().chain(line.iter().map(OsString::from)).collect();
        world.run(&words, &env)
    }

    /// Puts the `git` that counts in place, and what it does when the turn of the `nth` has come.
    fn put_script(&self, world: &World, at: Option<(usize, &[OsString], Fault)>) {
        let (nth, act) = at.map_or((0, String::new()), |(nth, strace, fault)| {
            let strace: Vec<String> =
                strace.iter().map(|word| format!("'{}'", word.to_str().unwrap())).collect();
            let strace = format!("{} '{}' \"$@\"", strace.join(" "), self.git.display());
            let act = if fault == Fault::Crash {
                // Our program still waits for this very script when it is ended.
                format!("{strace}\nread ours <\"$ctl/pid\"\nkill -9 $ours $PPID 2>/dev/null\nexit 137")
            } else {
                format!("exec {strace}")
            };
            (nth, act)
        });
        let bin = world.ctl("bin");
        fs::create_dir_all(&bin).unwrap();
        // A script written just now may be "busy" while another thread starts a process: so it is always the same.
        symlink(self.core.join("counting-git"), bin.join("git")).unwrap();
        fs::write(world.ctl("turn"), format!("if [ $nth -eq {nth} ]; then\n:\n{act}\nfi\n")).unwrap();
    }
}

/// The `git` that counts how often it is started, in the folder above the one where it lies.
fn counting_git(git: &Path, core: &Path) -> String {
    format!(
        r#"ctl="${{0%/bin/git}}"
nth=0
[ -f "$ctl/count" ] && read nth <"$ctl/count"
nth=$((nth + 1))
echo $nth >"$ctl/count"
export GIT_EXEC_PATH='{}' INC_FAULTS_SCRIPT="$0"
. "$ctl/turn"
exec '{}' "$@""#,
        core.display(),
        git.display(),
    )
}

fn script(path: &Path, text: &str) {
    fs::write(path, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}
