"""What a golden state holds, file by file: written when it is made, and held against the disk whenever it is used.

A file that was cut, swapped or lost would otherwise be found out by a ticket that does not come, and somebody else's
server would be blamed for it. It guards against accidents; whoever may write there may write both.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

DIGESTS_FILE: Final = "digests.json"
_FOLDER: Final = "folder"


def write_digests(folder: Path) -> None:
    """Note what a folder holds now, in a file of its own inside it."""
    (folder / DIGESTS_FILE).write_text(json.dumps(dict(_contents(folder)), indent=0, sort_keys=True), "utf-8")


def damage(folder: Path) -> str:
    """Say what in a folder is no longer as it was noted; empty where all of it is."""
    try:
        noted = json.loads((folder / DIGESTS_FILE).read_text("utf-8"))
        found = dict(_contents(folder))
    except (OSError, ValueError) as error:
        return f"it cannot be read: {error}"
    if not isinstance(noted, dict):
        return f"{DIGESTS_FILE} is not what was written"
    wrong = sorted(name for name in {*noted, *found} if noted.get(name) != found.get(name))
    if not wrong:
        return ""
    first = wrong[0]
    how = "is missing" if first not in found else "was not there" if first not in noted else "is not what was written"
    return f"{first} {how}" + (f", and {len(wrong) - 1} more" if wrong[1:] else "")


def _contents(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield every file with its digest, and every folder."""
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_dir():
            yield name, _FOLDER
        elif name != DIGESTS_FILE and path.is_file():
            with path.open("rb") as file:
                yield name, hashlib.file_digest(file, hashlib.blake2b).hexdigest()
