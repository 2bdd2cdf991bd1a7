//! The command line.

use std::path::{Path, PathBuf};

use clap::{ArgGroup, Parser, Subcommand, ValueEnum};

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// What the result looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people; with --dry-run a patch
    Text,
    /// For programs; described in docs/ and docs/schema/
    Json,
    /// `audit` only: SARIF 2.1.0, for code scanning
    Sarif,
    /// `audit` only: annotations of GitHub Actions
    Github,
    /// `audit` and `report`: a document
    Markdown,
}

const AFTER: &str = "\
What it does:
  Reads the risk register, makes the smallest lossless edit that removes each selected risk,
  proves that nothing else changed, and writes one commit per risk. All selected risks are
  delivered or none.
  stdout carries the result (patch, commits, JSON), stderr the messages.

Where rules come from, the nearest winning:
  --rules DIR (the first given first), .wf-fix/rules/ in the repository, the built-in ones.

Examples:
  wf-fix --risk M03-R01 --dry-run        look at the patch
  wf-fix --risk M03-R01                  one commit on the current branch
  wf-fix --milestone M04 --branch fix    the milestone on a branch, beside the worktree
  wf-fix --all --check                   for CI: exit 1 if a risk is back

Exit codes:
  0  done, or nothing to do
  1  --check found something to do
  2  the request, a rule, a workflow or the repository is unfit; nothing was written
     (with --keep-going: the other risks were)

Environment:
  SOURCE_DATE_EPOCH  the time to use for {date} and commits where nothing else says
  NO_COLOR           no colour
  GIT_AUTHOR_*, GIT_COMMITTER_*, GIT_DIR  as in git";

/// Remove silent CI failures from GitHub Actions workflows: lossless, proven, one commit per risk
#[derive(Debug, Parser)]
#[command(version, after_help = AFTER, arg_required_else_help = true, subcommand_negates_reqs = true)]
#[command(args_conflicts_with_subcommands = false, max_term_width = 110)]
#[command(group = ArgGroup::new("selection").args(["risk", "milestone", "all"]).required(true))]
pub struct Args {
    /// The risk to remove (repeatable; the commits come in this order)
    #[arg(long, value_name = "ID")]
    pub risk: Vec<String>,
    /// All risks of a milestone with disposition fix, by ID; built-in ones only where their workflow is
    #[arg(long, value_name = "NAME")]
    pub milestone: Option<String>,
    /// All risks with disposition fix, by ID; built-in ones only where their workflow is
    #[arg(long)]
    pub all: bool,

    /// Print a patch (or JSON) of the last commit and write nothing; `git apply` and `git am` accept it
    #[arg(short = 'n', long)]
    pub dry_run: bool,
    /// Read the last commit and write nothing; exit 1 if anything would change
    #[arg(long, conflicts_with = "dry_run")]
    pub check: bool,
    /// Edit the files of the worktree and do not commit; needs no git repository
    #[arg(long, conflicts_with = "branch")]
    pub no_commit: bool,
    /// Build the commits on this branch, new or existing, without touching worktree, index or HEAD
    #[arg(long, value_name = "NAME")]
    pub branch: Option<String>,
    /// What a new --branch starts from (default HEAD)
    #[arg(long, value_name = "REV", requires = "branch")]
    pub base: Option<String>,
    /// Deliver the risks that can be, although others are missing or refused; then exit 2
    #[arg(long)]
    pub keep_going: bool,
    /// Commit although hooks are installed that wf-fix does not run (as `git commit --no-verify`)
    #[arg(long)]
    pub no_verify: bool,
    /// Leave the signal proof out of a dry run, to measure what it costs
    #[arg(long, hide = true, requires = "dry_run")]
    pub without_effect: bool,
    /// The day for {date} in notes (default: SOURCE_DATE_EPOCH, else today)
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub date: Option<String>,

    // Its name must not be that of an argument of a subcommand: clap would take one for the other.
    /// Run as if started in this folder
    #[arg(short = 'C', long = "directory", value_name = "DIR", global = true)]
    pub dir: Option<PathBuf>,
    /// A folder of rule files (repeatable; the first given is the nearest)
    #[arg(long, value_name = "DIR", global = true)]
    pub rules: Vec<PathBuf>,
    /// The form of the result
    #[arg(long, value_enum, default_value_t = Format::Text, global = true)]
    pub format: Format,
    /// When to use colour
    #[arg(long, value_enum, default_value_t = Color::Auto, value_name = "WHEN", global = true)]
    pub color: Color,
    /// Print no summary, only results and errors
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Say also where rules and files come from
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub verbose: bool,

    /// Other commands
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The commands besides fixing.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Find the silent failures that matter: which green checks can be trusted, and why not the others
    Audit(AuditArgs),
    /// Judge a series of commits: each removes one risk of the register, and nothing else happens
    Verify(VerifyArgs),
    /// Write the documents that a milestone ends with, every figure computed from its commits
    Report(ReportArgs),
    /// List, show and check the rules
    Rules(RulesArgs),
    /// Show the main job on a small repository made in a temporary folder
    Demo {
        /// Where to make the repository; must not exist yet (default: a new temporary folder)
        #[arg(long = "dir", value_name = "DIR")]
        folder: Option<PathBuf>,
    },
    /// Print the completions for a shell
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Print the man page of wf-fix, or of one of its commands
    Man {
        /// The command
        #[arg(value_name = "COMMAND")]
        of: Option<String>,
    },
}

