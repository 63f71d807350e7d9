//! The commands and their options, from which the help is made.

pub mod new;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Compiles one master activation package and its overlays into a complete package for every deployment.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true, max_term_width = 100)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub common: Common,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a new workspace that builds at once
    Init(Init),
    /// Scaffold a partner, a region or another value, or an overlay: what may be set, with today's values
    New(Box<new::New>),
    /// Write the packages
    Build(Build),
    /// Say what a build would refuse, and write nothing
    Check(Check),
    /// Show the deployments
    List(List),
    /// Show which layer set a value, what it hides, and who may change it
    Explain(Explain),
    /// Show a lead's path: requests, permissions, emails, who owes what until when, and what was proved of it
    Journey(Journey),
    /// Show every layer that contributes to a path
    WhoSets(WhoSets),
    /// Show what a partner may change, and what holds there today
    Policy(Policy),
    /// Print a CODEOWNERS file that binds folders to the owners named in policy.yaml
    Codeowners,
    /// Compare two deployments, or one with the master
    Diff(Diff),
    /// Write JSON Schemas for editors: what each file may hold, whole or for one layer
    Schema(Schema),
    /// Rewrite overlays: old names of places become the new ones of moved.yaml
    Fix(Fix),
    /// Put the keys of overlays in the master's order
    Fmt(Fmt),
    /// Compare a package, a zip or a whole output folder with its manifests and inventories
    ///
    /// Every file that was added, lost, moved or edited is named. Without `--key` that shows accidents: whoever changes
    /// an output with care can list anew what is in it. With `--key` it also shows who made it.
    Verify(Verify),
    /// Sign what stands in an output, so that others can verify where it comes from
    ///
    /// The output is verified first. Beside each inventory, the one at the top and those in the folders of partners,
    /// regions and the program, a signature is written that `minisign -V` understands too. A build that changes an
    /// inventory removes its signature.
    Sign(Sign),
    /// Make keys to sign with
    Key {
        #[command(subcommand)]
        command: Key,
    },
}

#[derive(Debug, Subcommand)]
pub enum Key {
    /// Make a private key, and beside it the public one, which is for everybody
    ///
    /// Both are in the format of `minisign`. The private key is readable for you only, and must not lie in a workspace
    /// or an output. A password is asked for unless one of the options says otherwise.
    New(NewKey),
}

/// What every command understands.
#[derive(Debug, Args)]
#[command(next_help_heading = "Common options")]
pub struct Common {
    /// The workspace; the nearest folder with a `cobrand.yaml` unless given
    #[arg(short = 'C', long, value_name = "DIR", global = true)]
    pub workspace: Option<PathBuf>,
    /// Where packages are; `output` in the workspace unless given
    #[arg(short, long, value_name = "DIR", global = true)]
    pub output: Option<PathBuf>,
    /// How many threads work; one for each core unless given
    #[arg(short, long, value_name = "N", value_parser = jobs, global = true)]
    pub jobs: Option<usize>,
    /// The day on which waivers and grace are looked at; the package's `released` unless given
    #[arg(long, value_name = "YYYY-MM-DD", global = true)]
    pub date: Option<jiff::civil::Date>,
    /// How results and diagnostics are written
    #[arg(long, value_enum, default_value_t, global = true)]
    pub format: Format,
    /// Print errors only: no progress, no warnings, no summary
    #[arg(short, long, conflicts_with = "verbose", global = true)]
    pub quiet: bool,
    /// Print more: each deployment, and all that a finding reaches
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// When to use colors
    #[arg(long, value_enum, default_value_t, value_name = "WHEN", global = true)]
    pub color: Color,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    #[default]
    Human,
    /// One JSON document
    Json,
    /// Diagnostics as SARIF 2.1.0
    Sarif,
    /// Diagnostics as GitHub workflow commands
    Github,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Debug, Args)]
pub struct Init {
    /// A new or empty folder
    #[arg(default_value = ".", value_name = "DIR")]
    pub folder: PathBuf,
}

#[derive(Debug, Args)]
pub struct Build {
    /// Deployment ids with globs, such as `rheinfeld/**` or `*/launch/healthcare/*`; all unless given
    #[arg(value_name = "QUERY")]
    pub queries: Vec<String>,
    /// Refuse what may not be published: pages that fall back to another language, permissions that no form can ask for
    #[arg(long)]
    pub release: bool,
    /// Publish nothing if anything is refused
    #[arg(long)]
    pub all_or_nothing: bool,
    /// Write no zips, and remove those of the packages that are built
    #[arg(long)]
    pub no_zips: bool,
    /// Keep a source map beside each package: which template, value and layer each byte of its pages came from
    #[arg(long)]
    pub source_maps: bool,
    /// Resolve every value and render every page anew, wherever it stands; the bytes are the same, it only takes longer
    #[arg(long)]
    pub no_sharing: bool,
    /// Believe what the last build noted of the output, without a look at the files: faster, but what was lost or
    /// edited since is not seen
    #[arg(long)]
    pub trust_ledger: bool,
    /// Say where the time went, by phase, and what was made how often
    #[arg(long)]
    pub timings: bool,
}

#[derive(Debug, Args)]
pub struct Check {
    /// Deployment ids with globs, such as `rheinfeld/**`; all unless given
    #[arg(value_name = "QUERY")]
    pub queries: Vec<String>,
    /// Check as for a build with `--release`
    #[arg(long)]
    pub release: bool,
    /// Look for clashes in combinations that no deployment uses yet, too
    #[arg(long)]
    pub all_combinations: bool,
    /// List where one axis wins over another by the order of bands alone
    #[arg(long)]
    pub strict_peers: bool,
}

