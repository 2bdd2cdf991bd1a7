//! Configuration that git passes in the environment: `GIT_CONFIG_COUNT` and its pairs, and `git -c` as `git` hands it
//! to its subcommands (`GIT_CONFIG_PARAMETERS`). libgit2 reads neither, so they are laid over as one more file.
//!
//! Not seen: what libgit2 decides while it opens the repository, such as `safe.directory`.

use anyhow::{Context, Result, bail};
use git2::{Config, ConfigLevel, Repository};
use tempfile::TempPath;

/// Lays the environment's settings over the repository's. The file must live as long as the repository is used.
pub(super) fn apply(git: &Repository) -> Result<Option<TempPath>> {
    let settings = settings(&|name| std::env::var(name).ok())?;
    if settings.is_empty() {
        return Ok(None);
    }
    let file = tempfile::NamedTempFile::new()?.into_temp_path();
    let mut config = Config::open(&file)?;
    for (key, value) in &settings {
        let value = value.as_deref().unwrap_or("true");
        config.set_str(key, value).with_context(|| format!("bogus config parameter in the environment: `{key}`"))?;
    }
    git.config()?.add_file(&file, ConfigLevel::App, true)?;
    Ok(Some(file))
}

/// Keys and values in the order that git reads them: pairs first, then `-c`; the last one wins. `None` is a bare key.
fn settings(env: &dyn Fn(&str) -> Option<String>) -> Result<Vec<(String, Option<String>)>> {
    let mut found = Vec::new();
    if let Some(count) = env("GIT_CONFIG_COUNT").filter(|count| !count.is_empty()) {
        let count: u16 = count.parse().with_context(|| format!("bogus count in GIT_CONFIG_COUNT: `{count}`"))?;
        for n in 0..count {
            let look = |name: String| env(&name).with_context(|| format!("missing environment variable {name}"));
            found.push((look(format!("GIT_CONFIG_KEY_{n}"))?, Some(look(format!("GIT_CONFIG_VALUE_{n}"))?)));
        }
    }
    for word in words(&env("GIT_CONFIG_PARAMETERS").unwrap_or_default())? {
        match word {
            (key, Some(value)) => found.push((key, value)),
            // The form before git 2.31: the whole of `key=value` in one quotation.
            (both, None) => match both.split_once('=') {
                Some((key, value)) => found.push((key.to_owned(), Some(value.to_owned()))),
                None => found.push((both, None)),
            },
        }
    }
    Ok(found)
}

/// A quoted word, and what follows its `=`: nothing there at all, a bare key's nothing, or a quoted value.
type Word = (String, Option<Option<String>>);

/// `'key'='value' 'bare'= 'key=value'`, quoted as git's `sq_quote_buf` does.
fn words(text: &str) -> Result<Vec<Word>> {
    let mut rest = text.trim_start();
    let mut found = Vec::new();
    while !rest.is_empty() {
        let (key, after) = unquote(rest)?;
        let (value, after) = match after.strip_prefix('=') {
            Some(quoted) if quoted.starts_with('\'') => {
                let (value, after) = unquote(quoted)?;
                (Some(Some(value)), after)
            }
            Some(after) => (Some(None), after),
            None => (None, after),
        };
        found.push((key, value));
        rest = after.trim_start();
    }
    Ok(found)
}

/// The first single-quoted word and what follows it; `'\''` and `'\!'` stand for the character between.
fn unquote(text: &str) -> Result<(String, &str)> {
    let mut word = String::new();
    let mut rest = text;
    loop {
        let parts = rest.strip_prefix('\'').and_then(|inner| inner.split_once('\''));
        let Some((inner, after)) = parts else { bail!("bogus format in GIT_CONFIG_PARAMETERS: `{text}`") };
        word.push_str(inner);
        rest = after;
        for (escape, plain) in [("\\'", '\''), ("\\!", '!')] {
            if let Some(after) = rest.strip_prefix(escape) {
                word.push(plain);
                rest = after;
            }
        }
        if rest.len() == after.len() {
            return Ok((word, rest));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(env: &[(&str, &str)]) -> Result<Vec<(String, Option<String>)>> {
        settings(&|name| env.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    fn pair(key: &str, value: &str) -> (String, Option<String>) {
        (key.to_owned(), Some(value.to_owned()))
    }

    #[test]
    fn both_forms_of_dash_c_are_read() {
        let found = of(&[("GIT_CONFIG_PARAMETERS", r"'user.name'='O'\''Hara = x' 'a.b=c=d' 'x.y' 'z.y'=")]).unwrap();
        let bare = |key: &str| (key.to_owned(), None);
        assert_eq!(found, [pair("user.name", "O'Hara = x"), pair("a.b", "c=d"), bare("x.y"), bare("z.y")]);
    }

    #[test]
    fn counted_pairs_come_before_dash_c() {
        let counted = [("GIT_CONFIG_COUNT", "1"), ("GIT_CONFIG_KEY_0", "a.b"), ("GIT_CONFIG_VALUE_0", "1")];
        let found = of(&[&counted[..], &[("GIT_CONFIG_PARAMETERS", "'a.b'='2'")]].concat()).unwrap();
        assert_eq!(found, [pair("a.b", "1"), pair("a.b", "2")]);
    }

    #[test]
    fn what_git_calls_bogus_is_an_error() {
        for env in [("GIT_CONFIG_COUNT", "x"), ("GIT_CONFIG_COUNT", "1"), ("GIT_CONFIG_PARAMETERS", "'open")] {
            assert!(of(&[env]).is_err(), "{env:?}");
        }
        assert_eq!(of(&[]).unwrap(), []);
    }
}
