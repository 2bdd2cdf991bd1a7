//! A repository in memory with the demo's workflows, changed by text, and a rule planned on it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use wf_fix::change::Snapshot;
use wf_fix::effect::{Effect, Says};
use wf_fix::plan::{Planned, Status, plan, wanted, wanted_around};
use wf_fix::rule::{self, Risk};

pub const TD: &str = ".github/workflows/target_determination.yml";
pub const LLM: &str = ".github/workflows/llm_td_retrieval.yml";
pub const TRUNK: &str = ".github/workflows/trunk.yml";
pub const TOOLS: &str = ".github/workflows/tools-unit-tests.yml";
pub const SCORE: &str = ".github/workflows/scorecards.yml";
pub const PULL: &str = ".github/workflows/pull.yml";

/// Files by path.
#[derive(Clone, Default)]
pub struct Repository(pub BTreeMap<String, String>);

impl Repository {
    /// The workflows of the demo.
    pub fn demo() -> Repository {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo/workflows");
        let file = |entry: fs::DirEntry| {
            let name = entry.file_name().into_string().unwrap();
            (format!(".github/workflows/{name}"), fs::read_to_string(entry.path()).unwrap())
        };
        Repository(fs::read_dir(folder).unwrap().map(|entry| file(entry.unwrap())).collect())
    }

    /// With a file more.
    pub fn with(mut self, path: &str, text: &str) -> Repository {
        self.0.insert(path.to_owned(), text.to_owned());
        self
    }

    /// With a text changed, which must be there once.
    pub fn edit(mut self, path: &str, from: &str, to: &str) -> Repository {
        let text = self.0.get_mut(path).unwrap();
        assert_eq!(text.matches(from).count(), 1, "{path}: {from}");
        *text = text.replace(from, to);
        self
    }

    /// With a workflow that calls another by its job `call`, the job's further keys, and further jobs.
    pub fn calls(self, path: &str, called: &str, keys: &str, jobs: &str) -> Repository {
        let keys: String = keys.lines().map(|line| format!("    {line}\n")).collect();
        let jobs: String = jobs.lines().map(|line| format!("  {line}\n")).collect();
        self.with(path, &format!("on: pull_request\njobs:\n  call:\n    uses: ./{called}\n{keys}{jobs}"))
    }

    /// Plans a risk on the files that it names, with the others around; what it means, or why it is refused.
    pub fn effect(&self, risk: &Risk) -> Result<Effect, String> {
        self.effects(&[risk]).remove(0)
    }

    /// Plans several risks.
    pub fn effects(&self, risks: &[&Risk]) -> Vec<Result<Effect, String>> {
        let bytes = |(path, text): (&String, &String)| (path.clone(), text.clone().into_bytes());
        let all: BTreeMap<String, Vec<u8>> = self.0.iter().map(bytes).collect();
        let names: Vec<String> = all.keys().cloned().collect();
        let own = wanted(risks);
        let files =
            all.iter().filter(|(path, _)| own.contains(path)).map(|(path, bytes)| (path.clone(), bytes.clone()));
        let mut snapshot = Snapshot { names, files: files.collect(), ..Snapshot::default() };
        if !wanted_around(risks, &snapshot).is_empty() {
            snapshot.around = all;
        }
        let one = |planned: Planned<'_>| match planned.status {
            Status::Pending(_) => Ok(planned.effect.unwrap()),
            Status::Refused(fault) | Status::Missing(fault) => Err(fault.to_string()),
            other => Err(format!("{other:?}")),
        };
        plan(risks, &snapshot, "2026-02-08").into_iter().map(one).collect()
    }
}

/// A rule that is built in.
pub fn built_in(id: &str) -> Risk {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("rules/{id}.yml"));
    rule::parse(id, &fs::read(path).unwrap()).unwrap()
}

/// A rule of one's own: a file, and its rewrites and other keys as they stand in a rule file.
pub fn own(path: &str, rest: &str) -> Risk {
    let text =
        format!("id: X-1\ntitle: t\nseverity: low\ncategory: soft-fail\nmilestone: M09\nworkflow: {path}\n{rest}");
    rule::parse("x-1.yml", text.as_bytes()).unwrap()
}

/// What a row wants: what each own change comes to, and words of the effect; a `!` in front means their absence.
pub fn wants(name: &str, effect: &Effect, says: &[Says], words: &[&str]) {
    let own: Vec<Says> = effect.changes.iter().filter(|change| change.own).map(wf_fix::effect::Change::says).collect();
    let text = effect.to_string();
    assert_eq!(own, says, "{name}:\n{text}");
    for word in words {
        match word.strip_prefix('!') {
            Some(absent) => assert!(!text.contains(absent), "{name}: says {absent}:\n{text}"),
            None => assert!(text.contains(word), "{name}: does not say {word}:\n{text}"),
        }
    }
}

/// A job that watches over `call` and always runs, up to its steps.
pub const GATE: &str = "gate:\n  needs: call\n  if: always()\n  runs-on: ubuntu-latest\n  steps:\n";
/// A job that waits for `call`.
pub const WAITS: &str = "test:\n  needs: call\n  runs-on: ubuntu-latest\n  steps: [{run: make test}]\n";
