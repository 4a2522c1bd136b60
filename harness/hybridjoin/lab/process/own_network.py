"""A network of one's own: in it whoever may not bind low ports may, and there is nothing but loopback.

It is a user namespace with a network namespace, as `unshare --user --map-root-user --net` makes it; the process that
enters it, and all it starts, can reach one another and nobody else. For a lab that is enough: all of it is on loopback.
"""

from __future__ import annotations

import ctypes
import fcntl
import getpass
import os
import socket
import struct
import subprocess
import sys
from pathlib import Path
from typing import Final

from hybridjoin.lab.places import CACHE_VARIABLE, STATE_VARIABLE, cache_root, state_root
from hybridjoin.lab.process.needs import PORTS, refusal

_NEW_USER, _NEW_NET = 0x1000_0000, 0x4000_0000  # sched.h
_SET_FLAGS: Final = 0x8914  # linux/sockios.h, SIOCSIFFLAGS
_UP: Final = 1  # net/if.h, IFF_UP
_PROBE_WITHIN_S: Final = 20
NOTE: Final = f"port {min(PORTS)} is refused to you: the lab runs in a network of its own, for as long as this command"


def enter_own_network() -> None:
    """Go on in a network of our own, as its root; folders and names stay those of the user.

    To be called before any thread is started: the kernel moves none but the caller.

    Raises:
        LabError: this machine does not let its users have one.
    """
    folders = {STATE_VARIABLE: str(state_root()), CACHE_VARIABLE: str(cache_root().parent)}
    name = getpass.getuser()
    try:
        _enter(os.geteuid(), os.getegid())
    except OSError as error:
        raise refusal(f"and it may have no network of its own: {error.strerror}") from error
    os.environ.update(folders)
    os.environ.setdefault("LOGNAME", name)


def can_have_own_network() -> bool:
    """Say whether this machine lets its users have a network of their own: a process of ours tries."""
    probe = [sys.executable, "-c", "from hybridjoin.lab.process.own_network import enter_own_network as e; e()"]
    try:
        return subprocess.run(probe, capture_output=True, check=False, timeout=_PROBE_WITHIN_S).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def _enter(user: int, group: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEW_USER | _NEW_NET):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    for file, text in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1")):
        Path("/proc/self", file).write_text(text, "ascii")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sh14x", b"lo", _UP))
