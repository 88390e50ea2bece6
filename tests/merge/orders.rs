//! Three branches that changed one record come to the same bytes, in whatever order they are merged.

use super::{gits, text};
use crate::support::TestRepo;

/// What is done on each branch, all of it told by its own person.
const WORK: [(&str, &[&str]); 3] = [
    (
        "Ada",
        &[
            "inc-edit --set title=Pods_are_killed",
            "inc-timeline add Ada_looks",
            "inc-severity assess --customers 10 --customer-impact L",
            "inc-role assign scribe Grace",
        ],
    ),
    (
        "Bob",
        &[
            "inc-timeline add Bob_looks",
            "inc-edit --set title=The_group_is_full --set summary.impact=It_is_slow --set summary.mitigation=Scaled",
            "inc-severity assess --customers 20 --single-customer-impact XL",
            "inc-status set mitigated",
        ],
    ),
    (
        "Cy",
        &[
            "inc-role assign scribe Cy",
            "inc-edit --set title=No_capacity --set summary.impact=It_is_down",
            "inc-timeline add Cy_looks",
            "inc-severity assess --customers 30 --money-at-risk 0",
        ],
    ),
];

const ORDERS: [[usize; 3]; 6] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

#[test]
fn three_branches_are_one_record_in_any_order() {
    let repo = TestRepo::with_incident();
    repo.ok("inc-merge setup", &[]);
    for (name, commands) in WORK {
        gits(&repo, &repo.top(), &format!("switch --quiet --create {name} main"));
        for command in commands {
            let author = format!("{name} <{name}@example.com>");
            let done = repo.run_with(command, &[], |command| {
                command.env("INC_AUTHOR", author);
            });
            assert_eq!(done.code, 0, "{command}: {done:?}");
        }
    }
    let mut texts = vec![];
    for (number, order) in ORDERS.iter().enumerate() {
        let [first, second, third] = order.map(|at| WORK[at].0);
        gits(&repo, &repo.top(), &format!("switch --quiet --create order{number} {first}"));
        gits(&repo, &repo.top(), &format!("merge --quiet --no-edit {second}"));
        gits(&repo, &repo.top(), &format!("merge --quiet --no-edit {third}"));
        texts.push(text(&repo.top()));
    }
    // What the others had done when the third came is another order still.
    gits(&repo, &repo.top(), "switch --quiet --create nested Ada");
    gits(&repo, &repo.top(), "merge --quiet --no-edit order3");
    texts.push(text(&repo.top()));
    for other in &texts[1..] {
        assert_eq!(*other, texts[0]);
    }
    let text = &texts[0];
    for words in ["Ada_looks", "Bob_looks", "Cy_looks"] {
        assert_eq!(text.matches(words).count(), 1, "{text}");
    }
    assert!(text.contains("title: \"The_group_is_full\"") && text.contains("status: mitigated"), "{text}");
    // Who brought it in, not who came by with it.
    let contested = &text[text.find("contested:").unwrap()..];
    for (path, lost, by) in [
        ("title", "No_capacity", "Cy"),
        ("title", "Pods_are_killed", "Ada"),
        ("summary.impact", "It_is_down", "Cy"),
        ("impact.customers", "10", "Ada"),
        ("impact.customers", "20", "Bob"),
    ] {
        let mut items = contested.split("  - path: ").filter(|item| item.starts_with(path));
        assert!(
            items
                .any(|item| item.contains(&format!("theirs: {lost}\n"))
                    && item.contains(&format!("by: {by}\n"))),
            "{path} {lost} {by}\n{contested}"
        );
    }
}
