"""Answers made to cost time and memory, some beyond a limit and some just within all of them; read and judged each.

Run as a program it reads them all in one process and prints, as JSON, the seconds (of CPU) that each took, what came of
it, and the peak of the process' memory in MB.
"""

from __future__ import annotations

import base64
import json
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import MappingProxyType

from hybridjoin.checks import judge
from hybridjoin.errors import PeerError
from hybridjoin.evidence.documents import metadata_parts
from hybridjoin.evidence.parts import Parts
from hybridjoin.model.exchange import HttpReply
from hybridjoin.protocol import enrolment, mex, oauth, realm, rstr, signature
from tests.peak import peak_mib
from tests.protocol.documents import NOW, AssertionText, ReplyText, sign, signer
from tests.protocol.metadata import HTTPS, NAMESPACES, NEGOTIATE, USERNAME, Way, declarations

SIGNED = sign(str(AssertionText()))
_HELD = SIGNED[SIGNED.index("<ds:X509Certificate>") : SIGNED.index("</ds:X509Data>")]
_END = "</saml:AttributeStatement>"
_XSI = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
_TRANSFORM = '<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>'
_ATTRIBUTE = '<saml:Attribute AttributeName="primarysid" AttributeNamespace="urn:x">{}</saml:Attribute>'
_PREFIX, _EMPTY = 'xmlns:p@="u@"', 'a@=""'
_VALUE = "<saml:AttributeValue>S-1-5-21-1</saml:AttributeValue>"


def _advice(inner: str) -> str:
    """Put something into the assertion, whose ten certificates are all somebody else's."""
    others = (base64.b64encode(signer(f"other{at}", bits=1024).certificate).decode() for at in range(10))
    held = "".join(f"<ds:X509Certificate>{item}</ds:X509Certificate>" for item in others)
    return SIGNED.replace(_HELD, held).replace(_END, f"{_END}<saml:Advice>{inner}</saml:Advice>", 1)


def _numbered(count: int, text: str, between: str = "") -> str:
    return between.join(text.replace("@", str(at)) for at in range(count))


def _typed(count: int, prefixes: int) -> str:
    values = "".join(f'<p{at % prefixes}:y xsi:type="p{at * 7 % prefixes}:t"/>' for at in range(count))
    return f"<x{_XSI} {_numbered(prefixes, _PREFIX, ' ')}>{values}</x>"


def _key(kind: str, number: str) -> str:
    parts = {"RSA": ("Modulus", "Exponent"), "DSA": ("P", "Q", "G", "Y")}[kind]
    inner = "".join(f"<ds:{part}>{number}</ds:{part}>" for part in parts)
    value = f"<ds:KeyInfo><ds:KeyValue><ds:{kind}KeyValue>{inner}</ds:{kind}KeyValue></ds:KeyValue></ds:KeyInfo>"
    signed = sign(str(AssertionText()), key_info=False).replace("</ds:Signature>", f"{value}</ds:Signature>")
    method = "http://www.w3.org/2009/xmldsig11#dsa-sha256"
    return signed.replace("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", method) if kind == "DSA" else signed


_MEGABYTE = base64.b64encode(b"\x7f" * 1_000_000).decode()
REPLIES: Mapping[str, Callable[[], str]] = MappingProxyType(
    {
        "3,000 certificates": lambda: SIGNED.replace(_HELD, _HELD * 3_000),
        "900 certificates": lambda: SIGNED.replace(_HELD, _HELD * 900),
        "60,000 attributes": lambda: _advice(f"<x {_numbered(60_000, _EMPTY, ' ')}/>"),
        "300,000 attributes": lambda: _advice(f"<x {_numbered(300_000, _EMPTY, ' ')}/>"),
        "100 attributes each": lambda: _advice(f"<x {_numbered(100, _EMPTY, ' ')}/>" * 199),
        "20,000 namespaces and types": lambda: _advice(_typed(20_000, 20_000)),
        "190 namespaces and 9,800 types": lambda: _advice(_typed(9_800, 190)),
        "45,000 namespaces": lambda: _advice(_numbered(45_000, '<p@:y xmlns:p@="u@"/>')),
        "9,900 namespaces": lambda: _advice(_numbered(9_900, '<p@:y xmlns:p@="u@"/>')),
        "45,000 Attributes": lambda: SIGNED.replace(_END, _ATTRIBUTE.format("") * 45_000 + _END),
        "4,900 Attributes": lambda: SIGNED.replace(_END, _ATTRIBUTE.format(_VALUE) * 4_900 + _END),
        "9,900 values": lambda: SIGNED.replace(_END, _ATTRIBUTE.format(_VALUE * 9_900) + _END),
        "3,000 subjects": lambda: SIGNED.replace(
            "</saml:Assertion>", f"<saml:AttributeStatement><saml:Subject/>{_END}" * 3_000 + "</saml:Assertion>"
        ),
        "an RSA key of 1 MB": lambda: _key("RSA", _MEGABYTE),
        "an RSA key of 3 KB": lambda: _key("RSA", "/" * 4_096),
        "a DSA key of 1 MB": lambda: _key("DSA", _MEGABYTE),
        "a DSA key of 3 KB": lambda: _key("DSA", "/" * 4_096),
        "700,000 instructions": lambda: _advice("<?a?>" * 700_000),
        "49,000 instructions": lambda: _advice("<?a?>" * 49_000),
        "49,000 comments": lambda: _advice("x<!---->" * 49_000),
        "280,000 sections": lambda: _advice("<![CDATA[]]>a" * 280_000),
        "5,000 transforms": lambda: SIGNED.replace(_TRANSFORM, _TRANSFORM * 5_000),
        "500 assertions": lambda: SIGNED * 500,
        "twenty assertions of 190 KB": lambda: SIGNED.replace(">DJ<", f">{'A' * 190_000}<") * 20,
        "a value of 1 MB": lambda: SIGNED.replace(">DJ<", f">{'A' * 1_000_000}<"),
        "4 MB beside the assertion": lambda: SIGNED + "A" * 4_000_000,
        "19,000 elements beside it": lambda: SIGNED + "<a/>" * 19_000,
        "60 levels": lambda: _advice("<a>" * 50 + "</a>" * 50),
    }
)


