"""What was said, typed and kept, and drawn for people; what the first version of the record drew is read back."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridjoin.errors import UsageError
from hybridjoin.model.exchange import (
    Breakdown,
    Entry,
    Exchange,
    HttpReply,
    HttpRequest,
    Reply,
    Request,
    SearchReply,
    SearchRequest,
    TicketReply,
    TicketRequest,
)
from hybridjoin.model.flows import FLOWS, HYBRID_JOIN, SIGN_IN_BROWSER
from hybridjoin.model.kept_body import Octets, content, octets
from hybridjoin.model.record import SCHEMA, RunRecord
from hybridjoin.model.recorded import ExchangeRecord, HttpReplyRecord, HttpRequestRecord, keep, mask_again, recall
from hybridjoin.model.steps import Party, Step
from hybridjoin.model.where import Where
from hybridjoin.protocol.oauth import build_grant
from hybridjoin.report.drawn import drawn, drawn_flow, drawn_request
from hybridjoin.report.formats.catalogue import FORMATS, find_format
from hybridjoin.report.json_report import decode_record, encode_record
from tests.report.sample import exchange, get

NOON = datetime(2026, 7, 14, 12, 0, tzinfo=UTC)
# A run of the scenario demo-wrong-namespace in the process lab, as the version before record/2 wrote it (2026-11-28).
# Signatures, tickets and tokens were masked by that version.
VECTOR = Path(__file__).parents[1] / "vectors" / "record-1.json"
SEARCH = SearchRequest(base="DC=example", filter="(objectClass=computer)", attributes=("cn", "objectGUID"), scope="sub")
FOUND = SearchReply(
    entries=(Entry(dn="CN=WS01", attributes=(("cn", (b"WS01",)), ("objectGUID", (b"\x00\xff",)))),)
)  # fmt: skip
TICKET = TicketReply(
    client="WS01$", server="HTTP/sts", ticket_etype="aes256", session_etype="aes128", starts_at=NOON, ends_at=NOON,
    ticket_kvno=2,
)  # fmt: skip


@pytest.mark.parametrize(
    ("request_", "reply", "headlines", "body", "ok"),
    [
        (
            HttpRequest(method="POST", url="https://sts/", headers=(("A", "b"),), body=b"<rst/>"),
            HttpReply(status=200, reason="OK", body=b"<rstr/>"),
            ("POST https://sts/", "200 OK"),
            "<rstr/>",
            True,
        ),
        (
            HttpRequest(method="GET", url="https://sts/"),
            HttpReply(status=401, body=b"\xff"),
            ("GET https://sts/", "401"),
            "\ufffd",
            False,
        ),
        (
            SEARCH,
            FOUND,
            ("LDAP search (objectClass=computer)", "1 entry"),
            "dn: CN=WS01\ncn: WS01\nobjectGUID: 0x00ff",
            True,
        ),
        (SEARCH, SearchReply(entries=()), ("LDAP search (objectClass=computer)", "0 entries"), "", True),
        (
            TicketRequest(service="HTTP", host="sts"),
            TICKET,
            ("TGS-REQ HTTP/sts", "ticket for HTTP/sts"),
            "client: WS01$\nserver: HTTP/sts\nticket encryption: aes256\nkey version: 2\nsession key: aes128\n"
            "valid: 2026-07-14 12:00:00Z to 2026-07-14 12:00:00Z",
            True,
        ),
        (
            TicketRequest(service="HTTP", host="sts"),
            Breakdown(kind="KDC_ERR", message="no"),
            ("TGS-REQ HTTP/sts", "KDC_ERR"),
            "no",
            False,
        ),
    ],
    ids=["http", "http-refused", "search", "search-empty", "ticket", "broken"],
)
def test_each_kind_of_exchange_is_readable(
    request_: Request, reply: Reply, headlines: tuple[str, str], body: str, ok: bool
) -> None:
    exchange = Exchange(
        step=Step.RST, party=Party.IDP, request=request_, reply=reply, started_at=NOON, elapsed_s=0.0015
    )
    kept = keep(exchange)
    picture = drawn(kept)
    assert (picture.request.headline, picture.reply.headline) == headlines
    assert (picture.reply.body, picture.ok, picture.elapsed_ms) == (body, ok, 1.5)
    assert recall(kept) == exchange
    assert mask_again(kept) == kept


@given(st.binary(max_size=60))
def test_octets_are_kept_exactly_whatever_they_are(raw: bytes) -> None:
    kept = content(raw)

    assert octets(kept) == raw
    assert isinstance(kept, str | Octets)


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        (b"<a/>", "<a/>"),
        ("Zoë\r\n\t".encode(), "Zoë\r\n\t"),
        (b"", ""),
        (b"\xff", Octets(base64="/w==")),
        (b"a\0", Octets(base64="YQA=")),
        (b"\x1b[31m", Octets(base64="G1szMW0=")),
    ],
    ids=["markup", "beyond ASCII", "nothing", "no UTF-8", "zero", "terminal control"],
)
def test_text_is_kept_as_text_and_everything_else_in_base64(raw: bytes, kept: object) -> None:
    assert content(raw) == kept


def test_a_grant_is_drawn_with_its_assertion_decoded_and_any_other_form_as_it_is() -> None:
    grant = build_grant("<saml:Assertion>Zoë</saml:Assertion>".encode()).decode()
    request = HttpRequestRecord(method="POST", url="https://login/", body=grant)

    assert "&assertion=<saml:Assertion>Zoë</saml:Assertion>&client_id=" in drawn_request(request).body
    for body in ("assertion=PGE-&x=1", "{}", "grant_type=x&assertion=no+base64!&y="):
        plain = HttpRequestRecord(method="POST", url="https://login/", body=body)
        assert drawn_request(plain).body.replace(" ", "+") == body.replace(" ", "+")


@pytest.mark.parametrize("step", HYBRID_JOIN.steps)
def test_each_step_is_drawn_by_its_title_and_in_a_probe_by_the_probes(step: Step) -> None:
    exchange = Exchange(
        step=step, party=Party.IDP, request=SEARCH, reply=Breakdown(kind="x", message=""), started_at=NOON, elapsed_s=0
    )
    flow = next(flow for flow in FLOWS if step in flow.steps)
    row = flow.row(step)

    assert drawn(keep(exchange), flow=flow).title == row.title
    assert drawn(keep(exchange), flow=flow, probe=True).title == (row.probe_title or row.title)


@pytest.fixture(scope="module")
def old() -> dict[str, Any]:
    data = json.loads(VECTOR.read_text("utf-8"))
    assert isinstance(data, dict)
    return data


@pytest.fixture(scope="module")
def read() -> RunRecord:
    return decode_record(VECTOR.read_bytes(), place=VECTOR.name)


def test_a_record_of_the_first_version_is_read_as_one_of_the_second(read: RunRecord, old: dict[str, Any]) -> None:
    (scenario,) = read.scenarios

    assert read.schema == SCHEMA
    assert scenario.join is not None
    assert scenario.join.circumstances is None
    places = {item["requirement"]: item["where"] for item in old["scenarios"][0]["join"]["verdicts"] if item["where"]}
    assert len(places) > 50
    assert {item.requirement: item.where for item in scenario.join.verdicts if item.where} == {
        name: Where(document=where) for name, where in places.items()
    }
    assert decode_record(encode_record(read), place="again") == read


def test_every_exchange_of_it_is_drawn_as_it_was(read: RunRecord, old: dict[str, Any]) -> None:
    join = read.scenarios[0].join
    assert join is not None
    then = old["scenarios"][0]["join"]["exchanges"]
    now = [drawn(item) for item in join.exchanges]

    for before, after in zip(then, now, strict=True):
        for side in ("request", "reply"):
            message = getattr(after, side)
            assert message.headline == before[side]["headline"]
            assert message.body == before[side]["body"]
            assert [list(pair) for pair in message.headers] == before[side]["headers"]
        assert (after.title, after.ok, after.elapsed_ms) == (before["title"], before["ok"], before["elapsed_ms"])
    assert {type(item.reply).__name__ for item in join.exchanges} == {
        "HttpReplyRecord", "SearchReplyRecord", "TicketReply",
    }  # fmt: skip


def test_its_grant_is_a_form_again(read: RunRecord) -> None:
    join = read.scenarios[0].join
    assert join is not None
    request = next(item.request for item in join.exchanges if item.step is Step.TOKEN)
    assert isinstance(request, HttpRequestRecord)
    assert isinstance(request.body, str)

    (assertion,) = parse_qs(request.body)["assertion"]

    assert b"AssertionID=" in base64.b64decode(assertion, validate=True)


@pytest.mark.parametrize("name", [item.name for item in FORMATS])
def test_every_picture_of_it_can_be_drawn(read: RunRecord, name: str) -> None:
    assert find_format(name).draw(read)


@pytest.mark.parametrize(
    "exchange",
    [
        {},
        {"request": 7, "reply": []},
        {"request": {"headline": "LDAP search x", "body": "base"}, "reply": {"headline": "1 entry", "body": "\n\n"}},
        {"request": {"headline": "TGS-REQ x"}, "reply": {"headline": "ticket for x", "body": "valid: soon"}},
    ],
    ids=["nothing", "other types", "no entry", "no times"],
)
def test_what_no_version_wrote_is_a_mistake_and_no_crash(old: dict[str, Any], exchange: object) -> None:
    spoiled = json.loads(json.dumps(old))
    spoiled["scenarios"][0]["join"]["exchanges"] = [exchange]

    with pytest.raises(UsageError, match=r"scenarios\.0\.join\.exchanges\.0"):
        decode_record(json.dumps(spoiled).encode(), place="record.json")


def test_a_breakdown_of_the_first_version_stays_one(old: dict[str, Any]) -> None:
    changed = json.loads(json.dumps(old))
    exchange = changed["scenarios"][0]["join"]["exchanges"][6]
    exchange["reply"] = {"headline": "timeout", "headers": [], "body": "no answer within 2 s"}

    join = decode_record(json.dumps(changed).encode(), place="record.json").scenarios[0].join

    assert join is not None
    assert join.exchanges[6].reply == Breakdown(kind="timeout", message="no answer within 2 s")


@pytest.mark.parametrize(("step", "ok"), [(Step.FEDERATION_METADATA, True), (Step.PASSIVE, False)])
def test_what_answers_a_question_that_only_explains_refuses_nothing(step: Step, ok: bool) -> None:
    reply = HttpReplyRecord(status=404, reason="Not Found")
    kept = exchange(step, Party.IDP, get("https://sts.hybridjoin.test/"), reply, at_ms=0, took_ms=1)

    assert not kept.ok
    assert drawn(kept, SIGN_IN_BROWSER).ok is ok


def answered(step: Step, status: int) -> ExchangeRecord:
    return exchange(
        step, Party.IDP, get("https://sts.example/"), HttpReplyRecord(status=status), at_ms=0.0, took_ms=1.0
    )


def test_an_answer_from_which_a_flow_went_on_refused_nothing() -> None:
    """A browser without a ticket reads the page below the challenge, and fails at what it types there."""
    gone = (answered(Step.PASSIVE, 401), answered(Step.CREDENTIALS, 302), answered(Step.CREDENTIALS, 500))

    assert [item.ok for item in drawn_flow(gone, SIGN_IN_BROWSER, failed_at=Step.CREDENTIALS)] == [True, True, False]
    assert [item.ok for item in drawn_flow(gone[:1], SIGN_IN_BROWSER, failed_at=Step.PASSIVE)] == [False]
    assert [item.ok for item in drawn_flow(gone, SIGN_IN_BROWSER, failed_at=Step.PASSIVE)] == [False, True, False]
