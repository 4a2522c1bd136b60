"""Authlib, which many applications in Python are built on: it relies on Entra as its OpenID provider."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from hybridjoin.model.site import Site
from tests.peers import python, relying
from tests.peers.callers import Caller, Told
from tests.peers.catalogue import Program
from tests.peers.hall import GUESTS, Hall
from tests.peers.relying import Application, Set

HERE = Path(__file__).parent
HOST = "app.guest.example"
PORTS = (443, 444, 445)


def program(brought: Path, there: Set, hall: Hall, site: Site, tenant: str) -> Program:
    """Say how its glue is started; the secret is in a file that only this user reads."""
    assert site.bridge is not None
    secret = site.bridge.secret_file.read_text("utf-8")
    ways = (
        {"port": 443, "secret": secret, "redirect_uri": f"https://{HOST}/back"},
        {"port": 444, "secret": site.bridge.secret_id, "redirect_uri": f"https://{HOST}:444/back"},
        {"port": 445, "secret": secret, "redirect_uri": f"https://{HOST}:445/BACK"},
    )
    told = {
        "address": GUESTS,
        "metadata": relying.metadata(site, tenant),
        "client": site.bridge.client_id,
        "certificate": str(there.tls[0]),
        "key": str(there.tls[1]),
        "ways": ways,
    }
    file = there.folder / "told.json"
    file.touch(mode=0o600)
    file.write_text(json.dumps(told), "utf-8")
    return Program(
        command=(str(python.interpreter(brought)), str(HERE / "glue.py"), str(file)),
        environment={"REQUESTS_CA_BUNDLE": str(hall.ca_file)},
    )


def visit(brought: Path, hall: Hall) -> Iterator[Told]:
    """Sign carol in where all is well, and where one thing is not."""
    there = relying.made(hall, HOST)
    application = Application(
        good=f"https://{HOST}/",
        secret_wrong=f"https://{HOST}:444/",
        redirect_wrong=f"https://{HOST}:445/",
        redirect_uris=tuple(f"https://{HOST}{port}/back" for port in ("", ":444", ":445")),
        programs=lambda site, tenant: [program(brought, there, hall, site, tenant)],
        ports=PORTS,
        shows=lambda: (f'"groups": ["{hall.group_id("Staff")}"]', '"userinfo": {"sub"', '"name": "Carol Example"'),
        of_v1="InvalidClaimError: invalid_claim: Invalid claim: 'iss'",
        of_common="InvalidClaimError: invalid_claim: Invalid claim: 'iss'",
    )
    yield "bridge", list(relying.faults(application, hall, there))


CALLER = Caller(
    name="authlib",
    title="Authlib 1.9.10",
    lock="authlib.txt",
    fetch=partial(python.fetch, lock=HERE / "authlib.txt"),
    doors={"bridge": relying.WORKS},
    visit=visit,
)
