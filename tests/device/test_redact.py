"""What is masked before anything is kept."""

from __future__ import annotations

import base64
import html
import json
import re
import time
from collections.abc import Callable
from urllib.parse import parse_qs, parse_qsl, quote, quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridjoin.model import redact
from hybridjoin.model.exchange import Breakdown, Entry, HttpReply, HttpRequest, SearchReply, TicketRequest
from hybridjoin.model.hiding import hide_text
from hybridjoin.model.masks import mask

SECRET = "c2VjcmV0LXRoYXQtbm9ib2R5LW1heS1zZWU"
JWT = f"eyJhbGciOiJSUzI1NiJ9.{SECRET}.{SECRET}"
PEM = f"-----BEGIN PRIVATE KEY-----\n{SECRET}\n{SECRET}\n-----END PRIVATE KEY-----"
ASSERTION = (
    '<saml:Assertion AssertionID="_1"><saml:AttributeValue>DJ</saml:AttributeValue><ds:SignedInfo/>'
    f"<ds:SignatureValue>{SECRET}</ds:SignatureValue></saml:Assertion>" + "<!-- " + "x" * 200 + " -->"
)
VALUE = f"<ds:SignatureValue>{SECRET}</ds:SignatureValue>"
PLACES = {
    "a value with CDATA": f"<ds:SignatureValue>{SECRET[:9]}<![CDATA[{SECRET[9:]}]]></ds:SignatureValue>",
    "a value in CDATA": f"<ds:SignatureValue><![CDATA[{SECRET}]]></ds:SignatureValue>",
    "a value with a comment": f"<ds:SignatureValue><!-- > -->{SECRET[:9]}<!-- -->{SECRET[9:]}</ds:SignatureValue>",
    "a value with a PI": f"<ds:SignatureValue>{SECRET[:9]}<?x y?>{SECRET[9:]}</ds:SignatureValue>",
    "a value with an element": f"<ds:SignatureValue>{SECRET[:9]}<x/>{SECRET[9:]}</ds:SignatureValue>",
    "behind an attribute with a bracket": f'<ds:SignatureValue Id="a>b">{SECRET}</ds:SignatureValue>',
    "in a page": f"<pre>{html.escape(VALUE)}</pre>",
    "in a page, twice escaped": f"<pre>{html.escape(html.escape(VALUE))}</pre>",
    "in a page, in numbers": VALUE.replace("<", "&#60;").replace(">", "&#x3e;"),
    "in JSON": json.dumps({"echo": VALUE}),
    "in JSON, brackets escaped": json.dumps({"echo": VALUE}).replace("<", "\\u003c").replace(">", "\\u003e"),
    "negotiate": f"Negotiate {SECRET}",
    "bearer": f"Authorization: Bearer {JWT}",
    "jwt alone": f"token={JWT}",
    "jwt behind a hyphen": f"x-{JWT}",
    "jwt behind other segments": f"a.b.{JWT}.c",
    "private key": PEM,
    "private key cut short": PEM[:90],
    "rsa key": PEM.replace("PRIVATE", "RSA PRIVATE"),
    "password element": f"<o:Password Type='text'>{SECRET}</o:Password>",
    "signature": ASSERTION,
    "default namespace": f'<SignatureValue xmlns="http://www.w3.org/2000/09/xmldsig#">\n{SECRET}\n</SignatureValue>',
    "access token": f'{{"access_token": "{SECRET}"}}',
    "refresh token": f'{{"refresh_token":"{SECRET}","scope":"openid"}}',
    "id token": f'{{"id_token" : "{SECRET}"}}',
    "escaped": f'{{"password": "a\\"{SECRET}"}}',
    "form": f"grant_type=password&username=alice&password={SECRET}",
    "signed blob": f'{{"SignedBlob": "{SECRET}"}}',
    "base64": base64.b64encode(ASSERTION.encode()).decode(),
    "base64url": base64.urlsafe_b64encode(ASSERTION.encode()).decode().rstrip("="),
    "percent": quote(ASSERTION),
    "base64 in JSON": f'{{"echo": "{base64.b64encode(ASSERTION.encode()).decode()}"}}',
}


