"""The documents of one join as real peers write them, made here with names and ids of nobody's tenant."""

from __future__ import annotations

import base64
import json
import uuid
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.signer import XMLSigner

from hybridjoin.model.exchange import Entry, HttpReply
from tests.keys import NamedKeys

TENANT_ID = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"
TENANT_NAME = "contoso.example"
DEVICE_GUID = uuid.UUID("2f9a6c10-7d3e-4b58-9a41-6c0d5e7f8a9b")
DEVICE_SID = "S-1-5-21-1111111111-2222222222-3333333333-1260"
OTHER_SID = "S-1-5-21-1111111111-2222222222-3333333333-1104"
ISSUER = "https://sts.contoso.example/applications/7c6b5a49-3827-4165-b0a1-c2d3e4f5a6b7"
MEX_URL = "https://sts.contoso.example/wsf/mex13/7c6b5a49-3827-4165-b0a1-c2d3e4f5a6b7"
STS_URL = "https://sts.contoso.example/wsf/sts/7c6b5a49-3827-4165-b0a1-c2d3e4f5a6b7"
LOGIN = "https://login.microsoftonline.com"
REGISTRATION = "https://enterpriseregistration.windows.net"
NOON = datetime(2026, 3, 4, 12, 0, 0, tzinfo=UTC)
TRUST_13 = "http://docs.oasis-open.org/ws-sx/ws-trust/200512"
DATE = "Wed, 04 Mar 2026 12:00:01 GMT"


KEYS = NamedKeys()


def key(name: str) -> RSAPrivateKey:
    """A key that stays the same for its name within one test run."""
    assert name
    return KEYS.key(name)


@cache
def signing_certificate() -> x509.Certificate:
    return certificate("Sign Me Up", key("sts").public_key(), signer=key("sts"))


def certificate(
    common_name: str,
    public_key: RSAPublicKey,
    *,
    signer: RSAPrivateKey,
    issuer: str | None = None,
    extensions: tuple[tuple[str, bytes], ...] = (),
    years: int = 10,
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer or common_name)]))
        .public_key(public_key)
        .serial_number(4242)
        .not_valid_before(NOON - timedelta(minutes=30))
        .not_valid_after(NOON.replace(year=NOON.year + years))
    )
    for oid, value in extensions:
        builder = builder.add_extension(x509.UnrecognizedExtension(x509.ObjectIdentifier(oid), value), critical=False)
    return builder.sign(signer, hashes.SHA256())


def computer_entry() -> Entry:
    return Entry(
        dn="CN=PC7,CN=Computers,DC=corp,DC=contoso,DC=example",
        attributes=(
            ("objectGUID", (DEVICE_GUID.bytes_le,)),
            ("objectSid", (sid_bytes(DEVICE_SID),)),
            ("sAMAccountName", (b"PC7$",)),
            ("dNSHostName", (b"pc7.corp.contoso.example",)),
            ("mS-DS-ConsistencyGuid", (DEVICE_GUID.bytes_le,)),
            ("primaryGroupID", (b"515",)),
        ),
    )


def sid_bytes(sid: str) -> bytes:
    _, revision, authority, *parts = sid.split("-")
    head = bytes((int(revision), len(parts))) + int(authority).to_bytes(6, "big")
    return head + b"".join(int(part).to_bytes(4, "little") for part in parts)


def scp_entry(*keywords: str) -> Entry:
    values = keywords or (f"azureADName:{TENANT_NAME}", f"azureADId:{TENANT_ID}")
    return Entry(dn="CN=62a0ff2e", attributes=(("keywords", tuple(value.encode() for value in values)),))


def answer(body: str | bytes | dict[str, object], status: int = 200, kind: str = "application/json") -> HttpReply:
    raw = json.dumps(body).encode() if isinstance(body, dict) else body.encode() if isinstance(body, str) else body
    return HttpReply(status=status, headers=(("Content-Type", kind), ("Date", DATE)), body=raw)


def discovery() -> HttpReply:
    urn = "urn:ms-drs:enterpriseregistration.windows.net"

    def service(prefix: str, endpoint: str, version: str) -> dict[str, str]:
        return {f"{prefix}Endpoint": endpoint, f"{prefix}ResourceId": urn, "ServiceVersion": version}

    return answer(
        {
            "DiscoveryService": {
                "DiscoveryEndpoint": f"{REGISTRATION}/{TENANT_NAME}/Discover",
                "ServiceVersion": "1.7",
            },
            "AuthenticationService": {
                "OAuth2": {
                    "AuthCodeEndpoint": f"{LOGIN}/{TENANT_ID}/oauth2/authorize",
                    "TokenEndpoint": f"{LOGIN}/{TENANT_ID}/oauth2/token",
                }
            },
            "IdentityProviderService": {"Federated": True, "PassiveAuthEndpoint": f"{ISSUER}/wsf/prp"},
            "DeviceJoinService": service("Join", f"{REGISTRATION}/EnrollmentServer/device/", "2.0"),
            "KeyProvisioningService": service("KeyProvision", f"{REGISTRATION}/EnrollmentServer/key/", "1.0"),
            "WebAuthNService": service("WebAuthN", f"{REGISTRATION}/webauthn/{TENANT_ID}/", "1.0"),
            "DeviceManagementService": service("DeviceManagement", f"{REGISTRATION}/manage/{TENANT_ID}/", "1.0"),
            "TenantInfo": {"TenantId": TENANT_ID, "TenantName": TENANT_NAME, "DisplayName": "Contoso"},
        }
    )


