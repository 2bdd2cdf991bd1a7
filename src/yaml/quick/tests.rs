//! What the quick way reads, and that it reads it as the parser does.

use super::*;
use crate::yaml::load;

/// The tree of what is read quickly.
fn quickly(text: &str) -> Option<Tree<'_>> {
    match read("w", text) {
        Quickly::Read(tree) => Some(tree),
        Quickly::Shallow(_) | Quickly::Unsure => None,
    }
}

#[test]
fn a_plain_workflow_is_read_as_the_parser_reads_it() {
    let text = "---\n# A comment\nname: CI # and one behind\non:\n  push:\n  pull_request:\n    branches: [main, 'release/*', \
                \"v[0-9]\"]\n    types:\n    - opened\n    -   synchronize\njobs:\n  build:\n    strategy:\n      \
                matrix: {os: [a, b c], include: [{x: 1}, {}]}\n    steps:\n      - uses: a/b@v1\n        with:\n          \
                'key': \"value: x\"\n\n      -\n        run: |\n\n          a\n            b # no comment\n\n          c\n\n      - run: \
                >-\n          a\n          b\n\n           c\n          d\n      - name: it''s é: no\n      - run: |+\n          x\n\n      \
                - plain\n    env:\n";
    let text = text.replace("é: no", "é '#' no");
    assert_eq!(quickly(&text), load("w", &text).ok());
    assert!(quickly(&text).is_some());
    let unended = text.trim_end_matches("    env:\n").trim_end();
    assert_eq!(quickly(unended), load("w", unended).ok());
    assert!(quickly(unended).is_some());
}

#[test]
fn what_goes_on_and_what_is_escaped_is_read_as_the_parser_reads_it() {
    for text in [
        "a: b\n  c d\n\n\n   e # f\ng:\n  - h\n    i\n",
        "a:\n  b c\nd:\n  'e'\nf:\n  -\n    g\n",
        "a: \"b\\n\\\"c\\\" \\\\d \\/e\\t\"\n\"f\\\"\": g\n",
        "a: [b, \"c\\n\"]\n",
        "a: 'b\n  c'\n",
        "a:\n  b: 'c''  \n\n\n      d''e\n    ' # f\n  g: \"\n   h\\n\\\"\n   #\n   i\"\n",
        "a: :16:8\n",
        "a:\n  [b,\n  # c\n# d\n   e]\n",
        "a: [\n  b\n]\nc:\n  - {d: [e],\n  }\n",
    ] {
        assert!(quickly(text).is_some(), "{text:?}");
        assert_eq!(quickly(text), load("w", text).ok(), "{text:?}");
    }
}

#[test]
fn a_shallow_line_of_a_collection_is_the_error_of_the_parser() {
    for (text, place) in [("a: [\n  'b'\n]\n", (3, 1)), ("a:\n  b: {c: d,\n e: f}\n", (3, 2)), ("- [\nb]", (2, 1))] {
        let (line, column) = place;
        assert_eq!(read("w", text), Quickly::Shallow(Spot { line, column }), "{text:?}");
        assert_eq!(crate::yaml::read("w", text), load("w", text), "{text:?}");
    }
    for text in ["a: [b\nc]\n", "a: [b,\nc]\n", "a: [b,\n---\n", "a: [b,\n...\n"] {
        assert_eq!(read("w", text), Quickly::Unsure, "{text:?}");
    }
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
        "a: b\n  c: d\n",
        "a: b\n  c:\n",
        "a: b # c\n  d\n",
        "a: b\n# c\n  d\n",
        "a: b\n\tc\n",
        "a: 'b\n  c",
        "a: 'b\nc'\n",
        "a: 'b\n  c' d\n",
        "- 'a\n  b'\n",
        "a: [b,\nc]\n",
        "a: [b\n  c]\n",
        "a: ['b',\n]\n",
        "a: [b,# c\n  d]\n",
        "a: {b:\n  c}\n",
        "a: {b\n  : c}\n",
        "a: [b,\n  \tc]\n",
        "a: \"\\x41\"\n",
        "a: \"b\\\n  c\"\n",
        "a:\tb\n",
        "a: b\r\n",
        "a: b: c\n",
        "a:\n  |\n  b\n",
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
        assert_eq!(quickly(text), None, "{text:?}");
    }
}

#[test]
fn flow_collections_over_lines_are_read_as_the_parser_reads_them() {
    for text in [
        "a:\n  b: [c,\n    'd', # e\n\n    \"f\"\n    ]\n  g: {\n   h: i,\n   j: [\n    ],\n   k: {} }\nl: m\n",
        "a:\n- [b,\n c\n ,d] # e\n- f\n",
        "a: [\n  # b\n  c # d\n  # e\n  ]\n",
    ] {
        assert!(quickly(text).is_some(), "{text:?}");
        assert_eq!(quickly(text), load("w", text).ok(), "{text:?}");
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
    "\n    d e\n",
    "\n  f\n\n   g # h\n",
    "\n i",
    "\"j\\n\\\"k\\\\\"",
    "\\t",
    "\\\"",
    "k: [\nl,\nm]\n",
    "n: {\n}\n",
    "]\n",
    "# o\n",
    "é",
    "k: 'a\n  b''\n\n  c'\n",
    "k: \"a \n  b\\n\n  c\"",
    "\n   p' # q",
    "\n   r\"",
    ": :s",
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
    let (mut read_at_all, mut shallow) = (0, 0);
    for _ in 0..60_000 {
        let text: String = (0..=roll(14)).map(|_| PARTS[roll(PARTS.len())]).collect();
        if read("w", &text) != Quickly::Unsure {
            read_at_all += 1;
            assert_eq!(crate::yaml::read("w", &text), load("w", &text), "{text:?}");
            shallow += usize::from(quickly(&text).is_none());
        }
    }
    assert!(read_at_all > 1000 && shallow > 10, "{read_at_all} {shallow}");
}
