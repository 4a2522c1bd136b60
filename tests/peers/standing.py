"""Brings a peer up beside a directory of its own, and hands out a site file that says all there is to know of it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import string
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from hybridjoin.errors import LabError
from hybridjoin.lab.backend import choose_backend
from hybridjoin.lab.domain import Domain, tail
from hybridjoin.lab.standins.bridge import make_bridge_secret
from hybridjoin.scenario.lab.load import load_lab_file
from tests.peers.catalogue import Peer, Place, Program

HTTPS = 443
ADDRESSES = tuple(f"127.89.0.{number}" for number in range(1, 65))
STARTS_WITHIN_S = 90
STOPS_WITHIN_S = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A peer that answers: how long it took, and its processes."""

    ready_s: float
    processes: tuple[psutil.Process, ...]

    def cpu_s(self) -> float:
        """Return the processor time that the peer and its children have taken so far."""
        return sum(_cpu_s(one) for process in self.processes for one in (process, *process.children(recursive=True)))


def _cpu_s(process: psutil.Process) -> float:
    with suppress(psutil.NoSuchProcess):
        times = process.cpu_times()
        return float(times.user + times.system)
    return 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A directory, certificates and a site file for one peer, which is started on it as often as wanted.

    `state` is for the commands of ours that visit it.
    """

    peer: Peer
    brought: Path
    place: Place
    site_file: Path
    state: Path
    log: Path

    @contextmanager
    def running(self, mistake: str = "") -> Iterator[Running]:
        """Run the peer, with one mistake or none, for as long as the context lasts.

        Raises:
            LabError: it ended, or did not answer in time; the end of its log is told.
        """
        began = time.monotonic()
        with ExitStack() as started, self.log.open("ab") as log:
            processes = tuple(
                started.enter_context(_process(self._environment(program, mistake), program, log.fileno()))
                for program in self.peer.programs(self.brought, self.place, mistake)
            )
            self._await(processes, began)
            yield Running(ready_s=time.monotonic() - began, processes=tuple(psutil.Process(p.pid) for p in processes))

    def _environment(self, program: Program, mistake: str) -> dict[str, str]:
        told = self.place.environment(self.peer, mistake)
        return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **told, **program.environment}

    def _await(self, processes: tuple[subprocess.Popen[bytes], ...], began: float) -> None:
        while time.monotonic() - began < STARTS_WITHIN_S:
            if any(process.poll() is not None for process in processes):
                break
            if self._answers():
                return
            time.sleep(0.1)
        raise LabError(f"{self.peer.title} did not come up; the end of its log:\n{tail(self.log)}")

    def _answers(self) -> bool:
        ca, names = self.site_file.parent / "ca.pem", f"{self.place.host}:443:{self.place.address}:{self.place.port}"
        asked = ["curl", "--silent", "--fail", "--output", os.devnull, "--max-time", "5", "--cacert", str(ca)]
        way = ["--connect-to", names, f"https://{self.place.host}{self.peer.ready}"]
        return subprocess.run([*asked, *way], check=False).returncode == 0


@contextmanager
def _process(environment: dict[str, str], program: Program, log: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run one process in a session of its own, and end the whole of it."""
    process = subprocess.Popen(
        program.command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
    )
    try:
        yield process
    finally:
        for number in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, number)
            with suppress(subprocess.TimeoutExpired):
                process.wait(STOPS_WITHIN_S)
                break


@contextmanager
def standing(peer: Peer, brought: Path) -> Iterator[Ground]:
    """Bring up the peer's directory on the backend that HYBRIDJOIN_LAB names, and prepare what it and visitors need."""
    with (
        choose_backend().start(load_lab_file(peer.file("lab"))) as domain,
        tempfile.TemporaryDirectory(prefix="hj-peer-") as name,
    ):
        folder = Path(name)
        inside, outside, state = folder / "peer", folder / "site", folder / "s"
        for path in (inside, outside, state):
            path.mkdir(mode=0o700)
        place = _place(peer, inside, outside, domain)
        log = folder / "peer.log"
        log.touch()
        site_file = _site(peer, outside, domain, place)
        yield Ground(peer=peer, brought=brought, place=place, site_file=site_file, state=state, log=log)


