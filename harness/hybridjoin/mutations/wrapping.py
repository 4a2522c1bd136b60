"""Signature wrapping, the eight classic permutations carried over to a SAML 1.1 assertion in a token response.

The original stays signed somewhere; what a careless reader takes is an evil twin that speaks for another computer. The
ninth is for readers that look in the text of the answer for what to verify, and find the first that ends alike.
(Somorovsky and others, "On Breaking SAML", USENIX Security 2012.)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hybridjoin.mutations import names, parts, spelling, tree
from hybridjoin.mutations.operator import Area, Operator, Wrap
from hybridjoin.mutations.parts import SIGNATURE, dsig, need, put, saml, text_of, value_of
from hybridjoin.mutations.tree import Element

_LAST_DIGIT = re.compile(r"\d(?=\D*$)", re.ASCII)
_EVIL_ID = "_evil0000-0000-4000-8000-000000000000"


def operators() -> Iterator[Operator]:
    """Yield the family."""
    rows: tuple[tuple[int, str, Wrap, tuple[str, ...]], ...] = (
        (1, "holds the signature, which holds the original in an Object under the same id", _one, ("SIG-02",)),
        (2, "holds the signature, and the original in Advice under the same id", _two, ("SIG-02",)),
        (3, "stands unsigned before the original", _three, ("SIG-01", "RSTR-09")),
        (4, "is unsigned and wraps the signed original", _four, ("SIG-01",)),
        (5, "holds the signature, and the original follows without it", _five, ("SIG-02", "RSTR-09")),
        (6, "holds the signature, which holds the original directly", _six, ("SIG-02",)),
        (7, "stands in an extension element before the signed original", _seven, ("RSTR-09",)),
        (8, "holds the signature, which holds the original in an Object", _eight, ("SIG-02",)),
        (9, "differs in its start tag only, and the original stands before it", _nine, ("SIG-02", "RSTR-09")),
    )
    for number, words, wrap, catches in rows:
        yield Operator(
            id=f"xsw-{number}",
            sentence=f"Signature wrapping: an evil twin {words}.",
            area=Area.SIGNATURE,
            touches=frozenset({"signature", "id", names.PRIMARY_SID[1]}),
            catches=frozenset(catches),
            applies=_speaks_for_a_computer,
            wrap=wrap,
        )


def _speaks_for_a_computer(assertion: Element) -> str:
    return spelling.no_sid(text_of(assertion, names.PRIMARY_SID))


def _evil(assertion: Element, *, same_id: bool = False) -> Element:
    """Return the twin: unsigned, with the SID of another account."""
    twin = _bare(assertion)
    put(value_of(twin, names.PRIMARY_SID), f"{text_of(twin, names.PRIMARY_SID)}1")
    if not same_id:
        twin.set("AssertionID", _EVIL_ID)
    return twin


def _bare(assertion: Element) -> Element:
    copy = tree.copy(assertion)
    parts.drop(tree.first(copy, SIGNATURE))
    return copy


def _signature(assertion: Element) -> Element:
    return tree.copy(need(tree.first(assertion, SIGNATURE)))


def _with_object(assertion: Element) -> Element:
    signature = _signature(assertion)
    tree.new(signature, dsig("Object")).append(_bare(assertion))
    return signature


def _one(assertion: Element) -> tuple[Element, ...]:
    evil = _evil(assertion, same_id=True)
    evil.append(_with_object(assertion))
    return (evil,)


def _two(assertion: Element) -> tuple[Element, ...]:
    evil = _evil(assertion, same_id=True)
    tree.new(evil, saml("Advice")).append(_bare(assertion))
    evil.append(_signature(assertion))
    return (evil,)


def _three(assertion: Element) -> tuple[Element, ...]:
    return (_evil(assertion), assertion)


def _four(assertion: Element) -> tuple[Element, ...]:
    evil = _evil(assertion)
    evil.append(assertion)
    return (evil,)


def _five(assertion: Element) -> tuple[Element, ...]:
    evil = _evil(assertion)
    evil.append(_signature(assertion))
    return (evil, _bare(assertion))


def _six(assertion: Element) -> tuple[Element, ...]:
    evil, signature = _evil(assertion), _signature(assertion)
    signature.append(_bare(assertion))
    evil.append(signature)
    return (evil,)


def _seven(assertion: Element) -> tuple[Element, ...]:
    extension = tree.alone("{urn:example:extension}Extensions")
    extension.append(_evil(assertion))
    return (extension, assertion)


def _eight(assertion: Element) -> tuple[Element, ...]:
    evil = _evil(assertion)
    evil.append(_with_object(assertion))
    return (evil,)


def _nine(assertion: Element) -> tuple[Element, ...]:
    extension, twin = tree.alone("{urn:example:extension}Extensions"), tree.copy(assertion)
    extension.append(assertion)
    issued = twin.get("IssueInstant", "")
    twin.set("IssueInstant", _LAST_DIGIT.sub(lambda found: str((int(found[0]) + 1) % 10), issued))
    return (extension, twin)
