"""YAML with its places: plain data, and for every path in it the file, line and column it stands at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from harness.errors import Mistake, UsageError

DataPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Positions:
    """Where each key and value of one file stands; the nearest known parent answers for the rest."""

    file: Path
    marks: dict[DataPath, tuple[int, int]]

    def place(self, path: DataPath) -> str:
        """Return `file:line:column` of a path, or of the nearest parent that stands in the file."""
        while path and path not in self.marks:
            path = path[:-1]
        line, column = self.marks.get(path, (1, 1))
        return f"{self.file}:{line}:{column}"


def load_yaml(path: Path) -> tuple[object, Positions]:
    """Read a YAML file; raise UsageError where it cannot be read, is not YAML, or says a key twice."""
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise UsageError(Mistake(place=str(path), problem=f"the file cannot be read: {error.strerror}")) from error
    except UnicodeDecodeError as error:
        raise UsageError(Mistake(place=str(path), problem=f"expected UTF-8, found byte {error.start}")) from error
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
        raise UsageError(Mistake(place=place, problem=f"this is not YAML: {error.problem or error.context}")) from error
    except yaml.YAMLError as error:
        raise UsageError(Mistake(place=str(path), problem=f"this is not YAML: {error}")) from error
    positions = Positions(file=path, marks={})
    twice: list[Mistake] = []
    if root is not None:
        _walk(root, (), positions, twice)
    if twice:
        raise UsageError(*twice)
    return data, positions


def _walk(node: yaml.Node, path: DataPath, positions: Positions, twice: list[Mistake]) -> None:
    """Note a node's mark and go on with its children; a mapping's entry is placed at its key."""
    positions.marks.setdefault(path, (node.start_mark.line + 1, node.start_mark.column + 1))
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _walk(item, (*path, index), positions, twice)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*path, str(key.value))
            if inner in positions.marks:
                place = f"{positions.file}:{key.start_mark.line + 1}:{key.start_mark.column + 1}"
                twice.append(Mistake(place=place, problem=f"the key {key.value!r} stands here a second time"))
            positions.marks[inner] = (key.start_mark.line + 1, key.start_mark.column + 1)
            _walk(value, inner, positions, twice)
