"""A run from wherever it was kept: a record, a report's directory, or an evidence package."""

from __future__ import annotations

from pathlib import Path

from hybridjoin.bundle.differing import finding_text
from hybridjoin.bundle.recognise import looks_like_package, read_package
from hybridjoin.bundle.verify import verify
from hybridjoin.errors import Mistake, UsageError
from hybridjoin.given import is_folder
from hybridjoin.model.record import RunRecord
from hybridjoin.report.json_report import decode_record, read_record


def load_run(path: Path) -> RunRecord:
    """Read a run, of a folder of runs the latest; a package is verified first.

    Raises:
        UsageError: it cannot be used; what is wrong is told.
    """
    if is_folder(path):
        return read_record(path)
    body = read_package(path)
    if not looks_like_package(body) and not body.startswith(b"PK"):
        return decode_record(body, place=str(path))
    done = verify(body, place=str(path))
    if done.record is None or not done.holds:
        problems = "; ".join(finding_text(item) for item in done.findings[:3])
        hint = f"hybridjoin verify {path} says more"
        raise UsageError(Mistake(place=str(path), problem=f"the package is not what was signed: {problems}", hint=hint))
    return done.record
