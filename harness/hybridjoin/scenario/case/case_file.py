"""`case.yaml`: its schema, how a case is written as one, and how one is read back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Literal

import yaml
from pydantic import Field

from hybridjoin.intake.case.case import CustomerCase
from hybridjoin.intake.files.fact import Fact
from hybridjoin.intake.files.part import PartKind, RawPart
from hybridjoin.scenario.yaml.dumper import CoreDumper
from hybridjoin.scenario.yaml.fields import Line, Strict
from hybridjoin.scenario.yaml.source import MAX_BYTES, load_yaml
from hybridjoin.scenario.yaml.validate import validate

FILE_NAME: Final = "case.yaml"
MARK: Final = "# hybridjoin case 1"
"""How a case file begins; by it a folder is known to be one of ours."""

LIMIT_WRITTEN: Final = 900_000
"""Octets of a case file, so that it can be read back; facts beyond it are left out, the least telling first."""
_LIMIT_FACTS: Final = 4_000
_LIMIT_ROWS: Final = 300
"""How many files, conclusions and so on are written, the most telling first."""
_LIMIT_CONTRADICTIONS: Final = 50
_SIDES: Final = 10
_SIDE: Final = 200
# What is told last, and left out first.
_LEAST: Final = {"field": 1, "event": 2, "http": 2, "mex": 2}
_LEAST_NAMES: Final = {"attempt.log": 1}

CertaintyName = Literal["documented", "observed", "assumed"]
StrengthName = Literal["proves", "suggests"]


class CaseFileModel(Strict):
    """A file that came in."""

    name: Line = Field(description="Its name; of a member, the archive's and its own behind `!`.")
    formats: list[str] = Field(default_factory=list, description="What was recognised in it, by its content.")
    facts: int = Field(default=0, description="How many facts it has.")
    lines: int = Field(default=0, description="How many lines it has.")
    bytes: int = Field(default=0, description="How many octets were read.")
    sha256: str = Field(default="", description="The digest of those octets.")
    note: str = Field(default="", description="Why nothing came of it, where nothing did.")


class CaseFactModel(Strict):
    """One thing that one line of one file says."""

    fact: Line = Field(description="What it is about, and its name, as `tenant.id`.")
    value: str = Field(description="The value, with secrets masked.")
    at: Line = Field(description="Where it stands, as `file:line`.")
    of: str = Field(default="", description="Which attempt, object, domain or section it belongs to.")
    witness: StrengthName = Field(default="proves", description="What such a line is good for.")
    rule: CertaintyName = Field(description="How well it is known that the line means this.")
    source: Line = Field(description="Where that is known from.")
    times: int = Field(default=1, description="How often it stands in that file.")


class CaseConclusionModel(Strict):
    """An answer that facts prove together."""

    question: Line = Field(description="`road`, `phase`, `codes` or `last failed attempt`.")
    answer: Line = Field(description="The answer; a road is undecided where no witness tells it.")
    of: str = Field(default="", description="Which attempt it is about.")
    because: list[str] = Field(default_factory=list, description="The lines that it rests on.")
    witness: StrengthName = Field(default="proves", description="What those lines are good for.")
    times: int = Field(default=1, description="How many attempts without a screen came to the same.")
    rule: CertaintyName = Field(description="How well the rule is known.")
    source: Line = Field(description="Where it is known from.")


class CaseRemarkModel(Strict):
    """A sentence on what misleads, or whom the evidence does not accuse."""

    id: Line = Field(description="Its name.")
    sentence: Line = Field(description="The sentence.")
    because: list[str] = Field(default_factory=list, description="The lines that it rests on.")
    rule: CertaintyName = Field(description="How well the rule is known.")
    source: Line = Field(description="Where it is known from.")


class CaseValueModel(Strict):
    """One side of a contradiction."""

    value: str = Field(description="What it says.")
    at: Line = Field(description="Where, as `file:line`.")


class CaseContradictionModel(Strict):
    """Values that exclude each other."""

    about: Line = Field(description="The fact, as `tenant.id`.")
    of: str = Field(default="", description="Which object, domain or attempt it is about.")
    values: list[CaseValueModel] = Field(description="The values, side by side; none is preferred.")
    mixed: bool = Field(default=False, description="Whether it looks as if two customers' files were mixed.")


class CaseWantedModel(Strict):
    """Something to ask the customer for."""

    id: Line = Field(description="Its name.")
    what: Line = Field(description="What it is.")
    command: Line = Field(description="The command that yields it.")
    decides: Line = Field(description="What it decides.")


class CasePartModel(Strict):
    """A message of the wire, or a screen of dsregcmd /join /debug, kept beside this file."""

    kind: Literal["mex", "token", "fault", "request", "screen"] = Field(description="What it is.")
    file: Line = Field(description="Where it is kept, below this folder; secrets in it are masked.")
    at: Line = Field(description="Where it was found, as `file:line`.")


class CaseModel(Strict):
    """A case, as `hybridjoin import` writes it."""

    version: Literal[1] = Field(description="The version of this format.")
    tool: Line = Field(description="What wrote it.")
    files: list[CaseFileModel] = Field(description="The files that came in.")
    conclusions: list[CaseConclusionModel] = Field(default_factory=list, description="What the facts prove together.")
    remarks: list[CaseRemarkModel] = Field(default_factory=list, description="What a practised eye would say.")
    contradictions: list[CaseContradictionModel] = Field(
        default_factory=list, description="What cannot all be true, side by side."
    )
    missing: list[CaseWantedModel] = Field(default_factory=list, description="The shortest list of what to ask for.")
    parts: list[CasePartModel] = Field(default_factory=list, description="Messages and screens that were found.")
    not_read: list[str] = Field(default_factory=list, description="What could not be read, and why.")
    left_out: int = Field(default=0, description="How many facts and other rows found no room in this file.")
    facts: list[CaseFactModel] = Field(description="Every fact, with its line and how sure it is.")


def load_case(path: Path) -> CaseModel:
    """Read a case file.

    Raises:
        UsageError: it cannot be read, or has mistakes; every one is told at its place.
    """
    data, positions = load_yaml(path)
    return validate(CaseModel, data, positions)


def part_name(part: RawPart, number: int) -> str:
    """Name the file that a message or screen is kept in, below the case's folder."""
    return f"parts/{number}-{part.kind}.{'txt' if part.kind is PartKind.SCREEN else 'xml'}"


