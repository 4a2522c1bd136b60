"""Reads a text that somebody saved or pipes in, as Windows' and other tools write it."""

from __future__ import annotations

import codecs
import sys
from pathlib import Path
from typing import Final

import click

from hybridjoin.cli.exits import mistake
from hybridjoin.given import read_given

STANDARD_INPUT: Final = "-"
_LIMIT: Final = 64 * 2**20
_RECORD: Final = "record.json"
_PACKAGE: Final = b"PK\x03\x04"
_EVENT_LOG: Final = b"ElfFile\0"
_SAVE_AS_TEXT: Final = "wevtutil qe FILE /lf:true /f:text > events.txt"
# PowerShell's `>` writes UTF-16 with a mark; the mark of UTF-32 begins with that of UTF-16 and is looked for first.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def is_run(path: Path) -> bool:
    """Tell a record or an evidence package from a text; a file of a record's name is one, whatever it holds."""
    if path.name == _RECORD:
        return True
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError:
        return False
    return head.startswith(_PACKAGE) or (head.lstrip()[:1] == b"{" and b'"hybridjoin-record/' in head)


def read_pasted(name: str) -> str:
    """Read a file, or standard input for `-`, whatever its encoding.

    Raises:
        UsageError: it cannot be read, or is no text.
    """
    body = _octets(name)
    if body.startswith(_EVENT_LOG):
        raise mistake(name, "expected text, found a binary event log", f"on a Windows: {_SAVE_AS_TEXT}")
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    if b"\0" in body[:4096]:
        encoding = "utf-16-le" if b"\0" in body[1:4096:2] else "utf-16-be"
        text = body.decode(encoding, "replace")
        if not text[:2048].isascii():
            raise mistake(name, "expected text, found something binary")
        return text
    return body.decode("utf-8", "replace")


def _octets(name: str) -> bytes:
    if name == STANDARD_INPUT:
        if sys.stdin.isatty():
            click.echo("paste the text, then Ctrl-D on a line of its own", err=True)
        return sys.stdin.buffer.read(_LIMIT)
    return read_given(Path(name), limit_bytes=_LIMIT)
