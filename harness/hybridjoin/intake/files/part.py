"""What came along in a file and is kept whole: messages of the wire, and screens of dsregcmd."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class PartKind(StrEnum):
    """What the octets are."""

    MEX = "mex"
    TOKEN = "token"
    FAULT = "fault"
    REQUEST = "request"
    SCREEN = "screen"


@dataclass(frozen=True, slots=True, kw_only=True)
class RawPart:
    """A message or a screen, and where it was; `body` is as it came, secrets included: whoever keeps it masks it."""

    kind: PartKind
    file: str
    line: int
    body: bytes = field(repr=False)

    @property
    def place(self) -> str:
        """Where it was, as `file:line`."""
        return f"{self.file}:{self.line}" if self.line else self.file
