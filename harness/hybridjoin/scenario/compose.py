"""`extends` and `matrix`: from the files as written to the documents that stand alone, places kept."""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from hybridjoin.errors import Mistake, UsageError
from hybridjoin.given import is_file
from hybridjoin.scenario.yaml.source import DataPath, Positions, SourcePlace, load_yaml
from hybridjoin.scenario.yaml.validate import describe, nearest

MAX_EXPANSIONS: Final = 200
MAX_FILES: Final = 32
"""How many files one may extend, one through the other."""
_NOT_INHERITED: Final = frozenset({"id", "title", "extends", "matrix"})
_AXIS_NAME: Final = re.compile(r"[a-z][a-z0-9_]*\Z")
_REFERENCE: Final = re.compile(r"\$\{\s*matrix\.([^}|\s]*)\s*\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A mapping with the places of everything in it, which may come from several files."""

    data: dict[str, Any]
    positions: Positions

    def below(self, path: DataPath) -> Document:
        """Return the mapping at a path as a document of its own."""
        here: Any = self.data
        for step in path:
            here = here[step]
        return Document(data=here, positions=_cut(self.positions, path))


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One scenario of a matrix; `suffix` is `[axis=value,…]`, empty where there is no matrix.

    `mistakes` are those of its references to the matrix; what they stand in is left as it was written.
    """

    document: Document
    suffix: str
    mistakes: tuple[Mistake, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Inheritance:
    """How a kind of file extends another one.

    `own` are keys that are never inherited, `nothing` those whose null says "there is none" instead of taking away what
    was inherited, and `named` finds files by a name of their own, where a kind of file has any.
    """

    own: frozenset[str]
    nothing: frozenset[str] = frozenset()
    named: Callable[[str], Path | None] = lambda _: None


SCENARIOS: Final = Inheritance(own=_NOT_INHERITED)


def load_document(path: Path, *, name: str, rules: Inheritance = SCENARIOS) -> Document:
    """Read a file and what it extends; raise UsageError for what is not a mapping, not there, or in a circle."""
    return _load(path, name, rules, ())


def _load(path: Path, name: str, rules: Inheritance, above: tuple[Path, ...]) -> Document:
    data, positions = load_yaml(path, name=name)
    if not isinstance(data, dict):
        raise UsageError(Mistake(place=positions.value(()), problem=f"expected a mapping, found {describe(data)}"))
    document = Document(data=data, positions=positions)
    if "extends" not in data:
        return document
    base, shown = _base(path, name, document, rules)
    place, target = positions.value(("extends",)), data["extends"]
    if base.absolute() in (path.absolute(), *above):
        raise UsageError(Mistake(place=place, problem=f"'{target}' extends itself, directly or through others"))
    if len(above) >= MAX_FILES:
        raise UsageError(Mistake(place=place, problem=f"expected at most {MAX_FILES} files that extend one another"))
    inherited = _load(base, shown, rules, (*above, path.absolute()))
    kept = {key: value for key, value in inherited.data.items() if key not in rules.own}
    own = Document(data={key: value for key, value in data.items() if key != "extends"}, positions=positions)
    return merge(Document(data=kept, positions=inherited.positions), own, nothing=rules.nothing)


def _base(path: Path, name: str, document: Document, rules: Inheritance) -> tuple[Path, str]:
    """Return the file that another one extends, and what its places call it."""
    place, target = document.positions.value(("extends",)), document.data["extends"]
    if not isinstance(target, str) or not target:
        raise UsageError(Mistake(place=place, problem=f"expected the path of a file, found {describe(target)}"))
    named = rules.named(target)
    base = named or Path(os.path.normpath(path.parent / target))
    if not is_file(base):
        raise UsageError(Mistake(place=place, problem=f"expected the path of a file, found none at '{target}'"))
    return base, named.name if named else Path(os.path.normpath(Path(name).parent / target)).as_posix()


def merge(base: Document, over: Document, *, nothing: frozenset[str] = frozenset()) -> Document:
    """Lay one document over another: mappings are merged, everything else replaced, null takes away.

    Of the keys in `nothing` null is a value that replaces like any other.
    """
    replaced: set[DataPath] = set()
    data = _merge(base.data, over.data, (), replaced, nothing)
    keys = _places(base.positions.keys, over.positions.keys, replaced)
    values = _places(base.positions.values, over.positions.values, replaced)
    return Document(data=data, positions=Positions(file=over.positions.file, keys=keys, values=values))


def _merge(
    base: dict[str, Any], over: dict[str, Any], path: DataPath, replaced: set[DataPath], nothing: frozenset[str]
) -> dict[str, Any]:
    """Return both in one; the paths of what was replaced whole are added to `replaced`."""
    result = dict(base)
    for key, value in over.items():
        here = (*path, key)
        if value is None and key in base and key not in nothing:
            del result[key]
        elif isinstance(value, dict) and isinstance(base.get(key), dict):
            result[key] = _merge(base[key], value, here, replaced, nothing)
        else:
            result[key] = value
            replaced.add(here)
    return result


def _places(
    base: Mapping[DataPath, SourcePlace], over: Mapping[DataPath, SourcePlace], replaced: set[DataPath]
) -> dict[DataPath, SourcePlace]:
    """Return the places of both, those of the second in and below what it replaced."""

    def is_replaced(path: DataPath) -> bool:
        return any(path[:length] in replaced for length in range(1, len(path) + 1))

    kept = {path: place for path, place in base.items() if not is_replaced(path)}
    return kept | {path: place for path, place in over.items() if is_replaced(path)}


def _cut(positions: Positions, path: DataPath) -> Positions:
    def cut(table: Any) -> dict[DataPath, SourcePlace]:  # noqa: ANN401 - a mapping of places
        return {known[len(path) :]: place for known, place in table.items() if known[: len(path)] == path}

    return Positions(file=positions.file, keys=cut(positions.keys), values=cut(positions.values))


def expand(document: Document) -> tuple[Variant, ...]:
    """Return a scenario for each combination of the matrix; raise UsageError for a matrix that is none."""
    if "matrix" not in document.data:
        return (_substituted(document, {}, suffix=""),)
    axes = [[(axis, name, value) for name, value in _choices(choices)] for axis, choices in _matrix(document).items()]
    rest = {key: value for key, value in document.data.items() if key != "matrix"}
    plain = Document(data=rest, positions=document.positions)
    return tuple(_variant(plain, document, picks) for picks in itertools.product(*axes))


def _variant(plain: Document, whole: Document, picks: tuple[tuple[str, str, Any], ...]) -> Variant:
    composed = plain
    for axis, name, value in picks:
        if isinstance(value, dict) and value:
            composed = merge(composed, whole.below(("matrix", axis, name)))
    known = {axis: name if isinstance(value, dict) else value for axis, name, value in picks}
    suffix = ",".join(f"{axis}={name}" for axis, name, _ in picks)
    return _substituted(composed, known, suffix=f"[{suffix}]")


def _choices(choices: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - plain YAML data
    if isinstance(choices, dict):
        return ((name, value or {}) for name, value in choices.items())
    return ((_word(value), value) for value in choices)


def _word(value: object) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _matrix(document: Document) -> dict[str, Any]:
    matrix, positions = document.data["matrix"], document.positions
    mistakes: list[Mistake] = []
    if not isinstance(matrix, dict) or not matrix:
        problem = f"expected axes with their values, found {describe(matrix or None)}"
        raise UsageError(Mistake(place=positions.value(("matrix",)), problem=problem))
    count = 1
    for axis, choices in matrix.items():
        mistakes.extend(_axis_mistakes(axis, choices, positions))
        count *= len(choices) if isinstance(choices, (list, dict)) else 1
    if count > MAX_EXPANSIONS:
        problem = f"expected at most {MAX_EXPANSIONS} scenarios of one matrix, found {count}"
        mistakes.append(Mistake(place=positions.key(("matrix",)), problem=problem))
    if mistakes:
        raise UsageError(*mistakes)
    return matrix


def _axis_mistakes(axis: str, choices: object, positions: Positions) -> Iterator[Mistake]:
    path: DataPath = ("matrix", axis)
    if not _AXIS_NAME.match(axis):
        yield Mistake(place=positions.key(path), problem=f"expected a lower-case word as the axis, found '{axis}'")
    if not isinstance(choices, (list, dict)) or not choices:
        problem = f"expected a list of values, or names with what each changes, found {describe(choices or None)}"
        yield Mistake(place=positions.value(path), problem=problem)
        return
    items = choices.items() if isinstance(choices, dict) else enumerate(choices)
    for key, value in items:
        here = positions.value((*path, key))
        if isinstance(choices, dict) and not (value is None or isinstance(value, dict)):
            yield Mistake(place=here, problem=f"expected a mapping of what it changes, found {describe(value)}")
        if isinstance(choices, list) and (value is None or isinstance(value, (list, dict))):
            yield Mistake(place=here, problem=f"expected a plain value, found {describe(value)}")
        if isinstance(value, dict) and (wrong := _NOT_INHERITED & value.keys()):
            for word in sorted(wrong):
                yield Mistake(
                    place=positions.key((*path, key, word)), problem=f"'{word}' cannot be changed by a matrix"
                )


def _substituted(document: Document, known: dict[str, Any], *, suffix: str) -> Variant:
    walker = _Substitution(document, known)
    data = walker.walk(document.data, (), ())
    positions = Positions(file=document.positions.file, keys=walker.keys, values=walker.values)
    return Variant(document=Document(data=data, positions=positions), suffix=suffix, mistakes=tuple(walker.mistakes))


class _Substitution:
    """Writes the matrix's values into keys and values, and moves the places along."""

    def __init__(self, document: Document, known: dict[str, Any]) -> None:
        self.positions = document.positions
        self.known = known
        self.keys: dict[DataPath, SourcePlace] = {}
        self.values: dict[DataPath, SourcePlace] = {}
        self.mistakes: list[Mistake] = []

    def walk(self, node: Any, old: DataPath, new: DataPath) -> Any:  # noqa: ANN401 - plain YAML data
        """Return the node with its references written out."""
        if old in self.positions.values:
            self.values[new] = self.positions.values[old]
        if old in self.positions.keys:
            self.keys[new] = self.positions.keys[old]
        if isinstance(node, dict):
            named = [(_word(self._write(key, self.positions.key((*old, key)))), key) for key in node]
            self._refuse_twins([name for name, _ in named], old)
            return {name: self.walk(node[key], (*old, key), (*new, name)) for name, key in named}
        if isinstance(node, list):
            return [self.walk(item, (*old, index), (*new, index)) for index, item in enumerate(node)]
        return self._write(node, self.positions.value(old)) if isinstance(node, str) else node

    def _refuse_twins(self, names: list[str], old: DataPath) -> None:
        for name in sorted({name for name in names if names.count(name) > 1}):
            problem = f"the key '{name}' is given twice once the matrix is written out"
            self.mistakes.append(Mistake(place=self.positions.value(old), problem=problem))

    def _write(self, text: str, place: str) -> Any:  # noqa: ANN401 - plain YAML data
        for match in _REFERENCE.finditer(text):
            axis = match[1]
            if axis not in self.known:
                problem = f"the matrix has no axis '{axis}'"
                self.mistakes.append(Mistake(place=place, problem=problem, hint=nearest(axis, self.known)))
                return text
            if match[0] == text:
                return self.known[axis]
        return _REFERENCE.sub(lambda match: _word(self.known[match[1]]), text)
