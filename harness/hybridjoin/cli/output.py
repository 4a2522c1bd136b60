"""Where a command's document goes: a file, whole or not at all, or standard output."""

from __future__ import annotations

import json
import os
import secrets
import sys
from pathlib import Path

import click

from hybridjoin.cli.exits import mistake
from hybridjoin.errors import THE_DISK, LabError
from hybridjoin.model.leaving import demand_no_secret
from hybridjoin.model.shown import harmless, one_line

STANDARD_OUTPUT = Path("-")


def say(text: str, *, err: bool = False) -> None:
    """Print one line, in which others may have a word: whatever they said, it stays this one line."""
    click.echo(one_line(text), err=err)


def say_json(document: object, *, indent: int = 2, ensure_ascii: bool = True) -> None:
    """Print a document as JSON, which says the same to a machine and does nothing to a terminal."""
    click.echo(harmless(json.dumps(document, indent=indent, ensure_ascii=ensure_ascii)))


def deliver(body: bytes, target: Path | None) -> None:
    """Write a document to a file, which appears complete or not at all, or to standard output.

    Raises:
        UsageError: the file cannot be where it was wanted.
        LabError: the disk is full or broken.
        SecretWouldLeave: it would hold a secret; nothing is written.
    """
    demand_no_secret("standard output" if target in {None, STANDARD_OUTPUT} else str(target), body)
    if target is None or target == STANDARD_OUTPUT:
        sys.stdout.buffer.write(body)
        sys.stdout.buffer.flush()
        return
    if target.exists() and not target.is_file():
        # A device or a pipe takes what it is given; a directory says so itself.
        _write(target, target, body)
        return
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        _write(draft, target, body)
    finally:
        draft.unlink(missing_ok=True)


def _write(draft: Path, target: Path, body: bytes) -> None:
    try:
        draft.write_bytes(body)
        if draft != target:
            os.replace(draft, target)  # noqa: PTH105 - Path.replace would do the same; os.replace says atomic
    except OSError as error:
        if error.errno in THE_DISK:
            raise LabError(
                f"{target} could not be written: {error.strerror}", remedy="make room on the disk"
            ) from error
        raise mistake(f"-o {target}", f"cannot be written: {error.strerror}") from error
