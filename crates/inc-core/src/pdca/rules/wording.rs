//! What words give away: a cause that is a link, a person who is blamed, a countermeasure that only asks for care.
//!
//! Lists of English words, kept short: a rule that cries wolf is switched off.

/// The words of a text, in lower case, without punctuation at their ends.
pub(in crate::pdca) fn words(text: &str) -> Vec<String> {
    let text = text.replace('\u{2019}', "'").to_lowercase();
    let words = text.split(|c: char| c.is_whitespace() || "/(),;".contains(c));
    let bare = words.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric() && !"#%".contains(c)));
    bare.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The first of the phrases that the text holds, word by word.
fn first_of<'a>(text: &str, phrases: &[&'a str]) -> Option<&'a str> {
    let text = words(text);
    let holds = |phrase: &&&str| {
        let phrase: Vec<&str> = phrase.split(' ').collect();
        text.windows(phrase.len()).any(|window| window.iter().eq(phrase.iter()))
    };
    phrases.iter().find(holds).copied()
}

const COUNTED: &[&str] = &[
    "all",
    "every",
    "each",
    "none",
    "nobody",
    "no",
    "nothing",
    "half",
    "always",
    "never",
    "any",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "twice",
    "hundreds",
    "thousands",
];

/// Whether a text counts something: a number that is no part of a name, or a word such as "every".
pub(super) fn counts(text: &str) -> bool {
    words(text)
        .iter()
        .any(|word| word.starts_with(|c: char| c.is_ascii_digit()) || COUNTED.contains(&word.as_str()))
}

/// Whether a text only holds the place for one.
pub(in crate::pdca) fn is_placeholder(text: &str) -> bool {
    matches!(
        words(text).join(" ").as_str(),
        "" | "todo" | "tbd" | "to do" | "to be done" | "xxx" | "fixme" | "n a"
    )
}

const BLAMES: &[&str] = &[
    "human error",
    "operator error",
    "user error",
    "human mistake",
    "human failure",
    "careless",
    "carelessness",
    "negligence",
    "negligent",
    "incompetent",
    "inattention",
    "inattentive",
    "not careful",
    "not careful enough",
    "forgot",
    "forgotten to",
    "should have known",
    "should have checked",
    "should have tested",
    "did not pay attention",
    "didn't pay attention",
    "made a mistake",
    "by mistake",
    "lack of attention",
    "lack of discipline",
    "his fault",
    "her fault",
    "their fault",
    "fault of",
];

/// The words by which a why blames people instead of asking what let it happen.
pub(super) fn blames(text: &str) -> Option<&'static str> {
    // The name of a page that every product has.
    let text = words(text).join(" ").replace("forgot password", "");
    first_of(&text, BLAMES)
}

/// Whether a text names this person: two words at least, as a single one may be a team or a thing.
pub(super) fn names(text: &str, person: &str) -> bool {
    const TEAMS: &[&str] =
        &["team", "squad", "crew", "support", "group", "department", "platform", "sre", "ops"];
    let name = words(person);
    let is_team = name.iter().any(|word| TEAMS.contains(&word.as_str()));
    name.len() > 1 && !is_team && words(text).windows(name.len()).any(|window| window == name.as_slice())
}

const WEAK: &[&str] = &[
    "be careful",
    "be more careful",
    "more careful",
    "be careful with",
    "pay attention",
    "pay more attention",
    "more attention",
    "raise awareness",
    "be vigilant",
    "be more vigilant",
    "send a reminder",
    "a reminder",
    "training session",
    "a training",
    "training for",
    "training of",
    "training on",
];

/// Whether a countermeasure only asks people for care: a reminder, a training.
pub(super) fn is_weak(title: &str) -> bool {
    let begins = words(title).first().is_some_and(|word| {
        matches!(word.as_str(), "remind" | "train" | "retrain" | "educate" | "training" | "reminder")
    });
    begins || first_of(title, WEAK).is_some()
}

/// Whether a text is a pointer to something else: an address, a pull request, a ticket.
pub(super) fn is_link(text: &str) -> bool {
    const HEADS: &[&str] = &[
        "pr",
        "mr",
        "cl",
        "pull request",
        "merge request",
        "ticket",
        "issue",
        "commit",
        "patch",
        "jira",
        "see",
        "cf",
        "link",
        "fixed in",
        "fix in",
        "fixed by",
        "fix",
    ];
    const FOR_WORK: &[&str] = &["pr", "mr", "cl", "pull request", "merge request", "ticket", "patch", "link"];
    let all = words(text);
    if all.len() > 8 {
        return false;
    }
    if text.contains("://") {
        return true;
    }
    let text = all.join(" ");
    HEADS.iter().any(|head| {
        let Some(rest) = text.strip_prefix(head) else { return false };
        let next = rest.split(' ').nth(1).unwrap_or_default();
        let is_alone = rest.is_empty();
        let is_for_work = FOR_WORK.contains(head) && matches!(next, "to" | "for");
        (rest.is_empty() || rest.starts_with(' ')) && (is_alone || is_for_work || is_reference(next))
    })
}

