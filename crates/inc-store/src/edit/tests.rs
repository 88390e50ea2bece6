//! Layouts by example: what one change does to a text, byte by byte.

use serde_json::{Value, json};

use super::mangle::read;
use super::{EditError, Path, Place, Step, emit, locate, rewrite};

/// Change the data that `text` holds with `change`; the text must then be `expected`.
#[track_caller]
fn check(text: &str, change: impl FnOnce(&mut Value), expected: &str) {
    let before = read(text).expect("the old text reads");
    let mut after = before.clone();
    change(&mut after);
    let new = rewrite(text, &before, &after, &read);
    assert_eq!(new.as_deref(), Ok(expected), "\n{}", new.as_deref().unwrap_or_default());
}

/// The change must be refused, and say why in these words.
#[track_caller]
fn check_refused(text: &str, change: impl FnOnce(&mut Value), words: &str) {
    let before = read(text).expect("the old text reads");
    let mut after = before.clone();
    change(&mut after);
    let error = rewrite(text, &before, &after, &read).expect_err("refused");
    assert!(error.to_string().contains(words), "{error}");
}

fn set(path: &str, value: Value) -> impl FnOnce(&mut Value) {
    let path = path.to_owned();
    move |root| {
        let (parent, key) = path.rsplit_once('/').expect("a pointer");
        let parent = root.pointer_mut(parent).expect("the parent is there");
        match parent {
            Value::Array(items) => items[key.parse::<usize>().expect("an index")] = value,
            other => drop(other.as_object_mut().expect("a map").insert(key.into(), value)),
        }
    }
}

/// Insert an item before an index, or a key before the key at an index.
fn insert(path: &str, at: usize, key: &str, value: Value) -> impl FnOnce(&mut Value) {
    let (path, key) = (path.to_owned(), key.to_owned());
    move |root| match root.pointer_mut(&path).expect("the parent is there") {
        Value::Array(items) => items.insert(at, value),
        other => drop(other.as_object_mut().expect("a map").shift_insert(at, key, value)),
    }
}

fn remove(path: &str) -> impl FnOnce(&mut Value) {
    let path = path.to_owned();
    move |root| {
        let (parent, key) = path.rsplit_once('/').expect("a pointer");
        match root.pointer_mut(parent).expect("the parent is there") {
            Value::Array(items) => drop(items.remove(key.parse().expect("an index"))),
            other => drop(other.as_object_mut().expect("a map").shift_remove(key)),
        }
    }
}

fn push(path: &str, value: Value) -> impl FnOnce(&mut Value) {
    let path = path.to_owned();
    move |root| root.pointer_mut(&path).and_then(Value::as_array_mut).expect("a list").push(value)
}

#[test]
fn a_scalar_keeps_its_line_its_quotes_and_its_comment() {
    check("a: 1 # one\nb: 2\n", set("/a", json!(3)), "a: 3 # one\nb: 2\n");
    check("a: x # one\n", set("/a", json!("v z")), "a: v z # one\n");
    check("a: 'x'\n", set("/a", json!("it's")), "a: 'it''s'\n");
    check("a: \"x\"\n", set("/a", json!("v")), "a: \"v\"\n");
    check("a: 'x'\n", set("/a", json!("a\tb")), "a: \"a\\tb\"\n");
    check("a: x\n", set("/a", json!("12:30")), "a: \"12:30\"\n");
    check("a: x\n", set("/a", json!("no")), "a: \"no\"\n");
    check("a: 'x'\n", set("/a", json!(4)), "a: 4\n");
    check("a:   x   # far\n", set("/a", json!("v")), "a:   v   # far\n");
    check("a:\n  x # below\nb: 1\n", set("/a", json!("v")), "a:\n  v # below\nb: 1\n");
    check("a: é # ü\nb: ö\n", set("/b", json!("ß")), "a: é # ü\nb: ß\n");
    check("a: x\t# tab\n", set("/a", json!("v")), "a: v\t# tab\n");
    check("a: one\n  two # c\nb: 1\n", set("/a", json!("v")), "a: v # c\nb: 1\n");
    check("a: 'one\n\n  two' # c\nb: 1\n", set("/a", json!("v")), "a: 'v' # c\nb: 1\n");
    check("'a': 1\n\"b\": 2\n", set("/b", json!(3)), "'a': 1\n\"b\": 3\n");
    check("a : 1\n", set("/a", json!(3)), "a : 3\n");
    check("a: k\u{85}b # m\nb: 1\n", set("/b", json!(2)), "a: k\u{85}b # m\nb: 2\n");
}

