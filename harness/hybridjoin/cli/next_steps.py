"""What to type next, at the end of a command: whole command lines, each of which runs as it is printed.

They run in any folder and from any installation, so they name shipped scenarios as `shipped:…` and a report by the
path at which it was written. A test runs every one of them from an empty folder.
"""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Final

from hybridjoin.cli.output import say
from hybridjoin.knowledge.standing import CLAIM_OF
from hybridjoin.knowledge.unnoticed import unnoticed
from hybridjoin.model.record import JoinRecord, RunRecord
from hybridjoin.model.verdict import Outcome
from hybridjoin.protocol.windows import UNKNOWN

_TITLE: Final = "next:   "
_QUIET: Final = frozenset({Outcome.PASSED, Outcome.SKIPPED})


def tell_next(*commands: tuple[str, ...], err: bool = False) -> None:
    """Print command lines, one to a line, the first behind the title; nothing where there is none."""
    for number, arguments in enumerate(commands):
        lead = _TITLE if number == 0 else " " * len(_TITLE)
        say(lead + shlex.join(("hybridjoin", *arguments)), err=err)


def after_run(record: RunRecord, written: Path | None) -> tuple[tuple[str, ...], ...]:
    """Return what explains a run that did not come out as wanted; nothing after one that did."""
    wrong = any(item.outcome not in _QUIET for item in record.scenarios)
    unforgiven = record.certification is not None and record.certification.unforgiven
    return (("explain", str(written)),) if written is not None and (wrong or unforgiven) else ()


def after_join(join: JoinRecord) -> tuple[tuple[str, ...], ...]:
    """Return what explains the code nearest to a failure, or the claims that a join hides."""
    if join.failure is not None:
        known = [code.code for code in join.failure.codes if code.code != str(UNKNOWN)]
        return (("explain", known[0]),) if known else ()
    hidden = {item.row.name for item in unnoticed(join)}
    broken = (item.requirement for item in join.verdicts if item.outcome is Outcome.FAILED)
    names = [name for name in broken if CLAIM_OF.get(name) in hidden]
    return (("explain", *names),) if names else ()