/// `#12`, `!12`, `123`, `ops-12`.
fn is_reference(word: &str) -> bool {
    let tail = word.trim_start_matches(|c: char| c.is_ascii_alphabetic()).trim_start_matches(['-', '#', '!']);
    !tail.is_empty() && tail.bytes().all(|b| b.is_ascii_digit())
}

/// Whether two texts say the same by how many words they have in common: all of them, or nearly.
pub(in crate::pdca) fn alike_by(common: usize, one: usize, other: usize) -> bool {
    let all = one + other - common;
    // Four words of five; short texts are alike by chance.
    (common == all && all > 0) || (one.min(other) >= 4 && common * 5 >= all * 4)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn set_of(text: &str) -> BTreeSet<String> {
        words(text).into_iter().collect()
    }

    #[test]
    fn a_link_is_told_from_a_cause() {
        for link in [
            "PR to fix it",
            "PR #12",
            "PR: #12",
            "Ticket OPS-12",
            "see https://example.com/1",
            "https://example.com/1",
            "Pull request to fix the alert",
            "MR !123",
            "Fixed in #12",
            "Issue 12",
            "fix",
        ] {
            assert!(is_link(link), "{link}");
        }
        for cause in [
            "PR review was skipped",
            "The PR was merged without a review",
            "Issue to connect to the database",
            "Fix was never deployed",
            "See-saw load on the cluster",
            "Patch level is years behind",
            "The ticket was lost",
            "Price list was empty",
            "Commit hooks are not run",
            "The page at https://example.com was cached by a proxy that ignores its expiry for hours",
        ] {
            assert!(!is_link(cause), "{cause}");
        }
    }

    #[test]
    fn blame_is_told_from_a_cause() {
        for blame in [
            "Human error",
            "The operator forgot the flag",
            "Bob made a mistake.",
            "They didn’t pay attention",
        ] {
            assert!(blames(blame).is_some(), "{blame}");
        }
        for cause in [
            "We introduced a regression on the metric",
            "The default is wrong",
            "The page \"forgot password\" timed out",
            "Lazy loading hid the missing module",
            "The error is not handled by humans",
        ] {
            assert!(blames(cause).is_none(), "{cause}");
        }
        assert!(names("Ada Lovelace deployed it", "Ada Lovelace"));
        assert!(!names("Ada is a language", "Ada") && !names("The SRE team deployed it", "SRE team"));
        assert!(!names("Adam Lovelace-Smith", "Ada Lovelace"));
    }

    #[test]
    fn care_is_told_from_a_countermeasure() {
        for weak in [
            "Remind the team of the runbook",
            "Be careful with CRDs",
            "Train developers",
            "A training on CRDs",
        ] {
            assert!(is_weak(weak), "{weak}");
        }
        for strong in
            ["Fix the alert", "Allow only some CRDs", "Be alerted at 80 %", "Automate the reminder's mail"]
        {
            assert!(!is_weak(strong), "{strong}");
        }
    }

    #[test]
    fn a_problem_counts_or_does_not() {
        for counted in ["60/60 nodes", "15 % of customers", "Since 12:59", "Nobody can pay", "3 pods"] {
            assert!(counts(counted), "{counted}");
        }
        for vague in ["The staging3 cluster is misbehaving", "A lot of branches do not work"] {
            assert!(!counts(vague), "{vague}");
        }
        assert!(is_placeholder("TODO") && is_placeholder("?") && !is_placeholder("To do nothing hurts"));
    }

    #[test]
    fn the_same_cause_in_other_words_is_the_same() {
        let alike = |one: &str, other: &str| {
            let (one, other) = (set_of(one), set_of(other));
            alike_by(one.intersection(&other).count(), one.len(), other.len())
        };
        assert!(alike("No alert on a full autoscaling group.", "no alert on a FULL autoscaling group"));
        assert!(!alike(
            "No alert on a full autoscaling group",
            "No alert on the full autoscaling group today"
        ));
        assert!(alike("a b c d e", "a b c d e f") && !alike("a b", "a b c"));
    }
}
