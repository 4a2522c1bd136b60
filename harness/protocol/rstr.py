"""The answer of the IdP's security token service: a token response, a collection, or a fault."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from harness.protocol.mex import Trust
from harness.protocol.saml11 import Assertion


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenResponse:
    """What one RSTR (or the collection's first with a token) carried.

    `assertion_xml` is the assertion cut out with its own namespace declarations, ready to be sent on;
    it is not octet-identical to the envelope's bytes, but its exclusive-C14N signature still verifies.
    `assertions` are all SAML assertions of any version found; `assertion` is the first SAML 1.1 one.
    """

    trust: Trust | None
    soap_version: str
    action: str | None
    relates_to: str | None
    in_collection: bool
    responses: int
    token_type: str | None
    request_type: str | None
    key_type: str | None
    applies_to: str | None
    lifetime_created: datetime | None
    lifetime_expires: datetime | None
    assertions: tuple[Assertion, ...]
    assertion: Assertion | None
    assertion_xml: bytes
    attached_reference: str | None
    unattached_reference: str | None
    child_order: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SoapFault:
    """A SOAP 1.1 or 1.2 fault; `subcode` is the local name, as `FailedAuthentication`."""

    soap_version: str
    code: str
    subcode: str | None
    subcode_namespace: str | None
    reason: str
    detail: str
    http_status: int
    relates_to: str | None = None
