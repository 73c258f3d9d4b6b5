//! The server as a process of its own, which can be killed: the demo over a folder, with the clock where it was left.
//!
//! Invariant: it is the built binary, on the port and with the key that the state in its folder was made with.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use chrono::{DateTime, Utc};
use tempfile::TempDir;

use super::server::{KEY, TestServer};

/// What a server was when it stopped.
pub struct Snapshot {
    folder: TempDir,
    pub base: String,
    pub now: DateTime<Utc>,
}

impl Snapshot {
    /// Stops a server over SQLite and keeps its state.
    pub async fn of(server: TestServer) -> Snapshot {
        let (base, now) = (server.base.clone(), server.now());
        let database = server.stop().await;
        let from = PathBuf::from(database.url.trim_start_matches("sqlite://"));
        let folder = TempDir::new().expect("a folder");
        // The store is closed by now, so that its log is in the file.
        database.store.clone().close().await;
        std::fs::copy(&from, folder.path().join("countersign.db")).expect("the database is copied");
        let log = from.with_extension("db-wal");
        if log.exists() {
            std::fs::copy(log, folder.path().join("countersign.db-wal")).expect("its log is copied");
        }
        std::fs::write(folder.path().join("key"), KEY).expect("the key is written");
        std::fs::write(folder.path().join("clock"), now.to_rfc3339()).expect("the clock is written");
        database.remove().await;
        Snapshot { folder, base, now }
    }

    /// A folder with the same state.
    pub fn copy(&self) -> TempDir {
        let copy = TempDir::new().expect("a folder");
        for entry in std::fs::read_dir(self.folder.path()).expect("the folder is read") {
            let entry = entry.expect("an entry");
            std::fs::copy(entry.path(), copy.path().join(entry.file_name())).expect("a file is copied");
        }
        copy
    }

    /// The port that the addresses in the state name.
    pub fn port(&self) -> &str {
        self.base.rsplit(':').next().expect("a port")
    }
}

/// A running demo. Killed when dropped.
pub struct Demo {
    child: Child,
}

impl Demo {
    /// Starts on this folder and waits until it listens.
    pub fn start(folder: &Path, port: &str) -> Demo {
        // A write beyond a limit is to fail, not to kill: what ignores the signal hands that on to what it becomes.
        let script = "trap '' XFSZ; exec \"$0\" demo --data \"$1\" --port \"$2\"";
        let mut child = Command::new("sh")
            .args(["-c", script, env!("CARGO_BIN_EXE_countersign")])
            .arg(folder)
            .arg(port)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the server starts");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let first = lines.next().expect("it says where it is").expect("a line");
        assert!(first.starts_with("Countersign demo: "), "{first}");
        // Whoever nobody listens to must not be made to wait.
        std::thread::spawn(move || lines.for_each(drop));
        Demo { child }
    }

    /// The process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as a power cut would.
    pub fn kill(mut self) {
        self.child.kill().expect("it is killed");
        self.child.wait().expect("it is gone");
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
