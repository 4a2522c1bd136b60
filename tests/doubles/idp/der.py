"""Writes Negotiate tokens by hand, as clients write them that MIT krb5 is not."""

from __future__ import annotations

OID_SPNEGO = bytes.fromhex("06062b0601050502")
OID_KERBEROS = bytes.fromhex("06092a864886f712010202")
OID_KERBEROS_OF_MICROSOFT = bytes.fromhex("06092a864882f712010202")
OID_NTLM = bytes.fromhex("060a2b06010401823702020a")


def der(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + content


def spnego(mech_token: bytes, *mechanisms: bytes) -> bytes:
    token = der(0xA2, der(4, mech_token)) if mech_token else b""
    init = der(0x30, der(0xA0, der(0x30, *mechanisms)), token)
    return der(0x60, OID_SPNEGO, der(0xA0, init))


def later_leg(mech_token: bytes) -> bytes:
    """Return a NegTokenResp that carries the client's token in the second leg (RFC 4178, 4.2.2)."""
    return der(0xA1, der(0x30, der(0xA2, der(4, mech_token))))
