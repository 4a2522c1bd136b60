"""The SPNEGO envelope as Windows writes it (RFC 4178, MS-SPNG): both Kerberos names, Microsoft's first.

MIT's own SPNEGO offers the standard name alone. Windows offers `1.2.840.48018.1.2.2` before it, with a Kerberos token
made in advance, and ends the exchange when the acceptor takes that token but answers another name (MS-SPNG, 3.1.5.2):
an acceptor that does so works with every other client, so the device must offer what Windows offers. NTLM and
NegoEx, which Windows lists after these, are never offered here.
"""

from __future__ import annotations

from dataclasses import dataclass

MS_KERBEROS = bytes.fromhex("06092a864882f712010202")
KERBEROS = bytes.fromhex("06092a864886f712010202")
_SPNEGO = bytes.fromhex("06062b0601050502")
REJECTED = 2
_OBJECT_IDENTIFIER = 0x06


@dataclass(frozen=True, slots=True, kw_only=True)
class NegTokenResp:
    """An acceptor's NegTokenResp; a bare Kerberos token comes as `token` alone."""

    state: int | None
    mech: bytes | None
    token: bytes
    mic: bytes | None


def mech_list() -> bytes:
    """The DER of the mechanisms offered: what a mechListMIC is made over."""
    return _element(0x30, MS_KERBEROS + KERBEROS)


def wrap(token: bytes) -> bytes:
    """Put a Kerberos token into a NegTokenInit."""
    fields = _element(0xA0, mech_list()) + _element(0xA2, _element(0x04, token))
    return _element(0x60, _SPNEGO + _element(0xA0, _element(0x30, fields)))


def unwrap(token: bytes) -> NegTokenResp:
    """Read the acceptor's answer.

    Raises:
        ValueError: it is neither SPNEGO nor bare Kerberos.
    """
    if token[:1] == b"\x60":
        return NegTokenResp(state=None, mech=None, token=token, mic=None)
    tag, body, _ = _split(token)
    sequence_tag, sequence, _ = _split(body)
    if (tag, sequence_tag) != (0xA1, 0x30):
        raise ValueError(f"expected a NegTokenResp, found a token that begins {token[:4].hex()}")
    fields: dict[int, bytes] = {}
    while sequence:
        field, value, sequence = _split(sequence)
        fields[field] = value
    return NegTokenResp(
        state=_value(fields.get(0xA0), 0x0A)[0] if 0xA0 in fields else None,
        mech=fields.get(0xA1),
        token=_value(fields.get(0xA2), 0x04),
        mic=_value(fields[0xA3], 0x04) if 0xA3 in fields else None,
    )


def spell(oid: bytes) -> str:
    """Write a DER object identifier in dots; what is none, as the octets that it is."""
    if len(oid) < 3 or oid[0] != _OBJECT_IDENTIFIER:
        return f"no object identifier ({oid.hex() or 'no octets'})"
    arcs = [oid[2] // 40, oid[2] % 40]
    arc = 0
    for octet in oid[3:]:
        arc = arc << 7 | octet & 0x7F
        if not octet & 0x80:
            arcs.append(arc)
            arc = 0
    return ".".join(str(item) for item in arcs)


def _element(tag: int, value: bytes) -> bytes:
    """Write one DER element."""
    size = len(value)
    if size < 0x80:
        return bytes((tag, size)) + value
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets + value


def _split(data: bytes) -> tuple[int, bytes, bytes]:
    """Take the first DER element off: its tag, its value, and what follows."""
    if len(data) < 2:
        raise ValueError("the token ends too early")
    length, start = data[1], 2
    if length & 0x80:
        count = length & 0x7F
        length, start = int.from_bytes(data[2 : 2 + count], "big"), 2 + count
    if len(data) < start + length:
        raise ValueError("the token ends too early")
    return data[0], data[start : start + length], data[start + length :]


def _value(data: bytes | None, tag: int) -> bytes:
    """Return the value of an element that must have this tag; of an absent one, nothing."""
    if data is None:
        return b""
    found, value, _ = _split(data)
    if found != tag or (tag == 0x0A and not value):
        raise ValueError(f"expected the tag {tag:#04x}, found {found:#04x}")
    return value