def _metadata(policies: str = "", bindings: str = "", ports: str = "", types: str = "") -> bytes:
    service = f'<wsdl:service name="STS">{ports}</wsdl:service>'
    space = NAMESPACES["tns"]
    return (
        f'<wsdl:definitions targetNamespace="{space}"{declarations()}>{policies}{types}{bindings}{service}'
        "</wsdl:definitions>"
    ).encode()


def _policies(count: int, inner: str, big: str = "") -> str:
    return (f'<wsp:Policy wsu:Id="big">{big}</wsp:Policy>' if big else "") + _numbered(
        count, f'<wsp:Policy wsu:Id="p@">{inner}</wsp:Policy>'
    )


def _next(at: int) -> str:
    return _REFERENCE.format(f"p{at + 1}")


def _ways(count: int) -> bytes:
    ways = [Way(name=f"W{at}", path="/sts", assertions=NEGOTIATE + USERNAME + HTTPS) for at in range(count)]
    return _metadata(
        *("".join(part(way) for way in ways) for part in (Way.policy_text, Way.binding_text, Way.port_text))
    )


def _schema(inner: str) -> str:
    return f'<wsdl:types><xsd:schema targetNamespace="u" xmlns:u="u">{inner}</xsd:schema></wsdl:types>'


def _groups(levels: int, each: int) -> str:
    reference = '<xsd:attributeGroup ref="u:g{}"/>'
    groups = "".join(
        f'<xsd:attributeGroup name="g{at}">{reference.format(at + 1) * each}</xsd:attributeGroup>'
        for at in range(levels)
    )
    used = f'<xsd:element name="r"><xsd:complexType>{reference.format(0)}</xsd:complexType></xsd:element>'
    return _schema(f'{groups}<xsd:attributeGroup name="g{levels}"/>{used}')


_NAMES, _INLINE = "#p0 " * 300_000, "<wsp:Policy/>" * 6_000
_BINDING = '<wsdl:binding name="b@" type="tns:Issue13"/>'
_PORT = '<wsdl:port name="q@" binding="tns:b0"><soap12:address location="https://sts.hybridjoin.test/"/></wsdl:port>'
_REFERENCE = '<wsp:PolicyReference URI="#{}"/>'
_PART = '<wsdl:message name="m@"><wsdl:part name="b" element="t13:e@"/></wsdl:message>'
_IMPORT = f'<xsd:import schemaLocation="u@" namespace="{NAMESPACES["t13"]}"/>'
METADATA: Mapping[str, Callable[[], bytes]] = MappingProxyType(
    {
        "490 ways": lambda: _ways(490),
        "100 ways": lambda: _ways(100),
        "3,900 ports by bindings": lambda: _metadata("", _numbered(3_900, _BINDING), _numbered(3_900, _PORT)),
        "199 ports by bindings": lambda: _metadata("", _numbered(199, _BINDING), _numbered(199, _PORT)),
        "a chain of 9,000 policies": lambda: _metadata(
            "".join(f'<wsp:Policy wsu:Id="p{at}">{_REFERENCE.format(f"p{at + 1}")}</wsp:Policy>' for at in range(9_000))
        ),
        "130 policies that name each other": lambda: _metadata(
            _policies(130, "".join(_REFERENCE.format(f"p{at}") for at in range(130)))
        ),
        "31 policies that name each other": lambda: _metadata(
            _policies(31, "".join(_REFERENCE.format(f"p{at}") for at in range(31)))
        ),
        "6,000 references to a large policy": lambda: _metadata(
            _policies(6_000, _REFERENCE.format("big"), "<sp:UsernameToken/>" * 5_000)
        ),
        "190 references to a large policy": lambda: _metadata(
            _policies(190, _REFERENCE.format("big"), "<sp:UsernameToken/>" * 600)
        ),
        "300,000 names in PolicyURIs": lambda: _metadata(
            _policies(1, NEGOTIATE),
            f'<wsdl:binding name="b0" type="tns:Issue13" wsp:PolicyURIs="{_NAMES}"/>',
            _numbered(199, _PORT),
        ),
        "6,000 policies written inline": lambda: _metadata(
            "", f'<wsdl:binding name="b0" type="tns:Issue13">{_INLINE}</wsdl:binding>'
        ),
        "9,000 tokens in a policy": lambda: _metadata(_policies(1, "<sp:HttpsToken/>" * 9_000)),
        "9,000 schemas": lambda: _metadata(
            types="<wsdl:types>" + _numbered(9_000, '<xsd:schema targetNamespace="u@"/>') + "</wsdl:types>"
        ),
        "attributeGroups of attributeGroups": lambda: _metadata(types=_groups(15, 10)),
        "a few attributeGroups": lambda: _metadata(types=_groups(4, 4)),
        "2,000 imports by parts": lambda: _metadata(types=_schema(_numbered(2_000, _IMPORT)) + _numbered(2_000, _PART)),
        "99 imports by parts": lambda: _metadata(types=_schema(_numbered(99, _IMPORT)) + _numbered(200, _PART)),
        "6,000 elements of a schema": lambda: _metadata(
            types=_schema(_numbered(6_000, '<xsd:element name="e@" type="xsd:string"/>'))
        ),
        "4 MB of text": lambda: _metadata(ports="A" * 4_000_000),
    }
)

