//! A Postgres of one test, which may be stopped and started again.

use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

use tempfile::TempDir;

/// Postgres refuses to run as root; this account comes with the package.
const ACCOUNT: &str = "postgres";
const READY_WITHIN: Duration = Duration::from_secs(120);

/// Stopped when it is dropped.
pub struct Postgres {
    programs: PathBuf,
    folder: TempDir,
    port: u16,
    server: Option<Child>,
}

impl Postgres {
    /// `None` where it is not installed on this computer.
    pub fn start() -> Option<Self> {
        let programs = programs()?;
        let folder = tempfile::tempdir().expect("a directory");
        if is_root() {
            let id = |flag| Some(id(&[flag, ACCOUNT]).parse().expect("a number"));
            chown(folder.path(), id("-u"), id("-g")).expect("its own folder");
        }
        let initdb = |order: &[&str]| {
            let mut initdb = unprivileged(&programs.join("initdb"), folder.path());
            initdb.arg("-D").arg(folder.path().join("data")).args(["--username=keyroll", "--auth=trust"]);
            initdb.args(["--encoding=UTF8", "--no-sync"]).args(order).stdout(Stdio::null()).stderr(Stdio::null());
            initdb.status().expect("initdb runs").success()
        };
        // The second: built without ICU, or older than it.
        assert!(initdb(&["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US"]) || initdb(&[]));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        drop(listener);
        let mut postgres = Self { programs, folder, port, server: None };
        postgres.begin();
        Some(postgres)
    }

    pub fn url(&self) -> String {
        format!("postgres://keyroll@127.0.0.1:{}/postgres", self.port)
    }

    /// Starts it, and waits until it takes connections.
    pub fn begin(&mut self) {
        assert!(self.server.is_none(), "it runs");
        let mut command = unprivileged(&self.programs.join("postgres"), self.folder.path());
        command.arg("-D").arg(self.folder.path().join("data")).args(["-p", &self.port.to_string()]);
        command.arg("-k").arg(self.folder.path());
        // What is committed has left the process; only a crash of this computer could take it back. What is read below
        // is English.
        for setting in ["listen_addresses=127.0.0.1", "fsync=off", "lc_messages=C"] {
            command.args(["-c", setting]);
        }
        let mut server = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("Postgres starts");
        let lines = BufReader::new(server.stderr.take().expect("piped")).lines();
        self.server = Some(server);
        let (is_ready, ready) = channel();
        std::thread::spawn(move || {
            // To its end, or it would wait for somebody to read.
            for line in lines.map_while(Result::ok) {
                if line.contains("ready to accept connections") {
                    let _ = is_ready.send(());
                }
            }
        });
        ready.recv_timeout(READY_WITHIN).expect("Postgres takes connections");
    }

    /// Stops it in the midst of everything, as a crash would: it has to recover when it begins again.
    pub fn crash(&mut self) {
        let mut server = self.server.take().expect("it runs");
        // SIGQUIT is Postgres' immediate shutdown.
        let kill = Command::new("kill").args(["-QUIT", &server.id().to_string()]).status();
        assert!(kill.expect("kill runs").success());
        server.wait().expect("it ends");
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if self.server.is_some() {
            self.crash();
        }
    }
}

/// Debian keeps them off PATH, one folder per version.
fn programs() -> Option<PathBuf> {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = debian.map(|version| version.path().join("bin")).collect();
    folders.sort();
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    folders.into_iter().rev().find(|folder| folder.join("postgres").is_file() && folder.join("initdb").is_file())
}

fn unprivileged(program: &Path, folder: &Path) -> Command {
    let mut command = if is_root() {
        let mut command = Command::new("setpriv");
        // Replaces itself by the program, so that its process id is the program's; ends with us whatever happens.
        let account = [format!("--reuid={ACCOUNT}"), format!("--regid={ACCOUNT}")];
        command.args(account).args(["--init-groups", "--pdeathsig", "TERM", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir(folder).stdin(Stdio::null());
    command
}

pub fn is_root() -> bool {
    id(&["-u"]) == "0"
}

fn id(args: &[&str]) -> String {
    let output = Command::new("id").args(args).output().expect("id runs");
    String::from_utf8(output.stdout).expect("UTF-8").trim().to_owned()
}
