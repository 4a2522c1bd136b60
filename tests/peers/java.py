"""What every peer in a JVM needs: jars of Maven's registry, glue compiled once, certificates that it trusts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

from tests.peers.catalogue import Visit
from tests.peers.fetched import carried_out, held, locked, program, unlike

TENANT = Path(__file__).parent / "Tenant.java"
JDK = "openjdk-17-jdk-headless"
# Java's stores want a password; the folder is the secret's keeper, and lives as long as the peer.
STORE_PASSWORD = b"peer"
SMALL = ("-Xmx192m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""A heap that two cores can spare, and the compiler that is soon warm."""
_JAAS = """com.sun.security.jgss.krb5.initiate {{
  com.sun.security.auth.module.Krb5LoginModule required useTicketCache=true ticketCache="{cache}" doNotPrompt=true;
}};
"""


def fetch(folder: Path, source: Path, lock: Path, *more: Path) -> None:
    """Bring the jars that the pom.xml beside a source names, and compile the source, with more that it calls."""
    jars, classes = folder / "jars", classes_of(folder, source, *more)
    if unlike(locked(lock), jars):
        goal, where = "dependency:copy-dependencies", f"-DoutputDirectory={jars}"
        maven = program("mvn", package="maven")
        carried_out(maven, "--quiet", "--batch-mode", "--file", source.parent / "pom.xml", goal, where, cwd=folder)
        held(lock, jars)
    if not classes.is_dir():
        draft = classes.with_suffix(".draft")
        carried_out(program("javac", package=JDK), "-cp", f"{jars}/*", "-d", draft, source, *more, cwd=folder)
        draft.rename(classes)


def classes_of(folder: Path, *sources: Path) -> Path:
    """Return where the classes of sources are: another source has another folder."""
    return folder / f"classes-{hashlib.sha256(b''.join(path.read_bytes() for path in sources)).hexdigest()[:12]}"


def as_a_computer(folder: Path, source: Path, visit: Visit, *more: Path) -> tuple[str, ...]:
    """Start a JVM as a client: names by a file, the ticket from a cache, the channel bound as on Windows."""
    hosts, jaas = visit.folder / "hosts", visit.folder / "jaas.conf"
    hosts.write_text("".join(f"{address} {name}\n" for name, address in visit.names.items()), "utf-8")
    jaas.write_text(_JAAS.format(cache=visit.ticket_cache), "utf-8")
    return (
        program("java", package=JDK),
        *SMALL,
        *trusting(visit.folder / "trust.p12", visit.authorities),
        f"-Djdk.net.hosts.file={hosts}",
        f"-Djava.security.krb5.conf={visit.krb5_config}",
        f"-Djava.security.auth.login.config={jaas}",
        "-Djavax.security.auth.useSubjectCredsOnly=false",
        "-Djdk.https.negotiate.cbt=always",
        *("-cp", f"{classes_of(folder, source, *more)}:{folder}/jars/*"),
    )


def trusting(store: Path, authorities: Iterable[Path]) -> tuple[str, ...]:
    """Write a store of authorities, and return the options that let a JVM trust them."""
    found = [one for path in authorities for one in x509.load_pem_x509_certificates(path.read_bytes())]
    named = [pkcs12.PKCS12Certificate(one, f"ca{number}".encode()) for number, one in enumerate(found)]
    store.write_bytes(pkcs12.serialize_java_truststore(named, BestAvailableEncryption(STORE_PASSWORD)))
    password = STORE_PASSWORD.decode()
    return (f"-Djavax.net.ssl.trustStore={store}", f"-Djavax.net.ssl.trustStorePassword={password}")
