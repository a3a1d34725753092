//! A Postgres of one test, which may be stopped and started again.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{OpenOptionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use tempfile::TempDir;

/// Postgres refuses to run as root; this account comes with the package.
const ACCOUNT: &str = "postgres";
const READY_WITHIN: Duration = Duration::from_secs(120);

/// Stopped when it is dropped.
pub struct Postgres {
    programs: PathBuf,
    folder: TempDir,
    port: u16,
    settings: Vec<String>,
    server: Option<Child>,
}

impl Postgres {
    /// `None` where it is not installed on this computer.
    pub fn start() -> Option<Self> {
        let mut postgres = Self::new()?;
        postgres.settings.push("listen_addresses=127.0.0.1".to_owned());
        postgres.begin();
        Some(postgres)
    }

    /// One with a certificate, that other computers could reach.
    pub fn start_with_tls(certificate: &str, key: &str) -> Option<Self> {
        let mut postgres = Self::new()?;
        let data = postgres.folder.path().join("data");
        for (name, text) in [("server.crt", certificate), ("server.key", key)] {
            let mut file =
                File::options().write(true).create_new(true).mode(0o600).open(data.join(name)).expect("made");
            file.write_all(text.as_bytes()).expect("written");
            own(&data.join(name));
        }
        let mut rules = File::options().append(true).open(data.join("pg_hba.conf")).expect("it is there");
        rules.write_all(b"host all all all trust\n").expect("written");
        postgres.settings.extend(["listen_addresses=*", "ssl=on"].map(str::to_owned));
        postgres.begin();
        Some(postgres)
    }

    fn new() -> Option<Self> {
        let programs = programs()?;
        let folder = tempfile::tempdir().expect("a directory");
        own(folder.path());
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
        Some(Self { programs, folder, port, settings: Vec::new(), server: None })
    }

    pub fn url(&self) -> String {
        format!("postgres://keyroll@127.0.0.1:{}/postgres", self.port)
    }

    /// A folder that it may read.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The address of a new database whose tables are in a folder of their own. What all databases share, and the log, are
    /// where they were.
    pub async fn with_tables_in(&self, folder: &Path) -> String {
        own(folder);
        let mut connection = PgConnection::connect(&self.url()).await.expect("Postgres answers");
        let there = AssertSqlSafe(format!("CREATE TABLESPACE apart LOCATION '{}'", folder.display()));
        connection.execute(there).await.expect("Postgres does it");
        connection.execute("CREATE DATABASE apart TABLESPACE apart").await.expect("Postgres does it");
        // What a new database is copied from is written there now, and not when the folder is full.
        connection.execute("CHECKPOINT").await.expect("Postgres does it");
        self.url().replace("/postgres", "/apart")
    }

    /// By another name of this computer, and with what else the address is to say.
    pub fn url_at(&self, host: &str, query: &str) -> String {
        format!("postgres://keyroll@{host}:{}/postgres?{query}", self.port)
    }

    /// Starts it, and waits until it takes connections.
    pub fn begin(&mut self) {
        assert!(self.server.is_none(), "it runs");
        let mut command = unprivileged(&self.programs.join("postgres"), self.folder.path());
        command.arg("-D").arg(self.folder.path().join("data")).args(["-p", &self.port.to_string()]);
        command.arg("-k").arg(self.folder.path());
        // What is committed has left the process; only a crash of this computer could take it back. What is read below
        // is English.
        for setting in ["fsync=off", "lc_messages=C"].into_iter().chain(self.settings.iter().map(String::as_str)) {
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

/// Gives a file or a folder to the account that Postgres runs as.
fn own(path: &Path) {
    if is_root() {
        let id = |flag| Some(id(&[flag, ACCOUNT]).parse().expect("a number"));
        chown(path, id("-u"), id("-g")).expect("its own");
    }
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
