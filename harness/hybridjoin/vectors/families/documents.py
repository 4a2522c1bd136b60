"""The document itself: DTDs, entities, inclusions, encodings, what is not well-formed, and what costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from hybridjoin.vectors.dsig import sign, signature
from hybridjoin.vectors.good import EVIL_SAME_ID, GOOD, SELF, VICTIM, before, into, swap
from hybridjoin.vectors.message import PLAIN, Around, message
from hybridjoin.vectors.vector import MustSay, Result, Vector, vector

_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'


_COSTLY = frozenset({"entity-laughs", "entity-quadratic"})
_LAUGHS = '<!ENTITY l0 "ha">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))


def vectors() -> Iterator[Vector]:
    """Yield the family."""
    yield from _dtds()
    yield from _entities()
    yield from _inclusions()
    yield from _encodings()
    yield from _broken()
    yield from _costly()


def _dtds() -> Iterator[Vector]:
    """A document type has no business in SOAP (SOAP 1.2 part 1, 5), and every trick of a DTD begins with one."""
    rows: tuple[tuple[str, str, str, str], ...] = (
        ("plain", "A document type is declared, and nothing in it.", "<!DOCTYPE s:Envelope>", "Dtd"),
        ("id", "A DTD declares another attribute an ID.", '<!DOCTYPE x [<!ATTLIST x Was ID #IMPLIED>]>', "Dtd"),
        ("default", "A DTD gives AttributeValue a default attribute.",
         '<!DOCTYPE x [<!ATTLIST saml:AttributeValue a CDATA "b">]>', "Dtd"),
        ("external", "A DTD is to be loaded from a file.",
         '<!DOCTYPE x SYSTEM "file:///etc/hostname">', "Dtd ExternalReference"),
        ("external-http", "A DTD is to be loaded from a host.", '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
         "Dtd ExternalReference"),
        ("parameter", "A parameter entity is to be loaded.",
         '<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;]>', "Dtd ExternalReference"),
        ("laughs", "Entities grow by ten in each of nine steps.", f'<!DOCTYPE x [{_LAUGHS}]>', "Dtd Cost"),
        ("circle", "Two entities hold one another.", '<!DOCTYPE x [<!ENTITY a "&b;"><!ENTITY b "&a;">]>', "Dtd Cost"),
    )  # fmt: skip
    for name, words, prolog, flags in rows:
        yield vector(f"dtd-{name}", words, flags, sign(GOOD), around=Around(prolog=prolog))


_ENTITIES = (
    ("entity", "An entity stands for the signed SID.", f'<!DOCTYPE x [<!ENTITY e "{SELF.sid}">]>', SELF.sid, "&e;"),
    (
        "entity-file",
        "An entity holds a file.",
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>',
        "DJ",
        "&e;",
    ),
    (
        "entity-split",
        "An empty entity splits the signed SID.",
        '<!DOCTYPE x [<!ENTITY e "">]>',
        "-1104",
        "-11&e;04",
    ),
    (
        "entity-laughs",
        "The ninth of the growing entities stands for a value.",
        f"<!DOCTYPE x [{_LAUGHS}]>",
        "DJ",
        "&l8;",
    ),
    (
        "entity-quadratic",
        "A long entity stands there many times.",
        f'<!DOCTYPE x [<!ENTITY e "{"a" * 20_000}">]>',
        "DJ",
        "&e;" * 500,
    ),
)


def _entities() -> Iterator[Vector]:
    """Let an entity stand for what was signed, or for what nobody sent."""
    for name, words, prolog, old, new in _ENTITIES:
        more = "ExternalReference" if name == "entity-file" else "Cost" if name in _COSTLY else ""
        flags = f"Dtd {more}"
        yield vector(f"dtd-{name}", words, flags, swap(sign(GOOD), old, new), around=Around(prolog=prolog))
    inner = f"<!DOCTYPE saml:Assertion>{sign(GOOD)}"
    yield vector(
        "dtd-inside", "A document type stands before the assertion, in the middle of the message.", "Dtd", inner
    )


def _inclusions() -> Iterator[Vector]:
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/hostname" parse="text"/>'
    yield vector(
        "xinclude-value",
        "An XInclude stands in a signed value: nobody includes, and its text is nothing.",
        "XInclude ExternalReference",
        sign(swap(GOOD, ">DJ<", f">DJ{include}<")),
        result=Result.ACCEPTABLE,
    )
    yield vector(
        "xinclude-twin",
        "An XInclude stands where the token belongs.",
        "XInclude ExternalReference",
        include,
        around=Around(),
    )
    sheet = '<?xml-stylesheet href="file:///etc/hostname" type="text/xsl"?>'
    yield vector(
        "stylesheet",
        "A stylesheet is named before the envelope; nobody applies it.",
        "ExternalReference",
        sign(GOOD),
        result=Result.ACCEPTABLE,
        around=Around(prolog=sheet),
    )
    location = (
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xsi:schemaLocation="urn:oasis:names:tc:SAML:1.0:assertion http://127.0.0.1:9/x.xsd" MajorVersion='
    )
    yield vector(
        "schema-location",
        "The signed assertion names a schema at a host; nobody fetches it.",
        "ExternalReference",
        sign(swap(GOOD, "MajorVersion=", location)),
        result=Result.ACCEPTABLE,
    )


def _encodings() -> Iterator[Vector]:
    text = message(sign(GOOD))
    odd: tuple[tuple[str, str, bytes, Result], ...] = (
        ("declaration", "An XML declaration stands first.", f"{_DECLARATION}{text}".encode(), Result.VALID),
        ("utf-8-mark", "A byte order mark stands before UTF-8.", b"\xef\xbb\xbf" + text.encode(), Result.ACCEPTABLE),
        ("utf-16", "The message is UTF-16 with its mark.", text.encode("utf-16"), Result.ACCEPTABLE),
        ("utf-16-declared", "The message is UTF-16 and says so.",
         f'<?xml version="1.0" encoding="utf-16"?>{text}'.encode("utf-16"), Result.ACCEPTABLE),
        ("latin-1", "The message says ISO-8859-1 and holds ASCII.",
         f'<?xml version="1.0" encoding="iso-8859-1"?>{text}'.encode(), Result.ACCEPTABLE),
        ("utf-7", "The message says UTF-7.",
         f'<?xml version="1.0" encoding="utf-7"?>{text}'.encode(), Result.ACCEPTABLE),
        ("xml-1.1", "The message is XML 1.1.", f'<?xml version="1.1"?>{text}'.encode(), Result.ACCEPTABLE),
        ("unknown", "The message says an encoding that nobody knows.",
         f'<?xml version="1.0" encoding="nobody"?>{text}'.encode(), Result.ACCEPTABLE),
        ("wrong", "The message says UTF-16 and is UTF-8.",
         f'<?xml version="1.0" encoding="utf-16"?>{text}'.encode(), Result.ACCEPTABLE),
    )  # fmt: skip
    for name, words, body, result in odd:
        yield vector(
            f"encoding-{name}", words, "Unusual" if result is Result.VALID else "Encoding", body, result=result
        )


def _broken() -> Iterator[Vector]:
    body = message(sign(GOOD)).encode()
    rows: tuple[tuple[str, str, bytes], ...] = (
        ("empty", "There is no octet.", b""),
        ("blank", "There are blanks only.", b" \r\n\t"),
        ("cut-short", "The message ends in the middle of the signature.",
         body[: body.index(b"<ds:SignatureValue>") + 60]),
        ("trailing", "Something follows the envelope.", body + b"and more"),
        ("two-roots", "A second envelope follows the first.", body + body),
        ("nul", "A NUL stands in a value.", body.replace(b">DJ<", b">D\x00J<")),
        ("control", "A control character stands in a value.", body.replace(b">DJ<", b">D\x0bJ<")),
        ("bad-utf-8", "A value is no UTF-8.", body.replace(b">DJ<", b">D\xffJ<")),
        ("overlong-utf-8", "A value is written in overlong UTF-8.", body.replace(b">DJ<", b">\xc1\x84J<")),
        ("surrogate", "A character reference names half a character.", body.replace(b">DJ<", b">&#xD800;DJ<")),
        ("attribute-twice", "An attribute stands there twice.",
         body.replace(b' AssertionID="', b' AssertionID="_x" AssertionID="', 1)),
        ("json", "The message is JSON.", b'{"assertion": "none"}'),
        ("html", "The message is an HTML page.", b"<!DOCTYPE html><html><body>Service Unavailable</body></html>"),
        ("colons", "A name has two colons.", body.replace(b"<t:TokenType>", b"<t:a:TokenType>").replace(
            b"</t:TokenType>", b"</t:a:TokenType>")),
        ("undeclared", "A prefix is bound nowhere.", body.replace(b"<t:TokenType>", b"<q:TokenType>").replace(
            b"</t:TokenType>", b"</q:TokenType>")),
    )  # fmt: skip
    for name, words, octets in rows:
        lax = name in {"colons", "undeclared"}
        yield vector(
            f"broken-{name}",
            words,
            "Broken",
            octets,
            result=Result.ACCEPTABLE if lax else Result.INVALID,
            entra=MustSay.EITHER,
        )


def _costly() -> Iterator[Vector]:
    """Make a small message cost time: c14n is quadratic in attributes and declarations."""
    many = {
        "attributes": ("The assertion has three thousand attributes", "".join(f' a{n:x}=""' for n in range(3000))),
        "namespaces": (
            "The assertion has a thousand and one declarations",
            "".join(f' xmlns:n{n:x}="urn:{n:x}"' for n in range(1001)),
        ),
    }
    for name, (words, added) in many.items():
        text = swap(GOOD, "<saml:Assertion ", f"<saml:Assertion{added} ")
        yield vector(f"costly-{name}", f"{words}, signed so.", "Cost", sign(text), result=Result.ACCEPTABLE)
    deep = "<saml:Advice>" + "<x>" * 3000 + "</x>" * 3000 + "</saml:Advice>"
    nodes = "<saml:Advice>" + "<?a?>" * 4000 + "</saml:Advice>"
    claims = "".join(
        f'<saml:Attribute AttributeName="c{n}" AttributeNamespace="urn:x"><saml:AttributeValue/></saml:Attribute>'
        for n in range(250)
    )
    inside = {
        "depth": ("Advice holds three thousand elements, one in another", "<saml:AttributeStatement", deep),
        "instructions": ("Advice holds four thousand processing instructions", "<saml:AttributeStatement", nodes),
        "claims": ("There are two hundred and fifty Attributes", "</saml:AttributeStatement>", claims),
        "text": ("A value has thirty thousand characters", "</saml:NameIdentifier>", "a" * 30_000),
    }
    for name, (words, mark, added) in inside.items():
        yield vector(
            f"costly-{name}",
            f"{words}, changed after signing." if name == "depth" else f"{words}, added after signing.",
            "Cost",
            before(sign(GOOD), mark, added),
            entra=MustSay.EITHER,
        )
    evil = into(EVIL_SAME_ID, signature(GOOD))
    yield vector(
        "costly-comments",
        "The twin has four thousand comments in a value.",
        "Cost Changed",
        swap(evil, VICTIM.sid, VICTIM.sid + "<!---->" * 4000),
        around=replace(PLAIN),
    )
