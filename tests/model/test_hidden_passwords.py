"""A password is a word among words: it is hidden with every sign of its own, whatever escapes it; a syllable is not."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hybridjoin.model.exchange import Breakdown, HttpReply
from hybridjoin.model.hiding import ON_ENTRY, hide, hide_both, hide_text
from hybridjoin.model.leaving import secrets_in
from hybridjoin.model.spellings import SHORTEST
from hybridjoin.model.vault import VAULT

SECRETS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=SHORTEST).filter(
    lambda text: text not in "[masked  characters]" and not text.isdecimal()
)
# What a password stands between; no letters, which could make another password of it, and no escapes.
AROUND = st.text(" \n<>()é", max_size=8)
SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "XML": escape,
    "XML attribute": quoteattr,
    "XML, both quotes": lambda text: escape(text, {'"': "&quot;", "'": "&apos;"}),
    "URL": quote,
    "form": quote_plus,
    "JSON": lambda text: json.dumps(text)[1:-1],
}
OF_SIGNS = ("pass-1", "-_=/+-_=", "a-b-c-d", "\\\\+/==-", "__x__y__")


@example(secret="0000<a", before="", after=">")
@example(secret="0123<b>456789abcdef", before="", after="")
@example(secret="000<\\r", before="", after="")
@example(secret="0000<\\r", before="", after="")
@example(secret="0000000000000'\\n", before="", after="")
@given(secret=SECRETS, before=AROUND, after=AROUND)
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_spelling_of_a_password_is_left(secret: str, before: str, after: str, spelling: str) -> None:
    VAULT.forget()
    VAULT.learn(secret, "a password", lasting=True)
    spelled = SPELLINGS[spelling](secret)

    hidden = hide_text(f"{before}{spelled}{after}")

    left = hidden.replace("[masked", "").replace("characters", "").replace(VAULT.tag(secret.encode()), "")
    assert spelled not in left
    assert secret not in left


@pytest.mark.parametrize("secret", OF_SIGNS)
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_password_of_hardly_anything_but_signs_is_found_and_hidden_on_entry(secret: str, spelling: str) -> None:
    VAULT.learn(secret, "a password", lasting=True)
    reply = HttpReply(status=500, reason="no", body=f"<p>wrong: {SPELLINGS[spelling](secret)}</p>".encode())

    _, hidden = hide_both(Breakdown(kind="x", message=""), reply)

    assert hidden.body != reply.body
    assert list(secrets_in(reply.body))
    assert not list(secrets_in(hidden.body))


def test_the_signs_at_both_ends_of_a_password_go_with_it() -> None:
    VAULT.learn("--hunter22==", "a password", lasting=True)

    assert hide_text("wrong --hunter22==!") == f"wrong [masked 12 characters {VAULT.tag(b'--hunter22==')}]!"


def test_a_message_is_searched_in_its_texts_octets_and_headers() -> None:
    VAULT.learn("hunter22", "a password", lasting=True)
    reply = HttpReply(status=500, reason="no hunter22", headers=(("X-Why", "hunter22"),), body=b"<p>hunter22\xff")

    hidden = hide(reply, depth=ON_ENTRY)

    assert b"hunter22" not in hidden.body
    assert hidden.body.endswith(b"\xff"), "octets that are no text stay as they are"
    assert "hunter22" not in repr(hidden)
    assert base64.b64encode(b"hunter22").decode() not in hide_text(base64.b64encode(b"no hunter22").decode())


def test_a_message_without_the_password_is_the_same_object_and_a_short_one_hides_nothing() -> None:
    VAULT.learn("hunter22", "a password", lasting=True)
    VAULT.learn("cat", "a password", lasting=True)
    reply = HttpReply(status=200, body=b"cat catalogue")

    assert hide(reply) is reply
    assert hide_text("cat catalogue") == "cat catalogue"
