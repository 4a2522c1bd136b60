"""Two verifiers of other houses before the vectors, and what each is known to miss: held by equality, with reasons."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from hybridjoin.errors import LabError, UsageError
from hybridjoin.vectors.files import Trial, read_files
from hybridjoin.vectors.guest import before_a_guest, guest_of
from hybridjoin.vectors.trials import WRONG, Said, VectorMark

ASSERTION = "urn:oasis:names:tc:SAML:1.0:assertion:Assertion"
XMLSEC1 = f"xmlsec1 --verify --id-attr:AssertionID {ASSERTION} --pubkey-cert-pem {{certificate}} {{message}}"
VERIFY = shlex.quote(str(Path(__file__).parent / "guests" / "Verify.java"))
JAVA = f"java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC {VERIFY} {{folder}} {{certificate}}"

# xmlsec1 answers for the first signature of a file, not for what an application reads of it. It is asked one by one,
# so it gets the flags for which that is all there is to say, and of the others one vector.
OF_XMLSEC1 = {"HmacConfusion", "Normal", "Transform", "WeakAlgorithm"}
MISSED_BY_XMLSEC1 = {
    # MD5 is compiled into it.
    "hash-md5": VectorMark.MISSED,
    "hash-md5-digest": VectorMark.MISSED,
    "hash-md5-signature": VectorMark.MISSED,
    # XPath and XPath filters are among its usual transforms; that they leave nothing is for the application to see.
    "transform-xpath-true": VectorMark.MISSED,
    "transform-xpath-nothing": VectorMark.MISSED,
    "transform-xpath-part": VectorMark.MISSED,
    "transform-filter-subtract": VectorMark.MISSED,
    "transform-filter-intersect": VectorMark.MISSED,
    # Without --enabled-key-data it takes its key from KeyValue, whatever certificate it was given.
    "stranger-key-value": VectorMark.MISSED,
    # The signature is good; that another element is the token, it is not told.
    "xsw-last-child-kept-other-id": VectorMark.MISSED,
}
# It says nothing of time, audience and issuer, and an application bounds what it reads: it is not asked about either.
OF_JAVA = ("algorithms", "key-info", "reading", "references", "transforms", "usual", "wrapping")
MISSED_BY_JAVA = {
    # Secure validation bounds transforms by number and forbids XSLT; XPath is left to the application.
    "transform-xpath-true": VectorMark.MISSED,
    "transform-xpath-nothing": VectorMark.MISSED,
    "transform-xpath-part": VectorMark.MISSED,
    "transform-filter-subtract": VectorMark.MISSED,
    "transform-filter-intersect": VectorMark.MISSED,
}


def wrong(trials: Sequence[Trial], command: str) -> dict[str, VectorMark]:
    rows = before_a_guest(trials, guest_of(command))
    return {row.trial.name: row.mark for row in rows if row.mark in WRONG}


def some(*names: str) -> tuple[Trial, ...]:
    return tuple(trial for trial in read_files() if trial.name in names)


@pytest.mark.thorough
def test_xmlsec1_misses_what_it_is_known_to_miss_and_nothing_else() -> None:
    trials = [
        item
        for item in read_files()
        if item.name in MISSED_BY_XMLSEC1 or (OF_XMLSEC1.intersection(item.flags) and "Cost" not in item.flags)
    ]

    assert wrong(trials, XMLSEC1) == MISSED_BY_XMLSEC1


@pytest.mark.thorough
def test_a_java_verifier_misses_what_it_is_known_to_miss_and_nothing_else() -> None:
    trials = [item for item in read_files() if item.family in OF_JAVA and "Cost" not in item.flags]

    assert wrong(trials, JAVA) == MISSED_BY_JAVA


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("", Said.ACCEPTED),
        ("sys.exit(1)", Said.REFUSED),
        ("sys.exit(125)", Said.REFUSED),
        ("sys.exit(127)", Said.NOTHING),
        ("os.kill(os.getpid(), 9)", Said.NOTHING),
        ("sys.exit('plain' != 'plain' or '<s:Envelope' not in open(sys.argv[1]).read())", Said.ACCEPTED),
        ("sys.exit('BEGIN CERT' not in open(sys.argv[2]).read() or 'BEGIN PUB' not in open(sys.argv[3]).read())",
         Said.ACCEPTED),
        ("sys.exit(sys.argv[4:] != ['2026-01-15T12:05:00+00:00', 'https://sts.vectors.example/adfs/services/trust', "
         "'urn:federation:MicrosoftOnline'])", Said.ACCEPTED),
    ],
)  # fmt: skip
def test_the_exit_status_is_the_answer(program: str, said: Said) -> None:
    code = shlex.quote(f"import os, sys; {program}")
    places = "{message} {certificate} {key} {clock} {issuer} {audience}"

    (row,) = before_a_guest(some("plain"), guest_of(f"{shlex.quote(sys.executable)} -c {code} {places}"))

    assert row.said is said


def test_a_folder_is_answered_line_by_line_and_a_missing_line_is_no_answer() -> None:
    program = (
        "import pathlib, sys; folder = pathlib.Path(sys.argv[1]); "
        "lines = (folder / 'vectors.tsv').read_text().splitlines(); "
        "names = [line.split(chr(9))[0] for line in lines]; "
        "assert all((folder / name).read_bytes() for name in names); "
        "print(names[0], 'valid', sep=chr(9)); print(names[1], 'invalid', sep=chr(9)); print('nonsense')"
    )
    command = f"{shlex.quote(sys.executable)} -c {shlex.quote(program)} {{folder}}"

    rows = list(before_a_guest(some("plain", "plain-2005", "unsigned"), guest_of(command)))

    assert [row.said for row in rows] == [Said.ACCEPTED, Said.REFUSED, Said.NOTHING]
    assert [row.mark for row in rows] == [VectorMark.MISSED, VectorMark.FALSE_REFUSAL, VectorMark.NO_ANSWER]


def test_a_verifier_of_all_that_falls_over_is_no_verdict() -> None:
    command = f"{shlex.quote(sys.executable)} -c 'import sys; sys.exit(\"out of order\")' {{folder}}"

    with pytest.raises(LabError, match=r"ended with 1: out of order"):
        list(before_a_guest(some("plain"), guest_of(command)))


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("xmlsec1 --verify", r"expected \{message\} or \{folder\}"),
        ("", r"expected \{message\} or \{folder\}"),
        ("verify '{message}", "expected a command line"),
    ],
)
def test_a_command_that_cannot_be_meant_is_refused(command: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        guest_of(command)


def test_a_command_that_is_not_there_is_the_users_mistake() -> None:
    with pytest.raises(UsageError, match="no-such-verifier cannot be run"):
        list(before_a_guest(some("plain"), guest_of("no-such-verifier {message}")))
