"""What comes with an extra of the package, and the words for whoever lacks it.

The core is wheels and pure Python. What is compiled, or serves only a lab, comes with an extra; the modules that use it
import it at their top, as everywhere, and a door turns the ImportError into a sentence and the line that mends it.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Final

from hybridjoin.errors import LabError

EXTRA_OF: Final[Mapping[str, str]] = {
    "_ldap": "device",
    "docker": "lab",
    "evtx": "events",
    "filelock": "device",
    "gssapi": "device",
    "h11": "device",
    "krb5": "device",
    "ldap": "device",
    "psutil": "device",
    "pytest": "pytest",
    "requests_kerberos": "device",
    "spnego": "device",
    "starlette": "device",
    "testcontainers": "lab",
    "trustme": "device",
    "uvicorn": "device",
}
"""The extra that brings a module, by the module's name."""

COMPILED_WITH: Final = "gcc python3-dev libkrb5-dev libldap2-dev libsasl2-dev"
PAIR: Final = ("lxml==6.1.3", "xmlsec==1.3.17")
"""Versions whose wheels carry the same libxml2: the ones that the lock pins."""
OLDER_PAIR: Final = ("lxml==5.3.2", "xmlsec==1.3.14")
OLDER_PAIR_ENDS: Final = (3, 13)  # it has no wheels from this Python on


@contextmanager
def extras_named() -> Iterator[None]:
    """Turn an import in the block that fails for want of an extra into words.

    Raises:
        LabError: something is not installed, or cannot be loaded; what to type is in it.
    """
    try:
        yield
    except Exception as error:
        told = missing_part(error)
        if told is None:
            raise
        raise told from error


def missing_part(error: Exception) -> LabError | None:
    """Say what is missing or does not go together, and what to type; None where the error is another one."""
    if isinstance(error, ImportError):
        name = (error.name or "").partition(".")[0]
        return _missing(name, error) if name in EXTRA_OF else None
    if type(error).__module__ == "xmlsec" and "mismatch" in str(error):
        return _other_libxml2()
    return None


def install_line(*requirements: str) -> str:
    """Return the line that installs something into the very environment that this runs in."""
    wanted = " ".join(shlex.quote(item) for item in requirements)
    python = shlex.quote(sys.executable)
    return f"{python} -m pip install {wanted}" if find_spec("pip") else f"uv pip install --python {python} {wanted}"


def extra_line(extra: str) -> str:
    """Return the line that brings an extra."""
    return install_line(f"hybridjoin[{extra}]")


def _missing(name: str, error: ImportError) -> LabError:
    if not isinstance(error, ModuleNotFoundError):
        cause = f"{name} is installed and cannot be loaded: {error}"
        return LabError(cause, remedy=f"install the libraries that it was built with, on Debian {COMPILED_WITH}")
    cause = f"this needs {name}, which is not installed: it comes with an extra"
    if EXTRA_OF[name] == "pytest":
        return LabError(cause, remedy=extra_line("pytest"))
    without_lab = "where you have a site of your own and want no lab, [device] is enough"
    compiled = f"gssapi, krb5 and python-ldap are compiled; Debian's packages for that: {COMPILED_WITH}"
    return LabError(cause, remedy=f"{extra_line('lab')}\n({without_lab}; {compiled})")


def _other_libxml2() -> LabError:
    found = ", ".join(f"{name} {_version(name)}" for name in ("lxml", "xmlsec"))
    older = f" (where lxml must stay below 6: {' '.join(OLDER_PAIR)})" if sys.version_info < OLDER_PAIR_ENDS else ""
    return LabError(
        f"{found} in {sys.prefix} carry different versions of libxml2, so xmlsec refuses to verify signatures",
        remedy=f"{install_line(*PAIR)}{older}",
    )


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "(unknown)"