#[derive(Debug, Args)]
pub struct List {
    /// Deployment ids with globs, such as `rheinfeld/**`; all unless given
    #[arg(value_name = "QUERY")]
    pub queries: Vec<String>,
    /// Say whether the next build makes each package again, and for which values
    #[arg(long)]
    pub why: bool,
}

#[derive(Debug, Args)]
pub struct Explain {
    /// A deployment's id, or a line of a built page or email: `output/…/index.html:12`
    #[arg(value_name = "DEPLOYMENT|OUTPUT-FILE:LINE", required_unless_present = "phases")]
    pub target: Option<String>,
    /// A value, block or file: `nurture.emails[welcome].subject`, `content/landing.md#hero`, `assets/logo.svg`
    #[arg(value_name = "PATH")]
    pub path: Option<String>,
    /// The locale to explain in; the deployment's default unless given
    #[arg(long, value_name = "TAG")]
    pub locale: Option<String>,
    /// Show the source map of the whole output file, as JSON
    #[arg(long, conflicts_with = "path")]
    pub map: bool,
    /// Show the phases of a build in their order
    #[arg(long, conflicts_with_all = ["target", "path"])]
    pub phases: bool,
}

#[derive(Debug, Args)]
pub struct Journey {
    /// A deployment's id
    #[arg(value_name = "DEPLOYMENT")]
    pub deployment: String,
    /// Print a picture: lanes by person and system, time downwards
    #[arg(long)]
    pub svg: bool,
}

#[derive(Debug, Args)]
pub struct WhoSets {
    /// A path; `*` stands for a run of characters in one part, `**` for anything
    #[arg(value_name = "PATH")]
    pub path: String,
}

#[derive(Debug, Args)]
pub struct Policy {
    /// A partner's id
    #[arg(value_name = "PARTNER")]
    pub partner: String,
    /// Print a page that can be sent
    #[arg(long)]
    pub html: bool,
    /// Write the page into a file, such as `acme.html`
    #[arg(long, value_name = "FILE")]
    pub write: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Diff {
    /// A deployment's id, or `master`
    #[arg(value_name = "A")]
    pub a: String,
    /// A deployment's id, or `master`
    #[arg(value_name = "B")]
    pub b: String,
}

#[derive(Debug, Args)]
pub struct Schema {
    /// A layer's folder, such as `partners/acme`: only what its role and tier may set
    #[arg(long, value_name = "LAYER-FOLDER")]
    pub layer: Option<String>,
    /// One kind of file, such as `nurture`, `partner` or `locales/nurture`
    #[arg(long, value_name = "FILE-KIND")]
    pub kind: Option<String>,
    /// Write the schemas into a folder, with editor settings; those of every layer unless `--layer` is given. Without
    /// a folder into `.cobrand/schemas` of the workspace, and into the settings of VS Code
    #[arg(long, value_name = "DIR", num_args = 0..=1, default_missing_value = crate::editor::FOLDER)]
    pub write: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Rewriting {
    /// Files and folders to rewrite; the whole workspace unless given
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Write nothing: list the files that would change, and end in 1 if there are any
    #[arg(long)]
    pub check: bool,
    /// Write nothing: show what would change, as a unified diff
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, Args)]
pub struct Fix {
    #[command(flatten)]
    pub rewriting: Rewriting,
}

#[derive(Debug, Args)]
pub struct Fmt {
    #[command(flatten)]
    pub rewriting: Rewriting,
    /// Sort the rows of registries by id, too
    #[arg(long)]
    pub rows: bool,
    /// Give headings of the master's Markdown that have none an id, which makes them blocks
    #[arg(long)]
    pub add_ids: bool,
}

#[derive(Debug, Args)]
pub struct Verify {
    /// An output folder, a partner's folder in one, a package or a zip
    #[arg(value_name = "DIR|ZIP")]
    pub path: PathBuf,
    /// The public key of whoever has to have signed it: a file, or the key itself
    #[arg(long, value_name = "PUB")]
    pub key: Option<String>,
    /// The inventory that lists a package or a zip, with its signature beside it where there is a key
    #[arg(long, value_name = "FILE")]
    pub inventory: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Sign {
    /// The output folder; that of the workspace unless given
    #[arg(value_name = "OUTPUT")]
    pub folder: Option<PathBuf>,
    /// The private key
    #[arg(long, value_name = "FILE")]
    pub key: PathBuf,
    /// The environment variable that holds the key's password; it is asked for unless given
    #[arg(long, value_name = "NAME")]
    pub password_env: Option<String>,
}

#[derive(Debug, Args)]
pub struct NewKey {
    /// Where the private key goes; the public one goes to `FILE.pub`
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The environment variable that holds the password
    #[arg(long, value_name = "NAME")]
    pub password_env: Option<String>,
    /// Do without a password: whoever can read the file can sign
    #[arg(long, conflicts_with = "password_env")]
    pub no_password: bool,
}

/// A number of threads: more than anybody has would only exhaust the machine.
fn jobs(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(jobs @ 1..=1024) => Ok(jobs),
        _ => Err("a number from 1 to 1024 is expected".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Arguments;

    #[test]
    fn the_commands_do_not_contradict_each_other() {
        Arguments::command().debug_assert();
    }
}