def _place(peer: Peer, inside: Path, outside: Path, domain: Domain) -> Place:
    ca = trustme.CA(organization_name=f"the CA of {peer.name}", key_type=trustme.KeyType.RSA)
    ca.cert_pem.write_to_path(outside / "ca.pem")
    leaf = ca.issue_cert(peer.host, key_type=trustme.KeyType.RSA)
    tls = inside / "tls.pem", inside / "tls.key"
    tls[0].write_bytes(b"".join(blob.bytes() for blob in leaf.cert_chain_pems))
    leaf.private_key_pem.write_to_path(tls[1])
    signing = inside / "signing.pem", inside / "signing.key"
    _sign_for_yourself(peer, *signing)
    shutil.copy(signing[0], outside / "signing.pem")
    return Place(
        folder=inside,
        host=peer.host,
        address=_free_address(),
        port=HTTPS,
        issuer=f"https://{peer.host}/issuer",
        keytab=domain.keytabs.get("svc-sts", Path(os.devnull)),
        tls=tls,
        signing=signing,
        ldap_url=domain.ldaps_url,
        ldap_ca=domain.ca_file,
        ldap_base=domain.directory.base_dn,
        ldap_user=domain.lookup.user_principal_name,
        ldap_password_file=domain.lookup.password_file,
        krb5_config=domain.directory.krb5_config,
    )


def _sign_for_yourself(peer: Peer, certificate: Path, private: Path) -> None:
    """Make a key that signs tokens: as AD FS makes its own, self-signed and of RSA 2048."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{peer.name} signing")]), datetime.now(UTC)
    made = x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
    signed = made.not_valid_after(now + timedelta(days=365)).sign(key, hashes.SHA256())
    certificate.write_bytes(signed.public_bytes(Encoding.PEM))
    private.touch(mode=0o600)
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def _site(peer: Peer, outside: Path, domain: Domain, place: Place) -> Path:
    """Write the site file, with the addresses of this machine in it, beside the files that it names."""
    for account, keytab in domain.keytabs.items():
        if not account.startswith("svc-"):
            shutil.copy(keytab, outside / f"{account.removesuffix('$')}.keytab")
    for account, password in domain.passwords.items():
        if not account.startswith("svc-") and not account.endswith("$"):
            shutil.copy(password, outside / f"{account}.password")
    shutil.copy(domain.lookup.password_file, outside / "svc-lookup.password")
    shutil.copy(domain.ca_file, outside / "directory.pem")
    make_bridge_secret(outside)
    text = string.Template(peer.file("site").read_text("utf-8")).substitute(
        kdc=_kdc(domain), ldap=domain.directory.ldap_url, ldaps=domain.ldaps_url, sts=f"{place.address}:{place.port}"
    )
    if peer.file("deviations").exists():
        shutil.copy(peer.file("deviations"), outside)
    written = outside / peer.file("site").name
    written.write_text(text, "utf-8")
    return written


def _kdc(domain: Domain) -> str:
    """Return the KDC's address and port, as the domain's own krb5.conf has them: a container's port is any."""
    found = re.search(r"^\s*kdc = (\S+)$", domain.directory.krb5_config.read_text("utf-8"), re.MULTILINE)
    if found is None:
        raise LabError("the directory's krb5.conf names no KDC")
    return found.group(1)


def _free_address() -> str:
    """Find a loopback address of the peer's own, where it answers on the port that its URLs name.

    Raises:
        LabError: none is free, or this user may not bind the port.
    """
    trouble: OSError | None = None
    for address in ADDRESSES:
        try:
            with socket.create_server((address, HTTPS)):
                return address
        except OSError as error:
            trouble = error
    raise LabError(f"no peer can listen on port {HTTPS}: {trouble}", remedy="run it as root, as a lab's processes are")