#[test]
fn an_empty_value_is_filled() {
    check("a:\nb: 1\n", set("/a", json!("x")), "a: x\nb: 1\n");
    check("a:   # why\nb: 1\n", set("/a", json!("x")), "a: x   # why\nb: 1\n");
    check("a: 1\nb:", set("/b", json!("x")), "a: 1\nb: x");
    check("a: ~ # c\n", set("/a", json!([1, {"b": 2}])), "a: # c\n  - 1\n  - b: 2\n");
    check("a: [] # c\nb: 1\n", push("/a", json!("x")), "a: # c\n  - x\nb: 1\n");
    check("a: {} # c\nb: 1\n", set("/a/k", json!("x")), "a: # c\n  k: x\nb: 1\n");
    check("a:\n  []\nb: 1\n", push("/a", json!("x")), "a:\n  - x\nb: 1\n");
    check("- []\n- 1\n", push("/0", json!("x")), "- - x\n- 1\n");
    check("-\n- 1\n", set("/0", json!({"a": 1, "b": 2})), "- a: 1\n  b: 2\n- 1\n");
    check("- old # c\n- 1\n", set("/0", json!({"a": 1})), "- a: 1\n- 1\n");
    check("{}\n", set("/a", json!(1)), "a: 1\n");
    check("---\n{} # c\n", set("/a", json!(1)), "---\n # c\na: 1\n");
}

#[test]
fn text_blocks_are_replaced_whole() {
    let text = "a: | # hdr\n  one\n  two\n\n# after\nb: 1\n";
    check(text, set("/a", json!("x")), "a: x # hdr\n\n# after\nb: 1\n");
    check(text, set("/a", json!("x\n\nv")), "a: |- # hdr\n  x\n\n  v\n\n# after\nb: 1\n");
    check(text, set("/a", json!("x\nv\n")), "a: | # hdr\n  x\n  v\n\n# after\nb: 1\n");
    check("a: >2-\n   x\n  v\nb: 1\n", set("/a", json!(5)), "a: 5\nb: 1\n");
    check("a: |+\n  x\n\n\nb: 1\n", set("/a", json!("v\nz\n\n")), "a: |+\n  v\n  z\n\nb: 1\n");
    check("a: |\n\nb: 1\n", set("/a", json!("x\nv")), "a: |-\n  x\n  v\n\nb: 1\n");
    check("a: |\n  x", set("/a", json!("v")), "a: v");
    check("a: old # c\nb: 1\n", set("/a", json!("x\nv\n")), "a: | # c\n  x\n  v\nb: 1\n");
    check("- k: |\n    x\n  l: 1\n", set("/0/k", json!(" v\nz")), "- k: |2-\n     v\n    z\n  l: 1\n");
    check("a: x\n  # deep\nb: 1\n", set("/a", json!("v\nz")), "a: \"v\\nz\"\n  # deep\nb: 1\n");
    check("a: |\n  x\n  # text\n # c\nb: 1\n", set("/a", json!("v")), "a: v\n # c\nb: 1\n");
    check("a: |\r\n  x\r\n  v\r\nb: 1\r\n", set("/a", json!("v\nz\n")), "a: |\r\n  v\r\n  z\r\nb: 1\r\n");
    check("a: x", set("/a", json!("v\nz\n")), "a: |\n  v\n  z\n");
}