const AUDIT_AFTER: &str = "\
What it reads:
  .github/workflows/*.yml|yaml and the composite actions of the repository, as they are in the worktree.
  Nothing is run and nothing is fetched.

What counts as fine:
  what checks nothing, what is looked at later, and what a comment on or above the line gives a reason for,
  such as: # wf-fix: accept[masked-command] the mirror is often down
  Entries of the register with disposition accept count for set-up, uploads and the like.

Exit codes:
  0  done, whatever was found
  1  --fail-on, and something of that severity needs action
  2  the request is unfit, or there is nothing to audit";

/// `wf-fix audit`.
#[derive(Debug, clap::Args)]
#[command(after_help = AUDIT_AFTER)]
pub struct AuditArgs {
    /// Show also what is fine, and why
    #[arg(long = "all")]
    pub show_all: bool,
    /// Show all that is known of one place
    #[arg(long, value_name = "FILE:LINE")]
    pub explain: Option<String>,
    /// Exit with 1 if something of this severity or above needs action
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub fail_on: Option<Level>,
    /// Only findings of this detector (repeatable)
    #[arg(long, value_name = "NAME")]
    pub detector: Vec<String>,
    /// Only findings of this category (repeatable)
    #[arg(long, value_name = "NAME")]
    pub category: Vec<String>,
    /// Only findings of this severity or above
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub severity: Option<Level>,
    /// Only findings in files that match this glob (repeatable)
    #[arg(long, value_name = "GLOB")]
    pub path: Vec<String>,
    /// Write a rule file into this folder for every risk that has none there yet, and accept entries for what is fine
    #[arg(long, value_name = "DIR", requires_all = ["found_in", "fix_in"])]
    pub write_rules: Option<PathBuf>,
    /// The milestone of the audit; it begins the IDs
    #[arg(long = "milestone", value_name = "NAME", requires = "write_rules")]
    pub found_in: Option<String>,
    /// The milestone that is to fix the risks
    #[arg(long, value_name = "NAME", requires = "write_rules")]
    pub fix_in: Option<String>,
}

const VERIFY_AFTER: &str = "\
What it checks:
  Each commit of BASE..HEAD names exactly one risk (trailer `Risk-ID:`, else the subject), changes
  only the files of that risk, and leaves in them what wf-fix would: byte for byte, or by hand the
  same values and comments, with no other line touched. No risk twice, none back at HEAD. With
  --milestone none of its risks missing, and no other. The invariants hold at HEAD.
  Only git objects are read: a bare repository or a shallow clone that holds the range will do.

Which rules count:
  --rules DIR, .wf-fix/rules/ as it is at BASE, the built-in ones. An edit of them in the range is
  a finding.

Exit codes:
  0  everything is in order
  1  something is not; every reason stands at its place
  2  the request is unfit: an unknown revision, an empty range, objects that a shallow clone lacks";

/// `wf-fix verify`.
#[derive(Debug, clap::Args)]
#[command(after_help = VERIFY_AFTER)]
pub struct VerifyArgs {
    /// The series, such as main..HEAD
    #[arg(value_name = "BASE..HEAD")]
    pub range: String,
    /// All risks of this milestone must be there, and no others
    #[arg(long = "milestone", value_name = "NAME")]
    pub of: Option<String>,
    /// Every commit must be byte for byte what wf-fix writes
    #[arg(long)]
    pub exact: bool,
}

const REPORT_AFTER: &str = "\
The documents:
  summary  objective, scope, work executed, invariants, validation and evidence, CI impact,
           deferred work, exit criteria
  audit    delta map, semantic proof and diff per risk, guardrail compliance, issues, deferred
           verification, evidence gaps, and an appendix for programs
  The same range gives the same bytes. What no file can show is listed as a gap.

Exit codes:
  0  the document is written, whatever its verdict
  2  the request is unfit, or the template has a mistake";

/// `wf-fix report`.
#[derive(Debug, clap::Args)]
#[command(after_help = REPORT_AFTER)]
pub struct ReportArgs {
    /// The milestone
    #[arg(long = "milestone", value_name = "NAME")]
    pub of: String,
    /// Its commits, such as main..HEAD
    #[arg(long, value_name = "BASE..HEAD")]
    pub range: String,
    /// Which document
    #[arg(long, value_enum)]
    pub kind: ReportKind,
    /// A template of one's own (MiniJinja; docs/report.md)
    #[arg(long, value_name = "FILE")]
    pub template: Option<PathBuf>,
}

/// Which document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportKind {
    /// What was done
    Summary,
    /// Whether it holds
    Audit,
}

/// How much something matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Level {
    /// Can hide a broken build
    High,
    /// Can hide part of one
    Medium,
    /// Worth knowing
    Low,
}

/// `wf-fix rules [list|show|check]`.
#[derive(Debug, clap::Args)]
pub struct RulesArgs {
    /// What to do; list if omitted
    #[command(subcommand)]
    pub what: Option<RulesCommand>,
}

/// The commands about rules.
#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// List all rules: ID, severity, milestone, disposition, title, where from
    List,
    /// Print one rule file
    Show {
        /// The risk ID
        id: String,
    },
    /// Check rule files; exit 2 with every mistake at its place
    Check {
        /// The folder (default: every layer)
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
    },
}

impl Args {
    /// Whether an option is given that only the main job has.
    pub fn fixes(&self) -> bool {
        let names = self.milestone.is_some() || self.branch.is_some() || self.base.is_some() || self.date.is_some();
        let modes = self.dry_run || self.check || self.no_commit || self.keep_going || self.no_verify;
        let modes = modes || self.without_effect;
        names || modes || self.all || !self.risk.is_empty()
    }

    /// A path of the command line, seen from the folder of `-C`.
    pub fn seen_from_dir(&self, path: &Path) -> PathBuf {
        self.dir.as_deref().map_or_else(|| path.to_owned(), |dir| dir.join(path))
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Args::command().debug_assert();
    }
}
