"""What a PowerShell text is made of, as far as it is read: commands, their parameters, and values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal:
    """A text that stands in the script itself; `$null` is an empty one, `$true` the word."""

    text: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """What only PowerShell itself could work out; `text` is what stands there, shortened."""

    text: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HashTable:
    """`@{ name = value … }`, in its order; a name that comes twice keeps its last value."""

    pairs: tuple[tuple[str, Value], ...]
    line: int


Value = Literal | Expression | HashTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command: its name as written, where, and its parameters in their order.

    `conditional` says that it stands within braces, so that nobody can tell whether it would be carried out.
    """

    name: str
    line: int
    parameters: tuple[tuple[str, Value], ...]
    conditional: bool
