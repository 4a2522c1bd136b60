"""The product's own modules, parsed and walked through once for all the tests that read them."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from benchmarks.house import HARNESS, Module, read_package

ROOT = Path(__file__).parents[2]


@cache
def package() -> tuple[Module, ...]:
    """Return every module of the package."""
    return read_package(HARNESS)


@cache
def functions_and_calls() -> tuple[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef | ast.Call], ...]:
    """Return every function and every call below harness/ and containers/, each with the name of its file."""
    found = [(module.path, module.tree) for module in package()]
    found += [(path, ast.parse(path.read_text("utf-8"))) for path in sorted((ROOT / "containers").rglob("*.py"))]
    return tuple(
        (str(path.relative_to(ROOT)), node)
        for path, tree in found
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Call)
    )
