"""schemathesis against the API's own document: whatever the document allows is taken, whatever it forbids is refused,
and whatever comes back is as it says.

Run by `cargo xtask test`, which names an empty database of a throw-away Postgres as EMPTY_POSTGRES; without one only SQLite
is asked. `schemathesis.toml` and `hooks.py` say how. No operation of the document and no check is left out.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import server

HERE = Path(__file__).parent
# As many as are promised, on each engine.
FEWEST = 5_000
# These leave less and less to answer with: they come last, and the reports once more after them.
DESTRUCTIVE = ["undo_import", "erase_user", "delete_export"]
# Undoing, erasing and rules end the file: what is read of it comes first.
EXPORT = ["get_export", "get_export_file", "get_export_about"]
ROUNDS = [
    ("an export", [f"--include-operation-id={name}" for name in EXPORT], 10),
    ("before anything is undone", [f"--exclude-operation-id={name}" for name in DESTRUCTIVE], 30),
    ("undoing and erasing", [f"--include-operation-id={name}" for name in DESTRUCTIVE], 30),
    ("afterwards", ["--include-tag=reports", "--include-tag=lists"], 10),
]


def ask(organisation, root, token, export, name, chosen, examples):
    """One run; what schemathesis counted itself."""
    report = Path(organisation.folder, f"{name}.json")
    blocks = server.get(root, token, "/api/v1/mfa/blocked-users?size=1")["items"]
    sign_ins = server.get(root, token, "/api/v1/sign-ins?size=1&from=2000-01-01T00:00:00Z&to=2100-01-01T00:00:00Z")["items"]
    environment = {
        **os.environ,
        "SCHEMATHESIS_HOOKS": str(HERE / "hooks.py"),
        # Where all is undone, none is left: any id is as good.
        "KNOWN_BLOCK": blocks[0]["id"] if blocks else "none",
        "KNOWN_EXPORT": str(export),
        "KNOWN_SIGN_IN": sign_ins[0]["id"] if sign_ins else "none",
    }
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml")),
        *("run", f"{root}/api/v1/openapi.json", "--header", f"Authorization: Bearer {token}"),
        *("--phases", "examples,coverage,fuzzing,stateful", "--max-examples", str(examples), "--no-color"),
        *("--report", "json", "--report-json-path", str(report), *chosen),
    ]
    done = subprocess.run(command, cwd=organisation.folder, env=environment, stdout=subprocess.PIPE, text=True)
    said = json.loads(report.read_text()) if report.exists() else {}
    if done.returncode or said["failures"] or said["errors"] or not said["complete"]:
        print(done.stdout, Path(organisation.folder, "log").read_text()[-5_000:], sep="\n")
        raise SystemExit(f"schemathesis, {name}: it is not as the document says")
    return said


def written(root, token):
    """The number of an export that is done."""
    body = json.dumps({"list": "users", "format": "csv"}).encode()
    export = server.get(root, token, "/api/v1/exports", body)
    while export["state"] in ("queued", "running"):
        export = server.get(root, token, f"/api/v1/exports/{export['id']}")
    assert export["state"] == "done", export
    return export["id"]


def any_accepted(phases):
    return any(phase["accepted"] for phase in phases.values())


def check(engine, database):
    begun, cases, answered = time.monotonic(), 0, set()
    with server.organisation("--users 300 --sign-ins 900 --days 20 --seed 9", database) as organisation:
        token = organisation.token("global-administrator")
        with organisation.serve() as root:
            paths = server.get(root, token, "/api/v1/openapi.json")["paths"]
            documented = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
            export = written(root, token)
            for name, chosen, examples in ROUNDS:
                said = ask(organisation, root, token, export, name, chosen, examples)
                cases += said["test_cases"]["generated"] - said["test_cases"]["without_checks"]
                answered |= {label for label, phases in said["valid_rates"].items() if any_accepted(phases)}
    assert cases >= FEWEST, f"{cases} cases"
    assert answered == documented, f"never asked, or never answered: {documented - answered}"
    print(f"schemathesis: {cases} cases on {engine} in {time.monotonic() - begun:.0f} s, all as the document says")


check("SQLite", None)
if "EMPTY_POSTGRES" in os.environ:
    check("Postgres", os.environ["EMPTY_POSTGRES"])
