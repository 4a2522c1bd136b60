"""The one place that turns errors into exit codes and words; no traceback for a user's mistake.

0 as expected · 1 the peer failed · 2 usage · 3 the lab or machine could not do it · 8 something
was not written, for a secret would have left with it · 16 a comparison or a replay
found a difference, or a package differs from what was signed · 70 a fault of the harness itself (sysexits.h,
EX_SOFTWARE) · 130 interrupted · 141 the reader hung up.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from enum import IntEnum
from typing import TextIO

import click

from hybridjoin.errors import (
    HarnessError,
    KerberosError,
    LabError,
    Mistake,
    PeerError,
    SecretWouldLeave,
    UsageError,
    is_the_machines,
    machine_trouble,
)
from hybridjoin.extras import missing_part
from hybridjoin.in_memory import forbid_core_dumps
from hybridjoin.model.shown import CONTINUED, in_lines, one_line
from hybridjoin.signals import heard


class ExitCode(IntEnum):
    """What the shell is told."""

    AS_EXPECTED = 0
    PEER_FAILED = 1
    USAGE = 2
    LAB = 3
    SECRET = 8
    DIFFERENT = 16
    HARNESS_FAULT = 70
    INTERRUPTED = 130
    BROKEN_PIPE = 141


def run_guarded(command: click.Command, arguments: Sequence[str]) -> int:
    """Run a command and return its exit code; whatever went wrong has been told on standard error."""
    forbid_core_dumps()
    try:
        done = _carried_out(command, arguments)
        sys.stdout.flush()
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except (click.Abort, KeyboardInterrupt):
        _tell("interrupted")
        return _interrupted()
    except click.ClickException as error:
        error.show()
        return ExitCode.USAGE
    except HarnessError as error:
        return _told(error)
    except BrokenPipeError:
        silence(sys.stdout)
        return ExitCode.BROKEN_PIPE
    except Exception as error:  # noqa: BLE001 - the last door: a fault of ours must never look like the peer's
        known = missing_part(error) or _the_machines(error)
        return _own_fault(error) if known is None else _told(known)
    if done == ExitCode.INTERRUPTED:
        return _interrupted()
    return done if isinstance(done, int) else ExitCode.AS_EXPECTED


def _the_machines(error: Exception) -> LabError | None:
    return machine_trouble(error) if isinstance(error, OSError) and is_the_machines(error) else None


def _interrupted() -> int:
    """Return the code of the signal that was heard: 130 after Ctrl-C, 143 where somebody ended us, 129 hung up."""
    return 128 + (heard() or signal.SIGINT)


def _carried_out(command: click.Command, arguments: Sequence[str]) -> object:
    """Let click carry a command out; where a reader hung up, raise that.

    click itself would wrap both streams and leave with 1, which says here that the peer failed.
    """
    streams = sys.stdout, sys.stderr
    try:
        return command.main(args=list(arguments), prog_name="hybridjoin", standalone_mode=False)
    except SystemExit as leave:
        if (sys.stdout, sys.stderr) == streams:
            raise
        sys.stdout, sys.stderr = streams
        raise BrokenPipeError from leave


def silence(stream: TextIO) -> None:
    """Lead a stream whose reader has heard enough to nowhere, so that nothing fails at the last flush either."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _told(error: HarnessError) -> ExitCode:
    """Tell an error in its own words and return whose fault it is."""
    tellers: tuple[tuple[type[HarnessError], Callable[[HarnessError], str], ExitCode], ...] = (
        (UsageError, _usage, ExitCode.USAGE),
        (LabError, _lab, ExitCode.LAB),
        (SecretWouldLeave, str, ExitCode.SECRET),
        (KerberosError, _kerberos, ExitCode.PEER_FAILED),
        (PeerError, lambda told: one_line(str(told)), ExitCode.PEER_FAILED),
    )
    for kind, words, code in tellers:
        if isinstance(error, kind):
            _tell(words(error))
            return code
    _tell(in_lines(str(error)))
    return ExitCode.HARNESS_FAULT


def _usage(error: HarnessError) -> str:
    mistakes = error.mistakes if isinstance(error, UsageError) else ()
    if len(mistakes) < 2:
        return one_line(str(error))
    return "\n".join((f"{len(mistakes)} mistakes, nothing was started", *(one_line(str(item)) for item in mistakes)))


def _lab(error: HarnessError) -> str:
    if not isinstance(error, LabError):
        return in_lines(str(error))
    log_tail = f"{CONTINUED}{in_lines(error.log_tail)}" if error.log_tail else ""
    return str(LabError(one_line(error.cause), remedy=in_lines(error.remedy), log_tail=log_tail))


def _kerberos(error: HarnessError) -> str:
    remedy = error.remedy if isinstance(error, KerberosError) else ""
    words = one_line(str(error))
    return f"{words}\nwhat to do: {one_line(remedy)}" if remedy else words


def _own_fault(error: Exception) -> ExitCode:
    from hybridjoin.model.hiding import hide_text

    name = f"hybridjoin-fault-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-"
    words = f"a fault of hybridjoin itself, not of your site: {type(error).__name__}"
    try:
        handle, path = tempfile.mkstemp(prefix=name, suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as file:
            file.write(hide_text("".join(traceback.format_exception(error))))
    except OSError:
        traceback.print_exception(error)
        _tell(words)
    else:
        _tell(
            f"{words}\nwhat to do: send {path} to the maintainers; read it first, for error texts may name your hosts"
        )
    return ExitCode.HARNESS_FAULT


def _tell(words: str) -> None:
    from hybridjoin.model.hiding import hide_text

    click.echo(f"hybridjoin: {hide_text(words)}", err=True)


def mistake(place: str, problem: str, hint: str = "") -> UsageError:
    """Return a usage error with one mistake."""
    return UsageError(Mistake(place=place, problem=problem, hint=hint))
