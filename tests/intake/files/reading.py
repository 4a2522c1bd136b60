"""Reads texts and octets as files that somebody sent."""

from __future__ import annotations

import io

from hybridjoin.intake.case.build import case_of
from hybridjoin.intake.case.case import CustomerCase
from hybridjoin.intake.files.reading import EvidenceReading


def case_from(**files: str | bytes) -> CustomerCase:
    """Return the case of some files; an underscore in a name stands for a dot."""
    reading = EvidenceReading()
    for name, content in files.items():
        octets = content.encode() if isinstance(content, str) else content
        reading.read(name.replace("_", "."), io.BytesIO(octets))
    return case_of(reading)


def values(case: CustomerCase, key: str) -> list[str]:
    """Return the values of a fact, each once, in the order in which they came."""
    return list(dict.fromkeys(fact.value for fact in case.facts if fact.key == key))


def answers(case: CustomerCase, question: str) -> list[str]:
    """Return what was concluded of a question, attempt by attempt."""
    return [str(item.answer) for item in case.conclusions if item.question == question]


def remark_ids(case: CustomerCase) -> set[str]:
    """Return the names of the remarks."""
    return {item.id for item in case.remarks}


def line_of(text: str, part: str) -> int:
    """Return the number of the first line that holds something."""
    return next(number for number, line in enumerate(text.split("\n"), start=1) if part in line)
