"""Primary refresh tokens at the double: what a device's request has to be, and with which code it is refused else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from hybridjoin.doubles.entra.logon_rules import LOGON_RULES
from hybridjoin.knowledge.lookup import find
from tests.doubles.entra.conftest import Install
from tests.doubles.entra.logon_client import JWT, log_on, nonce, opens, post


def test_a_joined_device_gets_a_token_for_fourteen_days_and_a_key_that_it_alone_can_open(install: Install) -> None:
    client, app = install()

    reply = log_on(client)
    said = reply.json()

    assert reply.status_code == 200, reply.text
    assert (said["token_type"], said["refresh_token_expires_in"]) == ("pop", 14 * 24 * 3600)
    assert opens(reply)
    assert not opens(reply, "device")
    assert app.state.audit.entries[-1].device_id


def test_the_certificate_may_stand_in_an_array_as_the_specification_has_it(install: Install) -> None:
    client, _ = install()
    reply = log_on(client, header={"x5c": ["not a certificate"]})

    assert reply.json()["error_codes"] == [50155]


REFUSED: Mapping[str, tuple[dict[str, Any], int]] = {
    "prt-kdf-version": ({"header": {"kdf_ver": 1}}, 5000611),
    "prt-device": ({"key": "WS01"}, 50155),
    "prt-nonce": ({"payload": {"request_nonce": "made up"}}, 140000),
    "prt-grant": ({"payload": {"grant_type": "password"}}, 70003),
    "prt-request": ({"header": {"alg": "none"}}, 9002313),
}


@pytest.mark.parametrize("rule", LOGON_RULES)
def test_each_rule_fires_with_its_code_and_the_code_can_be_explained(rule: str, install: Install) -> None:
    bent, code = REFUSED[rule]
    client, app = install()

    reply = log_on(client, **bent)

    assert reply.status_code == 400
    assert reply.json()["error_codes"] == [code]
    assert app.state.audit.entries[-1].rule == rule
    assert find(f"AADSTS{code}") is not None


def test_a_nonce_is_good_once(install: Install) -> None:
    client, _ = install()
    value = nonce(client)

    assert log_on(client, payload={"request_nonce": value}).status_code == 200
    assert log_on(client, payload={"request_nonce": value}).json()["error_codes"] == [140000]


@pytest.mark.parametrize("request_", ["", "a.b", "a.b.c", "e30.e30.e30", "é.é.é"])
def test_what_is_no_signed_request_is_refused_as_such(request_: str, install: Install) -> None:
    client, _ = install()

    assert post(client, {"grant_type": JWT, "request": request_}).json()["error_codes"] == [9002313]


def test_a_person_whom_entra_does_not_know_is_refused_as_with_the_bare_assertion(install: Install) -> None:
    client, _ = install(users=[])

    assert log_on(client).json()["error_codes"] == [51004]
