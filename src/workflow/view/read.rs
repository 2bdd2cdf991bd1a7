//! From a tree to a view.

use std::sync::OnceLock;

use super::{Action, Control, Defaults, Job, Matrix, Step, Trigger, Workflow};
use crate::workflow::condition::Own;
use crate::workflow::reader::{At, Reader, Text};
use crate::yaml::{NodeId, Tree};

impl<'t> Workflow<'t> {
    /// Reads a workflow.
    pub fn of(file: &'t str, tree: &'t Tree<'t>) -> Workflow<'t> {
        let reader = Reader::new(tree);
        let top = |key| reader.get(0, key);
        let job = |(id, node)| read_job(&reader, id, node);
        let jobs = top("jobs").map(|jobs| reader.pairs(jobs).map(job).collect()).unwrap_or_default();
        Workflow {
            file,
            tree,
            name: reader.text_at(0, "name"),
            triggers: top("on").map(|on| triggers(&reader, on)).unwrap_or_default(),
            permissions: top("permissions").map(|id| reader.at(id)),
            defaults: defaults(&reader, 0),
            env: entries(&reader, 0, "env"),
            jobs,
            cut: reader.cut(),
        }
    }
}

impl<'t> Action<'t> {
    /// Reads an action's metadata.
    pub fn of(file: &'t str, tree: &'t Tree<'t>) -> Action<'t> {
        let reader = Reader::new(tree);
        let runs = reader.get(0, "runs");
        Action {
            file,
            tree,
            name: reader.text_at(0, "name"),
            using: runs.and_then(|runs| reader.text_at(runs, "using")),
            steps: runs.and_then(|runs| reader.get(runs, "steps")).map(|id| steps(&reader, id)).unwrap_or_default(),
            cut: reader.cut(),
        }
    }
}

/// `on:` as one name, a list, or a mapping with settings.
fn triggers<'t>(reader: &Reader<'t>, on: NodeId) -> Vec<Trigger<'t>> {
    let plain: Vec<_> = reader.names(on).into_iter().map(|event| Trigger { event, filters: Vec::new() }).collect();
    if !plain.is_empty() {
        return plain;
    }
    let filters = |id| reader.pairs(id).map(|(key, value)| (key, reader.names(value))).collect();
    reader.pairs(on).map(|(event, value)| Trigger { event, filters: filters(value) }).collect()
}

fn defaults<'t>(reader: &Reader<'t>, node: NodeId) -> Defaults<'t> {
    let run = reader.get(node, "defaults").and_then(|defaults| reader.get(defaults, "run"));
    let text = |key| run.and_then(|run| reader.text_at(run, key));
    Defaults { shell: text("shell"), working_directory: text("working-directory") }
}

fn entries<'t>(reader: &Reader<'t>, node: NodeId, key: &str) -> Vec<(Text<'t>, Text<'t>)> {
    reader.get(node, key).map(|id| reader.entries(id)).unwrap_or_default()
}

fn read_job<'t>(reader: &Reader<'t>, id: Text<'t>, node: NodeId) -> Job<'t> {
    let text = |key| reader.text_at(node, key);
    let strategy = reader.get(node, "strategy");
    let at = |key| reader.get(node, key).map(|id| reader.at(id));
    let keys = |id| reader.pairs(id).map(|(key, _)| key).collect();
    Job {
        id,
        at: reader.at(node),
        name: text("name"),
        needs: reader.get(node, "needs").map(|id| reader.names(id)).unwrap_or_default(),
        condition: text("if"),
        asks: text("if").map(|text| Own::of(text.text)).unwrap_or_default(),
        continue_on_error: text("continue-on-error"),
        matrix: strategy.and_then(|s| reader.get(s, "matrix")).map(|id| Matrix::read(reader, id)),
        fail_fast: strategy.and_then(|s| reader.text_at(s, "fail-fast")),
        uses: text("uses"),
        with: entries(reader, node, "with"),
        runs_on: reader.get(node, "runs-on").map(|id| runs_on(reader, id)).unwrap_or_default(),
        platform: OnceLock::new(),
        container: at("container"),
        services: reader.get(node, "services").map(keys).unwrap_or_default(),
        timeout: text("timeout-minutes"),
        environment: reader
            .get(node, "environment")
            .and_then(|id| reader.text(id).or_else(|| reader.text_at(id, "name"))),
        permissions: at("permissions"),
        defaults: defaults(reader, node),
        env: entries(reader, node, "env"),
        outputs: entries(reader, node, "outputs"),
        steps: reader.get(node, "steps").map(|id| steps(reader, id)).unwrap_or_default(),
    }
}

/// `runs-on` as a label, labels, or a mapping of `group` and `labels`.
fn runs_on<'t>(reader: &Reader<'t>, node: NodeId) -> Vec<Text<'t>> {
    let labels = reader.names(node);
    if !labels.is_empty() {
        return labels;
    }
    let part = |key| reader.get(node, key).map(|id| reader.names(id)).unwrap_or_default();
    [part("group"), part("labels")].concat()
}

fn steps<'t>(reader: &Reader<'t>, node: NodeId) -> Vec<Step<'t>> {
    let items = reader.items(node);
    let mut found = Vec::with_capacity(items.size_hint().1.unwrap_or_default());
    for item in items {
        match reader.get(item, "parallel") {
            Some(group) => {
                let at = reader.at(group);
                found.extend(reader.items(group).map(|inner| read_step(reader, inner, Some(at))));
            }
            None => found.push(read_step(reader, item, None)),
        }
    }
    found
}

fn read_step<'t>(reader: &Reader<'t>, node: NodeId, group: Option<At>) -> Step<'t> {
    let mut step = Step {
        at: reader.at(node),
        id: None,
        name: None,
        condition: None,
        asks: Own::Empty,
        continue_on_error: None,
        run: None,
        uses: None,
        with: Vec::new(),
        env: Vec::new(),
        shell: None,
        working_directory: None,
        timeout: None,
        background: None,
        group,
        control: None,
    };
    for (key, value) in reader.pairs(node) {
        let text = || reader.text(value);
        match key.text {
            "id" => step.id = text(),
            "name" => step.name = text(),
            "if" => {
                step.condition = text();
                step.asks = step.condition.map(|text| Own::of(text.text)).unwrap_or_default();
            }
            "continue-on-error" => step.continue_on_error = text(),
            "run" => step.run = text(),
            "uses" => step.uses = text(),
            "with" => step.with = reader.entries(value),
            "env" => step.env = reader.entries(value),
            "shell" => step.shell = text(),
            "working-directory" => step.working_directory = text(),
            "timeout-minutes" => step.timeout = text(),
            "background" => step.background = text(),
            "wait" => step.control = Some(Control::Wait(reader.names(value))),
            "wait-all" => step.control = Some(Control::WaitAll(key.at)),
            "cancel" => step.control = text().map(Control::Cancel),
            _ => {}
        }
    }
    step
}
