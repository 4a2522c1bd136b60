"""Puts together what was read: everything that follows from the facts."""

from __future__ import annotations

from hybridjoin.intake.case.case import CustomerCase
from hybridjoin.intake.case.conclusions import conclusions
from hybridjoin.intake.case.contradictions import contradictions
from hybridjoin.intake.case.missing import wanted
from hybridjoin.intake.case.remarks import remarks
from hybridjoin.intake.case.screens import screens_of
from hybridjoin.intake.case.symptom import symptom_of
from hybridjoin.intake.case.view import FactView
from hybridjoin.intake.files.reading import EvidenceReading


def case_of(reading: EvidenceReading) -> CustomerCase:
    """Put together what was read."""
    reading.facts.hide()
    parts = (*reading.screens, *reading.parts)
    view = FactView(reading.facts, screens_of(reading.facts, parts))
    concluded = tuple(conclusions(view))
    return CustomerCase(
        files=tuple(reading.files),
        facts=view.all,
        conclusions=concluded,
        remarks=tuple(remarks(view, concluded)),
        contradictions=tuple(contradictions(view)),
        wanted=tuple(wanted(view, concluded)),
        symptom=symptom_of(view, concluded),
        parts=parts,
        mistakes=tuple(reading.mistakes),
        left_out=reading.facts.left_out,
    )
