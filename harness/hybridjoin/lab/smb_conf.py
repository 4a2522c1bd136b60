"""The smb.conf a DC runs with: directory and KDC alone, on one address, nothing that looks outward."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from hybridjoin.scenario.lab.lab_file import DomainFile

FOLDERS = ("private", "state", "lock", "cache", "run", "ncalrpc")

# The KDC tells of each exchange who asked and how it ended; authentication tells as which account, and why not.
LOG_LEVEL = "1 kerberos:3 auth_audit:2"


@dataclass(frozen=True, slots=True, kw_only=True)
class ControllerPaths:
    """Where the DC finds its things, as paths in its own file system; `root` holds the copied golden state."""

    root: PurePosixPath
    certificate: PurePosixPath
    private_key: PurePosixPath
    ca_file: PurePosixPath
    log_file: PurePosixPath


def render_smb_conf(domain: DomainFile, paths: ControllerPaths, *, interfaces: str | None = None) -> str:
    """Return the configuration; with `interfaces` the DC listens there only, else everywhere in its container."""
    root = paths.root
    bound = f"interfaces = {interfaces}\n    bind interfaces only = yes" if interfaces else "bind interfaces only = no"
    return f"""\
[global]
    netbios name = {domain.domain_controller.upper()}
    realm = {domain.realm}
    workgroup = {domain.netbios.upper()}
    server role = active directory domain controller
    server services = ldap cldap kdc
    dcerpc endpoint servers = none
    {bound}
    private dir = {root}/private
    state directory = {root}/state
    lock directory = {root}/lock
    cache directory = {root}/cache
    pid directory = {root}/run
    ncalrpc dir = {root}/ncalrpc
    tls certfile = {paths.certificate}
    tls keyfile = {paths.private_key}
    tls cafile = {paths.ca_file}
    tls dh params file = {root}/private/dhparams.pem
    log file = {paths.log_file}
    max log size = 0
    log level = {LOG_LEVEL}
    dns update command = /bin/true
    spn update command = /bin/true
"""
