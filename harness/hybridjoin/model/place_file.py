"""The file that says what is under test, so that an answer can lead to the line that somebody has to look at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceFile:
    """A site or lab file by the name that it has on every machine, with the lines where its parts begin, from 1.

    A part is called by its way in the file, as `idp` or `idp.mex_url`; parts that are not written have no line.
    """

    file: str
    lines: tuple[tuple[str, int], ...] = ()

    def line_of(self, part: str) -> int:
        """Return where a part begins, else what it stands in, else the file's first line."""
        known = dict(self.lines)
        while part and part not in known:
            part = part.rpartition(".")[0]
        return known.get(part, 1)
