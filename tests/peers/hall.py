"""The hall where callers wait: a network of its own in which Microsoft's names, and the lab's, are the doubles'.

Each name is served at port 443, by the same octets that the lab's ports serve: a client is given names, the authority
of their certificates, and who signs in; nothing of it is changed, and nothing of it is told of a port.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from hybridjoin.errors import LabError
from hybridjoin.lab.lab import Lab
from hybridjoin.lab.process.backend import ProcessBackend
from hybridjoin.lab.start import ENTRA_HOSTS
from hybridjoin.model.site import PersonAccount, Site
from hybridjoin.scenario.lab.default_lab import default_lab_path
from hybridjoin.scenario.lab.load import load_lab_file
from tests.live.namespace import bring_loopback_up, lay_over_hosts
from tests.peers.callers import Caller, callers
from tests.peers.trials import our_cpu_s

ENTRA, IDP, GUESTS = "127.0.0.1", "127.0.0.2", "127.0.0.3"
"""Addresses of the network's own: the tenant's names, the identity provider's, and names that a caller answers to."""
GUEST_HOSTS = ("app.guest.example", "proxy.guest.example")
HTTPS = 443
CALLER_WITHIN_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Hall:
    """What a caller finds: the lab, a folder of its own, and where names lead for whom no system tells it."""

    lab: Lab
    folder: Path
    names: Mapping[str, str]

    @property
    def ca_file(self) -> Path:
        """The authority of the tenant's certificates and of the identity provider's."""
        return self.lab.domain.ca_file

    def person(self, site: Site, name: str) -> tuple[PersonAccount, str]:
        """Return a person of the lab with the password."""
        found = site.person(name)
        assert found is not None, f"the lab has no {name}"
        return found, found.password_file.read_text("utf-8").rstrip("\n")

    def group_id(self, name: str) -> str:
        """Return a group's id in the cloud, as the portal shows it to an administrator."""
        tenant = self.lab._servers._tenant
        assert tenant is not None, "the tenant is not set up"
        return next(tenant.cloud_id(item.object_guid) for item in tenant.groups if item.name == name)

    def asked_idp(self) -> bool:
        """Whether the identity provider has signed anybody in since the site was set up."""
        return bool(self.lab._servers.heard())

    def ticket(self, site: Site, name: str) -> Path:
        """Sign a person in at the KDC; return the cache that the ticket lies in.

        Raises:
            LabError: the KDC refuses.
        """
        account, password = self.person(site, name)
        cache, config = self.folder / f"{name}.ccache", site.directory.krb5_config
        principal = f"{account.name}@{site.directory.realm}"
        environment = {**os.environ, "KRB5_CONFIG": str(config), "KRB5CCNAME": f"FILE:{cache}"}
        done = subprocess.run(
            ["kinit", principal],
            input=f"{password}\n", env=environment, capture_output=True, text=True, encoding="utf-8", check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise LabError(f"{principal} got no ticket: {done.stderr.strip()}")
        return cache

    def carried_out(
        self, *command: str | Path, told: str = "", environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a caller's program to its end; `told` is its standard input, and no secret stands in the command."""
        trusted = dict.fromkeys(("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE"), str(self.ca_file))
        return subprocess.run(
            [str(word) for word in command],
            input=told,
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **trusted, **(environment or {})},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=CALLER_WITHIN_S,
            check=False,
        )


def main(folder: Path, *wanted: str) -> None:
    """Let callers come in, each named with the folder that it was brought into; print a line for each door."""
    bring_loopback_up()
    known = callers()
    with Lab(load_lab_file(default_lab_path()), backend=ProcessBackend()) as lab, _served(lab, folder) as names:
        for word in wanted:
            name, _, brought = word.partition("=")
            own = folder / name
            own.mkdir(mode=0o700)
            for row in came(known[name], Path(brought), Hall(lab=lab, folder=own, names=names)):
                sys.stdout.write(f"DOOR {json.dumps({'caller': name, **row})}\n")
                sys.stdout.flush()


def came(caller: Caller, brought: Path, hall: Hall) -> Iterator[dict[str, object]]:
    """Let one caller through its doors; whatever it raises is a fault of the doors that it has not come to."""
    left, words = dict(caller.doors), "nothing was said"
    began, cpu_s = time.monotonic(), our_cpu_s()
    try:
        for door, faults in caller.visit(brought, hall):
            del left[door]
            yield _row(door, list(faults), began, cpu_s)
            began, cpu_s = time.monotonic(), our_cpu_s()
    except Exception as error:  # noqa: BLE001 - the others have to come in all the same
        words = f"{type(error).__name__}: {error}"
    for door in left:
        yield _row(door, [words], began, cpu_s)


def _row(door: str, faults: list[str], began: float, cpu_s: float) -> dict[str, object]:
    return {"door": door, "faults": faults, "wall_s": time.monotonic() - began, "cpu_s": our_cpu_s() - cpu_s}


@contextmanager
def _served(lab: Lab, folder: Path) -> Iterator[Mapping[str, str]]:
    """Name every host, which is yielded with its address, and carry each name's port 443 to the lab's own port."""
    directory = lab.domain.directory
    controller = urlsplit(directory.ldap_url).hostname or ""
    names = {directory.domain_controller: controller, **dict.fromkeys(ENTRA_HOSTS, ENTRA)}
    names |= {**dict.fromkeys(lab.lab_file.hosts, IDP), **dict.fromkeys(GUEST_HOSTS, GUESTS)}
    lay_over_hosts(folder, names)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    for address, port in ((ENTRA, lab.ports.entra), (IDP, lab.ports.idp)):
        serving = asyncio.start_server(partial(_carried, port), address, HTTPS)
        asyncio.run_coroutine_threadsafe(serving, loop).result()
    try:
        yield names
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


async def _carried(port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Carry one connection to a port of the lab's, both ways, until either side is done."""
    inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", port)
    await asyncio.gather(_poured(reader, inner_writer), _poured(inner_reader, writer))


async def _poured(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while octets := await reader.read(65536):
            writer.write(octets)
            await writer.drain()
    with suppress(OSError):
        writer.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
