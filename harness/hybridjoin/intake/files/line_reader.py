"""Reads a text passage by passage: each begins with a line that one format alone has, and belongs to its reader."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from hybridjoin.intake.files.fact import Basis, Fact, Strength
from hybridjoin.intake.files.part import RawPart
from hybridjoin.intake.files.text_lines import TextLine

LIMIT_PASSAGE: Final = 20_000
"""Lines that a reader holds before it reads them; a screen has some hundreds."""

PROMPT: Final = re.compile(r"(?:PS [^>]{0,260}|[A-Za-z]:\\[^>]{0,260})>")


class LineReader(ABC):
    """Takes the lines of one passage; what it has found is given when asked for, and when the passage ends."""

    def __init__(self, file: str) -> None:
        self.file = file

    @abstractmethod
    def is_ours(self, text: str) -> bool:
        """Tell whether a line is certainly one of this format, so that no other one is asked."""

    def ends(self, text: str) -> bool:
        """Tell whether the passage is over before this line, whatever it is."""
        del text
        return False

    @abstractmethod
    def take(self, line: TextLine) -> None:
        """Take a line of the passage."""

    @abstractmethod
    def found(self) -> Iterator[Fact]:
        """Give the facts found since the last time."""

    def close(self) -> Iterator[Fact]:
        """Give what is left when the passage has ended."""
        yield from self.found()

    def parts(self) -> Iterator[RawPart]:
        """Give what is kept whole of the passage, once it has ended."""
        yield from ()

    def fact(
        self,
        key: str,
        value: str,
        line: int,
        basis: Basis,
        *,
        of: str = "",
        strength: Strength = Strength.PROVES,
    ) -> Fact:
        """Make a fact of this file; `key` is `about.name`."""
        about, _, name = key.partition(".")
        return Fact(
            about=about,
            name=name,
            value=value.strip(),
            file=self.file,
            line=line,
            basis=basis,
            of=of,
            strength=strength,
        )


class ScreenReader(LineReader):
    """A reader that needs the whole passage, such as a screen that a console may have wrapped."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.lines: list[TextLine] = []

    def take(self, line: TextLine) -> None:
        """Hold a line, as long as there is room."""
        if len(self.lines) < LIMIT_PASSAGE:
            self.lines.append(line)

    @abstractmethod
    def read(self) -> Iterator[Fact]:
        """Read the whole passage."""

    def found(self) -> Iterator[Fact]:
        """Give nothing before the passage has ended."""
        yield from ()

    def close(self) -> Iterator[Fact]:
        """Read the passage."""
        yield from self.read()
        self.lines = []


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFormat:
    """A format of lines; `begins` is how its first line begins, after blanks. `yields` says what facts it has."""

    name: str
    begins: str
    reader: type[LineReader]
    yields: str


class Passages:
    """Leads each line of a text to the reader of the passage that it stands in.

    `recognised` counts facts by format, `seen` are the formats of all passages, those without a fact too; `parts` is
    what readers keep whole, and may be emptied while lines still come.
    """

    def __init__(self, file: str, formats: Sequence[TextFormat]) -> None:
        self._file = file
        self._formats = tuple(formats)
        branches = "|".join(f"({item.begins})" for item in self._formats)
        self._begins = re.compile(rf"\s*(?:{branches})")
        self._active: LineReader | None = None
        self._name = ""
        self.recognised: dict[str, int] = {}
        self.seen: dict[str, None] = {}
        self.parts: list[RawPart] = []
        self.count = 0

    def read(self, lines: Iterable[TextLine]) -> Iterator[Fact]:
        """Yield the facts of a text."""
        for line in lines:
            self.count = line.number
            yield from self._line(line)
        yield from self._close()

    def _line(self, line: TextLine) -> Iterator[Fact]:
        active, text = self._active, line.text
        over = active is not None and active.ends(text)
        if active is not None and not over and active.is_ours(text):
            active.take(line)
            yield from self._counted(active.found())
            return
        begun = self._begins.match(text)
        if begun is not None and begun.lastindex is not None:
            yield from self._close()
            chosen = self._formats[begun.lastindex - 1]
            self._active, self._name = chosen.reader(self._file), chosen.name
            self.seen[chosen.name] = None
            self._active.take(line)
            yield from self._counted(self._active.found())
        elif over or PROMPT.match(text):
            yield from self._close()
        elif active is not None:
            active.take(line)

    def _close(self) -> Iterator[Fact]:
        if self._active is not None:
            yield from self._counted(self._active.close())
            self.parts.extend(self._active.parts())
        self._active = None

    def _counted(self, facts: Iterable[Fact]) -> Iterator[Fact]:
        for fact in facts:
            self.recognised[self._name] = self.recognised.get(self._name, 0) + 1
            yield fact
