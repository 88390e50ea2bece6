//! The answer for people: lines of 60 columns, but for ids and commands, which stay whole to be copied.

use inc_core::dora::Verdict;
use inc_core::text::clean_line;

use super::view::{BUILT_IN, ClockView, CriterionView, MissingView, ReportView, View};

const WIDTH: usize = 60;
/// As wide as the longest article, `art. 9(5)(b)`, and a gap.
const INDENT: usize = 14;
/// How many incidents of a group are named.
const NAMED: usize = 20;
/// How many lacks of other incidents are told; JSON has them all.
const TOLD: usize = 6;

/// The whole answer.
pub fn of(view: &View) -> String {
    let mut lines = vec![format!("major: {}", spaced(view.major))];
    lines.extend(wrapped(&view.why, 2));
    lines.push(view.incident.clone());
    lines.push(String::new());
    lines.push(match view.policy {
        BUILT_IN => "Classification, (EU) 2024/1772:".to_owned(),
        own => format!("Classification, (EU) 2024/1772, by {own}:"),
    });
    lines.extend(view.alone.criteria.iter().flat_map(criterion));
    if !view.alone.missing.is_empty() {
        lines.push(String::new());
        lines.push("Missing:".to_owned());
        lines.extend(view.alone.missing.iter().flat_map(|one| lack(one, false)));
    }
    lines.extend(view.alone.remarks.iter().flat_map(|remark| remarked(remark)));
    lines.extend(recurring(view));
    match &view.clock {
        Some(clock) => lines.extend(reports(clock)),
        None => {
            let why = view.no_reports.unwrap_or_default();
            lines.extend([String::new(), format!("Reports, (EU) 2025/301: no reports: {why}")]);
        }
    }
    lines.push(String::new());
    lines.extend(wrapped(view.notice, 0));
    lines.join("\n")
}

fn criterion(one: &CriterionView) -> Vec<String> {
    let mut lines = vec![entry(one.article, &format!("{}: {}", one.name, one.result.words()))];
    lines.extend(wrapped(&one.why, INDENT));
    lines
}

fn recurring(view: &View) -> Vec<String> {
    let recurring = &view.recurring;
    let mut lines = vec![String::new(), "Recurring, (EU) 2024/1772:".to_owned()];
    lines.push(entry(recurring.article, &format!("major: {}", spaced(recurring.major))));
    lines.extend(wrapped(&recurring.why, INDENT));
    lines.extend(recurring.incidents.iter().take(NAMED).map(|id| format!("  {id}")));
    lines.extend(rest(recurring.incidents.len(), NAMED));
    let met = recurring.criteria.iter().filter(|one| one.result == Verdict::Met);
    lines.extend(met.flat_map(criterion));
    // What this incident lacks was told above.
    let told = |one: &&MissingView| {
        let above = view.alone.missing.iter();
        !above.into_iter().any(|told| told.incident == one.incident && told.path == one.path)
    };
    let others: Vec<&MissingView> = recurring.missing.iter().filter(told).collect();
    lines.extend(others.iter().take(TOLD).flat_map(|one| lack(one, one.incident != view.incident)));
    lines.extend(rest(others.len(), TOLD));
    lines.extend(recurring.remarks.iter().flat_map(|remark| remarked(remark)));
    lines
}

/// That there are more than were told.
fn rest(all: usize, told: usize) -> Option<String> {
    (all > told).then(|| format!("  and {} more; all with --format json", all - told))
}

fn reports(clock: &ClockView) -> Vec<String> {
    let mut lines = vec![String::new()];
    lines.extend(wrapped(&format!("Reports, (EU) 2025/301: {}", clock.because), 0));
    lines.push(format!("  aware since {} ({})", clock.aware_at, clock.aware_by));
    if let Some(with) = &clock.together {
        lines.push(format!("  major together since {}, aware of", with.aware_at));
        lines.push(format!("    {}", with.incident));
    }
    lines.extend(clock.reports.iter().flat_map(report));
    lines
}

fn report(report: &ReportView) -> Vec<String> {
    let mut lines = vec![entry(report.article, &format!("{}: {}", report.name, report.words))];
    if let Some(due) = report.due_at {
        lines.push(entry("", &format!("due {due}")));
    }
    lines.extend(wrapped(&report.rule, INDENT));
    lines.extend(report.sent_at.map(|sent| entry("", &format!("sent {sent}"))));
    let contradictions = report.contradictions.iter().map(|one| format!("contradiction: {one}"));
    let remarks = report.remarks.iter().map(|one| format!("remark: {one}"));
    lines.extend(contradictions.chain(remarks).flat_map(|one| wrapped(&one, INDENT)));
    lines.extend(report.missing.iter().flat_map(|one| lack(one, false)));
    lines
}

/// An article and what is said of it, which may go on in further lines.
fn entry(article: &str, text: &str) -> String {
    let lines = wrapped(text, INDENT);
    let first = lines.first().map(|line| line.trim_start()).unwrap_or_default();
    let mut whole = format!("{article:<INDENT$}{first}");
    for line in lines.iter().skip(1) {
        whole.push('\n');
        whole.push_str(line);
    }
    whole
}

fn lack(missing: &MissingView, named: bool) -> Vec<String> {
    let of = if named { format!("{}: ", missing.incident) } else { String::new() };
    let mut lines = wrapped(&format!("{of}{}: {}", missing.path, missing.why), 2);
    lines.push(format!("    {}", clean_line(&missing.command)));
    lines
}

fn remarked(remark: &str) -> Vec<String> {
    wrapped(&format!("remark: {remark}"), 2)
}

fn spaced(answer: &str) -> String {
    answer.replace('-', " ")
}

/// Text in lines of [`WIDTH`] columns at the most, each indented; a word that is longer stays whole.
fn wrapped(text: &str, indent: usize) -> Vec<String> {
    let text = clean_line(text);
    let mut lines: Vec<String> = vec![];
    for word in text.split_whitespace() {
        let wide = |line: &String| line.chars().count() + 1 + word.chars().count() <= WIDTH;
        match lines.last_mut().filter(|line| wide(line)) {
            Some(line) => {
                line.push(' ');
                line.push_str(word);
            }
            None => lines.push(format!("{}{word}", " ".repeat(indent))),
        }
    }
    lines
}
