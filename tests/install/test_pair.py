"""lxml and xmlsec stand on one libxml2, or say so: their wheels each bring one."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from hybridjoin.extras import OLDER_PAIR, OLDER_PAIR_ENDS, PAIR
from tests.install.conftest import Installed, empty_environment, install
from tests.protocol.documents import ISSUER, AssertionText, ReplyText, sign, signer

pytestmark = pytest.mark.install


@pytest.fixture(scope="module")
def own(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """An environment whose lxml and xmlsec each test chooses."""
    made = empty_environment(tmp_path_factory.mktemp("pair") / "venv")
    install(made.python, wheel)
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    certificate = x509.load_der_x509_certificate(signer().certificate)
    (tmp_path / "signing.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (tmp_path / "token.xml").write_bytes(bytes(ReplyText(tokens=(sign(str(AssertionText())),))))
    return tmp_path


JUDGE = ("assertion", "token.xml", "--signing-certificate", "signing.pem", "--issuer", ISSUER, "--json")


@pytest.mark.parametrize("pair", [PAIR, OLDER_PAIR] if sys.version_info < OLDER_PAIR_ENDS else [PAIR], ids=" ".join)
def test_a_pair_that_goes_together_judges_a_signature(own: Installed, folder: Path, pair: tuple[str, str]) -> None:
    install(own.python, *pair, locked=False)

    done = own.command(*JUDGE, cwd=folder)

    judged = {item["id"]: item["outcome"] for item in json.loads(done.stdout)["findings"]}
    assert done.stderr == ""
    assert judged["SIG-14"] == "passed", "xmlsec agrees with signxml"


def test_a_pair_that_does_not_is_told_with_the_line_that_mends_it(own: Installed, folder: Path) -> None:
    install(own.python, "lxml==5.4.0", "xmlsec==1.3.17", locked=False)

    done = own.command(*JUDGE, cwd=folder)
    told = own.command("explain", "AADSTS51004", cwd=folder)

    assert done.returncode == 3
    assert done.stderr.startswith(f"hybridjoin: lxml 5.4.0, xmlsec 1.3.17 in {own.python.parents[1]} carry different")
    assert f"what to do: {own.python} -m pip install {' '.join(PAIR)}" in done.stderr
    assert "Traceback" not in done.stderr
    assert told.returncode == 0
