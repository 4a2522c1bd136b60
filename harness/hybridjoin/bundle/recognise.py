"""What is a package at all: told by the format tag at its begin and at its end."""

from __future__ import annotations

import re
from pathlib import Path

from hybridjoin.bundle.manifest import FORMAT
from hybridjoin.bundle.zip_layout import LIMIT_BYTES
from hybridjoin.errors import Mistake, UsageError
from hybridjoin.given import read_given

_FAMILY, _, _VERSION = FORMAT.rpartition("/")
_TAG = re.compile(rb"hybridjoin-package/(\d{1,6})")
_HEAD, _TAIL = 256, 64


def read_package(path: Path) -> bytes:
    """Read a package's bytes.

    Raises:
        UsageError: there are none, or far too many.
    """
    hint = "a run writes reports/<time>/record.json, `hybridjoin package` a zip of it"
    return read_given(path, limit_bytes=LIMIT_BYTES, hint=hint)


def looks_like_package(body: bytes) -> bool:
    """Tell a package, whole or damaged, newer or not, from any other file."""
    return bool(_tags(body))


def refuse_foreign(body: bytes, place: str) -> None:
    """Make sure that a file is a package of this format.

    Raises:
        UsageError: it is none, or one of a newer format.
    """
    versions = _tags(body)
    if int(_VERSION) in versions:
        return
    if versions:
        problem, hint = f"expected a package of format {FORMAT}, found {_FAMILY}/{max(versions)}", "update hybridjoin"
        raise UsageError(Mistake(place=place, problem=problem, hint=hint))
    problem, hint = f"expected a package of format {FORMAT}, found another file", "`hybridjoin package` writes one"
    raise UsageError(Mistake(place=place, problem=problem, hint=hint))


def _tags(body: bytes) -> set[int]:
    """Return the format versions told at the begin (the manifest) and at the end (the zip's comment)."""
    return {int(version) for part in (body[:_HEAD], body[-_TAIL:]) for version in _TAG.findall(part)}
