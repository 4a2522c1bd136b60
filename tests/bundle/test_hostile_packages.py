"""Packages made to cost, to lead elsewhere or to show another thing than their record: told, soon, in little memory."""

from __future__ import annotations

import io
import json
import stat
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest

from hybridjoin.bundle.differing import finding_text
from hybridjoin.bundle.drawn_again import tool
from hybridjoin.bundle.manifest import FORMAT, Manifest, decode_manifest, encode_manifest, member
from hybridjoin.bundle.package import (
    COPIES,
    COPY_OF_MANIFEST,
    COPY_OF_SIGNATURE,
    MANIFEST,
    PUBLIC_KEY,
    SIGNATURE,
    UNSIGNED,
    pack_copies,
)
from hybridjoin.bundle.verification import Verification
from hybridjoin.bundle.verify import verify
from hybridjoin.bundle.zip_layout import LIMIT_MEMBERS, ZipMember, entry, read_zip, unpack, write_zip
from hybridjoin.errors import UsageError
from tests.bundle.evidence import ED25519, packed

PACKAGE = packed()
CENTRAL = b"PK\x01\x02"
PICTURES = (
    "index.html", "junit.xml", "summary.md", "results.sarif", "results.tap", "windows-events.xml",
    "windows-events.evtx", "coverage.json",
)  # fmt: skip


def members(body: bytes = PACKAGE) -> dict[str, ZipMember]:
    return {item.name: item for item in read_zip(body, FORMAT)[0]}


def manifest_of(body: bytes = PACKAGE) -> Manifest:
    return decode_manifest(members(body)[MANIFEST].packed)


def signed_text(text: bytes, more: dict[str, ZipMember]) -> bytes:
    """A package whose signer signed whatever there is."""
    signature = ED25519.sign(text)
    stored = {MANIFEST: text, SIGNATURE: signature, COPY_OF_MANIFEST: text, COPY_OF_SIGNATURE: signature}
    kept = {name: entry(name, data, compress=False) for name, data in stored.items()}
    return write_zip([*(({**members(), **more}) | kept).values()], FORMAT)


def with_files(changes: dict[str, bytes], *, drawn_by: str = "") -> bytes:
    """A package in which some files are others, signed as if they were those of its record."""
    items = members()
    names = [name for name in items if name not in (*UNSIGNED, COPIES)]
    files = {name: changes.get(name, unpack(items[name], 1 << 24)[0]) for name in names}
    entries = {name: entry(name, body) for name, body in files.items()}
    copies = entry(COPIES, pack_copies(files.values()), compress=False)
    rows = (*(member(entries[name], files[name]) for name in names), member(copies, copies.packed))
    manifest = replace(manifest_of(), members=rows)
    manifest = replace(manifest, tool=drawn_by) if drawn_by else manifest
    return signed_text(encode_manifest(manifest), {**entries, COPIES: copies})


def told(body: bytes) -> list[str]:
    return [finding_text(item) for item in verify(body, place="evidence.zip").findings]


def cost(body: bytes) -> tuple[Verification, float, int]:
    """Verify; return what was found, the seconds of the processor, and the peak of memory in bytes."""
    tracemalloc.start()
    began = time.process_time()
    done = verify(body, place="evidence.zip")
    took, (_, peak) = time.process_time() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return done, took, peak


def bomb(name: str) -> bytes:
    text = b'{"format": "hybridjoin-package/1", "members": [' + b"[]," * 10_000_000
    return write_zip([entry(MANIFEST, b'{"format": "hybridjoin-package/1"'), entry(name, text)], FORMAT)


@pytest.mark.parametrize("name", [COPY_OF_MANIFEST, SIGNATURE, PUBLIC_KEY, COPIES])
def test_nothing_is_unpacked_before_a_signature_holds(name: str) -> None:
    done, took, peak = cost(bomb(name))

    assert not done.holds
    assert took < 2
    assert peak < 20 << 20


def test_a_manifest_of_millions_of_values_is_not_decoded() -> None:
    text = b'{"format": "hybridjoin-package/1", "members": [' + b"[]," * 10_000_000
    done, took, peak = cost(write_zip([entry(MANIFEST, text)], FORMAT))

    assert not done.holds
    assert took < 2
    assert peak < 20 << 20


