"""Every fault of the double is seen by a client, and nothing else is."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest
import requests
from cryptography.hazmat.primitives import hashes
from starlette.applications import Starlette

from hybridjoin.doubles.entra.faults import ENDPOINTS, FAULTS, OPENID_FAULTS, Area
from hybridjoin.doubles.entra.refusals import REFUSALS
from tests.doubles.entra import forge
from tests.doubles.entra.client import REQUEST_ID, Client, extension, issued
from tests.doubles.entra.conftest import Install
from tests.doubles.entra.logon_client import log_on, opens


def joined(client: Client) -> requests.Response:
    return client.join(client.access_token())


def throttled(client: Client) -> bool:
    reply = client.sync_join(forge.WS01)
    words = "Your request is throttled temporarily. Please try after 120 seconds."
    said = reply.json()
    return reply.status_code == 400 and (said.get("ErrorType"), said.get("Message")) == ("DirectoryError", words)


def refused_with(client: Client) -> bool:
    reply = client.token()
    return reply.status_code == 503 and (reply.json()["error"], reply.json()["error_codes"]) == (
        "temporarily_unavailable",
        [90033],
    )


def server_error(client: Client) -> bool:
    discover, token = client.get("/hybridjoin.test/Discover"), client.token()
    return discover.status_code == 500 and token.status_code == 500 and token.json()["error_codes"] == [90033]


def proxy_page(client: Client) -> bool:
    reply = client.get("/hybridjoin.test/Discover")
    return reply.status_code == 200 and reply.headers["content-type"].startswith("text/html") and "<html>" in reply.text


def truncated_answer(client: Client) -> bool:
    reply = client.token()
    with pytest.raises(json.JSONDecodeError):
        json.loads(reply.text)
    return reply.text.startswith('{"token_type"')


def slow_answer(client: Client) -> bool:
    before = time.monotonic()
    reply = client.get("/common/userrealm/", user="hybridjoin.test")
    return reply.status_code == 200 and time.monotonic() - before >= 0.3


def no_answer(client: Client) -> bool:
    with pytest.raises(requests.exceptions.ReadTimeout):
        client.session.get(f"{client.base}/common/userrealm/", timeout=0.3)
    return True


def connection_reset(client: Client) -> bool:
    with pytest.raises(requests.exceptions.ConnectionError):
        client.token()
    return True


def another_correlation_id(client: Client) -> bool:
    found = client.token(forge.GOOD.claim(forge.ACCOUNT_TYPE)).json()["correlation_id"]
    return found != REQUEST_ID and bool(uuid.UUID(found))


def wrong_thumbprint(client: Client) -> bool:
    reply = joined(client)
    true = issued(reply).fingerprint(hashes.SHA1()).hex().upper()  # noqa: S303 - a thumbprint is SHA-1
    return bool(reply.json()["Certificate"]["Thumbprint"] != true)


SEEN: Mapping[str, tuple[Mapping[str, object], Callable[[Client], bool]]] = {
    "throttled": ({"retry_after_s": 120}, throttled),
    "server-error": ({"where": ["discover", "token"], "status": 500}, server_error),
    "proxy-page": ({}, proxy_page),
    "truncated-answer": ({}, truncated_answer),
    "slow-answer": ({"delay_s": 0.3, "where": ["realm"]}, slow_answer),
    "no-answer": ({"where": ["realm"], "limit_s": 5}, no_answer),
    "connection-reset": ({}, connection_reset),
    "realm-unknown": (
        {},
        lambda client: (
            client.get("/common/userrealm/a@hybridjoin.test").json()["account_type"] == "Unknown"
            and client.get("/GetUserRealm.srf", login="a@hybridjoin.test").json()["NameSpaceType"] == "Unknown"
        ),
    ),
    "realm-without-metadata-url": (
        {},
        lambda client: "federation_metadata_url" not in client.get("/common/userrealm/a@hybridjoin.test").json(),
    ),
    "tenant-unknown": ({}, lambda client: client.get("/hybridjoin.test/Discover").status_code == 400),
    "refused-with": ({"code": 90033}, refused_with),
    "another-correlation-id": ({}, another_correlation_id),
    "certificate-of-another-key": (
        {},
        lambda client: issued(joined(client)).public_key() != forge.key("device").public_key(),
    ),
    "certificate-of-another-device": (
        {},
        lambda client: extension(issued(joined(client)), 2) != forge.WS01.bytes_le,
    ),
    "certificate-of-another-tenant": (
        {},
        lambda client: extension(issued(joined(client)), 5) != uuid.UUID(forge.TENANT_ID).bytes_le,
    ),
    "certificate-expired": (
        {},
        lambda client: issued(joined(client)).not_valid_after_utc < datetime.now(UTC),
    ),
    "wrong-thumbprint": ({}, wrong_thumbprint),
    "device-gone": ({}, lambda client: log_on(client).json().get("error_codes") == [50155]),
    "nonce-of-before": ({}, lambda client: log_on(client).json().get("error_codes") == [140000]),
    "session-key-for-another": ({}, lambda client: not opens(log_on(client))),
    "session-key-missing": ({}, lambda client: "session_key_jwe" not in log_on(client).json()),
    "token-of-a-day": ({}, lambda client: log_on(client).json()["refresh_token_expires_in"] == 86400),
}


def written_down(app: Starlette) -> str:
    """Return the fault of the newest entry; a client that was cut off may be quicker than the server's pen."""
    for _ in range(200):
        if app.state.audit.entries:
            break
        time.sleep(0.01)
    return str(app.state.audit.entries[-1].fault)


