"""The door for an identity provider that is handed the mutations: plain data in, plain data and octets out.

Whoever loads this module by its name needs nothing else of the room, and the room nothing of its host but a tree and a
function that signs one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from hybridjoin.mutations.catalogue import BY_ID, OPERATORS
from hybridjoin.mutations.chosen import NAMED, Choice
from hybridjoin.mutations.make import make
from hybridjoin.mutations.operator import CannotApply, Operator, Sign
from hybridjoin.mutations.tree import Element

_NAMED = {item.name: item for item in NAMED}


def faults() -> Iterator[Mapping[str, Any]]:
    """Describe every fault: `name`, `area`, `sentence` and `options`, each with what it takes."""
    for item in NAMED:
        options = tuple(map(_option, item.choices))
        yield {"name": item.name, "area": item.usual.area.value, "sentence": item.sentence, "options": options}
    for operator in OPERATORS:
        yield {"name": operator.id, "area": operator.area.value, "sentence": operator.sentence, "options": ()}


def carry_out(assertion: Element, chosen: Iterable[tuple[str, Mapping[str, object]]], sign: Sign) -> tuple[bytes, ...]:
    """Put faults, by name and with all their options, into an unsigned assertion and have it signed.

    Returns:
        What stands in the response: the assertion, or several elements one after another.

    Raises:
        ValueError: the assertion has nothing that one of them could bend, or two of them do not go together.
        CannotApply: a fault finds nothing in this assertion to bend.
    """
    operators = tuple(_operator(name, options) for name, options in chosen)
    try:
        return make(assertion, operators, sign).tokens
    except LookupError as failure:  # what one fault needs, another one has taken away
        raise CannotApply(" and ".join(item.id for item in operators), "they do not go together") from failure


def _operator(name: str, options: Mapping[str, object]) -> Operator:
    return _NAMED[name].operator(options) if name in _NAMED else BY_ID[name]


def _option(choice: Choice) -> Mapping[str, Any]:
    kind = "integer" if isinstance(choice.default, int) else "text"
    return {
        "name": choice.name,
        "type": kind,
        "default": choice.default,
        "sentence": choice.sentence,
        "choices": choice.choices,
    }
