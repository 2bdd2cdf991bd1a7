//! Locks that another process holds, or left when it died. They are never removed.

use crate::situation::{Situation, row};
use crate::stage::Stage;

pub const ROWS: &[Situation] = &[
    row("`index.lock`", |stage| held(stage, "index.lock")).quiet(),
    row("`HEAD.lock`", |stage| held(stage, "HEAD.lock")).quiet(),
    row("`refs/heads/main.lock`", |stage| held(stage, "refs/heads/main.lock")).quiet(),
    row("`refs/heads/fixes.lock`", |stage| held(stage, "refs/heads/fixes.lock")).quiet(),
    row("`packed-refs.lock`", |stage| held(stage, "packed-refs.lock")).quiet(),
    row("`packed-refs.lock`, the branch packed", |stage| {
        stage.git("pack-refs --all --prune");
        held(stage, "packed-refs.lock");
    })
    .quiet(),
    row("`config.lock`", |stage| held(stage, "config.lock")).quiet(),
    row("`shallow.lock`", |stage| held(stage, "shallow.lock")).quiet(),
    row("`gc.pid` of a gc that runs", |stage| {
        stage.at_work();
        stage.write(".git/gc.pid", "1 localhost");
    })
    .quiet(),
    row("HEAD detached and `HEAD.lock`", |stage| {
        stage.git("checkout -q --detach");
        held(stage, "HEAD.lock");
    })
    .quiet(),
];

fn held(stage: &Stage, lock: &str) {
    stage.at_work();
    stage.write(&format!(".git/{lock}"), "");
}
