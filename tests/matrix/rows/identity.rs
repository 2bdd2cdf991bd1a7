//! Who commits and how it is signed, by configuration; keys are made here.

use std::fs;

use crate::situation::{Situation, row};
use crate::stage::{Stage, checked};

pub const ROWS: &[Situation] = &[
    row("no identity", |stage| {
        stage.at_work();
        forget(stage);
    })
    .way_out("git config --global user.name \"Your Name\"", " && git config --global user.email \"you@example.com\"")
    .quiet(),
    row("no identity, `user.useConfigOnly=true`", |stage| {
        stage.at_work();
        forget(stage);
        stage.git("config user.useConfigOnly true");
    })
    .quiet(),
    row("no identity, `EMAIL` in the environment", |stage| {
        forget(stage);
        stage.git("config user.name Ada");
    })
    .env(&[("EMAIL", "mail@example.com")]),
    row("`author.*` and `committer.*`", |stage| {
        for pair in ["author.name Grace", "author.email grace@example.com", "committer.name Robot"] {
            stage.git(&format!("config {pair}"));
        }
    }),
    row("an identity by `includeIf` for this folder", |stage| {
        stage.write("../home/work.inc", "[user]\n\tname = At Work\n\temail = work@example.com\n");
        let text = format!("[includeIf \"gitdir:{}/\"]\n\tpath = work.inc\n", stage.case().display());
        stage.write("../home/.gitconfig", &text);
        forget(stage);
    }),
    row("an identity by `includeIf` for this branch", |stage| {
        stage.write("../home/work.inc", "[user]\n\tname = On Main\n\temail = main@example.com\n");
        stage.write("../home/.gitconfig", "[includeIf \"onbranch:main\"]\n\tpath = work.inc\n");
        forget(stage);
    }),
    row("an identity by `includeIf` for this remote (`hasconfig`)", |stage| {
        stage.write("../home/work.inc", "[user]\n\tname = By Remote\n\temail = remote@example.com\n");
        let text = "[user]\n\tname = Not This One\n\temail = not@example.com\n\
                    [includeIf \"hasconfig:remote.*.url:https://example.com/**\"]\n\tpath = work.inc\n";
        stage.write("../home/.gitconfig", text);
        stage.git("remote add origin https://example.com/x");
        forget(stage);
    }),
    row("an identity in `~/.config/git/config`", |stage| {
        forget(stage);
        stage.write("../home/.config/git/config", "[user]\n\tname = Xdg\n\temail = xdg@example.com\n");
    }),
    row("a name in UTF-8 with characters that git takes away", |stage| {
        stage.run("git", &["-C", "repo", "config", "user.name", " .Zoë <Ω> \"Q\", "]);
    }),
    row("`i18n.commitEncoding=ISO-8859-1`", |stage| drop(stage.git("config i18n.commitEncoding ISO-8859-1")))
        .way_out("git config --unset i18n.commitEncoding", ""),
    row("`i18n.commitEncoding=UTF-8`", |stage| drop(stage.git("config i18n.commitEncoding UTF-8"))),
    row("`commit.template`, `commit.verbose`, `commit.cleanup` and `core.commentChar`", |stage| {
        stage.write("../template.txt", "a template\n");
        for pair in ["commit.template ../template.txt", "commit.verbose true", "commit.cleanup scissors"] {
            stage.git(&format!("config {pair}"));
        }
        stage.git("config core.commentChar -");
    }),
    row("signed with ssh", |stage| {
        ssh(stage);
    }),
    row("signed with ssh, the key named relative to the root", |stage| {
        ssh(stage);
        stage.git("config user.signingKey ../key");
    }),
    row("signed with ssh by a program of the user's own configuration", |stage| {
        ssh(stage);
        stage.git("config --global gpg.ssh.program ssh-keygen");
    }),
    row("to be signed with ssh by a program that the repository names", |stage| {
        ssh(stage);
        stage.git("config gpg.ssh.program ssh-keygen");
    })
    .way_out("git config --unset gpg.ssh.program", " && git config --global gpg.ssh.program ssh-keygen"),
    row("signed with ssh, no key named", |stage| {
        ssh(stage);
        stage.git("config --unset user.signingKey");
    })
    .way_out("git config user.signingkey", " {case}/key"),
    row("signed with ssh, the key is not there", |stage| {
        ssh(stage);
        stage.git("config user.signingKey ../nowhere");
    }),
    row("signed with OpenPGP", |stage| {
        openpgp(stage);
    })
    .env(&[("GNUPGHOME", "{stage}/g")]),
    row("signed with OpenPGP, the key named", |stage| {
        openpgp(stage);
        stage.git("config user.signingKey ada@example.com");
    })
    .env(&[("GNUPGHOME", "{stage}/g")]),
    row("to be signed with OpenPGP, no key there", |stage| {
        key_folder(stage);
        stage.git("config commit.gpgSign true");
    })
    .env(&[("GNUPGHOME", "{stage}/g")]),
    row("to be signed with x509", |stage| {
        stage.git("config commit.gpgSign true");
        stage.git("config gpg.format x509");
    }),
    row("`commit.gpgSign` is no boolean", |stage| drop(stage.git("config commit.gpgSign perhaps"))).quiet().unjudged(),
];

fn forget(stage: &Stage) {
    for key in ["user.name", "user.email"] {
        stage.git(&format!("config --unset {key}"));
    }
}

/// A new ssh key that signs and is trusted.
fn ssh(stage: &Stage) {
    stage.run("ssh-keygen", &["-q", "-t", "ed25519", "-N", "", "-C", "ada", "-f", "key"]);
    let public = fs::read_to_string(stage.case().join("key.pub")).unwrap();
    stage.write("../allowed", &format!("ada@example.com {public}"));
    stage.git("config commit.gpgSign true");
    stage.git("config gpg.format ssh");
    stage.git(&format!("config user.signingKey {}/key", stage.case().display()));
    stage.git(&format!("config gpg.ssh.allowedSignersFile {}/allowed", stage.case().display()));
}

/// A new OpenPGP key that signs.
fn openpgp(stage: &Stage) {
    key_folder(stage);
    let key = ["--quick-gen-key", "Ada <ada@example.com>", "ed25519", "sign", "never"];
    checked(stage.command("gpg").args(["--batch", "--passphrase", ""]).args(key));
    stage.git("config commit.gpgSign true");
}

fn key_folder(stage: &Stage) {
    stage.run("mkdir", &["-m", "700", stage.keys().to_str().unwrap()]);
    checked(stage.command("gpg").arg("--list-keys"));
}
