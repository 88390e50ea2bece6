//! What holds of all figures, whatever was counted.

use proptest::prelude::*;

use super::*;

/// Severity, minutes since a start, minutes it took, and whether it is over.
type Row = (usize, i64, i64, bool);

fn summary((severity, start, minutes, is_over): Row) -> Summary {
    let mut of = incident(Severity::ALL[severity], "2023-01-01", None);
    let moved = |at: Instant, by: i64| at.plus(chrono::TimeDelta::minutes(by));
    let start = moved(of.moments.declared_at, start).unwrap();
    of.moments.started_at = Answer::Known(start);
    of.moments.resolved_at = moved(start, minutes).filter(|_| is_over);
    of
}

fn told(rows: &[Row], by: &[&str]) -> Grid {
    let mut census = census(by, &RESOLVE);
    rows.iter().for_each(|row| census.add(&summary(*row)));
    census.finish()
}

/// Everything that a grid tells.
fn whole(grid: &Grid) -> Vec<(String, usize, Vec<Measurement>)> {
    let total = std::iter::once(("all".to_owned(), grid.total.count, grid.total.measurements(&grid.asked)));
    let cells = grid
        .cells
        .iter()
        .map(|cell| (format!("{:?}", cell.keys), cell.tally.count, cell.tally.measurements(&grid.asked)));
    total.chain(cells).collect()
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec((0..4_usize, 0..400_000_i64, -5..10_000_i64, any::<bool>()), 0..20)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn business_time_is_part_of_the_time(start in 0..900_000_i64, minutes in 0..200_000_i64, pause in 0..5_000_i64) {
        let mut working = Working::of(&zone(), &BusinessHours::default());
        let at = |minutes: i64| Instant::from_unix(1_672_531_200 + minutes * 60).unwrap();
        let (a, b, c) = (at(start), at(start + minutes), at(start + minutes + pause));
        let (first, second) = (working.minutes(a, b), working.minutes(b, c));
        prop_assert!((0..=minutes).contains(&first));
        prop_assert_eq!(first + second, working.minutes(a, c));
    }

    #[test]
    fn groups_together_are_all_and_the_order_of_records_does_not_matter(rows in rows()) {
        for by in [&["severity"][..], &["month"], &["severity", "month"], &["quarter", "status"], &["team"]] {
            let grid = told(&rows, by);
            prop_assert_eq!(grid.cells.iter().map(|cell| cell.tally.count).sum::<usize>(), rows.len());
            prop_assert_eq!(grid.total.count, rows.len());
            let known = |tally: &Tally| {
                let it = tally.measurements(&grid.asked).remove(0);
                (it.known, it.uncomputable())
            };
            let sums = grid.cells.iter().map(|cell| known(&cell.tally)).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
            prop_assert_eq!(sums, known(&grid.total));
            prop_assert_eq!(sums.0 + sums.1, rows.len());
            let mut turned = rows.clone();
            turned.reverse();
            prop_assert_eq!(whole(&told(&turned, by)), whole(&grid));
        }
    }
}
