"""What the signature refers to: other ids, other documents, parts and manifests; and several of them, and of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from hybridjoin.vectors.dsig import (
    EXCLUSIVE,
    STRANGERS,
    USUAL,
    canonical,
    enveloped,
    reference,
    sign,
    signature,
    transform,
)
from hybridjoin.vectors.good import DSIG, EVIL, EVIL_SAME_ID, GOOD, GOOD_ID, SAML, before, into, swap
from hybridjoin.vectors.message import Around
from hybridjoin.vectors.vector import MustSay, Result, Vector, vector

_ONLY = transform(EXCLUSIVE)
_SECOND = "<saml:AttributeStatement"


def vectors() -> Iterator[Vector]:
    """Yield the family."""
    yield from _uris()
    yield from _duplicates()
    yield from _parts()
    yield from _objects()
    yield from _several()
    yield from _choices()
    yield from _places()


def _uris() -> Iterator[Vector]:
    """Lead the one Reference elsewhere; what is digested is the assertion, as a reader that looks no further finds."""
    rows: tuple[tuple[str, str | None, str, str], ...] = (
        ("empty", "", "is empty: it names the whole document", "ReferenceConfusion"),
        ("missing", None, "is missing: an application would have to know", "ReferenceConfusion"),
        ("xpointer-root", "#xpointer(/)", "is an XPointer to the document", "ReferenceConfusion"),
        ("xpointer-id", f"#xpointer(id('{GOOD_ID}'))", "is an XPointer to the id", "ReferenceConfusion"),
        ("hash", "#", "names an empty id", "ReferenceConfusion"),
        ("nothing", "#_nothing", "names an id that is nowhere", "ReferenceConfusion"),
        ("without-hash", GOOD_ID, "is the id without its number sign: a relative address", "ExternalReference"),
        ("file", "file:///etc/hostname", "names a file", "ExternalReference"),
        ("device", "file:///dev/zero", "names a file that never ends", "ExternalReference"),
        ("http", "http://127.0.0.1:9/token", "names a web page", "ExternalReference"),
        ("relative", "../etc/hostname", "is a relative path", "ExternalReference"),
        ("attachment", f"cid:{GOOD_ID}", "names an attachment", "ExternalReference"),
        ("network-path", "//127.0.0.1:9/token", "names a host without a scheme", "ExternalReference"),
    )
    for name, uri, words, flag in rows:
        # A whole-document Reference is over the assertion once it is cut out: which verifier sees what, differs.
        either = name in {"empty", "xpointer-root", "xpointer-id", "missing"}
        yield vector(
            f"reference-{name}",
            f"The Reference's URI {words}.",
            flag,
            sign(GOOD, replace(USUAL, uri=uri)),
            result=Result.ACCEPTABLE if either else Result.INVALID,
            device=MustSay.REFUSED,
            entra=MustSay.REFUSED,
        )


def _duplicates() -> Iterator[Vector]:
    """Let a second element bear the original's id under any of the names that ids have."""
    moved = into(EVIL_SAME_ID, signature(GOOD))
    for name, attribute in (
        ("id", f'ID="{GOOD_ID}"'),
        ("capital-id", f'Id="{GOOD_ID}"'),
        ("lower-id", f'id="{GOOD_ID}"'),
        ("xml-id", f'xml:id="{GOOD_ID}"'),
        ("wsu-id", f'xmlns:u="urn:example:utility" u:Id="{GOOD_ID}"'),
        ("assertion-id", f'AssertionID="{GOOD_ID}"'),
    ):
        hidden = f"<saml:Advice><x:Was xmlns:x='urn:example' {attribute}>{GOOD}</x:Was></saml:Advice>"
        yield vector(
            f"duplicate-{name}",
            "The twin carries the signature; an element around the original bears the same id as an attribute "
            f"{attribute.split('=')[0]}.",
            "DuplicateId SignatureWrapping",
            before(moved, _SECOND, hidden),
        )
    for name, attribute in (("id", f'ID="{GOOD_ID}"'), ("xml-id", f'xml:id="{GOOD_ID}"')):
        twice = swap(GOOD, "<saml:Conditions ", f"<saml:Conditions {attribute} ")
        yield vector(
            f"duplicate-inside-{name}",
            f"The signed assertion's Conditions bear its id too, as {attribute.split('=')[0]}: it is ambiguous.",
            "DuplicateId",
            sign(twice),
            result=Result.ACCEPTABLE,
        )


