//! What of a comment or a name counts as words: the rest is left out.

/// `don't fail the build if the push fails` without its last clause: that the thing fails is what all this is about.
pub fn without_own_failure(text: &str) -> String {
    let bans = ["don't ", "do not ", "never ", "shouldn't ", "should not ", "not to ", "avoid ", "prevent ", "ignore "];
    // `do not fail releases due to macOS builds` says whose failure it is.
    let whose = [" due to ", " because of "].iter().find_map(|word| text.split_once(word));
    if let Some((ban, rest)) = whose
        && ["do not fail ", "don't fail "].iter().any(|start| ban.starts_with(start))
    {
        return format!("{ban} {rest}");
    }
    // `don't fail on audit issues for now` says whose failure it is, and no more.
    let more = [
        " because",
        " since ",
        " until ",
        " due to",
        " as ",
        " while ",
        " without ",
        " where ",
        " when ",
        " that ",
        ",",
        ";",
        "(",
        ":",
        " - ",
    ];
    let only = |start: &&str| text.starts_with(start) && !more.iter().any(|word| text.contains(word));
    if ["don't fail on ", "do not fail on "].iter().any(only) {
        return String::new();
    }
    let ends = ["fail", "fails", "failed", "failing", "failure", "failures", "error", "errors"];
    let text = text.trim_end_matches(['.', '!']);
    let last = text.rsplit(' ').next().unwrap_or_default();
    let clause = [" if ", " when ", " even if ", " in case "].iter().filter_map(|word| text.rfind(word)).max();
    match clause {
        Some(at) if bans.iter().any(|ban| text.starts_with(ban)) && ends.contains(&last) => {
            text[..at].replacen("avoid ", "", 1).replacen("prevent ", "", 1)
        }
        _ => text.to_owned(),
    }
}

/// Words without the sentences that ask: who asks when something shall run again gives no cause.
///
/// `(maybe the driver?)` and the `?` of an address are no such sentences.
pub fn without_questions(text: &str) -> String {
    const ASKS: &[&str] =
        &["when ", "why ", "should ", "can ", "do ", "does ", "is ", "are ", "what ", "how ", "shall "];
    let sentences = text.split_inclusive(". ").flat_map(|part| part.split_inclusive("? "));
    let asks = |sentence: &str| {
        let plain = sentence.trim();
        plain.ends_with('?') && ASKS.iter().any(|word| plain.starts_with(word))
    };
    sentences.filter(|sentence| !asks(sentence)).collect()
}

/// Words without links to manuals: how a thing is used is no cause.
pub fn without_manuals(text: &str) -> String {
    const MANUALS: &[&str] = &[
        "/docs",
        "docs.",
        "//support.",
        "//help.",
        "/wiki",
        "readthedocs",
        "/marketplace/",
        "/blob/",
        "/articles/",
        "readme",
    ];
    let manual = |word: &&str| word.contains("://") && MANUALS.iter().any(|part| word.contains(part));
    match text.contains("://") {
        true => text.split(' ').filter(|word| !manual(word)).collect::<Vec<_>>().join(" "),
        false => text.to_owned(),
    }
}

/// What a comment around a place says, without the sentences that tell what fails, how to read it, or where it is from.
pub fn tolerates(text: &str) -> String {
    const ASSERTS: &[&str] = &["fail ", "fails ", "failing ", "error if", "errors if", "exits "];
    const DESCRIBES: &[&str] =
        &["exit codes", "restart ", "taken from", "copied from", "adapted from", "borrowed from"];
    let text = text.replace(" - ", ". ").replace(" * ", ". ").replace("; ", ". ");
    let kept = text.split(". ").filter(|sentence| {
        let sentence = sentence.trim_start_matches(['-', '*', ' ']);
        !ASSERTS.iter().any(|start| sentence.starts_with(start))
            && !DESCRIBES.iter().any(|part| sentence.contains(part))
    });
    kept.collect::<Vec<_>>().join(". ")
}

/// A name with `${{ }}` left out.
pub fn without_expressions(name: &str) -> String {
    let mut parts = name.split("${{");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |kept, part| kept + " " + part.split_once("}}").map_or("", |(_, rest)| rest))
}
