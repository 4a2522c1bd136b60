"""How the operators find their way in an assertion, and the small changes they are made of."""

from __future__ import annotations

from hybridjoin.mutations import names, tree
from hybridjoin.mutations.names import Claim
from hybridjoin.mutations.tree import Element

SIGNATURE = tree.name(names.DSIG, "Signature")


def saml(local: str) -> str:
    """Write a SAML 1.1 name."""
    return tree.name(names.SAML_11, local)


def dsig(local: str) -> str:
    """Write an XML signature's name."""
    return tree.name(names.DSIG, local)


def claim_of(assertion: Element, claim: Claim) -> Element | None:
    """Return the attribute of a claim, in the namespace where it belongs."""
    space, name = claim
    found = (
        item
        for statement in assertion.iterchildren(saml("AttributeStatement"))
        for item in statement.iterchildren(saml("Attribute"))
    )
    return next(
        (item for item in found if (item.get("AttributeNamespace"), item.get("AttributeName")) == (space, name)), None
    )


def value_of(assertion: Element, claim: Claim) -> Element | None:
    """Return the first value of a claim."""
    return tree.first(claim_of(assertion, claim), saml("AttributeValue"))


def text_of(assertion: Element, claim: Claim) -> str:
    """Return the first value of a claim as text, empty where there is none."""
    return tree.raw_text(value_of(assertion, claim))


def need(element: Element | None) -> Element:
    """Return what an operator's `applies` has made sure of.

    Raises:
        LookupError: `applies` was not asked.
    """
    if element is None:
        raise LookupError("a mutation was applied to an assertion that has nothing for it")
    return element


def put(element: Element | None, text: str) -> None:
    """Replace the content of an element by a text."""
    found = need(element)
    for child in list(found):
        found.remove(child)
    found.text = text


def drop(element: Element | None) -> None:
    """Take an element out of its document; no text ever stands after one in a SAML assertion."""
    found = need(element)
    need(found.getparent()).remove(found)


def after(element: Element, other: Element) -> None:
    """Put an element behind another one."""
    element.addnext(other)


def like(element: Element, text: str) -> Element:
    """Return a copy of an element with another text."""
    made = tree.copy(element)
    put(made, text)
    return made


def comment_into(element: Element | None, words: str) -> None:
    """Put a comment into the middle of a text, so that a careless reader sees its first half only."""
    found = need(element)
    text = tree.raw_text(found)
    put(found, text[: len(text) // 2])
    found.append(tree.comment(words, tail=text[len(text) // 2 :]))


def comment_before(element: Element, words: str) -> None:
    """Put a comment before the whole text of an element, so that a careless reader takes it for the text."""
    text = tree.raw_text(element)
    put(element, "")
    element.append(tree.comment(words, tail=text))
