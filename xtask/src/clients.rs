//! Real clients of Microsoft Graph, from their registries, against the finished program.

use anyhow::Context as _;

use crate::command::{find, keyroll, program, root, run, target_dir};

/// The SDK for Python, in an environment of its own that later runs find again.
pub fn python_sdk() -> anyhow::Result<()> {
    let clients = root().join("end2end/clients");
    let environment = target_dir().join("clients");
    let python = environment.join("bin/python");
    if !python.is_file() {
        let python = find(&["python3"]).context("Python is not installed")?;
        run(program(python).args(["-m", "venv"]).arg(&environment))?;
    }
    let mut install = program(&python);
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]);
    run(install.arg(clients.join("requirements.txt")))?;
    run(program(&python).arg(clients.join("graph_sdk.py")).env("KEYROLL", keyroll()))
}
