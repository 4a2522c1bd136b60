"""The RST exchange against curl --negotiate with the same bytes: pairs in turn, a new connection each."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figures import Figure
from hybridjoin.device.adapters.hands import open_hands
from hybridjoin.device.habits import Habits
from hybridjoin.device.join.run import find_account
from hybridjoin.lab.lab import Lab
from hybridjoin.model.exchange import HttpRequest, TicketRequest
from hybridjoin.model.site import Site
from hybridjoin.protocol import names, rst
from hybridjoin.protocol.mex import Trust

PAIRS = 40
WARM_UP = 3
DEVICE = "WS01"


def measure(lab: Lab) -> Iterator[Figure]:
    """Send the same RST by the device's hands and by curl, each with its ticket cached."""
    curl = shutil.which("curl")
    if curl is None:
        raise SystemExit("curl is not there: apt-get install curl")
    with lab.site(idp={"profile": "adfs"}) as site, TemporaryDirectory() as folder:
        host = "sts.hybridjoin.test"
        url = f"https://{host}:{lab.ports.idp}/adfs/services/trust/13/windowstransport"
        body = Path(folder) / "rst.xml"
        body.write_bytes(_rst(url))
        environment = _own_ticket(site, Path(folder))
        resolve = f"{host}:{lab.ports.idp}:127.0.0.1"
        command = [
            curl,
            "--silent",
            "--negotiate",
            "--user",
            ":",
            "--cacert",
            str(site.idp.ca_file),
            "--resolve",
            resolve,
        ]
        command += [
            "--header",
            f"Content-Type: {rst.CONTENT_TYPE}",
            "--data-binary",
            f"@{body}",
            "--output",
            os.devnull,
        ]
        command += ["--write-out", "%{http_code} %{time_total}", url]
        ours, theirs = [], []
        for _ in range(PAIRS + WARM_UP):
            ours.append(_ours(site, url, body.read_bytes()))
            theirs.append(_curl(command, environment))
    ours, theirs = ours[WARM_UP:], theirs[WARM_UP:]
    ratios = tuple(a / b for a, b in zip(ours, theirs, strict=True))
    yield Figure(name="RST exchange, hybridjoin", unit="ms", samples=tuple(ours))
    yield Figure(name="RST exchange, curl --negotiate (its own time_total)", unit="ms", samples=tuple(theirs))
    yield Figure(name="RST exchange, hybridjoin / curl, pair by pair", unit="x", samples=ratios, budget=1.0)


def _rst(url: str) -> bytes:
    message_id = "urn:uuid:7d3f0f2c-3c38-4d4c-8f0e-0c6a3f5b9a11"
    return rst.build_rst(
        trust=Trust.V13, shape="windows", to=url, applies_to=names.MICROSOFT_ONLINE, message_id=message_id
    )


def _own_ticket(site: Site, folder: Path) -> dict[str, str]:
    account = find_account(site, DEVICE)
    environment = dict(os.environ)
    environment |= {"KRB5_CONFIG": str(site.directory.krb5_config), "KRB5CCNAME": f"FILE:{folder}/ccache"}
    principal = f"{account.sam_account_name}@{site.directory.realm}"
    subprocess.run(["kinit", "-k", "-t", str(account.keytab), principal], env=environment, check=True)
    return environment


def _ours(site: Site, url: str, body: bytes) -> float:
    """Time one exchange by hands whose ticket is cached and whose connection is new."""
    request = HttpRequest(method="POST", url=url, headers=(("Content-Type", rst.CONTENT_TYPE),), body=body)
    with open_hands(site, find_account(site, DEVICE), Habits()) as hands:
        hands.ticket(TicketRequest(service="HTTP", host="sts.hybridjoin.test"))
        began = time.perf_counter()
        sent = hands.send(request, as_computer=True)
        elapsed = (time.perf_counter() - began) * 1000
    if sent.reply.status != 200:
        raise SystemExit(f"the RST was answered with HTTP {sent.reply.status}")
    return elapsed


def _curl(command: list[str], environment: dict[str, str]) -> float:
    printed = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.split()
    if printed[0] != "200":
        raise SystemExit(f"curl was answered with HTTP {printed[0]}")
    return float(printed[1]) * 1000