@pytest.mark.parametrize("place", PLACES)
def test_a_secret_is_gone_wherever_it_stood(place: str) -> None:
    masked = redact.redact_text(PLACES[place])
    assert SECRET not in masked
    assert SECRET[:20] not in _everything_decoded(masked)


@pytest.mark.parametrize("place", PLACES)
def test_masking_twice_changes_nothing(place: str) -> None:
    once = redact.redact_text(PLACES[place])
    assert redact.redact_text(once) == once


@pytest.mark.parametrize("place", PLACES)
def test_a_secret_is_gone_from_a_body_of_any_kind(place: str) -> None:
    for kind in ("", "application/json", "text/xml", "application/x-www-form-urlencoded"):
        assert SECRET.encode() not in redact.redact_body(PLACES[place].encode(), kind)


def test_structure_stays_around_what_is_masked() -> None:
    assert redact.redact_text('{"access_token": "abc", "token_type": "Bearer"}') == (
        f'{{"access_token": "{mask("abc")}", "token_type": "Bearer"}}'
    )


def test_a_sentence_about_a_scheme_is_no_credential() -> None:
    sentence = "Kerberos authentication attempt failed, and Negotiate authentication."

    assert redact.redact_text(sentence) == sentence
    assert SECRET not in redact.redact_text(f"Kerberos {SECRET}")
    assert "authentications-of-mine" not in redact.redact_text("Kerberos authentications-of-mine")


def test_the_token_of_entras_own_service_is_masked_wherever_it_stands() -> None:
    xml = f'<a:Assertion xmlns:a="x"><DesktopSsoToken>{SECRET}</DesktopSsoToken></a:Assertion>'
    form = f"assertion={quote_plus(base64.b64encode(xml.encode()).decode())}"

    assert SECRET not in redact.redact_text(xml)
    masked = parse_qs(redact.redact_body(form.encode(), "application/x-www-form-urlencoded").decode())["assertion"][0]
    assert SECRET.encode() not in base64.b64decode(masked)
    assert b"<DesktopSsoToken>[masked" in base64.b64decode(masked)


def test_an_authentication_header_keeps_its_scheme_and_says_how_long_the_token_was() -> None:
    token = base64.b64encode(b"x" * 1943).decode()
    headers = (("Authorization", f"Negotiate {token}"), ("WWW-Authenticate", "Negotiate, NTLM"), ("Cookie", "a=b"))
    masked = redact.redact_headers(headers)
    assert [re.sub(r" [0-9a-f]{8}\]$", "]", value) for _, value in masked] == [
        "Negotiate [masked 1943 bytes]",
        "Negotiate, NTLM",
        "[masked 3 characters]",
    ]


@pytest.mark.parametrize("scheme", ["Foo", "Basic"])
def test_a_short_or_unknown_credential_is_masked_too(scheme: str) -> None:
    masked = (("authorization", f"{scheme} {mask('bar')}"),)
    assert redact.redact_headers((("authorization", f"{scheme} bar"),)) == masked
    assert redact.redact_headers(masked) == masked


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_a_form_stays_a_form_and_the_signature_in_its_assertion_is_masked(encode: Callable[[bytes], bytes]) -> None:
    form = urlencode({"grant_type": "urn:x:saml1_1-bearer", "assertion": encode(ASSERTION.encode()).rstrip(b"=")})
    masked = redact.redact_body(form.encode(), "application/x-www-form-urlencoded; charset=utf-8")
    (grant_type, assertion) = parse_qsl(masked.decode())
    assert grant_type == ("grant_type", "urn:x:saml1_1-bearer")
    assert assertion[0] == "assertion"
    decoded = base64.urlsafe_b64decode(assertion[1].replace("+", "-").replace("/", "_") + "===").decode()
    assert "<saml:AttributeValue>DJ</saml:AttributeValue>" in decoded
    assert f"<ds:SignatureValue>{mask(SECRET)}</ds:SignatureValue>" in decoded


