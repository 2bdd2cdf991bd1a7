//! Words that give no cause: a link alone, or that something is off because it is broken.

/// Whether words are nothing but a link: where to read is no cause.
pub fn only_links(words: &[&str]) -> bool {
    let links = |word: &&str| {
        const AROUND: &[&str] = &[
            "see", "issue", "pr", "ref", "refs", "cf", "also", "https", "http", "pull", "disabled", "disable", "until",
            "this", "is", "resolved", "fixed", "closed", "merged", "tracked", "by", "in",
        ];
        AROUND.contains(word) || word.contains("//") || word.starts_with('#') || word.contains('/')
    };
    words.iter().all(links)
}

/// Whether words say no more than that something is off because it is broken: `disabled for now due to bugs`.
pub fn only_broken(words: &[&str]) -> bool {
    const BROKEN: &[&str] = &[
        "disable",
        "disabled",
        "disabling",
        "off",
        "turn",
        "turned",
        "switched",
        "for",
        "now",
        "currently",
        "temporarily",
        "due",
        "to",
        "because",
        "of",
        "since",
        "as",
        "the",
        "it",
        "is",
        "are",
        "this",
        "a",
        "some",
        "several",
        "many",
        "known",
        "bug",
        "bugs",
        "buggy",
        "issue",
        "issues",
        "problem",
        "problems",
        "error",
        "errors",
        "failure",
        "failures",
        "broken",
        "failing",
        "fails",
        "breakage",
        "not",
        "working",
        "work",
        "works",
        "doesn't",
        "does",
        "yet",
        "job",
        "step",
        "test",
        "tests",
        "workflow",
        "check",
        "ci",
        "always",
        "continual",
        "continually",
        "constant",
        "constantly",
        "skip",
        "skipping",
        "skipped",
        "failed",
        "build",
        "builds",
        "fix",
        "later",
        "to",
        "be",
        "fixed",
    ];
    words.iter().all(|word| BROKEN.contains(word))
}
