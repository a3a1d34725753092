"""The finished program, as any client meets it: a generated organisation in a folder of its own, tokens, and `serve`.

KEYROLL names the program.
"""

import contextlib
import os
import signal
import subprocess
import tempfile
from pathlib import Path

PROGRAM = os.environ["KEYROLL"]


class Organisation:
    """An organisation that is gone when the block ends."""

    def __init__(self, folder):
        self.folder = folder
        self.environment = {**os.environ, "DATABASE_URL": f"sqlite:{folder}/keyroll.db"}

    def keyroll(self, *arguments):
        command = [PROGRAM, *arguments]
        done = subprocess.run(
            command, env=self.environment, cwd=self.folder, check=True, stdout=subprocess.PIPE, text=True
        )
        return done.stdout.strip()

    def token(self, role):
        return self.keyroll("token", "create", "--role", role, "--name", role)

    @contextlib.contextmanager
    def serve(self):
        """The address it is served at, for as long as the block takes."""
        command = [PROGRAM, "serve", "--listen", "127.0.0.1:0"]
        with subprocess.Popen(
            command, env=self.environment, cwd=self.folder, stdout=subprocess.PIPE, text=True
        ) as server:
            try:
                said = next(line for line in server.stdout if line.startswith("Keyroll is at "))
                yield said.removeprefix("Keyroll is at ").strip()
            finally:
                server.send_signal(signal.SIGTERM)


@contextlib.contextmanager
def organisation(generated):
    """What `keyroll generate` makes of these words, imported."""
    with tempfile.TemporaryDirectory() as folder:
        made = Organisation(folder)
        made.keyroll("generate", *generated.split(), "--out", "files")
        made.keyroll("import", *sorted(str(path) for path in Path(folder, "files").iterdir()))
        yield made
