//! The words of the PDCA's closed lists, as files and arguments have them.

use std::fmt;
use std::str::FromStr;

use super::action::{ActProperty, CountermeasureProperty};
use super::{
    ActStatus, CheckResult, CountermeasureKind, CountermeasureStatus, EscalationKind, Level, SourceKind,
    Status, StepKind,
};
use crate::nearest;
use crate::text::clean_line;

/// `ALL`, `name`, `Display` and a `FromStr` that knows what was meant, for a list of words.
macro_rules! words {
    ($type:ty, $what:literal, [$($variant:ident = $name:literal),+ $(,)?]) => {
        impl $type {
            /// Every one of them, in order.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word in files, arguments and JSON.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),+
                }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.name())
            }
        }

        impl FromStr for $type {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                let found = Self::ALL.iter().find(|word| word.name() == text);
                found.copied().ok_or_else(|| {
                    let names: Vec<&str> = Self::ALL.iter().map(|word| word.name()).collect();
                    let hint = nearest::hint(text, &names);
                    format!(concat!("unknown ", $what, " `{}`; {}"), clean_line(text), hint)
                })
            }
        }
    };
}

words!(
    Status,
    "status",
    [
        PlanInProgress = "plan-in-progress",
        PlanDone = "plan-done",
        DoDone = "do-done",
        CheckDone = "check-done",
        ActDone = "act-done",
        Abandoned = "abandoned",
    ]
);
words!(
    CountermeasureStatus,
    "status of a countermeasure",
    [Planned = "planned", Done = "done", CheckOk = "check-ok", CheckKo = "check-ko", Applied = "applied",]
);
words!(ActStatus, "status of an act", [Open = "open", Partly = "partly", Done = "done"]);
words!(CheckResult, "result", [Ok = "ok", Ko = "ko"]);
words!(
    SourceKind,
    "source",
    [Incident = "incident", RedBin = "red-bin", QaReturn = "qa-return", Other = "other",]
);
words!(CountermeasureKind, "type", [Prevent = "prevent", Detect = "detect", Contain = "contain"]);
words!(
    CountermeasureProperty,
    "property",
    [Type = "type", Owner = "owner", Timebox = "timebox", Due = "due", NoAct = "no-act"]
);
words!(ActProperty, "property", [Owner = "owner", Due = "due"]);
words!(StepKind, "step", [Do = "do", Check = "check", Act = "act"]);
words!(Level, "level", [Error = "error", Warning = "warning", Note = "note"]);
words!(EscalationKind, "method", [Kaizen = "kaizen", A3 = "a3"]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_as_they_are_written_and_as_files_have_them() {
        for status in Status::ALL {
            assert_eq!(status.name().parse(), Ok(*status));
            assert_eq!(serde_json::to_value(status).unwrap(), status.name());
        }
        for kind in SourceKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
        for kind in CountermeasureKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
        for level in Level::ALL {
            assert_eq!(serde_json::to_value(level).unwrap(), level.name());
        }
        for kind in EscalationKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
        for result in CheckResult::ALL {
            assert_eq!(serde_json::to_value(result).unwrap(), result.name());
        }
        for status in CountermeasureStatus::ALL {
            assert_eq!(serde_json::to_value(status).unwrap(), status.name());
        }
        for status in ActStatus::ALL {
            assert_eq!(serde_json::to_value(status).unwrap(), status.name());
        }
    }

    #[test]
    fn a_wrong_word_is_met_with_the_right_one() {
        for (given, expected) in [
            ("plan-doen", "unknown status `plan-doen`; did you mean `plan-done`?"),
            ("Plan done", "unknown status `Plan done`; did you mean `plan-done`?"),
            ("\u{1b}", "known are: plan-in-progress, plan-done, do-done, check-done, act-done, abandoned"),
        ] {
            let error = given.parse::<Status>().unwrap_err();
            assert!(error.contains(expected) && !error.contains('\u{1b}'), "{error}");
        }
    }
}
