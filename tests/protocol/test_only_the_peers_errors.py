"""No reader raises anything but its own error, and no check breaks over what a reader let through.

Random octets seldom come far, so the documents here are well-formed: each place where a peer writes an address, a time,
a number, a name or a certificate gets what readers of such things stumble over.
"""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hybridjoin.checks import judge
from hybridjoin.checks.claims import claim_rows
from hybridjoin.device.adapters import spnego
from hybridjoin.errors import PeerError, UsageError
from hybridjoin.evidence.documents import metadata_parts
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.intake import captured_token, certificate_text, computer_facts, federation, ldif
from hybridjoin.model.exchange import Entry, HttpReply
from hybridjoin.model.verdict import Outcome
from hybridjoin.protocol import (
    address,
    computer,
    discovery,
    enrolment,
    guid,
    indentation,
    mex,
    negotiate,
    oauth,
    realm,
    rstr,
    times,
    transfer,
)
from tests.checks.evidence_factory import bent, reply_evidence
from tests.protocol.documents import AssertionText, ReplyText, sign, signer
from tests.protocol.metadata import WINDOWS_13, definitions, in_soap, metadata
from tests.protocol.test_discovery_documents import DISCOVERY, REALM
from tests.protocol.test_enrolment import issue
from tests.protocol.test_oauth import REFUSAL, jwt

QUIET = settings(suppress_health_check=[HealthCheck.too_slow])
SIGNED = sign(str(AssertionText()))

ODD_ADDRESSES = (
    "https://[", "https://[::1", "https://]/", "https://sts:99999/", "https://sts:abc/", "https://sts:-1/", "https://%5b/",
    "https://\u2100/", "https://xn--\uffff/", "https://\U0001d173/", "https://a@b:c@d/", "https://a\\@b/", "http:///x",
    "//", "https://" + "a" * 70 + ".test/",
    "https://.../", "https://sts:\u0661\u0662/", "\u0000", "https://sts\r\n/", "",
)  # fmt: skip
ODD_TIMES = (
    "9999-12-31T23:59:59Z", "9999-12-31T24:00:00Z", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00", "2025-07-09T24:00:00Z", "2025-02-30T00:00:00Z", "2025-07-09T02:14:21.999999999999Z",
    "2025-07-09T02:14:60Z", "10000-01-01T00:00:00Z", "-0001-01-01T00:00:00Z", "2025-07-09T02:14:21+99:99", "\u0662", "",
)  # fmt: skip
ODD_TEXTS = ("", " ", "\u202e", "\u0085", "a:b:c", ":", "{}", "%s%n", "\ufffe", "=" * 9, "A" * 9, "\U0010ffff", "S-1-5")
odd = st.one_of(st.sampled_from(ODD_ADDRESSES + ODD_TIMES + ODD_TEXTS), st.text(max_size=20))


def in_xml(text: str) -> str:
    """Write a text where XML can hold it; what XML cannot hold at all is left out."""
    held = "".join(
        c for c in text if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff"
    )
    return held.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;").replace("\r", "&#13;")


def interrupted(parts: Any) -> list[str]:  # noqa: ANN401 - the parts of any evidence
    """Which checks broke, and over what."""
    found = [item for item in judge(parts) if item.outcome is Outcome.INTERRUPTED]
    return [f"{item.requirement}: {item.not_tested}" for item in found]


def judged(evidence: JoinEvidence) -> None:
    assert interrupted(evidence.parts) == []
    claim_rows(evidence.parts)


@st.composite
def assertions(draw: st.DrawFn) -> AssertionText:
    """An assertion with something odd in one to three of its places."""
    strange = {
        "issuer": odd,
        "assertion_id": odd,
        "issued": odd,
        "window": st.tuples(odd, odd),
        "audience": odd,
        "method": odd,
        "name_identifier": odd,
        "name_format": odd,
        "confirmation": odd,
        "version": st.tuples(odd, odd),
        "claims": st.lists(st.tuples(odd, odd, st.lists(odd, max_size=3).map(tuple)), max_size=4).map(tuple),
    }
    chosen = draw(st.lists(st.sampled_from(sorted(strange)), min_size=1, max_size=3, unique=True))
    return AssertionText(**{name: _escaped(draw(strange[name])) for name in chosen})


def _escaped(value: Any) -> Any:  # noqa: ANN401 - a text, or texts in tuples
    return in_xml(value) if isinstance(value, str) else tuple(_escaped(item) for item in value)


