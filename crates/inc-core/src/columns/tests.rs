//! Rows come back as they were, whatever they hold; and a filter over columns says what it says of summaries.

use chrono::{FixedOffset, NaiveDate};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::{Map, Number, Value};

use super::Columns;
use crate::answer::Answer;
use crate::id::Uid;
use crate::incident::{Kind, Team};
use crate::instant::{Instant, Zone};
use crate::measure::Moments;
use crate::pdca;
use crate::query::{Bound, Filter, TeamField};
use crate::severity::{Assessment, Override, Severity, Stay};
use crate::status::Status;
use crate::summary::Summary;
use crate::text::{Line, Prose, Title};

fn line() -> impl Strategy<Value = Line> {
    prop_oneof![Just("production"), Just("Ann"), Just("SRE"), Just("a > b"), Just("数据库"), Just("N/A x")]
        .prop_map(|text| text.parse().unwrap())
}

fn free() -> impl Strategy<Value = String> {
    "[a-zé #,\"]{0,30}".prop_map(|text| format!("x{text}x"))
}

fn instant() -> impl Strategy<Value = Instant> {
    let nanos = prop_oneof![4 => Just(0u32), 1 => 0..1_000_000_000u32];
    (0i64..4_000_000_000, nanos, -1439..1440i32).prop_map(|(seconds, nanos, minutes)| {
        let at = chrono::DateTime::from_timestamp(seconds, nanos).unwrap();
        Instant::new(at.with_timezone(&FixedOffset::east_opt(minutes * 60).unwrap())).unwrap()
    })
}

fn answer<T: Clone + std::fmt::Debug + 'static>(
    known: impl Strategy<Value = T> + 'static,
) -> impl Strategy<Value = Answer<T>> {
    prop_oneof![
        Just(Answer::Missing),
        Just(Answer::Unknown),
        Just(Answer::None),
        Just(Answer::NotApplicable),
        known.prop_map(Answer::Known)
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| Number::from_f64(number).map_or(Value::Null, Value::Number)),
        free().prop_map(Value::from),
        Just(Value::from("ops")),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        let map =
            vec((free(), inner.clone()), 0..3).prop_map(|pairs| Value::Object(pairs.into_iter().collect()));
        prop_oneof![vec(inner, 0..3).prop_map(Value::Array), map]
    })
}

fn severity() -> impl Strategy<Value = Severity> {
    prop::sample::select(Severity::ALL.to_vec())
}

fn assessment() -> impl Strategy<Value = Assessment> {
    let decision = (severity(), free(), option::of(line()), option::of(instant()));
    let decision = decision.prop_map(|(to, reason, by, at)| {
        let reason: Prose = format!("{reason}\nand more").parse().unwrap();
        Override { to, reason, by, at }
    });
    (severity(), any::<bool>(), line(), option::of(decision)).prop_map(
        |(computed, provisional, decided_by, overridden)| Assessment {
            computed,
            provisional,
            decided_by,
            overridden,
        },
    )
}

fn stay() -> impl Strategy<Value = Stay> {
    let seconds = prop_oneof![any::<[i64; 4]>().prop_map(Ok), free().prop_map(Err)];
    (seconds, option::of((severity(), instant()))).prop_map(|(seconds, growing)| Stay { seconds, growing })
}

fn moments() -> impl Strategy<Value = Moments> {
    (answer(instant()), answer(instant()), instant(), option::of(instant()), option::of(instant())).prop_map(
        |(started_at, detected_at, declared_at, mitigated_at, resolved_at)| Moments {
            started_at,
            detected_at,
            declared_at,
            mitigated_at,
            resolved_at,
        },
    )
}

fn names() -> impl Strategy<Value = (String, u128, String)> {
    ("[a-z0-9][a-z0-9-]{0,20}", any::<u128>(), free())
}

