"""The forged ticket is one that an acceptor can read, and that no key decrypts."""

from __future__ import annotations

import base64

import pytest

from hybridjoin.doubles.kerberos.spnego_token import read_token
from hybridjoin.protocol.foreign_ticket import REALM, foreign_ticket
from hybridjoin.protocol.negotiate import TokenKind, token_kind


@pytest.mark.parametrize("host", ["sts.contoso.example", "h", f"{'long.' * 40}example"])
def test_the_other_reading_finds_service_realm_and_encryption(host: str) -> None:
    token = read_token(base64.b64decode(foreign_ticket(host)))

    assert token.kind == "kerberos"
    assert token.ticket is not None
    assert (token.ticket.service, token.ticket.realm, token.ticket.etype) == (f"HTTP/{host}", REALM, 18)


def test_it_is_a_kerberos_token_and_the_same_each_time() -> None:
    token = foreign_ticket("sts.contoso.example")

    assert token_kind(f"Negotiate {token}") is TokenKind.KERBEROS
    assert foreign_ticket("sts.contoso.example") == token