def realm(account_type: str = "Federated", metadata: str = MEX_URL) -> HttpReply:
    return answer(
        {
            "ver": "1.0",
            "account_type": account_type,
            "domain_name": TENANT_NAME,
            "federation_protocol": "WSTrust",
            "federation_metadata_url": metadata,
            "federation_active_auth_url": STS_URL,
            "cloud_instance_name": "microsoftonline.com",
            "cloud_audience_urn": "urn:federation:MicrosoftOnline",
        }
    )


def mex(url: str = STS_URL, *, negotiate: bool = True) -> HttpReply:
    asks = '<http:NegotiateAuthentication xmlns:http="http://schemas.microsoft.com/ws/06/2004/policy/http"/>'
    text = f"""<wsdl:definitions name="Sts" targetNamespace="urn:sts" xmlns:tns="urn:sts"
 xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/"
 xmlns:wsp="http://schemas.xmlsoap.org/ws/2004/09/policy" xmlns:wsa10="http://www.w3.org/2005/08/addressing"
 xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
 xmlns:sp="http://schemas.xmlsoap.org/ws/2005/07/securitypolicy">
<wsp:Policy wsu:Id="Windows_policy"><wsp:ExactlyOne><wsp:All>{asks if negotiate else ""}
<sp:TransportBinding><wsp:Policy><sp:TransportToken><wsp:Policy>
<sp:HttpsToken RequireClientCertificate="false"/>
</wsp:Policy></sp:TransportToken></wsp:Policy></sp:TransportBinding></wsp:All></wsp:ExactlyOne></wsp:Policy>
<wsdl:portType name="Trust13"/>
<wsdl:binding name="Windows" type="tns:Trust13"><wsp:PolicyReference URI="#Windows_policy"/>
<soap12:binding transport="http://schemas.xmlsoap.org/soap/http"/>
<wsdl:operation name="Issue"><soap12:operation soapAction="{TRUST_13}/RST/Issue" style="document"/></wsdl:operation>
</wsdl:binding>
<wsdl:service name="Sts"><wsdl:port name="WindowsPort" binding="tns:Windows"><soap12:address location="{url}"/>
<wsa10:EndpointReference><wsa10:Address>{url}</wsa10:Address></wsa10:EndpointReference></wsdl:port></wsdl:service>
</wsdl:definitions>"""
    return answer(text, kind="text/xml; charset=utf-8")


def assertion(*, sid: str = DEVICE_SID) -> bytes:
    immutable_id = base64.b64encode(DEVICE_GUID.bytes_le).decode()
    claims = (
        ("http://schemas.microsoft.com/ws/2012/01", "accounttype", "DJ"),
        ("http://schemas.microsoft.com/identity/claims", "onpremobjectguid", immutable_id),
        ("http://schemas.microsoft.com/ws/2008/06/identity/claims", "primarysid", sid),
        ("http://schemas.microsoft.com/LiveID/Federation/2008/05", "ImmutableID", immutable_id),
    )
    attributes = "".join(
        f'<saml:Attribute AttributeName="{name}" AttributeNamespace="{space}">'
        f"<saml:AttributeValue>{value}</saml:AttributeValue></saml:Attribute>"
        for space, name, value in claims
    )
    bearer = "urn:oasis:names:tc:SAML:1.0:cm:bearer"
    subject = (
        f"<saml:Subject><saml:NameIdentifier>{immutable_id}</saml:NameIdentifier><saml:SubjectConfirmation>"
        f"<saml:ConfirmationMethod>{bearer}</saml:ConfirmationMethod></saml:SubjectConfirmation></saml:Subject>"
    )
    text = (
        '<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:1.0:assertion" MajorVersion="1" MinorVersion="1" '
        f'AssertionID="_b0a1c2d3" Issuer="{ISSUER}" IssueInstant="2026-03-04T12:00:00.000Z">'
        '<saml:Conditions NotBefore="2026-03-04T12:00:00.000Z" NotOnOrAfter="2026-03-04T13:00:00.000Z">'
        "<saml:AudienceRestrictionCondition><saml:Audience>urn:federation:MicrosoftOnline</saml:Audience>"
        "</saml:AudienceRestrictionCondition></saml:Conditions>"
        f"<saml:AttributeStatement>{subject}{attributes}</saml:AttributeStatement>"
        '<saml:AuthenticationStatement AuthenticationMethod="urn:federation:authentication:windows" '
        f'AuthenticationInstant="2026-03-04T12:00:00.000Z">{subject}</saml:AuthenticationStatement>'
        '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#" Id="placeholder"></ds:Signature>'
        "</saml:Assertion>"
    )
    signer = XMLSigner(
        signature_algorithm=SignatureMethod.RSA_SHA256,
        digest_algorithm=DigestAlgorithm.SHA256,
        c14n_algorithm="http://www.w3.org/2001/10/xml-exc-c14n#",
    )
    pem = signing_certificate().public_bytes(Encoding.PEM).decode()
    signed = signer.sign(
        etree.fromstring(text), key=key("sts"), cert=pem, reference_uri="_b0a1c2d3", id_attribute="AssertionID"
    )
    return etree.tostring(signed)