@pytest.mark.parametrize("name", SEEN)
def test_a_fault_is_seen_by_the_client(name: str, install: Install) -> None:
    options, seen = SEEN[name]
    client, app = install(faults=[{"name": name, "options": dict(options)}])

    assert seen(client)

    if FAULTS[name].area is Area.TRANSPORT and name != "slow-answer":
        assert written_down(app) == name


@pytest.mark.parametrize("name", SEEN)
def test_a_fault_is_not_seen_where_it_is_not_switched_on(name: str, install: Install) -> None:
    client, _ = install()
    if name in {"no-answer", "connection-reset", "truncated-answer"}:
        assert client.token().status_code == 200
    else:
        assert not SEEN[name][1](client)


def test_every_fault_says_what_it_does_and_where_it_may_strike() -> None:
    # What strikes a bridge is seen in a bridge's sign-in, which needs a directory (tests/run/test_bridge_with_a_lab).
    # One speaks only where a policy wants a second factor (test_browser).
    elsewhere = {fault.name for fault in OPENID_FAULTS} | {"sends-back-once"}
    assert FAULTS.keys() - SEEN.keys() == elsewhere, "a row in SEEN is missing"
    for fault in FAULTS.values():
        assert fault.sentence.endswith(".")
        where = fault.option("where")
        assert (where is not None) is (fault.area == Area.TRANSPORT)
        assert where is None or where.choices == ENDPOINTS
        assert not list(fault.problems({option.name: option.default for option in fault.options}))


@pytest.mark.parametrize(("status", "header"), [(429, "300"), (503, None)])
def test_the_status_of_a_throttled_join_can_be_chosen_and_only_429_brings_retry_after(
    status: int, header: str | None, install: Install
) -> None:
    client, _ = install(faults=[{"name": "throttled", "options": {"status": status}}])

    reply = client.sync_join(forge.WS01)

    assert (reply.status_code, reply.headers.get("Retry-After")) == (status, header)
    assert reply.json()["ErrorType"] == "DirectoryError"


def test_a_throttled_token_request_has_a_code_of_its_own(install: Install) -> None:
    client, _ = install(faults=[{"name": "throttled", "options": {"where": ["token"]}}])

    assert client.token().json()["error_codes"] == [90055]


@pytest.mark.parametrize("code", REFUSALS)
def test_every_refusal_of_the_catalogue_can_be_had(code: int, install: Install) -> None:
    client, _ = install(faults=[{"name": "refused-with", "options": {"code": code}}])

    answer = client.token().json()

    assert answer["error_codes"] == [code]
    assert answer["error_description"].startswith(f"AADSTS{code}: {REFUSALS[code].message}")
    assert answer["error"] == REFUSALS[code].error
