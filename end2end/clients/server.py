"""The finished program, as any client meets it: a generated organisation in a folder of its own, tokens, and `serve`.

KEYROLL names the program.
"""

import contextlib
import json
import os
import signal
import subprocess
import tempfile
import urllib.request
from pathlib import Path

PROGRAM = Path(os.environ["KEYROLL"]).absolute()


class Organisation:
    """What `keyroll generate` makes, imported; gone when the block ends."""

    def __init__(self, folder, database):
        self.folder = folder
        self.environment = {
            **os.environ,
            "DATABASE_URL": database or f"sqlite:{folder}/keyroll.db",
            # One token asks for thousands of answers within a minute.
            "KEYROLL_READS_PER_MINUTE": "1000000",
        }

    def keyroll(self, *arguments):
        command = [PROGRAM, *arguments]
        done = subprocess.run(command, env=self.environment, cwd=self.folder, capture_output=True, text=True)
        assert done.returncode == 0, f"{arguments}: {done.stderr}"
        return done.stdout.strip()

    def token(self, role):
        return self.keyroll("token", "create", "--role", role, "--name", role)

    @contextlib.contextmanager
    def serve(self):
        """Its address, for as long as the block takes; what the server said stands in `log` of the folder."""
        command = [PROGRAM, "serve", "--listen", "127.0.0.1:0"]
        with (
            open(Path(self.folder, "log"), "w") as log,
            subprocess.Popen(
                command, env=self.environment, cwd=self.folder, stdout=subprocess.PIPE, stderr=log, text=True
            ) as server,
        ):
            try:
                said = next(line for line in server.stdout if line.startswith("Keyroll is at "))
                yield said.removeprefix("Keyroll is at ").strip()
            finally:
                server.send_signal(signal.SIGTERM)


@contextlib.contextmanager
def organisation(generated, database=None):
    """An organisation of these words of `keyroll generate`, in a SQLite of its own where no database is named."""
    with tempfile.TemporaryDirectory() as folder:
        made = Organisation(folder, database)
        made.keyroll("generate", *generated.split(), "--out", "files")
        made.keyroll("import", *sorted(str(path) for path in Path(folder, "files").iterdir()))
        yield made


def get(root, token, path, body=None):
    """What the native API answers; to a POST where there is a body."""
    request = urllib.request.Request(root + path, data=body, headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)
