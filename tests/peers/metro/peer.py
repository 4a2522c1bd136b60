"""Eclipse Metro's token service, of Maven's registry, in a JVM; `MetroSts.java` stands around it."""

from __future__ import annotations

from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, load_pem_private_key, pkcs12

from tests.peers import java
from tests.peers.catalogue import Peer, Place, Program
from tests.peers.fetched import program

HERE = Path(__file__).parent
SOURCE = HERE / "MetroSts.java"
SERVICES = HERE / "services"
"""Where Metro finds what the glue brings: the key that it signs with, and the claims."""
NO_LINE_BREAKS = (
    "-Dcom.sun.org.apache.xml.internal.security.ignoreLineBreaks=true",
    "-Dorg.apache.xml.security.ignoreLineBreaks=true",
)


def fetch(folder: Path) -> None:
    """Bring the jars and compile the glue."""
    java.fetch(folder, SOURCE, HERE / "jars.sha256")


def programs(folder: Path, place: Place, mistake: str) -> tuple[Program, ...]:
    """Say how the JVM is started."""
    classes = (java.classes_of(folder, SOURCE), SERVICES)
    return (Program(command=(*jvm(folder, place, mistake, *classes), "MetroSts"), environment={}),)


def jvm(folder: Path, place: Place, mistake: str, *classes: Path) -> tuple[str, ...]:
    """Write the stores that the glue reads, and return the command that wants only the class to start with."""
    for name, (certificate, key) in {"tls": place.tls, "signing": place.signing}.items():
        (place.folder / f"{name}.p12").write_bytes(_store(certificate, key))
    breaks = () if mistake == "line-breaks" else NO_LINE_BREAKS
    return (
        program("java", package=java.JDK),
        *java.SMALL,
        *breaks,
        *java.trusting(place.folder / "trust.p12", [place.ldap_ca]),
        f"-Djava.security.krb5.conf={place.krb5_config}",
        *("-cp", ":".join(map(str, (*classes, folder / "jars" / "*")))),
    )


def _store(certificate: Path, key: Path) -> bytes:
    leaf, *chain = x509.load_pem_x509_certificates(certificate.read_bytes())
    private = load_pem_private_key(key.read_bytes(), None)
    if not isinstance(private, rsa.RSAPrivateKey):
        raise TypeError(f"{key} holds no RSA key, which this store is made for")
    encryption = BestAvailableEncryption(java.STORE_PASSWORD)
    return pkcs12.serialize_key_and_certificates(b"peer", private, leaf, chain, encryption)


PEER = Peer(
    name="metro",
    title="Eclipse Metro STS 2.4.10",
    host="sts.metro.example",
    trusts=("1.3", "2005"),
    mistakes=(
        "accounttype-namespace",
        "accounttype-user",
        "no-onpremobjectguid",
        "big-endian-guid",
        "group-sid",
        "line-breaks",
    ),
    lock="jars.sha256",
    fetch=fetch,
    programs=programs,
)