#[test]
fn a_key_goes_after_its_preceding_sibling() {
    check("a: 1 # one\n\n# two\nb: 2\n", insert("", 1, "m", json!("x")), "a: 1 # one\nm: x\n\n# two\nb: 2\n");
    check("# top\na: 1\n", insert("", 0, "m", json!("x")), "# top\nm: x\na: 1\n");
    check("---\na: 1\n...\n# c\n", insert("", 1, "m", json!("x")), "---\na: 1\nm: x\n...\n# c\n");
    check("%YAML 1.2\n---\na: 1\n", insert("", 1, "m", json!("x")), "%YAML 1.2\n---\na: 1\nm: x\n");
    check("a: 1", insert("", 1, "m", json!("x")), "a: 1\nm: x");
    check("a: 1\r\nb: 2\r\n", insert("", 1, "m", json!("x")), "a: 1\r\nm: x\r\nb: 2\r\n");
    check("\u{feff}a: 1\n", insert("", 0, "m", json!("x")), "\u{feff}m: x\na: 1\n");
    check("\u{feff}a: 1\n", insert("", 1, "m", json!("x")), "\u{feff}a: 1\nm: x\n");
    check("a:\n    b: 1\nc: 2\n", insert("/a", 1, "m", json!([1])), "a:\n    b: 1\n    m: [1]\nc: 2\n");
    check("a:\n  - x\n  # more\nb: 1\n", insert("", 1, "m", json!(1)), "a:\n  - x\n  # more\nm: 1\nb: 1\n");
    check("- a: 1\n  b: 2\n", insert("/0", 0, "id", json!("x")), "- id: x\n  a: 1\n  b: 2\n");
    check("- a: 1\n  b: 2\n", insert("/0", 2, "id", json!("x")), "- a: 1\n  b: 2\n  id: x\n");
    check("a: {x: 1} # c\n", insert("/a", 1, "v", json!("p, q")), "a: {x: 1, v: \"p, q\"} # c\n");
    check("a: {x: 1} # c\n", insert("/a", 0, "v", json!(true)), "a: {v: true, x: 1} # c\n");
    check("a: { x: 1 }\n", insert("/a", 1, "v", json!(2)), "a: { x: 1, v: 2 }\n");
    check("{a: 1}\n", insert("", 1, "v", json!(2)), "{a: 1, v: 2}\n");
    check("? a\n: 1\n? b\n: 2\n", insert("", 1, "m", json!(2)), "? a\n: 1\nm: 2\n? b\n: 2\n");
    check("a: |\n  x\n\nb: 1\n", insert("", 1, "m", json!(2)), "a: |\n  x\nm: 2\n\nb: 1\n");
    check(
        "a: 1\nb: 2\n",
        |v| *v = json!({"p": 0, "a": 1, "q": {"r": [{"s": "t"}]}, "u": "long\ntext\n", "b": 3}),
        "p: 0\na: 1\nq:\n  r:\n    - s: t\nu: |\n  long\n  text\nb: 3\n",
    );
}

#[test]
fn an_item_goes_to_its_place_in_the_style_of_the_list() {
    check("a:\n  - x # c\n  # end\nb: 1\n", push("/a", json!("v")), "a:\n  - x # c\n  - v\n  # end\nb: 1\n");
    check("a:\n- x\n- v\nb: 1\n", push("/a", json!("z")), "a:\n- x\n- v\n- z\nb: 1\n");
    check(
        "a:\n    -   x\n    -   v\n",
        push("/a", json!({"k": 1, "l": 2})),
        "a:\n    -   x\n    -   v\n    -   k: 1\n        l: 2\n",
    );
    check(
        "a:\n  # about x\n  - x\n  - v\n",
        insert("/a", 0, "", json!("w")),
        "a:\n  - w\n  # about x\n  - x\n  - v\n",
    );
    check(
        "a:\n  - x\n  # about v\n  - v\n",
        insert("/a", 1, "", json!("w")),
        "a:\n  - x\n  - w\n  # about v\n  - v\n",
    );
    check("a:\n  - x", push("/a", json!("v")), "a:\n  - x\n  - v");
    check(
        "a:\r\n  - x\r\n",
        push("/a", json!({"k": "a\nb"})),
        "a:\r\n  - x\r\n  - k: |-\r\n      a\r\n      b\r\n",
    );
    check("a: [x, v] # c\n", push("/a", json!("z")), "a: [x, v, z] # c\n");
    check("a: [x, v,] # c\n", push("/a", json!("z")), "a: [x, v, z,] # c\n");
    check("a: [\n  x, # cx\n  v # cy\n]\n", push("/a", json!("z")), "a: [\n  x, # cx\n  v, # cy\n  z\n]\n");
    check("a: [\n  x, # cx\n  v, # cy\n]\n", push("/a", json!("z")), "a: [\n  x, # cx\n  v, # cy\n  z,\n]\n");
    check(
        "a: [\n  x, # cx\n  v # cy\n]\n",
        insert("/a", 1, "", json!("z")),
        "a: [\n  x, # cx\n  z,\n  v # cy\n]\n",
    );
    check("a: [\n  x,\n  v]\n", insert("/a", 0, "", json!("z")), "a: [\n  z,\n  x,\n  v]\n");
    check("a: [[], {}]\n", push("/a/0", json!("z")), "a: [[z], {}]\n");
    check("- - a\n  - b\n", insert("/0", 0, "", json!("z")), "- - z\n  - a\n  - b\n");
    check("a:\n  - |\n    x\n  - v\n", insert("/a", 1, "", json!("z")), "a:\n  - |\n    x\n  - z\n  - v\n");
}

