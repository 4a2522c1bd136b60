"""What a fault of the reference IdP is: a name, what it does, what may be chosen about it, and the choice made."""

from __future__ import annotations

from dataclasses import dataclass

OptionValue = str | int | float


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One choice about a fault; `type` is text, integer or number, `choices` closes the set where it is closed."""

    name: str
    type: str
    default: OptionValue
    sentence: str
    choices: tuple[OptionValue, ...] = ()

    def problem(self, value: object) -> str:
        """Say why a value will not do, or the empty string."""
        if self.choices and value not in self.choices:
            return f"expected one of {', '.join(map(str, self.choices))}, found {value!r}"
        kinds: dict[str, tuple[type, ...]] = {"text": (str,), "integer": (int,), "number": (int, float)}
        if not isinstance(value, kinds[self.type]) or isinstance(value, bool):
            return f"expected {'an' if self.type == 'integer' else 'a'} {self.type}, found {value!r}"
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A named misbehaviour: exactly what `sentence` says is changed, nothing else."""

    name: str
    area: str
    sentence: str
    options: tuple[Option, ...] = ()

    def option(self, name: str) -> Option | None:
        """Return the option of that name."""
        return next((option for option in self.options if option.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Misbehaviour:
    """A fault as chosen, all its options settled."""

    fault: Fault
    options: tuple[tuple[str, OptionValue], ...]

    @property
    def name(self) -> str:
        """The fault's name."""
        return self.fault.name

    def text(self, name: str) -> str:
        """Return an option as text."""
        return str(dict(self.options)[name])

    def number(self, name: str) -> float:
        """Return an option as a number."""
        return float(dict(self.options)[name])

    def integer(self, name: str) -> int:
        """Return an option as an integer."""
        return int(dict(self.options)[name])
