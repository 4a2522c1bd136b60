"""A message of the wire that came along in a file: the checks judge it before any lab is up."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class PartKind(StrEnum):
    """What the octets are."""

    MEX = "mex"
    TOKEN = "token"
    FAULT = "fault"
    REQUEST = "request"


@dataclass(frozen=True, slots=True, kw_only=True)
class RawPart:
    """A message, and where it was; `body` is as it came, secrets included: whoever keeps it masks it first."""

    kind: PartKind
    file: str
    line: int
    body: bytes = field(repr=False)

    @property
    def place(self) -> str:
        """Where it was, as `file:line`."""
        return f"{self.file}:{self.line}" if self.line else self.file
