//! Builds what the pages are made of: installs the front-end packages from their lock file, compiles the style sheet,
//! names every file by its content, and turns the component templates into minijinja ones.
//!
//! Everything lands in `OUT_DIR`; nothing of it is kept in the repository. Each step is skipped while its inputs are
//! the same, so that an ordinary rebuild starts neither Node nor npm.

#[path = "build/nunjucks/mod.rs"]
mod nunjucks;

use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// The GOV.UK Frontend components that the pages use, by the name of their folder.
const COMPONENTS: &[&str] = &[
    "back-link",
    "breadcrumbs",
    "button",
    "character-count",
    "checkboxes",
    "date-input",
    "details",
    "error-message",
    "error-summary",
    "fieldset",
    "file-upload",
    "generic-header",
    "hint",
    "input",
    "inset-text",
    "label",
    "notification-banner",
    "pagination",
    "panel",
    "phase-banner",
    "radios",
    "select",
    "service-navigation",
    "skip-link",
    "summary-list",
    "table",
    "tabs",
    "tag",
    "task-list",
    "textarea",
    "warning-text",
];

/// Scripts and images of ours, served as they are but for the names of what they import: what is imported comes first.
const OWN_FILES: &[&str] = &[
    "images/mark.svg",
    "js/early.js",
    "js/autosave.mjs",
    "js/reveal.mjs",
    "js/rows.mjs",
    "js/split.mjs",
    "js/countersign.mjs",
];

fn main() {
    for watched in ["build.rs", "build", "assets", "templates"] {
        println!("cargo:rerun-if-changed={watched}");
    }
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo names the package folder"));
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo names the output folder"));
    let work = out.join("assets");
    fs::create_dir_all(&work).expect("the output folder can be written");

    install_packages(&root.join("assets"), &work);
    let modules = work.join("node_modules");
    compile_styles(&root.join("assets/scss"), &work);
    let files = name_static_files(&root.join("assets"), &work, &out.join("static"));
    let components = turn_components(&modules, &out.join("components"));
    write_if_changed(&out.join("embedded.rs"), &embedded(&files, &components));
    println!("cargo:rustc-env=COUNTERSIGN_NODE_MODULES={}", modules.display());
}

/// Installs the packages when the lock file is not the one that was installed last.
fn install_packages(assets: &Path, work: &Path) {
    let lock = read(&assets.join("package-lock.json"));
    let stamp = work.join("installed");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) && work.join("node_modules").is_dir() {
        return;
    }
    fs::write(work.join("package.json"), read(&assets.join("package.json"))).expect("package.json can be copied");
    fs::write(work.join("package-lock.json"), &lock).expect("package-lock.json can be copied");
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    run(Command::new(npm)
        .args(["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--omit=optional"])
        .current_dir(work));
    fs::write(stamp, lock).expect("the stamp can be written");
}

/// Compiles the style sheet when it, or the packages, changed.
fn compile_styles(scss: &Path, work: &Path) {
    let mut inputs = Sha256::new();
    inputs.update(read(&work.join("package-lock.json")));
    for file in sorted_files(scss) {
        inputs.update(read(&file));
    }
    let digest = hex(&inputs.finalize());
    let stamp = work.join("styled");
    if fs::read_to_string(&stamp).is_ok_and(|styled| styled == digest) && work.join("main.css").is_file() {
        return;
    }
    run(Command::new("node")
        .arg(work.join("node_modules/sass/sass.js"))
        .args([
            "--style=compressed",
            "--no-source-map",
            "--no-charset",
            "--no-error-css",
            "--quiet-deps",
        ])
        .arg(format!("--load-path={}", work.display()))
        .arg(format!("--load-path={}", work.join("node_modules").display()))
        .arg(scss.join("main.scss"))
        .arg(work.join("main.css")));
    fs::write(stamp, digest).expect("the stamp can be written");
}

/// Copies each file to a name that holds its digest, so that it may be cached for ever.
///
/// Returns the plain name and the hashed one, in that order. What a script imports is named before the script is.
fn name_static_files(assets: &Path, work: &Path, to: &Path) -> Vec<(String, String)> {
    let _ = fs::remove_dir_all(to);
    fs::create_dir_all(to).expect("the output folder can be written");
    let upstream = read(&work.join("node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.js"));
    let upstream = upstream
        .split("//# sourceMappingURL")
        .next()
        .unwrap_or_default()
        .to_owned();
    let mut sources = vec![
        ("main.css".to_owned(), read(&work.join("main.css"))),
        ("govuk-frontend.mjs".to_owned(), upstream),
    ];
    for path in OWN_FILES {
        let name = path.rsplit('/').next().unwrap_or(path);
        sources.push((name.to_owned(), read(&assets.join(path))));
    }
    let mut named: Vec<(String, String)> = Vec::new();
    for (name, mut content) in sources {
        for (plain, hashed) in &named {
            content = content.replace(&format!("\"./{plain}\""), &format!("\"./{hashed}\""));
        }
        let digest = hex(&Sha256::digest(&content));
        let (stem, extension) = name.rsplit_once('.').expect("a static file has an extension");
        let hashed = format!("{stem}-{}.{extension}", &digest[..16]);
        fs::write(to.join(&hashed), content).expect("a static file can be written");
        named.push((name, hashed));
    }
    named
}

/// Writes each component's template in minijinja; returns their names.
fn turn_components(modules: &Path, to: &Path) -> Vec<&'static str> {
    fs::create_dir_all(to).expect("the output folder can be written");
    for name in COMPONENTS {
        let from = modules
            .join("govuk-frontend/dist/govuk/components")
            .join(name)
            .join("template.njk");
        match nunjucks::transform(&read(&from)) {
            Ok(template) => write_if_changed(&to.join(format!("{name}.html")), &template),
            Err(problem) => panic!("the template of {name} cannot be read: {problem}"),
        }
    }
    COMPONENTS.to_vec()
}

/// The Rust source that embeds the files.
fn embedded(files: &[(String, String)], components: &[&str]) -> String {
    let mut source = String::from("/// Plain name, hashed name, content.\n");
    source.push_str("pub(crate) static FILES: &[(&str, &str, &[u8])] = &[\n");
    for (plain, hashed) in files {
        let _ = writeln!(
            source,
            "    ({plain:?}, {hashed:?}, include_bytes!(concat!(env!(\"OUT_DIR\"), \"/static/{hashed}\"))),"
        );
    }
    source.push_str("];\n/// Component name, its template.\npub(crate) static COMPONENTS: &[(&str, &str)] = &[\n");
    for name in components {
        let _ = writeln!(
            source,
            "    ({name:?}, include_str!(concat!(env!(\"OUT_DIR\"), \"/components/{name}.html\"))),"
        );
    }
    source.push_str("];\n");
    source
}

/// Runs a command to its end; stops the build with what it printed when it fails.
fn run(command: &mut Command) {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().unwrap_or_else(|problem| {
        panic!(
            "Node and npm are needed to build the pages: {program} could not be started ({problem}). \
             Install Node 20 or later, which brings npm, and build again."
        )
    });
    assert!(
        output.status.success(),
        "The pages could not be built: {program} ended with {}.\n{}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|problem| panic!("{} cannot be read: {problem}", path.display()))
}

fn write_if_changed(path: &Path, content: &str) {
    if fs::read_to_string(path).is_ok_and(|there| there == content) {
        return;
    }
    fs::write(path, content).unwrap_or_else(|problem| panic!("{} cannot be written: {problem}", path.display()));
}

fn sorted_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|problem| panic!("{}: {problem}", folder.display()));
    let mut files: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    files
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
