//! Signing commits as `commit.gpgsign` asks: OpenPGP through gpg, or SSH through ssh-keygen.
//!
//! The programs and keys are those of git's configuration (git-config(1), `gpg.*`, `user.signingKey`), run without a
//! shell. x509, `gpg.ssh.defaultKeyCommand` and a program that only the repository's own configuration names are refused
//! in words, never ignored. A signature that fails is an error.

use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Context, Result, bail};
use git2::Config;
use tempfile::NamedTempFile;

use super::identity::Person;
use super::protected::is_the_repositorys;

/// A way to sign.
pub(super) enum Signer {
    OpenPgp { program: OsString, key: String },
    Ssh { program: OsString, key: SshKey },
}

/// `user.signingKey` for SSH.
pub(super) enum SshKey {
    File(PathBuf),
    /// A public key in the configuration itself; its private half is in the agent.
    Literal(String),
}

impl Signer {
    /// The signer that the configuration asks for, if any; an error if it asks for one that is not known.
    pub fn of(config: &Config, committer: &Person) -> Result<Option<Self>> {
        if !flag(config, "commit.gpgsign")? {
            return Ok(None);
        }
        let text = |name: &str| config.get_string(name).ok().filter(|value| !value.is_empty());
        match text("gpg.format").as_deref() {
            None | Some("openpgp") => Ok(Some(Signer::OpenPgp {
                program: program(config, &["gpg.openpgp.program", "gpg.program"], "gpg")?,
                key: text("user.signingkey").unwrap_or_else(|| format!("{} <{}>", committer.name, committer.email)),
            })),
            Some("ssh") => Ok(Some(Signer::Ssh {
                program: program(config, &["gpg.ssh.program"], "ssh-keygen")?,
                key: ssh_key(config, text("user.signingkey"))?,
            })),
            Some(other) => bail!(
                "commit.gpgsign is set with gpg.format={other}, which wf-fix cannot do: use --no-commit and \
                 `git commit`, or sign with openpgp or ssh"
            ),
        }
    }

    /// The armoured signature of a commit object's text. The program runs in `folder`, as git's does at the root.
    pub fn sign(&self, payload: &str, folder: &Path) -> Result<String> {
        match self {
            Signer::OpenPgp { program, key } => open_pgp(program, key, payload, folder),
            Signer::Ssh { program, key } => ssh(program, key, payload, folder),
        }
        .context("the commit could not be signed, nothing was written: fix it, or unset commit.gpgsign")
    }
}

/// The first program that is configured. One that the repository itself names could be anybody's, like a hook.
fn program(config: &Config, names: &[&str], fallback: &str) -> Result<OsString> {
    let Some((name, path)) = names.iter().find_map(|name| Some((name, config.get_path(name).ok()?))) else {
        return Ok(fallback.into());
    };
    if is_the_repositorys(config, name) {
        bail!(
            "{name} is set in the repository's own configuration, and wf-fix runs no programs that a repository names: \
             if you trust it, `git config --unset {name}` and `git config --global {name} '{}'`, or use --no-commit \
             and `git commit`",
            path.display()
        );
    }
    Ok(path.into_os_string())
}

fn flag(config: &Config, name: &str) -> Result<bool> {
    match config.get_bool(name) {
        Ok(value) => Ok(value),
        Err(error) if error.code() == git2::ErrorCode::NotFound => Ok(false),
        Err(error) => Err(error).with_context(|| format!("{name} is not a boolean: `git config --edit`")),
    }
}

fn ssh_key(config: &Config, key: Option<String>) -> Result<SshKey> {
    let Some(key) = key else {
        bail!(
            "gpg.format=ssh needs a key, and wf-fix does not run gpg.ssh.defaultKeyCommand: \
             git config user.signingkey ~/.ssh/id_ed25519.pub"
        );
    };
    if let Some(literal) = key.strip_prefix("key::") {
        return Ok(SshKey::Literal(literal.to_owned()));
    }
    if key.starts_with("ssh-") {
        return Ok(SshKey::Literal(key));
    }
    Ok(SshKey::File(config.get_path("user.signingkey")?))
}

/// As git's `sign_buffer_gpg`: a detached, armoured signature, trusted only if the status line says so.
fn open_pgp(program: &OsString, key: &str, payload: &str, root: &Path) -> Result<String> {
    let mut command = Command::new(program);
    command.current_dir(root).args(["--status-fd=2", "-bsau", key]);
    let output = run(command, payload)?;
    let status = String::from_utf8_lossy(&output.stderr);
    let created = status.lines().any(|line| line.starts_with("[GNUPG:] SIG_CREATED "));
    if !output.status.success() || !created {
        bail!("{} failed to sign with key `{key}`:\n{}", program.to_string_lossy(), status.trim_end());
    }
    Ok(String::from_utf8(output.stdout)?.replace("\r\n", "\n"))
}

/// As git's `sign_buffer_ssh`: ssh-keygen signs a file and leaves the signature beside it.
fn ssh(program: &OsString, key: &SshKey, payload: &str, root: &Path) -> Result<String> {
    let folder = tempfile::tempdir().context("no temporary folder")?;
    let buffer = folder.path().join("commit");
    std::fs::write(&buffer, payload)?;
    let mut command = Command::new(program);
    command.current_dir(root).args(["-Y", "sign", "-n", "git", "-f"]);
    let mut key_file = NamedTempFile::new_in(folder.path())?;
    match key {
        SshKey::File(path) => command.arg(path),
        SshKey::Literal(text) => {
            key_file.write_all(text.as_bytes())?;
            key_file.flush()?;
            command.arg(key_file.path()).arg("-U")
        }
    };
    command.arg(&buffer);
    let output = run(command, "")?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        bail!("{} failed to sign:\n{}", program.to_string_lossy(), said.trim_end());
    }
    let signature = std::fs::read_to_string(folder.path().join("commit.sig"))
        .with_context(|| format!("{} left no signature", program.to_string_lossy()))?;
    Ok(signature.replace("\r\n", "\n"))
}

fn run(mut command: Command, input: &str) -> Result<Output> {
    let program = command.get_program().to_string_lossy().into_owned();
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().with_context(|| format!("`{program}` cannot be run: is it installed?"))?;
    if let Some(mut stdin) = child.stdin.take() {
        // A program that ends without reading says why by its exit code, not by a broken pipe.
        let _ = stdin.write_all(input.as_bytes());
    }
    child.wait_with_output().with_context(|| format!("`{program}` cannot be waited for"))
}
