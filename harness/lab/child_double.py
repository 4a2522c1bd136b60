"""A double as a process of its own, for the one thing that a thread cannot have: another clock.

The Kerberos acceptor and OpenSSL ask the system for the time; only a process can be given a wrong answer.
"""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from harness.errors import LabError, Mistake, UsageError
from harness.lab.clock import clock_environment
from harness.lab.domain import Domain, ServerCertificate, tail

READY_WITHIN_S = 30.0
STOP_WITHIN_S = 5.0
USAGE_EXIT = 2
PACKAGE_PARENT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildDouble:
    """A double that was started as a process."""

    double: str
    process: subprocess.Popen[bytes]
    log_file: Path

    def port(self) -> int:
        """Wait for the line in which the double names its port; to be asked once."""
        output = cast("IO[bytes]", self.process.stdout)
        with selectors.DefaultSelector() as selector:
            selector.register(output, selectors.EVENT_READ)
            line = output.readline() if selector.select(READY_WITHIN_S) else b""
        if line:
            return int(json.loads(line)["port"])
        self.process.kill()
        said = tail(self.log_file)
        if self.process.wait() == USAGE_EXIT:
            raise UsageError(Mistake(place=f"the settings of the double {self.double!r}", problem=said))
        raise LabError(f"the double {self.double!r} did not come up within {READY_WITHIN_S:g} s", log_tail=said)


@contextmanager
def child_double(
    double: str, settings: Mapping[str, object], domain: Domain, certificate: ServerCertificate, *, host: str
) -> Iterator[ChildDouble]:
    """Serve a double (`idp` or `entra`) under the domain's clock for as long as the context lasts."""
    stem = domain.state_dir / f"{double}-{os.getpid()}"
    config, log_file = stem.with_suffix(".json"), stem.with_suffix(".log")
    config.touch(mode=0o600)
    # The process's whole clock is off already: its own offset would come on top.
    config.write_text(json.dumps({**settings, "clock_offset_s": 0}), "utf-8")
    files = ["--certfile", str(certificate.certificate), "--keyfile", str(certificate.private_key)]
    with (
        log_file.open("wb") as log,
        subprocess.Popen(
            [sys.executable, "-m", "harness.doubles", double, "--config", str(config), "--host", host, *files],
            # Its working directory is what marks it as this lab's, should it ever be orphaned.
            cwd=domain.state_dir,
            env={**os.environ, **clock_environment(domain.clock_offset_s), "PYTHONPATH": str(PACKAGE_PARENT)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        ) as process,
    ):
        try:
            yield ChildDouble(double=double, process=process, log_file=log_file)
        finally:
            process.terminate()
            try:
                process.wait(STOP_WITHIN_S)
            except subprocess.TimeoutExpired:
                process.kill()
