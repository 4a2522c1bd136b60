"""A judgement at a time that stands still spoils no certificate that is made afterwards in the same process."""

from __future__ import annotations

import subprocess
import sys

from tests.doubles.entra.forge import certificate

SCRIPT = """
import sys
from datetime import UTC, datetime
from uuid import UUID
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from freezegun import freeze_time
from hybridjoin.protocol import signing_certificate, user_certificate

if sys.argv[1] == "settled":
    signing_certificate.settle_datetime()
der = sys.stdin.buffer.read()
with freeze_time("2026-01-15"):
    list(signing_certificate.load_certificates([der]))
user_certificate.make_user_certificate(
    generate_private_key(65537, 2048), UUID(int=1), now=datetime.now(UTC), serial=UUID(int=1)
)
"""


def after_a_judgement(how: str, certificate: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-c", SCRIPT, how], input=certificate, capture_output=True, check=False)


def test_a_certificate_can_be_made_after_a_judgement() -> None:
    read = certificate("sts")
    settled, spoiled = after_a_judgement("settled", read), after_a_judgement("", read)

    assert (settled.returncode, settled.stderr) == (0, b"")
    assert b"FakeDatetime" in spoiled.stderr, "cryptography does not keep the class any more: settle_datetime can go"
