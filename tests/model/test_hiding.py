"""A secret that was met once is hidden by its value, wherever and however it comes back."""

from __future__ import annotations

import base64
import gzip
import html
import io
import json
import os
import time
import zipfile
import zlib
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from hybridjoin.model.exchange import HttpReply, HttpRequest
from hybridjoin.model.hiding import ON_ENTRY, hide, hide_both, hide_octets, hide_text
from hybridjoin.model.leaving import secrets_in
from hybridjoin.model.masks import mask
from hybridjoin.model.redact import redact_request
from hybridjoin.model.spellings import bare, canonical, forms
from hybridjoin.model.vault import AT_HAND, HEARD_AT_ONCE, VAULT, Vault

TICKET = b"\0" + os.urandom(1899)  # its base64 begins with a letter: what a sign at an end says is not hidden
WRITTEN = base64.b64encode(TICKET)


def zipped(body: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("page.html", body)
    return out.getvalue()


def deflated(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


def commented(body: bytes) -> bytes:
    return body[:300] + b"<!-- who -->" + body[300:900] + b"<![CDATA[" + body[900:1500] + b"]]>" + body[1500:]


SPELLINGS: dict[str, Callable[[bytes], bytes]] = {
    "raw": lambda octets: octets,
    "base64": base64.b64encode,
    "base64 behind one": lambda octets: base64.b64encode(b"x" + octets),
    "base64 behind two": lambda octets: base64.b64encode(b"xy" + octets),
    "base64url": lambda octets: base64.urlsafe_b64encode(octets).rstrip(b"="),
    "base64 in lines": base64.encodebytes,
    "base64 in lines of a JSON text": lambda octets: json.dumps(base64.encodebytes(octets).decode()).encode(),
    "base64 twice": lambda octets: base64.b64encode(base64.b64encode(octets)),
    "base64 thrice": lambda octets: base64.b64encode(base64.b64encode(b"x" + base64.b64encode(octets))),
    "hex": lambda octets: octets.hex().encode(),
    "HEX": lambda octets: octets.hex().upper().encode(),
    "percent": lambda octets: quote(base64.b64encode(octets)).encode(),
    "percent, every octet": lambda octets: b"".join(b"%%%02X" % octet for octet in octets),
    "percent twice": lambda octets: quote(quote(base64.b64encode(octets))).encode(),
    "XML": lambda octets: base64.b64encode(octets).replace(b"+", b"&#43;").replace(b"/", b"&#x2F;"),
    "XML, every character": lambda octets: b"".join(b"&#%d;" % letter for letter in base64.b64encode(octets)),
    "HTML twice": lambda octets: html.escape(base64.b64encode(octets).decode().replace("=", "&#61;")).encode(),
    "JSON": lambda octets: json.dumps(base64.b64encode(octets).decode()).replace("/", "\\/").encode(),
    "JSON, every character": lambda octets: b"".join(b"\\u%04x" % letter for letter in base64.b64encode(octets)),
    "UTF-16": lambda octets: base64.b64encode(octets).decode().encode("utf-16-le"),
    "UTF-16, big-endian": lambda octets: base64.b64encode(octets).decode().encode("utf-16-be"),
    "base64 of UTF-16": lambda octets: base64.b64encode(base64.b64encode(octets).decode().encode("utf-16-le")),
    "gzip": lambda octets: gzip.compress(base64.b64encode(octets)),
    "zlib": zlib.compress,
    "base64 of gzip": lambda octets: base64.b64encode(gzip.compress(base64.b64encode(octets))),
    "base64 of deflate": lambda octets: base64.b64encode(deflated(base64.b64encode(octets))),
    "zip": lambda octets: zipped(base64.b64encode(octets)),
    "base64 of zip": lambda octets: base64.b64encode(zipped(octets)),
    "with a comment and CDATA": lambda octets: commented(base64.b64encode(octets)),
    "marked in a page": lambda octets: base64.b64encode(octets).replace(b"A", b"<mark>A</mark>"),
}


def said(octets: bytes) -> bytes:
    """Everything that a text says, in whatever way, bare."""
    return b"\n".join(bare(form) for form in forms(octets, 5))


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_known_secret_is_hidden_however_it_is_written(spelling: str) -> None:
    VAULT.learn(TICKET, "a Kerberos AP-REQ")
    text = b"<p>before " + SPELLINGS[spelling](TICKET) + b" after</p>"

    hidden = hide_octets(text)

    assert bare(WRITTEN)[200:240] not in said(hidden)
    assert bare(TICKET)[200:240] not in said(hidden)
    assert TICKET.hex()[200:240].encode() not in hidden.lower()
    assert VAULT.tag(TICKET).encode() in hidden.replace(b"\0", b"")
    if "zip" not in spelling and "zlib" not in spelling:
        assert hidden.startswith(b"<p>before ")
        assert hidden.endswith(b" after</p>")


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_hiding_twice_changes_nothing(spelling: str) -> None:
    VAULT.learn(TICKET, "a Kerberos AP-REQ")
    once = hide_octets(b"<p>before " + SPELLINGS[spelling](TICKET) + b" after</p>")

    assert hide_octets(once) is once


@pytest.mark.parametrize("spelling", ["base64", "XML", "XML, every character", "with a comment and CDATA"])
def test_a_document_still_parses(spelling: str) -> None:
    VAULT.learn(TICKET, "a Kerberos AP-REQ")
    body = b"<a b='c'>" + SPELLINGS[spelling](TICKET) + b"<d/>\n</a>"

    tree = etree.fromstring(hide_octets(body))

    assert [item.tag for item in tree.iter(etree.Element)] == ["a", "d"]


def test_a_json_text_still_parses() -> None:
    VAULT.learn(TICKET, "a Kerberos AP-REQ")
    told = {"error": "x", "echo": base64.encodebytes(TICKET).decode(), "token": WRITTEN.decode()}

    kept = json.loads(hide_text(json.dumps(told)))

    assert kept["error"] == "x"
    assert kept["token"].startswith("[masked ")


def test_utf_16_stays_utf_16() -> None:
    VAULT.learn(TICKET, "a Kerberos AP-REQ")
    for encoding in ("utf-16-le", "utf-16-be"):
        text = f"<p>before {WRITTEN.decode()} after</p>"
        hidden = hide_octets(text.encode(encoding)).decode(encoding)
        assert hidden.startswith("<p>before [masked ")
        assert hidden.endswith(" after</p>")


@pytest.mark.parametrize(("start", "length"), [(0, 1400), (500, 900), (1000, 900), (600, 60)])
def test_a_part_of_it_is_hidden_where_it_holds_a_window(start: int, length: int) -> None:
    VAULT.learn(TICKET, "a Kerberos AP-REQ")
    part = base64.b64encode(TICKET[start : start + length])

    assert bare(part)[60:75] not in bare(hide_octets(b"echo: " + part))


def test_what_was_masked_by_its_place_is_known_by_its_value_from_then_on() -> None:
    token = WRITTEN.decode()
    shown = (("Authorization", f"Negotiate {token}"),)
    asked = redact_request(HttpRequest(method="POST", url="https://sts.contoso.example/", headers=shown))
    reply = HttpReply(
        status=500,
        reason=f"cannot take {token}",
        headers=(("Location", f"https://sts.contoso.example/?t={quote(token)}"), ("X-Why", token)),
        body=f"<table><tr><td>token</td><td>{token}</td></tr></table>".encode(),
    )

    _, kept = hide_both(asked, reply)

    assert bare(WRITTEN)[300:320] not in said(repr(kept).encode())
    assert isinstance(asked, HttpRequest)
    tag = asked.headers[0][1].rpartition(" ")[2]
    assert repr(kept).count(tag) == 4


def test_a_message_without_one_is_the_same_object() -> None:
    VAULT.learn(TICKET, "a Kerberos AP-REQ")
    reply = HttpReply(status=200, headers=(("X-A", "b"),), body=b"<a>" + base64.b64encode(os.urandom(3000)) + b"</a>")

    assert hide(reply) is reply
    assert hide_octets(reply.body) is reply.body


def test_the_tag_is_of_the_run_and_its_key_alone() -> None:
    one, other = Vault(key=b"1"), Vault(key=b"2")

    assert one.tag(TICKET) == one.tag(TICKET) != other.tag(TICKET)
    assert mask(WRITTEN.decode()).endswith(f"{VAULT.tag(TICKET)}]"), "base64 stands for its octets"
    assert canonical("not base64, but long enough") == b"not base64, but long enough"


@pytest.mark.parametrize("words", ["urn:oasis:names:tc:SAML:1.0:assertion", "https://contoso.example/adfs", "aaaa" * 9])
def test_a_peer_cannot_hide_its_own_words_by_calling_them_a_password(words: str) -> None:
    mask(words)

    assert hide_text(f"<a>{words}</a>") == f"<a>{words}</a>"


def test_a_peer_that_says_many_secrets_pushes_none_of_ours_off() -> None:
    VAULT.learn(TICKET, "a Kerberos AP-REQ")
    for _ in range(3 * AT_HAND):
        VAULT.listen()
        mask(base64.b64encode(os.urandom(40)).decode())

    assert hide_octets(WRITTEN) != WRITTEN


def test_of_one_message_so_many_secrets_are_taken_note_of() -> None:
    VAULT.listen()
    for _ in range(2 * HEARD_AT_ONCE):
        mask(base64.b64encode(os.urandom(40)).decode())

    assert len(VAULT.secrets) <= AT_HAND


def test_after_all_is_forgotten_as_many_are_taken_note_of_as_before() -> None:
    VAULT.listen()
    for number in range(HEARD_AT_ONCE + 1):
        mask(f"{number:04} {base64.b64encode(os.urandom(20)).decode()}")
    VAULT.forget()
    mask(WRITTEN.decode())

    assert len(VAULT.secrets) == 1


def test_earlier_secrets_are_still_found_in_what_leaves() -> None:
    vault = Vault(key=b"k")
    first = [os.urandom(300) for _ in range(5)]
    for value in first + [os.urandom(300) for _ in range(4 * AT_HAND)]:
        vault.learn(value, "a Kerberos AP-REQ")

    for value in first:
        assert vault.find(value, depth=0) is None
        for junk in range(9):
            assert list(vault.kinds_in(b"x" * junk + base64.b64encode(value))), "whatever stands before it"
    assert list(vault.kinds_in(base64.b64encode(os.urandom(9000)))) == []


def test_a_secret_that_is_held_for_good_is_never_put_away() -> None:
    VAULT.learn(TICKET, "a device's private key", lasting=True)
    for _ in range(4 * AT_HAND):
        VAULT.learn(os.urandom(300), "a Kerberos AP-REQ")

    assert hide_octets(WRITTEN) != WRITTEN


@pytest.mark.parametrize("size", [6, 8, 16, 20, 32])
def test_a_short_secret_is_hidden_too(size: int) -> None:
    secret = base64.b32encode(os.urandom(40)).decode()[:size]
    VAULT.learn(secret, "a password")

    for spelled in (secret, base64.b64encode(secret.encode()).decode(), secret.encode().hex(), f"x{secret}y"):
        assert spelled not in hide_text(f"the password {spelled} is wrong")


@given(st.binary(max_size=400))
def test_any_octets_can_be_searched(body: bytes) -> None:
    VAULT.learn(TICKET, "a Kerberos AP-REQ")
    assert hide_octets(body) is body


@pytest.mark.parametrize(
    "hostile",
    [b"<!--", b"<?", b"A", b"AAAAAAAAAA\n", b"&#65;", b"%41", b"\\u0041", b"\0A", b"<", b"PK\x03\x04", b"\x78\x9c"],
)
def test_no_hostile_body_takes_long_to_search(hostile: bytes) -> None:
    VAULT.learn(TICKET, "a Kerberos AP-REQ")
    body = b"-->?>" + hostile * (256 * 1024 // len(hostile))

    for depth in (ON_ENTRY, 3):
        started = time.process_time()
        hide_octets(body, depth=depth)
        assert time.process_time() - started < 0.5  # 2 s for one MiB; what grows with the square takes minutes


@pytest.mark.parametrize("hostile", [b"<!--", b"<?", b"A", b"&#65;", b"%41", b"\\u0041", b"\0A", b"<b>", b"&amp;"])
def test_nor_to_hide_in(hostile: bytes) -> None:
    VAULT.learn(TICKET, "a Kerberos AP-REQ")
    body = WRITTEN + b" " + hostile * (512 * 1024 // len(hostile))

    started = time.process_time()
    assert WRITTEN[300:330] not in hide_octets(body)
    assert time.process_time() - started < 4


@pytest.mark.parametrize(
    "spelling", ["base64", "percent, every octet", "XML, every character", "JSON, every character"]
)
@pytest.mark.parametrize("around", [b"<!-- %b -->", b"<?x %b?>", b'<a href="/%b">again</a>'])
def test_a_secret_within_markup_is_hidden_and_stops_an_export_however_it_is_escaped(
    spelling: str, around: bytes
) -> None:
    VAULT.learn(TICKET, "a Kerberos AP-REQ")
    text = b"<p>" + around % SPELLINGS[spelling](TICKET) + b"</p>"

    hidden = hide_octets(text, depth=ON_ENTRY)

    assert list(secrets_in(text))
    assert not list(secrets_in(hidden))
    assert VAULT.tag(TICKET).encode() in hidden
    assert bare(WRITTEN)[200:240] not in said(hidden.replace(b"<mark>", b"").replace(b"</mark>", b""))


@pytest.mark.parametrize("signature", ["", base64.urlsafe_b64encode(os.urandom(256)).decode().rstrip("=")])
def test_what_a_token_says_is_no_secret_where_another_message_says_it_too(signature: str) -> None:
    vault = Vault(key=b"k")
    said = b'"upn":"carol@hybridjoin.example.test"'
    payload = b""
    for before in range(400):
        payload = base64.urlsafe_b64encode(b'{"a":"' + b"x" * before + b'",' + said + b',"b":"' + b"y" * 300 + b'"}')
        vault.learn(f"eyJhbGciOiJSUzI1NiJ9.{payload.decode().rstrip('=')}.{signature}", "an id_token", lasting=True)
    elsewhere = [base64.b64encode(b"z" * start + b"<a>carol@hybridjoin.example.test</a>") for start in range(3)]

    assert [text for text in elsewhere for _ in vault.kinds_in(text)] == []
    if signature:
        assert list(vault.kinds_in(b"token=" + payload + b"." + signature.encode())) == ["an id_token"]
