"""Whatever a peer sends, a reader answers or raises PeerError; arbitrary octets, and good documents with bad spots."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hybridjoin.errors import PeerError
from hybridjoin.model.exchange import HttpReply
from hybridjoin.protocol import (
    discovery,
    enrolment,
    json_text,
    mex,
    negotiate,
    oauth,
    realm,
    rst,
    rstr,
    scp,
    signature,
    xml,
)
from tests.protocol.documents import ASSERTION_ID, NOW, AssertionText, ReplyText, fault_11, fault_12, sign, signer
from tests.protocol.metadata import definitions, in_metadata, in_soap, metadata
from tests.protocol.test_discovery_documents import DISCOVERY, REALM
from tests.protocol.test_enrolment import issue
from tests.protocol.test_oauth import REFUSAL, jwt

Reader = Callable[[bytes], object]


def read_mex(body: bytes) -> object:
    document = mex.parse_mex(body)
    return mex.choose_windows(document), mex.choose_msal(document)


def read_reply(body: bytes) -> object:
    answer = rstr.parse_reply(body, http_status=200, content_type="")
    if isinstance(answer, rstr.TokenResponse) and answer.assertion is not None:
        assert xml.parse(answer.assertion_xml, where="cut") is not None
    return answer


def read_signature(body: bytes) -> object:
    trusted = (signer().certificate, body)
    return signature.read_signature(body, assertion_id=ASSERTION_ID, trusted_certificates=trusted, issued_at=NOW)


def read_token(body: bytes) -> object:
    return [oauth.parse_token_reply(HttpReply(status=status, body=body)) for status in (200, 400)]


def read_join(body: bytes) -> object:
    answer = enrolment.parse_join_reply(HttpReply(status=200, body=body))
    if isinstance(answer, enrolment.Registration):
        return enrolment.certificate_problems(
            answer, ours=enrolment.is_for(answer.certificate, signer().key), device_id="x", tenant_id="y", now=NOW
        )
    return answer


SIGNED = sign(str(AssertionText()))
GRANTED = {"Certificate": {"Thumbprint": "AB", "RawBody": base64.b64encode(issue()).decode()}}

READERS: dict[str, tuple[Reader, tuple[bytes, ...]]] = {
    "mex": (read_mex, (metadata(), in_soap(in_metadata(definitions())).encode())),
    "rstr": (read_reply, (bytes(ReplyText(tokens=(SIGNED,))), fault_12(), fault_11())),
    "signature": (read_signature, (SIGNED.encode(), sign(str(AssertionText()), key_info=False).encode())),
    "realm": (realm.parse_realm, (json.dumps(REALM).encode(),)),
    "discovery": (discovery.parse_discovery, (json.dumps(DISCOVERY).encode(),)),
    "token": (read_token, (json.dumps(REFUSAL).encode(), json.dumps({"access_token": jwt({"aud": "x"})}).encode())),
    "join": (read_join, (json.dumps(GRANTED).encode(), b'{"ErrorType": "DirectoryError"}')),
}
QUIET = settings(suppress_health_check=[HealthCheck.too_slow])


def read_or_refuse(reader: Reader, body: bytes) -> None:
    with suppress(PeerError):
        reader(body)


@pytest.mark.parametrize("name", READERS)
@QUIET
@given(body=st.binary(max_size=400))
def test_arbitrary_octets_are_read_or_refused(name: str, body: bytes) -> None:
    read_or_refuse(READERS[name][0], body)


@st.composite
def spoiled(draw: st.DrawFn, good: tuple[bytes, ...]) -> bytes:
    """A good document after some cuts, copies, swaps and strange octets."""
    body = draw(st.sampled_from(good))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(body)))
        end = min(len(body), start + draw(st.integers(0, 40)))
        middle = draw(
            st.one_of(
                st.just(b""),
                st.just(body[start:end] * 2),
                st.binary(max_size=6),
                st.sampled_from(
                    [b"\x00", b"&#0;", b"]]>", b"<!--", b"\xff", b"&#xD;", b"xmlns=''", b'":', b"null", b"[]"]
                ),
            )
        )
        body = body[:start] + middle + body[end:]
    return body


@pytest.mark.parametrize("name", READERS)
@QUIET
@given(data=st.data())
def test_spoiled_documents_are_read_or_refused(name: str, data: st.DataObject) -> None:
    reader, good = READERS[name]

    read_or_refuse(reader, data.draw(spoiled(good)))


@pytest.mark.parametrize("name", READERS)
@QUIET
@given(data=st.data())
def test_documents_with_words_exchanged_are_read_or_refused(name: str, data: st.DataObject) -> None:
    """Well-formed more often than not: names and values change places."""
    reader, good = READERS[name]
    body = data.draw(st.sampled_from(good)).decode()
    words = sorted(set(body.replace("<", " ").replace(">", " ").replace('"', " ").replace("/", " ").split()))
    for _ in range(data.draw(st.integers(1, 3))):
        body = body.replace(data.draw(st.sampled_from(words)), data.draw(st.sampled_from([*words, "", "é", "urn:x"])))

    read_or_refuse(reader, body.encode())


@QUIET
@given(st.lists(st.one_of(st.text(), st.text().map(lambda text: f"azureADName:{text}"))))
def test_any_keywords_are_read_or_refused(keywords: list[str]) -> None:
    with suppress(PeerError):
        assert scp.parse_scp(keywords).tenant_id


@QUIET
@given(to=st.text(), realm_name=st.text(), shape=st.sampled_from(["windows", "msal"]), trust=st.sampled_from(mex.Trust))
def test_any_address_is_written_or_refused(to: str, realm_name: str, shape: str, trust: mex.Trust) -> None:
    with suppress(PeerError):
        body = rst.build_rst(trust=trust, shape=shape, to=to, applies_to=realm_name, message_id="urn:uuid:x")
        assert xml.parse(body, where="RST") is not None


@QUIET
@given(st.text(), st.text())
def test_any_header_is_read(challenge: str, token: str) -> None:
    negotiate.offered_schemes(HttpReply(status=401, headers=(("WWW-Authenticate", challenge),)))

    assert negotiate.token_kind(f"Negotiate {token}") in negotiate.TokenKind


@QUIET
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_json_value_gives_a_text(value: object) -> None:
    assert isinstance(json_text.text(value, "a", "b"), str)
    json_text.text(value).encode("utf-8")
