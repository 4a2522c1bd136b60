"""A zip with one spelling: given its members, every byte of the file is decided.

Ordinary zip readers open it. Our reader takes nothing else, so that a byte changed anywhere, in a header, a date or a
comment as much as in a member, is a difference that can be pointed at.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

STORED, DEFLATED = 0, 8
LIMIT_BYTES = 64 * 1024 * 1024
"""Bytes of a package, and of all that it unpacks to: some 250 joins. Who verifies one holds up to five times that."""
LIMIT_MEMBERS = 100
"""How many members a package may have, and how many broken headers are read past; ours have fourteen."""

_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_LOCAL_HEAD = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL_HEAD = struct.Struct("<4sHHHHHHIIIHHHHHII")
LOCAL_BYTES = _LOCAL_HEAD.size
_END_RECORD = struct.Struct("<4sHHHHIIH")
# 1 January 1980, the first day that zip knows; version 2.0; a regular file that everyone may read.
_TIME, _DATE, _VERSION, _MADE_BY, _MODE = 0, 0x21, 20, 0x0314, 0o100644 << 16
# How every header of ours begins. No member holds these bytes: it is text, compressed, or a signature.
_NEXT_MEMBER = _LOCAL + struct.pack("<HH", _VERSION, 0)
_PIECE = 64 * 1024
_NAME_SIZE_AT = 26  # within a local header


@dataclass(frozen=True, slots=True, kw_only=True)
class ZipMember:
    """One member as it lies in the zip; `at` is where its packed bytes begin, once it has been read."""

    name: str
    method: int
    packed: bytes
    size: int
    crc: int
    at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """Where the file stops being such a zip, and what stands there."""

    offset: int
    problem: str


def entry(name: str, body: bytes, *, compress: bool = True) -> ZipMember:
    """Return a member, deflated where that is asked for."""
    packed = body
    if compress:
        packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
        packed = packer.compress(body) + packer.flush()
    return ZipMember(
        name=name,
        method=DEFLATED if compress else STORED,
        packed=packed,
        size=len(body),
        crc=zlib.crc32(body),
    )


def write_zip(entries: Sequence[ZipMember], comment: str) -> bytes:
    """Lay the members out in their order."""
    return b"".join(laid_out(entries, comment))


def laid_out(entries: Sequence[ZipMember], comment: str) -> list[bytes]:
    """Return the parts of the file in their order; the members' own bytes are not copied."""
    body: list[bytes] = []
    directory, at = bytearray(), 0
    for item in entries:
        name = item.name.encode("utf-8", "surrogateescape")
        sizes = (item.crc, len(item.packed), item.size, len(name))
        directory += _CENTRAL_HEAD.pack(
            _CENTRAL, _MADE_BY, _VERSION, 0, item.method, _TIME, _DATE, *sizes, 0, 0, 0, 0, _MODE, at
        )
        directory += name
        head = _LOCAL_HEAD.pack(_LOCAL, _VERSION, 0, item.method, _TIME, _DATE, *sizes, 0) + name
        body += [head, item.packed]
        at += len(head) + len(item.packed)
    tail = comment.encode("ascii")
    count = len(entries)
    end = _END_RECORD.pack(_END, 0, 0, count, count, len(directory), at, len(tail)) + tail
    return [*body, bytes(directory), end]


def read_zip(body: bytes, comment: str) -> tuple[tuple[ZipMember, ...], Damage | None]:
    """Read what `write_zip` wrote: the members that can be read, and the first byte found to be otherwise.

    Where a header is broken, reading goes on at the next one that is whole: a member whose header claims more bytes
    than lie between it and the next header has only those, so that one changed size hides no other member.
    """
    entries: list[ZipMember] = []
    damage: Damage | None = None
    at, tried = 0, 0
    while at >= 0 and body[at : at + 4] != _CENTRAL:
        if len(entries) == LIMIT_MEMBERS or tried == 2 * LIMIT_MEMBERS:
            damage = damage or Damage(offset=at, problem=f"expected at most {LIMIT_MEMBERS} members, found more")
            break
        tried += 1
        found = _read_entry(body, at)
        if isinstance(found, ZipMember):
            entries.append(found)
            at = found.at + len(found.packed)
        else:
            damage = damage or found
            at = body.find(_LOCAL, at + 1)
    if damage is None:
        parts = laid_out(entries, comment)
        if not consists_of(body, parts):
            expected = b"".join(parts)
            offset = first_difference(body, expected) or 0
            damage = Damage(offset=offset, problem=_told(body, expected, offset))
    return tuple(entries), damage


