"""The entries of an LDIF file (RFC 2849), as ldapsearch and ldifde write them.

python-ldap reads LDIF too, but it is compiled against OpenLDAP, and whoever judges a captured assertion needs neither.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

from hybridjoin.model.exchange import Entry

_FOLD = re.compile(r"\r?\n ")
_COMMENT = re.compile(r"^#.*\n?", re.MULTILINE)
_BETWEEN_RECORDS = re.compile(r"\n\s*\n")


def read_entries(text: str) -> tuple[Entry, ...]:
    """Read the entries, up to the first record that is none: what a tool prints after them is passed over.

    A value that stands elsewhere, at the URL that `:<` names, is left out: nothing is fetched.

    Raises:
        ValueError: the first record is no entry, or an entry holds a line that is no attribute.
    """
    found: list[Entry] = []
    for lines in _records(text):
        if not lines[0].lower().startswith("dn:"):
            if found:
                break
            raise ValueError(f"expected a line that begins with dn:, found {lines[0][:60]!r}")
        found.append(_entry(lines))
    return tuple(found)


def _records(text: str) -> Iterator[list[str]]:
    """Yield the lines of each record, unfolded, without comments and the version that may stand first."""
    plain = _COMMENT.sub("", _FOLD.sub("", text)).replace("\r\n", "\n")
    plain = re.sub(r"\A\s*version:.*\n", "", plain)
    for record in _BETWEEN_RECORDS.split(plain):
        lines = [line for line in record.split("\n") if line.strip()]
        if lines:
            yield lines


def _entry(lines: list[str]) -> Entry:
    (_, name), *rest = (_attribute(line) for line in lines)
    values: dict[str, list[bytes]] = {}
    for key, value in rest:
        held = values.setdefault(key, [])
        if value is not None:
            held.append(value)
    return Entry(dn=(name or b"").decode("utf-8"), attributes=tuple((key, tuple(held)) for key, held in values.items()))


def _attribute(line: str) -> tuple[str, bytes | None]:
    """Split a line into the attribute's name and its value; no value where it stands at a URL."""
    name, colon, value = line.partition(":")
    if not colon:
        raise ValueError(f"expected `attribute: value`, found {line[:60]!r}")
    if value.startswith("<"):
        return name, None
    if value.startswith(":"):
        return name, base64.b64decode(value[1:].strip(), validate=True)
    return name, value.lstrip(" ").encode("utf-8")
