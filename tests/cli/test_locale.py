"""Under a locale that is not UTF-8: the same verdicts, and no letter that ends a command."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from hybridjoin.report.json_report import read_record, write_record
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


@pytest.fixture(params=list(LOCALES))
def locale(request: pytest.FixtureRequest) -> dict[str, str]:
    return {name: os.environ[name] for name in NAMES if name in os.environ} | LOCALES[request.param]


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


def start(locale: dict[str, str], folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "hybridjoin", *arguments],
        cwd=folder,
        env=locale,
        capture_output=True,
        check=False,
        timeout=240,
    )


def test_a_signature_that_verifies_verifies(locale: dict[str, str], folder: Path) -> None:
    arguments = ("assertion", "token.xml", "--signing-certificate", "schlüssel.pem", "--issuer", ISSUER, "--json")

    done = start(locale, folder, *arguments)

    told = json.loads(done.stdout)
    judged = {item["id"]: item["outcome"] for item in told["findings"]}
    assert done.stderr == b""
    assert told["signature"]["valid"]
    assert (judged["SIG-02"], judged["SIG-14"]) == ("passed", "passed")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("explain", "AADSTS51004", "304", "CLAIM-12"), 0),
        (("mex", "größe.mex.xml"), 0),
        (("replay", "."), 0),
        (("render", ".", "--format", "markdown"), 0),
        (("run", "--list", "über.scenario.yaml"), 0),
        (("mex", "keine-größe.xml"), 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_no_letter_ends_a_command(locale: dict[str, str], folder: Path, arguments: tuple[str, ...], code: int) -> None:
    done = start(locale, folder, *arguments)

    assert done.returncode == code, done.stdout + done.stderr
    assert (done.stdout if code == 0 else done.stderr).count(b"\n") >= 1


def test_the_name_of_a_file_is_shown_in_its_own_octets(folder: Path) -> None:
    locale = {name: os.environ[name] for name in NAMES if name in os.environ} | LOCALES["nobody set one"]

    told = start(locale, folder, "mex", "keine-größe.xml").stderr

    assert b"keine-gr\xc3\xb6\xc3\x9fe.xml: cannot be read" in told


def test_marks_stay_apart_where_they_cannot_be_written(folder: Path) -> None:
    locale = {name: os.environ[name] for name in NAMES if name in os.environ} | LOCALES["Latin-1"]

    shown = start(locale, folder, "assertion", "token.xml").stdout.decode("iso-8859-1")

    assert re.search(r"^ok \d+ of \d+ sentences hold", shown, flags=re.MULTILINE)
    assert "\\u2713" not in shown


@pytest.mark.lab
def test_a_join_succeeds_and_its_record_is_read_again(locale: dict[str, str], folder: Path) -> None:
    done = start(locale, folder, "run", "über.scenario.yaml", "--lab", "process")

    assert done.returncode == 0, done.stdout + done.stderr
    (scenario,) = read_record(folder / "reports" / "latest" / "record.json").scenarios
    assert (scenario.id, scenario.title) == ("joins", "Er tritt bei, über PingOne")
