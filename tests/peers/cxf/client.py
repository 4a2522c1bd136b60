"""Apache CXF's STSClient as a computer: a policy engine that reads the metadata, by GET and by POST."""

from __future__ import annotations

from pathlib import Path

from tests.peers import java
from tests.peers.catalogue import Client, Visit

HERE = Path(__file__).parent
SOURCE = HERE / "Sts.java"
SCOPE = "urn:ms-drs:enterpriseregistration.windows.net/.default"


def fetch(folder: Path) -> None:
    """Bring the jars and compile what calls them."""
    java.fetch(folder, SOURCE, HERE / "jars.sha256", java.TENANT)


def command(folder: Path, visit: Visit) -> tuple[str, ...]:
    """Say how it is run: each version twice, and the last one's access token is the last word."""
    told = (visit.login_url, visit.user, SCOPE, *visit.trusts)
    return (*java.as_a_computer(folder, SOURCE, visit, java.TENANT), "Sts", *told)


CLIENT = Client(
    name="cxf",
    title="CXF STSClient 3.6.10",
    lock="jars.sha256",
    fetch=fetch,
    command=command,
    refused_at={},
    asked_at=frozenset({"go"}),  # it asks by POST too, and at the very address that a GET is answered at
)
