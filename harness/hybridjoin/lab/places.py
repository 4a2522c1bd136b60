"""Where labs keep things: what runs (state) and what was provisioned (cache)."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import platformdirs

from hybridjoin.errors import LabError

STATE_VARIABLE = "HYBRIDJOIN_STATE"
CACHE_VARIABLE = "HYBRIDJOIN_CACHE"


def state_root() -> Path:
    """Return the directory of everything that runs, made for this user alone.

    It hangs on the user and not on the session, so that a lab is found again from another terminal.
    """
    chosen, user = os.environ.get(STATE_VARIABLE), os.geteuid()
    session = Path(f"/run/user/{user}")
    if chosen:
        root = Path(chosen).absolute()
    elif user == 0:
        root = Path("/run/hybridjoin")
    else:
        root = session / "hybridjoin" if session.is_dir() else Path(tempfile.gettempdir()) / f"hybridjoin-{user}"
    return _own_directory(root, STATE_VARIABLE)


def cache_root() -> Path:
    """Return the directory of golden states: they hold keys, so it is this user's alone too."""
    chosen = os.environ.get(CACHE_VARIABLE)
    root = Path(chosen) if chosen else platformdirs.user_cache_path("hybridjoin")
    return _own_directory(root.absolute(), CACHE_VARIABLE) / "labs"


def _own_directory(root: Path, variable: str) -> Path:
    """Make a directory where there is none; refuse one that another user may have prepared."""
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = root.stat()
    except OSError as error:
        raise LabError(
            f"cannot make the directory {root}: {error.strerror}", remedy=f"set {variable} to a directory of yours"
        ) from error
    if status.st_uid != os.geteuid():
        raise LabError(
            f"the directory {root} belongs to user {status.st_uid}, not to you", remedy=f"set {variable} elsewhere"
        )
    return root
