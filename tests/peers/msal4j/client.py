"""MSAL for Java as a computer: Microsoft's own client, which gets its token by Negotiate on any system."""

from __future__ import annotations

from pathlib import Path

from tests.peers import java
from tests.peers.catalogue import Client, Visit

HERE = Path(__file__).parent
SOURCE = HERE / "Computer.java"
# The client that Windows registers devices as; what it asks for is the registration service.
DEVICE_CLIENT = "dd762716-544d-4aeb-a526-687b73838a22"
SCOPE = "urn:ms-drs:enterpriseregistration.windows.net/.default"


def fetch(folder: Path) -> None:
    """Bring the jars and compile the thirteen lines that call them."""
    java.fetch(folder, SOURCE, HERE / "jars.sha256")


def command(folder: Path, visit: Visit) -> tuple[str, ...]:
    """Say how it is run."""
    told = (DEVICE_CLIENT, f"{visit.login_url}/organizations/", SCOPE, visit.user)
    return (*java.as_a_computer(folder, SOURCE, visit), "Computer", *told)


CLIENT = Client(
    name="msal4j",
    title="MSAL for Java 1.24.1",
    lock="jars.sha256",
    fetch=fetch,
    command=command,
    refused_at={
        "simplesamlphp": "AADSTS90107",  # the module's text beside the assertion makes it send the assertion twice
        "metromex": "No address nodes on port",  # it looks for the address in the EndpointReference alone
        "text-behind-assertion": "AADSTS90107",  # and so does ours
        "mex-other-id-prefix": "NullPointerException",  # it looks for wsu:Id, prefix included
    },
)
