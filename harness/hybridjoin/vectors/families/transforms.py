"""How octets are made of an assertion: canonicalizations, transforms that choose, and transforms that run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lxml.etree import _Element as Element

from hybridjoin.vectors.dsig import (
    ENVELOPED,
    EXCLUSIVE,
    INCLUSIVE,
    USUAL,
    USUAL_TRANSFORMS,
    SignatureRecipe,
    canonical,
    enveloped_by,
    sign,
    signature,
    transform,
)
from hybridjoin.vectors.good import DSIG, EVIL_SAME_ID, GOOD, SAML, into, swap
from hybridjoin.vectors.vector import MustSay, Result, Vector, vector

_WITH_COMMENTS = f"{EXCLUSIVE}WithComments"
_INCLUSIVE_WITH_COMMENTS = f"{INCLUSIVE}#WithComments"
_XPATH = "http://www.w3.org/TR/1999/REC-xpath-19991116"
_FILTER = "http://www.w3.org/2002/06/xmldsig-filter2"
_XSLT = "http://www.w3.org/TR/1999/REC-xslt-19991116"
_C14N_11 = "http://www.w3.org/2006/12/xml-c14n11"


def vectors() -> Iterator[Vector]:
    """Yield the family."""
    yield from _canonicalizations()
    yield from _no_canonicalizations()
    yield from _prefix_lists()
    yield from _choosing()
    yield from _sequences()
    yield from _void()


def _prefixes(value: str) -> str:
    return f'<ec:InclusiveNamespaces xmlns:ec="{EXCLUSIVE}" PrefixList="{value}"></ec:InclusiveNamespaces>'


def _canonicalizations() -> Iterator[Vector]:
    """Canonicalize otherwise than everybody: legal, and it may not survive being cut out of the response."""
    pair = transform(ENVELOPED) + "{}"
    rows: tuple[tuple[str, str, SignatureRecipe, MustSay], ...] = (
        ("inclusive-info", "SignedInfo is canonicalized inclusively.", replace(USUAL, canonicalization=INCLUSIVE),
         MustSay.ACCEPTED),
        ("exclusive-info-with-comments", "SignedInfo is canonicalized exclusively with comments.",
         replace(USUAL, canonicalization=_WITH_COMMENTS), MustSay.EITHER),
        ("inclusive-assertion", "The assertion is canonicalized inclusively, as it stands once it is cut out.",
         replace(USUAL, octets=enveloped_by(INCLUSIVE), transforms=pair.format(transform(INCLUSIVE))), MustSay.EITHER),
        ("exclusive-assertion-with-comments", "The assertion is canonicalized exclusively with comments.",
         replace(USUAL, octets=enveloped_by(_WITH_COMMENTS), transforms=pair.format(transform(_WITH_COMMENTS))),
         MustSay.EITHER),
        ("inclusive-assertion-with-comments", "The assertion is canonicalized inclusively with comments.",
         replace(USUAL, octets=enveloped_by(_INCLUSIVE_WITH_COMMENTS),
                 transforms=pair.format(transform(_INCLUSIVE_WITH_COMMENTS))), MustSay.EITHER),
        ("inclusive-11", "The assertion is canonicalized by Canonical XML 1.1.",
         replace(USUAL, octets=enveloped_by(INCLUSIVE), transforms=pair.format(transform(_C14N_11))), MustSay.EITHER),
        ("enveloped-only", "Canonicalization is left to the default, the inclusive one.",
         replace(USUAL, octets=enveloped_by(INCLUSIVE), transforms=transform(ENVELOPED)), MustSay.EITHER),
    )  # fmt: skip
    for name, words, how, expected in rows:
        yield vector(
            f"c14n-{name}",
            words,
            "Canonicalization",
            sign(GOOD, how),
            result=Result.ACCEPTABLE,
            device=expected,
            entra=expected,
        )


def _no_canonicalizations() -> Iterator[Vector]:
    """Name what is no canonicalization, and change what only one with comments would notice."""
    for name, algorithm in (
        ("none", ""),
        ("unknown", "urn:example:canonicalization"),
        ("upper-case", EXCLUSIVE.upper()),
        ("xpath", _XPATH),
        ("xslt", _XSLT),
        ("base64", f"{DSIG}base64"),
        ("enveloped", ENVELOPED),
    ):
        yield vector(
            f"c14n-method-{name}",
            f"The CanonicalizationMethod is {algorithm or 'an empty text'}.",
            "Canonicalization",
            swap(sign(GOOD), f'<ds:CanonicalizationMethod Algorithm="{EXCLUSIVE}"',
                 f'<ds:CanonicalizationMethod Algorithm="{algorithm}"'),
        )  # fmt: skip
    commented = swap(GOOD, "<saml:Conditions", "<!-- signed --><saml:Conditions")
    with_comments = replace(
        USUAL, octets=enveloped_by(_WITH_COMMENTS), transforms=transform(ENVELOPED) + transform(_WITH_COMMENTS)
    )
    yield vector(
        "c14n-comment-changed",
        "The assertion is canonicalized with comments, and its comment was changed after signing.",
        "Canonicalization Changed",
        swap(sign(commented, with_comments), "<!-- signed -->", "<!-- altered -->"),
    )


def _prefix_lists() -> Iterator[Vector]:
    """Name prefixes that are canonicalized inclusively; what is named and not there, is legal."""
    rows = (
        ("saml", "saml", ("saml",)),
        ("default", "#default", ()),
        ("unknown", "nobody", ("nobody",)),
        ("several", "saml ds xs", ("saml", "ds", "xs")),
        ("empty", "", ()),
        ("line-break", "saml&#10;xs", ("saml", "xs")),
    )
    for name, text, prefixes in rows:
        octets = enveloped_by(EXCLUSIVE, prefixes)
        transforms = transform(ENVELOPED) + transform(EXCLUSIVE, _prefixes(text))
        yield vector(
            f"prefix-list-{name}",
            f"The transform's InclusiveNamespaces names {text or 'nothing'!r}.",
            "Canonicalization",
            sign(GOOD, replace(USUAL, octets=octets, transforms=transforms)),
            result=Result.ACCEPTABLE,
            device=MustSay.ACCEPTED if name == "saml" else MustSay.EITHER,
            entra=MustSay.ACCEPTED if name == "saml" else MustSay.EITHER,
        )
    # signxml's schema has no such element, xmlsec has: it is legal, and has to be verified by somebody.
    for name, text, prefixes in (("unknown-in-signed-info", "nobody", ()), ("in-signed-info", "saml", ("saml",))):
        how = replace(USUAL, canonicalization_inner=_prefixes(text), info_prefixes=prefixes)
        yield vector(
            f"prefix-list-{name}",
            f"The CanonicalizationMethod's InclusiveNamespaces names {text!r}.",
            "Canonicalization",
            sign(GOOD, how),
            result=Result.ACCEPTABLE,
            device=MustSay.ACCEPTED,
            entra=MustSay.ACCEPTED,
        )


def _nothing(_: Element) -> bytes:
    return b""


def _xpath(expression: str) -> str:
    return transform(_XPATH, f"<ds:XPath>{expression}</ds:XPath>")


def _filter(kind: str, expression: str) -> str:
    return transform(_FILTER, f'<f:XPath xmlns:f="{_FILTER}" Filter="{kind}">{expression}</f:XPath>')


_STYLESHEET = (
    '<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:template match="/">{}'
    "</xsl:template></xsl:stylesheet>"
)


def _choosing() -> Iterator[Vector]:
    """Let a transform choose what is signed: an evil twin whose signature is over nothing, or over a text within it."""
    usual, text = USUAL_TRANSFORMS, b"Someone signed these words"
    words = "U29tZW9uZSBzaWduZWQgdGhlc2Ugd29yZHM="
    rows: tuple[tuple[str, str, str, SignatureRecipe], ...] = (
        ("xpath-true", "An XPath transform keeps every node", "Transform",
         replace(USUAL, transforms=transform(ENVELOPED) + _xpath("true()") + transform(EXCLUSIVE))),
        ("xpath-nothing", "An XPath transform keeps nothing", "Transform",
         replace(USUAL, transforms=_xpath("false()") + transform(EXCLUSIVE), octets=_nothing)),
        ("xpath-part", "An XPath transform keeps the Conditions only", "Transform",
         replace(USUAL, transforms=_xpath("ancestor-or-self::*[local-name()='Conditions']") + transform(EXCLUSIVE),
                 octets=_conditions)),
        ("xpath-loop", "An XPath transform compares all nodes with all", "Transform Cost",
         replace(USUAL, transforms=_xpath("count(//node()[count(//node()[count(//node())])])") + usual)),
        ("filter-subtract", "An XPath filter takes everything away", "Transform",
         replace(USUAL, transforms=_filter("subtract", "//node()") + transform(EXCLUSIVE), octets=_nothing)),
        ("filter-intersect", "An XPath filter leaves the Conditions only", "Transform",
         replace(USUAL, transforms=_filter("intersect", "//*[local-name()='Conditions']") + transform(EXCLUSIVE),
                 octets=_conditions)),
        ("xslt-constant", "A stylesheet makes the same words of every assertion", "Transform",
         replace(USUAL, transforms=transform(_XSLT, _STYLESHEET.format("words")), octets=lambda _: b"words")),
        ("xslt-document", "A stylesheet reads a file", "Transform ExternalReference",
         replace(USUAL, transforms=transform(_XSLT, _STYLESHEET.format(
             "<xsl:copy-of select=\"document('file:///etc/hostname')\"/>")), octets=_nothing)),
        ("base64", "A base64 transform: only a text within is signed", "Transform",
         replace(USUAL, transforms=transform(f"{DSIG}base64"), octets=lambda _: text)),
        ("decrypt", "A decryption transform", "Transform",
         replace(USUAL, transforms=transform("http://www.w3.org/2002/07/decrypt#XML") + usual)),
        ("str", "A SecurityTokenReference transform", "Transform",
         replace(USUAL, transforms=transform(
             "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#STR-Transform")
             + usual)),
        ("unknown", "A transform that nobody knows", "Transform",
         replace(USUAL, transforms=transform("urn:example:transform") + usual)),
        ("empty", "A transform without a name", "Transform", replace(USUAL, transforms=transform("") + usual)),
    )  # fmt: skip
    for name, what, flags, how in rows:
        token = swap(EVIL_SAME_ID, "DJ", f"DJ<!--{words}-->") if name == "base64" else EVIL_SAME_ID
        yield vector(f"transform-{name}", f"{what}; the key that signed is the right one.", flags, sign(token, how))


def _conditions(root: Element) -> bytes:
    found = root.find(f"{{{SAML}}}Conditions")
    return b"" if found is None else canonical(found)


def _sequences() -> Iterator[Vector]:
    """Order and number of the two usual transforms."""
    c14n = transform(EXCLUSIVE)
    rows: tuple[tuple[str, str, SignatureRecipe, Result, MustSay], ...] = (
        ("reversed", "Canonicalization comes before enveloped-signature.",
         replace(USUAL, transforms=c14n + transform(ENVELOPED)), Result.ACCEPTABLE, MustSay.EITHER),
        ("enveloped-twice", "enveloped-signature stands there twice.",
         replace(USUAL, transforms=transform(ENVELOPED) * 2 + c14n), Result.ACCEPTABLE, MustSay.EITHER),
        ("c14n-twice", "Canonicalization stands there twice.",
         replace(USUAL, transforms=transform(ENVELOPED) + c14n * 2), Result.ACCEPTABLE, MustSay.ACCEPTED),
        ("hundred", "Canonicalization stands there a hundred times.",
         replace(USUAL, transforms=transform(ENVELOPED) + c14n * 100), Result.ACCEPTABLE, MustSay.EITHER),
        ("without-enveloped", "enveloped-signature is missing, and the signature lies within what it signs.",
         replace(USUAL, transforms=c14n), Result.INVALID, MustSay.REFUSED),
        ("none", "There are no transforms at all.", replace(USUAL, transforms=""), Result.INVALID, MustSay.REFUSED),
    )  # fmt: skip
    for name, words, how, result, expected in rows:
        yield vector(
            f"transforms-{name}",
            words,
            "Transform Cost" if name == "hundred" else "Transform",
            sign(GOOD, how),
            result=result,
            device=expected,
            entra=expected,
        )


def _void() -> Iterator[Vector]:
    """Make canonicalization fail, so that a careless reader digests nothing: relative namespace names are no names."""
    void = replace(USUAL, octets=_nothing)
    relative = swap(EVIL_SAME_ID, "<saml:Conditions ", '<saml:Conditions xmlns:r="1" r:a="" ')
    yield vector(
        "void-assertion",
        "The twin has a relative namespace name, by which its canonicalization fails; the digest is that of nothing.",
        "VoidCanonicalization",
        into(relative, signature(EVIL_SAME_ID, void)),
    )
    made = swap(signature(GOOD), "<ds:SignedInfo ", '<ds:SignedInfo xmlns:r="1" r:a="" ')
    yield vector(
        "void-signed-info",
        "SignedInfo has a relative namespace name, by which its canonicalization fails.",
        "VoidCanonicalization",
        into(EVIL_SAME_ID, made),
    )
