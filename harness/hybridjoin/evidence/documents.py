"""The parts that a document brings which somebody hands in, without any flow around it."""

from __future__ import annotations

from datetime import datetime

from hybridjoin.evidence.facts import (
    ArrivedAt,
    Asked,
    DirectoryFacts,
    GatheredAt,
    TrustedCertificates,
    TrustedIssuer,
)
from hybridjoin.evidence.parts import Parts
from hybridjoin.evidence.sign_in import ShownPassword, SignedInUser
from hybridjoin.intake.asserted_person import AssertedPerson
from hybridjoin.intake.captured_token import CapturedToken
from hybridjoin.intake.federation import FederationSettings
from hybridjoin.intake.federation_commands import DomainCommand
from hybridjoin.intake.handed_out import SiblingDomains
from hybridjoin.model.reading import SignatureReading
from hybridjoin.protocol import names
from hybridjoin.protocol.mex import Credential, MexDocument, choose_windows
from hybridjoin.protocol.rstr import TokenResponse
from hybridjoin.protocol.saml11 import Assertion
from hybridjoin.protocol.signature import read_signature


def metadata_parts(document: MexDocument) -> Parts:
    """Return the parts of a metadata document: itself, and the endpoint that Windows would choose in it."""
    return Parts.of(document, choose_windows(document))


def federation_parts(
    settings: FederationSettings,
    *,
    now: datetime,
    command: DomainCommand | None = None,
    siblings: SiblingDomains | None = None,
    document: MexDocument | None = None,
    response: TokenResponse | None = None,
) -> Parts:
    """Return the parts of a domain's federation settings, and of what they are to be compared with.

    `command` is the one that sets them, where they were read from it; `siblings` are other domains of the tenant.
    """
    return Parts.of(
        settings,
        command,
        siblings,
        GatheredAt(at=now),
        document,
        choose_windows(document) if document is not None else None,
        response,
        response.assertion if response is not None else None,
    )


def assertion_parts(
    captured: CapturedToken,
    *,
    trusted: tuple[bytes, ...] = (),
    issuer: str = "",
    facts: DirectoryFacts | None = None,
    person: AssertedPerson | None = None,
    at: datetime | None = None,
) -> Parts:
    """Return the parts of a captured assertion, and of what is known beside it.

    `trusted` are the domain's signing certificates in DER, `at` is the time to judge its window by. It is a computer's,
    of which `facts` are known, or a `person`'s. A bare assertion brings no token response.
    """
    response = captured.response
    signature, typed = None, ShownPassword(name=person.name) if person is not None and person.by_password else None
    if response.assertion is not None:
        signature = signature_of(response.assertion, response.assertion_xml, trusted=trusted)
    return Parts.of(
        None if captured.bare else response,
        captured.assertion,
        signature,
        Asked(applies_to=_realm(response), credential=Credential.USERNAME if typed else Credential.WINDOWS),
        TrustedIssuer(uri=issuer) if issuer else None,
        TrustedCertificates(certificates=trusted) if trusted else None,
        facts,
        SignedInUser(name=person.name, client_id="", scope="") if person is not None else None,
        typed,
        None if at is None else ArrivedAt(at=at),
    )


def signature_of(assertion: Assertion, octets: bytes, *, trusted: tuple[bytes, ...]) -> SignatureReading:
    """Read the signature of an assertion from its octets, at the time at which it was issued."""
    return read_signature(
        octets,
        assertion_id=assertion.assertion_id,
        trusted_certificates=trusted,
        issued_at=assertion.issue_instant,
    )


def _realm(response: TokenResponse) -> str:
    """Return the realm that the token was asked for, which the response alone tells where nobody kept the request.

    Windows asks for one name of Entra; clients of old asked for another, which AD FS' relying party trust has too.
    """
    asked = response.applies_to or ""
    return asked if asked == names.MICROSOFT_ONLINE_STS else names.MICROSOFT_ONLINE
