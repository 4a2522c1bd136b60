"""The TLS channel that a ticket may be bound to: RFC 5929, section 4, as the acceptor sees it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes

from hybridjoin.doubles.fault import Misbehaviour
from hybridjoin.doubles.serve import Scope

# The faults of the transport that are carried out here: IGNORED looks at no binding, INSPECTED waits for another one.
IGNORED = "ignores-channel-binding"
INSPECTED = "behind-tls-inspection"
FAULTS = (IGNORED, INSPECTED)
PREFIX = b"tls-server-end-point:"
_TOO_WEAK = (hashes.MD5, hashes.SHA1)


def expected_channel(scope: Scope, faults: Iterable[Misbehaviour]) -> bytes | None:
    """Return what a ticket has to be bound to where it is bound at all; None where nobody looks."""
    chosen = {fault.name for fault in faults}
    if IGNORED in chosen:
        return None
    seen = scope.get("extensions", {}).get("tls", {}).get("server_cert")
    if not seen:
        return None
    return PREFIX + bytes(32) if INSPECTED in chosen else end_point(seen)


@lru_cache(maxsize=16)
def end_point(pem: str) -> bytes | None:
    """Return the binding of a certificate: its hash by its own signature's hash, SHA-256 for the weak ones."""
    certificate = x509.load_pem_x509_certificate(pem.encode("ascii"))
    try:
        algorithm = certificate.signature_hash_algorithm
    except UnsupportedAlgorithm:
        return None
    if algorithm is None or isinstance(algorithm, _TOO_WEAK):
        algorithm = hashes.SHA256()
    return PREFIX + certificate.fingerprint(algorithm)
