"""The files that follow from a case: lab, scenario and site. Each bears its digest, by which an edited one is known."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from hybridjoin.intake.case.case import CustomerCase
from hybridjoin.intake.case.screens import screens_of
from hybridjoin.intake.case.view import FactView
from hybridjoin.knowledge.suspect import Standing, Suspect
from hybridjoin.knowledge.suspects import suspects
from hybridjoin.model.hiding import hide_octets
from hybridjoin.scenario.case.lab_of_case import lab_body
from hybridjoin.scenario.case.scenario_of_case import LAB_NAME, SCENARIO_NAME, ProvenChange, scenario_body
from hybridjoin.scenario.case.site_of_case import CERTIFICATE_NAME, SITE_NAME, site_of_case

NAMES: Final = (LAB_NAME, SCENARIO_NAME, SITE_NAME, CERTIFICATE_NAME)
"""All that there may be, in the order in which it is told."""
_MARK: Final = re.compile(rb"# hybridjoin import wrote this, and keeps it once it is edited: ([0-9a-f]{64})\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedFiles:
    """The suspects of a case, and its further files by name; `to_fill_in` is what somebody has to put into the site.

    `no_site` says what is missing for a site file, where there is none.
    """

    suspects: tuple[Suspect, ...]
    bodies: Mapping[str, bytes] = field(repr=False)
    to_fill_in: tuple[str, ...] = ()
    no_site: tuple[str, ...] = ()


def derived_files(case: CustomerCase) -> DerivedFiles:
    """Write down what follows from a case."""
    view = FactView(case.facts, screens_of(case.facts, case.parts))
    found = tuple(suspects(view, case.symptom)) if case.symptom is not None else ()
    proven = [
        ProvenChange(change=item.change, sentence=item.sentence, because=item.because)
        for item in found
        if item.standing is Standing.PROVEN
    ]
    site = site_of_case(view)
    bodies = {LAB_NAME: lab_body(view), SCENARIO_NAME: scenario_body(view, case.symptom, proven), **site.files}
    return DerivedFiles(
        suspects=found,
        bodies={name: _marked(hide_octets(body)) for name, body in bodies.items()},
        to_fill_in=site.missing if site.files else (),
        no_site=() if site.files else site.missing,
    )


def _marked(body: bytes) -> bytes:
    digest = hashlib.sha256(body).hexdigest()
    return b"# hybridjoin import wrote this, and keeps it once it is edited: " + digest.encode() + b"\n" + body


def is_edited(path: Path) -> bool:
    """Tell whether a file is there that is not as an import wrote it.

    Raises:
        OSError: it cannot be read.
    """
    if not path.exists() and not path.is_symlink():
        return False
    if path.is_symlink() or not path.is_file():
        return True
    body = path.read_bytes()
    mark = _MARK.match(body)
    return mark is None or hashlib.sha256(body[mark.end() :]).hexdigest().encode() != mark[1]
