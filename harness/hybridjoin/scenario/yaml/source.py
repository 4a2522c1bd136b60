"""YAML read with the place of everything in it: safe, bounded, no key twice, the YAML 1.2 core types only.

PyYAML's own loader keeps the last of two equal keys, turns `no` into False and forgets where a value
stood. Here the node tree is walked by hand, so that every later mistake can be pointed at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import yaml

from hybridjoin.errors import Mistake, UsageError
from hybridjoin.given import read_given

DataPath = tuple[str | int, ...]

MAX_BYTES: Final = 1_000_000
MAX_DEPTH: Final = 32
MAX_VALUES: Final = 50_000
_CORE: Final = "tag:yaml.org,2002:"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePlace:
    """A spot in a file; it reads as `file:line:column`."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Positions:
    """Where each key and value of a file stands; asked for a path that is not there, the nearest above it."""

    file: str
    keys: Mapping[DataPath, SourcePlace]
    values: Mapping[DataPath, SourcePlace]

    def key(self, path: DataPath) -> str:
        """Return `file:line:column` of a key (or of a list's item)."""
        return str(self._nearest(self.keys, path))

    def value(self, path: DataPath) -> str:
        """Return `file:line:column` of a value."""
        return str(self._nearest(self.values, path))

    def line(self, path: DataPath) -> int:
        """Return the line of a value."""
        return self._nearest(self.values, path).line

    def is_inherited(self, path: DataPath) -> bool:
        """Tell whether a value stands in another file, which this one extends."""
        place = self.values.get(path)
        return place is not None and place.file != self.file

    def _nearest(self, table: Mapping[DataPath, SourcePlace], path: DataPath) -> SourcePlace:
        while path and path not in table:
            path = path[:-1]
        return table.get(path) or SourcePlace(file=self.file, line=1, column=1)


class _Loader(yaml.SafeLoader):
    """Composes nodes with the YAML 1.2 core types: `on`, `no`, `12:30` and dates stay text.

    PyYAML's composer calls itself for each level: it is stopped before it runs out of stack.
    """

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's own class table
    _depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Compose what comes next.

        Raises:
            MarkedYAMLError: it opens one level too many.
        """
        opens = self.check_event(yaml.CollectionStartEvent)
        self._depth += opens
        if self._depth > MAX_DEPTH:
            opened = self.peek_event()  # type: ignore[no-untyped-call]  # its stubs have no types here
            raise _TooDeep(problem_mark=opened.start_mark)
        node: yaml.Node | None = super().compose_node(parent, index)
        self._depth -= opens
        return node


class _TooDeep(yaml.MarkedYAMLError):
    """More levels than a file may have."""


def _resolve(tag: str, pattern: str, first: str) -> None:
    for letter in first:
        known = _Loader.yaml_implicit_resolvers.setdefault(letter, [])
        known.append((_CORE + tag, re.compile(rf"(?:{pattern})\Z")))


_resolve("null", r"~|null|Null|NULL|", "~nN")
_Loader.yaml_implicit_resolvers[""] = [(_CORE + "null", re.compile(r"\Z"))]
_resolve("bool", r"true|True|TRUE|false|False|FALSE", "tTfF")
_resolve("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789")
_resolve("float", r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]+)?|[-+]?[0-9]+[eE][-+]?[0-9]+", "-+.0123456789")
CORE_TYPES: Final = MappingProxyType(_Loader.yaml_implicit_resolvers)
"""What a plain text is taken for: by its first letter, the tags with their patterns."""


def load_yaml(path: Path, *, name: str | None = None) -> tuple[Any, Positions]:
    """Read a YAML file; `name` is what the places call it.

    Raises:
        UsageError: the file has mistakes of grammar; every one is told.
    """
    shown = name or str(path)
    return parse_yaml(read_given(path, limit_bytes=MAX_BYTES, place=shown), file=shown)


def parse_yaml(raw: bytes, *, file: str) -> tuple[Any, Positions]:
    """Read YAML from memory; `file` is what the places call it.

    Raises:
        UsageError: the text has mistakes of grammar; every one is told.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as trouble:
        line = raw.count(b"\n", 0, trouble.start) + 1
        column = trouble.start - raw.rfind(b"\n", 0, trouble.start)
        place = f"{file}:{line}:{column}"
        raise UsageError(Mistake(place=place, problem="expected UTF-8 text, found other bytes")) from trouble
    node = _compose(text, file)
    builder = _Builder(file)
    data = builder.build(node, ()) if node is not None else None
    if builder.mistakes:
        raise UsageError(*builder.mistakes)
    return data, Positions(file=file, keys=builder.keys, values=builder.values)


