"""Metro's issued-token client as a computer: a second policy engine, which asks for the metadata by POST too."""

from __future__ import annotations

from pathlib import Path

from tests.peers import java
from tests.peers.catalogue import Client, Visit

HERE = Path(__file__).parent
SOURCE = HERE / "MetroClient.java"
SCOPE = "urn:ms-drs:enterpriseregistration.windows.net/.default"


def fetch(folder: Path) -> None:
    """Bring the jars that the token service consists of too, and compile what calls the client in them."""
    java.fetch(folder, SOURCE, HERE / "jars.sha256", java.TENANT)


def command(folder: Path, visit: Visit) -> tuple[str, ...]:
    """Say how it is run: once in each version, and the last one's access token is the last word."""
    told = (visit.login_url, visit.user, SCOPE, *visit.trusts)
    return (*java.as_a_computer(folder, SOURCE, visit, java.TENANT), "MetroClient", *told)


CLIENT = Client(
    name="metro",
    title="Metro client 2.4.10",
    lock="jars.sha256",
    fetch=fetch,
    command=command,
    refused_at={},
    asked_at=frozenset({"go", "metromex"}),  # it asks for the metadata by POST
)
