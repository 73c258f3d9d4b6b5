//! What the commands do.

mod commands;
#[path = "main/form_files.rs"]
mod form_files;
#[path = "main/report_files.rs"]
mod report_files;

use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use commands::{
    Cli, Command, DemoArgs, ExportArgs, FormMoveArgs, FormsCommand, ImportArgs, PeopleCommand, RegisterCommand,
    TickArgs,
};
use countersign::app::App;
use countersign::clock::Clock;
use countersign::config::{self, Config};
use countersign::demo::preview::Room;
use countersign::demo::{Demo, Folder};
use countersign::service::register::{self, LoadError};
use countersign::service::{ServiceError, forms, moving, people, verify};
use countersign::store::Store;
use countersign::web::{Web, address, routes, server};
use countersign::{bench_data, forms_tools, register_files, scheduler};

/// What a command that failed says.
type Failure = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse().command).await {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("countersign: {failure}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Demo(args) => demo(args).await,
        Command::Serve(arg) => serve(&arg.config).await,
        Command::Migrate(arg) => {
            let app = App::open(&configured(&arg.config)?).await?;
            println!("{} migration(s) run", app.deps.store.migrate().await?);
            Ok(ExitCode::SUCCESS)
        }
        Command::Tick(args) => tick(args).await,
        Command::Forms(FormsCommand::Files(command)) => form_files::run(command),
        Command::Forms(FormsCommand::Preview { file, port }) => preview(&file, port).await,
        Command::Forms(FormsCommand::Move(args)) => move_returns(args).await,
        Command::Forms(FormsCommand::Publish { config, file }) => {
            let app = ready(&config.config).await?;
            let source = match forms_tools::form_and_text(&file) {
                Ok((_, source)) => source,
                Err(problems) => return Ok(form_files::told(Err(problems))),
            };
            let form = forms::publish(&app.deps, &source, Clock::System.now()).await?;
            println!(
                "{} version {} is published, digest {}",
                form.id, form.version, form.digest
            );
            Ok(ExitCode::SUCCESS)
        }
        Command::Report(command) => report_files::run(command).await,
        Command::Register(RegisterCommand::Load { config, file }) => {
            let app = ready(&config.config).await?;
            let file = register::read(&std::fs::read_to_string(file)?)?;
            let loaded = match register::load(&app.deps, &file, Clock::System.now()).await {
                Ok(loaded) => loaded,
                Err(LoadError::Problems(problems)) => {
                    problems
                        .iter()
                        .for_each(|problem| eprintln!("{}", problem.words(&file)));
                    return Ok(ExitCode::FAILURE);
                }
                Err(LoadError::Service(error)) => return Err(error.into()),
            };
            loaded
                .warnings
                .iter()
                .for_each(|problem| eprintln!("{}", problem.words(&file)));
            println!("{}", loaded.changes);
            println!("Whoever holds an office needs a second factor: countersign people authenticator --email …");
            Ok(ExitCode::SUCCESS)
        }
        Command::Import(args) => import(args).await,
        Command::Export(args) => export(args).await,
        Command::People(command) => people(command).await,
        Command::Verify(arg) => verified(&arg.config).await,
        Command::BenchData(args) => {
            let store = Store::open(&args.database).await?;
            bench_data::make(&store, args.returns, |there| println!("{there} returns")).await?;
            store.close().await;
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn preview(file: &Path, port: u16) -> Result<ExitCode, Failure> {
    countersign::log::start("warn", false);
    let (form, source) = match forms_tools::form_and_text(file) {
        Ok(read) => read,
        Err(problems) => return Ok(form_files::told(Err(problems))),
    };
    let room = Room::new(&form)?;
    let listener = listening(port).await?;
    let listen = listener.local_addr()?;
    let base_url = format!("http://{listen}");
    let config = room.config(&base_url, listen)?;
    let app = App::open(&config).await?;
    let contact = room.furnish(&app, &form, &source).await?;
    println!("Preview of “{}”: {base_url}/preview", form.title.en);
    println!("Nothing is kept: Ctrl-C ends it, and what was typed is gone.");
    let web = Web::new(app.deps.clone(), app.files.clone(), room.clock()).with_preview(contact);
    let every = Duration::from_secs(config.tick_seconds);
    go(app, web, listener, room.clock(), every, config.housekeeping).await
}

/// On this machine alone.
async fn listening(port: u16) -> Result<tokio::net::TcpListener, Failure> {
    tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], port)))
        .await
        .map_err(|error| format!("port {port} cannot be had ({error}); try --port 0").into())
}

