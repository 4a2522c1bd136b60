"""Where the good assertion comes from: the evidence of a join, or a file with the key that signs its mutants."""

from __future__ import annotations

import base64
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from hybridjoin.doubles.idp.signing import SigningIdentity, signer
from hybridjoin.doubles.settings import ConfigError
from hybridjoin.errors import Mistake, PeerError, UsageError
from hybridjoin.evidence.facts import ArrivedAt, Asked, DirectoryFacts, TrustedCertificates, TrustedIssuer
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.evidence.outcome import FlowOutcome
from hybridjoin.evidence.parts import Parts
from hybridjoin.given import read_given
from hybridjoin.mutations import control, unsigned
from hybridjoin.protocol import limits, names, rstr, xml
from hybridjoin.protocol.computer import Computer
from hybridjoin.protocol.guid import decode_guid
from hybridjoin.protocol.rstr import TokenResponse
from hybridjoin.protocol.saml11 import Assertion
from hybridjoin.protocol.signature import read_signature
from hybridjoin.run.mutations.mutate import Baseline, enveloped


def baseline_of_join(evidence: JoinEvidence, *, source: str, key: Path, certificate: Path) -> Baseline:
    """Return the assertion of a join as the good one; the key is the identity provider's own."""
    return Baseline(
        source=source,
        parts=evidence.parts,
        received_at=evidence.rstr_received_at or evidence.started_at,
        identity=_identity(key, certificate),
    )


def baseline_of_file(file: Path, *, key: Path, certificate: Path) -> Baseline:
    """Read a good assertion, alone or in its token response, and the key to sign its mutants with.

    There is no directory to compare with: the claims of the good assertion are taken for the truth.

    Raises:
        UsageError: a file is not what it should be, or key and certificate do not belong together.
    """
    identity = _identity(key, certificate)
    response = _response(_read(file), file)
    assertion = response.assertion
    if assertion is None:
        raise _mistake(file, "expected a SAML 1.1 assertion, found none")
    received_at = assertion.issue_instant or assertion.not_before
    if received_at is None:
        raise _mistake(file, "expected an assertion with an IssueInstant, found none")
    parts = Parts.of(
        FlowOutcome(),
        Asked(applies_to=names.MICROSOFT_ONLINE),
        TrustedIssuer(uri=assertion.issuer),
        TrustedCertificates(certificates=(base64.b64decode(identity.certificate),)),
        DirectoryFacts(computer=_computer(assertion, file)),
        ArrivedAt(at=received_at),
        response,
        assertion,
    )
    _prove(response, identity, key)
    return Baseline(source=file.name, parts=parts, received_at=received_at, identity=identity)


def _identity(key: Path, certificate: Path) -> SigningIdentity:
    try:
        return SigningIdentity.read(key, certificate)
    except ConfigError as refusal:
        raise UsageError(Mistake(place="--key/--cert", problem=str(refusal))) from refusal
    except OSError as error:
        raise _mistake(Path(str(error.filename)), f"cannot be read: {error.strerror}") from error


def _read(file: Path) -> bytes:
    return read_given(file, limit_bytes=4 * limits.XML_BYTES.most)


def _response(body: bytes, file: Path) -> TokenResponse:
    """Read a whole response, or put a bare assertion into one that refers to it."""
    try:
        root = xml.parse(body, where=file.name)
        bare = root.tag == xml.name(names.SAML_11, "Assertion")
        document = enveloped((xml.cut(root).octets,)) if bare else body
        answer = rstr.parse_reply(document, http_status=200, content_type="application/soap+xml")
    except PeerError as error:
        raise _mistake(file, error.problem) from error
    if not isinstance(answer, TokenResponse):
        raise _mistake(file, f"expected a token response, found the SOAP fault {answer.subcode or answer.code}")
    if bare and answer.assertion is not None:
        return replace(answer, attached_reference=answer.assertion.assertion_id)
    return answer


def _computer(assertion: Assertion, file: Path) -> Computer:
    """Take the claims of a good assertion for what the directory says."""
    guid = decode_guid(_value(assertion, names.CLAIM_OBJECT_GUID))
    sid = _value(assertion, names.CLAIM_PRIMARY_SID)
    if guid is None or not sid:
        raise _mistake(
            file, "expected an assertion with good onpremobjectguid and primarysid claims", "start from a good join"
        )
    anchor = decode_guid(_value(assertion, names.CLAIM_IMMUTABLE_ID))
    upn = _value(assertion, names.CLAIM_UPN)
    account = upn.partition("@")[0] or "COMPUTER$"
    return Computer(
        dn=f"CN={account.removesuffix('$')}",
        name=account.removesuffix("$"),
        object_guid=guid,
        object_sid=sid,
        sam_account_name=account,
        dns_host_name="",
        user_principal_name=upn,
        consistency_guid=_octets(anchor, guid),
    )


def _octets(anchor: uuid.UUID | None, guid: uuid.UUID) -> bytes | None:
    return None if anchor is None or anchor == guid else anchor.bytes_le


def _value(assertion: Assertion, claim: tuple[str, str]) -> str:
    found = (item.values for item in assertion.attributes if (item.namespace, item.name) == claim)
    return next((values[0] for values in found if values), "")


def _prove(response: TokenResponse, identity: SigningIdentity, key: Path) -> None:
    """Sign once and verify, so that a key of another certificate is not taken for a fault of every mutant."""
    bare = unsigned(xml.parse(response.assertion_xml, where="assertion"))
    reading = read_signature(
        control(bare, signer(identity)).tokens[0],
        assertion_id=response.assertion.assertion_id if response.assertion else "",
        trusted_certificates=(base64.b64decode(identity.certificate),),
        issued_at=datetime.now(UTC),
    )
    if not reading.valid:
        problem = "expected the private key of the certificate, found another one"
        raise _mistake(key, problem, reading.problem)


def _mistake(file: Path, problem: str, hint: str = "") -> UsageError:
    return UsageError(Mistake(place=str(file), problem=problem, hint=hint))