#[test]
fn what_is_removed_takes_its_own_lines_and_no_more() {
    check("a: 1\n# about b\nb: 2 # c\n\nd: 3\n", remove("/b"), "a: 1\n# about b\n\nd: 3\n");
    check("a: 1\nb:\n  # in\n  - x # t\n  # end\n# d\nd: 3\n", remove("/b"), "a: 1\n# d\nd: 3\n");
    check("a:\n  - x # c\n  - v\n", remove("/a/0"), "a:\n  - v\n");
    check("a:\n  - x\n # less\n# b\nb: 1\n", set("/a", json!("v")), "a: v\n # less\n# b\nb: 1\n");
    check("a:\n  - x\n  # end\n# b\nb: 1\n", set("/a", json!("v")), "a: v\n# b\nb: 1\n");
    check("a: # c\n  - x\n  # end\nb: 1\n", remove("/a/0"), "a: [] # c\n  # end\nb: 1\n");
    check("a:\n- x\nb: 1\n", remove("/a/0"), "a: []\nb: 1\n");
    check("a:\n  k: 1\nb: 1\n", remove("/a/k"), "a: {}\nb: 1\n");
    check("a: 1\n", remove("/a"), "{}\n");
    check("- a: 1\n  b: 2\n", remove("/0/a"), "- b: 2\n");
    check("- a: 1\n  # c\n  b: 2\n", remove("/0/a"), "-\n  # c\n  b: 2\n");
    check("- a: 1\n  b: 2\n", remove("/0/b"), "- a: 1\n");
    check("- a: 1\n- 2\n", remove("/0/a"), "- {}\n- 2\n");
    check("a: [x, v, z]\n", remove("/a/0"), "a: [v, z]\n");
    check("a: [x, v, z]\n", remove("/a/1"), "a: [x, z]\n");
    check("a: [x, v, z]\n", remove("/a/2"), "a: [x, v]\n");
    check("a: [ x ] # c\n", remove("/a/0"), "a: [] # c\n");
    check("a: {x: 1, v: 2,}\n", remove("/a/v"), "a: {x: 1,}\n");
    check("a: [\n  x, # cx\n  v,\n  z\n]\n", remove("/a/1"), "a: [\n  x, # cx\n  z\n]\n");
    check("a: [\n  x, # cx\n  v,\n  z # cz\n]\n", remove("/a/2"), "a: [\n  x, # cx\n  v\n   # cz\n]\n");
    check("a: 1\nb: |\n  x\n\n  v\n\n\nc: 1\n", remove("/b"), "a: 1\n\n\nc: 1\n");
    check("a: 1\r\nb: 2\r\nc: 3\r\n", remove("/b"), "a: 1\r\nc: 3\r\n");
    check("a: 1\nb: 2", remove("/b"), "a: 1");
    check("a: 1\n\nb: 2", remove("/b"), "a: 1\n");
    // The break before the last line is not always of the kind that the file begins with.
    check("a: 1\r\nb: 2\nc: 3", remove("/c"), "a: 1\r\nb: 2");
    check("a: 1\nb: 2\r\nc: 3", remove("/c"), "a: 1\nb: 2");
    check("a: 1\nb: 2", |v| *v = json!({"a": 1, "c": [3], "d": 4}), "a: 1\nc: [3]\nd: 4");
    check("a:\n  - x\n  - y", |v| *v = json!({"a": ["x"], "b": 1}), "a:\n  - x\nb: 1");
    check("? a\n: 1\n? b\n: 2\n", remove("/a"), "? b\n: 2\n");
}

#[test]
fn list_items_keep_their_identity() {
    let text = "t:\n  # first\n  - at: 1 # c\n    text: x\n  - at: 2\n    text: v\n";
    check(
        text,
        |v| v["t"][0] = json!({"at": 1, "text": "x", "id": "I"}),
        "t:\n  # first\n  - at: 1 # c\n    text: x\n    id: I\n  - at: 2\n    text: v\n",
    );
    check(
        text,
        |v| {
            v["t"] =
                json!([{"at": 0, "text": "m", "id": "NN"}, {"at": 1, "text": "x"}, {"at": 2, "text": "z"}])
        },
        "t:\n  - at: 0\n    text: m\n    id: NN\n  # first\n  - at: 1 # c\n    text: x\n  - at: 2\n    text: z\n",
    );
    check(
        "t:\n  - id: A # a\n    x: 1\n  - id: B # b\n    x: 1\n",
        |v| v["t"] = json!([{"id": "C", "x": 1}, {"id": "B", "x": 2}]),
        "t:\n  - id: C\n    x: 1\n  - id: B # b\n    x: 2\n",
    );
    check(
        "l: [{name: a, url: u}, {name: b}]\n",
        |v| v["l"][0]["url"] = json!("w"),
        "l: [{name: a, url: w}, {name: b}]\n",
    );
    check("a: [x, v, z]\n", |v| v["a"] = json!(["z", "x", "v"]), "a: [z, x, v]\n");
    let swap = |v: &mut Value| v["a"] = json!(["v", "x"]);
    check_refused("a: [\n  x, # c\n  v]\n", swap, "change `a` in place (line 1)");
}

