"""What probes leave in the record: what was said and heard, and nothing that opens a door."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from urllib.parse import unquote

import pytest

from hybridjoin.bundle.leaks import scan_text, scan_value
from hybridjoin.checks.rules import JOIN_BOOK
from hybridjoin.device.adapters.http import Http
from hybridjoin.device.driver import Sent
from hybridjoin.evidence.probe import Probes
from hybridjoin.lab.provider import Provider
from hybridjoin.model.exchange import Headers, HttpRequest
from hybridjoin.model.record import ProbeRow, RunRecord
from hybridjoin.model.recorded import ExchangeRecord
from hybridjoin.model.verdict import Outcome
from hybridjoin.report.drawn import DrawnExchange, drawn
from hybridjoin.report.formats.catalogue import FORMATS, NAMES, Format
from hybridjoin.report.json_report import decode_record, encode_record
from hybridjoin.report.page.html import render_html
from hybridjoin.run.certification.certify import certify
from hybridjoin.run.certification.plan import EVERY_ID, Plan, levelled, plain_scenario
from hybridjoin.scenario.site.profile_file import load_profile

pytestmark = pytest.mark.lab


HEADER = re.compile(r"(?:Negotiate|Bearer) ([A-Za-z0-9+/=_.-]{16,})")
SIGNATURE = re.compile(r"SignatureValue[^<>]*>\s*([^<]{20,}?)\s*<")
TOKEN = re.compile(r'"(?:access|refresh|id)_token"\s*:\s*"([^"]+)"')


@dataclass
class Wire:
    """What really went over the wire: every secret in it, by its kind."""

    tickets: set[str] = field(default_factory=set)
    signatures: set[str] = field(default_factory=set)
    tokens: set[str] = field(default_factory=set)

    def hear(self, headers: Headers, body: bytes) -> None:
        for _, value in headers:
            self.tickets.update(HEADER.findall(value))
        text = body.decode("latin-1")
        self.signatures.update(SIGNATURE.findall(text))
        self.tokens.update(TOKEN.findall(text))


@pytest.fixture(scope="module")
def wire() -> Iterator[Wire]:
    """Listen where the hands meet the network, before anything is masked."""
    heard, send = Wire(), Http.send

    def listen(self: Http, request: HttpRequest, **how: object) -> Sent:
        sent = send(self, request, **how)  # type: ignore[arg-type]
        heard.hear(sent.request.headers, sent.request.body)
        heard.hear(sent.reply.headers, sent.reply.body)
        return sent

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Http, "send", listen)
        yield heard


@pytest.fixture(scope="module")
def record(wire: Wire) -> Iterator[RunRecord]:
    del wire  # it listens from the beginning
    profile = load_profile("default", EVERY_ID)
    plan = Plan(
        scenario=plain_scenario("WS01"),
        profile=profile,
        requirements=levelled(JOIN_BOOK, profile),
        hostile=True,
        hostile_hosts=None,
    )
    with Provider(backend="process") as provider:
        yield certify(plan, provider)


def probes(record: RunRecord) -> tuple[ProbeRow, ...]:
    assert record.certification is not None
    return record.certification.probes


def said(exchange: ExchangeRecord) -> DrawnExchange:
    return drawn(exchange, probe=True)


def test_every_probe_that_was_asked_shows_what_was_said(record: RunRecord) -> None:
    asked = [item for item in probes(record) if item.outcome is Outcome.PASSED]

    assert len(asked) > 30
    assert [item.id for item in asked if not item.exchanges] == []
    by_id = {item.id: item for item in asked}
    (anonymous,) = by_id["rst-anonymous"].exchanges
    assert said(anonymous).reply.headline.startswith("401")
    assert "<" in said(anonymous).request.body
    assert said(anonymous).title == "ask the token service"
    assert "Authorization" not in dict(said(anonymous).request.headers)
    first, second = by_id["rst-replay"].exchanges
    shown = [dict(said(item).request.headers)["Authorization"] for item in (first, second)]
    assert all(header.startswith("Negotiate [masked ") for header in shown)
    assert (said(first).reply.headline[:3], said(second).reply.headline[:3]) == ("200", "401")


def test_nothing_secret_is_kept_of_them(record: RunRecord) -> None:
    assert list(scan_value(probes(record))) == []
    assert list(scan_text(render_html(record), "index.html")) == []


@pytest.mark.parametrize("form", FORMATS, ids=NAMES)
def test_no_secret_that_went_over_the_wire_is_in_any_picture(record: RunRecord, wire: Wire, form: Format) -> None:
    drawn = form.draw(record)
    secrets = {*wire.tickets, *wire.signatures, *wire.tokens}

    assert len(wire.tickets) > 20
    assert len(wire.signatures) > 10
    assert wire.tokens
    pieces = {secret[at : at + 32] for secret in secrets for at in (0, len(secret) // 2, max(len(secret) - 32, 0))}
    spelled = {(piece, piece.encode(letters)) for piece in pieces for letters in ("utf-8", "utf-16-le")}
    assert [piece for piece, octets in spelled if octets in drawn] == []


def unwrapped(value: object) -> Iterator[str]:
    """Every text of a record, and what it says once its base64 and its percent-encoding are undone."""
    if isinstance(value, str):
        plain = unquote(value)
        yield plain
        for run in re.findall(r"[A-Za-z0-9+/_-]{40,}", plain):
            standard = run.replace("-", "+").replace("_", "/")
            yield base64.b64decode(standard[: len(standard) // 4 * 4]).decode("latin-1")
    elif isinstance(value, tuple):
        for item in value:
            yield from unwrapped(item)
    elif is_dataclass(value):
        for one in fields(value):
            yield from unwrapped(getattr(value, one.name))


def test_no_secret_that_went_over_the_wire_is_wrapped_in_anything_that_was_kept(record: RunRecord, wire: Wire) -> None:
    kept = "\n".join(unwrapped(record))
    signatures = {"".join(secret.split())[at : at + 32] for secret in wire.signatures for at in (0, 40)}

    assert "AssertionID" in kept  # the grant's assertion stands there in base64, within a form
    assert [piece for piece in signatures if piece in kept] == []
    assert [secret for secret in (*wire.tickets, *wire.tokens) if secret[:32] in kept or secret[-32:] in kept] == []


def test_they_survive_the_file(record: RunRecord) -> None:
    assert probes(decode_record(encode_record(record), place="record.json")) == probes(record)


def test_what_a_probe_brought_to_light_says_which_one(record: RunRecord) -> None:
    assert record.certification is not None
    # What a join of its own can say too stands where that join saw it.
    of_probes = [item for item in JOIN_BOOK if any(part.kind is Probes and not part.optional for part in item.reads)]
    places = {row.id: row.where for row in record.certification.requirements if row.tested}

    unnamed = {item.id for item in of_probes if item.id in places and not getattr(places[item.id], "probe", "")}
    assert unnamed == set()
