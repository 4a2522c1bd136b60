"""A write behind the directory's back, for what it would refuse of anybody: Samba's own database, as replication does.

A domain controller refuses a service principal name that another account has. Two that agreed to it apart, before they
replicated, both hold it afterwards; that is how duplicates come about, and the only way to one here. Likewise it makes
AES keys of every password; an account whose password is older than that has none until it is set again.
"""

from __future__ import annotations

import subprocess
from pkgutil import resolve_name
from typing import Final

from hybridjoin.errors import LabError
from hybridjoin.lab.domain import Domain
from hybridjoin.lab.process.needs import SYSTEM_PYTHON

WITHIN_S: Final = 30.0
_IN_A_CONTAINER: Final = "hybridjoin.lab.docker.inside:run_inside"
_ROOT_IN_A_CONTAINER: Final = "hybridjoin.lab.docker.images:GOLDEN_ROOT"
# Run by the Python that Samba's bindings belong to: database, object, attribute, and the values to add, none to take
# the attribute away.
_PROGRAM: Final = """\
import ldb, sys
path, name, attribute, *values = sys.argv[1:]
database = ldb.Ldb(path)
message = ldb.Message(ldb.Dn(database, name))
how = ldb.FLAG_MOD_ADD if values else ldb.FLAG_MOD_DELETE
message[attribute] = ldb.MessageElement(values, how, attribute)
database.modify(message)
"""
_KEYS_BUT_RC4: Final = "supplementalCredentials"


def add_value(domain: Domain, dn: str, attribute: str, value: str) -> None:
    """Add a value to an object's attribute, whatever the directory thinks of it.

    Raises:
        LabError: it cannot be written.
    """
    _modify(domain, dn, attribute, value)


def forget_aes_keys(domain: Domain, dn: str) -> None:
    """Leave an account its RC4 key alone, as a password has that was set before the domain had AES keys.

    Raises:
        LabError: it cannot be written.
    """
    _modify(domain, dn, _KEYS_BUT_RC4)


def _modify(domain: Domain, *what: str) -> None:
    partition = f"private/sam.ldb.d/{domain.directory.base_dn.upper()}.ldb"
    if domain.backend == "process":
        command = [str(SYSTEM_PYTHON), "-I", "-c", _PROGRAM, f"tdb://{domain.state_dir / partition}"]
        done = subprocess.run(
            [*command, *what],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=WITHIN_S,
            check=False,
        )
        code, told = done.returncode, done.stderr
    else:
        root = resolve_name(_ROOT_IN_A_CONTAINER)
        command = ["python3", "-I", "-c", _PROGRAM, f"tdb://{root / partition}", *what]
        code, told = resolve_name(_IN_A_CONTAINER)(domain.state_dir.name, command)
    if code:
        raise LabError(f"the lab's database could not be written to: {told.strip()}", remedy="start the lab again")
