"""A clock set off on purpose: libfaketime shifts what one process sees, and nothing else."""

from __future__ import annotations

from pathlib import Path

from hybridjoin.errors import LabError

LIBRARY_NAME = "libfaketimeMT.so.1"  # the one that is safe with threads
LIBRARY_PLACES = ("/usr/lib", "/usr/lib64", "/usr/local/lib")


def find_faketime(root: Path = Path("/")) -> Path | None:
    """Return libfaketime where it is installed."""
    for place in LIBRARY_PLACES:
        folder = root / place.lstrip("/")
        found = sorted([*folder.glob(f"faketime/{LIBRARY_NAME}"), *folder.glob(f"*/faketime/{LIBRARY_NAME}")])
        if found:
            return found[0]
    return None


def clock_environment(offset_s: int, library: Path | None = None) -> dict[str, str]:
    """Return the environment under which a program's clock is `offset_s` seconds ahead; empty for no offset.

    Raises:
        LabError: faketime is not installed.
    """
    if not offset_s:
        return {}
    found = library or find_faketime()
    if found is None:
        raise LabError(
            "libfaketime is not installed, and a clock is to be set off", remedy="apt-get install -y faketime"
        )
    # The monotonic clock stays true, or every timer of the DC would be late or early by the offset.
    return {"LD_PRELOAD": str(found), "FAKETIME": f"{offset_s:+d}s", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
