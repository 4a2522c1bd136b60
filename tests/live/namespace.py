"""A network of the test's own in which Microsoft's host names are the Entra double's, at port 443.

It is entered by `unshare`: a network namespace, in which there is nothing but loopback, and a mount namespace, in which
another file lies over /etc/hosts. No file of the system is touched, nothing in it can reach anybody outside, and our
code is told nothing: names are looked up and dialled as they are against the real services.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import trustme
import yaml
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from starlette.applications import Starlette

from hybridjoin.doubles.entra.app import build_entra
from hybridjoin.doubles.entra.config import EntraConfig
from hybridjoin.doubles.idp.addresses import addresses_of
from hybridjoin.doubles.serve import Server
from hybridjoin.lab.lab import Lab
from hybridjoin.lab.process.backend import ProcessBackend
from hybridjoin.lab.standins.config import idp_settings
from hybridjoin.model.site import Site
from hybridjoin.scenario.lab.load import load_lab_file
from hybridjoin.scenario.scenario import Settings
from hybridjoin.scenario.site.site_file import load_site_file

ROOT = Path(__file__).parent.parent.parent
LOGIN, DRS = "login.microsoftonline.com", "enterpriseregistration.windows.net"
DEVICE = "WS01"
_MS_BIND, _MS_REC, _MS_PRIVATE = 0x1000, 0x4000, 0x40000  # linux/mount.h
_SET_FLAGS, _UP = 0x8914, 1  # linux/sockios.h, net/if.h
_LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class LivePlace:
    """A site file without any address of Entra's, the authority of the double's certificates, and the double itself."""

    site_file: Path
    ca_file: Path
    entra: Starlette
    site: Site
    metadata: str


def unshared() -> list[str]:
    """Return the command that enters both namespaces; nothing where this machine lets its users have none."""
    own = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    command = ["unshare", *own, "--net", "--mount", "--propagation", "private"]
    return command if subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0 else []


def inside(module: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a module in the namespaces, with an environment that knows no lab, no Kerberos and no proxy."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "HYBRIDJOIN_CACHE") if name in os.environ}
    told = {**kept, "HYBRIDJOIN_STATE": str(folder / "s"), "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [*unshared(), sys.executable, "-m", module, str(folder), *arguments],
        cwd=ROOT, env=told, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip


@contextmanager
def live_place(folder: Path, *, profile: str = "pingone") -> Iterator[LivePlace]:
    """Bring up directory, identity provider and the double of a tenant; to be called inside the namespaces.

    `profile` is whose shapes and claims the identity provider imitates.
    """
    bring_loopback_up()
    lab_file, idp = load_lab_file(ROOT / "scenarios" / "default.lab.yaml"), {"profile": profile}
    with (
        Lab(lab_file, backend=ProcessBackend()) as lab,
        lab.site(idp=idp, explicit_ports=True) as site,
        Server() as server,
    ):
        _name_hosts(folder, lab, site)
        ca_file = _listen(server, folder)
        (folder / "double.site.yaml").write_text(_site_text(folder, lab, site, idp, double=True), "utf-8")
        (folder / "live.site.yaml").write_text(_site_text(folder, lab, site, idp, double=False), "utf-8")
        settings = load_site_file(folder / "double.site.yaml").double
        app = build_entra(EntraConfig.from_mapping(dict(settings or ())))
        server.ask_clients(app.state.client_authority)
        server.install(app)
        yield LivePlace(
            site_file=folder / "live.site.yaml",
            ca_file=ca_file,
            entra=app,
            site=site,
            metadata=_metadata(lab, site, idp),
        )


def bring_loopback_up() -> None:
    """Let a new network namespace have the only network that is in it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sh14x", b"lo", _UP))


def _name_hosts(folder: Path, lab: Lab, site: Site) -> None:
    controller = urlsplit(site.directory.ldap_url).hostname or ""
    names = {LOGIN: _LOOPBACK, DRS: _LOOPBACK, site.directory.domain_controller: controller}
    lay_over_hosts(folder, names | dict.fromkeys(lab.lab_file.hosts, _LOOPBACK))


def lay_over_hosts(folder: Path, names: Mapping[str, str]) -> None:
    """Lay a file of ours over /etc/hosts, for this mount namespace alone: each name with its address."""
    hosts = folder / "hosts"
    hosts.write_text("".join(f"{address}\t{name}\n" for name, address in names.items()), "ascii")
    libc = ctypes.CDLL(None, use_errno=True)
    for source, target, flags in ((b"none", b"/", _MS_REC | _MS_PRIVATE), (bytes(hosts), b"/etc/hosts", _MS_BIND)):
        if libc.mount(source, target, None, flags, None):
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), os.fsdecode(target))


def _listen(server: Server, folder: Path) -> Path:
    """Listen where the real services do, with certificates of an authority that nobody but this test knows."""
    authority = trustme.CA()
    issued = authority.issue_cert(LOGIN, DRS)
    authority.cert_pem.write_to_path(str(folder / "entra-ca.pem"))
    issued.private_key_and_cert_chain_pem.write_to_path(str(folder / "entra.pem"))
    server.start(_LOOPBACK, 443, certfile=folder / "entra.pem", keyfile=folder / "entra.pem")
    return folder / "entra-ca.pem"


def _metadata(lab: Lab, site: Site, idp: Settings) -> str:
    """Return the address of the identity provider's metadata, with the port that it really has."""
    (port,) = {item.to_port for item in site.connect if item.host in lab.lab_file.hosts}
    return addresses_of(idp_settings(lab.lab_file, lab.domain, lab.signing_key, idp), port=port).mex


def _site_text(folder: Path, lab: Lab, site: Site, idp: Settings, *, double: bool) -> str:
    """Write what a customer would: names, certificates, one computer's keytab; no `connect`, no address of Entra."""
    signing = x509.load_der_x509_certificate(site.idp.signing_certificates[0])
    (folder / "signing.pem").write_bytes(signing.public_bytes(Encoding.PEM))
    domain, entra = lab.domain, site.entra
    connect = {
        "url": domain.ldaps_url,
        "bind_dn": domain.lookup.dn,
        "password_file": str(domain.lookup.password_file),
        "ca_file": str(domain.ca_file),
    }
    federated = {"metadata_exchange_uri": _metadata(lab, site, idp), "domain": lab.lab_file.entra_domain}
    told: dict[str, object] = {
        "name": "live",
        "idp": {"issuer": site.idp.issuer, "signing_certificate": "signing.pem", "ca_file": str(domain.ca_file)},
        "directory": {"domain": site.directory.domain, "kdc": site.directory.domain_controller},
        "devices": [{"name": DEVICE, "keytab": str(domain.keytabs[f"{DEVICE}$"])}],
        "entra": {
            "tenant_id": entra.tenant_id,
            "tenant_name": entra.tenant_name,
            **({"double": {"connect": connect, **federated}} if double else {}),
        },
    }
    return yaml.safe_dump(told)
