"""MSAL for Java as a person whose ticket lies in the cache, at our own identity provider."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.peers import java
from tests.peers.callers import Caller, Told
from tests.peers.catalogue import Visit
from tests.peers.hall import Hall
from tests.peers.msal4j.client import CLIENT, SOURCE
from tests.peers.persons import AZURE_CLI, GRAPH, SHAPES, faults_of_token


def visit(brought: Path, hall: Hall) -> Iterator[Told]:
    """Sign carol in by her ticket at each shape of the identity provider."""
    yield "sign-in-integrated", list(_faults(brought, hall))


def _faults(brought: Path, hall: Hall) -> Iterator[str]:
    for name, settings in SHAPES.items():
        with hall.lab.site(idp=settings) as site:
            account, _ = hall.person(site, "carol")
            assert site.directory.krb5_config is not None
            told = Visit(
                folder=hall.folder,
                names=hall.names,
                authorities=(hall.ca_file,),
                krb5_config=site.directory.krb5_config,
                ticket_cache=hall.ticket(site, "carol"),
                login_url=site.entra.login_url,
                trusts=(),
                user=account.user_principal_name,
            )
            command = java.as_a_computer(brought, SOURCE, told)
            authority = f"{told.login_url}/organizations/"
            done = hall.carried_out(*command, "Computer", AZURE_CLI, authority, f"{GRAPH}/User.Read", told.user)
        if done.returncode != 0:
            yield f"{name}: {done.stderr.strip()[-300:]}"
            continue
        found = faults_of_token(done.stdout.split()[-1], site, told.user, methods=["wia"])
        yield from (f"{name}: {fault}" for fault in found)


CALLER = Caller(
    name="msal4j",
    title=CLIENT.title,
    lock=CLIENT.lock,
    fetch=CLIENT.fetch,
    doors={"sign-in-integrated": "a person's token by the ticket of the logon in both versions"},
    visit=visit,
)
