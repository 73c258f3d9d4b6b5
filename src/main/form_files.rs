//! The commands about form files that need no server: check, dates, diff, sample and schema.
//!
//! Invariant: the answer goes to standard output and what is wrong with a file to standard error; the command fails when a
//! form has an error, a difference breaks, or no answers are found.

use std::process::ExitCode;

use countersign::clock::Clock;
use countersign::forms_tools;
use countersign_domain::calendar::local_date;
use countersign_domain::form::json_schema::json_schema;

use crate::Failure;
use crate::commands::{FormDatesArgs, FormFilesCommand, Format};

/// Does it.
pub fn run(command: FormFilesCommand) -> Result<ExitCode, Failure> {
    let mut out = std::io::stdout();
    match command {
        FormFilesCommand::Check { files, format } => {
            let right = match format {
                Format::Text => forms_tools::check::check_files(&files, &mut out)?,
                Format::Json => forms_tools::check::check_files_as_json(&files, &mut out)?,
            };
            Ok(told(Ok(right)))
        }
        FormFilesCommand::Dates(args) => dates(&args),
        FormFilesCommand::Diff { old, new, format } => {
            let said = forms_tools::diff::say(&old, &new, format == Format::Json, &mut out)?;
            Ok(told(said))
        }
        FormFilesCommand::Sample { file, seed, count } => {
            Ok(told(forms_tools::sample::say(&file, seed, count, &mut out)?))
        }
        FormFilesCommand::Schema => {
            println!("{:#}", json_schema());
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn dates(args: &FormDatesArgs) -> Result<ExitCode, Failure> {
    let question = forms_tools::dates::Question {
        from: args.from,
        to: args.to,
        periods: args.periods.map(usize::from),
        nation: args.nation,
        grant: args.grant_from.zip(args.grant_to),
        today: local_date(Clock::System.now()),
    };
    let mut out = std::io::stdout();
    let said = match args.format {
        Format::Text => forms_tools::dates::say(&args.file, &question, &mut out)?,
        Format::Json => forms_tools::dates::say_json(&args.file, &question, &mut out)?,
    };
    Ok(told(said.map(|()| true)))
}

/// Whether it went well; what is wrong with a file goes to standard error.
pub fn told(said: Result<bool, String>) -> ExitCode {
    match said {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            eprint!("{problem}");
            ExitCode::FAILURE
        }
    }
}
