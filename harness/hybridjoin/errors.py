"""The error tree: whose fault is it?

HarnessError
├── UsageError     the user's: a command line, scenario, site or lab file (exit 2)
├── PeerError      the system under test broke its word: becomes a verdict, never a crash (exit 1)
│   └── PeerUnreachable   it did not answer at all, or not within the limits
├── KerberosError  the KDC or libkrb5 said no: a verdict with Windows' reading of it
├── LabError       the surroundings': no engine, no rights, the directory died (exit 3)
├── SecretWouldLeave  nobody's verdict: something was about to be written with a secret in it (exit 8)
└── NotRecorded    nobody's: a record does not hold what a newer flow asks for (a difference, exit 16)
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

THE_DISK: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG})
"""Errors of a disk that is full or broken, wherever a file was wanted."""
THE_MACHINE: Final = THE_DISK | {errno.EROFS, errno.EMFILE, errno.ENFILE}
"""Errors of the system that are nobody's mistake: a disk that is full, broken or read-only, no descriptor left."""


_LONGEST = 4_000  # characters: the addresses of fifty doors are told in as many


def shortened(words: str) -> str:
    """Return words for people, cut where a peer made them endless; the record has its message."""
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]} … ({len(words):,} characters)"


class HarnessError(Exception):
    """The root; never raised itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One mistake in a file or on the command line; `place` is `file:line:column` or an option's name."""

    place: str
    problem: str
    hint: str = ""

    def __str__(self) -> str:
        tail = f" ({self.hint})" if self.hint else ""
        return f"{self.place}: {self.problem}{tail}"


class UsageError(HarnessError):
    """What the user wrote cannot be carried out; names every mistake at once."""

    def __init__(self, *mistakes: Mistake) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = mistakes


class PeerError(HarnessError):
    """The system under test broke its word, and we can point at the place.

    `problem` says what was expected and what came, shortened where a peer made it endless; `where` names the message
    and the spot in it.
    """

    def __init__(self, problem: str, *, where: str) -> None:
        self.problem = shortened(problem)
        super().__init__(f"{self.problem} (at {where})")
        self.where = where


class Breakage(StrEnum):
    """How an exchange broke before a reply could be read."""

    TIMEOUT = "timeout"
    NAME_NOT_RESOLVED = "name not resolved"
    REFUSED = "connection refused"
    RESET = "connection reset"
    TLS = "TLS failure"
    TOO_LARGE = "reply too large"
    REDIRECT = "redirect refused"
    MUTUAL_AUTHENTICATION = "mutual authentication failed"
    MALFORMED = "not HTTP"


class PeerUnreachable(PeerError):
    """A peer gave no reply that could be kept: `breakage` says how."""

    def __init__(self, problem: str, *, where: str, breakage: Breakage) -> None:
        super().__init__(problem, where=where)
        self.breakage = breakage


class KerberosError(HarnessError):
    """A ticket could not be had; `code` is the RFC 4120 error name when there is one.

    `words` is the plain sentence, `remedy` what to try next.
    """

    def __init__(self, code: str, words: str, *, remedy: str, detail: str = "") -> None:
        super().__init__(f"{code}: {words}" + (f" [{detail}]" if detail else ""))
        self.code = code
        self.words = words
        self.remedy = remedy
        self.detail = detail


class NotRecorded(HarnessError):
    """A flow asked for what a record of it does not hold: it was recorded by a version that asked otherwise.

    `asked` is what was asked for, `held` what the record holds instead.
    """

    def __init__(self, asked: str, *, held: str) -> None:
        super().__init__(f"the flow asked for {asked}, the record holds {held}")
        self.asked = asked
        self.held = held


class SecretWouldLeave(HarnessError):
    """A report, a package, a line or a document holds a secret that this process knows, and was not written.

    `artefact` is what was to be written, `places` say where in it which kind of secret stands; never the secret.
    """

    def __init__(self, artefact: str, places: tuple[str, ...]) -> None:
        super().__init__(
            "\n".join(
                (
                    f"{artefact} is not written, for a secret would leave with it:",
                    *(f"  {place}" for place in places),
                    "what to do: this peer says secrets in a way that masking does not know; tell the maintainers how",
                )
            )
        )
        self.artefact = artefact
        self.places = places


class NameWouldLeave(SecretWouldLeave):
    """What was to be shown under other names still holds a real one, and was not written or shown.

    `places` say where, and what kind of name; never the name.
    """

    def __init__(self, artefact: str, places: tuple[str, ...]) -> None:
        told = (
            f"{artefact} is neither written nor shown, for a real name would leave with it:",
            *(f"  {place}" for place in places),
            "what to do: these names are written in a way that renaming does not know; tell the maintainers how",
        )
        HarnessError.__init__(self, "\n".join(told))
        self.artefact = artefact
        self.places = places


class LabError(HarnessError):
    """The machine or the lab could not do it: nobody's verdict.

    `cause` is what happened, `remedy` the command or step that mends it, `log_tail` the last
    lines of whoever fell.
    """

    def __init__(self, cause: str, *, remedy: str = "", log_tail: str = "") -> None:
        parts = [cause]
        if remedy:
            parts.append(f"what to do: {remedy}")
        if log_tail:
            parts.append("the last lines of its log:\n" + log_tail)
        super().__init__("\n".join(parts))
        self.cause = cause
        self.remedy = remedy
        self.log_tail = log_tail


@contextmanager
def machine_named() -> Iterator[None]:
    """Turn the machine's own trouble into a LabError that names it.

    Raises:
        LabError: the disk is full, broken or read-only, or the process has no descriptor left.
    """
    try:
        yield
    except OSError as error:
        if not is_the_machines(error):
            raise
        raise machine_trouble(error) from error


def is_the_machines(error: BaseException) -> bool:
    """Tell an error of the system that is nobody's mistake; one of a whole folder's copy is told without a number."""
    return isinstance(error, OSError) and (error.errno in THE_MACHINE or isinstance(error, shutil.Error))


def machine_trouble(error: OSError) -> LabError:
    """Say what the machine could not do, and to which file."""
    if isinstance(error, shutil.Error):
        _, target, why = error.args[0][0]
        return LabError(f"this machine could not write {target}: {why}", remedy="make room on the disk, then run again")
    about = f" ({error.filename})" if error.filename else ""
    disk = error.errno in THE_DISK - {errno.EIO}
    return LabError(
        f"this machine could not do it: {error.strerror}{about}",
        remedy="make room on the disk, then run again" if disk else "look at the disk, and at ulimit -n",
    )
