"""Clients of other houses at an identity provider: as a computer with a ticket of its own, from realm to token."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hybridjoin.doubles.entra.authority import process_authority
from hybridjoin.doubles.entra.tokens import verify
from hybridjoin.errors import LabError
from hybridjoin.lab.backend import choose_backend
from hybridjoin.lab.lab import Lab
from hybridjoin.model.site import Site
from hybridjoin.scenario.lab.default_lab import default_lab_path
from hybridjoin.scenario.lab.load import load_lab_file
from tests.peers.catalogue import Client, Visit
from tests.peers.standing import HTTPS
from tests.peers.trials import Came, Trial, our_cpu_s

LOGIN = "login.microsoftonline.com"
CLIENT_WITHIN_S = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A shape of our own identity provider, and the versions of WS-Trust that it offers."""

    title: str
    settings: Mapping[str, object]
    trusts: tuple[str, ...]


REFERENCES: Mapping[str, Reference] = {
    "reference-adfs": Reference(
        title="our reference IdP, as AD FS", settings={"profile": "adfs"}, trusts=("1.3", "2005")
    ),
    "reference-pingone": Reference(
        title="our reference IdP, as PingOne", settings={"profile": "pingone"}, trusts=("1.3",)
    ),
    "text-behind-assertion": Reference(
        title="the same with RSTR-21 broken",
        settings={"profile": "pingone", "faults": [{"name": "text-behind-assertion"}]},
        trusts=("1.3",),
    ),
    "mex-other-policy-prefix": Reference(
        title="the same with USER-27 broken",
        settings={"profile": "pingone", "faults": [{"name": "mex-other-policy-prefix"}]},
        trusts=("1.3",),
    ),
    "mex-other-id-prefix": Reference(
        title="the same with MEX-37 broken",
        settings={"profile": "pingone", "faults": [{"name": "mex-other-id-prefix"}]},
        trusts=("1.3",),
    ),
    "assertion-without-prefix": Reference(
        title="ours, as AD FS, with USER-21 broken",
        settings={"profile": "adfs", "faults": [{"name": "assertion-without-prefix"}]},
        trusts=("1.3", "2005"),
    ),
}
"""Our own identity provider's shapes; clients' `refused_at` may name them, as it names peers."""


@contextmanager
def references() -> Iterator[Lab]:
    """Bring up a lab of our own, whose reference identity provider clients can be held against."""
    with Lab(load_lab_file(default_lab_path()), backend=choose_backend()) as lab:
        yield lab


def visited(client: Client, brought: Path, site: Site, *, where: str, trusts: tuple[str, ...]) -> Trial:
    """Let a client sign in as the site's first computer, at a peer or a shape of our own that is called so."""
    refused = client.refused_at.get(where, "")
    with tempfile.TemporaryDirectory(prefix="hj-visit-") as name:
        command = client.command(brought, _visit(site, Path(name), trusts))
        began, cpu_s = time.monotonic(), our_cpu_s()
        done = subprocess.run(
            command,
            env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=CLIENT_WITHIN_S,
            check=False,
        )
    came, words = told(done, site, refused)
    wall_s, cpu_s = time.monotonic() - began, our_cpu_s() - cpu_s
    return Trial(name=f"client {client.title}", came=came, words=words, wall_s=wall_s, cpu_s=cpu_s)


def told(done: subprocess.CompletedProcess[str], site: Site, refused: str) -> tuple[Came, str]:
    """Say how it came out: a token of the tenant's, or the refusal that was foreseen."""
    if done.returncode != 0:
        last = next((line for line in done.stderr.splitlines() if "Exception" in line), done.stderr.strip())
        last = last.rpartition("Exception: ")[2]
        foreseen = bool(refused) and refused in done.stderr
        return (Came.PASSED if foreseen else Came.FAILED), f"{'as foreseen: ' if foreseen else ''}{last}"
    claims = verify(done.stdout.split()[-1], process_authority().token_key.public_key())
    if claims["tid"] != site.entra.tenant_id:
        return Came.FAILED, f"a token of tenant {claims['tid']}, expected {site.entra.tenant_id}"
    if refused:
        return Came.FAILED, f"it got a token, where it was expected to say {refused}"
    return Came.PASSED, f"a token for {claims['aud']}"


def _visit(site: Site, folder: Path, trusts: tuple[str, ...]) -> Visit:
    (login,) = (item for item in site.connect if (item.host, item.port) == (LOGIN, HTTPS))
    computer = site.devices[0]
    cache = folder / "ccache"
    if site.directory.krb5_config is None:
        raise LabError("the site has no krb5.conf", remedy="name its KDC in the site file")
    environment = {**os.environ, "KRB5_CONFIG": str(site.directory.krb5_config), "KRB5CCNAME": f"FILE:{cache}"}
    kinit = ["kinit", "-k", "-t", str(computer.keytab), f"{computer.name}$"]
    got = subprocess.run(kinit, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)
    if got.returncode != 0:
        raise LabError(f"{computer.name} got no ticket: {got.stderr.strip()}")
    return Visit(
        folder=folder,
        names={item.host: item.address for item in site.connect},
        authorities=tuple(path for path in (site.entra.ca_file, site.idp.ca_file) if path is not None),
        krb5_config=site.directory.krb5_config,
        ticket_cache=cache,
        login_url=f"https://{LOGIN}:{login.to_port}",
        trusts=trusts,
        user=f"{computer.name.lower()}$@{site.entra.tenant_name}",
        person=site.person("carol"),
    )
