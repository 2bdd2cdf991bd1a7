//! `verify` and `report` over a history that was made to break them.

use std::fmt::Write as _;

use crate::ground::{Ground, workflow};

/// `git fast-import` of commits with these messages, each an empty change on `main`, and of files in the last.
fn import(ground: &Ground, messages: &[Vec<u8>], files: &[(&str, &str)]) {
    let mut stream = Vec::new();
    for (n, message) in messages.iter().enumerate() {
        let from = if n == 0 { "from refs/heads/main^0\n" } else { "" };
        let head = format!(
            "commit refs/heads/main\ncommitter Ada <ada@example.com> {} +0000\ndata {}\n",
            1_770_552_001 + n,
            message.len()
        );
        stream.extend(head.into_bytes());
        stream.extend(message);
        stream.extend(format!("\n{from}").into_bytes());
        if n + 1 == messages.len() {
            for (path, content) in files {
                let mut change = String::new();
                let _ = write!(change, "M 100644 inline {path}\ndata {}\n{content}\n", content.len());
                stream.extend(change.into_bytes());
            }
        }
        stream.push(b'\n');
    }
    ground.git_with(&["fast-import", "--quiet", "--force"], &stream);
    ground.git(&["reset", "-q", "--hard"]);
}

fn judged(ground: &Ground, base: &str) {
    let range = format!("{base}..HEAD");
    for args in [
        &["verify", range.as_str()][..],
        &["verify", &range, "--milestone", "M1"],
        &["verify", &range, "--format", "json"],
        &["report", "--milestone", "M1", "--range", &range, "--kind", "summary"],
        &["report", "--milestone", "M1", "--range", &range, "--kind", "audit"],
    ] {
        let said = ground.leaves_alone(args);
        said.tame();
        assert!(said.code != 2 || said.err.contains("error: "), "{args:?}: {said:?}");
    }
}

fn ground() -> Ground {
    Ground::of(workflow("        run: make test\n"))
}

#[test]
fn messages_that_are_enormous_or_no_text_are_judged() {
    let ground = ground();
    let base = ground.git(&["rev-parse", "HEAD"]);
    let nasty = "ci: \u{1b}[31m\u{202e}\u{9b} x (A-1)\n\n::error::owned\r\nRisk-ID: A-1\nRisk-ID: A-2\n<img src=x>\n";
    let messages = [
        [&b"ci: x (A-1)\n\n"[..], &vec![b'm'; 8 << 20], b"\nRisk-ID: A-1\n"].concat(),
        b"\xff\xfe\x00binary\x00\n\nRisk-ID: A-1\n".to_vec(),
        nasty.as_bytes().to_vec(),
        Vec::new(),
        [&b"x\n\n"[..], &b"Risk-ID: A-1\n".repeat(50_000)].concat(),
        vec![b'\n'; 100_000],
    ];
    import(&ground, &messages, &[]);
    judged(&ground, &base);
}

#[test]
fn thousands_of_commits_are_judged() {
    let ground = ground();
    let base = ground.git(&["rev-parse", "HEAD"]);
    let count = if std::env::var_os("WF_FIX_HOSTILE").is_some() { 10_000 } else { 500 };
    let messages: Vec<Vec<u8>> = (0..count).map(|n| format!("ci: {n} (A-1)\n\nRisk-ID: A-1\n").into_bytes()).collect();
    import(&ground, &messages, &[]);
    judged(&ground, &base);
}

#[test]
fn trees_with_hostile_names_are_judged() {
    let ground = ground();
    let base = ground.git(&["rev-parse", "HEAD"]);
    let names = [
        ("\".github/workflows/a\\377\\033[31m.yml\"", "on: push\n"),
        ("\".github/workflows/b\\342\\200\\256\\n::error::x.yml\"", "on: push\n"),
        ("\".github/workflows/|`<img>.yml\"", "on: push\n"),
        (".github/workflows/deep.yml", &"[".repeat(100_000)),
        (".wf-fix/rules/b.yml", "id: \"\\e[31m\"\n"),
    ];
    import(&ground, &[b"ci: x (A-1)\n\nRisk-ID: A-1\n".to_vec()], &names);
    judged(&ground, &base);
}

#[test]
fn ranges_that_are_no_revisions_are_refused() {
    let ground = ground();
    for range in
        ["\u{1b}[31m..\u{202e}", "HEAD..--all", "..", "a...b", "-n..HEAD", "HEAD@{upstream}..HEAD", "@{-1}..HEAD"]
    {
        let said = ground.leaves_alone(&["verify", range]);
        assert_eq!(said.code, 2, "{range}");
        said.tame();
    }
}
