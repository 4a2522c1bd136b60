"""MSAL for Java as a computer: Microsoft's own client, which gets its token by Negotiate on any system."""

from __future__ import annotations

from pathlib import Path

from tests.peers import java
from tests.peers.catalogue import Client, Visit
from tests.peers.fetched import program

HERE = Path(__file__).parent
SOURCE = HERE / "Computer.java"
# The client that Windows registers devices as; what it asks for is the registration service.
DEVICE_CLIENT = "dd762716-544d-4aeb-a526-687b73838a22"
SCOPE = "urn:ms-drs:enterpriseregistration.windows.net/.default"
JAAS = """com.sun.security.jgss.krb5.initiate {{
  com.sun.security.auth.module.Krb5LoginModule required useTicketCache=true ticketCache="{cache}" doNotPrompt=true;
}};
"""


def fetch(folder: Path) -> None:
    """Bring the jars and compile the thirteen lines that call them."""
    java.fetch(folder, SOURCE, HERE / "jars.sha256")


def command(folder: Path, visit: Visit) -> tuple[str, ...]:
    """Say how it is run: names by a file, the ticket from a cache, the channel bound as on Windows."""
    hosts, jaas = visit.folder / "hosts", visit.folder / "jaas.conf"
    hosts.write_text("".join(f"{address} {name}\n" for name, address in visit.names.items()), "utf-8")
    jaas.write_text(JAAS.format(cache=visit.ticket_cache), "utf-8")
    return (
        program("java", package=java.JDK),
        *java.SMALL,
        *java.trusting(visit.folder / "trust.p12", visit.authorities),
        f"-Djdk.net.hosts.file={hosts}",
        f"-Djava.security.krb5.conf={visit.krb5_config}",
        f"-Djava.security.auth.login.config={jaas}",
        "-Djavax.security.auth.useSubjectCredsOnly=false",
        "-Djdk.https.negotiate.cbt=always",
        *("-cp", f"{java.classes_of(folder, SOURCE)}:{folder}/jars/*", "Computer"),
        *(DEVICE_CLIENT, f"{visit.login_url}/organizations/", SCOPE, visit.user),
    )


CLIENT = Client(
    name="msal4j",
    title="MSAL for Java 1.24.1",
    lock="jars.sha256",
    fetch=fetch,
    command=command,
    refused_at={
        "simplesamlphp": "AADSTS90107",  # the module's text beside the assertion makes it send the assertion twice
    },
)
