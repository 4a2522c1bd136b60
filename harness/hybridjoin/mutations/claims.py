"""Faults of the claims: for each of the six the same misplacements, and the wrong spellings of its kind of value."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from hybridjoin.mutations import names, parts, spelling, tree
from hybridjoin.mutations.names import Claim
from hybridjoin.mutations.operator import Area, Bend, Operator, Reason
from hybridjoin.mutations.parts import claim_of, need, put, text_of, value_of
from hybridjoin.mutations.spelling import Respell
from hybridjoin.mutations.tree import Element

_ANY: Callable[[str], str] = lambda _: ""  # noqa: E731 - every value may be spelled wrongly


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """One claim: the requirements that look at its place, value and number of values, and how its value goes wrong."""

    claim: Claim
    place: str
    value: str
    spellings: tuple[tuple[str, str, Respell], ...]
    unfit: Callable[[str], str] = _ANY
    optional: str = ""
    number: str = "CLAIM-11"

    @property
    def name(self) -> str:
        """The AttributeName."""
        return self.claim[1]


_KINDS = (
    _Kind(claim=names.ACCOUNT_TYPE, place="CLAIM-01", value="CLAIM-02", spellings=spelling.WORD_SPELLINGS),
    _Kind(
        claim=names.OBJECT_GUID,
        place="CLAIM-03",
        value="CLAIM-04",
        spellings=spelling.GUID_SPELLINGS,
        unfit=spelling.no_guid,
    ),
    _Kind(
        claim=names.PRIMARY_SID,
        place="CLAIM-05",
        value="CLAIM-06",
        spellings=spelling.SID_SPELLINGS,
        unfit=spelling.no_sid,
    ),
    _Kind(
        claim=names.IMMUTABLE_ID,
        place="CLAIM-07",
        value="CLAIM-08",
        spellings=spelling.GUID_SPELLINGS,
        unfit=spelling.no_guid,
    ),
    _Kind(
        claim=names.ISSUER_ID,
        place="CLAIM-12",
        value="CLAIM-12",
        spellings=spelling.URI_SPELLINGS,
        optional="issuerid is needed only where several federated domains share one identity provider",
    ),
    _Kind(
        claim=names.UPN,
        place="CLAIM-13",
        value="CLAIM-13",
        number="CLAIM-13",
        spellings=spelling.NAME_SPELLINGS,
        optional="computers have no user principal name by default, and Entra finds no device by it",
    ),
)
_NAMESPACES: tuple[tuple[str, str, Respell, bool], ...] = (
    ("other-namespace", "stands in the namespace of another claim", lambda _: f"{names.XMLSOAP}/other", False),
    ("namespace-slash", "stands in its namespace with a slash at the end", lambda space: f"{space}/", True),
    (
        "namespace-https",
        "stands in its namespace with https for http",
        lambda space: space.replace("http:", "https:"),
        False,
    ),
    ("namespace-upper-case", "stands in its namespace in upper case", str.upper, False),
    ("namespace-empty", "stands in an empty namespace", lambda _: "", True),
)
_SPLIT = "SAML-14"


def operators() -> Iterator[Operator]:
    """Yield every fault of the claims."""
    for kind in _KINDS:
        yield _missing(kind)
        yield from _misplaced(kind)
        yield from _misnamed(kind)
        yield from _crowded(kind)
        yield from _dressed(kind)
        yield from _misspelled(kind)
    yield from _exchanged()


def _missing(kind: _Kind) -> Operator:
    return _operator(
        kind,
        "missing",
        "is missing",
        lambda assertion: parts.drop(claim_of(assertion, kind.claim)),
        catches=() if kind.optional else (kind.place,),
        harmless=kind.optional,
    )


def _misplaced(kind: _Kind) -> Iterator[Operator]:
    for suffix, words, respell, unsplit in _NAMESPACES:
        space = respell(kind.claim[0])
        yield _operator(
            kind,
            suffix,
            words,
            _attribute(kind, "AttributeNamespace", space),
            catches=(kind.place, *[_SPLIT] * unsplit),
        )
    uri = "/".join(kind.claim)

    def whole_uri(assertion: Element) -> None:
        need(claim_of(assertion, kind.claim)).set("AttributeName", uri)

    yield _operator(kind, "uri-in-name", "has its whole URI in AttributeName", whole_uri, catches=(kind.place, _SPLIT))
    if kind.claim == names.IMMUTABLE_ID:
        yield _operator(
            kind,
            "xmlsoap-namespace",
            "stands in the other one of its two namespaces",
            _attribute(kind, "AttributeNamespace", names.XMLSOAP),
            harmless="PingOne documents both namespaces for ImmutableID",
        )


def _misnamed(kind: _Kind) -> Iterator[Operator]:
    for suffix, words, name in (
        ("name-lower-case", "has its name in lower case", kind.name.lower()),
        ("name-upper-case", "has its name in upper case", kind.name.upper()),
    ):
        if name != kind.name:
            yield _operator(kind, suffix, words, _attribute(kind, "AttributeName", name), catches=(kind.place,))


def _crowded(kind: _Kind) -> Iterator[Operator]:
    def twice(assertion: Element) -> None:
        attribute = need(claim_of(assertion, kind.claim))
        parts.after(attribute, tree.copy(attribute))

    def another_value(assertion: Element) -> None:
        value = need(value_of(assertion, kind.claim))
        parts.after(value, parts.like(value, f"{text_of(assertion, kind.claim)}x"))

    def no_value(assertion: Element) -> None:
        parts.drop(value_of(assertion, kind.claim))

    yield _operator(kind, "duplicate", "is issued twice", twice, catches=("CLAIM-10",))
    yield _operator(kind, "two-values", "has a second, other value", another_value, catches=(kind.number,))
    yield _operator(kind, "no-value", "has no AttributeValue at all", no_value, catches=(kind.number,))


def _dressed(kind: _Kind) -> Iterator[Operator]:
    dressings: tuple[tuple[str, str, Respell], ...] = (
        ("empty", "has an empty value", lambda _: ""),
        ("leading-space", "has a blank before its value", lambda text: f" {text}"),
        ("trailing-space", "has a blank after its value", lambda text: f"{text} "),
        (
            "line-break",
            "has a line break in its value",
            lambda text: f"{text[: len(text) // 2]}\n{text[len(text) // 2 :]}",
        ),
    )
    for suffix, words, respell in dressings:
        yield _operator(kind, suffix, words, _value(kind, respell), catches=(kind.value,))
    yield _operator(
        kind,
        "comment",
        "has a comment in the middle of its value",
        lambda assertion: parts.comment_into(value_of(assertion, kind.claim), " half "),
        harmless="no comment is part of what is signed, and the value is read whole, as it was signed",
    )


def _misspelled(kind: _Kind) -> Iterator[Operator]:
    for suffix, words, respell in kind.spellings:
        yield _operator(
            kind,
            suffix,
            words,
            _value(kind, respell),
            catches=(kind.value,),
            unfit=_unfit(kind, respell),
        )


def _exchanged() -> Iterator[Operator]:
    """Take each of the two GUID claims from the other one's attribute: documents disagree on it, a person decides."""
    guid, anchor = (kind for kind in _KINDS if kind.unfit is spelling.no_guid)
    for kind, other in ((guid, anchor), (anchor, guid)):

        def bend(assertion: Element, kind: _Kind = kind, other: _Kind = other) -> None:
            put(value_of(assertion, kind.claim), text_of(assertion, other.claim))

        def applies(assertion: Element, kind: _Kind = kind, other: _Kind = other) -> str:
            ours, theirs = text_of(assertion, kind.claim), text_of(assertion, other.claim)
            if not ours or not theirs:
                return f"the assertion has no {other.name if ours else kind.name}"
            return "objectGUID and the source anchor are the same" if ours == theirs else ""

        yield Operator(
            id=f"{kind.name.lower()}-exchanged",
            sentence=f"{kind.name} carries the value of {other.name}.",
            area=Area.CLAIMS,
            touches=frozenset({kind.name, other.name}),
            catches=frozenset({kind.value}),
            applies=applies,
            bend=bend,
        )