fn summary() -> impl Strategy<Value = Summary> {
    let states = (
        prop::sample::select(Kind::ALL.to_vec()),
        prop::sample::select(Status::ALL.to_vec()),
        severity(),
        assessment(),
        any::<bool>(),
    );
    let people = (option::of(line()), option::of(line()), option::of(line()), vec(free(), 0..4));
    let team = (answer(line()), answer(line()), answer(line()), answer(line()));
    let causes = (answer(line()), answer(vec(line(), 0..4)));
    let rest = (stay(), option::of(instant()), 0..90usize, 0..9usize, vec((custom_key(), value()), 0..4));
    (names(), states, people, team, causes, moments(), rest).prop_map(
        |((id, uid, title), states, people, team, causes, moments, rest)| Summary {
            id: id.parse().unwrap(),
            uid: Uid::of_bits(uid),
            title: title.parse::<Title>().unwrap(),
            kind: states.0,
            status: states.1,
            severity: states.2,
            assessment: states.3,
            environment: people.0,
            commander: people.1,
            reporter: people.2,
            responders: people.3,
            team: Team { department: team.0, cft: team.1, stack: team.2, tech_team: team.3 },
            detected_via: causes.0,
            root_cause: causes.1,
            moments,
            stay: rest.0,
            last_entry_at: rest.1,
            entries: rest.2,
            pdcas: rest.3,
            contested: states.4,
            custom: rest.4.into_iter().collect::<Map<_, _>>(),
        },
    )
}

fn custom_key() -> impl Strategy<Value = String> {
    prop_oneof![Just("ticket".to_owned()), free()]
}

fn word() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["PRODUCTION", "ann", "n", "sre", "unknown", "n/a", "none", "ops", "", "数据库"])
        .prop_map(str::to_owned)
}

fn bound() -> impl Strategy<Value = Bound> {
    let day = (0..46_000i32)
        .prop_map(|day| Bound::Day(NaiveDate::from_num_days_from_ce_opt(719_163 + day).unwrap()));
    prop_oneof![day, instant().prop_map(Bound::At)]
}

fn filter() -> impl Strategy<Value = Filter> {
    let words = || vec(word(), 1..3);
    let teams = [TeamField::Department, TeamField::Cft, TeamField::Stack, TeamField::TechTeam];
    let ranges = ["SEV-1", "SEV-2..", "..SEV-3", "SEV-2..SEV-3"].map(|text| text.parse().unwrap());
    prop_oneof![
        vec(prop::sample::select(Status::ALL.to_vec()), 1..3).prop_map(Filter::Status),
        Just(Filter::Open),
        vec(prop::sample::select(ranges.to_vec()), 1..3).prop_map(Filter::Severity),
        vec(prop::sample::select(Kind::ALL.to_vec()), 1..3).prop_map(Filter::Kind),
        words().prop_map(Filter::Environment),
        words().prop_map(Filter::Commander),
        (prop::sample::select(teams.to_vec()), words()).prop_map(|(field, words)| Filter::Team(field, words)),
        words().prop_map(Filter::DetectedVia),
        vec(words(), 1..3).prop_map(Filter::RootCause),
        bound().prop_map(Filter::Since),
        bound().prop_map(Filter::Until),
        words().prop_map(|words| Filter::Custom("ticket".to_owned(), words)),
    ]
}

/// The columns as they come out of a file.
fn reread<'a>(columns: &Columns<'_, Summary>, bytes: &'a mut Vec<u8>) -> Columns<'a, Summary> {
    *bytes = postcard::to_stdvec(columns).unwrap();
    postcard::from_bytes(bytes).unwrap()
}