@QUIET
@given(text=assertions(), lifetime=st.tuples(odd, odd), key=odd)
@example(text=AssertionText(window=("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z")), lifetime=("", ""), key="")
@example(text=AssertionText(issued="9999-12-31T24:00:00Z"), lifetime=("9999-12-31T23:59:59Z",) * 2, key="")
@example(text=AssertionText(issued="0001-01-01T00:00:00+14:00"), lifetime=("0001-01-01T00:00:00Z",) * 2, key="")
@example(text=AssertionText(window=("9999-12-31T23:59:59Z",) * 2), lifetime=("9999-12-31T23:59:59Z",) * 2, key="")
@example(text=AssertionText(window=("0001-01-01T00:00:00Z",) * 2), lifetime=("0001-01-01T00:00:00Z",) * 2, key="")
def test_no_check_breaks_over_a_token_response(text: AssertionText, lifetime: tuple[str, str], key: str) -> None:
    body = ReplyText(tokens=(str(text),), lifetime=_escaped(lifetime), key_type=in_xml(key), applies_to=in_xml(key))
    with suppress(PeerError):
        judged(bent(**reply_evidence(bytes(body))))


@QUIET
@given(url=odd, name=odd, action=odd, spn=odd, location=odd)
@example(url="https://[", name="a", action="", spn="", location="https://[")
def test_no_check_breaks_over_metadata(url: str, name: str, action: str, spn: str, location: str) -> None:
    reference = f"<wsa:EndpointReference><wsa:Address>{in_xml(url)}</wsa:Address></wsa:EndpointReference>"
    way = WINDOWS_13.__class__(
        name=in_xml(name), path="/", host=in_xml(url), action=in_xml(action), spn=in_xml(spn), epr=reference
    )
    messages = (
        f'<wsdl:types><xsd:schema><xsd:import schemaLocation="{in_xml(location)}" namespace="{in_xml(name)}"/>'
        "</xsd:schema></wsdl:types>"
    )
    with suppress(PeerError):
        document = mex.parse_mex(metadata((way,), messages=messages))
        mex.choose_msal(document)
        assert interrupted(metadata_parts(document)) == []


MESSAGES: dict[str, tuple[object, Callable[[bytes], object]]] = {
    "realm": (REALM, realm.parse_realm),
    "discovery": (DISCOVERY, discovery.parse_discovery),
    "token": (
        {"access_token": jwt({"aud": "x"}), "expires_in": 3599, "error_codes": [50008], **REFUSAL},
        lambda body: [oauth.parse_token_reply(HttpReply(status=status, body=body)) for status in (200, 400)],
    ),
    "join": (
        {
            "Certificate": {"Thumbprint": "AB", "RawBody": base64.b64encode(issue()).decode()},
            "User": {"Upn": "a@b"},
            "MembershipChanges": [{"AddSIDs": ["S-1-1-0"]}],
        },
        lambda body: enrolment.parse_join_reply(HttpReply(status=200, body=body)),
    ),
    "refused join": (
        {"ErrorDetails": {"ErrorType": "x", "Message": "y"}},
        lambda body: enrolment.parse_join_reply(HttpReply(status=400, body=body)),
    ),
}
surrogates = st.text(st.characters(), max_size=5) | st.sampled_from(["\ud800", "\udfff\ud800", "a\udc00"])
values = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), surrogates, odd, st.just([]), st.just({}), st.just(10**30)
)


def bend(draw: st.DrawFn, value: object) -> object:
    """Put something odd into one place of a JSON value, a member's name included."""
    if isinstance(value, dict) and value:
        name = draw(st.sampled_from(sorted(value)))
        inner = bend(draw, value[name])
        renamed = draw(st.sampled_from([name, name, name.upper(), f"{name}\ud800", "\udc00"]))
        return {**{key: item for key, item in value.items() if key != name}, renamed: inner}
    if isinstance(value, list) and value and draw(st.booleans()):
        return [bend(draw, item) for item in value]
    return draw(values)


@pytest.mark.parametrize("name", MESSAGES)
@QUIET
@given(data=st.data())
def test_odd_members_are_read_or_refused_in_words_that_can_be_written(name: str, data: st.DataObject) -> None:
    document, read = MESSAGES[name]
    body = json.dumps(data.draw(st.composite(lambda draw: bend(draw, document))())).encode()

    try:
        found = read(body)
    except PeerError as error:
        found = str(error)
    repr(found).encode("utf-8")
    str(found).encode("utf-8")


@pytest.mark.parametrize("name", MESSAGES)
def test_a_member_whose_name_no_encoding_can_spell_is_the_peers_fault(name: str) -> None:
    with pytest.raises(PeerError) as caught:
        MESSAGES[name][1](rb'{"\ud800": 1}')

    assert "�" in str(caught.value)
    str(caught.value).encode("utf-8")


# What a reader may raise besides nothing: a library's caller catches a ValueError, a person's file is a UsageError.
TEXTS: dict[str, tuple[Callable[[str], object], tuple[type[Exception], ...]]] = {
    "an address": (address.take_apart, (ValueError,)),
    "its host": (address.host_of, ()),
    "its parts": (address.split_address, ()),
    "an instant": (times.parse_instant, ()),
    "a GUID in base64": (guid.decode_guid, ()),
    "a GUID": (computer_facts.read_guid, ()),
    "claims of a token": (oauth.read_jwt_claims, ()),
    "a grant": (oauth.readable_grant, ()),
    "a certificate": (certificate_text.read_certificate, ()),
    "LDIF": (ldif.read_entries, (ValueError,)),
    "a challenge": (negotiate.token_kind, ()),
}


