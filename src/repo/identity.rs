//! Who commits, and when, resolved as git does: environment, then configuration, then git's own advice.
//!
//! Time: `GIT_AUTHOR_DATE` or `GIT_COMMITTER_DATE`, then `SOURCE_DATE_EPOCH`, then now in the local time zone.
//! Unlike git, no name is guessed from the host or the password file (as with `user.useConfigOnly`).

use anyhow::{Context, Result, bail};
use git2::{Config, Signature, Time};

use super::{Repo, date};

/// A name, an address and a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The name, without `<`, `>` and newlines.
    pub name: String,
    /// The address, without the angle brackets.
    pub email: String,
    /// Seconds since 1970.
    pub seconds: i64,
    /// The time zone, in minutes east of UTC.
    pub offset_minutes: i32,
}

/// As whom one acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Author,
    Committer,
}

impl Repo {
    /// The author of a commit made now. A dry run should do without on an error.
    pub fn author(&self) -> Result<Person> {
        self.person(Role::Author)
    }

    pub(super) fn person(&self, role: Role) -> Result<Person> {
        let config = self.git.config()?.snapshot()?;
        Person::resolve(role, &config, &|name| std::env::var(name).ok())
    }
}

impl Person {
    fn resolve(role: Role, config: &Config, env: &dyn Fn(&str) -> Option<String>) -> Result<Self> {
        let (prefix, section) = match role {
            Role::Author => ("GIT_AUTHOR_", "author"),
            Role::Committer => ("GIT_COMMITTER_", "committer"),
        };
        let look = |field: &str| {
            env(&format!("{prefix}{}", field.to_uppercase()))
                .or_else(|| config.get_string(&format!("{section}.{field}")).ok())
                .or_else(|| config.get_string(&format!("user.{field}")).ok())
        };
        let name = clean(&look("name").unwrap_or_default());
        let email = clean(&look("email").or_else(|| env("EMAIL")).unwrap_or_default());
        if name.is_empty() || email.is_empty() {
            bail!(
                "{section} identity unknown: please tell git who you are\n  \
                 git config --global user.name \"Your Name\"\n  git config --global user.email \"you@example.com\""
            );
        }
        let (seconds, offset_minutes) = moment(&format!("{prefix}DATE"), env)?;
        Ok(Person { name, email, seconds, offset_minutes })
    }

    pub(super) fn signature(&self) -> Result<Signature<'static>> {
        let time = Time::new(self.seconds, self.offset_minutes);
        Ok(Signature::new(&self.name, &self.email, &time)?)
    }
}

fn moment(variable: &str, env: &dyn Fn(&str) -> Option<String>) -> Result<(i64, i32)> {
    if let Some(text) = env(variable).filter(|text| !text.is_empty()) {
        return date::parse(&text).with_context(|| format!("{variable} is not a date"));
    }
    if let Some(text) = env("SOURCE_DATE_EPOCH").filter(|text| !text.is_empty()) {
        let seconds = text.parse().with_context(|| format!("SOURCE_DATE_EPOCH is not a number: `{text}`"))?;
        return Ok((seconds, 0));
    }
    date::now()
}

/// Git's `strbuf_addstr_without_crud`: no angle brackets or newlines inside, no punctuation at either end.
fn clean(text: &str) -> String {
    let crud = |c: char| c <= ' ' || matches!(c, '.' | ',' | ':' | ';' | '<' | '>' | '"' | '\\' | '\'');
    text.trim_matches(crud).chars().filter(|c| !matches!(c, '<' | '>' | '\n' | '\0')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(role: Role, config: &[(&str, &str)], env: &[(&str, &str)]) -> Result<Person> {
        let folder = tempfile::tempdir()?;
        let mut file = Config::open(&folder.path().join("config"))?;
        for (key, value) in config {
            file.set_str(key, value)?;
        }
        let look = |name: &str| env.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        Person::resolve(role, &file.snapshot()?, &look)
    }

    const USER: [(&str, &str); 2] = [("user.name", "U"), ("user.email", "u@x")];

    #[test]
    fn the_environment_outweighs_the_role_and_the_role_outweighs_the_user() {
        let config = [USER[0], USER[1], ("author.name", "A"), ("committer.email", "c@x")];
        let env = [("GIT_AUTHOR_EMAIL", "env@x"), ("SOURCE_DATE_EPOCH", "7")];
        let author = resolve(Role::Author, &config, &env).unwrap();
        assert_eq!((author.name.as_str(), author.email.as_str()), ("A", "env@x"));
        let committer = resolve(Role::Committer, &config, &env).unwrap();
        assert_eq!((committer.name.as_str(), committer.email.as_str()), ("U", "c@x"));
    }

    #[test]
    fn the_date_variable_outweighs_source_date_epoch() {
        let env = [("GIT_AUTHOR_DATE", "@9 +0200"), ("SOURCE_DATE_EPOCH", "7")];
        let author = resolve(Role::Author, &USER, &env).unwrap();
        assert_eq!((author.seconds, author.offset_minutes), (9, 120));
        let committer = resolve(Role::Committer, &USER, &env).unwrap();
        assert_eq!((committer.seconds, committer.offset_minutes), (7, 0));
    }

    #[test]
    fn no_identity_is_answered_with_gits_advice() {
        let message = resolve(Role::Author, &[], &[]).unwrap_err().to_string();
        assert!(message.contains("git config --global user.name"), "{message}");
        assert!(resolve(Role::Author, &[USER[0]], &[("EMAIL", "e@x")]).is_ok());
        assert!(resolve(Role::Author, &USER, &[("GIT_AUTHOR_NAME", "<>")]).is_err());
    }

    #[test]
    fn a_bad_date_is_an_error() {
        let bad = resolve(Role::Author, &USER, &[("GIT_AUTHOR_DATE", "next tuesday")]).unwrap_err();
        assert!(format!("{bad:#}").contains("GIT_AUTHOR_DATE"), "{bad:#}");
        assert!(resolve(Role::Author, &USER, &[("SOURCE_DATE_EPOCH", "soon")]).is_err());
    }

    #[test]
    fn crud_is_removed_as_git_does() {
        assert_eq!(clean(" .J. <R> \"Doe\", "), "J. R \"Doe");
    }
}
