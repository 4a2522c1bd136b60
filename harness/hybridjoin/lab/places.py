"""Where labs keep things: what runs (state) and what was provisioned (cache)."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

import platformdirs

from hybridjoin.errors import LabError

STATE_VARIABLE = "HYBRIDJOIN_STATE"
CACHE_VARIABLE = "HYBRIDJOIN_CACHE"


def state_root() -> Path:
    """Return the directory of everything that runs, made for this user alone.

    It hangs on the user and not on the session, so that a lab is found again from another terminal: HYBRIDJOIN_STATE,
    else `hybridjoin` below XDG_RUNTIME_DIR where that is as its specification wants it, or below /run/user/UID.
    """
    chosen, user = os.environ.get(STATE_VARIABLE), os.geteuid()
    if chosen:
        return _own_directory(Path(chosen).absolute(), STATE_VARIABLE)
    session = _session(os.environ.get("XDG_RUNTIME_DIR", "")) or _session(f"/run/user/{user}")
    if session is not None:
        return _own_directory(session / "hybridjoin", STATE_VARIABLE)
    nowhere = Path("/run/hybridjoin") if user == 0 else Path(tempfile.gettempdir()) / f"hybridjoin-{user}"
    return _own_directory(nowhere, STATE_VARIABLE)


def memory_root() -> Path:
    """Return the directory of what is remembered from one day to the next, made for this user alone.

    HYBRIDJOIN_STATE, else `hybridjoin` below XDG_STATE_HOME (~/.local/state where it is not set or not absolute),
    else, for a user without a home, that of what runs.
    """
    if os.environ.get(STATE_VARIABLE):
        return state_root()
    chosen = Path(os.environ.get("XDG_STATE_HOME", ""))
    try:
        root = chosen if chosen.is_absolute() else Path("~/.local/state").expanduser()
        return _own_directory(root / "hybridjoin", "XDG_STATE_HOME")
    except (LabError, RuntimeError):
        return state_root()


def _session(path: str) -> Path | None:
    """Return the user's runtime directory; the specification wants an absolute path, its owner, and mode 0700.

    Another one, such as that of whoever called sudo, is no place for keys.
    """
    found = Path(path)
    if not found.is_absolute():
        return None
    try:
        status = found.stat()
    except OSError:
        return None
    own = status.st_uid == os.geteuid() and stat.S_ISDIR(status.st_mode) and not status.st_mode & 0o077
    return found if own else None


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
    if status.st_mode & stat.S_IWOTH or (status.st_mode & stat.S_IWGRP and status.st_gid != os.getegid()):
        raise LabError(
            f"others may write into the directory {root} (mode {stat.S_IMODE(status.st_mode):04o}), and keys lie there",
            remedy=f"chmod 700 {root}, or set {variable} elsewhere",
        )
    return root