proptest! {
    #[test]
    fn every_row_comes_back_as_it_was(summaries in vec(summary(), 0..6)) {
        let mut columns = Columns::default();
        summaries.iter().for_each(|summary| columns.push(summary));
        let mut bytes = vec![];
        let read = reread(&columns, &mut bytes);
        prop_assert!(read.is_whole());
        prop_assert_eq!(read.len(), summaries.len());
        let mut copied = Columns::beside(&read);
        for (row, summary) in summaries.iter().enumerate() {
            prop_assert_eq!(read.row(row), Some(summary.clone()));
            copied.take_over(&read, row);
            copied.push(summary);
            prop_assert_eq!(copied.row(2 * row), Some(summary.clone()));
            prop_assert_eq!(copied.row(2 * row + 1), Some(summary.clone()));
            prop_assert_eq!(read.environment(row), summary.environment.as_ref().map(Line::as_str));
            prop_assert_eq!(read.commander(row), summary.commander.as_ref().map(Line::as_str));
            prop_assert_eq!(read.began_at(row), Some(summary.began_at()));
            prop_assert_eq!(read.declared_millis(row), summary.moments.declared_at.unix_millis());
        }
        prop_assert_eq!(read.row(summaries.len()), None);
    }

    #[test]
    fn a_filter_says_the_same_of_columns(summaries in vec(summary(), 1..6), filter in filter()) {
        let mut columns = Columns::default();
        summaries.iter().for_each(|summary| columns.push(summary));
        for zone in ["Europe/Paris", "Pacific/Apia", "UTC"] {
            let zone = Zone::named(zone).unwrap();
            let sieve = filter.over(&columns, &zone);
            for (row, summary) in summaries.iter().enumerate() {
                prop_assert_eq!(sieve(row), filter.passes(summary, &zone), "{:?} of {:?}", filter, summary);
            }
        }
    }

    /// A bound near the day on which something began is where the zone matters.
    #[test]
    fn a_day_is_meant_whole_in_columns_too(summary in summary(), days in -3..4i64, zone in 0..4usize) {
        let zone = Zone::named(["Europe/Paris", "Pacific/Apia", "Pacific/Kiritimati", "America/Adak"][zone]).unwrap();
        let mut columns = Columns::default();
        columns.push(&summary);
        let day = zone.local(summary.began_at()).date + chrono::TimeDelta::days(days);
        for filter in [Filter::Since(Bound::Day(day)), Filter::Until(Bound::Day(day))] {
            prop_assert_eq!(filter.over(&columns, &zone)(0), filter.passes(&summary, &zone));
        }
    }

    #[test]
    fn every_row_of_a_pdca_comes_back_as_it_was(summaries in vec(pdca_summary(), 0..6)) {
        let mut columns = Columns::default();
        summaries.iter().for_each(|summary| columns.push(summary));
        let bytes = postcard::to_stdvec(&columns).unwrap();
        let read: Columns<'_, pdca::summary::Summary> = postcard::from_bytes(&bytes).unwrap();
        prop_assert!(read.is_whole());
        for (row, summary) in summaries.iter().enumerate() {
            prop_assert_eq!(read.row(row), Some(summary.clone()));
        }
    }

    /// A checksum stands before it; but what it does not see must not end in a panic either.
    #[test]
    fn bytes_that_nobody_stored_are_no_row(summary in summary(), at in any::<prop::sample::Index>(), byte: u8) {
        let mut columns = Columns::default();
        columns.push(&summary);
        columns.push(&summary);
        let mut bytes = postcard::to_stdvec(&columns).unwrap();
        let place = at.index(bytes.len());
        bytes[place] = byte;
        if let Ok(columns) = postcard::from_bytes::<Columns<'_, Summary>>(&bytes) {
            let zone = Zone::named("UTC").unwrap();
            for row in 0..4 {
                let _ = columns.row(row);
                let _ = Filter::Environment(vec!["x".to_owned()]).over(&columns, &zone)(row);
            }
        }
    }
}

fn pdca_summary() -> impl Strategy<Value = pdca::summary::Summary> {
    use pdca::summary::{Cure, Rollout, Summary};
    use pdca::{ActStatus, CheckResult, CountermeasureStatus, Source, SourceKind, Status};
    let day =
        || option::of((0..900_000i32).prop_map(|day| NaiveDate::from_num_days_from_ce_opt(day).unwrap()));
    let states = [
        CountermeasureStatus::Planned,
        CountermeasureStatus::Done,
        CountermeasureStatus::CheckOk,
        CountermeasureStatus::CheckKo,
        CountermeasureStatus::Applied,
    ];
    let result = option::of(prop::sample::select(vec![CheckResult::Ok, CheckResult::Ko]));
    let cure = (prop::sample::select(states.to_vec()), day(), day(), day(), result)
        .prop_map(|(status, due, done_on, check_on, result)| Cure { status, due, done_on, check_on, result });
    let acts = prop::sample::select(vec![ActStatus::Open, ActStatus::Partly, ActStatus::Done]);
    let act = (acts, day()).prop_map(|(status, due)| Rollout { status, due });
    let kinds = [SourceKind::Incident, SourceKind::RedBin, SourceKind::QaReturn, SourceKind::Other];
    let source = (prop::sample::select(kinds.to_vec()), option::of(line()))
        .prop_map(|(kind, reference)| Source { kind, reference });
    let status = prop::sample::select(vec![Status::PlanInProgress, Status::CheckDone, Status::Abandoned]);
    let people = (option::of(line()), vec(free(), 0..3));
    let counts = (0..9usize, any::<bool>());
    (names(), source, people, instant(), status, counts, vec(cure, 0..4), vec(act, 0..4)).prop_map(
        |((id, uid, title), source, (owner, teams), created_at, status, counts, countermeasures, acts)| {
            Summary {
                id: id.parse().unwrap(),
                uid: Uid::of_bits(uid),
                title: title.parse::<Title>().unwrap(),
                source,
                owner,
                teams,
                created_at,
                status,
                root_causes: counts.0,
                countermeasures,
                acts,
                contested: counts.1,
            }
        },
    )
}
