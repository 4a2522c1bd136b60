"""`python -m benchmarks.house [FOLDER]`: how big, how frozen and how tangled a package is, read off its source.

FOLDER is the folder that the package lies in; without one it is this checkout's own. Nothing is imported.
"""

from __future__ import annotations

import ast
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "hybridjoin"
HARNESS = Path(__file__).parents[1] / "harness" / PACKAGE
APART = "doubles"  # an independent reading, with names of its own

Functions = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One file of the package, parsed."""

    name: str
    path: Path
    lines: int
    tree: ast.Module
    is_package: bool


def read_package(folder: Path) -> tuple[Module, ...]:
    """Parse every module below a package's folder."""
    return tuple(_read(path, folder) for path in sorted(folder.rglob("*.py")))


def _read(path: Path, folder: Path) -> Module:
    text = path.read_text("utf-8")
    inner = path.relative_to(folder).with_suffix("").parts
    is_package = inner[-1] == "__init__"
    name = ".".join((folder.name, *(inner[:-1] if is_package else inner)))
    return Module(name=name, path=path, lines=len(text.splitlines()), tree=ast.parse(text), is_package=is_package)


def function_lengths(modules: Iterable[Module]) -> list[int]:
    """Return the lines of every function, from `def` to its end."""
    return [
        (node.end_lineno or node.lineno) - node.lineno + 1
        for module in modules
        for node in ast.walk(module.tree)
        if isinstance(node, Functions)
    ]


def frozen_share(modules: Iterable[Module]) -> tuple[int, int]:
    """Return how many dataclasses are frozen, and how many there are."""
    made = [
        decorator
        for module in modules
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
        for decorator in node.decorator_list
        if "dataclass" in ast.unparse(decorator).partition("(")[0]
    ]
    return sum("frozen=True" in ast.unparse(item) for item in made), len(made)


def imports(modules: Sequence[Module]) -> dict[str, frozenset[str]]:
    """Return which modules of the package each one imports, wherever in the file and for whatever reason."""
    known = frozenset(module.name for module in modules)
    return {module.name: frozenset(_imported(module, known)) - {module.name} for module in modules}


def _imported(module: Module, known: frozenset[str]) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (item.name for item in node.names if item.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module in known:
            inner = [f"{node.module}.{item.name}" for item in node.names]
            yield from (name if name in known else node.module for name in inner)


def knots(graph: Mapping[str, frozenset[str]]) -> list[tuple[str, ...]]:
    """Return the sets of modules that import one another in a circle, the largest first."""
    reach = {name: _reachable(name, graph) for name in graph}
    found = {
        tuple(sorted(other for other in reach[name] if name in reach[other])) for name in graph if name in reach[name]
    }
    return sorted(found, key=len, reverse=True)


def _reachable(start: str, graph: Mapping[str, frozenset[str]]) -> frozenset[str]:
    seen: set[str] = set()
    left = list(graph[start])
    while left:
        name = left.pop()
        if name not in seen:
            seen.add(name)
            left.extend(graph[name])
    return frozenset(seen)


def ambiguous_names(modules: Iterable[Module]) -> dict[str, int]:
    """Return the public class names that more than one class outside the doubles has."""
    names = Counter(
        node.name
        for module in modules
        if f".{APART}." not in f"{module.name}."
        for node in module.tree.body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    return {name: number for name, number in names.items() if number > 1}


def at(values: Sequence[int], share: float) -> int:
    """Return the value that this share of all values does not pass."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def figures(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield each figure's name and value."""
    modules = read_package(folder)
    sizes = [module.lines for module in modules]
    filled = [module.lines for module in modules if not module.is_package]
    functions = function_lengths(modules)
    frozen, dataclasses = frozen_share(modules)
    tied = knots(imports(modules))
    twice = ambiguous_names(modules)
    yield "modules, lines", f"{len(sizes)}, {sum(sizes)}"
    yield "lines of a module, median / p90 / max", f"{at(filled, 0.5)} / {at(filled, 0.9)} / {max(filled)}"
    yield "lines of a function, median / p99 / max", f"{at(functions, 0.5)} / {at(functions, 0.99)} / {max(functions)}"
    yield "frozen dataclasses", f"{frozen} of {dataclasses} ({frozen / dataclasses:.1%})" if dataclasses else "none"
    yield "import knots", f"{len(tied)}" + "".join(f"\n  {' '.join(knot)}" for knot in tied)
    yield f"class names with two meanings outside {APART}", f"{len(twice)} {' '.join(twice)}".rstrip()


def main(arguments: Sequence[str]) -> int:
    """Print the figures of one package."""
    folder = Path(arguments[0]) if arguments else HARNESS
    if not any(folder.glob("*.py")):
        print(f"benchmarks.house: {folder}: expected the folder of a Python package, found none", file=sys.stderr)
        return 2
    for name, value in figures(folder):
        print(f"{name:<46} {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
