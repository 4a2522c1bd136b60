"""Documents in the true formats, written for these tests and signed with keys made at test time."""

from __future__ import annotations

import base64
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from lxml import etree

from tests.keys import NamedKeys

NOW = datetime(2025, 7, 9, 2, 14, 21, tzinfo=UTC)
STS_HOST = "sts.hybridjoin.test"
ISSUER = f"https://{STS_HOST}/applications/4afaa6b9-1497-44b6-b1ce-1a6d396f7f7e"
REALM = "urn:federation:MicrosoftOnline"
GUID = uuid.UUID("5c0c4151-e2aa-435e-987a-a97ae798c444")
ANCHOR = uuid.UUID("f24f116f-6e80-425d-8236-09803da7dfbe")
SID = "S-1-5-21-1004336348-1177238915-682003330-1260"
MESSAGE_ID = "urn:uuid:11111111-2222-4333-8444-555555555555"
ASSERTION_ID = "_7d05360e-378f-4e2e-81b1-0289d60b974b"
T13 = "http://docs.oasis-open.org/ws-sx/ws-trust/200512"
T2005 = "http://schemas.xmlsoap.org/ws/2005/02/trust"


@dataclass(frozen=True)
class Signer:
    """A signing key with a certificate of its own."""

    key: rsa.RSAPrivateKey
    certificate: bytes

    @property
    def pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


KEYS = NamedKeys()


@cache
def signer(name: str = "signer", *, bits: int = 2048, expired: bool = False) -> Signer:
    key = KEYS.key(f"{name}{' expired' * expired}", bits)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    end = NOW - timedelta(days=1) if expired else NOW + timedelta(days=365)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW - timedelta(days=365))
        .not_valid_after(end)
        .sign(key, hashes.SHA256())
    )
    return Signer(key=key, certificate=certificate.public_bytes(Encoding.DER))


