//! The commands about report files: check, make and list.
//!
//! Invariant: the answer goes to standard output, what concerns the command to standard error; it fails when a file is wrong.

use std::path::Path;
use std::process::ExitCode;

use countersign::clock::Clock;
use countersign::config;
use countersign::forms_tools::reports::{Forms, check_reports, list};
use countersign::service::paper::{self, Wanted};
use countersign::wording::report::Library;
use countersign_domain::form::schema::Audience;

use crate::commands::{ForWhom, Format, ReportCommand, ReportMakeArgs};
use crate::form_files::told;
use crate::{Failure, ready};

/// Does it.
pub async fn run(command: ReportCommand) -> Result<ExitCode, Failure> {
    let mut out = std::io::stdout();
    match command {
        ReportCommand::Check { files, forms, format } => {
            let forms = Forms::of(&forms);
            if !forms.are_known() {
                eprintln!(
                    "There are no forms here, so that what the reports name of them is not looked up: give --forms."
                );
            }
            let right = check_reports(&files, forms, format == Format::Json, &mut out)?;
            Ok(told(Ok(right)))
        }
        ReportCommand::Make(args) => make(args).await,
        ReportCommand::List { config, format } => {
            let folder = match config {
                Some(path) => own_reports(&path)?,
                None => None,
            };
            match Library::new(folder.as_deref()) {
                Ok(library) => {
                    list(&library, format == Format::Json, &mut out)?;
                    Ok(ExitCode::SUCCESS)
                }
                Err(problems) => {
                    problems.iter().for_each(|problem| eprintln!("{problem}"));
                    Ok(ExitCode::FAILURE)
                }
            }
        }
    }
}

async fn make(args: ReportMakeArgs) -> Result<ExitCode, Failure> {
    let app = ready(&args.config.config).await?;
    let wanted = Wanted {
        report: args.report,
        fund: args.fund,
        period: args.period,
        audience: match args.audience {
            ForWhom::Internal => Audience::Internal,
            ForWhom::Panel => Audience::Panel,
            ForWhom::Public => Audience::Public,
        },
        edition: args.edition,
        format: args.format,
    };
    let file = paper::make(&app.deps, &wanted, Clock::System.now()).await?;
    std::fs::write(&args.out, &file.bytes)?;
    println!("{} written, digest {}", args.out.display(), file.digest);
    Ok(ExitCode::SUCCESS)
}

/// The folder of reports that a configuration names.
fn own_reports(path: &Path) -> Result<Option<std::path::PathBuf>, Failure> {
    Ok(config::read(path, &std::env::vars().collect())?.reports)
}
