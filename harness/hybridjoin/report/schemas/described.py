"""Puts the sentences of the tables into a schema that was made from the model's dataclasses."""

from __future__ import annotations

from typing import Any

from hybridjoin.report.schemas.result_words import RESULTS, SHARED
from hybridjoin.report.schemas.said_words import SAID


def described(schema: dict[str, Any], name: str) -> dict[str, Any]:
    """Return a schema whose members say what they are; `name` is that of its own type.

    A member that no table has stays without words: a test names it.
    """
    told = _with_words(schema, name)
    definitions = {each: _with_words(node, each) for each, node in schema.get("$defs", {}).items()}
    return {**told, **({"$defs": definitions} if definitions else {})}


def _with_words(node: dict[str, Any], name: str) -> dict[str, Any]:
    words = {**SHARED, **RESULTS.get(name, {}), **SAID.get(name, {})}
    members = node.get("properties", {})
    told = {key: {**value, "description": words[key]} if key in words else value for key, value in members.items()}
    return {**node, **({"properties": told} if told else {})}