def _parts() -> Iterator[Vector]:
    """Sign a part, and let the rest be anybody's."""
    for name, tag in (
        ("conditions", "Conditions"),
        ("subject", "AttributeStatement"),
        ("statement", "AuthenticationStatement"),
    ):
        mark = f"<saml:{tag}"
        marked = before(GOOD, mark, "").replace(mark, f'{mark} Id="_part"', 1)
        evil = EVIL.replace(
            EVIL[EVIL.index(mark) : EVIL.index(f"</saml:{tag}>")],
            marked[marked.index(mark) : marked.index(f"</saml:{tag}>")],
        )

        def part(root: etree._Element, tag: str = tag) -> bytes:
            found = root.find(f"{{{SAML}}}{tag}")
            return b"" if found is None else canonical(found)

        how = replace(USUAL, uri="#_part", octets=part, transforms=_ONLY)
        yield vector(
            f"part-{name}",
            f"Only {tag} is signed, by an Id of its own; the rest speaks for another computer.",
            "ReferenceConfusion",
            into(evil, signature(marked, how)),
        )
    nothing = replace(
        USUAL, octets=lambda _: b"", transforms=transform("http://www.w3.org/2002/06/xmldsig-filter2", "")
    )
    yield vector("part-nothing", "The digest is that of no octets at all.", "Transform", sign(EVIL_SAME_ID, nothing))


def _added() -> tuple[tuple[str, str, str], ...]:
    """Return the Objects that are added, with names and words."""
    plain = '<ds:Object Id="_o">{}</ds:Object>'
    file = reference("file:///etc/hostname", b"", transforms="")
    manifest = plain.format(f'<ds:Manifest Id="_m">{file}</ds:Manifest>')
    xslt = (
        '<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:template match="/">'
        "<xsl:message>a stranger's words</xsl:message></xsl:template></xsl:stylesheet>"
    )
    slow = reference("", b"", transforms=transform("http://www.w3.org/TR/1999/REC-xslt-19991116", xslt))
    return (
        ("object", "an empty Object", plain.format("")),
        ("twin", "an Object with the evil twin", plain.format(EVIL)),
        ("manifest", "a Manifest with a Reference to a file", manifest),
        ("manifest-xslt", "a Manifest with a stylesheet", plain.format(f"<ds:Manifest>{slow}</ds:Manifest>")),
        (
            "manifest-http",
            "a Manifest with a Reference to a host",
            swap(manifest, "file:///etc/hostname", "http://127.0.0.1:9/"),
        ),
        (
            "manifest-device",
            "a Manifest with a Reference to a file without an end",
            swap(manifest, "/etc/hostname", "/dev/zero"),
        ),
    )


def _objects() -> Iterator[Vector]:
    """Hand the verifier a ds:Object: a Manifest's references may name any file, and adding one needs no key."""
    for name, words, tail in _added():
        yield vector(
            f"object-{name}",
            f"{words[0].upper()}{words[1:]} was added to a good signature; no key is needed for that.",
            "Manifest" if "manifest" in name else "SignatureObject",
            swap(sign(GOOD), "</ds:Signature>", f"{tail}</ds:Signature>"),
            result=Result.ACCEPTABLE,
            device=MustSay.REFUSED,
            entra=MustSay.REFUSED,
        )
    inner = f'<ds:Object xmlns:ds="{DSIG}" Id="_o">anything</ds:Object>'
    digest = canonical(etree.fromstring(inner))
    only = replace(
        USUAL, uri="#_o", octets=lambda _: digest, transforms=_ONLY, tail=swap(inner, f' xmlns:ds="{DSIG}"', "")
    )
    yield vector(
        "object-only",
        "The only Reference is to an Object, the assertion is the twin.",
        "ReferenceConfusion",
        sign(EVIL, only),
    )


