"""Writes a file of ours with the place of the evidence beside each line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import yaml

from hybridjoin.intake.files.fact import Fact
from hybridjoin.scenario.yaml.dumper import CoreDumper

_WIDE: Final = 1_000_000
_LONGEST: Final = 200
_FEW: Final = 3


@dataclass(frozen=True, slots=True)
class ToldValue:
    """A value, and why it stands there; `code` writes a number as Windows prints it."""

    value: Any
    why: str = ""
    code: bool = False


Tree = Mapping[str, Any]
"""Keys with a `ToldValue`, another tree, or a list of trees."""


def told_yaml(tree: Tree, *, head: Iterable[str] = ()) -> bytes:
    """Write a tree, below the lines of `head` as comments."""
    lines = [*(f"# {_line(words)}".rstrip() for words in head), *_rows(tree, "")]
    return "".join(f"{line}\n" for line in lines).encode()


def _rows(tree: Tree, indent: str) -> Iterator[str]:
    for key, node in tree.items():
        if isinstance(node, ToldValue):
            if node.why:
                yield f"{indent}# {_line(node.why)}"
            value = f"0x{node.value:08x}" if node.code else _flow(node.value)
            yield f"{indent}{_flow(key)}: {value}"
        elif isinstance(node, Mapping):
            yield f"{indent}{_flow(key)}:"
            yield from _rows(node, f"{indent}  ")
        else:
            yield f"{indent}{_flow(key)}:"
            for item in node:
                yield from _item(item, f"{indent}  ")


def _item(tree: Tree, indent: str) -> Iterator[str]:
    """Write a mapping as an item of a list; its first key stands behind the dash, its comment above it."""
    rows = list(_rows(tree, f"{indent}  "))
    at = next(number for number, row in enumerate(rows) if not row.lstrip().startswith("#"))
    yield from (row.removeprefix("  ") for row in rows[:at])
    yield f"{indent}- {rows[at].lstrip()}"
    yield from rows[at + 1 :]


def _flow(value: Any) -> str:  # noqa: ANN401 - plain YAML data
    """Write a value on one line, whatever stands in it."""
    return str(yaml.dump([value], Dumper=CoreDumper, default_flow_style=True, width=_WIDE, sort_keys=False)).strip()[
        1:-1
    ]


def _line(words: str) -> str:
    """Return a comment that stays one line, whatever a stranger wrote into it."""
    text = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def at(facts: Iterable[Fact]) -> str:
    """Name the lines that facts stand on."""
    places = list(dict.fromkeys(fact.place for fact in facts))
    more = f" and {len(places) - _FEW} more" if len(places) > _FEW else ""
    return ", ".join(places[:_FEW]) + more
