"""A secret that is known by heart is hidden in every text, whatever escapes it; a syllable is not."""

from __future__ import annotations

from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridjoin.model.exchange import Breakdown, HttpReply
from hybridjoin.model.known_secret import SHORTEST, hide, hide_in
from hybridjoin.model.masks import mask

SECRETS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=SHORTEST).filter(
    lambda text: text not in "[masked  characters]" and not text.isdecimal()
)


@given(secret=SECRETS, before=st.text(), after=st.text())
@pytest.mark.parametrize("spelled", [str, escape, quote, quote_plus])
def test_no_spelling_of_the_secret_is_left(secret: str, before: str, after: str, spelled: type[str]) -> None:
    hidden = hide_in(f"{before}{spelled(secret)}{after}", secret)

    assert spelled(secret) not in hidden.replace("[masked", "").replace("characters]", "")


def test_a_message_is_searched_in_its_texts_octets_and_headers() -> None:
    reply = HttpReply(status=500, reason="no hunter22", headers=(("X-Why", "hunter22"),), body=b"<p>hunter22\xff")

    hidden = hide(reply, "hunter22")
    assert b"hunter22" not in hidden.body
    assert hidden.body.endswith(b"\xff"), "octets that are no text stay as they are"
    assert "hunter22" not in repr(hidden)
    assert hide(Breakdown(kind="reset", message="hunter22"), "hunter22").message == mask("hunter22")


def test_a_message_without_the_secret_is_the_same_object_and_a_short_secret_hides_nothing() -> None:
    reply = HttpReply(status=200, body=b"cat catalogue")

    assert hide(reply, "hunter22") is reply
    assert hide(reply, "cat") is reply
    assert hide_in("cat catalogue", "cat") == "cat catalogue"
