"""One running domain as a frozen bundle of facts: whoever runs it, and in whichever process it is read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from hybridjoin.errors import LabError
from hybridjoin.model.site import DeviceAccount, Directory

DOMAIN_FILE = "domain.json"
LOG_TAIL_LINES = 20
# The head of an entry: [2026/11/28 12:33:44.152984,  3] ../../source4/… Samba writes none before it has opened its log
# a second time, which it does after some hundred entries.
_CHATTER = re.compile(r"\[\d{4}/\d\d/\d\d [\d:.]+,\s*[2-9]\b|Kerberos: |Auth: ")


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupAccount:
    """The account that gateways read the directory with, by simple bind over LDAPS."""

    name: str
    dn: str
    user_principal_name: str
    password_file: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerCertificate:
    """A server's certificate chain and private key, both PEM, and the names it is good for."""

    certificate: Path
    private_key: Path
    hosts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """One running Active Directory domain.

    `directory.ldap_url` is dialled with GSSAPI, by a name the DC holds an ldap/ SPN for; `ldaps_url` is for
    simple binds, verified against `ca_file`, the CA that signed `certificates` too. `keytabs` and
    `passwords` are found by sAMAccountName (`WS01$`, `svc-idp`). `digest` is the golden state's, `lab_digest` the
    lab file's. `clock_offset_s` is how far the DC's
    clock is ahead of this machine's.
    """

    backend: str
    digest: str
    lab_digest: str
    state_dir: Path
    log_file: Path
    directory: Directory
    ldaps_url: str
    ca_file: Path
    certificates: Mapping[str, ServerCertificate]
    lookup: LookupAccount
    keytabs: Mapping[str, Path]
    passwords: Mapping[str, Path]
    devices: tuple[DeviceAccount, ...]
    clock_offset_s: int = 0

    def log_tail(self, lines: int = LOG_TAIL_LINES) -> str:
        """Return the last lines of the DC's log, as the backend keeps it."""
        return tail(self.log_file, lines)

    def write(self) -> Path:
        """Write the facts for other processes to read; they are complete as soon as the file is there."""
        target = self.state_dir / DOMAIN_FILE
        draft = target.with_suffix(".draft")
        draft.write_text(json.dumps(asdict(self), default=str, indent=1), "utf-8")
        return draft.replace(target)


def tail(log_file: Path, lines: int = LOG_TAIL_LINES) -> str:
    """Return the last lines of a log, or nothing where there is no log.

    Left out is what samba says below its first level, as it does of each Kerberos exchange: why it fell stands above.
    """
    try:
        text = log_file.read_text("utf-8", "replace")
    except OSError:
        return ""
    return "\n".join(list(_weighty(text.splitlines()))[-lines:])


def _weighty(lines: Iterable[str]) -> Iterator[str]:
    chatter = False
    for line in lines:
        if not line.startswith(" "):  # what belongs to a head is indented
            chatter = _CHATTER.match(line) is not None
        if not chatter:
            yield line


def read_domain(domain_file: Path) -> Domain:
    """Read what `Domain.write` wrote.

    Raises:
        LabError: the file holds something else.
    """
    try:
        data = json.loads(domain_file.read_text("utf-8"))
        return _domain(data)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LabError(
            f"{domain_file} does not describe a running domain: {error}",
            remedy="start one with `hybridjoin lab up`, or unset HYBRIDJOIN_DOMAIN",
        ) from error


def _domain(data: Mapping[str, Any]) -> Domain:
    directory, lookup = data["directory"], data["lookup"]
    return Domain(
        backend=data["backend"],
        digest=data["digest"],
        lab_digest=data["lab_digest"],
        state_dir=Path(data["state_dir"]),
        log_file=Path(data["log_file"]),
        directory=Directory(
            **{**directory, "krb5_config": Path(directory["krb5_config"]), "ca_file": Path(directory["ca_file"])}
        ),
        ldaps_url=data["ldaps_url"],
        ca_file=Path(data["ca_file"]),
        certificates={
            name: ServerCertificate(
                certificate=Path(item["certificate"]),
                private_key=Path(item["private_key"]),
                hosts=tuple(item["hosts"]),
            )
            for name, item in data["certificates"].items()
        },
        lookup=LookupAccount(**{**lookup, "password_file": Path(lookup["password_file"])}),
        keytabs={name: Path(path) for name, path in data["keytabs"].items()},
        passwords={name: Path(path) for name, path in data["passwords"].items()},
        devices=tuple(
            DeviceAccount(
                name=item["name"],
                keytab=Path(item["keytab"]),
                user_certificate_key=Path(item["user_certificate_key"]) if item["user_certificate_key"] else None,
            )
            for item in data["devices"]
        ),
        clock_offset_s=data["clock_offset_s"],
    )
