"""An event as a tree of elements: what its XML and its binary form are both written from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hybridjoin.report.evtx.values import EventValue

Held = EventValue | str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventElement:
    """An element; it holds elements or one value. A plain string is the same in every event of the kind.

    Whatever differs from event to event is an `EventValue`: binary logs keep those apart from the tree.
    """

    name: str
    attributes: tuple[tuple[str, Held], ...] = ()
    children: tuple[EventElement, ...] = ()
    value: EventValue | None = None


def text_of(held: Held) -> str:
    """Return what XML has of a value or of a plain string."""
    return held.text if isinstance(held, EventValue) else held


def values_of(element: EventElement) -> Iterator[EventValue]:
    """Yield the values in the order of the document: attributes, then content."""
    yield from (held for _, held in element.attributes if isinstance(held, EventValue))
    if element.value is not None:
        yield element.value
    for child in element.children:
        yield from values_of(child)


def shape_of(element: EventElement) -> str:
    """Write the tree with the type of each value in its place: events of one shape are instances of one template."""
    attributes = "".join(
        f" {name}={int(held.type)}" if isinstance(held, EventValue) else f" {name}={held!r}"
        for name, held in element.attributes
    )
    inside = "".join(map(shape_of, element.children))
    value = int(element.value.type) if element.value is not None else ""
    return f"<{element.name}{attributes}>{value}{inside}</>"
