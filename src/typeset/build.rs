//! Fetches the typefaces that pages are set in, so that none is kept in the repository: npm installs them from the lock
//! file, and each is copied to where the crate takes it into itself. Skipped while the lock file is the same.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// Text first, then the face that has what it lacks; the order is that of `fonts.rs`.
const FACES: [&str; 5] = [
    "source-sans/TTF/SourceSans3-Regular.ttf",
    "source-sans/TTF/SourceSans3-Bold.ttf",
    "source-sans/TTF/SourceSans3-It.ttf",
    "dejavu-fonts-ttf/ttf/DejaVuSans.ttf",
    "dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf",
];

fn main() {
    for watched in ["build.rs", "fonts/package.json", "fonts/package-lock.json"] {
        println!("cargo:rerun-if-changed={watched}");
    }
    let from = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo names the package folder")).join("fonts");
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo names the output folder"));
    let lock = read(&from.join("package-lock.json"));
    let stamp = out.join("installed");
    let named = FACES.map(|face| out.join(face.rsplit('/').next().unwrap_or(face)));
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) && named.iter().all(|face| face.is_file()) {
        return;
    }
    let work = out.join("npm");
    fs::create_dir_all(&work).expect("the output folder can be written");
    for file in ["package.json", "package-lock.json"] {
        fs::write(work.join(file), read(&from.join(file))).expect("the output folder can be written");
    }
    install(&work);
    for (face, name) in FACES.iter().zip(&named) {
        let found = work.join("node_modules").join(face);
        fs::copy(&found, name).unwrap_or_else(|problem| panic!("{} cannot be copied: {problem}", found.display()));
    }
    // The packages hold many faces more, of which none is used.
    fs::remove_dir_all(&work).expect("the output folder can be tidied");
    fs::write(stamp, lock).expect("the stamp can be written");
}

fn install(work: &Path) {
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let output = Command::new(npm)
        .args(["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--omit=optional"])
        .current_dir(work)
        .output()
        .unwrap_or_else(|problem| {
            panic!(
                "npm is needed to fetch the typefaces of PDF files and could not be started ({problem}). Install Node 20 or \
                 later, which brings npm, and build again; or build without PDF: --no-default-features."
            )
        });
    assert!(
        output.status.success(),
        "The typefaces could not be fetched: npm ended with {}.\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|problem| panic!("{} cannot be read: {problem}", path.display()))
}
