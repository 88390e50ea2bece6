//! What the escaper promises, held against a CommonMark parser with GitHub's tables, strike-through and tasks.

use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, Options, parse_document};
use proptest::prelude::*;

use super::*;

fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options
}

/// The document as its nodes, depth first; neighbouring texts are one.
fn outline(markdown: &str) -> String {
    let arena = Arena::new();
    let mut nodes = vec![];
    walk(parse_document(&arena, markdown, &options()), &mut nodes);
    nodes.concat()
}

/// A text begins with U+0001 and a space that no cleaned text holds, so that the next one can join it.
fn walk<'a>(node: &'a AstNode<'a>, nodes: &mut Vec<String>) {
    for child in node.children() {
        let (name, ends) = match &child.data.borrow().value {
            NodeValue::Text(text) => {
                match nodes.last_mut().filter(|last| last.starts_with('\u{1}')) {
                    Some(last) => last.push_str(text),
                    None => nodes.push(text_node(text)),
                }
                continue;
            }
            NodeValue::SoftBreak => ("soft".to_owned(), false),
            NodeValue::LineBreak => ("break".to_owned(), false),
            NodeValue::Code(code) => (format!("code<{}>", code.literal), false),
            NodeValue::Paragraph => ("p(".to_owned(), true),
            NodeValue::Heading(_) => ("h(".to_owned(), true),
            NodeValue::List(_) => ("list(".to_owned(), true),
            NodeValue::Item(_) => ("item(".to_owned(), true),
            NodeValue::Table(_) => ("table(".to_owned(), true),
            NodeValue::TableRow(_) => ("row(".to_owned(), true),
            NodeValue::TableCell => ("cell(".to_owned(), true),
            NodeValue::Emph => ("em(".to_owned(), true),
            NodeValue::Strong => ("strong(".to_owned(), true),
            NodeValue::Link(link) => (format!("link<{}>(", link.url), true),
            other => (format!("{other:?}("), true),
        };
        nodes.push(name);
        walk(child, nodes);
        if ends {
            nodes.push(")".to_owned());
        }
    }
}

fn text_node(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("\u{1}{text}") }
}

/// A text as a reader sees it: cleaned, white space cut down.
fn seen(text: &str) -> String {
    let lines = |lines: Vec<String>| lines.join(" ");
    lines_of(text).into_iter().map(lines).collect::<Vec<_>>().join(" / ")
}

fn lines_of(text: &str) -> Vec<Vec<String>> {
    paragraphs(&clean(&text.replace("\r\n", "\n")))
}

/// The text shows as itself, and only as itself, in every place that a template may put it.
fn check(text: &str) {
    let (escaped, seen) = (inline(text), seen(text));
    let node = text_node(&seen);
    assert_eq!(outline(&format!("# {escaped}\n")), format!("h({node})"), "heading of {text:?}");
    if seen.is_empty() {
        return;
    }
    let cell = format!("table(row(cell(\u{1}a)cell(\u{1}b))row(cell({node})cell(\u{1}x)))");
    for (place, expected) in [
        (format!("{escaped}\n"), format!("p({node})")),
        (format!("before\n{escaped}\n"), format!("p(\u{1}beforesoft{node})")),
        (format!("- {escaped}\n"), format!("list(item(p({node})))")),
        (format!("_a_ {escaped} *b*\n"), format!("p(em(\u{1}a)\u{1} {seen} em(\u{1}b))")),
        (format!("[{escaped}](https://x)\n"), format!("p(link<https://x>({node}))")),
        (format!("| a | b |\n| --- | --- |\n| {escaped} | x |\n"), cell),
    ] {
        assert_eq!(squeezed(&outline(&place)), squeezed(&expected), "{text:?} as {place:?}");
    }
    check_block(text);
    if !seen.contains('|') {
        let line = lines_of(text).concat().join(" ");
        let place = format!("x {} y\n", code(text));
        assert_eq!(outline(&place), format!("p(\u{1}x code<{line}>\u{1} y)"), "code of {text:?}");
    }
}

/// A text may begin and end with the one space that parts it from its neighbours.
fn squeezed(outline: &str) -> String {
    outline.replace("  ", " ").replace("\u{1} ", "\u{1}").replace(" )", ")")
}

fn check_block(text: &str) {
    let block = block(text, 2);
    let paragraph = |lines: &Vec<String>| {
        let lines: Vec<String> = lines.iter().map(|line| text_node(line)).collect();
        format!("p({})", lines.join("break"))
    };
    let expected: String = lines_of(text).iter().map(paragraph).collect();
    assert_eq!(outline(&format!("- {block}\n")), format!("list(item({expected}))"), "block of {text:?}");
}

