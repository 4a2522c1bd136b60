"""Signature wrapping: where the signed original hides, who carries the signature, and whose id the evil twin has.

The eight classical permutations (Somorovsky and others, "On Breaking SAML", USENIX Security 2012) are among them; the
rest are the places that a SAML 1.1 assertion and a token response have beside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from hybridjoin.vectors.dsig import sign, signature
from hybridjoin.vectors.good import (
    EVIL,
    EVIL_ID,
    EVIL_SAME_ID,
    GOOD,
    GOOD_ID,
    SAML,
    attribute,
    before,
    into,
    swap,
)
from hybridjoin.vectors.message import PLAIN, WSSE, Around, Version, response
from hybridjoin.vectors.vector import MustSay, Result, Vector, vector

_OPEN = f'<x:Extension xmlns:x="urn:example:extension" xmlns:saml="{SAML}">'
_CLOSE = "</x:Extension>"
_WRAP = "SignatureWrapping"
Hide = Callable[[str, str], str]
Place = Callable[[str], Around]


def vectors() -> Iterator[Vector]:
    """Yield the family."""
    for version in Version:
        yield from _in_the_signature(version)
        yield from _in_the_twin(version)
        yield from _beside_the_twin(version)
        yield from _before_the_twin(version)
        yield from _behind_the_original(version)
        yield from _twin_aside(version)
    yield _first_response()
    yield from _elsewhere()


def _object(content: str) -> str:
    return f"<ds:Object>{content}</ds:Object>"


_IN_SIGNATURE: Mapping[str, tuple[str, Hide]] = {
    "object": ("an Object of it", lambda _, hidden: _object(hidden)),
    "directly": ("it directly", lambda _, hidden: hidden),
    "key-info": ("a second KeyInfo of it", lambda _, hidden: f"<ds:KeyInfo>{hidden}</ds:KeyInfo>"),
    "property": (
        "a SignatureProperty of it",
        lambda _, hidden: _object(
            f'<ds:SignatureProperties><ds:SignatureProperty Target="">{hidden}</ds:SignatureProperty>'
            "</ds:SignatureProperties>"
        ),
    ),
}


def _in_the_signature(version: Version) -> Iterator[Vector]:
    for place, (words, hide) in _IN_SIGNATURE.items():
        for ids, evil in (("same", EVIL_SAME_ID), ("other", EVIL)):
            made = swap(signature(GOOD), "</ds:Signature>", f"{hide('', GOOD)}</ds:Signature>")
            yield vector(
                f"xsw-signature-{place}-{ids}-id",
                f"The twin carries the signature and the original hides in {words}; the twin's id is {_whose(ids)}.",
                f"{_WRAP} DuplicateId" if ids == "same" else _WRAP,
                into(evil, made),
                version=version,
                around=_referring(ids),
            )


def _whose(ids: str) -> str:
    return "the original's" if ids == "same" else "its own"


def _referring(ids: str) -> Around:
    return replace(PLAIN, refers=GOOD_ID if ids == "same" else EVIL_ID)


_IN_TWIN: Mapping[str, tuple[str, Hide]] = {
    "advice": (
        "Advice",
        lambda evil, hidden: before(evil, "<saml:AttributeStatement>", f"<saml:Advice>{hidden}</saml:Advice>"),
    ),
    "value": (
        "an AttributeValue",
        lambda evil, hidden: before(evil, "</saml:AttributeStatement>", attribute("note", "urn:example", hidden)),
    ),
    "confirmation": (
        "SubjectConfirmationData",
        lambda evil, hidden: before(
            evil,
            "</saml:SubjectConfirmation>",
            f"<saml:SubjectConfirmationData>{hidden}</saml:SubjectConfirmationData>",
        ),
    ),
    "condition": (
        "a Condition",
        lambda evil, hidden: before(evil, "</saml:Conditions>", f"<saml:Condition>{hidden}</saml:Condition>"),
    ),
    "first-child": ("its first child", lambda evil, hidden: before(evil, "<saml:Conditions", hidden)),
    "last-child": ("its last child", into),
    "extension": ("an extension element", lambda evil, hidden: into(evil, f"{_OPEN}{hidden}{_CLOSE}")),
}


def _in_the_twin(version: Version) -> Iterator[Vector]:
    for place, (words, hide) in _IN_TWIN.items():
        for ids, evil in (("same", EVIL_SAME_ID), ("other", EVIL)):
            for who in ("moved", "kept") if version is Version.V13 else ("moved",):
                hidden = GOOD if who == "moved" else sign(GOOD)
                token = into(hide(evil, hidden), signature(GOOD)) if who == "moved" else hide(evil, hidden)
                carries = "the twin carries the signature" if who == "moved" else "the original keeps the signature"
                yield vector(
                    f"xsw-{place}-{who}-{ids}-id",
                    f"The original hides in the twin, in {words}; {carries}; the twin's id is {_whose(ids)}.",
                    f"{_WRAP} DuplicateId" if ids == "same" else _WRAP,
                    token,
                    version=version,
                    around=_referring(ids),
                )


def _requested(token: str) -> str:
    return f"<t:RequestedSecurityToken>{token}</t:RequestedSecurityToken>"


_BESIDE: Mapping[str, tuple[str, Place]] = {
    "header": ("the SOAP header", lambda hidden: Around(header=hidden)),
    "security": (
        "a Security header",
        lambda hidden: Around(header=f'<o:Security xmlns:o="{WSSE}">{hidden}</o:Security>'),
    ),
    "extension-before": (
        "an extension before the response",
        lambda hidden: Around(first=f"{_OPEN}{hidden}{_CLOSE}"),
    ),
    "body-after": ("what follows the response", lambda hidden: Around(last=hidden)),
    "response-before": ("the response, before the token", lambda hidden: Around(before=hidden)),
    "response-after": ("the response, behind the token", lambda hidden: Around(after=hidden)),
    "second-token": ("a second RequestedSecurityToken", lambda hidden: Around(after=_requested(hidden))),
    "proof": (
        "RequestedProofToken",
        lambda hidden: Around(after=f"<t:RequestedProofToken>{hidden}</t:RequestedProofToken>"),
    ),
    "embedded": (
        "an Embedded of a SecurityTokenReference",
        lambda hidden: Around(
            after="<t:RequestedUnattachedReference>"
            f'<o:SecurityTokenReference xmlns:o="{WSSE}"><o:Embedded>{hidden}</o:Embedded></o:SecurityTokenReference>'
            "</t:RequestedUnattachedReference>"
        ),
    ),
}


def _beside_the_twin(version: Version) -> Iterator[Vector]:
    kinds = (("moved", "same"), ("moved", "other"), ("kept", "other"))
    for place, (words, around) in _BESIDE.items():
        for who, ids in kinds if version is Version.V13 else kinds[:1]:
            evil = EVIL_SAME_ID if ids == "same" else EVIL
            token, hidden = (into(evil, signature(GOOD)), GOOD) if who == "moved" else (evil, sign(GOOD))
            carries = "carries the signature" if who == "moved" else "is unsigned"
            yield vector(
                f"xsw-{place}-{who}-{ids}-id",
                f"The twin {carries} and the original hides in {words}; the twin's id is {_whose(ids)}.",
                f"{_WRAP} DuplicateId" if ids == "same" else _WRAP,
                token,
                version=version,
                around=replace(around(hidden), refers=_referring(ids).refers),
            )


def _before_the_twin(version: Version) -> Iterator[Vector]:
    """Put both where a token belongs: a reader that verifies the one and reads the other is lost."""
    original, twin = sign(GOOD), EVIL
    moved = into(EVIL, signature(GOOD))
    both: tuple[tuple[str, str, str, Around], ...] = (
        ("tokens-twin-first", "both stand in RequestedSecurityToken, the twin first", f"{twin}{original}", PLAIN),
        ("tokens-moved-first", "the twin carries the signature, the bare original follows", f"{moved}{GOOD}", PLAIN),
        (
            "tokens-moved-last",
            "the bare original stands first, the twin carries the signature",
            f"{GOOD}{moved}",
            PLAIN,
        ),
    )
    for name, words, token, around in both:
        yield vector(
            f"xsw-{name}", f"Two tokens: {words}.", f"{_WRAP} SeveralTokens", token, version=version, around=around
        )


def _first_response() -> Vector:
    return vector(
        "xsw-twin-in-a-first-response",
        "Two tokens: the unsigned twin stands in a first response of the collection.",
        f"{_WRAP} SeveralTokens",
        sign(GOOD),
        around=Around(first=response(EVIL)),
    )


def _behind_the_original(version: Version) -> Iterator[Vector]:
    """Put the signed one first: who reads what is verified comes to no harm, and who wants one alone refuses."""
    original, twin = sign(GOOD), EVIL
    harmless: tuple[tuple[str, str, str, Around], ...] = (
        (
            "tokens-original-first",
            "both stand in RequestedSecurityToken, the original first",
            f"{original}{twin}",
            PLAIN,
        ),
        (
            "twin-in-a-second-requested-token",
            "the twin stands in a second RequestedSecurityToken",
            original,
            Around(after=_requested(twin)),
        ),
    )
    if version is Version.V13:
        later = response(twin, version, PLAIN)
        harmless = (
            *harmless,
            ("twin-in-a-second-response", "the twin stands in a second response", original, Around(last=later)),
        )
    for name, words, token, around in harmless:
        yield vector(
            f"xsw-{name}",
            f"Two tokens: {words}.",
            f"{_WRAP} SeveralTokens",
            token,
            result=Result.ACCEPTABLE,
            device=MustSay.REFUSED,
            entra=MustSay.ACCEPTED,
            version=version,
            around=around,
        )


_ASIDE = ("header", "security", "extension-before", "body-after", "response-before", "response-after", "embedded")


def _twin_aside(version: Version) -> Iterator[Vector]:
    """Leave the signed original where it belongs, and put the twin where a reader that searches would find it first."""
    for place in _ASIDE if version is Version.V13 else _ASIDE[:2]:
        words, around = _BESIDE[place]
        yield vector(
            f"xsw-twin-in-{place}",
            f"The signed original is the token; an unsigned twin stands in {words}, where nobody has to look.",
            f"{_WRAP} TwinAside",
            sign(GOOD),
            result=Result.ACCEPTABLE,
            entra=MustSay.ACCEPTED,
            version=version,
            around=around(EVIL),
        )


def _elsewhere() -> Iterator[Vector]:
    """Leave the twin alone with a signature, or an original, that stands far away."""
    yield vector(
        "xsw-detached-in-the-header",
        "A detached signature over the original's id, which is the twin's too, stands in a Security header.",
        f"{_WRAP} DetachedSignature",
        EVIL_SAME_ID,
        around=Around(header=f'<o:Security xmlns:o="{WSSE}">{signature(GOOD)}</o:Security>'),
    )
    yield vector(
        "xsw-extension-after",
        "The signed original stands in an extension behind the response, the unsigned twin is the token.",
        _WRAP,
        EVIL,
        around=Around(last=f"{_OPEN}{sign(GOOD)}{_CLOSE}", refers=EVIL_ID),
    )