def _attribute(kind: _Kind, name: str, value: str) -> Bend:
    return lambda assertion: need(claim_of(assertion, kind.claim)).set(name, value)


def _value(kind: _Kind, respell: Respell) -> Bend:
    return lambda assertion: put(value_of(assertion, kind.claim), respell(text_of(assertion, kind.claim)))


def _unfit(kind: _Kind, respell: Respell) -> Callable[[str], str]:
    def reason(text: str) -> str:
        return kind.unfit(text) or ("the value is spelled alike either way" if respell(text) == text else "")

    return reason


def _operator(
    kind: _Kind,
    suffix: str,
    words: str,
    bend: Bend,
    *,
    catches: tuple[str, ...] = (),
    harmless: str = "",
    unfit: Callable[[str], str] = _ANY,
) -> Operator:
    # What is optional is put in first, right, so that it can go wrong; only its absence needs one that is there.
    supplied = _Supplied(kind=kind, then=bend, unfit=unfit) if kind.optional and harmless != kind.optional else None
    return Operator(
        id=f"{kind.name.lower()}-{suffix}",
        sentence=f"{kind.name} {words}.",
        area=Area.CLAIMS,
        touches=frozenset({kind.name}),
        catches=frozenset(catches),
        harmless=harmless,
        applies=_there(kind, unfit) if supplied is None else supplied.applies,
        bend=bend if supplied is None else supplied.bend,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Supplied:
    """Bends a claim that it issues itself, with the Issuer for its value, where the good assertion has none."""

    kind: _Kind
    then: Bend
    unfit: Callable[[str], str]

    def applies(self, assertion: Element) -> str:
        if next(assertion.iterchildren(parts.saml("AttributeStatement")), None) is None:
            return "the assertion has no AttributeStatement"
        return self.unfit(text_of(assertion, self.kind.claim) or assertion.get("Issuer", ""))

    def bend(self, assertion: Element) -> None:
        if claim_of(assertion, self.kind.claim) is None:
            statement = next(assertion.iterchildren(parts.saml("AttributeStatement")))
            attribute = tree.new(statement, parts.saml("Attribute"))
            attribute.set("AttributeName", self.kind.name)
            attribute.set("AttributeNamespace", self.kind.claim[0])
            tree.new(attribute, parts.saml("AttributeValue")).text = assertion.get("Issuer", "")
        self.then(assertion)


def _there(kind: _Kind, unfit: Callable[[str], str]) -> Reason:
    def applies(assertion: Element) -> str:
        text = text_of(assertion, kind.claim)
        return unfit(text) if text else f"the assertion has no {kind.name}"

    return applies
