"""Forges assertions good and bad: a template of our own, signed with real keys by xmlsec."""

from __future__ import annotations

import base64
import functools
import uuid
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.x509.oid import NameOID
from hypothesis import HealthCheck, settings
from lxml import etree

from tests.keys import NamedKeys

TENANT_ID = "6f1d2c8e-3b5a-4c7d-9e0f-1a2b3c4d5e6f"
ISSUER = "https://sts.hybridjoin.test/applications/4afaa6b9"
OTHER_ISSUER = "https://sts.second.test/applications/4afaa6b9"
WS01 = uuid.UUID("5c0c4151-e2aa-435e-987a-a97ae798c444")
WS01_CONSISTENCY = uuid.UUID("7754d487-1fc3-4206-9e95-ce012f1586e5")
WS01_SID = "S-1-5-21-1004336348-1177238915-682003330-1260"
WS02 = uuid.UUID("f24f116f-6e80-425d-8236-09803da7dfbe")
WS02_SID = "S-1-5-21-1004336348-1177238915-682003330-1261"
WS04 = uuid.UUID("663cb1d1-bd4b-412f-a673-14f04ea55622")
WS04_SID = "S-1-5-21-1004336348-1177238915-682003330-1263"
ALICE = uuid.UUID("7ea2e22f-31cb-4c97-89eb-1b4501aafe40")
ALICE_SID = "S-1-5-21-1004336348-1177238915-682003330-1110"
NOON = datetime(2026, 3, 14, 12, 0, 0, tzinfo=UTC)

ACCOUNT_TYPE = ("http://schemas.microsoft.com/ws/2012/01", "accounttype")
OBJECT_GUID = ("http://schemas.microsoft.com/identity/claims", "onpremobjectguid")
PRIMARY_SID = ("http://schemas.microsoft.com/ws/2008/06/identity/claims", "primarysid")
ISSUER_ID = ("http://schemas.microsoft.com/ws/2008/06/identity/claims", "issuerid")
IMMUTABLE_ID = ("http://schemas.microsoft.com/LiveID/Federation/2008/05", "ImmutableID")
IMMUTABLE_ID_XMLSOAP = ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims", "ImmutableID")
UPN = ("http://schemas.xmlsoap.org/claims", "UPN")
IN_CORP = ("http://schemas.microsoft.com/ws/2012/01", "insidecorporatenetwork")
SAML = "urn:oasis:names:tc:SAML:1.0:assertion"
BEARER = "urn:oasis:names:tc:SAML:1.0:cm:bearer"

# Several rooms may test on the same cores: a slow machine is no finding.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

Claim = tuple[tuple[str, str], tuple[str, ...]]


def guid64(guid: uuid.UUID) -> str:
    return base64.b64encode(guid.bytes_le).decode()


KEYS = NamedKeys()


def key(name: str, bits: int = 2048) -> RSAPrivateKey:
    return KEYS.key(name, bits)


@functools.cache
def certificate(name: str, *, days: int = 3650) -> bytes:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    start = NOON - timedelta(days=3650)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key(name).public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days + 3650))
        .sign(key(name), hashes.SHA256())
        .public_bytes(serialization.Encoding.DER)
    )


GOOD_CLAIMS: tuple[Claim, ...] = (
    (ACCOUNT_TYPE, ("DJ",)),
    (OBJECT_GUID, (guid64(WS01),)),
    (PRIMARY_SID, (WS01_SID,)),
    (IMMUTABLE_ID, (guid64(WS01_CONSISTENCY),)),
    (UPN, ("WS01$@hybridjoin.test",)),
    (IN_CORP, ("true",)),
)


