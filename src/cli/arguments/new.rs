//! The forms of `new`.

use clap::{Args, Subcommand};

#[derive(Debug, Args)]
pub struct New {
    #[command(subcommand)]
    pub kind: Kind,
    /// Print what would be written, and write nothing
    #[arg(short = 'n', long, global = true)]
    pub dry_run: bool,
}

#[derive(Debug, Subcommand)]
pub enum Kind {
    /// A partner: its record, and what its tier may change as comments
    Partner(Partner),
    /// A region: its record, and what regions may change as comments
    Region(Value),
    /// An industry
    Industry(Value),
    /// A motion
    Motion(Value),
    /// A tier
    Tier(Value),
    /// A value of an axis of the workspace's own
    Value(OfAxis),
    /// The overlay of a value that is there, or of a combination of values
    Overlay(Overlay),
    /// A waiver: what a layer may do at a path for a time, although policy does not let it
    Waiver(Waiver),
}

#[derive(Debug, Args)]
pub struct Partner {
    /// Its id: lower-case ASCII letters, digits and `-`
    #[arg(value_name = "ID")]
    pub id: String,
    /// What of the master to scaffold; everything that is open unless given
    #[arg(value_name = "PATH")]
    pub paths: Vec<String>,
    /// What people call it; made from the id unless given
    #[arg(long)]
    pub name: Option<String>,
    /// How much of the master it may shape; what most partners have unless given, as for the next three
    #[arg(long, value_name = "TIER")]
    pub tier: Option<String>,
    /// Motions it is entitled to
    #[arg(long, value_name = "ID,…", value_delimiter = ',')]
    pub motion: Vec<String>,
    /// Industries it is entitled to
    #[arg(long, value_name = "ID,…", value_delimiter = ',')]
    pub industry: Vec<String>,
    /// Regions it is entitled to
    #[arg(long, value_name = "ID,…", value_delimiter = ',')]
    pub region: Vec<String>,
    /// Values of an axis of the workspace's own
    #[arg(long, value_name = "AXIS=ID,…")]
    pub entitle: Vec<String>,
    /// The locale that its own files are written in; the master's unless given
    #[arg(long, value_name = "TAG")]
    pub locale: Option<String>,
    /// Its site
    #[arg(long, value_name = "URL")]
    pub website: Option<String>,
    /// Who answers there
    #[arg(long, value_name = "NAME")]
    pub contact: Option<String>,
    /// Where that person is reached
    #[arg(long, value_name = "ADDRESS")]
    pub email: Option<String>,
    /// By phone, in international format
    #[arg(long, value_name = "NUMBER")]
    pub phone: Option<String>,
}

#[derive(Debug, Args)]
pub struct Value {
    /// Its id: lower-case ASCII letters, digits and `-`
    #[arg(value_name = "ID")]
    pub id: String,
    /// What of the master to scaffold beside the record; everything that is open unless given
    #[arg(value_name = "PATH")]
    pub paths: Vec<String>,
    /// What people call it; made from the id unless given
    #[arg(long)]
    pub name: Option<String>,
    /// The value it is a child of, and takes from what it does not say itself
    #[arg(long, value_name = "ID")]
    pub parent: Option<String>,
    /// The locale of its own files and, for a region, of its pages
    #[arg(long, value_name = "TAG")]
    pub locale: Option<String>,
}

#[derive(Debug, Args)]
pub struct OfAxis {
    /// The axis, as `cobrand.yaml` names it
    #[arg(value_name = "AXIS")]
    pub axis: String,
    #[command(flatten)]
    pub value: Value,
}

#[derive(Debug, Args)]
pub struct Overlay {
    /// Whose it is: `partner=acme`, `partner=acme,region=dach`, or the folder, `partners/acme/@region=dach`; with
    /// `--settle` every combination that clashes in a deployment unless given
    #[arg(value_name = "LAYER", required_unless_present = "settle")]
    pub layer: Option<String>,
    /// What to scaffold, such as `nurture.yaml` or `content/landing.md#hero`; everything that is open unless given
    #[arg(value_name = "PATH")]
    pub paths: Vec<String>,
    /// Write what settles the clashes of peers (E-PEER): both sides as comments, or the one that `--take` names
    #[arg(long)]
    pub settle: bool,
    /// The side that holds: an axis, or a layer such as `region=dach`
    #[arg(long, value_name = "AXIS", requires = "settle")]
    pub take: Option<String>,
    /// With `--settle`, look at combinations that no deployment uses yet, too
    #[arg(long, requires = "settle")]
    pub all_combinations: bool,
}

#[derive(Debug, Args)]
pub struct Waiver {
    /// To whom: a partner's id, a folder such as `regions/dach`, or values, `partner=acme,region=dach`
    #[arg(value_name = "LAYER")]
    pub layer: String,
    /// What for: `content/landing.md#hero`; `*` stands for a run of characters in one part, `**` for anything
    #[arg(value_name = "PATH")]
    pub path: String,
    /// Why it is granted
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Who grants it
    #[arg(long, value_name = "NAME")]
    pub approver: String,
    /// The last day it holds
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub expires: jiff::civil::Date,
}