def unpack(item: ZipMember, limit: int) -> tuple[bytes, str]:
    """Return a member's bytes, no more than `limit` of them, and what stopped the unpacking where something did."""
    if item.method == STORED:
        return item.packed[:limit], "" if len(item.packed) <= limit else f"it holds more than {limit} bytes"
    unpacker, out = zlib.decompressobj(-zlib.MAX_WBITS), bytearray()
    data, at, stride = item.packed, 0, 64 * 1024
    while at < len(data) and not unpacker.eof:
        trial = unpacker.copy()
        try:
            piece = trial.decompress(data[at : at + stride], limit + 1 - len(out))
        except zlib.error:
            if stride == 1:
                return bytes(out), f"its packed form cannot be unpacked past byte {at}"
            stride = max(1, stride // 16)  # come as near to the broken byte as may be
            continue
        unpacker = trial
        out += piece
        if len(out) > limit:
            return bytes(out[:limit]), f"it unpacks to more than {limit} bytes"
        at += stride
    if not unpacker.eof:
        return bytes(out), "its packed form ends too early"
    return bytes(out), "bytes follow its packed form" if unpacker.unused_data or at < len(data) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What stands for a member's bytes: their SHA-256 in hex, and the checksum that a zip has of them."""

    sha256: str
    crc: int


def sums(item: ZipMember, limit: int) -> Sums | None:
    """Sum a member up without ever holding it whole; None where `unpack` would find trouble, and has to tell it."""
    hashed, crc, size = hashlib.sha256(), 0, 0
    try:
        for piece in _pieces(item):
            size += len(piece)
            if size > limit:
                return None
            hashed.update(piece)
            crc = zlib.crc32(piece, crc)
    except zlib.error:
        return None
    return Sums(sha256=hashed.hexdigest(), crc=crc)


def _pieces(item: ZipMember) -> Iterator[bytes | memoryview]:
    """Yield a member's bytes, a few at a time.

    Raises:
        zlib.error: its packed form is broken, ends too early, or something follows it.
    """
    if item.method == STORED:
        yield memoryview(item.packed)
        return
    unpacker, packed = zlib.decompressobj(-zlib.MAX_WBITS), memoryview(item.packed)
    for at in range(0, len(packed), _PIECE):
        piece = unpacker.decompress(packed[at : at + _PIECE], _PIECE)
        yield piece
        while unpacker.unconsumed_tail and not unpacker.eof:  # past its end zlib would give it back for ever
            yield unpacker.decompress(unpacker.unconsumed_tail, _PIECE)
        if unpacker.unused_data or (unpacker.eof and at + _PIECE < len(packed)):
            raise zlib.error("bytes follow its packed form")
    while not unpacker.eof and (piece := unpacker.decompress(b"", _PIECE)):
        yield piece
    if not unpacker.eof:
        raise zlib.error("its packed form ends too early")


def consists_of(body: bytes, parts: Iterable[bytes]) -> bool:
    """Tell whether a file consists of these parts and nothing else."""
    view, at = memoryview(body), 0
    for part in parts:
        if view[at : at + len(part)] != part:
            return False
        at += len(part)
    return at == len(body)


def first_difference(one: bytes, two: bytes) -> int | None:
    """Return the offset of the first byte that differs, the shorter length where one begins the other, or None."""
    if one == two:
        return None
    low, high = 0, min(len(one), len(two))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == two[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _read_entry(body: bytes, at: int) -> ZipMember | Damage:
    """Read the member whose header begins at `at`."""
    start = at + _LOCAL_HEAD.size
    if body[at : at + 4] != _LOCAL[: len(body) - at]:
        return Damage(offset=at, problem="expected a member's header or the directory, found neither")
    if len(body) < start:
        return Damage(offset=len(body), problem="the file ends inside a member's header")
    _, _, _, method, _, _, crc, packed_size, size, name_size, _ = _LOCAL_HEAD.unpack_from(body, at)
    if method not in {STORED, DEFLATED}:
        return Damage(offset=at + 8, problem=f"expected a member stored or deflated, found method {method}")
    data, end = start + name_size, start + name_size + packed_size
    following = body.find(_NEXT_MEMBER, start, end)
    if 0 <= following < data:
        return Damage(offset=at + _NAME_SIZE_AT, problem=f"the name is said to end at byte {data}, in another member")
    if following > 0:
        end = following
    if len(body) < end:
        return Damage(offset=len(body), problem=f"the file ends inside a member that was to end at byte {end}")
    name = body[start:data].decode("utf-8", "surrogateescape")
    return ZipMember(name=name, method=method, packed=body[data:end], size=size, crc=crc, at=data)


def _told(body: bytes, expected: bytes, offset: int) -> str:
    if offset >= len(body):
        return f"the file ends here, expected {len(expected) - offset} bytes more"
    if offset >= len(expected):
        return f"expected the end of the file, found {len(body) - offset} bytes more"
    return f"expected 0x{expected[offset]:02x}, found 0x{body[offset]:02x}"
