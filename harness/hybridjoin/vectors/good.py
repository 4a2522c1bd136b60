"""The good assertion, and its evil twin, as text: a computer's, in the form that Entra takes.

Both computers exist in the tenant that the vectors speak of, so that nothing but the signature stands between them.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

SAML = "urn:oasis:names:tc:SAML:1.0:assertion"
DSIG = "http://www.w3.org/2000/09/xmldsig#"
ISSUER = "https://sts.vectors.example/adfs/services/trust"
AUDIENCE = "urn:federation:MicrosoftOnline"
CLOCK = "2026-01-15T12:05:00Z"
ISSUED, BEGINS, ENDS = "2026-01-15T12:00:00Z", "2026-01-15T12:00:00Z", "2026-01-15T13:00:00Z"
SKEW_S = 300
GOOD_ID = "_8f2c3d1e-0b7a-4c55-9a61-3d2e1f000001"
EVIL_ID = "_0badc0de-0b7a-4c55-9a61-3d2e1f000002"
_DOMAIN = "S-1-5-21-1004336348-1177238915-682003330"


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """A computer of the tenant, of which an assertion speaks."""

    name: str
    object_guid: uuid.UUID
    sid: str

    @property
    def guid_text(self) -> str:
        """The objectGUID as the claim carries it: base64 of its octets in the directory's order."""
        return base64.b64encode(self.object_guid.bytes_le).decode("ascii")

    @property
    def claims(self) -> Mapping[str, str]:
        """What a reader that accepts the assertion has to have read."""
        return {
            "accounttype": "DJ",
            "nameidentifier": self.guid_text,
            "onpremobjectguid": self.guid_text,
            "primarysid": self.sid,
        }


SELF = Speaker(name="WS01", object_guid=uuid.UUID("6d7ff6e8-3c1a-4f0b-9b57-2f6a1c5d0001"), sid=f"{_DOMAIN}-1104")
VICTIM = Speaker(name="ADMIN01", object_guid=uuid.UUID("1f0a8b3c-77d2-4d6e-8c11-9e4b7a5d0002"), sid=f"{_DOMAIN}-1500")

SUBJECT = (
    '<saml:Subject><saml:NameIdentifier Format="urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified">{guid}'
    "</saml:NameIdentifier><saml:SubjectConfirmation><saml:ConfirmationMethod>urn:oasis:names:tc:SAML:1.0:cm:bearer"
    "</saml:ConfirmationMethod></saml:SubjectConfirmation></saml:Subject>"
)
_ATTRIBUTE = (
    '<saml:Attribute AttributeName="{name}" AttributeNamespace="{space}"><saml:AttributeValue>{value}'
    "</saml:AttributeValue></saml:Attribute>"
)
CONDITIONS = (
    f'<saml:Conditions NotBefore="{BEGINS}" NotOnOrAfter="{ENDS}"><saml:AudienceRestrictionCondition>'
    f"<saml:Audience>{AUDIENCE}</saml:Audience></saml:AudienceRestrictionCondition></saml:Conditions>"
)
START_TAG = (
    f'<saml:Assertion xmlns:saml="{SAML}" MajorVersion="1" MinorVersion="1" AssertionID="{{id}}" '
    f'Issuer="{ISSUER}" IssueInstant="{ISSUED}">'
)
END_TAG = "</saml:Assertion>"


def attribute(name: str, space: str, value: str) -> str:
    """Write one Attribute."""
    return _ATTRIBUTE.format(name=name, space=space, value=value)


def assertion(speaker: Speaker, identifier: str) -> str:
    """Write the unsigned assertion of a computer; its parts are those of AD FS, in one line."""
    subject = SUBJECT.format(guid=speaker.guid_text)
    attributes = (
        attribute("accounttype", "http://schemas.microsoft.com/ws/2012/01", "DJ"),
        attribute("onpremobjectguid", "http://schemas.microsoft.com/identity/claims", speaker.guid_text),
        attribute("primarysid", "http://schemas.microsoft.com/ws/2008/06/identity/claims", speaker.sid),
        attribute("ImmutableID", "http://schemas.microsoft.com/LiveID/Federation/2008/05", speaker.guid_text),
    )
    return (
        f"{START_TAG.format(id=identifier)}{CONDITIONS}<saml:AttributeStatement>{subject}{''.join(attributes)}"
        "</saml:AttributeStatement><saml:AuthenticationStatement "
        f'AuthenticationMethod="urn:federation:authentication:windows" AuthenticationInstant="{ISSUED}">{subject}'
        f"</saml:AuthenticationStatement>{END_TAG}"
    )


GOOD = assertion(SELF, GOOD_ID)
EVIL = assertion(VICTIM, EVIL_ID)
EVIL_SAME_ID = assertion(VICTIM, GOOD_ID)


def swap(text: str, old: str, new: str, *, times: int = 1) -> str:
    """Replace a part of a text that has to be there so many times.

    Raises:
        LookupError: It stands there more or less often: the vector would not be what it says.
    """
    found = text.count(old)
    if found != times:
        raise LookupError(f"expected {old!r} {times} times, found it {found} times")
    return text.replace(old, new)


def before(text: str, mark: str, added: str) -> str:
    """Put something before the first place where a mark stands.

    Raises:
        LookupError: It stands nowhere.
    """
    head, found, tail = text.partition(mark)
    if not found:
        raise LookupError(f"expected {mark!r}, found it nowhere")
    return f"{head}{added}{mark}{tail}"


def into(text: str, added: str) -> str:
    """Put something before the end tag of an assertion.

    Raises:
        LookupError: The text does not end with one.
    """
    if not text.endswith(END_TAG):
        raise LookupError(f"expected an assertion, found a text that ends with {text[-20:]!r}")
    return f"{text.removesuffix(END_TAG)}{added}{END_TAG}"