async fn move_returns(args: FormMoveArgs) -> Result<ExitCode, Failure> {
    let (app, now) = (ready(&args.config.config).await?, Clock::System.now());
    let officer = people::officer(&app.deps, &args.by, now).await?;
    let moves = match args.dry_run {
        true => moving::preview(&app.deps, &officer, &args.form, args.to).await,
        false => moving::apply(&app.deps, &officer, &args.form, args.to, now).await,
    };
    let moves = moves.map_err(|error| match error {
        ServiceError::NotFound => format!("version {} of ‘{}’ is not published", args.to, args.form).into(),
        other => Failure::from(other),
    })?;
    print!("{}", forms_tools::moves::render(&moves, args.dry_run));
    Ok(ExitCode::SUCCESS)
}

fn configured(path: &Path) -> Result<Config, Failure> {
    let config = config::read(path, &std::env::vars().collect())?;
    countersign::log::start(&config.log_level, config.log_json);
    Ok(config)
}

async fn ready(path: &Path) -> Result<App, Failure> {
    let app = App::open(&configured(path)?).await?;
    app.ready().await?;
    Ok(app)
}

async fn serve(path: &Path) -> Result<ExitCode, Failure> {
    let config = configured(path)?;
    let app = App::open(&config).await?;
    app.ready().await?;
    let proxies = config
        .trusted_proxies
        .iter()
        .map(|text| text.parse())
        .collect::<Result<Vec<address::Network>, _>>()?;
    let listener = tokio::net::TcpListener::bind(config.listen).await?;
    tracing::info!(%config, "serving");
    let web = Web::new(app.deps.clone(), app.files.clone(), Clock::System).behind(proxies);
    let every = Duration::from_secs(config.tick_seconds);
    go(app, web, listener, Clock::System, every, config.housekeeping).await
}

/// Serves and ticks until the process is told to stop; then lets what is under way finish.
async fn go(
    app: App,
    web: Web,
    listener: tokio::net::TcpListener,
    clock: Clock,
    every: Duration,
    housekeeping: String,
) -> Result<ExitCode, Failure> {
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let throttle = web.throttle.clone();
    let limits = server::Limits {
        trusted_proxies: web.trusted_proxies.clone(),
        ..server::Limits::default()
    };
    let ticking = tokio::spawn(scheduler::run(
        app.deps.clone(),
        app.mailer,
        clock,
        every,
        housekeeping,
        stopped.clone(),
    ));
    let serving = tokio::spawn(server::serve(listener, routes::app(web), limits, until(stopped)));
    tokio::select! {
        () = told_to_stop() => {}
        () = tidied(throttle) => {}
    }
    stop.send_replace(true);
    let (_, served) = tokio::join!(ticking, serving);
    app.deps.store.close().await;
    served?;
    Ok(ExitCode::SUCCESS)
}

async fn until(mut stopped: tokio::sync::watch::Receiver<bool>) {
    // An error means that whoever would say stop is gone.
    let _ = stopped.wait_for(|stop| *stop).await;
}

/// Forgets the addresses that have been quiet, for as long as the server runs.
async fn tidied(throttle: Arc<countersign::web::limits::Throttle>) {
    let mut now_and_then = tokio::time::interval(Duration::from_secs(600));
    loop {
        now_and_then.tick().await;
        throttle.tidy();
    }
}

