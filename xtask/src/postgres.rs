//! A throw-away Postgres: its own cluster in a temporary folder, on a free port, gone afterwards.

use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use anyhow::{Context as _, bail};

use crate::command::{output, program, run};
use crate::install::{is_root, postgres_folder};

/// Postgres refuses to run as root; this account comes with the package.
const ACCOUNT: &str = "postgres";
const START_LIMIT: Duration = Duration::from_secs(60);

/// A running server; dropping it stops it and removes its files.
pub struct Postgres {
    server: Child,
    folder: PathBuf,
    pub url: String,
}

impl Postgres {
    pub fn start() -> anyhow::Result<Self> {
        let Some(programs) = postgres_folder() else { bail!("Postgres is not installed") };
        let folder = std::env::temp_dir().join(format!("keyroll-postgres-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let as_root = is_root();
        if as_root {
            let id = |flag| output(program("id").args([flag, ACCOUNT]));
            chown(&folder, Some(id("-u")?.parse()?), Some(id("-g")?.parse()?))?;
        }
        let data = folder.join("data");
        initialise(&programs, &folder, &data, as_root)?;
        let port = free_port()?;
        let mut server = unprivileged(&programs.join("postgres"), &folder, as_root);
        server.arg("-D").arg(&data).args(["-p", &port.to_string()]).arg("-k").arg(&folder);
        for setting in [
            "listen_addresses=127.0.0.1",
            "max_connections=200",
            // Nothing here has to survive a crash.
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
            // What is read below is English.
            "lc_messages=C",
        ] {
            server.args(["-c", setting]);
        }
        let log = fs::File::create(folder.join("log"))?;
        let server = server.stdout(log.try_clone()?).stderr(log).spawn().context("cannot start Postgres")?;
        let url = format!("postgres://keyroll@127.0.0.1:{port}/postgres");
        let mut postgres = Self { server, folder, url };
        postgres.wait()?;
        Ok(postgres)
    }

    /// Until the server says that it is ready: pg_isready is not installed everywhere.
    fn wait(&mut self) -> anyhow::Result<()> {
        let begun = Instant::now();
        loop {
            let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            if log.contains("ready to accept connections") {
                return Ok(());
            }
            let has_ended = self.server.try_wait()?.is_some();
            if has_ended || begun.elapsed() > START_LIMIT {
                bail!("Postgres did not start:\n{log}");
            }
            thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // SIGINT is Postgres's fast shutdown: it ends sessions and leaves.
        let stopped = run(Command::new("kill").args(["-INT", &self.server.id().to_string()]));
        if stopped.is_err() {
            let _ = self.server.kill();
        }
        let _ = self.server.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Makes the cluster with a linguistic default order, as a real installation has: what must be ordered by bytes has
/// to say so.
fn initialise(programs: &Path, folder: &Path, data: &Path, as_root: bool) -> anyhow::Result<()> {
    let initdb = |order: &[&str]| {
        let mut initdb = unprivileged(&programs.join("initdb"), folder, as_root);
        initdb.arg("-D").arg(data).args(["--username=keyroll", "--auth=trust", "--encoding=UTF8", "--no-sync"]);
        initdb.args(order).stdout(Stdio::null());
        initdb
    };
    let linguistic = ["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US"];
    if initdb(&linguistic).stderr(Stdio::null()).status()?.success() {
        return Ok(());
    }
    // Built without ICU, or older than it.
    run(&mut initdb(&[]))
}

fn unprivileged(program: &Path, folder: &Path, as_root: bool) -> Command {
    let mut command = if as_root {
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

/// A port that nobody listens on now.
pub fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