@pytest.mark.parametrize("count", [LIMIT_MEMBERS + 1, 70_000])
def test_too_many_members_are_told(count: int) -> None:
    whole = b"".join(write_zip([entry(f"a{at}.txt", b"")], FORMAT).partition(CENTRAL)[0] for at in range(count))

    assert any("at most 100 members" in line for line in told(whole + PACKAGE[-200:]))


def test_headers_without_a_member_are_not_tried_for_ever() -> None:
    began = time.process_time()

    assert told(b"PK\x03\x04" * 5_000_000 + PACKAGE[-200:])
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (encode_manifest(manifest_of()).replace(b'"site"', b'"run_id": "other",\n "site"'), "'run_id' twice"),
        (b'{"format": "hybridjoin-package/1", "members": ' + b"[" * 100_000, "the fields of a manifest"),
        (b'{"format": "hybridjoin-package/1", "members": [], "n": ' + b"9" * 5000 + b"}", "the fields of a manifest"),
        (b'{"format": "hybridjoin-package/1"}' + b" " * (1 << 20), "over too long a manifest"),
    ],
    ids=["twice", "deep", "digits", "long"],
)
def test_a_manifest_that_is_signed_and_none(text: bytes, words: str) -> None:
    assert any(words in line for line in told(signed_text(text, {})))


def test_a_record_of_millions_of_values_is_refused() -> None:
    with pytest.raises(UsageError, match="expected at most 4000000 values"):
        verify(with_files({"record.json": b"[" + b"[]," * 2_500_000}), place="evidence.zip")


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_that_is_not_drawn_from_its_record_is_told(name: str) -> None:
    original = unpack(members()[name], 1 << 24)[0]

    assert told(with_files({})) == []
    old, new = (b"CLAIM", b"CLEAN") if b"CLAIM" in original else (b"W", b"V")
    assert told(with_files({name: original.replace(old, new)})) == [f"{name}: is not drawn from the record"]


def test_another_build_is_not_accused_and_its_pictures_are_said_to_be_unproven() -> None:
    other = verify(with_files({"summary.md": b"## other\n"}, drawn_by="hybridjoin 0.0.9"), place="evidence.zip")
    alike = verify(with_files({}, drawn_by="hybridjoin 0.0.9"), place="evidence.zip")

    assert other.holds
    (remark,) = other.remarks
    assert remark.startswith(f"summary.md: drawn by hybridjoin 0.0.9, and this is {tool()}")
    assert alike.holds
    assert alike.remarks == ()


def symlink(body: bytes) -> bytes:
    at = body.index(CENTRAL) + 38
    return body[:at] + struct.pack("<I", (stat.S_IFLNK | 0o777) << 16) + body[at + 4 :]


def encrypted(body: bytes) -> bytes:
    return body[:6] + b"\x01\x00" + body[8:]


def overlapping(body: bytes) -> bytes:
    second = body.index(CENTRAL, body.index(CENTRAL) + 4)
    return body[: second + 42] + struct.pack("<I", 0) + body[second + 46 :]


def named(name: str) -> Callable[[bytes], bytes]:
    return lambda body: write_zip([*read_zip(body, FORMAT)[0], entry(name, b"x")], FORMAT)


def by_another_tool(body: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.comment = FORMAT.encode()
        for item in read_zip(body, FORMAT)[0]:
            made.writestr(item.name, unpack(item, 1 << 24)[0])
    return out.getvalue()


@pytest.mark.parametrize(
    "change",
    [
        symlink,
        encrypted,
        overlapping,
        named("/etc/passwd"),
        named("../../x.txt"),
        named("a\\..\\b.txt"),
        named("C:/x.txt"),
        by_another_tool,
    ],
    ids=["symlink", "encrypted", "overlapping", "absolute", "parent", "backslash", "drive", "another tool"],
)
def test_what_an_unpacker_might_follow_does_not_hold(change: Callable[[bytes], bytes]) -> None:
    assert told(PACKAGE) == []
    assert told(change(PACKAGE))


def test_the_manifest_says_who_drew() -> None:
    assert json.loads(members()[MANIFEST].packed)["tool"] == tool()
