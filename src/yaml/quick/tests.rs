//! What the quick way reads, and that it reads it as the parser does.

use super::*;
use crate::yaml::load;

#[test]
fn a_plain_workflow_is_read_as_the_parser_reads_it() {
    let text = "---\n# A comment\nname: CI # and one behind\non:\n  push:\n  pull_request:\n    branches: [main, 'release/*', \
                \"v[0-9]\"]\n    types:\n    - opened\n    -   synchronize\njobs:\n  build:\n    strategy:\n      \
                matrix: {os: [a, b c], include: [{x: 1}, {}]}\n    steps:\n      - uses: a/b@v1\n        with:\n          \
                'key': \"value: x\"\n\n      -\n        run: |\n\n          a\n            b # no comment\n\n          c\n\n      - run: \
                >-\n          a\n          b\n\n           c\n          d\n      - name: it''s é: no\n      - run: |+\n          x\n\n      \
                - plain\n    env:\n";
    let text = text.replace("é: no", "é '#' no");
    assert_eq!(read("w", &text), load("w", &text).ok());
    assert!(read("w", &text).is_some());
    let unended = text.trim_end_matches("    env:\n").trim_end();
    assert_eq!(read("w", unended), load("w", unended).ok());
    assert!(read("w", unended).is_some());
}

#[test]
fn what_is_not_plain_is_left_to_the_parser() {
    for text in [
        "",
        "# nothing\n",
        "a: &x 1\n",
        "a: *x\n",
        "a: !!str 1\n",
        "a: 1\n---\nb: 2\n",
        "a: 1\na: 2\n",
        "a: b\n  c\n",
        "a: 'b\n  c'\n",
        "a: [b,\nc]\n",
        "a: [b\n  c]\n",
        "a: [b,\n]\n",
        "a: [b,# c\n  d]\n",
        "a: {b:\n  c}\n",
        "a: {b\n  : c}\n",
        "a: [b,\n  \tc]\n",
        "a: \"\\n\"\n",
        "a:\tb\n",
        "a: b\r\n",
        "a: b: c\n",
        "a:\n  b\n",
        "? a\n: b\n",
        "a: [b: c]\n",
        "a: {b}\n",
        "- - a\n",
        "-\n- a\n",
        "a: |2\n    b\n",
        "a: |\n\nb: c\n",
        "a: |\n    \n  b\n",
        " a: 1\nb: 2\n",
        "a: 1\n b: 2\n",
        "a: `b`\n",
        "a: b #\nc\n",
        "<<: a\n  b: c\n",
    ] {
        assert_eq!(read("w", text), None, "{text:?}");
    }
}

#[test]
fn flow_collections_over_lines_are_read_as_the_parser_reads_them() {
    for text in [
        "a:\n  b: [c,\n    'd', # e\n\n    \"f\"\n    ]\n  g: {\n   h: i,\n   j: [\n    ],\n   k: {} }\nl: m\n",
        "a:\n- [b,\n c\n ,d] # e\n- f\n",
        "a: [\n  # b\n  c # d\n  # e\n  ]\n",
    ] {
        assert!(read("w", text).is_some(), "{text:?}");
        assert_eq!(read("w", text), load("w", text).ok(), "{text:?}");
    }
}

/// Parts of lines that meet in every order: most texts of them are no YAML, and many are.
const PARTS: &[&str] = &[
    "a",
    "b",
    "key",
    "x y",
    "é",
    ":",
    ": ",
    ": ",
    " ",
    "  ",
    "    ",
    "\n",
    "\n",
    "\n",
    "\n  ",
    "\n    ",
    "\n      ",
    "\n- ",
    "\n  - ",
    "- ",
    "-",
    "'",
    "\"",
    "''",
    "#",
    " # c",
    "[",
    "]",
    "{",
    "}",
    ", ",
    ",",
    "|",
    "|-",
    "|+",
    ">",
    ">-",
    "|\n",
    "a: |\n    x\n",
    "a: >\n    x\n    y\n",
    "b:\n",
    "c: 1\n",
    "- a: 1\n  b: 2\n",
    "'q': \"r\"\n",
    "k: [a, b]\n",
    "k: {a: b, c: [d]}\n",
    "k: [a,\n  b, 'c'\n  ]\n",
    "k: [\n",
    "k: {\n  a: b,\n",
    ",\n  ",
    "\n ]",
    "\n }",
    "---\n",
    "...",
    "*",
    "&",
    "!",
    "%",
    "@",
    "`",
    "?",
    "? ",
    "\t",
    "\\",
    "-1",
    "--x",
    "a#b",
    "a:b",
    "~",
];

#[test]
fn what_it_reads_it_reads_as_the_parser_does() {
    let mut dice = 0x2545_f491_4f6c_dd1d_u64;
    let mut roll = |below: usize| {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        (dice >> 16) as usize % below
    };
    let mut read_at_all = 0;
    for _ in 0..60_000 {
        let text: String = (0..=roll(14)).map(|_| PARTS[roll(PARTS.len())]).collect();
        if let Some(tree) = read("w", &text) {
            read_at_all += 1;
            assert_eq!(Some(tree), load("w", &text).ok(), "{text:?}");
        }
    }
    assert!(read_at_all > 1000, "{read_at_all}");
}
