"""The lab's certificate authority: made for one running lab, kept in memory, its certificates on disk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import trustme

from hybridjoin.lab.domain import ServerCertificate


class Authority:
    """A CA that signs the certificates of one lab's servers; its own key never touches the disk."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._ca = trustme.CA(organization_name="hybridjoin lab", organization_unit_name="lab CA")
        self.ca_file = folder / "ca.pem"
        self._ca.cert_pem.write_to_path(self.ca_file)

    def issue(self, name: str, hosts: Iterable[str], *, expires_at: datetime | None = None) -> ServerCertificate:
        """Sign a server certificate for DNS names and addresses and keep it as `<name>.pem` and `<name>.key.pem`."""
        names = tuple(hosts)
        leaf = self._ca.issue_cert(*names, not_after=expires_at)
        certificate, private_key = self._folder / f"{name}.pem", self._folder / f"{name}.key.pem"
        private_key.touch(mode=0o600)
        leaf.private_key_pem.write_to_path(private_key)
        certificate.write_bytes(b"".join(blob.bytes() for blob in leaf.cert_chain_pems))
        return ServerCertificate(certificate=certificate, private_key=private_key, hosts=names)
