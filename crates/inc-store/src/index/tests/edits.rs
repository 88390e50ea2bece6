//! Random edits between questions. `INC_INDEX_STEPS=100000 cargo test --release -p inc-store random_edits` looks longer.

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::time::{Duration, SystemTime};

use super::*;
use crate::edit::mangle::Dice;

const IDS: [&str; 6] =
    ["2020-01-01-a", "2020-01-01-b", "2020-01-01-c", "2021-01-01-a", "2021-01-01-b", "2021-01-01-c"];

struct Team {
    ground: Ground,
    dice: Dice,
    has_history: bool,
}

impl Team {
    fn id(&mut self) -> &'static str {
        IDS[self.dice.roll(IDS.len())]
    }

    fn file(&mut self) -> (&'static str, PathBuf) {
        let id = self.id();
        (id, self.ground.top().join(path(id)))
    }

    /// One edit; one that cannot be made is passed over.
    fn edit(&mut self) {
        let (id, file) = self.file();
        let _ = fs::create_dir_all(file.parent().unwrap());
        let note = self.dice.roll(10);
        let _ = match self.dice.roll(100) {
            // As long as the one before, in the same file.
            0..=29 => fs::write(&file, text(id, note)),
            30..=39 => {
                replace(&file, &text(id, note));
                Ok(())
            }
            40..=44 => self.with_old_times(id, &file, note),
            45..=49 => {
                File::options().write(true).open(&file).and_then(|it| it.set_modified(SystemTime::now()))
            }
            50..=54 => fs::remove_file(&file),
            55..=59 => fs::rename(&file, self.file().1),
            60..=62 => fs::write(&file, "schema: 1\nid: [\n"),
            63..=65 => fs::write(&file, text(id, note) + "# a comment\n"),
            66..=68 => self.exchange(&file),
            69..=70 => fs::hard_link(&file, self.file().1),
            71..=72 => {
                let _ = fs::remove_file(&file);
                symlink(format!("{}.yaml", self.id()), &file)
            }
            73..=74 => self.link_folder(),
            // From the future, for so long that the others are not all there in the end.
            75..=76 => File::options()
                .write(true)
                .open(&file)
                .and_then(|it| it.set_modified(SystemTime::now() + Duration::from_millis(90))),
            77 => fs::create_dir(file.with_file_name(format!("{id}-folder.yaml"))),
            78 => fs::remove_dir(file.with_file_name(format!("{id}-folder.yaml"))),
            79 if self.dice.once_in(4) => self.checkout(),
            80 => self.lose_index(),
            // Unchanged.
            _ => Ok(()),
        };
    }

    /// Another text of the same length, and `touch -r` of what stood there.
    fn with_old_times(&mut self, id: &str, file: &Path, note: usize) -> std::io::Result<()> {
        let before = fs::metadata(file)?.modified()?;
        fs::write(file, text(id, note))?;
        File::options().write(true).open(file)?.set_modified(before)
    }

    /// Two files change their names.
    fn exchange(&mut self, file: &Path) -> std::io::Result<()> {
        let (_, other) = self.file();
        let aside = self.ground.top().join("aside");
        fs::rename(file, &aside)?;
        let _ = fs::rename(&other, file);
        fs::rename(aside, other)
    }

    /// A year becomes a link to where it was moved, or comes back.
    fn link_folder(&mut self) -> std::io::Result<()> {
        let (year, moved) = (self.ground.top().join("incidents/2021"), self.ground.top().join("moved"));
        if year.is_symlink() {
            fs::remove_file(&year)?;
            return fs::rename(moved, year);
        }
        fs::rename(&year, moved)?;
        symlink("../moved", year)
    }

    /// A commit of what there is, or the commit before.
    fn checkout(&mut self) -> std::io::Result<()> {
        let run = |args: &[&str]| self.ground.command(&self.ground.top(), args).output();
        if self.has_history && self.dice.once_in(2) {
            run(&["checkout", "-q", "-f", "main~1"]).map(drop)
        } else {
            run(&["checkout", "-q", "-f", "main"])?;
            run(&["add", "-A"])?;
            run(&["commit", "-q", "--allow-empty", "-m", "x"])?;
            self.has_history = true;
            Ok(())
        }
    }

    fn lose_index(&mut self) -> std::io::Result<()> {
        let names = ["incidents", "incidents.recent"];
        fs::remove_file(index_file(&self.ground, names[self.dice.roll(2)]))
    }
}

#[test]
fn random_edits_are_all_seen() {
    let steps = std::env::var("INC_INDEX_STEPS").ok().and_then(|steps| steps.parse().ok()).unwrap_or(600);
    let (ground, store) = ground(0);
    IDS.iter().for_each(|id| put(&ground, id, 1));
    let mut team = Team { ground, dice: Dice::new(11), has_history: false };
    let (mut asked, mut from_index) = (0, 0);
    for step in 0..steps {
        team.edit();
        if team.dice.once_in(3) {
            age();
        }
        if team.dice.once_in(3) {
            continue;
        }
        let (told, anew) = told::<Incident>(&store);
        assert_eq!(told, truth::<Incident>(&store), "step {step}");
        asked += told.len();
        from_index += told.len() - anew;
    }
    println!("{steps} edits, {asked} answers, {from_index} of them from the index");
    // What is broken, linked, of another name or too young is read each time: most of what a long run leaves.
    assert!(from_index * 10 > asked, "{from_index} of {asked}: the index was hardly asked");
}

/// The same with the large table in play: what changed lately is folded into it again and again.
#[test]
fn random_edits_among_many_are_all_seen() {
    let (ground, store) = ground(300);
    settle(&store);
    let mut dice = Dice::new(12);
    for round in 0..12 {
        for _ in 0..60 {
            let number = dice.roll(400);
            let id = format!("20{:02}-01-01-x{number}", 20 + number % 2);
            match dice.roll(4) {
                0 => drop(fs::remove_file(ground.top().join(path(&id)))),
                1 => drop(fs::rename(ground.top().join(path(&id)), ground.top().join(path("2020-01-01-x0")))),
                _ => put(&ground, &id, dice.roll(10)),
            }
        }
        if dice.once_in(2) {
            age();
        }
        let (told, _) = told::<Incident>(&store);
        assert_eq!(told, truth::<Incident>(&store), "round {round}");
    }
}
