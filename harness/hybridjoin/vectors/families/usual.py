"""What has to be accepted: the plain message, and what is legal though few write so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from hybridjoin.vectors.dsig import USUAL, sign
from hybridjoin.vectors.good import DSIG, GOOD, GOOD_ID, ISSUER, SAML, SELF, attribute, before, swap
from hybridjoin.vectors.message import Around, Version
from hybridjoin.vectors.vector import Result, Vector, vector

_XS = 'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


_SECOND_VALUE = "/saml:AttributeValue><saml:AttributeValue>b"


def vectors() -> Iterator[Vector]:
    """Yield the family."""
    for version in Version:
        yield vector("plain", "The plain message.", "Normal", sign(GOOD), result=Result.VALID, version=version)
    for version in Version:
        for name, words, token in (*_spelled(), *_signed_so(), *_signed_beside()):
            yield vector(f"spelled-{name}", words, "Unusual", token, result=Result.VALID, version=version)
    for name, words, around in _framed():
        yield vector(f"framed-{name}", words, "Unusual", sign(GOOD), result=Result.VALID, around=around)


def _spelled() -> Iterator[tuple[str, str, str]]:
    """Spell the same document in another way, before it is signed or after, as its canonical form allows."""
    signed = sign(GOOD)
    yield (
        "character-references",
        "A SID is written with character references.",
        swap(signed, SELF.sid, SELF.sid.replace("1", "&#49;")),
    )
    yield "cdata", "A SID stands in CDATA.", swap(signed, SELF.sid, f"<![CDATA[{SELF.sid}]]>")
    yield "single-quotes", "The attributes stand in single quotes.", swap(signed, f'"{ISSUER}"', f"'{ISSUER}'")
    yield "blanks-in-tags", "Tags are broken into lines.", swap(signed, ' MinorVersion="1"', '\n\tMinorVersion = "1"')
    yield (
        "attribute-order",
        "The attributes stand in another order.",
        swap(signed, f'AssertionID="{GOOD_ID}" Issuer="{ISSUER}"', f'Issuer="{ISSUER}" AssertionID="{GOOD_ID}"'),
    )


def _signed_so() -> Iterator[tuple[str, str, str]]:
    """Sign what few write: all of it is in the canonical form."""
    yield "prefix", "The assertion's prefix is another one.", _prefixed("a")
    yield "default-namespace", "The assertion has no prefix.", _unprefixed()
    yield (
        "indented",
        "Line breaks stand between the elements, signed so.",
        sign(GOOD.replace("><", ">\n<").replace("\n</saml:Assertion>", "</saml:Assertion>")),
    )
    yield (
        "comment",
        "A comment stands between the elements.",
        swap(sign(GOOD), "<saml:Conditions", "<!-- windows --><saml:Conditions"),
    )
    typed = swap(GOOD, "<saml:AttributeValue>DJ", f'<saml:AttributeValue {_XS} xsi:type="xs:string">DJ')
    yield "typed-value", "A value says its type, and declares what it needs.", sign(typed)
    above = swap(
        swap(GOOD, "<saml:Assertion ", f"<saml:Assertion {_XS} "),
        "<saml:AttributeValue>DJ",
        '<saml:AttributeValue xsi:type="xs:string">DJ',
    )
    yield "typed-above", "A value says its type; the assertion declares the prefix, which is not signed.", sign(above)
    yield (
        "unused-declaration",
        "The assertion declares a prefix that it does not use.",
        sign(swap(GOOD, "<saml:Assertion ", '<saml:Assertion xmlns:q="urn:example" ')),
    )
    more = before(
        GOOD,
        "</saml:AttributeStatement>",
        swap(attribute("authmethod", "http://schemas.xmlsoap.org/claims", "a"), ">a<", f">a<{_SECOND_VALUE}<"),
    )
    yield "more-claims", "There is another claim, of two values.", sign(more)
    yield "unicode", "A claim has letters of several alphabets.", sign(swap(more, ">a<", ">Büro Łódź 東京 😀<"))


def _signed_beside() -> Iterator[tuple[str, str, str]]:
    """Have an Advice, and give the Signature an Id, or no prefix."""
    signed = sign(GOOD)
    yield (
        "empty-advice",
        "There is an Advice that says nothing.",
        sign(before(GOOD, "<saml:AttributeStatement>", "<saml:Advice></saml:Advice>")),
    )
    yield "signature-id", "The Signature has an Id.", swap(signed, "<ds:Signature ", '<ds:Signature Id="_sig" ')
    yield "signature-prefix", "The Signature has no prefix.", _plain_signature()


def _prefixed(prefix: str) -> str:
    text = (
        GOOD.replace("<saml:", f"<{prefix}:")
        .replace("</saml:", f"</{prefix}:")
        .replace("xmlns:saml", f"xmlns:{prefix}")
    )
    return _signed_before(text, f"</{prefix}:Assertion>")


def _unprefixed() -> str:
    text = GOOD.replace("<saml:", "<").replace("</saml:", "</").replace("xmlns:saml", "xmlns")
    return _signed_before(text, "</Assertion>")


def _signed_before(text: str, end: str) -> str:
    return sign(text, replace(USUAL, at=end))


def _plain_signature() -> str:
    return sign(GOOD, replace(USUAL, prefix=""))


def _framed() -> Iterator[tuple[str, str, Around]]:
    yield (
        "declaration",
        "An XML declaration and a comment stand before the envelope.",
        Around(prolog='<?xml version="1.0"?><!-- a -->'),
    )
    yield "comments", "Comments stand around the token.", Around(before="<!-- before -->", after="<!-- after -->")
    yield "instruction", "A processing instruction follows the envelope.", Around(epilog="<?end?>\n")
    yield (
        "header",
        "The header holds an element of an extension.",
        Around(header='<x:Hint xmlns:x="urn:example">a</x:Hint>'),
    )
    yield (
        "extension",
        "The response holds an element of an extension.",
        Around(after='<x:Hint xmlns:x="urn:example">a</x:Hint>'),
    )
    yield (
        "declarations",
        "The response declares prefixes that nobody uses.",
        Around(declared=f' xmlns:saml="{SAML}" xmlns:ds="{DSIG}" xmlns:q="urn:x"'),
    )