@pytest.mark.parametrize("name", TEXTS)
@QUIET
@given(text=st.one_of(odd, st.text(), st.tuples(odd, odd).map("".join)))
def test_any_text_is_read_or_refused(name: str, text: str) -> None:
    read, error = TEXTS[name]

    with suppress(*error):
        read(text)


OCTETS: dict[str, tuple[Callable[[bytes], object], tuple[type[Exception], ...], bytes]] = {
    "a captured token": (captured_token.read_token, (PeerError,), base64.b64encode(SIGNED.encode())),
    "federation settings": (
        lambda body: federation.read_settings(body, place="x"),
        (UsageError,),
        b'{"issuerUri": "https://sts.test/", "signingCertificate": "AAAA"}',
    ),
    "a list of settings": (
        lambda body: federation.read_settings(body, place="x"),
        (UsageError,),
        b"IssuerUri : https://sts.test/\nActiveSignInUri : https://sts.test/x\n",
    ),
    "a computer's LDIF": (
        lambda body: computer_facts.computer_of_ldif(body, where="x"),
        (PeerError,),
        b"dn: CN=WS01\nobjectGUID:: AAAAAAAAAAAAAAAAAAAAAA==\nobjectSid:: AQEAAAAAAAUSAAAA\nsAMAccountName: WS01$\n",
    ),
    "a WS-Transfer reply": (transfer.read_addressing, (PeerError,), in_soap(definitions()).encode()),
    "an indented assertion": (indentation.without_indentation, (PeerError,), SIGNED.replace("><", ">\n<").encode()),
    "a SID": (computer.read_sid, (ValueError,), bytes.fromhex("010100000000000512000000")),
    "an acceptor's token": (
        spnego.unwrap,
        (ValueError,),
        bytes.fromhex("a1143012a0030a0100a10b06092a864882f712010202a200"),
    ),
    "an object identifier": (spnego.spell, (), spnego.MS_KERBEROS),
}


@pytest.mark.parametrize("name", OCTETS)
@QUIET
@given(data=st.data())
def test_octets_with_some_exchanged_are_read_or_refused(name: str, data: st.DataObject) -> None:
    read, error, good = OCTETS[name]
    body = bytearray(good)
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, max(len(body) - 1, 0)))
        cut = data.draw(st.integers(0, 6))
        body[at : at + cut] = data.draw(st.one_of(st.binary(max_size=6), st.sampled_from([b"", b"\x00", b"\xff\xfe"])))

    with suppress(*error):
        read(bytes(body))


@QUIET
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["objectGUID", "objectSid", "sAMAccountName", "primaryGroupID", "mS-DS-ConsistencyGuid"]),
            st.lists(st.binary(max_size=20), max_size=2).map(tuple),
        )
    )
)
def test_any_entry_of_a_directory_is_read_or_refused(attributes: list[tuple[str, tuple[bytes, ...]]]) -> None:
    entry = Entry(dn="CN=WS01", attributes=tuple(dict(attributes).items()))
    with suppress(ValueError):
        computer.read_computer(entry)
    assert computer.read_sid_owner("S-1-1-0", entry).sid == "S-1-1-0"


@pytest.mark.parametrize("tail", ["<!-- tail -->", "<?tail?>", "<![CDATA[tail]]>", "tail", "&#10;"])
@pytest.mark.parametrize("where", ["before", "behind"])
def test_whatever_stands_beside_an_assertion_it_is_read(tail: str, where: str) -> None:
    token = tail + SIGNED if where == "before" else SIGNED + tail

    answer = rstr.parse_reply(bytes(ReplyText(tokens=(token,))), http_status=200, content_type="")

    assert isinstance(answer, rstr.TokenResponse)
    assert answer.assertion_xml == SIGNED.encode()


def test_a_certificate_with_any_octet_exchanged_is_read_or_passed_over() -> None:
    good = signer().certificate
    for at in range(0, len(good), 7):
        text = base64.b64encode(good[:at] + bytes([good[at] ^ 0x55]) + good[at + 1 :]).decode()
        certificate_text.read_certificate(text)
        with suppress(PeerError):
            enrolment.parse_join_reply(
                HttpReply(status=200, body=json.dumps({"Certificate": {"RawBody": text}}).encode())
            )


def test_a_guid_of_any_sixteen_octets_is_one() -> None:
    assert guid.decode_guid(base64.b64encode(uuid.UUID(int=1).bytes_le).decode()) == uuid.UUID(int=1)