#[test]
fn an_item_that_moves_takes_its_lines_and_comments_along() {
    let swap = |v: &mut Value| v["a"] = json!(["v", "x"]);
    check("a:\n  - x # c\n  - v\n", swap, "a:\n  - v\n  - x # c\n");
    check(
        "a:\n  # on x\n  - 'x' # c\n\n  # loose\n\n  - v",
        swap,
        "a:\n  - v\n\n  # loose\n\n  # on x\n  - 'x' # c",
    );
    check("a:\n  - x # c\n  - v\n  - z # d\n", swap, "a:\n  - v\n  - x # c\n");
    check("a:\r\n- x\r\n  # in\r\n- v # d\r\n", swap, "a:\r\n- v # d\r\n- x\r\n  # in\r\n");
    check(
        "t: # t\n  # on 1\n  - {id: A, at: '1', # c\n     x: \"y\"}\n  - id: B\n    at: 2 # d\n\n  -   at: 3\n      id: C\ne: 1\n",
        |v| v["t"] = json!([{"id": "B", "at": 2}, {"id": "C", "at": 3}, {"id": "A", "at": "4", "x": "y"}]),
        "t: # t\n  - id: B\n    at: 2 # d\n  -   at: 3\n      id: C\n\n  # on 1\n  - {id: A, at: '4', # c\n     x: \"y\"}\ne: 1\n",
    );
    check(
        "t:\n  - id: A # a\n  - id: B # b\n  - id: C # c\n",
        |v| v["t"] = json!([{"id": "C"}, {"id": "D"}, {"id": "A", "x": 1}]),
        "t:\n  - id: C # c\n  - id: D\n  - id: A # a\n    x: 1\n",
    );
}

#[test]
fn collections_and_scalars_replace_each_other() {
    check("a: # c\n  - x\n  - v\nb: 1\n", set("/a", json!("z")), "a: z # c\nb: 1\n");
    check("a:\n  k: 1\nb: 1\n", set("/a", json!([1, 2])), "a:\n  - 1\n  - 2\nb: 1\n");
    check("a: x # c\nb: 1\n", set("/a", json!({"k": [1]})), "a: # c\n  k: [1]\nb: 1\n");
    check("a: | # c\n  x\nb: 1\n", set("/a", json!({"k": 1})), "a: # c\n  k: 1\nb: 1\n");
    check("a: {k: 1}\nb: 1\n", set("/a", json!(["x"])), "a:\n  - x\nb: 1\n");
    check("- k: 1\n  l: 2\n- x\n", set("/0", json!("v")), "- v\n- x\n");
}

#[test]
fn anchors_aliases_and_tags() {
    check("a: &x 1 # c\nb: 2\n", set("/a", json!(3)), "a: &x 3 # c\nb: 2\n");
    check("a: &x 1\nb: *x # c\n", set("/b", json!(3)), "a: &x 1\nb: 3 # c\n");
    check("a: &x\n  k: 1\nb: *x\n", set("/b/k", json!(3)), "a: &x\n  k: 1\nb:\n  k: 3\n");
    check("a: !!str 1\n", set("/a", json!("x")), "a: x\n");
    check("a: &x !!str 1 # c\n", set("/a", json!(2)), "a: &x 2 # c\n");
    check_refused("a: &x 1\nb: *x\n", set("/a", json!(3)), "change `a` in place (line 1)");
    check_refused("a: 1\nb: &x\n  k: 1\nc: *x\n", set("/b/k", json!(3)), "change `b.k` in place (line 3)");
}