def _several() -> Iterator[Vector]:
    """Give the verifier several References to choose from."""
    root = etree.fromstring(GOOD.encode("utf-8"))
    again = reference(f"#{GOOD_ID}", enveloped(root))
    other = reference("#_nothing", b"")
    for name, words, how in (
        ("twice", "The assertion is referred to twice.", replace(USUAL, more=again)),
        ("broken-second", "A second Reference leads nowhere.", replace(USUAL, more=other)),
        ("broken-first", "A first Reference leads nowhere.", replace(USUAL, before=other)),
        ("forty", "There are forty References to the assertion.", replace(USUAL, more=again * 39)),
    ):
        yield vector(
            f"references-{name}",
            words,
            "ReferenceConfusion" if name != "forty" else "ReferenceConfusion Cost",
            sign(GOOD, how),
            result=Result.INVALID if "broken" in name else Result.ACCEPTABLE,
            device=MustSay.REFUSED,
            entra=MustSay.REFUSED,
        )


def _choices() -> Iterator[Vector]:
    """Give the verifier several signatures to choose from, or several values of one."""
    signed = signature(GOOD)
    none = signed[: signed.index("<ds:Reference")] + signed[signed.index("</ds:SignedInfo>") :]
    yield vector("references-none", "SignedInfo holds no Reference.", "ReferenceConfusion", into(GOOD, none))
    forged = signature(EVIL_SAME_ID, STRANGERS)
    for name, pair in (("first", f"{forged}{signed}"), ("last", f"{signed}{forged}")):
        yield vector(
            f"signatures-strangers-{name}",
            f"The twin carries a stranger's signature over itself {name}, and the original's beside it.",
            "SeveralSignatures ForeignKey",
            into(EVIL_SAME_ID, pair),
        )
    yield vector(
        "signatures-strangers-beside",
        "The original carries its own good signature, and a stranger's behind it.",
        "SeveralSignatures ForeignKey",
        into(GOOD, f"{signed}{signature(GOOD, STRANGERS)}"),
        result=Result.ACCEPTABLE,
        device=MustSay.REFUSED,
        entra=MustSay.REFUSED,
    )
    value = signed[signed.index("<ds:SignatureValue>") : signed.index("<ds:KeyInfo>")]
    wrong = "<ds:SignatureValue>AAAA</ds:SignatureValue>"
    for name, pair in (("wrong-first", f"{wrong}{value}"), ("wrong-last", f"{value}{wrong}")):
        yield vector(
            f"signature-values-{name}",
            f"There are two SignatureValues, a wrong one {name.rpartition('-')[2]}.",
            "SeveralSignatures",
            into(GOOD, swap(signed, value, pair)),
            device=MustSay.EITHER,
            entra=MustSay.EITHER,
            result=Result.ACCEPTABLE,
        )


def _places() -> Iterator[Vector]:
    """Put the one signature where it is not the assertion's own."""
    signed = signature(GOOD)
    yield vector("unsigned", "The assertion is not signed.", "Unsigned", GOOD)
    yield vector("unsigned-twin", "The twin is not signed.", "Unsigned", EVIL)
    empty = f'<ds:Signature xmlns:ds="{DSIG}"></ds:Signature>'
    yield vector("signature-empty", "The Signature is an empty element.", "Unsigned", into(GOOD, empty))
    for name, words, token in (
        ("value", "an AttributeValue", _in_a_value(signed)),
        ("conditions", "Conditions", before(GOOD, "</saml:Conditions>", signed)),
        ("subject", "a Subject", before(GOOD, "</saml:Subject>", signed)),
    ):
        yield vector(
            f"signature-in-{name}",
            f"The signature stands in {words}, not in the assertion itself.",
            "DetachedSignature",
            token,
        )
    for name, around in (("before", Around(before=signed)), ("after", Around(after=signed))):
        yield vector(
            f"signature-{name}-the-token",
            f"A detached signature stands {name} RequestedSecurityToken.",
            "DetachedSignature",
            GOOD,
            around=around,
        )
    yield vector(
        "signature-first-child",
        "The signature is the first child of the assertion, as SAML 2.0 has it; SAML 1.1's schema wants it last.",
        "DetachedSignature",
        sign(GOOD, replace(USUAL, at="<saml:Conditions")),
        result=Result.ACCEPTABLE,
        device=MustSay.REFUSED,
        entra=MustSay.ACCEPTED,
    )


def _in_a_value(signed: str) -> str:
    return before(
        GOOD,
        "</saml:AttributeStatement>",
        '<saml:Attribute AttributeName="s" AttributeNamespace="urn:example"><saml:AttributeValue>'
        f"{signed}</saml:AttributeValue></saml:Attribute>",
    )
