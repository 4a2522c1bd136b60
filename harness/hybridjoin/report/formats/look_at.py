"""The file and line that somebody has to look at: of an answer, the part of the site file that it is about."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Final

from hybridjoin.model.flows import FLOWS
from hybridjoin.model.place_file import PlaceFile
from hybridjoin.model.steps import Step
from hybridjoin.model.where import Where
from hybridjoin.report.formats.catalogue import RECORD

_PARTIES: Final = MappingProxyType({row.step: row.party for flow in FLOWS for row in flow})
_PLACE: Final = re.compile(r"(?P<file>.+?):(?P<line>\d+)(?::\d+)?")


def line_to_look_at(place: PlaceFile | None, where: Where | None) -> tuple[str, int]:
    """Return file and line of what an answer is about; where an old record knows no file, the record itself."""
    if place is None:
        return RECORD.file_name, 1
    return place.file, place.line_of(_part(where))


def line_of_place(place: str) -> tuple[str, int]:
    """Take `file:line:column` apart, as expectations and rows of lists have it; without a number it is line 1."""
    found = _PLACE.fullmatch(place)
    return (found["file"], int(found["line"])) if found else (place, 1)


def _part(where: Where | None) -> str:
    """Return the part of a site file that an answer is about: whom it spoke to, or the settings that were handed in."""
    if where is not None and where.document:
        return "entra.federation"
    if where is None or where.step is None:
        return "idp"
    return "idp.mex_url" if where.step is Step.MEX else _PARTIES[where.step].value
