//! `commit.gpgsign`: signatures that git verifies, and failures that leave nothing behind.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use wf_fix::repo::CommitOptions;

use crate::sandbox::{A, B, NEW, OLD, Sandbox, change, fix, isolated, step};

fn run(program: &str, args: &[&str]) {
    let output = Command::new(program).args(args).output();
    let output = output.unwrap_or_else(|_| panic!("these tests need {program}: apt-get install gnupg openssh-client"));
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A repository that signs with a new SSH key and trusts it.
fn with_ssh() -> Sandbox {
    let sandbox = Sandbox::new();
    let key = sandbox.beside("key");
    run("ssh-keygen", &["-q", "-t", "ed25519", "-N", "", "-C", "ada", "-f", key.to_str().unwrap()]);
    let public = fs::read_to_string(sandbox.beside("key.pub")).unwrap();
    fs::write(sandbox.beside("allowed"), format!("ada@example.com {public}")).unwrap();
    sandbox.git("config commit.gpgsign true");
    sandbox.git("config gpg.format ssh");
    sandbox.git(&format!("config user.signingkey {}", key.display()));
    sandbox.git(&format!("config gpg.ssh.allowedSignersFile {}", sandbox.beside("allowed").display()));
    sandbox
}

#[test]
fn ssh_signatures_verify_on_every_commit() {
    isolated(|| {
        let sandbox = with_ssh();
        sandbox.commits_cleanly(&[fix(A), step("M03-R02", &[change(B, OLD, Some(NEW))])]);
        sandbox.git("verify-commit HEAD HEAD~1");
        sandbox.git("config user.signingkey ../key"); // relative to the root, as for git
        assert_eq!(sandbox.git("log -1 --format=%B"), step("M03-R02", &[]).message + "\n");
        let branch = sandbox.repo().commit_on_branch("more", None, &[step("M03-R03", &[change(A, NEW, None)])]);
        sandbox.git(&format!("verify-commit {}", branch.unwrap()[0].oid));
    });
}

#[test]
fn a_literal_ssh_key_is_signed_with_through_the_agent() {
    isolated(|| {
        let sandbox = with_ssh();
        let public = fs::read_to_string(sandbox.beside("key.pub")).unwrap();
        let agent = Agent::start(&sandbox);
        // The agent's socket must be in the environment of the signer; a wrapper puts it there.
        let wrapper = sandbox.beside("wrapper");
        let script = format!("#!/bin/sh\nSSH_AUTH_SOCK={} exec ssh-keygen \"$@\"\n", agent.socket);
        fs::write(&wrapper, script).unwrap();
        fs::set_permissions(&wrapper, fs::Permissions::from_mode(0o755)).unwrap();
        sandbox.git(&format!("config --global gpg.ssh.program {}", wrapper.display()));
        for (path, prefix) in [(A, ""), (B, "key::")] {
            let key = format!("{prefix}{}", public.trim());
            let set = Command::new("git").args(["config", "user.signingkey", &key]).current_dir(&sandbox.root).status();
            assert!(set.unwrap().success());
            sandbox.commits_cleanly(&[fix(path)]);
            sandbox.git("verify-commit HEAD");
        }
    });
}

struct Agent {
    child: std::process::Child,
    socket: String,
}

impl Agent {
    fn start(sandbox: &Sandbox) -> Self {
        let socket = sandbox.beside("agent").to_str().unwrap().to_owned();
        let child = Command::new("ssh-agent").args(["-D", "-a", &socket]).stdout(std::process::Stdio::null()).spawn();
        let child = child.expect("these tests need ssh-agent: apt-get install openssh-client");
        for _ in 0..100 {
            let key = sandbox.beside("key");
            let added = Command::new("ssh-add").arg(key).env("SSH_AUTH_SOCK", &socket).output().unwrap();
            if added.status.success() {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        Agent { child, socket }
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

#[test]
fn openpgp_signatures_verify() {
    isolated(|| {
        let sandbox = Sandbox::new();
        let quick =
            ["--batch", "--passphrase", "", "--quick-gen-key", "Ada <ada@example.com>", "ed25519", "sign", "never"];
        run("gpg", &quick);
        sandbox.git("config commit.gpgsign true");
        sandbox.commits_cleanly(&[fix(A)]);
        sandbox.git("verify-commit HEAD");
        sandbox.git("config user.signingkey ada@example.com");
        sandbox.commits_cleanly(&[fix(B)]);
        sandbox.git("verify-commit HEAD");
        run("gpgconf", &["--kill", "gpg-agent"]);
    });
}

#[test]
fn a_signature_that_fails_leaves_nothing_behind() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.git("config commit.gpgsign true");
        let failing = |words: &[&str]| {
            sandbox.refuses(words, |repo| repo.commit_on_head(&[fix(A)], CommitOptions::default()));
            sandbox.refuses(words, |repo| repo.commit_on_branch("fixes", None, &[fix(A)]));
        };
        for (program, words) in [
            ("false", "failed to sign"),
            ("true", "failed to sign"), // ends well, but no status line says that a signature was made
            ("/nowhere/gpg", "cannot be run"),
        ] {
            sandbox.git(&format!("config --global gpg.program {program}"));
            failing(&["could not be signed", words]);
        }
        sandbox.git("config gpg.format ssh");
        sandbox.git("config user.signingkey /nowhere/key");
        failing(&["could not be signed", "failed to sign"]);
    });
}

#[test]
fn what_cannot_be_signed_is_refused_at_the_guard() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.git("config commit.gpgsign true");
        sandbox.git("config gpg.format x509");
        sandbox.refuses_head(&["gpg.format=x509", "--no-commit"]);
        sandbox.git("config gpg.format ssh");
        sandbox.git("config gpg.ssh.defaultKeyCommand evil");
        sandbox.refuses_head(&["does not run gpg.ssh.defaultKeyCommand", "user.signingkey"]);
        sandbox.git("config commit.gpgsign perhaps");
        let error = sandbox.repo().guard_commit(&[A], CommitOptions::default()).unwrap_err();
        assert!(format!("{error:#}").contains("commit.gpgsign is not a boolean"), "{error:#}");
    });
}