def test_an_assertion_that_is_broken_into_lines_is_no_hiding_place() -> None:
    form = urlencode({"assertion": base64.encodebytes(ASSERTION.encode())})
    masked = redact.redact_body(form.encode(), "application/x-www-form-urlencoded")
    assert SECRET not in base64.b64decode(dict(parse_qsl(masked.decode()))["assertion"]).decode()


def test_letters_beyond_ascii_survive_in_a_forms_assertion() -> None:
    xml = "<saml:AttributeValue>Zoë 日本</saml:AttributeValue>"
    signed = f"{xml}<ds:SignatureValue>{SECRET}</ds:SignatureValue>"
    form = urlencode({"assertion": base64.b64encode(signed.encode())})
    masked = redact.redact_body(form.encode(), "application/x-www-form-urlencoded").decode()
    assert (
        base64.b64decode(dict(parse_qsl(masked))["assertion"]).decode().startswith(xml + "<ds:SignatureValue>[masked ")
    )


def test_a_masked_value_is_quoted_as_the_library_quotes_it() -> None:
    body = urlencode(
        {"assertion": base64.b64encode(b"<SignatureValue>c2VjcmV0</SignatureValue>??>>" * 9).decode()}
    ).encode()

    masked = redact.redact_body(body, "application/x-www-form-urlencoded")

    assert masked != body
    assert masked.decode() == urlencode(parse_qsl(masked.decode()))


def test_a_form_without_a_secret_stays_as_it_was_sent() -> None:
    form = b"grant_type=a%3ab&empty=&scope=open+id&x"
    assert redact.redact_body(form, "application/x-www-form-urlencoded") == form


@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
def test_what_follows_a_secret_keeps_its_line(line_break: str) -> None:
    text = f"<a>{line_break}<ds:SignatureValue>{SECRET}{line_break}{SECRET}{line_break}</ds:SignatureValue>\n<b/></a>"
    masked = redact.redact_text(text)
    assert SECRET not in masked
    assert [line.count("<b/>") for line in masked.split("\n")] == [line.count("<b/>") for line in text.split("\n")]
    assert redact.redact_text(masked) == masked


def test_utf_16_does_not_hide_a_secret() -> None:
    masked = redact.redact_body(ASSERTION.encode("utf-16"))
    assert SECRET not in masked.decode("utf-16")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_nor_does_it_without_a_mark(encoding: str) -> None:
    masked = redact.redact_body(ASSERTION.encode(encoding)).decode(encoding)
    assert SECRET not in masked
    assert masked.startswith(ASSERTION[:60])


def test_markup_inside_a_value_stays() -> None:
    masked = redact.redact_text(PLACES["a value with CDATA"] + PLACES["a value with a comment"])
    value = mask(SECRET)
    assert masked == (
        f"<ds:SignatureValue>{value}<![CDATA[]]></ds:SignatureValue>"
        f"<ds:SignatureValue>{value}<!-- > --><!-- --></ds:SignatureValue>"
    )


def test_an_empty_element_hides_nothing_of_what_follows() -> None:
    text = "<ds:SignatureValue/>who<o:Password Type='x' />what"
    assert redact.redact_text(text) == text


def test_the_same_secret_has_the_same_placeholder_and_another_one_another() -> None:
    masked = redact.redact_text(f'{{"access_token": "{SECRET}", "refresh_token": "{SECRET}", "id_token": "{SECRET}x"}}')
    access, refresh, identity = re.findall(r"\[masked \d+ characters ([0-9a-f]{8})\]", masked)
    assert access == refresh
    assert access != identity


def test_what_only_begins_like_a_placeholder_is_masked() -> None:
    assert SECRET not in redact.redact_text(f"<o:Password>[masked {SECRET}</o:Password>")
    assert SECRET not in redact.redact_text(f'{{"password": "[masked 3 characters] {SECRET}"}}')


def test_bytes_that_are_no_text_are_kept_as_they_are() -> None:
    raw = bytes(range(256))
    assert redact.redact_body(raw) == raw


def test_a_long_body_is_kept_whole_so_that_it_can_be_read_again() -> None:
    body = b"<a>" + b"b" * (1024 * 1024) + b"</a>"
    assert redact.redact_body(body) == body


