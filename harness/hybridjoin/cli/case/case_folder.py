"""Writes a case into a folder: whole or not at all, nothing outside it, and over nothing that is not a case of ours."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Mapping, Set
from pathlib import Path
from typing import Final

from hybridjoin import __version__
from hybridjoin.cli.case.derived_files import NAMES, DerivedFiles, is_edited
from hybridjoin.cli.exits import mistake
from hybridjoin.errors import UsageError
from hybridjoin.intake.case.case import CustomerCase
from hybridjoin.intake.files.masked_part import masked_body
from hybridjoin.model.hiding import hide_octets
from hybridjoin.model.leaving import demand_no_secret
from hybridjoin.scenario.case.case_file import FILE_NAME, MARK, case_body, kept_parts, load_case, part_name

_PARTS: Final = "parts"


def refuse_foreign(folder: Path) -> None:
    """Refuse a folder that is there and no case of ours.

    Raises:
        UsageError: it holds something else.
    """
    if not folder.exists() and not folder.is_symlink():
        return
    file = folder / FILE_NAME
    try:
        ours = file.is_file() and not folder.is_symlink() and file.read_bytes().startswith(MARK.encode())
        empty = folder.is_dir() and not any(folder.iterdir())
    except OSError as error:
        raise mistake(f"-o {folder}", f"cannot be read: {error.strerror}") from error
    if not ours and not empty:
        raise mistake(f"-o {folder}", "is there already, and is no case of ours", "name a folder that is not there yet")


def write_case(case: CustomerCase, derived: DerivedFiles, folder: Path) -> frozenset[str]:
    """Write the case file, the messages and screens beside it, and what follows from it; return what was kept.

    A new folder appears whole. In a case of ours messages and screens are exchanged and the case file last; of what
    follows from it, a file that somebody edited is kept. What else lies in the folder stays.

    Raises:
        UsageError: the folder is not ours, or cannot be written.
        SecretWouldLeave: a file would hold a secret; nothing is written.
    """
    refuse_foreign(folder)
    bodies = {part_name(item, number): masked_body(item) for number, item in enumerate(kept_parts(case), start=1)}
    bodies = {name: hide_octets(body) for name, body in bodies.items()}
    try:
        kept = frozenset(name for name in NAMES if is_edited(folder / name))
        bodies |= {name: body for name, body in derived.bodies.items() if name not in kept}
        bodies[FILE_NAME] = hide_octets(case_body(case, tool=f"hybridjoin {__version__}"))
        for name, body in bodies.items():
            demand_no_secret(f"the case's {name}", body)
        if folder.exists():
            _exchange(folder, bodies, kept)
        else:
            _make(folder, bodies)
    except OSError as error:
        raise mistake(f"-o {folder}", f"cannot be written: {error.strerror}") from error
    return kept


def _make(folder: Path, bodies: Mapping[str, bytes]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    try:
        for name, body in bodies.items():
            for place in (draft, (draft / name).parent):
                place.mkdir(mode=0o700, exist_ok=True)
            _write(draft / name, body)
        os.rename(draft, folder)  # noqa: PTH104 - Path.rename would do the same
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _exchange(folder: Path, bodies: Mapping[str, bytes], kept: Set[str]) -> None:
    old = _named_parts(folder) | (set(NAMES) - kept)
    for name, body in bodies.items():
        target = folder / name
        target.parent.mkdir(mode=0o700, exist_ok=True)
        draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
        try:
            _write(draft, body)
            os.replace(draft, target)  # noqa: PTH105 - Path.replace would do the same; os.replace says atomic
        finally:
            draft.unlink(missing_ok=True)
    for name in old - bodies.keys():
        (folder / name).unlink(missing_ok=True)


def _write(file: Path, body: bytes) -> None:
    """Write a file for this user alone: a customer's hosts and names stand in it."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as opened:
        opened.write(body)


def _named_parts(folder: Path) -> set[str]:
    """Return the messages that the case of before names; one that cannot be read any more names none."""
    try:
        found = load_case(folder / FILE_NAME).parts if (folder / FILE_NAME).exists() else []
    except UsageError:
        return set()
    names = {item.file for item in found}
    return {name for name in names if Path(name).parent.as_posix() == _PARTS and ".." not in Path(name).parts}