#[test]
fn refused_layouts() {
    let change = set("/b", json!(3));
    check_refused("a: &x {k: 1}\nb:\n  <<: *x\n", change, "line 3 merges keys");
    let two = "a: 1\n---\nb: 2\n";
    let blind = |text: &str| Ok::<_, String>(json!(text.len()));
    let error = rewrite(two, &json!(two.len()), &json!(1), &blind).expect_err("refused");
    assert!(matches!(error, EditError::Layout { line: 2, .. }), "{error}");
    let double = "a: 1\na: 2\n";
    let error = rewrite(double, &json!(double.len()), &json!(1), &blind).expect_err("refused");
    assert!(error.to_string().contains("line 2 repeats the key `a`"), "{error}");
    let stale = rewrite("a: 1\n", &json!({"a": 2}), &json!({"a": 3}), &read);
    assert_eq!(stale, Err(EditError::NotWhatWasRead));
}

#[test]
fn an_incident_written_by_hand() {
    let text = "\
# yaml-language-server: $schema=../schema.json
schema: 1
title: \"Staging: cluster 3\"   # as in the channel
status: resolved
impact:
  customers: 0                # count
  customer_impact: XL
  money_at_risk: {amount: 0, currency: EUR}
summary: {description: x, mitigation: y y}

alerts: [\"97562\", \"97563\"]
timeline:
  # before the page
  - at: \"2023-03-27T12:59:00+02:00\"
    kind: note
    text: >-
      Incident created
      due to alerts
    details: [Pods, Secrets]

  # TODO: who rolled back?
  - {at: \"2023-03-27T13:05:00+02:00\", kind: note, text: rollback}
pdcas: []
# end
";
    let entry = json!({"at": "2023-03-27T14:13:00+02:00", "kind": "status", "text": "resolved: it holds", "id": "01GX"});
    check(
        text,
        |v| {
            v["status"] = json!("closed");
            v["impact"]["customers"] = json!("unknown");
            v["impact"]["money_at_risk"]["amount"] = json!(12.5);
            v["summary"]["mitigation"] = json!("rolled\nback");
            v["timeline"][0]["id"] = json!("01GW");
            v["timeline"][1]["id"] = json!("01GV");
            v["timeline"].as_array_mut().expect("a list").push(entry);
            v["pdcas"] = json!(["2023-04-06-staging"]);
        },
        "\
# yaml-language-server: $schema=../schema.json
schema: 1
title: \"Staging: cluster 3\"   # as in the channel
status: closed
impact:
  customers: unknown                # count
  customer_impact: XL
  money_at_risk: {amount: 12.5, currency: EUR}
summary: {description: x, mitigation: \"rolled\\nback\"}

alerts: [\"97562\", \"97563\"]
timeline:
  # before the page
  - at: \"2023-03-27T12:59:00+02:00\"
    kind: note
    text: >-
      Incident created
      due to alerts
    details: [Pods, Secrets]
    id: 01GW

  # TODO: who rolled back?
  - {at: \"2023-03-27T13:05:00+02:00\", kind: note, text: rollback, id: 01GV}
  - at: \"2023-03-27T14:13:00+02:00\"
    kind: status
    text: \"resolved: it holds\"
    id: 01GX
pdcas:
  - 2023-04-06-staging
# end
",
    );
}

#[test]
fn odd_layouts() {
    // A colon far from its key, a value behind a comment, a dash behind another's comment.
    check(
        "\"a\" :\n  # why - not\n  x\nb: 1\n",
        set("/a", json!("z")),
        "\"a\" :\n  # why - not\n  z\nb: 1\n",
    );
    check("- # a - b\n  x\n- k: 1\n", set("/0", json!("z")), "- # a - b\n  z\n- k: 1\n");
    check("- # a - b\n  k: 1\n", set("/0/m", json!("z")), "- # a - b\n  k: 1\n  m: z\n");
    check("a:\n  # why\n  |\n   x\nb: 1\n", set("/a", json!("z")), "a:\n  # why\n  z\nb: 1\n");
    check("a: &x\n  # why\n  k: 1\nb: 1\n", set("/a/k", json!("z")), "a: &x\n  # why\n  k: z\nb: 1\n");
    check(
        "? a # c\n# d\n: - x # e\n  - z\nb: 1\n",
        push("/a", json!(1)),
        "? a # c\n# d\n: - x # e\n  - z\n  - 1\nb: 1\n",
    );
    check_refused(
        "? a
b: 1
",
        set("/a", json!(2)),
        "change `a` in place (line 1)",
    );
    check("{\n  k: # c\n}\n", set("/m", json!("z")), "{\n  k: , # c\n  m: z\n}\n");
    check("a: {k:}\n", set("/a/m", json!("z")), "a: {k: , m: z}\n");
    check_refused("{\n  a\n  b\n}\n", set("/a b", json!("z")), "its key spans lines");
    check("{\n  ? a\n  b\n}\n", set("/a b", json!("z")), "{\n  ? a\n  b: z\n}\n");
    check("a: {k}\n", set("/a/k", json!("z")), "a: {k: z}\n");
    check("a: {k: }\n", set("/a/k", json!("z")), "a: {k: z }\n");
    check("a: [k: 1]\n", set("/a/0/k", json!("z")), "a: [{k: z}]\n");
    check("a: {\"k\":1}\n", set("/a/k", json!("z")), "a: {\"k\":z}\n");
    check("a: {? k : 1, l: 2}\n", remove("/a/k"), "a: {l: 2}\n");
    check("a: [\n\n  # only\n\n]\nb: 1\n", set("/b", json!(2)), "a: [\n\n  # only\n\n]\nb: 2\n");
    check("a: [x, # cx\n  z]\n", remove("/a/0"), "a: [ # cx\n  z]\n");
    check("a: [x # cx\n  , z]\n", remove("/a/1"), "a: [x # cx\n  ]\n");
    check("a: 1\n--- # not here\n".split("---").next().unwrap_or_default(), set("/a", json!(2)), "a: 2\n");
    check("--- {a: 1} # c\n", set("/b", json!(2)), "--- {a: 1, b: 2} # c\n");
    check("---\n- 1\n...\n", |v| *v = json!([1, 2]), "---\n- 1\n- 2\n...\n");
    check("a: 1\n\n\n", set("/b", json!(2)), "a: 1\nb: 2\n\n\n");
    check("a: 1 # c", set("/b", json!(2)), "a: 1 # c\nb: 2");
    check("a: 1\rb: 2\r", set("/c", json!(3)), "a: 1\rb: 2\rc: 3\r");
    check("\u{feff}# c\r\na: 1", set("/c", json!(3)), "\u{feff}# c\r\na: 1\r\nc: 3");
    check("été: 1 # ç\nb: {ñ: ü, ø: å} # ç\n", remove("/b/ñ"), "été: 1 # ç\nb: {ø: å} # ç\n");
    check("a:\n- k: 1\n\n- k: 2\n# c\n", remove("/a/0"), "a:\n\n- k: 2\n# c\n");
    check("a: \"x\\\n  y\" # c\n", set("/a", json!("z")), "a: \"z\" # c\n");
    check("a: !t x # c\n", set("/a", json!("z")), "a: z # c\n");
}

#[test]
fn a_file_of_comments_alone_is_filled() {
    let reader = |text: &str| {
        if text.contains(':') { read(text) } else { Ok(json!({})) }
    };
    let new = rewrite("# top\n", &json!({}), &json!({"a": {"b": 1}}), &reader);
    assert_eq!(new.as_deref(), Ok("# top\na:\n  b: 1\n"));
    assert_eq!(rewrite("", &json!({}), &json!({"a": []}), &reader).as_deref(), Ok("a: []\n"));
}

#[test]
fn a_normalised_record_is_an_upsert() {
    // A reader that leaves out empty lists, fills in a default and reads `0x10` as 16.
    let reader = |text: &str| {
        let mut value = read(text)?;
        let map = value.as_object_mut().ok_or("no map")?;
        map.retain(|_, value| value != &json!([]) && !value.is_null());
        map.entry("kind").or_insert(json!("incident"));
        Ok(value)
    };
    let run =
        |text: &str, after: Value| rewrite(text, &reader(text)?, &after, &reader).map_err(|e| e.to_string());
    assert_eq!(
        run("a: 0x10\nl: [] # c\ns: ~\n", json!({"a": 16, "l": ["x"], "kind": "incident"})),
        Ok("a: 0x10\nl: # c\n  - x\ns: ~\n".into())
    );
    assert_eq!(
        run("a: 0x10\nl: []\n", json!({"a": 16, "kind": "drill"})),
        Ok("a: 0x10\nkind: drill\nl: []\n".into())
    );
}

#[test]
fn a_new_file_is_emitted_in_block_style() {
    let value = json!({
        "schema": 1, "title": "Staging: cluster 3", "at": "2023-03-27T12:59:00+02:00", "id": "2023-03-27-staging",
        "none": null, "ok": true, "empty": [], "map": {}, "alerts": ["97562", "97563"],
        "timeline": [{"at": "12:59", "details": ["a\nb\n", "c"]}, [1, [2]], "n/a"],
        "long": "x".repeat(120), "longer": format!("- {}", "x ".repeat(60).trim_end()),
    });
    let text = emit("yaml-language-server: x\n# two\n", &value);
    let expected = format!(
        "# yaml-language-server: x\n# two\nschema: 1\ntitle: \"Staging: cluster 3\"\nat: \"2023-03-27T12:59:00+02:00\"\n\
         id: 2023-03-27-staging\nnone: null\nok: true\nempty: []\nmap: {{}}\nalerts: [\"97562\", \"97563\"]\n\
         timeline:\n  - at: \"12:59\"\n    details: [\"a\\nb\\n\", c]\n  - - 1\n    - - 2\n  - n/a\n\
         long: |-\n  {}\nlonger: |-\n  - {}\n",
        "x".repeat(120),
        "x ".repeat(60).trim_end()
    );
    assert_eq!(text, expected);
    assert_eq!(read(&text), Ok(value));
}

#[test]
fn a_map_that_is_written_whole_stands_on_one_line() {
    let change = json!({"of": "status", "from": "investigating", "to": "mitigated"});
    let long = json!({"of": "status", "to": "closed", "reason": "a reason of more than a few words"});
    let value = json!({
        "money_at_risk": {"amount": 0, "currency": "EUR"}, "impact": {"customers": 0, "transactions": 0},
        "timeline": [{"change": change, "id": "A"}, {"change": long}],
    });
    let expected = "money_at_risk: {amount: 0, currency: EUR}\nimpact:\n  customers: 0\n  transactions: 0\n\
        timeline:\n  - change: {of: status, from: investigating, to: mitigated}\n    id: A\n  - change:\n      \
        of: status\n      to: closed\n      reason: a reason of more than a few words\n";
    assert_eq!(emit("", &value), expected);
    let money = || json!({"amount": 12.5, "currency": "USD"});
    let one = "money_at_risk: {amount: 12.5, currency: USD} # c\n";
    check("money_at_risk: unknown # c\n", set("/money_at_risk", money()), one);
    check("money_at_risk: {amount: 0, currency: USD} # c\n", set("/money_at_risk", money()), one);
    check(
        "money_at_risk:\n  amount: 0 # c\n  currency: EUR\n",
        set("/money_at_risk", money()),
        "money_at_risk:\n  amount: 12.5 # c\n  currency: USD\n",
    );
    check(
        "money_at_risk: {amount: 12.5, currency: USD} # c\n",
        set("/money_at_risk", json!("none")),
        "money_at_risk: none # c\n",
    );
}

#[test]
fn places_are_found() {
    let text = "# é\né: 1\nt:\n  - at: 1\n    'x': 2\nf: [a, é, b]\n";
    let key = |name: &str| Step::Key(name.into());
    let place = |line, column, found| Some(Place { line, column, found });
    assert_eq!(locate(text, &[]), place(2, 1, true));
    assert_eq!(locate(text, &[key("é")]), place(2, 1, true));
    assert_eq!(locate(text, &[key("t"), Step::Index(0), key("x")]), place(5, 5, true));
    assert_eq!(locate(text, &[key("t"), Step::Index(0)]), place(4, 5, true));
    assert_eq!(locate(text, &[key("f"), Step::Index(2)]), place(6, 11, true));
    assert_eq!(locate(text, &[key("t"), Step::Index(4), key("x")]), place(3, 1, false));
    assert_eq!(locate("", &[key("t")]), None);
    assert_eq!(Path(&[key("t"), Step::Index(3), key("text")]).to_string(), "t[3].text");
}

#[test]
fn a_long_timeline_is_edited_at_both_ends() {
    let entry = |n: usize| json!({"id": format!("I{n}"), "text": format!("entry {n}")});
    let mut text = String::from("timeline:\n");
    for n in 0..4000 {
        text.push_str(&format!("  # {n}\n  - id: I{n}\n    text: entry {n} # c\n"));
    }
    let expected = format!("{}  - id: I4000\n    text: entry 4000\n", text.replace("entry 7 #", "other #"));
    check(
        &text,
        |v| {
            v["timeline"][7]["text"] = json!("other");
            v["timeline"].as_array_mut().expect("a list").push(entry(4000));
        },
        &expected,
    );
}

#[test]
fn a_map_of_many_keys_is_renamed_in_time() {
    let text: String = (0..4000).map(|n| format!("k{n}: {n}\n")).collect();
    let renamed =
        |v: &Value| v.as_object().expect("a map").iter().map(|(k, v)| (format!("n{k}"), v.clone())).collect();
    check(&text, |v| *v = Value::Object(renamed(v)), &text.replace('k', "nk"));
}
