//! One rule file, every mistake with its line and column.

use super::{CATEGORIES, Disposition, Risk, Severity, is_glob};
use crate::effect::{Expect, Expected};
use crate::nearest::nearest;
use crate::rewrite::{OPERATIONS, Rewrite};
use crate::yaml::{Fault, FaultKind, Fields, Place, Source};

const KEYS: &[&str] = &[
    "id",
    "title",
    "severity",
    "category",
    "milestone",
    "invariant",
    "disposition",
    "effect",
    "reason",
    "workflow",
    "rationale",
    "rewrites",
    "audit",
];

/// Reads a rule file; `file` is the name that messages show.
///
/// # Errors
/// The first mistake, with its place and the way out.
pub fn parse(file: &str, bytes: &[u8]) -> Result<Risk, Fault> {
    let source = Source::load(file, bytes)?;
    let fields = source.fields()?;
    fields.only(KEYS)?;
    let id = id(&fields)?;
    let category = fields.required("category")?;
    let category = CATEGORIES.iter().find(|known| **known == category).copied().ok_or_else(|| {
        fields.fault_at(
            "category",
            format!("unknown category `{category}`"),
            format!("one of: {}", CATEGORIES.join(", ")),
        )
    })?;
    fields.required("severity")?;
    let severity = match fields.choice("severity", &["high", "medium", "low"])? {
        "high" => Severity::High,
        "medium" => Severity::Medium,
        _ => Severity::Low,
    };
    let disposition = disposition(&fields)?;
    let effect = effect(&fields, &disposition)?;
    Ok(Risk {
        id,
        title: one_line(&fields, "title")?,
        severity,
        category,
        milestone: fields.line("milestone")?.unwrap_or_default().to_owned(),
        invariant: fields.line("invariant")?.map(str::to_owned),
        disposition,
        effect,
        workflows: workflows(&fields)?,
        rationale: fields.text("rationale")?.unwrap_or_default().trim().to_owned(),
        audit: fields.line("audit")?.or_else(|| marked(bytes)).map(str::to_owned),
        place: fields.place("id"),
        source: String::from_utf8_lossy(bytes).into_owned(),
    })
}

/// What a comment at the head says that the audit wrote the file for, as it did before there was the key.
fn marked(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()?.strip_prefix("# Written by wf-fix audit: ")?.lines().next()
}

fn id(fields: &Fields<'_>) -> Result<String, Fault> {
    let id = fields.required("id")?;
    let good = id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
        && id.starts_with(|c: char| c.is_ascii_alphanumeric())
        && id.len() <= 64;
    match good {
        true => Ok(id.to_owned()),
        false => {
            let way_out = "letters, digits, `-`, `_` and `.`, at most 64, such as M03-R01";
            Err(fields.fault_at("id", format!("`{id}` is no risk ID"), way_out))
        }
    }
}

fn one_line(fields: &Fields<'_>, key: &str) -> Result<String, Fault> {
    let text = fields.required(key)?.trim();
    match text.contains('\n') {
        false => Ok(text.to_owned()),
        true => {
            Err(fields.fault_at(key, format!("`{key}` has several lines"), "say it in one; the rest is `rationale:`"))
        }
    }
}

fn disposition(fields: &Fields<'_>) -> Result<Disposition, Fault> {
    if fields.choice("disposition", &["fix", "accept"])? == "accept" {
        if fields.has("rewrites") {
            return Err(fields.fault_at(
                "rewrites",
                "an accepted risk has no rewrites",
                "remove them, or `disposition: fix`",
            ));
        }
        return Ok(Disposition::Accept(fields.required("reason")?.trim().to_owned()));
    }
    if fields.has("reason") {
        return Err(fields.fault_at("reason", "`reason` goes with `disposition: accept`", "use `rationale:`"));
    }
    let entries = fields.entries("rewrites")?;
    if entries.is_empty() {
        let way_out = "add `rewrites:`, or `disposition: accept` with a `reason:`";
        return Err(fields.fault_at("rewrites", "the risk has no rewrites", way_out));
    }
    entries
        .into_iter()
        .map(|(name, place, parameters)| rewrite(name, place, &parameters))
        .collect::<Result<_, _>>()
        .map(Disposition::Fix)
}

