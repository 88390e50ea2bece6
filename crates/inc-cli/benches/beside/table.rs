//! What a benchmark prints: a line a figure, what it must reach, and whether it does.

/// What is printed, a line a figure, as soon as it is known.
#[derive(Default)]
pub struct Table {
    pub lines: usize,
    pub missed: usize,
    /// The last line that is no part of another, and the last line.
    above: String,
    name: String,
    /// What went wrong, shown at the end.
    pub notes: Vec<String>,
}

impl Table {
    /// A figure that must reach something.
    pub fn judged(&mut self, name: &str, figure: &str, threshold: &str, reached: bool) {
        self.missed += usize::from(!reached);
        self.print(name, figure, threshold, if reached { "ok" } else { "MISSED" });
    }

    /// A figure for comparison.
    pub fn plain(&mut self, name: &str, figure: &str) {
        self.print(name, figure, "-", "");
    }

    /// A number that must be exactly this.
    pub fn count(&mut self, name: &str, figure: usize, expected: usize) {
        self.judged(name, &figure.to_string(), &expected.to_string(), figure == expected);
    }

    /// Things that must not be.
    pub fn none(&mut self, name: &str, faults: &[String]) {
        self.count(name, faults.len(), 0);
        self.note(faults);
    }

    /// The first of what lies behind the last figure, to be shown at the end.
    pub fn note(&mut self, words: &[String]) {
        let short = |words: &String| words.replace('\n', " | ").chars().take(700).collect::<String>();
        let name = &self.name;
        self.notes.extend(words.iter().take(3).map(|words| format!("{name}: {}", short(words))));
    }

    fn print(&mut self, name: &str, figure: &str, threshold: &str, verdict: &str) {
        self.lines += 1;
        // An indented line is a part of the one above it.
        match name.strip_prefix("  ") {
            None => (self.above, self.name) = (name.to_owned(), name.to_owned()),
            Some(part) => self.name = format!("{}, {part}", self.above),
        }
        println!("{name:<90} {figure:>18}  {threshold:<28} {verdict}");
    }
}
