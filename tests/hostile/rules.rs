//! Rule files that lead elsewhere or explode.

use crate::ground::{CI, FIX, Ground, rule, workflow};

fn with(rule: &str) -> Ground {
    let ground = Ground::of(workflow("        run: make test\n"));
    ground.write(".wf-fix/rules/a.yml", rule);
    ground
}

#[test]
fn a_rule_that_names_a_file_outside_or_in_git_is_refused_at_its_place() {
    for (path, words) in [
        ("../../etc/passwd", "no path may leave the repository"),
        ("../*.yml", "no path may leave the repository"),
        ("a/../../x.yml", "no path may leave the repository"),
        ("**/../x.yml", "no path may leave the repository"),
        ("/etc/passwd", "is absolute"),
        ("/etc/*.yml", "is absolute"),
        ("C:/x.yml", "is absolute"),
        ("..\\\\x.yml", "has a backslash"),
        (".git/config", "lies in `.git`"),
        (".GIT/config", "lies in `.git`"),
        (".Git/*.yml", "lies in `.git`"),
        ("git~1/config", "lies in `.git`"),
        (".git./x.yml", "lies in `.git`"),
        (".git::$INDEX_ALLOCATION/x.yml", "lies in `.git`"),
        (".g\\u200cit/x.yml", "lies in `.git`"),
        ("sub/.git/x.yml", "lies in `.git`"),
        ("//x.yml", "is absolute"),
        ("./x.yml", "empty or `.` part"),
        ("a\\nb.yml", "control character"),
        ("etc/passwd", "no .yml or .yaml file"),
    ] {
        let ground = with(&rule("$.x").replace(CI, &format!("\"{path}\"")));
        let said = ground.leaves_alone(&FIX);
        said.refused(words);
        assert!(said.err.starts_with("error: .wf-fix/rules/a.yml:6:11: "), "{path}: {}", said.err);
        said.tame();
    }
}

#[test]
fn a_glob_does_not_reach_into_git() {
    let ground = with(&rule("$.x").replace(CI, "'.gi[t]/*.yml'"));
    ground.write(".git/evil.yml", workflow(""));
    for args in [&FIX[..], &["--risk", "A-1", "--no-commit"]] {
        ground.leaves_alone(args).refused("no file matches");
    }
    let ground = with(&rule("$.jobs.j.steps[0]['continue-on-error']").replace(CI, "'**/*.yml'"));
    ground.write(".git/evil.yml", workflow("        run: x\n"));
    let said = ground.wf_fix(&["--risk", "A-1", "--no-commit", "--keep-going"]);
    assert!(!said.err.contains(".git/evil") && ground.root().join(".git/evil.yml").exists(), "{}", said.err);
}

#[test]
fn globs_that_explode_are_refused_or_matched_in_time() {
    for glob in [
        format!("{}/*.yml", "{a,b}".repeat(2_000)),
        format!("{}a{}/*.yml", "{".repeat(2_000), "}".repeat(2_000)),
        format!("{}x.yml", "**/".repeat(20_000)),
        format!("{}.yml", "*a".repeat(2_000)),
        format!("{}*.yml", "[a-z]".repeat(20_000)),
    ] {
        let said = with(&rule("$.x").replace(CI, &format!("\"{glob}\""))).leaves_alone(&FIX);
        assert_eq!(said.code, 2, "{:.200}", said.err);
    }
}

#[test]
fn queries_that_explode_are_refused_at_their_place() {
    for (query, words) in [
        ("$..a..b", "more than 1 descendant segment"),
        ("$..*[?count(@..*) > 1]", "more than 1 descendant segment"),
        ("$.x[?count($.x[*]) > 1]", "begins at `$`"),
        ("$.x[*,*][*,*][*,*][*,*][*,*][*,*][*,*]", "multiply"),
        ("$.x[?search(@.a, '(a{100}){100}')]", "the pattern is larger"),
        ("$.x[?match(@.a, '\\\\p{L}{1000}')]", "the pattern is larger"),
        ("$.x[?match(@.a, @.b)]", "a pattern must stand in quotes"),
    ] {
        let said = with(&rule(query)).leaves_alone(&FIX);
        said.refused(words);
        assert!(said.err.starts_with("error: .wf-fix/rules/a.yml:9:11: "), "{query}: {}", said.err);
    }
    let deep = format!("$[?{}@{}]", "(".repeat(1_500), ")".repeat(1_500));
    with(&rule(&deep)).leaves_alone(&FIX).refused("nest deeper than 8");
    with(&rule(&format!("$.{}", "a".repeat(5_000)))).leaves_alone(&FIX).refused("longer than 4096");
}

#[test]
fn a_query_too_heavy_for_a_workflow_is_refused_before_it_runs() {
    let many = format!("x: [{}]\n", "{a: b}, ".repeat(15_000));
    let ors = vec!["@.a == 'zz'"; 250].join(" || ");
    let ground = Ground::of(workflow("        run: make\n") + &many);
    ground.write(".wf-fix/rules/a.yml", rule(&format!("$..[?{ors}]")));
    ground.leaves_alone(&FIX).refused("would take too long on");
    // A pattern that takes exponential time elsewhere takes linear time here.
    ground.write(".wf-fix/rules/a.yml", rule("$..[?match(@.a, '(a*)*b')]"));
    assert_eq!(ground.leaves_alone(&FIX).code, 2);
    ground.write(".wf-fix/rules/a.yml", rule("$..[?@[?@[?@[?@]]]].x"));
    ground.leaves_alone(&FIX);
}

#[test]
fn a_template_that_repeats_its_variables_is_refused() {
    let justify = |comment: &str| {
        rule("$.x").split("  - remove-key").next().unwrap().to_owned()
            + &format!("  - justify:\n      at: $.jobs.j.steps[0]['continue-on-error']\n      comment: |\n{comment}")
    };
    for comment in
        [format!("        words {}\n", "{comment}".repeat(100_000)), "        words {comment}\n".repeat(20_000)]
    {
        let text =
            workflow("        run: make\n").replace("error: true", &format!("error: true # {}", "c".repeat(100_000)));
        let ground = Ground::of(text);
        ground.write(".wf-fix/rules/a.yml", justify(&comment));
        ground.leaves_alone(&FIX).refused("more than 16 variables in `comment`");
    }
}
