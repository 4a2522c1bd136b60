"""What a fault of a double is: a name, what it does, what may be chosen about it, and the choice made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from hybridjoin.doubles.settings import Reader, found, near

OptionValue = str | int | float | tuple[str, ...]

_KINDS: Mapping[str, tuple[type, ...]] = {
    "text": (str,),
    "integer": (int,),
    "number": (int, float),
    "list": (list, tuple),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One choice about a fault.

    `type` is text, integer, number or list (of texts); `choices` closes the set where it is closed, `least` and `most`
    bound a number.
    """

    name: str
    type: str
    default: OptionValue
    sentence: str
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None

    def problem(self, value: object) -> str:
        """Say why a value will not do, or the empty string."""
        wrong = not isinstance(value, _KINDS[self.type]) or isinstance(value, bool)
        if self.choices and (wrong or not self._chosen_from(value)):
            some = "a list out of" if self.type == "list" else "one of"
            return f"expected {some} {', '.join(self.choices)}, found {found(value)}"
        if wrong or not self._within(value):
            return f"expected {self._kind}, found {found(value)}"
        return ""

    def _chosen_from(self, value: object) -> bool:
        items = value if isinstance(value, list | tuple) else (value,)
        return bool(items) and all(str(item) in self.choices for item in items)

    def _within(self, value: object) -> bool:
        low, high = self.least, self.most
        if not isinstance(value, int | float):
            return True
        return (low is None or value >= low) and (high is None or value <= high)

    @property
    def _kind(self) -> str:
        kind = f"{'an' if self.type == 'integer' else 'a'} {self.type}"
        if self.most is not None:
            return f"{kind} from {self.least or 0:g} to {self.most:g}"
        return kind if self.least is None else f"{kind} not below {self.least:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A named misbehaviour of a part of the double: exactly what `sentence` says is changed, nothing else."""

    name: str
    area: str
    sentence: str
    options: tuple[Option, ...] = ()

    @classmethod
    def described(cls, data: Mapping[str, Any]) -> Fault:
        """Return a fault that is described as plain data, under the names of the fields here."""
        return cls(**{**data, "options": tuple(Option(**option) for option in data["options"])})

    def option(self, name: str) -> Option | None:
        """Return the option of that name."""
        return next((option for option in self.options if option.name == name), None)

    def problems(self, options: Mapping[str, object]) -> Iterator[tuple[str, str]]:
        """Yield each option that was chosen wrongly, and why."""
        names = [option.name for option in self.options]
        for name, value in options.items():
            option = self.option(name)
            if option is None:
                known = ", ".join(names) or "none"
                yield name, f"{self.name} has no option {name!r}; it has: {known}{near(name, names)}"
            elif problem := option.problem(value):
                yield name, problem

    def chosen(self, **options: object) -> Misbehaviour:
        """Return the fault switched on, with the defaults of the options that were not chosen."""
        settled: dict[str, OptionValue] = {option.name: option.default for option in self.options}
        for name, value in options.items():
            if isinstance(value, str | int | float):
                settled[name] = value
            elif isinstance(value, list | tuple):
                settled[name] = tuple(value)
        return Misbehaviour(fault=self, options=tuple(settled.items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Misbehaviour:
    """A fault that is switched on, all its options settled."""

    fault: Fault
    options: tuple[tuple[str, OptionValue], ...]

    @property
    def name(self) -> str:
        """The fault's name."""
        return self.fault.name

    def text(self, name: str) -> str:
        """Return an option that is a text."""
        return str(self._value(name))

    def number(self, name: str) -> float:
        """Return an option that is a number."""
        value = self._value(name)
        return 0.0 if isinstance(value, tuple) else float(value)

    def integer(self, name: str) -> int:
        """Return an option that is an integer."""
        return int(self.number(name))

    def words(self, name: str) -> tuple[str, ...]:
        """Return an option that is a list."""
        value = self._value(name)
        return value if isinstance(value, tuple) else (str(value),)

    def _value(self, name: str) -> OptionValue:
        return dict(self.options)[name]


def by_name(faults: Iterable[Fault]) -> Mapping[str, Fault]:
    """Return a table of faults by their names."""
    return {fault.name: fault for fault in faults}


def read_faults(reader: Reader, known: Mapping[str, Fault]) -> tuple[Misbehaviour, ...]:
    """Read the setting `faults` of a double: a list of names with their options."""
    chosen = reader.each("faults", partial(_read_fault, known=known))
    return tuple(fault for fault in chosen if fault is not None)


def _read_fault(reader: Reader, *, known: Mapping[str, Fault]) -> Misbehaviour | None:
    name, options = reader.text("name"), reader.plain("options")
    fault = known.get(name)
    if fault is None:
        if name:
            reader.mistake("name", f"no fault is called {name!r}{near(name, known)}")
        return None
    problems = tuple(fault.problems(options))
    for option, problem in problems:
        reader.mistake(f"options.{option}", problem)
    return None if problems else fault.chosen(**options)