def _compose(text: str, file: str) -> yaml.Node | None:
    try:
        loader = _Loader(text)
        try:
            return loader.get_single_node()
        finally:
            loader.dispose()
    except _TooDeep as trouble:
        place = _at(file, trouble.problem_mark)
        raise UsageError(Mistake(place=place, problem=f"expected at most {MAX_DEPTH} levels, found more")) from trouble
    except yaml.MarkedYAMLError as trouble:
        raise UsageError(_grammar_mistake(trouble, file)) from trouble
    except yaml.reader.ReaderError as trouble:
        line = text.count("\n", 0, trouble.position) + 1
        column = trouble.position - text.rfind("\n", 0, trouble.position)
        character = f"U+{ord(text[trouble.position]):04X}"
        problem = f"expected printable text, found the character {character}"
        raise UsageError(Mistake(place=f"{file}:{line}:{column}", problem=problem)) from trouble


def _at(file: str, mark: Any) -> str:  # noqa: ANN401 - one of PyYAML's two mark classes
    return f"{file}:{mark.line + 1}:{mark.column + 1}" if mark else file


def _grammar_mistake(trouble: yaml.MarkedYAMLError, file: str) -> Mistake:
    mark = trouble.problem_mark or trouble.context_mark
    place = _at(file, mark)
    words = " ".join(part for part in (trouble.context, trouble.problem) if part)
    hint = "indent with spaces" if "'\\t'" in words else ""
    return Mistake(place=place, problem=f"expected YAML, found: {words}", hint=hint)


class _Builder:
    """Turns nodes into plain data and remembers where each stood."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.keys: dict[DataPath, SourcePlace] = {}
        self.values: dict[DataPath, SourcePlace] = {}
        self.mistakes: list[Mistake] = []
        self._open: list[yaml.Node] = []

    def build(self, node: yaml.Node, path: DataPath) -> Any:  # noqa: ANN401 - plain YAML data
        """Return the data of a node; what is wrong with it is added to the mistakes."""
        if any(node is outer for outer in self._open):
            return self._refuse(node, "expected plain data, found an alias to something that contains it")
        if len(self.values) >= MAX_VALUES:
            if len(self.values) == MAX_VALUES:
                self._refuse(node, f"expected at most {MAX_VALUES} values, found more")
                self.values[(*path, "…")] = self._place(node)
            return None
        self.values[path] = self._place(node)
        self._open.append(node)
        try:
            return self._by_kind(node, path)
        finally:
            self._open.pop()

    def _by_kind(self, node: yaml.Node, path: DataPath) -> Any:  # noqa: ANN401
        if isinstance(node, yaml.MappingNode) and node.tag == _CORE + "map":
            return {key: self.build(value, (*path, key)) for key, value in self._pairs(node, path)}
        if isinstance(node, yaml.SequenceNode) and node.tag == _CORE + "seq":
            return [self._item(item, (*path, index)) for index, item in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        return self._refuse_tag(node)

    def _item(self, node: yaml.Node, path: DataPath) -> Any:  # noqa: ANN401
        self.keys[path] = self._place(node)
        return self.build(node, path)

    def _pairs(self, node: yaml.MappingNode, path: DataPath) -> Iterator[tuple[str, yaml.Node]]:
        seen: dict[str, int] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._refuse(key_node, "expected a word as the key, found a list or mapping")
                continue
            key = key_node.value
            if key in seen:
                self._refuse(key_node, f"the key '{key}' was already given on line {seen[key]}", "keep one of the two")
                continue
            seen[key] = key_node.start_mark.line + 1
            self.keys[(*path, key)] = self._place(key_node)
            yield key, value_node

    def _scalar(self, node: yaml.ScalarNode) -> Any:  # noqa: ANN401
        kind, text = node.tag.removeprefix(_CORE), node.value
        try:
            if kind == "int":
                return int(text, 0) if text[:2] in {"0x", "0o"} else int(text)
            if kind == "float":
                return float(text)
        except ValueError:
            return self._refuse(node, f"expected a number, found '{text[:40]}'")
        if kind == "bool":
            return text.lower() == "true"
        if kind in {"null", "str"}:
            return None if kind == "null" else text
        return self._refuse_tag(node)

    def _refuse_tag(self, node: yaml.Node) -> None:
        problem = f"expected plain data, found the tag {_short(node.tag)}"
        self._refuse(node, problem, "YAML tags are not used here")

    def _refuse(self, node: yaml.Node, problem: str, hint: str = "") -> None:
        self.mistakes.append(Mistake(place=str(self._place(node)), problem=problem, hint=hint))

    def _place(self, node: yaml.Node) -> SourcePlace:
        return SourcePlace(file=self.file, line=node.start_mark.line + 1, column=node.start_mark.column + 1)


def _short(tag: str) -> str:
    return tag.replace(_CORE, "!!")
