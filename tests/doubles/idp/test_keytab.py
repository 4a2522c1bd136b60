"""What the identity provider says of the keys that it has: versions and types, never a key."""

from __future__ import annotations

from pathlib import Path

import pytest

from hybridjoin.doubles.kerberos.keytab import keys_held
from hybridjoin.lab.keytab import AES256, make_keytab

BOTH = "kvno 2 aes128-cts-hmac-sha1-96, kvno 2 aes256-cts-hmac-sha1-96"


def keytab(version: int, *, keys: tuple[int, ...] = (18, 17)) -> bytes:
    names = ("HTTP/sts.example.test", "host/sts.example.test")
    return make_keytab(
        principals=names, realm="EXAMPLE.TEST", password="password", salt="salt", keys=keys, version=version
    )


def entries(version: int) -> bytes:
    return keytab(version, keys=(AES256,))[2:]


def with_a_hole(body: bytes) -> bytes:
    return body[:2] + (-8).to_bytes(4, "big", signed=True) + bytes(8) + body[2:]


def of_one_octet(body: bytes) -> bytes:
    """The older form, whose version has one octet: without the four behind the key."""
    (size,) = (int.from_bytes(body[2:6], "big"),)
    return body[:2] + (size - 4).to_bytes(4, "big") + body[6 : 6 + size - 4]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (keytab(2), BOTH),
        (with_a_hole(keytab(2)), BOTH),
        (keytab(2) + entries(300), f"{BOTH}, kvno 300 aes256-cts-hmac-sha1-96"),
        (of_one_octet(keytab(3, keys=(AES256,))), "kvno 3 aes256-cts-hmac-sha1-96"),
        (b"\x05\x02", "no key"),
        (b"\x05\x01", "nothing that can be read"),
        (b"", "nothing that can be read"),
        (keytab(2)[:20], "nothing that can be read"),
    ],
)
def test_versions_and_types_are_told(tmp_path: Path, body: bytes, words: str) -> None:
    file = tmp_path / "idp.keytab"
    file.write_bytes(body)

    assert keys_held(file) == words


def test_a_keytab_that_is_gone_is_told(tmp_path: Path) -> None:
    assert keys_held(tmp_path / "none") == "nothing that can be read"