def test_headers_are_masked_once() -> None:
    headers = (("Cookie", "a=b"), ("Authorization", "abcdef"), ("Authorization", f"Negotiate {SECRET}"))
    once = redact.redact_headers(headers)
    assert redact.redact_headers(once) == once


@pytest.mark.parametrize("place", PLACES)
def test_masking_a_body_twice_changes_nothing(place: str) -> None:
    for kind in ("", "application/json", "application/x-www-form-urlencoded"):
        once = redact.redact_body(PLACES[place].encode(), kind)
        assert redact.redact_body(once, kind) == once


def test_requests_and_replies_are_masked_in_every_part() -> None:
    request = HttpRequest(
        method="POST",
        url=f"https://x/?password={SECRET}",
        headers=(("Authorization", f"Bearer {JWT}"), ("Content-Type", "application/json")),
        body=f'{{"password":"{SECRET}"}}'.encode(),
    )
    reply = HttpReply(status=200, headers=(("WWW-Authenticate", f"Negotiate {SECRET}"),), body=ASSERTION.encode())
    assert SECRET not in repr(redact.redact_request(request))
    assert SECRET not in repr(redact.redact_reply(reply))
    assert SECRET not in repr(redact.redact_reply(Breakdown(kind="x", message=f"Bearer {JWT}")))


def test_ldap_and_ticket_exchanges_pass_unchanged() -> None:
    ticket = TicketRequest(service="HTTP", host="sts")
    found = SearchReply(entries=(Entry(dn="CN=x", attributes=(("userCertificate", (b"\x30\x82",)),)),))
    assert redact.redact_request(ticket) is ticket
    assert redact.redact_reply(found) is found


@pytest.mark.parametrize(
    "hostile",
    [
        b"-eyJ",
        b"eyJ",
        b"<",
        b"A",
        b"Negotiate ",
        b"%3C",
        b'"password":"',
        b"<Password ",
        b"<Password>",
        b"<Password><!--",
        b"<Nonce><![CDATA[",
        b"&lt;Nonce&gt;",
        b"&password=",
        b"-----BEGIN ",
        b" ",
        b"\n",
    ],
)
def test_no_hostile_body_takes_long_to_mask(hostile: bytes) -> None:
    for start in (b"", b"-----BEGIN PRIVATE KEY-----", b"Bearer ", b'"password": '):
        started = time.process_time()
        redact.redact_body(start + hostile * (256 * 1024 // len(hostile)))
        assert time.process_time() - started < 0.5  # 2 s for one MiB; what grows with the square takes minutes


@given(st.binary(max_size=400), st.sampled_from(["", "application/x-www-form-urlencoded", "text/xml"]))
def test_any_bytes_can_be_masked(body: bytes, kind: str) -> None:
    assert isinstance(redact.redact_body(body, kind), bytes)


def _everything_decoded(text: str) -> str:
    """A text with what its base64 would say, if it is base64."""
    try:
        padded = text.replace("-", "+").replace("_", "/")
        return text + base64.b64decode(padded + "=" * (-len(padded) % 4)).decode("utf-8", "replace")
    except ValueError:
        return text


def test_a_client_id_that_was_pasted_as_secret_stays_readable_and_is_no_secret_afterwards() -> None:
    client = "8f0b7a52-6a1c-4f4e-9d7b-0c2f5be4d811"
    form = f"grant_type=authorization_code&client_id={client}&client_secret={client}".encode()

    assert redact.redact_body(form, "application/x-www-form-urlencoded") == form
    assert redact.redact_body(form) == form


def test_the_name_in_basic_credentials_is_no_secret() -> None:
    name, secret = "0c7de1f0-3f0b-4a55-8f0d-2a9b7c1e5d42", "Aq8Q~short-value"
    shown = base64.b64encode(f"{name}:{secret}".encode()).decode()
    ((_, kept),) = redact.redact_headers((("Authorization", f"Basic {shown}"),))

    assert shown not in kept
    assert name in hide_text(f"the application {name}")
    assert secret not in hide_text(f"its secret {secret}")