async fn told_to_stop() {
    let mut terminate = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(terminate) => terminate,
        Err(_) => return drop(tokio::signal::ctrl_c().await),
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

async fn demo(args: DemoArgs) -> Result<ExitCode, Failure> {
    countersign::log::start("warn", false);
    let folder = Folder::open(&args.data)?;
    let listener = listening(args.port).await?;
    let listen = listener.local_addr()?;
    let base_url = format!("http://{listen}");
    let config = folder.config(&base_url, listen)?;
    let clock = folder.clock(args.today, args.system.as_deref())?;
    let app = App::open(&config).await?;
    let say = |words: &str| println!("{words} …");
    let demo = Demo::start(app.clone(), clock.clone(), folder, args.system.as_deref(), say).await?;
    let json = demo.write_json(&base_url)?;
    println!("Countersign demo: {base_url}/demo");
    println!();
    println!("You can be, among others:");
    for person in demo.cast_in_short() {
        println!("  {:<18} {}", person.name, person.role_words);
    }
    println!();
    println!(
        "Their mail, their second-factor codes and the demo’s clock are on that page. For scripts: {}",
        json.display()
    );
    println!("Ctrl-C stops it; what was done stays in {}.", args.data.display());
    if let Some(end) = demo.goes_on_to()?.filter(|_| args.system.is_none()) {
        println!("What happens after this day is played in a new folder: countersign demo --data DIR --today {end}");
    }
    let web = Web::new(app.deps.clone(), app.files.clone(), clock.clone()).with_demo(demo.clone());
    let done = go(
        app,
        web,
        listener,
        clock,
        Duration::from_secs(config.tick_seconds),
        config.housekeeping,
    )
    .await;
    demo.keep();
    done
}

async fn tick(args: TickArgs) -> Result<ExitCode, Failure> {
    let app = ready(&args.config.config).await?;
    let now = args.now.unwrap_or_else(|| Clock::System.now());
    if args.dry_run {
        let lines = scheduler::dry_run(&app.deps, now).await?;
        if lines.is_empty() {
            println!("nothing is due");
        }
        lines.iter().for_each(|line| println!("{line}"));
        return Ok(ExitCode::SUCCESS);
    }
    let done = scheduler::tick_once(&app.deps, &app.mailer, "tick-command", now).await?;
    if done.elsewhere {
        println!("a running server does what is due by itself, so that only mail was sent here");
    }
    println!(
        "planned {}, opened {}, reminded {}; mail: {} sent, {} to try again, {} failed, {} no longer owed",
        done.planned,
        done.opened,
        done.reminded,
        done.mail.sent,
        done.mail.retried,
        done.mail.failed,
        done.mail.superseded
    );
    done.troubles.iter().for_each(|trouble| println!("trouble: {trouble}"));
    Ok(if done.troubles.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn import(args: ImportArgs) -> Result<ExitCode, Failure> {
    let app = ready(&args.config.config).await?;
    let (table, now) = (args.table.as_deref(), Clock::System.now());
    let mut out = std::io::stdout();
    let right = register_files::import_files(&app.deps, &args.files, table, args.dry_run, now, &mut out).await?;
    Ok(if right { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn export(args: ExportArgs) -> Result<ExitCode, Failure> {
    let bytes = match args.config {
        Some(config) => {
            let app = ready(&config).await?;
            register_files::exported(&app.deps, &args.fund, args.table.as_deref()).await?
        }
        None => register::pages::template()?,
    };
    register_files::write_to(args.out.as_deref(), &bytes, &mut std::io::stdout())?;
    Ok(ExitCode::SUCCESS)
}

async fn people(command: PeopleCommand) -> Result<ExitCode, Failure> {
    const HAND_OVER: &str = "Give them this for their authenticator, in person and once:";
    let now = Clock::System.now();
    match command {
        PeopleCommand::Add {
            config,
            name,
            email,
            organisation,
            fund,
            office,
            deputy,
        } => {
            let app = ready(&config.config).await?;
            let new = people::NewPerson {
                name,
                email,
                organisation,
                office: fund.zip(office),
                deputy,
            };
            match people::add_person(&app.deps, &new, now).await? {
                Some(uri) => println!("added. {HAND_OVER}\n{uri}"),
                None => println!("added"),
            }
        }
        PeopleCommand::Authenticator { config, email } => {
            let app = ready(&config.config).await?;
            println!(
                "{HAND_OVER}\n{}",
                people::new_authenticator(&app.deps, &email, now).await?
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn verified(path: &Path) -> Result<ExitCode, Failure> {
    let app = ready(path).await?;
    let found = verify::verify(&app.deps).await?;
    println!(
        "{} ledger entries, {} signed checkpoints, {} revisions, {} signatures, {} editions of papers, {} clearances read",
        found.leaves, found.checkpoints, found.revisions, found.signatures, found.editions, found.clearances
    );
    if found.problems.is_empty() {
        println!("all is as it was written");
        return Ok(ExitCode::SUCCESS);
    }
    found.problems.iter().for_each(|problem| println!("ALTERED: {problem}"));
    Ok(ExitCode::FAILURE)
}
