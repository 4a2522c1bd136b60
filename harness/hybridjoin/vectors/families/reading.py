"""Read otherwise than signed: comments, processing instructions and CDATA in values, and namespaces bound anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hybridjoin.vectors.dsig import sign, signature
from hybridjoin.vectors.good import AUDIENCE, EVIL_SAME_ID, GOOD, SAML, SELF, VICTIM, before, into, swap
from hybridjoin.vectors.message import Around
from hybridjoin.vectors.vector import MustSay, Result, Vector, vector

_VALUES: Mapping[str, tuple[str, str, int]] = {
    "nameidentifier": ("NameIdentifier", f"{SELF.guid_text}</saml:NameIdentifier>", 2),
    "primarysid": ("primarysid", SELF.sid, 1),
    "onpremobjectguid": (
        "onpremobjectguid",
        f'claims"><saml:AttributeValue>{SELF.guid_text}',
        1,
    ),
    "accounttype": ("accounttype", ">DJ<", 1),
    "audience": ("Audience", AUDIENCE, 1),
    "confirmation": ("ConfirmationMethod", "urn:oasis:names:tc:SAML:1.0:cm:bearer", 2),
}
_NODES: Mapping[str, tuple[str, str]] = {
    "comment": ("a comment", "<!-- -->"),
    "comment-of-a-tag": ("a comment that holds a tag", "<!--</saml:AttributeValue>-->"),
    "instruction": ("a processing instruction", "<?half?>"),
    "cdata": ("an empty CDATA section", "<![CDATA[]]>"),
}


def vectors() -> Iterator[Vector]:
    """Yield the family."""
    for value, (words, text, times) in _VALUES.items():
        for node, (what, markup) in _NODES.items():
            yield _split(value, words, text, times, node, what, markup)
    yield from _truncated()
    yield from _digest()
    yield from _signed_info()
    yield from _namespaces()
    yield from _lookalikes()
    yield from _in_no_element()


def _split(value: str, words: str, text: str, times: int, node: str, what: str, markup: str) -> Vector:
    """Split a value in two: nobody may see its first or its last half only."""
    middle = text.rindex("J") if value == "accounttype" else len(text) - (30 if value == "nameidentifier" else 6)
    halves = f"{text[:middle]}{markup}{text[middle:]}"
    # Comments are no part of what exclusive canonicalization leaves, an instruction is: it has to be signed.
    token = (
        sign(swap(GOOD, text, halves, times=times))
        if node == "instruction"
        else swap(sign(GOOD), text, halves, times=times)
    )
    return vector(
        f"split-{value}-{node}",
        f"{what[0].upper()}{what[1:]} splits {words}; the signature is good, and the value is both halves.",
        "SplitValue",
        token,
        result=Result.ACCEPTABLE,
        device=MustSay.ACCEPTED if node != "instruction" else MustSay.EITHER,
        entra=MustSay.ACCEPTED if node != "instruction" else MustSay.EITHER,
    )


def _truncated() -> Iterator[Vector]:
    """Let the identity provider sign a name of which the first half, or the last, is somebody else's."""
    sid, other = VICTIM.sid, f"{VICTIM.sid}9"
    rows: tuple[tuple[str, str, str, str], ...] = (
        ("primarysid-first-half", "the first half is another computer's SID", f"{sid}<!-- -->9", other),
        ("primarysid-last-half", "the last half is another computer's SID", f"S-1-9<!-- -->{sid}", f"S-1-9{sid}"),
        ("primarysid-instruction", "a processing instruction follows another computer's SID", f"{sid}<?end?>9", other),
        ("primarysid-cdata", "CDATA follows another computer's SID", f"{sid}<![CDATA[9]]>", other),
        ("primarysid-cdata-first", "CDATA holds another computer's SID, a digit follows", f"<![CDATA[{sid}]]>9", other),
    )
    for name, words, markup, whole in rows:
        yield vector(
            f"truncated-{name}",
            f"The identity provider signed a primarysid of which {words}; it is nobody's as a whole.",
            "SplitValue",
            sign(swap(GOOD, SELF.sid, markup)),
            result=Result.ACCEPTABLE,
            entra=MustSay.REFUSED,
            claims={**SELF.claims, "primarysid": whole},
        )
    child = f"<x:b xmlns:x='urn:example'>{VICTIM.sid}</x:b>"
    yield vector(
        "value-with-a-child",
        "primarysid holds an element with another computer's SID beside its text, signed so.",
        "SplitValue",
        sign(swap(GOOD, SELF.sid, f"{SELF.sid}{child}")),
        result=Result.ACCEPTABLE,
        entra=MustSay.REFUSED,
        claims={**SELF.claims, "primarysid": SELF.sid + VICTIM.sid},
    )


