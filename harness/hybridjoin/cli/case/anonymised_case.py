"""`--anonymise`: the case under other names, proven to come to the same and to hold no real one."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from dataclasses import replace

from hybridjoin import __version__
from hybridjoin.bundle.anonymise_case import CaseRenamer, masked, renamed_reading
from hybridjoin.bundle.case_names import names_of_case
from hybridjoin.bundle.names_left import demand_no_name
from hybridjoin.bundle.pseudonyms import Pseudonyms
from hybridjoin.cli.case.derived_files import derived_files
from hybridjoin.cli.case.import_screen import case_json
from hybridjoin.cli.case.judged_parts import JudgedPart, judged_parts
from hybridjoin.errors import Mistake, UsageError
from hybridjoin.intake.case.build import case_of
from hybridjoin.intake.case.case import CustomerCase
from hybridjoin.intake.case.lab_names import EVERYDAY_DOMAIN
from hybridjoin.intake.files.masked_part import masked_body
from hybridjoin.scenario.case.case_file import FILE_NAME, case_body, part_name


def anonymised_case(case: CustomerCase) -> CustomerCase:
    """Return the case under other names; the key of the names is thrown away.

    Raises:
        UsageError: it would come to something else.
        NameWouldLeave: a real name would still stand in it.
    """
    names = names_of_case(case)
    renamer = CaseRenamer(names, Pseudonyms(key=secrets.token_bytes(32)))
    renamed_reading(case, renamer)  # a certificate's digest may stand before it
    done = case_of(renamed_reading(case, renamer))
    before, after = _outcomes(masked(case)), _outcomes(done)
    if before != after:
        differing = next(item for pair in zip(before, after, strict=False) if pair[0] != pair[1] for item in pair)
        problem = f"under other names the case comes to something else: {differing}"
        raise UsageError(
            Mistake(place="--anonymise", problem=problem, hint="leave it out, and send the case to nobody")
        )
    demand_no_name("the case", _leaving(done), names)
    # What the evidence does not tell, the lab's files call by the lab's own names, whoever else has those.
    strange = frozenset(name for name in names.domains if not f".{name}".endswith(f".{EVERYDAY_DOMAIN}"))
    demand_no_name("the case", derived_files(done).bodies.items(), replace(names, domains=strange))
    return done


def _leaving(case: CustomerCase) -> Iterator[tuple[str, bytes]]:
    """Yield all that would be written, and all that would be shown."""
    yield FILE_NAME, case_body(case, tool=f"hybridjoin {__version__}")
    for number, part in enumerate(case.parts, start=1):
        yield part_name(part, number), masked_body(part)
    shown = json.dumps(case_json(case, judged_parts(case)), ensure_ascii=False)
    yield "the screen", shown.encode()


def _outcomes(case: CustomerCase) -> list[str]:
    """Return what a case comes to, without a word that names anybody."""
    told = [f"{item.question}: {item.answer}, {item.times} times" for item in case.conclusions]
    told += [f"remark {item.id}, {len(item.because)} facts" for item in case.remarks]
    told += [f"asked for: {item.id}" for item in case.wanted]
    told += [f"contradiction: {item.key}, {len(item.facts)} sides, {item.mixed}" for item in case.contradictions]
    told += [f"{len(case.facts)} facts, {len(case.parts)} messages, {len(case.mistakes)} mistakes"]
    for number, part in enumerate(judged_parts(case), start=1):
        told += list(_verdicts(number, part))
    return told


def _verdicts(number: int, part: JudgedPart) -> Iterator[str]:
    for item in part.findings:
        yield f"message {number}, {item.requirement}: {item.outcome}"
