//! Workflows that are made to break a parser.

use std::fs;

use crate::ground::{CI, FIX, Ground, rule, workflow};

fn ten_of(name: &str) -> String {
    [name; 10].join(", ")
}

/// A workflow that is refused for fixing at its place with these words; the audit ends, and says it too or passes over.
fn unfit(text: impl AsRef<[u8]>, place: &str, words: &str) {
    let ground = Ground::of(text);
    let said = ground.leaves_alone(&FIX);
    said.refused(words);
    assert!(said.err.contains(&format!("{CI}:{place}")), "{place}: {}", said.err);
    assert!(said.err.contains("help: "), "{}", said.err);
    ground.leaves_alone(&["audit"]).tame();
}

#[test]
fn an_alias_bomb_is_refused_within_its_budget() {
    let bomb = |last: usize| -> String {
        let line = |i: usize| format!("a{i}: &a{i} [{}]\n", ten_of(&format!("*a{}", i - 1)));
        format!("a0: &a0 [{}]\n{}", ten_of("x"), (1..last).map(line).collect::<String>())
    };
    unfit(workflow("        run: make\n") + &bomb(9), "9:22", "expand to too much");
    unfit(workflow("        run: make\n") + "a: &a [*a]\n", "9:4", "expand to too much");
}

#[test]
fn merge_keys_that_lead_through_thousands_of_anchors_are_refused() {
    let link =
        |i: usize| if i == 0 { "m0: &m0 {a: 1}\n".to_owned() } else { format!("m{i}: &m{i}\n  <<: *m{}\n", i - 1) };
    let chain: String = (0..5_000).map(link).collect();
    unfit(workflow("        run: make\n") + &chain, "9:5", "expand to too much");
}

#[test]
fn a_hundred_thousand_levels_are_refused() {
    for (text, place) in [
        ("- ".repeat(100_000) + "a", "1:201"),
        ("[".repeat(100_000), "1:256"),
        (format!("a: {}{}", "[".repeat(100_000), "]".repeat(100_000)), "1:259"),
        ("{a: ".repeat(100_000), "1:1021"),
        ("? ".repeat(100_000), "1:201"),
        ((0..2_500).map(|i| format!("{}a:\n", " ".repeat(i))).collect(), "101:102"),
    ] {
        unfit(text, place, "nested");
    }
}

#[test]
fn conditions_of_any_depth_are_followed_or_left_open() {
    for condition in [
        format!("{}1{}", "(".repeat(10_000), ")".repeat(10_000)),
        "(".repeat(20_000),
        format!("{}x", "!".repeat(20_000)),
        format!("{}1{}", "a[".repeat(10_000), "]".repeat(10_000)),
        format!("{}1{}", "toJSON(".repeat(2_500), ")".repeat(2_500)),
        vec!["a"; 4_000].join(" && "),
        format!("a{}", ".a".repeat(10_000)),
    ] {
        // Many files, so that threads with small stacks read them too.
        let ground = Ground::of(workflow(&format!("        if: \"{condition}\"\n        run: make test\n")));
        for n in 0..3 {
            let text = fs::read(ground.root().join(CI)).unwrap();
            ground.write(format!(".github/workflows/{n}.yml"), text);
        }
        ground.leaves_alone(&FIX).worked();
        ground.leaves_alone(&["audit"]).worked();
    }
}

#[test]
fn a_line_of_ten_million_bytes_is_refused_and_one_that_fits_is_taken() {
    let ground = Ground::of(workflow(&format!("        run: {}\n", "x".repeat(10_000_000))));
    ground.leaves_alone(&FIX).refused("above the limit of 8388608");
    ground.leaves_alone(&["audit"]).refused("nothing to audit");
    let ground = Ground::of(workflow(&format!("        run: {}\n", "x".repeat(300_000))));
    ground.leaves_alone(&FIX).worked();
}

#[test]
fn a_file_of_a_gigabyte_is_refused_unread() {
    let ground = Ground::of(workflow("        run: make test\n"));
    let huge = |path: &str| {
        let file = fs::File::create(ground.root().join(path)).unwrap();
        file.set_len(1 << 30).unwrap();
    };
    huge(".github/workflows/huge.yml");
    let said = ground.leaves_alone(&["audit"]);
    assert!(
        said.worked().err.contains("passed over: `.github/workflows/huge.yml` is 1073741824 bytes"),
        "{}",
        said.err
    );
    huge(CI);
    ground.leaves_alone(&["--risk", "A-1", "--no-commit"]).refused("is 1073741824 bytes, above the limit");
    ground.git(&["checkout", "-q", CI]);
    huge(".wf-fix/rules/huge.yml");
    ground.leaves_alone(&FIX).refused("huge.yml has 1073741824 bytes, too many for a rule file");
}

#[test]
fn control_characters_and_bytes_that_are_no_text_are_refused_at_their_place() {
    let text = workflow("        run: make\n");
    for (more, words) in [
        (&b"a: x\0y\n"[..], "a NUL character"),
        (b"a: x\x1b[31my\n", "the control character U+001B"),
        ("a: x\u{9b}y\n".as_bytes(), "the control character U+009B"),
        (b"a: \xff\n", "not UTF-8: byte 0xff"),
        (b"a: x\ry\n", "a carriage return that ends no line"),
    ] {
        unfit([text.as_bytes(), more].concat(), "9:", words);
    }
}

#[test]
fn conflict_markers_are_refused() {
    let text = workflow("        run: make\n");
    unfit(format!("<<<<<<< ours\n{text}=======\n>>>>>>> theirs\n"), "1:1", "a merge conflict marker");
}

#[test]
fn rule_files_are_taken_in_as_workflows_are() {
    for (text, words) in [
        ("[".repeat(100_000), "nested too deep"),
        ("id: A-1\0\n".to_owned(), "a NUL character"),
        (rule("$.a") + "x: &x [*x]\n", "unknown key"),
        (rule("$.a").replace("id: A-1", "id: \"A\\n1\""), "no risk ID"),
    ] {
        let ground = Ground::of(workflow("        run: make\n"));
        ground.write(".wf-fix/rules/a.yml", text);
        let said = ground.leaves_alone(&FIX);
        said.refused(words);
        said.tame();
    }
}
