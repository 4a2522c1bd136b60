"""Doubles under another clock: the same servers, in a process whose time is off as the domain controller's is.

The Kerberos acceptor asks the system for the time, so no thread of ours can have a clock of its own.
"""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from hybridjoin.errors import LabError, Mistake, UsageError
from hybridjoin.lab.clock import clock_environment
from hybridjoin.lab.domain import ServerCertificate, tail
from hybridjoin.lab.standins.process import SYNCHRONIZE
from hybridjoin.lab.standins.servers import Ports, Settings
from hybridjoin.shipped import PACKAGE

ANSWER_WITHIN_S = 30.0
STOP_WITHIN_S = 5.0


class ShiftedDoubles:
    """Both doubles in a process under a clock that is off."""

    def __init__(self, process: subprocess.Popen[str], log_file: Path) -> None:
        self._process = process
        self._log_file = log_file
        self._ports: Ports | None = None

    @property
    def ports(self) -> Ports:
        """Where they are served; waits for them to say so."""
        if self._ports is None:
            told = self._hear()
            self._ports = Ports(idp=int(str(told["idp"])), entra=int(str(told["entra"])))
        return self._ports

    def install(self, *, idp: Settings, entra: Settings, when_metadata: Callable[[], None] | None = None) -> None:
        """Set both up.

        Raises:
            UsageError: their settings are wrong, or ask for what another process cannot do.
            LabError: the directory is away.
        """
        if when_metadata is not None:
            raise _not_here()
        # The process's whole clock is off already: an offset of the doubles' own would come on top.
        true = {"clock_offset_s": 0}
        self._tell({"idp": {**idp, **true}, "entra": {**entra, **true}})

    def clear(self) -> None:
        """Let them answer that they are not set up."""
        self._tell({})

    def show(self, certificate: ServerCertificate) -> None:  # noqa: ARG002 - of Doubles
        """Raise UsageError: the certificate is the one that the process was started with."""
        raise _not_here()

    def heard(self) -> tuple[str, ...]:
        """Return nothing: what that process notes stays there."""
        return ()

    def synchronize(self) -> None:
        """Run a cycle of Entra Connect; raise LabError where the directory is away."""
        self._tell({SYNCHRONIZE: True})

    def noted(self) -> tuple[str, ...]:
        """Return nothing: what that process notes stays there."""
        return ()

    def _tell(self, message: Mapping[str, object]) -> None:
        _ = self.ports
        stream = cast("IO[str]", self._process.stdin)
        try:
            stream.write(json.dumps(message) + "\n")
            stream.flush()
        except OSError as error:
            raise self._trouble("ended") from error
        answer = self._hear()
        if "cause" in answer:
            raise LabError(str(answer["cause"]), remedy=str(answer["remedy"]))
        if answer:
            raise UsageError(Mistake(place=str(answer["place"]), problem=str(answer["problem"])))

    def _hear(self) -> Mapping[str, object]:
        stream = cast("IO[str]", self._process.stdout)
        with selectors.DefaultSelector() as selector:
            selector.register(stream, selectors.EVENT_READ)
            if not selector.select(ANSWER_WITHIN_S):
                raise self._trouble(f"gave no answer within {ANSWER_WITHIN_S:g} s")
        line = stream.readline()
        if not line:
            raise self._trouble("ended")
        answer: Mapping[str, object] = json.loads(line)
        return answer

    def _trouble(self, what: str) -> LabError:
        return LabError(f"the doubles under the bent clock: their process {what}", log_tail=tail(self._log_file))


def _not_here() -> UsageError:
    problem = "a device with a clock of its own meets doubles of another process, which the dial does not reach"
    return UsageError(Mistake(place="dial", problem=problem, hint="leave the clock or this row of the dial out"))


@contextmanager
def shifted_doubles(
    clock_offset_s: int, certificates: Mapping[str, ServerCertificate], folder: Path
) -> Iterator[ShiftedDoubles]:
    """Run the doubles under a clock that is off for as long as the context lasts; `folder` is the lab's own."""
    log_file = folder / f"doubles{clock_offset_s:+d}-{os.getpid()}.log"
    first = {
        name: {"certificate": str(item.certificate), "private_key": str(item.private_key)}
        for name, item in certificates.items()
    }
    with (
        log_file.open("wb") as log,
        subprocess.Popen(
            [sys.executable, "-m", "hybridjoin.lab.standins.process"],
            cwd=folder,
            env={**os.environ, **clock_environment(clock_offset_s), "PYTHONPATH": str(PACKAGE.parent)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        ) as process,
    ):
        try:
            stream = cast("IO[str]", process.stdin)
            stream.write(json.dumps(first) + "\n")
            stream.flush()
            yield ShiftedDoubles(process, log_file)
        finally:
            process.terminate()
            try:
                process.wait(STOP_WITHIN_S)
            except subprocess.TimeoutExpired:
                process.kill()
