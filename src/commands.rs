//! The commands as they are typed.
//!
//! Invariant: only the shape of a command line is here; what it does is in `main`.

use std::path::PathBuf;

use chrono::{DateTime, NaiveDate, Utc};
use clap::{Args, Parser, Subcommand, ValueEnum};
use countersign::service::paper::{self, read_period};
use countersign_domain::calendar::Nation;
use countersign_domain::period::Period;

/// A self-hosted server for grant returns: in, right, signed and added up.
#[derive(Parser)]
#[command(version, about)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// A server to try out, with everything in it, on this machine alone
    Demo(DemoArgs),
    /// The server
    Serve(ConfigArg),
    /// Bring the database's tables up to this version
    Migrate(ConfigArg),
    /// Say or do what is due
    Tick(TickArgs),
    /// Form files
    #[command(subcommand)]
    Forms(FormsCommand),
    /// Report files, by which papers are made
    #[command(subcommand)]
    Report(ReportCommand),
    /// Funds, grants, people and offices
    #[command(subcommand)]
    Register(RegisterCommand),
    /// Import the register from Excel workbooks (.xlsx) or CSV files, all or nothing
    Import(ImportArgs),
    /// Write the register to a workbook or a CSV file, in the shape that is imported
    Export(ExportArgs),
    /// People and the offices they hold
    #[command(subcommand)]
    People(PeopleCommand),
    /// Read the whole database again and say whether anything was altered
    Verify(ConfigArg),
    /// Fill an empty database with made-up signed returns of 25 figures, to measure with; docs/evidence.md says how
    #[command(hide = true)]
    BenchData(BenchDataArgs),
}

#[derive(Args)]
pub struct ConfigArg {
    /// The configuration file; config/countersign.toml in the source names every setting
    #[arg(long)]
    pub config: PathBuf,
}

#[derive(Args)]
pub struct BenchDataArgs {
    /// How many returns
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    pub returns: u64,
    /// The address of a database with nothing in it: sqlite:///tmp/made-up.db or postgres://…
    #[arg(long)]
    pub database: String,
}

#[derive(Args)]
pub struct DemoArgs {
    /// Where the demo keeps its things
    #[arg(long, default_value = "demo-data")]
    pub data: PathBuf,
    /// The day on which the demo's clock stands; as it was left, or 2018-05-17
    #[arg(long)]
    pub today: Option<NaiveDate>,
    /// One system alone, on its first day, such as s5-partnership; without, all of them with what has happened
    #[arg(long)]
    pub system: Option<String>,
    /// The port to listen on, on this machine alone; 0 takes a free one
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
}

#[derive(Args)]
pub struct TickArgs {
    #[command(flatten)]
    pub config: ConfigArg,
    /// The moment to take as now, like 2018-05-01T09:00:00Z, or a day
    #[arg(long, value_parser = moment)]
    pub now: Option<DateTime<Utc>>,
    /// Say what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Subcommand)]
pub enum FormsCommand {
    #[command(flatten)]
    Files(FormFilesCommand),
    /// Show the pages of a form on this machine, signed in, over an invented grant; nothing is kept
    Preview {
        /// The form file
        file: PathBuf,
        /// The port to listen on, on this machine alone; 0 takes a free one
        #[arg(long, default_value_t = 0)]
        port: u16,
    },
    /// Publish a form file; a published version never changes
    Publish {
        #[command(flatten)]
        config: ConfigArg,
        /// The file
        file: PathBuf,
    },
    /// Move the returns of a form that nobody has submitted yet to a newer version of it, all or none
    Move(FormMoveArgs),
}

/// What needs nothing but files.
#[derive(Subcommand)]
pub enum FormFilesCommand {
    /// Say everything that is wrong with form files
    Check {
        /// The files
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// How it is written
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Say when the returns of a form open, are due and close, and every mail that is sent about them
    Dates(FormDatesArgs),
    /// Say in words what differs between two versions of a form, and what keeps the newer from being published
    Diff {
        /// The older version
        old: PathBuf,
        /// The newer one
        new: PathBuf,
        /// How it is written
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Make up answers to a form, some that can be submitted and some that cannot, as JSON
    Sample {
        /// The form file
        file: PathBuf,
        /// What the made-up answers follow from: the same number gives the same answers
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// How many sets, each from the next number
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=10_000))]
        count: u64,
    },
    /// Write the JSON Schema of form files, for editors that complete and check as one types
    Schema,
}

#[derive(Args)]
pub struct FormMoveArgs {
    #[command(flatten)]
    pub config: ConfigArg,
    /// The form's id
    pub form: String,
    /// The published version that they go to
    #[arg(long)]
    pub to: u32,
    /// The address of who moves them: somebody who reviews the fund's returns
    #[arg(long)]
    pub by: String,
    /// Say what would become of each answer, and do nothing
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Args)]
pub struct FormDatesArgs {
    /// The form file
    pub file: PathBuf,
    /// The day from which periods are shown, like 2026-04-01; else the first of the grant, or of the form's own
    /// periods, or today
    #[arg(long)]
    pub from: Option<NaiveDate>,
    /// The day until which periods are shown
    #[arg(long)]
    pub to: Option<NaiveDate>,
    /// How many periods at most; 6, or all of them until --to
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=400))]
    pub periods: Option<u16>,
    /// Whose bank holidays apply: england-and-wales, scotland or northern-ireland
    #[arg(long, default_value = "england-and-wales", value_parser = nation)]
    pub nation: Nation,
    /// The first day of a grant: only its periods are shown
    #[arg(long, requires = "grant_to")]
    pub grant_from: Option<NaiveDate>,
    /// The last day of the grant
    #[arg(long, requires = "grant_from")]
    pub grant_to: Option<NaiveDate>,
    /// How it is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