MESSAGES: Mapping[str, Callable[[], bytes]] = MappingProxyType(
    {
        "arrays without end": lambda: b"[" * 1_000_000,
        "60 levels": lambda: b'{"a":' * 60 + b"1" + b"}" * 60,
        "90 levels": lambda: b'{"a":' * 90 + b"1" + b"}" * 90,
        "a number of 1 MB": lambda: b'{"expires_in":' + b"9" * 1_000_000 + b"}",
        "a fraction of 1 MB": lambda: b'{"expires_in":0.' + b"9" * 1_000_000 + b"}",
        "350,000 empty arrays": lambda: b'{"a":[' + b"[]," * 340_000 + b"0]}",
        "100,000 members": lambda: b"{" + ",".join(f'"m{at}":1' for at in range(90_000)).encode() + b"}",
        "40,000 members": lambda: b"{" + ",".join(f'"m{at}":1' for at in range(40_000)).encode() + b"}",
        "1 MB of text": lambda: b'{"error":"' + b"x" * 1_000_000 + b'"}',
    }
)


def read_reply(body: bytes) -> None:
    """Read a token response, its signature, and judge all that it brings."""
    answer = rstr.parse_reply(body, http_status=200, content_type="")
    assert isinstance(answer, rstr.TokenResponse)
    assert answer.assertion is not None
    reading = signature.read_signature(
        answer.assertion_xml,
        assertion_id=answer.assertion.assertion_id,
        trusted_certificates=(signer().certificate,),
        issued_at=NOW,
    )
    judge(Parts.of(answer, answer.assertion, reading))


def read_metadata(body: bytes) -> None:
    """Read metadata, choose in it as both clients do, and judge it, a strict reader included."""
    document = mex.parse_mex(body)
    mex.choose_msal(document)
    judge(metadata_parts(document))


def read_message(body: bytes) -> None:
    """Read JSON as every step does that gets any."""
    for read in (realm.parse_realm, _token, _join):
        with suppress(PeerError):
            read(body)
    _token(body)


def _token(body: bytes) -> object:
    return oauth.parse_token_reply(HttpReply(status=400, body=body))


def _join(body: bytes) -> object:
    return enrolment.parse_join_reply(HttpReply(status=200, body=body))


def _reply(make: Callable[[], str]) -> Callable[[], bytes]:
    return lambda: bytes(ReplyText(tokens=(make(),)))


ALL: Mapping[str, tuple[Callable[[bytes], None], Callable[[], bytes]]] = MappingProxyType(
    {f"reply: {name}": (read_reply, _reply(make)) for name, make in REPLIES.items()}
    | {f"metadata: {name}": (read_metadata, make) for name, make in METADATA.items()}
    | {f"JSON: {name}": (read_message, make) for name, make in MESSAGES.items()}
)


def measured() -> dict[str, tuple[float, str]]:
    """Read each, once a small one has loaded the libraries."""
    read_reply(_reply(lambda: SIGNED)())
    read_metadata(_ways(3))
    found = {}
    for name, (read, make) in ALL.items():
        body, outcome = make(), "read"
        begun = time.process_time()
        try:
            read(body)
        except PeerError as error:
            outcome = error.problem
        found[name] = (time.process_time() - begun, outcome)
    return found


if __name__ == "__main__":
    rows = measured()
    json.dump({"rows": rows, "peak_mb": peak_mib()}, sys.stdout)
