from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from hybridjoin.errors import PeerError
from hybridjoin.protocol.mex import Trust
from hybridjoin.protocol.rstr import SoapFault, TokenResponse, parse_reply
from tests.protocol.documents import (
    ASSERTION_ID,
    MESSAGE_ID,
    REALM,
    T13,
    T2005,
    AssertionText,
    ReplyText,
    fault_11,
    fault_12,
    sign,
)

PLAIN = str(AssertionText())
SAML_2 = (
    '<a:Assertion xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion" Version="2.0" ID="_2" '
    'IssueInstant="2025-07-09T02:14:21Z"><a:Issuer>https://idp</a:Issuer></a:Assertion>'
)
ENCRYPTED = '<x:EncryptedData xmlns:x="http://www.w3.org/2001/04/xmlenc#"/>'


def read(reply: ReplyText) -> TokenResponse:
    answer = parse_reply(bytes(reply), http_status=200, content_type="application/soap+xml; charset=utf-8")
    assert isinstance(answer, TokenResponse)
    return answer


def test_entras_own_token_is_handed_on_and_nothing_in_it_is_read() -> None:
    own = (
        '<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:1.0:assertion"><DesktopSsoToken>t</DesktopSsoToken>'
        "</saml:Assertion>"
    )
    answer = read(ReplyText(tokens=(own,), trust=T2005))

    assert (answer.desktop_sso, answer.assertion, answer.assertions) == (True, None, ())
    assert answer.assertion_xml.decode() == own
    assert not read(ReplyText(tokens=(PLAIN,))).desktop_sso


def test_what_entra_says_in_a_fault_of_its_own_is_kept() -> None:
    detail = (
        '<p:error xmlns:p="http://schemas.microsoft.com/Passport/SoapServices/SOAPFault"><p:value>0x80048821</p:value>'
        "<p:internalerror><p:code>0x80048821</p:code><p:text>AADSTS50126: No.</p:text></p:internalerror></p:error>"
    )
    body = (
        '<S:Envelope xmlns:S="http://www.w3.org/2003/05/soap-envelope"><S:Body><S:Fault><S:Code><S:Value>S:Sender'
        '</S:Value></S:Code><S:Reason><S:Text xml:lang="en">Authentication Failure</S:Text></S:Reason>'
        f"<S:Detail>{detail}</S:Detail></S:Fault></S:Body></S:Envelope>"
    )
    fault = parse_reply(body.encode(), http_status=400, content_type="application/soap+xml")

    assert isinstance(fault, SoapFault)
    assert (fault.reason, fault.own_words) == ("Authentication Failure", "AADSTS50126: No.")


@pytest.mark.parametrize("collection", [True, False])
@pytest.mark.parametrize(("space", "trust"), [(T13, Trust.V13), (T2005, Trust.FEB2005)])
def test_a_response_is_read_alone_and_in_a_collection(space: str, trust: Trust, collection: bool) -> None:
    response = read(ReplyText(tokens=(PLAIN,), trust=space, collection=collection))

    assert response.trust is trust
    assert response.in_collection is collection
    assert response.responses == 1
    assert response.soap_version == "1.2"
    assert response.relates_to == MESSAGE_ID
    assert response.applies_to == REALM
    assert response.attached_reference == ASSERTION_ID
    assert response.unattached_reference is None
    assert response.token_type == "urn:oasis:names:tc:SAML:1.0:assertion"
    assert response.request_type == f"{space}/Issue"
    assert response.assertion is not None
    assert response.assertion.assertion_id == ASSERTION_ID
    assert response.lifetime_created == datetime(2025, 7, 9, 2, 14, 21, tzinfo=UTC)


def test_the_order_of_the_parts_does_not_matter_and_is_kept() -> None:
    forward, backward = (read(ReplyText(tokens=(PLAIN,), reverse=turned)) for turned in (False, True))

    assert forward.child_order == tuple(reversed(backward.child_order))
    assert replace(forward, child_order=(), line=0) == replace(backward, child_order=(), line=0)


def test_every_optional_part_may_be_missing() -> None:
    response = read(
        ReplyText(
            tokens=(PLAIN,), relates_to=None, token_type=None, applies_to=None, lifetime=None, reference=None, action=""
        )
    )

    assert (response.relates_to, response.token_type, response.applies_to) == (None, None, None)
    assert (response.lifetime_created, response.lifetime_expires, response.attached_reference) == (None, None, None)
    assert response.assertion is not None