def rstr(assertion_xml: bytes | None = None, *, token: str | None = None) -> HttpReply:
    inside = token if token is not None else (assertion_xml or assertion()).decode()
    text = (
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://www.w3.org/2005/08/addressing">'
        f'<s:Header><a:Action s:mustUnderstand="1">{TRUST_13}/RSTRC/IssueFinal</a:Action></s:Header><s:Body>'
        f'<trust:RequestSecurityTokenResponseCollection xmlns:trust="{TRUST_13}"><trust:RequestSecurityTokenResponse>'
        f"<trust:RequestedSecurityToken>{inside}</trust:RequestedSecurityToken>"
        "<trust:TokenType>urn:oasis:names:tc:SAML:1.0:assertion</trust:TokenType>"
        f"<trust:RequestType>{TRUST_13}/Issue</trust:RequestType><trust:KeyType>{TRUST_13}/Bearer</trust:KeyType>"
        "</trust:RequestSecurityTokenResponse></trust:RequestSecurityTokenResponseCollection></s:Body></s:Envelope>"
    )
    return answer(text, kind="application/soap+xml; charset=utf-8")


def fault(subcode: str = "FailedAuthentication", reason: str = "MSIS7068: Access denied.") -> HttpReply:
    text = (
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><s:Fault>'
        f'<s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value xmlns:t="{TRUST_13}">t:{subcode}</s:Value></s:Subcode>'
        f'</s:Code><s:Reason><s:Text xml:lang="en-US">{reason}</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>'
    )
    return answer(text, status=500, kind="application/soap+xml; charset=utf-8")


def token() -> HttpReply:
    def part(value: dict[str, str]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    jwt = f"{part({'alg': 'RS256'})}.{part({'tid': TENANT_ID, 'account_type': 'DJ'})}.c2lnbmF0dXJl"
    resource = "urn:ms-drs:enterpriseregistration.windows.net"
    body: dict[str, object] = {
        "token_type": "Bearer",
        "expires_in": "3900",
        "resource": resource,
        "access_token": jwt,
    }
    return answer(body)


def refusal(correlation_id: str, code: int = 51004, error: str = "invalid_grant") -> HttpReply:
    trace, stamp = "11112222-3333-4444-8555-666677778888", "2026-03-04 12:00:01Z"
    text = (
        f"AADSTS{code}: The user account {{EUII Hidden}} does not exist in the {TENANT_ID} directory. "
        f"To sign into this application, the account must be added to the directory. Trace ID: {trace} "
        f"Correlation ID: {correlation_id} Timestamp: {stamp}"
    )
    document = {
        "error": error,
        "error_description": text,
        "error_codes": [code],
        "timestamp": stamp,
        "trace_id": trace,
        "correlation_id": correlation_id,
        "error_uri": f"{LOGIN}/error?code={code}",
    }
    return answer(json.dumps(document, separators=(",", ":")), status=400)


def joined(device_key: RSAPrivateKey) -> HttpReply:
    issued = certificate(
        str(DEVICE_GUID),
        device_key.public_key(),
        signer=key("MS-Organization-Access"),
        issuer="MS-Organization-Access",
        extensions=(
            ("1.2.840.113556.1.5.284.2", b"\x04\x10" + DEVICE_GUID.bytes_le),
            ("1.2.840.113556.1.5.284.5", b"\x04\x10" + uuid.UUID(TENANT_ID).bytes_le),
        ),
    )
    raw = base64.b64encode(issued.public_bytes(Encoding.DER)).decode()
    thumbprint = issued.fingerprint(hashes.SHA1()).hex().upper()  # noqa: S303 Windows' thumbprint is SHA-1
    return answer({"Certificate": {"Thumbprint": thumbprint, "RawBody": raw}, "User": {"Upn": ""}})


def directory_error(**more: str) -> HttpReply:
    details = {
        "ErrorType": "DirectoryError",
        **more,
        "Message": f"The device object by the given id ({DEVICE_GUID}) is not found.",
        "TraceId": "99990000-1111-4222-8333-444455556666",
        "Time": "03-04-2026 12:00:02Z",
    }
    return answer({"ErrorDetails": details}, status=400)


def throttled() -> HttpReply:
    details = {
        "ErrorType": "DirectoryError",
        "Message": "Your request is throttled temporarily. Please try after 300 seconds.",
        "TraceId": "99990000-1111-4222-8333-444455556666",
        "Time": "03-04-2026 12:00:02Z",
    }
    return answer({"ErrorDetails": details}, status=400)
