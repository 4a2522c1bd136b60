"""JSON Schemas laid flat: one node for a value, whatever kinds of value it takes.

pydantic writes a union as `anyOf` of its members, and an optional key as a union with null. A validator that is asked
what is wrong then says of a misspelled word that it is "not of type 'null'", and an editor offers nothing. The words
of JSON Schema speak of one kind of value each: `properties` of objects, `items` of lists, `pattern` of texts. So the
members of a union of different kinds are one node with several types.
"""

from __future__ import annotations

from typing import Any, Final

Node = dict[str, Any]
NULL: Final[Node] = {"type": "null"}

_PREFIX: Final = "#/$defs/"
_ASIDE: Final = ("description", "default")
_CLOSED: Final = ("enum", "const")


def flat(schema: Node) -> Node:
    """Return a schema without unions of kinds, and without the titles that pydantic makes of keys.

    A union stays one where its members are of one kind, or where one of them is defined elsewhere and the other null.
    """
    return _walked(schema, schema.get("$defs", {}))


def _walked(node: Node, definitions: Node) -> Node:
    if "anyOf" in node:
        return _union(node, definitions)
    laid: Node = {}
    for key, value in node.items():
        if key in {"properties", "patternProperties", "$defs"}:
            laid[key] = {name: _walked(item, definitions) for name, item in value.items()}
        elif isinstance(value, dict) and key != "default":
            laid[key] = _walked(value, definitions)
        elif key in {"oneOf", "allOf", "prefixItems"}:
            laid[key] = [_walked(item, definitions) for item in value]
        elif key != "title":
            laid[key] = value
    return laid


def _union(node: Node, definitions: Node) -> Node:
    aside = {key: node[key] for key in _ASIDE if node.get(key) is not None}
    members = [item for item in node["anyOf"] if item != NULL]
    null = ["null"] if NULL in node["anyOf"] else []
    parts = [_walked(_resolved(item, definitions), definitions) for item in members]
    kinds = [kind for part in parts for kind in kinds_of(part)]
    if _defined_elsewhere(members, kinds) or len(set(kinds)) < len(kinds):
        return {"anyOf": [_walked(item, definitions) for item in node["anyOf"]], **aside}
    one: Node = {key: value for part in parts for key, value in part.items() if key not in (*_ASIDE, *_CLOSED)}
    one["type"] = [*kinds, *null] if len(kinds) + len(null) > 1 else kinds[0]
    closed = [value for part in parts for value in closed_set(part)]
    if not closed:
        return {**aside, **one}
    if len(parts) == 1:
        return {**aside, **one, "enum": [*closed, *([None] if null else [])]}
    # The set closes the texts alone: what is of another kind has keywords of its own.
    return {**aside, **one, "if": {"type": "string"}, "then": {"enum": closed}}


def _defined_elsewhere(members: list[Node], kinds: list[str]) -> bool:
    """Whether only a definition is meant, or null: what it says stays said once."""
    return len(members) == 1 and "$ref" in members[0] and kinds == ["object"]


def _resolved(node: Node, definitions: Node) -> Node:
    return definitions[str(node["$ref"]).removeprefix(_PREFIX)] if "$ref" in node else node


def kinds_of(node: Node) -> list[str]:
    """Return the kinds of value that a node takes, in the words of JSON Schema."""
    kind = node.get("type", "string" if closed_set(node) else "any")
    return list(kind) if isinstance(kind, list) else [str(kind)]


def closed_set(node: Node) -> list[Any]:
    """Return the values that a node is closed to; none where it is open."""
    return [node["const"]] if "const" in node else list(node.get("enum", ()))
