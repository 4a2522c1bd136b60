"""Eclipse Metro's token service, of Maven's registry, in a JVM; `MetroSts.java` stands around it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, load_pem_private_key, pkcs12

from tests.peers.catalogue import Peer, PeerMissing, Place, Program
from tests.peers.fetched import carried_out, held, locked, program, unlike

HERE = Path(__file__).parent
LOCK = HERE / "jars.sha256"
SOURCE = HERE / "MetroSts.java"
# Java's stores want a password; the folder is the secret's keeper, and lives as long as the peer.
STORE_PASSWORD = b"peer"
NO_LINE_BREAKS = (
    "-Dcom.sun.org.apache.xml.internal.security.ignoreLineBreaks=true",
    "-Dorg.apache.xml.security.ignoreLineBreaks=true",
)


def fetch(folder: Path) -> None:
    """Bring the jars and compile the glue."""
    jars = folder / "jars"
    if unlike(locked(LOCK), jars):
        goal, where = "dependency:copy-dependencies", f"-DoutputDirectory={jars}"
        maven = program("mvn", package="maven")
        carried_out(maven, "--quiet", "--batch-mode", "--file", HERE / "pom.xml", goal, where, cwd=folder)
        held(LOCK, jars)
    classes = _classes(folder)
    if not classes.is_dir():
        draft = classes.with_suffix(".draft")
        compiler = program("javac", package="openjdk-17-jdk-headless")
        carried_out(compiler, "-cp", f"{jars}/*", "-d", draft, SOURCE, cwd=folder)
        draft.rename(classes)
    if not locked(LOCK).keys() <= {path.name for path in jars.iterdir()}:
        raise PeerMissing(f"{jars} was emptied meanwhile")


def _classes(folder: Path) -> Path:
    return folder / f"classes-{hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:12]}"


def programs(folder: Path, place: Place, mistake: str) -> tuple[Program, ...]:
    """Say how the JVM is started: small, and with the compiler that is soon warm."""
    for name, (certificate, key) in {"tls": place.tls, "signing": place.signing}.items():
        (place.folder / f"{name}.p12").write_bytes(_store(certificate, key))
    (place.folder / "trust.p12").write_bytes(_trusted(place.ldap_ca))
    breaks = () if mistake == "line-breaks" else NO_LINE_BREAKS
    command = (
        program("java", package="openjdk-17-jdk-headless"),
        *("-Xmx192m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", *breaks),
        f"-Djava.security.krb5.conf={place.krb5_config}",
        f"-Djavax.net.ssl.trustStore={place.folder / 'trust.p12'}",
        f"-Djavax.net.ssl.trustStorePassword={STORE_PASSWORD.decode()}",
        *("-cp", f"{_classes(folder)}:{HERE / 'services'}:{folder}/jars/*", "MetroSts"),
    )
    return (Program(command=command, environment={}),)


def _store(certificate: Path, key: Path) -> bytes:
    leaf, *chain = x509.load_pem_x509_certificates(certificate.read_bytes())
    private = load_pem_private_key(key.read_bytes(), None)
    if not isinstance(private, rsa.RSAPrivateKey):
        raise TypeError(f"{key} holds no RSA key, which this store is made for")
    return pkcs12.serialize_key_and_certificates(b"peer", private, leaf, chain, BestAvailableEncryption(STORE_PASSWORD))


def _trusted(ca: Path) -> bytes:
    trusted = [pkcs12.PKCS12Certificate(one, b"ca") for one in x509.load_pem_x509_certificates(ca.read_bytes())]
    return pkcs12.serialize_java_truststore(trusted, BestAvailableEncryption(STORE_PASSWORD))


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