def kept_parts(case: CustomerCase) -> tuple[RawPart, ...]:
    """Return the messages and screens that a case file names: no more than people look at."""
    return case.parts[:_LIMIT_ROWS]


def case_body(case: CustomerCase, *, tool: str) -> bytes:
    """Write a case file; where not every fact has room, the least telling are left out, and counted."""
    ordered = sorted(case.facts, key=_weight)
    keep = min(len(ordered), _LIMIT_FACTS)
    fitting = _fitting(case)
    dropped = _rows(case) - _rows(fitting)
    while True:
        body = _dump(fitting, ordered[:keep], tool, left_out=case.left_out + dropped + len(ordered) - keep)
        if len(body) <= min(LIMIT_WRITTEN, MAX_BYTES) or not keep:
            return body
        keep = keep * 2 // 3


def _fitting(case: CustomerCase) -> CustomerCase:
    """Return a case with no more rows of a kind than people read; files of which something came go first."""
    files = sorted(case.files, key=lambda item: not item.facts) if len(case.files) > _LIMIT_ROWS else case.files
    return replace(
        case,
        files=tuple(files[:_LIMIT_ROWS]),
        conclusions=case.conclusions[:_LIMIT_ROWS],
        contradictions=case.contradictions[:_LIMIT_CONTRADICTIONS],
        parts=kept_parts(case),
        mistakes=case.mistakes[:_LIMIT_ROWS],
    )


def _rows(case: CustomerCase) -> int:
    """Count what `_fitting` may leave out."""
    return sum(map(len, (case.files, case.conclusions, case.contradictions, case.parts, case.mistakes)))


def _weight(fact: Fact) -> int:
    return _LEAST_NAMES.get(fact.key, _LEAST.get(fact.about, 0))


def _dump(case: CustomerCase, facts: Iterable[Fact], tool: str, *, left_out: int) -> bytes:
    model = CaseModel.model_validate(_data(case, facts, tool, left_out))
    data = model.model_dump(exclude_defaults=True)
    text = yaml.dump(data, Dumper=CoreDumper, sort_keys=False, allow_unicode=True, width=110)
    return f"{MARK}\n{text}".encode()


def _data(case: CustomerCase, facts: Iterable[Fact], tool: str, left_out: int) -> dict[str, Any]:
    return {
        "version": 1,
        "tool": tool,
        "files": [
            {"name": item.name, "formats": list(item.formats), "facts": item.facts, "lines": item.lines,
             "bytes": item.size, "sha256": item.digest, "note": _printable(item.note)}
            for item in case.files
        ],
        "conclusions": [
            {"question": item.question, "answer": str(item.answer), "of": item.of, "because": _places(item.because),
             "witness": item.strength.value, "times": item.times, "rule": item.basis.certainty.value,
             "source": item.basis.source}
            for item in case.conclusions
        ],
        "remarks": [
            {"id": item.id, "sentence": item.sentence, "because": _places(item.because),
             "rule": item.basis.certainty.value, "source": item.basis.source}
            for item in case.remarks
        ],
        "contradictions": [
            {"about": item.key, "of": item.of, "mixed": item.mixed,
             "values": [{"value": _printable(fact.value[:_SIDE]), "at": fact.place} for fact in item.facts[:_SIDES]]}
            for item in case.contradictions
        ],
        "missing": [
            {"id": item.id, "what": item.what, "command": item.command, "decides": item.decides}
            for item in case.wanted
        ],
        "parts": [
            {"kind": item.kind.value, "file": part_name(item, number), "at": item.place}
            for number, item in enumerate(case.parts, start=1)
        ],
        "not_read": [_printable(str(item)) for item in case.mistakes],
        "left_out": left_out,
        "facts": [_fact(fact) for fact in facts],
    }  # fmt: skip


def _fact(fact: Fact) -> dict[str, Any]:
    return {
        "fact": fact.key,
        "value": _printable(fact.value),
        "at": fact.place,
        "of": _printable(fact.of),
        "witness": fact.strength.value,
        "rule": fact.basis.certainty.value,
        "source": fact.basis.source,
        "times": fact.times,
    }


def _places(facts: Iterable[Fact]) -> list[str]:
    return list(dict.fromkeys(fact.place for fact in facts))[:12]


def _printable(text: str) -> str:
    """Write what YAML has no letter for as a replacement character."""
    return "".join(c if c.isprintable() or c in "\n\t" else "\ufffd" for c in text)
