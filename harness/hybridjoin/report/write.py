"""Puts a run's reports on disk whole or not at all: written beside, renamed, then pointed at."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from hybridjoin.errors import LabError, is_the_machines
from hybridjoin.model.leaving import demand_no_secret
from hybridjoin.model.record import RunRecord
from hybridjoin.report.formats.catalogue import FORMATS, PAGE

LATEST = "latest"


def write_reports(record: RunRecord, root: Path, *, beside: Mapping[str, bytes] = MappingProxyType({})) -> Path:
    """Write what each run writes under `root/<UTC time>`, point `latest` there, return it.

    `beside` are further files, by their names.

    Raises:
        LabError: the disk or the rights do not allow it.
        SecretWouldLeave: a file would hold a secret; nothing is written.
    """
    draft = root / f".writing-{secrets.token_hex(6)}"
    files = {item.file_name: item.draw(record) for item in FORMATS if item.every_run} | dict(beside)
    for name, body in files.items():
        demand_no_secret(f"the report's {name}", body)
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.mkdir(mode=0o700)
        for name, body in files.items():
            _write(draft / name, body)
        final = _take_name(draft, root, f"{record.started_at:%Y-%m-%dT%H-%M-%SZ}")
        _point_latest(root, final)
    except OSError as error:
        room = "make room on the disk, or " if is_the_machines(error) else ""
        raise LabError(
            f"the report could not be written under {root}: {error.strerror or error}",
            remedy=f"{room}name a directory you may write to with --report-dir",
        ) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return final


def _write(file: Path, body: bytes) -> None:
    """Write a file for this user alone: customers' hosts and names stand in it."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as opened:
        opened.write(body)


def page_in(folder: Path) -> Path:
    """Return the page that people open, in the folder of a report."""
    return folder / PAGE.file_name


def _take_name(draft: Path, root: Path, name: str) -> Path:
    """Rename the draft to the first free name; rename never replaces a directory with files in it."""
    for number in range(1, 1000):
        final = root / (name if number == 1 else f"{name}-{number}")
        if final.exists():
            continue
        try:
            return draft.rename(final)
        except FileExistsError:
            continue
        except OSError:
            if not final.exists():
                raise
    raise LabError(f"{root} holds a thousand reports of {name}", remedy=f"remove some of {root / name}*")


def _point_latest(root: Path, final: Path) -> None:
    latest = root / LATEST
    if latest.exists() and not latest.is_symlink():
        raise LabError(f"{latest} is not a symbolic link, so it is left alone", remedy=f"move {latest} away")
    link = root / f".{LATEST}-{secrets.token_hex(6)}"
    link.symlink_to(final.name, target_is_directory=True)
    try:
        os.replace(link, latest)  # noqa: PTH105 - Path.replace would do the same; os.replace says atomic
    except OSError:
        link.unlink(missing_ok=True)
        raise
