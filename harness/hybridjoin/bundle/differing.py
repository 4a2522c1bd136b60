"""Where a package parts from what was signed, as near as it can be told."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hybridjoin.bundle.manifest import BLOCK_BYTES, Member, blocks, digest
from hybridjoin.bundle.zip_layout import ZipMember, first_difference

TWICE = "more than one member has this name"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*(?:/[a-z0-9][a-z0-9-]*)?(?:\.[a-z0-9]+)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """One thing that is not as it was signed.

    `offset` is the first byte that differs, within `member` (in the zip file itself where that is empty); `exact` is
    false where only the block that holds it is known, which begins there.
    """

    problem: str
    member: str = ""
    offset: int | None = None
    exact: bool = True
    line: int | None = None
    column: int | None = None
    expected: str = ""
    found: str = ""


def difference(name: str, body: bytes, original: bytes) -> Departure:
    """Name the first byte that differs from the original, and its line and column where it is text."""
    offset = first_difference(body, original)
    if offset is None:
        return Departure(problem="differs", member=name)
    line, begin = original.count(b"\n", 0, offset) + 1, original.rfind(b"\n", 0, offset) + 1
    text = b"\0" not in original and not name.endswith(".sig")
    return Departure(
        problem="changed",
        member=name,
        offset=offset,
        line=line if text else None,
        column=offset - begin + 1 if text else None,
        expected=_shown(original, offset),
        found=_shown(body, offset),
    )


def block(item: Member, body: bytes) -> Departure:
    """Name the first block that differs, where the copies cannot say more."""
    pairs = enumerate(zip(blocks(body), item.blocks, strict=False))
    number = next((at for at, (found, expected) in pairs if found != expected), None)
    if number is None:  # all blocks there are agree, so it was cut short or added to
        number = min(len(blocks(body)), len(item.blocks))
    return Departure(
        problem="changed in the 64 KiB from here",
        member=item.name,
        offset=number * BLOCK_BYTES,
        exact=False,
        expected=item.sha256,
        found=digest(body),
    )


def _shown(body: bytes, offset: int) -> str:
    return f"0x{body[offset]:02x}" if offset < len(body) else "the end"


def finding_text(item: Departure) -> str:
    """Tell a finding in one line."""
    where = item.member or "the zip file"
    if item.offset is not None:
        line = f" (line {item.line}, column {item.column})" if item.line is not None else ""
        where += f", {'first byte that differs' if item.exact else 'from byte'}: {item.offset}{line}"
    values = f": expected {item.expected}, found {item.found}" if item.found else ""
    return f"{where}: {item.problem}{values}"


def of_names(entries: Iterable[ZipMember]) -> Iterator[Departure]:
    """Refuse names that come twice, and names that lead out of the folder a package is unpacked to."""
    for name, count in Counter(item.name for item in entries).items():
        shown = name.encode("utf-8", "backslashreplace").decode()
        if count > 1:
            yield Departure(problem=TWICE, member=shown, expected="1", found=str(count))
        if not _NAME.fullmatch(name):
            yield Departure(problem="the name leads elsewhere, or is none that a package has", member=shown)
