"""What a worker tells its controller of the secrets it has met: enough to find them, and nothing for who listens."""

from __future__ import annotations

import base64
import os

import pytest

from hybridjoin.errors import SecretWouldLeave
from hybridjoin.model.leaving import demand_no_secret
from hybridjoin.model.vault import VAULT
from hybridjoin.plugin.secrets_met import Told, take_over

PASSWORD, TOKEN = "Winter26!", os.urandom(600)


@pytest.fixture
def told() -> dict[str, str]:
    """What a worker of this run says, who has met a short password and a ticket."""
    VAULT.forget()
    VAULT.learn(PASSWORD, "a password", lasting=True)
    VAULT.learn(TOKEN, "a Kerberos AP-REQ")
    met = Told()
    news = met.news()
    assert met.news() == {}, "all was told"
    VAULT.forget()
    return news


@pytest.mark.parametrize("written", [PASSWORD.encode(), base64.b64encode(TOKEN)], ids=["password", "ticket"])
def test_the_controller_looks_for_both(told: dict[str, str], written: bytes) -> None:
    demand_no_secret("x", written)

    take_over(told)

    with pytest.raises(SecretWouldLeave):
        demand_no_secret("x", b"behind this " + written)


def test_who_writes_the_line_down_has_neither(told: dict[str, str]) -> None:
    line = repr(told).encode()

    for secret in (PASSWORD.encode(), base64.b64encode(PASSWORD.encode()), PASSWORD.encode().hex().encode()):
        assert secret not in line
    assert not any(piece in line for piece in (base64.b64encode(TOKEN)[180:200], TOKEN.hex().encode()[400:420]))


def test_what_a_worker_of_another_run_sealed_is_passed_over(told: dict[str, str]) -> None:
    key = VAULT.key
    VAULT.belong_to(os.urandom(32))
    try:
        take_over({name: text for name, text in told.items() if name.startswith("sealed")})
        assert VAULT.empty
    finally:
        VAULT.belong_to(key)