def test_soap_11_is_read_too() -> None:
    assert read(ReplyText(tokens=(PLAIN,), soap="http://schemas.xmlsoap.org/soap/envelope/")).soap_version == "1.1"


def test_a_response_without_an_envelope_is_read_and_said() -> None:
    body = f'<x:RequestSecurityTokenResponse xmlns:x="{T13}"/>'.encode()

    answer = parse_reply(body, http_status=200, content_type="text/xml")

    assert isinstance(answer, TokenResponse)
    assert answer.soap_version == "none"
    assert answer.assertion is None


@pytest.mark.parametrize(
    ("tokens", "versions", "chosen"),
    [
        pytest.param((), (), None, id="no token"),
        pytest.param((PLAIN, PLAIN), ("1.1", "1.1"), "1.1", id="two assertions"),
        pytest.param((SAML_2, PLAIN), ("2.0", "1.1"), "1.1", id="SAML 2.0 before SAML 1.1"),
        pytest.param((SAML_2,), ("2.0",), None, id="SAML 2.0 only"),
        pytest.param((ENCRYPTED,), (), None, id="encrypted"),
    ],
)
def test_the_saml_11_assertion_is_chosen(
    tokens: tuple[str, ...], versions: tuple[str, ...], chosen: str | None
) -> None:
    response = read(ReplyText(tokens=tokens))

    assert tuple(item.version for item in response.assertions) == versions
    assert (response.assertion.version if response.assertion else None) == chosen
    assert bool(response.assertion_xml) is (chosen is not None)
    assert response.encrypted is (tokens == (ENCRYPTED,))


def test_the_fields_are_those_of_the_response_that_carries_the_assertion() -> None:
    first, second = (
        ReplyText(tokens=(SAML_2,), token_type="urn:first"),
        ReplyText(tokens=(PLAIN,), token_type="urn:second"),
    )
    one = bytes(first).decode().partition("<x:RequestSecurityTokenResponse")[2].partition("</c:")[0]
    body = bytes(second).decode().replace("</c:", f"<x:RequestSecurityTokenResponse{one}</c:")

    response = parse_reply(body.encode(), http_status=200, content_type="")

    assert isinstance(response, TokenResponse)
    assert response.responses == 2
    assert response.token_type == "urn:second"


def test_the_assertion_is_cut_as_it_was_signed() -> None:
    signed = sign(PLAIN)

    response = read(ReplyText(tokens=(signed,)))

    assert response.assertion_xml == signed.encode()
    assert response.borrowed_namespaces == ()


def test_a_namespace_declared_on_the_envelope_only_is_named() -> None:
    declared = ' xmlns:saml="urn:oasis:names:tc:SAML:1.0:assertion"'

    response = read(ReplyText(tokens=(str(AssertionText(declare=False)),), response_declarations=declared))

    assert response.borrowed_namespaces == ("saml",)
    assert b"xmlns:saml=" in response.assertion_xml


def test_the_repr_of_a_response_does_not_show_the_assertion() -> None:
    assert "Signature" not in repr(read(ReplyText(tokens=(sign(PLAIN),)))).replace("has_signature", "").replace(
        "'Signature'", ""
    )


@pytest.mark.parametrize("status", [200, 400, 500])
@pytest.mark.parametrize("trust", [T13, T2005])
def test_a_soap_12_fault_is_read_whatever_the_status(trust: str, status: int) -> None:
    fault = parse_reply(fault_12(trust=trust), http_status=status, content_type="application/soap+xml")

    assert fault == SoapFault(
        soap_version="1.2",
        code="Sender",
        subcode="FailedAuthentication",
        subcode_namespace=trust,
        reason="Access denied.",
        detail="closed",
        http_status=status,
        relates_to=MESSAGE_ID,
    )


def test_the_ws_trust_subcode_is_found_below_another_one() -> None:
    body = (
        fault_12()
        .replace(b"<e:Subcode>", b'<e:Subcode><e:Value xmlns:q="urn:q">q:Own</e:Value><e:Subcode>')
        .replace(b"</e:Subcode></e:Code>", b"</e:Subcode></e:Subcode></e:Code>")
    )

    fault = parse_reply(body, http_status=500, content_type="")

    assert isinstance(fault, SoapFault)
    assert fault.subcode == "FailedAuthentication"


