"""What stands in the clear in a Negotiate token is read, and no bytes make the reader fail in another way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridjoin.doubles.kerberos.spnego_token import KERBEROS, KERBEROS_OF_MICROSOFT, NTLM, read_token
from tests.doubles.idp.der import OID_KERBEROS, OID_KERBEROS_OF_MICROSOFT, OID_NTLM, OID_SPNEGO, der, spnego


def ap_req(*names: str, etype: int) -> bytes:
    """Return a Kerberos token with an AP-REQ (RFC 4120, 5.5.1) whose encrypted parts are zeros."""
    strings = [der(0x1B, name.encode()) for name in names]
    sname = der(0x30, der(0xA0, der(2, b"\x02")), der(0xA1, der(0x30, *strings)))
    encrypted = der(0x30, der(0xA0, der(2, bytes([etype]))), der(0xA1, der(2, b"\x02")), der(0xA2, der(4, bytes(200))))
    ticket = der(
        0x61,
        der(
            0x30,
            der(0xA0, der(2, b"\x05")),
            der(0xA1, der(0x1B, b"HYBRIDJOIN.TEST")),
            der(0xA2, sname),
            der(0xA3, encrypted),
        ),
    )
    options = der(0xA2, der(3, b"\x00\x20\x00\x00\x00"))
    request = der(
        0x30,
        der(0xA0, der(2, b"\x05")),
        der(0xA1, der(2, b"\x0e")),
        options,
        der(0xA3, ticket),
        der(0xA4, encrypted),
    )
    return der(0x60, OID_KERBEROS, b"\x01\x00", der(0x6E, request))


@pytest.mark.parametrize(("etype", "name"), [(18, "aes256-cts-hmac-sha1-96"), (23, "arcfour-hmac"), (99, "etype 99")])
def test_service_and_encryption_of_a_ticket_are_read(etype: int, name: str) -> None:
    offered = (OID_KERBEROS_OF_MICROSOFT, OID_KERBEROS, OID_NTLM)
    token = read_token(spnego(ap_req("HTTP", "sts.hybridjoin.test", etype=etype), *offered))

    assert token.kind == "spnego"
    assert token.mechanisms == (KERBEROS_OF_MICROSOFT, KERBEROS, NTLM)
    assert token.ticket is not None
    assert (token.ticket.service, token.ticket.realm) == ("HTTP/sts.hybridjoin.test", "HYBRIDJOIN.TEST")
    assert token.ticket.etype_name == name


def test_a_ticket_without_negotiation_is_read_too() -> None:
    token = read_token(ap_req("HTTP", "sts", etype=17))

    assert (token.kind, token.mechanisms) == ("kerberos", (KERBEROS,))
    assert token.ticket is not None


@pytest.mark.parametrize("token", [b"NTLMSSP\x00\x01", spnego(b"NTLMSSP\x00\x01", OID_NTLM)], ids=["bare", "wrapped"])
def test_ntlm_is_recognised(token: bytes) -> None:
    assert read_token(token).kind == "ntlm"


def test_a_later_leg_of_the_negotiation_is_recognised() -> None:
    assert read_token(der(0xA1, der(0x30))).kind == "spnego-response"


def test_a_first_leg_without_a_token_has_no_ticket() -> None:
    init = der(0x60, OID_SPNEGO, der(0xA0, der(0x30, der(0xA0, der(0x30, OID_NTLM)))))

    assert read_token(init).ticket is None


@pytest.mark.parametrize(
    "token",
    [
        b"",
        b"\x60",
        b"abc",
        spnego(ap_req("HTTP", "sts", etype=18), OID_KERBEROS)[:60],
        der(0x60, OID_KERBEROS, b"\x01\x00"),
    ],
    ids=["empty", "a byte", "no GSS token", "cut short", "no AP-REQ"],
)
def test_what_is_no_token_is_a_value_error(token: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_token(token)


VALID = spnego(ap_req("HTTP", "sts", etype=18), OID_KERBEROS)


@given(
    st.binary(max_size=200)
    | st.tuples(st.integers(0, len(VALID) - 1), st.integers(0, 255)).map(
        lambda change: VALID[: change[0]] + bytes([change[1]]) + VALID[change[0] + 1 :]
    )
)
def test_no_bytes_make_the_reader_fail_in_another_way(token: bytes) -> None:
    try:
        kind = read_token(token).kind
    except ValueError:
        return
    assert kind in {"spnego", "spnego-response", "kerberos", "ntlm"}
