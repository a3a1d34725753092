//! What the tests need besides Rust: Postgres, Chromium, fonts, npm. Installed by apt where we may.

use std::path::{Path, PathBuf};

use anyhow::bail;

use crate::command::{find, output, program, run};

/// Something the tests need.
struct Need {
    what: &'static str,
    packages: &'static [&'static str],
    is_there: fn() -> bool,
}

const NEEDS: [Need; 8] = [
    Need { what: "Postgres", packages: &["postgresql"], is_there: || postgres_folder().is_some() },
    Need { what: "Chromium", packages: &["chromium"], is_there: || chromium().is_some() },
    Need { what: "DejaVu fonts", packages: &["fonts-dejavu-core"], is_there: || has_font("dejavu") },
    Need { what: "Liberation fonts", packages: &["fonts-liberation"], is_there: || has_font("liberation") },
    Need { what: "valgrind", packages: &["valgrind"], is_there: || find(&["valgrind"]).is_some() },
    Need { what: "strace", packages: &["strace"], is_there: || find(&["strace"]).is_some() },
    Need { what: "Python with venv", packages: &["python3", "python3-venv"], is_there: has_venv },
    Need { what: "npm", packages: &["nodejs", "npm"], is_there: || find(&["npm"]).is_some() },
];

/// Installs what is missing, or says what to install.
pub fn ensure() -> anyhow::Result<()> {
    let missing: Vec<&Need> = NEEDS.iter().filter(|need| !(need.is_there)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = missing.iter().map(|need| need.what).collect();
    if !(is_root() && find(&["apt-get"]).is_some()) {
        bail!("the tests need {}; please install them (on Debian as root this is done for you)", names.join(", "));
    }
    eprintln!("installing {}", names.join(", "));
    let apt = || {
        let mut apt = program("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive");
        apt
    };
    run(apt().args(["update", "--quiet=2"]))?;
    let packages = missing.iter().flat_map(|need| need.packages);
    run(apt().args(["install", "--yes", "--quiet=2", "--no-install-recommends"]).args(packages))?;
    match NEEDS.iter().find(|need| !(need.is_there)()) {
        Some(need) => bail!("{} is still missing after its packages were installed", need.what),
        None => Ok(()),
    }
}

pub fn is_root() -> bool {
    output(program("id").arg("-u")).is_ok_and(|id| id == "0")
}

pub fn chromium() -> Option<PathBuf> {
    find(&["chromium", "chromium-browser", "google-chrome"])
}

/// Debian keeps the server's programs off PATH, one folder per version.
pub fn postgres_folder() -> Option<PathBuf> {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = debian.map(|version| version.path().join("bin")).collect();
    folders.sort();
    folders.extend(find(&["postgres"]).and_then(|file| file.parent().map(Path::to_path_buf)));
    folders.into_iter().rev().find(|folder| folder.join("postgres").is_file() && folder.join("initdb").is_file())
}

/// Debian has the module, but what it needs to make an environment is a package of its own.
fn has_venv() -> bool {
    output(program("python3").args(["-c", "import venv, ensurepip"])).is_ok()
}

fn has_font(name: &str) -> bool {
    ["/usr/share/fonts/truetype", "/usr/share/fonts"].iter().any(|folder| {
        let fonts = std::fs::read_dir(folder).into_iter().flatten().flatten();
        fonts.into_iter().any(|font| font.file_name().to_string_lossy().to_lowercase().starts_with(name))
    })
}