def instant(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def base64_guid(guid: uuid.UUID) -> str:
    return base64.b64encode(guid.bytes_le).decode()


Claim = tuple[str, str, tuple[str, ...]]
DJ = "http://schemas.microsoft.com/ws/2012/01"
IDENTITY = "http://schemas.microsoft.com/identity/claims"
WS2008 = "http://schemas.microsoft.com/ws/2008/06/identity/claims"
LIVE_ID = "http://schemas.microsoft.com/LiveID/Federation/2008/05"
XMLSOAP = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"
UPN = "http://schemas.xmlsoap.org/claims"

CLAIMS: tuple[Claim, ...] = (
    (LIVE_ID, "ImmutableID", (base64_guid(ANCHOR),)),
    (UPN, "UPN", ("WS01$@hybridjoin.test",)),
    (DJ, "accounttype", ("DJ",)),
    (IDENTITY, "onpremobjectguid", (base64_guid(GUID),)),
    (WS2008, "primarysid", (SID,)),
)


def with_claim(name: str, *replacements: Claim) -> tuple[Claim, ...]:
    """The healthy claims with those of one name replaced; with no replacement it is left out."""
    return tuple(claim for claim in CLAIMS if claim[1] != name) + replacements


@dataclass(frozen=True, kw_only=True)
class AssertionText:
    """The parts of a SAML 1.1 assertion that tests bend."""

    claims: tuple[Claim, ...] = CLAIMS
    name_identifier: str | None = base64_guid(ANCHOR)
    second_name_identifier: str | None = None
    name_format: str = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
    confirmation: str = "urn:oasis:names:tc:SAML:1.0:cm:bearer"
    issuer: str = ISSUER
    assertion_id: str = ASSERTION_ID
    version: tuple[str, str] = ("1", "1")
    issued: str = instant(NOW)
    window: tuple[str, str] | None = (instant(NOW), instant(NOW + timedelta(hours=1)))
    audience: str = REALM
    method: str = "urn:federation:authentication:windows"
    authentication: bool = True
    prefix: str = "saml"
    declare: bool = True
    extra: str = ""
    tags: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        p = f"{self.prefix}:" if self.prefix else ""
        xmlns = f' xmlns{":" + self.prefix if self.prefix else ""}="urn:oasis:names:tc:SAML:1.0:assertion"'
        statements = f"<{p}AttributeStatement>{self._subject(p, self.name_identifier)}"
        statements += "".join(self._attribute(p, claim) for claim in self.claims) + f"</{p}AttributeStatement>"
        if self.authentication:
            second = self.second_name_identifier or self.name_identifier
            statements += (
                f'<{p}AuthenticationStatement AuthenticationMethod="{self.method}" '
                f'AuthenticationInstant="{self.issued}">{self._subject(p, second)}</{p}AuthenticationStatement>'
            )
        return (
            f'<{p}Assertion{xmlns if self.declare else ""} MajorVersion="{self.version[0]}" '
            f'MinorVersion="{self.version[1]}" AssertionID="{self.assertion_id}" Issuer="{self.issuer}" '
            f'IssueInstant="{self.issued}">{self._conditions(p)}{statements}{self.extra}</{p}Assertion>'
        )

    def _conditions(self, p: str) -> str:
        if self.window is None:
            return ""
        start, end = self.window
        return (
            f'<{p}Conditions NotBefore="{start}" NotOnOrAfter="{end}"><{p}AudienceRestrictionCondition>'
            f"<{p}Audience>{self.audience}</{p}Audience></{p}AudienceRestrictionCondition></{p}Conditions>"
        )

    def _subject(self, p: str, identifier: str | None) -> str:
        name = f'<{p}NameIdentifier Format="{self.name_format}">{identifier}</{p}NameIdentifier>' if identifier else ""
        confirmation = f"<{p}ConfirmationMethod>{self.confirmation}</{p}ConfirmationMethod>"
        return f"<{p}Subject>{name}<{p}SubjectConfirmation>{confirmation}</{p}SubjectConfirmation></{p}Subject>"

    def _attribute(self, p: str, claim: Claim) -> str:
        space, name, values = claim
        texts = "".join(f"<{p}AttributeValue>{value}</{p}AttributeValue>" for value in values)
        return f'<{p}Attribute AttributeName="{name}" AttributeNamespace="{space}">{texts}</{p}Attribute>'


def sign(
    text: str,
    by: Signer | None = None,
    *,
    sha1: bool = False,
    one_line: bool = True,
    key_info: bool = True,
    key_value: bool = False,
    inclusive: bool = False,
    transforms: int = 2,
    certificate: bytes | None = None,
    uri: str | None = None,
    compact: bool = False,
) -> str:
    """Sign an assertion as its last child, with xmlsec; the readers under test verify with signxml.

    xmlsec breaks what it writes into lines; `compact` has none, as .NET writes a signature.
    """
    who = by or signer()
    root = etree.fromstring(text)
    t = xmlsec.constants
    c14n = t.TransformInclC14N if inclusive else t.TransformExclC14N
    signature = xmlsec.template.create(root, c14n, t.TransformRsaSha1 if sha1 else t.TransformRsaSha256, ns="ds")
    root.append(signature)
    where = f"#{root.get('AssertionID')}" if uri is None else uri
    reference = xmlsec.template.add_reference(signature, t.TransformSha1 if sha1 else t.TransformSha256, uri=where)
    for transform in (t.TransformEnveloped, c14n)[:transforms]:
        xmlsec.template.add_transform(reference, transform)
    if key_value:
        value = xmlsec.template.add_key_value(xmlsec.template.ensure_key_info(signature))
        rsa_value = etree.SubElement(value, "{http://www.w3.org/2000/09/xmldsig#}RSAKeyValue")
        public = who.key.public_key().public_numbers()
        for local, number, size in (("Modulus", public.n, 256), ("Exponent", public.e, 3)):
            part = etree.SubElement(rsa_value, f"{{http://www.w3.org/2000/09/xmldsig#}}{local}")
            part.text = base64.b64encode(number.to_bytes(size, "big")).decode()
    elif key_info:
        data = xmlsec.template.add_x509_data(xmlsec.template.ensure_key_info(signature))
        etree.SubElement(data, "{http://www.w3.org/2000/09/xmldsig#}X509Certificate")
    _lay_out(signature, compact=compact)
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(who.pem, t.KeyDataFormatPem)
    context.register_id(root, "AssertionID" if root.get("AssertionID") else "ID")
    context.sign(signature)
    for element in signature.iter("{*}X509Certificate"):
        encoded = base64.b64encode(certificate or who.certificate).decode()
        element.text = encoded if one_line else "\n".join(encoded[at : at + 64] for at in range(0, len(encoded), 64))
    for element in signature.iter("{*}SignatureValue"):
        element.text = "".join((element.text or "").split()) if one_line else element.text
    return etree.tostring(root, encoding="unicode")


def _lay_out(signature: etree._Element, *, compact: bool) -> None:
    for element in signature.iter() if compact else ():
        element.text = element.tail = None


@dataclass(frozen=True, kw_only=True)
class ReplyText:
    """A token service's reply around one or more tokens."""

    tokens: tuple[str, ...]
    trust: str = T13
    collection: bool | None = None
    relates_to: str | None = MESSAGE_ID
    action: str | None = None
    token_type: str | None = "urn:oasis:names:tc:SAML:1.0:assertion"
    key_type: str | None = None
    applies_to: str | None = REALM
    lifetime: tuple[str, str] | None = (instant(NOW), instant(NOW + timedelta(hours=1)))
    reference: str | None = ASSERTION_ID
    soap: str = "http://www.w3.org/2003/05/soap-envelope"
    response_declarations: str = ""
    reverse: bool = False

    def __bytes__(self) -> bytes:
        collection = self.trust == T13 if self.collection is None else self.collection
        declared = f'xmlns:x="{self.trust}"{self.response_declarations}'
        name = "RequestSecurityTokenResponse"
        response = f"<x:{name} {declared}>{self._parts()}</x:{name}>"
        if collection:
            response = f'<c:{name}Collection xmlns:c="{self.trust}">{response}</c:{name}Collection>'
        final = f"{T13}/RSTRC/IssueFinal" if self.trust == T13 else f"{T2005}/RSTR/Issue"
        action = final if self.action is None else self.action
        relates = f"<w:RelatesTo>{self.relates_to}</w:RelatesTo>" if self.relates_to else ""
        return (
            f'<e:Envelope xmlns:e="{self.soap}" xmlns:w="http://www.w3.org/2005/08/addressing"><e:Header>'
            f'<w:Action e:mustUnderstand="1">{action}</w:Action>{relates}</e:Header>'
            f"<e:Body>{response}</e:Body></e:Envelope>"
        ).encode()

    def _parts(self) -> str:
        key = self.key_type or (
            f"{T13}/Bearer" if self.trust == T13 else "http://schemas.xmlsoap.org/ws/2005/05/identity/NoProofKey"
        )
        parts = [
            self._lifetime(),
            self._applies_to(),
            f"<x:RequestedSecurityToken>{''.join(self.tokens)}</x:RequestedSecurityToken>",
            self._reference(),
            f"<x:TokenType>{self.token_type}</x:TokenType>" if self.token_type else "",
            f"<x:RequestType>{self.trust}/Issue</x:RequestType>",
            f"<x:KeyType>{key}</x:KeyType>",
        ]
        return "".join(reversed(parts) if self.reverse else parts)

    def _lifetime(self) -> str:
        if self.lifetime is None:
            return ""
        wsu = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
        created, expires = self.lifetime
        return (
            f'<x:Lifetime><u:Created xmlns:u="{wsu}">{created}</u:Created>'
            f'<u:Expires xmlns:u="{wsu}">{expires}</u:Expires></x:Lifetime>'
        )

    def _applies_to(self) -> str:
        if self.applies_to is None:
            return ""
        return (
            '<p:AppliesTo xmlns:p="http://schemas.xmlsoap.org/ws/2004/09/policy"><w:EndpointReference>'
            f"<w:Address>{self.applies_to}</w:Address></w:EndpointReference></p:AppliesTo>"
        )

    def _reference(self) -> str:
        if self.reference is None:
            return ""
        wsse = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
        return (
            f'<x:RequestedAttachedReference><o:SecurityTokenReference xmlns:o="{wsse}"><o:KeyIdentifier>'
            f"{self.reference}</o:KeyIdentifier></o:SecurityTokenReference></x:RequestedAttachedReference>"
        )


def fault_12(
    subcode: str = "FailedAuthentication",
    *,
    trust: str = T13,
    reason: str = "Access denied.",
    relates_to: str = MESSAGE_ID,
) -> bytes:
    inner = f'<e:Subcode><e:Value xmlns:t="{trust}">t:{subcode}</e:Value></e:Subcode>' if subcode else ""
    text = f'<e:Reason><e:Text xml:lang="en-US">{reason}</e:Text></e:Reason>' if reason else ""
    return (
        '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:w="http://www.w3.org/2005/08/addressing">'
        f"<e:Header><w:RelatesTo>{relates_to}</w:RelatesTo></e:Header><e:Body><e:Fault><e:Code><e:Value>e:Sender"
        f"</e:Value>{inner}</e:Code>{text}<e:Detail><why>closed</why></e:Detail></e:Fault></e:Body></e:Envelope>"
    ).encode()


def fault_11(code: str = "t:FailedAuthentication", *, trust: str = T2005) -> bytes:
    return (
        '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><e:Fault>'
        f'<faultcode xmlns:t="{trust}">{code}</faultcode><faultstring>Access denied.</faultstring>'
        "</e:Fault></e:Body></e:Envelope>"
    ).encode()
