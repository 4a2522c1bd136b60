"""Passwords in files: one line each, as whoever owns the account wrote it."""

from __future__ import annotations

from pathlib import Path

from hybridjoin.errors import LabError


def read_password(path: Path) -> str:
    """Read the one line of a password file.

    Raises:
        LabError: it cannot be read.
    """
    try:
        return path.read_text("utf-8").removesuffix("\n").removesuffix("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise LabError(
            f"the password file {path.name} cannot be read: {type(error).__name__}",
            remedy="name a file with the password on its one line, in UTF-8",
        ) from error
