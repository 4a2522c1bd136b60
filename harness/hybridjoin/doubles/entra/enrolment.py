"""Reads and checks a join request's body: the certificate request, the transport key, the signed identity."""

from __future__ import annotations

import base64
import binascii
import json
import re
import struct
from collections.abc import Mapping, Sequence

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509.oid import NameOID

from hybridjoin.doubles.entra.errors import JoinRefused
from hybridjoin.doubles.entra.join_rules import JOIN_RULES
from hybridjoin.doubles.entra.tenant import SyncedComputer

RULES = {rule.id: rule for rule in JOIN_RULES}
REQUEST_SUBJECT = "7E980AD9-B86D-4306-9425-9AC066FB014A"
KEY_BITS = 2048
HYBRID_JOIN = 6
LIMIT_BYTES = 64 * 1024

_FACTS = ("TransportKey", "TargetDomain", "DeviceType", "OSVersion", "DeviceDisplayName")
_BLOB_HEADER = struct.Struct("<4s5L")  # magic, bits, exponent length, modulus length, two lengths of private parts
_SIGNED_SID = re.compile(r"(S-1-[0-9-]+)\.\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ", re.ASCII)


class Members:
    """A JSON object read without regard to its members' case, as the service's clients require."""

    def __init__(self, data: object) -> None:
        self._data: dict[str, object] = (
            {str(key).lower(): value for key, value in data.items()} if isinstance(data, Mapping) else {}
        )

    def text(self, name: str) -> str:
        """Return a member that is a text, else an empty one."""
        value = self._data.get(name.lower())
        return value if isinstance(value, str) else ""

    def value(self, name: str) -> object:
        """Return a member as it is."""
        return self._data.get(name.lower())

    def inside(self, name: str) -> Members:
        """Return a member that is an object, else an empty one."""
        return Members(self._data.get(name.lower()))


def refuse_if(fires: object, rule_id: str, **fields: str) -> None:
    """Raise the rule's refusal when it fires.

    Raises:
        JoinRefused: the rule fires.
    """
    if fires:
        raise JoinRefused(RULES[rule_id], **fields)


def read_body(body: bytes, join_types: Sequence[int] = (HYBRID_JOIN,)) -> Members:
    """Read the request's JSON, which must ask for a join of these types: for a hybrid one, where nobody says else."""
    refuse_if(len(body) > LIMIT_BYTES, "body-not-json")
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        document = None
    refuse_if(not isinstance(document, dict), "body-not-json")
    members = Members(document)
    join_type = members.value("JoinType")
    known = join_type in join_types and not isinstance(join_type, bool | float)
    refuse_if(not known, "join-type", join_type=json.dumps(join_type))
    return members


def check_members(facts: Members) -> None:
    """Refuse a request that lacks a member the specification requires."""
    for name in _FACTS:
        refuse_if(not facts.text(name), "member-missing", name=name)


def check_transport_key(facts: Members) -> None:
    """Refuse a request whose transport key is none."""
    refuse_if(not is_transport_key(facts.text("TransportKey")), "transport-key")


def certificate_request(members: Members) -> RSAPublicKey:
    """Return the key that a certificate is asked for, its possession proven by the request's own signature.

    Raises:
        JoinRefused: it is no request, or does not prove possession.
    """
    request = members.inside("CertificateRequest")
    refuse_if(request.text("Type").lower() != "pkcs10", "certificate-request")
    try:
        csr = x509.load_der_x509_csr(_decode(request.text("Data")))
        key = csr.public_key()
        algorithm = csr.signature_hash_algorithm
        genuine = csr.is_signature_valid
        names = [item.value for item in csr.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion):
        raise JoinRefused(RULES["certificate-request"]) from None
    if not isinstance(key, RSAPublicKey) or key.key_size != KEY_BITS:
        raise JoinRefused(RULES["certificate-request-key"])
    refuse_if(not genuine or not isinstance(algorithm, hashes.SHA256), "certificate-request-signature")
    refuse_if(names != [REQUEST_SUBJECT], "certificate-request-subject")
    return key


def is_transport_key(text: str) -> bool:
    """Whether a text is base64 of a BCRYPT_RSAPUBLIC_BLOB of an RSA-2048 key (bcrypt.h, BCRYPT_RSAKEY_BLOB)."""
    try:
        blob = _decode(text)
        magic, bits, exponent, modulus, prime1, prime2 = _BLOB_HEADER.unpack_from(blob)
    except (ValueError, struct.error):
        return False
    number = int.from_bytes(blob[_BLOB_HEADER.size + exponent :], "big")
    return (
        (magic, bits, prime1, prime2) == (b"RSA1", KEY_BITS, 0, 0)
        and len(blob) == _BLOB_HEADER.size + exponent + modulus
        and number.bit_length() == KEY_BITS
    )


def check_identity(identity: Members, computer: SyncedComputer) -> None:
    """Refuse a ClientIdentity that the synced computer's certificate did not sign.

    Raises:
        JoinRefused: the signature is missing, or not by that certificate.
    """
    signed = identity.text("Sid")
    match = _SIGNED_SID.fullmatch(signed)
    if identity.text("Type").lower() != "sha256signed" or match is None:
        raise JoinRefused(RULES["client-identity"])
    try:
        blob = _decode(identity.text("SignedBlob"))
    except ValueError:
        raise JoinRefused(RULES["client-identity"]) from None
    refuse_if(match[1] != computer.sid, "client-identity-sid")
    good = any(_signed_by(certificate, blob, signed.encode()) for certificate in computer.user_certificates)
    refuse_if(not good, "client-identity-signature")


def wants_client_sid(members: Members) -> bool:
    """Whether Attributes ask for ReturnClientSid; clients spell the value true and True."""
    return members.inside("Attributes").text("ReturnClientSid").lower() == "true"


def _signed_by(certificate: bytes, blob: bytes, signed: bytes) -> bool:
    try:
        key = x509.load_der_x509_certificate(certificate).public_key()
        if not isinstance(key, RSAPublicKey):
            return False
        key.verify(blob, signed, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, ValueError, UnsupportedAlgorithm, x509.InvalidVersion):
        return False
    return True


def _decode(text: str) -> bytes:
    """Decode base64, raising ValueError for anything else."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except binascii.Error as failure:
        raise ValueError(str(failure)) from None