def _digest() -> Iterator[Vector]:
    """Put the digest of a changed assertion where a careless reader finds it before the signed one."""
    forged = _digest_of(EVIL_SAME_ID)
    signed = signature(GOOD)
    true = _digest_of(GOOD)
    veils = {
        "comment": f"<!--{forged}-->{true}",
        "comment-after": f"{true}<!--{forged}-->",
        "instruction": f"<?d {forged}?>{true}",
        "child": f"<x:d xmlns:x='urn:example'>{forged}</x:d>{true}",
        "cdata": f"<![CDATA[{forged}]]>{true}",
        "replaced": forged,
    }
    for name, content in veils.items():
        yield vector(
            f"digest-{name}",
            "The assertion is the evil twin; its digest stands in the DigestValue "
            + ("instead of the signed one." if name == "replaced" else f"beside the signed one ({name})."),
            "DigestConfusion",
            into(EVIL_SAME_ID, swap(signed, f">{true}<", f">{content}<")),
        )
    second = f"<ds:DigestValue>{forged}</ds:DigestValue>"
    for name, old, new in (
        ("second-value", "</ds:Reference>", f"{second}</ds:Reference>"),
        ("first-value", "<ds:DigestValue>", f"{second}<ds:DigestValue>"),
    ):
        yield vector(
            f"digest-{name}",
            f"The assertion is the evil twin; a {name.replace('-', ' ')} with its digest was added to the Reference.",
            "DigestConfusion",
            into(EVIL_SAME_ID, swap(signed, old, new)),
        )


def _signed_info() -> Iterator[Vector]:
    """Let a second SignedInfo, with the digest of the twin, stand beside the signed one."""
    signed, true, forged = signature(GOOD), _digest_of(GOOD), _digest_of(EVIL_SAME_ID)
    info = signed[signed.index("<ds:SignedInfo") : signed.index("<ds:SignatureValue>")]
    forged_info = swap(info, f">{true}<", f">{forged}<")
    for name, pair in (("first", f"{forged_info}{info}"), ("last", f"{info}{forged_info}")):
        yield vector(
            f"signed-info-twice-forged-{name}",
            f"There are two SignedInfo elements, the forged one {name}; the signature is over the other.",
            "DigestConfusion SeveralSignatures",
            into(EVIL_SAME_ID, swap(signed, info, pair)),
        )


def _digest_of(text: str) -> str:
    made = signature(text)
    return made[made.index("<ds:DigestValue>") + 16 : made.index("</ds:DigestValue>")]


