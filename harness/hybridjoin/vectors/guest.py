"""Somebody's verifier before the vectors: any command that takes a file and answers valid or not.

`{message}` in the command is a file with the whole message; the command is run once for each vector and says by its
exit status whether it accepts: 0 does, 1 to 125 do not. `{folder}` instead is a folder with all of them, for verifiers
that start slowly: `vectors.tsv` has a line for each (file, clock, issuer, audience, separated by tabs), and the command
prints one for each: the file's name, a tab, and `valid` or `invalid`.

Both may name `{certificate}` and `{key}` (PEM files of the domain's certificate and of its public key), and a command
for one message `{clock}`, `{issuer}` and `{audience}`.
"""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from hybridjoin.errors import LabError, Mistake, UsageError
from hybridjoin.vectors.files import Receiver, Trial
from hybridjoin.vectors.trials import EXPECTED_OF_RESULT, Said, VectorRow, mark_of

GUEST = "guest"
ONE_S, ALL_S = 10, 300
_LAST_REFUSAL = 125  # beyond, a shell says that it found no program, or that a signal ended it
_WORDS = {"valid": Said.ACCEPTED, "invalid": Said.REFUSED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """A verifier's command line, in words that may hold placeholders."""

    words: tuple[str, ...]

    @property
    def takes_all(self) -> bool:
        """Whether it is run once, on a folder."""
        return any("{folder}" in word for word in self.words)

    def line(self, places: Mapping[str, str]) -> list[str]:
        """Return the command with its placeholders filled in; other braces stay as they are."""
        filled = list(self.words)
        for name, value in places.items():
            filled = [word.replace(f"{{{name}}}", value) for word in filled]
        return filled


def guest_of(command: str) -> Guest:
    """Read a command line as a shell would, without running one.

    Raises:
        UsageError: It cannot be split, or names neither a message nor a folder.
    """
    try:
        words = tuple(shlex.split(command))
    except ValueError as error:
        raise _mistake(f"expected a command line, found {command!r}: {error}") from error
    guest = Guest(words=words)
    if not words or not (guest.takes_all or any("{message}" in word for word in words)):
        raise _mistake(f"expected {{message}} or {{folder}} in the command, found {command!r}")
    return guest


def _mistake(problem: str) -> UsageError:
    hint = "as in: xmlsec1 --verify --pubkey-cert-pem {certificate} {message}"
    return UsageError(Mistake(place="--against", problem=problem, hint=hint))


def before_a_guest(trials: Sequence[Trial], guest: Guest) -> Iterator[VectorRow]:
    """Yield a row for each vector.

    Raises:
        UsageError: There is no such command.
        LabError: The command ended at once with a failure of its own.
    """
    with TemporaryDirectory(prefix="hybridjoin-vectors-") as name:
        desk = Path(name)
        answers = _all_at_once(trials, guest, desk) if guest.takes_all else _one_by_one(trials, guest, desk)
        for trial, said in answers:
            mark = mark_of(EXPECTED_OF_RESULT[trial.result], said)
            yield VectorRow(trial=trial, reader=GUEST, said=said, mark=mark)


def _known(known: Receiver, desk: Path) -> Mapping[str, str]:
    """Write down what a receiver knows, and return it by the placeholders' names."""
    certificate = x509.load_der_x509_certificate(known.certificate)
    public = certificate.public_key()
    certificate_file, key_file = desk / "certificate.pem", desk / "key.pem"
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    return {
        "certificate": str(certificate_file),
        "key": str(key_file),
        "clock": known.clock.isoformat(),
        "issuer": known.issuer,
        "audience": known.audience,
    }


def _one_by_one(trials: Sequence[Trial], guest: Guest, desk: Path) -> Iterator[tuple[Trial, Said]]:
    message = desk / "message.xml"
    for trial in trials:
        message.write_bytes(trial.message)
        status = _run(guest.line({**_known(trial.known, desk), "message": str(message)}), ONE_S)
        if status is None or not 0 <= status.returncode <= _LAST_REFUSAL:
            yield trial, Said.NOTHING
        else:
            yield trial, Said.REFUSED if status.returncode else Said.ACCEPTED


def _all_at_once(trials: Sequence[Trial], guest: Guest, desk: Path) -> Iterator[tuple[Trial, Said]]:
    folder = desk / "messages"
    folder.mkdir()
    names, lines = [], []
    places: Mapping[str, str] = {}
    for number, trial in enumerate(trials, start=1):
        places = _known(trial.known, desk)
        names.append(f"{number:04d}.xml")
        (folder / names[-1]).write_bytes(trial.message)
        lines.append("\t".join((names[-1], places["clock"], places["issuer"], places["audience"])))
    (folder / "vectors.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = _run(guest.line({**places, "folder": str(folder)}), ALL_S)
    if done is None or done.returncode:
        ended = f"did not end in {ALL_S} s" if done is None else f"ended with {done.returncode}: {done.stderr[-400:]}"
        raise LabError(f"the verifier {ended}", remedy="run the command by hand on a folder of vectors")
    said = dict(line.strip().split("\t", 1) for line in done.stdout.splitlines() if "\t" in line)
    for name, trial in zip(names, trials, strict=True):
        yield trial, _WORDS.get(said.get(name, "").strip(), Said.NOTHING)


def _run(line: list[str], limit_s: int) -> subprocess.CompletedProcess[str] | None:
    """Run a command without a shell; None where it does not end in time."""
    try:
        return subprocess.run(  # noqa: S603 - what the user asked for, and no shell reads it
            line, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", errors="replace",
            timeout=limit_s, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return None
    except OSError as error:
        raise UsageError(Mistake(place="--against", problem=f"{line[0]} cannot be run: {error.strerror}")) from error
