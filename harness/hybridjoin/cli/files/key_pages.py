"""A schema as a page that a person reads: each mapping with its keys, what they take and what they mean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

Node = dict[str, Any]

_PREFIX: Final = "#/$defs/"
_KINDS: Final = {"string": "text", "boolean": "true or false", "integer": "whole number", "array": "list"}
_OBJECT: Final = "mapping"
_LONGEST_SET: Final = 24
_INTRODUCTION: Final = (
    "Made by `hybridjoin schema {name} --markdown` from the schema itself. `hybridjoin schema {name}` prints that for "
    "editors and validators. A key with * has to be there."
)


def key_page(name: str, schema: Node) -> str:
    """Return the page of a schema in Markdown; `name` is what the command calls the format."""
    return "\n".join((f"# {name}", "", _INTRODUCTION.format(name=name), "", *_Page(schema).lines())) + "\n"


class _Page:
    """Goes through a schema, one section for each mapping; a definition that is met again is referred to."""

    def __init__(self, schema: Node) -> None:
        self.schema = schema
        self.definitions: Node = schema.get("$defs", {})
        self.titles: dict[str, str] = {}
        self.waiting: list[tuple[str, Node]] = [("", schema)]

    def lines(self) -> Iterator[str]:
        """Yield the page's lines."""
        while self.waiting:
            title, node = self.waiting.pop(0)
            if title:
                yield from (f"## {title}", "")
            if node.get("description"):
                yield from (_plain(" ".join(node["description"].split())), "")
            required = set(node.get("required", ()))
            yield from ("| key | takes | meaning |", "|---|---|---|")
            for key, value in node.get("properties", {}).items():
                yield self._row(key, value, f"{title}.{key}" if title else key, required=key in required)
            yield ""
            self._variants(node)

    def _variants(self, node: Node) -> None:
        """Let each kind of line of a stream follow, which the schema tells apart by `event`."""
        for each in node.get("allOf", ()) if node is self.schema else ():
            name = each["then"]["$ref"].removeprefix(_PREFIX)
            self.waiting.append((name, self.definitions[name]))

    def _row(self, key: str, node: Node, path: str, *, required: bool) -> str:
        takes = self._takes(node, path)
        default = node.get("default")
        if default not in (None, [], {}, "", False):
            takes += f"; else {_code(default)}"
        meaning = _plain(str(node.get("description", "")))
        return f"| `{key}`{'&nbsp;*' if required else ''} | {takes} | {meaning} |"

    def _takes(self, node: Node, path: str) -> str:
        """Say what a value is; a mapping below it gets a section of its own."""
        if "$ref" in node:
            name = node["$ref"].removeprefix(_PREFIX)
            definition = self.definitions[name]
            return self._link(definition, self.titles.setdefault(name, path), new=self.titles[name] == path)
        if "anyOf" in node and "type" not in node:
            return " or ".join(
                dict.fromkeys(self._takes(item, path) for item in node["anyOf"] if item != {"type": "null"})
            )
        closed = _closed(node)
        kinds = node.get("type", "string" if closed else "")
        found = [self._kind(kind, node, path) for kind in (kinds if isinstance(kinds, list) else [kinds])]
        words = [word for word in dict.fromkeys(found) if word]
        if closed and len(closed) <= _LONGEST_SET:
            words = [*(word for word in words if word not in {"text", "number"}), " ".join(map(_code, closed))]
        return " or ".join(words) or "anything"

    def _kind(self, kind: str, node: Node, path: str) -> str:
        if kind == "array" and isinstance(node.get("items"), dict):
            return f"list of {self._takes(node['items'], path)}"
        if kind == "object" and node.get("maxProperties") == 1:
            return "name with its options"
        if kind == "object" and "properties" in node:
            return self._link(node, path, new=True)
        if kind == "object" and isinstance(node.get("additionalProperties"), dict):
            return f"names, each with {self._takes(node['additionalProperties'], path)}"
        if kind == "string" and "else" in node:
            return ""  # a reference to the matrix
        return "" if kind == "null" else _KINDS.get(kind, _OBJECT if kind == "object" else kind)

    def _link(self, node: Node, title: str, *, new: bool) -> str:
        if "properties" not in node:
            return self._takes(node, title)
        if new and (title, node) not in self.waiting:
            self.waiting.append((title, node))
        anchor = title.lower().replace(".", "").replace(" ", "-")
        return f"[{title}](#{anchor})"


def _closed(node: Node) -> list[Any]:
    for part in (
        node,
        node.get("else", {}),
        node.get("then", {}),
        *node.get("anyOf", ()),
        *node.get("then", {}).get("anyOf", ()),
    ):
        values = [part["const"]] if "const" in part else part.get("enum", [])
        if values:
            return list(dict.fromkeys(str(value) for value in values if value is not None))
    return []


def _plain(text: str) -> str:
    """Write text so that Markdown shows it as it is; what stands in backticks is shown so anyway."""
    parts = text.split("`")
    escaped = (part.replace("<", "&lt;").replace("*", r"\*") if at % 2 == 0 else part for at, part in enumerate(parts))
    return "`".join(escaped).replace("|", r"\|")


def _code(value: object) -> str:
    words = (
        ", ".join(map(str, value)) if isinstance(value, list) else str(value).lower() if value is True else str(value)
    )
    return f"`{words}`" if words else "``"