def _namespaces() -> Iterator[Vector]:
    """Bind names anew: what looks like a claim is none, and what looks like none is one."""
    evil = into(EVIL_SAME_ID, signature(GOOD))
    rows: tuple[tuple[str, str, str], ...] = (
        (
            "saml-elsewhere",
            "The prefix of the assertion is bound to another namespace after signing.",
            swap(sign(GOOD), f'xmlns:saml="{SAML}"', 'xmlns:saml="urn:example:saml"'),
        ),
        (
            "saml-2",
            "The prefix of the assertion is bound to SAML 2.0's namespace after signing.",
            swap(sign(GOOD), SAML, "urn:oasis:names:tc:SAML:2.0:assertion"),
        ),
        (
            "dsig-elsewhere",
            "The twin's Signature stands in another namespace, which a reader of local names would not see.",
            swap(evil, 'xmlns:ds="http://www.w3.org/2000/09/xmldsig#"', 'xmlns:ds="urn:example:ds"', times=2),
        ),
        (
            "no-namespace",
            "The assertion stands in no namespace.",
            sign(GOOD).replace(f' xmlns:saml="{SAML}"', "").replace("<saml:", "<").replace("</saml:", "</"),
        ),
        (
            "id-in-a-namespace",
            "The twin's AssertionID is its own; the original's stands in an attribute of another namespace.",
            into(
                swap(EVIL_SAME_ID, "AssertionID=", 'xmlns:x="urn:example" AssertionID="_other" x:AssertionID='),
                signature(GOOD),
            ),
        ),
    )
    for name, words, token in rows:
        yield vector(f"namespace-{name}", words, "NamespaceConfusion", token)


def _lookalikes() -> Iterator[Vector]:
    """Show a claim that is none, and declarations where few look for them."""
    hidden = before(
        GOOD,
        "</saml:AttributeStatement>",
        '<x:Attribute xmlns:x="urn:example" AttributeName="primarysid" '
        'AttributeNamespace="http://schemas.microsoft.com/ws/2008/06/identity/claims">'
        f"<x:AttributeValue>{VICTIM.sid}</x:AttributeValue></x:Attribute>",
    )
    yield vector(
        "namespace-foreign-attribute",
        "An Attribute of another namespace with another computer's SID was signed along; it is no SAML attribute.",
        "NamespaceConfusion",
        sign(hidden),
        result=Result.ACCEPTABLE,
    )
    yield vector(
        "namespace-xml-prefix",
        "The prefix xml is bound to SAML's namespace, which no document may.",
        "NamespaceConfusion",
        swap(sign(GOOD), "xmlns:saml=", f'xmlns:xml="{SAML}" xmlns:saml='),
    )
    yield vector(
        "namespace-undeclared",
        "The declaration of the assertion's prefix stands on the envelope only: cut out, it borrows it.",
        "NamespaceConfusion",
        swap(sign(GOOD), f' xmlns:saml="{SAML}"', ""),
        result=Result.ACCEPTABLE,
        around=Around(declared=f' xmlns:saml="{SAML}"'),
    )


def _in_no_element() -> Iterator[Vector]:
    """Hide the signed original in what is no element: for readers that cut the assertion out of the text."""
    original = sign(GOOD)
    veils = {
        "comment": ("a comment", f"<!--{original}-->"),
        "instruction": ("a processing instruction", f"<?original {original}?>"),
        "cdata": (
            "a CDATA section of an extension",
            f"<x:Extension xmlns:x='urn:example'><![CDATA[{original}]]></x:Extension>",
        ),
        "attribute": (
            "an attribute, escaped",
            f"<x:Extension xmlns:x='urn:example:extension' was='{original.replace('<', '&lt;')}'/>",
        ),
    }
    later = swap(sign(GOOD), 'IssueInstant="2026-01-15T12:00:00Z"', 'IssueInstant="2026-01-15T12:00:01Z"')
    twins = {"twin": EVIL_SAME_ID, "signed-twin": into(EVIL_SAME_ID, signature(GOOD)), "later": later}
    for place, (words, veil) in veils.items():
        for which, token in twins.items():
            yield vector(
                f"text-search-{place}-{which}",
                f"The signed original stands in {words} before the token, which is "
                f"{'the same but for its IssueInstant' if which == 'later' else 'the evil twin under the same id'}.",
                "SignatureWrapping TextSearch",
                token,
                around=Around(before=veil),
            )
