//! Real clients of both APIs, from their registries, against the finished program.

use std::path::PathBuf;

use anyhow::Context as _;

use crate::command::{find, keyroll, program, root, run, target_dir};
use crate::postgres::Postgres;

/// Microsoft's SDK for Python.
pub fn python_sdk() -> anyhow::Result<()> {
    run(program(python()?).arg(script("graph_sdk.py")).env("KEYROLL", keyroll()))
}

/// schemathesis, which asks for whatever the OpenAPI document allows and forbids, on both engines.
pub fn contract() -> anyhow::Result<()> {
    let (python, postgres) = (python()?, Postgres::start()?);
    run(program(python).arg(script("contract.py")).env("KEYROLL", keyroll()).env("EMPTY_POSTGRES", &postgres.url))
}

fn script(name: &str) -> PathBuf {
    root().join("end2end/clients").join(name)
}

/// Python with what the scripts need, in an environment of its own that later runs find again.
fn python() -> anyhow::Result<PathBuf> {
    let environment = target_dir().join("clients");
    let python = environment.join("bin/python");
    if !python.is_file() {
        let python = find(&["python3"]).context("Python is not installed")?;
        run(program(python).args(["-m", "venv"]).arg(&environment))?;
    }
    let mut install = program(&python);
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]);
    run(install.arg(script("requirements.txt")))?;
    Ok(python)
}
