"""Checks a person's password by Kerberos instead of a bind: the other of the two ways that a gateway may be set to.

MIT's own kinit asks the KDC, in a process of its own: libkrb5's configuration is one for a whole process, and the
service's is not its callers'. No ticket is kept, and the password goes through a pipe.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

from hybridjoin.doubles.idp.ldap_gateway import GatewayError

WITHIN_S: Final = 10
# What kinit says, and our word for it; a KDC does not say whether an account is disabled or locked.
_CAUSES: Final = (
    (re.compile(r"Preauthentication failed|Password incorrect", re.IGNORECASE), "wrong"),
    (re.compile(r"have been revoked", re.IGNORECASE), "disabled-or-locked"),
    (re.compile(r"[Pp]assword (has |is )?expired|must be changed|New password"), "expired"),
    (re.compile(r"not found in Kerberos database", re.IGNORECASE), "unknown"),
)


def password_problem(account: str, realm: str, password: str, *, krb5_config: Path) -> str:
    """Return why the KDC gives no ticket for a password, our word and kinit's; empty where it does.

    Raises:
        GatewayError: the KDC could not be asked.
    """
    tool = shutil.which("kinit")
    if tool is None:
        raise GatewayError("kinit is not there to ask the KDC with")
    if not password:
        return "no password was given"
    try:
        done = subprocess.run(  # noqa: S603 - our own arguments, and no shell
            [tool, "-c", "MEMORY:", "--", f"{account}@{realm}"],
            input=f"{password}\n",
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "KRB5_CONFIG": str(krb5_config)},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=WITHIN_S,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise GatewayError(f"the KDC gave no answer within {WITHIN_S} s") from late
    if done.returncode == 0:
        return ""
    words = (done.stderr.strip().splitlines() or ["nothing"])[-1].removeprefix("kinit: ")
    cause = next((name for pattern, name in _CAUSES if pattern.search(done.stderr + done.stdout)), "")
    if not cause:
        raise GatewayError(f"the KDC could not be asked: {words}")
    return f"{cause} ({words})"
