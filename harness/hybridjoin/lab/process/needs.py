"""What the process backend needs of the machine: Debian's samba, and a directory's low ports."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

from hybridjoin.errors import LabError
from hybridjoin.lab.places import STATE_VARIABLE

SYSTEM_PYTHON: Final = Path("/usr/bin/python3")
PACKAGES: Final = "samba samba-ad-provision samba-dsdb-modules python3-samba"
KDC_PORT, LDAP_PORT, KPASSWD_PORT, LDAPS_PORT, GLOBAL_CATALOG_PORT = 88, 389, 464, 636, 3268
PORTS: Final = (KDC_PORT, LDAP_PORT, KPASSWD_PORT, LDAPS_PORT, GLOBAL_CATALOG_PORT)
IN_OWN_NETWORK: Final = "unshare --user --map-root-user --net sh -c 'ip link set lo up; exec \"$@\"' sh COMMAND"
_UNPRIVILEGED_PORTS: Final = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")


def need_samba(search_path: str) -> Path:
    """Return the samba of the machine.

    Raises:
        LabError: it is not installed.
    """
    found = shutil.which("samba", path=search_path)
    if found is None:
        raise LabError("samba is not installed", remedy=f"apt-get install -y {PACKAGES}")
    return Path(found)


def first_free_port() -> int:
    """Return the lowest port that whoever runs us may bind."""
    if os.geteuid() == 0:
        return 1
    return int(_UNPRIVILEGED_PORTS.read_text("utf-8")) if _UNPRIVILEGED_PORTS.is_file() else 1024


def ports_refused() -> bool:
    """Say whether the DC could not bind its ports: they are fixed by what directories are."""
    return first_free_port() > min(PORTS)


def refusal(more: str = "") -> LabError:
    """Return what is told where the ports are refused, and what helps."""
    lowest = min(PORTS)
    cause = f"the process backend binds port {lowest}, and only root may bind ports below {first_free_port()} here"
    return LabError(
        f"{cause}, {more}" if more else cause,
        remedy=f"run as root, or: sudo sysctl net.ipv4.ip_unprivileged_port_start={lowest}; or --lab docker; or, in a "
        f"network of its own, with {STATE_VARIABLE} set: {IN_OWN_NETWORK}",
    )


def need_rights() -> None:
    """Refuse early where the DC could not bind its ports.

    Raises:
        LabError: they are for root alone.
    """
    if ports_refused():
        raise refusal()