/// What the rule file says of the effect, one word or a list; without it, what the rewrites are for.
fn effect(fields: &Fields<'_>, disposition: &Disposition) -> Result<Expected, Fault> {
    let rewrites = match disposition {
        Disposition::Fix(rewrites) => rewrites,
        Disposition::Accept(_) if fields.has("effect") => {
            return Err(fields.fault_at(
                "effect",
                "an accepted risk has no effect",
                "remove it, or `disposition: fix`",
            ));
        }
        Disposition::Accept(_) => return Ok(Expected::default()),
    };
    if !fields.has("effect") {
        return Ok(Expected::combined(rewrites.iter().map(|rewrite| rewrite.effect())));
    }
    let known: Vec<&str> = Expect::ALL.iter().map(|word| word.word()).collect();
    let word = |(text, place): (&str, Place)| {
        Expect::ALL.into_iter().find(|word| word.word() == text).ok_or_else(|| {
            let near = nearest(text, &known).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            let cause = format!("unknown effect `{text}`{near}");
            Fault::at(FaultKind::Rule, place, cause, format!("one of: {}", known.join(", ")))
        })
    };
    let words = fields.texts("effect")?.into_iter().map(word).collect::<Result<Vec<Expect>, Fault>>()?;
    Ok(Expected::of(words))
}

fn rewrite(name: &str, place: Place, parameters: &Fields<'_>) -> Result<Box<dyn Rewrite>, Fault> {
    match OPERATIONS.iter().find(|(known, _)| *known == name) {
        Some((_, read)) => read(parameters),
        None => {
            let known: Vec<&str> = OPERATIONS.iter().map(|(name, _)| *name).collect();
            let cause = format!("unknown rewrite `{name}`");
            Err(Fault::at(FaultKind::Rule, place, cause, format!("one of: {}", known.join(", "))))
        }
    }
}

fn workflows(fields: &Fields<'_>) -> Result<Vec<String>, Fault> {
    let paths = fields.texts("workflow")?;
    for (path, place) in &paths {
        if let Some(cause) = bad_path(path) {
            let way_out = "name a file below the repository's root, with `/`";
            return Err(Fault::at(FaultKind::Rule, place.clone(), cause, way_out));
        }
        if is_glob(path)
            && let Err(e) = super::glob(path)
        {
            return Err(Fault::at(FaultKind::Rule, place.clone(), format!("`{path}` is no glob: {}", e.kind()), ""));
        }
    }
    Ok(paths.into_iter().map(|(path, _)| path.to_owned()).collect())
}

/// Why a path must not be touched.
fn bad_path(path: &str) -> Option<String> {
    if let Err(cause) = super::path::check(path) {
        return Some(cause);
    }
    let yaml = path.ends_with(".yml") || path.ends_with(".yaml");
    (!yaml && !is_glob(path)).then(|| format!("`{path}` is no .yml or .yaml file"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "id: X-1\ntitle: t\nseverity: low\ncategory: soft-fail\nworkflow: a.yml\nrewrites:\n  - remove-key:\n      at: $.a\n";

    fn fault(from: &str, to: &str) -> String {
        assert!(GOOD.contains(from), "{from}");
        parse("r.yml", GOOD.replace(from, to).as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn a_good_file_gives_a_risk() {
        let risk = parse("r.yml", GOOD.as_bytes()).unwrap();
        assert_eq!((risk.id.as_str(), risk.rewrites().len()), ("X-1", 1));
    }

    #[test]
    fn every_mistake_has_its_place() {
        for (from, to, place, word) in [
            ("id: X-1", "id: 'X 1'", "r.yml:1:5", "no risk ID"),
            ("severity: low", "severity: huge", "r.yml:3:11", "high, medium, low"),
            ("category: soft-fail", "category: soft", "r.yml:4:11", "unknown category"),
            ("workflow: a.yml", "workflow: ../a.yml", "r.yml:5:11", "no path may leave"),
            ("workflow: a.yml", "workflow: .git/config", "r.yml:5:11", "lies in `.git`"),
            ("workflow: a.yml", "workflow: [a.yml, 3.txt]", "r.yml:5:19", "no .yml"),
            ("title: t", "titel: t", "r.yml:2:1", "did you mean `title`"),
            ("at: $.a", "at: $.a[", "r.yml:8:11", "character"),
            ("at: $.a", "at: $['“x” é", "r.yml:8:11", "at character"),
            ("remove-key", "remove-keys", "r.yml:7:5", "unknown rewrite"),
            ("      at: $.a", "      at: $.a\n      expect: [1]", "r.yml:9:15", "single value"),
            ("title: t", "title: t\neffect: failure-visible", "r.yml:3:9", "did you mean `failures-visible`"),
            ("title: t", "title: t\neffect: [no-runtime-change, x]", "r.yml:3:29", "unknown effect `x`"),
            ("rewrites:\n  - remove-key:\n      at: $.a\n", "", "r.yml:1:1", "no rewrites"),
        ] {
            let fault = fault(from, to);
            assert!(fault.starts_with(place) && fault.contains(word), "{fault}");
        }
    }
}