#[derive(Subcommand)]
pub enum ReportCommand {
    /// Say everything that is wrong with report files
    Check {
        /// The files
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// The form files that they are about, or folders of them; forms, where there is such a folder
        #[arg(long, num_args = 1..)]
        forms: Vec<PathBuf>,
        /// How it is written
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Write a paper to a file: as it stands, with its watermark, or an edition as it was published
    Make(ReportMakeArgs),
    /// Name every report that papers can be made by
    List {
        /// The configuration file, whose own reports are named too
        #[arg(long)]
        config: Option<PathBuf>,
        /// How it is written
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
}

#[derive(Args)]
pub struct ReportMakeArgs {
    #[command(flatten)]
    pub config: ConfigArg,
    /// The report's id
    pub report: String,
    /// The key of the fund
    #[arg(long)]
    pub fund: String,
    /// 2017-18, 2018-Q1 (from April 2018), 2018-04, or two days like 2017-04-01..2018-03-31
    #[arg(long, value_parser = read_period)]
    pub period: Period,
    /// html, pdf, xlsx, csv or json
    #[arg(long, value_parser = paper_format)]
    pub format: paper::print::Format,
    /// The file to write
    #[arg(long)]
    pub out: PathBuf,
    /// For whom
    #[arg(long, value_enum, default_value_t = ForWhom::Internal, conflicts_with = "edition")]
    pub audience: ForWhom,
    /// The edition, from 1: the bytes that were published
    #[arg(long)]
    pub edition: Option<u32>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ForWhom {
    /// The commissioner's own staff: everything, watermarked
    Internal,
    /// A panel or board: a preview of what would be published
    Panel,
    /// Anyone: a preview of what would be published
    Public,
}

#[derive(Subcommand)]
pub enum RegisterCommand {
    /// Load a fund with its grants, people and offices from a file, all or nothing
    Load {
        #[command(flatten)]
        config: ConfigArg,
        /// The file; forms/s5-partnership/register.toml in the source is one
        file: PathBuf,
    },
}

#[derive(Args)]
pub struct ImportArgs {
    #[command(flatten)]
    pub config: ConfigArg,
    /// The files; a workbook has a sheet for each table, a CSV file is named after its table, like people.csv
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// The table that they hold, when their names do not say so
    #[arg(long)]
    pub table: Option<String>,
    /// Say everything that is wrong and what would be changed, and do nothing
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Args)]
pub struct ExportArgs {
    /// The configuration file; not needed for the template
    #[arg(long, required_unless_present = "template")]
    pub config: Option<PathBuf>,
    /// The file to write: a workbook, or with a table a CSV file
    #[arg(long, required_unless_present = "table")]
    pub out: Option<PathBuf>,
    /// One table as CSV, on standard output unless a file is named
    #[arg(long)]
    pub table: Option<String>,
    /// The key of a fund, and again for several; otherwise all of them
    #[arg(long)]
    pub fund: Vec<String>,
    /// An empty workbook to fill in, which says what belongs where
    #[arg(long, conflicts_with_all = ["config", "table", "fund"])]
    pub template: bool,
}

#[derive(Subcommand)]
pub enum PeopleCommand {
    /// Add a person, or give a known one an office
    Add {
        #[command(flatten)]
        config: ConfigArg,
        /// Their name
        #[arg(long)]
        name: String,
        /// Their address
        #[arg(long)]
        email: String,
        /// The key of their organisation
        #[arg(long)]
        organisation: String,
        /// The key of the fund whose office they hold from today
        #[arg(long, requires = "office")]
        fund: Option<String>,
        /// The key of the office, such as partnership.chair
        #[arg(long, requires = "fund")]
        office: Option<String>,
        /// They hold it as a deputy
        #[arg(long)]
        deputy: bool,
    },
    /// Give somebody a new second factor, in place of a lost one; ends their sessions
    Authenticator {
        #[command(flatten)]
        config: ConfigArg,
        /// Their address
        #[arg(long)]
        email: String,
    },
}

fn paper_format(text: &str) -> Result<paper::print::Format, String> {
    paper::print::Format::parse(text).ok_or_else(|| "give html, pdf, xlsx, csv or json".to_owned())
}

fn nation(text: &str) -> Result<Nation, String> {
    let known = Nation::ALL.into_iter().find(|nation| nation.key() == text);
    known.ok_or_else(|| format!("give {}", Nation::ALL.map(Nation::key).join(" or ")))
}

fn moment(text: &str) -> Result<DateTime<Utc>, String> {
    if let Ok(day) = text.parse::<NaiveDate>() {
        return day
            .and_hms_opt(9, 0, 0)
            .map(|at| at.and_utc())
            .ok_or_else(|| "not a day".to_owned());
    }
    text.parse()
        .map_err(|_| "give a moment like 2018-05-01T09:00:00Z, or a day like 2018-05-01".to_owned())
}