@dataclass(frozen=True, kw_only=True)
class Forgery:
    """One assertion; `mend` works on the tree before it is signed, `tamper` after."""

    issuer: str = ISSUER
    major: str = "1"
    minor: str = "1"
    assertion_id: str = "_3f2c"
    issue_instant: str = "2026-03-14T11:59:58.123Z"
    not_before: str | None = "2026-03-14T11:59:58Z"
    not_on_or_after: str | None = "2026-03-14T12:59:58Z"
    audiences: tuple[tuple[str, ...], ...] = (("urn:federation:MicrosoftOnline",),)
    subject: str | None = guid64(WS01_CONSISTENCY)
    subject_format: str = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
    confirmation: str | None = BEARER
    with_subject: bool = True
    claims: tuple[Claim, ...] = GOOD_CLAIMS
    signed_by: str | None = "idp"
    certificate: bytes | None = field(default_factory=lambda: certificate("idp"))
    sha1: bool = False
    transforms: tuple[Any, ...] = (xmlsec.constants.TransformEnveloped, xmlsec.constants.TransformExclC14N)
    reference: str | None = None

    def but(self, **changes: Any) -> Forgery:  # noqa: ANN401 - any field of any type
        return replace(self, **changes)

    def claim(self, name: tuple[str, str], *values: str) -> Forgery:
        """Give a claim other values, in its place; none drops it."""
        if not any(item[0] == name for item in self.claims):
            return replace(self, claims=(*self.claims, (name, values)))
        changed = ((item[0], values) if item[0] == name else item for item in self.claims)
        return replace(self, claims=tuple(item for item in changed if item[1]))

    def also(self, name: tuple[str, str], *values: str) -> Forgery:
        """Add one more attribute."""
        return replace(self, claims=(*self.claims, (name, values)))

    def renamed(self, name: tuple[str, str], to: tuple[str, str]) -> Forgery:
        return replace(self, claims=tuple((to if item[0] == name else item[0], item[1]) for item in self.claims))

    def tree(self) -> etree._Element:
        root = etree.Element(f"{{{SAML}}}Assertion", nsmap={"saml": SAML})
        for name, value in (
            ("MajorVersion", self.major), ("MinorVersion", self.minor), ("AssertionID", self.assertion_id),
            ("Issuer", self.issuer), ("IssueInstant", self.issue_instant),
        ):  # fmt: skip
            root.set(name, value)
        self._conditions(root)
        statement = etree.SubElement(root, f"{{{SAML}}}AttributeStatement")
        if self.with_subject:
            self._subject(statement)
        for (namespace, name), values in self.claims:
            attribute = etree.SubElement(statement, f"{{{SAML}}}Attribute")
            attribute.set("AttributeName", name)
            attribute.set("AttributeNamespace", namespace)
            for value in values:
                etree.SubElement(attribute, f"{{{SAML}}}AttributeValue").text = value
        return root

    def _conditions(self, root: etree._Element) -> None:
        conditions = etree.SubElement(root, f"{{{SAML}}}Conditions")
        for name, moment in (("NotBefore", self.not_before), ("NotOnOrAfter", self.not_on_or_after)):
            if moment is not None:
                conditions.set(name, moment)
        for audiences in self.audiences:
            restriction = etree.SubElement(conditions, f"{{{SAML}}}AudienceRestrictionCondition")
            for audience in audiences:
                etree.SubElement(restriction, f"{{{SAML}}}Audience").text = audience

    def _subject(self, statement: etree._Element) -> None:
        subject = etree.SubElement(statement, f"{{{SAML}}}Subject")
        if self.subject is not None:
            identifier = etree.SubElement(subject, f"{{{SAML}}}NameIdentifier")
            identifier.set("Format", self.subject_format)
            identifier.text = self.subject
        if self.confirmation is None:
            return
        confirmation = etree.SubElement(subject, f"{{{SAML}}}SubjectConfirmation")
        etree.SubElement(confirmation, f"{{{SAML}}}ConfirmationMethod").text = self.confirmation

    def sign(self, root: etree._Element) -> etree._Element:
        if self.signed_by is None:
            return root
        method = xmlsec.constants.TransformRsaSha1 if self.sha1 else xmlsec.constants.TransformRsaSha256
        digest = xmlsec.constants.TransformSha1 if self.sha1 else xmlsec.constants.TransformSha256
        node = xmlsec.template.create(root, xmlsec.constants.TransformExclC14N, method, ns="ds")
        root.append(node)
        uri = f"#{self.assertion_id}" if self.reference is None else self.reference
        reference = xmlsec.template.add_reference(node, digest, uri=uri)
        for transform in self.transforms:
            xmlsec.template.add_transform(reference, transform)
        if self.certificate is not None:
            info = xmlsec.template.ensure_key_info(node)
            data = xmlsec.template.add_x509_data(info)
            etree.SubElement(data, "{http://www.w3.org/2000/09/xmldsig#}X509Certificate").text = base64.b64encode(
                self.certificate
            ).decode()
        context = xmlsec.SignatureContext()
        context.key = _signing_key(self.signed_by)
        if self.assertion_id:
            context.register_id(root, "AssertionID")
        context.sign(node)
        return root

    def xml(self) -> bytes:
        return etree.tostring(self.sign(self.tree()))

    def encoded(self) -> str:
        return base64.b64encode(self.xml()).decode()


def encode(root: etree._Element) -> str:
    return base64.b64encode(etree.tostring(root)).decode()


@functools.cache
def _signing_key(name: str) -> xmlsec.Key:
    pem = key(name).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return xmlsec.Key.from_memory(pem, xmlsec.constants.KeyDataFormatPem)


GOOD = Forgery()


def domain(name: str, issuer: str, **changes: object) -> dict[str, object]:
    return {
        "name": name,
        "authentication": "Federated",
        "issuer_uri": issuer,
        "metadata_exchange_uri": "https://sts.hybridjoin.test/wsf/mex13/4afaa6b9",
        "active_sign_in_uri": "https://sts.hybridjoin.test/wsf/sts/4afaa6b9",
        "passive_sign_in_uri": "https://sts.hybridjoin.test/wsf/prp/4afaa6b9",
        "signing_certificate": base64.b64encode(certificate("idp")).decode(),
        "next_signing_certificate": base64.b64encode(certificate("next")).decode(),
        **changes,
    }


def mapping(**changes: object) -> dict[str, object]:
    """A configuration whose directory is data: WS01 with an anchor of its own, WS02 without, WS04 not exported."""
    return {
        "tenant_id": TENANT_ID,
        "tenant_name": "hybridjoin.test",
        "display_name": "Hybrid Join",
        "domains": [
            domain("hybridjoin.test", ISSUER),
            domain("second.test", OTHER_ISSUER),
            {"name": "managed.test", "authentication": "Managed", "issuer_uri": "https://gone.test/"},
        ],
        "devices": [
            {
                "name": "WS01",
                "object_guid": str(WS01),
                "sid": WS01_SID,
                "consistency_guid": str(WS01_CONSISTENCY),
                "user_certificates": [base64.b64encode(certificate("WS01")).decode()],
            },
            {
                "name": "WS02",
                "object_guid": str(WS02),
                "sid": WS02_SID,
                "user_certificates": [base64.b64encode(certificate("WS02")).decode()],
            },
            {"name": "WS04", "object_guid": str(WS04), "sid": WS04_SID},
        ],
        "users": [{"name": "alice", "upn": "alice@hybridjoin.test", "object_guid": str(ALICE), "sid": ALICE_SID}],
        **changes,
    }
