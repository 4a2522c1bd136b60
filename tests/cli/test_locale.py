"""Under a locale that is not UTF-8: the same verdicts, and no letter that ends a command."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from hybridjoin.report.json_report import read_record, write_record
from tests.cli.forked import carry_out
from tests.protocol.documents import ISSUER, AssertionText, ReplyText, sign, signer
from tests.protocol.metadata import metadata
from tests.run.test_replay import record_of

ROOT = Path(__file__).parents[2]
# Python takes UTF-8 for the C locale unless it is told not to; the last one is a terminal of another age.
LOCALES = {
    "nobody set one": {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "one that is not installed": {"LANG": "en_US.ISO-8859-1", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "Latin-1": {"LC_ALL": "C.UTF-8", "PYTHONUTF8": "0", "PYTHONIOENCODING": "iso-8859-1"},
    "ASCII": {"LC_ALL": "C.UTF-8", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"},
}
NAMES = ("PATH", "HOME", "HYBRIDJOIN_CACHE", "HYBRIDJOIN_STATE")
SCENARIO = "id: joins\ntitle: Er tritt bei, über PingOne\nexpect: {join: federated}\n"


# What each command prints with whom: nothing of it may end in a letter that a locale lacks.
SAID: Mapping[tuple[str, ...], int] = {
    ("explain", "AADSTS51004", "304", "CLAIM-12"): 0,
    ("mex", "größe.mex.xml"): 0,
    ("replay", "."): 0,
    ("render", ".", "--format", "markdown"): 0,
    ("run", "--list", "über.scenario.yaml"): 0,
    ("mex", "keine-größe.xml"): 2,
}
JUDGED = ("assertion", "token.xml", "--signing-certificate", "schlüssel.pem", "--issuer", ISSUER, "--json")
SHOWN = ("assertion", "token.xml")
# Loaded before each command is forked off: six commands would read the same modules again.
WORK = tuple(
    f"hybridjoin.cli.{name}"
    for name in ("explain.assertion", "explain.mex_work", "record.replay", "record.render", "run.run")
)


def surroundings(name: str) -> dict[str, str]:
    return {name: os.environ[name] for name in NAMES if name in os.environ} | LOCALES[name]


# ASCII has the fewest letters of them all: the others are for `make test`.
@pytest.fixture(
    params=[name if name == "ASCII" else pytest.param(name, marks=pytest.mark.thorough) for name in LOCALES]
)
def locale(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder whose files have names and words that are not ASCII."""
    made = tmp_path / "Büro"
    made.mkdir()
    certificate = x509.load_der_x509_certificate(signer().certificate)
    (made / "schlüssel.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (made / "token.xml").write_bytes(bytes(ReplyText(tokens=(sign(str(AssertionText())),))))
    (made / "größe.mex.xml").write_bytes(metadata())
    (made / "über.scenario.yaml").write_text(SCENARIO, "utf-8")
    write_record(record_of(), made)
    return made


def test_the_same_verdicts_and_no_letter_ends_a_command(locale: str, folder: Path) -> None:
    done = carry_out([*SAID, JUDGED, SHOWN], cwd=folder, environment=surroundings(locale), loaded=WORK)

    codes = {arguments: done[arguments].code for arguments in SAID}
    assert codes == SAID, [item.err for item in done.values()]
    assert [
        arguments for arguments, code in SAID.items() if not (done[arguments].err if code else done[arguments].out)
    ] == []
    told = json.loads(done[JUDGED].out)
    judged = {item["id"]: item["outcome"] for item in told["findings"]}
    assert done[JUDGED].err == b""
    assert told["signature"]["valid"]
    assert (judged["SIG-02"], judged["SIG-14"]) == ("passed", "passed")
    if locale == "nobody set one":  # the name of a file is shown in its own octets
        assert b"keine-gr\xc3\xb6\xc3\x9fe.xml: cannot be read" in done[("mex", "keine-größe.xml")].err
    if locale == "Latin-1":  # marks stay apart where they cannot be written
        shown = done[SHOWN].out.decode("iso-8859-1")
        assert re.search(r"^ok \d+ of \d+ sentences hold", shown, flags=re.MULTILINE)
        assert "\\u2713" not in shown


@pytest.mark.lab
def test_a_join_succeeds_and_its_record_is_read_again(locale: str, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hybridjoin", "run", "über.scenario.yaml", "--lab", "process"],
        cwd=folder,
        env=surroundings(locale),
        capture_output=True,
        check=False,
        timeout=240,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    (scenario,) = read_record(folder / "reports" / "latest" / "record.json").scenarios
    assert (scenario.id, scenario.title) == ("joins", "Er tritt bei, über PingOne")
