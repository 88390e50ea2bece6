//! A terminal of our own, so that programs which ask people can be tested: a pseudo-terminal, and who types into it.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

/// How long a program may take to ask.
const PATIENCE: Duration = Duration::from_secs(30);

/// A program that runs on a terminal.
pub struct Terminal {
    keys: File,
    screen: Receiver<Vec<u8>>,
    seen: String,
    child: Child,
}

impl Terminal {
    /// Runs a command with stdin and stderr on a new terminal; its stdout is a pipe.
    pub fn run(mut command: Command) -> Self {
        let controller = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&controller).unwrap();
        unlockpt(&controller).unwrap();
        let name = ptsname(&controller, vec![]).unwrap().into_string().unwrap();
        let side = OpenOptions::new().read(true).write(true).open(name).unwrap();
        let controller = File::from(controller);
        let child = command
            .stdin(Stdio::from(side.try_clone().unwrap()))
            .stderr(Stdio::from(side))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        // Else this process would hold the program's side open, and its end would not be seen.
        drop(command);
        let (send, screen) = channel();
        let mut reader = controller.try_clone().unwrap();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            // Linux ends the reading with an error once the program has gone.
            while let Ok(count @ 1..) = reader.read(&mut bytes) {
                if send.send(bytes[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self { keys: controller, screen, seen: String::new(), child }
    }

    /// Waits until these words are shown after what was awaited before.
    #[track_caller]
    pub fn shows(&mut self, words: &str) -> &mut Self {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(at) = self.seen.find(words) {
                self.seen.drain(..at + words.len());
                return self;
            }
            match self.screen.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.seen.push_str(&String::from_utf8_lossy(&bytes)),
                Err(_) => panic!("{words:?} is not shown, but {:?}", self.seen),
            }
        }
    }

    /// Types keys.
    pub fn types(&mut self, keys: &str) -> &mut Self {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self
    }

    /// Waits for the end; the exit code and what went to stdout.
    pub fn ends(mut self) -> (i32, String) {
        let mut stdout = String::new();
        self.child.stdout.take().unwrap().read_to_string(&mut stdout).unwrap();
        (self.child.wait().unwrap().code().unwrap(), stdout)
    }
}
