from __future__ import annotations

import base64

import pytest

from hybridjoin.model.exchange import HttpReply
from hybridjoin.protocol.negotiate import TokenKind, offered_schemes, token_kind


@pytest.mark.parametrize(
    ("headers", "schemes"),
    [
        ((), ()),
        ((("WWW-Authenticate", "Negotiate"),), ("Negotiate",)),
        ((("www-authenticate", "NTLM"), ("WWW-Authenticate", "negotiate")), ("NTLM", "negotiate")),
        ((("WWW-Authenticate", "Negotiate, NTLM"),), ("Negotiate", "NTLM")),
        ((("WWW-Authenticate", 'Basic realm="a, Digest b", charset="UTF-8", Negotiate'),), ("Basic", "Negotiate")),
        ((("WWW-Authenticate", 'Digest realm = "x", nonce="y\\", NTLM"'),), ("Digest",)),
        ((("WWW-Authenticate", "Negotiate YIIBhg=="),), ("Negotiate",)),
        ((("WWW-Authenticate", "Negotiate"), ("WWW-Authenticate", "Negotiate")), ("Negotiate",)),
        ((("WWW-Authenticate", ""), ("Other", "NTLM")), ()),
    ],
)
def test_the_offered_schemes_are_read(headers: tuple[tuple[str, str], ...], schemes: tuple[str, ...]) -> None:
    assert offered_schemes(HttpReply(status=401, headers=headers)) == schemes


SPNEGO = bytes.fromhex("60820100") + bytes.fromhex("06062b0601050502") + bytes(40)
KERBEROS = bytes.fromhex("60820100") + bytes.fromhex("06092a864886f712010202") + bytes(40)


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (SPNEGO, TokenKind.SPNEGO),
        (KERBEROS, TokenKind.KERBEROS),
        (bytes.fromhex("a1820100") + bytes(20), TokenKind.SPNEGO),
        (b"NTLMSSP\0" + bytes(20), TokenKind.NTLM),
        (b"hello", TokenKind.OTHER),
    ],
)
def test_a_token_is_told_by_its_first_octets(raw: bytes, kind: TokenKind) -> None:
    assert token_kind(f"Negotiate {base64.b64encode(raw).decode()}") is kind


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        (None, TokenKind.NONE),
        ("Negotiate", TokenKind.NONE),
        ("Basic dTpw", TokenKind.NONE),
        ("Negotiate !!", TokenKind.OTHER),
    ],
)
def test_a_header_without_a_token_has_none(header: str | None, kind: TokenKind) -> None:
    assert token_kind(header) is kind
