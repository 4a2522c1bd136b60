"""The assertion's XML signature: its policy and whether it verifies (XML-DSig, via signxml).

SHA-1 is read and verified, and said: whether it is acceptable is a check's business. The certificate's period is
judged at the token's own time and reported beside the arithmetic, so that an expired certificate is a finding.
"""

from __future__ import annotations

import base64
import binascii
import importlib.resources
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from itertools import islice

from cryptography import x509
from cryptography.exceptions import InvalidSignature as WrongSignature
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import InvalidDigest, SignXMLException
from signxml.verifier import SignatureConfiguration, VerifyResult, XMLVerifier

from hybridjoin.errors import PeerError
from hybridjoin.model.reading import SignatureReading
from hybridjoin.protocol import limits, names, second_verifier, xml
from hybridjoin.protocol.signature_gate import demand_form
from hybridjoin.protocol.signing_certificate import (
    key_digest,
    load_certificates,
    outside_period,
    public_key,
    public_key_of_pem,
    rsa_bits,
    subject,
    thumbprint,
    within_period,
)
from hybridjoin.protocol.xml import Element

__all__ = ["UNREADABLE_CERTIFICATE", "SignatureReading", "read_signature"]

UNREADABLE_CERTIFICATE = "an unreadable X509Certificate"
_NO_SIGNATURE = SignatureReading(
    present=False,
    valid=False,
    trusted=False,
    problem="the assertion is not signed",
    signature_algorithm="",
    digest_algorithms=(),
    canonicalization="",
    transforms=(),
    references=(),
    signed_assertion_id="",
    certificate_thumbprint="",
    certificate_expired_at_issue=None,
    has_line_breaks=False,
    signatures=0,
)
_REFUSALS = (
    SignXMLException,
    WrongSignature,
    UnsupportedAlgorithm,
    etree.LxmlError,
    x509.InvalidVersion,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    NotImplementedError,  # raised by signxml where KeyValue and certificate are of two kinds
)
_METHODS = frozenset(item for item in SignatureMethod if not item.name.startswith("HMAC"))
_DIGESTS = frozenset(DigestAlgorithm)
_TOLD = 10  # of references or transforms: more than one, or more than two, are too many anyway
_ID_ATTRIBUTES = {names.SAML_11: "AssertionID", names.SAML_20: "ID"}


def _tag(local: str) -> str:
    return xml.name(names.DSIG, local)


def read_signature(
    assertion_xml: bytes,
    *,
    assertion_id: str,
    trusted_certificates: Iterable[bytes],
    issued_at: datetime | None,
) -> SignatureReading:
    """Read and verify the signature of one assertion, cut from its envelope.

    `trusted_certificates` are DER, compared by public key; without `issued_at` a certificate's period is not judged.
    """
    root = xml.parse(assertion_xml, where="assertion", limit=limits.ASSERTION_BYTES)
    found = list(root.iterchildren(_tag("Signature")))
    if not found:
        return _NO_SIGNATURE
    trusted = tuple(load_certificates(trusted_certificates))
    try:
        for signature in found:
            demand_form(signature, assertion_id)
    except PeerError as error:
        unread = _Proof(problem=f"the signature is refused unread: {error.problem}")
        return replace(_read(found, unread, trusted=trusted, issued_at=issued_at), refused=True)
    proof = _prove(root, found[0], assertion_id, trusted, issued_at)
    reading = _read(found, proof, trusted=trusted, issued_at=issued_at)
    if proof.certificate is None or len(found) != 1:
        return reading
    opinion = second_verifier.opinion(root, proof.certificate.public_bytes(Encoding.DER))
    if proof.uncomputed and opinion:
        # Legal, and only the first verifier has no word for it: the other's result counts, and the dispute is told.
        settled = replace(reading, valid=True, problem="", doubt=proof.problem, signed_assertion_id=assertion_id)
        return replace(settled, second_opinion=True)
    return replace(reading, second_opinion=opinion)


def _read(
    found: list[Element], proof: _Proof, *, trusted: tuple[x509.Certificate, ...], issued_at: datetime | None
) -> SignatureReading:
    """Put down what the signature says of itself, and how its verification ended."""
    signature = found[0]
    info = xml.first(signature, _tag("SignedInfo"))
    references = _references(info)
    transforms = (item for reference in references for item in reference.iter(_tag("Transform")))
    return SignatureReading(
        present=True,
        valid=not proof.problem,
        trusted=bool(proof.key) and proof.key in {public_key(item) for item in trusted},
        problem=proof.problem,
        signature_algorithm=_algorithm(xml.first(info, _tag("SignatureMethod"))),
        digest_algorithms=tuple(_algorithm(xml.first(item, _tag("DigestMethod"))) for item in references),
        canonicalization=_algorithm(xml.first(info, _tag("CanonicalizationMethod"))),
        transforms=tuple(_algorithm(item) for item in islice(transforms, _TOLD)),
        references=tuple(item.get("URI", "") for item in references),
        signed_assertion_id=proof.signed_id,
        certificate_thumbprint=thumbprint(proof.certificate),
        certificate_expired_at_issue=outside_period(proof.certificate, issued_at),
        has_line_breaks=_has_line_breaks(signature),
        signatures=len(found),
        key_bits=rsa_bits(proof.certificate),
        key_info=_key_info(signature),
        certificate_subject=subject(proof.certificate),
        certificate_not_after=None if proof.certificate is None else proof.certificate.not_valid_after_utc,
        key_sha256=key_digest(proof.key),
        objects=sum(1 for item in found for _ in item.iter(_tag("Object"))),
    )