@pytest.mark.parametrize(
    ("code", "subcode"), [("t:FailedAuthentication", "FailedAuthentication"), ("e:Server", None), ("Client", None)]
)
def test_a_soap_11_fault_is_read(code: str, subcode: str | None) -> None:
    fault = parse_reply(fault_11(code), http_status=500, content_type="text/xml")

    assert isinstance(fault, SoapFault)
    assert (fault.soap_version, fault.code, fault.subcode) == ("1.1", code.rpartition(":")[2], subcode)
    assert fault.reason == "Access denied."


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<html><body>Sign in</body></html>", "expected a SOAP 1.1 or 1.2 Envelope, found <html>"),
        (b"", "an empty body"),
        (bytes(ReplyText(tokens=(PLAIN,)))[:-40], "well-formed XML"),
        (
            b'<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body/></e:Envelope>',
            "expected a RequestSecurityTokenResponse in the Body, found nothing",
        ),
        (b'<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"/>', "Body in Envelope, found 0"),
    ],
)
def test_what_is_neither_token_nor_fault_is_refused_in_words(body: bytes, words: str) -> None:
    with pytest.raises(PeerError) as caught:
        parse_reply(body, http_status=502, content_type="text/html")

    assert words in caught.value.problem
    assert caught.value.where == "RSTR (HTTP 502, text/html)"


WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
WSU = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"


def test_the_timestamp_of_the_security_header_is_read() -> None:
    stamp = (
        f'<o:Security xmlns:o="{WSSE}" xmlns:u="{WSU}"><u:Timestamp><u:Created>2025-07-09T02:14:21Z</u:Created>'
        "<u:Expires>soon</u:Expires></u:Timestamp></o:Security></e:Header>"
    )
    body = bytes(ReplyText(tokens=(PLAIN,))).decode().replace("</e:Header>", stamp)

    response = parse_reply(body.encode(), http_status=200, content_type="")

    assert isinstance(response, TokenResponse)
    assert response.timestamp == (datetime(2025, 7, 9, 2, 14, 21, tzinfo=UTC), None)


def test_a_reference_may_be_direct() -> None:
    body = bytes(ReplyText(tokens=(PLAIN,))).decode()
    start, end = body.index("<o:KeyIdentifier>"), body.index("</o:SecurityTokenReference>")

    for inner, expected in (('<o:Reference URI="#_1"/>', "#_1"), ("", None)):
        response = parse_reply((body[:start] + inner + body[end:]).encode(), http_status=200, content_type="")
        assert isinstance(response, TokenResponse)
        assert response.attached_reference == expected


def test_an_empty_collection_has_no_response() -> None:
    body = bytes(ReplyText(tokens=())).decode()
    start, end = body.index("<x:RequestSecurityTokenResponse "), body.index("</c:")

    response = parse_reply((body[:start] + body[end:]).encode(), http_status=200, content_type="")

    assert isinstance(response, TokenResponse)
    assert (response.responses, response.child_order, response.assertion) == (0, (), None)


def test_a_fault_with_an_empty_subcode_has_none() -> None:
    body = fault_12().replace(b'<e:Value xmlns:t="' + T13.encode() + b'">t:FailedAuthentication</e:Value>', b"")

    fault = parse_reply(body, http_status=500, content_type="")

    assert isinstance(fault, SoapFault)
    assert fault.subcode is None


HIDDEN = f'<q:Extensions xmlns:q="urn:example:extension">{PLAIN}</q:Extensions>'


@pytest.mark.parametrize(
    ("tokens", "number"),
    [
        pytest.param((), 0, id="none"),
        pytest.param((PLAIN,), 0, id="one"),
        pytest.param((PLAIN, PLAIN), 1, id="the first of two"),
        pytest.param((SAML_2, PLAIN), 2, id="after one of another version"),
        pytest.param((HIDDEN, PLAIN), 2, id="after one that hides in an extension"),
        pytest.param((HIDDEN, HIDDEN, PLAIN, HIDDEN), 3, id="amid three that hide"),
    ],
)
def test_of_several_twins_the_one_that_is_read_is_known_by_its_number(tokens: tuple[str, ...], number: int) -> None:
    assert read(ReplyText(tokens=tokens)).assertion_number == number