#[test]
fn what_acts_is_escaped() {
    for (text, expected) in [
        ("# not a heading", r"\# not a heading"),
        ("#", r"\#"),
        ("C# and F#", "C# and F#"),
        ("ends in ##", r"ends in \##"),
        ("- no item", r"\- no item"),
        ("+ no item", r"\+ no item"),
        ("* no item", r"\* no item"),
        ("1. no item", r"1\. no item"),
        ("2023) no item", r"2023\) no item"),
        ("> no quote", r"\> no quote"),
        ("---", r"\---"),
        ("===", r"\==="),
        (":--", r"\:--"),
        ("~~~", r"\~\~\~"),
        ("```sh", r"\`\`\`sh"),
        ("**bold** and _em_", r"\*\*bold\*\* and \_em\_"),
        ("[x](javascript:alert)", r"\[x\](javascript:alert)"),
        ("![x](y)", r"!\[x\](y)"),
        ("<script>alert(1)</script>", r"\<script>alert(1)\</script>"),
        ("<5@x.example>", r"\<5@x.example>"),
        ("a | b", r"a \| b"),
        ("&lt;b&gt; &#35;", r"\&lt;b\&gt; \&#35;"),
        (r"C:\new \* end\", r"C:\new \\\* end\\"),
        ("~~struck~~", r"\~\~struck\~\~"),
        ("a\tb\n  c\n\nd", "a b c / d"),
        ("\u{1b}[31mred\u{202e}", r"\u{1b}\[31mred\u{202e}"),
        ("        indented", " indented"),
        ("two spaces  ", "two spaces "),
        (", ", ", "),
    ] {
        assert_eq!(inline(text), expected, "{text:?}");
        check(text);
    }
}

#[test]
fn prose_stays_readable() {
    for text in [
        "SRE Backend / Platform",
        "14:10",
        "60/60 instances deployed): we scale them to 80",
        "1h 14min",
        "The staging3 cluster is misbehaving (timeouts, pods crashing...): a lot",
        "Staging: Kubernetes cluster 3 is misbehaving",
        "XL - Over 15% of customers",
        "2023-04-06-staging-kubernetes-cluster-3-is-misbehaving",
        "4 - post-mortem completed",
        "delete the ~1000 crossplane CRDs",
        "snake_case_name and some_metric_total",
        "R&C escalation, AT&T, a => b -> c, x < 5, 3 > 2",
        "it's \"quoted\", 100%, $5 @ada #97564 {x} 2 + 2 = 4!",
        "-m --check .5 2023.",
        "https://example.com/a?b=1&c=2#d_e",
        "é 🔥 日本語",
    ] {
        check(text);
        assert_eq!(inline(text), text);
    }
}

#[test]
fn a_block_keeps_its_lines() {
    assert_eq!(block("- a\n- b\n\n  c\r\n", 2), "\\- a\\\n  \\- b\n\n  c");
    assert_eq!(block("one", 4), "one");
}

#[test]
fn links_lead_where_they_say() {
    for (words, url, expected) in [
        ("channel", "https://x.example/a_b", "[channel](https://x.example/a_b)"),
        ("a](b", "https://x.example/(1)", r"[a\](b](https://x.example/\(1\))"),
        ("https://x.example", "https://x.example", "<https://x.example>"),
        ("bad", "javascript:alert(1)", "bad (javascript:alert(1))"),
        ("bad", "../../x", "bad (../../x)"),
        ("amp", "https://x/?a&copy;=1", "[amp](https://x/?a&amp;copy;=1)"),
    ] {
        assert_eq!(link(words, url), expected);
    }
    assert_eq!(outline(&link("a](b", "https://x/(1))&amp;")), "p(link<https://x/(1))&amp;>(\u{1}a](b))");
}

/// Texts made of what acts, of words, and of anything at all.
fn texts() -> impl Strategy<Value = String> {
    let nasty = prop::sample::select(vec![
        "*",
        "_",
        "`",
        "~",
        "[",
        "]",
        "(",
        ")",
        "<",
        ">",
        "#",
        "+",
        "-",
        ".",
        "!",
        "|",
        "&",
        "\\",
        "=",
        ":",
        " ",
        "  ",
        "\n",
        "\n\n",
        "\t",
        "1.",
        "12)",
        "a",
        "b c",
        "é",
        "&amp;",
        "&#x20;",
        "<b>",
        "<!--",
        "-->",
        "](x)",
        "![",
        "[^1]",
        "[x]: y",
        "---",
        "===",
        "~~",
        "**",
        "$",
        "\u{a0}",
        "\u{1b}",
        "http://",
        "|-|",
        ":-",
        "{{ x }}",
        "{% raw %}",
        "@x.y",
        "/>",
        "\"",
    ]);
    prop_oneof![
        4 => prop::collection::vec(nasty, 0..12).prop_map(|parts| parts.concat()),
        1 => "\\PC{0,20}",
        1 => any::<String>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]
    #[test]
    fn any_text_shows_as_itself(text in texts()) {
        check(&text);
    }

    #[test]
    fn texts_side_by_side_do_not_act_together(one in texts(), two in texts()) {
        let place = format!("x {} y {} z\n", inline(&one), inline(&two));
        let words = format!("x {} y {} z", seen(&one), seen(&two));
        let words: Vec<&str> = words.split(' ').filter(|word| !word.is_empty()).collect();
        let expected = format!("p(\u{1}{})", words.join(" "));
        prop_assert_eq!(squeezed(&squeezed(&outline(&place))), squeezed(&expected));
    }
}
