"""The token service reads what real clients send, and refuses each mistake with the WS-Trust fault made for it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridjoin.doubles.idp.rst import Rst, RstRefused, check_rst, read_rst

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
MICROSOFT_ONLINE = "urn:federation:MicrosoftOnline"
TRUST_13 = "http://docs.oasis-open.org/ws-sx/ws-trust/200512"
TRUST_2005 = "http://schemas.xmlsoap.org/ws/2005/02/trust"
SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"
SOAP_11 = "http://schemas.xmlsoap.org/soap/envelope/"
WSU = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"


def envelope(content: str, *, header: str = "", soap: str = SOAP_12) -> bytes:
    addressing = "http://www.w3.org/2005/08/addressing"
    return (
        f'<s:Envelope xmlns:s="{soap}" xmlns:a="{addressing}" xmlns:u="{WSU}" xmlns:o="{WSSE}">'
        f"<s:Header>{header}</s:Header><s:Body>{content}</s:Body></s:Envelope>"
    ).encode()


def request(
    trust: str = TRUST_13, *, request_type: str | None = None, audience: str = MICROSOFT_ONLINE, more: str = ""
) -> str:
    applies_to = (
        '<p:AppliesTo xmlns:p="http://schemas.xmlsoap.org/ws/2004/09/policy"><a:EndpointReference>'
        f"<a:Address>{audience}</a:Address></a:EndpointReference></p:AppliesTo>"
    )
    kind = f"{trust}/Issue" if request_type is None else request_type
    return (
        f'<t:RequestSecurityToken xmlns:t="{trust}">{applies_to if audience else ""}'
        f"<t:RequestType>{kind}</t:RequestType>{more}</t:RequestSecurityToken>"
    )


def judged(body: bytes, *, trusts: tuple[str, ...] = ("1.3", "2005")) -> Rst:
    rst = read_rst(body, fallback_trust="1.3")
    check_rst(rst, audience=MICROSOFT_ONLINE, trust_versions=trusts, now=NOW)
    return rst


def refused(body: bytes, *, trusts: tuple[str, ...] = ("1.3", "2005")) -> RstRefused:
    with pytest.raises(RstRefused) as caught:
        judged(body, trusts=trusts)
    return caught.value


@pytest.mark.parametrize(("trust", "name"), [(TRUST_13, "1.3"), (TRUST_2005, "2005")], ids=["1.3", "2005"])
def test_both_versions_are_read(trust: str, name: str) -> None:
    rst = judged(envelope(request(trust), header="<a:MessageID>urn:uuid:7</a:MessageID>"))

    assert (rst.trust, rst.message_id, rst.applies_to) == (name, "urn:uuid:7", MICROSOFT_ONLINE)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "<a:messageID>urn:uuid:7</a:messageID>",
        '<o:Security s:mustUnderstand="1"/>',
        f'<a:To s:mustUnderstand="1">https://x</a:To><a:Action>{TRUST_13}/RST/Issue</a:Action>',
        '<x:New xmlns:x="urn:x"/><x:Newer xmlns:x="urn:x" s:mustUnderstand="0"/>',
        "<!-- a remark --><a:ReplyTo><a:Address>http://www.w3.org/2005/08/addressing/anonymous</a:Address></a:ReplyTo>",
    ],
    ids=["no header", "messageID", "empty Security", "To before Action", "optional", "ReplyTo"],
)
def test_what_clients_do_differently_is_tolerated(header: str) -> None:
    assert judged(envelope(request(), header=header)).request_type == f"{TRUST_13}/Issue"


def test_a_message_id_in_lower_case_is_answered_too() -> None:
    body = envelope(request(), header="<a:messageID>urn:uuid:8</a:messageID>")

    assert judged(body).message_id == "urn:uuid:8"


def test_soap_11_is_read_and_remembered() -> None:
    assert judged(envelope(request(), soap=SOAP_11)).soap == SOAP_11


def test_a_username_token_is_read_and_its_password_never_shown() -> None:
    token = "<o:UsernameToken><o:Username>alice</o:Username><o:Password> s3cret </o:Password></o:UsernameToken>"
    rst = judged(envelope(request(), header=f"<o:Security>{token}</o:Security>"))

    assert (rst.username, rst.password) == ("alice", " s3cret ")
    assert "s3cret" not in repr(rst)


TIMESTAMP = "<o:Security><u:Timestamp><u:Created>{0}</u:Created><u:Expires>{1}</u:Expires></u:Timestamp></o:Security>"
LIFETIME = "<t:Lifetime><u:Created>{0}</u:Created><u:Expires>{1}</u:Expires></t:Lifetime>"


@pytest.mark.parametrize(
    ("fault", "body"),
    [
        ("InvalidRequest", b""),
        ("InvalidRequest", b"not XML"),
        ("InvalidRequest", b"<s:Envelope"),
        ("InvalidRequest", b"<html/>"),
        ("VersionMismatch", envelope(request(), soap="urn:another-soap")),
        ("MustUnderstand", envelope(request(), header='<x:New xmlns:x="urn:x" s:mustUnderstand="1"/>')),
        ("MustUnderstand", envelope(request(), header='<x:New xmlns:x="urn:x" s:mustUnderstand="true"/>')),
        ("InvalidRequest", b'<!DOCTYPE x [<!ENTITY e "y">]>' + envelope(request())),
        ("InvalidRequest", envelope("")),
        ("InvalidRequest", envelope('<t:RequestSecurityToken xmlns:t="urn:other"/>')),
        ("InvalidRequest", envelope(request(audience=""))),
        ("InvalidScope", envelope(request(audience="urn:federation:SomebodyElse"))),
        ("InvalidScope", envelope(request(audience=MICROSOFT_ONLINE + "/"))),
        ("BadRequest", envelope(request(request_type=f"{TRUST_13}/Validate"))),
        ("BadRequest", envelope(request(request_type=f"{TRUST_2005}/Issue"))),
        ("BadRequest", envelope(request(request_type="Issue"))),
        ("UnableToRenew", envelope(request(request_type=f"{TRUST_13}/Renew"))),
        ("RequestFailed", envelope(request(more=f"<t:KeyType>{TRUST_13}/SymmetricKey</t:KeyType>"))),
        ("RequestFailed", envelope(request(more="<t:TokenType>urn:oasis:names:tc:SAML:2.0:assertion</t:TokenType>"))),
        ("ActionNotSupported", envelope(request(), header=f"<a:Action>{TRUST_13}/RST/Cancel</a:Action>")),
        (
            "ExpiredData",
            envelope(request(), header=TIMESTAMP.format("2026-11-20T11:40:00Z", "2026-11-20T11:50:00Z")),
        ),
        ("ExpiredData", envelope(request(), header=TIMESTAMP.format("", "yesterday"))),
        ("InvalidTimeRange", envelope(request(more=LIFETIME.format("2026-11-20T13:00:00Z", "2026-11-20T12:00:00Z")))),
        ("InvalidTimeRange", envelope(request(more=LIFETIME.format("now", "later")))),
    ],
)
def test_each_mistake_has_its_fault(fault: str, body: bytes) -> None:
    assert refused(body).name == fault


def test_a_version_that_the_address_does_not_speak_is_a_bad_request_in_that_version() -> None:
    refusal = refused(envelope(request(TRUST_2005)), trusts=("1.3",))

    assert (refusal.name, refusal.namespace) == ("BadRequest", TRUST_2005)


def test_an_action_that_is_not_supported_is_addressings_fault() -> None:
    body = envelope(request(), header=f"<a:Action>{TRUST_13}/RST/Cancel</a:Action><a:MessageID>urn:9</a:MessageID>")

    assert refused(body).namespace == "http://www.w3.org/2005/08/addressing"
    assert refused(body).rst.message_id == "urn:9"


def test_times_within_five_minutes_of_skew_and_without_a_zone_are_taken() -> None:
    header = TIMESTAMP.format("2026-11-20T11:46:00Z", "2026-11-20T11:56:00")

    assert judged(envelope(request(), header=header)).expires == "2026-11-20T11:56:00"


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: envelope("", header=text.replace("\x00", ""))))
def test_no_bytes_make_the_reader_fail_in_another_way(body: bytes) -> None:
    with pytest.raises(RstRefused) as caught:
        read_rst(body, fallback_trust="2005")

    assert caught.value.name == "InvalidRequest"
    assert caught.value.namespace in {TRUST_2005, TRUST_13}
