"""Hiding one secret that we know by heart, wherever it comes back.

`redact` masks by name and shape whatever looks like a secret; a password in a sentence looks like any word. Who sent
it knows it, and can hide it in every text that is kept of the exchange.
"""

from __future__ import annotations

from dataclasses import Field, fields, replace
from typing import Any, ClassVar, Protocol, TypeVar
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape

from hybridjoin.model.masks import mask


class _Dataclass(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


Message = TypeVar("Message", bound=_Dataclass)

# A shorter text is a syllable of other words: hiding it would only spoil what is kept, and name its letters.
SHORTEST = 6


def hide_in(text: str, secret: str) -> str:
    """Return the text with a mask wherever the secret stands, plain or escaped as XML or a URL would have it."""
    if len(secret) < SHORTEST:
        return text
    for spelling in {
        secret,
        escape(secret, {'"': "&quot;", "'": "&apos;"}),
        escape(secret),
        quote(secret),
        quote_plus(secret),
    }:
        text = text.replace(spelling, mask(secret))
    return text


def hide(message: Message, secret: str) -> Message:
    """Return a frozen dataclass with the secret hidden in its texts, its octets and its headers."""
    if len(secret) < SHORTEST:
        return message
    changed = {}
    for item in fields(message):
        value = getattr(message, item.name)
        hidden = _hidden(value, secret)
        if hidden != value:
            changed[item.name] = hidden
    return replace(message, **changed) if changed else message


def _hidden(value: object, secret: str) -> object:
    if isinstance(value, str):
        return hide_in(value, secret) if type(value) is str else value
    if isinstance(value, bytes):
        return hide_in(value.decode("utf-8", "surrogateescape"), secret).encode("utf-8", "surrogateescape")
    if isinstance(value, tuple):
        return tuple(_hidden(item, secret) for item in value)
    return value
