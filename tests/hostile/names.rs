//! Names that would move a terminal, start a command of GitHub Actions, make markup, or forge a trailer: every output
//! shows them, none sends them raw.

use crate::ground::{FIX, Ground, rule};

/// In double quotes of YAML: terminal escapes, C1 controls, directions, what nobody sees, a command, a trailer, markup.
const NASTY: &str = concat!(
    r"T\e[31m\x9b2J\x7f\u202e\u2066\u200e\u061c\u200b\u2060\ufeff\U000e0041\u2028",
    r"\r\n::error file=x::owned\n  ::stop-commands::t\nRisk-ID: FAKE-9\nSigned-off-by: Boss <b@x>",
    r"<img src=x>[a](javascript:x)|`` # ![x](y)"
);

/// A file name that git and the file system take.
const FILE: &str = ".github/workflows/a\u{202e}\u{9b}\u{1b}[31m\u{200b}\n::error::x|`<b>.yml";

fn ground() -> Ground {
    let workflow = format!(
        "name: \"{NASTY}\"\non: pull_request\njobs:\n  \"{NASTY}\":\n    name: \"{NASTY}\"\n    runs-on: ubuntu-latest\n    steps:\n      - name: \"{NASTY}\"\n        continue-on-error: true\n        run: make test\n      - name: \"Test {NASTY}\"\n        if: \"github.x == '\\u202e'\"\n        run: \"make test || true # \\u202e\\e[31m\"\n"
    );
    let ground = Ground::empty();
    ground.write(FILE, &workflow);
    let rule = rule("$.jobs.*.steps[0]['continue-on-error']")
        .replace("title: t", &format!("title: \"{}\"", NASTY.replace("\\n", " ")))
        .replace(".github/workflows/ci.yml", ".github/workflows/*.yml")
        + &format!("rationale: \"{NASTY}\"\n");
    ground.write(".wf-fix/rules/a.yml", rule);
    ground.commit("before");
    ground
}

#[test]
fn no_output_sends_a_name_raw() {
    let ground = ground();
    for args in [
        &FIX[..],
        &["--risk", "A-1", "--check"],
        &["--risk", "A-1", "-n", "--format", "json"],
        &["audit"],
        &["audit", "--all"],
        &["audit", "--format", "json"],
        &["audit", "--format", "sarif"],
        &["audit", "--format", "markdown"],
        &["audit", "--explain", "a\u{202e}\u{9b}\u{1b}[31m\u{200b}\n::error::x|`<b>.yml:9"],
        &["audit", "--explain", "\u{1b}[31m\u{202e}:9"],
        &["rules"],
        &["rules", "show", "A-1"],
        &["rules", "list", "--format", "json"],
        &["rules", "show", "A-1", "--format", "json"],
    ] {
        ground.leaves_alone(args).tame();
    }
}

#[test]
fn an_annotation_holds_its_name_in_one_command() {
    let said = ground().wf_fix(&["audit", "--format", "github"]);
    assert!(!said.out.contains(wf_fix::report::safe::is_unsafe), "{:?}", said.out);
    assert!(!said.out.is_empty(), "{}", said.err);
    for line in said.out.lines() {
        let whole = ["::error file=", "::warning file=", "::notice file="].iter().any(|start| line.starts_with(start));
        assert!(whole && line.matches("::").count() >= 2 && !line.contains("\n::"), "{line}");
        assert!(line.contains("file=.github/workflows/a\\u{202e}"), "{line}");
    }
}

#[test]
fn json_says_a_name_as_it_is() {
    let ground = ground();
    let said = ground.wf_fix(&["audit", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(value["findings"][0]["file"].as_str(), Some(FILE));
}

#[test]
fn a_document_takes_no_markup_from_a_name() {
    let said = ground().wf_fix(&["audit", "--format", "markdown"]);
    // Outside of code spans nothing of it is markup.
    for line in said.out.lines() {
        let prose: String = line.split('`').step_by(2).collect();
        assert!(!prose.contains("<img") && !prose.contains("[a](") && !prose.contains("![x]"), "{line}");
    }
}

#[test]
fn a_commit_takes_no_trailer_from_a_name_and_holds_nothing_raw() {
    let ground = ground();
    // A name with a line break is refused for what it is.
    ground.leaves_alone(&["--risk", "A-1"]).refused("has a backslash or a control character");
    ground.git(&["mv", FILE, ".github/workflows/a\u{202e}\u{1b}[31m\u{200b}|`<b>.yml"]);
    ground.commit("moved");
    let said = ground.wf_fix(&["--risk", "A-1", "--no-verify"]);
    said.worked().tame();
    let message = ground.git(&["log", "-1", "--format=%B"]);
    assert!(!message.contains(wf_fix::report::safe::is_unsafe), "{message:?}");
    let trailers =
        |key: &str| ground.git(&["log", "-1", &format!("--format=%(trailers:key={key},valueonly,separator=%x2C)")]);
    assert_eq!((trailers("Risk-ID").as_str(), trailers("Signed-off-by").as_str()), ("A-1", ""));
    for args in [
        &["verify", "HEAD~1..HEAD"][..],
        &["verify", "HEAD~1..HEAD", "--format", "json"],
        &["report", "--milestone", "M1", "--range", "HEAD~1..HEAD", "--kind", "summary"],
        &["report", "--milestone", "M1", "--range", "HEAD~1..HEAD", "--kind", "audit"],
        &["report", "--milestone", "M1", "--range", "HEAD~1..HEAD", "--kind", "audit", "--format", "json"],
    ] {
        ground.leaves_alone(args).tame();
    }
}

#[test]
fn a_patch_with_such_names_is_one_that_git_takes() {
    let ground = ground();
    let said = ground.wf_fix(&FIX);
    ground.git_with(&["apply", "--check", "-"], said.worked().out.as_bytes());
    ground.git_with(&["am", "-q"], said.out.as_bytes());
    assert_eq!(ground.git(&["log", "-1", "--format=%an"]), "Ada");
}

#[test]
fn errors_show_the_names_they_speak_of() {
    let ground = ground();
    let broken =
        "on: push\njobs:\n  j:\n    \"a\\e[31m\\u202e\\n::error::x\": 1\n    \"a\\e[31m\\u202e\\n::error::x\": 2\n";
    ground.write(FILE, broken);
    ground.commit("broken");
    for args in [&FIX[..], &["audit"], &["audit", "--format", "json"]] {
        ground.leaves_alone(args).tame();
    }
    let said = ground.leaves_alone(&["--risk", "\u{1b}[31m\u{202e}", "-n"]);
    said.refused("no risk");
    said.tame();
    ground.write(".wf-fix/rules/\u{1b}[31m\u{202e}.yml", "id: \"\\e[31m\\u202e\\n::error::x\"\n");
    let said = ground.leaves_alone(&["rules"]);
    said.refused("no risk ID");
    said.tame();
}
