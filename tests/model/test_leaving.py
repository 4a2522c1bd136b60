"""The last look before anything leaves: a planted secret stops it, and is named by place and kind, never said."""

from __future__ import annotations

import base64
import io
import os
import resource
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import click
import pytest

from hybridjoin.cli.exits import ExitCode, run_guarded
from hybridjoin.cli.output import deliver
from hybridjoin.errors import SecretWouldLeave
from hybridjoin.model.leaving import demand_no_secret
from hybridjoin.model.vault import VAULT, Vault
from hybridjoin.report.ndjson import EventStream
from hybridjoin.report.write import write_reports
from tests.model.test_hiding import SPELLINGS
from tests.report.sample import good_scenario, sample_record

TOKEN = os.urandom(600)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_planted_secret_stops_what_leaves(spelling: str) -> None:
    VAULT.learn(TOKEN, "a Kerberos AP-REQ")
    body = b"first\nsecond " + SPELLINGS[spelling](TOKEN) + b"\nthird"

    with pytest.raises(SecretWouldLeave, match="Kerberos AP-REQ") as caught:
        demand_no_secret("the report's page.html", body)

    assert str(caught.value).startswith("the report's page.html is not written")
    assert "line" in str(caught.value)
    for written in (base64.b64encode(TOKEN).decode(), TOKEN.hex()):
        assert written[100:130] not in str(caught.value)


def test_nothing_is_said_where_nothing_is_known_or_nothing_stands() -> None:
    demand_no_secret("x", base64.b64encode(TOKEN))
    VAULT.learn(os.urandom(600), "a Kerberos AP-REQ")
    demand_no_secret("x", base64.b64encode(TOKEN))


def test_secrets_of_another_process_are_looked_for_by_their_traces() -> None:
    worker = Vault(key=VAULT.key)
    worker.learn(TOKEN, "a Kerberos AP-REQ")

    VAULT.take_over(worker.traces)

    assert VAULT.secrets == ()
    with pytest.raises(SecretWouldLeave):
        demand_no_secret("x", b"behind this " + base64.b64encode(TOKEN))
    assert TOKEN[200:230] not in repr(worker.traces).encode("latin-1")


@pytest.mark.parametrize("secret", ["Winter26!", "a-b-c-", "p%41ss\\x", "fourteen signs"])
@pytest.mark.parametrize("spelling", ["raw", "base64", "hex", "UTF-16", "percent"])
def test_a_password_of_another_process_that_is_too_short_for_a_trace_is_looked_for_too(
    secret: str, spelling: str
) -> None:
    worker = Vault(key=VAULT.key)
    worker.learn(secret, "a password", lasting=True)
    written = {
        "raw": secret.encode(),
        "base64": base64.b64encode(secret.encode()),
        "hex": secret.encode().hex().encode(),
        "UTF-16": secret.encode("utf-16-le"),
        "percent": quote(secret, safe="").encode(),
    }

    VAULT.take_over(worker.traces, worker.without_traces)

    with pytest.raises(SecretWouldLeave, match="a password"):
        demand_no_secret("x", b"behind this " + written[spelling])


def test_what_has_traces_is_not_handed_over_itself() -> None:
    worker = Vault(key=VAULT.key)
    for secret in (TOKEN, "correct horse battery staple", os.urandom(32)):
        worker.learn(secret, "a secret", lasting=True)

    assert [len(value) for _, value in worker.without_traces if len(value) != 32] == []


def test_a_report_with_a_secret_is_not_written(tmp_path: Path) -> None:
    VAULT.learn(TOKEN, "a Kerberos AP-REQ")
    told = replace(good_scenario(), title=f"echo {base64.b64encode(TOKEN).decode()}")
    record = sample_record(told)

    with pytest.raises(SecretWouldLeave, match="the report's record"):
        write_reports(record, tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_a_document_with_a_secret_is_not_delivered(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    VAULT.learn(TOKEN, "a Kerberos AP-REQ")
    for target in (tmp_path / "page.html", None):
        with pytest.raises(SecretWouldLeave):
            deliver(TOKEN, target)

    assert list(tmp_path.iterdir()) == []
    assert capsysbinary.readouterr().out == b""


def test_an_event_with_a_secret_ends_the_stream() -> None:
    VAULT.learn(TOKEN, "a Kerberos AP-REQ")
    out = io.StringIO()
    events = EventStream(out)
    events.run_started(1)
    events._say("stage-started", name=TOKEN.hex())
    events.run_started(2)

    assert out.getvalue().count("\n") == 1
    assert events.leak is not None


def test_a_secret_has_an_exit_code_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    @click.command()
    def leak() -> None:
        raise SecretWouldLeave("the page", ("line 3: a password",))

    assert run_guarded(leak, []) == ExitCode.SECRET
    assert ExitCode.SECRET.value == 8
    assert "line 3: a password" in capsys.readouterr().err


def test_a_command_leaves_no_core_behind() -> None:
    before = resource.getrlimit(resource.RLIMIT_CORE)
    seen: list[tuple[int, int]] = []

    @click.command()
    def look() -> None:
        seen.append(resource.getrlimit(resource.RLIMIT_CORE))

    assert run_guarded(look, []) == ExitCode.AS_EXPECTED
    assert seen == [(0, before[1])]
