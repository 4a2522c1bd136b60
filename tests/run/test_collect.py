"""A join becomes plain data: every exchange readable, every code with where it is known from."""

from __future__ import annotations

from dataclasses import replace

import pytest

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
from hybridjoin.model.record import JoinResult
from hybridjoin.model.steps import Party, Phase, Step
from hybridjoin.model.verdict import Certainty
from hybridjoin.protocol.enrolment import EnrolmentError
from hybridjoin.protocol.rstr import SoapFault
from hybridjoin.run.collect import exchange_record, failure_record
from tests.run.joins import NOON, REFUSED, evidence_of, record_of

SEARCH = SearchRequest(base="DC=example", filter="(objectClass=computer)", attributes=("cn", "objectGUID"), scope="sub")
FOUND = SearchReply(
    entries=(Entry(dn="CN=WS01", attributes=(("cn", (b"WS01",)), ("objectGUID", (b"\x00\xff",)))),)
)  # fmt: skip
TICKET = TicketReply(
    client="WS01$", server="HTTP/sts", ticket_etype="aes256", session_etype="aes128", starts_at=NOON, ends_at=NOON
)


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
            "client: WS01$\nserver: HTTP/sts\nticket encryption: aes256\nsession key: aes128\n"
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
    record = exchange_record(
        Exchange(step=Step.RST, party=Party.IDP, request=request_, reply=reply, started_at=NOON, elapsed_s=0.0015)
    )
    assert (record.request.headline, record.reply.headline) == headlines
    assert (record.reply.body, record.ok, record.elapsed_ms) == (body, ok, 1.5)


def test_a_refusal_of_entra_leads_with_its_own_code() -> None:
    record = failure_record(REFUSED)
    assert record is not None
    assert [(code.code, code.symbol, code.certainty) for code in record.codes] == [
        ("AADSTS51004", "invalid_grant", Certainty.OBSERVED),
        ("0xcaa20003", "ERROR_ADAL_SERVER_ERROR_INVALID_GRANT", Certainty.DOCUMENTED),
        ("0xcaa1000e", "", Certainty.OBSERVED),
    ]
    assert record.codes[0].meaning == "The user account {EUII Hidden} does not exist."
    assert record.server_message.startswith("AADSTS51004:")


def test_the_servers_own_words_are_kept_whoever_it_was() -> None:
    enrolment = EnrolmentError(http_status=400, error_type="DirectoryError", message="gone", trace_id="", time="")
    fault = SoapFault(
        soap_version="1.2", code="Sender", subcode=None, subcode_namespace=None, reason="no", detail="", http_status=500
    )
    said = [failure_record(replace(REFUSED, server=server)) for server in (enrolment, fault, None)]
    assert [record.server_message for record in said if record] == ["DirectoryError: gone", "no", ""]


def test_a_join_is_recorded_whole() -> None:
    record = record_of(evidence_of())
    assert (record.device, record.result) == ("WS01", JoinResult.FAILED)
    assert record.failure is not None
    assert (record.failure.phase, record.failure.step) == (Phase.AUTH, Step.TOKEN)
    assert [exchange.step for exchange in record.exchanges] == [Step.RST, Step.TOKEN]
    assert record.client_request_id == "7b690c51-7ff3-4900-8875-18a409e1053e"
    assert record_of(evidence_of(None)).failure is None
