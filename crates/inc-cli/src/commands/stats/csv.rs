//! Figures as CSV (RFC 4180, lines end in LF): one line a cell and duration, so that a spreadsheet can turn it round.

use anyhow::{Context, Result};

use crate::view::stats::{KindView, MeasureView, Question, StatsView};

/// The figures with a header; what is missing is empty.
///
/// # Errors
/// None that can be met in memory.
pub fn of(view: &StatsView) -> Result<String> {
    // A field that begins with `#` is quoted: some readers take its line for a comment.
    let mut writer = csv::WriterBuilder::new().comment(Some(b'#')).from_writer(vec![]);
    writer.write_record(header(view))?;
    for kind in &view.kinds {
        for line in lines(kind, view) {
            writer.write_record(std::iter::once(kind.kind.name().to_owned()).chain(line))?;
        }
    }
    String::from_utf8(writer.into_inner().context("write the CSV")?).context("the CSV is no text")
}

const FIGURES: [&str; 10] =
    ["measure", "hours", "n", "median", "p90", "min", "max", "mean", "uncomputable", "missing"];

fn header(view: &StatsView) -> Vec<&str> {
    let mut header = vec!["kind"];
    match view.question {
        Question::Overview | Question::By => {
            header.extend(&view.by);
            header.push("count");
            header.extend(FIGURES);
        }
        Question::Trend => {
            header.extend(["period", "so_far", "in_part", "count", "change", "too_few"]);
            header.extend(FIGURES);
            header.extend(["median_change", "median_too_few"]);
        }
        Question::Pareto => header.extend(["root_cause", "count", "percent", "cumulative_percent"]),
        Question::Pdca => header.extend(["figure", "count", "of", "percent", "left_out"]),
    }
    header
}

fn lines(kind: &KindView, view: &StatsView) -> Vec<Vec<String>> {
    match view.question {
        Question::Overview => crossed(&[kind.count.to_string()], &kind.measures),
        Question::By => {
            let cells = kind.cells.iter().flatten();
            let line = |cell: &crate::view::stats::CellView| {
                let keys = cell.keys.iter().map(|key| key.clone().unwrap_or_default());
                crossed(&keys.chain([cell.count.to_string()]).collect::<Vec<_>>(), &cell.measures)
            };
            cells.flat_map(line).collect()
        }
        Question::Trend => trend(kind),
        Question::Pareto => pareto(kind),
        Question::Pdca => pdca(kind),
    }
}

/// What is the same for each duration, beside each of them.
fn crossed(first: &[String], measures: &[MeasureView]) -> Vec<Vec<String>> {
    measures.iter().map(|it| first.iter().cloned().chain(figures(it)).collect()).collect()
}

fn figures(it: &MeasureView) -> Vec<String> {
    let minutes = [it.median, it.p90, it.min, it.max, it.mean].map(number);
    let missing: Vec<String> =
        it.missing.iter().map(|missing| format!("{} {}", missing.count, missing.why)).collect();
    [it.measure.to_owned(), it.hours.to_owned(), it.n.to_string()]
        .into_iter()
        .chain(minutes)
        .chain([it.uncomputable.to_string(), missing.join("; ")])
        .collect()
}

fn number(number: Option<impl ToString>) -> String {
    number.map_or_else(String::new, |number| number.to_string())
}

fn trend(kind: &KindView) -> Vec<Vec<String>> {
    let mut lines = vec![];
    for row in kind.trend.iter().flatten() {
        let change = row.change;
        for it in &row.measures {
            let mut line = vec![
                row.period.clone(),
                row.so_far.to_string(),
                row.in_part.to_string(),
                row.count.to_string(),
                number(change.and_then(|it| it.by)),
                number(change.map(|it| it.too_few)),
            ];
            line.extend(figures(&it.figures));
            line.extend([number(it.change.and_then(|it| it.by)), number(it.change.map(|it| it.too_few))]);
            lines.push(line);
        }
    }
    lines
}

fn pareto(kind: &KindView) -> Vec<Vec<String>> {
    let Some(view) = &kind.pareto else {
        return vec![];
    };
    let causes = view.causes.iter().map(|it| {
        let shares = [it.percent, it.cumulative_percent].map(|it| format!("{it:.1}"));
        [it.root_cause.clone(), it.count.to_string()].into_iter().chain(shares).collect()
    });
    let apart =
        |name: &str, count: usize| vec![name.to_owned(), count.to_string(), String::new(), String::new()];
    let words = view.words.iter().map(|(word, count)| apart(word, *count));
    let not_asked = (view.not_asked > 0).then(|| apart("", view.not_asked));
    causes.chain(words).chain(not_asked).collect()
}

fn pdca(kind: &KindView) -> Vec<Vec<String>> {
    let Some(view) = &kind.pdca else {
        return vec![];
    };
    let shares = view.shares.iter().map(|it| {
        let percent = it.percent.map(|it| format!("{it:.1}")).unwrap_or_default();
        vec![it.figure.to_owned(), it.count.to_string(), it.of.to_string(), percent, it.left_out.to_string()]
    });
    let checks = &view.checks;
    let all = checks.done + checks.open + checks.overdue + checks.undated;
    let checks = [
        ("checks_done", checks.done),
        ("checks_open", checks.open),
        ("checks_overdue", checks.overdue),
        ("checks_undated", checks.undated),
    ];
    let checks = checks.into_iter().map(|(name, count)| {
        vec![name.to_owned(), count.to_string(), all.to_string(), String::new(), String::new()]
    });
    shares.chain(checks).collect()
}
