"""A text is looked through for what a mask needs before its expression is tried: that leaves nothing out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hybridjoin.model import masks
from hybridjoin.model.exchange import HttpReply
from hybridjoin.model.masks import SECRET_NAMES, mask_plain
from hybridjoin.model.redact import redact_reply

VALUE = "Zm9vYmFyYmF6cXV4LjEyMzQ1Njc4OTAtX3ph"
NAMES = st.sampled_from([*SECRET_NAMES, "code", "pa\u017f\u017fword", "acce\u017fs_to\u212aen", "name"])
WRITTEN = st.sampled_from(['"%s": "%s"', "&%s=%s", "%s=%s", "\n%s=%s", "<w:%s>%s", "&lt;%s&gt;%s", "\\u003c%s\\x3e%s"])
ELEMENTS = st.sampled_from(
    ["SignatureValue", "Password", "BinarySecurityToken", "BinarySecret", "CipherValue", "Nonce"]
)
SCHEMES = st.sampled_from(["Negotiate ", "KERBEROS\t", "ntlm ", "Bearer  ", "basic ", "PoP "])
KEYS = ["-----BEGIN PRIVATE KEY-----\n", "-----END PRIVATE KEY-----", "eyJhbGciOiJub25l", "name='code' value='", "'"]
SIGNS = [".", " ", "\n", "</w:x>", "&", "\\", "\u212a", "\u017f", "&#x3C;", "&amp;lt;", "\\x3C"]
OTHERS = st.sampled_from([*KEYS, *SIGNS, VALUE])
PIECES = st.one_of(
    st.builds(lambda form, name: form % (name, VALUE), WRITTEN, NAMES),
    st.builds(lambda form, name: form % (name, VALUE), WRITTEN, NAMES.map(str.upper)),
    st.builds(lambda form, name: form % (name, VALUE), WRITTEN, ELEMENTS),
    st.builds(lambda scheme: scheme + VALUE, SCHEMES),
    OTHERS,
)


@given(st.lists(PIECES, max_size=8).map("".join))
def test_every_expression_that_would_find_something_is_tried(text: str) -> None:
    every = text
    for item in masks._MASKS:
        every = item.pattern.sub(item.write, every)

    assert mask_plain(text) == every


def test_credentials_with_a_letter_that_is_none_of_ascii_are_masked_too() -> None:
    body = f"Basic {VALUE}\u212a".encode("utf-16")
    kept = redact_reply(HttpReply(status=200, reason="OK", headers=(), body=body))

    assert isinstance(kept, HttpReply)
    assert VALUE not in kept.body.decode("utf-16")