def _references(info: Element | None) -> list[Element]:
    return [] if info is None else list(islice(info.iterchildren(_tag("Reference")), _TOLD))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Proof:
    """The outcome of one verification: the key (SubjectPublicKeyInfo) it was done with, and what it covered.

    `uncomputed` says that the form was no good to the verifier, and `final` that another key would end alike.
    """

    problem: str
    key: bytes = b""
    signed_id: str = ""
    certificate: x509.Certificate | None = None
    uncomputed: bool = False
    final: bool = False


def _prove(
    root: Element,
    signature: Element,
    assertion_id: str,
    trusted: tuple[x509.Certificate, ...],
    issued_at: datetime | None,
) -> _Proof:
    """Verify with each certificate of KeyInfo; with the domain's where KeyInfo names no key at all."""
    own = tuple(load_certificates(_embedded(signature)))
    candidates: tuple[x509.Certificate | None, ...] = own
    if not own:
        bare_key = next(signature.iter(_tag("KeyValue")), None) is not None
        candidates = (None,) if bare_key else trusted
    if not candidates:
        held = "no certificate that can be read" if _key_info(signature) == UNREADABLE_CERTIFICATE else "none"
        return _Proof(problem=f"no key to verify with: KeyInfo holds {held} and no signing certificate is configured")
    first: _Proof | None = None
    for certificate in candidates:
        proof = _verify(root, assertion_id, certificate, issued_at)
        if not proof.problem or proof.final:
            return proof
        first = first or proof
    return first or _Proof(problem="no key to verify with")


@lru_cache
def _schemas(files: tuple[str, ...]) -> tuple[etree.XMLSchema, ...]:
    folder = importlib.resources.files("signxml.schemas")
    found = (folder.joinpath(name) for name in files)
    return tuple(etree.XMLSchema(etree.parse(BytesIO(item.read_bytes()), base_url=str(item))) for item in found)


class _Verifier(XMLVerifier):
    """signxml's verifier; it would open its schemas as text in the locale's encoding, and fail where that is ASCII."""

    @classmethod
    def schemas(cls) -> tuple[etree.XMLSchema, ...]:
        """Return the schemas of a signature, read as the XML that they are."""
        return _schemas(tuple(cls.schema_files))


def _verify(
    root: Element, assertion_id: str, certificate: x509.Certificate | None, issued_at: datetime | None
) -> _Proof:
    key = b"" if certificate is None else public_key(certificate)
    try:
        result = _Verifier().verify(
            root,
            x509_cert=certificate,
            id_attribute=_ID_ATTRIBUTES.get(xml.namespace(root), "ID"),
            expect_config=SignatureConfiguration(
                require_x509=certificate is not None,
                location="./",
                expect_references=1,
                signature_methods=_METHODS,
                digest_algorithms=_DIGESTS,
                verification_time=within_period(certificate, issued_at),
            ),
        )
    except _REFUSALS as error:
        # Its schema lacks PrefixLists in SignedInfo, and its second canonicalization has no tree any more to work on.
        uncomputed = isinstance(error, etree.DocumentInvalid | TypeError)
        final = isinstance(error, InvalidDigest)
        return _Proof(problem=_words(error), key=key, certificate=certificate, uncomputed=uncomputed, final=final)
    return _judge_cover(root, assertion_id, result, key, certificate)


def _judge_cover(
    root: Element,
    assertion_id: str,
    result: VerifyResult | list[VerifyResult],
    key: bytes,
    certificate: x509.Certificate | None,
) -> _Proof:
    """See what was signed: it has to be the assertion we read, and no other element (signature wrapping)."""
    one = result if isinstance(result, VerifyResult) else result[0]
    signed = one.signed_xml
    id_attribute = _ID_ATTRIBUTES.get(xml.namespace(root), "ID")
    signed_id = "" if signed is None else signed.get(id_attribute, "")
    key = key or public_key_of_pem(one.signature_key)
    problem = ""
    if signed is None or signed.tag != root.tag or signed_id != assertion_id:
        what = "no element" if signed is None else f"<{xml.local_name(signed)}> {signed_id or 'without an id'}"
        problem = f"expected the assertion {assertion_id} to be what was signed, found {what}"
    return _Proof(problem=problem, key=key, signed_id=signed_id, certificate=certificate)


def _words(error: Exception) -> str:
    """Put a library's refusal into one line."""
    message = " ".join(str(error).split()).rstrip(": ")
    return f"the signature does not verify: {message or type(error).__name__}"


def _embedded(signature: Element) -> Iterator[bytes]:
    """Yield the DER certificates of KeyInfo."""
    path = (_tag("KeyInfo"), _tag("X509Data"))
    data = xml.first(signature, *path)
    for item in () if data is None else data.iterchildren(_tag("X509Certificate")):
        try:
            yield base64.b64decode("".join(xml.raw_text(item).split()), validate=True)
        except (binascii.Error, ValueError):
            continue


def _algorithm(element: Element | None) -> str:
    return "" if element is None else element.get("Algorithm", "")


def _key_info(signature: Element) -> str:
    """Name what KeyInfo identifies the key by, the certificate before anything else."""
    info = xml.first(signature, _tag("KeyInfo"))
    if info is None:
        return ""
    if next(info.iter(_tag("X509Certificate")), None) is not None:
        return "X509Certificate" if any(load_certificates(_embedded(signature))) else UNREADABLE_CERTIFICATE
    child = next(xml.children(info), None)
    return "" if child is None else xml.local_name(child)


def _has_line_breaks(signature: Element) -> bool:
    """Say whether base64 in the signature is broken into lines, which Entra and Windows are known to choke on."""
    tags = (_tag("SignatureValue"), _tag("DigestValue"), _tag("X509Certificate"))
    return any(not {"\r", "\n"}.isdisjoint(xml.raw_text(item).strip(" ")) for item in signature.iter(*tags))
