"""The response around the token: what is no token response, and tokens in places and forms where none is read."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from hybridjoin.vectors.dsig import sign
from hybridjoin.vectors.good import GOOD, swap
from hybridjoin.vectors.message import SOAP_12, Around, Version, message, response
from hybridjoin.vectors.vector import MustSay, Result, Vector, vector


def vectors() -> Iterator[Vector]:
    """Yield the family."""
    signed = sign(GOOD)
    escaped = signed.replace("&", "&amp;").replace("<", "&lt;")
    saml2 = (
        '<saml2:Assertion xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion" Version="2.0" ID="_2" '
        'IssueInstant="2026-01-15T12:00:00Z"><saml2:Issuer>https://sts.vectors.example/adfs/services/trust'
        "</saml2:Issuer></saml2:Assertion>"
    )
    tokens: tuple[tuple[str, str, str], ...] = (
        ("no-token", "RequestedSecurityToken is empty.", ""),
        ("text", "The assertion is escaped text.", escaped),
        ("cdata", "The assertion stands in CDATA.", f"<![CDATA[{signed}]]>"),
        ("base64", "The assertion is base64.", base64.b64encode(signed.encode()).decode()),
        ("saml-2", "The token is an unsigned SAML 2.0 assertion.", saml2),
        ("wrapped", "The assertion stands in an element of its own in RequestedSecurityToken.",
         f'<x:Token xmlns:x="urn:example">{signed}</x:Token>'),
        ("response", "The token is a whole samlp:Response.",
         f'<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:1.0:protocol">{signed}</samlp:Response>'),
        ("encrypted", "The token is EncryptedData.",
         '<e:EncryptedData xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:CipherData><e:CipherValue>AAAA'
         "</e:CipherValue></e:CipherData></e:EncryptedData>"),
    )  # fmt: skip
    for version in Version:
        for name, words, token in tokens if version is Version.V13 else tokens[:5]:
            yield vector(f"envelope-{name}", words, "Envelope", token, version=version, entra=MustSay.EITHER)
    yield from _frames(signed)
    yield from _faults(signed)


def _frames(signed: str) -> Iterator[Vector]:
    """Leave out the envelope, or take another one: clients differ, some take it."""
    space = Version.V13.namespace
    bare = swap(
        response(signed),
        "<t:RequestSecurityTokenResponse>",
        f'<t:RequestSecurityTokenResponse xmlns:t="{space}" xmlns:a="http://www.w3.org/2005/08/addressing">',
    )
    rows: tuple[tuple[str, str, str], ...] = (
        ("none", "There is no envelope: the response stands alone.", bare),
        ("assertion-alone", "There is no response: the assertion stands alone.", signed),
        ("soap-11", "The envelope is SOAP 1.1.",
         swap(message(signed), SOAP_12, "http://schemas.xmlsoap.org/soap/envelope/")),
        ("no-collection", "A WS-Trust 1.3 response stands without its collection.", _without_collection(signed)),
        ("other-trust", "The response is in a namespace of nobody's WS-Trust.",
         message(signed).replace(space, "urn:example:trust")),
    )  # fmt: skip
    for name, words, text in rows:
        yield vector(f"frame-{name}", words, "Envelope", text.encode(), result=Result.ACCEPTABLE, entra=MustSay.EITHER)


def _without_collection(signed: str) -> str:
    text = message(signed)
    name = "t:RequestSecurityTokenResponseCollection"
    space = f' xmlns:t="{Version.V13.namespace}"'
    inner = swap(swap(text, f"<{name}{space}>", ""), f"</{name}>", "")
    return inner.replace("<t:RequestSecurityTokenResponse>", f"<t:RequestSecurityTokenResponse{space}>", 1)


def _faults(signed: str) -> Iterator[Vector]:
    """Say two things at once."""
    fault = (
        "<s:Fault><s:Code><s:Value>s:Sender</s:Value></s:Code><s:Reason><s:Text xml:lang='en'>no</s:Text></s:Reason>"
        "</s:Fault>"
    )
    yield vector(
        "fault-alone",
        "The body holds a fault and no token.",
        "Envelope",
        message(signed)[: message(signed).index("<s:Body>") + 8].encode() + f"{fault}</s:Body></s:Envelope>".encode(),
        entra=MustSay.EITHER,
    )
    for name, around in (("first", Around(first=fault)), ("last", Around(last=fault))):
        for version in Version:
            yield vector(
                f"fault-{name}",
                f"A fault stands in the {'collection' if version is Version.V13 else 'body'}, {name}, and a token too.",
                "Envelope",
                signed,
                result=Result.ACCEPTABLE,
                entra=MustSay.EITHER,
                version=version,
                around=around,
            )
