//! Wrong arguments, names and rule files: clear words, exit code 2, nothing written.

use crate::fixture::{Fixture, snapshot};

#[test]
fn wrong_arguments_end_with_2_and_say_what_is_known() {
    let fixture = Fixture::demo();
    let state = fixture.state();
    for (args, word) in [
        (&["--rsik", "X"][..], "--risk"),
        (&["--risk", "M03-R1"], "there is `M03-R01`"),
        (&["--milestone", "M05"], "did you mean `M04`"),
        (&["--risk", "M03-R01", "--all"], "cannot be used"),
        (&["--risk", "M03-R01", "-n", "--check"], "cannot be used"),
        (&["--risk", "M03-R01", "--base", "main"], "--branch"),
        (&["--risk", "M03-R01", "-C", "/nonexistent"], "/nonexistent"),
        (&["--risk", "M03-R01", "--rules", "nowhere"], "nowhere"),
        (&["--risk", "M03-R01", "--branch", "a..b"], "a..b"),
        (&["--risk", "M03-R01", "--branch", "x", "--base", "nothing"], "nothing"),
        (&["--dry-run"], "--milestone"),
        (&["frobnicate"], "frobnicate"),
    ] {
        let said = fixture.wf_fix(args);
        assert!(said.code == 2 && said.err.contains(word) && said.out.is_empty(), "{args:?}: {said:?}");
    }
    assert_eq!(fixture.state(), state);
}

#[test]
fn every_mistake_in_the_rules_is_said_at_once() {
    let fixture = Fixture::demo();
    let good =
        "id: X-1\ntitle: t\nseverity: low\ncategory: soft-fail\nworkflow: a.yml\ndisposition: accept\nreason: r\n";
    fixture.write("r/a.yml", good.as_bytes());
    fixture.write("r/b.yml", good.as_bytes());
    fixture.write("r/c.yml", good.replace("X-1", "X-2").replace("severity: low", "severity: hihg").as_bytes());
    fixture.write("r/d.yml", good.replace("X-1", "X-3").replace("a.yml", "../../etc/passwd.yml").as_bytes());
    fixture.write("r/e.yml", good.replace("X-1", "X-4").replace("title", "tilte").as_bytes());
    fixture.write("r/f.yml", b"- not\n- a mapping\n");
    let said = fixture.wf_fix(&["rules", "check", "r"]);
    assert_eq!(said.code, 2);
    snapshot("rules-check-mistakes", &said.err);
    let said = fixture.wf_fix(&["--risk", "M03-R01", "--rules", "r"]);
    assert!(said.code == 2 && said.err.contains("r/c.yml:3:11"), "{}", said.err);
}

#[test]
fn names_with_terminal_escapes_are_shown_never_sent() {
    let fixture = Fixture::demo();
    let rule = "id: X-1\ntitle: \"evil \\e[31m title \\u202e\"\nseverity: low\ncategory: soft-fail\nworkflow: .github/workflows/trunk.yml\nrationale: \"\\e]0;owned\\a\"\nrewrites:\n  - remove-key:\n      at: $.jobs['evil-\\u001b[31m']['continue-on-error']\n";
    fixture.write(".wf-fix/rules/x.yml", rule.as_bytes());
    fixture.commit("evil");
    for args in [&["rules"][..], &["rules", "show", "X-1"], &["--risk", "X-1", "-n"]] {
        let said = fixture.wf_fix(args);
        let raw = |text: &str| text.contains(['\u{1b}', '\u{7}', '\u{202e}']);
        assert!(!raw(&said.out) && !raw(&said.err), "{said:?}");
    }
}

#[test]
fn a_repository_without_commits_is_refused() {
    let fixture = Fixture::empty();
    let said = fixture.wf_fix(&["--risk", "M03-R01"]);
    assert!(said.code == 2 && said.err.starts_with("error: "), "{said:?}");
}

#[test]
fn a_workflow_that_is_not_there_names_the_nearest() {
    let fixture = Fixture::demo();
    fixture.git(&["mv", ".github/workflows/trunk.yml", ".github/workflows/trunks.yml"]);
    fixture.commit("mv");
    let said = fixture.wf_fix(&["--risk", "M03-R03"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("no file `.github/workflows/trunk.yml`; there is `.github/workflows/trunks.yml`"));
}
