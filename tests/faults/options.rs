//! What is asked for on the command line; flags of cargo's own test programs are let pass.

/// The words after `cargo test --test faults --`.
#[derive(Default)]
pub struct Options {
    /// Every point of every scenario; else a sample.
    pub all: bool,
    /// Only say which scenarios there are, or with `--all` every point of them.
    pub list: bool,
    /// Which verbs, ways and places, with commas between them.
    pub verb: Option<String>,
    pub way: Option<String>,
    pub place: Option<String>,
    pub fault: Option<String>,
    pub point: Option<String>,
    /// A part of a scenario's name.
    pub name: Option<String>,
    /// Only every so-manieth injection.
    pub every: Option<usize>,
    /// How many at a time.
    pub jobs: Option<usize>,
    /// How many failures of a kind are told.
    pub show: Option<usize>,
    /// The repositories of failed injections stay where they are.
    pub keep: bool,
}

impl Options {
    /// Reads them; what is not ours is left out.
    pub fn read(words: impl Iterator<Item = String>) -> Self {
        let mut options = Self::default();
        let mut words = words.flat_map(|word| match word.split_once('=') {
            Some((name, value)) if name.starts_with("--") => vec![name.to_owned(), value.to_owned()],
            _ => vec![word],
        });
        while let Some(word) = words.next() {
            match &*word {
                "--all" => options.all = true,
                "--list" => options.list = true,
                "--keep" => options.keep = true,
                "--verb" => options.verb = words.next(),
                "--way" => options.way = words.next(),
                "--place" | "--state" => options.place = words.next(),
                "--fault" => options.fault = words.next(),
                "--point" => options.point = words.next(),
                "--every" => options.every = words.next().and_then(|word| word.parse().ok()),
                "--jobs" => options.jobs = words.next().and_then(|word| word.parse().ok()),
                "--show" => options.show = words.next().and_then(|word| word.parse().ok()),
                // Those of cargo's test programs that take a value.
                "--test-threads" | "--skip" | "--format" | "--color" | "--logfile" | "--report-time"
                | "--shuffle-seed" | "-Z" => drop(words.next()),
                flag if flag.starts_with('-') => {}
                name => options.name = Some(name.to_owned()),
            }
        }
        options
    }

    /// Whether a scenario of this name is meant.
    pub fn wants(&self, verb: &str, way: &str, place: &str) -> bool {
        let is = |wanted: &Option<String>, value: &str| {
            wanted.as_deref().is_none_or(|wanted| wanted.split(',').any(|one| one == value))
        };
        let name = format!("{verb}/{way}/{place}");
        is(&self.verb, verb)
            && is(&self.way, way)
            && is(&self.place, place)
            && self.name.as_deref().is_none_or(|part| name.contains(part))
    }

    /// Whether single scenarios, points or faults were asked for.
    pub fn chosen(&self) -> bool {
        [&self.verb, &self.way, &self.place, &self.fault, &self.point].iter().any(|wanted| wanted.is_some())
    }
}
