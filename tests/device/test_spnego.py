"""The acceptor's token is a peer's: whatever it is, it is read or refused in words."""

from __future__ import annotations

import base64

from hypothesis import example, given
from hypothesis import strategies as st

from hybridjoin.device.adapters import spnego


def der(tag: int, value: bytes) -> bytes:
    return bytes((tag, len(value))) + value


FIELDS = st.sampled_from((0xA0, 0xA1, 0xA2, 0xA3, 0x04, 0x06, 0x0A))
PART = st.builds(der, FIELDS, st.binary(max_size=8) | st.builds(der, FIELDS, st.binary(max_size=6)))
ANSWERS = st.lists(PART, max_size=4).map(lambda parts: der(0xA1, der(0x30, b"".join(parts))))


@given(ANSWERS | st.binary(max_size=40))
@example(base64.b64decode("oQQwAqEA"))
def test_every_answer_is_read_or_refused(token: bytes) -> None:
    try:
        answer = spnego.unwrap(token)
    except ValueError:
        return
    assert answer.mech is None or spnego.spell(answer.mech)


def test_a_mechanism_is_spelled_in_dots_and_what_is_none_as_it_came() -> None:
    assert spnego.spell(spnego.KERBEROS) == "1.2.840.113554.1.2.2"
    assert spnego.spell(b"") == "no object identifier (no octets)"
    assert spnego.spell(b"\x04\x01\x00") == "no object identifier (040100)"
